package people

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/job"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/internal/market/notification"
)

type mailsInput struct {
	console.ListInput
	State string `query:"state" required:"false" doc:"waiting, sent, kept or failed"`
	To    string `query:"to" required:"false" doc:"An exact e-mail address"`
}

type jobsInput struct {
	console.ListInput
	State string `query:"state" required:"false" doc:"ready, running, done, dead or canceled"`
	Kind  string `query:"kind" required:"false"`
}

// jobRow is a job without its arguments, which are the module's own business.
type jobRow struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind"`
	Ref        string    `json:"ref" doc:"The business object"`
	State      string    `json:"state"`
	RunAt      time.Time `json:"runAt"`
	Attempt    int       `json:"attempt"`
	Error      string    `json:"error"`
	CreatedAt  time.Time `json:"createdAt"`
	FinishedAt time.Time `json:"finishedAt,omitzero"`
}

func jobView(j job.Job) jobRow {
	return jobRow{ID: j.ID, Kind: j.Kind, Ref: j.Ref, State: j.State, RunAt: j.RunAt, Attempt: j.Attempt, Error: j.Error, CreatedAt: j.CreatedAt, FinishedAt: j.FinishedAt}
}

// jobHealth is the state of the queue.
type jobHealth struct {
	Ready   int       `json:"ready"`
	Running int       `json:"running"`
	Dead    int       `json:"dead" doc:"Given up"`
	Oldest  time.Time `json:"oldest,omitzero" doc:"When the longest waiting job fell due"`
	Expired int       `json:"expired" doc:"Running ones whose worker is silent"`
}

// system: letters and jobs, for those who look after the installation. Nobody reads a
// letter's content here: it opens accounts.
func (a api) system() {
	console.Read(a.c, console.Op{Path: "/operator/mails", ID: "list-mails", Tag: tagSystem, Need: access.SettingsWrite, Summary: "Letters with their state, without their content"},
		func(ctx context.Context, in *mailsInput) (page.Page[notification.Letter], error) {
			return a.Notices.Mails(ctx, a.c.DB, notification.MailFilter{State: in.State, To: identity.Email(in.To)}, in.Page())
		})
	console.Read(a.c, console.Op{Path: "/operator/jobs", ID: "list-jobs", Tag: tagSystem, Need: access.CallOversee, Summary: "Background work, the newest first"},
		func(ctx context.Context, in *jobsInput) (page.Page[jobRow], error) {
			p, err := job.List(ctx, a.c.DB, in.State, in.Kind, in.Page())
			if err != nil {
				return page.Page[jobRow]{}, err
			}
			n, err := job.Count(ctx, a.c.DB, in.State, in.Kind)
			return page.Map(p.WithTotal(n), jobView), err
		})
	console.Read(a.c, console.Op{Path: "/operator/jobs/health", ID: "get-job-health", Tag: tagSystem, Need: access.CallOversee, Summary: "How much background work waits, runs and was given up"},
		func(ctx context.Context, _ *struct{}) (jobHealth, error) {
			h, err := job.HealthOf(ctx, a.c.DB)
			return jobHealth(h), err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/operator/jobs/{id}/revive", ID: "revive-job", Tag: tagSystem, Need: access.CallRestart, Summary: "Put a job that was given up to work again"},
		func(ctx context.Context, tx *db.Tx, in *idInput) (console.None, error) {
			if err := job.Revive(ctx, tx, in.ID); err != nil {
				return console.None{}, err
			}
			return console.None{}, audit.Record(ctx, tx, audit.Entry{Action: "job.revive", Object: "job", ObjectID: in.ID})
		})
}

type demoView struct {
	Accounts []DemoAccount `json:"accounts"`
}

type demoMailsInput struct {
	console.ListInput
	To string `query:"to" required:"false" doc:"An exact e-mail address"`
}

type demoMail struct {
	notification.Letter
	notification.Rendered
}

// demo opens the demo's accounts and letters to everybody; it is registered in the demo
// only.
func (a api) demo() {
	console.Read(a.c, console.Op{Path: "/demo", ID: "get-demo", Tag: tagDemo, Summary: "The accounts that the demo lets everybody use"},
		func(ctx context.Context, _ *struct{}) (demoView, error) {
			out := demoView{Accounts: []DemoAccount{}}
			if a.DemoAccounts == nil {
				return out, nil
			}
			list, err := a.DemoAccounts(ctx)
			if list != nil {
				out.Accounts = list
			}
			return out, err
		})
	console.Read(a.c, console.Op{Path: "/demo/mails", ID: "list-demo-mails", Tag: tagDemo, Summary: "The demo's outbox: letters that never leave"},
		func(ctx context.Context, in *demoMailsInput) (page.Page[demoMail], error) {
			p, err := a.Notices.Mails(ctx, a.c.DB, notification.MailFilter{To: identity.Email(in.To)}, in.Page())
			if err != nil {
				return page.Page[demoMail]{}, err
			}
			out := page.Map(p, func(l notification.Letter) demoMail { return demoMail{Letter: l} })
			for i, l := range p.Items {
				if _, out.Items[i].Rendered, err = a.Notices.Read(ctx, a.c.DB, l.ID); err != nil && !errs.Is(err, "mail.not_found") {
					return page.Page[demoMail]{}, err
				}
			}
			return out, nil
		})
	console.Read(a.c, console.Op{Path: "/demo/mails/{id}", ID: "get-demo-mail", Tag: tagDemo, Summary: "One letter of the demo's outbox"},
		func(ctx context.Context, in *idInput) (demoMail, error) {
			l, r, err := a.Notices.Read(ctx, a.c.DB, in.ID)
			return demoMail{l, r}, err
		})
}
