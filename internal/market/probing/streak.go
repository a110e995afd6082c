package probing

import (
	"context"
	"time"

	"jishi/internal/base/db"
)

// MaxDays bounds the number of failing days that a site may set.
const MaxDays = 30

type dayState struct {
	Day   string `db:"day"`
	State State  `db:"state"`
}

const sqlDays = `select day, state from probe_runs where product_id = $1 and day >= $2 and half <> 'now' order by day desc limit 70`

// failing counts the failing days back from today; rows are the newest first.
func failing(rows []dayState, today time.Time) int {
	failed, other := map[string]int{}, map[string]bool{}
	for _, r := range rows {
		switch r.State {
		case Failed:
			failed[r.Day]++
		case Planned, Queued: // not known yet: only today's can be
		default:
			other[r.Day] = true
		}
	}
	count := 0
	for i := 0; i <= MaxDays; i++ {
		day := dayBefore(today, i)
		switch {
		case failed[day] >= len(halves):
			count++
		case i == 0 && !other[day]: // today is not over
		default:
			return count
		}
	}
	return count
}

// dayBefore is the calendar day so many before.
func dayBefore(today time.Time, n int) string {
	y, m, d := today.Date()
	return time.Date(y, m, d-n, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

const sqlCountedFrom = `select counted_from from probe_products where product_id = $1`
const sqlSetFailing = `update probe_products set failing_days = $1 where product_id = $2`

// FailingDays counts a product's failing days, keeps the number for lists, and gives it. Days
// before the last lifting do not count.
func FailingDays(ctx context.Context, tx *db.Tx, productID string, zone *time.Location) (int, error) {
	from, _, err := db.Maybe[string](ctx, tx, sqlCountedFrom, productID)
	if err != nil {
		return 0, err
	}
	today := tx.Now.In(zone)
	if oldest := dayBefore(today, MaxDays); from < oldest {
		from = oldest
	}
	rows, err := db.List[dayState](ctx, tx, sqlDays, productID, from)
	if err != nil {
		return 0, err
	}
	n := failing(rows, today)
	_, err = db.Exec(ctx, tx, sqlSetFailing, n, productID)
	return n, err
}

const sqlCountFrom = `insert into probe_products (product_id, seller_id, counted_from) values ($1, $2, $3)
on conflict (product_id) do update set counted_from = excluded.counted_from, failing_days = 0`

// CountFrom begins the count anew with today: a product that was lifted is not frozen again
// because of the days before.
func CountFrom(ctx context.Context, tx *db.Tx, productID, sellerID string, zone *time.Location) error {
	_, err := db.Exec(ctx, tx, sqlCountFrom, productID, sellerID, tx.Now.In(zone).Format(time.DateOnly))
	return err
}
