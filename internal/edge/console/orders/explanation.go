package orders

import (
	"strconv"

	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

// chosenView is an attribute and what was picked of it, in the reader's language.
type chosenView struct {
	Name     string `json:"name"`
	Value    string `json:"value" doc:"Of a quantity the number alone"`
	Unit     string `json:"unit,omitempty"`
	Quantity int64  `json:"quantity,omitempty" doc:"Of the quantity attribute"`
}

func chosenOf(l i18n.Lang, c pricing.Chosen) []chosenView {
	out := []chosenView{}
	for _, v := range c.Values {
		out = append(out, chosenView{Name: v.Name.In(l), Value: v.ValueName.In(l)})
	}
	if q := c.Quantity; q != nil {
		out = append(out, chosenView{Name: q.Name.In(l), Value: strconv.FormatInt(q.Value, 10), Unit: q.Unit.In(l), Quantity: q.Value})
	}
	return out
}

// componentView is a line of an explained price: amount = price × quantity × periods; of extra
// days price × months, and of a change price × quantity × left.
type componentView struct {
	Kind      pricing.Kind `json:"kind" doc:"base, combination, surcharge, units, tier (the part of the quantity in an interval), volume (all of it at the price of its interval), trial, extra (days up to a unified expiry date), cut (dropped below 0.01), change_new (the new price for what is left), change_old (what was bought for it), change_units (more units), change_kept (below 0 nothing is given back)"`
	Attribute string       `json:"attribute,omitempty"`
	Value     string       `json:"value,omitempty"`
	Unit      string       `json:"unit,omitempty"`
	From      int64        `json:"from,omitempty" doc:"Lower bound of the interval, which does not belong to it"`
	To        int64        `json:"to,omitempty" doc:"Upper bound, which does; 0 has none"`
	Quantity  int64        `json:"quantity"`
	Periods   int          `json:"periods"`
	Price     money.Price  `json:"price"`
	Amount    money.Price  `json:"amount" doc:"Exact"`
	Months    string       `json:"months,omitempty" doc:"Of extra days, whose number is the quantity: the same in months, by which the price is multiplied"`
	Per       string       `json:"per,omitempty" doc:"Of a change: the price is of a year, month or day"`
	Left      *money.Price `json:"left,omitempty" doc:"Of a change: months, or days, that are left"`
}

func explained(l i18n.Lang, components []pricing.Component) []componentView {
	out := []componentView{}
	for _, c := range components {
		v := componentView{Kind: c.Kind, Attribute: c.Attribute.In(l), Value: c.Value.In(l), Unit: c.Unit.In(l), From: c.From, To: c.To,
			Quantity: c.Quantity, Periods: c.Periods, Price: c.Price, Amount: c.Amount, Per: c.Per}
		if c.Months.Sign() != 0 {
			v.Months = c.Months.String()
		}
		if c.Per != "" {
			v.Left = &c.Left
		}
		out = append(out, v)
	}
	return out
}
