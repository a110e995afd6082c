package trade_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

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

// serving is owned with a seller who takes every call.
func (b *bundle) serving(policy string) (order.Order, subscription.Instance) {
	b.T.Helper()
	b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = $1`, policy) })
	o := b.live("V1", b.service())
	return o, b.Instance(o)
}

func (b *bundle) renewed(in subscription.Instance, planID string) order.Order {
	b.T.Helper()
	r, err := b.renewal(in, 1, planID)
	if err == nil {
		err = b.Pay(r)
	}
	if err != nil {
		b.T.Fatal(err)
	}
	b.steps()
	return r
}

func (b *bundle) unrenew(in subscription.Instance, amount money.Amount) (r refund.Refund, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		r, err = b.Trade.RequestRenewalRefund(ctx, tx, b.Buyer, trade.RefundRequest{InstanceID: in.ID, Amount: amount})
		return err
	})
	return r, err
}

// A renewed period goes back whole while it has not begun, the newest first: the expiry is
// the one before, the seller hears of the refund order, nothing is left on either side.
func TestARenewedPeriodGoesBackBeforeItBegins(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.TopUp(b.Buyer, 5000_00)
		year, _ := b.yearly("V2", false)
		b.at("2024-03-31 10:00:00")
		o := b.live("V2", s)
		in := b.Instance(o)
		if _, err := b.unrenew(in, 100_00); !errs.Is(err, "refund.no_renewal") {
			t.Error("without a renewal:", err)
		}
		month := b.renewed(in, "")
		byYear := b.renewed(in, year)
		b.expires(o, "2025-05-31")
		s.told()
		if _, err := b.unrenew(in, 100_00); !errs.Is(err, "refund.amount_changed") {
			t.Error("another amount than was paid:", err)
		}
		before := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID))
		var paid atomic.Int64
		var wg sync.WaitGroup
		for range 5 { // five browsers
			wg.Go(func() {
				if _, err := b.unrenew(in, 1000_00); err == nil {
					paid.Add(1)
				} else if errs.KindOf(err) != errs.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if paid.Load() != 1 {
			t.Errorf("given back %d times", paid.Load())
		}
		b.steps()
		b.expires(o, "2024-05-31")
		if got := b.Instance(o); got.PlanID != in.PlanID || got.PeriodType != "month" || got.State != subscription.Active {
			t.Errorf("the plan of before is not back: %+v", got)
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != before+1000_00 {
			t.Errorf("balance %s, want %s", got, before+1000_00)
		}
		if got, want := s.told(), "renew UNSUBSCRIBE_RENEWAL_PERIOD 2024-05-31 "+in.PlanNumber; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
		if got := b.Order(byYear); got.State != order.Refunded {
			t.Errorf("the renewal is %s", got.State)
		}
		if got := b.Order(month); got.State != order.Completed {
			t.Errorf("the other renewal is %s", got.State)
		}
		back, err := db.One[string](context.Background(), b.DB, `select o.kind || ' ' || c.order_id from fulfillment_calls c join orders o on o.id = c.order_id
			where c.purpose = 'cancel_renewal' and o.parent_id = $1 and o.due_amount = -100000`, byYear.ID)
		if err != nil || len(back) < 14 || back[:14] != "UNSUB_RENEWAL " {
			t.Errorf("the call is not that of the refund order: %q, %v", back, err)
		}

		b.at("2024-05-01 00:00:00") // the month after the first has begun
		b.due()
		if _, err := b.unrenew(in, 100_00); !errs.Is(err, "refund.period_begun") {
			t.Error("a period that has begun:", err)
		}
		b.expires(o, "2024-05-31")
		if used, err := refund.Used(context.Background(), b.DB, b.Buyer.AccountID, in.StartedAt); err != nil || used != 0 {
			t.Errorf("%d of the year's refunds used, %v", used, err)
		}
		b.Sound()
	})
}

// With its renewal given back, the first purchase can be given back as if it had not been.
func TestAfterARenewalIsGivenBackSoIsThePurchase(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		_, in := b.serving("five_day")
		start := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID))
		b.renewed(in, "")
		if _, err := b.askRefund(in, 100_00); !errs.Is(err, "refund.renewed") {
			t.Error("the purchase before its renewal:", err)
		}
		if _, err := b.unrenew(in, 100_00); err != nil {
			t.Fatal(err)
		}
		if _, err := b.askRefund(in, 100_00); err != nil {
			t.Fatal(err)
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != start+100_00 {
			t.Errorf("balance %s", got)
		}
		for _, a := range []ledger.Account{ledger.PayableSeller(b.Seller), ledger.RevenuePlatform} {
			if got := b.Balance(a); got != 0 {
				t.Errorf("%s keeps %s", a, got)
			}
		}
		b.Sound()
	})
}

// While a refund waits for its approval nothing is paid for the service: it would be lost
// with it. That holds for renewals by hand, by themselves, and for quotes made before.
func TestWhatIsBeingRefundedIsNotRenewed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.refundLimit(50_00)
		o, in := b.owned("five_day")
		var q order.Quote
		b.Update(func(tx *db.Tx) (err error) {
			q, _, err = b.Trade.QuoteRenewal(context.Background(), tx, b.Buyer, trade.Renewal{InstanceID: in.ID, Periods: 1})
			return err
		})
		b.policy(o, subscription.Policy{AtExpiry: subscription.Auto, Days: 7})
		r, err := b.askRefund(in, 100_00)
		if err != nil || r.State != refund.Requested {
			t.Fatal(r, err)
		}
		if _, err := b.renewal(in, 1, ""); !errs.Is(err, "refund.open") {
			t.Error("a new quote:", err)
		}
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			_, err := b.Trade.Place(ctx, tx, b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true})
			return err
		}); !errs.Is(err, "refund.open") {
			t.Error("an older quote:", err)
		}
		balance := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID))
		b.Clock.Set(b.Instance(o).AutoAt)
		b.due()
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != balance || !b.Instance(o).ExpiresAt.Equal(in.ExpiresAt) {
			t.Errorf("renewed by itself: balance %s", got)
		}
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			_, err := b.Trade.ApproveRefund(ctx, tx, r.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		b.Sound()
	})
}

// A large one waits for an operator; what is rejected stands, what is approved is shortened.
func TestALargeRenewalRefundWaits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.refundLimit(50_00)
		o, in := b.serving("none")
		r := b.renewed(in, "")
		long := b.Instance(o).ExpiresAt
		asked, err := b.unrenew(in, 100_00)
		if err != nil || asked.State != refund.Requested || b.Order(r).State != order.Refunding {
			t.Fatal(asked, err)
		}
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			_, err := b.Trade.RejectRefund(ctx, tx, asked.ID, "not now")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got := b.Instance(o); b.Order(r).State != order.Completed || !got.ExpiresAt.Equal(long) {
			t.Error("a rejected refund changed something")
		}
		if asked, err = b.unrenew(in, 100_00); err != nil {
			t.Fatal(err)
		}
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			_, err := b.Trade.ApproveRefund(ctx, tx, asked.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got := b.Instance(o); b.Order(r).State != order.Refunded || !got.ExpiresAt.Equal(in.ExpiresAt) {
			t.Errorf("not shortened: %s", got.ExpiresAt)
		}
		b.Sound()
	})
}

// An order of two services is refunded service by service: the other one stays, and can be
// given back in its turn.
func TestOneServiceOfAnOrderIsGivenBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = 'five_day'`) })
		b.service()
		o := b.Place("V1", 1)
		b.Update(func(tx *db.Tx) error { return b.secondLine(tx, o) })
		if err := b.Pay(o); err != nil {
			t.Fatal(err)
		}
		b.steps()
		var instances []subscription.Instance
		if err := b.DB.View(context.Background(), func(q db.Querier) (err error) {
			instances, err = b.Trade.Subscriptions.OfOrder(context.Background(), q, o.ID)
			return err
		}); err != nil || len(instances) != 2 || b.Order(o).State != order.Completed {
			t.Fatal(instances, err)
		}
		b.Sound()
		if _, err := b.askRefund(instances[0], 100_00); err != nil {
			t.Fatal(err)
		}
		if got := b.Order(o).State; got != order.Completed {
			t.Errorf("the order is %s while a service of it runs", got)
		}
		b.Sound()
		if _, err := b.askRefund(instances[1], 100_00); err != nil {
			t.Fatal("the other service:", err)
		}
		if got := b.Order(o).State; got != order.Refunded {
			t.Errorf("the order is %s", got)
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != 1000_00 {
			t.Errorf("balance %s", got)
		}
		b.Sound()
	})
}

// secondLine gives an unpaid order a second line like its first.
func (b *bundle) secondLine(tx *db.Tx, o order.Order) error {
	lines, err := order.Lines(context.Background(), tx, o.ID)
	if err != nil {
		return err
	}
	l := lines[0]
	l.ID, l.PlanNumber = order.LineID(o.ID, 2), l.PlanNumber+"2" // the seller of the test tells services by it
	if err := db.Insert(context.Background(), tx, "order_lines", l); err != nil {
		return err
	}
	return tradetest.Exec(tx, `update orders set due_amount = due_amount * 2, list_amount = list_amount * 2, line_count = 2 where id = $1`, o.ID)
}

// A thaw after the end of the term leads to the grace that is left, not to one that lasts as
// long as the retention would have.
func TestAThawAfterTheTermLeavesTheGraceThatIsLeft(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		o := b.live("V2", s)
		in := b.Instance(o)
		b.Update(func(tx *db.Tx) error { return b.Trade.Subscriptions.Freeze(context.Background(), tx, &in, "violation") })
		b.at("2024-05-02 10:00:00")
		b.due() // planned for the end of retention, 14 May
		in = b.Instance(o)
		b.Update(func(tx *db.Tx) error { return b.Trade.Subscriptions.Thaw(context.Background(), tx, &in) })
		b.due()
		b.state(o, subscription.Grace, false)
		b.at("2024-05-08 00:00:01")
		b.due()
		b.state(o, subscription.Retention, false)
	})
}

// What is sold by three months at least renews itself by three.
func TestAutomaticRenewalByTheLeastThatIsSold(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		o := b.live("V2", s)
		b.policy(o, subscription.Policy{AtExpiry: subscription.Auto, Days: 7})
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update price_plans set min_periods = 3, max_periods = 9`)
		})
		b.at("2024-04-23 03:00:00")
		b.due()
		b.expires(o, "2024-07-31")
		b.Sound()
	})
}
