// Package discounts is the console API of promotions and exclusive offers: sellers make them,
// operators review and stop them and set the bounds of products. What buyers see of them is in
// package orders.
package discounts

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/discount"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
)

// Deps are the modules that the operations call.
type Deps struct {
	Discounts *discount.Store
	Settings  *settings.Store
}

// Register adds the operations.
func Register(c *console.Console, d Deps) {
	for _, s := range []side{
		{path: "/seller", prefix: "seller-", tag: "Selling", need: access.DiscountWrite},
		{path: "/operator", prefix: "operator-", tag: "Operating", need: access.DiscountDecide, operator: true},
	} {
		registerLists(c, d, s)
		registerPromotions(c, d, s)
	}
	registerSellerOffers(c, d)
	registerReviews(c, d)
	registerBounds(c, d)
}

// side is who looks: a seller at his own, an operator at all.
type side struct {
	path, prefix, tag string
	need              access.Permission
	operator          bool
}

func (s side) scope(ctx context.Context) discount.Scope {
	if s.operator {
		return discount.Scope{All: true}
	}
	return discount.Scope{SellerID: console.CallerFrom(ctx).SellerID}
}

// sellerOf is the caller's seller: an account that sells nothing gives no discounts, and none in
// the name of the marketplace.
func sellerOf(ctx context.Context) (string, error) {
	c := console.CallerFrom(ctx)
	if c.SellerID == "" {
		return "", errs.Forbiddenf("access.denied", "permission", string(access.DiscountWrite))
	}
	return c.SellerID, nil
}

// RuleView is a promotion or an offer in a list.
type RuleView struct {
	ID            string         `json:"id"`
	Kind          string         `json:"kind" doc:"promotion or offer"`
	SellerID      string         `json:"sellerId" doc:"Empty: the marketplace"`
	SellerName    string         `json:"sellerName"`
	Name          string         `json:"name"`
	State         discount.State `json:"state" enum:"REVIEWING,EFFECTIVE,REJECTED,WITHDRAWN,STOPPED,ENDED"`
	Upcoming      bool           `json:"upcoming" doc:"Effective, and its validity has not begun"`
	Public        bool           `json:"public"`
	Configured    bool           `json:"configured" doc:"An offer of fixed quantity and length"`
	StartsAt      time.Time      `json:"startsAt"`
	EndsAt        time.Time      `json:"endsAt"`
	Scenes        []string       `json:"scenes" doc:"new, renewal, change"`
	TotalLimit    int            `json:"totalLimit" doc:"Orders in all; 0 has no limit"`
	AccountLimit  int            `json:"accountLimit" doc:"Orders of one account; 0 has no limit"`
	DeadlineHours int            `json:"deadlineHours" doc:"Of its orders' payment; 0: as other orders"`
	Form          pricing.Form   `json:"form" doc:"Of its first line"`
	Value         money.Price    `json:"value"`
	LineCount     int            `json:"lineCount"`
	Uses          int            `json:"uses" doc:"Orders that stand"`
	Reason        string         `json:"reason"`
	CreatedAt     time.Time      `json:"createdAt"`
	CreatedBy     string         `json:"createdBy"`
	ClosedAt      *time.Time     `json:"closedAt,omitempty"`
}

func ruleOf(l i18n.Lang, r discount.Row, now time.Time) RuleView {
	v := RuleView{ID: r.ID, Kind: r.Kind, SellerID: r.SellerID, SellerName: r.SellerName.In(l), Name: r.Name, State: r.State,
		Upcoming: r.State == discount.Effective && now.Before(r.StartsAt), Public: r.Public, Configured: r.Configured,
		StartsAt: r.StartsAt, EndsAt: r.EndsAt, Scenes: []string{}, TotalLimit: r.TotalLimit, AccountLimit: r.AccountLimit, DeadlineHours: r.DeadlineHours,
		Form: pricing.Form(r.Form), Value: r.Value, LineCount: r.LineCount, Uses: r.Uses, Reason: r.Reason, CreatedAt: r.CreatedAt, CreatedBy: r.CreatedBy}
	for _, x := range []struct {
		on   bool
		name discount.Scene
	}{{r.New, discount.ForNew}, {r.Renewal, discount.ForRenewal}, {r.Change, discount.ForChange}} {
		if x.on {
			v.Scenes = append(v.Scenes, string(x.name))
		}
	}
	if !r.ClosedAt.IsZero() {
		v.ClosedAt = &r.ClosedAt
	}
	return v
}

type detailView struct {
	RuleView
	Link      string              `json:"link" doc:"Path of its page"`
	Lines     []ruleLine          `json:"lines"`
	Customers []discount.Customer `json:"customers" doc:"Accounts that an offer is made to"`
	Results   order.Results       `json:"results"`
	Currency  string              `json:"currency"`
}

type ruleLine struct {
	ProductID    string       `json:"productId" doc:"Empty: everything"`
	ProductName  string       `json:"productName"`
	SpecName     string       `json:"specName" doc:"Empty: all specifications"`
	PlanID       string       `json:"planId" doc:"Empty: all plans"`
	ChargingMode string       `json:"chargingMode"`
	PeriodType   string       `json:"periodType"`
	Form         pricing.Form `json:"form"`
	Value        money.Price  `json:"value"`
	Periods      int          `json:"periods" doc:"Of a configured offer"`
	Quantity     int64        `json:"quantity"`
}

func (d Deps) detail(ctx context.Context, q db.Querier, now time.Time, r discount.Rule) (detailView, error) {
	l := console.LangFrom(ctx)
	site, err := d.Settings.Site(ctx)
	if err != nil {
		return detailView{}, err
	}
	rows, err := discount.Lines(ctx, q, r.ID)
	if err != nil {
		return detailView{}, err
	}
	out := detailView{Link: r.Path(), Lines: []ruleLine{}, Customers: []discount.Customer{}, Currency: site.Currency}
	for _, x := range rows {
		out.Lines = append(out.Lines, ruleLine{x.ProductID, x.ProductName.In(l), x.SpecName.In(l), x.PlanID, x.ChargingMode, x.PeriodType, x.Form, x.Value, x.Periods, x.Quantity})
	}
	if r.Kind == discount.Offer {
		if out.Customers, err = discount.Customers(ctx, q, r.ID); err != nil {
			return out, err
		}
	}
	if out.Results, err = order.ResultsOf(ctx, q, r.ID); err != nil {
		return out, err
	}
	row := discount.Row{Rule: r, LineCount: len(rows), Uses: out.Results.Orders}
	if len(rows) > 0 {
		row.Form, row.Value = string(rows[0].Form), rows[0].Value
	}
	if r.SellerID != "" {
		if row.SellerName, err = db.One[i18n.Text](ctx, q, sqlSellerName, r.SellerID); err != nil {
			return out, err
		}
	}
	out.RuleView = ruleOf(l, row, now)
	return out, nil
}

const sqlSellerName = `select name from sellers where id = $1`

type listInput struct {
	console.ListInput
	State string `query:"state" required:"false"`
	Q     string `query:"q" required:"false" doc:"Id, or a part of the name or the seller's name"`
}

type ruleID struct {
	ID string `path:"id"`
}

type wareView struct {
	ProductID    string      `json:"productId"`
	ProductName  string      `json:"productName"`
	SellerName   string      `json:"sellerName"`
	SpecID       string      `json:"specId"`
	SpecName     string      `json:"specName"`
	PlanID       string      `json:"planId"`
	Combination  string      `json:"combination"`
	ChargingMode string      `json:"chargingMode"`
	PeriodType   string      `json:"periodType"`
	Price        money.Price `json:"price" doc:"Of one period, without a quantity's part"`
	MinPeriods   int         `json:"minPeriods"`
	MaxPeriods   int         `json:"maxPeriods"`
	MinQuantity  int64       `json:"minQuantity" doc:"0: there is no quantity"`
	MaxQuantity  int64       `json:"maxQuantity"`
	Step         int64       `json:"step"`
	Unit         string      `json:"unit"`
	Authorised   money.Price `json:"authorised" doc:"An offer below it is reviewed"`
	Floor        money.Price `json:"floor" doc:"Nothing goes below it; 0 is none"`
}

type waresView struct {
	Plans    []wareView `json:"plans"`
	Currency string     `json:"currency"`
}

func registerLists(c *console.Console, d Deps, s side) {
	for _, x := range []struct{ kind, path, id, title string }{
		{discount.Promotion, "/promotions", "promotion", "promotions"},
		{discount.Offer, "/offers", "offer", "exclusive offers"},
	} {
		console.Read(c, console.Op{Path: s.path + x.path, ID: "list-" + s.prefix + x.id + "s", Tag: s.tag, Need: s.need, Summary: "List " + x.title + ", newest first"},
			func(ctx context.Context, in *listInput) (page.Page[RuleView], error) {
				l, now := console.LangFrom(ctx), c.DB.Now()
				p, err := discount.List(ctx, c.DB, discount.Filter{Scope: s.scope(ctx), Kind: x.kind, State: discount.State(in.State), Text: in.Q}, in.Page())
				return page.Map(p, func(r discount.Row) RuleView { return ruleOf(l, r, now) }), err
			})
		console.Read(c, console.Op{Path: s.path + x.path + "/{id}", ID: "get-" + s.prefix + x.id, Tag: s.tag, Need: s.need, Summary: "Show one of the " + x.title + " with its results"},
			func(ctx context.Context, in *ruleID) (out detailView, err error) {
				err = c.DB.View(ctx, func(q db.Querier) error {
					r, err := discount.Find(ctx, q, s.scope(ctx), x.kind, in.ID)
					if err == nil {
						out, err = d.detail(ctx, q, c.DB.Now(), r)
					}
					return err
				})
				return out, err
			})
	}
	console.Read(c, console.Op{Path: s.path + "/discount-plans", ID: "list-" + s.prefix + "discount-plans", Tag: s.tag, Need: s.need, Summary: "Price plans that a discount can be given on"},
		func(ctx context.Context, in *struct {
			Q string `query:"q" required:"false" doc:"A part of the product's name"`
		}) (waresView, error) {
			l := console.LangFrom(ctx)
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return waresView{}, err
			}
			rows, err := discount.Wares(ctx, c.DB, s.scope(ctx), in.Q)
			out := waresView{Plans: []wareView{}, Currency: site.Currency}
			for _, w := range rows {
				v := wareView{ProductID: w.ProductID, ProductName: w.ProductName.In(l), SellerName: w.SellerName.In(l), SpecID: w.SpecID, SpecName: w.SpecName.In(l), PlanID: w.PlanID,
					Combination: w.Combination(l), ChargingMode: w.ChargingMode, PeriodType: w.PeriodType, Price: w.Price, MinPeriods: w.MinPeriods, MaxPeriods: w.MaxPeriods,
					Authorised: w.Authorised, Floor: w.Floor}
				if x := w.Template.Quantity; x != nil {
					v.MinQuantity, v.MaxQuantity, v.Step, v.Unit = x.Min, x.Max, x.Step, x.Unit.In(l)
				}
				out.Plans = append(out.Plans, v)
			}
			return out, err
		})
}

// LineBody is what a discount is given on.
type LineBody struct {
	ProductID string `json:"productId" required:"false" doc:"Empty: everything, for promotions by ratio"`
	SpecID    string `json:"specId" required:"false" doc:"Empty: all specifications"`
	PlanID    string `json:"planId" required:"false" doc:"Empty: all plans; a fixed price and a reduction need one"`
	Form      string `json:"form" enum:"ratio,fixed,reduction"`
	Value     string `json:"value" doc:"The ratio (0,1]; the fixed price of one period, or of the whole in a configured offer; the amount less per order line"`
	Periods   int    `json:"periods" required:"false" doc:"Of a configured offer"`
	Quantity  int64  `json:"quantity" required:"false" doc:"Of a configured offer"`
}

// DraftBody is what promotions and offers have in common.
type DraftBody struct {
	Name          string     `json:"name" doc:"Buyers see it; unique among the seller's"`
	StartsAt      time.Time  `json:"startsAt,omitzero" required:"false" doc:"Now where left out"`
	EndsAt        time.Time  `json:"endsAt"`
	TotalLimit    int        `json:"totalLimit" required:"false"`
	AccountLimit  int        `json:"accountLimit" required:"false"`
	DeadlineHours int        `json:"deadlineHours" required:"false"`
	Lines         []LineBody `json:"lines"`
}

func (b DraftBody) draft(kind, sellerID string) (discount.Draft, error) {
	out := discount.Draft{Kind: kind, SellerID: sellerID, Name: b.Name, StartsAt: b.StartsAt, EndsAt: b.EndsAt,
		TotalLimit: b.TotalLimit, AccountLimit: b.AccountLimit, DeadlineHours: b.DeadlineHours}
	var c errs.Check
	for i, l := range b.Lines {
		value, err := money.ParsePrice(l.Value)
		if err != nil {
			c.Add(fmt.Sprintf("lines[%d].value", i), "money.invalid", "value", l.Value)
		}
		out.Lines = append(out.Lines, discount.Line{ProductID: l.ProductID, SpecID: l.SpecID, PlanID: l.PlanID, Form: pricing.Form(l.Form), Value: value, Periods: l.Periods, Quantity: l.Quantity})
	}
	return out, c.Err()
}

type promotionBody struct {
	DraftBody
	Public bool     `json:"public" doc:"Everybody sees it; otherwise only its own link leads to it"`
	Scenes []string `json:"scenes" doc:"new, renewal, change"`
}

func registerPromotions(c *console.Console, d Deps, s side) {
	console.Write(c, console.Op{Method: http.MethodPost, Path: s.path + "/promotions", ID: "create-" + s.prefix + "promotion", Tag: s.tag, Need: s.need, Status: 201,
		Summary: "Create a promotion; it holds from its start on and is not edited"},
		func(ctx context.Context, tx *db.Tx, in *struct{ Body promotionBody }) (detailView, error) {
			sellerID := "" // the marketplace's
			if !s.operator {
				var err error
				if sellerID, err = sellerOf(ctx); err != nil {
					return detailView{}, err
				}
			}
			draft, err := in.Body.draft(discount.Promotion, sellerID)
			if err != nil {
				return detailView{}, err
			}
			draft.Public = in.Body.Public
			for _, x := range in.Body.Scenes {
				draft.New = draft.New || x == string(discount.ForNew)
				draft.Renewal = draft.Renewal || x == string(discount.ForRenewal)
				draft.Change = draft.Change || x == string(discount.ForChange)
			}
			r, err := d.Discounts.Create(ctx, tx, draft)
			if err != nil {
				return detailView{}, err
			}
			return d.detail(ctx, tx, tx.Now, r)
		})
	stops := []struct{ kind, path, id string }{{discount.Promotion, "/promotions", "promotion"}}
	if s.operator {
		stops = append(stops, struct{ kind, path, id string }{discount.Offer, "/offers", "offer"})
	}
	for _, x := range stops {
		console.Write(c, console.Op{Method: http.MethodPost, Path: s.path + x.path + "/{id}/stop", ID: "stop-" + s.prefix + x.id, Tag: s.tag, Need: s.need,
			Summary: "End it before its time; unpaid orders keep their price to their deadline"},
			func(ctx context.Context, tx *db.Tx, in *struct {
				ID   string `path:"id"`
				Body struct {
					Reason string `json:"reason" required:"false" doc:"Of an operator, for the seller: 2–500 characters"`
				}
			}) (detailView, error) {
				r, err := d.Discounts.Stop(ctx, tx, s.scope(ctx), x.kind, in.ID, in.Body.Reason)
				if err != nil {
					return detailView{}, err
				}
				return d.detail(ctx, tx, tx.Now, r)
			})
	}
}
