package seller

import (
	"context"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/secret"
)

const sqlPendingKey = `select k.id, k.secret from address_keys b join access_keys k on k.id = b.key_id
where b.address_id = $1 and b.category = $2 and b.role = 'pending' and k.state = 'active'`

type pendingRow struct {
	ID     string `db:"id"`
	Secret string `db:"secret"`
}

// PendingKey is the second key of a rotation, opened; an empty id says that there is none.
func (s *Store) PendingKey(ctx context.Context, q db.Querier, addressID string, c Category) (keyID string, key secret.String, err error) {
	r, ok, err := db.Maybe[pendingRow](ctx, q, sqlPendingKey, addressID, c)
	if err != nil || !ok {
		return "", key, err
	}
	key, err = s.openKey(r.ID, r.Secret)
	return r.ID, key, err
}

const sqlBindPending = `insert into address_keys (address_id, category, role, key_id, bound_at) values ($1, $2, 'pending', $3, $4)
on conflict (address_id, category, role) do update set key_id = excluded.key_id, bound_at = excluded.bound_at`
const sqlUnbindPending = `delete from address_keys where address_id = $1 and category = $2 and role = 'pending'`

// SetPending binds the second key of a rotation beside the one in force, which goes on signing (saas.md §2). An empty
// KeyID discards it. Errors as Bind; besides "seller.pending_without_active" (Conflict: bind the first key with Bind) and
// "seller.pending_same" (Conflict: it is the key in force). Idempotent.
func (s *Store) SetPending(ctx context.Context, tx *db.Tx, in BindInput) error {
	var c errs.Check
	if !c.OneOf("category", string(in.Category), "base", "joint", "license", "general") {
		return c.Err()
	}
	a, err := s.lockAddress(ctx, tx, in.SellerID, in.AddressID)
	if err != nil {
		return err
	}
	active, err := s.bound(ctx, tx, in)
	if err != nil {
		return err
	}
	old, _, err := s.PendingKey(ctx, tx, a.ID, in.Category)
	if err != nil || old == in.KeyID {
		return err
	}
	switch {
	case in.KeyID == "":
		_, err = db.Exec(ctx, tx, sqlUnbindPending, a.ID, in.Category)
	case active == "":
		err = errs.Conflictf("seller.pending_without_active", "state", a.State)
	case active == in.KeyID:
		err = errs.Conflictf("seller.pending_same", "state", a.State)
	default:
		if err = s.claim(ctx, tx, in); err == nil {
			_, err = db.Exec(ctx, tx, sqlBindPending, a.ID, in.Category, in.KeyID, tx.Now)
		}
	}
	if err != nil {
		return err
	}
	if err := release(ctx, tx, old); err != nil {
		return err
	}
	return s.pendingAudit(ctx, tx, "seller.key.pending", in, old)
}

const sqlActivate = `update address_keys set key_id = $1, bound_at = $2 where address_id = $3 and category = $4 and role = 'active'`

// ActivatePending puts the second key in force, in the one transaction in which the old one leaves: every call is signed
// with the one or the other. in.KeyID is the pending key that the caller has proven; another one meanwhile is
// "seller.pending_changed" (Conflict). It gives the id of the old key, which stays active for other addresses.
func (s *Store) ActivatePending(ctx context.Context, tx *db.Tx, in BindInput) (old string, err error) {
	a, err := s.lockAddress(ctx, tx, in.SellerID, in.AddressID)
	if err != nil {
		return "", err
	}
	pending, _, err := s.PendingKey(ctx, tx, a.ID, in.Category)
	if err == nil && (pending == "" || pending != in.KeyID) {
		err = errs.Conflictf("seller.pending_changed", "state", a.State)
	}
	if err != nil {
		return "", err
	}
	if old, err = s.bound(ctx, tx, in); err != nil {
		return "", err
	}
	if _, err := db.Exec(ctx, tx, sqlUnbindPending, a.ID, in.Category); err != nil {
		return "", err
	}
	n, err := db.Exec(ctx, tx, sqlActivate, pending, tx.Now, a.ID, in.Category)
	if err == nil && n == 0 {
		_, err = db.Exec(ctx, tx, sqlBind, a.ID, in.Category, pending, tx.Now)
	}
	if err != nil {
		return "", err
	}
	if err := release(ctx, tx, old); err != nil {
		return "", err
	}
	return old, s.pendingAudit(ctx, tx, "seller.key.activate", in, old)
}

func (s *Store) pendingAudit(ctx context.Context, tx *db.Tx, action string, in BindInput, old string) error {
	v, err := s.Get(ctx, tx, in.SellerID)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: action, Object: "production_address", ObjectID: in.AddressID, AccountID: v.AccountID,
		Detail: map[string]any{"category": in.Category, "from": old, "to": in.KeyID}})
}
