package saas

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestBuildV1KeepsAddressQuery(t *testing.T) {
	c, err := BuildV1("https://isv.example/p?tenant=%E4%BA%91+1&debug=", k1, instant, ExpireInstanceV1{InstanceID: "i", OrderID: "o"})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	if want := "activity=expireInstance&debug=&instanceId=i&orderId=o&tenant=%E4%BA%91%201&testFlag=0&timeStamp=20260102030405678&authToken="; !strings.HasPrefix(u.RawQuery, want) {
		t.Errorf("query %s", u.RawQuery)
	}
	p, err := ParseQuery(u.RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	if p["tenant"] != "云 1" || VerifyV1(k1, p) != nil {
		t.Errorf("not verified over all pairs: %v", p)
	}
	c, err = BuildV2("https://isv.example/p?tenant=1", k2, instant, n1, QueryInstanceV2{InstanceID: "i"})
	if err != nil || !strings.HasPrefix(c.URL, "https://isv.example/p?tenant=1&signature=") {
		t.Errorf("V2 address query: %s %v", c.URL, err)
	}
}

func TestBuildRefusesAddresses(t *testing.T) {
	for _, a := range []string{
		"", "isv.example/p", "ftp://isv.example/p", "https:///p", "https://u:p@isv.example/p", "https://isv.example/p#x",
		"https://isv.example/p?activity=x&signature=y", "https://isv.example/p?a=1&a=2&nonce=1", "https://isv.example/p?authToken=1&timestamp=2",
		"https://isv.example/p?x=%zz", "http://[::1",
	} {
		if _, err := BuildV1(a, k1, instant, QueryInstanceV1{InstanceID: "i"}); !errors.Is(err, ErrAddress) {
			t.Errorf("V1 %q: %v", a, err)
		}
		if _, err := BuildV2(a, k2, instant, n1, QueryInstanceV2{InstanceID: "i"}); !errors.Is(err, ErrAddress) {
			t.Errorf("V2 %q: %v", a, err)
		}
	}
}

func TestVerifyV1Negative(t *testing.T) {
	c, err := BuildV1(address, k1, instant, ExpireInstanceV1{InstanceID: "i", OrderID: "o"})
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(c.URL)
	good, _ := ParseQuery(u.RawQuery)
	for name, change := range map[string]func(Params){
		"no token":      func(p Params) { delete(p, ParamAuthToken) },
		"no time":       func(p Params) { delete(p, ParamTimeStamp) },
		"changed value": func(p Params) { p["orderId"] = "o2" },
		"added":         func(p Params) { p["x"] = "" },
		"removed":       func(p Params) { delete(p, "testFlag") },
		"decoded twice": func(p Params) { p[ParamAuthToken] = strings.ReplaceAll(p[ParamAuthToken]+"+", "+", " ") },
	} {
		p := Params{}
		for n, v := range good {
			p[n] = v
		}
		change(p)
		if err := VerifyV1(k1, p); err != ErrSignature {
			t.Errorf("%s: %v", name, err)
		}
	}
	if VerifyV1("", good) != ErrSignature {
		t.Error("an empty key verifies nothing")
	}
	if _, err := ParseQuery("a=1&a=2"); err == nil {
		t.Error("a name given twice must be refused")
	}
}

func TestVerifyV2Negative(t *testing.T) {
	body := []byte(`{"activity":"queryInstance","instanceId":"i"}`)
	good := func() Params {
		return Params{ParamSignature: SignV2(k2, n1, t1, body), ParamTimestamp: t1, ParamNonce: n1}
	}
	q := good()
	q[ParamSignature] = strings.ToLower(q[ParamSignature])
	if err := VerifyV2(k2, q, body, instant); err != nil {
		t.Errorf("lower case: %v", err)
	}
	for offset, want := range map[time.Duration]error{
		60 * time.Second: nil, 60*time.Second + time.Millisecond: ErrStale, -61 * time.Second: ErrStale, 0: nil,
	} {
		if err := VerifyV2(k2, good(), body, instant.Add(offset)); err != want {
			t.Errorf("after %v: %v", offset, err)
		}
	}
	seconds := "1767323045"
	q = Params{ParamSignature: SignV2(k2, n1, seconds, body), ParamTimestamp: seconds, ParamNonce: n1}
	if err := VerifyV2(k2, q, body, instant); err != nil {
		t.Errorf("seconds: %v", err)
	}
	for _, name := range []string{ParamSignature, ParamTimestamp, ParamNonce} {
		q := good()
		q[name] = "0" + q[name]
		if err := VerifyV2(k2, q, body, instant); err != ErrSignature {
			t.Errorf("changed %s: %v", name, err)
		}
		delete(q, name)
		if err := VerifyV2(k2, q, body, instant); err != ErrSignature {
			t.Errorf("without %s: %v", name, err)
		}
	}
	if err := VerifyV2(k2, good(), append(body, ' '), instant); err != ErrSignature {
		t.Errorf("one blank more: %v", err)
	}
	if VerifyV2("", good(), body, instant) != ErrSignature {
		t.Error("an empty key verifies nothing")
	}
}

// reserialise does what the widespread Java sample does before it checks a signature: string map, no nulls, sorted,
// written by a serialiser that escapes the quote, the backslash and control characters only.
func reserialise(t *rapid.T, body []byte) []byte {
	var m map[string]*string
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatalf("not a string map: %v", err)
	}
	names := make([]string, 0, len(m))
	for n, v := range m {
		if v != nil {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	var b bytes.Buffer
	quote := func(s string) {
		b.WriteByte('"')
		for _, r := range s {
			switch {
			case r == '"' || r == '\\':
				b.WriteByte('\\')
				b.WriteRune(r)
			case r < 0x20:
				t.Fatalf("control character %U reached the body", r)
			default:
				b.WriteRune(r)
			}
		}
		b.WriteByte('"')
	}
	b.WriteByte('{')
	for i, n := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		quote(n)
		b.WriteByte(':')
		quote(*m[n])
	}
	b.WriteByte('}')
	return b.Bytes()
}

func TestBodySurvivesReserialisation(t *testing.T) {
	value := rapid.OneOf(
		rapid.String(),
		rapid.StringOfN(rapid.SampledFrom([]rune("<>&\"\\/\b\f\n\r\t\x00\x7f\u0085\u2028\u2029云😀+=% é")), 0, 30, -1),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		p := Params(rapid.MapOf(rapid.StringMatching(`[A-Za-z][A-Za-z0-9]{0,20}`), value).Draw(t, "members"))
		c, err := BuildV2(address, k2, instant, n1, p)
		if err != nil {
			t.Fatal(err)
		}
		if again := reserialise(t, c.Body); !bytes.Equal(again, c.Body) {
			t.Fatalf("body  %s\nagain %s", c.Body, again)
		}
	})
}

func TestExtendParams(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune(`ab>~?云",:{\é😀 `)), 0, 12, -1)
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ExtendParam {
			return ExtendParam{text.Draw(t, "name"), text.Draw(t, "value")}
		}), 0, 3).Draw(t, "list")
		encoded, err := EncodeExtendParams(list)
		if err != nil {
			t.Fatal(err)
		}
		for _, received := range []string{encoded, strings.ReplaceAll(encoded, "+", " ")} {
			back, err := DecodeExtendParams(received)
			if err != nil || !slices.Equal(back, list) {
				t.Fatalf("%q: %v %v", received, back, err)
			}
		}
	})
	encoded, err := EncodeExtendParams([]ExtendParam{{"emailDomainName", "test.example.com"}, {"extendParamName", "A>B?云"}})
	if err != nil || strings.Contains(encoded, "+") {
		t.Errorf("the plus could be avoided: %s %v", encoded, err)
	}
}

func TestRequestsRoundTrip(t *testing.T) {
	v1 := []V1Request{
		vector13_1c(t), NewInstanceV1{OrderID: "o", ProvisionType: ProvisionAfterAcceptance, Trial: true, Amount: 3, DiskSize: 4, BandWidth: 5},
		QueryInstanceV1{InstanceID: "a,b"}, RefreshInstanceV1{OrderID: "o", InstanceID: "i", TrialToFormal: true, PeriodNumber: 2},
		ExpireInstanceV1{InstanceID: "i", OrderID: "o", Test: true}, ReleaseInstanceV1{InstanceID: "i", OrderID: "o", OrderAmount: "-1.00"},
		UpgradeV1{InstanceID: "i", OrderID: "o", SKUCode: "s", ProductID: "p", Amount: 20}, InstanceStatusV1{InstanceID: "i", Status: StatusNormal},
	}
	for _, r := range v1 {
		if back, err := ParseRequest(V1, r.V1Params()); err != nil || back != any(r) {
			t.Errorf("%#v came back as %#v, %v", r, back, err)
		}
	}
	v2 := []V2Request{
		NewInstanceV2{OrderID: "o", OrderLineID: "l", BusinessID: "b"}, QueryInstanceV2{InstanceID: "i"},
		RefreshInstanceV2{Scene: SceneRenewalChange, OrderID: "o", OrderLineID: "l", InstanceID: "i", ExpireTime: "20270101000000"},
		UpdateInstanceStatusV2{InstanceID: "i", Status: StatusUnfreeze}, ReleaseInstanceV2{InstanceID: "i", OrderID: "o", OrderLineID: "l"},
		UpgradeInstanceV2{InstanceID: "i", OrderID: "o", OrderLineID: "l", Test: true},
		ChangeInstanceCheckV2{InstanceID: "i", ProductInfo: EncodeProductInfo(ProductInfo{10, "p", "s"})},
	}
	for _, r := range v2 {
		p, err := ParseBody(CanonicalBody(r.V2Params()))
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckParams(V2, p); err != nil {
			t.Errorf("%#v: %v", r, err)
		}
		if back, err := ParseRequest(V2, p); err != nil || back != any(r) {
			t.Errorf("%#v came back as %#v, %v", r, back, err)
		}
	}
	for _, g := range []Generation{V1, V2} {
		for _, a := range Activities(g) {
			if Fields(g, a) == nil {
				t.Errorf("%s %s has no table", g, a)
			}
			if _, err := ParseRequest(g, Params{ParamActivity: string(a)}); err != nil {
				t.Errorf("%s %s: %v", g, a, err)
			}
		}
	}
}

func TestCheckParams(t *testing.T) {
	good := vector13_1c(t).V1Params()
	if err := CheckParams(V1, good); err != nil {
		t.Fatal(err)
	}
	many := strings.Repeat("i,", MaxQueryInstances+1)
	for _, c := range []struct {
		p    Params
		name string
		want Fault
	}{
		{Params{ParamActivity: "upgradeInstance"}, ParamActivity, Undefined},
		{Params{ParamActivity: "expireInstance", "orderId": "o"}, "instanceId", Missing},
		{Params{ParamActivity: "expireInstance", "orderId": strings.Repeat("云", 65), "instanceId": "i"}, "orderId", TooLong},
		{Params{ParamActivity: "instanceStatus", "instanceId": "i", "instanceStatus": "UNFREEZE"}, "instanceStatus", NotAValue},
		{Params{ParamActivity: "upgrade", "instanceId": "i", "orderId": "o", "skuCode": "s", "productId": "p", "amount": "1.5"}, "amount", NotANumber},
		{Params{ParamActivity: "queryInstance", "instanceId": " , "}, "instanceId", Missing},
		{Params{ParamActivity: "queryInstance", "instanceId": many}, "instanceId", TooLong},
	} {
		var e *ParamError
		if err := CheckParams(V1, c.p); !errors.As(err, &e) || e.Name != c.name || e.Fault != c.want {
			t.Errorf("%v: %v", c.p, err)
		}
	}
	if _, err := ParseRequest(V1, Params{ParamActivity: "newInstance", "amount": "x"}); err == nil {
		t.Error("amount x must be refused")
	}
}

func TestProductInfo(t *testing.T) {
	equal(t, "with quantity", EncodeProductInfo(ProductInfo{10, "p", "s<1>"}), `{"linearValue":10,"productId":"p","skuCode":"s<1>"}`)
	equal(t, "without", EncodeProductInfo(ProductInfo{ProductID: "p", SKUCode: "s"}), `{"productId":"p","skuCode":"s"}`)
	for _, text := range []string{`{"linearValue":10,"productId":"p","skuCode":"s"}`, `{"linearValue":"10","productId":"p","skuCode":"s"}`} {
		if got, err := DecodeProductInfo(text); err != nil || got != (ProductInfo{10, "p", "s"}) {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
	if _, err := DecodeProductInfo("x"); err == nil {
		t.Error("x is no product info")
	}
}

func TestTimes(t *testing.T) {
	equal(t, "timeStamp", FormatTimeStamp(instant), "20260102030405678")
	equal(t, "millis", FormatMillis(instant), t1)
	back, err := ParseTimeStamp("20260102030405678")
	if err != nil || !back.Equal(instant) {
		t.Errorf("%v %v", back, err)
	}
	zone := time.FixedZone("UTC+8", 8*3600)
	equal(t, "expireTime", FormatExpireTime(instant, zone), "20260102110405")
	for _, s := range []string{"20260102110405", "20260102110405678"} {
		if back, err := ParseExpireTime(s, zone); err != nil || !back.Equal(instant.Truncate(time.Second)) {
			t.Errorf("%v %v", back, err)
		}
	}
	for _, s := range []string{"", "2026010203040567", "20261302030405678", "2026010203040x678"} {
		if _, err := ParseTimeStamp(s); err == nil {
			t.Errorf("%q must be refused", s)
		}
	}
	if _, err := ParseExpireTime("2026-01-02", zone); err == nil {
		t.Error("another format must be refused")
	}
}
