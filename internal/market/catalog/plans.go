package catalog

import (
	"context"

	"jishi/internal/base/db"
)

const sqlForSaleProduct = `select ` + saleColumns + ` where l.product_id = $1 and not l.trial order by s.position, s.id, l.choice, l.charging_mode, l.period_type`

const sqlForSaleOfSpec = `select ` + saleColumns + ` where l.spec_id = $1 and l.charging_mode = 'PERIOD' and not l.trial order by l.choice, l.period_type`

// PeriodPlans reads all plans by the period of a specification, combination by combination:
// what a service of it can be changed to (trade.md §13.1).
func (*Store) PeriodPlans(ctx context.Context, q db.Querier, specID string) ([]Sale, error) {
	return db.List[Sale](ctx, q, sqlForSaleOfSpec, specID)
}

// ProductPlans reads all plans of a product's specifications, in their order: what an instance of
// it can be changed to.
func (*Store) ProductPlans(ctx context.Context, q db.Querier, productID string) ([]Sale, error) {
	return db.List[Sale](ctx, q, sqlForSaleProduct, productID)
}
