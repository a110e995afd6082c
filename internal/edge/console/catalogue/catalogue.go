// Package catalogue is the console's part about products: the storefront's reading, the
// seller's products and applications, the operator's reviews, penalties and categories,
// and uploaded files.
package catalogue

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"jishi/internal/base/errs"
	"jishi/internal/edge/console"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/shelf"
	"jishi/internal/market/media"
)

// Deps is what the operations call.
type Deps struct {
	Catalog *catalog.Store
	Shelf   *shelf.Shelf
	Media   *media.Store
}

type api struct {
	Deps
	c       *console.Console
	uploads *uploads
}

// Register adds the operations.
func Register(c *console.Console, s Deps) {
	a := api{Deps: s, c: c, uploads: &uploads{of: map[string]int{}}}
	a.storefront()
	a.files()
	a.products()
	a.applications()
	a.reviews()
	a.penalties()
	a.categories()
}

const (
	tagShop     = "Storefront"
	tagFiles    = "Files"
	tagSeller   = "Seller: products"
	tagOperator = "Operator: products"
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

// document describes a plain handler in the API's document, as register does for the
// typed ones.
func document[O any](c *console.Console, o huma.Operation) {
	if o.DefaultStatus == 0 {
		o.DefaultStatus = http.StatusOK
	}
	t := reflect.TypeFor[O]()
	problem := c.API.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[console.Problem](), true, "")
	o.Responses = map[string]*huma.Response{
		status(o.DefaultStatus): {Description: http.StatusText(o.DefaultStatus), Content: map[string]*huma.MediaType{
			"application/json": {Schema: c.API.OpenAPI().Components.Schemas.Schema(t, true, t.Name())}}},
		"default": {Description: "Error", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}},
	}
	c.API.OpenAPI().AddOperation(&o)
}

func status(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}
