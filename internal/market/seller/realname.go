package seller

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

// RealName is what an application takes from the account, read only.
type RealName struct {
	Name        string `db:"real_name" json:"name"`
	Certificate string `db:"certificate" json:"certificate"` // the number's last characters; the rest stays sealed
	State       string `db:"real_name_state" json:"state"`
	Kind        string `db:"kind" json:"kind"`
}

const sqlRealName = `select real_name, real_name_hint as certificate, real_name_state, kind from accounts where id = $1`

// RealNameOf reads the real-name data (实名认证) of an account.
func (s *Store) RealNameOf(ctx context.Context, q db.Querier, accountID string) (RealName, error) {
	r, ok, err := db.Maybe[RealName](ctx, q, sqlRealName, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("seller.account_not_found")
	}
	return r, err
}

// realName wants verified data: "seller.real_name" (Conflict) otherwise.
func (s *Store) realName(ctx context.Context, q db.Querier, accountID string) (RealName, error) {
	r, err := s.RealNameOf(ctx, q, accountID)
	if err == nil && r.State != "verified" {
		err = errs.Conflictf("seller.real_name", "state", r.State)
	}
	return r, err
}
