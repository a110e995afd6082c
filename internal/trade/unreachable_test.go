package trade_test

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/outbound"
	"jishi/internal/edge/koogallery"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/trade/tradetest"
)

// nowhere knows no name.
type nowhere struct{}

func (nowhere) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (nowhere) LookupTXT(context.Context, string) ([]string, error) { return nil, nil }

// A server that cannot be reached loses no order: each way of failing has its code, and the
// call goes on by its schedule until the server is back.
func TestUnreachableServers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		closed, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		refusing := "http://" + closed.Addr().String()
		closed.Close()
		home, err := db.One[string](context.Background(), d, `select origin from production_addresses where id = $1`, b.Address)
		if err != nil {
			t.Fatal(err)
		}
		client := outbound.New(outbound.Config{Resolver: nowhere{}})
		t.Cleanup(client.CloseIdle)
		b.Trade.Provider = &koogallery.Caller{Client: client, Timeout: 5 * time.Second}
		b.shop()
		o := b.Buy("V1")
		for _, c := range []struct{ name, origin, code string }{
			{"refused connection", refusing, "outbound.connect"},
			{"no TLS behind https", strings.Replace(home, "http://", "https://", 1), "outbound.tls_plain"},
			{"unknown name", "https://shop.seller.example", "outbound.dns"},
		} {
			b.Update(func(tx *db.Tx) error {
				return tradetest.Exec(tx, `update production_addresses set origin = $1 where id = $2`, c.origin, b.Address)
			})
			b.Step()
			call := b.Calls(o)[0]
			if call.State != fulfillment.Retrying || call.ErrorCode != c.code || b.Order(o).State != order.Processing {
				t.Errorf("%s: call %s with %q, order %s; want %q", c.name, call.State, call.ErrorCode, b.Order(o).State, c.code)
			}
		}
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update production_addresses set origin = $1 where id = $2`, home, b.Address)
		})
		b.Step()
		b.delivered(o)
	})
}
