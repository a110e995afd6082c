package sellers

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
)

type reviewsInput struct {
	console.ListInput
	State seller.State `query:"state" required:"false"`
	Kind  seller.Kind  `query:"kind" required:"false" doc:"join or change"`
	Q     string       `query:"q" required:"false" doc:"Part of a name, or an id"`
	Age   int          `query:"age" required:"false" doc:"Waiting for at least so many days"`
}

type reviewRow struct {
	ID          string       `json:"id"`
	AccountID   string       `json:"accountId"`
	SellerID    string       `json:"sellerId"`
	Kind        seller.Kind  `json:"kind"`
	State       seller.State `json:"state"`
	Name        string       `json:"name"`
	LogoURL     string       `json:"logoUrl"`
	CompanyName string       `json:"companyName"`
	SubmittedAt time.Time    `json:"submittedAt"`
	DecidedAt   *time.Time   `json:"decidedAt,omitempty"`
	DueAt       *time.Time   `json:"dueAt,omitempty" doc:"While under review: three days after submission"`
}

// reviewTime is what applicants are promised (B2: 3 working days).
const reviewTime = 3 * 24 * time.Hour

type checkView struct {
	Code     string `json:"code"`
	Title    string `json:"title"`
	Ticked   bool   `json:"ticked"`
	Computed string `json:"computed" doc:"met, failed, unknown, or empty where nothing is computed"`
}

type reviewView struct {
	Application applicationView `json:"application"`
	Checks      []checkView     `json:"checks"`
	LicenceURL  string          `json:"licenceUrl"`
	BeforeLogo  string          `json:"beforeLogoUrl"`
}

type decisionInput struct {
	ID   string `path:"id"`
	Body struct {
		Version int64    `json:"version" doc:"As the reviewer saw it"`
		Checks  []string `json:"checks" required:"false" doc:"Codes of the conditions that were ticked"`
		Reason  string   `json:"reason" required:"false"`
	}
}

func (in *decisionInput) decision(ctx context.Context) seller.Decision {
	return seller.Decision{ApplicationID: in.ID, Version: in.Body.Version, Reviewer: console.CallerFrom(ctx).UserID, Checks: in.Body.Checks, Reason: in.Body.Reason}
}

func (a api) reviews() {
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagOperator, Need: access.SellerReview}
	}
	console.Read(a.c, op("", "/operator/seller-applications", "list-seller-applications", "Applications of sellers, the longest waiting first"), a.listReviews)
	console.Read(a.c, op("", "/operator/seller-applications/{id}", "get-seller-application-review", "An application with the check-list"),
		func(ctx context.Context, in *idInput) (reviewView, error) { return a.review(ctx, a.c.DB, in.ID) })
	console.Write(a.c, op(http.MethodPost, "/operator/seller-applications/{id}/approve", "approve-seller-application", "Admit a seller, or put a change into force"),
		func(ctx context.Context, tx *db.Tx, in *decisionInput) (reviewView, error) {
			if _, err := a.Sellers.Approve(ctx, tx, in.decision(ctx)); err != nil {
				return reviewView{}, err
			}
			return a.review(ctx, tx, in.ID)
		})
	console.Write(a.c, op(http.MethodPost, "/operator/seller-applications/{id}/reject", "reject-seller-application", "Send an application back with a reason"),
		func(ctx context.Context, tx *db.Tx, in *decisionInput) (reviewView, error) {
			if _, err := a.Sellers.Reject(ctx, tx, in.decision(ctx)); err != nil {
				return reviewView{}, err
			}
			return a.review(ctx, tx, in.ID)
		})
	a.c.Handle("GET /api/v1/operator/seller-applications/{id}/licence", http.HandlerFunc(a.reviewedLicence))
}

func (a api) listReviews(ctx context.Context, in *reviewsInput) (page.Page[reviewRow], error) {
	f := seller.ApplicationFilter{State: in.State, Kind: in.Kind, Text: in.Q}
	if in.Age > 0 {
		f.SubmittedBefore = a.c.DB.Now().Add(-time.Duration(in.Age) * 24 * time.Hour)
	}
	list, err := a.Sellers.Applications(ctx, a.c.DB, f, in.Page())
	return page.Map(list, func(r seller.ApplicationRow) reviewRow {
		row := reviewRow{
			ID: r.ID, AccountID: r.AccountID, SellerID: r.SellerID, Kind: r.Kind, State: r.State, Name: r.Form.Name.In(console.LangFrom(ctx)),
			LogoURL: media.URL(r.Form.LogoKey), CompanyName: r.CompanyName, SubmittedAt: r.SubmittedAt, DecidedAt: moment(r.DecidedAt),
		}
		if r.State == seller.Reviewing {
			row.DueAt = moment(r.SubmittedAt.Add(reviewTime))
		}
		return row
	}), err
}

func (a api) review(ctx context.Context, q db.Querier, applicationID string) (reviewView, error) {
	var v reviewView
	p, err := a.Sellers.Application(ctx, q, applicationID)
	if err != nil {
		return v, err
	}
	if v.Application, err = a.view(ctx, q, p); err != nil {
		return v, err
	}
	config, err := a.Sellers.Config(ctx)
	if err != nil {
		return v, err
	}
	v.LicenceURL, v.BeforeLogo = "/api/v1/operator/seller-applications/"+p.ID+"/licence", media.URL(p.Before.LogoKey)
	v.Checks = []checkView{}
	ticks := p.Checks // of a decided application: what was seen then
	if p.State == seller.Reviewing {
		ticks = config.Checklist(p, p.SubmittedAt)
	}
	for _, t := range ticks {
		title := "seller.condition." + t.Code
		own := seller.Condition{}
		for _, c := range config.Conditions {
			if c.Code == t.Code {
				own = c
			}
		}
		v.Checks = append(v.Checks, checkView{t.Code, titled(ctx, own.Title, title), t.Ticked, t.Computed})
	}
	return v, nil
}
