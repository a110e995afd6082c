package trade_test

import (
	"context"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/market/order"
	"jishi/internal/market/probing"
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
		ctx := context.Background()
		task, asked, err := probing.PendingTask(ctx, d, waiting.ProductID, probing.TaskDelist)
		if err != nil || !asked || task.Count != 6 {
			t.Fatal(task, asked, err)
		}
		decide := func(a probing.Action, comment string) error {
			return d.Update(ctx, func(tx *db.Tx) error {
				_, err := b.Trade.DecideProbeTask(ctx, tx, task.ID, a, comment)
				return err
			})
		}
		if err := decide(probing.Delist, ""); !errs.Is(err, "invalid") {
			t.Error("delisted without a reason:", err)
		}
		if err := decide(probing.Delist, "no answer"); err != nil || state(waiting) != "delisted" {
			t.Error(err, state(waiting))
		}
	})
}

// A site that wants to decide itself is asked once, and sells on.
func TestTheSixthFailedOrderMayOnlyAsk(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		ctx := context.Background()
		b.Update(func(tx *db.Tx) error {
			site, version, err := b.Trade.Settings.SiteVersion(ctx)
			site.Probing.AutoSuspend = false
			if err == nil {
				err = b.Trade.Settings.SaveSite(ctx, tx, version, site)
			}
			return err
		})
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		var last order.Order
		for range 8 {
			last = b.Buy("V1")
			b.CloseWindow()
			b.Step()
		}
		if s, err := db.One[string](ctx, d, `select state from products where id = $1`, last.ProductID); err != nil || s != "on_sale" {
			t.Error(s, err)
		}
		if n := b.Count(`select count(*) from probe_tasks where kind = 'delist' and count = 6`); n != 1 {
			t.Errorf("%d tasks", n)
		}
		if n := b.Count(`select count(*) from messages where code = 'product_failing_asked'`); n != 1 {
			t.Errorf("%d messages to operators", n)
		}
	})
}
