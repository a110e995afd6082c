package order

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/market/discount"
)

// discounted reads the rule that the order's prices were made with and sets the deadline that it
// asks for (trade.md §8.4); a rule that was stopped is "discount.stopped" (Conflict).
func (o *Order) discounted(ctx context.Context, tx *db.Tx) (r discount.Rule, err error) {
	if o.DiscountID == "" {
		return r, nil
	}
	if r, err = discount.ForOrder(ctx, tx, o.DiscountID); err == nil && r.DeadlineHours > 0 && !o.Deadline.IsZero() {
		o.Deadline = o.CreatedAt.Add(time.Duration(r.DeadlineHours) * time.Hour)
	}
	return r, err
}

// takeUse gives a new order its use of the rule: "discount.exhausted", "discount.account_limit"
// (Conflict).
func (o *Order) takeUse(ctx context.Context, tx *db.Tx, r discount.Rule) error {
	if o.DiscountID == "" {
		return nil
	}
	return discount.Take(ctx, tx, r, o.ID, o.AccountID)
}

// Results are what a promotion or an offer has brought.
type Results struct {
	Orders     int          `db:"orders" json:"orders"` // that stand, unpaid ones too
	Paid       int          `db:"paid" json:"paid"`
	ListAmount money.Amount `db:"list_amount" json:"listAmount"` // of the paid ones, as Amount
	Amount     money.Amount `db:"amount" json:"amount"`
}

const sqlResults = `select count(*) as orders, count(*) filter (where o.paid_at is not null) as paid,
coalesce(sum(o.list_amount) filter (where o.paid_at is not null), 0) as list_amount,
coalesce(sum((select sum(l.amount) from order_lines l where l.order_id = o.id)) filter (where o.paid_at is not null), 0) as amount
from discount_uses u join orders o on o.id = u.order_id where u.discount_id = $1 and u.released_at is null`

// ResultsOf counts the orders of a rule.
func ResultsOf(ctx context.Context, q db.Querier, ruleID string) (Results, error) {
	return db.One[Results](ctx, q, sqlResults, ruleID)
}

const sqlUsedBy = `select distinct o.discount_id from orders o where o.id in (select order_id from order_lines where instance_id = $1 and instance_id <> ''
  union select order_id from order_lines where id = $2) and o.discount_id <> '' and o.state = 'COMPLETED'`

// DiscountsOf lists the rules that an instance was bought or renewed with: an automatic renewal
// takes the best of them that still holds (trade.md §10.1).
func DiscountsOf(ctx context.Context, q db.Querier, instanceID, lineID string) ([]string, error) {
	return db.List[string](ctx, q, sqlUsedBy, instanceID, lineID)
}
