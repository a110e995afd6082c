package orders

import (
	"slices"
	"time"

	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/discount"
	"jishi/internal/market/pricing"
	"jishi/internal/trade"
)

// discountView is the discount that a line has.
type discountView struct {
	ID       string       `json:"id"`
	Kind     string       `json:"kind" doc:"promotion, offer or adjustment"`
	WireType int          `json:"wireType" doc:"Type of the adjustment: 0 promotion or offer, 609 adjusted by the marketplace"`
	Name     string       `json:"name"`
	Form     pricing.Form `json:"form" doc:"ratio, fixed or reduction"`
	Value    money.Price  `json:"value" doc:"The ratio, the fixed price, or the amount less"`
	Per      int          `json:"per" doc:"Of how many periods a fixed price is the price; 0: of the whole line"`
	Saves    money.Amount `json:"saves"`
}

func discountOf(l i18n.Lang, d *pricing.Discount, saves money.Amount) *discountView {
	if d == nil {
		return nil
	}
	return &discountView{ID: d.ID, Kind: d.Kind, WireType: d.WireType, Name: d.Name.In(l), Form: d.Form, Value: d.Value, Per: d.Per, Saves: saves}
}

// optionView is a discount that fits, with its outcome.
type optionView struct {
	ID      string       `json:"id"`
	Kind    string       `json:"kind"`
	Name    string       `json:"name"`
	Form    pricing.Form `json:"form"`
	Value   money.Price  `json:"value"`
	Per     int          `json:"per"`
	Amount  money.Amount `json:"amount" doc:"To be paid with it"`
	Saves   money.Amount `json:"saves"`
	EndsAt  time.Time    `json:"endsAt"`
	Taken   bool         `json:"taken"`
	Problem *problemView `json:"problem,omitempty" doc:"Why it cannot be taken"`
}

func optionsOf(l i18n.Lang, d trade.Discounts) []optionView {
	out := []optionView{}
	for _, o := range d.Options {
		v := optionView{ID: o.Rule.ID, Kind: o.Rule.Kind, Name: o.Rule.Name, Amount: o.Total, Saves: o.Saves, EndsAt: o.Rule.EndsAt,
			Taken: d.Taken != nil && d.Taken.Rule.ID == o.Rule.ID}
		for _, x := range o.Lines {
			if x != nil {
				v.Form, v.Value, v.Per = x.Form, x.Value, x.Per
				break
			}
		}
		if e, ok := errs.As(o.Problem); ok {
			v.Problem = problemOf(l, e.Code, e.Args)
		}
		out = append(out, v)
	}
	return out
}

// cartPick is a buyer's choice for one order of his cart.
type cartPick struct {
	Key      string `json:"key" doc:"Of the order: a product, or a line that becomes an order of its own"`
	Discount string `json:"discount" required:"false" doc:"A discount, none, or empty for the best"`
	Link     string `json:"link" required:"false" doc:"Token of the link that the buyer came by"`
}

func picksOf(list []cartPick) map[string]discount.Pick {
	out := map[string]discount.Pick{}
	for _, p := range list {
		out[p.Key] = discount.Pick{ID: p.Discount, Link: p.Link}
	}
	return out
}

// cartDiscounts are the discounts that fit one order of the cart.
type cartDiscounts struct {
	Key     string       `json:"key"`
	Options []optionView `json:"options"`
}

func cartDiscountsOf(l i18n.Lang, c trade.Cart) []cartDiscounts {
	out := []cartDiscounts{}
	for _, x := range c.Lines {
		d, found := c.Discounts[x.Key()]
		if !found || len(d.Options) == 0 {
			continue
		}
		if !slices.ContainsFunc(out, func(o cartDiscounts) bool { return o.Key == x.Key() }) {
			out = append(out, cartDiscounts{Key: x.Key(), Options: optionsOf(l, d)})
		}
	}
	return out
}
