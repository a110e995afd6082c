// Package term is the calendar of bought time: when a period ends, when the next one does,
// how long the days after it are (宽限期, 保留期), and how much of a period is left. It knows no
// database and no clock; every function is given the instants it speaks of, and the site's
// zone, whose days and months count (trade.md §1, §12, §13.2, §14.4).
//
// Days are days of the calendar: where a zone changes to summer time a day still counts as
// 24 hours of a term, so that what a day costs does not depend on the clock on the wall.
package term

import "time"

// The types of periods, as they travel on the wire.
const (
	Year  = "year"
	Month = "month"
	Day   = "day"
)

// Length is a bought length: Number periods of a type. A length without a type has no end:
// a one-time purchase.
type Length struct {
	Type   string
	Number int
}

// Months is the length in months, 0 for days and for what does not end.
func (l Length) Months() int {
	switch l.Type {
	case Year:
		return 12 * l.Number
	case Month:
		return l.Number
	}
	return 0
}

// AddMonths adds n months to a period whose first start is start: the anchor day of start in
// the target month, or that month's last day where it is shorter (trade.md §1.1). The time
// of day is kept.
func AddMonths(start time.Time, n int) time.Time { return addMonths(start, n, start.Day()) }

func addMonths(from time.Time, n, anchor int) time.Time {
	y, m, _ := from.Date()
	first := time.Date(y, m+time.Month(n), 1, from.Hour(), from.Minute(), from.Second(), from.Nanosecond(), from.Location())
	return first.AddDate(0, 0, min(anchor, DaysOf(first))-1)
}

// DaysOf is the number of days of t's month.
func DaysOf(t time.Time) int {
	y, m, _ := t.Date()
	return time.Date(y, m+1, 0, 12, 0, 0, 0, time.UTC).Day()
}

// EndOfDay is 23:59:59 of t's day in the zone: the last second of every term, grace and retention.
func EndOfDay(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 23, 59, 59, 0, zone).UTC()
}

// Expiry is the end of a first period that begins at start; the zero time for a length that
// does not end.
func Expiry(start time.Time, l Length, zone *time.Location) time.Time {
	return Next(start, Anchor(start, zone), l, zone)
}

// Anchor is the day of the month to which the ends of a subscription return: that of its
// first start.
func Anchor(start time.Time, zone *time.Location) int { return start.In(zone).Day() }

// Next is the end of a further period after an expiry. It returns to the anchor day: a term
// of 31 January that ended on 29 February ends on 31 March next. The new period always runs
// from the old expiry, however late it was renewed (trade.md §12.3).
func Next(expiry time.Time, anchor int, l Length, zone *time.Location) time.Time {
	local := expiry.In(zone)
	switch l.Type {
	case Year, Month:
		local = addMonths(local, l.Months(), anchor)
	case Day:
		local = local.AddDate(0, 0, l.Number)
	default:
		return time.Time{}
	}
	return EndOfDay(local, zone)
}

// After is the last second of the n-th day after an expiry: the end of grace, or of
// retention when n counts both (trade.md §12.4). n = 0 is the expiry itself.
func After(expiry time.Time, n int, zone *time.Location) time.Time {
	if n == 0 {
		return expiry
	}
	return EndOfDay(expiry.In(zone).AddDate(0, 0, n), zone)
}

// LastDay as a unified day means the last day of each month.
const LastDay = -1

// Unified is the first end on the unified day (统一到期日, 1–28 or LastDay) that is not before
// natural, the end that a renewal would have had (trade.md §12.6).
func Unified(natural time.Time, day int, zone *time.Location) time.Time {
	local := natural.In(zone)
	for local.Day() != day && (day != LastDay || local.Day() != DaysOf(local)) {
		local = local.AddDate(0, 0, 1)
	}
	return EndOfDay(local, zone)
}

// DaysBetween is how many days of the calendar lie between two ends of days.
func DaysBetween(from, to time.Time, zone *time.Location) int64 {
	return int64(flat(to, zone).Truncate(24*time.Hour).Sub(flat(from, zone).Truncate(24*time.Hour)) / (24 * time.Hour))
}

// UnifiedAnchor is the anchor day of what ends on a unified day.
func UnifiedAnchor(day int) int {
	if day == LastDay {
		return 31
	}
	return day
}
