package console_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"jishi/internal/edge/console"
)

// Whoever has one IPv6 address has its whole network: changing addresses must not give
// more tries.
func TestStrictLimitCountsIPv6ByNetwork(t *testing.T) {
	c := console.New(console.Config{Log: slog.New(slog.DiscardHandler), Version: "test"})
	console.Act(c, console.Op{Method: "POST", Path: "/tries", ID: "try", Rate: "strict"},
		func(context.Context, *struct{}) (console.None, error) { return console.None{}, nil })
	h := c.Handler()
	try := func(address string) int {
		r := httptest.NewRequest("POST", "/api/v1/tries", nil)
		r.RemoteAddr = address
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	refused := 0
	for i := range 60 {
		if try(fmt.Sprintf("[2001:db8:1:2::%x]:4711", i+1)) == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused < 20 {
		t.Errorf("%d of 60 tries were refused", refused)
	}
	if got := try("[2001:db8:1:3::1]:4711"); got != http.StatusNoContent {
		t.Errorf("another network: %d", got)
	}
}
