package koogallery

import (
	"net/http/httptest"
	"strings"
	"testing"

	"jishi/internal/base/money"
	"jishi/internal/base/telemetry"
)

func TestOrderParams(t *testing.T) {
	for raw, want := range map[string]string{
		"orderId=CS1": "CS1/", "orderLineId=CS1-000001&orderId=CS1": "CS1/CS1-000001", "orderId=CS1&orderLineId=": "CS1/",
		"orderId=%E4%BA%91&other=1&other=2": "云/", "orderId=" + strings.Repeat("云", 64): strings.Repeat("云", 64) + "/",
		"": "refused", "orderId=": "refused", "orderid=CS1": "refused", "orderId=CS1&orderId=CS1": "refused", "orderId=CS1&orderLineId=a&orderLineId=b": "refused",
		"orderId=%zz": "refused", "orderId=%ff": "refused", "orderId=a%00b": "refused", "orderId=" + strings.Repeat("1", 65): "refused",
		"orderId=CS1&orderLineId=" + strings.Repeat("1", 65): "refused",
	} {
		orderID, lineID, ok := orderParams(raw)
		got := orderID + "/" + lineID
		if !ok {
			got = "refused"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestDecimal(t *testing.T) {
	for a, want := range map[money.Amount]string{0: "0", 10000: "100", 9950: "99.5", 9951: "99.51", 5: "0.05", -10000: "-100", -9950: "-99.5", 123456789000: "1234567890"} {
		if got := decimal(a); got != want {
			t.Errorf("%d: %q, want %q", a, got, want)
		}
	}
}

// The host that was signed is the client's; only a trusted proxy may say that it was another one.
func TestSignedHostBehindAProxy(t *testing.T) {
	proxies, err := telemetry.ParseProxies("192.0.2.0/24")
	if err != nil {
		t.Fatal(err)
	}
	s := NewServer(ServerConfig{Proxies: proxies})
	for remote, want := range map[string]string{"192.0.2.7:1": "market.example:8443", "198.51.100.7:1": "backend:8080"} {
		r := httptest.NewRequest("GET", "http://backend:8080/a%2Fb/c?x=%20", nil)
		r.RemoteAddr, r.RequestURI = remote, "/a%2Fb/c?x=%20"
		r.Header.Set("X-Forwarded-Host", "market.example:8443")
		if got := s.signedRequest(r, nil); got.Host != want || got.Path != "/a%2Fb/c" || got.RawQuery != "x=%20" {
			t.Errorf("%s: %+v", remote, got)
		}
	}
}

func TestHeadersAreBounded(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	for _, name := range []string{"A", "B", "C", "D"} {
		r.Header.Set(name, strings.Repeat("x", 31<<10))
	}
	if !fitting(r.Header) {
		t.Error("124 KiB are refused")
	}
	r.Header.Set("E", strings.Repeat("x", 31<<10))
	if fitting(r.Header) {
		t.Error("155 KiB pass")
	}
}
