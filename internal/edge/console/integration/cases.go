package integration

import (
	"context"
	"net/http"
	"strings"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/integration"
	"jishi/wire/saas"
)

// CasesInput are the filters of cases.
type CasesInput struct {
	console.ListInput
	AddressID  string `query:"addressId" required:"false"`
	Path       string `query:"path" required:"false"`
	Generation string `query:"generation" required:"false" doc:"v1 or v2"`
	Scenario   string `query:"scenario" required:"false"`
	State      string `query:"state" required:"false" doc:"valid, invalid (key or address changed) or failed (last run)"`
	Query      string `query:"q" required:"false" doc:"Part of address and path"`
}

func (in CasesInput) filter(sellerID string) integration.CaseFilter {
	return integration.CaseFilter{SellerID: sellerID, AddressID: in.AddressID, Path: in.Path, Generation: in.Generation, Scenario: in.Scenario, State: in.State, Text: in.Query}
}

type rerunInput struct {
	Body struct {
		TargetBody
		CaseIDs []string `json:"caseIds" required:"false" doc:"Only these; all saved cases of address, path and generation when empty"`
	}
}

// RequirementsInput says what a product offers.
type RequirementsInput struct {
	TargetInput
	Modes    []string       `query:"modes" required:"false" doc:"Charging modes: PERIOD, ONE_TIME, ON_DEMAND, ON_DEMAND_PKG"`
	Features []saas.Feature `query:"features" required:"false" doc:"upgrade, change, trial, extend-params, contact"`
}

// requirementsView is what a product needs and lacks.
type requirementsView struct {
	Required bool       `json:"required" doc:"The site wants cases for publication; the operator can switch it off"`
	Needed   []string   `json:"needed" doc:"Keys of all needed scenarios"`
	Missing  []lackView `json:"missing" doc:"What is not saved, does not hold or failed last time; empty when complete"`
}

type exportInput struct {
	ID     string `path:"id"`
	Format string `query:"format" required:"false" doc:"json (default) or curl"`
}

// exportView is a case as a file.
type exportView struct {
	FileName    string `json:"fileName"`
	ContentType string `json:"contentType"`
	Text        string `json:"text"`
}

func (a api) cases() {
	console.Read(a.c, console.Op{Path: "/seller/integration/cases", ID: "list-integration-cases", Tag: tagSeller, Need: access.AddressRead, Summary: "Saved cases, newest first"},
		func(ctx context.Context, in *CasesInput) (page.Page[CaseView], error) {
			id, err := own(ctx)
			if err != nil {
				return page.Page[CaseView]{}, err
			}
			p, err := a.Integration.Cases(ctx, a.c.DB, in.filter(id), in.Page())
			return page.Map(p, func(c integration.CaseRow) CaseView { return caseOf(console.LangFrom(ctx), readable(ctx, c)) }), err
		})
	console.Read(a.c, console.Op{Path: "/seller/integration/cases/{id}", ID: "get-integration-case", Tag: tagSeller, Need: access.AddressRead, Summary: "A saved case with its request and answer"},
		func(ctx context.Context, in *idInput) (caseDetail, error) {
			c, err := a.ownCase(ctx, in.ID)
			return caseDetailOf(console.LangFrom(ctx), c), err
		})
	console.Write(a.c, console.Op{Method: http.MethodDelete, Path: "/seller/integration/cases/{id}", ID: "delete-integration-case", Tag: tagSeller, Need: access.AddressWrite,
		Summary: "Delete a case; what needs it cannot be published until it is saved again"},
		func(ctx context.Context, tx *db.Tx, in *idInput) (console.None, error) {
			id, err := own(ctx)
			if err == nil {
				err = a.Integration.DeleteCase(ctx, tx, id, in.ID)
			}
			return console.None{}, err
		})
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/seller/integration/cases/{id}/rerun", ID: "rerun-integration-case", Tag: tagSeller, Need: access.AddressWrite,
		Summary: "Run a saved case again; a passed run makes a case hold again whose key or address had changed"},
		func(ctx context.Context, in *idInput) (runDetail, error) {
			id, err := own(ctx)
			if err != nil {
				return runDetail{}, err
			}
			c, err := a.Integration.CaseOf(ctx, a.c.DB, id, in.ID)
			if err != nil {
				return runDetail{}, err
			}
			b, err := a.Integration.Rerun(ctx, c.Target(), []string{c.ID})
			if err != nil {
				return runDetail{}, err
			}
			r, err := a.Integration.RunOf(ctx, a.c.DB, id, b.Results[0].RunID)
			return runDetailOf(console.LangFrom(ctx), r), err
		})
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/seller/integration/cases/rerun", ID: "rerun-integration-cases", Tag: tagSeller, Need: access.AddressWrite,
		Summary: "Run the saved cases of an address, path and generation again, in the order of the life of an instance"},
		func(ctx context.Context, in *rerunInput) (batchView, error) {
			id, err := own(ctx)
			if err != nil {
				return batchView{}, err
			}
			b, err := a.Integration.Rerun(ctx, in.Body.target(id), in.Body.CaseIDs)
			return batchOf(console.LangFrom(ctx), b), err
		})
	console.Read(a.c, console.Op{Path: "/seller/integration/cases/{id}/export", ID: "export-integration-case", Tag: tagSeller, Need: access.AddressWrite, Summary: "A saved case as JSON or as a curl command"}, a.export)
	console.Read(a.c, console.Op{Path: "/seller/integration/requirements", ID: "get-integration-requirements", Tag: tagSeller, Need: access.AddressRead,
		Summary: "The cases that a product with these charging modes and features needs, and which are missing"}, a.requirements)
}

// ownCase is a case of the caller's seller, without signatures for those who may not read keys.
func (a api) ownCase(ctx context.Context, caseID string) (integration.CaseRow, error) {
	id, err := own(ctx)
	if err != nil {
		return integration.CaseRow{}, err
	}
	c, err := a.Integration.CaseOf(ctx, a.c.DB, id, caseID)
	return readable(ctx, c), err
}

func (a api) export(ctx context.Context, in *exportInput) (exportView, error) {
	c, err := a.ownCase(ctx, in.ID)
	if err != nil {
		return exportView{}, err
	}
	name := string(c.Generation) + "-" + strings.ReplaceAll(c.Scenario, ".", "-")
	detail := caseDetailOf(console.LangFrom(ctx), c)
	switch in.Format {
	case "", "json":
		text, err := pretty(detail)
		return exportView{FileName: name + ".json", ContentType: "application/json", Text: text}, err
	case "curl":
		return exportView{FileName: name + ".sh", ContentType: "text/x-shellscript", Text: detail.Request.Command + "\n"}, nil
	}
	var check errs.Check
	check.OneOf("format", in.Format, "json", "curl")
	return exportView{}, check.Err()
}

func (a api) requirements(ctx context.Context, in *RequirementsInput) (requirementsView, error) {
	out := requirementsView{Needed: []string{}, Missing: []lackView{}}
	id, err := own(ctx)
	if err != nil {
		return out, err
	}
	need := integration.Need{Features: in.Features}
	var c errs.Check
	for _, name := range in.Modes {
		m, ok := integration.ModeOf(name)
		if !ok {
			c.OneOf("modes", name, "PERIOD", "ONE_TIME", "ON_DEMAND", "ON_DEMAND_PKG")
		}
		need.Modes = append(need.Modes, m)
	}
	if err := c.Err(); err != nil {
		return out, err
	}
	t := in.target(id)
	if out.Required, err = a.Integration.Required(ctx); err != nil {
		return out, err
	}
	for _, sc := range integration.Needed(t.Generation, need) {
		out.Needed = append(out.Needed, sc.Key)
	}
	list, err := a.Integration.Missing(ctx, a.c.DB, t, need)
	out.Missing = lacksOf(console.LangFrom(ctx), t, list)
	return out, err
}
