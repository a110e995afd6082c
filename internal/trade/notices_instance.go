package trade

import (
	"context"
	"maps"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/market/access"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
)

// noticeInstance tells the buyer what became of his instance by an operator's call.
func (t *Trade) noticeInstance(ctx context.Context, tx *db.Tx, in subscription.Instance, code string, args map[string]any) error {
	all := notification.Args{"product": in.ProductName}
	for k, v := range args {
		all[k] = v
	}
	class := notification.ClassDelivery
	if in.Frozen {
		class = notification.ClassViolation
	}
	return t.Notices.Post(ctx, tx, notification.Message{AccountID: in.AccountID, Permission: access.InstanceRead,
		Class: class, Code: code, Link: "/buyer/instances/" + in.ID, Args: all})
}

const sqlTold = `select u.email, u.name, u.locale from users u where u.account_id = $1 and u.state = 'active' and (u.owner or u.id = (select o.user_id from orders o where o.id = $2))
order by case when u.owner then 1 else 0 end, u.id limit 1`

// tellBuyer is noticeInstance with a letter besides, to whoever bought the service, or to the
// account's owner when that person has left (trade.md §19).
func (t *Trade) tellBuyer(ctx context.Context, tx *db.Tx, in subscription.Instance, code string, args map[string]any) error {
	if err := t.noticeInstance(ctx, tx, in, code, args); err != nil {
		return err
	}
	b, found, err := db.Maybe[buyerContact](ctx, tx, sqlTold, in.AccountID, in.OrderID)
	if err != nil || !found {
		return err
	}
	all := notification.Args{"product": in.ProductName, "link": t.PublicURL + "/buyer/instances/" + in.ID}
	maps.Copy(all, args)
	return t.Notices.Mail(ctx, tx, notification.To{Address: b.Email, Name: b.Name}, b.Locale, code, all)
}

// mailSeller writes to the owner of a seller's account, who is told of sales; customer service
// hears of failures only.
func (t *Trade) mailSeller(ctx context.Context, tx *db.Tx, sellerID, code string, args notification.Args) error {
	s, err := sellerOf(ctx, tx, sellerID)
	if err != nil {
		return err
	}
	return t.Notices.Mail(ctx, tx, notification.To{Address: s.Owner, Name: s.Name.In(s.Locale)}, s.Locale, code, args)
}

// mailRenewal writes to the seller that a service of his was renewed (trade.md §19).
func (t *Trade) mailRenewal(ctx context.Context, tx *db.Tx, o order.Order, in subscription.Instance, until string) error {
	return t.mailSeller(ctx, tx, o.SellerID, "renewal_paid", notification.Args{"order": o.ID, "product": in.ProductName, "amount": o.PaidAmount.String(),
		"currency": o.Currency, "expiry": until, "link": t.PublicURL + "/seller/orders/" + o.ID})
}

// noticeRenewalFails tells operators once of a paid renewal that the seller has not taken within the
// first hour; it goes on for days, and the buyer must not lose the service meanwhile (saas.md §10).
// before is when the attempt before this one was made.
func (t *Trade) noticeRenewalFails(ctx context.Context, tx *db.Tx, a fulfillment.Attempt, before time.Time) error {
	alarm := a.Call.WindowStart.Add(a.Call.Profile.Alarm())
	if a.Call.Profile != fulfillment.Renewal || (clock.Wall{}).Now().Before(alarm) || !before.Before(alarm) {
		return nil
	}
	return t.Notices.Post(ctx, tx, notification.Message{Permission: access.CallOversee, Class: notification.ClassInterfaceFailure,
		Code: "renewal_failing", Link: "/operator/deliveries/" + a.Call.ID, Args: notification.Args{"order": a.Call.OrderID, "attempt": a.Call.Attempts}})
}
