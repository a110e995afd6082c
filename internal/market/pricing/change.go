package pricing

import (
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
)

// The kinds of components of a change of specification (规格变更, trade.md §13.3).
const (
	KindChangeNew   Kind = "change_new"   // the new price for what is left of the term
	KindChangeOld   Kind = "change_old"   // what was bought for it, taken off
	KindChangeUnits Kind = "change_units" // more units at the price of the interval that the new total falls in
	KindChangeKept  Kind = "change_kept"  // what would be below 0 is not given back
)

// Stretch is a list price over what is left of a term (剩余周期, §13.2).
type Stretch struct {
	Price money.Price // of one period of the type Per
	Per   string      // "year", "month" or "day"
	Left  money.Price // months that are left; for Per "day" days
}

// Value is price × what is left, a year being twelve months: exact but for the division by
// 12, which keeps 12 decimals and comes last.
func (s Stretch) Value() money.Price {
	v := s.Price.Mul(s.Left)
	if s.Per == "year" {
		return v.Div(money.PriceOf(12))
	}
	return v
}

// ChangeDiscount lowers the fee of a change (§10.1): difference is exact and not negative,
// unit the new list price of one period. The result is cut.
type ChangeDiscount interface {
	ApplyToChange(difference, unit money.Price) money.Amount
}

// ChangeCase is a change of specification within a running term (scenario A).
type ChangeCase struct {
	Bought     []Component    // what was bought for the rest of the term, as KindChangeOld components: see Held
	Item       Item           // the target as it is sold now
	Per        string         // type of the target's period: "year", "month" or "day"
	Left       money.Price    // of the term, in months, or days for Per "day"
	SameSKU    bool           // the combination stays: only the quantity is raised (扩容)
	Before     int64          // present quantity; 0 without the attribute
	After      int64          // new total; 0 keeps the present one
	WholeTotal bool           // expand_rule=whole_total: VOLUME is priced by the whole new total
	Discount   ChangeDiscount // nil: none
}

// Held is the list price of something bought for what is left, as a component to take off.
func Held(s Stretch) Component {
	return Component{Kind: KindChangeOld, Quantity: 1, Periods: 1, Per: s.Per, Left: s.Left, Price: s.Price, Amount: money.Price{}.Sub(s.Value())}
}

// ChangeResult is a priced change. The components' amounts add up to List exactly.
type ChangeResult struct {
	PeriodPrice money.Price // new list price of one period, with the quantity
	Difference  money.Price // exact, before it is cut; not negative
	List        money.Amount
	Amount      money.Amount // after the discount
	Components  []Component
	Chosen      Chosen
}

// ComputeChange prices a change within a running term (§13.3): (new price − list price of what
// was bought) × what is left, × discount, cut once. Another combination that comes out below 0
// costs nothing. Only more of the quantity costs, LINEAR and GRADUATED, the difference of the
// full prices; VOLUME, the price of the interval of the new total × the increment, or with
// WholeTotal the whole new total; a result below 0 is refused: "pricing.larger_step" on
// "quantity". Both at once with VOLUME: the combination at the old quantity, then the increment.
//
// Other faults, all Invalid: "quantity" outside its range or off its step, less than before
// ("pricing.only_more"), or where there is none ("pricing.no_quantity"); "target" when nothing
// would change ("pricing.nothing_changes").
func ComputeChange(c ChangeCase) (ChangeResult, error) {
	var k errs.Check
	q, rate := c.Item.Template.Quantity, c.Item.Plan.Rate
	if c.After == 0 {
		c.After = c.Before
	}
	switch {
	case q == nil && c.After != 0:
		k.Add("quantity", "pricing.no_quantity")
	case q != nil && k.Range("quantity", c.After, q.Min, q.Max) && (c.After-q.Min)%q.Step != 0:
		k.Add("quantity", "pricing.step", "min", q.Min, "step", q.Step)
	case q != nil && k.OK() && c.After < c.Before:
		k.Add("quantity", "pricing.only_more", "present", c.Before)
	case c.SameSKU && c.After == c.Before:
		k.Add("target", "pricing.nothing_changes")
	}
	if err := k.Err(); err != nil {
		return ChangeResult{}, err
	}
	out := ChangeResult{PeriodPrice: c.Item.period(c.After), Chosen: chosen(c.Item, c.After)}
	byIncrement := c.After > c.Before && rate != nil && rate.Mode == Volume && !c.WholeTotal
	var fee money.Price
	if !byIncrement || !c.SameSKU {
		quantity := c.After
		if byIncrement {
			quantity = c.Before
		}
		fee = c.difference(quantity, &out)
		switch {
		case fee.Sign() >= 0:
		case c.SameSKU:
			k.Add("quantity", "pricing.larger_step")
			return ChangeResult{}, k.Err()
		default:
			kept := money.Price{}.Sub(fee)
			out.Components = append(out.Components, Component{Kind: KindChangeKept, Quantity: 1, Periods: 1, Price: kept, Amount: kept})
			fee = money.Price{}
		}
	}
	if byIncrement {
		fee = fee.Add(c.increment(&out))
	}
	if fee.Cmp(TotalCap) > 0 {
		k.Add("amount", "pricing.price_range", "min", "0", "max", TotalCap.String())
		return ChangeResult{}, k.Err()
	}
	out.Difference, out.List = fee, money.Cut(fee)
	out.Amount = out.List
	if c.Discount != nil {
		out.Amount = c.Discount.ApplyToChange(fee, out.PeriodPrice)
	}
	if tail := out.List.Price().Sub(fee); tail.Sign() != 0 {
		out.Components = append(out.Components, Component{Kind: KindCut, Quantity: 1, Periods: 1, Price: tail, Amount: tail})
	}
	return out, nil
}

// difference is the new full price at a quantity less what was bought.
func (c ChangeCase) difference(quantity int64, out *ChangeResult) money.Price {
	s := Stretch{Price: c.Item.period(quantity), Per: c.Per, Left: c.Left}
	fee := s.Value()
	out.Components = append(out.Components, Component{Kind: KindChangeNew, Quantity: 1, Periods: 1, Per: c.Per, Left: c.Left, Price: s.Price, Amount: fee})
	for _, b := range c.Bought {
		out.Components = append(out.Components, b)
		fee = fee.Add(b.Amount)
	}
	return fee
}

// increment is the price of the interval of the new total × the increment.
func (c ChangeCase) increment(out *ChangeResult) money.Price {
	share, more, q := c.Item.Plan.Rate.split(c.After)[0], c.After-c.Before, c.Item.Template.Quantity
	v := Stretch{Price: share.price.Times(more), Per: c.Per, Left: c.Left}.Value()
	out.Components = append(out.Components, Component{Kind: KindChangeUnits, Attribute: q.Name, Unit: q.Unit, From: share.from, To: share.to,
		Quantity: more, Periods: 1, Per: c.Per, Left: c.Left, Price: share.price, Amount: v})
	return v
}

// period is the exact list price of one period at a quantity.
func (it Item) period(quantity int64) money.Price {
	p := it.Plan.Base()
	if it.Template.Quantity != nil && it.Plan.Rate != nil {
		p = p.Add(it.Plan.Rate.Price(quantity))
	}
	return p
}
