package trade

import (
	"context"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/seller"
	"jishi/internal/market/subscription"
	"jishi/wire/saas"
)

// notifiedOrders are the kinds of orders that sellers are told of (open-api.md §11): all but trials, for which nothing is paid.
var notifiedOrders = map[order.Kind]bool{order.New: true, order.Convert: true, order.Renew: true, order.Upgrade: true, order.RenewChange: true, order.Unsub: true, order.UnsubRenewal: true}

type noticeTarget struct {
	AddressID string          `db:"address_id"`
	Path      string          `db:"path"`
	Kinds     map[string]bool `db:"kinds,json"`
	Kind      string          `db:"delivery_type"`
}

const sqlNoticeTarget = `select n.address_id, n.path, n.kinds, p.delivery_type
from order_notifications n join products p on p.id = $1 where n.seller_id = $2`

// notifyOrder queues the notice of an order line that was paid or paid back, in the transaction of that, when the seller
// wants to be told of products of its kind. in is the instance that the line is about.
func (t *Trade) notifyOrder(ctx context.Context, tx *db.Tx, o order.Order, lineID string, in subscription.Instance) error {
	if !notifiedOrders[o.Kind] {
		return nil
	}
	n, found, err := db.Maybe[noticeTarget](ctx, tx, sqlNoticeTarget, in.ProductID, o.SellerID)
	if err != nil || !found || !(seller.OrderNotification{Kinds: n.Kinds}).Wants(n.Kind) {
		return err
	}
	c := callOf(in, saas.OrderNotify, fulfillment.Notify, fulfillment.Window3h)
	c.Generation, c.AddressID, c.Path = string(saas.V2), n.AddressID, n.Path
	c.OrderID, c.OrderLineID = o.ID, lineID
	_, err = fulfillment.QueueFirst(ctx, tx, c)
	return err
}

// notifyRefund is notifyOrder for a refund order, one notice for each line that was paid back.
func (t *Trade) notifyRefund(ctx context.Context, tx *db.Tx, refund order.Order, lines int, in subscription.Instance) error {
	for i := range lines {
		if err := t.notifyOrder(ctx, tx, refund, order.LineID(refund.ID, i+1), in); err != nil {
			return err
		}
	}
	return nil
}

// NoticeRun is a debug run of order notification.
type NoticeRun struct {
	Attempt fulfillment.AttemptRow // as it would be logged
	Saved   bool                   // it succeeded, and is the seller's saved case now
}

// DebugNotice sends a notice with testFlag=1 and saves the run as the seller's case when it succeeds, by the strict
// measure of debug runs. It runs outside a transaction. A server that fails is an outcome, not an error; errors are
// "seller.notify_off" (Conflict), "invalid" (orderId, orderLineId).
func (t *Trade) DebugNotice(ctx context.Context, sellerID, userID, orderID, lineID string) (NoticeRun, error) {
	var c errs.Check
	c.Length("orderId", orderID, 1, 64)
	c.Length("orderLineId", lineID, 1, 64)
	if err := c.Err(); err != nil {
		return NoticeRun{}, err
	}
	a := fulfillment.Attempt{At: clock.Wall{}.Now(), Start: t.DB.Now(), Zone: time.UTC}
	var n seller.OrderNotification
	if err := t.DB.View(ctx, func(q db.Querier) (err error) {
		var ok bool
		if n, ok, err = t.Sellers.OrderNotification(ctx, q, sellerID); err != nil {
			return err
		}
		if !ok {
			return errs.Conflictf("seller.notify_off")
		}
		a.Endpoint, err = t.Sellers.Endpoint(ctx, q, n.AddressID)
		return err
	}); err != nil {
		return NoticeRun{}, err
	}
	a.Call = fulfillment.Call{Activity: string(saas.OrderNotify), Generation: string(saas.V2), Purpose: fulfillment.Notify, OrderID: orderID,
		OrderLineID: lineID, SellerID: sellerID, AddressID: n.AddressID, Path: n.Path, Parameters: map[string]string{fulfillment.ParamTestFlag: "1"}}
	r := t.Provider.Send(ctx, a)
	run := NoticeRun{Attempt: fulfillment.RowOf(a, r), Saved: r.Outcome == fulfillment.OK}
	if !run.Saved {
		return run, nil
	}
	x := r.Exchange
	err := t.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		return t.Sellers.SaveNotifyCase(ctx, tx, seller.NotifyCase{SellerID: sellerID, AddressID: n.AddressID, Path: n.Path, KeyID: a.Endpoint.GeneralKeyID,
			OrderID: orderID, OrderLineID: lineID, UserID: userID, At: a.At, DurationUS: x.Duration.Microseconds(), Method: x.Method, URL: x.URL,
			RequestHead: x.RequestHead, RequestBody: x.RequestBody, Status: x.Status, ResponseHead: x.ResponseHead, ResponseBody: x.ResponseBody})
	})
	return run, err
}
