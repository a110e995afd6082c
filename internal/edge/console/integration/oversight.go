package integration

import (
	"context"

	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/integration"
)

type allCasesInput struct {
	CasesInput
	Seller string `query:"seller" required:"false" doc:"A seller's id"`
}

type allRunsInput struct {
	RunsInput
	Seller string `query:"seller" required:"false" doc:"A seller's id"`
}

// oversight is what operators read. Signatures and delivered access data are masked for them: the key is the seller's.
func (a api) oversight() {
	op := func(path, id, summary string) console.Op {
		return console.Op{Path: "/operator/integration/" + path, ID: id, Summary: summary, Tag: tagOperator, Need: access.CallOversee}
	}
	console.Read(a.c, op("cases", "list-all-integration-cases", "Saved cases of all sellers"),
		func(ctx context.Context, in *allCasesInput) (page.Page[CaseView], error) {
			p, err := a.Integration.Cases(ctx, a.c.DB, in.filter(in.Seller), in.Page())
			return page.Map(p, func(c integration.CaseRow) CaseView { return caseOf(console.LangFrom(ctx), c.Masked()) }), err
		})
	console.Read(a.c, op("cases/{id}", "get-any-integration-case", "A saved case of any seller, masked"),
		func(ctx context.Context, in *idInput) (caseDetail, error) {
			c, err := a.Integration.CaseOf(ctx, a.c.DB, "", in.ID)
			return caseDetailOf(console.LangFrom(ctx), c.Masked()), err
		})
	console.Read(a.c, op("runs", "list-all-integration-runs", "Debug runs of all sellers"),
		func(ctx context.Context, in *allRunsInput) (page.Page[RunView], error) {
			p, err := a.Integration.Runs(ctx, a.c.DB, in.filter(in.Seller), in.Page())
			return page.Map(p, func(r integration.Run) RunView { return runOf(console.LangFrom(ctx), r.Masked()) }), err
		})
	console.Read(a.c, op("runs/{id}", "get-any-integration-run", "A debug run of any seller, masked"),
		func(ctx context.Context, in *idInput) (runDetail, error) {
			r, err := a.Integration.RunOf(ctx, a.c.DB, "", in.ID)
			return runDetailOf(console.LangFrom(ctx), r.Masked()), err
		})
}
