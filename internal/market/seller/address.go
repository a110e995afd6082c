package seller

import (
	"context"
	"net/url"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/outbound"
	"jishi/internal/base/page"
)

// States of a production address.
const (
	Unverified = "unverified" // 待验证
	Verified   = "verified"   // 已验证
)

// ProductionAddress is a registered origin of a seller's server (生产地址); products append
// a path to it (saas.md §1.1).
type ProductionAddress struct {
	ID             string    `db:"id" json:"id"`
	SellerID       string    `db:"seller_id" json:"sellerId"`
	Origin         string    `db:"origin" json:"origin"`
	State          string    `db:"state" json:"state"`
	Development    bool      `db:"development" json:"development"` // registered while the site admitted them
	AcceptUnsigned bool      `db:"accept_unsigned" json:"acceptUnsigned"`
	Token          string    `db:"token" json:"-"`
	Method         string    `db:"method" json:"method"` // how it was verified: file, dns, operator
	VerifiedAt     time.Time `db:"verified_at" json:"verifiedAt"`
	VerifiedBy     string    `db:"verified_by" json:"verifiedBy"`
	CheckedAt      time.Time `db:"checked_at" json:"checkedAt"` // the last try
	CheckCode      string    `db:"check_code" json:"checkCode"` // why it failed, a text code; "" after success
	CheckArgs      string    `db:"check_args" json:"-"`
	Version        int64     `db:"version" json:"version"`
	CreatedAt      time.Time `db:"created_at" json:"createdAt"`
	Switches
}

// Generations are those whose calls the address can take: V2 wants https outside of
// development.
func (a ProductionAddress) Generations() []Generation {
	if strings.HasPrefix(a.Origin, "https://") || a.Development {
		return []Generation{V1, V2}
	}
	return []Generation{V1}
}

const addressColumns = `id, seller_id, origin, state, development, accept_unsigned, token, method, verified_at, verified_by,
checked_at, check_code, check_args, version, created_at, hex_case, product_info, suppress, timeout_seconds`

const sqlAddress = `select ` + addressColumns + ` from production_addresses where id = $1 and seller_id = $2`
const sqlAddressByID = `select ` + addressColumns + ` from production_addresses where id = $1`
const sqlAddresses = `select ` + addressColumns + ` from production_addresses where seller_id = $1 order by id`

// Addresses are the production addresses of a seller, oldest first.
func (s *Store) Addresses(ctx context.Context, q db.Querier, sellerID string) ([]ProductionAddress, error) {
	return db.List[ProductionAddress](ctx, q, sqlAddresses, sellerID)
}

// AddressOf is an address of the seller, "seller.address_not_found" for any other.
func (s *Store) AddressOf(ctx context.Context, q db.Querier, sellerID, addressID string) (ProductionAddress, error) {
	return foundAddress(db.Maybe[ProductionAddress](ctx, q, sqlAddress, addressID, sellerID))
}

// AnyAddress is an address of any seller, for operators.
func (s *Store) AnyAddress(ctx context.Context, q db.Querier, addressID string) (ProductionAddress, error) {
	return foundAddress(db.Maybe[ProductionAddress](ctx, q, sqlAddressByID, addressID))
}

func foundAddress(a ProductionAddress, ok bool, err error) (ProductionAddress, error) {
	if err == nil && !ok {
		err = errs.NotFoundf("seller.address_not_found")
	}
	return a, err
}

const sqlLockAddress = `update production_addresses set version = version + 1 where id = $1 and seller_id = $2`

// lockAddress holds the address until the transaction ends, so that a product cannot come
// to use it while it is removed or its key changes.
func (s *Store) lockAddress(ctx context.Context, tx *db.Tx, sellerID, addressID string) (ProductionAddress, error) {
	if _, err := db.Exec(ctx, tx, sqlLockAddress, addressID, sellerID); err != nil {
		return ProductionAddress{}, err
	}
	return s.AddressOf(ctx, tx, sellerID, addressID)
}

// UseAddress is for the catalogue, in the transaction in which a product comes to name the
// address: it must be the seller's, verified, and fit the generation. Errors:
// "seller.address_not_found", "seller.address_unverified" (Conflict),
// "seller.address_generation" (Conflict).
func (s *Store) UseAddress(ctx context.Context, tx *db.Tx, sellerID, addressID string, g Generation) (ProductionAddress, error) {
	a, err := s.lockAddress(ctx, tx, sellerID, addressID)
	if err != nil {
		return a, err
	}
	if a.State != Verified {
		return a, errs.Conflictf("seller.address_unverified", "state", a.State)
	}
	for _, fits := range a.Generations() {
		if fits == g {
			return a, nil
		}
	}
	return a, errs.Conflictf("seller.address_generation", "state", a.State, "generation", string(g))
}

// MaxAddresses is how many production addresses a seller may register.
const MaxAddresses = 100

// AddAddress registers a bare origin (scheme, host, optional port). It is unverified until
// ownership is proven. Errors: "invalid" (origin: the codes outbound.url_*, and
// "seller.origin_taken" for one that the seller has already), "seller.too_many_addresses".
func (s *Store) AddAddress(ctx context.Context, tx *db.Tx, sellerID, origin string) (ProductionAddress, error) {
	development, err := s.development(ctx)
	if err != nil {
		return ProductionAddress{}, err
	}
	origin, err = validOrigin(origin, development)
	if err != nil {
		return ProductionAddress{}, err
	}
	present, err := s.Addresses(ctx, tx, sellerID)
	if err != nil {
		return ProductionAddress{}, err
	}
	if len(present) >= MaxAddresses {
		return ProductionAddress{}, errs.Conflictf("seller.too_many_addresses", "limit", MaxAddresses)
	}
	a := ProductionAddress{
		ID: id.New("adr"), SellerID: sellerID, Origin: origin, State: Unverified, Development: development,
		Token: id.Token(), Version: 1, CreatedAt: tx.Now, Switches: DefaultSwitches(),
	}
	written, err := db.InsertIfAbsent(ctx, tx, "production_addresses", a)
	if err == nil && !written {
		err = originFault("seller.origin_taken", nil)
	}
	if err != nil {
		return a, err
	}
	return a, s.addressAudit(ctx, tx, "add", a, "")
}

func validOrigin(raw string, development bool) (string, error) {
	if strings.TrimSpace(raw) == "" {
		return "", originFault("required", nil)
	}
	origin, err := outbound.ValidateOrigin(raw, outbound.Rules{Development: development})
	if e, ok := outbound.As(err); ok {
		return "", originFault(e.Code(), e.Args())
	}
	return origin, err
}

func originFault(code string, args map[string]any) error {
	var c errs.Check
	pairs := []any{}
	for k, v := range args {
		pairs = append(pairs, k, v)
	}
	c.Add("origin", code, pairs...)
	return c.Err()
}

const sqlRename = `update production_addresses set origin = $1, state = 'unverified', development = $2, token = $3, method = '',
verified_at = null, verified_by = '', checked_at = null, check_code = '', check_args = '', accept_unsigned = $4 where id = $5`
const sqlOriginTaken = `select count(*) from production_addresses where seller_id = $1 and origin = $2 and id <> $3`

// RenameAddress gives an address that no product uses another origin, which must be
// verified anew. Errors: "seller.address_not_found", "seller.address_in_use", "seller.address_notified" (Conflict), "invalid".
func (s *Store) RenameAddress(ctx context.Context, tx *db.Tx, sellerID, addressID, origin string) (ProductionAddress, error) {
	development, err := s.development(ctx)
	if err != nil {
		return ProductionAddress{}, err
	}
	origin, err = validOrigin(origin, development)
	if err != nil {
		return ProductionAddress{}, err
	}
	a, err := s.unused(ctx, tx, sellerID, addressID)
	if err != nil || a.Origin == origin {
		return a, err
	}
	n, err := db.One[int](ctx, tx, sqlOriginTaken, sellerID, origin, addressID)
	if err != nil {
		return a, err
	}
	if n > 0 {
		return a, originFault("seller.origin_taken", nil)
	}
	if _, err := db.Exec(ctx, tx, sqlRename, origin, development, id.Token(), false, a.ID); err != nil {
		return a, err
	}
	if a, err = s.AddressOf(ctx, tx, sellerID, addressID); err != nil {
		return a, err
	}
	return a, s.addressAudit(ctx, tx, "rename", a, "")
}

const sqlRemoveBindings = `delete from address_keys where address_id = $1`
const sqlReleaseAll = `update access_keys set category = '' where seller_id = $1 and category <> ''
and not exists (select 1 from address_keys b where b.key_id = access_keys.id)`
const sqlRemoveAddress = `delete from production_addresses where id = $1`

// RemoveAddress deletes an address that no product uses, with its bindings. Errors:
// "seller.address_not_found", "seller.address_in_use", "seller.address_notified" (Conflict).
func (s *Store) RemoveAddress(ctx context.Context, tx *db.Tx, sellerID, addressID string) error {
	a, err := s.unused(ctx, tx, sellerID, addressID)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlRemoveBindings, a.ID); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlReleaseAll, sellerID); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlRemoveAddress, a.ID); err != nil {
		return err
	}
	return s.addressAudit(ctx, tx, "remove", a, "")
}

func (s *Store) unused(ctx context.Context, tx *db.Tx, sellerID, addressID string) (ProductionAddress, error) {
	a, err := s.lockAddress(ctx, tx, sellerID, addressID)
	if err != nil {
		return a, err
	}
	n, err := s.UsesOf(ctx, tx, a.ID)
	if err == nil && n > 0 {
		err = errs.Conflictf("seller.address_in_use", "state", a.State, "count", n)
	}
	if err != nil {
		return a, err
	}
	n, err = notified(ctx, tx, a.ID)
	if err == nil && n > 0 {
		err = errs.Conflictf("seller.address_notified", "state", a.State)
	}
	return a, err
}

func (s *Store) addressAudit(ctx context.Context, tx *db.Tx, action string, a ProductionAddress, reason string) error {
	v, err := s.Get(ctx, tx, a.SellerID)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "seller.address." + action, Object: "production_address", ObjectID: a.ID,
		AccountID: v.AccountID, Reason: reason, Detail: map[string]any{"origin": a.Origin, "state": a.State}})
}

// AddressRow is an address in the operators' list.
type AddressRow struct {
	ProductionAddress
	SellerName i18n.Text `db:"seller_name" json:"sellerName"`
}

const addressFilter = ` from production_addresses a join sellers s on s.id = a.seller_id
where ($1 = '' or a.state = $1) and ($2 = '' or a.seller_id = $2) and ($3 = '' or lower(a.origin) like $3 escape '\' or s.search like $3 escape '\')`
const sqlAllAddresses = `select a.id, a.seller_id, a.origin, a.state, a.development, a.accept_unsigned, a.token, a.method, a.verified_at,
a.verified_by, a.checked_at, a.check_code, a.check_args, a.version, a.created_at, a.hex_case, a.product_info, a.suppress, a.timeout_seconds, s.name as seller_name` + addressFilter + `
and ($4 = '' or a.id < $4) order by a.id desc limit $5`
const sqlAllAddressCount = `select count(*) from (select 1` + addressFilter + ` limit $4) as n`

// AllAddresses is the operators' list of production addresses, newest first.
func (s *Store) AllAddresses(ctx context.Context, q db.Querier, state, sellerID, text string, p page.Query) (page.Page[AddressRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[AddressRow]{}, err
	}
	args := []any{state, sellerID, like(text)}
	rows, err := db.List[AddressRow](ctx, q, sqlAllAddresses, append(args, key[0], p.Size()+1)...)
	if err != nil {
		return page.Page[AddressRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlAllAddressCount, append(args, page.TotalCap+1)...)
	return page.Of(p, rows, func(r AddressRow) []string { return []string{r.ID} }).WithTotal(n), err
}

// hostOf is the host of an origin without port.
func hostOf(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
