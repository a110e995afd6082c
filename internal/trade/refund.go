package trade

import (
	"context"
	"slices"
	"strings"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/settings"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/refund"
	"jishi/internal/market/subscription"
	"jishi/internal/market/voucher"
)

// AssessRefund tells what the buyer of an instance may have back now, by which formula, or
// what stands against it (退订预览). Nothing is stored. "instance.not_found".
func (t *Trade) AssessRefund(ctx context.Context, q db.Querier, accountID, instanceID string) (refund.Assessment, error) {
	_, a, err := t.refundCase(ctx, q, accountID, instanceID)
	return a, err
}

func (t *Trade) refundCase(ctx context.Context, q db.Querier, accountID, instanceID string) (refund.Case, refund.Assessment, error) {
	site, zone, err := t.site(ctx)
	if err != nil {
		return refund.Case{}, refund.Assessment{}, err
	}
	rules, err := refundRules(site)
	if err != nil {
		return refund.Case{}, refund.Assessment{}, err
	}
	c := refund.Case{Now: t.DB.Now(), Zone: zone}
	if c.Instance, err = t.Subscriptions.Find(ctx, q, instanceID, accountID); err != nil {
		return c, refund.Assessment{}, err
	}
	if c.Order, c.Line, err = lineOf(ctx, q, c.Instance); err != nil {
		return c, refund.Assessment{}, err
	}
	if c.Before, c.Restored, c.Open, err = refund.OfLine(ctx, q, c.Line.ID); err != nil {
		return c, refund.Assessment{}, err
	}
	if c.Pending, err = pendingOrder(ctx, q, c.Instance.ID, ""); err != nil {
		return c, refund.Assessment{}, err
	}
	if c.Renewed, err = order.About(ctx, q, c.Instance.ID); err != nil {
		return c, refund.Assessment{}, err
	}
	standing, err := order.StandingOf(ctx, q, c.Instance.OrderLineID, c.Instance.ID)
	if err != nil {
		return c, refund.Assessment{}, err
	}
	for _, s := range slices.Backward(standing) {
		if s.Kind != order.Upgrade || s.State == order.Processing {
			continue
		}
		b := refund.Bought{Line: s.Line}
		if b.Order, err = order.Find(ctx, q, order.Everybody, s.OrderID); err != nil {
			return c, refund.Assessment{}, err
		}
		open := false
		if b.Before, b.Restored, open, err = refund.OfLine(ctx, q, s.ID); err != nil {
			return c, refund.Assessment{}, err
		}
		c.Open, c.Changes = c.Open || open, append(c.Changes, b)
	}
	if c.Used, err = refund.Used(ctx, q, c.Order.AccountID, refund.YearBegin(c.Now, zone)); err != nil {
		return c, refund.Assessment{}, err
	}
	return c, refund.Assess(c, rules), nil
}

func refundRules(site settings.Site) (refund.Rules, error) {
	fee, err := money.ParsePrice(site.Refunds.HandlingFee)
	return refund.Rules{PerYear: site.Refunds.FiveDayPerYear, ApprovalAbove: site.Refunds.ApprovalAbove, FeeRate: fee}, err
}

func lineOf(ctx context.Context, q db.Querier, in subscription.Instance) (order.Order, order.Line, error) {
	o, err := order.Find(ctx, q, order.Everybody, in.OrderID)
	if err != nil {
		return o, order.Line{}, err
	}
	lines, err := order.Lines(ctx, q, o.ID)
	for _, l := range lines {
		if l.ID == in.OrderLineID {
			return o, l, err
		}
	}
	return o, order.Line{}, err
}

// RefundRequest is what a buyer confirms after the preview.
type RefundRequest struct {
	InstanceID string
	Amount     money.Amount // as the preview showed it
	Reason     string       // ≤ 500 characters; none is needed
}

// RequestRefund gives an instance back (退订). A refund up to the site's limit is paid at
// once: refund order, money to the balance, instance UNSUBSCRIBED, release call. A larger one
// waits for an operator, and the service goes on meanwhile. An amount other than the shown
// one is "refund.amount_changed" (Conflict); the rest as refund.Assess.
func (t *Trade) RequestRefund(ctx context.Context, tx *db.Tx, b Buyer, in RefundRequest) (refund.Refund, error) {
	var k errs.Check
	in.Reason = strings.TrimSpace(in.Reason)
	k.Length("reason", in.Reason, 0, 500)
	if err := k.Err(); err != nil {
		return refund.Refund{}, err
	}
	if err := t.holdRefund(ctx, tx, in.InstanceID, b.AccountID); err != nil {
		return refund.Refund{}, err
	}
	c, a, err := t.refundCase(ctx, tx, b.AccountID, in.InstanceID)
	if err != nil {
		return refund.Refund{}, err
	}
	if a.Blocker != nil {
		return refund.Refund{}, a.Blocker
	}
	if a.Amount != in.Amount {
		return refund.Refund{}, errs.Conflictf("refund.amount_changed", "amount", a.Amount.String())
	}
	r, err := t.ask(ctx, tx, c, refund.Refund{Kind: a.Kind, UserID: b.UserID, Amount: a.Base.Amount, Voucher: a.Base.Voucher, Explanation: a.Base.Explanation, Reason: in.Reason, EndsService: true})
	if err != nil {
		return r, err
	}
	if err := t.askParts(ctx, tx, c, r, a.Parts); err != nil {
		return r, err
	}
	if a.Approval {
		return r, t.noticeRefundAsked(ctx, tx, r, c)
	}
	return r, t.payRefund(ctx, tx, &r, c, "")
}

// holdRefund makes refunds of an account, and what else is done to the instance, wait for this
// transaction: the yearly count, what was refunded and what is under way are read before they
// are written. The instance comes first, as in a payment of its renewal.
func (t *Trade) holdRefund(ctx context.Context, tx *db.Tx, instanceID, accountID string) error {
	if err := t.Subscriptions.Lock(ctx, tx, instanceID); err != nil {
		return err
	}
	return payment.LockAccount(ctx, tx, accountID)
}

func (t *Trade) ask(ctx context.Context, tx *db.Tx, c refund.Case, r refund.Refund) (refund.Refund, error) {
	r.OrderID, r.OrderLineID, r.InstanceID, r.AccountID = c.Order.ID, c.Line.ID, c.Instance.ID, c.Order.AccountID
	r.SellerID, r.ProductID, r.Currency = c.Order.SellerID, c.Order.ProductID, c.Order.Currency
	r, err := refund.Ask(ctx, tx, r)
	if err != nil || !r.MovesOrder() || c.Order.LineCount > 1 {
		return r, err // an order of several lines goes on with the others
	}
	return r, order.Apply(ctx, tx, &c.Order, order.AskRefund, "", map[string]any{"refund": r.ID, "amount": r.Amount})
}

// askParts asks for the changes that go back together with a purchase.
func (t *Trade) askParts(ctx context.Context, tx *db.Tx, c refund.Case, main refund.Refund, parts []refund.Part) error {
	for _, p := range parts {
		if p.Amount == 0 && !main.EndsService {
			continue
		}
		if _, err := t.ask(ctx, tx, c.Of(p.LineID), refund.Refund{MainID: main.ID, Kind: main.Kind, UserID: main.UserID, Amount: p.Amount, Voucher: p.Voucher,
			Explanation: p.Explanation, Reason: main.Reason, EndsService: main.EndsService}); err != nil {
			return err
		}
	}
	return nil
}

// payParts pays the changes back that belong to a refund, the newest first: each by a refund
// order and reversing postings of its own.
func (t *Trade) payParts(ctx context.Context, tx *db.Tx, main refund.Refund, c refund.Case, decision string) error {
	parts, err := refund.PartsOf(ctx, tx, main.ID)
	if err != nil {
		return err
	}
	for _, r := range parts {
		o, err := order.Find(ctx, tx, order.Everybody, r.OrderID)
		if err != nil {
			return err
		}
		refundOrder, err := t.payBack(ctx, tx, &r, c.Of(r.OrderLineID), o, decision)
		if err != nil {
			return err
		}
		detail := map[string]any{"refund": refundOrder.ID, "amount": r.Amount}
		if r.EndsService {
			err = order.Apply(ctx, tx, &o, order.PayBack, string(r.Kind), detail)
		} else {
			err = order.Record(ctx, tx, o.ID, order.Note, o.State, o.State, detail)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// payRefund is the end of every refund of a delivered order, in one transaction: the refund
// orders, the money, the instance, the release call, the notices. What was bought last goes
// back first (trade.md §13.4).
func (t *Trade) payRefund(ctx context.Context, tx *db.Tx, r *refund.Refund, c refund.Case, decision string) error {
	o, err := order.Find(ctx, tx, order.Everybody, r.OrderID) // as it is after AskRefund
	if err != nil {
		return err
	}
	if err := t.payParts(ctx, tx, *r, c, decision); err != nil {
		return err
	}
	refundOrder, err := t.payBack(ctx, tx, r, c.Of(r.OrderLineID), o, decision)
	if err != nil {
		return err
	}
	detail := map[string]any{"refund": refundOrder.ID, "amount": r.Amount}
	if !r.EndsService {
		if err := order.Record(ctx, tx, o.ID, order.Note, o.State, o.State, detail); err != nil {
			return err
		}
		return t.noticeRefundPaid(ctx, tx, *r, o, c.Instance)
	}
	in := c.Instance
	if err := t.Subscriptions.Close(ctx, tx, &in); err != nil {
		return err
	}
	if err := fulfillment.CancelOpen(ctx, tx, in.ID, "", "refunded"); err != nil {
		return err
	}
	if in.ExternalID != "" {
		if err := t.release(ctx, tx, in, in.ExternalID, refundOrder, 1); err != nil {
			return err
		}
	}
	if err := t.closeRefunded(ctx, tx, &o, string(r.Kind), detail); err != nil {
		return err
	}
	return t.noticeRefundPaid(ctx, tx, *r, o, in)
}

// payBack is what every refund of a delivered order does with the money: the refund order, the
// reversing postings, the decision, and the notice to the seller's server.
func (t *Trade) payBack(ctx context.Context, tx *db.Tx, r *refund.Refund, c refund.Case, o order.Order, decision string) (order.Order, error) {
	line := c.Line
	line.Amount, line.Voucher = r.Amount, r.Voucher
	paid, err := t.item(ctx, tx, o, []order.Line{c.Line})
	if err != nil {
		return order.Order{}, err
	}
	refundOrder, err := order.PlaceRefund(ctx, tx, o, []order.Line{line}, string(r.Kind), c.Zone)
	if err != nil {
		return refundOrder, err
	}
	if err := payment.RefundCaptured(ctx, tx, payment.Returned{AccountID: o.AccountID, SellerID: o.SellerID, OrderID: o.ID, RefundOrder: refundOrder.ID,
		Amount: r.Amount, Before: c.Before, FeeRatio: c.Line.FeeRatio, Currency: o.Currency,
		Voucher: paid.Voucher, Restored: r.Voucher, Earlier: c.Restored}); err != nil {
		return refundOrder, err
	}
	if err := voucher.Restore(ctx, tx, o.ID, r.Voucher); err != nil {
		return refundOrder, err
	}
	if err := refund.Decide(ctx, tx, r, "paid", decision, refundOrder.ID); err != nil {
		return refundOrder, err
	}
	return refundOrder, t.notifyRefund(ctx, tx, refundOrder, 1, c.Instance)
}

// closeRefunded ends the order of an instance that was given back: with its only line at
// once, with several when the last of their instances is closed.
func (t *Trade) closeRefunded(ctx context.Context, tx *db.Tx, o *order.Order, cause string, detail map[string]any) error {
	if o.LineCount > 1 {
		instances, err := t.Subscriptions.OfOrder(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(instances, func(in subscription.Instance) bool { return in.State != subscription.Unsubscribed }) {
			return order.Record(ctx, tx, o.ID, order.Note, o.State, o.State, detail)
		}
		if err := order.Apply(ctx, tx, o, order.AskRefund, "", nil); err != nil {
			return err
		}
	}
	return order.Apply(ctx, tx, o, order.PayBack, cause, detail)
}

// WithdrawRefund is the buyer's change of mind while a refund waits for its approval: the
// order is completed again.
func (t *Trade) WithdrawRefund(ctx context.Context, tx *db.Tx, b Buyer, refundID string) (refund.Refund, error) {
	r, err := refund.Find(ctx, tx, refundID, b.AccountID)
	if err != nil {
		return r, err
	}
	return r, t.endRefund(ctx, tx, &r, "withdrawn", "")
}

// RejectRefund is an operator's refusal; the reason (2–500 characters) is shown to the buyer.
func (t *Trade) RejectRefund(ctx context.Context, tx *db.Tx, refundID, reason string) (refund.Refund, error) {
	reason = strings.TrimSpace(reason)
	var k errs.Check
	if !k.Length("reason", reason, 2, 500) {
		return refund.Refund{}, k.Err()
	}
	r, err := refund.Find(ctx, tx, refundID, refund.Everybody)
	if err != nil {
		return r, err
	}
	if err := t.endRefund(ctx, tx, &r, "rejected", reason); err != nil {
		return r, err
	}
	return r, t.noticeRefundRejected(ctx, tx, r)
}

func (t *Trade) endRefund(ctx context.Context, tx *db.Tx, r *refund.Refund, event, reason string) error {
	if r.MainID != "" {
		return errs.Conflictf("refund.part", "state", r.State)
	}
	if err := refund.Decide(ctx, tx, r, event, reason, ""); err != nil || !r.MovesOrder() {
		return err
	}
	parts, err := refund.PartsOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := refund.Decide(ctx, tx, &p, event, reason, ""); err != nil {
			return err
		}
		o, err := order.Find(ctx, tx, order.Everybody, p.OrderID)
		if err != nil {
			return err
		}
		if err := order.Apply(ctx, tx, &o, order.DenyRefund, "", map[string]any{"refund": p.ID}); err != nil {
			return err
		}
	}
	o, err := order.Find(ctx, tx, order.Everybody, r.OrderID)
	if err != nil || o.LineCount > 1 {
		return err
	}
	return order.Apply(ctx, tx, &o, order.DenyRefund, "", map[string]any{"refund": r.ID})
}

// ApproveRefund pays a refund that waited for an operator, with the amount that was asked for.
func (t *Trade) ApproveRefund(ctx context.Context, tx *db.Tx, refundID string) (refund.Refund, error) {
	r, err := refund.Find(ctx, tx, refundID, refund.Everybody)
	if err != nil {
		return r, err
	}
	if r.State != refund.Requested {
		return r, errs.Conflictf("refund.decided", "state", r.State)
	}
	if r.MainID != "" {
		return r, errs.Conflictf("refund.part", "state", r.State)
	}
	if err := t.holdRefund(ctx, tx, r.InstanceID, r.AccountID); err != nil {
		return r, err
	}
	if r, err = refund.Find(ctx, tx, refundID, refund.Everybody); err != nil { // as it is now that nobody else decides
		return r, err
	}
	if r.Kind == refund.Renewal {
		c, err := t.renewalCase(ctx, tx, r.AccountID, r.InstanceID)
		if err != nil {
			return r, err
		}
		return r, t.payRenewal(ctx, tx, &r, c, "")
	}
	c, _, err := t.refundCase(ctx, tx, r.AccountID, r.InstanceID)
	if err != nil {
		return r, err
	}
	// Neither can come while a refund waits; a renewal would be lost with its service.
	if c.Renewed {
		return r, errs.Conflictf("refund.renewed")
	}
	if c.Pending != nil {
		return r, c.Pending
	}
	return r, t.payRefund(ctx, tx, &r, c, "")
}

// OperatorRefund is a refund that an operator gives: of any part of what was paid and not
// refunded yet, whatever the product's rule says (trade.md §14.1). It may end the service.
type OperatorRefund struct {
	InstanceID  string
	Amount      money.Amount
	EndsService bool
	Reason      string // 2–500 characters, shown to the buyer
}

// RefundByOperator pays such a refund at once. Field errors; "refund.open", "refund.not_delivered"
// (Conflict).
func (t *Trade) RefundByOperator(ctx context.Context, tx *db.Tx, in OperatorRefund) (refund.Refund, error) {
	in.Reason = strings.TrimSpace(in.Reason)
	at, err := t.Subscriptions.Find(ctx, tx, in.InstanceID, subscription.Everybody)
	if err != nil {
		return refund.Refund{}, err
	}
	if err := t.holdRefund(ctx, tx, at.ID, at.AccountID); err != nil {
		return refund.Refund{}, err
	}
	c, a, err := t.refundCase(ctx, tx, at.AccountID, at.ID)
	if err != nil {
		return refund.Refund{}, err
	}
	switch {
	case c.Open || c.Order.State == order.Refunding:
		return refund.Refund{}, errs.Conflictf("refund.open")
	case in.EndsService && c.Pending != nil:
		return refund.Refund{}, c.Pending
	case in.EndsService && c.Instance.State == subscription.Changing: // its change may still fail and be paid back
		return refund.Refund{}, errs.Conflictf("refund.not_active", "state", c.Instance.State)
	case c.Order.State != order.Completed:
		return refund.Refund{}, errs.Conflictf("refund.not_delivered")
	}
	left := c.Line.Amount - c.Before
	for _, b := range c.Changes {
		left += b.Line.Amount - b.Before
	}
	var k errs.Check
	k.Length("reason", in.Reason, 2, 500)
	if in.Amount <= 0 || in.Amount > left {
		k.Add("amount", "refund.amount_range", "max", left.String())
	}
	if err := k.Err(); err != nil {
		return refund.Refund{}, err
	}
	main, parts := c.Spread(in.Amount, a, in.EndsService)
	r, err := t.ask(ctx, tx, c.Of(main.LineID), refund.Refund{Kind: refund.Operator, UserID: audit.ActorFrom(ctx).ID, Amount: main.Amount, Voucher: main.Voucher, Explanation: main.Explanation,
		Reason: in.Reason, EndsService: in.EndsService})
	if err != nil {
		return r, err
	}
	if err := t.askParts(ctx, tx, c, r, parts); err != nil {
		return r, err
	}
	return r, t.payRefund(ctx, tx, &r, c, in.Reason)
}
