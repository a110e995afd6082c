package catalogue

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
)

type penaltyInput struct {
	ID   string `path:"id"`
	Body struct {
		Reason string    `json:"reason" required:"false"`
		Until  time.Time `json:"until,omitzero" doc:"End of a suspension; none is open"`
	}
}

// penalties registers what operators do to released products.
func (a api) penalties() {
	console.Read(a.c, console.Op{Path: "/operator/products", ID: "list-all-products", Summary: "Products of all sellers", Tag: tagOperator, Need: access.ProductReview},
		func(ctx context.Context, in *struct {
			ProductsInput
			Seller string `query:"seller" required:"false"`
		}) (page.Page[catalog.ProductRow], error) {
			return a.Catalog.Products(ctx, a.c.DB, in.filter(in.Seller), in.Page())
		})
	console.Read(a.c, console.Op{Path: "/operator/products/{id}", ID: "get-any-product", Summary: "A product with its versions and history", Tag: tagOperator, Need: access.ProductReview},
		func(ctx context.Context, in *idInput) (v productView, err error) {
			err = a.c.DB.View(ctx, func(q db.Querier) error {
				p, err := a.Catalog.Product(ctx, q, in.ID)
				if err == nil {
					v, err = a.view(ctx, q, p)
				}
				return err
			})
			return v, err
		})
	for _, m := range []struct {
		name, summary string
		do            func(ctx context.Context, tx *db.Tx, in *penaltyInput) (catalog.Product, error)
	}{
		{"suspend", "Stop the sale; subscriptions go on", func(ctx context.Context, tx *db.Tx, in *penaltyInput) (catalog.Product, error) {
			return a.Catalog.Suspend(ctx, tx, in.ID, in.Body.Reason, in.Body.Until)
		}},
		{"lift", "End a suspension", func(ctx context.Context, tx *db.Tx, in *penaltyInput) (catalog.Product, error) {
			return a.Catalog.Lift(ctx, tx, in.ID, in.Body.Reason)
		}},
		{"hide", "Take a product out of lists and search", func(ctx context.Context, tx *db.Tx, in *penaltyInput) (catalog.Product, error) {
			return a.Catalog.Hide(ctx, tx, in.ID, in.Body.Reason)
		}},
		{"show", "Put a hidden product back into lists", func(ctx context.Context, tx *db.Tx, in *penaltyInput) (catalog.Product, error) {
			return a.Catalog.Show(ctx, tx, in.ID, in.Body.Reason)
		}},
		{"delist", "Take a product down for good", func(ctx context.Context, tx *db.Tx, in *penaltyInput) (catalog.Product, error) {
			return a.Catalog.Delist(ctx, tx, in.ID, in.Body.Reason)
		}},
	} {
		console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/operator/products/{id}/" + m.name, ID: m.name + "-product", Summary: m.summary, Tag: tagOperator, Need: access.ProductPenalty}, m.do)
	}
}
