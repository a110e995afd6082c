package discounts

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/discount"
)

type offerBody struct {
	DraftBody
	Configured bool     `json:"configured" doc:"One line of fixed quantity and length that is ordered with one click, once"`
	Accounts   []string `json:"accounts" doc:"Ids of the customers' accounts; nobody else sees it"`
}

func registerSellerOffers(c *console.Console, d Deps) {
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/seller/offers", ID: "create-seller-offer", Tag: "Selling", Need: access.DiscountWrite, Status: 201,
		Summary: "Create an exclusive offer; below the authorised discount of a product it comes back REVIEWING"},
		func(ctx context.Context, tx *db.Tx, in *struct{ Body offerBody }) (detailView, error) {
			sellerID, err := sellerOf(ctx)
			if err != nil {
				return detailView{}, err
			}
			draft, err := in.Body.draft(discount.Offer, sellerID)
			if err != nil {
				return detailView{}, err
			}
			draft.Configured, draft.Accounts = in.Body.Configured, in.Body.Accounts
			r, err := d.Discounts.Create(ctx, tx, draft)
			if err != nil {
				return detailView{}, err
			}
			return d.detail(ctx, tx, tx.Now, r)
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/seller/offers/{id}/withdraw", ID: "withdraw-seller-offer", Tag: "Selling", Need: access.DiscountWrite,
		Summary: "Take back an offer that waits for review"},
		func(ctx context.Context, tx *db.Tx, in *ruleID) (detailView, error) {
			r, err := d.Discounts.Withdraw(ctx, tx, console.CallerFrom(ctx).SellerID, in.ID)
			if err != nil {
				return detailView{}, err
			}
			return d.detail(ctx, tx, tx.Now, r)
		})
}

func registerReviews(c *console.Console, d Deps) {
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/offers/{id}/decision", ID: "decide-offer", Tag: "Operating", Need: access.DiscountDecide,
		Summary: "Approve or reject an offer that goes below the authorised discount"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Approved bool   `json:"approved"`
				Reason   string `json:"reason" required:"false" doc:"For the seller; needed to reject"`
			}
		}) (detailView, error) {
			r, err := d.Discounts.Decide(ctx, tx, in.ID, in.Body.Approved, in.Body.Reason)
			if err != nil {
				return detailView{}, err
			}
			return d.detail(ctx, tx, tx.Now, r)
		})
}

type boundsView struct {
	ProductID   string      `json:"productId"`
	ProductName string      `json:"productName"`
	SellerName  string      `json:"sellerName"`
	Authorised  money.Price `json:"authorised" doc:"An offer below this ratio of the list price is reviewed"`
	Floor       money.Price `json:"floor" doc:"Nothing is sold below this ratio of the list price; 0 is none"`
	ChangedAt   *time.Time  `json:"changedAt,omitempty"`
	ChangedBy   string      `json:"changedBy"`
}

func boundsOf(l i18n.Lang, r discount.BoundsRow) boundsView {
	v := boundsView{ProductID: r.ProductID, ProductName: r.ProductName.In(l), SellerName: r.SellerName.In(l), Authorised: r.Authorised, Floor: r.Floor, ChangedBy: r.ChangedBy}
	if !r.ChangedAt.IsZero() {
		v.ChangedAt = &r.ChangedAt
	}
	return v
}

func registerBounds(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/operator/discount-bounds", ID: "list-discount-bounds", Tag: "Operating", Need: access.DiscountDecide, Summary: "Authorised discount and floor of each released product"},
		func(ctx context.Context, in *struct {
			console.ListInput
			Q string `query:"q" required:"false" doc:"Product id, or a part of the product's or seller's name"`
		}) (page.Page[boundsView], error) {
			l := console.LangFrom(ctx)
			p, err := discount.AllBounds(ctx, c.DB, in.Q, in.Page())
			return page.Map(p, func(r discount.BoundsRow) boundsView { return boundsOf(l, r) }), err
		})
	console.Write(c, console.Op{Method: http.MethodPut, Path: "/operator/discount-bounds/{id}", ID: "set-discount-bounds", Tag: "Operating", Need: access.DiscountDecide,
		Summary: "Set authorised discount and floor of a product; offers that hold already stay"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id" doc:"Product"`
			Body struct {
				Authorised money.Price `json:"authorised"`
				Floor      money.Price `json:"floor"`
			}
		}) (boundsView, error) {
			b, err := discount.SetBounds(ctx, tx, discount.Bounds{ProductID: in.ID, Authorised: in.Body.Authorised, Floor: in.Body.Floor})
			return boundsOf(console.LangFrom(ctx), discount.BoundsRow{ProductID: b.ProductID, Authorised: b.Authorised, Floor: b.Floor, ChangedAt: b.ChangedAt, ChangedBy: b.ChangedBy}), err
		})
}
