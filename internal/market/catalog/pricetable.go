package catalog

import (
	"slices"

	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

// PriceTable is what buyers will pay for a specification: every combination that is sold,
// by kind of period, at the quantities where the price changes, for each length.
type PriceTable struct {
	Rows     []PriceRow     `json:"rows"`
	Total    int            `json:"total" doc:"Rows that there are; at most 400 are listed"`
	Warnings []PriceWarning `json:"warnings"`
	Void     []VoidRule     `json:"void" doc:"Rules of changes that have no effect at these prices"`
}

// PriceRow is one combination, kind of period and quantity.
type PriceRow struct {
	Choice      string       `json:"choice"`
	Values      []string     `json:"values" doc:"Codes of the values, in the order of the attributes"`
	Mode        ChargingMode `json:"mode"`
	PeriodType  string       `json:"periodType"`
	Trial       bool         `json:"trial"`
	Quantity    int64        `json:"quantity,omitempty"`
	PeriodPrice money.Price  `json:"periodPrice" doc:"Exact; only the amount of a whole term is cut"`
	Amounts     []TermAmount `json:"amounts"`
}

// TermAmount is what a length costs.
type TermAmount struct {
	Periods int          `json:"periods"`
	Amount  money.Amount `json:"amount"`
}

// PriceWarning is a place where more costs less (VOLUME, trade.md §3.1).
type PriceWarning struct {
	Mode       ChargingMode `json:"mode"`
	PeriodType string       `json:"periodType"`
	pricing.Drop
}

const (
	tableRows  = 400
	tableTerms = 12 // lengths of a row; of longer ranges some in between are left out
)

// PriceTable computes the table of a specification as it would be released, without
// storing anything. Faults are field errors with paths like "plans[0].price" (Invalid).
func (s SpecContent) PriceTable() (PriceTable, error) {
	s.clean()
	out := PriceTable{Rows: []PriceRow{}, Warnings: []PriceWarning{}, Void: []VoidRule{}}
	var k errs.Check
	s.checkPrices(&k, "spec")
	s.checkChanges(&k, "spec", V2)
	if err := k.Err(); err != nil {
		return out, unprefixed(err)
	}
	t := s.template()
	warned := map[string]bool{}
	plans := s.resolve(&k, "")
	out.Void = s.voidRules(plans)
	for _, p := range plans {
		key := string(p.Mode) + p.PeriodType
		if p.Plan.Rate != nil && !warned[key] {
			warned[key] = true
			for _, d := range p.Plan.Rate.Drops(*t.Quantity) {
				out.Warnings = append(out.Warnings, PriceWarning{p.Mode, p.PeriodType, d})
			}
		}
		for _, q := range samples(t.Quantity, p.Plan.Rate) {
			if out.Total++; out.Total > tableRows {
				continue
			}
			row, err := priceRow(t, p, q)
			if err != nil {
				return out, err
			}
			out.Rows = append(out.Rows, row)
		}
	}
	return out, nil
}

// unprefixed takes the paths' common beginning "spec." away.
func unprefixed(err error) error {
	e, ok := errs.As(err)
	if !ok {
		return err
	}
	for i := range e.Fields {
		e.Fields[i].Path = e.Fields[i].Path[len("spec."):]
	}
	return e
}

func priceRow(t pricing.Template, p soldPlan, quantity int64) (PriceRow, error) {
	row := PriceRow{Choice: p.Combination.Key(), Values: []string{}, Mode: p.Mode, PeriodType: p.PeriodType, Trial: p.Trial, Quantity: quantity, Amounts: []TermAmount{}}
	for _, pick := range p.Combination {
		row.Values = append(row.Values, pick.Value)
	}
	for _, n := range terms(p.Min, p.Max) {
		r, err := pricing.Compute(p.item(t), pricing.Ask{Periods: n, Quantity: quantity})
		if err != nil {
			return row, err
		}
		row.PeriodPrice = r.PeriodPrice
		row.Amounts = append(row.Amounts, TermAmount{n, r.Amount})
	}
	return row, nil
}

// samples are the quantities of a table: the least, the last of each interval, the greatest.
func samples(q *pricing.Quantity, r *pricing.Rate) []int64 {
	if q == nil || r == nil { // a trial has the least quantity
		return []int64{0}
	}
	out := []int64{q.Min}
	for _, t := range r.Tiers {
		if n := q.Floor(t.UpTo); t.UpTo > 0 && n >= q.Min {
			out = append(out, n)
		}
	}
	out = append(out, q.Floor(q.Max))
	slices.Sort(out)
	return slices.Compact(out)
}

// terms are the lengths from min to max, thinned out evenly when there are too many.
func terms(min, max int) []int {
	n := max - min + 1
	if n <= tableTerms {
		out := make([]int, n)
		for i := range out {
			out[i] = min + i
		}
		return out
	}
	out := make([]int, tableTerms)
	for i := range out {
		out[i] = min + i*(n-1)/(tableTerms-1)
	}
	return out
}
