package saas

import "strings"

// NewInstanceV2 creates an instance (创建实例), saas.md §7.1; idempotent by (OrderID, OrderLineID). Buyer and product are
// read by the seller through the order query of the open API.
type NewInstanceV2 struct {
	OrderID     string `param:"orderId"`
	OrderLineID string `param:"orderLineId"` // 订单行, e.g. the order id + "-000001"
	BusinessID  string `param:"businessId"`  // different on every request, retries included
	Test        bool   `param:"testFlag"`
}

// V2Params implements V2Request.
func (r NewInstanceV2) V2Params() Params { return encode(NewInstance, r) }

// QueryInstanceV2 asks for access data and usage of up to MaxQueryInstances instances (查询实例信息), saas.md §7.2.
type QueryInstanceV2 struct {
	InstanceID string `param:"instanceId"` // one id, or several separated by commas
	Test       bool   `param:"testFlag"`
}

// V2Params implements V2Request.
func (r QueryInstanceV2) V2Params() Params { return encode(QueryInstance, r) }

// RefreshInstanceV2 gives an instance a new expiry (更新实例), saas.md §7.3; Scene tells why. For a cancelled renewal
// OrderID is that of the refund.
type RefreshInstanceV2 struct {
	Scene       string `param:"scene"`
	OrderID     string `param:"orderId"`
	OrderLineID string `param:"orderLineId"`
	InstanceID  string `param:"instanceId"`
	ProductID   string `param:"productId"`  // only if the period type changed
	ExpireTime  string `param:"expireTime"` // FormatExpireTime in UTC
	Test        bool   `param:"testFlag"`
}

// V2Params implements V2Request.
func (r RefreshInstanceV2) V2Params() Params { return encode(RefreshInstance, r) }

// UpdateInstanceStatusV2 freezes or thaws an instance (更新实例状态), saas.md §7.4. Status is StatusFreeze or
// StatusUnfreeze. A renewal of a frozen instance is two calls: refreshInstance, then this one.
type UpdateInstanceStatusV2 struct {
	InstanceID string `param:"instanceId"`
	Status     string `param:"status"`
	Test       bool   `param:"testFlag"`
}

// V2Params implements V2Request.
func (r UpdateInstanceStatusV2) V2Params() Params { return encode(UpdateInstanceStatus, r) }

// ReleaseInstanceV2 deletes an instance (释放实例), saas.md §7.5; idempotent by InstanceID. Order and line are those of
// the refund and absent when the retention period ended.
type ReleaseInstanceV2 struct {
	InstanceID  string `param:"instanceId"`
	OrderID     string `param:"orderId"`
	OrderLineID string `param:"orderLineId"`
	Test        bool   `param:"testFlag"`
}

// V2Params implements V2Request.
func (r ReleaseInstanceV2) V2Params() Params { return encode(ReleaseInstance, r) }

// UpgradeInstanceV2 changes specification or quantity (实例升级), saas.md §7.6. The target is read through the order query.
type UpgradeInstanceV2 struct {
	InstanceID  string `param:"instanceId"`
	OrderID     string `param:"orderId"` // the upgrade order
	OrderLineID string `param:"orderLineId"`
	Test        bool   `param:"testFlag"`
}

// V2Params implements V2Request.
func (r UpgradeInstanceV2) V2Params() Params { return encode(UpgradeInstance, r) }

// ChangeInstanceCheckV2 asks whether a renewal may change the specification (续费变更校验), saas.md §7.7. It changes
// nothing; the buyer waits for the answer.
type ChangeInstanceCheckV2 struct {
	InstanceID  string `param:"instanceId"`
	ProductInfo string `param:"productInfo"` // from EncodeProductInfo
	Test        bool   `param:"testFlag"`
}

// V2Params implements V2Request.
func (r ChangeInstanceCheckV2) V2Params() Params { return encode(ChangeInstanceCheck, r) }

// OrderNotice tells that an order line was paid or paid back (订单通知), open-api.md §11; idempotent by (OrderID,
// OrderLineID). What was ordered is read by the order query. testFlag always travels: "0" is a real order.
type OrderNotice struct {
	OrderID     string `param:"orderId"`
	OrderLineID string `param:"orderLineId"`
	Test        bool   `param:"testFlag,always"`
}

// V2Params implements V2Request.
func (r OrderNotice) V2Params() Params { return encode(OrderNotify, r) }

// ProductInfo is the target of a change upon renewal. LinearValue is the new total quantity, 0 when the product has none.
type ProductInfo struct {
	LinearValue int    `json:"linearValue,omitempty"`
	ProductID   string `json:"productId"`
	SKUCode     string `json:"skuCode"`
}

// EncodeProductInfo writes the JSON text that ChangeInstanceCheckV2 carries: as a string, like every V2 value.
func EncodeProductInfo(info ProductInfo) string {
	text, _ := compactJSON(info) // a struct of strings and a number always has a JSON form
	return string(text)
}

// DecodeProductInfo reads productInfo, whether it arrived as text or as an object.
func DecodeProductInfo(text string) (ProductInfo, error) {
	members, err := objectOf([]byte(text))
	if err != nil {
		return ProductInfo{}, &ParamError{Name: "productInfo", Fault: NotAValue}
	}
	info := ProductInfo{ProductID: members.text("productId"), SKUCode: members.text("skuCode")}
	if n := members.text("linearValue"); n != "" {
		if info.LinearValue, err = atoi(n); err != nil {
			return ProductInfo{}, &ParamError{Name: "productInfo.linearValue", Fault: NotANumber}
		}
	}
	return info, nil
}

// JoinInstanceIDs writes the comma list of queryInstance.
func JoinInstanceIDs(ids []string) string { return strings.Join(ids, ",") }

// SplitInstanceIDs reads the comma list of queryInstance; empty entries are dropped.
func SplitInstanceIDs(list string) []string {
	var ids []string
	for id := range strings.SplitSeq(list, ",") {
		if id = strings.TrimSpace(id); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}
