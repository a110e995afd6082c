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
	"jishi/internal/market/probing"
)

// maxFailedOrders is how many orders of a product may fail in a calendar month because of
// the interface; the next one stops its sale (saas.md §10, trade.md §8.5).
const maxFailedOrders = 5

// stopFailing suspends the sale of a product whose orders fail too often, unless the site
// wants to be asked first, and asks operators whether to delist it. What was sold goes on.
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
	site, _, err := t.site(ctx)
	if err != nil {
		return err
	}
	code := "product_failing_asked"
	if site.Probing.AutoSuspend {
		code = "product_failing"
		if _, err := t.Catalog.Suspend(ctx, tx, o.ProductID, inBoth("trade.failing_product", errs.Args{"count": failed}), time.Time{}); err != nil {
			return err
		}
	}
	_, asked, err := probing.OpenTask(ctx, tx, probing.TaskDelist, p.ID, p.SellerID, failed)
	if err != nil || !asked && !site.Probing.AutoSuspend {
		return err
	}
	return t.Notices.Post(ctx, tx, notification.Message{Permission: access.ProductPenalty, Class: notification.ClassInterfaceFailure,
		Code: code, Link: "/operator/probing/" + o.ProductID, Args: notification.Args{"product": p.Name, "count": failed}})
}

// inBoth is a text in both languages, for a reason that sellers and operators read.
func inBoth(code string, args errs.Args) string {
	return i18n.Message(i18n.ZH, code, args) + " / " + i18n.Message(i18n.EN, code, args)
}
