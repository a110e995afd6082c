package orders

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/discount"
	"jishi/internal/market/order"
	"jishi/internal/trade"
)

// changeView is what a change of specification leads away from, and how it was priced.
type changeView struct {
	SpecName   string       `json:"specName"`
	SkuCode    string       `json:"skuCode"`
	PlanNumber string       `json:"planNumber"`
	PeriodType string       `json:"periodType"`
	Chosen     []chosenView `json:"chosen"`
	Per        string       `json:"per,omitempty" doc:"The new price is of a year, month or day; empty with a renewal"`
	Left       money.Price  `json:"left" doc:"Months, or days, of the term that it was priced for"`
	Difference money.Price  `json:"difference" doc:"Exact"`
}

func changeOf(l i18n.Lang, c *order.Change) *changeView {
	if c == nil {
		return nil
	}
	return &changeView{SpecName: c.SpecName.In(l), SkuCode: c.SkuCode, PlanNumber: c.PlanNumber, PeriodType: c.PeriodType,
		Chosen: chosenOf(l, c.Chosen), Per: c.Per, Left: c.Left, Difference: c.Difference}
}

// changeOptions is what a service can be changed to.
type changeOptions struct {
	Running   changePossible  `json:"running" doc:"Within the running term, at once"`
	Renewal   changePossible  `json:"renewal" doc:"With a renewal, from its period on"`
	RenewFrom *time.Time      `json:"renewFrom,omitempty" doc:"From then on it can be changed with a renewal; missing when that is not offered"`
	Quantity  *quantityChoice `json:"quantity,omitempty" doc:"Missing when the quantity cannot be changed"`
	Targets   []changeTarget  `json:"targets"`
	Chosen    []chosenView    `json:"chosen" doc:"What it is now"`
}

type changePossible struct {
	Possible bool         `json:"possible"`
	Blocker  *problemView `json:"blocker,omitempty"`
}

type quantityChoice struct {
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Min     int64  `json:"min"`
	Max     int64  `json:"max"`
	Step    int64  `json:"step"`
	Present int64  `json:"present"`
}

type changeTarget struct {
	SkuCode string        `json:"skuCode"`
	Present bool          `json:"present" doc:"The present one: only its quantity changes"`
	Chosen  []chosenView  `json:"chosen"`
	Running bool          `json:"running" doc:"Can be had within the running term"`
	Renewal bool          `json:"renewal" doc:"Can be had with a renewal"`
	Plans   []renewalPlan `json:"plans"`
}

func possible(l i18n.Lang, blocker error) changePossible {
	v := changePossible{Possible: blocker == nil}
	if e, ok := errs.As(blocker); ok {
		v.Blocker = problemOf(l, e.Code, e.Args)
	}
	return v
}

func changeOptionsOf(l i18n.Lang, c trade.Changes) changeOptions {
	out := changeOptions{Running: possible(l, c.Running), Renewal: possible(l, c.Renewal), RenewFrom: at(c.RenewFrom), Targets: []changeTarget{}, Chosen: chosenOf(l, c.Instance.Chosen)}
	if q := c.Quantity; q != nil {
		out.Quantity = &quantityChoice{Name: q.Name.In(l), Unit: q.Unit.In(l), Min: q.Min, Max: q.Max, Step: q.Step, Present: c.Instance.Chosen.Linear(q.Field)}
	}
	for _, t := range c.Targets {
		v := changeTarget{SkuCode: t.SkuCode, Present: t.Present, Chosen: chosenOf(l, t.Chosen), Running: t.Running, Renewal: t.Renewal, Plans: []renewalPlan{}}
		for _, p := range t.Plans {
			v.Plans = append(v.Plans, renewalPlan{PlanID: p.PlanID, PeriodType: p.PeriodType, Price: p.Price.String(), MinPeriods: p.MinPeriods, MaxPeriods: p.MaxPeriods, Present: p.PlanID == c.Instance.PlanID})
		}
		out.Targets = append(out.Targets, v)
	}
	return out
}

type changeBody struct {
	Target      string `json:"target" required:"false" doc:"skuCode of another combination; the present one where left out"`
	Quantity    int64  `json:"quantity" required:"false" doc:"New total; the present one where left out"`
	WithRenewal bool   `json:"withRenewal" required:"false" doc:"With the next period; else at once, for what is left of the term"`
	PlanID      string `json:"planId" required:"false" doc:"With a renewal: one of the target's plans"`
	Periods     int    `json:"periods" required:"false" doc:"With a renewal: how many periods; the least where left out"`

	Discount string `json:"discount,omitempty" required:"false" doc:"Which of the discounts that fit; none: without any; the best where left out"`
	Link     string `json:"link,omitempty" required:"false" doc:"Token of the promotion's link that the buyer came by"`
}

type changeInput struct {
	ID   string `path:"id"`
	Body changeBody
}

func (in changeInput) wish() trade.ChangeWish {
	return trade.ChangeWish{InstanceID: in.ID, Target: in.Body.Target, Quantity: in.Body.Quantity, Renewal: in.Body.WithRenewal, PlanID: in.Body.PlanID, Periods: in.Body.Periods,
		Discount: discount.Pick{ID: in.Body.Discount, Link: in.Body.Link}}
}

func registerChanges(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/instances/{id}/changes", ID: "list-changes", Tag: "Buying", Need: access.InstanceRead, Summary: "What a service can be changed to"},
		func(ctx context.Context, in *instanceID) (out changeOptions, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				list, err := d.Trade.ListChanges(ctx, q, console.CallerFrom(ctx).AccountID, in.ID)
				out = changeOptionsOf(console.LangFrom(ctx), list)
				return err
			})
			return out, err
		})
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/instances/{id}/changes/price", ID: "preview-change", Tag: "Buying", Need: access.InstanceRead,
		Summary: "Price a change of a service, line by line, without keeping a quote"},
		func(ctx context.Context, in *changeInput) (out priceView, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				o, _, err := d.Trade.PreviewChange(ctx, q, console.CallerFrom(ctx).AccountID, in.wish())
				if err == nil {
					out = priceOf(console.LangFrom(ctx), o)
				}
				return err
			})
			return out, err
		})
	console.WriteAfter(c, console.Op{Method: http.MethodPost, Path: "/instances/{id}/changes", ID: "quote-change", Tag: "Buying", Need: access.OrderBuy, Status: 201,
		Summary: "Keep the price of a change for half an hour; with a renewal the seller's server is asked first whether it agrees"},
		func(ctx context.Context, in *changeInput) error {
			if !in.Body.WithRenewal {
				return nil
			}
			return d.Trade.AskChange(ctx, console.CallerFrom(ctx).AccountID, in.wish())
		},
		func(ctx context.Context, tx *db.Tx, in *changeInput) (quoteView, error) {
			q, o, err := d.Trade.QuoteChange(ctx, tx, buyerOf(ctx), in.wish())
			return quoteView{ID: q.ID, Price: priceOf(console.LangFrom(ctx), o), ValidUntil: q.ExpiresAt}, err
		})
}
