package integration

import (
	"context"
	"slices"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/seller"
	"jishi/wire/saas"
)

// Rotation is the second key of a binding and how far it is proven (saas.md §2).
type Rotation struct {
	AddressID string
	Origin    string
	Category  seller.Category
	ActiveKey seller.Binding
	Pending   *seller.Binding
	Cases     int // saved V2 cases of the address that it must pass: those of the base interfaces
	Proven    int // passed with the pending key within Fresh
	Failed    int // last tried with it and failed
}

// Ready tells whether the pending key may be put in force without the seller's word.
func (r Rotation) Ready() bool { return r.Pending != nil && r.Cases > 0 && r.Proven == r.Cases }

type proofRow struct {
	AddressID string `db:"address_id"`
	Cases     int    `db:"cases"`
	Proven    int    `db:"proven"`
	Failed    int    `db:"failed"`
}

const sqlProofs = `select c.address_id, count(*) as cases,
count(*) filter (where c.pending_key_id = b.key_id and c.pending_passed and c.pending_at >= $1) as proven,
count(*) filter (where c.pending_key_id = b.key_id and not c.pending_passed) as failed
from integration_cases c left join address_keys b on b.address_id = c.address_id and b.category = 'base' and b.role = 'pending'
where c.generation = 'v2' and c.seller_id = $2 group by c.address_id`

// Rotations are the V2 bindings of a seller's addresses with their second keys; of one address when addressID is given.
func (s *Store) Rotations(ctx context.Context, q db.Querier, sellerID, addressID string) ([]Rotation, error) {
	addresses, err := s.Sellers.Addresses(ctx, q, sellerID)
	if err != nil {
		return nil, err
	}
	bindings, err := s.Sellers.Bindings(ctx, q, sellerID, addressID)
	if err != nil {
		return nil, err
	}
	proofs, err := db.List[proofRow](ctx, q, sqlProofs, s.now().Add(-Fresh), sellerID)
	if err != nil {
		return nil, err
	}
	out := []Rotation{}
	for _, a := range addresses {
		for _, c := range seller.Categories {
			r := Rotation{AddressID: a.ID, Origin: a.Origin, Category: c}
			bound := false
			for _, b := range bindings {
				if b.AddressID != a.ID || b.Category != c {
					continue
				}
				bound = true
				if b.Role == "pending" {
					r.Pending = &b
				} else {
					r.ActiveKey = b
				}
			}
			if !bound {
				continue
			}
			for _, p := range proofs {
				if p.AddressID == a.ID && c == seller.Base {
					r.Cases, r.Proven, r.Failed = p.Cases, p.Proven, p.Failed
				}
			}
			out = append(out, r)
		}
	}
	return out, nil
}

// ProvePending runs every saved V2 case of an address, on all its paths, with the pending key of the base interfaces.
// The key in force goes on signing real calls meanwhile. Errors: as Rerun.
func (s *Store) ProvePending(ctx context.Context, sellerID, addressID string) ([]Batch, error) {
	if _, err := s.Sellers.AddressOf(ctx, s.DB, sellerID, addressID); err != nil {
		return nil, err
	}
	cases, err := db.List[Case](ctx, s.DB, sqlCasesV2, sellerID, addressID)
	if err != nil {
		return nil, err
	}
	if !s.allowBatch(sellerID, len(cases)) {
		return nil, errs.TooManyf("integration.too_many")
	}
	var paths []string // in the order of the cases
	for _, c := range cases {
		paths = append(paths, c.Path)
	}
	paths = slices.Compact(paths)
	out := []Batch{}
	for _, path := range paths {
		b, err := s.RunCases(ctx, BatchInput{Target: Target{SellerID: sellerID, AddressID: addressID, Path: path, Generation: saas.V2}, Source: SourcePending, Pending: true})
		if err != nil {
			return out, err
		}
		out = append(out, b)
	}
	return out, nil
}

const sqlAdopt = `update integration_cases set key_id = $1, last_key_id = $1, last_passed = $2, last_at = pending_at, last_source = 'pending', last_code = '',
last_args = '{}', pending_key_id = '', pending_at = null, pending_passed = $3, version = version + 1
where address_id = $4 and generation = 'v2' and pending_key_id = $1 and pending_passed`

// ActivatePending puts the pending key of a binding in force. Of the base interfaces, every saved V2 case of the address
// must have passed with it within Fresh; these cases go on holding, since they were proven with the new key. An address
// without cases, and the categories that have none, want the seller's word (confirmed).
//
// Errors: "seller.address_not_found", "seller.pending_changed" (Conflict: there is none, or another one),
// "integration.pending_unproven" (Conflict: names the scenarios), "integration.pending_unconfirmed" (Conflict).
func (s *Store) ActivatePending(ctx context.Context, tx *db.Tx, in seller.BindInput) error {
	cases := 0
	if in.Category == seller.Base {
		list, err := db.List[Case](ctx, tx, sqlCasesV2, in.SellerID, in.AddressID)
		if err != nil {
			return err
		}
		cases = len(list)
		if err := s.proven(list, in.KeyID); err != nil {
			return err
		}
	}
	if cases == 0 && !in.Confirmed {
		if _, err := s.Sellers.AddressOf(ctx, tx, in.SellerID, in.AddressID); err != nil {
			return err
		}
		return errs.Conflictf("integration.pending_unconfirmed")
	}
	if _, err := s.Sellers.ActivatePending(ctx, tx, in); err != nil {
		return err
	}
	if cases == 0 {
		return nil
	}
	_, err := db.Exec(ctx, tx, sqlAdopt, in.KeyID, true, false, in.AddressID)
	return err
}

const sqlCasesV2 = `select ` + caseColumns + ` from integration_cases c where c.seller_id = $1 and c.address_id = $2 and c.generation = 'v2' order by c.path, c.position`

func (s *Store) proven(list []Case, keyID string) error {
	since := s.now().Add(-Fresh)
	var zh, en []byte
	n := 0
	for _, c := range list {
		if c.PendingKey == keyID && c.PendingPass && !c.PendingAt.Before(since) {
			continue
		}
		title := ScenarioTitle(c.Generation, c.Scenario)
		if n++; n > 1 {
			zh, en = append(zh, "、"...), append(en, ", "...)
		}
		zh, en = append(zh, title.ZH...), append(en, title.EN...)
	}
	if n == 0 {
		return nil
	}
	return errs.Conflictf("integration.pending_unproven", "count", n, "scenarios", i18n.Text{ZH: string(zh), EN: string(en)})
}
