package trade

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/payment/gateway"
)

// NoticePath is where gateways send their notices; the gateway's name follows.
const NoticePath = "/api/v1/payment-notices/"

// ReturnPath is the page to which a gateway sends the browser back; the attempt's id follows.
const ReturnPath = "/payments/"

// onlineLasts is how long a payer has at the gateway, unless the order's deadline comes first.
const onlineLasts = 30 * time.Minute

// onlineWorth is how long an open attempt must last to be used again, and an order to be begun.
const onlineWorth = time.Minute

// Online is what a buyer wants to pay through a gateway: one to thirty orders, all or nothing
// (trade.md §9.3), or an amount for the balance.
type Online struct {
	Gateway    string
	Orders     []string
	TopUp      money.Amount
	RequestKey string // the same key is the same attempt, whatever was lost in between
	Lang       i18n.Lang
}

// PayOnline begins an online payment: an attempt is written, the gateway is asked outside of any
// transaction, and the browser goes to attempt.Redirect. Nothing is paid before the gateway says
// so. A second browser with the same orders comes to the same page. Errors: field "gateway",
// "amount"; as FindUnpaid and Pay; "payment.order_ended" (Conflict) when an order turned out to
// have expired; "payment.nothing_due" (Conflict); "payment.gateway_failed" (Unavailable).
func (t *Trade) PayOnline(ctx context.Context, b Buyer, in Online) (payment.Attempt, error) {
	g, ok := t.Gateways.Find(in.Gateway)
	if !ok {
		var c errs.Check
		c.Add("gateway", "payment.unknown_gateway")
		return payment.Attempt{}, c.Err()
	}
	var a payment.Attempt
	var refused error
	err := t.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		refused = nil
		if a, err = t.beginOnline(ctx, tx, b, in); errs.Is(err, "payment.order_ended") {
			refused, err = err, nil // that it has expired is written
		}
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil || a.State != payment.AttemptCreated {
		return a, err
	}
	site, err := t.Settings.Site(ctx)
	if err != nil {
		return a, err
	}
	made, err := g.Create(ctx, gateway.Order{Number: a.Number, Amount: a.Amount, Currency: a.Currency, Subject: site.Name.In(in.Lang) + " " + a.Number,
		Lang: in.Lang, ReturnURL: t.PublicURL + ReturnPath + a.ID, NotifyURL: t.PublicURL + NoticePath + g.Name(),
		ExpiresAt: wallTime(t.DB.Now(), a.ExpiresAt)})
	if err != nil {
		t.Log.Warn("the gateway did not open a payment", "gateway", g.Name(), "attempt", a.ID, "error", err)
		return a, errors.Join(errs.Unavailablef("payment.gateway_failed").Wrap(err), t.giveUp(ctx, g, a, errors.Is(err, gateway.ErrDeclined)))
	}
	err = t.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = payment.Opened(ctx, tx, a.ID, made.Reference, made.Redirect)
		return err
	})
	return a, err
}

// giveUp ends an attempt that was not opened. When the gateway may have made it nevertheless, it
// stays open and is asked about.
func (t *Trade) giveUp(ctx context.Context, g gateway.Gateway, a payment.Attempt, sure bool) error {
	if !sure {
		return nil
	}
	return t.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		locked, err := payment.LockAttempt(ctx, tx, g.Name(), a.Number)
		if err != nil {
			return err
		}
		_, err = payment.Fail(ctx, tx, &locked, "payment.gateway_failed")
		return err
	})
}

func (t *Trade) beginOnline(ctx context.Context, tx *db.Tx, b Buyer, in Online) (payment.Attempt, error) {
	if a, found, err := payment.AttemptOfRequest(ctx, tx, b.AccountID, in.RequestKey); err != nil || found {
		if err != nil {
			return a, err
		}
		return a, sameRequest(ctx, tx, a, in)
	}
	if err := mayBuy(ctx, tx, b.AccountID); err != nil {
		return payment.Attempt{}, err
	}
	site, _, err := t.site(ctx)
	if err != nil {
		return payment.Attempt{}, err
	}
	n := payment.NewAttempt{AccountID: b.AccountID, UserID: b.UserID, Gateway: in.Gateway, Currency: site.Currency, RequestKey: in.RequestKey,
		Amount: in.TopUp, ExpiresAt: tx.Now.Add(onlineLasts)}
	if len(in.Orders) > 0 {
		if err := t.ordersToPay(ctx, tx, b, in.Orders, &n); err != nil {
			return payment.Attempt{}, err
		}
		if same, found, err := payment.SameAttempt(ctx, tx, n, tx.Now.Add(onlineWorth)); err != nil || found {
			return same, err
		}
	}
	a, err := payment.CreateAttempt(ctx, tx, n)
	if err != nil {
		return a, err
	}
	return a, audit.Record(ctx, tx, audit.Entry{Action: "payment.begin", Object: "payment", ObjectID: a.ID, AccountID: a.AccountID,
		Detail: map[string]any{"amount": a.Amount, "gateway": a.Gateway, "orders": in.Orders}})
}

// sameRequest refuses a key that was used for something else: "idempotency.mismatch" (Conflict).
func sameRequest(ctx context.Context, q db.Querier, a payment.Attempt, in Online) error {
	list, err := payment.OrdersOfAttempt(ctx, q, a.ID)
	if err != nil {
		return err
	}
	same := a.Gateway == in.Gateway && len(list) == len(in.Orders) && (len(list) > 0 || a.Amount == in.TopUp)
	for _, o := range list {
		same = same && slices.Contains(in.Orders, o.OrderID)
	}
	if !same {
		return errs.Conflictf("idempotency.mismatch")
	}
	return nil
}

// ordersToPay checks the orders as a payment does; those that cannot be paid any more expire.
func (t *Trade) ordersToPay(ctx context.Context, tx *db.Tx, b Buyer, ids []string, n *payment.NewAttempt) error {
	m, err := t.FindUnpaid(ctx, tx, b, ids)
	if err != nil {
		return err
	}
	ended := ""
	with := alongside{}
	for _, o := range byProduct(m.Orders) {
		r, err := t.ready(ctx, tx, *o, with)
		if err != nil {
			return err
		}
		if r.ends != "" {
			if err := t.expire(ctx, tx, o, r.ends, r.cause); err != nil {
				return err
			}
			ended = o.ID
		}
	}
	if ended != "" {
		return errs.Conflictf("payment.order_ended", "order", ended)
	}
	for _, o := range m.Orders {
		n.Orders = append(n.Orders, payment.AttemptOrder{OrderID: o.ID, Amount: o.DueAmount})
		if o.Deadline.Before(n.ExpiresAt) {
			n.ExpiresAt = o.Deadline
		}
	}
	n.Currency = m.Currency
	if m.Total <= 0 {
		return errs.Conflictf("payment.nothing_due")
	}
	return nil
}

// byProduct is the order in which everybody who takes several orders locks them.
func byProduct(list []order.Order) []*order.Order {
	sorted := make([]*order.Order, len(list))
	for i := range list {
		sorted[i] = &list[i]
	}
	slices.SortFunc(sorted, func(x, y *order.Order) int { return strings.Compare(x.ProductID+" "+x.ID, y.ProductID+" "+y.ID) })
	return sorted
}

// wallTime is the wall clock's instant of one of the realm's clock.
func wallTime(now, at time.Time) time.Time { return wall().Add(at.Sub(now)) }

// Reports of gateways come from two sides.
const (
	ByNotice = "notice"
	ByQuery  = "query"
)

// Report takes what a gateway says of an attempt, in a notice or asked: the money that came pays
// the orders of the attempt, or is credited to the balance when they cannot be paid any more, with
// the cause told to the buyer. Whatever is reported again changes nothing. An amount, currency or
// payment that is not the attempt's is "payment.notice_mismatch" (Invalid): nothing is paid, and
// finance is told. "payment.attempt_not_found".
func (t *Trade) Report(ctx context.Context, gatewayName, source string, s gateway.State) (payment.Attempt, error) {
	ctx = audit.WithActor(ctx, audit.Actor{Kind: "system", Name: gatewayName})
	var a payment.Attempt
	var refused error
	again := func() error {
		return t.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			refused = nil
			if a, err = t.report(ctx, tx, gatewayName, source, s); errs.Is(err, "payment.notice_mismatch") {
				refused, err = err, nil // the report is kept
			}
			return err
		})
	}
	err := again()
	// Somebody paid or ended an order in the same moment: what is true now is found out anew.
	for range 3 {
		if !errs.Is(err, "order.bad_transition") && !errs.Is(err, "payment.paid") {
			break
		}
		err = again()
	}
	if err == nil {
		err = refused
	}
	return a, err
}

func (t *Trade) report(ctx context.Context, tx *db.Tx, gatewayName, source string, s gateway.State) (payment.Attempt, error) {
	a, err := payment.LockAttempt(ctx, tx, gatewayName, s.Number)
	if err != nil {
		return a, err
	}
	if s.Status == gateway.Succeeded && (s.Amount != a.Amount || s.Currency != a.Currency) || a.Reference != "" && s.Reference != "" && s.Reference != a.Reference {
		if err := payment.KeepNotice(ctx, tx, a, source, s, payment.NoticeRefused); err != nil {
			return a, err
		}
		if err := t.noticeMismatch(ctx, tx, a, s); err != nil {
			return a, err
		}
		return a, errs.Invalidf("payment.notice_mismatch")
	}
	moved := false
	switch s.Status {
	case gateway.Succeeded:
		if moved, err = payment.Succeed(ctx, tx, &a, s.Reference); err == nil && moved {
			err = t.spend(ctx, tx, &a)
		}
	case gateway.Failed:
		moved, err = payment.Fail(ctx, tx, &a, "payment.failed_at_gateway")
	case gateway.Closed:
		moved, err = payment.Close(ctx, tx, &a, "payment.closed_at_gateway")
	default:
		return a, nil // it waits
	}
	if err != nil {
		return a, err
	}
	verdict := payment.NoticeRepeated
	if moved {
		verdict = payment.NoticeApplied
	}
	return a, payment.KeepNotice(ctx, tx, a, source, s, verdict)
}

// spend does with the money of a succeeded attempt what it was paid for.
func (t *Trade) spend(ctx context.Context, tx *db.Tx, a *payment.Attempt) error {
	if a.Purpose == payment.ForBalance {
		if err := payment.ToTheBalance(ctx, tx, a, ""); err != nil {
			return err
		}
		if err := t.noticeOnline(ctx, tx, *a, "topup_online"); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Action: "payment.topup", Object: "payment", ObjectID: a.ID, AccountID: a.AccountID,
			Detail: map[string]any{"amount": a.Amount, "gateway": a.Gateway}})
	}
	found, err := payment.OrdersOfAttempt(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	ids := make([]string, len(found))
	for i, o := range found {
		ids[i] = o.OrderID
	}
	payable, cause, err := t.payable(ctx, tx, a, ids)
	if err != nil {
		return err
	}
	if cause != "" {
		if err := payment.ToTheBalance(ctx, tx, a, cause); err != nil {
			return err
		}
		if err := t.noticeOnline(ctx, tx, *a, "payment_to_balance"); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Action: "payment.to_balance", Object: "payment", ObjectID: a.ID, AccountID: a.AccountID,
			Reason: cause, Detail: map[string]any{"amount": a.Amount, "orders": ids}})
	}
	items := make([]payment.Item, len(payable))
	for i, p := range payable {
		if items[i], err = t.item(ctx, tx, *p.order, p.lines); err != nil {
			return err
		}
	}
	if err := payment.FromGateway(ctx, tx, a, items); err != nil {
		return err
	}
	for _, p := range payable {
		if err := t.paid(ctx, tx, p.order, p.lines, payment.Online); err != nil {
			return err
		}
	}
	if a.Surplus > 0 {
		return t.noticeOnline(ctx, tx, *a, "payment_surplus")
	}
	return nil
}

type payableOrder struct {
	order *order.Order
	lines []order.Line
}

// payable finds out whether the money can pay all of the orders now; otherwise it gives the
// cause, a stable code, and orders that have expired are written so.
func (t *Trade) payable(ctx context.Context, tx *db.Tx, a *payment.Attempt, ids []string) ([]payableOrder, string, error) {
	m, err := t.FindUnpaid(ctx, tx, Buyer{AccountID: a.AccountID, UserID: a.UserID}, ids)
	if err == nil {
		err = mayBuy(ctx, tx, a.AccountID)
	}
	if err != nil {
		return refusedBy(err)
	}
	if m.Total > a.Amount || m.Currency != a.Currency {
		return nil, "payment.price_changed", nil
	}
	var out []payableOrder
	with, cause := alongside{}, ""
	for _, o := range byProduct(m.Orders) {
		r, err := t.ready(ctx, tx, *o, with)
		if err != nil {
			return refusedBy(err)
		}
		if r.ends != "" {
			if err := t.expire(ctx, tx, o, r.ends, r.cause); err != nil {
				return nil, "", err
			}
			cause = r.cause
		}
		out = append(out, payableOrder{o, r.lines})
	}
	return out, cause, nil
}

// refusedBy tells a rule that stands against the payment from a fault.
func refusedBy(err error) ([]payableOrder, string, error) {
	e, ok := errs.As(err)
	switch {
	case ok && len(e.Fields) > 0:
		return nil, e.Fields[0].Code, nil
	case ok && (e.Kind == errs.Conflict || e.Kind == errs.Forbidden || e.Kind == errs.NotFound || e.Kind == errs.Invalid):
		return nil, e.Code, nil
	}
	return nil, "", err
}
