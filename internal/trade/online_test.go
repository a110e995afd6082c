package trade_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/edge/testpay"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/payment/gateway"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

// online is a marketplace whose buyers pay at the gateway.
type online struct{ *tradetest.Market }

func (o online) begin(key string, orders ...order.Order) payment.Attempt {
	o.T.Helper()
	in := trade.Online{Gateway: testpay.Name, RequestKey: key}
	for _, x := range orders {
		in.Orders = append(in.Orders, x.ID)
	}
	a, err := o.Trade.PayOnline(context.Background(), o.Buyer, in)
	if err != nil {
		o.T.Fatal(err)
	}
	return a
}

// act does at the gateway's page what its visitor chose.
func (o online) act(a payment.Attempt, what string) {
	o.T.Helper()
	if _, err := o.Gateway.Act(context.Background(), a.Reference, what); err != nil {
		o.T.Fatal(err)
	}
}

// told is what the gateway says of an attempt.
func (o online) told(a payment.Attempt) gateway.State {
	o.T.Helper()
	s, err := o.Gateway.Query(context.Background(), a.Number)
	if err != nil {
		o.T.Fatal(err)
	}
	return s
}

func (o online) report(s gateway.State) (payment.Attempt, error) {
	return o.Trade.Report(context.Background(), testpay.Name, trade.ByNotice, s)
}

func (o online) paid(a payment.Attempt) payment.Attempt {
	o.T.Helper()
	o.act(a, "pay")
	a, err := o.report(o.told(a))
	if err != nil {
		o.T.Fatal(err)
	}
	return a
}

func (o online) has(a ledger.Account, want money.Amount) {
	o.T.Helper()
	if got := o.Balance(a); got != want {
		o.T.Errorf("%s has %s, want %s", a, got, want)
	}
}

func TestAnOrderIsPaidOnline(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		o := m.Place("V1", 2)
		a := m.begin("k1", o)
		if a.State != payment.AttemptWaiting || a.Amount != 200_00 || a.Redirect == "" {
			t.Fatalf("%+v", a)
		}
		if again := m.begin("k1", o); again.ID != a.ID {
			t.Error("the same request made a second attempt")
		}
		if other := m.begin("k2", o); other.ID != a.ID {
			t.Error("a second browser does not come to the same page")
		}
		if _, err := m.Trade.PayOnline(t.Context(), m.Buyer, trade.Online{Gateway: testpay.Name, RequestKey: "k1", TopUp: 5_00}); !errs.Is(err, "idempotency.mismatch") {
			t.Error("the key served for something else:", err)
		}
		a = m.paid(a)
		if a.State != payment.AttemptSucceeded || a.Outcome != payment.PaidOrders || m.Order(o).State != order.Processing {
			t.Errorf("%+v, the order is %s", a, m.Order(o).State)
		}
		for range 3 { // doubled notices
			if _, err := m.report(m.told(a)); err != nil {
				t.Error(err)
			}
		}
		m.has(ledger.Gateway(testpay.Name), -200_00)
		m.has(ledger.Held(order.LineID(o.ID, 1)), 200_00)
		m.has(ledger.BuyerBalance(m.Buyer.AccountID), 1000_00)
		if err := m.Pay(o); !errs.Is(err, "order.bad_transition") {
			t.Error("paid again from the balance:", err)
		}
		m.Sound()
	})
}

// What cannot be delivered is refunded to the balance, however it was paid.
func TestAnOnlinePaymentIsRefundedToTheBalance(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		m.Serve(tradetest.Raw(500, "text/html", ""))
		o := m.Place("V1", 1)
		m.paid(m.begin("k", o))
		m.CloseWindow()
		m.Step()
		if got := m.Order(o).State; got != order.Refunded {
			t.Fatal(got)
		}
		m.has(ledger.BuyerBalance(m.Buyer.AccountID), 1100_00)
		m.has(ledger.Held(order.LineID(o.ID, 1)), 0)
		m.has(ledger.Gateway(testpay.Name), -100_00)
		m.Sound()
	})
}

// The notice never comes: the gateway is asked.
func TestALostNoticeIsFoundByAsking(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		o := m.Place("V1", 1)
		a := m.begin("k", o)
		m.act(a, "silent")
		if err := m.Trade.CheckOnline(t.Context()); err != nil || m.Order(o).State != order.PendingPayment {
			t.Fatal("asked too early", err)
		}
		m.Clock.Advance(2 * time.Minute)
		if err := m.Trade.CheckOnline(t.Context()); err != nil || m.Order(o).State != order.Processing {
			t.Fatal(err, m.Order(o).State)
		}
		m.Sound()
	})
}

// Money that comes too late, or a second time, is on the balance, and its buyer is told.
func TestMoneyThatCannotPayIsOnTheBalance(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		for i, c := range []struct {
			name   string
			before func(o order.Order)
			cause  string
			state  order.State
		}{
			{"the order expired", func(o order.Order) { m.Clock.Advance(8 * 24 * time.Hour) }, "order.deadline_passed", order.Expired},
			{"it was canceled", func(o order.Order) {
				m.Update(func(tx *db.Tx) error {
					_, err := m.Trade.Cancel(context.Background(), tx, m.Buyer, o.ID)
					return err
				})
			}, "trade.order_state", order.Canceled},
			{"it was paid from the balance", func(o order.Order) {
				if err := m.Pay(o); err != nil {
					t.Fatal(err)
				}
			}, "trade.order_state", order.Processing},
			{"the account was suspended", func(o order.Order) {
				m.Update(func(tx *db.Tx) error {
					return tradetest.Exec(tx, `update accounts set state = 'suspended' where id = $1`, m.Buyer.AccountID)
				})
			}, "trade.account_suspended", order.PendingPayment},
			{"the product was delisted", func(o order.Order) {
				m.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set state = 'delisted'`) })
			}, "catalog.not_on_sale", order.Expired},
		} {
			o := m.Place("V1", 1)
			a := m.begin(c.name, o)
			before := m.Balance(ledger.BuyerBalance(m.Buyer.AccountID))
			c.before(o)
			spent := before - m.Balance(ledger.BuyerBalance(m.Buyer.AccountID))
			a = m.paid(a)
			if a.Outcome != payment.ToBalance || a.Cause != c.cause || m.Order(o).State != c.state {
				t.Errorf("%s: %s, cause %s, the order is %s", c.name, a.Outcome, a.Cause, m.Order(o).State)
			}
			m.has(ledger.BuyerBalance(m.Buyer.AccountID), before-spent+100_00)
			m.has(ledger.Gateway(testpay.Name), -money.Amount(i+1)*100_00)
			if n := m.Count(`select count(*) from messages where account_id = $1 and code = 'payment_to_balance'`, m.Buyer.AccountID); n != i+1 {
				t.Errorf("%s: the buyer was told %d times", c.name, n)
			}
			m.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update accounts set state = 'active'`) })
		}
		m.Sound()
	})
}

// What is given up is closed at the gateway; what was paid in the same moment counts.
func TestGivenUpOrTooLate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		a := m.begin("k", m.Place("V1", 1))
		a, err := m.Trade.CheckAttempt(t.Context(), a, true)
		if err != nil || a.State != payment.AttemptClosed {
			t.Fatal(a.State, err)
		}
		m.act(a, "pay")
		if s := m.told(a); s.Status != gateway.Closed {
			t.Error("paid after it was closed:", s.Status)
		}
		b := m.begin("k2", m.Place("V1", 1))
		m.act(b, "silent")
		if b, err = m.Trade.CheckAttempt(t.Context(), b, true); err != nil || b.Outcome != payment.PaidOrders {
			t.Error("paid in the same moment:", b.State, err)
		}
		c := m.begin("k3", m.Place("V1", 1))
		m.Clock.Advance(time.Hour)
		if err := m.Trade.CheckOnline(t.Context()); err != nil || m.told(c).Status != gateway.Closed {
			t.Error("it was left open:", m.told(c).Status, err)
		}
		m.Sound()
	})
}

func TestMergedOnlinePaymentIsAllOrNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		one, two, three := m.Place("V1", 1), m.Place("V2", 1), m.Place("V1", 3)
		a := m.begin("k", one, two)
		b := m.begin("k2", two, three)
		if a = m.paid(a); a.Outcome != payment.PaidOrders || m.Order(one).State != order.Processing || m.Order(two).State != order.Processing {
			t.Error(a.Outcome, a.Cause)
		}
		if b = m.paid(b); b.Outcome != payment.ToBalance || m.Order(three).State != order.PendingPayment {
			t.Error("one of the two was paid already:", b.Outcome, m.Order(three).State)
		}
		m.has(ledger.BuyerBalance(m.Buyer.AccountID), 1400_00)
		m.Sound()
	})
}

func TestTopUpOnlineAndBackTheWayItCame(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		ctx := t.Context()
		a, err := m.Trade.PayOnline(ctx, m.Buyer, trade.Online{Gateway: testpay.Name, RequestKey: "k", TopUp: 80_00})
		if err != nil {
			t.Fatal(err)
		}
		a = m.paid(a)
		m.has(ledger.BuyerBalance(m.Buyer.AccountID), 1080_00)
		back := payment.ChannelRefund{AttemptID: a.ID, Amount: 50_00, Reason: "asked for by phone", RequestKey: "r1"}
		for range 2 { // a doubled request
			if r, err := m.Trade.RefundOnline(ctx, back); err != nil || r.State != payment.RefundTaken {
				t.Error(r.State, err)
			}
		}
		m.has(ledger.BuyerBalance(m.Buyer.AccountID), 1030_00)
		m.has(ledger.Gateway(testpay.Name), -30_00)
		back.RequestKey, back.Amount = "r2", 30_01
		if _, err := m.Trade.RefundOnline(ctx, back); errs.KindOf(err) != errs.Invalid {
			t.Error("more than came went back:", err)
		}
		// The gateway declines: its books say less than ours.
		m.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update testpay_payments set refunded = amount`) })
		back.Amount = 30_00
		if r, err := m.Trade.RefundOnline(ctx, back); err != nil || r.State != payment.RefundDeclined {
			t.Error(r.State, err)
		}
		m.has(ledger.BuyerBalance(m.Buyer.AccountID), 1030_00)
		m.Sound()
	})
}

// A signed report with another amount, currency or reference pays nothing, and finance reads of it.
func TestAMismatchPaysNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		o := m.Place("V1", 1)
		a := m.begin("k", o)
		m.act(a, "silent")
		right := m.told(a)
		for name, change := range map[string]func(*gateway.State){
			"amount":    func(s *gateway.State) { s.Amount-- },
			"currency":  func(s *gateway.State) { s.Currency = "EUR" },
			"reference": func(s *gateway.State) { s.Reference = "another" },
			"number":    func(s *gateway.State) { s.Number = "OPNONE" },
		} {
			wrong := right
			change(&wrong)
			if _, err := m.report(wrong); err == nil {
				t.Error(name, "was taken")
			}
		}
		if m.Order(o).State != order.PendingPayment || m.Count(`select count(*) from payments`) != 0 {
			t.Error("something was paid")
		}
		if n := m.Count(`select count(*) from messages where code = 'payment_mismatch'`); n != 3 {
			t.Error("finance was told", n, "times, want 3")
		}
		m.Sound()
	})
}

// Ten notices at once, the balance and a second attempt race for one order: it is paid once, and
// every cent is where it belongs.
func TestOneOrderManyPayers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		o, second := m.Place("V1", 1), m.Place("V2", 1)
		one, both := m.begin("k", o), m.begin("k2", o, second)
		for _, a := range []payment.Attempt{one, both} {
			m.act(a, "silent")
		}
		var wg sync.WaitGroup
		for i := range 10 {
			a := []payment.Attempt{one, both}[i%2]
			wg.Go(func() {
				s := m.told(a)
				s.Event = fmt.Sprint("event ", i%4)
				if _, err := m.report(s); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Go(func() {
			if err := m.Pay(o); err != nil && !errs.Is(err, "order.bad_transition") && !errs.Is(err, "payment.paid") {
				t.Error(err)
			}
		})
		wg.Wait()
		if m.Order(o).State != order.Processing || m.Count(`select count(*) from payments where order_id = $1`, o.ID) != 1 {
			t.Error("the order is", m.Order(o).State)
		}
		m.has(ledger.Gateway(testpay.Name), -300_00)
		paid := money.Amount(100_00)
		if m.Order(second).State == order.Processing {
			paid += 100_00
		}
		m.has(ledger.BuyerBalance(m.Buyer.AccountID), 1300_00-paid)
		m.Sound()
	})
}

// Ten orders of 200.00 race a balance of 1,000.00: five are paid.
func TestTenPaymentsRaceABalance(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := online{tradetest.New(t, d)}
		var orders []order.Order
		for range 10 {
			orders = append(orders, m.Place("V1", 2))
		}
		var wg sync.WaitGroup
		for _, o := range orders {
			wg.Go(func() {
				if err := m.Pay(o); err != nil && !errs.Is(err, "ledger.insufficient") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := m.Count(`select count(*) from orders where state = 'PROCESSING'`); n != 5 {
			t.Error(n, "were paid, want 5")
		}
		m.has(ledger.BuyerBalance(m.Buyer.AccountID), 0)
		m.Sound()
	})
}
