package seller

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/secret"
)

// Endpoint is everything a call to a seller's server needs besides its content.
type Endpoint struct {
	AddressID      string
	SellerID       string
	AccountID      string // the seller's
	Origin         string // the product's path is appended
	Verified       bool
	Development    bool // outbound.Request.Development: registered as one, and the site admits them now
	AcceptUnsigned bool // an answer without Body-Sign is taken (V1)
	Switches
	V1Key   secret.String
	V2KeyID string
	V2Key   secret.String // of the base interfaces; zero where none is bound

	GeneralKeyID string
	GeneralKey   secret.String // of the general interfaces (order notices); zero where none is bound
}

type endpointRow struct {
	AddressID      string `db:"id"`
	SellerID       string `db:"seller_id"`
	AccountID      string `db:"account_id"`
	Origin         string `db:"origin"`
	State          string `db:"state"`
	Development    bool   `db:"development"`
	AcceptUnsigned bool   `db:"accept_unsigned"`
	Switches
	V1KeyID  string `db:"v1_id"`
	V1Secret string `db:"v1_secret"`
	V2KeyID  string `db:"v2_id"`
	V2Secret string `db:"v2_secret"`
	GenID    string `db:"gen_id"`
	GenKey   string `db:"gen_secret"`
}

const sqlEndpoint = `select a.id, a.seller_id, s.account_id, a.origin, a.state, a.development, a.accept_unsigned, a.hex_case, a.product_info, a.suppress, a.timeout_seconds,
k1.id as v1_id, k1.secret as v1_secret, k2.id as v2_id, k2.secret as v2_secret,
k3.id as gen_id, k3.secret as gen_secret
from production_addresses a
join sellers s on s.id = a.seller_id
left join access_keys k1 on k1.seller_id = a.seller_id and k1.generation = 'v1' and k1.state = 'active'
left join address_keys b on b.address_id = a.id and b.category = 'base' and b.role = 'active'
left join access_keys k2 on k2.id = b.key_id and k2.state = 'active'
left join address_keys g on g.address_id = a.id and g.category = 'general' and g.role = 'active'
left join access_keys k3 on k3.id = g.key_id and k3.state = 'active'
where a.id = $1`

// Endpoint gives delivery what it needs in one query, with the keys opened. It does not
// ask whether the seller is suspended: what was sold is still delivered. Errors:
// "seller.address_not_found".
func (s *Store) Endpoint(ctx context.Context, q db.Querier, addressID string) (Endpoint, error) {
	r, ok, err := db.Maybe[endpointRow](ctx, q, sqlEndpoint, addressID)
	if err != nil {
		return Endpoint{}, err
	}
	if !ok {
		return Endpoint{}, errs.NotFoundf("seller.address_not_found")
	}
	development, err := s.development(ctx)
	if err != nil {
		return Endpoint{}, err
	}
	e := Endpoint{
		AddressID: r.AddressID, SellerID: r.SellerID, AccountID: r.AccountID, Origin: r.Origin, Verified: r.State == Verified,
		Development: r.Development && development, AcceptUnsigned: r.AcceptUnsigned, Switches: r.Switches, V2KeyID: r.V2KeyID,
		GeneralKeyID: r.GenID,
	}
	if e.V1Key, err = s.openKey(r.V1KeyID, r.V1Secret); err != nil {
		return Endpoint{}, err
	}
	if e.V2Key, err = s.openKey(r.V2KeyID, r.V2Secret); err != nil {
		return Endpoint{}, err
	}
	e.GeneralKey, err = s.openKey(r.GenID, r.GenKey)
	return e, err
}

func (s *Store) openKey(keyID, sealed string) (secret.String, error) {
	if keyID == "" {
		return secret.String{}, nil
	}
	plain, err := s.Box.Open(sealed, sealedIn(keyID))
	return secret.NewString(string(plain)), err
}
