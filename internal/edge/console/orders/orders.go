package orders

import (
	"context"
	"net/http"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
)

// OrderView is an order in a list. It is exported because the API document shows the fields
// of embedded exported types only; so are the other views that details embed.
type OrderView struct {
	ID           string       `json:"id"`
	Kind         order.Kind   `json:"kind"`
	State        order.State  `json:"state"`
	Refund       string       `json:"refund,omitempty" doc:"For sellers: refunding or refunded"`
	ProductID    string       `json:"productId"`
	ProductName  string       `json:"productName"`
	SpecName     string       `json:"specName"`
	ChargingMode string       `json:"chargingMode"`
	PeriodType   string       `json:"periodType"`
	PeriodNumber int          `json:"periodNumber"`
	SellerID     string       `json:"sellerId"`
	SellerName   string       `json:"sellerName"`
	BuyerName    string       `json:"buyerName"`
	UserName     string       `json:"userName"`
	Currency     string       `json:"currency"`
	ListAmount   money.Amount `json:"listAmount"`
	Voucher      money.Amount `json:"voucherAmount" doc:"The part that a voucher pays; of a refund order the part that goes back to it"`
	DueAmount    money.Amount `json:"dueAmount" doc:"To be paid besides the voucher"`
	PaidAmount   money.Amount `json:"paidAmount" doc:"Without the voucher"`
	Note         string       `json:"note"`
	Purchase     string       `json:"purchaseNumber" doc:"The buyer's own number of the purchase"`
	LineCount    int          `json:"lineCount" doc:"How many lines; product, specification and term are those of the first"`
	Cause        *problemView `json:"cause,omitempty" doc:"Why it was closed"`
	ParentID     string       `json:"parentId,omitempty" doc:"The order that a refund order refunds"`
	CreatedAt    time.Time    `json:"createdAt"`
	Deadline     *time.Time   `json:"deadline,omitempty" doc:"To be paid until"`
	PaidAt       *time.Time   `json:"paidAt,omitempty"`
	ClosedAt     *time.Time   `json:"closedAt,omitempty"`
}

func orderOf(l i18n.Lang, r order.Row, seller bool) OrderView {
	v := OrderView{ID: r.ID, Kind: r.Kind, State: r.State, ProductID: r.ProductID, ProductName: r.ProductName.In(l), SpecName: r.SpecName.In(l),
		ChargingMode: r.ChargingMode, PeriodType: r.PeriodType, PeriodNumber: r.PeriodNumber, SellerID: r.SellerID, SellerName: r.SellerName.In(l),
		BuyerName: r.BuyerName, UserName: r.UserName, Currency: r.Currency, ListAmount: r.ListAmount, Voucher: r.Order.Voucher, DueAmount: r.DueAmount, PaidAmount: r.PaidAmount,
		Note: r.Note, Purchase: r.Purchase, LineCount: r.LineCount, ParentID: r.ParentID, CreatedAt: r.CreatedAt, Deadline: at(r.Deadline), PaidAt: at(r.PaidAt), ClosedAt: at(r.ClosedAt)}
	if r.Cause != "" {
		code := r.Cause
		if !strings.Contains(code, ".") {
			code = "order." + code
		}
		v.Cause = problemOf(l, code, nil)
	}
	if seller {
		v.Note, v.UserName = "", ""
		v.State, v.Refund = r.Order.ForSeller()
	}
	return v
}

type orderDetail struct {
	OrderView
	Lines       []lineView         `json:"lines"`
	Steps       []stepView         `json:"steps"`
	Payments    []payment.Payment  `json:"payments"`
	Postings    []ledger.Entry     `json:"postings" doc:"The ledger entries that explain the amounts; for operators and the buyer"`
	Instances   []instanceBrief    `json:"instances"`
	Calls       []callBrief        `json:"calls" doc:"Calls to the seller's server; for sellers and operators"`
	Adjustments []order.Adjustment `json:"adjustments" doc:"Prices that the marketplace has adjusted; for operators and the buyer"`
	Agreement   order.Agreement    `json:"agreement"`
}

type lineView struct {
	ID           string       `json:"id"`
	ProductName  string       `json:"productName"`
	SpecName     string       `json:"specName"`
	SkuCode      string       `json:"skuCode"`
	PlanNumber   string       `json:"planNumber" doc:"productId on the wire"`
	ChargingMode string       `json:"chargingMode"`
	PeriodType   string       `json:"periodType"`
	PeriodNumber int          `json:"periodNumber"`
	UnitPrice    money.Price  `json:"unitPrice"`
	ListAmount   money.Amount `json:"listAmount"`
	Amount       money.Amount `json:"amount"`
	Voucher      money.Amount `json:"voucherAmount" doc:"The part of the amount that a voucher pays"`
	TaxCategory  string       `json:"taxCategory"`
	TaxRate      money.Price  `json:"taxRate"`
	TaxAmount    money.Amount `json:"taxAmount"`
	FeeRatio     *money.Price `json:"feeRatio,omitempty" doc:"The platform's part; not shown to buyers"`
	Generation   string       `json:"generation"`

	Chosen      []chosenView    `json:"chosen" doc:"Attributes and quantity"`
	Explanation []componentView `json:"explanation" doc:"Adds up to listAmount; empty for orders that were placed before there were explanations"`
	UnifiedDay  int             `json:"unifiedDay,omitempty" doc:"Of a renewal: its end is moved on to this day of the month"`
	Discount    *discountView   `json:"discount,omitempty" doc:"The one discount, that made amount of listAmount"`

	InstanceID string      `json:"instanceId,omitempty" doc:"The service that it renews or changes"`
	StartsAt   *time.Time  `json:"startsAt,omitempty" doc:"Of a renewal or change: after this instant its period begins"`
	EndsAt     *time.Time  `json:"endsAt,omitempty"`
	Change     *changeView `json:"change,omitempty" doc:"Of a change: what it leads away from"`
}

type stepView struct {
	At        time.Time   `json:"at"`
	Event     order.Event `json:"event"`
	From      order.State `json:"from"`
	To        order.State `json:"to"`
	ActorKind string      `json:"actorKind"`
	ActorName string      `json:"actorName"`
	Detail    any         `json:"detail"`
}

type instanceBrief struct {
	ID         string     `json:"id"`
	State      string     `json:"state"`
	ExternalID string     `json:"externalId"`
	StartedAt  *time.Time `json:"startedAt,omitempty"`
	ExpiresAt  *time.Time `json:"expiresAt,omitempty"`
}

type callBrief struct {
	ID        string            `json:"id"`
	Activity  string            `json:"activity"`
	State     fulfillment.State `json:"state"`
	Attempts  int               `json:"attempts"`
	CreatedAt time.Time         `json:"createdAt"`
	NextAt    *time.Time        `json:"nextAt,omitempty"`
	Problem   *problemView      `json:"problem,omitempty"`
}

// side tells for whom an order is shown: each sees what concerns him.
type side int

const (
	buyerSide side = iota
	sellerSide
	operatorSide
)

func (s side) scope(c access.Caller) order.Scope {
	switch s {
	case buyerSide:
		return order.Scope{AccountID: c.AccountID}
	case sellerSide:
		return order.Scope{SellerID: c.SellerID}
	}
	return order.Everybody
}

// shown is an order as its buyer sees it after a change.
func shown(ctx context.Context, q db.Querier, o order.Order) (OrderView, error) {
	r, err := order.FindRow(ctx, q, order.Scope{AccountID: o.AccountID}, o.ID)
	return orderOf(console.LangFrom(ctx), r, false), err
}

func (d Deps) detail(ctx context.Context, q db.Querier, s side, id string) (orderDetail, error) {
	l := console.LangFrom(ctx)
	row, err := order.FindRow(ctx, q, s.scope(console.CallerFrom(ctx)), id)
	if err != nil {
		return orderDetail{}, err
	}
	out := orderDetail{OrderView: orderOf(l, row, s == sellerSide), Lines: []lineView{}, Steps: []stepView{}, Instances: []instanceBrief{},
		Calls: []callBrief{}, Payments: []payment.Payment{}, Adjustments: []order.Adjustment{}, Postings: []ledger.Entry{}, Agreement: row.Agreement}
	lines, err := order.Lines(ctx, q, id)
	if err != nil {
		return out, err
	}
	for _, x := range lines {
		v := lineView{ID: x.ID, ProductName: x.ProductName.In(l), SpecName: x.SpecName.In(l), SkuCode: x.SkuCode, PlanNumber: x.PlanNumber,
			ChargingMode: x.ChargingMode, PeriodType: x.PeriodType, PeriodNumber: x.PeriodNumber, UnitPrice: x.UnitPrice, ListAmount: x.ListAmount, Amount: x.Amount, Voucher: x.Voucher,
			TaxCategory: x.TaxCategory, TaxRate: x.TaxRate, TaxAmount: order.Tax(x.Amount, x.TaxRate), Generation: x.Generation,
			Chosen: chosenOf(l, x.Chosen), Explanation: explained(l, x.Explanation), UnifiedDay: x.UnifiedDay,
			InstanceID: x.InstanceID, StartsAt: at(x.StartsAt), EndsAt: at(x.EndsAt), Change: changeOf(l, x.Change)}
		if row.Kind.Returns() {
			x.Discount = nil // the refunded order shows it
		}
		v.Discount = discountOf(l, x.Discount, x.ListAmount-x.Amount)
		if s != buyerSide {
			v.FeeRatio = &x.FeeRatio
		}
		out.Lines = append(out.Lines, v)
	}
	steps, err := order.Steps(ctx, q, id)
	if err != nil {
		return out, err
	}
	for _, x := range steps {
		v := stepView{At: x.At, Event: x.Event, From: x.From, To: x.To, ActorKind: x.ActorKind, ActorName: x.ActorName, Detail: x.Detail}
		if s == sellerSide && x.ActorKind == "user" {
			v.ActorName = row.BuyerName // a seller knows the account, not its people
		}
		if s != operatorSide && x.ActorKind == "operator" {
			v.ActorName = "" // who decides at the marketplace is its own business
		}
		out.Steps = append(out.Steps, v)
	}
	instances, err := d.Subscriptions.OfOrder(ctx, q, id)
	if err != nil {
		return out, err
	}
	for _, x := range instances {
		out.Instances = append(out.Instances, instanceBrief{ID: x.ID, State: string(x.State), ExternalID: x.ExternalID, StartedAt: at(x.StartedAt), ExpiresAt: at(x.ExpiresAt)})
	}
	if s != buyerSide {
		scope := s.scope(console.CallerFrom(ctx))
		calls, err := fulfillment.List(ctx, q, fulfillment.Filter{OrderID: id, SellerID: scope.SellerID, All: scope.All}, page.Query{Limit: 50})
		if err != nil {
			return out, err
		}
		for _, x := range calls.Items {
			b := callBrief{ID: x.ID, Activity: x.Activity, State: x.State, Attempts: x.Attempts, CreatedAt: x.CreatedAt, Problem: problemOf(l, x.ErrorCode, x.ErrorArgs)}
			if x.State.Open() {
				b.NextAt = at(x.NextAt)
			}
			out.Calls = append(out.Calls, b)
		}
	}
	if s != sellerSide {
		if out.Payments, err = payment.OfOrder(ctx, q, id); err != nil {
			return out, err
		}
		if out.Adjustments, err = order.Adjustments(ctx, q, id); err != nil {
			return out, err
		}
		if s == operatorSide {
			out.Postings, err = ledger.ByCause(ctx, q, id)
		}
	}
	return out, err
}

type orderFilter struct {
	console.ListInput
	State string    `query:"state" required:"false"`
	Kind  string    `query:"kind" required:"false" doc:"NEW, TRIAL, TRIAL_TO_FORMAL, RENEW, CHANGE, RENEW_CHANGE, UNSUB or UNSUB_RENEWAL"`
	Q     string    `query:"q" required:"false" doc:"Order number, purchase-order number, or a part of the product's or buyer's name"`
	From  time.Time `query:"from" required:"false" doc:"Created at or after"`
	To    time.Time `query:"to" required:"false" doc:"Created before"`
}

func (f orderFilter) filter(ctx context.Context, s side) order.Filter {
	return order.Filter{Scope: s.scope(console.CallerFrom(ctx)), State: order.State(f.State), Kind: order.Kind(f.Kind),
		Text: strings.TrimSpace(f.Q), From: f.From, To: f.To}
}

func registerOrders(c *console.Console, d Deps) {
	for _, x := range []struct {
		s          side
		path, id   string
		tag, title string
		need       access.Permission
	}{
		{buyerSide, "/orders", "orders", "Buying", "my orders", access.OrderRead},
		{sellerSide, "/seller/orders", "seller-orders", "Selling", "orders of my products", access.SaleRead},
		{operatorSide, "/operator/orders", "operator-orders", "Operating", "all orders", access.OrderOversee},
	} {
		console.Read(c, console.Op{Path: x.path, ID: "list-" + x.id, Tag: x.tag, Need: x.need, Summary: "List " + x.title},
			func(ctx context.Context, in *orderFilter) (page.Page[OrderView], error) {
				p, err := order.List(ctx, c.DB, in.filter(ctx, x.s), in.Page())
				return page.Map(p, func(r order.Row) OrderView { return orderOf(console.LangFrom(ctx), r, x.s == sellerSide) }), err
			})
		console.Read(c, console.Op{Path: x.path + "/{id}", ID: "get-" + strings.TrimSuffix(x.id, "s"), Tag: x.tag, Need: x.need, Summary: "Show one of " + x.title},
			func(ctx context.Context, in *orderID) (out orderDetail, err error) {
				err = c.DB.View(ctx, func(q db.Querier) error {
					out, err = d.detail(ctx, q, x.s, in.ID)
					return err
				})
				return out, err
			})
		need := x.need
		c.Handle("GET /api/v1"+x.path+".csv", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := c.Admit(r, console.Op{Need: need}); err != nil {
				console.Fail(w, r, err)
				return
			}
			f, err := exportFilter(r, x.s)
			if err != nil {
				console.Fail(w, r, err)
				return
			}
			exportOrders(w, r, c.DB, f, x.s == sellerSide)
		}))
	}
}

// exportFilter reads the same filters as the list.
func exportFilter(r *http.Request, s side) (order.Filter, error) {
	q := r.URL.Query()
	in := orderFilter{State: q.Get("state"), Kind: q.Get("kind"), Q: q.Get("q")}
	var check errs.Check
	for name, into := range map[string]*time.Time{"from": &in.From, "to": &in.To} {
		text := q.Get(name)
		if text == "" {
			continue
		}
		var err error
		if *into, err = time.Parse(time.RFC3339, text); err != nil {
			check.Add(name, "date")
		}
	}
	return in.filter(r.Context(), s), check.Err()
}

var orderColumns = []string{"number", "kind", "product", "specification", "mode", "customer", "user", "created", "paid", "amount", "currency", "status", "purchase"}

// exportOrders serves the filtered orders as CSV in the documented columns.
func exportOrders(w http.ResponseWriter, r *http.Request, d *db.DB, f order.Filter, seller bool) {
	l, after, over := console.LangFrom(r.Context()), "", false
	file{name: "orders.csv", title: "order.column.", columns: orderColumns, next: func(ctx context.Context) (rows [][]string, err error) {
		if over {
			return nil, nil
		}
		list, next, err := order.Batch(ctx, d, f, after, exportBatch)
		for _, row := range list {
			v := orderOf(l, row, seller)
			rows = append(rows, []string{v.ID, string(v.Kind), v.ProductName, v.SpecName, v.ChargingMode, v.BuyerName, v.UserName,
				v.CreatedAt.Format(time.RFC3339), instant(v.PaidAt), v.DueAmount.String(), v.Currency, string(v.State), v.Purchase})
		}
		after, over = next, next == ""
		return rows, err
	}}.serve(w, r)
}
