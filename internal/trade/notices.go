package trade

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/market/access"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
)

// Notices name objects by ids and by the product's name in both languages; the reader's page
// shows the rest. They are written in the transaction of their cause.

type sellerContact struct {
	AccountID string    `db:"account_id"`
	Name      i18n.Text `db:"name"`
	Service   string    `db:"service_email"`
	Owner     string    `db:"email"`
	OwnerName string    `db:"owner_name"`
	Locale    i18n.Lang `db:"locale"`
}

const sqlSellerContact = `select s.account_id, s.name, s.service_email, u.email, u.name as owner_name, u.locale
from sellers s join users u on u.account_id = s.account_id and u.owner where s.id = $1`

func sellerOf(ctx context.Context, q db.Querier, sellerID string) (sellerContact, error) {
	return db.One[sellerContact](ctx, q, sqlSellerContact, sellerID)
}

type buyerContact struct {
	Email  string    `db:"email"`
	Name   string    `db:"name"`
	Locale i18n.Lang `db:"locale"`
}

const sqlBuyerContact = `select email, name, locale from users where id = $1`

func (t *Trade) noticePaid(ctx context.Context, tx *db.Tx, o order.Order, l order.Line) error {
	s, err := sellerOf(ctx, tx, o.SellerID)
	if err != nil {
		return err
	}
	code := "order_paid"
	if o.Kind == order.Trial {
		code = "trial_ordered"
	}
	return t.Notices.Post(ctx, tx, notification.Message{AccountID: s.AccountID, Permission: access.SaleRead,
		Class: notification.ClassOrder, Code: code, Link: "/seller/orders/" + o.ID,
		Args: notification.Args{"order": o.ID, "product": l.ProductName, "amount": o.PaidAmount.String(), "currency": o.Currency}})
}

func (t *Trade) noticeExpired(ctx context.Context, tx *db.Tx, o order.Order) error {
	return t.Notices.Post(ctx, tx, notification.Message{AccountID: o.AccountID, Permission: access.OrderRead,
		Class: notification.ClassOrder, Code: "order_expired", Link: "/buyer/orders/" + o.ID, Args: notification.Args{"order": o.ID}})
}

// noticeDelivered tells the buyer by message and mail; the mail leads to the page and holds
// no password.
func (t *Trade) noticeDelivered(ctx context.Context, tx *db.Tx, o order.Order, in subscription.Instance) error {
	link := "/buyer/instances/" + in.ID
	args := notification.Args{"order": o.ID, "product": in.ProductName, "link": t.PublicURL + link}
	if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: o.AccountID, Permission: access.InstanceRead,
		Class: notification.ClassDelivery, Code: "order_delivered", Link: link, Args: args}); err != nil {
		return err
	}
	return t.mailBuyer(ctx, tx, o, "order_delivered", args)
}

func (t *Trade) noticeRefunded(ctx context.Context, tx *db.Tx, o order.Order, in subscription.Instance) error {
	args := notification.Args{"order": o.ID, "product": in.ProductName, "amount": o.PaidAmount.String(),
		"currency": o.Currency, "link": t.PublicURL + "/buyer/orders/" + o.ID}
	buyer, seller := "order_refunded", "sale_refunded"
	if o.Kind == order.Trial {
		buyer, seller = "trial_failed", "trial_canceled"
	}
	if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: o.AccountID, Permission: access.OrderRead,
		Class: notification.ClassRefund, Code: buyer, Link: "/buyer/orders/" + o.ID, Args: args}); err != nil {
		return err
	}
	if err := t.mailBuyer(ctx, tx, o, buyer, args); err != nil {
		return err
	}
	s, err := sellerOf(ctx, tx, o.SellerID)
	if err != nil {
		return err
	}
	return t.Notices.Post(ctx, tx, notification.Message{AccountID: s.AccountID, Permission: access.SaleRead,
		Class: notification.ClassRefund, Code: seller, Link: "/seller/orders/" + o.ID, Args: args})
}

// noticeChangeRefunded tells buyer and seller of a change that was not made and is paid back.
func (t *Trade) noticeChangeRefunded(ctx context.Context, tx *db.Tx, o order.Order, in subscription.Instance) error {
	args := notification.Args{"order": o.ID, "product": in.ProductName, "amount": o.PaidAmount.String(), "currency": o.Currency, "link": t.PublicURL + "/buyer/orders/" + o.ID}
	if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: o.AccountID, Permission: access.OrderRead,
		Class: notification.ClassRefund, Code: "change_refunded", Link: "/buyer/orders/" + o.ID, Args: args}); err != nil {
		return err
	}
	if err := t.mailBuyer(ctx, tx, o, "change_refunded", args); err != nil {
		return err
	}
	s, err := sellerOf(ctx, tx, o.SellerID)
	if err != nil {
		return err
	}
	return t.Notices.Post(ctx, tx, notification.Message{AccountID: s.AccountID, Permission: access.SaleRead,
		Class: notification.ClassRefund, Code: "sale_change_refunded", Link: "/seller/orders/" + o.ID, Args: args})
}

func (t *Trade) mailBuyer(ctx context.Context, tx *db.Tx, o order.Order, code string, args notification.Args) error {
	b, found, err := db.Maybe[buyerContact](ctx, tx, sqlBuyerContact, o.UserID)
	if err != nil || !found {
		return err
	}
	return t.Notices.Mail(ctx, tx, notification.To{Address: b.Email, Name: b.Name}, b.Locale, code, args)
}

// noticeFailure tells the seller of a failed attempt: a message each time, a mail at the
// first, once an hour and at the end; operators learn of the end (saas.md §10).
func (t *Trade) noticeFailure(ctx context.Context, tx *db.Tx, a fulfillment.Attempt, o order.Order, p fulfillment.Problem, last bool) error {
	if a.Call.Purpose.Interactive() || p.Code == "fulfillment.no_access_yet" {
		return nil
	}
	s, err := sellerOf(ctx, tx, a.Call.SellerID)
	if err != nil {
		return err
	}
	code := "call_failed"
	if last {
		code = "call_exhausted"
	}
	link := "/seller/deliveries/" + a.Call.ID
	args := notification.Args{"order": a.Call.OrderID, "activity": a.Call.Activity, "attempt": a.Call.Attempts,
		"reason": i18n.Message(s.Locale, p.Code, p.Args), "link": t.PublicURL + link}
	if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: s.AccountID, Permission: access.AddressRead,
		Class: notification.ClassInterfaceFailure, Code: code, Link: link, Args: args}); err != nil {
		return err
	}
	if last {
		if err := t.Notices.Post(ctx, tx, notification.Message{Permission: access.CallOversee,
			Class: notification.ClassInterfaceFailure, Code: code, Link: "/operator/deliveries/" + a.Call.ID, Args: args}); err != nil {
			return err
		}
	}
	due, err := fulfillment.MailDue(ctx, tx, &a.Call, last)
	if err != nil || !due {
		return err
	}
	to := []string{s.Owner}
	if s.Service != "" && s.Service != s.Owner {
		to = append(to, s.Service)
	}
	for _, address := range to {
		if err := t.Notices.Mail(ctx, tx, notification.To{Address: address, Name: s.Name.In(s.Locale)}, s.Locale, code, args); err != nil {
			return err
		}
	}
	return nil
}
