// Package probing is the console's part about watching sellers' interfaces: the probes of
// products for operators and sellers, the decisions that operators are asked for, and the
// health scores of production addresses.
package probing

import (
	"context"
	"net/http"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/probing"
	"jishi/internal/market/seller"
	"jishi/internal/trade"
)

// Deps is what the operations call.
type Deps struct {
	Trade    *trade.Trade
	Sellers  *seller.Store
	Settings *settings.Store
}

type api struct {
	Deps
	c *console.Console
}

// Register adds the operations.
func Register(c *console.Console, d Deps) {
	a := api{d, c}
	a.overview()
	a.tasks()
	a.health()
}

type productView struct {
	ProductID   string        `json:"productId"`
	Name        string        `json:"name"`
	State       string        `json:"state"`
	SellerID    string        `json:"sellerId"`
	SellerName  string        `json:"sellerName"`
	FailingDays int           `json:"failingDays" doc:"In a row, as of the last run"`
	LastState   probing.State `json:"lastState" doc:"passed or failed; empty before the first run"`
	LastAt      *time.Time    `json:"lastAt,omitempty"`
	Tasks       int           `json:"tasks" doc:"Decisions that wait for operators"`
	Frozen      bool          `json:"frozen" doc:"Because of its probes"`
	Days        []probing.Day `json:"days" doc:"The last seven days, the oldest first, with the state of both runs"`
}

func productOf(l i18n.Lang, r probing.ProductRow) productView {
	return productView{ProductID: r.ProductID, Name: r.Name.In(l), State: r.State, SellerID: r.SellerID, SellerName: r.SellerName.In(l),
		FailingDays: r.FailingDays, LastState: r.LastState, LastAt: moment(r.LastAt), Tasks: r.PendingTasks, Frozen: r.Frozen, Days: r.Days}
}

type caseView struct {
	Scenario   string `json:"scenario"`
	Title      string `json:"title"`
	RunID      string `json:"runId" doc:"In the history of debug runs; empty when it was not called"`
	Passed     bool   `json:"passed"`
	Problem    string `json:"problem" doc:"What was wrong, in the reader's language"`
	DurationMS int64  `json:"durationMs"`
}

type runView struct {
	ID          string        `json:"id"`
	ProductID   string        `json:"productId"`
	Day         string        `json:"day"`
	Half        string        `json:"half" doc:"am, pm, or now for a run that was asked for"`
	State       probing.State `json:"state"`
	DueAt       *time.Time    `json:"dueAt,omitempty" doc:"Sellers see it of ended runs only"`
	StartedAt   *time.Time    `json:"startedAt,omitempty"`
	FinishedAt  *time.Time    `json:"finishedAt,omitempty"`
	Reason      string        `json:"reason" doc:"Why nothing was probed, in the reader's language"`
	Cases       int           `json:"cases"`
	FailedCases int           `json:"failedCases"`
	Problem     string        `json:"problem" doc:"The first fault, in the reader's language"`
	Results     []caseView    `json:"results"`
	AskedBy     string        `json:"askedBy" doc:"Who asked for the run"`
}

func runOf(l i18n.Lang, r probing.Run, operator bool) runView {
	v := runView{ID: r.ID, ProductID: r.ProductID, Day: r.Day, Half: r.Half, State: r.State, DueAt: moment(r.DueAt), StartedAt: moment(r.StartedAt),
		FinishedAt: moment(r.FinishedAt), Cases: r.Cases, FailedCases: r.FailedCases, Problem: problem(l, r.ErrorCode, r.ErrorArgs), Results: []caseView{}}
	if r.Reason != "" {
		v.Reason = i18n.Message(l, "probing.skip."+r.Reason, nil)
	}
	if operator {
		v.AskedBy = r.AskedBy
	} else if !r.State.Ended() {
		v.DueAt = nil // a probe that is known beforehand tells little
	}
	for _, c := range r.Results {
		v.Results = append(v.Results, caseView{Scenario: c.Scenario, Title: c.Title.In(l), RunID: c.RunID, Passed: c.Passed, Problem: problem(l, c.Code, c.Args), DurationMS: c.DurationMS})
	}
	return v
}

func problem(l i18n.Lang, code string, args map[string]any) string {
	if code == "" {
		return ""
	}
	return i18n.Message(l, code, args)
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type overviewInput struct {
	console.ListInput
	View      string `query:"view" required:"false" doc:"failing, frozen or tasks; all when left out"`
	Q         string `query:"q" required:"false" doc:"Product id, or a part of the product's or seller's name"`
	ProductID string `query:"productId" required:"false"`
}

type runsInput struct {
	console.ListInput
	ID string `path:"id" doc:"Of the product"`
}

type idInput struct {
	ID string `path:"id"`
}

func (a api) overview() {
	for _, x := range []struct {
		path, id, tag string
		need          access.Permission
		operator      bool
	}{
		{"/seller/probes", "seller-probes", "Selling", access.AddressRead, false},
		{"/operator/probes", "operator-probes", "Operating", access.CallOversee, true},
	} {
		mine := func(ctx context.Context) string {
			if x.operator {
				return ""
			}
			return console.CallerFrom(ctx).SellerID
		}
		console.Read(a.c, console.Op{Path: x.path, ID: "list-" + x.id, Tag: x.tag, Need: x.need, Summary: "Probed products with the runs of the last seven days"},
			func(ctx context.Context, in *overviewInput) (out page.Page[productView], err error) {
				site, err := a.Settings.Site(ctx)
				if err != nil {
					return out, err
				}
				f := probing.Filter{SellerID: mine(ctx), ProductID: in.ProductID, View: in.View, Text: strings.TrimSpace(in.Q)}
				err = a.c.DB.View(ctx, func(q db.Querier) error {
					p, err := probing.Overview(ctx, q, f, a.c.DB.Now(), site.Zone(), in.Page())
					out = page.Map(p, func(r probing.ProductRow) productView { return productOf(console.LangFrom(ctx), r) })
					return err
				})
				return out, err
			})
		console.Read(a.c, console.Op{Path: x.path + "/{id}/runs", ID: "list-" + x.id + "-runs", Tag: x.tag, Need: x.need, Summary: "Probes of a product with the result of each case, newest first"},
			func(ctx context.Context, in *runsInput) (page.Page[runView], error) {
				p, err := probing.Runs(ctx, a.c.DB, in.ID, mine(ctx), in.Page())
				return page.Map(p, func(r probing.Run) runView { return runOf(console.LangFrom(ctx), r, x.operator) }), err
			})
	}
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/operator/probes/{id}/run", ID: "run-operator-probe", Tag: "Operating", Need: access.CallRestart, Summary: "Probe a product now"},
		func(ctx context.Context, tx *db.Tx, in *idInput) (runView, error) {
			r, err := a.Trade.ProbeNow(ctx, tx, in.ID, console.CallerFrom(ctx).Name)
			if err != nil {
				return runView{}, err
			}
			return runOf(console.LangFrom(ctx), r, true), audit.Record(ctx, tx, audit.Entry{Action: "probe.run", Object: "product", ObjectID: in.ID})
		})
}

type taskView struct {
	probing.Task
	ProductName  string           `json:"productName"`
	ProductState string           `json:"productState"`
	SellerName   string           `json:"sellerName"`
	Actions      []probing.Action `json:"actions" doc:"Decisions that it admits now: confirm, lift, freeze, delist, dismiss"`
}

type tasksInput struct {
	console.ListInput
	All       bool   `query:"all" required:"false" doc:"Decided ones as well"`
	ProductID string `query:"productId" required:"false"`
}

func (a api) tasks() {
	console.Read(a.c, console.Op{Path: "/operator/probe-tasks", ID: "list-probe-tasks", Tag: "Operating", Need: access.CallOversee, Summary: "Decisions about products whose interface fails"},
		func(ctx context.Context, in *tasksInput) (page.Page[taskView], error) {
			p, err := probing.Tasks(ctx, a.c.DB, !in.All, in.ProductID, in.Page())
			return page.Map(p, func(r probing.TaskRow) taskView { return taskOf(console.LangFrom(ctx), r) }), err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/operator/probe-tasks/{id}/decide", ID: "decide-probe-task", Tag: "Operating", Need: access.ProductPenalty, Summary: "Decide about a product whose interface fails"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Action  probing.Action `json:"action" doc:"One of the task's actions"`
				Comment string         `json:"comment" doc:"2–500 characters; the seller reads it as the reason"`
			}
		}) (probing.Task, error) {
			return a.Trade.DecideProbeTask(ctx, tx, in.ID, in.Body.Action, strings.TrimSpace(in.Body.Comment))
		})
}

func taskOf(l i18n.Lang, r probing.TaskRow) taskView {
	return taskView{Task: r.Task, ProductName: r.ProductName.In(l), ProductState: r.ProductState, SellerName: r.SellerName.In(l), Actions: r.Actions()}
}

type healthView struct {
	AddressID    string   `json:"addressId"`
	Score        *int     `json:"score,omitempty" doc:"0 to 100; none when nothing is known of the last seven days"`
	Calls        int64    `json:"calls"`
	Good         int64    `json:"good"`
	P95          *float64 `json:"p95Ms,omitempty"`
	Probes       int64    `json:"probes"`
	PassedProbes int64    `json:"passedProbes"`
}

type healthList struct {
	Items []healthView `json:"items"`
}

func (a api) health() {
	console.Read(a.c, console.Op{Path: "/seller/address-health", ID: "list-seller-address-health", Tag: "Selling", Need: access.AddressRead, Summary: "Health scores of my production addresses"},
		func(ctx context.Context, _ *struct{}) (healthList, error) {
			list, err := a.Sellers.Addresses(ctx, a.c.DB, console.CallerFrom(ctx).SellerID)
			if err != nil {
				return healthList{}, err
			}
			ids := make([]string, len(list))
			for i, d := range list {
				ids[i] = d.ID
			}
			return a.healthOf(ctx, ids)
		})
	console.Read(a.c, console.Op{Path: "/operator/address-health", ID: "list-address-health", Tag: "Operating", Need: access.SellerReview, Summary: "Health scores of production addresses"},
		func(ctx context.Context, in *struct {
			IDs []string `query:"ids" required:"false" doc:"At most 100, between commas"`
		}) (healthList, error) {
			if len(in.IDs) > page.MaxLimit {
				var k errs.Check
				k.Add("ids", "range", "min", 0, "max", page.MaxLimit)
				return healthList{}, k.Err()
			}
			return a.healthOf(ctx, in.IDs)
		})
}

func (a api) healthOf(ctx context.Context, ids []string) (healthList, error) {
	out := healthList{Items: []healthView{}}
	site, err := a.Settings.Site(ctx)
	if err != nil {
		return out, err
	}
	err = a.c.DB.View(ctx, func(q db.Querier) error {
		of, err := probing.HealthOf(ctx, q, ids, clock.Wall{}.Now(), site.Zone())
		for _, id := range ids {
			h, ok := of[id]
			if !ok {
				continue
			}
			delete(of, id) // an id that was named twice is answered once
			v := healthView{AddressID: id, Score: h.Score, Calls: h.Calls, Good: h.Good, Probes: h.Probes, PassedProbes: h.PassedProbes}
			if h.P95 > 0 {
				ms := float64(h.P95.Round(100*time.Microsecond)) / float64(time.Millisecond)
				v.P95 = &ms
			}
			out.Items = append(out.Items, v)
		}
		return err
	})
	return out, err
}
