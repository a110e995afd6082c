package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"time"

	"jishi/internal/base/clock"
)

// Querier reads. *DB and *Tx are Queriers; so is what View hands out.
type Querier interface {
	query(ctx context.Context, text string, args []any) (*sql.Rows, error)
}

// Tx is a writing transaction. Now is the realm's instant, the same for the whole
// transaction.
type Tx struct {
	Now time.Time

	db    *DB
	tx    *sql.Tx     // PostgreSQL
	conn  *sql.Conn   // PostgreSQL: that of tx
	later []statement // PostgreSQL: kept back, see pipeline.go
	dead  error       // PostgreSQL: the first error ends the transaction
	done  atomic.Bool
	hook  []func()
}

// DB is the database that the transaction writes to: jobs and caches may key by it.
func (t *Tx) DB() *DB { return t.db }

// AfterCommit has f run after a successful commit, in order. It is for hints inside the
// process (wake a worker, drop a cache); what must not be lost is a row.
func (t *Tx) AfterCommit(f func()) { t.hook = append(t.hook, f) }

// ErrNested is what an Update inside an Update gives: one transaction has one owner.
var ErrNested = errors.New("db: Update inside Update")

type inUpdate struct{}

// slow is when a transaction is worth a line in the log.
const slow = 200 * time.Millisecond

// attempts bounds the retries after serialization failures and locks.
const attempts = 12

// Update runs fn in one transaction and commits when it returns nil. fn may run again
// after a serialization failure, so it does nothing but rows; it must use the given
// context. An error of fn rolls everything back and is returned as it is.
func (d *DB) Update(ctx context.Context, fn func(tx *Tx) error) error {
	return d.UpdateCtx(ctx, func(_ context.Context, tx *Tx) error { return fn(tx) })
}

// UpdateCtx is Update for an fn that wants the context which refuses nested Updates.
func (d *DB) UpdateCtx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if ctx.Value(inUpdate{}) != nil {
		return ErrNested
	}
	inner := context.WithValue(ctx, inUpdate{}, true)
	start := clock.Wall{}.Now()
	var err error
	for try := 0; try < attempts; try++ {
		var hook []func()
		if d.engine == SQLite {
			hook, err = d.updateSQLite(inner, fn)
		} else {
			hook, err = d.updatePostgres(inner, fn)
		}
		if err == nil {
			for _, f := range hook {
				f()
			}
			break
		}
		// A rival of this very moment took a key that was free when fn looked: now it looks
		// again and finds it taken.
		rival := d.engine == Postgres && try == 0 && IsUnique(err)
		if !rival && !retryable(err) || ctx.Err() != nil {
			break
		}
		pause := time.Duration(1+rand.IntN(4<<min(try, 6))) * time.Millisecond
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if took := (clock.Wall{}).Now().Sub(start); took > slow {
		d.log.Warn("slow transaction", "ms", took.Milliseconds(), "caller", caller(), "error", err)
	}
	return err
}

func (d *DB) updatePostgres(ctx context.Context, fn func(context.Context, *Tx) error) ([]func(), error) {
	conn, err := d.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	t := &Tx{Now: d.Now(), db: d, tx: tx, conn: conn}
	defer func() {
		t.done.Store(true)
		tx.Rollback() // does nothing after a commit
	}()
	if err := fn(ctx, t); err != nil {
		return nil, err
	}
	if t.dead != nil {
		return nil, fmt.Errorf("db: the transaction went on after an error: %w", t.dead)
	}
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	return t.hook, nil
}

// View runs fn on one snapshot: all its reads see the same state.
func (d *DB) View(ctx context.Context, fn func(q Querier) error) error {
	opt := &sql.TxOptions{ReadOnly: true}
	if d.engine == Postgres {
		opt.Isolation = sql.LevelRepeatableRead
	} else {
		opt = nil // query_only makes the readers read-only; a deferred begin gives the snapshot
	}
	tx, err := d.pool.BeginTx(ctx, opt)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return fn(view{d, tx})
}

type view struct {
	db *DB
	tx *sql.Tx
}

func (v view) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	count(ctx)
	if v.db.engine == Postgres {
		return v.tx.QueryContext(ctx, text, args...)
	}
	// Preparing takes a connection of the pool, and this view holds one: when all views
	// waited for a second one, none would go on. So it happens beside, for the next time.
	s, ok := v.db.stmts.Load(text)
	if !ok {
		v.db.prepareLater(text)
		return v.tx.QueryContext(ctx, text, args...)
	}
	return v.tx.StmtContext(ctx, s.(*sql.Stmt)).QueryContext(ctx, args...)
}

func (d *DB) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	count(ctx)
	if d.engine == Postgres {
		return d.pool.QueryContext(ctx, text, args...) // pgx caches its statements
	}
	s, err := d.prepared(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// prepareLater prepares a statement of the reading pool when it has a free connection.
func (d *DB) prepareLater(text string) {
	if _, busy := d.preparing.LoadOrStore(text, true); busy {
		return
	}
	go func() {
		defer d.preparing.Delete(text)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if _, err := d.prepared(ctx, text); err != nil {
			d.log.Debug("statement was not prepared", "error", err)
		}
	}()
}

// prepared is the reading pool's statement of an SQL text, on SQLite; pgx keeps its own.
func (d *DB) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := d.stmts.Load(text); ok {
		return s.(*sql.Stmt), nil
	}
	made, err := d.pool.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if s, loaded := d.stmts.LoadOrStore(text, made); loaded {
		made.Close()
		return s.(*sql.Stmt), nil
	}
	return made, nil
}

func (t *Tx) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	count(ctx)
	if t.tx != nil {
		if err := t.flush(ctx); err != nil {
			return nil, err
		}
		rows, err := t.tx.QueryContext(ctx, text, args...)
		return rows, t.note(err)
	}
	// An interrupt would roll back the whole batch: stop between statements only.
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	s, err := t.db.writer.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (t *Tx) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	count(ctx)
	if len(t.later) > 0 {
		t.later = append(t.later, statement{text, args})
		return t.send(ctx)
	}
	if t.tx != nil {
		res, err := t.tx.ExecContext(ctx, text, args...)
		return res, t.note(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	s, err := t.db.writer.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (t *Tx) usable() error {
	if t.done.Load() {
		return errors.New("db: the transaction is over")
	}
	return t.dead
}

func (t *Tx) note(err error) error {
	if err != nil && t.dead == nil {
		t.dead = err
	}
	return err
}

func caller() string {
	pc := make([]uintptr, 16)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	for {
		f, more := frames.Next()
		if !more || !inThisPackage(f.Function) {
			return f.Function
		}
	}
}

func inThisPackage(name string) bool {
	const p = "jishi/internal/base/db."
	return len(name) > len(p) && name[:len(p)] == p
}

type counter struct{}

// WithCounter returns a context in which statements are counted into n: a test proves
// with it that a request's number of queries is bounded.
func WithCounter(ctx context.Context, n *atomic.Int64) context.Context {
	return context.WithValue(ctx, counter{}, n)
}

func count(ctx context.Context) {
	if n, ok := ctx.Value(counter{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

// Prepare asks the engine whether it understands a statement, without running it.
func (d *DB) Prepare(ctx context.Context, text string) error {
	s, err := d.pool.PrepareContext(ctx, text)
	if err == nil {
		err = s.Close()
	}
	return err
}
