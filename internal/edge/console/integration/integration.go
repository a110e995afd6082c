// Package integration is the console's part about application access: the debug page, the history of its runs, saved
// cases, second keys and the seller's check-list; and the operators' look at all of it.
package integration

import (
	"context"
	"time"

	"jishi/internal/base/errs"
	"jishi/internal/edge/console"
	"jishi/internal/market/catalog"
	"jishi/internal/market/integration"
	"jishi/internal/market/seller"
	"jishi/wire/saas"
)

// Deps is what the operations call.
type Deps struct {
	Integration *integration.Store
	Sellers     *seller.Store
	Catalog     *catalog.Store
}

type api struct {
	Deps
	c *console.Console
}

// Register adds the operations.
func Register(c *console.Console, s Deps) {
	a := api{Deps: s, c: c}
	a.debugging()
	a.cases()
	a.keys()
	a.checklist()
	a.oversight()
}

const (
	tagSeller   = "Seller: application access"
	tagOperator = "Operator: application access"
)

// own is the caller's seller; "seller.not_seller" (Forbidden) for an account without one.
func own(ctx context.Context) (string, error) {
	if id := console.CallerFrom(ctx).SellerID; id != "" {
		return id, nil
	}
	return "", errs.Forbiddenf("seller.not_seller")
}

type idInput struct {
	ID string `path:"id"`
}

// TargetInput names what is debugged, in a query.
type TargetInput struct {
	AddressID  string          `query:"addressId" doc:"A production address of the seller"`
	Path       string          `query:"path" required:"false" doc:"Appended to the address, empty or beginning with /"`
	Generation saas.Generation `query:"generation" doc:"v1 or v2"`
}

func (in TargetInput) target(sellerID string) integration.Target {
	return integration.Target{SellerID: sellerID, AddressID: in.AddressID, Path: in.Path, Generation: in.Generation}
}

// TargetBody is TargetInput in a body.
type TargetBody struct {
	AddressID  string          `json:"addressId" doc:"A production address of the seller"`
	Path       string          `json:"path" required:"false" doc:"Appended to the address, empty or beginning with /"`
	Generation saas.Generation `json:"generation" doc:"v1 or v2"`
}

func (in TargetBody) target(sellerID string) integration.Target {
	return integration.Target{SellerID: sellerID, AddressID: in.AddressID, Path: in.Path, Generation: in.Generation}
}

// moment is a time that may not be there.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
