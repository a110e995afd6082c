package order

import (
	"time"

	"jishi/internal/base/errs"
	"jishi/internal/market/catalog"
	"jishi/internal/market/pricing"
	"jishi/internal/market/term"
)

// Unified is the wish that a renewal ends on a certain day of the month (统一到期日).
type Unified struct {
	Day    int // 1–28, or term.LastDay
	From   time.Time
	Anchor int
	Zone   *time.Location
}

// PriceUnified is Price of a.Periods ≥ 0 periods that begin after u.From, with the days from
// their natural end to the unified one (trade.md §12.6). Without a period there must be an extra
// day. Field errors: "unifiedDay", "periods" and those of Price.
func PriceUnified(s catalog.Sale, a pricing.Ask, t Terms, u Unified) (Line, error) {
	var c errs.Check
	if u.Day != term.LastDay {
		c.Range("unifiedDay", int64(u.Day), 1, 28)
	}
	c.Range("periods", int64(a.Periods), 0, int64(s.MaxPeriods))
	if err := c.Err(); err != nil {
		return Line{}, err
	}
	periods := a.Periods
	if periods == 0 {
		a.Periods = s.MinPeriods // for the price of one
	}
	l, err := Price(s, a, t)
	if err != nil {
		return l, err
	}
	natural := u.From
	if periods > 0 {
		natural = term.Next(u.From, u.Anchor, term.Length{Type: l.PeriodType, Number: periods}, u.Zone)
	}
	target := term.Unified(natural, u.Day, u.Zone)
	extra := pricing.Extra{Days: term.DaysBetween(natural, target, u.Zone), Months: term.Remaining(natural.Add(time.Second), target, u.Zone)}
	components := l.Explanation
	if periods == 0 {
		if extra.Days == 0 {
			c.Add("periods", "instance.no_extra_days")
			return l, c.Err()
		}
		components = nil
	}
	l.PeriodNumber, l.UnifiedDay, l.StartsAt, l.EndsAt = periods, u.Day, u.From, target
	l.Explanation, l.ListAmount = pricing.WithExtra(components, l.UnitPrice, l.PeriodType, extra)
	if l.ListAmount.Price().Cmp(pricing.TotalCap) > 0 {
		c.Add("amount", "pricing.price_range", "min", "0", "max", pricing.TotalCap.String())
		return l, c.Err()
	}
	l.Amount = l.ListAmount
	return l, nil
}
