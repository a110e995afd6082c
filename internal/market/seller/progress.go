package seller

import (
	"context"

	"jishi/internal/base/db"
)

// Progress is a line of the access check-list (接入流程, saas.md §1.2): what a seller has
// done and what is missing before the first product can be published.
type Progress struct {
	Code     string `json:"code"` // real_name, admission, after_sales, address, ownership, v2_key
	Done     bool   `json:"done"`
	Required bool   `json:"required"` // false: for products of the second generation only
}

type progressRow struct {
	RealName string `db:"real_name_state"`
	Seller   string `db:"seller_id"`
	Groups   int    `db:"group_count"`
	Count    int    `db:"addresses"`
	Verified int    `db:"verified"`
	Bound    int    `db:"bound"`
}

const sqlProgress = `select c.real_name_state, s.id as seller_id,
(select count(*) from seller_contact_groups g where g.seller_id = s.id) as group_count,
(select count(*) from production_addresses a where a.seller_id = s.id) as addresses,
(select count(*) from production_addresses a where a.seller_id = s.id and a.state = 'verified') as verified,
(select count(*) from address_keys b join production_addresses a on a.id = b.address_id
  where a.seller_id = s.id and b.category = 'base' and b.role = 'active') as bound
from accounts c left join sellers s on s.account_id = c.id where c.id = $1`

// ProgressOf is the check-list of an account, in the order of the steps.
func (s *Store) ProgressOf(ctx context.Context, q db.Querier, accountID string) ([]Progress, error) {
	r, err := db.One[progressRow](ctx, q, sqlProgress, accountID)
	return []Progress{
		{"real_name", r.RealName == "verified", true},
		{"admission", r.Seller != "", true},
		{"after_sales", r.Groups > 0, true},
		{"address", r.Count > 0, true},
		{"ownership", r.Verified > 0, true},
		{"v2_key", r.Bound > 0, false},
	}, err
}
