package trade_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/pricing"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

// adjusting is a marketplace that allows adjustments.
func adjusting(t *testing.T, d *db.DB) online {
	m := online{tradetest.New(t, d)}
	site, version, err := m.Trade.Settings.SiteVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	site.Payments.AdjustPrices = true
	m.Update(func(tx *db.Tx) error { return m.Trade.Settings.SaveSite(context.Background(), tx, version, site) })
	return m
}

func (m online) adjust(o order.Order, p order.NewPrice) error {
	return m.DB.Update(context.Background(), func(tx *db.Tx) error {
		_, err := m.Trade.AdjustPrice(context.Background(), tx, o.ID, p)
		return err
	})
}

func (m online) answer(b trade.Buyer, o order.Order, accepted bool) error {
	return m.DB.Update(context.Background(), func(tx *db.Tx) error {
		_, err := m.Trade.ConfirmPrice(context.Background(), tx, b, o.ID, accepted)
		return err
	})
}

func total(v money.Amount) order.NewPrice { return order.NewPrice{Total: &v, Reason: "as agreed"} }

func TestAPriceIsAdjustedAndConfirmed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := adjusting(t, d)
		o := m.Place("V1", 2) // 200.00
		line := order.LineID(o.ID, 1)
		for name, p := range map[string]order.NewPrice{"above the list": total(200_01), "below nothing": total(-1), "without a reason": {Total: new(money.Amount)},
			"a line above the list": {Lines: map[string]money.Amount{line: 200_01}, Reason: "as agreed"}, "of another line": {Lines: map[string]money.Amount{"x": 1}, Reason: "as agreed"}, "of nothing": {Reason: "as agreed"}} {
			if err := m.adjust(o, p); errs.KindOf(err) != errs.Invalid {
				t.Error(name, err)
			}
		}
		if err := m.adjust(o, total(200_00)); !errs.Is(err, "order.same_price") {
			t.Error(err)
		}
		a := m.begin("k", o)
		if err := m.adjust(o, total(150_00)); err != nil {
			t.Fatal(err)
		}
		now := m.Order(o)
		if now.State != order.PendingConfirm || now.DueAmount != 150_00 {
			t.Fatal(now.State, now.DueAmount)
		}
		lines, err := order.Lines(t.Context(), d, o.ID)
		if err != nil || lines[0].Amount != 150_00 || lines[0].ListAmount != 200_00 || lines[0].Discount == nil || lines[0].Discount.WireType != pricing.WireAdjustment {
			t.Errorf("%+v, %v", lines[0], err)
		}
		if _, err := order.Find(t.Context(), d, order.Scope{SellerID: m.Seller}, o.ID); !errs.Is(err, "order.not_found") {
			t.Error("the seller sees it:", err)
		}
		if err := m.Pay(o); !errs.Is(err, "order.bad_transition") {
			t.Error("paid unconfirmed:", err)
		}
		if err := m.answer(m.Other, o, true); !errs.Is(err, "order.not_found") {
			t.Error("another account answered:", err)
		}
		if err := m.answer(m.Buyer, o, true); err != nil {
			t.Fatal(err)
		}
		if err := m.answer(m.Buyer, o, true); !errs.Is(err, "order.bad_transition") {
			t.Error("answered twice:", err)
		}
		// The payment that was begun at the old price pays it; the rest is on the balance.
		if a = m.paid(a); a.Outcome != payment.PaidOrders || a.Surplus != 50_00 {
			t.Error(a.Outcome, a.Cause, a.Surplus)
		}
		m.has(ledger.Held(line), 150_00)
		m.has(ledger.BuyerBalance(m.Buyer.AccountID), 1050_00)
		if err := m.adjust(o, total(1)); !errs.Is(err, "order.bad_transition") {
			t.Error("adjusted when it was paid:", err)
		}
		list, err := order.Adjustments(t.Context(), d, o.ID)
		if err != nil || len(list) != 1 || list[0].State != order.Confirmed || list[0].Type != 609 {
			t.Errorf("%+v, %v", list, err)
		}
		m.Sound()
	})
}

func TestAnAdjustmentIsRefusedOrForgotten(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := adjusting(t, d)
		refused, forgotten, free, twice := m.Place("V1", 1), m.Place("V1", 2), m.Place("V2", 1), m.Place("V1", 3)
		for _, o := range []order.Order{refused, forgotten, twice} {
			if err := m.adjust(o, total(50_00)); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.answer(m.Buyer, refused, false); err != nil || m.Order(refused).State != order.Expired {
			t.Error(m.Order(refused).State, err)
		}
		if err := m.adjust(twice, order.NewPrice{Lines: map[string]money.Amount{order.LineID(twice.ID, 1): 60_00}, Reason: "a slip of the pen"}); err != nil || m.Order(twice).DueAmount != 60_00 {
			t.Error(m.Order(twice).DueAmount, err)
		}
		if err := m.adjust(free, total(0)); err != nil {
			t.Fatal(err)
		}
		if err := m.answer(m.Buyer, free, true); err != nil || m.Order(free).State != order.Processing {
			t.Error("it costs nothing and does not start:", m.Order(free).State, err)
		}
		m.Clock.Advance(8 * 24 * time.Hour)
		m.Update(func(tx *db.Tx) error { _, err := m.Trade.ExpireDue(context.Background(), tx); return err })
		if m.Order(forgotten).State != order.Expired || m.Count(`select count(*) from order_adjustments where state = 'proposed'`) != 0 {
			t.Error(m.Order(forgotten).State)
		}
		m.has(ledger.BuyerBalance(m.Buyer.AccountID), 1000_00)
		m.Sound()
	})
}

// The company's limit is asked again; an approval of as much holds. Two answers at once are one.
func TestAnAdjustedPriceIsReviewed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := adjusting(t, d)
		o, p, q := m.Place("V1", 2), m.Place("V1", 2), m.Place("V1", 2)
		for _, x := range []order.Order{o, p, q} {
			if err := m.adjust(x, total(150_00)); err != nil {
				t.Fatal(err)
			}
		}
		m.Update(func(tx *db.Tx) error {
			_, err := order.SetPolicy(context.Background(), tx, order.Policy{AccountID: m.Buyer.AccountID, Enabled: true, Limit: 100_00})
			return err
		})
		if err := m.answer(m.Buyer, o, true); err != nil || m.Order(o).State != order.PendingReview {
			t.Fatal(m.Order(o).State, err)
		}
		boss := trade.Buyer{AccountID: m.Buyer.AccountID, UserID: "usr_boss", Approver: true}
		m.Update(func(tx *db.Tx) error {
			_, err := m.Trade.Decide(context.Background(), tx, boss, o.ID, true, "")
			return err
		})
		// Approved at 150.00, which is not the 200.00 that it cost before it was first adjusted.
		if err := m.answer(m.Buyer, q, true); err != nil {
			t.Fatal(err)
		}
		m.Update(func(tx *db.Tx) error {
			_, err := m.Trade.Decide(context.Background(), tx, boss, q.ID, true, "")
			return err
		})
		if err := m.adjust(q, total(190_00)); err != nil {
			t.Fatal(err)
		}
		if err := m.answer(m.Buyer, q, true); err != nil || m.Order(q).State != order.PendingReview {
			t.Error("dearer than what was approved:", m.Order(q).State, err)
		}
		if err := m.adjust(o, total(140_00)); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				if err := m.answer(m.Buyer, o, i%2 == 0); err != nil && !errs.Is(err, "order.bad_transition") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if s := m.Order(o).State; s != order.PendingPayment && s != order.Expired {
			t.Error("approved before, and it is", s)
		}
		if err := m.answer(boss, p, true); err != nil || m.Order(p).State != order.PendingPayment {
			t.Error("the approver himself:", m.Order(p).State, err)
		}
		m.Sound()
	})
}

// A site that has not switched it on adjusts nothing.
func TestAdjustmentIsOffByDefault(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		if err := m.adjust(m.Place("V1", 1), total(1)); !errs.Is(err, "order.adjust_off") {
			t.Error(err)
		}
	})
}
