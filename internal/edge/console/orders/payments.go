package orders

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/trade"
)

// payItemView is one pay item of an order, for finance.
type payItemView struct {
	ID          string       `json:"id"`
	OrderID     string       `json:"orderId"`
	OrderKind   order.Kind   `json:"orderKind"`
	OrderState  order.State  `json:"orderState"`
	AccountID   string       `json:"accountId"`
	AccountName string       `json:"accountName"`
	Instrument  string       `json:"instrument" doc:"balance, online or voucher"`
	Gateway     string       `json:"gateway" doc:"Of an online payment"`
	AttemptID   string       `json:"attemptId" doc:"Of an online payment"`
	Number      string       `json:"number" doc:"Of an online payment"`
	Amount      money.Amount `json:"amount"`
	Refunded    money.Amount `json:"refunded"`
	Currency    string       `json:"currency"`
	At          time.Time    `json:"at"`
}

func payItemOf(r trade.PaymentRow) payItemView {
	return payItemView{ID: r.ID, OrderID: r.OrderID, OrderKind: r.Kind, OrderState: r.State, AccountID: r.AccountID, AccountName: r.AccountName,
		Instrument: r.Instrument, Gateway: r.Gateway, AttemptID: r.AttemptID, Number: r.Number, Amount: r.Amount, Refunded: r.Refunded, Currency: r.Currency, At: r.At}
}

type payItemFilter struct {
	console.ListInput
	Instrument string    `query:"instrument" required:"false" doc:"balance, online or voucher"`
	Gateway    string    `query:"gateway" required:"false"`
	Q          string    `query:"q" required:"false" doc:"Order or payment number, or a part of the account's name"`
	From       time.Time `query:"from" required:"false" doc:"Paid at or after"`
	To         time.Time `query:"to" required:"false" doc:"Paid before"`
}

func (f payItemFilter) filter() trade.PaymentFilter {
	return trade.PaymentFilter{Instrument: f.Instrument, Gateway: f.Gateway, Text: strings.TrimSpace(f.Q), From: f.From, To: f.To}
}

// OnlinePaymentView is an online payment as finance sees it.
type OnlinePaymentView struct {
	PaymentView
	AccountID   string       `json:"accountId"`
	AccountName string       `json:"accountName"`
	Reference   string       `json:"reference" doc:"The gateway's own id"`
	Refunded    money.Amount `json:"refunded" doc:"Given back through the gateway, or on its way"`
}

type onlinePaymentDetail struct {
	OnlinePaymentView
	Notices  []payment.Notice        `json:"notices" doc:"What the gateway told"`
	Refunds  []payment.GatewayRefund `json:"refunds"`
	Postings []ledger.Entry          `json:"postings" doc:"Of what went to the balance; those of orders stand with the orders"`
}

func registerPayments(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/operator/payments", ID: "list-operator-payments", Tag: "Operating", Need: access.LedgerRead, Summary: "List the pay items of orders"},
		func(ctx context.Context, in *payItemFilter) (page.Page[payItemView], error) {
			p, err := trade.Payments(ctx, c.DB, in.filter(), in.Page())
			return page.Map(p, payItemOf), err
		})
	c.Handle("GET /api/v1/operator/payments.csv", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { exportPayments(c, w, r) }))
	console.Read(c, console.Op{Path: "/operator/payments/attempts", ID: "list-payment-attempts", Tag: "Operating", Need: access.LedgerRead, Summary: "List online payments of all accounts"},
		func(ctx context.Context, in *attemptFilter) (page.Page[OnlinePaymentView], error) {
			p, err := payment.Attempts(ctx, c.DB, payment.Everybody, in.filter(), in.Page())
			return page.Map(p, func(r payment.AttemptRow) OnlinePaymentView {
				return OnlinePaymentView{PaymentView: paymentOf(console.LangFrom(ctx), r.Attempt), AccountID: r.AccountID, AccountName: r.AccountName, Reference: r.Reference, Refunded: r.Refunded}
			}), err
		})
	console.Read(c, console.Op{Path: "/operator/payments/attempts/{id}", ID: "get-payment-attempt", Tag: "Operating", Need: access.LedgerRead, Summary: "Show an online payment with what its gateway told"},
		func(ctx context.Context, in *paymentID) (onlinePaymentDetail, error) { return d.attempt(ctx, c, in.ID) })
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/operator/payments/attempts/{id}/check", ID: "check-payment-attempt", Tag: "Operating", Need: access.TopUpConfirm,
		Summary: "Ask the gateway how an online payment stands"},
		func(ctx context.Context, in *paymentID) (onlinePaymentDetail, error) {
			a, err := payment.FindAttempt(ctx, c.DB, payment.Everybody, in.ID)
			if err == nil {
				_, err = d.Trade.CheckAttempt(ctx, a, false)
			}
			if err != nil {
				return onlinePaymentDetail{}, err
			}
			return d.attempt(ctx, c, in.ID)
		})
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/operator/payments/attempts/{id}/refund", ID: "refund-payment-attempt", Tag: "Operating", Need: access.WithdrawalPay, Money: true, Recent: true,
		Summary: "Give balance back through the gateway to whoever paid: at most what came that way and has not gone back"},
		func(ctx context.Context, in *struct {
			ID   string `path:"id"`
			Body struct {
				Amount money.Amount `json:"amount"`
				Reason string       `json:"reason"`
			}
		}) (onlinePaymentDetail, error) {
			key, err := requestKey(ctx)
			if err != nil {
				return onlinePaymentDetail{}, err
			}
			_, err = d.Trade.RefundOnline(ctx, payment.ChannelRefund{AttemptID: in.ID, Amount: in.Body.Amount, Reason: in.Body.Reason,
				RequestKey: shortKey(audit.ActorFrom(ctx).ID, in.ID, key)})
			if err != nil && !errs.Is(err, "payment.gateway_failed") { // the job goes on with it
				return onlinePaymentDetail{}, err
			}
			return d.attempt(ctx, c, in.ID)
		})
}

// shortKey is a number that a gateway takes, the same for the same request.
func shortKey(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:12])
}

func (d Deps) attempt(ctx context.Context, c *console.Console, attemptID string) (out onlinePaymentDetail, err error) {
	p, err := payment.Attempts(ctx, c.DB, payment.Everybody, payment.AttemptFilter{ID: attemptID}, page.Query{Limit: 1})
	if err != nil {
		return out, err
	}
	if len(p.Items) == 0 {
		return out, errs.NotFoundf("payment.attempt_not_found")
	}
	r := p.Items[0]
	v, err := d.showPayment(ctx, c.DB, r.Attempt)
	if err != nil {
		return out, err
	}
	out.OnlinePaymentView = OnlinePaymentView{PaymentView: v, AccountID: r.AccountID, AccountName: r.AccountName, Reference: r.Reference, Refunded: r.Refunded}
	if out.Notices, err = payment.NoticesOf(ctx, c.DB, r.ID); err != nil {
		return out, err
	}
	if out.Refunds, err = payment.RefundsOfAttempt(ctx, c.DB, r.ID); err != nil {
		return out, err
	}
	out.Postings, err = ledger.ByCause(ctx, c.DB, r.Number)
	return out, err
}

var paymentColumns = []string{"id", "order", "kind", "account", "instrument", "gateway", "number", "amount", "refunded", "currency", "at"}

func exportPayments(c *console.Console, w http.ResponseWriter, r *http.Request) {
	if err := c.Admit(r, console.Op{Need: access.LedgerRead}); err != nil {
		console.Fail(w, r, err)
		return
	}
	q := r.URL.Query()
	in := payItemFilter{Instrument: q.Get("instrument"), Gateway: q.Get("gateway"), Q: q.Get("q")}
	var check errs.Check
	for name, into := range map[string]*time.Time{"from": &in.From, "to": &in.To} {
		if text := q.Get(name); text != "" {
			var err error
			if *into, err = time.Parse(time.RFC3339, text); err != nil {
				check.Add(name, "date")
			}
		}
	}
	if err := check.Err(); err != nil {
		console.Fail(w, r, err)
		return
	}
	query, over := page.Query{Limit: page.MaxLimit}, false
	file{name: "payments.csv", title: "payment.column.", columns: paymentColumns, next: func(ctx context.Context) (rows [][]string, err error) {
		if over {
			return nil, nil
		}
		p, err := trade.Payments(ctx, c.DB, in.filter(), query)
		for _, x := range p.Items {
			rows = append(rows, []string{x.ID, x.OrderID, string(x.Kind), x.AccountName, x.Instrument, x.Gateway, x.Number, x.Amount.String(), x.Refunded.String(), x.Currency, x.At.Format(time.RFC3339)})
		}
		query.Cursor, over = p.Next, p.Next == ""
		return rows, err
	}}.serve(w, r)
}
