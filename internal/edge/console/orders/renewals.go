package orders

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/subscription"
)

// policyView is what the buyer wants at the expiry of a service.
type policyView struct {
	AtExpiry subscription.AtExpiry `json:"atExpiry" enum:"manual,auto,none" doc:"manual: reminded, then grace; auto: renewed by itself; none: it ends"`
	Days     int                   `json:"days" doc:"2–7: days before the expiry of the first automatic renewal, at 03:00"`
	Periods  int                   `json:"periods" doc:"To renew by; 0 is one month or one year"`
	Times    int                   `json:"times" doc:"Automatic renewals left; 0 is without end"`
	NextAt   *time.Time            `json:"nextAt,omitempty" doc:"When it is renewed by itself"`
}

func policyOf(in subscription.Instance) policyView {
	return policyView{AtExpiry: in.AtExpiry, Days: in.AutoDays, Periods: in.AutoPeriods, Times: in.AutoLeft, NextAt: at(in.AutoAt)}
}

type renewalView struct {
	InstanceView
	Policy policyView `json:"policy"`
}

func renewalOf(l i18n.Lang, in subscription.Instance) renewalView {
	return renewalView{InstanceView: instanceOf(l, in), Policy: policyOf(in)}
}

// renewalPlan is a price plan that a service can be renewed with.
type renewalPlan struct {
	PlanID     string `json:"planId"`
	PeriodType string `json:"periodType"`
	Price      string `json:"price" doc:"Of one period, without a quantity's part"`
	MinPeriods int    `json:"minPeriods"`
	MaxPeriods int    `json:"maxPeriods"`
	Present    bool   `json:"present" doc:"It runs with this one"`
}

type renewalPlans struct {
	Plans []renewalPlan `json:"plans"`
}

func registerRenewals(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/renewals", ID: "list-renewals", Tag: "Buying", Need: access.InstanceRead, Summary: "List services that expire, the next expiry first"},
		func(ctx context.Context, in *struct {
			console.ListInput
			AtExpiry string    `query:"atExpiry" required:"false"`
			Before   time.Time `query:"before" required:"false" doc:"Expiring before this instant"`
			Within   int       `query:"within" required:"false" doc:"Expiring within so many days"`
			State    string    `query:"state" required:"false" doc:"ACTIVE, CHANGING, GRACE or RETENTION"`
			Q        string    `query:"q" required:"false" doc:"Order number, instance id, or a part of the product's name"`
		}) (page.Page[renewalView], error) {
			if in.Within > 0 {
				in.Before = c.DB.Now().AddDate(0, 0, min(in.Within, 3650))
			}
			p, err := d.Subscriptions.Expiring(ctx, c.DB, console.CallerFrom(ctx).AccountID,
				subscription.ExpiringFilter{AtExpiry: subscription.AtExpiry(in.AtExpiry), Before: in.Before, State: subscription.State(in.State), Text: in.Q}, in.Page())
			return page.Map(p, func(x subscription.Instance) renewalView { return renewalOf(console.LangFrom(ctx), x) }), err
		})
	console.Read(c, console.Op{Path: "/instances/{id}/renewal-plans", ID: "list-renewal-plans", Tag: "Buying", Need: access.InstanceRead, Summary: "Price plans that a service can be renewed with"},
		func(ctx context.Context, in *instanceID) (out renewalPlans, err error) {
			out.Plans = []renewalPlan{}
			err = c.DB.View(ctx, func(q db.Querier) error {
				plans, x, err := d.Trade.RenewalPlans(ctx, q, console.CallerFrom(ctx).AccountID, in.ID)
				for _, p := range plans {
					out.Plans = append(out.Plans, renewalPlan{PlanID: p.PlanID, PeriodType: p.PeriodType, Price: p.Price.String(), MinPeriods: p.MinPeriods, MaxPeriods: p.MaxPeriods, Present: p.PlanID == x.PlanID})
				}
				return err
			})
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPut, Path: "/instances/{id}/policy", ID: "set-renewal-policy", Tag: "Buying", Need: access.OrderBuy, Summary: "Set what happens at the expiry of a service"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				AtExpiry string `json:"atExpiry"`
				Days     int    `json:"days" required:"false" default:"7"`
				Periods  int    `json:"periods" required:"false"`
				Times    int    `json:"times" required:"false"`
			}
		}) (policyView, error) {
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return policyView{}, err
			}
			x, err := d.Subscriptions.Find(ctx, tx, in.ID, console.CallerFrom(ctx).AccountID)
			if err != nil {
				return policyView{}, err
			}
			if err := d.Subscriptions.SetPolicy(ctx, tx, &x, subscription.Policy{AtExpiry: subscription.AtExpiry(in.Body.AtExpiry),
				Days: in.Body.Days, Periods: in.Body.Periods, Times: in.Body.Times}, site.Zone()); err != nil {
				return policyView{}, err
			}
			return policyOf(x), audit.Record(ctx, tx, audit.Entry{Action: "instance.set_policy", Object: "instance", ObjectID: x.ID, AccountID: x.AccountID, Detail: in.Body})
		})
}
