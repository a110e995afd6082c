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
	"jishi/internal/base/page"
	"jishi/internal/base/settings"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

func (b *bundle) try(fn func(ctx context.Context, tx *db.Tx) error) error {
	return b.DB.UpdateCtx(context.Background(), fn)
}

func TestTenBrowsersPayOneOrderOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		o := b.Place("V1", 1)
		var paid, refused atomic.Int64
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				switch err := b.Pay(o); {
				case err == nil:
					paid.Add(1)
				case errs.KindOf(err) == errs.Conflict:
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if paid.Load() != 1 || refused.Load() != 9 {
			t.Errorf("%d paid, %d refused", paid.Load(), refused.Load())
		}
		if left := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); left != 900_00 {
			t.Errorf("balance %s", left)
		}
		if n := len(b.Calls(o)); n != 1 {
			t.Errorf("%d calls queued", n)
		}
		b.Sound()
	})
}

func TestOrdersRaceForTheBalance(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		orders := make([]order.Order, 8)
		for i := range orders {
			orders[i] = b.Place("V1", 3) // 300.00 each, 1,000.00 in all
		}
		var paid atomic.Int64
		var wg sync.WaitGroup
		for _, o := range orders {
			wg.Go(func() {
				err := b.Pay(o)
				if err == nil {
					paid.Add(1)
				} else if !errs.Is(err, "ledger.insufficient") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if paid.Load() != 3 || b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)) != 100_00 {
			t.Errorf("%d paid, %s left", paid.Load(), b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)))
		}
		b.Sound()
	})
}

func TestAQuoteMakesOneOrderAtItsPrice(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		var q order.Quote
		b.Update(func(tx *db.Tx) (err error) {
			q, _, err = b.Trade.Quote(context.Background(), tx, b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Periods: 2})
			return err
		})
		place := func(who trade.Buyer, in trade.Placing) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.Trade.Place(ctx, tx, who, in)
				return err
			})
		}
		if err := place(b.Buyer, trade.Placing{QuoteID: q.ID}); errs.KindOf(err) != errs.Invalid {
			t.Error("the agreement was not ticked:", err)
		}
		if err := place(b.Other, trade.Placing{QuoteID: q.ID, Accepted: true}); !errs.Is(err, "order.quote_not_found") {
			t.Error("another account's quote:", err)
		}
		// The price changes between quote and order: the quote holds.
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update price_plans set price = '500' where id = $1`, b.Plans["V1"])
		})
		if err := place(b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true}); err != nil {
			t.Fatal(err)
		}
		p, err := order.List(context.Background(), d, order.Filter{Scope: order.Scope{AccountID: b.Buyer.AccountID}}, page.Query{})
		if err != nil || p.Total != 1 || p.Items[0].DueAmount != 200_00 {
			t.Fatalf("%+v %v", p, err)
		}
		if err := place(b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true}); !errs.Is(err, "order.quote_used") {
			t.Error("a second order from one quote:", err)
		}
		b.Update(func(tx *db.Tx) (err error) {
			q, _, err = b.Trade.Quote(context.Background(), tx, b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Periods: 1})
			return err
		})
		b.Clock.Advance(order.QuoteValid)
		if err := place(b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true}); !errs.Is(err, "order.quote_expired") {
			t.Error("an old quote:", err)
		}
		for _, months := range []int{-1, 10, 1 << 40} {
			err := b.try(func(ctx context.Context, tx *db.Tx) error {
				_, _, err := b.Trade.Quote(ctx, tx, b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Periods: months})
				return err
			})
			if e, ok := errs.As(err); !ok || e.Kind != errs.Invalid || e.Fields[0].Path != "periods" {
				t.Errorf("%d months: %v", months, err)
			}
		}
	})
}

func TestWhoMayBuy(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		o := b.Place("V1", 1)
		for _, c := range []struct{ set, code string }{
			{`update accounts set real_name_state = 'pending' where id = $1`, "trade.real_name_needed"},
			{`update accounts set real_name_state = 'verified', state = 'suspended' where id = $1`, "trade.account_suspended"},
		} {
			b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, c.set, b.Buyer.AccountID) })
			if err := b.Pay(o); !errs.Is(err, c.code) {
				t.Errorf("pay: %v, want %s", err, c.code)
			}
			var offer trade.Offer
			b.Update(func(tx *db.Tx) (err error) {
				_, offer, err = b.Trade.Quote(context.Background(), tx, b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Periods: 1})
				return err
			})
			if !errs.Is(offer.Blocker, c.code) {
				t.Errorf("the quote names %v, want %s", offer.Blocker, c.code)
			}
		}
		if s := b.Order(o).State; s != order.PendingPayment {
			t.Error("a refused payment changed the order:", s)
		}
	})
}

func TestAnOrderOfATakenDownProductExpires(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		o := b.Place("V1", 1)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update products set state = 'delisted' where id = $1`, o.ProductID)
		})
		if err := b.Pay(o); err != nil {
			t.Fatal(err)
		}
		got := b.Order(o)
		if got.State != order.Expired || got.Cause != "catalog.not_on_sale" || b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)) != 1000_00 {
			t.Errorf("%s %s", got.State, got.Cause)
		}
	})
}

func TestUnpaidOrdersEnd(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		late, canceled, paidLate := b.Place("V1", 1), b.Place("V1", 1), b.Place("V1", 1)
		cancel := func(who trade.Buyer) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.Trade.Cancel(ctx, tx, who, canceled.ID)
				return err
			})
		}
		if err := cancel(b.Other); !errs.Is(err, "order.not_found") {
			t.Error("another account's order:", err)
		}
		if err := cancel(b.Buyer); err != nil {
			t.Fatal(err)
		}
		if err := cancel(b.Buyer); !errs.Is(err, "order.bad_transition") {
			t.Error("canceled twice:", err)
		}
		b.Clock.Set(late.Deadline.Add(-time.Second))
		expire := func() {
			b.Update(func(tx *db.Tx) error { _, err := b.Trade.ExpireDue(context.Background(), tx); return err })
		}
		expire()
		if s := b.Order(late).State; s != order.PendingPayment {
			t.Fatal("ended before its deadline:", s)
		}
		b.Clock.Advance(time.Minute)
		if err := b.Pay(paidLate); err != nil || b.Order(paidLate).State != order.Expired {
			t.Error("paid after its deadline:", b.Order(paidLate).State, err)
		}
		expire()
		expire()
		if s := b.Order(late).State; s != order.Expired {
			t.Error(s)
		}
		if s := b.Order(canceled).State; s != order.Canceled {
			t.Error(s)
		}
	})
}

func TestTheFeeIsThatOfThePayment(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBundle(t, d)
		b.shop()
		o := b.Place("V1", 1)
		site, version, err := b.Trade.Settings.SiteVersion(ctx)
		if err != nil {
			t.Fatal(err)
		}
		site.PlatformFee = "0.1"
		site.Taxes = append(site.Taxes, settings.TaxRates{From: d.Now().In(site.Zone()).Format(time.DateOnly), Hardware: "0.12", Software: "0.12", Service: "0.05"})
		b.Update(func(tx *db.Tx) error { return b.Trade.Settings.SaveSite(ctx, tx, version, site) })
		if err := b.Pay(o); err != nil {
			t.Fatal(err)
		}
		b.Step()
		if fee := b.Balance(ledger.RevenuePlatform); fee != 10_00 {
			t.Errorf("the platform earned %s", fee)
		}
		if lines, err := order.Lines(ctx, d, o.ID); err != nil || lines[0].TaxRate.String() != "0.05" {
			t.Errorf("the tax rate is not that of the day of payment: %v %v", lines, err)
		}
		b.Sound()
	})
}
