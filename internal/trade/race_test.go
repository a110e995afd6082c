package trade_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/trade/tradetest"
)

// overlap runs two transactions on PostgreSQL so that the second begins when the first has
// done its work and not committed yet, and the first commits when the second waits for it
// or is through. SQLite has one writer: there they run one after the other.
func (b *bundle) overlap(first, second func(tx *db.Tx) error) (errFirst, errSecond error) {
	b.T.Helper()
	ctx := context.Background()
	if b.DB.Engine() == db.SQLite {
		return b.DB.Update(ctx, first), b.DB.Update(ctx, second)
	}
	worked, commit, through := make(chan int, 1), make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		errFirst = b.DB.Update(ctx, func(tx *db.Tx) error {
			if err := first(tx); err != nil {
				return err
			}
			pid, err := db.One[int](ctx, tx, `select pg_backend_pid()`)
			worked <- pid
			<-commit
			return err
		})
		close(worked)
	})
	pid := <-worked
	wg.Go(func() {
		errSecond = b.DB.Update(ctx, second)
		close(through)
	})
	end, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for waits := 0; waits == 0 && end.Err() == nil; {
		select {
		case <-through:
			waits = 1
		default:
			waits, _ = db.One[int](end, b.DB, `select count(*) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))`, pid)
		}
	}
	close(commit)
	wg.Wait()
	return errFirst, errSecond
}

func TestTwoOrdersTakeOneInstanceAtTheSameTime(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		orders := []order.Order{b.Buy("V1"), b.Buy("V1")}
		done := func(o order.Order) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := b.Trade.MarkCallDone(context.Background(), tx, b.Calls(o)[0].ID, "by phone", "same")
				return err
			}
		}
		first, second := b.overlap(done(orders[0]), done(orders[1]))
		if first != nil || !errs.Is(second, "fulfillment.instance_taken") {
			t.Error(first, second)
		}
		b.Sound()
	})
}

func TestAnOrderCanceledDuringTheSweepStopsNoOther(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBundle(t, d)
		quick, late := b.Place("V1", 1), b.Place("V1", 1)
		b.Clock.Advance(8 * 24 * time.Hour)
		first, second := b.overlap(
			func(tx *db.Tx) error { _, err := b.Trade.Cancel(ctx, tx, b.Buyer, quick.ID); return err },
			func(tx *db.Tx) error { _, err := b.Trade.ExpireDue(ctx, tx); return err })
		if first != nil || second != nil || b.Order(quick).State != order.Canceled || b.Order(late).State != order.Expired {
			t.Error(first, second, b.Order(quick).State, b.Order(late).State)
		}
	})
}

// Two calls of an instance that end together both see the other one open.
func TestTheNextCallStartsWhenTwoEndTogether(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBundle(t, d)
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		o := b.Buy("V1")
		create := b.Calls(o)[0]
		view, release := create, create
		b.Update(func(tx *db.Tx) (err error) {
			view.Purpose, view.Profile = fulfillment.View, fulfillment.Once
			if view, err = fulfillment.Begin(ctx, tx, view); err != nil {
				return err
			}
			release.Purpose = fulfillment.Release
			release, err = fulfillment.Queue(ctx, tx, release)
			return err
		})
		if release.State != fulfillment.Waiting {
			t.Fatal(release.State)
		}
		end := func(c fulfillment.Call) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return fulfillment.MarkDone(ctx, tx, &c, "by phone", "") }
		}
		first, second := b.overlap(end(create), end(view))
		got, err := fulfillment.Find(ctx, d, release.ID, fulfillment.Everybody)
		if first != nil || second != nil || err != nil || got.State != fulfillment.Calling {
			t.Error(first, second, err, got.State)
		}
	})
}
