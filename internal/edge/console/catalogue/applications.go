package catalogue

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
)

// reasonView is a rejection's code with its text.
type reasonView struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func reasons(ctx context.Context, codes []string) []reasonView {
	out := make([]reasonView, len(codes))
	for i, c := range codes {
		out[i] = reasonView{c, i18n.Message(console.LangFrom(ctx), "catalog.reject."+c, nil)}
	}
	return out
}

// applicationView is an application with its version's content, if it has one.
type applicationView struct {
	Application catalog.Application `json:"application"`
	Reasons     []reasonView        `json:"reasons"`
	Version     *catalog.Version    `json:"version,omitempty"`
}

// ApplicationsInput are the filters of applications.
type ApplicationsInput struct {
	console.ListInput
	Query string `query:"q" required:"false" doc:"Part of the product's name, or its id"`
	State string `query:"state" required:"false" doc:"reviewing, approved, rejected or withdrawn"`
	Kind  string `query:"kind" required:"false" doc:"release, modify, take_down, take_down_spec, hide_spec or show_spec"`
}

type requestInput struct {
	ID   string `path:"id"`
	Body struct {
		Kind     catalog.Kind `json:"kind" doc:"take_down, take_down_spec, hide_spec or show_spec"`
		SpecID   string       `json:"specId" required:"false"`
		Reason   string       `json:"reason" required:"false"`
		ProofKey string       `json:"proofKey" required:"false"`
	}
}

// unnamed is an application for its seller: who reviews at the marketplace is its own
// business.
func unnamed(a catalog.Application) catalog.Application {
	a.AssigneeID, a.Assignee, a.DecidedBy = "", "", ""
	return a
}

func (a api) applications() {
	console.Read(a.c, console.Op{Path: "/seller/product-applications", ID: "list-product-applications", Summary: "My applications", Tag: tagSeller, Need: access.ProductRead},
		func(ctx context.Context, in *ApplicationsInput) (page.Page[catalog.ApplicationRow], error) {
			seller, err := own(ctx)
			if err != nil {
				return page.Page[catalog.ApplicationRow]{}, err
			}
			f := catalog.ApplicationFilter{SellerID: seller, State: in.State, Kind: in.Kind, Query: in.Query}
			p, err := a.Catalog.Applications(ctx, a.c.DB, f, false, in.Page())
			return page.Map(p, func(r catalog.ApplicationRow) catalog.ApplicationRow {
				r.Application = unnamed(r.Application)
				return r
			}), err
		})
	console.Read(a.c, console.Op{Path: "/seller/product-applications/{id}", ID: "get-product-application", Summary: "An application", Tag: tagSeller, Need: access.ProductRead},
		func(ctx context.Context, in *idInput) (applicationView, error) {
			seller, err := own(ctx)
			if err != nil {
				return applicationView{}, err
			}
			app, err := a.Catalog.ApplicationOf(ctx, a.c.DB, seller, in.ID)
			if err != nil {
				return applicationView{}, err
			}
			v := applicationView{Application: unnamed(app), Reasons: reasons(ctx, app.Codes)}
			if app.VersionID != "" {
				version, err := a.Catalog.VersionOf(ctx, a.c.DB, app.ProductID, app.VersionID)
				if err != nil {
					return v, err
				}
				v.Version = &version
			}
			return v, nil
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/seller/product-applications/{id}/withdraw", ID: "withdraw-product-application", Summary: "Take an application back", Tag: tagSeller, Need: access.ProductWrite},
		func(ctx context.Context, tx *db.Tx, in *idInput) (catalog.Application, error) {
			seller, err := own(ctx)
			if err != nil {
				return catalog.Application{}, err
			}
			app, err := a.Catalog.Withdraw(ctx, tx, seller, in.ID)
			return unnamed(app), err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/seller/products/{id}/requests", ID: "request-for-product", Summary: "Apply for a take-down, or for hiding or showing a specification", Tag: tagSeller, Need: access.ProductRetire, Status: http.StatusCreated},
		func(ctx context.Context, tx *db.Tx, in *requestInput) (catalog.Application, error) {
			seller, err := own(ctx)
			if err != nil {
				return catalog.Application{}, err
			}
			return a.Catalog.Request(ctx, tx, seller, catalog.RequestInput{ProductID: in.ID, SpecID: in.Body.SpecID, Kind: in.Body.Kind, Reason: in.Body.Reason, ProofKey: in.Body.ProofKey})
		})
}
