package seller

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/wire/saas"
)

// The values of Switches.
const (
	UpperHex          = "upper"
	LowerHex          = "lower"
	ProductInfoText   = "text"
	ProductInfoObject = "object"

	MinTimeout     = 1 // seconds
	MaxTimeout     = 60
	DefaultTimeout = 20
)

// Switches are how the calls to one address differ from the documents (saas.md §7.7, §10, §12). They change what the
// seller's own server gets and nothing that anybody else relies on, so the seller sets them; operators may too. That
// unsigned answers are taken is not among them: it gives up a check of ours, and stays the operators' (SetAcceptUnsigned).
type Switches struct {
	HexCase        string   `db:"hex_case" json:"hexCase"`               // of the V2 signature: upper, lower
	ProductInfo    string   `db:"product_info" json:"productInfo"`       // of changeInstanceCheck (V2): text, object
	Suppress       []string `db:"suppress,json" json:"suppress"`         // V1 parameters that are not sent, ascending
	TimeoutSeconds int      `db:"timeout_seconds" json:"timeoutSeconds"` // per attempt, from the call to the last byte of the answer
}

// DefaultSwitches are those of a new address: as documented.
func DefaultSwitches() Switches {
	return Switches{HexCase: UpperHex, ProductInfo: ProductInfoText, Suppress: []string{}, TimeoutSeconds: DefaultTimeout}
}

// Timeout bounds one attempt.
func (s Switches) Timeout() time.Duration {
	if s.TimeoutSeconds == 0 {
		return DefaultTimeout * time.Second
	}
	return time.Duration(s.TimeoutSeconds) * time.Second
}

// Variant is what the codec needs of them.
func (s Switches) Variant() saas.Variant {
	return saas.Variant{LowerHex: s.HexCase == LowerHex, ProductInfoObject: s.ProductInfo == ProductInfoObject, Suppress: s.Suppress}
}

// normal checks the switches and puts the list in order. "invalid" with the fields hexCase, productInfo,
// timeoutSeconds, suppress[n] (seller.suppress_unknown, seller.suppress_mandatory).
func (s Switches) normal() (Switches, error) {
	var c errs.Check
	c.OneOf("hexCase", s.HexCase, UpperHex, LowerHex)
	c.OneOf("productInfo", s.ProductInfo, ProductInfoText, ProductInfoObject)
	c.Range("timeoutSeconds", int64(s.TimeoutSeconds), MinTimeout, MaxTimeout)
	allowed := saas.Suppressible()
	list := []string{}
	for i, n := range s.Suppress {
		switch path := fmt.Sprintf("suppress[%d]", i); {
		case slices.Contains(allowed, n):
			list = append(list, n)
		case mandatory(n):
			c.Add(path, "seller.suppress_mandatory", "name", n)
		default:
			c.Add(path, "seller.suppress_unknown", "name", n)
		}
	}
	slices.Sort(list)
	s.Suppress = slices.Compact(list)
	return s, c.Err()
}

// mandatory tells a name that the protocol knows and that is always sent.
func mandatory(name string) bool {
	if slices.Contains([]string{saas.ParamActivity, saas.ParamAuthToken, saas.ParamTimeStamp}, name) {
		return true
	}
	for _, a := range saas.Activities(saas.V1) {
		for _, f := range saas.Fields(saas.V1, a) {
			if f.Name == name {
				return true
			}
		}
	}
	return false
}

// SetSwitches sets the switches of the seller's own address. Errors: "seller.address_not_found", "invalid". Idempotent.
func (s *Store) SetSwitches(ctx context.Context, tx *db.Tx, sellerID, addressID string, to Switches) (ProductionAddress, error) {
	to, err := to.normal()
	if err != nil {
		return ProductionAddress{}, err
	}
	a, err := s.lockAddress(ctx, tx, sellerID, addressID)
	if err != nil {
		return a, err
	}
	return s.switchTo(ctx, tx, a, to, "")
}

// OverrideSwitches sets the switches of any address, for operators with a reason. Errors as SetSwitches, and "invalid"
// for reason. Idempotent.
func (s *Store) OverrideSwitches(ctx context.Context, tx *db.Tx, addressID string, to Switches, reason string) (ProductionAddress, error) {
	if err := checkReason(reason); err != nil {
		return ProductionAddress{}, err
	}
	to, err := to.normal()
	if err != nil {
		return ProductionAddress{}, err
	}
	a, err := s.AnyAddress(ctx, tx, addressID)
	if err == nil {
		a, err = s.lockAddress(ctx, tx, a.SellerID, addressID)
	}
	if err != nil {
		return a, err
	}
	return s.switchTo(ctx, tx, a, to, reason)
}

const sqlSwitches = `update production_addresses set hex_case = $1, product_info = $2, suppress = $3, timeout_seconds = $4 where id = $5`

func (s *Store) switchTo(ctx context.Context, tx *db.Tx, a ProductionAddress, to Switches, reason string) (ProductionAddress, error) {
	from := a.Switches
	if reflect.DeepEqual(from, to) {
		return a, nil
	}
	if _, err := db.Exec(ctx, tx, sqlSwitches, to.HexCase, to.ProductInfo, db.JSON(to.Suppress), to.TimeoutSeconds, a.ID); err != nil {
		return a, err
	}
	a.Switches = to
	v, err := s.Get(ctx, tx, a.SellerID)
	if err != nil {
		return a, err
	}
	return a, audit.Record(ctx, tx, audit.Entry{Action: "seller.address.switches", Object: "production_address", ObjectID: a.ID,
		AccountID: v.AccountID, Reason: reason, Detail: map[string]any{"origin": a.Origin, "from": from, "to": to}})
}
