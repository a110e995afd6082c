package media

import (
	"context"

	"jishi/internal/base/db"
)

const sqlAllOfAccount = `select * from files where account_id = $1`

// Transplant writes the rows of an account's files of another realm into the one of tx;
// their bytes are read where they lie (blob.Below).
func Transplant(ctx context.Context, tx *db.Tx, from db.Querier, accountID string) error {
	_, err := db.CopyRows(ctx, tx, "files", from, sqlAllOfAccount, accountID)
	return err
}
