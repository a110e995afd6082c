package pricing

import (
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
)

// Kind says what a component of a price is.
type Kind string

// The kinds of components.
const (
	KindBase        Kind = "base"        // list price of a period or purchase
	KindSurcharge   Kind = "surcharge"   // of a chosen value; may be negative
	KindCombination Kind = "combination" // list price that a combination has of its own
	KindUnits       Kind = "units"       // the quantity, LINEAR
	KindTier        Kind = "tier"        // the part of the quantity that lies in an interval, GRADUATED
	KindVolume      Kind = "volume"      // the whole quantity at the price of its interval, VOLUME
	KindTrial       Kind = "trial"       // free of charge
	KindCut         Kind = "cut"         // 抹零: what is dropped below 0.01
)

// Part is a fixed part of a price per period: the base price, a value's surcharge.
type Part struct {
	Kind      Kind        `json:"kind"`
	Attribute string      `json:"attribute,omitempty"`
	Value     string      `json:"value,omitempty"`
	Price     money.Price `json:"price"`
}

// Plan is the price of one combination for one period: its parts and the quantity's rate.
type Plan struct {
	Parts []Part `json:"parts,omitempty"`
	Rate  *Rate  `json:"rate,omitempty"`
}

// Base is the sum of the parts: the price of a period without the quantity.
func (p Plan) Base() money.Price {
	var sum money.Price
	for _, x := range p.Parts {
		sum = sum.Add(x.Price)
	}
	return sum
}

// Item is what is priced: a plan with what may be asked for.
type Item struct {
	Template    Template
	Combination Combination
	Plan        Plan
	MinPeriods  int // 1 and 1 for a purchase without periods
	MaxPeriods  int
}

// Ask is what a buyer wants of an item.
type Ask struct {
	Periods  int   // how many years, months or days; 1 for a purchase without periods
	Quantity int64 // of the quantity attribute; 0 is its minimum
}

// Component is one line of an explained price. Amount = Price × Quantity × Periods,
// exactly, but for KindExtra; Quantity is 1 where nothing is counted. Of a change it is
// Price × Quantity × Left, ÷ 12 when Per is a year; what is taken off is negative.
type Component struct {
	Kind      Kind        `json:"kind"`
	Attribute i18n.Text   `json:"attribute,omitzero"`
	Value     i18n.Text   `json:"value,omitzero"`
	Unit      i18n.Text   `json:"unit,omitzero"`
	From      int64       `json:"from,omitempty"` // of the interval (From, To]
	To        int64       `json:"to,omitempty"`   // 0 has no upper bound
	Quantity  int64       `json:"quantity"`
	Periods   int         `json:"periods"`
	Price     money.Price `json:"price"`
	Amount    money.Price `json:"amount"`
	Months    money.Price `json:"months,omitzero"` // of KindExtra, by which its price is multiplied

	Per  string      `json:"per,omitempty"` // of a change: Price is of a year, month or day
	Left money.Price `json:"left,omitzero"` // of a change: the months, or days, that are left
}

// Result is a computed price. The components' amounts add up to Amount exactly.
type Result struct {
	PeriodPrice money.Price // exact, with the quantity
	Amount      money.Amount
	Components  []Component
	Chosen      Chosen
}

// TotalCap bounds the amount of one line.
var TotalCap = money.PriceOf(100_000_000_000)

// Compute prices an item (trade.md §3.3): period price = base + quantity price; amount =
// Cut(period price × periods), once. Faults, all Invalid and per field: "periods" outside
// the item's lengths, "quantity" outside its range, off its step, or where there is no
// quantity attribute; "amount" above TotalCap.
func Compute(it Item, a Ask) (Result, error) {
	var k errs.Check
	k.Range("periods", int64(a.Periods), int64(it.MinPeriods), int64(it.MaxPeriods))
	q := it.Template.Quantity
	switch {
	case q == nil && a.Quantity != 0:
		k.Add("quantity", "pricing.no_quantity")
	case q != nil && a.Quantity == 0:
		a.Quantity = q.Min
	case q != nil && k.Range("quantity", a.Quantity, q.Min, q.Max) && (a.Quantity-q.Min)%q.Step != 0:
		k.Add("quantity", "pricing.step", "min", q.Min, "step", q.Step)
	}
	if err := k.Err(); err != nil {
		return Result{}, err
	}
	out := Result{Chosen: chosen(it, a.Quantity)}
	for _, p := range it.Plan.Parts {
		c := Component{Kind: p.Kind, Quantity: 1, Price: p.Price}
		c.Attribute, c.Value = it.Template.names(Pick{p.Attribute, p.Value})
		out.Components = append(out.Components, c)
	}
	if q != nil && it.Plan.Rate != nil {
		for _, s := range it.Plan.Rate.split(a.Quantity) {
			c := Component{Kind: unitKind[it.Plan.Rate.Mode], Attribute: q.Name, Unit: q.Unit, Quantity: s.units, Price: s.price}
			if it.Plan.Rate.Mode != Linear {
				c.From, c.To = s.from, s.to
			}
			out.Components = append(out.Components, c)
		}
	}
	var exact money.Price
	for i := range out.Components {
		c := &out.Components[i]
		period := c.Price.Times(c.Quantity)
		c.Periods, c.Amount = a.Periods, period.Times(int64(a.Periods))
		out.PeriodPrice, exact = out.PeriodPrice.Add(period), exact.Add(c.Amount)
	}
	if exact.Sign() < 0 || exact.Cmp(TotalCap) > 0 {
		k.Add("amount", "pricing.price_range", "min", "0", "max", TotalCap.String())
		return Result{}, k.Err()
	}
	out.Amount = money.Cut(exact)
	if tail := out.Amount.Price().Sub(exact); tail.Sign() != 0 {
		out.Components = append(out.Components, Component{Kind: KindCut, Quantity: 1, Periods: 1, Price: tail, Amount: tail})
	}
	return out, nil
}

var unitKind = map[Mode]Kind{Linear: KindUnits, Graduated: KindTier, Volume: KindVolume}

// Chosen is what a buyer picked, with the names of that day: part of an order line's
// snapshot. The zero value is a simple specification.
type Chosen struct {
	Values   []ChosenValue   `json:"values,omitempty"`
	Quantity *ChosenQuantity `json:"quantity,omitempty"`
}

// ChosenValue is a picked value of an enumerated attribute.
type ChosenValue struct {
	Code      string    `json:"code"`
	Value     string    `json:"value"`
	Name      i18n.Text `json:"name"`
	ValueName i18n.Text `json:"valueName"`
}

// ChosenQuantity is the chosen number of the quantity attribute: linearValue on the wire,
// or the parameter that Field names.
type ChosenQuantity struct {
	Code  string    `json:"code"`
	Field string    `json:"field"`
	Name  i18n.Text `json:"name"`
	Unit  i18n.Text `json:"unit"`
	Value int64     `json:"value"`
}

// Linear is the chosen quantity that travels in the given parameter, 0 when it is another.
func (c Chosen) Linear(field string) int64 {
	if c.Quantity == nil || c.Quantity.Field != field {
		return 0
	}
	return c.Quantity.Value
}

func chosen(it Item, quantity int64) Chosen {
	var out Chosen
	for _, p := range it.Combination {
		name, value := it.Template.names(p)
		out.Values = append(out.Values, ChosenValue{p.Attribute, p.Value, name, value})
	}
	if q := it.Template.Quantity; q != nil {
		out.Quantity = &ChosenQuantity{q.Code, q.Field, q.Name, q.Unit, quantity}
	}
	return out
}
