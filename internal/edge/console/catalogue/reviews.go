package catalogue

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/shelf"
	"jishi/internal/market/integration"
)

// reviewView is an application with what a reviewer compares. Before is the live version
// of a change; Differences are per field, a new product's against nothing.
type reviewView struct {
	Application catalog.Application  `json:"application"`
	Product     catalog.Product      `json:"product"`
	Reasons     []reasonView         `json:"reasons"`
	Version     *catalog.Version     `json:"version,omitempty"`
	Before      *catalog.Version     `json:"before,omitempty"`
	Differences []catalog.Difference `json:"differences"`
	Specs       []catalog.Spec       `json:"specs"`
	History     []catalog.HistoryRow `json:"history"`
	Files       map[string]fileView  `json:"files"`
	Codes       []reasonView         `json:"codes" doc:"Reasons that a rejection may have"`
}

type reviewsInput struct {
	ApplicationsInput
	Seller string `query:"seller" required:"false"`
	Mine   bool   `query:"mine" required:"false" doc:"Assigned to me"`
	Days   int    `query:"days" required:"false" doc:"Submitted at least so many days ago"`
}

type assignInput struct {
	ID   string `path:"id"`
	Body struct {
		Take bool `json:"take" doc:"true takes it, false gives it back"`
	}
}

type approveInput struct {
	ID   string `path:"id"`
	Body struct {
		Comment string `json:"comment" required:"false"`
	}
}

type rejectInput struct {
	ID   string `path:"id"`
	Body struct {
		Codes   []string `json:"codes" required:"false"`
		Comment string   `json:"comment"`
	}
}

func (a api) reviews() {
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagOperator, Need: access.ProductReview}
	}
	console.Read(a.c, op("", "/operator/product-reviews", "list-product-reviews", "Applications about products; those under review oldest first"), a.listReviews)
	console.Read(a.c, op("", "/operator/product-reviews/{id}", "get-product-review", "An application with old and new"), a.review)
	console.Read(a.c, op("", "/operator/product-reviews/{id}/preview", "preview-product-review", "The future product page"),
		func(ctx context.Context, in *idInput) (shelf.Detail, error) {
			app, err := a.Catalog.Application(ctx, a.c.DB, in.ID)
			if err != nil {
				return shelf.Detail{}, err
			}
			p, err := a.Catalog.Product(ctx, a.c.DB, app.ProductID)
			if err != nil {
				return shelf.Detail{}, err
			}
			return a.previewOf(ctx, p)
		})
	console.Write(a.c, op(http.MethodPost, "/operator/product-reviews/{id}/assign", "assign-product-review", "Take an application, or give it back"),
		func(ctx context.Context, tx *db.Tx, in *assignInput) (catalog.Application, error) {
			me := console.CallerFrom(ctx)
			if !in.Body.Take {
				return a.Catalog.Assign(ctx, tx, in.ID, "", "")
			}
			return a.Catalog.Assign(ctx, tx, in.ID, me.UserID, me.Name)
		})
	console.WriteAfter(a.c, op(http.MethodPost, "/operator/product-reviews/{id}/approve", "approve-product-review", "Run the saved debug cases again and grant an application; it takes effect at once"),
		func(ctx context.Context, in *approveInput) error {
			app, err := a.Catalog.Application(ctx, a.c.DB, in.ID)
			if err != nil || app.VersionID == "" || app.State != catalog.VersionReviewing {
				return err
			}
			return a.Catalog.RunCases(ctx, a.c.DB, app.ProductID, integration.SourceApprove)
		},
		func(ctx context.Context, tx *db.Tx, in *approveInput) (catalog.Application, error) {
			return a.Catalog.Approve(ctx, tx, in.ID, in.Body.Comment)
		})
	console.Write(a.c, op(http.MethodPost, "/operator/product-reviews/{id}/reject", "reject-product-review", "Refuse an application with reasons"),
		func(ctx context.Context, tx *db.Tx, in *rejectInput) (catalog.Application, error) {
			return a.Catalog.Reject(ctx, tx, in.ID, in.Body.Codes, in.Body.Comment)
		})
}

func (a api) listReviews(ctx context.Context, in *reviewsInput) (page.Page[catalog.ApplicationRow], error) {
	f := catalog.ApplicationFilter{SellerID: in.Seller, State: in.State, Kind: in.Kind, Query: in.Query}
	if in.Mine {
		f.Assignee = console.CallerFrom(ctx).UserID
	}
	if in.Days > 0 {
		f.Before = clock.Wall{}.Now().Add(-time.Duration(in.Days) * 24 * time.Hour)
	}
	return a.Catalog.Applications(ctx, a.c.DB, f, in.State == string(catalog.VersionReviewing), in.Page())
}

func (a api) review(ctx context.Context, in *idInput) (v reviewView, err error) {
	err = a.c.DB.View(ctx, func(q db.Querier) error {
		v, err = a.reviewView(ctx, q, in.ID)
		return err
	})
	return v, err
}

func (a api) reviewView(ctx context.Context, q db.Querier, id string) (reviewView, error) {
	app, err := a.Catalog.Application(ctx, q, id)
	if err != nil {
		return reviewView{}, err
	}
	v := reviewView{Application: app, Reasons: reasons(ctx, app.Codes), Codes: reasons(ctx, catalog.RejectionCodes), Differences: []catalog.Difference{}, Files: map[string]fileView{}}
	if v.Product, err = a.Catalog.Product(ctx, q, app.ProductID); err != nil {
		return v, err
	}
	if v.Specs, err = a.Catalog.Specs(ctx, q, app.ProductID); err != nil {
		return v, err
	}
	if v.History, err = a.Catalog.History(ctx, q, app.ProductID); err != nil {
		return v, err
	}
	if app.VersionID == "" {
		return v, nil
	}
	version, err := a.Catalog.VersionOf(ctx, q, app.ProductID, app.VersionID)
	if err != nil {
		return v, err
	}
	v.Version = &version
	keys := version.Content.FileKeys()
	before, ok, err := a.Catalog.ReleasedBefore(ctx, q, version)
	if err != nil {
		return v, err
	}
	if ok {
		v.Before = &before
		keys = append(keys, before.Content.FileKeys()...)
	}
	v.Differences = catalog.Differences(before.Content, version.Content)
	v.Files, err = filesOf(ctx, q, v.Product.SellerID, keys)
	return v, err
}
