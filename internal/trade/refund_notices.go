package trade

import (
	"context"
	"maps"

	"jishi/internal/base/db"
	"jishi/internal/market/access"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
	"jishi/internal/market/refund"
	"jishi/internal/market/subscription"
)

// whole is a refund with the amount of its parts, of which people are told together.
func whole(ctx context.Context, q db.Querier, r refund.Refund) (refund.Refund, error) {
	sum, err := refund.TotalOf(ctx, q, r.ID)
	r.Amount, r.Voucher = sum.Amount, sum.Voucher
	return r, err
}

func (t *Trade) noticeRefundAsked(ctx context.Context, tx *db.Tx, r refund.Refund, c refund.Case) error {
	r, err := whole(ctx, tx, r)
	if err != nil {
		return err
	}
	return t.Notices.Post(ctx, tx, notification.Message{Permission: access.RefundDecide, Class: notification.ClassRefund, Code: "refund_asked",
		Link: "/operator/refunds?q=" + r.OrderID, Args: notification.Args{"order": r.OrderID, "product": c.Line.ProductName,
			"amount": r.Amount.String(), "currency": r.Currency}})
}

// noticeRefundPaid tells the buyer by message and mail, and the seller by message.
func (t *Trade) noticeRefundPaid(ctx context.Context, tx *db.Tx, r refund.Refund, o order.Order, in subscription.Instance) error {
	r, err := whole(ctx, tx, r)
	if err != nil {
		return err
	}
	link := "/buyer/orders/" + o.ID
	args := notification.Args{"order": o.ID, "product": in.ProductName, "amount": r.Amount.String(), "currency": o.Currency, "link": t.PublicURL + link}
	told, code := args, "refund_paid"
	if r.Voucher != 0 {
		told, code = maps.Clone(args), "refund_paid_voucher"
		told["amount"], told["voucher"] = (r.Amount - r.Voucher).String(), r.Voucher.String()
	}
	if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: o.AccountID, Permission: access.OrderRead,
		Class: notification.ClassRefund, Code: code, Link: link, Args: told}); err != nil {
		return err
	}
	if err := t.mailBuyer(ctx, tx, o, code, told); err != nil {
		return err
	}
	s, err := sellerOf(ctx, tx, o.SellerID)
	if err != nil {
		return err
	}
	if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: s.AccountID, Permission: access.SaleRead,
		Class: notification.ClassRefund, Code: "sale_given_back", Link: "/seller/orders/" + o.ID, Args: args}); err != nil {
		return err
	}
	return t.mailSeller(ctx, tx, o.SellerID, "sale_given_back", notification.Args{"order": o.ID, "product": in.ProductName, "amount": r.Amount.String(), "currency": o.Currency,
		"link": t.PublicURL + "/seller/orders/" + o.ID})
}

func (t *Trade) noticeRefundRejected(ctx context.Context, tx *db.Tx, r refund.Refund) error {
	r, err := whole(ctx, tx, r)
	if err != nil {
		return err
	}
	return t.Notices.Post(ctx, tx, notification.Message{AccountID: r.AccountID, Permission: access.OrderRead, Class: notification.ClassRefund,
		Code: "refund_rejected", Link: "/buyer/orders/" + r.OrderID,
		Args: notification.Args{"order": r.OrderID, "amount": r.Amount.String(), "currency": r.Currency, "reason": r.Decision}})
}
