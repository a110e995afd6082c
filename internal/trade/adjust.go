package trade

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/access"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
)

// AdjustPrice is an operator's new price for an unpaid order (订单调价, trade.md §8.3): it waits
// for its buyer, who is told by message and mail. What its voucher had locked is free again, since
// it was for another price. Sites that have not switched it on answer "order.adjust_off"
// (Conflict); other errors as order.Adjust.
func (t *Trade) AdjustPrice(ctx context.Context, tx *db.Tx, orderID string, p order.NewPrice) (order.Order, error) {
	site, _, err := t.site(ctx)
	if err != nil {
		return order.Order{}, err
	}
	if !site.Payments.AdjustPrices {
		return order.Order{}, errs.Conflictf("order.adjust_off")
	}
	o, err := order.Find(ctx, tx, order.Everybody, orderID)
	if err != nil {
		return o, err
	}
	if o.State != order.PendingPayment && o.State != order.PendingConfirm {
		return o, errs.Conflictf("order.bad_transition", "state", o.State, "order", o.ID)
	}
	if err := t.dropVoucher(ctx, tx, &o); err != nil {
		return o, err
	}
	a, err := order.Adjust(ctx, tx, &o, p, time.Duration(site.OrderDeadlineHours)*time.Hour)
	if err != nil {
		return o, err
	}
	link := "/buyer/orders/" + o.ID
	args := notification.Args{"order": o.ID, "before": a.Before.String(), "after": a.After.String(), "currency": o.Currency, "reason": a.Reason, "link": t.PublicURL + link}
	if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: o.AccountID, Permission: access.OrderBuy, Class: notification.ClassOrder,
		Code: "order_adjusted", Link: link, Args: args}); err != nil {
		return o, err
	}
	if err := t.mailBuyer(ctx, tx, o, "order_adjusted", args); err != nil {
		return o, err
	}
	return o, audit.Record(ctx, tx, audit.Entry{Action: "order.adjust", Object: "order", ObjectID: o.ID, AccountID: o.AccountID, Reason: a.Reason,
		Detail: map[string]any{"before": a.Before, "after": a.After}})
}

// ConfirmPrice is the buyer's answer to an adjustment. A confirmed order can be paid within what is
// left of its deadline; one over the company's limit waits for a superior first, unless he approved
// at least this amount; one that costs nothing any more starts at once. A refused order expires.
// "order.not_found", "order.bad_transition" (Conflict), "trade.*" for who may not buy.
func (t *Trade) ConfirmPrice(ctx context.Context, tx *db.Tx, b Buyer, orderID string, accepted bool) (order.Order, error) {
	o, err := order.Find(ctx, tx, order.Scope{AccountID: b.AccountID}, orderID)
	if err != nil {
		return o, err
	}
	if o.State != order.PendingConfirm {
		return o, errs.Conflictf("order.bad_transition", "state", o.State, "order", o.ID)
	}
	if !tx.Now.Before(o.Deadline) {
		return o, t.expire(ctx, tx, &o, order.Deadline, "order.deadline_passed")
	}
	review := false
	if accepted {
		if review, err = t.reviewsAgain(ctx, tx, b, o); err != nil {
			return o, err
		}
	}
	if err := order.ConfirmPrice(ctx, tx, &o, accepted, review); err != nil {
		return o, err
	}
	action := "order.confirm_price"
	if !accepted {
		action = "order.refuse_price"
	}
	if err := audit.Record(ctx, tx, audit.Entry{Action: action, Object: "order", ObjectID: o.ID, AccountID: o.AccountID,
		Detail: map[string]any{"amount": o.DueAmount}}); err != nil {
		return o, err
	}
	switch {
	case review:
		lines, err := order.Lines(ctx, tx, o.ID)
		if err != nil {
			return o, err
		}
		return o, t.noticeReview(ctx, tx, o, lines[0])
	case accepted && o.DueAmount == 0:
		return t.Pay(ctx, tx, b, o.ID)
	}
	return o, nil
}

// reviewsAgain tells whether a superior has to decide on the order at its new price.
func (t *Trade) reviewsAgain(ctx context.Context, tx *db.Tx, b Buyer, o order.Order) (bool, error) {
	who, err := partyOf(ctx, tx, b.AccountID)
	if err != nil || !who.reviews(b, o.DueAmount) {
		return false, err
	}
	approved, found, err := order.ApprovedAmount(ctx, tx, o.ID)
	return !found || o.DueAmount > approved, err
}
