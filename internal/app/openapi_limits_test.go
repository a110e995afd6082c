package app

import (
	"net/http"
	"strings"
	"testing"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/wire/openapi"
)

// The gateway's own bounds (open-api.md §4.3, §15), in its envelope E4: a body of 12 MB at most, and a rate per address
// before anybody is known. A body is read for keys that exist only.
func TestOpenAPIGatewayLimits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		client, _ := s.client(s.sellerAccount())
		const query = openapi.PathOrderQuery + "?orderId=MOCKONETIMENEW"
		with := func(ak string, size int) func(*http.Request) {
			return func(r *http.Request) {
				body := strings.Repeat("x", size)
				b, _ := http.NewRequest("GET", s.url, strings.NewReader(body))
				r.Body, r.ContentLength = b.Body, b.ContentLength
				signed := openapi.Request{Method: "GET", Host: r.URL.Host, Path: r.URL.Path, RawQuery: r.URL.RawQuery, Header: r.Header, Body: []byte(body)}
				r.Header.Set("Authorization", signed.Authorize(ak, client.SK, clock.Wall{}.Now()))
			}
		}
		for _, c := range []struct {
			what    string
			prepare func(*http.Request)
			status  int
			code    string
		}{
			{"12 MB", with(client.AK, openapi.MaxBody), 200, ""},
			{"12 MB and a byte", with(client.AK, openapi.MaxBody+1), 413, "APIG.0201"},
			{"unknown key", with("JSUNKNOWN", 100), 401, "APIG.0301"},
		} {
			status, out, _ := s.raw("GET", query, c.prepare)
			if code, _ := out["error_code"].(string); status != c.status || code != c.code {
				t.Errorf("%s: %d %v, want %d %s", c.what, status, out, c.status, c.code)
			}
		}
		var last map[string]any
		status := 0
		for range 20_000 { // far more than the burst, and than what is filled up meanwhile
			if status, last, _ = s.raw("GET", query, nil); status == 429 {
				break
			}
		}
		if id, _ := last["request_id"].(string); status != 429 || last["error_code"] != "APIG.0308" || len(id) != 32 {
			t.Errorf("%d %v", status, last)
		}
	})
}
