package trade

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/refund"
	"jishi/internal/market/subscription"
	"jishi/wire/saas"
)

// RenewalRefund is what giving back a renewed period that has not begun would bring
// (退续费, trade.md §8.1, §14.1).
type RenewalRefund struct {
	OrderID  string       // of the renewal
	Amount   money.Amount // all that was paid for it and not refunded yet
	Voucher  money.Amount // the part of it that goes back to the voucher
	Currency string
	Begins   time.Time // the period; afterwards the service ends with its beginning
	Ends     time.Time
	Approval bool  // an operator decides
	Blocker  error // why there is nothing to be had; nil when there is
}

// AssessRenewalRefund looks at the renewal that begins last: of several, the newest goes back
// first. It goes back whole as long as it has not begun, and uses none of the year's five-day
// refunds. Blockers: "refund.no_renewal", "refund.period_begun", "refund.open",
// "refund.not_active", "refund.expiry_changed", "refund.nothing_left",
// "refund.changed_since", "instance.pending_order" (all Conflict). "instance.not_found".
func (t *Trade) AssessRenewalRefund(ctx context.Context, q db.Querier, accountID, instanceID string) (RenewalRefund, error) {
	c, err := t.renewalCase(ctx, q, accountID, instanceID)
	if err != nil {
		return RenewalRefund{}, err
	}
	site, zone, err := t.site(ctx)
	if err != nil {
		return RenewalRefund{}, err
	}
	r := RenewalRefund{OrderID: c.Order.ID, Amount: c.Line.Amount - c.Before, Currency: c.Order.Currency, Begins: c.Line.StartsAt, Ends: c.Line.EndsAt}
	r.Voucher = c.ToVoucher(r.Amount)
	r.Approval = r.Amount > site.Refunds.ApprovalAbove
	switch {
	case c.Order.ID == "":
		r.Blocker = errs.Conflictf("refund.no_renewal")
	case c.Open:
		r.Blocker = errs.Conflictf("refund.open")
	case !c.Now.Before(c.Line.StartsAt):
		r.Blocker = errs.Conflictf("refund.period_begun", "at", c.Line.StartsAt.In(zone).Format(time.DateTime))
	case c.Pending != nil:
		r.Blocker = c.Pending
	default:
		r.Blocker = mayShorten(c)
	}
	if r.Blocker == nil && r.Amount <= 0 {
		r.Blocker = errs.Conflictf("refund.nothing_left")
	}
	return r, nil
}

// mayShorten is why the period cannot be taken off the end of its instance.
func mayShorten(c refund.Case) error {
	switch {
	case c.Changed:
		return errs.Conflictf("refund.changed_since")
	case c.Instance.State != subscription.Active:
		return errs.Conflictf("refund.not_active", "state", c.Instance.State)
	case !c.Instance.ExpiresAt.Equal(c.Line.EndsAt): // an operator's call moved it
		return errs.Conflictf("refund.expiry_changed")
	}
	return nil
}

// renewalCase is the refund.Case of the newest renewal; without one its order is empty.
func (t *Trade) renewalCase(ctx context.Context, q db.Querier, accountID, instanceID string) (c refund.Case, err error) {
	c.Now = t.DB.Now()
	if _, c.Zone, err = t.site(ctx); err != nil {
		return c, err
	}
	if c.Instance, err = t.Subscriptions.Find(ctx, q, instanceID, accountID); err != nil {
		return c, err
	}
	var found bool
	if c.Order, c.Line, found, err = order.NewestRenewal(ctx, q, instanceID); err != nil || !found {
		return c, err
	}
	if c.Before, c.Restored, _, err = refund.OfLine(ctx, q, c.Line.ID); err != nil {
		return c, err
	}
	if c.Open, err = refund.OpenOf(ctx, q, instanceID); err != nil {
		return c, err
	}
	standing, err := order.StandingOf(ctx, q, c.Instance.OrderLineID, instanceID)
	if err != nil {
		return c, err
	}
	c.Changed = order.RunsInto(standing, c.Line.StartsAt)
	c.Pending, err = pendingOrder(ctx, q, instanceID, "")
	return c, err
}

// RequestRenewalRefund gives the newest renewed period back. Up to the site's limit it is paid
// at once: refund order, money to the balance, the expiry as it was before, and the seller's
// call; above it an operator decides. Errors as RequestRefund and AssessRenewalRefund.
func (t *Trade) RequestRenewalRefund(ctx context.Context, tx *db.Tx, b Buyer, in RefundRequest) (refund.Refund, error) {
	var k errs.Check
	in.Reason = strings.TrimSpace(in.Reason)
	k.Length("reason", in.Reason, 0, 500)
	if err := k.Err(); err != nil {
		return refund.Refund{}, err
	}
	if err := t.holdRefund(ctx, tx, in.InstanceID, b.AccountID); err != nil {
		return refund.Refund{}, err
	}
	a, err := t.AssessRenewalRefund(ctx, tx, b.AccountID, in.InstanceID)
	if err != nil {
		return refund.Refund{}, err
	}
	if a.Blocker != nil {
		return refund.Refund{}, a.Blocker
	}
	if a.Amount != in.Amount {
		return refund.Refund{}, errs.Conflictf("refund.amount_changed", "amount", a.Amount.String())
	}
	c, err := t.renewalCase(ctx, tx, b.AccountID, in.InstanceID)
	if err != nil {
		return refund.Refund{}, err
	}
	r, err := t.ask(ctx, tx, c, refund.Refund{Kind: refund.Renewal, UserID: b.UserID, Amount: a.Amount, Voucher: a.Voucher, Reason: in.Reason,
		Explanation: refund.Explanation{Paid: c.Line.Amount, Voucher: c.Line.Voucher, Before: c.Before}})
	if err != nil {
		return r, err
	}
	if a.Approval {
		return r, t.noticeRefundAsked(ctx, tx, r, c)
	}
	return r, t.payRenewal(ctx, tx, &r, c, "")
}

// payRenewal is the end of such a refund, in one transaction. What was asked for in time is
// paid, though the period has begun while an operator thought about it.
func (t *Trade) payRenewal(ctx context.Context, tx *db.Tx, r *refund.Refund, c refund.Case, decision string) error {
	if c.Line.ID != r.OrderLineID {
		return errs.Conflictf("refund.no_renewal")
	}
	if err := mayShorten(c); err != nil {
		return err
	}
	o, err := order.Find(ctx, tx, order.Everybody, r.OrderID) // as it is after AskRefund
	if err != nil {
		return err
	}
	refundOrder, err := t.payBack(ctx, tx, r, c, o, decision)
	if err != nil {
		return err
	}
	if err := t.shorten(ctx, tx, c, refundOrder); err != nil {
		return err
	}
	if err := order.Apply(ctx, tx, &o, order.PayBack, string(r.Kind), map[string]any{"refund": refundOrder.ID, "amount": r.Amount}); err != nil {
		return err
	}
	return t.noticeRefundPaid(ctx, tx, *r, o, c.Instance)
}

// shorten moves the expiry back to where the period would have begun, with the plan of before,
// and has the seller told: with the refund order's number and a negative amount.
// A change that would have taken effect with the period, and that nobody knows of yet, is dropped.
func (t *Trade) shorten(ctx context.Context, tx *db.Tx, c refund.Case, refundOrder order.Order) error {
	in := c.Instance
	if !in.ChangeAt.IsZero() && in.ChangeAt.Equal(c.Line.StartsAt) {
		in.ChangeAt = time.Time{}
		if err := t.Subscriptions.Renew(ctx, tx, &in, c.Line.StartsAt, nil); err != nil {
			return err
		}
		return t.endAutomatic(ctx, tx, &in, c.Zone)
	}
	activity, ok := activityOf(in, fulfillment.CancelRenewal)
	if !ok {
		return errs.Conflictf("instance.no_such_call", "generation", in.Generation)
	}
	call := callOf(in, activity, fulfillment.CancelRenewal, fulfillment.Renewal)
	call.OrderID, call.OrderLineID = refundOrder.ID, order.LineID(refundOrder.ID, 1)
	call.Parameters = map[string]string{fulfillment.ParamExpireAt: c.Line.StartsAt.UTC().Format(time.RFC3339),
		fulfillment.ParamOrderAmount: refundOrder.DueAmount.String()}
	plan, err := t.planBefore(ctx, tx, c)
	if err != nil {
		return err
	}
	if plan != nil && saas.Activity(call.Activity) == saas.RefreshInstance {
		call.Parameters[fulfillment.ParamProductID] = plan.PlanNumber
	}
	if c.Line.AnchorBefore > 0 { // its end had been moved to a unified day
		in.AnchorDay = c.Line.AnchorBefore
	}
	if err := t.Subscriptions.Renew(ctx, tx, &in, c.Line.StartsAt, plan); err != nil {
		return err
	}
	if err := t.endAutomatic(ctx, tx, &in, c.Zone); err != nil {
		return err
	}
	_, err = fulfillment.Queue(ctx, tx, call)
	return err
}

// endAutomatic turns automatic renewal off: whoever gives a renewed period back does not want it
// renewed again tomorrow. The buyer is told, and may turn it on again.
func (t *Trade) endAutomatic(ctx context.Context, tx *db.Tx, in *subscription.Instance, zone *time.Location) error {
	if in.AtExpiry != subscription.Auto {
		return nil
	}
	in.AtExpiry = subscription.Manual
	in.Reminded(tx.Now, zone)
	in.AutoAt = time.Time{}
	if _, err := t.Subscriptions.Postpone(ctx, tx, in); err != nil {
		return err
	}
	return t.tellBuyer(ctx, tx, *in, "instance_auto_off", map[string]any{"expiry": day(in.ExpiresAt, zone)})
}

// planBefore is the plan that ran before the renewal, nil when it is the same: a period of a
// year that does not begin leaves a monthly subscription. It is that of the renewal before, or
// of the purchase; not, when the specification was changed since.
func (t *Trade) planBefore(ctx context.Context, q db.Querier, c refund.Case) (*subscription.Plan, error) {
	in := c.Instance
	if c.Line.PlanID != in.PlanID {
		return nil, nil
	}
	if b := c.Line.Change; b != nil { // it has taken effect while an operator thought about it
		return &subscription.Plan{PlanID: b.PlanID, PlanNumber: b.PlanNumber, SkuCode: b.SkuCode, SpecName: b.SpecName, PeriodType: b.PeriodType, PeriodNumber: b.PeriodNumber, Chosen: b.Chosen}, nil
	}
	l, found, err := order.RenewalBefore(ctx, q, in.ID, c.Line.StartsAt)
	if err == nil && !found {
		_, l, err = lineOf(ctx, q, in)
	}
	if err != nil || l.PlanID == in.PlanID || l.SkuCode != in.SkuCode {
		return nil, err
	}
	return &subscription.Plan{PlanID: l.PlanID, PlanNumber: l.PlanNumber, SkuCode: l.SkuCode, SpecName: l.SpecName, PeriodType: l.PeriodType, PeriodNumber: l.PeriodNumber, Chosen: in.Chosen}, nil
}
