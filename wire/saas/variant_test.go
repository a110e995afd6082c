package saas

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestLowerHex(t *testing.T) {
	r := NewInstanceV2{OrderID: "CS2201010000ABCDE", OrderLineID: "CS2201010000ABCDE-000001", BusinessID: "b"}
	upper, err := BuildV2(address, k2, instant, n1, r)
	if err != nil {
		t.Fatal(err)
	}
	lower, err := BuildV2As(Variant{LowerHex: true}, address, k2, instant, n1, r)
	if err != nil {
		t.Fatal(err)
	}
	q, err := ParseQuery(lower.URL[strings.Index(lower.URL, "?")+1:])
	if err != nil {
		t.Fatal(err)
	}
	if s := q[ParamSignature]; s != strings.ToLower(s) || !strings.Contains(upper.URL, strings.ToUpper(s)) || string(upper.Body) != string(lower.Body) {
		t.Errorf("%s\n%s", upper.URL, lower.URL)
	}
	if err := VerifyV2(k2, q, lower.Body, instant); err != nil {
		t.Error(err)
	}
}

func TestProductInfoAsObject(t *testing.T) {
	v := Variant{ProductInfoObject: true}
	body := func(info string) string {
		c, err := BuildV2As(v, address, k2, instant, n1, ChangeInstanceCheckV2{InstanceID: "i", ProductInfo: info})
		if err != nil {
			t.Fatal(err)
		}
		q, _ := ParseQuery(c.URL[strings.Index(c.URL, "?")+1:])
		if err := VerifyV2(k2, q, c.Body, instant); err != nil {
			t.Error(err)
		}
		return string(c.Body)
	}
	for info, want := range map[string]string{
		EncodeProductInfo(ProductInfo{LinearValue: 50, ProductID: "OFFI1", SKUCode: "s<&>云"}): `{"linearValue":50,"productId":"OFFI1","skuCode":"s<&>云"}`,
		`{ "skuCode":"s", "productId" : "p" }`:                                                `{"productId":"p","skuCode":"s"}`,
		`no object`:                                                                           `"no object"`,
		`[1]`:                                                                                 `"[1]"`,
		`{"a":1} x`:                                                                           `"{\"a\":1} x"`,
	} {
		got := body(info)
		if got != `{"activity":"changeInstanceCheck","instanceId":"i","productInfo":`+want+`}` {
			t.Errorf("%s: %s", info, got)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s is no JSON", got)
		}
	}
	p, err := ParseBody([]byte(body(EncodeProductInfo(ProductInfo{LinearValue: 50, ProductID: "OFFI1", SKUCode: "s"}))))
	if err != nil {
		t.Fatal(err)
	}
	if info, err := DecodeProductInfo(p["productInfo"]); err != nil || info != (ProductInfo{LinearValue: 50, ProductID: "OFFI1", SKUCode: "s"}) {
		t.Errorf("read back: %+v, %v", info, err)
	}
	// Only this call has the member: the name in another one is a text like all others.
	c, err := BuildV2As(v, address, k2, instant, n1, Params{ParamActivity: "newInstance", "productInfo": "{}"})
	if err != nil || string(c.Body) != `{"activity":"newInstance","productInfo":"{}"}` {
		t.Errorf("%s, %v", c.Body, err)
	}
}

func TestSuppress(t *testing.T) {
	names := Suppressible()
	if !slices.IsSorted(names) || !slices.Contains(names, "skuCode") || !slices.Contains(names, "testFlag") || slices.Contains(names, "instanceStatus") ||
		slices.Contains(names, "customerName") || slices.Contains(names, "orderId") {
		t.Errorf("suppressible: %v", names)
	}
	sent := func(r V1Request, suppress ...string) Params {
		t.Helper()
		c, err := BuildV1As(Variant{Suppress: suppress}, address, k1, instant, r)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ParseQuery(c.URL[strings.Index(c.URL, "?")+1:])
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyV1(k1, p); err != nil {
			t.Errorf("the token does not cover what was sent: %v", err)
		}
		if err := CheckParams(V1, p); err != nil {
			t.Errorf("a mandatory parameter is missing: %v", err)
		}
		return p
	}
	// The fixed list that a server in use signs over (saas.md §12).
	known := []string{"activity", "authToken", "businessId", "chargingMode", "customerId", "customerName", "expireTime", "orderId", "periodNumber", "periodType",
		"productId", "provisionType", "saasExtendParams", "testFlag", "timeStamp", "userId", "userName"}
	purchase := NewInstanceV1{CustomerID: "c", CustomerName: "n", BusinessID: "b", OrderID: "o", SKUCode: "s", ProductID: "p", ExpireTime: "20271231235959",
		ChargingMode: Period, PeriodType: PeriodYear, PeriodNumber: 1, OrderAmount: "1.00"}
	for _, n := range sent(purchase, "skuCode", "trialFlag", "orderAmount").Names() {
		if !slices.Contains(known, n) {
			t.Errorf("%s is sent to a server that does not know it", n)
		}
	}
	if p := sent(UpgradeV1{InstanceID: "i", OrderID: "o", SKUCode: "s", ProductID: "p", Amount: 2}, "skuCode", "productId", "amount"); p["skuCode"] != "s" || p["productId"] != "p" || p["amount"] != "" {
		t.Errorf("upgrade demands them: %v", p)
	}
	if p := sent(purchase, "testFlag"); p["testFlag"] != "" {
		t.Errorf("testFlag of a real call: %v", p)
	}
	purchase.Test = true
	if p := sent(purchase, "testFlag"); p["testFlag"] != "1" {
		t.Errorf("a debug call looks like a purchase: %v", p)
	}
	if p := sent(purchase, Suppressible()...); p["orderId"] != "o" || p["timeStamp"] == "" || p["customerName"] != "n" {
		t.Errorf("%v", p)
	}
	// What the address has in its own query string is not ours to leave out.
	c, err := BuildV1As(Variant{Suppress: []string{"email"}}, address+"?email=x", k1, instant, purchase)
	if err != nil || !strings.Contains(c.URL, "email=x") {
		t.Errorf("%s, %v", c.URL, err)
	}
	if _, err := BuildV1As(Variant{}, address+"?orderId=x", k1, instant, purchase); !errors.Is(err, ErrAddress) {
		t.Errorf("collision: %v", err)
	}
}
