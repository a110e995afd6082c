package ledger

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
)

// Trial is one row of the trial balance: all accounts of one purpose.
type Trial struct {
	Purpose string       `db:"purpose" json:"class"`
	Debit   money.Amount `db:"debit" json:"debit"`
	Credit  money.Amount `db:"credit" json:"credit"`
	Balance money.Amount `db:"-" json:"balance"`
}

func (t *Trial) add(debit, credit money.Amount) {
	t.Debit += debit
	t.Credit += credit
	t.Balance = t.Credit - t.Debit
}

const sqlReach = `select coalesce(max(until), 0) from ledger_totals where until <= $1`
const sqlTotals = `select t.purpose, t.debit, t.credit from ledger_totals t
where t.day = (select max(l.day) from ledger_totals l where l.purpose = t.purpose and l.until <= $1)`

// TrialBalance sums the whole book over the entries before an instant, or over all when it
// is zero: the totals kept last before it, and the part of the book after them. Its
// balances add up to zero. q should be a snapshot of the database (db.View).
func TrialBalance(ctx context.Context, q db.Querier, at time.Time) ([]Trial, error) {
	until := instant(at)
	reach, err := db.One[int64](ctx, q, sqlReach, until)
	if err != nil {
		return nil, err
	}
	kept, err := db.List[Trial](ctx, q, sqlTotals, until)
	if err != nil {
		return nil, err
	}
	moved, err := turnover(ctx, q, reach, until)
	if err != nil {
		return nil, err
	}
	out := byPurpose(moved)
	for _, k := range kept {
		i := slices.IndexFunc(out, func(t Trial) bool { return t.Purpose == k.Purpose })
		if i < 0 {
			i = len(out)
			out = append(out, Trial{Purpose: k.Purpose})
		}
		out[i].add(k.Debit, k.Credit)
	}
	slices.SortFunc(out, func(a, b Trial) int { return cmp.Compare(a.Purpose, b.Purpose) })
	return out, nil
}

// instant is an upper bound in microseconds; zero is none.
func instant(t time.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return t.UnixMicro()
}
