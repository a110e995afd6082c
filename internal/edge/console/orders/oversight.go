package orders

import (
	"context"
	"net/http"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
)

// OverseenInstance is a purchased service as operators see it: without access data.
type OverseenInstance struct {
	InstanceView
	AccountID  string `json:"accountId"`
	BuyerName  string `json:"buyerName"`
	SellerName string `json:"sellerName"`
	Generation string `json:"generation" doc:"V1 or V2, of the production interface"`
	PlanID     string `json:"planId"`
	PlanNumber string `json:"planNumber" doc:"productId on the wire"`
	SkuCode    string `json:"skuCode"`
	AddressID  string `json:"addressId"`
	Path       string `json:"path"`
}

func overseenOf(l i18n.Lang, r subscription.Row) OverseenInstance {
	return OverseenInstance{InstanceView: instanceOf(l, r.Instance), AccountID: r.AccountID, BuyerName: r.BuyerName, SellerName: r.SellerName.In(l),
		Generation: r.Generation, PlanID: r.PlanID, PlanNumber: r.PlanNumber, SkuCode: r.SkuCode, AddressID: r.AddressID, Path: r.Path}
}

type possibleCall struct {
	Call     fulfillment.Purpose `json:"call"`
	Activity string              `json:"activity" doc:"The call of the production interface that serves it"`
	Refused  *problemView        `json:"refused,omitempty" doc:"Why it cannot be sent now"`
}

type targetPlan struct {
	PlanID     string `json:"planId"`
	PlanNumber string `json:"planNumber"`
	SkuCode    string `json:"skuCode"`
	SpecName   string `json:"specName"`
	PeriodType string `json:"periodType"`
	State      string `json:"state" doc:"Of the specification"`
}

type overseenDetail struct {
	OverseenInstance
	Steps    []subscription.Step `json:"steps"`
	Possible []possibleCall      `json:"possible" doc:"The calls that its generation and charging mode have"`
	Plans    []targetPlan        `json:"plans" doc:"What it can be changed to: plans of the same product and charging mode"`
}

type sentCall struct {
	CallID   string         `json:"callId"`
	Instance overseenDetail `json:"instance"`
}

type askedCall struct {
	CallID     string       `json:"callId"`
	OK         bool         `json:"ok" doc:"The seller's server said yes"`
	ResultCode string       `json:"resultCode"`
	ResultMsg  string       `json:"resultMsg" doc:"What the seller's server says about it"`
	Problem    *problemView `json:"problem,omitempty"`
}

type askBody struct {
	Call   fulfillment.Purpose `json:"call" doc:"ask or check"`
	PlanID string              `json:"planId" required:"false" doc:"check: the plan to change to"`
	Amount int                 `json:"amount" required:"false" doc:"check: the new total of the linear value"`
}

type sendBody struct {
	Call      fulfillment.Purpose `json:"call" doc:"renew, cancel_renewal, convert, renew_change, upgrade, freeze, thaw or release"`
	ExpiresAt *time.Time          `json:"expiresAt" required:"false" doc:"renew, cancel_renewal, convert, renew_change: the new expiry"`
	PlanID    string              `json:"planId" required:"false" doc:"upgrade and renew_change: the target; renew and convert: another period type of the same specification"`
	Amount    int                 `json:"amount" required:"false" doc:"upgrade: the new total of the linear value"`
	Reason    string              `json:"reason"`
	Confirmed bool                `json:"confirmed" required:"false" doc:"release: the seller deletes the data for good"`
}

func registerOversight(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/operator/instances", ID: "list-operator-instances", Tag: "Operating", Need: access.OrderOversee, Summary: "List everybody's purchased services"},
		func(ctx context.Context, in *struct {
			console.ListInput
			State        string `query:"state" required:"false"`
			SellerID     string `query:"sellerId" required:"false"`
			AccountID    string `query:"accountId" required:"false"`
			Generation   string `query:"generation" required:"false" doc:"V1 or V2"`
			ChargingMode string `query:"chargingMode" required:"false"`
			Frozen       bool   `query:"frozen" required:"false" doc:"Only those frozen for a violation"`
			Q            string `query:"q" required:"false" doc:"Instance id, order number, or a part of the product's or buyer's name"`
		}) (page.Page[OverseenInstance], error) {
			p, err := d.Subscriptions.All(ctx, c.DB, subscription.AllFilter{SellerID: in.SellerID, AccountID: in.AccountID, State: subscription.State(in.State),
				Generation: in.Generation, ChargingMode: in.ChargingMode, Frozen: in.Frozen, Text: strings.TrimSpace(in.Q)}, in.Page())
			return page.Map(p, func(r subscription.Row) OverseenInstance { return overseenOf(console.LangFrom(ctx), r) }), err
		})
	console.Read(c, console.Op{Path: "/operator/instances/{id}", ID: "get-operator-instance", Tag: "Operating", Need: access.OrderOversee,
		Summary: "Show a purchased service and the calls that can be sent for it"},
		func(ctx context.Context, in *instanceID) (out overseenDetail, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				out, err = d.overseen(ctx, q, in.ID)
				return err
			})
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/instances/{id}/calls", ID: "send-operator-instance-call", Tag: "Operating", Need: access.InstanceManage,
		Money: true, Status: http.StatusCreated, Summary: "Have a call sent to the seller's server; it changes the service once it has succeeded"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body sendBody
		}) (sentCall, error) {
			b := in.Body
			s := trade.Sending{Purpose: b.Call, PlanID: b.PlanID, Amount: b.Amount, Reason: b.Reason, Confirmed: b.Confirmed}
			if b.ExpiresAt != nil {
				s.ExpiresAt = *b.ExpiresAt
			}
			call, err := d.Trade.SendCall(ctx, tx, in.ID, s)
			if err != nil {
				return sentCall{}, err
			}
			out := sentCall{CallID: call.ID}
			out.Instance, err = d.overseen(ctx, tx, in.ID)
			return out, err
		})
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/operator/instances/{id}/ask", ID: "ask-operator-instance", Tag: "Operating", Need: access.InstanceManage,
		Summary: "Ask the seller's server now: its instance information, or whether a renewal may change the specification"},
		func(ctx context.Context, in *struct {
			ID   string `path:"id"`
			Body askBody
		}) (askedCall, error) {
			a, err := d.Trade.AskSeller(ctx, in.ID, trade.Sending{Purpose: in.Body.Call, PlanID: in.Body.PlanID, Amount: in.Body.Amount})
			if err != nil {
				return askedCall{}, err
			}
			out := askedCall{CallID: a.Call.ID, OK: a.OK, ResultCode: a.ResultCode, ResultMsg: a.ResultMsg}
			if a.Problem != nil {
				out.Problem = problemOf(console.LangFrom(ctx), a.Problem.Code, a.Problem.Args)
			}
			return out, nil
		})
}

func (d Deps) overseen(ctx context.Context, q db.Querier, id string) (overseenDetail, error) {
	l := console.LangFrom(ctx)
	in, err := d.Subscriptions.FindRow(ctx, q, id)
	if err != nil {
		return overseenDetail{}, err
	}
	out := overseenDetail{OverseenInstance: overseenOf(l, in), Possible: []possibleCall{}, Plans: []targetPlan{}}
	if out.Steps, err = d.Subscriptions.Steps(ctx, q, id); err != nil {
		return out, err
	}
	possible, err := d.Trade.Possible(ctx, q, in.Instance)
	if err != nil {
		return out, err
	}
	for _, x := range possible {
		v := possibleCall{Call: x.Purpose, Activity: string(x.Activity)}
		if e, ok := errs.As(x.Refused); ok {
			v.Refused = problemOf(l, e.Code, e.Args)
		}
		out.Possible = append(out.Possible, v)
	}
	plans, err := d.Trade.Catalog.ProductPlans(ctx, q, in.ProductID)
	for _, s := range plans {
		if string(s.ChargingMode) == in.ChargingMode {
			out.Plans = append(out.Plans, targetPlan{PlanID: s.PlanID, PlanNumber: s.PlanNumber, SkuCode: s.SkuCode, SpecName: s.SpecName.In(l), PeriodType: s.PeriodType, State: string(s.SpecState)})
		}
	}
	return out, err
}
