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
	"jishi/internal/market/catalog"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
	"jishi/wire/saas"
)

// change places a change of an instance.
func (b *bundle) change(w trade.ChangeWish) (o order.Order, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		q, offer, err := b.Trade.QuoteChange(ctx, tx, b.Buyer, w)
		if err != nil {
			return err
		}
		if offer.Blocker != nil {
			return offer.Blocker
		}
		o, err = b.Trade.Place(ctx, tx, b.Buyer, placing(q.ID))
		return err
	})
	return o, err
}

func (b *bundle) mustChange(w trade.ChangeWish) order.Order {
	b.T.Helper()
	o, err := b.change(w)
	if err != nil {
		b.T.Fatal(err)
	}
	return o
}

func (b *bundle) line(o order.Order) order.Line {
	b.T.Helper()
	lines, err := order.Lines(context.Background(), b.DB, o.ID)
	if err != nil || len(lines) != 1 {
		b.T.Fatal(len(lines), err)
	}
	return lines[0]
}

func perUser(prices ...string) *pricing.Rate {
	r := &pricing.Rate{Mode: pricing.Linear}
	for _, p := range prices {
		v, err := money.ParsePrice(p)
		if err != nil {
			panic(err)
		}
		r.Tiers = append(r.Tiers, pricing.Tier{Price: v})
	}
	return r
}

func fieldOf(err error) (path, code string) {
	if e, ok := errs.As(err); ok && len(e.Fields) > 0 {
		return e.Fields[0].Path, e.Fields[0].Code
	}
	return "", ""
}

// From the click to the changed instance, in both generations: CHANGING until the seller has
// answered, the money held until then; the same instance, the new plan for renewals.
func TestAnUpgradeWithinTheRunningTerm(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		for _, g := range []string{"V1", "V2"} {
			sku := b.Changeable(g, nil, nil)
			b.at("2024-04-01 10:00:00")
			o := b.live(g, s)
			before := b.Instance(o)
			b.at("2024-04-16 09:20:00") // counted from 10:00: 14 h of the 16th, then 15 days, and May's first
			paid := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID))
			c := b.mustChange(trade.ChangeWish{InstanceID: before.ID, Target: sku["pro"]})
			// (14/24 + 14)/30 + 1/31 = 0.51836917 months × 50
			if c.Kind != order.Upgrade || c.DueAmount != 25_91 {
				t.Errorf("%s: %s %s", g, c.Kind, c.DueAmount)
			}
			if l := b.line(c); l.Change.SkuCode != before.SkuCode || l.SkuCode != sku["pro"] || l.UnitPrice.String() != "150" || !l.EndsAt.Equal(before.ExpiresAt) ||
				l.StartsAt.In(shanghai).Hour() != 10 || pricing.Exact(l.Explanation, 0).Cmp(l.Change.Difference) != 0 {
				t.Errorf("%+v", l)
			}
			// Until it is paid or canceled there is nothing else.
			if _, err := b.change(trade.ChangeWish{InstanceID: before.ID, Target: sku["max"]}); !errs.Is(err, "instance.pending_order") {
				t.Error("a second change:", err)
			}
			if _, err := b.renewal(before, 1, ""); !errs.Is(err, "instance.pending_order") {
				t.Error("a renewal beside it:", err)
			}
			b.at("2024-04-18 12:00:00") // the price stays as it was submitted
			if err := b.Pay(c); err != nil {
				t.Fatal(err)
			}
			in := b.state(o, subscription.Changing, false)
			if in.SkuCode != before.SkuCode || b.Order(c).State != order.Processing {
				t.Errorf("changed before the seller did: %+v", in)
			}
			if got := b.Balance(ledger.Held(b.line(c).ID)); got != 25_91 {
				t.Errorf("held %s", got)
			}
			b.steps()
			in = b.state(o, subscription.Active, false)
			l := b.line(c)
			if in.SkuCode != sku["pro"] || in.PlanNumber != l.PlanNumber || in.PeriodType != "month" || in.ExternalID != before.ExternalID || in.ID != before.ID || !in.ExpiresAt.Equal(before.ExpiresAt) {
				t.Errorf("%+v", in)
			}
			want := "upgrade " + l.PlanNumber
			if g == "V2" {
				want = "upgrade " + l.ID
			}
			if got := s.told(); got != want {
				t.Errorf("heard %q, want %q", got, want)
			}
			if got := b.Order(c); got.State != order.Completed || b.Balance(ledger.Held(l.ID)) != 0 {
				t.Errorf("%+v", got)
			}
			if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != paid-25_91 {
				t.Errorf("balance %s", got)
			}
			// The renewal costs what it is now.
			r, err := b.renewal(in, 1, "")
			if err != nil || r.DueAmount != 150_00 {
				t.Error(r.DueAmount, err)
			}
			if err := b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.Trade.Cancel(ctx, tx, b.Buyer, r.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			// A further upgrade takes off what both have cost.
			b.at("2024-04-20 00:00:00")
			c = b.mustChange(trade.ChangeWish{InstanceID: before.ID, Target: sku["max"]})
			if c.DueAmount != 19_94 { // (11/30 + 1/31) × 50
				t.Error("further upgrade:", c.DueAmount)
			}
		}
		b.Sound()
	})
}

// E-22 as an order: yearly before, monthly prices for what is left.
func TestE22AsAnOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		sku := b.Changeable("V1", nil, nil)
		b.TopUp(b.Buyer, 5000_00)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update price_plans set price = '1200', plan = replace(plan, '"1000"', '"1200"') where choice = 'edition=basic' and period_type = 'year'`)
		})
		b.at("2025-01-01 09:00:00")
		plan, err := db.One[string](t.Context(), d, `select id from price_plans where choice = 'edition=basic' and period_type = 'year'`)
		if err != nil {
			t.Fatal(err)
		}
		o, err := b.order(b.Buyer, plan)
		if err != nil || b.Pay(o) != nil {
			t.Fatal(err)
		}
		b.steps()
		s.told()
		b.at("2025-07-04 10:20:00")
		c := b.mustChange(trade.ChangeWish{InstanceID: b.Instance(o).ID, Target: sku["pro"]})
		l := b.line(c)
		if c.DueAmount != 296_03 || l.Change.Per != "month" || !strings.HasPrefix(l.Change.Left.String(), "5.92069892") || l.PeriodType != "year" {
			t.Errorf("%s %+v", c.DueAmount, l.Change)
		}
		b.Sound()
	})
}

// More users: the new total goes over the wire, the skuCode stays, the quantity is the
// instance's.
func TestAnExpansion(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		sku := b.Changeable("V1", perUser("2"), nil)
		b.at("2024-04-01 10:00:00")
		o := b.live("V1", s)
		in := b.Instance(o)
		b.at("2024-04-02 00:00:00")
		for _, x := range []struct {
			wish       trade.ChangeWish
			path, code string
		}{
			{trade.ChangeWish{Quantity: 5}, "quantity", "range"},
			{trade.ChangeWish{Quantity: -5}, "quantity", "range"},
			{trade.ChangeWish{Quantity: 1 << 60}, "quantity", "range"},
			{trade.ChangeWish{Quantity: 15}, "quantity", "pricing.step"},
			{trade.ChangeWish{Quantity: 10}, "target", "pricing.nothing_changes"},
			{trade.ChangeWish{}, "target", "pricing.nothing_changes"},
			{trade.ChangeWish{Target: "other", Quantity: 20}, "target", "instance.change_target_unknown"},
		} {
			x.wish.InstanceID = in.ID
			_, err := b.change(x.wish)
			if path, code := fieldOf(err); path != x.path || code != x.code || errs.KindOf(err) != errs.Invalid {
				t.Errorf("%+v: %v", x.wish, err)
			}
		}
		c := b.mustChange(trade.ChangeWish{InstanceID: in.ID, Quantity: 30})
		if c.DueAmount != 39_95 { // 20 × 2 × (29/30 + 1/31 → 0.99892473)
			t.Error(c.DueAmount)
		}
		if err := b.Pay(c); err != nil {
			t.Fatal(err)
		}
		sent, err := db.One[string](t.Context(), d, `select parameters from fulfillment_calls where purpose = 'upgrade'`)
		if err != nil || !strings.Contains(sent, `"amount":"30"`) || !strings.Contains(sent, sku["basic"]) {
			t.Error(sent, err)
		}
		b.steps()
		in = b.state(o, subscription.Active, false)
		if in.Chosen.Linear(pricing.FieldAmount) != 30 || in.SkuCode != sku["basic"] || in.PlanID != b.Plans["V1"] {
			t.Errorf("%+v", in)
		}
		if _, err := b.change(trade.ChangeWish{InstanceID: in.ID, Quantity: 20}); err == nil {
			t.Error("fewer users within the running term")
		}
		// A renewal is for 30 users.
		if r, err := b.renewal(in, 1, ""); err != nil || r.DueAmount != 160_00 {
			t.Error(r.DueAmount, err)
		}
		b.Sound()
	})
}

// A seller who does not make it: everything goes back, the old specification stays.
func TestAnUpgradeThatFails(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		for g, a := range map[string]saas.Activity{"V1": saas.Upgrade, "V2": saas.UpgradeInstance} {
			sku := b.Changeable(g, nil, nil)
			b.at("2024-04-01 10:00:00")
			o := b.live(g, s)
			before := b.Instance(o)
			s.failing(a, saas.CodeBadParameter)
			b.at("2024-04-16 09:20:00")
			balance := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID))
			c := b.mustChange(trade.ChangeWish{InstanceID: before.ID, Target: sku["pro"]})
			if err := b.Pay(c); err != nil {
				t.Fatal(err)
			}
			if !b.Step() {
				t.Fatal("no call")
			}
			b.state(o, subscription.Changing, false)
			if _, err := b.renewal(before, 1, ""); !errs.Is(err, "instance.not_in_state") {
				t.Error("renewed while it changes:", err)
			}
			b.CloseWindow()
			b.steps()
			in := b.state(o, subscription.Active, false)
			if in.PlanID != before.PlanID || in.SkuCode != before.SkuCode {
				t.Errorf("%+v", in)
			}
			if got := b.Order(c); got.State != order.Refunded || got.Cause != order.ProvisioningFailed {
				t.Errorf("%+v", got)
			}
			if got := b.Order(o); got.State != order.Completed {
				t.Errorf("the purchase is %s", got.State)
			}
			if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != balance || b.Balance(ledger.Held(b.line(c).ID)) != 0 {
				t.Errorf("balance %s, was %s", got, balance)
			}
			if b.Count(`select count(*) from orders where parent_id = $1 and kind = 'UNSUB' and due_amount = $2`, c.ID, -c.DueAmount) != 1 {
				t.Error("no refund order")
			}
		}
		if b.messages("change_refunded") != 2 || b.messages("order_refunded") != 0 {
			t.Error("the buyer was not told, or the wrong thing")
		}
		b.Sound()
	})
}

// What an operator releases while it changes: the change is paid back with it.
func TestReleasedWhileItChanges(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		sku := b.Changeable("V2", nil, nil)
		b.at("2024-04-01 10:00:00")
		o := b.live("V2", s)
		s.failing(saas.UpgradeInstance, saas.CodeBadParameter)
		b.at("2024-04-16 09:20:00")
		c := b.mustChange(trade.ChangeWish{InstanceID: b.Instance(o).ID, Target: sku["pro"]})
		if err := b.Pay(c); err != nil {
			t.Fatal(err)
		}
		b.Step()
		b.mustSend(o, trade.Sending{Purpose: "release", Confirmed: true})
		b.steps()
		if got := b.Order(c); got.State != order.Refunded || got.Cause != order.ChangeDropped {
			t.Errorf("%+v", got)
		}
		b.state(o, subscription.Released, false)
		b.Sound()
	})
}

// Bought with a renewal: asked first, at the target's price, effective with the new period;
// the seller hears of it then, and not before.
func TestARenewalWithAChange(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		sku := b.Changeable("V2", perUser("2"), nil)
		b.TopUp(b.Buyer, 5000_00)
		b.at("2024-04-01 10:00:00")
		o := b.live("V2", s)
		before := b.Instance(o)
		b.at("2024-04-02 00:00:00")
		wish := trade.ChangeWish{InstanceID: before.ID, Target: sku["pro"], Quantity: 20, Renewal: true, Periods: 2}
		if _, err := b.change(wish); err != nil {
			t.Error("30 days before the expiry:", err)
		}
		b.try(func(ctx context.Context, tx *db.Tx) error {
			return tradetest.Exec(tx, `update orders set state = 'CANCELED' where kind = 'RENEW_CHANGE'`)
		})
		b.at("2024-03-31 23:59:59") // 31 days before
		if _, err := b.change(wish); !errs.Is(err, "instance.change_renewal_early") {
			t.Error("31 days before:", err)
		}
		b.at("2024-04-20 10:00:00")
		s.told()
		if err := b.Trade.AskChange(t.Context(), b.Other.AccountID, wish); !errs.Is(err, "instance.not_found") {
			t.Error("another account:", err)
		}
		// The fixture's server takes ten users at most.
		if err := b.Trade.AskChange(t.Context(), b.Buyer.AccountID, wish); !errs.Is(err, "instance.change_refused") || !strings.Contains(err.Error(), "too many users") {
			t.Error("a seller who does not agree:", err)
		}
		fits := wish
		fits.Quantity = 0
		if err := b.Trade.AskChange(t.Context(), b.Buyer.AccountID, fits); err != nil || !strings.HasPrefix(s.told(), "check OFFI") {
			t.Error(err)
		}
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		if err := b.Trade.AskChange(t.Context(), b.Buyer.AccountID, fits); !errs.Is(err, "instance.change_unanswered") {
			t.Error("a seller who does not answer:", err)
		}
		b.Serve(&s.Handler)
		c := b.mustChange(wish)
		if c.Kind != order.RenewChange || c.DueAmount != 380_00 { // (150 + 20 × 2) × 2
			t.Error(c.Kind, c.DueAmount)
		}
		if err := b.Pay(c); err != nil {
			t.Fatal(err)
		}
		b.steps()
		in := b.state(o, subscription.Active, false)
		b.expires(o, "2024-07-01")
		if in.PlanID != before.PlanID || !in.ChangeAt.Equal(before.ExpiresAt) || b.Order(c).State != order.Completed {
			t.Errorf("%+v", in)
		}
		if got := s.told(); strings.Contains(got, "renew") {
			t.Errorf("the seller heard %q before it takes effect", got)
		}
		if n := b.Count(`select count(*) from mails where template = 'renewal_paid'`); n != 1 {
			t.Error(n, "letters to the seller about the renewal")
		}
		for _, err := range []error{
			func() error { _, err := b.renewal(in, 1, ""); return err }(),
			func() error { _, err := b.change(trade.ChangeWish{InstanceID: in.ID, Target: sku["max"]}); return err }(),
		} {
			if !errs.Is(err, "instance.change_pending") {
				t.Error("beside a change to come:", err)
			}
		}
		apply := func() {
			b.T.Helper()
			if err := b.try(func(ctx context.Context, tx *db.Tx) error { _, err := b.Trade.ApplyChanges(ctx, tx); return err }); err != nil {
				t.Fatal(err)
			}
		}
		b.at("2024-05-01 23:59:59")
		apply()
		if got := b.Instance(o); got.PlanID != before.PlanID {
			t.Error("changed too early")
		}
		b.at("2024-05-02 00:00:00")
		apply()
		apply()
		b.steps()
		in = b.state(o, subscription.Active, false)
		l := b.line(c)
		if in.SkuCode != sku["pro"] || in.Chosen.Linear(pricing.FieldAmount) != 20 || !in.ChangeAt.IsZero() || in.PlanNumber != l.PlanNumber {
			t.Errorf("%+v", in)
		}
		if got, want := s.told(), "renew RENEWAL_CHANGE 2024-07-01 "+l.PlanNumber; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
		// A period that has begun stays; the next change counts it as bought.
		if _, err := b.unrenew(in, 380_00); !errs.Is(err, "refund.period_begun") {
			t.Error(err)
		}
		b.at("2024-05-16 00:00:00")
		up := b.mustChange(trade.ChangeWish{InstanceID: in.ID, Target: sku["max"]})
		if up.DueAmount != 77_41 { // 50 × (16/31 + 1 + 1/31)
			t.Error(up.DueAmount)
		}
		b.Sound()
	})
}

// Given back before it takes effect: the old expiry, and nothing changes.
func TestARenewalWithAChangeGoesBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		sku := b.Changeable("V2", nil, nil)
		b.at("2024-04-01 10:00:00")
		o := b.live("V2", s)
		before := b.Instance(o)
		b.at("2024-04-20 10:00:00")
		c := b.mustChange(trade.ChangeWish{InstanceID: before.ID, Target: sku["pro"], Renewal: true, Periods: 1})
		if err := b.Pay(c); err != nil {
			t.Fatal(err)
		}
		b.steps()
		s.told()
		if _, err := b.unrenew(before, 150_00); err != nil {
			t.Fatal(err)
		}
		b.steps()
		in := b.state(o, subscription.Active, false)
		if !in.ExpiresAt.Equal(before.ExpiresAt) || !in.ChangeAt.IsZero() || in.PlanID != before.PlanID || b.Order(c).State != order.Refunded {
			t.Errorf("%+v", in)
		}
		if got := s.told(); got != "" {
			t.Errorf("heard %q of what he never knew", got)
		}
		b.at("2024-05-02 00:00:00")
		if err := b.try(func(ctx context.Context, tx *db.Tx) error { _, err := b.Trade.ApplyChanges(ctx, tx); return err }); err != nil {
			t.Fatal(err)
		}
		if got := b.Instance(o); got.PlanID != before.PlanID {
			t.Error("it changed all the same")
		}
		b.Sound()
	})
}

// Rules: what the seller has not offered, what turned cheaper, what is taken off sale.
func TestWhichChangesAreOffered(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		sku := b.Changeable("V2", nil, &catalog.ChangeContent{Rules: []catalog.ChangeRule{{From: "edition=basic", To: []string{"edition=pro", "edition=max"}}}, Renewal: true})
		b.at("2024-04-01 10:00:00")
		o := b.live("V2", s)
		in := b.Instance(o)
		offered := func() (running, renewal string) {
			t.Helper()
			list, err := b.Trade.ListChanges(t.Context(), d, b.Buyer.AccountID, in.ID)
			if err != nil || list.Running != nil {
				t.Fatal(list.Running, err)
			}
			for _, x := range list.Targets {
				if x.Running {
					running += x.Chosen.Values[0].Value + " "
				}
				if x.Renewal {
					renewal += x.Chosen.Values[0].Value + " "
				}
			}
			return running, renewal
		}
		b.at("2024-04-16 09:20:00")
		if a, r := offered(); a != "max pro " || r != "max pro " {
			t.Error(a, r)
		}
		exec := func(text string) {
			b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, text) })
		}
		exec(`update price_plans set price = '90' where choice = 'edition=pro' and period_type = 'month'`)
		if a, r := offered(); a != "max " || r != "max pro " {
			t.Error("cheaper than the source:", a, r)
		}
		exec(`update price_plans set sold = false where choice = 'edition=max'`)
		if a, r := offered(); a != "" || r != "pro " {
			t.Error("not sold:", a, r)
		}
		if _, err := b.change(trade.ChangeWish{InstanceID: in.ID, Target: sku["max"]}); err == nil {
			t.Error("changed to what is not sold")
		}
		exec(`update price_plans set sold = true`)
		for _, w := range []struct {
			who  trade.Buyer
			code string
		}{{b.Other, "instance.not_found"}} {
			err := b.try(func(ctx context.Context, tx *db.Tx) error {
				_, _, err := b.Trade.QuoteChange(ctx, tx, w.who, trade.ChangeWish{InstanceID: in.ID, Target: sku["max"]})
				return err
			})
			if !errs.Is(err, w.code) {
				t.Error(err)
			}
		}
		c := b.mustChange(trade.ChangeWish{InstanceID: in.ID, Target: sku["max"]})
		exec(`update products set state = 'delisted'`)
		if err := b.Pay(c); err != nil {
			t.Fatal(err)
		}
		if got := b.Order(c); got.State != order.Expired || got.Cause != "catalog.not_on_sale" {
			t.Errorf("taken down before the payment: %s %s", got.State, got.Cause)
		}
		b.state(o, subscription.Active, false)
		b.Sound()
	})
}

// Two changes, a renewal and a refund of one instance at once: one of them stands.
func TestChangesAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		sku := b.Changeable("V2", nil, nil)
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = 'prorata'`) })
		b.at("2024-04-01 10:00:00")
		o := b.live("V2", s)
		in := b.Instance(o)
		b.at("2024-04-16 09:20:00")
		var wg sync.WaitGroup
		placed := make(chan order.Order, 12)
		for range 4 {
			for _, one := range []func() (order.Order, error){
				func() (order.Order, error) { return b.change(trade.ChangeWish{InstanceID: in.ID, Target: sku["pro"]}) },
				func() (order.Order, error) { return b.change(trade.ChangeWish{InstanceID: in.ID, Target: sku["max"]}) },
				func() (order.Order, error) { return b.renewal(in, 1, "") },
			} {
				wg.Go(func() {
					switch o, err := one(); {
					case err == nil:
						placed <- o
					case errs.KindOf(err) != errs.Conflict:
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		close(placed)
		if len(placed) != 1 {
			t.Fatalf("%d unpaid orders about one instance", len(placed))
		}
		c := <-placed
		if c.Kind == order.Renew { // the race is about changes: take one
			if err := b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.Trade.Cancel(ctx, tx, b.Buyer, c.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			c = b.mustChange(trade.ChangeWish{InstanceID: in.ID, Target: sku["pro"]})
		}
		preview, err := b.Trade.AssessRefund(t.Context(), d, b.Buyer.AccountID, in.ID)
		if err != nil || !errs.Is(preview.Blocker, "instance.pending_order") {
			t.Error(preview.Blocker, err)
		}
		for range 3 {
			wg.Go(func() {
				if err := b.Pay(c); err != nil && errs.KindOf(err) != errs.Conflict {
					t.Error(err)
				}
			})
			wg.Go(func() {
				if _, err := b.askRefund(in, preview.Amount); err == nil {
					t.Error("refunded beside an unpaid or running change")
				} else if errs.KindOf(err) != errs.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		b.steps()
		b.state(o, subscription.Active, false)
		if got := b.Order(c); got.State != order.Completed {
			t.Errorf("%+v", got)
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != 900_00-c.DueAmount {
			t.Errorf("balance %s", got)
		}
		b.Sound()
	})
}

// upgraded buys, delivers and upgrades at 10:00 on 16 April: 100.00 and 25.91.
func (b *bundle) upgraded(s *service, policy string) (o, c order.Order, in subscription.Instance) {
	b.T.Helper()
	sku := b.Changeable("V2", nil, nil)
	b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = $1`, policy) })
	b.at("2024-04-01 10:00:00")
	o = b.live("V2", s)
	b.at("2024-04-16 09:20:00")
	c = b.mustChange(trade.ChangeWish{InstanceID: b.Instance(o).ID, Target: sku["pro"]})
	if err := b.Pay(c); err != nil {
		b.T.Fatal(err)
	}
	b.steps()
	return o, c, b.Instance(o)
}

// An upgraded service goes back with its changes, the newest first: each by an order and
// postings of its own.
func TestAnUpgradedServiceGoesBackWhole(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		o, c, in := b.upgraded(s, "prorata")
		s.told()
		b.at("2024-04-24 10:00:00")
		a, err := b.Trade.AssessRefund(t.Context(), d, b.Buyer.AccountID, in.ID)
		if err != nil || a.Blocker != nil || len(a.Parts) != 1 {
			t.Fatal(a, err)
		}
		// 552 of 734 hours are used of 100.00, 192 of 374 of 25.91.
		if a.Base.Amount != 24_80 || a.Parts[0].Amount != 12_61 || a.Amount != 37_41 {
			t.Errorf("%s + %s = %s", a.Base.Amount, a.Parts[0].Amount, a.Amount)
		}
		if _, err := b.askRefund(in, 24_80); !errs.Is(err, "refund.amount_changed") {
			t.Error("the purchase alone:", err)
		}
		r, err := b.askRefund(in, a.Amount)
		if err != nil || r.State != "paid" {
			t.Fatal(r, err)
		}
		b.steps()
		b.state(o, subscription.Unsubscribed, false)
		for _, x := range []order.Order{o, c} {
			if got := b.Order(x); got.State != order.Refunded {
				t.Errorf("%s is %s", got.Kind, got.State)
			}
		}
		if got := s.told(); strings.Count(got, "release") != 1 {
			t.Error("heard", got)
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != 1000_00-125_91+37_41 {
			t.Errorf("balance %s", got)
		}
		first, err := db.List[string](t.Context(), d, `select parent_id from orders where kind = 'UNSUB' order by created_at, (select id from refunds r where r.refund_order_id = orders.id) desc`)
		if err != nil || len(first) != 2 {
			t.Error(first, err)
		}
		if b.messages("refund_paid") != 1 {
			t.Error("told more than once")
		}
		b.Sound()
	})
}

// Above the limit an operator decides on both at once; what he refuses goes on as it was.
func TestARefundOfAnUpgradedServiceWaitsAsOne(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		o, c, in := b.upgraded(b.service(), "prorata")
		b.refundLimit(30_00)
		b.at("2024-04-24 10:00:00")
		decide := func(fn func(id string, tx *db.Tx) error) {
			t.Helper()
			r, err := b.askRefund(in, 37_41)
			if err != nil || r.State != "requested" {
				t.Fatal(r, err)
			}
			if got := b.Order(c); got.State != order.Refunding {
				t.Errorf("the change is %s", got.State)
			}
			if _, err := b.change(trade.ChangeWish{InstanceID: in.ID, Quantity: 0}); err == nil {
				t.Error("changed while a refund waits")
			}
			part, err := db.One[string](t.Context(), d, `select id from refunds where main_id = $1`, r.ID)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.try(func(ctx context.Context, tx *db.Tx) error { _, err := b.Trade.ApproveRefund(ctx, tx, part); return err }); !errs.Is(err, "refund.part") {
				t.Error("a part alone:", err)
			}
			if err := b.DB.Update(t.Context(), func(tx *db.Tx) error { return fn(r.ID, tx) }); err != nil {
				t.Fatal(err)
			}
		}
		decide(func(id string, tx *db.Tx) error {
			_, err := b.Trade.RejectRefund(t.Context(), tx, id, "no reason given")
			return err
		})
		if b.Order(o).State != order.Completed || b.Order(c).State != order.Completed {
			t.Error("a refused refund moved an order")
		}
		b.state(o, subscription.Active, false)
		decide(func(id string, tx *db.Tx) error { _, err := b.Trade.ApproveRefund(t.Context(), tx, id); return err })
		if b.Order(o).State != order.Refunded || b.Order(c).State != order.Refunded {
			t.Error("an approved refund left an order")
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != 1000_00-125_91+37_41 {
			t.Errorf("balance %s", got)
		}
		b.Sound()
	})
}

// Within five days all of it goes back, and it counts once.
func TestFiveDayRefundOfAnUpgradedService(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		sku := b.Changeable("V1", nil, nil)
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = 'five_day'`) })
		b.at("2024-04-01 10:00:00")
		o := b.live("V1", s)
		in := b.Instance(o)
		var sum money.Amount
		for _, target := range []string{"pro", "max"} {
			b.at(map[string]string{"pro": "2024-04-02 10:00:00", "max": "2024-04-03 10:00:00"}[target])
			c := b.mustChange(trade.ChangeWish{InstanceID: in.ID, Target: sku[target]})
			if err := b.Pay(c); err != nil {
				t.Fatal(err)
			}
			b.steps()
			sum += c.DueAmount
		}
		// An operator gives a part back first: the newest change gives it.
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			_, err := b.Trade.RefundByOperator(ctx, tx, trade.OperatorRefund{InstanceID: in.ID, Amount: 50_00, Reason: "slow delivery"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := b.Count(`select count(*) from refunds where kind = 'operator' and main_id = ''`); n != 1 {
			t.Error(n)
		}
		b.at("2024-04-05 10:00:00")
		a, err := b.Trade.AssessRefund(t.Context(), d, b.Buyer.AccountID, in.ID)
		if err != nil || a.Blocker != nil || a.Amount != 100_00+sum-50_00 || len(a.Parts) != 2 {
			t.Fatal(a.Amount, sum, a.Blocker, err)
		}
		if _, err := b.askRefund(in, a.Amount); err != nil {
			t.Fatal(err)
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != 1000_00 {
			t.Errorf("balance %s", got)
		}
		if n := b.Count(`select count(*) from refunds where kind = 'five_day' and main_id = ''`); n != 1 {
			t.Error("counted", n)
		}
		if got := b.Balance(ledger.PayableSeller(b.Seller)); got != 0 {
			t.Errorf("the seller has %s", got)
		}
		b.Sound()
	})
}
