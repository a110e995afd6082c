package doctor

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
	"jishi/isv"
	"jishi/wire/saas"
)

// TestRandomHistories lives random histories of orders with the real trade: whatever happens
// in whatever order, after each step the laws of doctor hold, nothing was lost, and what was
// refused has changed nothing. JISHI_HISTORY_STEPS makes them longer, JISHI_HISTORY_SEED
// repeats the draws of the random one.
func TestRandomHistories(t *testing.T) {
	steps := fromEnv("JISHI_HISTORY_STEPS", 80)
	random := fromEnv("JISHI_HISTORY_SEED", clock.Wall{}.Now().UnixNano()%1_000_000)
	for _, seed := range []int64{1, random} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) { newHistory(t, d, seed).live(int(steps)) })
		})
	}
}

func fromEnv(name string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(os.Getenv(name), 10, 64); err == nil {
		return n
	}
	return otherwise
}

type history struct {
	*tradetest.Market
	*rand.Rand
	p       Patient
	failing bool           // the seller's server refuses to open instances
	counts  map[string]int // how often an event worked
	notes   []ledger.Trial // the trial balance at noted
	noted   time.Time      // an instant that snapshots have passed since
}

// event does something; it tells by how much the buyer's balance must have changed, or that
// only the books can tell.
type event func(ctx context.Context, tx *db.Tx) (change money.Amount, known bool, err error)

func newHistory(t *testing.T, d *db.DB, seed int64) *history {
	h := &history{Market: tradetest.New(t, d), Rand: rand.New(rand.NewPCG(uint64(seed), 7)), counts: map[string]int{}}
	h.Clock.Set(time.Date(2031, 1, 15, 2, 30, 0, 0, time.UTC)) // a seed gives the same history every day
	h.p = Patient{DB: d, Data: t.TempDir()}
	h.Update(func(tx *db.Tx) error {
		return tradetest.Exec(tx, `update products set refund_policy = case when generation = 'V1' then 'five_day' else 'prorata' end`)
	})
	ok := func(context.Context) error { return nil }
	h.Serve(&isv.Handler{V1Key: h.V1Key, V2Key: h.V2Key,
		Create: func(_ context.Context, c isv.Create) (isv.Instance, error) {
			if h.failing {
				return isv.Instance{}, isv.Fail(saas.CodeBadParameter, "as the test wants it")
			}
			return isv.Instance{ID: "inst-" + c.OrderID + c.ProductID, Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
		},
		Query: func(_ context.Context, q isv.Query) (isv.Instance, error) {
			return isv.Instance{ID: q.InstanceID, Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
		},
		Renew:   func(ctx context.Context, _ isv.Renewal) error { return ok(ctx) },
		Freeze:  func(ctx context.Context, _ isv.Freeze) error { return ok(ctx) },
		Release: func(ctx context.Context, _ isv.Release) error { return ok(ctx) },
	})
	return h
}

func (h *history) balance() money.Amount { return h.Balance(ledger.BuyerBalance(h.Buyer.AccountID)) }

func (h *history) live(steps int) {
	h.T.Helper()
	events := map[string]event{
		"top up": h.topUp, "order": h.order, "pay": h.pay, "pay together": h.payTogether, "renew": h.renew, "automatic": h.automatic,
		"refund": h.refund, "renewal back": h.renewalBack, "operator refunds": h.operatorRefunds, "withdraw": h.withdraw, "decide": h.decide,
	}
	names := []string{"top up", "order", "order", "pay", "pay", "pay together", "renew", "renew", "automatic", "refund", "renewal back", "operator refunds", "withdraw", "decide", "deliver", "deliver", "wait", "wait long"}
	for i := range steps {
		name := names[h.IntN(len(names))]
		switch do := events[name]; {
		case do != nil:
			h.do(i, name, do)
		case name == "deliver":
			h.failing = h.IntN(4) == 0
			if h.failing {
				h.CloseWindow() // the next failure is the last
			}
			h.work()
			h.failing = false
		default:
			days := 2 * 24
			if name == "wait long" {
				days = 40 * 24
			}
			h.Clock.Advance(time.Duration(1+h.IntN(days)) * time.Hour)
			h.work()
		}
		h.laws(fmt.Sprintf("step %d, %s", i, name))
		if h.T.Failed() {
			h.T.Fatalf("after step %d, %s", i, name)
		}
	}
	h.T.Log(h.counts)
	if h.counts["order"] == 0 || steps > 200 && len(h.counts) < 10 {
		h.T.Errorf("little happened: %v", h.counts)
	}
}

func (h *history) do(step int, name string, do event) {
	h.T.Helper()
	before := h.balance()
	var change money.Amount
	known := true
	err := h.DB.UpdateCtx(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
		change, known, err = do(ctx, tx)
		return err
	})
	if err != nil {
		switch errs.KindOf(err) {
		case errs.Conflict, errs.Invalid, errs.NotFound, errs.Forbidden:
			change, known = 0, true
		default:
			h.T.Fatalf("step %d, %s: %v", step, name, err)
		}
	} else {
		h.counts[name]++
	}
	if got := h.balance() - before; known && got != change {
		h.T.Errorf("step %d, %s: the balance changed by %s, want %s (%v)", step, name, got, change, err)
	}
}

// work runs what the workers of a node would: calls, renewals, ends of terms, deadlines and
// the snapshots of the book.
func (h *history) work() {
	h.T.Helper()
	ctx := context.Background()
	h.calls()
	if err := h.Trade.AutoRenew(ctx); err != nil {
		h.T.Fatal(err)
	}
	for _, work := range []func(context.Context, *db.Tx) (bool, error){h.Trade.EndTerms, h.Trade.RemindOfExpiry, h.Trade.ExpireDue} {
		for more := true; more; {
			if err := h.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
				more, err = work(ctx, tx)
				return err
			}); err != nil {
				h.T.Fatal(err)
			}
		}
	}
	h.calls()
	for {
		s, more, err := ledger.NextStep(ctx, h.DB, ledger.Settled(h.DB.Now()))
		if err != nil {
			h.T.Fatal(err)
		}
		if !more {
			return
		}
		h.Update(func(tx *db.Tx) error { return s.Carry(ctx, tx) })
	}
}

func (h *history) calls() {
	for h.Step() {
	}
}

func (h *history) topUp(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	amount := money.Amount(1 + h.IntN(400_00))
	t, err := payment.RequestTopUp(ctx, tx, payment.TopUpRequest{AccountID: h.Buyer.AccountID, UserID: h.Buyer.UserID, Amount: amount, Currency: "CNY", Payer: "Payer"})
	if err == nil {
		_, err = payment.ConfirmTopUp(ctx, tx, t.ID, "B")
	}
	return amount, true, err
}

func (h *history) order(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	q, _, err := h.Trade.Quote(ctx, tx, h.Buyer, trade.Wish{PlanID: h.Plans[[]string{"V1", "V2"}[h.IntN(2)]], Periods: 1 + h.IntN(3)})
	if err == nil {
		_, err = h.Trade.Place(ctx, tx, h.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true})
	}
	return 0, true, err
}

// some lists ids in the order in which they were made, which a seed repeats.
func some(ctx context.Context, q db.Querier, text string, args ...any) []string {
	list, err := db.List[string](ctx, q, text, args...)
	if err != nil {
		panic(err)
	}
	return list
}

func (h *history) pay(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	ids := some(ctx, tx, `select id from orders where state = 'PENDING_PAYMENT' order by (select min(e.id) from order_events e where e.order_id = orders.id)`)
	if len(ids) == 0 {
		return 0, true, errs.NotFoundf("order.not_found")
	}
	o, err := h.Trade.Pay(ctx, tx, h.Buyer, ids[h.IntN(len(ids))])
	if o.State == order.Expired {
		return 0, true, err
	}
	return -o.DueAmount, true, err
}

// payTogether pays all or nothing.
func (h *history) payTogether(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	ids := some(ctx, tx, `select id from orders where state = 'PENDING_PAYMENT' order by (select min(e.id) from order_events e where e.order_id = orders.id)`)
	if len(ids) < 2 {
		return 0, true, errs.NotFoundf("order.not_found")
	}
	m, err := h.Trade.PayAll(ctx, tx, h.Buyer, ids[:min(len(ids), 3)])
	var sum money.Amount
	for _, o := range m.Orders {
		sum += o.PaidAmount
	}
	return -sum, true, err
}

func (h *history) instance(ctx context.Context, tx *db.Tx) (subscription.Instance, error) {
	ids := some(ctx, tx, `select id from instances where state in ('ACTIVE', 'GRACE', 'RETENTION') order by id`)
	if len(ids) == 0 {
		return subscription.Instance{}, errs.NotFoundf("instance.not_found")
	}
	return h.Trade.Subscriptions.Find(ctx, tx, ids[h.IntN(len(ids))], h.Buyer.AccountID)
}

func (h *history) renew(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	in, err := h.instance(ctx, tx)
	if err != nil {
		return 0, true, err
	}
	q, offer, err := h.Trade.QuoteRenewal(ctx, tx, h.Buyer, trade.Renewal{InstanceID: in.ID, Periods: 1 + h.IntN(2)})
	if err == nil && offer.Blocker != nil {
		err = offer.Blocker
	}
	if err != nil {
		return 0, true, err
	}
	o, err := h.Trade.Place(ctx, tx, h.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true})
	if err != nil || h.IntN(4) == 0 { // some stay unpaid
		return 0, true, err
	}
	_, err = h.Trade.Pay(ctx, tx, h.Buyer, o.ID)
	return -o.DueAmount, true, err
}

func (h *history) automatic(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	in, err := h.instance(ctx, tx)
	if err != nil {
		return 0, true, err
	}
	return 0, true, h.Trade.Subscriptions.SetPolicy(ctx, tx, &in, subscription.Policy{AtExpiry: subscription.Auto, Days: 7, Periods: 1 + h.IntN(2)}, time.FixedZone("", 8*3600))
}

// refund gives a service back by the rule of its product: never more than was paid.
func (h *history) refund(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	in, err := h.instance(ctx, tx)
	if err != nil {
		return 0, true, err
	}
	a, err := h.Trade.AssessRefund(ctx, tx, h.Buyer.AccountID, in.ID)
	if err == nil {
		err = a.Blocker
	}
	if err != nil {
		return 0, true, err
	}
	if a.Amount < 0 || a.Amount+a.Explanation.Before > a.Explanation.Paid {
		return 0, true, fmt.Errorf("%s of %s would go back", a.Amount, a.Explanation.Paid)
	}
	r, err := h.Trade.RequestRefund(ctx, tx, h.Buyer, trade.RefundRequest{InstanceID: in.ID, Amount: a.Amount})
	if r.State != "paid" {
		return 0, true, err
	}
	return a.Amount, true, err
}

func (h *history) renewalBack(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	in, err := h.instance(ctx, tx)
	if err != nil {
		return 0, true, err
	}
	a, err := h.Trade.AssessRenewalRefund(ctx, tx, h.Buyer.AccountID, in.ID)
	if err == nil {
		err = a.Blocker
	}
	if err != nil {
		return 0, true, err
	}
	_, err = h.Trade.RequestRenewalRefund(ctx, tx, h.Buyer, trade.RefundRequest{InstanceID: in.ID, Amount: a.Amount})
	return a.Amount, true, err
}

func (h *history) operatorRefunds(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	in, err := h.instance(ctx, tx)
	if err != nil {
		return 0, true, err
	}
	amount := money.Amount(1 + h.IntN(200_00))
	_, err = h.Trade.RefundByOperator(ctx, tx, trade.OperatorRefund{InstanceID: in.ID, Amount: amount, EndsService: h.IntN(2) == 0, Reason: "goodwill"})
	return amount, true, err
}

func (h *history) withdraw(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	amount := money.Amount(1 + h.IntN(300_00))
	_, err := h.Trade.Withdrawals.Request(ctx, tx, payment.WithdrawalRequest{AccountID: h.Buyer.AccountID, UserID: h.Buyer.UserID, Currency: "CNY",
		Amount: amount, Payer: "Payer", Bank: "First Bank", BankNo: "6222020001"})
	return -amount, true, err
}

// decide pays a withdrawal out, rejects it, or lets the buyer take it back.
func (h *history) decide(ctx context.Context, tx *db.Tx) (money.Amount, bool, error) {
	ids := some(ctx, tx, `select id from withdrawals where state = 'requested' order by id`)
	if len(ids) == 0 {
		return 0, true, errs.NotFoundf("payment.withdrawal_not_found")
	}
	which := h.IntN(3)
	if which == 0 {
		_, err := h.Trade.Withdrawals.PayOut(ctx, tx, ids[0], "T-1")
		return 0, true, err
	}
	w, err := h.Trade.Withdrawals.Cancel(ctx, tx, ids[0], h.Buyer.AccountID)
	return w.Amount, true, err
}

const sqlConserved = `select coalesce((select sum(amount) from topups where account_id = $1 and state = 'confirmed'), 0)
- coalesce((select sum(amount) from withdrawals where account_id = $1 and state in ('requested', 'paid')), 0)
- coalesce((select sum(paid_amount) from orders where account_id = $1), 0) as left_over`

// laws are those of doctor about money, and what only a history can know: the buyer has what
// he paid in less what he spent, the marketplace has at the bank what it owes to all, and
// the past does not change.
func (h *history) laws(when string) {
	h.T.Helper()
	ctx := context.Background()
	for name, check := range map[string]func(context.Context, Patient) (string, []Finding, error){
		"ledger laws": ledgerLaws, "ledger sum": ledgerSum, "postings": postings, "paid lines": paidLines, "captures and refunds": settledMoney} {
		if _, findings, err := check(ctx, h.p); err != nil || len(findings) > 0 {
			h.T.Errorf("%s: %s: %v, %v", when, name, findings, err)
		}
	}
	want, err := db.One[money.Amount](ctx, h.DB, sqlConserved, h.Buyer.AccountID)
	if got := h.balance(); err != nil || got != want {
		h.T.Errorf("%s: the balance is %s, paid in less spent gives %s (%v)", when, got, want, err)
	}
	if !h.noted.IsZero() {
		rows, err := ledger.TrialBalance(ctx, h.DB, h.noted)
		if err != nil || fmt.Sprint(rows) != fmt.Sprint(h.notes) {
			h.T.Errorf("%s: the past has changed: %v, was %v, %v", when, rows, h.notes, err)
		}
	}
	if h.noted.IsZero() || h.IntN(8) == 0 {
		// No entry is written before now any more.
		h.noted = h.DB.Now()
		if h.notes, err = ledger.TrialBalance(ctx, h.DB, h.noted); err != nil {
			h.T.Fatal(err)
		}
	}
}
