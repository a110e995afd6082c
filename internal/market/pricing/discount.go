package pricing

import (
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
)

// Form is how a discount makes a price lower (trade.md §10.1).
type Form string

// The forms.
const (
	Ratio     Form = "ratio"     // 折扣: a part (0,1] of the list price
	Fixed     Form = "fixed"     // 一口价: a price instead of the list price
	Reduction Form = "reduction" // 减免: an amount less
)

// Sorts of discount on a line.
const (
	ByPromotion  = "promotion"  // 促销折扣
	ByOffer      = "offer"      // 商家专属优惠
	ByAdjustment = "adjustment" // 订单调价
)

// The wire's types of an adjustment (trade.md §8.6).
const (
	WirePromotion  = 0
	WireAdjustment = 609
)

// Discount is the one discount of a line, as it was when the line was priced: part of the
// snapshot.
type Discount struct {
	ID       string      `json:"id"`
	Kind     string      `json:"kind"`     // ByPromotion, ByOffer or ByAdjustment
	WireType int         `json:"wireType"` // of the adjustment record (§8.6)
	Form     Form        `json:"form"`
	Value    money.Price `json:"value"` // the ratio; the fixed price; the amount less
	Per      int         `json:"per"`   // of how many periods a fixed price is the price; 0: of the whole line
	Name     i18n.Text   `json:"name"`
}

// Check holds form and value against §10.1: a ratio in (0,1] of at most four decimals, a fixed
// price from 0 and a reduction above 0, both of at most two decimals and below UnitCap.
func (d Discount) Check(k *errs.Check, at string) {
	if !k.OneOf(at+".form", string(d.Form), string(Ratio), string(Fixed), string(Reduction)) {
		return
	}
	if d.Form == Ratio {
		if d.Value.Sign() <= 0 || d.Value.Cmp(money.PriceOf(1)) > 0 || !d.Value.Fits(4) {
			k.Add(at+".value", "discount.ratio_range")
		}
		return
	}
	if d.Value.Sign() < 0 || d.Value.Sign() == 0 && d.Form == Reduction || d.Value.Cmp(UnitCap) > 0 || !d.Value.Fits(2) {
		k.Add(at+".value", "discount.amount_range", "max", UnitCap.String())
	}
}

// Apply is the amount of a line after the discount, cut once as every charge to a buyer is
// (§1). exact is the list price before it was cut, unit the list price of one period, periods
// how many were bought. It is never below 0, and never above the list price: a discount that
// would make the line dearer leaves it as it is.
func (d Discount) Apply(exact, unit money.Price, periods int) money.Amount {
	var after money.Price
	switch d.Form {
	case Ratio:
		after = exact.Mul(d.Value)
	case Fixed:
		switch {
		case d.Per == 0:
			after = d.Value
		case exact.Cmp(unit.Times(int64(periods))) == 0:
			after = d.Value.Times(int64(periods)).Div(money.PriceOf(int64(d.Per)))
		default: // days beside whole periods: in the same proportion
			after = d.scaled(exact, unit)
		}
	case Reduction:
		after = exact.Sub(d.Value)
	default:
		after = exact
	}
	return between(after, exact)
}

// ApplyToChange is the fee of a change of specification after the discount (§10.1, "discount
// forms for changes"; §13.3): the exact difference times the ratio; times the fixed price of
// the new configuration ÷ its list price (newUnit, for the same length); or less the reduction.
// A negative difference costs nothing (scenario A).
func (d Discount) ApplyToChange(difference, newUnit money.Price) money.Amount {
	var after money.Price
	switch d.Form {
	case Ratio:
		after = difference.Mul(d.Value)
	case Fixed:
		after = d.scaled(difference, newUnit)
	case Reduction:
		after = difference.Sub(d.Value)
	default:
		after = difference
	}
	return between(after, difference)
}

func (d Discount) scaled(exact, unit money.Price) money.Price {
	if unit.Sign() <= 0 || d.Per == 0 {
		return exact
	}
	return exact.Mul(d.Value).Div(unit.Times(int64(d.Per)))
}

func between(after, list money.Price) money.Amount {
	if after.Cmp(list) > 0 {
		after = list
	}
	if after.Sign() < 0 {
		return 0
	}
	return money.Cut(after)
}

// Exact is the list price that an explanation adds up to before its tail was cut; without an
// explanation it is list.
func Exact(components []Component, list money.Amount) money.Price {
	if len(components) == 0 {
		return list.Price()
	}
	var sum money.Price
	for _, c := range components {
		if c.Kind != KindCut {
			sum = sum.Add(c.Amount)
		}
	}
	return sum
}
