package orders

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
)

// renewalSettings is what an account's renewals go by.
type renewalSettings struct {
	UnifiedDay    int    `json:"unifiedDay" doc:"Preferred day of the month for services to end on: 1–28, or -1 for the last day"`
	Level         string `json:"level" doc:"The account's customer level"`
	GraceDays     int    `json:"graceDays" doc:"After the expiry, in which the service goes on"`
	RetentionDays int    `json:"retentionDays" doc:"After grace, in which the data are kept"`
}

func (d Deps) renewalSettings(ctx context.Context, q db.Querier) (out renewalSettings, err error) {
	account := console.CallerFrom(ctx).AccountID
	level, err := d.Trade.Level(ctx, q, account)
	if err != nil {
		return out, err
	}
	out = renewalSettings{Level: level.Name, GraceDays: level.Grace, RetentionDays: level.Retention}
	out.UnifiedDay, err = d.Subscriptions.UnifiedDay(ctx, q, account)
	return out, err
}

// commonRenewal is what several services can be renewed by together.
type commonRenewal struct {
	Months   []int          `json:"months" doc:"Lengths that all of them have, the smallest first"`
	Proposed int            `json:"proposed" doc:"A year where that is one of them, else the smallest; 0: there is none"`
	Services []batchService `json:"services"`
}

type batchService struct {
	InstanceID  string       `json:"instanceId"`
	ProductName string       `json:"productName"`
	SpecName    string       `json:"specName"`
	State       string       `json:"state"`
	ExpiresAt   *time.Time   `json:"expiresAt,omitempty"`
	Problem     *problemView `json:"problem,omitempty" doc:"Why it cannot be renewed so"`
	QuoteID     string       `json:"quoteId,omitempty" doc:"Holds for half an hour"`
	Price       *priceView   `json:"price,omitempty"`
}

func batchServiceOf(l i18n.Lang, in subscription.Instance, problem error) batchService {
	v := batchService{InstanceID: in.ID, ProductName: in.ProductName.In(l), SpecName: in.SpecName.In(l), State: string(in.State), ExpiresAt: at(in.ExpiresAt)}
	if e, ok := errs.As(problem); ok {
		v.Problem = problemOf(l, e.Code, e.Args)
	}
	return v
}

type batchQuotes struct {
	Services   []batchService `json:"services"`
	Total      money.Amount   `json:"total" doc:"Of those that have a quote"`
	Currency   string         `json:"currency"`
	ValidUntil *time.Time     `json:"validUntil,omitempty"`
}

type batchOrders struct {
	Orders []OrderView `json:"orders"`
}

type chosenInstances struct {
	Instances []string `json:"instances" doc:"One to thirty services"`
}

func registerBatchRenewals(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/renewal-settings", ID: "get-renewal-settings", Tag: "Buying", Need: access.InstanceRead,
		Summary: "The preferred day for services to end on, and the days of grace and retention"},
		func(ctx context.Context, _ *struct{}) (out renewalSettings, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				out, err = d.renewalSettings(ctx, q)
				return err
			})
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPut, Path: "/renewal-settings", ID: "set-renewal-settings", Tag: "Buying", Need: access.OrderBuy,
		Summary: "Set the preferred day for services to end on; nothing moves before it is renewed"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			Body struct {
				UnifiedDay int `json:"unifiedDay" doc:"1–28, or -1 for the last day of the month"`
			}
		}) (renewalSettings, error) {
			if err := d.Subscriptions.SetUnifiedDay(ctx, tx, console.CallerFrom(ctx).AccountID, in.Body.UnifiedDay); err != nil {
				return renewalSettings{}, err
			}
			return d.renewalSettings(ctx, tx)
		})
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/renewals/lengths", ID: "common-renewal-lengths", Tag: "Buying", Need: access.InstanceRead,
		Summary: "The lengths that several services can be renewed by together"},
		func(ctx context.Context, in *struct{ Body chosenInstances }) (commonRenewal, error) {
			out := commonRenewal{Months: []int{}, Services: []batchService{}}
			err := c.DB.View(ctx, func(q db.Querier) error {
				x, err := d.Trade.CommonLengths(ctx, q, console.CallerFrom(ctx).AccountID, in.Body.Instances)
				for _, item := range x.Items {
					out.Services = append(out.Services, batchServiceOf(console.LangFrom(ctx), item.Instance, item.Blocker))
				}
				out.Months, out.Proposed = append(out.Months, x.Months...), x.Proposed
				return err
			})
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/renewals/quotes", ID: "quote-renewals", Tag: "Buying", Need: access.OrderBuy, Status: 201,
		Summary: "Keep a price of each of several renewals for half an hour"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			Body struct {
				Instances  []string `json:"instances" doc:"One to thirty services"`
				Months     int      `json:"months" required:"false" doc:"0 with a unifiedDay: only the days up to it"`
				UnifiedDay int      `json:"unifiedDay" required:"false" doc:"1–28, or -1 for the last day of the month; 0: each keeps its own day"`
			}
		}) (batchQuotes, error) {
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return batchQuotes{}, err
			}
			l := console.LangFrom(ctx)
			quotes, total, err := d.Trade.QuoteRenewals(ctx, tx, buyerOf(ctx), trade.Batch{Instances: in.Body.Instances, Months: in.Body.Months, UnifiedDay: in.Body.UnifiedDay})
			out := batchQuotes{Services: []batchService{}, Total: total, Currency: site.Currency}
			for _, x := range quotes {
				v := batchServiceOf(l, x.Instance, x.Problem)
				if x.Problem == nil {
					price := priceOf(l, x.Offer)
					v.QuoteID, v.Price, out.ValidUntil = x.Quote.ID, &price, at(x.Quote.ExpiresAt)
				}
				out.Services = append(out.Services, v)
			}
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/renewals/orders", ID: "order-renewals", Tag: "Buying", Need: access.OrderBuy, Money: true, Status: 201,
		Summary: "Order several renewals from their quotes, all or none; they can be paid together"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			Body struct {
				Quotes            []string `json:"quotes" doc:"One to thirty"`
				AgreementAccepted bool     `json:"agreementAccepted" required:"false" doc:"The products' agreements were read and accepted"`
				RemarksBody
			}
		}) (batchOrders, error) {
			placed, err := d.Trade.PlaceRenewals(ctx, tx, buyerOf(ctx), in.Body.Quotes, trade.Placing{Accepted: in.Body.AgreementAccepted, Remarks: in.Body.remarks()})
			out := batchOrders{Orders: []OrderView{}}
			if err != nil {
				return out, err
			}
			for _, o := range placed {
				v, err := shown(ctx, tx, o)
				if err != nil {
					return out, err
				}
				out.Orders = append(out.Orders, v)
			}
			return out, nil
		})
	console.Write(c, console.Op{Method: http.MethodPut, Path: "/renewals/policy", ID: "set-renewal-policies", Tag: "Buying", Need: access.OrderBuy, Status: 204,
		Summary: "Set what happens at the expiry of several services, all or none"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			Body struct {
				Instances []string `json:"instances" doc:"One to thirty services"`
				AtExpiry  string   `json:"atExpiry"`
				Days      int      `json:"days" required:"false" default:"7"`
				Periods   int      `json:"periods" required:"false"`
				Times     int      `json:"times" required:"false"`
			}
		}) (console.None, error) {
			account := console.CallerFrom(ctx).AccountID
			if err := d.Trade.SetPolicies(ctx, tx, account, in.Body.Instances, subscription.Policy{AtExpiry: subscription.AtExpiry(in.Body.AtExpiry),
				Days: in.Body.Days, Periods: in.Body.Periods, Times: in.Body.Times}); err != nil {
				return console.None{}, err
			}
			for _, id := range in.Body.Instances {
				if err := audit.Record(ctx, tx, audit.Entry{Action: "instance.set_policy", Object: "instance", ObjectID: id, AccountID: account, Detail: in.Body}); err != nil {
					return console.None{}, err
				}
			}
			return console.None{}, nil
		})
}
