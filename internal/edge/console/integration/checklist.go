package integration

import (
	"context"
	"strings"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/integration"
)

// stepView is a line of the check-list (接入流程, saas.md §1.2). It ticks itself.
type stepView struct {
	Code     string     `json:"code" doc:"real_name, admission, after_sales, address, ownership, v2_key, cases, submitted, on_sale or first_message"`
	Title    string     `json:"title"`
	Done     bool       `json:"done"`
	Required bool       `json:"required" doc:"false: only some products need it"`
	Missing  string     `json:"missing" doc:"What is still to do, by name; empty when done"`
	Link     string     `json:"link" doc:"The page on which it is done"`
	Cases    []lackView `json:"cases" doc:"Of the step cases: the missing ones"`
}

// checklistView is the check-list of a seller, for one product as far as it depends on one.
type checklistView struct {
	ProductID string     `json:"productId" doc:"The product whose cases are looked at: the one asked for, else the newest; empty where there is none"`
	Steps     []stepView `json:"steps"`
	Done      int        `json:"done"`
	Next      string     `json:"next" doc:"Code of the first required step that is not done; empty when all are"`
}

type checklistInput struct {
	ProductID string `query:"productId" required:"false" doc:"Look at this product's cases; the newest one's when empty"`
}

var stepPages = map[string]string{
	"real_name": "/buyer/account", "admission": "/seller/apply", "after_sales": "/seller/shop", "address": "/seller/addresses",
	"ownership": "/seller/addresses", "v2_key": "/seller/addresses", "cases": "/seller/integration/debug", "submitted": "/seller/products",
	"on_sale": "/seller/products", "first_message": "/seller/deliveries",
}

func (a api) checklist() {
	console.Read(a.c, console.Op{Path: "/seller/integration/checklist", ID: "get-integration-checklist", Tag: tagSeller, Need: access.AddressRead,
		Summary: "The steps from the application to the first sold instance, ticked by what is there"},
		func(ctx context.Context, in *checklistInput) (checklistView, error) {
			var out checklistView
			id, err := own(ctx)
			if err != nil {
				return out, err
			}
			err = a.c.DB.View(ctx, func(q db.Querier) error {
				out, err = a.steps(ctx, q, id, in.ProductID)
				return err
			})
			return out, err
		})
}

func (a api) steps(ctx context.Context, q db.Querier, sellerID, productID string) (checklistView, error) {
	out := checklistView{ProductID: productID, Steps: []stepView{}}
	l := console.LangFrom(ctx)
	progress, err := a.Sellers.ProgressOf(ctx, q, console.CallerFrom(ctx).AccountID)
	if err != nil {
		return out, err
	}
	for _, p := range progress {
		out.add(l, p.Code, p.Done, p.Required)
	}
	products, err := a.Catalog.Products(ctx, q, catalog.ProductFilter{SellerID: sellerID}, page.Query{Limit: page.MaxLimit})
	if err != nil {
		return out, err
	}
	if out.ProductID == "" && len(products.Items) > 0 {
		out.ProductID = products.Items[0].ID
	}
	if err := a.caseStep(ctx, q, l, sellerID, &out); err != nil {
		return out, err
	}
	submitted, onSale := false, false
	for _, p := range products.Items {
		submitted = submitted || p.Released() || p.State == catalog.Reviewing
		onSale = onSale || p.State.Sold()
	}
	out.add(l, "submitted", submitted, true)
	out.add(l, "on_sale", onSale, true)
	calls, err := fulfillment.List(ctx, q, fulfillment.Filter{SellerID: sellerID}, page.Query{Limit: 1})
	if err != nil {
		return out, err
	}
	out.add(l, "first_message", len(calls.Items) > 0, true)
	for _, s := range out.Steps {
		switch {
		case s.Done:
			out.Done++
		case s.Required && out.Next == "":
			out.Next = s.Code
		}
	}
	return out, nil
}

func (v *checklistView) add(l i18n.Lang, code string, done, required bool) *stepView {
	s := stepView{Code: code, Title: i18n.Message(l, "integration.step_"+code, nil), Done: done, Required: required, Link: stepPages[code], Cases: []lackView{}}
	if !done {
		s.Missing = i18n.Message(l, "integration.todo_"+code, nil)
	}
	v.Steps = append(v.Steps, s)
	return &v.Steps[len(v.Steps)-1]
}

// caseStep ticks when the product has every case that it needs; without a product, when there is a case at all.
func (a api) caseStep(ctx context.Context, q db.Querier, l i18n.Lang, sellerID string, out *checklistView) error {
	required, err := a.Integration.Required(ctx)
	if err != nil {
		return err
	}
	if out.ProductID != "" {
		t, need, err := a.Catalog.ProductCases(ctx, q, sellerID, out.ProductID)
		if err != nil {
			return err
		}
		if t.AddressID != "" && len(need.Modes) > 0 {
			list, err := a.Integration.Missing(ctx, q, t, need)
			if err != nil {
				return err
			}
			s := out.add(l, "cases", len(list) == 0, required)
			s.Cases = lacksOf(l, t, list)
			var names []string
			for _, x := range s.Cases {
				names = append(names, x.Title)
			}
			if len(list) > 0 {
				s.Missing = i18n.Message(l, "integration.todo_cases_named", map[string]any{"count": len(list), "scenarios": strings.Join(names, " · ")})
				s.Link = integration.DebugPage(t, list[0].Scenario)
			}
			return nil
		}
	}
	saved, err := a.Integration.Cases(ctx, q, integration.CaseFilter{SellerID: sellerID, State: "valid"}, page.Query{Limit: 1})
	out.add(l, "cases", len(saved.Items) > 0, required)
	return err
}
