// Package job is the work that outlives a request.
//
// A job is a row, written in the transaction of its cause and claimed by any node. It
// owns the table jobs. What is promised: a job runs at least once, and the rows that its
// handler writes together with Done change exactly once, because finishing is guarded by
// the attempt: a worker whose lease ran out can no longer write. Effects outside happen
// at least once, so a handler sends the same business key each time.
//
// States: ready → running → done | ready (retry) | dead; dead → ready (retry button);
// ready → canceled. Leases and retries follow the wall clock.
package job

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
)

// New is a job to be written.
type New struct {
	Kind  string
	Args  any       // becomes JSON
	Key   string    // not empty: at most one job with this key exists until it is purged
	RunAt time.Time // zero is at once
	Ref   string    // the business object, for people who look
	Lane  string    // jobs of one lane share a limit of running ones: a seller's endpoint
}

// Job is a claimed job.
type Job struct {
	ID         string    `db:"id" json:"id"`
	Kind       string    `db:"kind" json:"kind"`
	Args       string    `db:"args" json:"args"`
	Key        string    `db:"unique_key" json:"key"`
	Ref        string    `db:"ref" json:"ref"`
	Lane       string    `db:"lane" json:"lane"`
	State      string    `db:"state" json:"state"`
	RunAt      time.Time `db:"run_at" json:"runAt"`
	Attempt    int       `db:"attempt" json:"attempt"`
	LeaseUntil time.Time `db:"lease_until" json:"leaseUntil"`
	Worker     string    `db:"worker" json:"worker"`
	Error      string    `db:"error" json:"error"`
	CreatedAt  time.Time `db:"created_at" json:"createdAt"`
	FinishedAt time.Time `db:"finished_at" json:"finishedAt"`

	finished *bool
}

// Decode reads the arguments.
func (j Job) Decode(into any) error {
	if err := json.Unmarshal([]byte(j.Args), into); err != nil {
		return fmt.Errorf("arguments of job %s: %w", j.Kind, err)
	}
	return nil
}

type row struct {
	ID        string    `db:"id"`
	Kind      string    `db:"kind"`
	Args      any       `db:"args,json"`
	Key       *string   `db:"unique_key"`
	Ref       string    `db:"ref"`
	Lane      string    `db:"lane"`
	RunAt     time.Time `db:"run_at"`
	CreatedAt time.Time `db:"created_at"`
}

// Enqueue writes a job in the caller's transaction and wakes this process's runner after
// the commit. It tells false when the key exists already: the job is not written twice.
func Enqueue(ctx context.Context, tx *db.Tx, n New) (bool, error) {
	now := clock.Wall{}.Now()
	if n.RunAt.IsZero() || n.RunAt.Before(now) {
		n.RunAt = now
	}
	r := row{ID: id.New("job"), Kind: n.Kind, Args: n.Args, Ref: n.Ref, Lane: n.Lane, RunAt: n.RunAt, CreatedAt: now}
	if n.Key != "" {
		r.Key = &n.Key
	}
	written, err := true, error(nil)
	if n.Key == "" {
		err = db.Append(ctx, tx, "jobs", r)
	} else {
		written, err = db.InsertIfAbsent(ctx, tx, "jobs", r)
	}
	if written && !n.RunAt.After(now) {
		tx.AfterCommit(func() { tx.DB().Hint(due) })
	}
	return written, err
}

const sqlFinish = `update jobs set state = 'done', finished_at = $1, lease_until = null, error = ''
where id = $2 and attempt = $3 and state = 'running' and unique_key is not null`
const sqlRemove = `delete from jobs where id = $1 and attempt = $2 and state = 'running' and unique_key is null`

// ErrLate is what Done gives a worker that lost its lease: its transaction must fail.
var ErrLate = errs.Conflictf("job.late")

// Done finishes the job in the handler's own transaction, so that its rows and its end
// are one. A job without a key leaves no row behind.
func Done(ctx context.Context, tx *db.Tx, j Job) error {
	n, err := db.Exec(ctx, tx, sqlRemove, j.ID, j.Attempt)
	if err == nil && n == 0 {
		n, err = db.Exec(ctx, tx, sqlFinish, clock.Wall{}.Now(), j.ID, j.Attempt)
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrLate
	}
	if j.finished != nil {
		tx.AfterCommit(func() { *j.finished = true })
	}
	return nil
}

const sqlCancel = `update jobs set state = 'canceled', finished_at = $1 where unique_key = $2 and state = 'ready'`

// Cancel ends a waiting job by its key; a running one goes on.
func Cancel(ctx context.Context, tx *db.Tx, key string) error {
	_, err := db.Exec(ctx, tx, sqlCancel, clock.Wall{}.Now(), key)
	return err
}

const sqlRevive = `update jobs set state = 'ready', run_at = $1, error = '', finished_at = null where id = $2 and state = 'dead'`

// Revive puts a dead job to work again. "job.not_dead" (Conflict) otherwise.
func Revive(ctx context.Context, tx *db.Tx, jobID string) error {
	n, err := db.Exec(ctx, tx, sqlRevive, clock.Wall{}.Now(), jobID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("job.not_dead")
	}
	tx.AfterCommit(func() { tx.DB().Hint(due) })
	return nil
}

const columns = `id, kind, args, unique_key, ref, lane, state, run_at, attempt, lease_until, worker, error, created_at, finished_at`

const sqlList = `select ` + columns + ` from jobs where ($1 = '' or state = $1) and ($2 = '' or kind = $2) and ($3 = '' or id < $3) order by id desc limit $4`

// List shows jobs to operators, newest first.
func List(ctx context.Context, q db.Querier, state, kind string, p page.Query) (page.Page[Job], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Job]{}, err
	}
	rows, err := db.List[Job](ctx, q, sqlList, state, kind, key[0], p.Size()+1)
	return page.Of(p, rows, func(j Job) []string { return []string{j.ID} }), err
}
