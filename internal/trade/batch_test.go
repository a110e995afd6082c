package trade_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/subscription"
	"jishi/internal/market/term"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

// unify orders a renewal that ends on a unified day.
func (b *bundle) unify(in subscription.Instance, periods, day int) (o order.Order, offer trade.Offer, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		var q order.Quote
		var err error
		if q, offer, err = b.Trade.QuoteRenewal(ctx, tx, b.Buyer, trade.Renewal{InstanceID: in.ID, Periods: periods, UnifiedDay: day}); err != nil {
			return err
		}
		if offer.Blocker != nil {
			return offer.Blocker
		}
		o, err = b.Trade.Place(ctx, tx, b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true})
		return err
	})
	return o, offer, err
}

func (b *bundle) price(generation, price string) {
	b.T.Helper()
	b.Update(func(tx *db.Tx) error {
		return tradetest.Exec(tx, `update price_plans set price = $1 where id = $2`, price, b.Plans[generation])
	})
}

// E-19: 300.00 a month, expiry 05-17, unified day 1, one month: 439.67 until 07-01. The next
// renewal ends on the 1st again, and giving it back brings the old anchor day back.
func TestE19UnifiedExpiryDate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.TopUp(b.Buyer, 2000_00)
		b.price("V1", "300")
		b.at("2024-04-17 10:00:00")
		o := b.live("V1", s)
		b.expires(o, "2024-05-17")
		r, offer, err := b.unify(b.Instance(o), 1, 1)
		if err != nil || r.DueAmount != 439_67 || r.ListAmount != 439_67 {
			t.Fatal(r.DueAmount, err)
		}
		var sum money.Price
		var extra pricing.Component
		for _, c := range offer.Line.Explanation {
			sum = sum.Add(c.Amount)
			if c.Kind == pricing.KindExtra {
				extra = c
			}
		}
		if sum.String() != "439.67" || extra.Quantity != 14 || extra.Months.String() != "0.4655913978" || extra.Amount.String() != "139.6774193547" {
			t.Errorf("explained as %s with %+v", sum, extra)
		}
		s.told()
		if err := b.Pay(r); err != nil {
			t.Fatal(err)
		}
		b.steps()
		b.expires(o, "2024-07-01")
		if got := s.told(); !strings.Contains(got, "2024-07-01") {
			t.Errorf("the seller heard %q", got)
		}
		if in := b.Instance(o); in.AnchorDay != 1 {
			t.Errorf("anchor %d", in.AnchorDay)
		}
		next, err := b.renewal(b.Instance(o), 1, "")
		if err != nil || next.DueAmount != 300_00 || b.Pay(next) != nil {
			t.Fatal(next.DueAmount, err)
		}
		b.expires(o, "2024-08-01")
		if _, _, err := b.unify(b.Instance(o), 0, 1); errs.KindOf(err) != errs.Invalid {
			t.Error("no period and no extra day:", err)
		}
		// Up to the last day of the month only, and back again.
		last, offer, err := b.unify(b.Instance(o), 0, term.LastDay)
		if err != nil || last.DueAmount != 290_32 || offer.Line.PeriodNumber != 0 || len(offer.Line.Explanation) != 2 {
			t.Fatalf("%s, %+v, %v", last.DueAmount, offer.Line, err)
		}
		if err := b.Pay(last); err != nil {
			t.Fatal(err)
		}
		b.steps()
		b.expires(o, "2024-08-31")
		if in := b.Instance(o); in.AnchorDay != 31 || in.PeriodNumber != 1 {
			t.Errorf("anchor %d, %d periods", in.AnchorDay, in.PeriodNumber)
		}
		b.policy(o, subscription.Policy{AtExpiry: subscription.Auto, Days: 7})
		b.Update(func(tx *db.Tx) error {
			_, err := b.Trade.RequestRenewalRefund(context.Background(), tx, b.Buyer, trade.RefundRequest{InstanceID: b.Instance(o).ID, Amount: 290_32})
			return err
		})
		b.expires(o, "2024-08-01")
		if in := b.Instance(o); in.AnchorDay != 1 || in.AtExpiry != subscription.Manual || !in.AutoAt.IsZero() || in.RemindAt.IsZero() {
			t.Errorf("after it went back: anchor %d, %s, auto %v, reminder %v", in.AnchorDay, in.AtExpiry, in.AutoAt, in.RemindAt)
		}
		if b.messages("instance_auto_off") != 1 {
			t.Error("the buyer was not told that automatic renewal is off")
		}
		b.at("2024-07-25 03:00:00")
		b.due()
		b.expires(o, "2024-08-01") // and nothing is bought again
		b.Sound()
	})
}

func TestAUnifiedDateNeedsWhatIsInUse(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		o := b.live("V2", s)
		for _, day := range []int{-2, 29, 31} {
			if _, _, err := b.unify(b.Instance(o), 1, day); errs.KindOf(err) != errs.Invalid {
				t.Error(day, err)
			}
		}
		// The end moved while the order waited: its days were counted from another one.
		r, _, err := b.unify(b.Instance(o), 1, 15)
		if err != nil {
			t.Fatal(err)
		}
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update instances set expires_at = expires_at + 86400000000 where order_id = $1`, o.ID)
		})
		if err := b.Pay(r); err != nil {
			t.Fatal(err)
		}
		if got := b.Order(r); got.State != order.Expired || got.Cause != "instance.expiry_moved" {
			t.Errorf("%s, %s", got.State, got.Cause)
		}
		b.at("2024-05-10 10:00:00")
		b.due()
		b.due()
		b.state(o, subscription.Retention, false)
		if _, _, err := b.unify(b.Instance(o), 1, 15); !errs.Is(err, "instance.not_unifiable") {
			t.Error("in retention:", err)
		}
		trial, err := b.order(b.Buyer, b.TrialPlan(30))
		if err != nil {
			t.Fatal(err)
		}
		b.steps()
		if _, _, err := b.unify(b.Instance(trial), 1, 15); !errs.Is(err, "instance.not_unifiable") {
			t.Error("a trial:", err)
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != 900_00 {
			t.Error("balance", got)
		}
	})
}

func TestBatchRenewal(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBundle(t, d)
		s := b.service()
		b.TopUp(b.Buyer, 5000_00)
		b.at("2024-03-31 10:00:00")
		one, two := b.live("V1", s), b.live("V2", s)
		ids := []string{b.Instance(one).ID, b.Instance(two).ID}
		common, err := b.Trade.CommonLengths(ctx, d, b.Buyer.AccountID, ids)
		if err != nil || common.Proposed != 1 || len(common.Months) != 9 {
			t.Fatalf("%+v, %v", common, err)
		}
		b.yearly("V1", false)
		b.yearly("V2", false)
		if common, err = b.Trade.CommonLengths(ctx, d, b.Buyer.AccountID, ids); err != nil || common.Proposed != 12 {
			t.Fatalf("%+v, %v", common.Months, err)
		}
		if _, err := b.Trade.CommonLengths(ctx, d, b.Other.AccountID, ids); !errs.Is(err, "instance.not_found") {
			t.Error("somebody else's services:", err)
		}
		quote := func(w trade.Batch) (ids []string, total money.Amount) {
			t.Helper()
			b.Update(func(tx *db.Tx) error {
				quotes, sum, err := b.Trade.QuoteRenewals(ctx, tx, b.Buyer, w)
				total, ids = sum, nil
				for _, q := range quotes {
					if q.Problem == nil {
						ids = append(ids, q.Quote.ID)
					}
				}
				return err
			})
			return ids, total
		}
		place := func(quotes []string) (placed []order.Order, err error) {
			err = b.try(func(ctx context.Context, tx *db.Tx) error {
				placed, err = b.Trade.PlaceRenewals(ctx, tx, b.Buyer, quotes, trade.Placing{Accepted: true})
				return err
			})
			return placed, err
		}
		quotes, total := quote(trade.Batch{Instances: ids, Months: 2, UnifiedDay: 15})
		if len(quotes) != 2 || total != 2*(200_00+48_38) { // natural 06-30, target 07-15: 15/31 month of 100.00
			t.Fatal(quotes, total)
		}
		// A batch against a single renewal of one of them: whoever orders first wins, whole.
		var wg sync.WaitGroup
		var batch []order.Order
		var batchErr, singleErr error
		var single order.Order
		wg.Go(func() { batch, batchErr = place(quotes) })
		wg.Go(func() { single, singleErr = b.renewal(b.Instance(two), 1, "") })
		wg.Wait()
		switch {
		case batchErr == nil && errs.Is(singleErr, "instance.pending_order"):
		case errs.Is(batchErr, "renewals.changed") && singleErr == nil:
			if n := b.Count(`select count(*) from orders where kind = 'RENEW'`); n != 1 {
				t.Errorf("%d renewals, want only the single one", n)
			}
			b.Update(func(tx *db.Tx) error { _, err := b.Trade.Cancel(ctx, tx, b.Buyer, single.ID); return err })
			if batch, err = place(quotes); err != nil {
				t.Fatal(err)
			}
		default:
			t.Fatal(batchErr, singleErr)
		}
		b.Update(func(tx *db.Tx) error {
			m, err := b.Trade.PayAll(ctx, tx, b.Buyer, []string{batch[0].ID, batch[1].ID})
			if err == nil && (!m.Paid || m.Total != total) {
				t.Errorf("%+v", m)
			}
			return err
		})
		if n := b.Count(`select count(*) from mails where template = 'renewal_paid' and to_address = 'seller@example.com'`); n != 2 {
			t.Errorf("%d letters to the seller of two renewals", n)
		}
		b.expires(one, "2024-07-15")
		b.expires(two, "2024-07-15")
		if _, err := place(quotes); !errs.Is(err, "renewals.changed") {
			t.Error("used quotes:", err)
		}
		if _, err := place([]string{quotes[0], quotes[0]}); errs.KindOf(err) != errs.Invalid {
			t.Error("a quote twice:", err)
		}
		// Only to the last day of the month; what has no such days is named.
		if left, total := quote(trade.Batch{Instances: ids, UnifiedDay: 15}); len(left) != 0 || total != 0 {
			t.Error("already on that day:", left, total)
		}
		if left, _ := quote(trade.Batch{Instances: ids, Months: 11}); len(left) != 0 {
			t.Error("a length that they do not have:", left)
		}
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			return b.Trade.SetPolicies(ctx, tx, b.Buyer.AccountID, ids, subscription.Policy{AtExpiry: subscription.Auto, Days: 5})
		}); err != nil {
			t.Fatal(err)
		}
		if b.Count(`select count(*) from instances where at_expiry = 'auto' and auto_days = 5`) != 2 {
			t.Error("policies")
		}
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			return b.Trade.SetPolicies(ctx, tx, b.Other.AccountID, ids, subscription.Policy{AtExpiry: subscription.Leave, Days: 5})
		}); !errs.Is(err, "instance.not_found") {
			t.Error("somebody else's policies:", err)
		}
		b.Sound()
	})
}

// Level V3: warned 5, 2 and 0 days before the freeze on 05-07 and 6, 2 and 0 before the release
// on 05-14, each once and by letter, too.
func TestWarningsOfFreezeAndRelease(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		b.live("V1", s)
		for _, c := range []struct {
			now             string
			freeze, release int
		}{
			{"2024-05-01 00:00:01", 0, 0}, {"2024-05-02 10:00:00", 1, 0}, {"2024-05-04 23:00:00", 1, 0}, {"2024-05-05 10:00:00", 2, 0}, {"2024-05-07 10:00:00", 3, 0},
			{"2024-05-08 00:00:01", 3, 0}, {"2024-05-08 10:00:00", 3, 1}, {"2024-05-12 10:00:00", 3, 2}, {"2024-05-14 10:00:00", 3, 3}, {"2024-05-14 23:00:00", 3, 3},
		} {
			b.at(c.now)
			b.due()
			b.due()
			if f, r := b.messages("instance_freezing"), b.messages("instance_releasing"); f != c.freeze || r != c.release {
				t.Errorf("%s: %d and %d, want %d and %d", c.now, f, r, c.freeze, c.release)
			}
		}
		for code, want := range map[string]int{"instance_freezing": 3, "instance_releasing": 3, "instance_expired": 1, "instance_retained": 1} {
			if got := b.Count(`select count(*) from mails where template = $1 and to_address = 'buyer@example.com'`, code); got != want {
				t.Errorf("%d letters %s, want %d", got, code, want)
			}
		}
	})
}

// A better level lengthens what runs at once; a worse one never shortens a date that was told.
func TestALevelThatChangesInGrace(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		level := func(name string) {
			b.Update(func(tx *db.Tx) error {
				if err := tradetest.Exec(tx, `update accounts set customer_level = $1 where id = $2`, name, b.Buyer.AccountID); err != nil {
					return err
				}
				return b.Trade.LevelChanged(context.Background(), tx, b.Buyer.AccountID)
			})
		}
		b.at("2024-03-31 10:00:00")
		o := b.live("V1", s)
		level("V0") // 1 and 1
		b.at("2024-05-01 10:00:00")
		b.due()
		b.state(o, subscription.Grace, false)
		level("V5") // 7 and 15
		b.at("2024-05-05 10:00:00")
		b.due()
		b.state(o, subscription.Grace, false)
		level("V0")
		b.at("2024-05-07 20:00:00")
		b.due()
		b.state(o, subscription.Grace, false)
		b.at("2024-05-08 00:00:01")
		b.due()
		b.state(o, subscription.Retention, false)
		b.due()
		b.state(o, subscription.Retention, false) // a day of it from the end of grace
		level("V3")                               // 7 and 7
		b.at("2024-05-14 20:00:00")
		b.due()
		b.state(o, subscription.Retention, false)
		b.at("2024-05-15 00:00:01")
		b.due()
		b.state(o, subscription.Released, false)
	})
}
