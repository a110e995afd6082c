package trade_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/market/cart"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

// add puts a plan into the buyer's cart for so many months.
func (b *bundle) add(planID string, months int) string {
	b.T.Helper()
	var l trade.CartLine
	b.Update(func(tx *db.Tx) (err error) {
		l, err = b.Trade.AddToCart(context.Background(), tx, b.Buyer, trade.Wish{PlanID: planID, Periods: months})
		return err
	})
	return l.ID
}

// another is a further plan of the same product, of a specification of its own.
func (b *bundle) another(generation string) string {
	b.T.Helper()
	spec, plan := id.New("spc"), id.New("pln")
	b.Update(func(tx *db.Tx) error {
		if err := tradetest.Exec(tx, `insert into specs (id, product_id, sku_code, name, state, position, created_at, updated_at)
			select $1, product_id, $2, $3, 'shown', 2, $4, $4 from price_plans where id = $5`, spec, id.UUID(), `{"zh":"专业","en":"Professional"}`, tx.Now, b.Plans[generation]); err != nil {
			return err
		}
		return tradetest.Exec(tx, `insert into price_plans (id, spec_id, product_id, plan_number, charging_mode, period_type, price, min_periods, max_periods, created_at, updated_at)
			select $1, $2, product_id, $3, 'PERIOD', 'month', '30', 1, 9, $4, $4 from price_plans where id = $5`, plan, spec, id.PlanNumber(), tx.Now, b.Plans[generation])
	})
	return plan
}

func (b *bundle) cart() trade.Cart {
	b.T.Helper()
	c, err := b.Trade.ShowCart(context.Background(), b.DB, b.Buyer)
	if err != nil {
		b.T.Fatal(err)
	}
	return c
}

// all is a checkout of the whole cart as it is shown.
func (b *bundle) all() trade.Checkout {
	var in trade.Checkout
	for _, l := range b.cart().Lines {
		in.Lines = append(in.Lines, trade.Chosen{LineID: l.ID, Amount: l.Offer.Line.Amount})
		in.Accepted = append(in.Accepted, l.Offer.Sale.ProductID)
	}
	return in
}

func (b *bundle) checkout(in trade.Checkout) (made []order.Order, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		made, err = b.Trade.Checkout(ctx, tx, b.Buyer, in)
		return err
	})
	return made, err
}

func (b *bundle) payAll(orders ...order.Order) (m trade.Merged, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		m, err = b.Trade.PayAll(ctx, tx, b.Buyer, ids(orders))
		return err
	})
	return m, err
}

func ids(orders []order.Order) (out []string) {
	for _, o := range orders {
		out = append(out, o.ID)
	}
	return out
}

func (b *bundle) left() string { return b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)).String() }

// faults are the fields of an error, as "path code".
func faults(err error) string {
	e, _ := errs.As(err)
	if e == nil {
		return ""
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, f.Path+" "+f.Code)
	}
	return strings.Join(out, ", ")
}

func TestACartHoldsOneLineOfAPlanAndFiftyInAll(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		first := b.add(b.Plans["V1"], 1)
		if again := b.add(b.Plans["V1"], 3); again != first {
			t.Error("a second line of the same plan")
		}
		if c := b.cart(); len(c.Lines) != 1 || c.Lines[0].Periods != 3 || c.Lines[0].Offer.Line.Amount != 300_00 || c.Lines[0].SellerName.EN != "Seller" {
			t.Errorf("%+v", c)
		}
		add := func(w trade.Wish) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.Trade.AddToCart(ctx, tx, b.Buyer, w)
				return err
			})
		}
		if err := add(trade.Wish{PlanID: "pln_none"}); !errs.Is(err, "catalog.plan_not_found") {
			t.Error(err)
		}
		if err := add(trade.Wish{PlanID: b.TrialPlan(14)}); !errs.Is(err, "cart.trial") {
			t.Error("a trial:", err)
		}
		if err := add(trade.Wish{PlanID: b.Plans["V1"], Periods: 10}); faults(err) != "periods range" {
			t.Error(err, faults(err))
		}
		b.Clock.Advance(time.Minute)
		b.Update(func(tx *db.Tx) error {
			for i := range cart.MaxLines - 1 {
				if _, err := cart.Put(context.Background(), tx, cart.Line{AccountID: b.Buyer.AccountID, PlanID: fmt.Sprint("gone", i), Periods: 1}); err != nil {
					return err
				}
			}
			return nil
		})
		if err := add(trade.Wish{PlanID: b.Plans["V2"]}); !errs.Is(err, "cart.full") {
			t.Error("a fifty-first line:", err)
		}
		if err := add(trade.Wish{PlanID: b.Plans["V1"], Periods: 2}); err != nil {
			t.Error("a full cart refuses to change a line:", err)
		}
		c := b.cart()
		if len(c.Lines) != 50 || !errs.Is(c.Lines[1].Problem, "catalog.plan_not_found") || c.Lines[0].Problem != nil {
			t.Error(len(c.Lines), c.Lines[1].Problem)
		}
		change := func(who trade.Buyer) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.Trade.ChangeCart(ctx, tx, who, first, 4, 0)
				return err
			})
		}
		if err := change(b.Other); !errs.Is(err, "cart.line_not_found") {
			t.Error("another account's line:", err)
		}
		if err := change(b.Buyer); err != nil || b.cart().Lines[0].Periods != 4 {
			t.Error(err)
		}
		b.Update(func(tx *db.Tx) error { return cart.Remove(context.Background(), tx, b.Other.AccountID, first) })
		if len(b.cart().Lines) != 50 {
			t.Error("another account took a line out")
		}
		b.Update(func(tx *db.Tx) error { return cart.Clear(context.Background(), tx, b.Buyer.AccountID) })
		if len(b.cart().Lines) != 0 {
			t.Error("not cleared")
		}
	})
}

func TestTwoBrowsersChangeACartAtTheSameTime(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Update(func(tx *db.Tx) error {
			for i := range cart.MaxLines - 1 {
				if _, err := cart.Put(context.Background(), tx, cart.Line{AccountID: b.Buyer.AccountID, PlanID: fmt.Sprint("gone", i), Periods: 1}); err != nil {
					return err
				}
			}
			return nil
		})
		put := func(plan string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := b.Trade.AddToCart(context.Background(), tx, b.Buyer, trade.Wish{PlanID: plan, Periods: 1})
				return err
			}
		}
		first, second := b.overlap(put(b.Plans["V1"]), put(b.Plans["V2"]))
		if first != nil || !errs.Is(second, "cart.full") || len(b.cart().Lines) != 50 {
			t.Error(first, second, len(b.cart().Lines))
		}
		b.Update(func(tx *db.Tx) error { return cart.Clear(context.Background(), tx, b.Buyer.AccountID) })
		b.add(b.Plans["V1"], 1)
		in := b.all()
		out := func(tx *db.Tx) error {
			_, err := b.Trade.Checkout(context.Background(), tx, b.Buyer, in)
			return err
		}
		if first, second = b.overlap(out, out); first != nil || !errs.Is(second, "cart.changed") || faults(second) != "lines."+in.Lines[0].LineID+" cart.line_gone" {
			t.Error("ordered twice:", first, second)
		}
		if n := b.Count(`select count(*) from orders`); n != 1 {
			t.Errorf("%d orders", n)
		}
	})
}

func TestACheckoutMakesAnOrderOfEachProduct(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		for i, plan := range []string{b.Plans["V2"], b.another("V2"), b.Plans["V1"], b.another("V1")} {
			b.add(plan, 2-i%2)
			b.Clock.Advance(time.Second)
		}
		in := b.all()
		in.Note, in.Purchase = " for the office ", " PO-2026-7 "
		bad := in
		bad.Accepted = bad.Accepted[:2]
		if _, err := b.checkout(bad); faults(err) != "agreements."+b.cart().Lines[2].Offer.Sale.ProductID+" order.agreement" {
			t.Error("an agreement was not ticked:", faults(err))
		}
		bad = in
		bad.Purchase = strings.Repeat("号", 65)
		if _, err := b.checkout(bad); faults(err) != "purchaseNumber length" {
			t.Error(faults(err))
		}
		bad = in
		bad.Lines = append(bad.Lines[:1:1], bad.Lines[0])
		if _, err := b.checkout(bad); faults(err) != "lines."+in.Lines[0].LineID+" cart.line_twice" {
			t.Error(faults(err))
		}
		last := in.Lines[3].LineID
		in.Lines = in.Lines[:3] // the fourth stays in the cart
		made, err := b.checkout(in)
		if err != nil || len(made) != 2 {
			t.Fatal(made, err)
		}
		o := b.Order(made[0])
		lines, err := order.Lines(context.Background(), d, o.ID)
		if err != nil || len(lines) != 2 || o.LineCount != 2 || o.DueAmount != 230_00 || lines[0].Amount != 200_00 || lines[1].Amount != 30_00 || o.Purchase != "PO-2026-7" || o.Note != "for the office" {
			t.Errorf("%+v %+v", o, lines)
		}
		if left := b.cart().Lines; len(left) != 1 || left[0].ID != last {
			t.Error("the cart after the checkout:", left)
		}
		if m, err := b.payAll(made...); err != nil || !m.Paid || b.left() != "570.00" {
			t.Fatal(m, err, b.left())
		}
		for range 3 {
			b.Step()
			pending := b.Count(`select count(*) from instances where order_id = $1 and state = 'PENDING'`, o.ID)
			if s := b.Order(o).State; (s == order.Completed) != (pending == 0) {
				t.Errorf("%s with %d lines not delivered", s, pending)
			}
		}
		if b.Order(o).State != order.Completed || b.Order(made[1]).State != order.Completed || b.Balance(ledger.Held(lines[0].ID)) != 0 || b.Balance(ledger.Held(lines[1].ID)) != 0 {
			t.Error(b.Order(o).State, b.Order(made[1]).State)
		}
		b.Sound()
	})
}

// A server of V1 knows an instance by its order: two lines are two orders.
func TestAV1ProductHasAnOrderForEachLine(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.add(b.Plans["V1"], 1)
		b.add(b.another("V1"), 1)
		if made, err := b.checkout(b.all()); err != nil || len(made) != 2 || made[0].LineCount != 1 {
			t.Error(made, err)
		}
	})
}

// One line of an order is given back; the order goes on with the other, and ends with it.
func TestTheLinesOfAnOrderAreGivenBackOneByOne(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = 'five_day'`) })
		b.add(b.Plans["V2"], 1)
		b.add(b.another("V2"), 1)
		made, err := b.checkout(b.all())
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Pay(made[0]); err != nil {
			t.Fatal(err)
		}
		b.Step()
		b.Step()
		instances, err := b.Trade.Subscriptions.OfOrder(context.Background(), d, made[0].ID)
		if err != nil || len(instances) != 2 || b.Order(made[0]).State != order.Completed {
			t.Fatal(instances, err, b.Order(made[0]).State)
		}
		want := []order.State{order.Completed, order.Refunded}
		for i, in := range instances {
			b.Update(func(tx *db.Tx) error {
				a, err := b.Trade.AssessRefund(context.Background(), tx, b.Buyer.AccountID, in.ID)
				if err != nil {
					return err
				}
				_, err = b.Trade.RequestRefund(context.Background(), tx, b.Buyer, trade.RefundRequest{InstanceID: in.ID, Amount: a.Amount})
				return err
			})
			if s := b.Order(made[0]).State; s != want[i] {
				t.Errorf("after %d refunds the order is %s", i+1, s)
			}
		}
		if b.left() != "1000.00" {
			t.Error(b.left())
		}
		b.Sound()
	})
}

func TestACheckoutTakesTheShownPriceOrNamesTheLine(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		first := b.add(b.Plans["V1"], 1)
		b.Clock.Advance(time.Second)
		second := b.add(b.Plans["V2"], 1)
		in := b.all()
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update price_plans set price = '101' where id = $1`, b.Plans["V2"])
		})
		_, err := b.checkout(in)
		if !errs.Is(err, "cart.changed") || errs.KindOf(err) != errs.Conflict || faults(err) != "lines."+second+" cart.price_changed" {
			t.Error(err, faults(err))
		}
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update products set state = 'delisted' where id = (select product_id from price_plans where id = $1)`, b.Plans["V1"])
		})
		if c := b.cart(); !errs.Is(c.Lines[0].Problem, "catalog.not_on_sale") || c.Lines[1].Problem != nil {
			t.Error("the cart does not name the line:", c.Lines[0].Problem, c.Lines[1].Problem)
		}
		if _, err := b.checkout(in); faults(err) != "lines."+first+" catalog.not_on_sale, lines."+second+" cart.price_changed" {
			t.Error(faults(err))
		}
		if n := b.Count(`select count(*) from orders`); n != 0 || len(b.cart().Lines) != 2 {
			t.Error("a refused checkout left something")
		}
		in = b.all()
		in.Lines = in.Lines[1:]
		if made, err := b.checkout(in); err != nil || made[0].DueAmount != 101_00 {
			t.Error(made, err)
		}
	})
}

func TestPurchaseLimitsCountAllLinesOfACheckout(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.add(b.Plans["V1"], 1)
		b.Clock.Advance(time.Second)
		second := b.add(b.another("V1"), 1)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update products set purchase_limit = '{"kind":"quantity","count":1}' where id = (select product_id from price_plans where id = $1)`, b.Plans["V1"])
		})
		in := b.all()
		if _, err := b.checkout(in); faults(err) != "lines."+second+" trade.limit_quantity" {
			t.Error(err, faults(err))
		}
		in.Lines = in.Lines[:1]
		if _, err := b.checkout(in); err != nil {
			t.Error(err)
		}
		if c := b.cart(); !errs.Is(c.Lines[0].Problem, "trade.limit_quantity") {
			t.Error("the unpaid order does not count:", c.Lines[0].Problem)
		}
	})
}

func TestAMergedPaymentPaysAllOrNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		a, z := b.Place("V1", 4), b.Place("V2", 5)
		if m, err := b.payAll(a, z); err != nil || !m.Paid || m.Total != 900_00 || b.left() != "100.00" || m.Orders[0].ID != a.ID || m.Orders[1].State != order.Processing {
			t.Fatal(m, err, b.left())
		}
		if _, err := b.payAll(a, z); !errs.Is(err, "trade.not_payable") || faults(err) != "orders[0] trade.order_state, orders[1] trade.order_state" {
			t.Error(err, faults(err))
		}
		x, y := b.Place("V1", 1), b.Place("V2", 1)
		if _, err := b.payAll(x, y); !errs.Is(err, "ledger.insufficient") || b.Order(x).State != order.PendingPayment || b.left() != "100.00" {
			t.Error("paid beyond the balance:", err, b.left())
		}
		if _, err := b.payAll(x, x); faults(err) != "orders[1] trade.order_twice" {
			t.Error(err)
		}
		if _, err := b.payAll(); faults(err) != "orders trade.merged_count" {
			t.Error(err)
		}
		if _, err := b.payAll(make([]order.Order, 31)...); faults(err) != "orders trade.merged_count" {
			t.Error(err)
		}
		err := b.try(func(ctx context.Context, tx *db.Tx) error {
			_, err := b.Trade.PayAll(ctx, tx, b.Other, ids([]order.Order{x}))
			return err
		})
		if !errs.Is(err, "order.not_found") {
			t.Error("another account's order:", err)
		}
		b.TopUp(b.Buyer, 1000_00)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update products set state = 'delisted' where id = $1`, x.ProductID)
		})
		m, err := b.payAll(y, x)
		if err != nil || m.Paid || b.Order(x).State != order.Expired || b.Order(x).Cause != "catalog.not_on_sale" || b.Order(y).State != order.PendingPayment || b.left() != "1100.00" {
			t.Error("with an order of a taken down product:", m, err, b.Order(x).State, b.Order(y).State, b.left())
		}
		b.Sound()
	})
}

func TestMergedPaymentsOverlap(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.TopUp(b.Buyer, 9000_00)
		p, q, r := b.Place("V1", 1), b.Place("V2", 1), b.Place("V1", 2)
		pay := func(orders ...order.Order) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := b.Trade.PayAll(context.Background(), tx, b.Buyer, ids(orders))
				return err
			}
		}
		first, second := b.overlap(pay(p, q), pay(r, q))
		if first != nil || errs.KindOf(second) != errs.Conflict {
			t.Error(first, second)
		}
		if b.Order(r).State != order.PendingPayment || b.left() != "9800.00" {
			t.Error("half of a merged payment stands:", b.Order(r).State, b.left())
		}
		// Many at once, in all orders, over the same orders and beside single payments.
		var orders []order.Order
		for i := range 6 {
			orders = append(orders, b.Place([]string{"V1", "V2"}[i%2], 1))
		}
		var paid atomic.Int64
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				some := []order.Order{orders[i%6], orders[(i*5+1)%6]}
				if some[0].ID == some[1].ID {
					some = some[:1]
				}
				err := b.DB.Update(context.Background(), pay(some...))
				if i%4 == 3 {
					some = some[:1]
					err = b.Pay(some[0])
				}
				switch {
				case err == nil:
					paid.Add(int64(len(some)))
				case errs.KindOf(err) != errs.Conflict:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		done := 0
		for _, o := range orders {
			if b.Order(o).State == order.Processing {
				done++
			}
		}
		if n := b.Count(`select count(*) from payments`); n != 2+done || b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)).String() != fmt.Sprintf("%d.00", 9800-100*done) {
			t.Errorf("%d payments, %d orders paid, balance %s", n, done, b.left())
		}
		b.Sound()
	})
}

func TestMergedPaymentsRaceForTheBalance(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		var paid atomic.Int64
		var wg sync.WaitGroup
		for range 6 {
			pair := []order.Order{b.Place("V1", 1), b.Place("V2", 2)} // 300.00 each pair, 1,000.00 in all
			wg.Go(func() {
				m, err := b.payAll(pair...)
				if err == nil && m.Paid {
					paid.Add(1)
				} else if !errs.Is(err, "ledger.insufficient") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if paid.Load() != 3 || b.left() != "100.00" {
			t.Errorf("%d paid, %s left", paid.Load(), b.left())
		}
		if n := b.Count(`select count(*) from orders where state = 'PROCESSING'`); n != 6 {
			t.Errorf("%d orders paid", n)
		}
		b.Sound()
	})
}
