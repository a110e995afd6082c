package pricing

import "jishi/internal/base/money"

// KindExtra is the price of the days between the natural end of a renewal and the unified one
// (统一到期日, trade.md §12.6): Amount = Price × Months, or × Quantity days where the period is a day.
const KindExtra Kind = "extra"

// Extra are days beyond whole periods.
type Extra struct {
	Days   int64
	Months money.Price // the same time in months (§13.2), 12 decimals
}

// perMonth is what a month of a period type costs: a twelfth of a year (trade.md §13.3).
func perMonth(period money.Price, periodType string) money.Price {
	if periodType == "year" {
		return period.Div(money.PriceOf(12))
	}
	return period
}

// WithExtra adds extra days to the components of a price and cuts the sum anew, once. period is
// the price of a period with its quantity. The shown components add up to the amount: what the
// sum has below 0.01 is the cut (抹零).
func WithExtra(components []Component, period money.Price, periodType string, x Extra) ([]Component, money.Amount) {
	var out []Component
	var exact, shown money.Price
	for _, c := range components {
		if c.Kind == KindCut {
			continue
		}
		out, exact, shown = append(out, c), exact.Add(c.Amount), shown.Add(c.Amount)
	}
	if x.Days > 0 {
		c := Component{Kind: KindExtra, Quantity: x.Days, Periods: 1}
		price := period
		amount := period.Times(x.Days)
		if periodType != "day" {
			price = perMonth(period, periodType)
			amount = price.Mul(x.Months)
			c.Months = x.Months.Short()
		}
		c.Price, c.Amount = price.Short(), amount.Short()
		out, exact, shown = append(out, c), exact.Add(amount), shown.Add(c.Amount)
	}
	total := money.Cut(exact)
	if tail := total.Price().Sub(shown); tail.Sign() != 0 {
		out = append(out, Component{Kind: KindCut, Quantity: 1, Periods: 1, Price: tail, Amount: tail})
	}
	return out, total
}
