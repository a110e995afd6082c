package term

import (
	"math/big"
	"time"

	"jishi/internal/base/money"
)

// ChangeStart is when a change of specification begins to cost: the next midnight on the day
// of purchase, else the next full hour, or the present one when it is exact (trade.md §13.2).
func ChangeStart(now, bought time.Time, zone *time.Location) time.Time {
	n, b := now.In(zone), bought.In(zone)
	y, m, d := n.Date()
	if by, bm, bd := b.Date(); by == y && bm == m && bd == d {
		return time.Date(y, m, d+1, 0, 0, 0, 0, zone)
	}
	hour := time.Date(y, m, d, n.Hour(), 0, 0, 0, zone)
	if hour.Equal(n) {
		return hour
	}
	return time.Date(y, m, d, n.Hour()+1, 0, 0, 0, zone)
}

// Remaining is the time from an instant to an expiry in months (剩余周期): for each calendar
// month the part of its days that is left, an hour being 1/24 day (trade.md §13.2). The sum is
// made exactly and rounded once, to 12 decimals. 0 when nothing is left.
func Remaining(from, expiry time.Time, zone *time.Location) money.Price {
	at, end := flat(from, zone), flat(expiry, zone).Add(time.Second) // 23:59:59 means the whole day
	sum := new(big.Rat)
	for at.Before(end) {
		y, m, _ := at.Date()
		next := time.Date(y, m+1, 1, 0, 0, 0, 0, time.UTC)
		until := next
		if end.Before(next) {
			until = end
		}
		seconds := int64(until.Sub(at) / time.Second)
		sum.Add(sum, big.NewRat(seconds, int64(DaysOf(at))*24*3600))
		at = next
	}
	return money.PriceOfRatio(sum.Num(), sum.Denom())
}

// RemainingDays is Remaining in days: of services that are billed by the day.
func RemainingDays(from, expiry time.Time, zone *time.Location) money.Price {
	seconds := max(int64(flat(expiry, zone).Add(time.Second).Sub(flat(from, zone))/time.Second), 0)
	return money.PriceOfRatio(big.NewInt(seconds), big.NewInt(24*3600))
}

// Hours of an ordinary refund: used and bought, both from the start floored to the hour
// (trade.md §14.4). The end of the last day, 23:59:59, closes its hour.
func Hours(start, now, expiry time.Time, zone *time.Location) (used, total int64) {
	from := flat(start, zone).Truncate(time.Hour)
	used = int64(flat(now, zone).Truncate(time.Hour).Sub(from) / time.Hour)
	total = int64(flat(expiry, zone).Add(time.Second).Sub(from) / time.Hour)
	return min(max(used, 0), total), total
}

// flat puts the wall clock's reading of the zone on a line without summer time, where every
// day has 24 hours.
func flat(t time.Time, zone *time.Location) time.Time {
	l := t.In(zone)
	y, m, d := l.Date()
	return time.Date(y, m, d, l.Hour(), l.Minute(), l.Second(), 0, time.UTC)
}
