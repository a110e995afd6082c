package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

// priceCap bounds a price, so that a term's total stays an amount.
var priceCap = money.PriceOf(100_000_000)

// maxPeriods are the longest lengths; what a period number on the wire can say (two digits).
var maxPeriods = map[string]int{"day": 99, "month": 11, "year": 5}

// soldPlan is one price of a specification: a combination for one kind of period.
type soldPlan struct {
	Combination pricing.Combination
	Mode        ChargingMode
	PeriodType  string
	Min, Max    int
	Trial       bool
	Plan        pricing.Plan
}

func (p soldPlan) item(t pricing.Template) pricing.Item {
	return pricing.Item{Template: t, Combination: p.Combination, Plan: p.Plan, MinPeriods: p.Min, MaxPeriods: p.Max}
}

// checkPrices holds template and prices against the limits (C5, trade.md §3).
func (s SpecContent) checkPrices(k *errs.Check, at string) {
	if len(s.Plans) == 0 {
		k.Add(at+".plans", "required")
	} else if len(s.Plans) > plansMax {
		k.Add(at+".plans", "catalog.too_many", "max", plansMax)
		return
	}
	if s.Template != "" && !k.OneOf(at+".template", s.Template, SimpleTemplate, CustomTemplate) {
		return
	}
	var own errs.Check
	if s.Custom() {
		s.template().Check(&own, at)
	}
	shape := own.OK()
	k.Merge("", own.Err())
	seen := map[string]bool{}
	for j, p := range s.Plans {
		path := fmt.Sprintf("%s.plans[%d]", at, j)
		checkPeriod(k, path, p)
		key := string(p.Mode) + p.PeriodType
		if seen[key] {
			k.Add(path+".mode", "catalog.plan_twice")
		}
		seen[key] = true
	}
	if shape {
		s.resolve(k, at)
	}
}

func checkPeriod(k *errs.Check, at string, p PlanContent) {
	if k.OneOf(at+".mode", string(p.Mode), string(Period), string(OneTime)) && p.Mode == Period {
		if k.OneOf(at+".periodType", p.PeriodType, "year", "month", "day") {
			k.Range(at+".maxPeriods", int64(p.MaxPeriods), 1, int64(maxPeriods[p.PeriodType]))
			k.Range(at+".minPeriods", int64(p.MinPeriods), 1, int64(p.MaxPeriods))
		}
	}
}

// resolve gives every price of the specification, combination by combination, the trial
// last; faults of prices go to k. The template must have passed its check.
func (s SpecContent) resolve(k *errs.Check, at string) []soldPlan {
	t := s.template()
	kept, exceptions := s.kept(k, at, t)
	var out []soldPlan
	for j, p := range s.Plans {
		path := fmt.Sprintf("%s.plans[%d]", at, j)
		base, ok := s.price(k, path+".price", p.Price, !s.Custom())
		extra := s.surcharges(k, path, t, p)
		rate := s.rate(k, path, p)
		if !ok {
			continue
		}
		for _, c := range kept {
			sold := soldPlan{Combination: c, Mode: p.Mode, PeriodType: p.PeriodType, Min: p.MinPeriods, Max: p.MaxPeriods}
			sold.Plan = pricing.Plan{Parts: []pricing.Part{{Kind: pricing.KindBase, Price: base}}, Rate: rate}
			own, has := exceptions[c.Key()][string(p.Mode)+p.PeriodType]
			if has {
				sold.Plan.Parts = []pricing.Part{{Kind: pricing.KindCombination, Price: own}}
			}
			for _, pick := range c {
				if x, ok := extra[pick]; ok && !has {
					sold.Plan.Parts = append(sold.Plan.Parts, pricing.Part{Kind: pricing.KindSurcharge, Attribute: pick.Attribute, Value: pick.Value, Price: x})
				}
			}
			s.checkSum(k, path+".price", t, sold)
			out = append(out, sold)
		}
	}
	// Sorted by combination, then in the order of the plans.
	position := map[string]int{}
	for i, c := range kept {
		position[c.Key()] = i
	}
	slices.SortStableFunc(out, func(a, b soldPlan) int { return position[a.Combination.Key()] - position[b.Combination.Key()] })
	if s.TrialDays > 0 && len(kept) > 0 {
		out = append(out, soldPlan{Combination: kept[0], Mode: Period, PeriodType: "day", Min: s.TrialDays, Max: s.TrialDays, Trial: true,
			Plan: pricing.Plan{Parts: []pricing.Part{{Kind: pricing.KindTrial}}}})
	}
	return out
}

// kept are the combinations that are sold, and the prices that some have of their own, by
// combination and kind of period.
func (s SpecContent) kept(k *errs.Check, at string, t pricing.Template) ([]pricing.Combination, map[string]map[string]money.Price) {
	own, off := map[string]map[string]money.Price{}, map[string]bool{}
	if len(s.Combinations) > pricing.MaxCombinations {
		k.Add(at+".combinations", "catalog.too_many", "max", pricing.MaxCombinations)
		return nil, nil
	}
	for i, c := range s.Combinations {
		path := fmt.Sprintf("%s.combinations[%d]", at, i)
		combination, ok := t.Parse(c.Choice)
		if !ok {
			k.Add(path+".choice", "catalog.combination_unknown")
			continue
		}
		key := combination.Key()
		if own[key] != nil {
			k.Add(path+".choice", "catalog.combination_twice")
			continue
		}
		own[key], off[key] = map[string]money.Price{}, c.Off
		for j, p := range c.Prices {
			path := fmt.Sprintf("%s.prices[%d]", path, j)
			if !slices.ContainsFunc(s.Plans, func(q PlanContent) bool { return q.Mode == p.Mode && q.PeriodType == p.PeriodType }) {
				k.Add(path+".mode", "catalog.plan_unknown")
				continue
			}
			if price, ok := s.price(k, path+".price", p.Price, false); ok {
				own[key][string(p.Mode)+p.PeriodType] = price
			}
		}
	}
	var out []pricing.Combination
	for _, c := range t.Combinations() {
		if !off[c.Key()] {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		k.Add(at+".combinations", "catalog.combinations_off")
	}
	return out, own
}

// price reads a price with at most the currency's decimals; a simple one is never 0.
func (s SpecContent) price(k *errs.Check, at, text string, positive bool) (money.Price, bool) {
	if !k.Required(at, text) {
		return money.Price{}, false
	}
	price, err := money.ParsePrice(text)
	least := "0"
	if positive {
		least = "0.01"
	}
	switch {
	case err != nil || decimals(text) > 2:
		k.Add(at, "catalog.price_form")
	case price.Sign() < 0 || positive && price.Sign() == 0 || price.Cmp(priceCap) > 0:
		k.Add(at, "catalog.price_range", "min", least, "max", priceCap.String())
	default:
		return price, true
	}
	return price, false
}

func (s SpecContent) surcharges(k *errs.Check, at string, t pricing.Template, p PlanContent) map[pricing.Pick]money.Price {
	out := map[pricing.Pick]money.Price{}
	for i, x := range p.Surcharges {
		path := fmt.Sprintf("%s.surcharges[%d]", at, i)
		pick := pricing.Pick{Attribute: x.Attribute, Value: x.Value}
		known := slices.ContainsFunc(t.Attributes, func(a pricing.Attribute) bool {
			return a.Code == x.Attribute && slices.ContainsFunc(a.Values, func(v pricing.Value) bool { return v.Code == x.Value })
		})
		if !known {
			k.Add(path+".value", "catalog.value_unknown")
			continue
		}
		if _, twice := out[pick]; twice {
			k.Add(path+".value", "catalog.surcharge_twice")
			continue
		}
		if strings.TrimSpace(x.Price) == "" {
			continue
		}
		price, err := money.ParsePrice(x.Price)
		switch {
		case err != nil || decimals(x.Price) > 2:
			k.Add(path+".price", "catalog.price_form")
		case price.Cmp(priceCap) > 0 || price.Cmp(money.Price{}.Sub(priceCap)) < 0:
			k.Add(path+".price", "catalog.price_range", "min", "-"+priceCap.String(), "max", priceCap.String())
		case price.Sign() != 0:
			out[pick] = price
		}
	}
	return out
}

// rate reads the price of the quantity: present exactly when there is a quantity.
func (s SpecContent) rate(k *errs.Check, at string, p PlanContent) *pricing.Rate {
	if s.template().Quantity == nil {
		return nil
	}
	if p.Rate == nil {
		k.Add(at+".rate", "required")
		return nil
	}
	var own errs.Check
	r := &pricing.Rate{Mode: pricing.Mode(p.Rate.Mode)}
	for i, tier := range p.Rate.Tiers {
		path := fmt.Sprintf("%s.rate.tiers[%d].price", at, i)
		price, err := money.ParsePrice(tier.Price)
		if own.Required(path, tier.Price) && err != nil {
			own.Add(path, "catalog.unit_price_form", "max", money.PriceDecimals)
		}
		r.Tiers = append(r.Tiers, pricing.Tier{UpTo: tier.UpTo, Price: price})
	}
	r.Check(&own, at+".rate")
	if k.Merge("", own.Err()) {
		return nil
	}
	return r
}

// checkSum wants the least that can be bought to cost at least 0.01, and the most to stay
// an amount.
func (s SpecContent) checkSum(k *errs.Check, at string, t pricing.Template, p soldPlan) {
	if !s.Custom() || t.Quantity != nil && p.Plan.Rate == nil || !k.OK() {
		return
	}
	least, err := pricing.Compute(p.item(t), pricing.Ask{Periods: p.Min})
	if err != nil || p.Plan.Base().Sign() < 0 || least.Amount <= 0 {
		k.Add(at, "catalog.combination_price", "choice", p.Combination.Key(), "min", "0.01")
		return
	}
	most := pricing.Ask{Periods: p.Max}
	if t.Quantity != nil {
		most.Quantity = t.Quantity.Floor(t.Quantity.Max)
	}
	if _, err := pricing.Compute(p.item(t), most); err != nil {
		k.Add(at, "catalog.combination_total", "choice", p.Combination.Key(), "max", pricing.TotalCap.String())
	}
}

func decimals(s string) int {
	_, after, _ := strings.Cut(s, ".")
	return len(after)
}

// prices is at most how many prices the release makes rows of.
func (c *Content) prices() int {
	n := 0
	for _, s := range c.Specs {
		n += s.template().Size() * len(s.Plans)
	}
	return n
}

const (
	trialMin, trialMax = 3, 180 // days, trade.md §5
	limitMax           = 9999
)

// checkSelling is about trial and purchase limit (C8).
func (s SpecContent) checkSelling(k *errs.Check, at string) {
	if s.TrialDays != 0 && k.Range(at+".trialDays", int64(s.TrialDays), trialMin, trialMax) &&
		slices.ContainsFunc(s.Plans, func(p PlanContent) bool { return p.Mode == OneTime }) {
		k.Add(at+".trialDays", "catalog.trial_period_only")
	}
	if s.Limit != nil {
		s.Limit.check(k, at+".limit")
	}
}

func (l Limit) check(k *errs.Check, at string) {
	if k.OneOf(at+".kind", l.Kind, LimitOnce, LimitUntilExpiry, LimitQuantity) && l.Kind == LimitQuantity {
		k.Range(at+".count", int64(l.Count), 1, limitMax)
	}
}

// checkFrozen refuses what is settled by the release (C5): template, attributes, range and
// step of the quantity, and whether there is a trial. Prices and the trial's length may
// change.
func (s SpecContent) checkFrozen(k *errs.Check, at string, l liveSpec) {
	if !s.template().SameShape(l.Template) {
		k.Add(at+".attributes", "catalog.template_frozen")
	}
	if (s.TrialDays > 0) != (l.TrialDays > 0) {
		k.Add(at+".trialDays", "catalog.trial_frozen")
	}
}

// Future is the specification as it will be released: the prices of a draft that are
// complete, under provisional ids.
func (s SpecContent) Future() Spec {
	out := Spec{ID: s.ID, Name: s.Name, State: SpecShown, SpecTerms: SpecTerms{Template: s.template(), TrialDays: s.TrialDays, Limit: s.Limit}}
	var k errs.Check
	if s.Custom() {
		if s.template().Check(&k, ""); !k.OK() {
			return out
		}
	}
	for i, p := range s.resolve(&k, "") {
		out.Plans = append(out.Plans, Plan{SpecID: s.ID, ID: s.ID + "-" + strconv.Itoa(i), Choice: p.Combination.Key(), Trial: p.Trial, Sold: true,
			Mode: p.Mode, PeriodType: p.PeriodType, Price: p.Plan.Base(), Plan: p.Plan, Min: p.Min, Max: p.Max})
	}
	return out
}
