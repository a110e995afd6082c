package openapi

import (
	"bytes"
	"encoding/json"
	"time"
)

// PathOrderQuery is the order query (查询订单); its parameters are orderId and orderLineId.
const PathOrderQuery = "/api/mkp-openapi-public/global/v1/order/query"

// MaxOrderID bounds orderId and orderLineId, in characters.
const MaxOrderID = 64

// OrderAnswer is the answer of the order query, the envelope E1.
type OrderAnswer struct {
	ResultCode string     `json:"resultCode"`
	ResultMsg  string     `json:"resultMsg"`
	OrderInfo  *OrderInfo `json:"orderInfo,omitempty"`
}

// Values of OrderInfo.OrderType.
const (
	OrderNew           = "NEW"
	OrderTrial         = "TRIAL"
	OrderTrialToFormal = "TRIAL_TO_FORMAL"
	OrderUnsubscribe   = "UNSUBSCRIBE"
	OrderRenew         = "RENEW"
	OrderChange        = "CHANGE"
)

// Values of OrderLine.ChargingMode.
const (
	ChargePeriod      = "PERIOD"
	ChargeOnce        = "ONE_TIME"
	ChargeOnDemand    = "ON_DEMAND"
	ChargeOnDemandPkg = "ON_DEMAND_PKG"
)

// OrderInfo is an order as its seller sees it (open-api.md §6). Times are in the platform's time zone.
type OrderInfo struct {
	OrderID      string        `json:"orderId"`
	OrderType    string        `json:"orderType"`
	CreateTime   string        `json:"createTime"` // yyyyMMddHHmmss, when it was placed
	OrderLine    []OrderLine   `json:"orderLine"`
	BuyerInfo    *BuyerInfo    `json:"buyerInfo,omitempty"`
	ExtendParams []ExtendParam `json:"extendParams"`
}

// OrderLine is one line of an order.
type OrderLine struct {
	OrderLineID           string        `json:"orderLineId"`
	ChargingMode          string        `json:"chargingMode"`
	ExpireTime            string        `json:"expireTime,omitempty"` // yyyyMMddHHmmss
	PeriodType            string        `json:"periodType,omitempty"` // year, month, day
	PeriodNumber          *int          `json:"periodNumber,omitempty"`
	ProductInfo           []ProductInfo `json:"productInfo,omitempty"`
	ExtendParams          []ExtendParam `json:"extendParams"`
	Currency              string        `json:"currency,omitempty"`              // an amount: before discount
	CurrencyAfterDiscount string        `json:"currencyAfterDiscount,omitempty"` // an amount: after discount
}

// ProductInfo says what a line sold. LinearValue is the quantity of a product that is sold by quantity.
type ProductInfo struct {
	ProductID   string `json:"productId"`
	SkuCode     string `json:"skuCode"`
	LinearValue *int   `json:"linearValue,omitempty"`
	ProductName string `json:"productName"` // product, specification, SKU and charging mode, joined by commas
}

// ExtendParam is a custom attribute with the value typed in at purchase.
type ExtendParam struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// BuyerInfo is who bought. The pointers are null unless the buyer agreed to pass them on.
type BuyerInfo struct {
	CustomerID       string  `json:"customerId"`
	CustomerName     string  `json:"customerName"`
	CustomerRealName string  `json:"customerRealName,omitempty"` // of accounts with a verified real name
	CustomerType     int     `json:"customerType"`               // 0 person, 1 enterprise
	MobilePhone      *string `json:"mobilePhone"`
	Email            *string `json:"email"`
	UserID           *string `json:"userId"`
	UserName         *string `json:"userName"`
}

// Encode writes an answer as it travels: no HTML escapes, no line end.
func Encode(answer any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(answer) // structs of texts and numbers always have a JSON form
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

const timeLayout = "20060102150405"

// FormatTime writes createTime and expireTime in the platform's zone; "" for the zero time.
func FormatTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(timeLayout)
}

// ParseTime reads createTime and expireTime.
func ParseTime(s string, zone *time.Location) (time.Time, error) {
	return time.ParseInLocation(timeLayout, s, zone)
}
