package trade

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/access"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
)

// maxFailedOrders is how many orders of a product may fail in a calendar month because of
// the interface; the next one stops its sale (saas.md §10, trade.md §8.5).
const maxFailedOrders = 5

// stopFailing suspends the sale of a product whose orders fail too often and asks operators
// whether to delist it. What was sold goes on.
func (t *Trade) stopFailing(ctx context.Context, tx *db.Tx, o order.Order, zone *time.Location) error {
	local := tx.Now.In(zone)
	month := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, zone)
	failed, err := order.FailedSince(ctx, tx, o.SellerID, o.ProductID, month)
	if err != nil || failed <= maxFailedOrders {
		return err
	}
	p, err := t.Catalog.Product(ctx, tx, o.ProductID)
	if err != nil || !p.State.Sold() {
		return err
	}
	reason := i18n.Message(i18n.ZH, "trade.failing_product", errs.Args{"count": failed}) + " / " +
		i18n.Message(i18n.EN, "trade.failing_product", errs.Args{"count": failed})
	if _, err := t.Catalog.Suspend(ctx, tx, o.ProductID, reason, time.Time{}); err != nil {
		return err
	}
	return t.Notices.Post(ctx, tx, notification.Message{Permission: access.ProductPenalty, Class: notification.ClassInterfaceFailure,
		Code: "product_failing", Link: "/operator/catalogue/" + o.ProductID, Args: notification.Args{"product": p.Name, "count": failed}})
}
