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
	"jishi/internal/market/cart"
	"jishi/internal/market/order"
	"jishi/internal/trade"
)

// cartLineView is a line with what it would cost now.
type cartLineView struct {
	ID         string        `json:"id"`
	SellerID   string        `json:"sellerId"`
	SellerName string        `json:"sellerName"`
	Periods    int           `json:"periods"`
	MinPeriods int           `json:"minPeriods"`
	MaxPeriods int           `json:"maxPeriods"`
	Quantity   *quantityView `json:"quantity,omitempty" doc:"Where the specification has a quantity"`
	Price      priceView     `json:"price" doc:"Without amounts where nothing can be priced"`
	Problem    *problemView  `json:"problem,omitempty" doc:"Why this line cannot be ordered now; it stays in the cart"`
	Key        string        `json:"key" doc:"Of the order that it becomes part of, for discounts"`
	AddedAt    time.Time     `json:"addedAt"`
}

type quantityView struct {
	Name  string `json:"name"`
	Unit  string `json:"unit,omitempty"`
	Value int64  `json:"value"`
	Min   int64  `json:"min"`
	Max   int64  `json:"max"`
	Step  int64  `json:"step"`
}

type cartView struct {
	Lines    []cartLineView `json:"lines" doc:"In the order in which they came"`
	Max      int            `json:"max" doc:"How many lines a cart holds"`
	Currency string         `json:"currency"`
	Blocker  *problemView   `json:"blocker,omitempty" doc:"What stands against ordering anything"`

	Discounts []cartDiscounts `json:"discounts" doc:"What fits each order that the cart would make"`
}

type cartCount struct {
	Count int `json:"count"`
}

func cartLineOf(l i18n.Lang, x trade.CartLine) cartLineView {
	s := x.Offer.Sale
	v := cartLineView{ID: x.ID, SellerID: s.SellerID, SellerName: x.SellerName.In(l), Periods: x.Periods, MinPeriods: s.MinPeriods, MaxPeriods: s.MaxPeriods,
		Price: priceOf(l, x.Offer), Problem: faultOf(l, x.Problem), AddedAt: x.AddedAt, Key: x.Key()}
	v.Price.Blocker = nil // Problem tells it
	if x.Offer.Line.PlanID == "" {
		v.Price.PlanID, v.Price.ProductID, v.Price.ProductName, v.Price.SpecName = x.PlanID, s.ProductID, s.ProductName.In(l), s.SpecName.In(l)
		v.Price.ChargingMode, v.Price.PeriodType, v.Price.Periods = string(s.ChargingMode), s.PeriodType, x.Periods
	}
	if q := s.Template.Quantity; q != nil {
		v.Quantity = &quantityView{Name: q.Name.In(l), Unit: q.Unit.In(l), Value: x.Quantity, Min: q.Min, Max: q.Max, Step: q.Step}
	}
	return v
}

// faultOf is the first thing that an error tells.
func faultOf(l i18n.Lang, err error) *problemView {
	e, ok := errs.As(err)
	if !ok {
		return nil
	}
	if len(e.Fields) > 0 {
		return problemOf(l, e.Fields[0].Code, e.Fields[0].Args)
	}
	return problemOf(l, e.Code, e.Args)
}

type cartLineID struct {
	ID string `path:"id" doc:"Line of the cart"`
}

type checkoutBody struct {
	Lines []struct {
		ID     string       `json:"id"`
		Amount money.Amount `json:"amount" doc:"As it was shown; another price is a conflict"`

		VoucherID     string        `json:"voucherId" required:"false" doc:"The voucher of the order that the line becomes part of; one line of an order names it"`
		VoucherAmount *money.Amount `json:"voucherAmount" required:"false" doc:"What it was shown to pay; another amount is a conflict"`
	} `json:"lines"`
	AgreementsAccepted []string   `json:"agreementsAccepted" required:"false" doc:"Products whose agreements were read and accepted"`
	Discounts          []cartPick `json:"discounts" required:"false" doc:"What the buyer picked for each order; the best where left out"`
	RemarksBody
}

// OrdersView are several orders with their sum.
type OrdersView struct {
	Orders   []OrderView  `json:"orders"`
	Total    money.Amount `json:"total"`
	Currency string       `json:"currency"`
}

func registerCart(c *console.Console, d Deps) {
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Tag: "Buying", Need: access.OrderBuy, Summary: summary}
	}
	show := func(ctx context.Context, picks []cartPick) (out cartView, err error) {
		site, err := d.Settings.Site(ctx)
		if err != nil {
			return out, err
		}
		l := console.LangFrom(ctx)
		err = c.DB.View(ctx, func(q db.Querier) error {
			found, err := d.Trade.ShowCartWith(ctx, q, buyerOf(ctx), picksOf(picks))
			out = cartView{Lines: []cartLineView{}, Max: cart.MaxLines, Currency: site.Currency, Blocker: faultOf(l, found.Blocker), Discounts: cartDiscountsOf(l, found)}
			for _, x := range found.Lines {
				out.Lines = append(out.Lines, cartLineOf(l, x))
			}
			return err
		})
		return out, err
	}
	console.Read(c, op("", "/cart", "get-cart", "The account's cart at today's prices; lines that cannot be bought say why"),
		func(ctx context.Context, _ *struct{}) (cartView, error) { return show(ctx, nil) })
	console.Act(c, op(http.MethodPost, "/cart/price", "price-cart", "The cart with the discounts that the buyer picked; nothing is kept"),
		func(ctx context.Context, in *struct {
			Body struct {
				Discounts []cartPick `json:"discounts"`
			}
		}) (cartView, error) {
			return show(ctx, in.Body.Discounts)
		})
	console.Read(c, op("", "/cart/count", "count-cart", "How many lines the cart has"),
		func(ctx context.Context, _ *struct{}) (cartCount, error) {
			n, err := cart.Count(ctx, c.DB, console.CallerFrom(ctx).AccountID)
			return cartCount{n}, err
		})
	console.Write(c, op(http.MethodPost, "/cart/lines", "add-to-cart", "Put a plan into the cart, or change the line that it has of it"),
		func(ctx context.Context, tx *db.Tx, in *struct{ Body priceBody }) (cartLineView, error) {
			x, err := d.Trade.AddToCart(ctx, tx, buyerOf(ctx), in.Body.wish())
			return cartLineOf(console.LangFrom(ctx), x), err
		})
	console.Write(c, op(http.MethodPut, "/cart/lines/{id}", "change-cart-line", "Change length and quantity of a line"),
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id" doc:"Line of the cart"`
			Body struct {
				Periods  int   `json:"periods"`
				Quantity int64 `json:"quantity" required:"false" doc:"Of the quantity attribute; its minimum where left out"`
			}
		}) (cartLineView, error) {
			x, err := d.Trade.ChangeCart(ctx, tx, buyerOf(ctx), in.ID, in.Body.Periods, in.Body.Quantity)
			return cartLineOf(console.LangFrom(ctx), x), err
		})
	console.Write(c, op(http.MethodDelete, "/cart/lines/{id}", "remove-cart-line", "Take a line out; one that is gone already is no fault"),
		func(ctx context.Context, tx *db.Tx, in *cartLineID) (struct{}, error) {
			return struct{}{}, cart.Remove(ctx, tx, console.CallerFrom(ctx).AccountID, in.ID)
		})
	console.Write(c, op(http.MethodDelete, "/cart", "clear-cart", "Take all lines out"),
		func(ctx context.Context, tx *db.Tx, _ *struct{}) (struct{}, error) {
			return struct{}{}, cart.Clear(ctx, tx, console.CallerFrom(ctx).AccountID)
		})
	checkout := op(http.MethodPost, "/cart/checkout", "checkout-cart", "Make one order of each product among the chosen lines, at exactly the shown amounts, and take them out of the cart")
	checkout.Money, checkout.Status = true, http.StatusCreated
	console.Write(c, checkout, func(ctx context.Context, tx *db.Tx, in *struct{ Body checkoutBody }) (OrdersView, error) {
		what := trade.Checkout{Accepted: in.Body.AgreementsAccepted, Remarks: in.Body.remarks(), Discounts: picksOf(in.Body.Discounts)}
		for _, x := range in.Body.Lines {
			what.Lines = append(what.Lines, trade.Chosen{LineID: x.ID, Amount: x.Amount, Voucher: trade.VoucherChoice{ID: x.VoucherID, Amount: x.VoucherAmount}})
		}
		made, err := d.Trade.Checkout(ctx, tx, buyerOf(ctx), what)
		if err != nil {
			return OrdersView{}, err
		}
		return shownAll(ctx, tx, made)
	})
	registerMergedPayment(c, d)
}

type mergedView struct {
	Paid bool `json:"paid" doc:"False: some orders expired, see their causes; nothing was paid"`
	OrdersView
}

func registerMergedPayment(c *console.Console, d Deps) {
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/orders/pay", ID: "pay-orders", Tag: "Buying", Need: access.OrderBuy, Money: true,
		Summary: "Pay up to 30 orders from the balance, all or nothing; above the site's limit the person must have been proven lately; orders whose product is no longer on sale expire, and then nothing is paid"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			Body struct {
				Orders []string `json:"orders" doc:"Order numbers"`
			}
		}) (mergedView, error) {
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return mergedView{}, err
			}
			due, err := d.Trade.FindUnpaid(ctx, tx, buyerOf(ctx), in.Body.Orders)
			if err != nil {
				return mergedView{}, err
			}
			if err := console.RequireRecentAbove(ctx, due.Total, site.Security.AmountLimit); err != nil {
				return mergedView{}, err
			}
			m, err := d.Trade.PayAll(ctx, tx, buyerOf(ctx), in.Body.Orders)
			if err != nil {
				return mergedView{}, err
			}
			out, err := shownAll(ctx, tx, m.Orders)
			return mergedView{Paid: m.Paid, OrdersView: out}, err
		})
}

func shownAll(ctx context.Context, q db.Querier, list []order.Order) (OrdersView, error) {
	out := OrdersView{Orders: []OrderView{}}
	for _, o := range list {
		v, err := shown(ctx, q, o)
		if err != nil {
			return out, err
		}
		out.Orders = append(out.Orders, v)
		out.Total += o.DueAmount
		out.Currency = o.Currency
	}
	return out, nil
}
