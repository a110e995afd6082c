package openapi

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

var china = time.FixedZone("UTC+8", 8*60*60)

func TestMockOrders(t *testing.T) {
	want := map[string]string{
		"MOCKPERIODYEARNEW": "NEW PERIOD year 20270115235959", "MOCKONETIMENEW": "NEW ONE_TIME  ", "MOCKONDEMAND": "NEW ON_DEMAND  ",
		"MOCKONDEMANDPKG": "NEW ON_DEMAND_PKG  ", "MOCKPERIODDAYTRIAL": "TRIAL PERIOD day 20260116235959",
		"MOCKMONTYTRIALTOFORMAL": "TRIAL_TO_FORMAL PERIOD month 20260215235959", "MOCKMONTYUNSUBSCRIBE": "UNSUBSCRIBE PERIOD month 20260215235959",
		"MOCKMONTYRENEW": "RENEW PERIOD month 20260215235959", "MOCKMONTYCHANGE": "CHANGE PERIOD month 20260215235959",
	}
	if len(MockOrders()) != 9 {
		t.Error(MockOrders())
	}
	for _, id := range MockOrders() {
		o, ok := MockOrder(id, instant, china)
		l := o.OrderLine[0]
		got := strings.Join([]string{o.OrderType, l.ChargingMode, l.PeriodType, l.ExpireTime}, " ")
		if !ok || !IsMock(id) || got != want[id] || o.OrderID != id || l.OrderLineID != id+"-000001" || o.CreateTime != "20260115163000" {
			t.Errorf("%s: %q, want %q; %+v", id, got, want[id], o)
		}
	}
	if _, ok := MockOrder("MOCKOTHER", instant, china); ok {
		t.Error("an unknown number has an order")
	}
	o, _ := MockOrder("MOCKMONTYRENEW", time.Date(2026, 1, 31, 12, 0, 0, 0, china), china)
	equal(t, "end of a short month", o.OrderLine[0].ExpireTime, "20260228235959")
}

// The order of members and their types are part of the contract.
func TestOrderAnswerBytes(t *testing.T) {
	o, _ := MockOrder("MOCKPERIODYEARNEW", instant, china)
	equal(t, "answer", string(Encode(OrderAnswer{ResultCode: Success.Code, ResultMsg: Success.Meaning, OrderInfo: &o})),
		`{"resultCode":"MKT.0000","resultMsg":"Success","orderInfo":{"orderId":"MOCKPERIODYEARNEW","orderType":"NEW","createTime":"20260115163000",`+
			`"orderLine":[{"orderLineId":"MOCKPERIODYEARNEW-000001","chargingMode":"PERIOD","expireTime":"20270115235959","periodType":"year","periodNumber":1,`+
			`"productInfo":[{"productId":"OFFI0000000000000001","skuCode":"00000000-0000-4000-8000-000000000001","linearValue":50,`+
			`"productName":"Debug product,Standard,00000000-0000-4000-8000-000000000001,PERIOD"}],`+
			`"extendParams":[{"name":"emailDomainName","value":"test.example.com"},{"name":"ip","value":"192.0.2.1"}],"currency":"100","currencyAfterDiscount":"100"}],`+
			`"buyerInfo":{"customerId":"00000000000000000000000000000001","customerName":"debug_customer","customerRealName":"Debug Customer","customerType":0,`+
			`"mobilePhone":"13800000000","email":null,"userId":null,"userName":null},"extendParams":[]}}`)
	equal(t, "failure", string(Encode(OrderAnswer{ResultCode: "MKT.0101", ResultMsg: "<&>"})), `{"resultCode":"MKT.0101","resultMsg":"<&>"}`)
	var back OrderAnswer
	if err := json.Unmarshal([]byte(`{"resultCode":"MKT.0000","orderInfo":{"orderId":"x","new":[1]},"later":true}`), &back); err != nil || back.OrderInfo.OrderID != "x" {
		t.Error("unknown members:", err)
	}
}
