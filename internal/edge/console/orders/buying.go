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

type priceBody struct {
	PlanID  string `json:"planId" required:"false"`
	Periods int    `json:"periods" required:"false" doc:"How many years, months or days; the least where left out"`

	InstanceID string `json:"instanceId,omitempty" required:"false" doc:"Renews this service, or converts this trial; planId may then be left out"`

	Quantity int64 `json:"quantity" required:"false" doc:"Of the quantity attribute; its minimum where left out"`

	UnifiedDay int `json:"unifiedDay,omitempty" required:"false" doc:"Of a renewal: its end is moved on to this day of the month, 1–28 or -1 for the last; periods 0 is then no whole period"`

	Discount string `json:"discount,omitempty" required:"false" doc:"Which of the discounts that fit; none: without any; the best where left out"`
	Link     string `json:"link,omitempty" required:"false" doc:"Token of the promotion's or offer's link that the buyer came by"`
}

func (b priceBody) wish() trade.Wish {
	return trade.Wish{PlanID: b.PlanID, Periods: b.Periods, Quantity: b.Quantity, Discount: b.pick()}
}

func (b priceBody) pick() discount.Pick { return discount.Pick{ID: b.Discount, Link: b.Link} }

// priceView explains a price component by component.
type priceView struct {
	PlanID       string       `json:"planId"`
	ProductID    string       `json:"productId"`
	ProductName  string       `json:"productName"`
	SpecName     string       `json:"specName"`
	ChargingMode string       `json:"chargingMode"`
	PeriodType   string       `json:"periodType"`
	Periods      int          `json:"periods"`
	UnitPrice    money.Price  `json:"unitPrice" doc:"Per period"`
	ListAmount   money.Amount `json:"listAmount"`
	Amount       money.Amount `json:"amount" doc:"To be paid"`
	TaxCategory  string       `json:"taxCategory" doc:"service, software or hardware"`
	TaxRate      money.Price  `json:"taxRate"`
	TaxAmount    money.Amount `json:"taxAmount" doc:"Contained in the amount"`
	Currency     string       `json:"currency"`
	ExpiresAt    *time.Time   `json:"expiresAt,omitempty" doc:"End of the term if it were bought now"`
	Blocker      *problemView `json:"blocker,omitempty" doc:"Why it cannot be bought now"`

	Trial       bool            `json:"trial"`
	Chosen      []chosenView    `json:"chosen" doc:"Attributes and quantity"`
	Explanation []componentView `json:"explanation" doc:"Adds up to listAmount"`
	UnifiedDay  int             `json:"unifiedDay,omitempty" doc:"Its end is moved on to this day of the month"`
	StartsAt    *time.Time      `json:"startsAt,omitempty" doc:"Of a change: what is left of the term counts from here"`
	Change      *changeView     `json:"change,omitempty" doc:"Of a change: what it leads away from"`

	Discount  *discountView `json:"discount,omitempty" doc:"The one discount, that makes amount of listAmount"`
	Discounts []optionView  `json:"discounts" doc:"Those that fit, the best first"`
}

func priceOf(l i18n.Lang, o trade.Offer) priceView {
	v := priceView{PlanID: o.Line.PlanID, ProductID: o.Line.ProductID, ProductName: o.Line.ProductName.In(l), SpecName: o.Line.SpecName.In(l),
		ChargingMode: o.Line.ChargingMode, PeriodType: o.Line.PeriodType, Periods: o.Line.PeriodNumber,
		UnitPrice: o.Line.UnitPrice, ListAmount: o.Line.ListAmount, Amount: o.Line.Amount,
		TaxCategory: o.Line.TaxCategory, TaxRate: o.Line.TaxRate, TaxAmount: order.Tax(o.Line.Amount, o.Line.TaxRate), Currency: o.Terms.Currency, ExpiresAt: at(o.Expires),
		Trial: o.Sale.Trial, Chosen: chosenOf(l, o.Line.Chosen), Explanation: explained(l, o.Line.Explanation), UnifiedDay: o.Line.UnifiedDay,
		StartsAt: at(o.Line.StartsAt), Change: changeOf(l, o.Line.Change),
		Discount: discountOf(l, o.Line.Discount, o.Line.ListAmount-o.Line.Amount), Discounts: optionsOf(l, o.Discounts)}
	if e, ok := errs.As(o.Blocker); ok {
		v.Blocker = problemOf(l, e.Code, e.Args)
	}
	return v
}

type quoteView struct {
	ID         string    `json:"id"`
	Price      priceView `json:"price"`
	ValidUntil time.Time `json:"validUntil"`
	OrderID    string    `json:"orderId,omitempty"`
}

type orderID struct {
	ID string `path:"id" doc:"Order number"`
}

func buyerOf(ctx context.Context) trade.Buyer {
	c := console.CallerFrom(ctx)
	return trade.Buyer{AccountID: c.AccountID, UserID: c.UserID, Approver: c.Can(access.OrderApprove)}
}

// RemarksBody are the buyer's own words on an order.
type RemarksBody struct {
	Note           string `json:"note" required:"false" doc:"For the buyer's own use, at most 200 characters"`
	PurchaseNumber string `json:"purchaseNumber" required:"false" doc:"The buyer's own number of the purchase, at most 64 characters; the seller sees it too"`
}

func (b RemarksBody) remarks() trade.Remarks {
	return trade.Remarks{Note: b.Note, Purchase: b.PurchaseNumber}
}

func registerBuying(c *console.Console, d Deps) {
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/storefront/price", ID: "preview-price", Tag: "Storefront",
		Summary: "Price a plan without keeping a quote"},
		func(ctx context.Context, in *struct{ Body priceBody }) (priceView, error) {
			o, err := d.Trade.PreviewFor(ctx, c.DB, console.CallerFrom(ctx).AccountID, in.Body.wish())
			return priceOf(console.LangFrom(ctx), o), err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/quotes", ID: "create-quote", Tag: "Buying", Need: access.OrderBuy, Status: 201,
		Summary: "Keep a price for half an hour"},
		func(ctx context.Context, tx *db.Tx, in *struct{ Body priceBody }) (quoteView, error) {
			var q order.Quote
			var o trade.Offer
			var err error
			if in.Body.InstanceID != "" {
				q, o, err = d.Trade.QuoteRenewal(ctx, tx, buyerOf(ctx), trade.Renewal{InstanceID: in.Body.InstanceID, PlanID: in.Body.PlanID, Periods: in.Body.Periods, UnifiedDay: in.Body.UnifiedDay, Discount: in.Body.pick()})
			} else {
				q, o, err = d.Trade.Quote(ctx, tx, buyerOf(ctx), in.Body.wish())
			}
			return quoteView{ID: q.ID, Price: priceOf(console.LangFrom(ctx), o), ValidUntil: q.ExpiresAt}, err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/orders", ID: "place-order", Tag: "Buying", Need: access.OrderBuy, Money: true, Status: 201,
		Summary: "Place an order from a quote; it comes back PENDING_REVIEW when a superior has to approve it, and is paid at once when a voucher covers all of it"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			Body struct {
				QuoteID           string `json:"quoteId"`
				AgreementAccepted bool   `json:"agreementAccepted" required:"false" doc:"The product's agreement was read and accepted"`
				Note              string `json:"note" required:"false" doc:"For the buyer's own use, at most 200 characters"`
				PurchaseNumber    string `json:"purchaseNumber" required:"false" doc:"The buyer's own number of the purchase, at most 64 characters; the seller sees it too"`

				VoucherID     string        `json:"voucherId" required:"false" doc:"The voucher that pays a part of it"`
				VoucherAmount *money.Amount `json:"voucherAmount" required:"false" doc:"What it was shown to pay; another amount is a conflict"`
			}
		}) (OrderView, error) {
			o, err := d.Trade.Place(ctx, tx, buyerOf(ctx), trade.Placing{QuoteID: in.Body.QuoteID, Accepted: in.Body.AgreementAccepted,
				Voucher: trade.VoucherChoice{ID: in.Body.VoucherID, Amount: in.Body.VoucherAmount},
				Remarks: trade.Remarks{Note: in.Body.Note, Purchase: in.Body.PurchaseNumber}})
			if err != nil {
				return OrderView{}, err
			}
			return shown(ctx, tx, o)
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/orders/{id}/pay", ID: "pay-order", Tag: "Buying", Need: access.OrderBuy, Money: true,
		Summary: "Pay an order from the balance; above the site's limit the person must have been proven lately; it comes back EXPIRED when the product is no longer on sale"},
		func(ctx context.Context, tx *db.Tx, in *orderID) (OrderView, error) {
			if err := d.mayPay(ctx, tx, in.ID); err != nil {
				return OrderView{}, err
			}
			o, err := d.Trade.Pay(ctx, tx, buyerOf(ctx), in.ID)
			if err != nil {
				return OrderView{}, err
			}
			return shown(ctx, tx, o)
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/orders/{id}/cancel", ID: "cancel-order", Tag: "Buying", Need: access.OrderBuy,
		Summary: "Cancel an unpaid order"},
		func(ctx context.Context, tx *db.Tx, in *orderID) (OrderView, error) {
			o, err := d.Trade.Cancel(ctx, tx, buyerOf(ctx), in.ID)
			if err != nil {
				return OrderView{}, err
			}
			return shown(ctx, tx, o)
		})
}

// mayPay wants the person proven again for an amount above the site's limit.
func (d Deps) mayPay(ctx context.Context, q db.Querier, orderID string) error {
	site, err := d.Settings.Site(ctx)
	if err != nil {
		return err
	}
	o, err := order.Find(ctx, q, order.Scope{AccountID: console.CallerFrom(ctx).AccountID}, orderID)
	if err != nil {
		return err
	}
	return console.RequireRecentAbove(ctx, o.DueAmount, site.Security.AmountLimit)
}
