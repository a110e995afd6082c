package openapi_test

import (
	"strings"
	"testing"

	"jishi/wire/openapi"
	"jishi/wire/saas"
)

// Inputs of the keyed vectors, open-api.md §3.
const (
	key       = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
	nonce     = "A1B2C3D4E5F60718293A4B5C6D7E8F90"
	timestamp = "1768465800000"
)

func TestVectorsH1toH5(t *testing.T) {
	h1 := []byte(`{"activity":"orderNotify","orderId":"CS2601150830ABCDE","orderLineId":"CS2601150830ABCDE-000001","testFlag":"0"}`)
	notice := saas.OrderNotice{OrderID: "CS2601150830ABCDE", OrderLineID: "CS2601150830ABCDE-000001"}
	if body := saas.CanonicalBody(notice.V2Params()); string(body) != string(h1) {
		t.Errorf("the notice of H1 is %s", body)
	}
	h2 := []byte(`{"activity":"refreshLicenseCode","expireTime":"20270115155959","license":"PL0000000000000001","orderId":"CS2601150830ABCDE","orderLineId":"CS2601150830ABCDE-000001","productId":"OFFI0000000000000001","scene":"RENEWAL","testFlag":"0"}`)
	h3 := []byte(`{"usage_records":[{"begin_time":"20260115T070000Z","end_time":"20260115T080000Z","instance_id":"a0000001-0000-4000-8000-000000000001","metering_sn":"SN20260115070001","record_time":"20260115T081500Z","usage_value":"12.5000"}]}`)
	h4 := saas.Params{"activity": "releaseLicense", "instanceId": "inst-0001", "orderId": "CS2601150830ABCDE", "timeStamp": "20260115083000123"}
	for _, v := range []struct{ name, got, want string }{
		{"H1 inner", saas.InnerHMAC(key, h1), "4ba2bea4a617ba4ecca0753802e047d066c82083c3fb612de1bc4876dab17ee8"},
		{"H1", saas.SignV2(key, nonce, timestamp, h1), "CD7C07F7814CFD66EC71B637E80C47611A7516FDE51BECA16E167D96DF6F71B7"},
		{"H2 inner", saas.InnerHMAC(key, h2), "56eeedc77ed76c7a5891c5d1c69b4f9e81d4f70fe12ba84fbf8e09145ec0c12d"},
		{"H2", saas.SignV2(key, nonce, timestamp, h2), "1A7EB17F9BAF577853F9D7992BBAC5ABC85EC4F9BFC549D743282EEC49352ED1"},
		{"H3", openapi.SignUsage(key, timestamp, nonce, h3), "qbbTdcKeVw6Z2zQEsKeQR4IEFVd3TgzIoqFkqAPcK2Y="},
		{"H4", saas.AuthToken(key, h4), "R5GSwKIQAiW6I38Z+0cjFBCtkf0/k5NHbksNEBH0iXA="},
		{"H5", strings.Split(saas.SignBody(key, []byte(`{"resultCode":"000000","resultMsg":"success."}`)), `signature="`)[1], `6XvW7aDcEJu+qfBGckpfBvQB1pQ5xqiM7oJMAkr5MR4="`},
	} {
		if v.got != v.want {
			t.Errorf("%s\n got %s\nwant %s", v.name, v.got, v.want)
		}
	}
}

// TestVector13_7 is the usage push of saas.md §13.7.
func TestVector13_7(t *testing.T) {
	const (
		key   = "d0c5e3a2-1111-4b7f-8a66-0f1e2d3c4b5a"
		nonce = "1C8E0B5F7A2D4C3E9F6A8B7C6D5E4F300123456789ABCDEF0123456789ABCDEF"
		body  = `{"usage_records":[{"begin_time":"20260102T020000Z","end_time":"20260102T030000Z","instance_id":"03pf80c2bae96vc49b80b917bea776d7","metering_sn":"m-0001","record_time":"20260102T030100Z","usage_value":"12.5"}]}`
	)
	if got, want := openapi.SignUsage(key, "1767323045678", nonce, []byte(body)), "vepxL4lpxr95GJtapxyHZMBi1ErFp8L6xUvsj+5X0O0="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
