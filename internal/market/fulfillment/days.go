package fulfillment

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
)

// Figures tell how the calls of one day, or of several, went. An attempt that was answered
// well is good, whatever it meant. Latencies are those of attempts that got an HTTP answer;
// they come from a histogram and are right to a tenth.
type Figures struct {
	Day  string // 2006-01-02 in the site's zone; "" of a sum
	Good int64
	Bad  int64
	P50  time.Duration // 0: nothing was answered
	P95  time.Duration
}

// Calls is how many attempts were made.
func (f Figures) Calls() int64 { return f.Good + f.Bad }

// Series are figures day by day, the oldest first and none left out, with their sum.
type Series struct {
	Days       []Figures
	Total      Figures
	Activities []string // that were called in this time, whatever the filter
}

// Scope is whose calls are counted: a seller's, an address's (enough without its seller), or all. The zero value counts
// none. Activity narrows it.
type Scope struct {
	All       bool
	SellerID  string
	AddressID string
	Activity  string
}

// unanswered is the bucket of attempts that got no HTTP answer.
const unanswered = -1

// steps is how many buckets an octave has: each is 19 % wide.
const steps = 4

// bucketOf is the latency's bucket: bucket b begins at 2^(b/steps) microseconds.
func bucketOf(status int, us int64) int {
	if status == 0 {
		return unanswered
	}
	return int(math.Log2(float64(max(us, 1))) * steps)
}

// tally counts attempts by bucket.
type tally struct {
	good, bad int64
	answered  map[int]int64
}

func (t *tally) add(bucket int, good, bad int64) {
	t.good, t.bad = t.good+good, t.bad+bad
	if bucket == unanswered {
		return
	}
	if t.answered == nil {
		t.answered = map[int]int64{}
	}
	t.answered[bucket] += good + bad
}

// latency is the quantile q of the answered attempts, placed within its bucket by its rank.
func (t *tally) latency(q float64) time.Duration {
	var n int64
	buckets := make([]int, 0, len(t.answered))
	for b, c := range t.answered {
		buckets = append(buckets, b)
		n += c
	}
	slices.Sort(buckets)
	rank := int64(math.Ceil(q * float64(n)))
	for _, b := range buckets {
		c := t.answered[b]
		if rank <= c {
			within := (float64(rank) - 0.5) / float64(c)
			return time.Duration(math.Exp2((float64(b)+within)/steps) * float64(time.Microsecond))
		}
		rank -= c
	}
	return 0
}

func (t *tally) figures(day string) Figures {
	return Figures{Day: day, Good: t.good, Bad: t.bad, P50: t.latency(0.5), P95: t.latency(0.95)}
}

type dayRow struct {
	AddressID string `db:"address_id"`
	Day       string `db:"day"`
	Activity  string `db:"activity"`
	Bucket    int    `db:"bucket"`
	SellerID  string `db:"seller_id"`
	Good      int64  `db:"good"`
	Bad       int64  `db:"bad"`
}

type attemptMark struct {
	At        time.Time `db:"at"`
	Duration  int64     `db:"duration_us"`
	Status    int       `db:"status"`
	Outcome   Outcome   `db:"outcome"`
	Activity  string    `db:"activity"`
	SellerID  string    `db:"seller_id"`
	AddressID string    `db:"address_id"`
}

func (m attemptMark) count() (good, bad int64) {
	if m.Outcome == Bad {
		return 0, 1
	}
	return 1, 0
}

const (
	sqlDaysOfSeller  = `select '' as address_id, day, activity, bucket, '' as seller_id, cast(sum(good) as bigint) as good, cast(sum(bad) as bigint) as bad from call_days where seller_id = $1 and day >= $2 and day <= $3 group by day, activity, bucket`
	sqlDaysOfAddress = `select '' as address_id, day, activity, bucket, '' as seller_id, cast(sum(good) as bigint) as good, cast(sum(bad) as bigint) as bad from call_days where address_id = $1 and day >= $2 and day <= $3 group by day, activity, bucket`
	sqlCounted       = `select until from call_days_until where id = 1`
)

const markHead = `select a.at, a.duration_us, a.status, a.outcome, c.activity, c.seller_id, c.address_id from fulfillment_attempts a join fulfillment_calls c on c.id = a.call_id where a.at >= $1 and `
const sqlTail = markHead + `($2 = '' or c.seller_id = $2) and ($3 = '' or c.address_id = $3) order by a.at limit 20000`

// Daily gives the figures of the last days, today included. It reads the rows of call_days
// and what is not counted there yet, at most 20000 attempts. Pass one snapshot.
func Daily(ctx context.Context, q db.Querier, s Scope, now time.Time, days int, zone *time.Location) (Series, error) {
	first := dayStart(now, zone, 1-days)
	tallies, names := map[string]*tally{}, map[string]bool{}
	var total tally
	add := func(day, activity string, bucket int, good, bad int64) {
		names[activity] = true
		if s.Activity != "" && s.Activity != activity {
			return
		}
		if tallies[day] == nil {
			tallies[day] = &tally{}
		}
		tallies[day].add(bucket, good, bad)
		total.add(bucket, good, bad)
	}
	if s.All || s.SellerID != "" || s.AddressID != "" {
		text, who := sqlDaysOfSeller, s.SellerID
		if s.AddressID != "" {
			text, who = sqlDaysOfAddress, s.AddressID
		}
		rows, err := db.List[dayRow](ctx, q, text, who, first.Format(time.DateOnly), now.In(zone).Format(time.DateOnly))
		if err != nil {
			return Series{}, err
		}
		for _, r := range rows {
			add(r.Day, r.Activity, r.Bucket, r.Good, r.Bad)
		}
		if err := eachUncounted(ctx, q, s, first, func(m attemptMark) {
			good, bad := m.count()
			add(m.At.In(zone).Format(time.DateOnly), m.Activity, bucketOf(m.Status, m.Duration), good, bad)
		}); err != nil {
			return Series{}, err
		}
	}
	out := Series{Total: total.figures(""), Days: make([]Figures, days), Activities: []string{}}
	for i := range out.Days {
		day := dayStart(now, zone, 1-days+i).Format(time.DateOnly)
		out.Days[i].Day = day
		if t := tallies[day]; t != nil {
			out.Days[i] = t.figures(day)
		}
	}
	for a := range names {
		out.Activities = append(out.Activities, a)
	}
	slices.Sort(out.Activities)
	return out, nil
}

// OfAddresses sums the figures of each address over the last days, today included; one
// without calls is not in it. At most 100 addresses. Pass one snapshot.
func OfAddresses(ctx context.Context, q db.Querier, addressIDs []string, now time.Time, days int, zone *time.Location) (map[string]Figures, error) {
	if len(addressIDs) == 0 {
		return nil, nil
	}
	first := dayStart(now, zone, 1-days)
	tallies := map[string]*tally{}
	for _, a := range addressIDs {
		tallies[a] = &tally{}
	}
	args := []any{first.Format(time.DateOnly), now.In(zone).Format(time.DateOnly)}
	marks := make([]string, len(addressIDs))
	for i, a := range addressIDs {
		args = append(args, a)
		marks[i] = "$" + strconv.Itoa(len(args))
	}
	rows, err := db.List[dayRow](ctx, q, `select address_id, '' as day, '' as activity, bucket, '' as seller_id, cast(sum(good) as bigint) as good, cast(sum(bad) as bigint) as bad
from call_days where day >= $1 and day <= $2 and address_id in (`+strings.Join(marks, ", ")+`) group by address_id, bucket`, args...)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		tallies[r.AddressID].add(r.Bucket, r.Good, r.Bad)
	}
	err = eachUncounted(ctx, q, Scope{All: true}, first, func(m attemptMark) {
		if t := tallies[m.AddressID]; t != nil {
			good, bad := m.count()
			t.add(bucketOf(m.Status, m.Duration), good, bad)
		}
	})
	out := map[string]Figures{}
	for a, t := range tallies {
		if t.good+t.bad > 0 {
			out[a] = t.figures("")
		}
	}
	return out, err
}

// eachUncounted gives the attempts since first that call_days does not hold yet.
func eachUncounted(ctx context.Context, q db.Querier, s Scope, first time.Time, f func(attemptMark)) error {
	from, counted, err := db.Maybe[time.Time](ctx, q, sqlCounted)
	if err != nil {
		return err
	}
	if !counted || from.Before(first) {
		from = first
	}
	return db.Each(ctx, q, sqlTail, func(m attemptMark) error {
		f(m)
		return nil
	}, from, s.SellerID, s.AddressID)
}

// dayStart is the beginning of the day so many days after now's.
func dayStart(now time.Time, zone *time.Location, after int) time.Time {
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+after, 0, 0, 0, 0, zone)
}

// An attempt is written when it has ended: what began before settled is written by now. One
// step counts a quarter of an hour.
const (
	settled  = 3 * time.Minute
	countFor = 15 * time.Minute
)

const (
	sqlFirstMark = `select min(at) from fulfillment_attempts where at >= $1`
	sqlMarks     = markHead + `a.at < $2`
	sqlCountedTo = `insert into call_days_until (id, until) values (1, $1) on conflict (id) do update set until = excluded.until where call_days_until.until = $2`
	sqlCountDay  = `insert into call_days (address_id, day, activity, bucket, seller_id, good, bad) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (address_id, day, activity, bucket) do update set good = call_days.good + excluded.good, bad = call_days.bad + excluded.bad`
)

// CountDays counts the attempts that ended into call_days, step by step, each exactly once:
// a step writes its rows together with the instant up to which it counted, and of two nodes
// one finds that moved. It reads before it writes. now is the wall clock's.
func CountDays(ctx context.Context, d *db.DB, now time.Time, zone *time.Location) error {
	limit := now.Add(-settled).Truncate(time.Minute)
	for {
		from, counted, err := db.Maybe[time.Time](ctx, d, sqlCounted)
		if err != nil {
			return err
		}
		if !counted {
			from = time.UnixMicro(0)
		}
		next, _, err := db.Maybe[time.Time](ctx, d, sqlFirstMark, from)
		if err != nil || next.IsZero() || !next.Before(limit) {
			return err
		}
		to := next.Truncate(time.Minute).Add(countFor)
		if to.After(limit) {
			to = limit
		}
		counts := map[dayRow]*[2]int64{}
		err = db.Each(ctx, d, sqlMarks, func(m attemptMark) error {
			good, bad := m.count()
			key := dayRow{AddressID: m.AddressID, SellerID: m.SellerID, Day: m.At.In(zone).Format(time.DateOnly), Activity: m.Activity, Bucket: bucketOf(m.Status, m.Duration)}
			for range 2 {
				if counts[key] == nil {
					counts[key] = &[2]int64{}
				}
				counts[key][0] += good
				counts[key][1] += bad
				key.AddressID, key.SellerID = "", ""
			}
			return nil
		}, from, to)
		if err != nil {
			return err
		}
		if moved, err := countStep(ctx, d, from, to, counts); err != nil || !moved {
			return err
		}
	}
}

func countStep(ctx context.Context, d *db.DB, from, to time.Time, counts map[dayRow]*[2]int64) (moved bool, err error) {
	keys := make([]dayRow, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b dayRow) int { // one order for all: no deadlocks
		return strings.Compare(a.AddressID+a.Day+a.Activity, b.AddressID+b.Day+b.Activity)*1000 + a.Bucket - b.Bucket
	})
	err = d.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, sqlCountedTo, to, from)
		if moved = n > 0; err != nil || !moved {
			return err
		}
		for _, k := range keys {
			c := counts[k]
			if _, err := db.Exec(ctx, tx, sqlCountDay, k.AddressID, k.Day, k.Activity, k.Bucket, k.SellerID, c[0], c[1]); err != nil {
				return err
			}
		}
		return nil
	})
	return moved, err
}

// keepDays is how many days of figures stay: more than any page shows.
const keepDays = 100

const sqlPurgeDays = `delete from call_days where (address_id, day, activity, bucket) in (select address_id, day, activity, bucket from call_days where day < $1 limit 500)`

// PurgeDays removes a batch of old figures and tells whether more may be left.
func PurgeDays(ctx context.Context, tx *db.Tx) (more bool, err error) {
	n, err := db.Exec(ctx, tx, sqlPurgeDays, clock.Wall{}.Now().AddDate(0, 0, -keepDays).Format(time.DateOnly))
	return n == 500, err
}
