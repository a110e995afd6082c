package catalog

import (
	"context"
	"slices"
	"strings"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/integration"
	"jishi/wire/saas"
)

// casesOf says which debug cases a version depends on (saas.md §11.2): the production address with its path, and what the
// price plans offer.
func casesOf(sellerID string, c Content) (integration.Target, integration.Need) {
	t := integration.Target{SellerID: sellerID, AddressID: c.AddressID, Path: c.Path, Generation: saas.Generation(strings.ToLower(string(c.Generation)))}
	var n integration.Need
	for _, s := range c.Specs {
		for _, p := range s.Plans {
			if m, ok := integration.ModeOf(string(p.Mode)); ok && !slices.Contains(n.Modes, m) {
				n.Modes = append(n.Modes, m)
			}
		}
		if f := s.Changes.features(); len(f) > 0 {
			n.Features = append(n.Features, slices.DeleteFunc(f, func(f saas.Feature) bool { return slices.Contains(n.Features, f) })...)
		}
		if s.TrialDays > 0 && !slices.Contains(n.Features, saas.FeatureTrial) {
			n.Features = append(n.Features, saas.FeatureTrial)
		}
	}
	return t, n
}

// ProductCases are the debug cases that a seller's product depends on: those of its open version, else of the live one.
// "catalog.product_not_found".
func (s *Store) ProductCases(ctx context.Context, q db.Querier, sellerID, productID string) (integration.Target, integration.Need, error) {
	p, err := s.ProductOf(ctx, q, sellerID, productID)
	if err != nil {
		return integration.Target{}, integration.Need{}, err
	}
	v, open, err := s.Open(ctx, q, productID)
	if err == nil && !open {
		v, err = s.VersionOf(ctx, q, productID, p.LiveVersionID)
	}
	t, n := casesOf(sellerID, v.Content)
	return t, n, err
}

// LiveCases are the debug cases that a product on sale depends on; those of the version that is sold.
// "catalog.product_not_found", "catalog.version_not_found" for one that was never released.
func (s *Store) LiveCases(ctx context.Context, q db.Querier, productID string) (integration.Target, integration.Need, error) {
	p, err := s.Product(ctx, q, productID)
	if err != nil {
		return integration.Target{}, integration.Need{}, err
	}
	v, err := s.VersionOf(ctx, q, productID, p.LiveVersionID)
	t, n := casesOf(p.SellerID, v.Content)
	return t, n, err
}

// RunCases runs the saved debug cases of a product's open version again, which Submit and Approve want to have passed
// just now. It calls the seller's server and must stand outside of a transaction. What the server does wrong is no error
// here: the gate in the transaction refuses it by name. A version that is not complete enough to call anything, and a
// site that wants no cases, are passed over.
func (s *Store) RunCases(ctx context.Context, q db.Querier, productID string, source integration.Source) error {
	required, err := s.Integration.Required(ctx)
	if err != nil || !required {
		return err
	}
	p, err := s.Product(ctx, q, productID)
	if err != nil {
		return err
	}
	v, open, err := s.Open(ctx, q, productID)
	if err != nil || !open || v.Content.AddressID == "" {
		return err
	}
	t, _ := casesOf(p.SellerID, v.Content)
	_, err = s.Integration.RunCases(ctx, integration.BatchInput{Target: t, Source: source})
	return unready(err)
}

// unready drops what the checks in the transaction tell better: an address that is not verified or without key.
func unready(err error) error {
	if integration.CannotCall(err) {
		return nil
	}
	return err
}

// requireCases is the gate of submission and approval; see integration.Store.Require.
func (s *Store) requireCases(ctx context.Context, q db.Querier, sellerID string, c Content) error {
	if s.Integration == nil {
		return nil
	}
	t, n := casesOf(sellerID, c)
	return s.Integration.Require(ctx, q, t, n)
}

// CheckSubmit is what Submit would say before it looks at the debug cases; it spares the seller's server the calls of a
// submission that cannot succeed.
func (s *Store) CheckSubmit(ctx context.Context, q db.Querier, sellerID, productID string, revision int64) error {
	v, err := s.draft(ctx, q, productID)
	if err != nil {
		return err
	}
	if v.Revision != revision {
		return errs.Conflictf("catalog.draft_changed", "state", v.State)
	}
	return s.CheckDraft(ctx, q, sellerID, productID)
}
