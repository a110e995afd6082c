package trade

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/catalog"
	"jishi/internal/market/order"
)

// bought counts an account's orders of a product that count towards limits: not those that
// were canceled, ran out or were refunded (trade.md §6.5, catalog-and-roles.md C8). Running
// are those whose term has not ended. Trials are no purchases, and no more than one per
// specification.
type bought struct {
	Product        int `db:"product"`
	ProductRunning int `db:"product_running"`
	Spec           int `db:"spec"`
	SpecRunning    int `db:"spec_running"`
	Trials         int `db:"trials"`
}

const sqlBought = `with counted as (
select o.kind, l.spec_id, i.id is null or i.expires_at is null or i.expires_at > $1 as running
from orders o join order_lines l on l.order_id = o.id left join instances i on i.order_line_id = l.id
where o.account_id = $2 and o.product_id = $3 and o.id <> $4 and (i.id is null or i.state <> 'UNSUBSCRIBED')
and (o.state in ('PROCESSING', 'COMPLETED', 'REFUNDING') or (o.state in ('PENDING_PAYMENT', 'PENDING_CONFIRM') and o.deadline > $1 and $5) or (o.state = 'PENDING_REVIEW' and $5)))
select count(*) filter (where kind = 'NEW') as product, count(*) filter (where kind = 'NEW' and running) as product_running,
count(*) filter (where kind = 'NEW' and spec_id = $6) as spec, count(*) filter (where kind = 'NEW' and spec_id = $6 and running) as spec_running,
count(*) filter (where kind = 'TRIAL' and spec_id = $6) as trials from counted`

// withinLimits refuses what the purchase limits of product and specification, or the one
// trial per customer, do not allow: "trade.limit_once", "trade.limit_until_expiry",
// "trade.limit_quantity", "trade.trial_once" (Conflict). One customer is an account with
// all its users. orderID is left out of the count; unpaid orders count while they are
// placed, and do not when one of them is paid.
func withinLimits(ctx context.Context, q db.Querier, s catalog.Sale, accountID, orderID string, now time.Time) error {
	return withinLimitsWith(ctx, q, s, accountID, orderID, now, nil)
}

func withinLimitsWith(ctx context.Context, q db.Querier, s catalog.Sale, accountID, orderID string, now time.Time, with alongside) error {
	if !s.Limited() {
		return nil
	}
	n, err := db.One[bought](ctx, q, sqlBought, now, accountID, s.ProductID, orderID, orderID == "", s.SpecID)
	if err != nil {
		return err
	}
	if s.Trial {
		if n.Trials > 0 {
			return errs.Conflictf("trade.trial_once")
		}
		return nil
	}
	product, spec := with[s.ProductID], with[s.SpecID]
	if err := within(s.ProductLimit, n.Product+product, n.ProductRunning+product); err != nil {
		return err
	}
	return within(s.SpecLimit, n.Spec+spec, n.SpecRunning+spec)
}

// alongside counts what one transaction buys beside what is counted now, by product and by
// specification; nil counts nothing.
type alongside map[string]int

func (a alongside) add(s catalog.Sale) {
	if a != nil && !s.Trial {
		a[s.ProductID]++
		a[s.SpecID]++
	}
}

func within(l *catalog.Limit, bought, running int) error {
	switch {
	case l == nil:
	case l.Kind == catalog.LimitOnce && bought > 0:
		return errs.Conflictf("trade.limit_once")
	case l.Kind == catalog.LimitUntilExpiry && running > 0:
		return errs.Conflictf("trade.limit_until_expiry")
	case l.Kind == catalog.LimitQuantity && bought >= l.Count:
		return errs.Conflictf("trade.limit_quantity", "max", l.Count)
	}
	return nil
}

// holdLimits is withinLimits for a transaction that goes on to buy: two at once wait for
// each other, so that both count. A product without limits costs no statement.
func holdLimits(ctx context.Context, tx *db.Tx, s catalog.Sale, accountID, orderID string) error {
	return holdLimitsWith(ctx, tx, s, accountID, orderID, nil)
}

func holdLimitsWith(ctx context.Context, tx *db.Tx, s catalog.Sale, accountID, orderID string, with alongside) error {
	if !s.Limited() {
		return nil
	}
	if err := order.Guard(ctx, tx, accountID, s.ProductID); err != nil {
		return err
	}
	return withinLimitsWith(ctx, tx, s, accountID, orderID, tx.Now, with)
}
