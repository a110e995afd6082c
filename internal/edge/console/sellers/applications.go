package sellers

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
)

type applicationView struct {
	ID           string         `json:"id"`
	AccountID    string         `json:"accountId"`
	SellerID     string         `json:"sellerId"`
	Kind         seller.Kind    `json:"kind"`
	State        seller.State   `json:"state"`
	Version      int64          `json:"version"`
	Form         seller.Form    `json:"form"`
	Before       *seller.Form   `json:"before,omitempty" doc:"Of a change: what it replaces"`
	LogoURL      string         `json:"logoUrl"`
	CompanyName  string         `json:"companyName"`
	Certificate  string         `json:"certificate" doc:"The number's last characters"`
	Agreements   []signedView   `json:"agreements"`
	WebsiteProbe string         `json:"websiteProbe" doc:"What the company's website answered at submission"`
	Reason       string         `json:"reason" doc:"The reviewer's"`
	SubmittedAt  *time.Time     `json:"submittedAt,omitempty"`
	DecidedAt    *time.Time     `json:"decidedAt,omitempty"`
	CreatedAt    time.Time      `json:"createdAt"`
	Actions      []seller.Event `json:"actions" doc:"What its state permits"`
	History      []seller.Step  `json:"history"`
}

func (a api) view(ctx context.Context, q db.Querier, p seller.Application) (applicationView, error) {
	steps, err := a.Sellers.History(ctx, q, p.ID)
	if err != nil {
		return applicationView{}, err
	}
	if console.CallerFrom(ctx).Kind != "operator" {
		for i := range steps {
			if steps[i].ActorKind == "operator" { // who decides at the marketplace is its own business
				steps[i].ActorID, steps[i].ActorName = "", ""
			}
		}
	}
	config, err := a.Sellers.Config(ctx)
	v := applicationView{
		ID: p.ID, AccountID: p.AccountID, SellerID: p.SellerID, Kind: p.Kind, State: p.State, Version: p.Version, Form: p.Form,
		LogoURL: media.URL(p.Form.LogoKey), CompanyName: p.CompanyName, Certificate: p.Certificate, Agreements: []signedView{},
		Reason: p.Reason, SubmittedAt: moment(p.SubmittedAt), DecidedAt: moment(p.DecidedAt), CreatedAt: p.CreatedAt,
		Actions: p.State.Actions(), History: steps,
	}
	if p.Kind == seller.Change {
		v.Before = &p.Before
	}
	for _, g := range p.Agreements {
		v.Agreements = append(v.Agreements, signedView{g.Code, g.Version, agreementTitle(ctx, config, g.Code), g.At})
	}
	v.WebsiteProbe = p.WebsiteText(console.LangFrom(ctx))
	return v, err
}

// agreementTitle is the title of an agreement of the present configuration.
func agreementTitle(ctx context.Context, config seller.Config, code string) string {
	for _, g := range config.Agreements {
		if g.Code == code {
			return titled(ctx, g.Title, "seller.agreement."+code)
		}
	}
	return titled(ctx, i18n.Text{}, "seller.agreement."+code)
}

type signedView struct {
	Code    string    `json:"code"`
	Version string    `json:"version"`
	Title   string    `json:"title"`
	At      time.Time `json:"at"`
}

type agreementView struct {
	Code    string `json:"code"`
	Version string `json:"version"`
	Title   string `json:"title"`
}

type applyView struct {
	RealName    seller.RealName   `json:"realName"`
	Application *applicationView  `json:"application,omitempty" doc:"The newest one"`
	Form        seller.Form       `json:"form" doc:"What an editor starts with"`
	LogoURL     string            `json:"logoUrl"`
	Agreements  []agreementView   `json:"agreements"`
	Years       []string          `json:"years"`
	Staff       []string          `json:"staff"`
	Progress    []seller.Progress `json:"progress" doc:"What is missing before the first product can be published"`
	Editable    bool              `json:"editable"`
}

func (a api) applications() {
	console.Read(a.c, console.Op{Path: "/seller/application", ID: "get-seller-application", Summary: "Where the account stands as a seller", Tag: tagSeller, Need: console.AnyUser}, a.apply)
	console.Write(a.c, console.Op{Method: http.MethodPut, Path: "/seller/application", ID: "save-seller-application", Summary: "Save the draft of an application", Tag: tagSeller, Need: console.AnyUser}, a.save)
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/seller/application/{id}/submit", ID: "submit-seller-application", Summary: "Submit an application for review", Tag: tagSeller, Need: console.AnyUser, Rate: "strict"}, a.submit)
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/seller/application/{id}/withdraw", ID: "withdraw-seller-application", Summary: "Take an application back from review", Tag: tagSeller, Need: console.AnyUser}, a.withdraw)
	a.c.Handle("GET /api/v1/seller/application/{id}/licence", http.HandlerFunc(a.ownLicence))
}

func (a api) apply(ctx context.Context, _ *struct{}) (applyView, error) {
	v := applyView{Agreements: []agreementView{}, Years: seller.YearChoices, Staff: seller.StaffChoices}
	account := console.CallerFrom(ctx).AccountID
	config, err := a.Sellers.Config(ctx)
	if err != nil {
		return v, err
	}
	for _, g := range config.Agreements {
		v.Agreements = append(v.Agreements, agreementView{g.Code, g.Version, agreementTitle(ctx, config, g.Code)})
	}
	err = a.c.DB.View(ctx, func(q db.Querier) error {
		if v.RealName, err = a.Sellers.RealNameOf(ctx, q, account); err != nil {
			return err
		}
		if v.Progress, err = a.Sellers.ProgressOf(ctx, q, account); err != nil {
			return err
		}
		present, isSeller, err := a.Sellers.OfAccount(ctx, q, account)
		if err != nil {
			return err
		}
		v.Form, v.Editable = present.Form, true
		latest, ok, err := a.Sellers.Latest(ctx, q, account)
		if err != nil || !ok {
			return err
		}
		shown, err := a.view(ctx, q, latest)
		v.Application = &shown
		v.Editable = latest.State != seller.Reviewing
		if latest.State != seller.Approved && !(isSeller && latest.State == seller.Withdrawn) {
			v.Form = latest.Form
		}
		return err
	})
	v.LogoURL = media.URL(v.Form.LogoKey)
	return v, err
}

type formInput struct{ Body seller.Form }

func (a api) save(ctx context.Context, tx *db.Tx, in *formInput) (applicationView, error) {
	if err := mayApply(ctx); err != nil {
		return applicationView{}, err
	}
	p, err := a.Sellers.SaveDraft(ctx, tx, console.CallerFrom(ctx).AccountID, in.Body)
	if err != nil {
		return applicationView{}, err
	}
	return a.view(ctx, tx, p)
}

type submitInput struct {
	ID   string `path:"id"`
	Body struct {
		Agreements []string `json:"agreements" doc:"Codes of the agreements that were ticked"`
	}
}

// submit looks at the company's website first, outside of the transaction.
func (a api) submit(ctx context.Context, in *submitInput) (applicationView, error) {
	var v applicationView
	if err := mayApply(ctx); err != nil {
		return v, err
	}
	account := console.CallerFrom(ctx).AccountID
	p, err := a.Sellers.ApplicationOf(ctx, a.c.DB, account, in.ID)
	if err != nil {
		return v, err
	}
	website := ""
	if p.State.Can(seller.Submit) {
		if website, err = a.Sellers.ProbeWebsite(ctx, a.Client, p.Form.Website); err != nil {
			return v, err
		}
	}
	err = a.c.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := a.Sellers.Submit(ctx, tx, seller.SubmitInput{
			AccountID: account, ApplicationID: in.ID, Agreements: in.Body.Agreements, Website: website,
		})
		if err == nil {
			v, err = a.view(ctx, tx, p)
		}
		return err
	})
	return v, err
}

type idInput struct {
	ID string `path:"id"`
}

func (a api) withdraw(ctx context.Context, tx *db.Tx, in *idInput) (applicationView, error) {
	if err := mayApply(ctx); err != nil {
		return applicationView{}, err
	}
	p, err := a.Sellers.WithdrawApplication(ctx, tx, console.CallerFrom(ctx).AccountID, in.ID)
	if err != nil {
		return applicationView{}, err
	}
	return a.view(ctx, tx, p)
}

func (a api) ownLicence(w http.ResponseWriter, r *http.Request) {
	err := a.c.Admit(r, console.Op{Need: console.AnyUser})
	if err == nil {
		err = mayApply(r.Context())
	}
	var p seller.Application
	if err == nil {
		p, err = a.Sellers.ApplicationOf(r.Context(), a.c.DB, console.CallerFrom(r.Context()).AccountID, r.PathValue("id"))
	}
	a.licence(w, r, p, err)
}

func (a api) reviewedLicence(w http.ResponseWriter, r *http.Request) {
	err := a.c.Admit(r, console.Op{Need: access.SellerReview})
	var p seller.Application
	if err == nil {
		p, err = a.Sellers.Application(r.Context(), a.c.DB, r.PathValue("id"))
	}
	a.licence(w, r, p, err)
}

// licence serves the business licence of an application, which is private.
func (a api) licence(w http.ResponseWriter, r *http.Request, p seller.Application, err error) {
	var f media.File
	if err == nil {
		f, err = media.Get(r.Context(), a.c.DB, p.Form.LicenceKey)
	}
	if err != nil || f.AccountID != p.AccountID {
		if err == nil {
			err = errNoFile
		}
		console.Fail(w, r, err)
		return
	}
	a.Media.Serve(w, r, f, "private, no-store")
}
