package trade_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

func (b *bundle) limit(column string, l *catalog.Limit) {
	b.Update(func(tx *db.Tx) error {
		text := `update products set purchase_limit = $1 where id = (select product_id from price_plans where id = $2)`
		if column == "spec" {
			text = `update specs set purchase_limit = $1 where id = (select spec_id from price_plans where id = $2)`
		}
		return tradetest.Exec(tx, text, db.JSON(l), b.Plans["V1"])
	})
}

// order places an order for one month, or says why not.
func (b *bundle) order(who trade.Buyer, planID string) (o order.Order, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		o, err = b.placeIn(ctx, tx, who, planID)
		return err
	})
	return o, err
}

func (b *bundle) placeIn(ctx context.Context, tx *db.Tx, who trade.Buyer, planID string) (order.Order, error) {
	q, _, err := b.Trade.Quote(ctx, tx, who, trade.Wish{PlanID: planID})
	if err != nil {
		return order.Order{}, err
	}
	return b.Trade.Place(ctx, tx, who, placing(q.ID))
}

// E-4 as an order: three months for 60 users, kept with its explanation through a price change.
func TestWhatWasChosenStaysOnTheOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Customise("V1")
		b.TopUp(b.Buyer, 10_000_00)
		var o order.Order
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			q, offer, err := b.Trade.Quote(ctx, tx, b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Periods: 3, Quantity: 60})
			if err != nil || offer.Line.UnitPrice.String() != "1780" || q.Amount != 5340_00 {
				t.Error(offer.Line.UnitPrice, q.Amount, err)
			}
			// The seller's new price reaches new quotes only.
			if err := tradetest.Exec(tx, `update price_plans set price = '900', plan = replace(plan, '"600"', '"900"')`); err != nil {
				return err
			}
			o, err = b.Trade.Place(ctx, tx, b.Buyer, placing(q.ID))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := b.Pay(o); err != nil {
			t.Fatal(err)
		}
		lines, err := order.Lines(t.Context(), d, o.ID)
		if err != nil || len(lines) != 1 {
			t.Fatal(lines, err)
		}
		l := lines[0]
		var sum money.Price
		for _, c := range l.Explanation {
			sum = sum.Add(c.Amount)
		}
		if l.Amount != 5340_00 || sum.Cmp(l.Amount.Price()) != 0 || l.Chosen.Linear("amount") != 60 || l.Chosen.Values[0].ValueName.EN != "Pro" {
			t.Errorf("%+v", l)
		}
		in := b.Instance(o)
		if in.Chosen.Linear("amount") != 60 || in.Trial {
			t.Errorf("%+v", in)
		}
		if left := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); left != 5660_00 {
			t.Error(left)
		}
		// A renewal of the same for one month pays the new price (§3.5).
		sale, err := b.Trade.Catalog.ForSale(t.Context(), d, in.PlanID)
		if err != nil {
			t.Fatal(err)
		}
		renewal, err := order.Price(sale, pricing.Ask{Quantity: in.Chosen.Quantity.Value}, order.Terms{Currency: "CNY"})
		if err != nil || renewal.Amount != 2080_00 {
			t.Error(renewal.Amount, err)
		}
		b.Sound()
	})
}

func TestQuantitiesThatCannotBeHad(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Customise("V1")
		for _, c := range []struct {
			plan     string
			quantity int64
			code     string
		}{{"V1", -1, "range"}, {"V1", 101, "range"}, {"V1", 1 << 60, "range"}, {"V2", 5, "pricing.no_quantity"}} {
			err := b.try(func(ctx context.Context, tx *db.Tx) error {
				_, _, err := b.Trade.Quote(ctx, tx, b.Buyer, trade.Wish{PlanID: b.Plans[c.plan], Quantity: c.quantity})
				return err
			})
			if e, ok := errs.As(err); !ok || e.Kind != errs.Invalid || e.Fields[0].Path != "quantity" || e.Fields[0].Code != c.code {
				t.Errorf("%+v: %v", c, err)
			}
		}
	})
}

func TestPurchaseLimits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.TopUp(b.Buyer, 10_000_00)
		b.shop()
		plan := b.Plans["V1"]
		for _, level := range []string{"product", "spec"} {
			b.limit(level, &catalog.Limit{Kind: catalog.LimitQuantity, Count: 2})
			one, err := b.order(b.Buyer, plan)
			if err != nil {
				t.Fatal(err)
			}
			two, err := b.order(b.Buyer, plan)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := b.order(b.Buyer, plan); !errs.Is(err, "trade.limit_quantity") {
				t.Errorf("%s: a third: %v", level, err)
			}
			if _, err := b.order(b.Other, plan); err != nil {
				t.Errorf("%s: another customer: %v", level, err)
			}
			// What was canceled does not count, nor what ran out of time.
			if err := b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.Trade.Cancel(ctx, tx, b.Buyer, one.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := b.order(b.Buyer, plan); err != nil {
				t.Errorf("%s: after a cancellation: %v", level, err)
			}
			b.Clock.Advance(8 * 24 * time.Hour)
			// Once: an unpaid order that has run out counts no more, a paid one does.
			b.limit(level, &catalog.Limit{Kind: catalog.LimitOnce})
			paid, err := b.order(b.Buyer, plan)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Pay(paid); err != nil {
				t.Fatal(err)
			}
			if _, err := b.order(b.Buyer, plan); !errs.Is(err, "trade.limit_once") {
				t.Errorf("%s: twice: %v", level, err)
			}
			// The buyer reads it before he orders.
			b.Update(func(tx *db.Tx) error {
				_, offer, err := b.Trade.Quote(t.Context(), tx, b.Buyer, trade.Wish{PlanID: plan})
				if !errs.Is(offer.Blocker, "trade.limit_once") {
					t.Errorf("%s: %v", level, offer.Blocker)
				}
				return err
			})
			// Until expiry: not while it is provisioned and used, then again.
			b.limit(level, &catalog.Limit{Kind: catalog.LimitUntilExpiry})
			if _, err := b.order(b.Buyer, plan); !errs.Is(err, "trade.limit_until_expiry") {
				t.Errorf("%s: while it is made: %v", level, err)
			}
			b.Step()
			if _, err := b.order(b.Buyer, plan); !errs.Is(err, "trade.limit_until_expiry") {
				t.Errorf("%s: while it is used: %v", level, err)
			}
			b.Clock.Advance(32 * 24 * time.Hour)
			again, err := b.order(b.Buyer, plan)
			if err != nil {
				t.Fatalf("%s: after its end: %v", level, err)
			}
			// Refunded orders do not count (C8).
			if err := b.Pay(again); err != nil {
				t.Fatal(err)
			}
			b.Serve(tradetest.Raw(503, "text/plain", "down"))
			b.CloseWindow()
			b.Step()
			if s := b.Order(again).State; s != order.Refunded {
				t.Fatal(s)
			}
			if _, err := b.order(b.Buyer, plan); err != nil {
				t.Errorf("%s: after a refund: %v", level, err)
			}
			b.shop()
			b.limit(level, nil)
			_ = two
			b.Update(func(tx *db.Tx) error {
				return tradetest.Exec(tx, `update orders set state = 'CANCELED' where state in ('PENDING_PAYMENT', 'COMPLETED')`)
			})
		}
		b.Sound()
	})
}

// The limit became stricter between order and payment: the second of two orders is not paid.
func TestLimitsAreCheckedAgainAtPayment(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		first, second := b.Place("V1", 1), b.Place("V1", 1)
		b.limit("product", &catalog.Limit{Kind: catalog.LimitOnce})
		pay := func(o order.Order) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := b.Trade.Pay(context.Background(), tx, b.Buyer, o.ID); return err }
		}
		one, two := b.overlap(pay(first), pay(second))
		if one != nil || !errs.Is(two, "trade.limit_once") {
			t.Error(one, two)
		}
		if left := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); left != 900_00 {
			t.Error(left)
		}
	})
}

func TestTwoOrdersAtOnceAreCounted(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.limit("spec", &catalog.Limit{Kind: catalog.LimitOnce})
		place := func(tx *db.Tx) error {
			_, err := b.placeIn(context.Background(), tx, b.Buyer, b.Plans["V1"])
			return err
		}
		one, two := b.overlap(place, place)
		if one != nil || !errs.Is(two, "trade.limit_once") {
			t.Error(one, two)
		}
	})
}

func TestATrialIsFreeAndOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		plan := b.TrialPlan(30)
		o, err := b.order(b.Buyer, plan)
		if err != nil || o.Kind != order.Trial || o.State != order.Processing || o.DueAmount != 0 {
			t.Fatalf("%+v %v", o, err)
		}
		if _, err := b.order(b.Buyer, plan); !errs.Is(err, "trade.trial_once") {
			t.Error("a second trial:", err)
		}
		if _, err := b.order(b.Other, plan); err != nil {
			t.Error("another customer:", err)
		}
		b.Step()
		in := b.Instance(o)
		end := in.StartedAt.AddDate(0, 0, 30)
		if b.Order(o).State != order.Completed || !in.Trial || in.State != subscription.Active || in.ExpiresAt.Before(end.Add(-24*time.Hour)) || in.ExpiresAt.After(end.Add(24*time.Hour)) {
			t.Errorf("%s %+v", b.Order(o).State, in)
		}
		// No money moved, and it is no purchase.
		if left := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); left != 1000_00 || b.Count(`select count(*) from payments`) != 0 {
			t.Error(left)
		}
		b.limit("spec", &catalog.Limit{Kind: catalog.LimitOnce})
		if _, err := b.order(b.Buyer, b.Plans["V1"]); err != nil {
			t.Error("a purchase after the trial:", err)
		}
		b.Clock.Advance(60 * 24 * time.Hour)
		if _, err := b.order(b.Buyer, plan); !errs.Is(err, "trade.trial_once") {
			t.Error("after its end:", err)
		}
		b.Sound()
	})
}

func TestATrialThatFailsMayBeTriedAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		plan := b.TrialPlan(7)
		o, err := b.order(b.Buyer, plan)
		if err != nil {
			t.Fatal(err)
		}
		b.CloseWindow()
		b.Step()
		if s := b.Order(o).State; s != order.Refunded || b.Instance(o).State != subscription.Unsubscribed {
			t.Fatal(s)
		}
		var told []string
		told, err = db.List[string](t.Context(), d, `select code from messages where code like 'trial%' order by code`)
		if text, _ := json.Marshal(told); err != nil || string(text) != `["trial_canceled","trial_failed","trial_ordered"]` {
			t.Error(string(text), err)
		}
		if _, err := b.order(b.Buyer, plan); err != nil {
			t.Error(err)
		}
		b.Sound()
	})
}

func TestTwoTrialsAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		plan := b.TrialPlan(7)
		place := func(tx *db.Tx) error {
			_, err := b.placeIn(context.Background(), tx, b.Buyer, plan)
			return err
		}
		one, two := b.overlap(place, place)
		if one != nil || !errs.Is(two, "trade.trial_once") {
			t.Error(one, two)
		}
	})
}

// A change of the plan alone keeps the quantity, and the seller reads it as the new total (saas.md §6.5).
func TestAnUpgradeTellsTheQuantityThatStays(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.TopUp(b.Buyer, 100_000_00)
		b.Customise("V1")
		o, err := b.order(b.Buyer, b.Plans["V1"])
		if err == nil {
			err = b.Pay(o)
		}
		if err != nil {
			t.Fatal(err)
		}
		b.steps()
		s.told()
		quantity := b.Instance(o).Chosen.Linear(pricing.FieldAmount)
		yearly, _ := b.yearly("V1", false)
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Upgrade, PlanID: yearly})
		for _, c := range b.Calls(o) {
			if c.Purpose == fulfillment.Upgrade && (quantity == 0 || int64(c.Number(fulfillment.ParamAmount)) != quantity) {
				t.Errorf("told %v, want %d", c.Parameters, quantity)
			}
		}
	})
}
