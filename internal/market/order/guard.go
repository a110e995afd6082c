package order

import (
	"context"

	"jishi/internal/base/db"
)

const sqlGuard = `insert into purchase_guards (account_id, product_id, held_at) values ($1, $2, $3)
on conflict (account_id, product_id) do update set held_at = excluded.held_at`

// Guard makes other transactions that guard the same account and product wait until this
// one ends, so that what is counted after it stays true. For limited products only.
func Guard(ctx context.Context, tx *db.Tx, accountID, productID string) error {
	_, err := db.Exec(ctx, tx, sqlGuard, accountID, productID, tx.Now)
	return err
}
