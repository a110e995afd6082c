package seller

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
)

// Generation is a protocol generation (saas.md §1).
type Generation string

// The generations.
const (
	V1 Generation = "v1"
	V2 Generation = "v2"
)

// Category is an interface category (接口类型) that a V2 key signs (saas.md §2).
type Category string

// The categories.
const (
	Base    Category = "base"    // 基础接口
	Joint   Category = "joint"   // 联营SaaS同步接口
	License Category = "license" // License授权码交付接口
	General Category = "general" // 通用接口, the order notice
)

// Categories are all of them in the order of the page.
var Categories = []Category{Base, Joint, License, General}

// Key is an access key (访问密钥) without its secret. The V1 Key is one per seller; V2
// keys are made at will. Category is what the key is bound to, "" while it is bound nowhere.
type Key struct {
	ID         string     `db:"id" json:"id"`
	SellerID   string     `db:"seller_id" json:"-"`
	Generation Generation `db:"generation" json:"generation"`
	Name       string     `db:"name" json:"name"`
	Category   Category   `db:"category" json:"category"`
	State      string     `db:"state" json:"state"` // active, disabled
	CreatedAt  time.Time  `db:"created_at" json:"createdAt"`
	DisabledAt time.Time  `db:"disabled_at" json:"disabledAt"`
	Bindings   int        `db:"bindings" json:"bindings"` // addresses that use it
}

type keyRow struct {
	ID         string     `db:"id"`
	SellerID   string     `db:"seller_id"`
	Generation Generation `db:"generation"`
	Name       string     `db:"name"`
	Secret     string     `db:"secret"`
	State      string     `db:"state"`
	CreatedAt  time.Time  `db:"created_at"`
}

// MaxKeys is how many active V2 keys a seller may have.
const MaxKeys = 50

// sealedIn is the context that a key's secret is sealed in.
func sealedIn(keyID string) string { return "access_keys.secret:" + keyID }

// createKey draws a secret, UUIDv4 text used as UTF-8 bytes of the text, and stores it sealed.
func (s *Store) createKey(ctx context.Context, tx *db.Tx, sellerID string, g Generation, name string) (Key, error) {
	k := keyRow{ID: id.New("key"), SellerID: sellerID, Generation: g, Name: name, State: "active", CreatedAt: tx.Now}
	var err error
	if k.Secret, err = s.Box.Seal([]byte(id.UUID()), sealedIn(k.ID)); err != nil {
		return Key{}, err
	}
	if err := db.Insert(ctx, tx, "access_keys", k); err != nil {
		return Key{}, err
	}
	out := Key{ID: k.ID, SellerID: sellerID, Generation: g, Name: name, State: k.State, CreatedAt: k.CreatedAt}
	return out, s.keyAudit(ctx, tx, "create", out)
}

func (s *Store) keyAudit(ctx context.Context, tx *db.Tx, action string, k Key) error {
	v, err := s.Get(ctx, tx, k.SellerID)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "seller.key." + action, Object: "access_key", ObjectID: k.ID, AccountID: v.AccountID,
		Detail: map[string]any{"generation": k.Generation, "name": k.Name, "category": k.Category}})
}

const keyColumns = `k.id, k.seller_id, k.generation, k.name, k.category, k.state, k.created_at, k.disabled_at,
(select count(*) from address_keys b where b.key_id = k.id) as bindings`

const sqlKeys = `select ` + keyColumns + ` from access_keys k where k.seller_id = $1 order by k.state, k.generation, k.id desc`
const sqlKey = `select ` + keyColumns + ` from access_keys k where k.id = $1 and k.seller_id = $2`
const sqlV1Key = `select ` + keyColumns + ` from access_keys k where k.seller_id = $1 and k.generation = 'v1' and k.state = 'active'`

// Keys are all keys of a seller: active before disabled, the V1 Key before V2 keys.
func (s *Store) Keys(ctx context.Context, q db.Querier, sellerID string) ([]Key, error) {
	return db.List[Key](ctx, q, sqlKeys, sellerID)
}

// KeyOf is one key of the seller, "seller.key_not_found" for any other.
func (s *Store) KeyOf(ctx context.Context, q db.Querier, sellerID, keyID string) (Key, error) {
	return foundKey(db.Maybe[Key](ctx, q, sqlKey, keyID, sellerID))
}

// V1Key is the seller's V1 Key.
func (s *Store) V1Key(ctx context.Context, q db.Querier, sellerID string) (Key, error) {
	return foundKey(db.Maybe[Key](ctx, q, sqlV1Key, sellerID))
}

func foundKey(k Key, ok bool, err error) (Key, error) {
	if err == nil && !ok {
		err = errs.NotFoundf("seller.key_not_found")
	}
	return k, err
}

const sqlSecret = `select secret from access_keys where id = $1`

// RevealKey opens a key of the seller for reading and records who did. A disabled key
// stays readable: its old answers can still be checked. "seller.key_not_found".
// The caller has made sure that the person signed in recently.
func (s *Store) RevealKey(ctx context.Context, tx *db.Tx, sellerID, keyID string) (string, error) {
	k, err := s.KeyOf(ctx, tx, sellerID, keyID)
	if err != nil {
		return "", err
	}
	sealed, err := db.One[string](ctx, tx, sqlSecret, k.ID)
	if err != nil {
		return "", err
	}
	plain, err := s.Box.Open(sealed, sealedIn(k.ID))
	if err != nil {
		return "", err
	}
	return string(plain), s.keyAudit(ctx, tx, "reveal", k)
}

const sqlDisable = `update access_keys set state = 'disabled', disabled_at = $1 where id = $2 and state = 'active'
and not exists (select 1 from address_keys b where b.key_id = access_keys.id)`

// RenewV1Key replaces the V1 Key by a new one, at once for all addresses of the seller:
// calls signed with the old one stop. Errors: "seller.key_not_found".
func (s *Store) RenewV1Key(ctx context.Context, tx *db.Tx, sellerID string) (Key, error) {
	old, err := s.V1Key(ctx, tx, sellerID)
	if err != nil {
		return Key{}, err
	}
	n, err := db.Exec(ctx, tx, sqlDisable, tx.Now, old.ID)
	if err == nil && n == 0 {
		err = errs.Conflictf("seller.key_changed")
	}
	if err != nil {
		return Key{}, err
	}
	return s.createKey(ctx, tx, sellerID, V1, "")
}

const sqlActiveV2 = `select count(*) from access_keys where seller_id = $1 and generation = 'v2' and state = 'active'`

// CreateKey makes a V2 key with a name of 2–40 characters. Errors: "invalid",
// "seller.too_many_keys" (Conflict).
func (s *Store) CreateKey(ctx context.Context, tx *db.Tx, sellerID, name string) (Key, error) {
	var c errs.Check
	c.Length("name", name, 2, 40)
	if err := c.Err(); err != nil {
		return Key{}, err
	}
	n, err := db.One[int](ctx, tx, sqlActiveV2, sellerID)
	if err != nil {
		return Key{}, err
	}
	if n >= MaxKeys {
		return Key{}, errs.Conflictf("seller.too_many_keys", "limit", MaxKeys)
	}
	return s.createKey(ctx, tx, sellerID, V2, name)
}

// DisableKey ends a V2 key that is bound nowhere any more; it cannot be undone. Errors:
// "seller.key_not_found", "seller.key_in_use" (Conflict), "seller.key_v1" (Conflict: it
// can only be renewed).
func (s *Store) DisableKey(ctx context.Context, tx *db.Tx, sellerID, keyID string) (Key, error) {
	k, err := s.KeyOf(ctx, tx, sellerID, keyID)
	if err != nil {
		return k, err
	}
	if k.Generation == V1 {
		return k, errs.Conflictf("seller.key_v1", "state", k.State)
	}
	n, err := db.Exec(ctx, tx, sqlDisable, tx.Now, k.ID)
	if err != nil {
		return k, err
	}
	if n == 0 && k.State == "disabled" {
		return k, errs.Conflictf("seller.key_disabled", "state", k.State)
	}
	if n == 0 {
		return k, errs.Conflictf("seller.key_in_use", "state", k.State, "count", k.Bindings)
	}
	k.State, k.DisabledAt = "disabled", tx.Now
	return k, s.keyAudit(ctx, tx, "disable", k)
}
