package subscription

import "time"

// AddMonths adds n months to a period whose first start is start: the anchor day of start
// in the target month, or that month's last day where it is shorter (trade.md §1.1). The
// time of day is kept.
func AddMonths(start time.Time, n int) time.Time {
	y, m, d := start.Date()
	first := time.Date(y, m+time.Month(n), 1, start.Hour(), start.Minute(), start.Second(), start.Nanosecond(), start.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1)
}

// Expiry is the end of n periods from start: the anchor day in the zone, 23:59:59
// (trade.md §1, "Period end"). The zero time for periods that do not end.
func Expiry(start time.Time, periodType string, n int, zone *time.Location) time.Time {
	local := start.In(zone)
	switch periodType {
	case "year":
		local = AddMonths(local, 12*n)
	case "month":
		local = AddMonths(local, n)
	case "day":
		local = local.AddDate(0, 0, n)
	default:
		return time.Time{}
	}
	y, m, d := local.Date()
	return time.Date(y, m, d, 23, 59, 59, 0, zone).UTC()
}
