package trade_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

// at sets the realm's clock.
func (b *bundle) at(s string) {
	b.T.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, shanghai)
	if err != nil {
		b.T.Fatal(err)
	}
	b.Clock.Set(at)
}

// due runs the workers of the life of subscriptions, as the periodic jobs do.
func (b *bundle) due() {
	b.T.Helper()
	if err := b.Trade.AutoRenew(context.Background()); err != nil {
		b.T.Fatal(err)
	}
	for _, work := range []func(context.Context, *db.Tx) (bool, error){b.Trade.EndTerms, b.Trade.RemindOfExpiry} {
		for more := true; more; {
			if err := b.try(func(ctx context.Context, tx *db.Tx) (err error) {
				more, err = work(ctx, tx)
				return err
			}); err != nil {
				b.T.Fatal(err)
			}
		}
	}
	b.steps()
}

func (b *bundle) renewal(in subscription.Instance, periods int, planID string) (o order.Order, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		q, offer, err := b.Trade.QuoteRenewal(ctx, tx, b.Buyer, trade.Renewal{InstanceID: in.ID, Periods: periods, PlanID: planID})
		if err != nil {
			return err
		}
		if offer.Blocker != nil {
			return offer.Blocker
		}
		o, err = b.Trade.Place(ctx, tx, b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true})
		return err
	})
	return o, err
}

func (b *bundle) expires(o order.Order, want string) {
	b.T.Helper()
	if got := b.Instance(o).ExpiresAt.In(shanghai).Format(time.DateTime); got != want+" 23:59:59" {
		b.T.Errorf("expires %s, want %s", got, want)
	}
}

func (b *bundle) messages(code string) int {
	b.T.Helper()
	return b.Count(`select count(*) from messages where code = $1`, code)
}

// E-18, level V3: grace to 05-07, retention to 05-14, and the calls that belong to it.
func TestATermThatIsNotRenewed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		orders := map[string]order.Order{"V1": b.live("V1", s), "V2": b.live("V2", s)}
		all := func(want subscription.State, heard string) {
			t.Helper()
			b.due()
			b.due() // a second run finds nothing
			for g, o := range orders {
				if got := b.Instance(o).State; got != want {
					t.Errorf("%s is %s, want %s", g, got, want)
				}
			}
			if got := s.told(); got != heard {
				t.Errorf("the seller heard %q, want %q", got, heard)
			}
		}
		b.at("2024-04-30 23:59:59")
		all(subscription.Active, "")
		b.at("2024-05-01 00:00:00")
		all(subscription.Grace, "")
		b.at("2024-05-07 23:59:59")
		all(subscription.Grace, "")
		b.at("2024-05-08 00:00:01")
		all(subscription.Retention, "freeze, freeze")
		b.at("2024-05-14 23:59:59")
		all(subscription.Retention, "")
		b.at("2024-05-15 00:00:01")
		b.due()
		if got := s.told(); strings.Count(got, "release") != 2 {
			t.Error("released:", got)
		}
		for _, o := range orders {
			b.state(o, subscription.Released, false)
		}
		if b.messages("instance_expired") != 2 || b.messages("instance_retained") != 2 || b.messages("instance_released") != 2 {
			t.Error("the buyer was not told once of each step")
		}
		b.Sound()
	})
}

// E-17: renewed in retention, the new period begins at the old expiry; what is frozen thaws
// once the seller knows.
func TestE17RenewedInRetention(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		for g, heard := range map[string]string{"V1": "renew RENEWAL 2024-05-31 ", "V2": "renew RENEWAL 2024-05-31 , thaw"} {
			b.at("2024-03-31 10:00:00")
			o := b.live(g, s)
			b.expires(o, "2024-04-30")
			b.at("2024-05-10 09:00:00")
			b.due()
			b.due()
			b.state(o, subscription.Retention, false)
			s.told()
			paid := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID))
			r, err := b.renewal(b.Instance(o), 1, "")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := b.renewal(b.Instance(o), 1, ""); !errs.Is(err, "instance.pending_order") {
				t.Error("a second renewal beside an unpaid one:", err)
			}
			if err := b.Pay(r); err != nil {
				t.Fatal(err)
			}
			b.state(o, subscription.Active, false)
			b.expires(o, "2024-05-31")
			if got := b.Order(r); got.State != order.Completed || got.Kind != order.Renew {
				t.Errorf("%+v", got)
			}
			if err := b.Pay(r); errs.KindOf(err) != errs.Conflict {
				t.Error("paid twice:", err)
			}
			if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != paid-100_00 {
				t.Errorf("balance %s", got)
			}
			b.steps()
			if got := s.told(); got != heard {
				t.Errorf("%s heard %q, want %q", g, got, heard)
			}
		}
		b.Sound()
	})
}

// Renewed from monthly to yearly: the skuCode stays, the wire's productId is the year's, and
// the present price holds (trade.md §2.3, §3.5).
func TestRenewedByTheYearAtThePresentPrice(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.TopUp(b.Buyer, 5000_00)
		year, number := b.yearly("V2", false)
		b.at("2024-01-31 10:00:00")
		o := b.live("V2", s)
		before := b.Instance(o)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update price_plans set price = '1200' where id = $1`, year)
		})
		r, err := b.renewal(before, 1, year)
		if err != nil || r.DueAmount != 1200_00 {
			t.Fatal(r.DueAmount, err)
		}
		if err := b.Pay(r); err != nil {
			t.Fatal(err)
		}
		b.steps()
		in := b.Instance(o)
		if in.SkuCode != before.SkuCode || in.PlanNumber != number || in.PeriodType != "year" {
			t.Errorf("%+v", in)
		}
		b.expires(o, "2025-02-28")
		if got, want := s.told(), "renew RENEWAL 2025-02-28 "+number; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
		if _, err := b.renewal(in, 1, "pln_other"); errs.KindOf(err) != errs.Invalid {
			t.Error("a foreign plan:", err)
		}
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set state = 'delisted'`) })
		if _, err := b.renewal(in, 1, ""); !errs.Is(err, "catalog.not_on_sale") {
			t.Error("a delisted product:", err)
		}
		b.Sound()
	})
}

// Paid renewals of two browsers stand one after the other, whoever comes first.
func TestTwoRenewalsAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		o := b.live("V2", s)
		var wg sync.WaitGroup
		placed := make(chan order.Order, 8)
		for range 8 {
			wg.Go(func() {
				r, err := b.renewal(b.Instance(o), 1, "")
				switch {
				case err == nil:
					placed <- r
				case errs.KindOf(err) != errs.Conflict:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		close(placed)
		if len(placed) != 1 {
			t.Fatalf("%d unpaid renewals of one instance", len(placed))
		}
		r := <-placed
		for range 4 {
			wg.Go(func() {
				if err := b.Pay(r); err != nil && errs.KindOf(err) != errs.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		b.expires(o, "2024-05-31")
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != 800_00 {
			t.Errorf("balance %s", got)
		}
		b.Sound()
	})
}

func (b *bundle) policy(o order.Order, p subscription.Policy) {
	b.T.Helper()
	in := b.Instance(o)
	b.Update(func(tx *db.Tx) error {
		return b.Trade.Subscriptions.SetPolicy(context.Background(), tx, &in, p, shanghai)
	})
}

// Seven days before the expiry at 03:00; each day again when the balance is short; and
// nothing twice when several nodes work at once.
func TestAutomaticRenewal(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		o := b.live("V2", s)
		b.policy(o, subscription.Policy{AtExpiry: subscription.Auto, Days: 7, Times: 2})
		b.at("2024-04-23 02:59:59")
		b.due()
		b.expires(o, "2024-04-30")
		b.at("2024-04-23 03:00:00")
		var wg sync.WaitGroup
		for range 3 { // three nodes
			wg.Go(func() {
				if err := b.Trade.AutoRenew(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		b.due()
		b.expires(o, "2024-05-31")
		if got := s.told(); got != "renew RENEWAL 2024-05-31 " {
			t.Errorf("heard %q", got)
		}

		// The balance is spent: tried daily, told the first time and 5, 2 and 0 days before.
		b.Update(func(tx *db.Tx) error { // 800.00 are left; take all but 50.00
			_, err := ledger.Post(context.Background(), tx, ledger.Journal{Key: "spend", Kind: "test", Cause: "test", Currency: "CNY",
				Lines: []ledger.Line{{Account: ledger.BuyerBalance(b.Buyer.AccountID), Amount: -750_00}, {Account: ledger.Bank, Amount: 750_00}}})
			return err
		})
		for day := 24; day <= 31; day++ {
			b.at("2024-05-" + string(rune('0'+day/10)) + string(rune('0'+day%10)) + " 03:00:00")
			b.due()
		}
		if got := b.messages("instance_renewal_failed"); got != 4 {
			t.Errorf("%d failure notices, want 4", got)
		}
		b.expires(o, "2024-05-31")
		b.at("2024-06-01 00:00:00")
		b.due()
		b.state(o, subscription.Grace, false)
		b.TopUp(b.Buyer, 500_00)
		if r, err := b.renewal(b.Instance(o), 1, ""); err != nil || b.Pay(r) != nil {
			t.Fatal("by hand in grace:", err)
		}
		b.expires(o, "2024-06-30") // the anchor is the 31st
		b.at("2024-06-23 03:00:00")
		b.due()
		b.expires(o, "2024-07-31")
		if in := b.Instance(o); in.AtExpiry != subscription.Manual || !in.AutoAt.IsZero() {
			t.Errorf("the last automatic renewal left %s, %v", in.AtExpiry, in.AutoAt)
		}
		b.Sound()
	})
}

// A trial has no grace; converted in retention it keeps its instance and begins anew.
func TestATrialEndsAndIsConverted(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-01 10:00:00")
		o, err := b.order(b.Buyer, b.TrialPlan(30))
		if err != nil {
			t.Fatal(err)
		}
		b.steps()
		external := b.Instance(o).ExternalID
		b.expires(o, "2024-03-31")
		s.told()
		b.at("2024-04-01 00:00:01")
		b.due()
		b.state(o, subscription.Retention, false)
		s.told()
		b.at("2024-04-03 12:00:00")
		r, err := b.renewal(b.Instance(o), 2, "")
		if err != nil || r.Kind != order.Convert || r.DueAmount != 200_00 {
			t.Fatal(r, err)
		}
		if err := b.Pay(r); err != nil {
			t.Fatal(err)
		}
		b.steps()
		in := b.state(o, subscription.Active, false)
		if in.Trial || in.ExternalID != external {
			t.Errorf("%+v", in)
		}
		b.expires(o, "2024-06-03")
		if got := s.told(); !strings.HasPrefix(got, "renew ") || !strings.Contains(got, "2024-06-03") {
			t.Errorf("heard %q", got)
		}
		b.Sound()
	})
}

func TestRemindersOfTheExpiry(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		o := b.live("V1", s)
		for _, c := range []struct {
			now  string
			want int
		}{{"2024-04-15 09:59:59", 0}, {"2024-04-15 10:00:00", 1}, {"2024-04-23 10:00:00", 2}, {"2024-04-26 12:00:00", 2}, {"2024-04-27 10:00:00", 3}, {"2024-04-29 10:00:00", 4}, {"2024-04-30 20:00:00", 4}} {
			b.at(c.now)
			b.due()
			if got := b.messages("instance_expiring"); got != c.want {
				t.Errorf("%s: %d reminders, want %d", c.now, got, c.want)
			}
		}
		b.policy(o, subscription.Policy{AtExpiry: subscription.Leave, Days: 7})
		if in := b.Instance(o); !in.RemindAt.IsZero() {
			t.Error("somebody who lets it end is reminded")
		}
	})
}

// One subscription that cannot be renewed, for a fault of ours, holds up no other.
func TestAFaultyAutomaticRenewalHoldsUpNoOther(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		broken, sound := b.live("V1", s), b.live("V2", s)
		for _, o := range []order.Order{broken, sound} {
			b.policy(o, subscription.Policy{AtExpiry: subscription.Auto, Days: 7})
		}
		b.Update(func(tx *db.Tx) error { // and it is the first in the row
			return tradetest.Exec(tx, `update instances set plan_id = 'pln_gone', auto_at = auto_at - 1000000 where order_id = $1`, broken.ID)
		})
		b.at("2024-04-23 03:00:00")
		b.due()
		b.expires(sound, "2024-05-31")
		b.expires(broken, "2024-04-30")
		if in := b.Instance(broken); !in.AutoAt.Equal(b.Clock.Now().Add(time.Hour)) {
			t.Errorf("tried again at %v", in.AutoAt)
		}
		b.Sound()
	})
}
