package saas

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Inputs of the published vectors, saas.md §13.
const (
	k1 = "9fa6c870-0000-4e9b-b71e-4c2233001560"
	k2 = "d0c5e3a2-1111-4b7f-8a66-0f1e2d3c4b5a"
	iv = "Qw3rTy7UiOpA5dFg"
	n1 = "1C8E0B5F7A2D4C3E9F6A8B7C6D5E4F300123456789ABCDEF0123456789ABCDEF"
	t1 = "1767323045678"
)

var instant = time.UnixMilli(1767323045678)

const address = "https://isv.example:8443/produceAPI"

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n got %s\nwant %s", what, got, want)
	}
}

// checkV1 compares the string to sign, the token and the query string, then reads the query back and verifies it.
func checkV1(t *testing.T, p Params, text, token, query string) {
	t.Helper()
	p[ParamTimeStamp] = FormatTimeStamp(instant)
	equal(t, "string to sign", p.Join(), text)
	equal(t, "token", AuthToken(k1, p), token)
	c, err := BuildV1(address, k1, instant, p)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "URL", c.URL, address+"?"+query)
	back, err := ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	if err := VerifyV1(k1, back); err != nil {
		t.Errorf("verify: %v", err)
	}
	if err := VerifyV1(k2, back); err != ErrSignature {
		t.Errorf("verify with another key: %v", err)
	}
}

func TestVector13_1a(t *testing.T) {
	checkV1(t, ExpireInstanceV1{InstanceID: "03pf80c2bae96vc49b80b917bea776d7", OrderID: "CS1906666666ABCDE", Test: true}.V1Params(),
		"activity=expireInstance&instanceId=03pf80c2bae96vc49b80b917bea776d7&orderId=CS1906666666ABCDE&testFlag=1&timeStamp=20260102030405678",
		"0nLLpquYrQScBwXK+eKDrqPMA9mwKsVLKLmfwz/nysU=",
		"activity=expireInstance&instanceId=03pf80c2bae96vc49b80b917bea776d7&orderId=CS1906666666ABCDE&testFlag=1&timeStamp=20260102030405678&authToken=0nLLpquYrQScBwXK%2BeKDrqPMA9mwKsVLKLmfwz%2FnysU%3D")
}

func TestVector13_1b(t *testing.T) {
	p := QueryInstanceV1{InstanceID: JoinInstanceIDs([]string{"inst-a", "inst-b"})}.V1Params()
	delete(p, ParamTestFlag) // the vector is of an edition without it
	checkV1(t, p,
		"activity=queryInstance&instanceId=inst-a,inst-b&timeStamp=20260102030405678",
		"4mLz1yZSbGBsKLzDVa5tnulQzSzUEqed2nyeqaouJIg=",
		"activity=queryInstance&instanceId=inst-a%2Cinst-b&timeStamp=20260102030405678&authToken=4mLz1yZSbGBsKLzDVa5tnulQzSzUEqed2nyeqaouJIg%3D")
}

func vector13_1c(t *testing.T) NewInstanceV1 {
	mobile, err := EncryptField(k1, AES256, iv, "13800138000")
	if err != nil {
		t.Fatal(err)
	}
	return NewInstanceV1{
		BusinessID: "03pf80c2bae96vc49b80b917bea776d7", ChargingMode: Period, CustomerID: "68cbc86abc2018ab880d92f36422fa0e",
		CustomerName: "test_customer 01", ExpireTime: "20271231235959", MobilePhone: mobile, OrderAmount: "199.90",
		OrderID: "CS1906666666ABCDE", PeriodNumber: 1, PeriodType: PeriodYear, ProductID: "OFFI3745095268519100416",
		ProvisionType: ProvisionWithPurchase, SKUCode: "f8ab4d5c-3c4b-4a0c-9d8e-6a1b2c3d4e5f", Test: true,
		ExtendParams: "W3sibmFtZSI6ImVtYWlsRG9tYWluTmFtZSIsInZhbHVlIjoidGVzdC5leGFtcGxlLmNvbSJ9LHsibmFtZSI6ImV4dGVuZFBhcmFtTmFtZSIsInZhbHVlIjoiQT5CP+S6kSJ9XQ==",
	}
}

func TestVector13_1c(t *testing.T) {
	checkV1(t, vector13_1c(t).V1Params(),
		"activity=newInstance&businessId=03pf80c2bae96vc49b80b917bea776d7&chargingMode=1&customerId=68cbc86abc2018ab880d92f36422fa0e&customerName=test_customer 01&expireTime=20271231235959&mobilePhone=Qw3rTy7UiOpA5dFgaUmgtgHBFl7QUUk5405oYw==&orderAmount=199.90&orderId=CS1906666666ABCDE&periodNumber=1&periodType=year&productId=OFFI3745095268519100416&provisionType=1&saasExtendParams=W3sibmFtZSI6ImVtYWlsRG9tYWluTmFtZSIsInZhbHVlIjoidGVzdC5leGFtcGxlLmNvbSJ9LHsibmFtZSI6ImV4dGVuZFBhcmFtTmFtZSIsInZhbHVlIjoiQT5CP+S6kSJ9XQ==&skuCode=f8ab4d5c-3c4b-4a0c-9d8e-6a1b2c3d4e5f&testFlag=1&timeStamp=20260102030405678&trialFlag=0",
		"zrmGtctz+DVoFg7sqEYBswma3B1ns/Fj6uREoczqjfk=",
		"activity=newInstance&businessId=03pf80c2bae96vc49b80b917bea776d7&chargingMode=1&customerId=68cbc86abc2018ab880d92f36422fa0e&customerName=test_customer%2001&expireTime=20271231235959&mobilePhone=Qw3rTy7UiOpA5dFgaUmgtgHBFl7QUUk5405oYw%3D%3D&orderAmount=199.90&orderId=CS1906666666ABCDE&periodNumber=1&periodType=year&productId=OFFI3745095268519100416&provisionType=1&saasExtendParams=W3sibmFtZSI6ImVtYWlsRG9tYWluTmFtZSIsInZhbHVlIjoidGVzdC5leGFtcGxlLmNvbSJ9LHsibmFtZSI6ImV4dGVuZFBhcmFtTmFtZSIsInZhbHVlIjoiQT5CP%2BS6kSJ9XQ%3D%3D&skuCode=f8ab4d5c-3c4b-4a0c-9d8e-6a1b2c3d4e5f&testFlag=1&timeStamp=20260102030405678&trialFlag=0&authToken=zrmGtctz%2BDVoFg7sqEYBswma3B1ns%2FFj6uREoczqjfk%3D")
}

func TestVector13_1cExtendParams(t *testing.T) {
	want := []ExtendParam{{"emailDomainName", "test.example.com"}, {"extendParamName", "A>B?云"}}
	text, err := compactJSON(want)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "JSON", string(text), `[{"name":"emailDomainName","value":"test.example.com"},{"name":"extendParamName","value":"A>B?云"}]`)
	got, err := DecodeExtendParams(vector13_1c(t).ExtendParams)
	if err != nil || len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("decoded %v, %v", got, err)
	}
}

func TestVector13_1Negative(t *testing.T) {
	p := vector13_1c(t).V1Params()
	p[ParamTimeStamp] = FormatTimeStamp(instant)
	p["saasExtendParams"] = Escape(p["saasExtendParams"])
	equal(t, "token over the encoded value", AuthToken(k1, p), "+8GJN9Q1lzGgsA2QjHUgGd1oW4ed404UbMGZsRVpH/E=")
	c, err := BuildV1(address, k1, instant, vector13_1c(t))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(c.URL, Escape("+8GJN9Q1lzGgsA2QjHUgGd1oW4ed404UbMGZsRVpH/E=")) {
		t.Error("the encoded form was signed")
	}
}

func TestVector13_2(t *testing.T) {
	body := `{"instanceId":"03pf80c2bae96vc49b80b917bea776d7","orderId":"CS1906666666ABCDE","tenantId":"68cbc86abc2018ab880d92f36422fa0e","tenantCode":"T0001","name":"Example Co","domainName":"","flag":1,"testFlag":0,"timeStamp":"20260102110405678","nothing":null}`
	p, err := ParseBody([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "string to sign", p.withoutBlanks().Join(),
		"flag=1&instanceId=03pf80c2bae96vc49b80b917bea776d7&name=Example Co&orderId=CS1906666666ABCDE&tenantCode=T0001&tenantId=68cbc86abc2018ab880d92f36422fa0e&testFlag=0&timeStamp=20260102110405678")
	token, err := KitAuthToken(k1, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "token", token, "RzlEa02S5r85DbkGUsWkGt+jLeJo8o+1TbRg5esdms8=")
}

func TestVector13_3Keys(t *testing.T) {
	equal(t, "AES-128", hex.EncodeToString(DeriveKey(k1, 16)), "5ed6ebc673e6708ae9934108a4580f89")
	equal(t, "AES-256", hex.EncodeToString(DeriveKey(k1, 32)), "5ed6ebc673e6708ae9934108a4580f89d10f08c269cf359d095ad73b9dcfd6e9")
	all := sha256.New()
	for i := range 2000 {
		seed := fmt.Sprintf("seed-%d", i)
		all.Write(DeriveKey(seed, 32))
		all.Write(DeriveKey(seed, 16))
	}
	equal(t, "2000 seeds", hex.EncodeToString(all.Sum(nil)), "9893054c008591c375887663ec0559f7896613f0067c861c70d26dafcf683fb3")
}

func TestVector13_3Fields(t *testing.T) {
	for _, v := range []struct{ plain, aes256, aes128 string }{
		{"admin", "Qw3rTy7UiOpA5dFgdKpRvaPI3dhm2IcyPoCVxw==", "Qw3rTy7UiOpA5dFg+qrfEnA9kFZ7F9Y4uTH3uw=="},
		{"P@ssw0rd!2024", "Qw3rTy7UiOpA5dFgmbkMMEsDJIMDQWifhbph1g==", "Qw3rTy7UiOpA5dFgAJhFvtpHTut/43fNvQ9Cxg=="},
		{"13800138000", "Qw3rTy7UiOpA5dFgaUmgtgHBFl7QUUk5405oYw==", "Qw3rTy7UiOpA5dFg2g8hS4sPlT29Py/wWb8IFQ=="},
		{"buyer@example.com", "Qw3rTy7UiOpA5dFgeMFF0IW2nZK0+V8jWavSUHVyv4SSkx9dcL4Fktq/LdI=", "Qw3rTy7UiOpA5dFgB9Gt0GPCJ7XF+3wp5Ur1kyFZIh/nxb5aeelzLrzOkd8="},
		{"管理员", "Qw3rTy7UiOpA5dFggMMhC+jC128zA5xh8x7xug==", "Qw3rTy7UiOpA5dFgNNn44Qcv1drT36K5TkG8Aw=="},
		{"0123456789abcdef", "Qw3rTy7UiOpA5dFgvclBJz+mDSIR5z4R1tKHR4Ic60M2lcf4ksQ3EC3t84E=", "Qw3rTy7UiOpA5dFg8bfk9bM0XvuMBqadpEZVesCAov24MYf0LoW2KhVlSgY="},
	} {
		for kind, want := range map[EncryptType]string{AES256: v.aes256, AES128: v.aes128, "": v.aes256} {
			got, err := EncryptField(k1, kind, iv, v.plain)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, v.plain+" type "+string(kind), got, want)
			back, err := DecryptField(k1, kind, got)
			if err != nil || back != v.plain {
				t.Errorf("decrypted %q, %v", back, err)
			}
		}
	}
}

const vector13_4Body = `{"resultCode":"000000","resultMsg":"success."}`

func TestVector13_4(t *testing.T) {
	long := Answer{
		ResultCode: CodeSuccess, ResultMsg: "success.", EncryptType: "1", InstanceID: "03pf80c2bae96vc49b80b917bea776d7",
		AppInfo: &AppInfo{
			FrontEndURL: "https://www.isvserver.example/", AdminURL: "https://www.isvserver.example/admin",
			UserName: "Qw3rTy7UiOpA5dFgdKpRvaPI3dhm2IcyPoCVxw==", Password: "Qw3rTy7UiOpA5dFgmbkMMEsDJIMDQWifhbph1g==",
		},
	}.Encode()
	equal(t, "encoded answer", string(long), `{"resultCode":"000000","resultMsg":"success.","encryptType":"1","instanceId":"03pf80c2bae96vc49b80b917bea776d7","appInfo":{"frontEndUrl":"https://www.isvserver.example/","adminUrl":"https://www.isvserver.example/admin","userName":"Qw3rTy7UiOpA5dFgdKpRvaPI3dhm2IcyPoCVxw==","password":"Qw3rTy7UiOpA5dFgmbkMMEsDJIMDQWifhbph1g=="}}`)
	for body, want := range map[string]string{
		vector13_4Body:        "ouGHQYNknDo5dEkAgndmU6T8YI8hf0zLkHcjS+S8M2k=",
		string(long):          "k1y3O06Ia8W0kTroc055G+rB5xg7DSqQciOnai/o3Cc=",
		vector13_4Body + "\n": "3Zy+4VMlIDH1ZRAyyN7ARPGe8P3K7lA/k/pa3TZKjDo=",
	} {
		equal(t, body, BodySignature(k1, []byte(body)), want)
	}
	equal(t, "header", SignBody(k1, []byte(vector13_4Body)), `sign_type="HMAC-SHA256", signature="ouGHQYNknDo5dEkAgndmU6T8YI8hf0zLkHcjS+S8M2k="`)
	if err := VerifyBodySign(k1, []byte(vector13_4Body+"\n"), []string{SignBody(k1, []byte(vector13_4Body))}); err != ErrSignature {
		t.Errorf("a body with one more line feed: %v", err)
	}
}

func TestVector13_5(t *testing.T) {
	for i, v := range []struct {
		request                V2Request
		body, inner, signature string
	}{
		{NewInstanceV2{BusinessID: "03pf80c2bae96vc49b80b917bea776d7", OrderID: "CS2201010000ABCDE", OrderLineID: "CS2201010000ABCDE-000001", Test: true},
			`{"activity":"newInstance","businessId":"03pf80c2bae96vc49b80b917bea776d7","orderId":"CS2201010000ABCDE","orderLineId":"CS2201010000ABCDE-000001","testFlag":"1"}`,
			"88531657579e971059704e7be435771a785286e9db43a44112f2bdcf5cc087ba", "AAB61EF7F382076F317E7AEF08D16E68FAD478576584A82D9676AE4658BE2161"},
		{QueryInstanceV2{InstanceID: "inst-a,inst-b"},
			`{"activity":"queryInstance","instanceId":"inst-a,inst-b"}`,
			"3b4b4a792a9e11303e4d2c74e26fea9b28007735cb07a955a31b83fa611f77a9", "5B0E74C105B5B37CFC0851A56F33FBE5059DE977AF786C10B60EB0C3267C54DB"},
		{RefreshInstanceV2{ExpireTime: "20271231235959", InstanceID: "03pf80c2bae96vc49b80b917bea776d7", OrderID: "CS2201010000RENEW", OrderLineID: "CS2201010000RENEW-000001", ProductID: "OFFI3745095268519100416", Scene: SceneRenewal},
			`{"activity":"refreshInstance","expireTime":"20271231235959","instanceId":"03pf80c2bae96vc49b80b917bea776d7","orderId":"CS2201010000RENEW","orderLineId":"CS2201010000RENEW-000001","productId":"OFFI3745095268519100416","scene":"RENEWAL"}`,
			"79bf5ccea508ecbd7cc1707a29d0349bf69d1e35ee90ac10104d35ec160d2843", "87538855DF7B5AF816E17D9D0698EC84AE6C101438A16251FEC21593E5E028D0"},
		{UpdateInstanceStatusV2{InstanceID: "03pf80c2bae96vc49b80b917bea776d7", Status: StatusFreeze},
			`{"activity":"updateInstanceStatus","instanceId":"03pf80c2bae96vc49b80b917bea776d7","status":"FREEZE"}`,
			"4c1b2bca0eda8e68e7adf98dde2fc06e9e31945b123a7debfa473bb37f9a4f94", "693B45C72638A81713D6BF8CC9A2A88BD57D8EAF6453BC9EFE6713ADB422863D"},
		{ReleaseInstanceV2{InstanceID: "实例<1>&2"},
			`{"activity":"releaseInstance","instanceId":"实例<1>&2"}`,
			"1f5d087e846b7ff44a3d65a3dffc339696f7b1cce7f769820c7163e098e93fa2", "C9CF0977618990F7F0DD4F23E9AB762A9B6C2666877DF2E9967D5BC10A6DA6B8"},
	} {
		c, err := BuildV2(address, k2, instant, n1, v.request)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "body", string(c.Body), v.body)
		equal(t, "inner", InnerHMAC(k2, c.Body), v.inner)
		equal(t, "signature", SignV2(k2, n1, t1, c.Body), v.signature)
		equal(t, "URL", c.URL, address+"?signature="+v.signature+"&timestamp="+t1+"&nonce="+n1)
		if i == 0 {
			equal(t, "canonicalRequest", CanonicalRequest(k2, n1, t1, c.Body), "d0c5e3a2-1111-4b7f-8a66-0f1e2d3c4b5a1C8E0B5F7A2D4C3E9F6A8B7C6D5E4F300123456789ABCDEF0123456789ABCDEF176732304567888531657579e971059704e7be435771a785286e9db43a44112f2bdcf5cc087ba")
		}
		query := Params{ParamSignature: v.signature, ParamTimestamp: t1, ParamNonce: n1}
		if err := VerifyV2(k2, query, c.Body, instant); err != nil {
			t.Errorf("verify: %v", err)
		}
	}
}

func TestVector13_6(t *testing.T) {
	body := `{"flag":1,"instanceId":"03pf80c2bae96vc49b80b917bea776d7","orderId":"CS2201010000ABCDE","tenantCode":"T0001","tenantId":"68cbc86abc2018ab880d92f36422fa0e","testFlag":0,"timeStamp":"20260102110405678"}`
	equal(t, "x-sign", KitSign(k2, n1, t1, []byte(body)), "FC552BE3E591552F9CFE3541ADBD445B0DB7B11BCEA2AEC69AE977865EB8AF3B")
}
