package catalog

import (
	"context"

	"jishi/internal/base/db"
)

const sqlForSaleProduct = `select ` + saleColumns + ` where l.product_id = $1 and not l.trial order by s.position, s.id, l.choice, l.charging_mode, l.period_type`

// ProductPlans reads all plans of a product's specifications, in their order: what an instance of
// it can be changed to.
func (*Store) ProductPlans(ctx context.Context, q db.Querier, productID string) ([]Sale, error) {
	return db.List[Sale](ctx, q, sqlForSaleProduct, productID)
}
