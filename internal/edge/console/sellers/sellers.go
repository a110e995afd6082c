// Package sellers is the console's part about sellers: becoming one, seller information,
// production addresses and access keys, AK/SK of the open API, the operators' reviews, and the public shop.
package sellers

import (
	"context"
	"time"

	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/outbound"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
)

// Deps is what the operations call. Client proves addresses and probes websites.
type Deps struct {
	Sellers  *seller.Store
	Identity *identity.Store
	Media    *media.Store
	Client   *outbound.Client
}

type api struct {
	Deps
	c *console.Console
}

// Register adds the operations.
func Register(c *console.Console, s Deps) {
	a := api{Deps: s, c: c}
	a.applications()
	a.profile()
	a.addresses()
	a.keys()
	a.accessKeys()
	a.reviews()
	a.oversight()
	a.shops()
}

const (
	tagSeller   = "Seller: shop and access"
	tagOperator = "Operator: sellers"
	tagShop     = "Storefront"
)

// own is the caller's seller; "seller.not_seller" (Forbidden) for an account without one.
func own(ctx context.Context) (string, error) {
	if id := console.CallerFrom(ctx).SellerID; id != "" {
		return id, nil
	}
	return "", errs.Forbiddenf("seller.not_seller")
}

// mayApply: becoming a seller is the owner's decision, changing the information is a
// right that can be granted.
func mayApply(ctx context.Context) error {
	caller := console.CallerFrom(ctx)
	if caller.SellerID != "" {
		return caller.Check(access.ShopWrite)
	}
	return caller.Check(access.SellerApply)
}

// moment is a time that may not be there.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// titled is a title of the configuration, or the catalogue's.
func titled(ctx context.Context, own i18n.Text, code string) string {
	if !own.IsZero() {
		return own.In(console.LangFrom(ctx))
	}
	return i18n.Message(console.LangFrom(ctx), code, nil)
}

var errNoFile = errs.NotFoundf("media.not_found")
