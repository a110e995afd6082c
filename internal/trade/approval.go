package trade

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/market/access"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
)

// Decide is an approver's answer to an order of his own account that waits for review
// (trade.md §8.3): it can be paid from now on, within a deadline that begins now, or it
// expires. An order that its voucher covers whole starts at once. The buyer is told. Errors as order.Decide; another account's order is
// "order.not_found".
func (t *Trade) Decide(ctx context.Context, tx *db.Tx, b Buyer, orderID string, approved bool, comment string) (order.Order, error) {
	o, err := order.Find(ctx, tx, order.Scope{AccountID: b.AccountID}, orderID)
	if err != nil {
		return o, err
	}
	site, _, err := t.site(ctx)
	if err != nil {
		return o, err
	}
	if !approved {
		if err := t.freeVoucher(ctx, tx, o); err != nil {
			return o, err
		}
	}
	if err := order.Decide(ctx, tx, &o, b.UserID, approved, comment, time.Duration(site.OrderDeadlineHours)*time.Hour); err != nil {
		return o, err
	}
	action, code := "order.approve", "order_approved"
	if !approved {
		action, code = "order.reject", "order_rejected"
	}
	if err := t.noticeDecided(ctx, tx, o, code, strings.TrimSpace(comment)); err != nil {
		return o, err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Action: action, Object: "order", ObjectID: o.ID, AccountID: o.AccountID,
		Reason: strings.TrimSpace(comment), Detail: map[string]any{"amount": o.DueAmount}}); err != nil {
		return o, err
	}
	return t.settleCovered(ctx, tx, Buyer{AccountID: o.AccountID, UserID: o.UserID, Approver: true}, o)
}

// noticeReview tells the account's approvers of an order that waits for them.
func (t *Trade) noticeReview(ctx context.Context, tx *db.Tx, o order.Order, l order.Line) error {
	return t.Notices.Post(ctx, tx, notification.Message{AccountID: o.AccountID, Permission: access.OrderApprove,
		Class: notification.ClassOrder, Code: "order_review", Link: "/buyer/approvals",
		Args: notification.Args{"order": o.ID, "product": l.ProductName, "amount": o.DueAmount.String(), "currency": o.Currency}})
}

// noticeDecided tells the buyer by message and mail.
func (t *Trade) noticeDecided(ctx context.Context, tx *db.Tx, o order.Order, code, comment string) error {
	link := "/buyer/orders/" + o.ID
	if comment == "" {
		comment = "–"
	}
	args := notification.Args{"order": o.ID, "amount": o.DueAmount.String(), "currency": o.Currency, "comment": comment, "link": t.PublicURL + link}
	if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: o.AccountID, Permission: access.OrderRead,
		Class: notification.ClassOrder, Code: code, Link: link, Args: args}); err != nil {
		return err
	}
	return t.mailBuyer(ctx, tx, o, code, args)
}
