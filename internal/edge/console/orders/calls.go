package orders

import (
	"context"
	"net/http"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/fulfillment"
)

// CallView is a row of Service Interface Messages (生产接口消息, saas.md §10.1).
type CallView struct {
	ID          string              `json:"id"`
	Activity    string              `json:"activity"`
	Generation  string              `json:"generation"`
	Purpose     fulfillment.Purpose `json:"purpose"`
	State       fulfillment.State   `json:"state"`
	OrderID     string              `json:"orderId"`
	InstanceID  string              `json:"instanceId"`
	ExternalID  string              `json:"externalId" doc:"The seller's instance id"`
	ProductID   string              `json:"productId"`
	ProductName string              `json:"productName"`
	BuyerName   string              `json:"buyerName"`
	SellerID    string              `json:"sellerId"`
	SellerName  string              `json:"sellerName"`
	Attempts    int                 `json:"attempts"`
	CreatedAt   time.Time           `json:"createdAt"`
	FirstAt     *time.Time          `json:"firstAt,omitempty"`
	LastAt      *time.Time          `json:"lastAt,omitempty"`
	NextAt      *time.Time          `json:"nextAt,omitempty" doc:"The next attempt"`
	WindowEnd   time.Time           `json:"windowEnd" doc:"When the attempts end"`
	DoneAt      *time.Time          `json:"doneAt,omitempty"`
	ResultCode  string              `json:"resultCode"`
	Problem     *problemView        `json:"problem,omitempty"`
	Comment     string              `json:"comment" doc:"Of an operator who marked it as done"`
}

func callOf(l i18n.Lang, r fulfillment.Row) CallView {
	v := CallView{ID: r.ID, Activity: r.Activity, Generation: strings.ToUpper(r.Generation), Purpose: r.Purpose, State: r.State, OrderID: r.OrderID,
		InstanceID: r.InstanceID, ExternalID: r.External, ProductID: r.ProductID, ProductName: r.ProductName.In(l), BuyerName: r.BuyerName,
		SellerID: r.SellerID, SellerName: r.SellerName.In(l), Attempts: r.Attempts, CreatedAt: r.CreatedAt, FirstAt: at(r.FirstAt), LastAt: at(r.LastAt),
		WindowEnd: r.WindowEnd, DoneAt: at(r.DoneAt), ResultCode: r.ResultCode, Problem: problemOf(l, r.ErrorCode, r.ErrorArgs), Comment: r.Comment}
	if v.ExternalID == "" {
		v.ExternalID = r.Call.ExternalID
	}
	if r.State.Open() {
		v.NextAt = at(r.NextAt)
	}
	return v
}

type attemptView struct {
	fulfillment.AttemptRow
	Problem  *problemView  `json:"problem,omitempty"`
	Warnings []problemView `json:"warnings"`
	Curl     string        `json:"curl" doc:"The request as a command, secrets masked"`
}

func tryOf(l i18n.Lang, t fulfillment.AttemptRow) attemptView {
	return attemptView{AttemptRow: t, Problem: problemOf(l, t.ErrorCode, t.ErrorArgs), Warnings: warningsOf(l, t.Warnings), Curl: t.Curl()}
}

type callDetail struct {
	CallView
	Tries       []attemptView `json:"tries" doc:"All attempts, newest first; bodies are cut at 4 KiB and secrets masked"`
	Restartable bool          `json:"restartable"`
}

type callFilter struct {
	console.ListInput
	State    string `query:"state" required:"false"`
	Activity string `query:"activity" required:"false"`
	Problem  bool   `query:"problem" required:"false" doc:"Only calls that are retried or failed"`
	Q        string `query:"q" required:"false" doc:"Call, order or instance id, or a part of the product's or buyer's name"`
	SellerID string `query:"sellerId" required:"false" doc:"For operators"`

	ProductID  string    `query:"productId" required:"false"`
	Generation string    `query:"generation" required:"false" doc:"V1 or V2"`
	From       time.Time `query:"from" required:"false" doc:"Created at or after"`
	To         time.Time `query:"to" required:"false" doc:"Created before"`
}

// filter is the module's, for a seller's calls or all; of all a seller may be chosen.
func (f callFilter) filter(sellerID string, all bool) fulfillment.Filter {
	if all {
		sellerID = f.SellerID
	}
	return fulfillment.Filter{SellerID: sellerID, All: all, State: fulfillment.State(f.State), Activity: f.Activity, Problem: f.Problem, Text: strings.TrimSpace(f.Q),
		ProductID: f.ProductID, Generation: strings.ToLower(f.Generation), From: f.From, To: f.To}
}

type callID struct {
	ID string `path:"id"`
}

func registerCalls(c *console.Console, d Deps) {
	for _, x := range []struct {
		path, id, tag string
		read, restart access.Permission
		seller        bool
	}{
		{"/seller/calls", "seller-call", "Selling", access.AddressRead, access.AddressWrite, true},
		{"/operator/calls", "operator-call", "Operating", access.CallOversee, access.CallRestart, false},
	} {
		mine := func(ctx context.Context) string {
			if x.seller {
				return console.CallerFrom(ctx).SellerID
			}
			return fulfillment.Everybody
		}
		console.Read(c, console.Op{Path: x.path, ID: "list-" + x.id + "s", Tag: x.tag, Need: x.read, Summary: "List calls to sellers' servers"},
			func(ctx context.Context, in *callFilter) (page.Page[CallView], error) {
				p, err := fulfillment.List(ctx, c.DB, in.filter(mine(ctx), !x.seller), in.Page())
				return page.Map(p, func(r fulfillment.Row) CallView { return callOf(console.LangFrom(ctx), r) }), err
			})
		console.Read(c, console.Op{Path: x.path + "/{id}", ID: "get-" + x.id, Tag: x.tag, Need: x.read, Summary: "Show a call with request and answer of every attempt"},
			func(ctx context.Context, in *callID) (out callDetail, err error) {
				err = c.DB.View(ctx, func(q db.Querier) error {
					out, err = d.call(ctx, q, mine(ctx), in.ID)
					return err
				})
				return out, err
			})
		d.registerFigures(c, x.path, x.id, x.tag, x.read, mine, !x.seller)
		console.Write(c, console.Op{Method: http.MethodPost, Path: x.path + "/{id}/restart", ID: "restart-" + x.id, Tag: x.tag, Need: x.restart, Summary: "Try a call again at once"},
			func(ctx context.Context, tx *db.Tx, in *callID) (callDetail, error) {
				call, err := d.Trade.RestartCall(ctx, tx, mine(ctx), in.ID)
				if err != nil {
					return callDetail{}, err
				}
				if err := audit.Record(ctx, tx, audit.Entry{Action: "call.restart", Object: "call", ObjectID: call.ID, AccountID: call.AccountID}); err != nil {
					return callDetail{}, err
				}
				return d.call(ctx, tx, mine(ctx), in.ID)
			})
	}
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/calls/{id}/done", ID: "mark-operator-call-done", Tag: "Operating", Need: access.CallRestart,
		Summary: "Mark a call as done by hand"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Comment    string `json:"comment"`
				InstanceID string `json:"instanceId" required:"false" doc:"The seller's instance id; needed for a call that creates"`
			}
		}) (callDetail, error) {
			if _, err := d.Trade.MarkCallDone(ctx, tx, in.ID, in.Body.Comment, in.Body.InstanceID); err != nil {
				return callDetail{}, err
			}
			return d.call(ctx, tx, fulfillment.Everybody, in.ID)
		})
}

func (d Deps) call(ctx context.Context, q db.Querier, sellerID, id string) (callDetail, error) {
	l := console.LangFrom(ctx)
	c, err := fulfillment.Find(ctx, q, id, sellerID)
	if err != nil {
		return callDetail{}, err
	}
	p, err := fulfillment.List(ctx, q, fulfillment.Filter{SellerID: c.SellerID, Text: id}, page.Query{Limit: 1})
	if err != nil {
		return callDetail{}, err
	}
	out := callDetail{Tries: []attemptView{}}
	for _, r := range p.Items {
		out.CallView = callOf(l, r)
		out.Restartable = d.Trade.Restartable(ctx, q, r.Call)
	}
	tries, err := fulfillment.Attempts(ctx, q, id)
	for _, t := range tries {
		out.Tries = append(out.Tries, tryOf(l, t))
	}
	return out, err
}
