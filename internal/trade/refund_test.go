package trade_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/refund"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

// owned buys and delivers one instance with a refund policy.
func (b *bundle) owned(policy string) (order.Order, subscription.Instance) {
	b.T.Helper()
	b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = $1`, policy) })
	b.shop()
	o := b.Buy("V1")
	for b.Step() {
	}
	if got := b.Order(o); got.State != order.Completed {
		b.T.Fatalf("not delivered: %+v", got)
	}
	return o, b.Instance(o)
}

// refundLimit sets above which amount an operator decides.
func (b *bundle) refundLimit(limit money.Amount) {
	b.T.Helper()
	ctx := context.Background()
	site, version, err := b.Trade.Settings.SiteVersion(ctx)
	if err != nil {
		b.T.Fatal(err)
	}
	site.Refunds.ApprovalAbove = limit
	b.Update(func(tx *db.Tx) error { return b.Trade.Settings.SaveSite(ctx, tx, version, site) })
}

func (b *bundle) askRefund(in subscription.Instance, amount money.Amount) (r refund.Refund, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		r, err = b.Trade.RequestRefund(ctx, tx, b.Buyer, trade.RefundRequest{InstanceID: in.ID, Amount: amount})
		return err
	})
	return r, err
}

func TestAFiveDayRefundUndoesTheSale(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		before := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID))
		o, in := b.owned("five_day")
		if _, err := b.askRefund(in, 99_00); !errs.Is(err, "refund.amount_changed") {
			t.Error("another amount than shown:", err)
		}
		r, err := b.askRefund(in, 100_00)
		if err != nil || r.State != refund.Paid || r.RefundOrderID == "" {
			t.Fatal(r, err)
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != before {
			t.Errorf("balance %s, want %s", got, before)
		}
		for _, a := range []ledger.Account{ledger.PayableSeller(b.Seller), ledger.RevenuePlatform} {
			if got := b.Balance(a); got != 0 {
				t.Errorf("%s keeps %s", a, got)
			}
		}
		if got := b.Order(o); got.State != order.Refunded || got.Cause != "five_day" {
			t.Errorf("order %+v", got)
		}
		if got := b.Instance(o); got.State != subscription.Unsubscribed {
			t.Errorf("instance %s", got.State)
		}
		released := false
		for _, c := range b.Calls(o) {
			released = released || c.Activity == "releaseInstance" && c.OrderID == r.RefundOrderID
		}
		if !released {
			t.Error("the seller is not told with the refund order's number")
		}
		if _, err := b.askRefund(in, 100_00); !errs.Is(err, "refund.ended") {
			t.Error("a second refund:", err)
		}
		b.Sound()
	})
}

// Ten browsers ask for the same refund, and ten instances race for the last two of the year.
func TestRefundsAtOnceConserveMoney(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		_, in := b.owned("five_day")
		var paid atomic.Int64
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, err := b.askRefund(in, 100_00); err == nil {
					paid.Add(1)
				} else if errs.KindOf(err) != errs.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if paid.Load() != 1 {
			t.Errorf("refunded %d times", paid.Load())
		}
		b.Sound()

		b.Update(func(tx *db.Tx) error { // as if eight more of this year's ten were used
			for i := range 8 {
				if err := tradetest.Exec(tx, `insert into refunds (id, kind, state, order_id, order_line_id, instance_id, account_id, user_id, seller_id, product_id, amount, currency, explanation, created_at)
					select 'ref_old' || $1, kind, state, order_id, order_line_id, instance_id, account_id, user_id, seller_id, product_id, 0, currency, explanation, $2 from refunds where state = 'paid' and id not like 'ref_old%'`,
					string(rune('a'+i)), tx.Now); err != nil {
					return err
				}
			}
			return nil
		})
		var instances []subscription.Instance
		for range 3 {
			_, in := b.owned("five_day")
			instances = append(instances, in)
		}
		var granted, refused atomic.Int64
		for _, in := range instances {
			wg.Go(func() {
				switch _, err := b.askRefund(in, 100_00); {
				case err == nil:
					granted.Add(1)
				case errs.Is(err, "refund.quota"):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if granted.Load() != 1 || refused.Load() != 2 {
			t.Errorf("%d granted, %d refused, want 1 and 2", granted.Load(), refused.Load())
		}
		b.Sound()
	})
}

func TestALargeRefundWaitsForAnOperator(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.refundLimit(50_00)
		o, in := b.owned("five_day")
		r, err := b.askRefund(in, 100_00)
		if err != nil || r.State != refund.Requested {
			t.Fatal(r, err)
		}
		if got := b.Order(o).State; got != order.Refunding {
			t.Errorf("order %s", got)
		}
		if got := b.Instance(o).State; got != subscription.Active {
			t.Errorf("the service stopped while the refund waits: %s", got)
		}
		reject := func(ctx context.Context, tx *db.Tx) error {
			_, err := b.Trade.RejectRefund(ctx, tx, r.ID, "not convincing")
			return err
		}
		if err := b.try(reject); err != nil {
			t.Fatal(err)
		}
		if got := b.Order(o).State; got != order.Completed {
			t.Errorf("order %s after a rejection", got)
		}
		if err := b.try(reject); !errs.Is(err, "refund.decided") {
			t.Error("decided twice:", err)
		}
		if r, err = b.askRefund(in, 100_00); err != nil {
			t.Fatal("asking again:", err)
		}
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			_, err := b.Trade.WithdrawRefund(ctx, tx, b.Other, r.ID)
			return err
		}); !errs.Is(err, "refund.not_found") {
			t.Error("another account's refund:", err)
		}
		approve := func(ctx context.Context, tx *db.Tx) error {
			_, err := b.Trade.ApproveRefund(ctx, tx, r.ID)
			return err
		}
		if err := b.try(approve); err != nil {
			t.Fatal(err)
		}
		if got := b.Order(o).State; got != order.Refunded {
			t.Errorf("order %s after the approval", got)
		}
		if err := b.try(approve); errs.KindOf(err) != errs.Conflict {
			t.Error("paid twice:", err)
		}
		b.Sound()
	})
}

// Parts given by an operator add up: the fee's parts too.
func TestPartsOfAnOperatorsRefund(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		o, in := b.owned("none")
		if _, err := b.askRefund(in, 100_00); !errs.Is(err, "refund.none") {
			t.Error("a buyer without the right:", err)
		}
		give := func(amount money.Amount, ends bool) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.Trade.RefundByOperator(ctx, tx, trade.OperatorRefund{InstanceID: in.ID, Amount: amount, EndsService: ends, Reason: "goodwill"})
				return err
			})
		}
		for _, amount := range []money.Amount{33_33, 33_33} {
			if err := give(amount, false); err != nil {
				t.Fatal(err)
			}
		}
		if got := b.Instance(o).State; got != subscription.Active {
			t.Errorf("a part ended the service: %s", got)
		}
		if err := give(33_35, true); errs.KindOf(err) != errs.Invalid {
			t.Error("more than was left:", err)
		}
		if err := give(33_34, true); err != nil {
			t.Fatal(err)
		}
		for _, a := range []ledger.Account{ledger.PayableSeller(b.Seller), ledger.RevenuePlatform} {
			if got := b.Balance(a); got != 0 {
				t.Errorf("%s keeps %s", a, got)
			}
		}
		b.Sound()
	})
}

func TestAProRataRefundFollowsTheRealmsClock(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		_, in := b.owned("prorata")
		b.Clock.Advance(10 * 24 * time.Hour)
		a, err := b.Trade.AssessRefund(context.Background(), b.DB, b.Buyer.AccountID, in.ID)
		if err != nil || a.Blocker != nil || a.Amount <= 0 || a.Amount >= 100_00 || a.Explanation.UsedHours != 240 {
			t.Fatalf("%+v, %v", a, err)
		}
		r, err := b.askRefund(in, a.Amount)
		if err != nil || r.State != refund.Paid {
			t.Fatal(r, err)
		}
		if _, err := b.Trade.AssessRefund(context.Background(), b.DB, b.Other.AccountID, in.ID); !errs.Is(err, "instance.not_found") {
			t.Error("another account's instance:", err)
		}
		b.Sound()
	})
}
