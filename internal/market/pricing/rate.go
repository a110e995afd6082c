package pricing

import (
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
)

// Mode is how a quantity is priced (trade.md §3.1).
type Mode string

// The modes. A price without a quantity attribute (SIMPLE) has no rate.
const (
	Linear    Mode = "LINEAR"    // 线性: q × p
	Graduated Mode = "GRADUATED" // 阶梯 by interval: each part of q at the price of its own interval
	Volume    Mode = "VOLUME"    // 阶梯 by total: all of q at the price of the interval that q falls in
)

// Tier is an interval (lower, UpTo] of a quantity and the price of one unit in it. The
// lower bound is the UpTo of the tier before, 0 for the first. UpTo 0 has no upper bound.
type Tier struct {
	UpTo  int64       `json:"upTo,omitempty"`
	Price money.Price `json:"price"`
}

// holds tells whether q lies in the tier, given that it lies above the lower bound.
func (t Tier) holds(q int64) bool { return t.UpTo == 0 || q <= t.UpTo }

// Rate prices a quantity per period. LINEAR has one tier without an upper bound.
type Rate struct {
	Mode  Mode   `json:"mode"`
	Tiers []Tier `json:"tiers"`
}

const (
	// MaxTiers bounds the intervals of a rate.
	MaxTiers = 20
	// MaxQuantity is what fits the wire: seven digits (trade.md §3.3).
	MaxQuantity = 9_999_999
)

// UnitCap bounds the price of one unit.
var UnitCap = money.PriceOf(100_000_000)

// Check holds the rate against the rules of §3.1: known mode, intervals that rise without
// gap or overlap and end without an upper bound, prices of 0 up to UnitCap.
func (r Rate) Check(k *errs.Check, at string) {
	if !k.OneOf(at+".mode", string(r.Mode), string(Linear), string(Graduated), string(Volume)) {
		return
	}
	switch n := len(r.Tiers); {
	case n == 0:
		k.Add(at+".tiers", "required")
	case n > MaxTiers:
		k.Add(at+".tiers", "pricing.too_many", "max", MaxTiers)
		return
	case r.Mode == Linear && n > 1:
		k.Add(at+".tiers", "pricing.one_price")
	}
	lower := int64(0)
	for i, t := range r.Tiers {
		path := index(at+".tiers", i)
		last := i == len(r.Tiers)-1
		switch {
		case last && t.UpTo != 0:
			k.Add(path+".upTo", "pricing.tier_open")
		case !last && (t.UpTo <= lower || t.UpTo > MaxQuantity):
			k.Add(path+".upTo", "range", "min", lower+1, "max", MaxQuantity)
		}
		if t.Price.Sign() < 0 || t.Price.Cmp(UnitCap) > 0 {
			k.Add(path+".price", "pricing.price_range", "min", "0", "max", UnitCap.String())
		}
		lower = t.UpTo
	}
}

// share is a part of a quantity with its price.
type share struct {
	from, to int64 // the interval (from, to]; to 0 has no upper bound
	units    int64
	price    money.Price
}

// split divides q among the intervals that price it. LINEAR and VOLUME have one share.
func (r Rate) split(q int64) []share {
	var out []share
	lower := int64(0)
	for _, t := range r.Tiers {
		inside := t.holds(q)
		switch {
		case r.Mode == Graduated:
			upper := q
			if !inside {
				upper = t.UpTo
			}
			out = append(out, share{lower, t.UpTo, upper - lower, t.Price})
		case inside:
			out = append(out, share{lower, t.UpTo, q, t.Price})
		}
		if inside {
			break
		}
		lower = t.UpTo
	}
	return out
}

// Price is the exact price of q units for one period.
func (r Rate) Price(q int64) money.Price {
	var sum money.Price
	for _, s := range r.split(q) {
		sum = sum.Add(s.price.Times(s.units))
	}
	return sum
}

// Drop is a place where more costs less, which VOLUME allows (§3.1): Quantity costs Price,
// the next quantity NextPrice.
type Drop struct {
	Quantity  int64       `json:"quantity"`
	Price     money.Price `json:"price"`
	Next      int64       `json:"next"`
	NextPrice money.Price `json:"nextPrice"`
}

// Drops finds the places among the quantities that can be bought where more costs less.
// They are a warning to the seller, not a fault.
func (r Rate) Drops(q Quantity) []Drop {
	var out []Drop
	for _, t := range r.Tiers {
		if r.Mode != Volume || t.UpTo == 0 {
			continue
		}
		d := Drop{Quantity: q.Floor(t.UpTo)}
		d.Next = d.Quantity + q.Step
		if d.Quantity < q.Min || d.Next > q.Max {
			continue
		}
		if d.Price, d.NextPrice = r.Price(d.Quantity), r.Price(d.Next); d.NextPrice.Cmp(d.Price) < 0 {
			out = append(out, d)
		}
	}
	return out
}
