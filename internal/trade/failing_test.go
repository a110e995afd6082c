package trade_test

import (
	"context"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/market/order"
	"jishi/internal/trade/tradetest"
)

// The sixth order of a month that fails because of the interface stops the product's sale;
// an order that waits for payment ends unpaid.
func TestTheSixthFailedOrderStopsTheSale(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		state := func(o order.Order) string {
			s, err := db.One[string](context.Background(), d, `select state from products where id = $1`, o.ProductID)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		waiting := b.Place("V1", 1)
		for n := 1; n <= 6; n++ {
			if s := state(waiting); s != "on_sale" {
				t.Fatalf("%s before the order %d", s, n)
			}
			b.Buy("V1")
			b.CloseWindow()
			b.Step()
		}
		if s := state(waiting); s != "suspended" {
			t.Errorf("the product is %s after six failed orders", s)
		}
		if err := b.Pay(waiting); err != nil || b.Order(waiting).State != order.Expired {
			t.Errorf("%s, %v", b.Order(waiting).State, err)
		}
		if n := b.Count(`select count(*) from messages where code = 'product_failing'`); n != 1 {
			t.Errorf("%d messages to operators", n)
		}
		b.Sound()
	})
}
