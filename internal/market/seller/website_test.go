package seller_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/outbound"
)

// inside is a name server in the hands of an applicant: every name is this machine.
type inside struct{ names }

func (inside) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

// Anybody may apply and name a website; development networks are open to registered
// addresses alone.
func TestWebsiteProbeNeverEntersDevelopmentNetworks(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.development = true
		var asked atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		defer server.Close()
		_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
		client := outbound.New(outbound.Config{Resolver: inside{}})
		defer client.CloseIdle()
		got, err := b.s.ProbeWebsite(b.ctx, client, "http://www.spruce.example:"+port+"/")
		if err != nil || got != "outbound.refused_address" || asked.Load() != 0 {
			t.Errorf("%q, %v, asked %d times", got, err, asked.Load())
		}
	})
}
