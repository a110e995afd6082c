package ledger

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
)

// Turnover is what went out of and into an account in a span.
type Turnover struct {
	Account Account      `db:"account"`
	Debit   money.Amount `db:"debit"`
	Credit  money.Amount `db:"credit"`
}

// settled is how old an entry is at least before a snapshot covers it: by then no
// transaction that could still write an older one is open.
const settled = 10 * time.Minute

// Settled is the instant before which no entry is written any more.
func Settled(now time.Time) time.Time { return now.Add(-settled) }

const sqlWatermark = `select until from ledger_watermark where id = 1`
const sqlFirstAfter = `select at from ledger_journals where at >= $1 order by at limit 1`

// Accounts of order lines are left together: each has two or three entries, so that its
// own balance needs no snapshot.
const sqlTurnover = `select case when e.account like 'held:%' then 'held' else e.account end as account,
sum(case when e.amount < 0 then -e.amount else 0 end) as debit, sum(case when e.amount > 0 then e.amount else 0 end) as credit
from ledger_journals j join ledger_entries e on e.journal_id = j.id where j.at >= $1 and j.at < $2
group by case when e.account like 'held:%' then 'held' else e.account end`

func turnover(ctx context.Context, q db.Querier, from, to int64) ([]Turnover, error) {
	return db.List[Turnover](ctx, q, sqlTurnover, from, to)
}

// Step is the part of the book by which the snapshots go on: at most one day of it.
type Step struct {
	from, to int64
	moved    []Turnover
}

// NextStep reads what was posted since the last snapshots, up to until and not beyond a day;
// false when nothing is left. It reads the new part of the book only, but that may be much:
// it must not run in a writing transaction, for which SQLite's only writer would wait.
func NextStep(ctx context.Context, q db.Querier, until time.Time) (Step, bool, error) {
	from, err := db.One[int64](ctx, q, sqlWatermark)
	if err != nil {
		return Step{}, false, err
	}
	first, found, err := db.Maybe[int64](ctx, q, sqlFirstAfter, from)
	if err != nil || !found || first >= until.UnixMicro() {
		return Step{}, false, err
	}
	s := Step{from: from, to: min(until.UnixMicro(), (dayOf(first)+1)*day)}
	s.moved, err = turnover(ctx, q, s.from, s.to)
	return s, true, err
}

// day is a UTC day in microseconds.
const day = int64(24 * time.Hour / time.Microsecond)

func dayOf(at int64) int64 { return at / day }

const sqlMoveWatermark = `update ledger_watermark set until = $1 where id = 1 and until = $2`
const sqlCarry = `insert into ledger_snapshots (account, day, until, debit, credit) values ($1, $2, $3,
  $4 + coalesce((select debit from ledger_snapshots where account = $1 order by day desc limit 1), 0),
  $5 + coalesce((select credit from ledger_snapshots where account = $1 order by day desc limit 1), 0))
on conflict (account, day) do update set until = excluded.until, debit = excluded.debit, credit = excluded.credit`
const sqlPurposes = `select distinct purpose from ledger_totals`
const sqlCarryTotal = `insert into ledger_totals (purpose, day, until, debit, credit) values ($1, $2, $3,
  $4 + coalesce((select debit from ledger_totals where purpose = $1 order by day desc limit 1), 0),
  $5 + coalesce((select credit from ledger_totals where purpose = $1 order by day desc limit 1), 0))
on conflict (purpose, day) do update set until = excluded.until, debit = excluded.debit, credit = excluded.credit`

// Carry brings the snapshots forward by a step; nothing happens when another node was
// quicker. Accounts that the step does not touch keep their last row; the totals of a day
// all reach equally far.
func (s Step) Carry(ctx context.Context, tx *db.Tx) error {
	n, err := db.Exec(ctx, tx, sqlMoveWatermark, s.to, s.from)
	if err != nil || n == 0 {
		return err
	}
	day := dayOf(s.to - 1)
	for _, m := range s.moved {
		if m.Account == "held" {
			continue
		}
		if _, err := db.Exec(ctx, tx, sqlCarry, m.Account, day, s.to, m.Debit, m.Credit); err != nil {
			return err
		}
	}
	known, err := db.List[string](ctx, tx, sqlPurposes)
	if err != nil {
		return err
	}
	totals := byPurpose(s.moved)
	for _, p := range known {
		if !slices.ContainsFunc(totals, func(t Trial) bool { return t.Purpose == p }) {
			totals = append(totals, Trial{Purpose: p})
		}
	}
	for _, t := range totals {
		if _, err := db.Exec(ctx, tx, sqlCarryTotal, t.Purpose, day, s.to, t.Debit, t.Credit); err != nil {
			return err
		}
	}
	return nil
}

// byPurpose adds up accounts, in the order of the purposes' names.
func byPurpose(moved []Turnover) []Trial {
	at := map[string]int{}
	out := []Trial{}
	for _, m := range moved {
		p := m.Account.Purpose()
		i, ok := at[p]
		if !ok {
			i = len(out)
			at[p] = i
			out = append(out, Trial{Purpose: p})
		}
		out[i].add(m.Debit, m.Credit)
	}
	slices.SortFunc(out, func(a, b Trial) int { return cmp.Compare(a.Purpose, b.Purpose) })
	return out
}
