package people

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

type realNamesInput struct {
	console.ListInput
	State string `query:"state" required:"false" doc:"pending when left out"`
}

// realNameCase is what the operator decides on.
type realNameCase struct {
	AccountDetail
	Files []fileLink `json:"files"`
}

type realNameDecision struct {
	ID   string `path:"id"`
	Body struct {
		Version int64  `json:"version" doc:"Of the account as the operator saw it"`
		Reason  string `json:"reason" required:"false" doc:"Needed to reject"`
	}
}

type revealed struct {
	Value string `json:"value"`
}

func (a api) realNames() {
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagOperator, Need: access.RealNameReview}
	}
	console.Read(a.c, op("", "/operator/real-names", "list-real-names", "Real names of one state; those that wait when none is named"),
		func(ctx context.Context, in *realNamesInput) (page.Page[identity.AccountLine], error) {
			return a.Identity.RealNames(ctx, a.c.DB, in.State, in.Page())
		})
	console.Read(a.c, op("", "/operator/real-names/{id}", "get-real-name", "One account's real name with its scans"),
		func(ctx context.Context, in *idInput) (realNameCase, error) { return a.realName(ctx, a.c.DB, in.ID) })
	for _, x := range []struct {
		path, id, summary string
		approve           bool
	}{
		{"approve", "approve-real-name", "Confirm a real name", true},
		{"reject", "reject-real-name", "Reject a real name with a reason", false},
	} {
		console.Write(a.c, op(http.MethodPost, "/operator/real-names/{id}/"+x.path, x.id, x.summary),
			func(ctx context.Context, tx *db.Tx, in *realNameDecision) (realNameCase, error) {
				if err := a.Members.DecideRealName(ctx, tx, in.ID, in.Body.Version, x.approve, in.Body.Reason); err != nil {
					return realNameCase{}, err
				}
				return a.realName(ctx, tx, in.ID)
			})
	}
	reveal := op(http.MethodPost, "/operator/real-names/{id}/reveal", "reveal-real-name-number", "Show the certificate number; recorded in the audit log")
	reveal.Secret, reveal.Recent = true, true
	console.Write(a.c, reveal, func(ctx context.Context, tx *db.Tx, in *idInput) (revealed, error) {
		number, err := a.Identity.RevealRealNameNumber(ctx, tx, in.ID)
		return revealed{number}, err
	})
	a.c.Handle("GET /api/v1/operator/real-names/{id}/files/{key}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := a.c.Admit(r, console.Op{Need: access.RealNameReview})
		a.scan(w, r, r.PathValue("id"), err)
	}))
}

func (a api) realName(ctx context.Context, q db.Querier, accountID string) (realNameCase, error) {
	d, err := a.detail(ctx, q, accountID)
	if err != nil {
		return realNameCase{}, err
	}
	files, err := a.scans(ctx, q, d.Account, "/api/v1/operator/real-names/"+accountID+"/files/")
	return realNameCase{d, files}, err
}
