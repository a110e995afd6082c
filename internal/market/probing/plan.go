package probing

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/id"
)

// The hours of the site's time zone in which runs are made (saas.md §11.3).
var halves = []struct {
	name     string
	from, to int
}{{"am", 9, 11}, {"pm", 15, 17}}

// ahead is how long before its window a half of the day is planned.
const ahead = time.Hour

// window is the time in which the runs of a half of the day begin.
type window struct {
	day, half  string
	start, end time.Time
}

// windowAt is the window that is open at now or opens within the next hour; not ok at other
// times of the day. A clock change within it makes it shorter or longer.
func windowAt(now time.Time, zone *time.Location) (w window, ok bool) {
	y, m, d := now.In(zone).Date()
	for _, h := range halves {
		w = window{day: now.In(zone).Format(time.DateOnly), half: h.name, start: time.Date(y, m, d, h.from, 0, 0, 0, zone), end: time.Date(y, m, d, h.to, 0, 0, 0, zone)}
		if !now.Before(w.start.Add(-ahead)) && now.Before(w.end) {
			return w, true
		}
	}
	return window{}, false
}

// pick draws a minute of the window that has not passed.
func (w window) pick(now time.Time, draw func(n int) int) time.Time {
	from := w.start
	if now.After(from) {
		from = now.Truncate(time.Minute)
	}
	return from.Add(time.Duration(draw(max(1, int(w.end.Sub(from)/time.Minute)))) * time.Minute)
}

type candidate struct {
	ProductID string `db:"id"`
	SellerID  string `db:"seller_id"`
	AddressID string `db:"address_id"`
}

// Probed are products on sale, hidden ones too (C7), and those that were frozen because of
// their probes: these must be able to pass again.
const sqlCandidates = `select p.id, p.seller_id, p.address_id from products p join sellers s on s.id = p.seller_id
where p.delivery_type = 'saas' and p.address_id <> '' and s.state = 'active' and (p.state in ('on_sale', 'hidden')
or p.state = 'suspended' and exists (select 1 from probe_tasks t where t.product_id = p.id and t.kind = 'frozen' and t.state in ('open', 'confirmed')))
and not exists (select 1 from probe_runs r where r.product_id = p.id and r.day = $1 and r.half = $2 and r.half <> 'now')
order by p.id limit 200`

// Plan writes the runs of the present half of the day, for products that have none yet, and
// tells whether more may be missing. It may run as often as one likes, on any node: a run that
// is there stays as it is. draw gives a random number below n.
func Plan(ctx context.Context, tx *db.Tx, zone *time.Location, draw func(n int) int) (more bool, err error) {
	w, ok := windowAt(tx.Now, zone)
	if !ok {
		return false, nil
	}
	list, err := db.List[candidate](ctx, tx, sqlCandidates, w.day, w.half)
	if err != nil {
		return false, err
	}
	for _, c := range list {
		if _, err := db.InsertIfAbsent(ctx, tx, "probe_runs", Run{ID: id.New("prb"), ProductID: c.ProductID, SellerID: c.SellerID, AddressID: c.AddressID,
			Day: w.day, Half: w.half, DueAt: w.pick(tx.Now, draw), State: Planned, Results: []Case{}}); err != nil {
			return false, err
		}
	}
	return len(list) == 200, nil
}
