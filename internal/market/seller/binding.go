package seller

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

// Binding says which V2 key signs the calls of a category to an address (saas.md §2).
type Binding struct {
	AddressID string    `db:"address_id" json:"addressId"`
	Category  Category  `db:"category" json:"category"`
	Role      string    `db:"role" json:"role"` // active; pending is the second key of a rotation
	KeyID     string    `db:"key_id" json:"keyId"`
	KeyName   string    `db:"key_name" json:"keyName"`
	BoundAt   time.Time `db:"bound_at" json:"boundAt"`
}

const sqlBindings = `select b.address_id, b.category, b.role, b.key_id, k.name as key_name, b.bound_at
from address_keys b join production_addresses a on a.id = b.address_id join access_keys k on k.id = b.key_id
where a.seller_id = $1 and ($2 = '' or a.id = $2) order by b.address_id, b.category, b.role`

// Bindings are the bindings of a seller's addresses, of one when addressID is given.
func (s *Store) Bindings(ctx context.Context, q db.Querier, sellerID, addressID string) ([]Binding, error) {
	return db.List[Binding](ctx, q, sqlBindings, sellerID, addressID)
}

// BindInput binds a key, or unbinds when KeyID is empty.
type BindInput struct {
	SellerID  string
	AddressID string
	Category  Category
	KeyID     string
	Confirmed bool // the seller knows that published products break until the server follows
}

// sqlClaim gives a key to a category for good, in the same statement that looks: two
// bindings at once cannot give it to two.
const sqlClaim = `update access_keys set category = $1
where id = $2 and seller_id = $3 and generation = 'v2' and state = 'active' and category in ('', $1)`

const sqlRelease = `update access_keys set category = ''
where id = $1 and not exists (select 1 from address_keys b where b.key_id = access_keys.id)`

const sqlBind = `insert into address_keys (address_id, category, role, key_id, bound_at) values ($1, $2, 'active', $3, $4)
on conflict (address_id, category, role) do update set key_id = excluded.key_id, bound_at = excluded.bound_at`

const sqlUnbind = `delete from address_keys where address_id = $1 and category = $2 and role = 'active'`

// Bind sets the key that signs a category's calls to an address. Changing what an address
// in use is bound to breaks its published products at once, which the caller must have
// confirmed: "seller.binding_in_use" or "seller.binding_notified" (Conflict) otherwise. A key serves one category only:
// "seller.key_category" (Conflict). Other errors: "seller.address_not_found",
// "seller.key_not_found", "seller.key_disabled", "invalid" (category). Idempotent.
func (s *Store) Bind(ctx context.Context, tx *db.Tx, in BindInput) error {
	var c errs.Check
	if !c.OneOf("category", string(in.Category), "base", "joint", "license", "general") {
		return c.Err()
	}
	a, err := s.lockAddress(ctx, tx, in.SellerID, in.AddressID)
	if err != nil {
		return err
	}
	old, err := s.bound(ctx, tx, in)
	if err != nil || old == in.KeyID {
		return err
	}
	if old != "" && !in.Confirmed {
		n, err := s.dependents(ctx, tx, a.ID, in.Category)
		if err != nil {
			return err
		}
		if n > 0 {
			if in.Category == General {
				return errs.Conflictf("seller.binding_notified", "state", a.State)
			}
			return errs.Conflictf("seller.binding_in_use", "state", a.State, "count", n)
		}
	}
	if in.KeyID == "" {
		_, err = db.Exec(ctx, tx, sqlUnbind, a.ID, in.Category)
	} else if err = s.claim(ctx, tx, in); err == nil {
		_, err = db.Exec(ctx, tx, sqlBind, a.ID, in.Category, in.KeyID, tx.Now)
	}
	if err != nil {
		return err
	}
	if err := release(ctx, tx, old); err != nil {
		return err
	}
	v, err := s.Get(ctx, tx, in.SellerID)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "seller.key.bind", Object: "production_address", ObjectID: a.ID, AccountID: v.AccountID,
		Detail: map[string]any{"category": in.Category, "from": old, "to": in.KeyID}})
}

// release frees a key for another category once nothing is bound to it; "" is none.
func release(ctx context.Context, tx *db.Tx, keyID string) error {
	if keyID == "" {
		return nil
	}
	_, err := db.Exec(ctx, tx, sqlRelease, keyID)
	return err
}

// dependents counts what breaks when the key of a category changes: products, or order notification.
func (s *Store) dependents(ctx context.Context, q db.Querier, addressID string, c Category) (int, error) {
	if c == General {
		return notified(ctx, q, addressID)
	}
	return s.UsesOf(ctx, q, addressID)
}

// bound is the key bound now, "" for none.
func (s *Store) bound(ctx context.Context, q db.Querier, in BindInput) (string, error) {
	list, err := s.Bindings(ctx, q, in.SellerID, in.AddressID)
	for _, b := range list {
		if b.Category == in.Category && b.Role == "active" {
			return b.KeyID, err
		}
	}
	return "", err
}

func (s *Store) claim(ctx context.Context, tx *db.Tx, in BindInput) error {
	n, err := db.Exec(ctx, tx, sqlClaim, in.Category, in.KeyID, in.SellerID)
	if err != nil || n == 1 {
		return err
	}
	k, err := s.KeyOf(ctx, tx, in.SellerID, in.KeyID)
	switch {
	case err != nil:
		return err
	case k.Generation != V2:
		return errs.Conflictf("seller.key_v1", "state", k.State)
	case k.State != "active":
		return errs.Conflictf("seller.key_disabled", "state", k.State)
	}
	return errs.Conflictf("seller.key_category", "state", k.State, "category", string(k.Category))
}
