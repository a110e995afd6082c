package orders

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/ledger"
	"jishi/internal/market/payment"
	"jishi/internal/market/payment/gateway"
	"jishi/internal/trade"
)

type gatewayView struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Play  bool   `json:"play" doc:"No real money moves"`
}

type instrumentsView struct {
	Balance  *money.Amount `json:"balance,omitempty" doc:"For those who may see it"`
	Currency string        `json:"currency"`
	Gateways []gatewayView `json:"gateways" doc:"Ways to pay online; none: only the balance pays"`
}

// PaymentView is an online payment as its buyer sees it.
type PaymentView struct {
	ID          string               `json:"id"`
	Number      string               `json:"number" doc:"By which the gateway knows it"`
	Gateway     string               `json:"gateway"`
	Purpose     string               `json:"purpose" enum:"orders,balance"`
	Amount      money.Amount         `json:"amount"`
	Currency    string               `json:"currency"`
	State       payment.AttemptState `json:"state" enum:"created,waiting,succeeded,failed,closed"`
	Outcome     string               `json:"outcome" doc:"Of a success: paid (the orders), balance (credited to the balance)"`
	Cause       *problemView         `json:"cause,omitempty" doc:"Why it failed, or why the money is on the balance"`
	Surplus     money.Amount         `json:"surplus" doc:"The part that is on the balance"`
	RedirectURL string               `json:"redirectUrl,omitempty" doc:"While it waits: the gateway's page, where the browser goes"`
	Orders      []string             `json:"orders"`
	CreatedAt   time.Time            `json:"createdAt"`
	ExpiresAt   time.Time            `json:"expiresAt"`
	SucceededAt *time.Time           `json:"succeededAt,omitempty"`
	ClosedAt    *time.Time           `json:"closedAt,omitempty"`
}

func paymentOf(l i18n.Lang, a payment.Attempt) PaymentView {
	v := PaymentView{ID: a.ID, Number: a.Number, Gateway: a.Gateway, Purpose: a.Purpose, Amount: a.Amount, Currency: a.Currency, State: a.State,
		Outcome: a.Outcome, Surplus: a.Surplus, Orders: []string{}, CreatedAt: a.CreatedAt, ExpiresAt: a.ExpiresAt, SucceededAt: at(a.SucceededAt), ClosedAt: at(a.ClosedAt)}
	if a.State == payment.AttemptWaiting {
		v.RedirectURL = a.Redirect
	}
	if a.Cause != "" {
		code := a.Cause
		if !i18n.Has(code) {
			code = "order." + code
		}
		v.Cause = problemOf(l, code, map[string]any{})
	}
	return v
}

func (d Deps) showPayment(ctx context.Context, q db.Querier, a payment.Attempt) (PaymentView, error) {
	v := paymentOf(console.LangFrom(ctx), a)
	list, err := payment.OrdersOfAttempt(ctx, q, a.ID)
	for _, o := range list {
		v.Orders = append(v.Orders, o.OrderID)
	}
	return v, err
}

type paymentID struct {
	ID string `path:"id" doc:"Online payment"`
}

// payer lets those see an account's online payments who may pay or top up, or see its orders.
func payer(ctx context.Context) error {
	c := console.CallerFrom(ctx)
	if c.Can(access.OrderRead) || c.Can(access.OrderBuy) || c.Can(access.BalanceTopUp) {
		return nil
	}
	return errs.Forbiddenf("access.denied", "permission", string(access.OrderRead))
}

func requestKey(ctx context.Context) (string, error) {
	key := console.RequestFrom(ctx).Header.Get("Idempotency-Key")
	switch {
	case key == "":
		return "", errs.Invalidf("idempotency.missing")
	case len(key) > 100:
		return "", errs.Invalidf("idempotency.too_long")
	}
	return key, nil
}

func registerOnline(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/payment-instruments", ID: "list-payment-instruments", Tag: "Buying", Need: console.AnyUser,
		Summary: "What the account can pay with: its balance, or a gateway for the whole of an order; the two are not mixed"},
		func(ctx context.Context, _ *struct{}) (instrumentsView, error) {
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return instrumentsView{}, err
			}
			v := instrumentsView{Currency: site.Currency, Gateways: []gatewayView{}}
			for _, g := range d.Trade.Gateways {
				v.Gateways = append(v.Gateways, gatewayView{g.Name(), g.Title().In(console.LangFrom(ctx)), g.Play()})
			}
			if caller := console.CallerFrom(ctx); caller.Can(access.BalanceRead) {
				balance, err := ledger.Balance(ctx, c.DB, ledger.BuyerBalance(caller.AccountID))
				v.Balance = &balance
				return v, err
			}
			return v, nil
		})
	begin := func(ctx context.Context, in trade.Online) (PaymentView, error) {
		var err error
		if in.RequestKey, err = requestKey(ctx); err != nil {
			return PaymentView{}, err
		}
		in.Lang = console.LangFrom(ctx)
		a, err := d.Trade.PayOnline(ctx, buyerOf(ctx), in)
		if err != nil {
			return PaymentView{}, err
		}
		return d.showPayment(ctx, c.DB, a)
	}
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/orders/pay-online", ID: "pay-orders-online", Tag: "Buying", Need: access.OrderBuy, Money: true, Status: 201,
		Summary: "Begin to pay up to 30 orders through a gateway, all or nothing: the browser goes to redirectUrl, and the gateway's notice pays them; above the site's limit the person must have been proven lately"},
		func(ctx context.Context, in *struct {
			Body struct {
				Orders  []string `json:"orders" doc:"Order numbers"`
				Gateway string   `json:"gateway"`
			}
		}) (PaymentView, error) {
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return PaymentView{}, err
			}
			due, err := d.Trade.FindUnpaid(ctx, c.DB, buyerOf(ctx), in.Body.Orders)
			if err != nil {
				return PaymentView{}, err
			}
			if err := console.RequireRecentAbove(ctx, due.Total, site.Security.AmountLimit); err != nil {
				return PaymentView{}, err
			}
			return begin(ctx, trade.Online{Gateway: in.Body.Gateway, Orders: in.Body.Orders})
		})
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/balance/topup-online", ID: "topup-online", Tag: "Balance", Need: access.BalanceTopUp, Money: true, Status: 201,
		Summary: "Begin to top the balance up through a gateway"},
		func(ctx context.Context, in *struct {
			Body struct {
				Amount  money.Amount `json:"amount" doc:"Text with at most two decimals"`
				Gateway string       `json:"gateway"`
			}
		}) (PaymentView, error) {
			return begin(ctx, trade.Online{Gateway: in.Body.Gateway, TopUp: in.Body.Amount})
		})
	console.Read(c, console.Op{Path: "/payments", ID: "list-payments", Tag: "Balance", Need: console.AnyUser, Summary: "List my online payments"},
		func(ctx context.Context, in *attemptFilter) (page.Page[PaymentView], error) {
			if err := payer(ctx); err != nil {
				return page.Page[PaymentView]{}, err
			}
			p, err := payment.Attempts(ctx, c.DB, payment.Scope{AccountID: console.CallerFrom(ctx).AccountID}, in.filter(), in.Page())
			return page.Map(p, func(r payment.AttemptRow) PaymentView { return paymentOf(console.LangFrom(ctx), r.Attempt) }), err
		})
	mine := func(ctx context.Context, id string) (payment.Attempt, error) {
		if err := payer(ctx); err != nil {
			return payment.Attempt{}, err
		}
		return payment.FindAttempt(ctx, c.DB, payment.Scope{AccountID: console.CallerFrom(ctx).AccountID}, id)
	}
	console.Read(c, console.Op{Path: "/payments/{id}", ID: "get-payment", Tag: "Balance", Need: console.AnyUser, Summary: "Show one of my online payments"},
		func(ctx context.Context, in *paymentID) (PaymentView, error) {
			a, err := mine(ctx, in.ID)
			if err != nil {
				return PaymentView{}, err
			}
			return d.showPayment(ctx, c.DB, a)
		})
	for _, x := range []struct {
		path, id, summary string
		giveUp            bool
	}{
		{"check", "check-payment", "Ask the gateway how one of my online payments stands", false},
		{"cancel", "cancel-payment", "Give one of my online payments up: it is closed at the gateway; one that was paid in the same moment counts", true},
	} {
		console.Act(c, console.Op{Method: http.MethodPost, Path: "/payments/{id}/" + x.path, ID: x.id, Tag: "Balance", Need: console.AnyUser, Summary: x.summary},
			func(ctx context.Context, in *paymentID) (PaymentView, error) {
				a, err := mine(ctx, in.ID)
				if err == nil && a.State.Open() {
					a, err = d.Trade.CheckAttempt(ctx, a, x.giveUp)
				}
				if err != nil {
					return PaymentView{}, err
				}
				return d.showPayment(ctx, c.DB, a)
			})
	}
	c.Handle("POST "+trade.NoticePath+"{gateway}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.notice(c, w, r) }))
}

// maxNotice bounds what a gateway may send.
const maxNotice = 64 << 10

// notice takes a gateway's notice. What is not the gateway's is 401 and leaves nothing; what does
// not fit the payment is refused in the gateway's own way, and so is what we could not write, so
// that it comes again.
func (d Deps) notice(c *console.Console, w http.ResponseWriter, r *http.Request) {
	g, ok := d.Trade.Gateways.Find(r.PathValue("gateway"))
	if !ok {
		console.Fail(w, r, errs.NotFoundf("payment.unknown_gateway"))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNotice))
	if err != nil {
		console.Fail(w, r, errs.Invalidf("payment.forged_notice"))
		return
	}
	s, err := g.ReadNotice(r.Context(), r.Header, body)
	if errors.Is(err, gateway.ErrForged) {
		c.Log.Warn("a forged payment notice", "gateway", g.Name(), "address", console.AddressFrom(r.Context()))
		console.Fail(w, r, errs.Unauthenticatedf("payment.forged_notice"))
		return
	}
	if err == nil {
		_, err = d.Trade.Report(r.Context(), g.Name(), trade.ByNotice, s)
	}
	if err != nil {
		c.Log.Warn("a payment notice was not taken", "gateway", g.Name(), "number", s.Number, "error", err)
	}
	g.AnswerNotice(w, err == nil)
}

type attemptFilter struct {
	console.ListInput
	State   string    `query:"state" required:"false" doc:"created, waiting, succeeded, failed or closed"`
	Purpose string    `query:"purpose" required:"false" doc:"orders or balance"`
	Gateway string    `query:"gateway" required:"false"`
	Q       string    `query:"q" required:"false" doc:"Number, the gateway's reference, an order number, or a part of the account's name"`
	From    time.Time `query:"from" required:"false" doc:"Begun at or after"`
	To      time.Time `query:"to" required:"false" doc:"Begun before"`
}

func (f attemptFilter) filter() payment.AttemptFilter {
	return payment.AttemptFilter{State: f.State, Purpose: f.Purpose, Gateway: f.Gateway, Text: f.Q, From: f.From, To: f.To}
}
