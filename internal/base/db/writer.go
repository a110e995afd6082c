package db

import (
	"context"
	"database/sql"
	"sync"
)

// writer is the one connection that writes to an SQLite file, with its prepared
// statements. Its turn is taken by a channel, so that a waiting caller can give up.
type writer struct {
	pool  *sql.DB
	conn  *sql.Conn
	turn  chan struct{}
	stmts map[string]*sql.Stmt
	once  sync.Once

	careful int // batches that are still to run with savepoints; for the holder of the turn

	mu    sync.Mutex
	queue []*pending
}

func openWriter(ctx context.Context, url string) (*writer, error) {
	pool, err := sql.Open("sqlite", url)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &writer{pool: pool, conn: conn, turn: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}, nil
}

func (w *writer) lock(ctx context.Context) error {
	select {
	case w.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) unlock() { <-w.turn }

// stmt is called by the holder of the turn only.
func (w *writer) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := w.stmts[text]; ok {
		return s, nil
	}
	s, err := w.conn.PrepareContext(ctx, text)
	if err == nil && len(w.stmts) < 1000 {
		w.stmts[text] = s
	}
	return s, err
}

func (w *writer) forget() {
	for text, s := range w.stmts {
		s.Close()
		delete(w.stmts, text)
	}
}

func (w *writer) close() error {
	var err error
	w.once.Do(func() {
		w.turn <- struct{}{}
		defer w.unlock()
		w.forget()
		w.conn.Close()
		err = w.pool.Close()
	})
	return err
}

// do runs a statement that controls the transaction; for the holder of the turn.
func (w *writer) do(ctx context.Context, text string) error {
	s, err := w.stmt(ctx, text)
	if err == nil {
		_, err = s.ExecContext(ctx)
	}
	return err
}

func (w *writer) enqueue(p *pending) {
	w.mu.Lock()
	w.queue = append(w.queue, p)
	w.mu.Unlock()
}

// take removes the next batch from the queue.
func (w *writer) take() []*pending {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.queue), maxBatch)
	batch := append([]*pending(nil), w.queue[:n]...)
	w.queue = append(w.queue[:0:0], w.queue[n:]...)
	return batch
}

func (w *writer) putBack(rest []*pending) {
	if len(rest) == 0 {
		return
	}
	w.mu.Lock()
	w.queue = append(append([]*pending(nil), rest...), w.queue...)
	w.mu.Unlock()
}

// withdraw takes p out of the queue; false when it is being run.
func (w *writer) withdraw(p *pending) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, q := range w.queue {
		if q == p {
			w.queue = append(w.queue[:i:i], w.queue[i+1:]...)
			return true
		}
	}
	return false
}
