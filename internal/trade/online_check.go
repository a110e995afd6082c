package trade

import (
	"context"
	"errors"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/access"
	"jishi/internal/market/notification"
	"jishi/internal/market/payment"
	"jishi/internal/market/payment/gateway"
)

func wall() time.Time { return clock.Wall{}.Now() }

// checkBatch bounds one round of CheckOnline.
const checkBatch = 50

// CheckOnline asks the gateways about open attempts whose time has come: a notice that was lost
// is found by asking, and what has expired is closed at the gateway first. A gateway that does not
// answer is asked again later.
func (t *Trade) CheckOnline(ctx context.Context) error {
	for {
		due, err := payment.AttemptsToCheck(ctx, t.DB, t.DB.Now(), checkBatch)
		if err != nil {
			return err
		}
		for _, a := range due {
			if _, err := t.CheckAttempt(ctx, a, false); err != nil {
				t.Log.Warn("a payment could not be looked after", "attempt", a.ID, "gateway", a.Gateway, "error", err)
				if err := t.askLater(ctx, a); err != nil {
					return err
				}
			}
		}
		if len(due) < checkBatch {
			return nil
		}
	}
}

func (t *Trade) askLater(ctx context.Context, a payment.Attempt) error {
	return t.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return payment.Asked(ctx, tx, a) })
}

// CheckAttempt asks the gateway about one attempt and does what it says. One that has expired, or
// that its buyer gives up, is closed at the gateway and asked about once more: only then it is
// sure that nobody pays it any more.
func (t *Trade) CheckAttempt(ctx context.Context, a payment.Attempt, giveUp bool) (payment.Attempt, error) {
	g, ok := t.Gateways.Find(a.Gateway)
	if !ok {
		return a, errs.Unavailablef("payment.unknown_gateway")
	}
	s, err := g.Query(ctx, a.Number)
	if err != nil {
		return a, errs.Unavailablef("payment.gateway_failed").Wrap(err)
	}
	late := !t.DB.Now().Before(a.ExpiresAt)
	if s.Status == gateway.Waiting && (late || giveUp) {
		if err := g.Close(ctx, a.Number); err != nil {
			return a, errs.Unavailablef("payment.gateway_failed").Wrap(err)
		}
		if s, err = g.Query(ctx, a.Number); err != nil {
			return a, errs.Unavailablef("payment.gateway_failed").Wrap(err)
		}
	}
	if s.Status == gateway.Waiting || s.Status == gateway.Unknown && !late && !giveUp {
		return a, t.askLater(ctx, a)
	}
	if s.Status == gateway.Unknown {
		s.Status = gateway.Closed // it was never made, and its request is over
	}
	s.Number = a.Number
	return t.Report(ctx, a.Gateway, ByQuery, s)
}

func (t *Trade) noticeOnline(ctx context.Context, tx *db.Tx, a payment.Attempt, code string) error {
	return t.Notices.Post(ctx, tx, notification.Message{AccountID: a.AccountID, Permission: access.BalanceRead,
		Class: notification.ClassOrder, Code: code, Link: ReturnPath + a.ID,
		Args: notification.Args{"number": a.Number, "amount": a.Amount.String(), "surplus": a.Surplus.String(), "currency": a.Currency}})
}

// noticeMismatch tells finance of a report that is signed and yet not about this payment.
func (t *Trade) noticeMismatch(ctx context.Context, tx *db.Tx, a payment.Attempt, s gateway.State) error {
	return t.Notices.Post(ctx, tx, notification.Message{Permission: access.TopUpConfirm, Class: notification.ClassOrder, Code: "payment_mismatch",
		Link: "/operator/payments/attempts/" + a.ID, Args: notification.Args{"number": a.Number, "amount": a.Amount.String(),
			"told": s.Amount.String(), "currency": s.Currency, "gateway": a.Gateway}})
}

// RefundOnline gives balance back to whoever paid an attempt, through its gateway. The amount
// leaves the balance first, so that it cannot be spent meanwhile, and stands on "held:<refund>"
// until the gateway has taken it. A refund that the gateway declines is back on the balance. The
// same request key is the same refund. Errors: "payment.refund_range" on the field "amount",
// "ledger.insufficient", "payment.attempt_not_found", "payment.gateway_failed" (Unavailable: it
// stays open, and the job tries again).
func (t *Trade) RefundOnline(ctx context.Context, in payment.ChannelRefund) (payment.GatewayRefund, error) {
	var r payment.GatewayRefund
	err := t.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		r, err = payment.AskChannelRefund(ctx, tx, in)
		return err
	})
	if err != nil || r.State != payment.RefundAsked {
		return r, err
	}
	return t.sendRefund(ctx, r)
}

func (t *Trade) sendRefund(ctx context.Context, r payment.GatewayRefund) (payment.GatewayRefund, error) {
	a, err := payment.FindAttempt(ctx, t.DB, payment.Everybody, r.AttemptID)
	if err != nil {
		return r, err
	}
	g, ok := t.Gateways.Find(a.Gateway)
	if !ok {
		return r, errs.Unavailablef("payment.unknown_gateway")
	}
	err = g.Refund(ctx, gateway.Refund{Number: r.Number, Payment: a.Number, Reference: a.Reference, Amount: r.Amount, Currency: r.Currency, Reason: r.Reason})
	declined := errors.Is(err, gateway.ErrDeclined)
	if err != nil && !declined {
		return r, errs.Unavailablef("payment.gateway_failed").Wrap(err)
	}
	problem := ""
	if declined {
		problem = err.Error()
	}
	err = t.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if r, err = payment.DecideChannelRefund(ctx, tx, r.ID, problem); err != nil {
			return err
		}
		code := "refund_to_channel"
		if r.State != payment.RefundTaken {
			code = "refund_to_channel_failed"
		}
		return t.Notices.Post(ctx, tx, notification.Message{AccountID: r.AccountID, Permission: access.BalanceRead, Class: notification.ClassRefund, Code: code,
			Link: "/buyer/balance", Args: notification.Args{"number": r.Number, "amount": r.Amount.String(), "currency": r.Currency}})
	})
	return r, err
}

// SendRefunds tries open refunds through gateways again.
func (t *Trade) SendRefunds(ctx context.Context) error {
	ctx = audit.WithActor(ctx, audit.Actor{Kind: "system"})
	open, err := payment.OpenChannelRefunds(ctx, t.DB, t.DB.Now().Add(-time.Minute))
	if err != nil {
		return err
	}
	for _, r := range open {
		if _, err := t.sendRefund(ctx, r); err != nil {
			t.Log.Warn("a refund through the gateway is still open", "refund", r.ID, "error", err)
		}
	}
	return nil
}
