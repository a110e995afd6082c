package db

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"jishi/internal/base/clock"
)

// SQLite has one writer, and a durable commit costs more than most transactions. So the
// caller that gets the writer's turn also runs the transactions of those who wait by then,
// and commits them together: all become durable at once, and nobody is told before that.
// One fails alone: the batch it is in is undone and runs again with a savepoint for each,
// and so do the next ones for a while, since failures come in crowds. Savepoints cost: every
// page that is changed is copied once for each of them.

// maxBatch and maxBatchTime bound how long the first of a batch waits for the last.
const (
	maxBatch     = 64
	maxBatchTime = 10 * time.Millisecond
)

// careful is how many batches after a failure run with savepoints.
const careful = 32

// pending is a transaction that waits for the writer.
type pending struct {
	ctx  context.Context
	fn   func(context.Context, *Tx) error
	done chan struct{} // closed when hook and err are set

	hook     []func()
	err      error
	panicked any
	ran      bool
}

func (p *pending) failed() bool { return p.err != nil }

// spoils tells whether the part left rows behind that must not be committed: one that was
// cancelled before its turn has none.
func (p *pending) spoils() bool { return p.err != nil && p.ran }

// errBatchLost says that SQLite rolled a whole batch back because of one of its parts, or
// that its commit failed before anything was durable; each part runs again by itself.
var errBatchLost = errors.New("db: the batch was rolled back")

func (d *DB) updateSQLite(ctx context.Context, fn func(context.Context, *Tx) error) ([]func(), error) {
	w := d.writer
	if w == nil {
		return nil, errors.New("db: the database was opened for reading only")
	}
	p := &pending{ctx: ctx, fn: fn, done: make(chan struct{})}
	w.enqueue(p)
	for {
		select {
		case <-p.done:
			if p.panicked != nil {
				panic(p.panicked)
			}
			return p.hook, p.err
		case w.turn <- struct{}{}:
			d.runBatch(w.take())
			w.unlock()
		case <-ctx.Done():
			if w.withdraw(p) {
				return nil, ctx.Err()
			}
			select { // it runs already: its result decides
			case <-p.done:
				return p.hook, p.err
			case w.turn <- struct{}{}: // or it was put back, and nobody else may come to run it
				d.runBatch(w.take())
				w.unlock()
			}
		}
	}
}

func (d *DB) runBatch(batch []*pending) {
	if len(batch) == 0 {
		return // somebody else ran mine
	}
	w := d.writer
	savepoints := len(batch) > 1 && w.careful > 0
	w.careful = max(0, w.careful-1)
	ran, err := d.tryBatch(batch, savepoints)
	if err == nil && ran > 1 && !savepoints && slices.ContainsFunc(batch[:ran], (*pending).spoils) {
		w.do(context.Background(), "rollback")
		w.careful = careful
		w.putBack(batch[ran:])
		batch = batch[:ran]
		ran, err = d.tryBatch(batch, true)
	}
	w.putBack(batch[ran:])
	batch = batch[:ran]
	switch {
	case err != nil: // rolled back already, or never begun
	case len(batch) == 1 && batch[0].failed():
		w.do(context.Background(), "rollback")
	default:
		if err = w.do(context.Background(), "commit"); err != nil {
			w.do(context.Background(), "rollback")
			err = fmt.Errorf("commit: %w", err)
		}
	}
	for _, p := range batch {
		if err != nil && p.err == nil {
			p.err, p.hook = err, nil
		}
		close(p.done)
	}
}

// tryBatch begins a transaction and runs the parts in it, as many as fit into the time. It tells
// how many ran; its error means that nothing of them is left.
func (d *DB) tryBatch(batch []*pending, savepoints bool) (ran int, err error) {
	w := d.writer
	if err := w.do(context.Background(), "begin immediate"); err != nil {
		return len(batch), err
	}
	begun := clock.Wall{}.Now()
	for i, p := range batch {
		if i > 0 && (clock.Wall{}).Now().Sub(begun) > maxBatchTime {
			break
		}
		ran++
		if err := d.runPart(p, savepoints); err != nil {
			w.do(context.Background(), "rollback") // already gone in most cases
			return ran, errBatchLost
		}
		if p.spoils() && !savepoints {
			break // what was before it is undone with it
		}
	}
	return ran, nil
}

// runPart runs one transaction of a batch. Its error means that the batch is lost.
func (d *DB) runPart(p *pending, savepoint bool) error {
	w := d.writer
	bg := context.Background()
	p.hook, p.panicked, p.ran = nil, nil, false
	if p.err = p.ctx.Err(); p.err != nil {
		return nil
	}
	p.ran = true
	if savepoint {
		if err := w.do(bg, "savepoint part"); err != nil {
			return err
		}
	}
	t := &Tx{Now: d.Now(), db: d}
	p.err = guard(p, t)
	t.done.Store(true)
	if p.err == nil {
		p.hook = t.hook
	}
	if !savepoint {
		return nil
	}
	if p.err != nil {
		if err := w.do(bg, "rollback to part"); err != nil {
			return err
		}
	}
	return w.do(bg, "release part")
}

// guard keeps a panic of one transaction for its own caller.
func guard(p *pending, t *Tx) (err error) {
	defer func() {
		if v := recover(); v != nil {
			p.panicked = fmt.Sprintf("%v\n%s", v, debug.Stack())
			err = errors.New("db: panic")
		}
	}()
	return p.fn(p.ctx, t)
}
