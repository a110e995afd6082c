package fulfillment

import (
	"context"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/job"
)

const sqlHasten = `update fulfillment_calls set window_start = window_start - $1, window_end = window_end - $1, next_at = next_at - $1 where state in ('waiting', 'calling', 'retrying')`

// Hasten lets the schedules of the open calls go on as if so much time had passed: the
// clock of a sandbox was moved, and the pauses between attempts are the wall clock's.
func Hasten(ctx context.Context, tx *db.Tx, by time.Duration) error {
	if _, err := db.Exec(ctx, tx, sqlHasten, by.Microseconds()); err != nil {
		return err
	}
	for _, kind := range []string{JobKind, NotifyJobKind} {
		if err := job.Hasten(ctx, tx, kind, by); err != nil {
			return err
		}
	}
	return nil
}

const sqlNextAttempt = `select min(next_at) from fulfillment_calls where state in ('waiting', 'calling', 'retrying') and state <> 'waiting'`

// NextAttempt is how long the next attempt of any call is away, 0 or less when it is due;
// false when none is.
func NextAttempt(ctx context.Context, q db.Querier) (time.Duration, bool, error) {
	at, err := db.One[time.Time](ctx, q, sqlNextAttempt)
	if err != nil || at.IsZero() {
		return 0, false, err
	}
	return at.Sub(clock.Wall{}.Now()), true, nil
}

// Outgoing counts the attempts that are being made or should be.
func Outgoing(ctx context.Context, q db.Querier) (int, error) {
	n := 0
	for _, kind := range []string{JobKind, NotifyJobKind} {
		some, err := job.Busy(ctx, q, kind)
		if err != nil {
			return 0, err
		}
		n += some
	}
	return n, nil
}
