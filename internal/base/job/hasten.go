package job

import (
	"context"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
)

const sqlHasten = `update jobs set run_at = run_at - $1 where kind = $2 and state = 'ready' and run_at > $3`

// Hasten brings the waiting jobs of a kind nearer by a duration: a sandbox whose clock was
// moved has waited for so long.
func Hasten(ctx context.Context, tx *db.Tx, kind string, by time.Duration) error {
	n, err := db.Exec(ctx, tx, sqlHasten, by.Microseconds(), kind, clock.Wall{}.Now())
	if n > 0 {
		tx.AfterCommit(func() { tx.DB().Hint(due) })
	}
	return err
}

const sqlBusy = `select count(*) from jobs where kind = $1 and (state = 'running' or state = 'ready' and run_at <= $2)`

// Busy counts the jobs of a kind that run or should.
func Busy(ctx context.Context, q db.Querier, kind string) (int, error) {
	return db.One[int](ctx, q, sqlBusy, kind, clock.Wall{}.Now())
}

const sqlSoon = `select count(*) from jobs where state = 'running' or state = 'ready' and run_at <= $1`

// Soon counts the jobs of all kinds that run, or that are due within a duration.
func Soon(ctx context.Context, q db.Querier, within time.Duration) (int, error) {
	return db.One[int](ctx, q, sqlSoon, clock.Wall{}.Now().Add(within))
}
