package db

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
)

// A batch that takes too long puts its rest back. Whoever gave up meanwhile must not wait
// for somebody else to come and run it: perhaps nobody writes any more.
func TestACanceledTransactionIsNotForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	synctest.Test(t, func(t *testing.T) {
		d, err := Open(context.Background(), Config{URL: path, Relaxed: true})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		w := d.writer
		if err := w.lock(context.Background()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var result error
		returned := false
		go func() {
			result = d.Update(ctx, func(*Tx) error { return nil })
			returned = true
		}()
		synctest.Wait()
		batch := w.take()
		if len(batch) != 1 {
			t.Fatalf("%d transactions wait", len(batch))
		}
		cancel()
		synctest.Wait() // it sees that it cannot withdraw
		w.putBack(batch)
		w.unlock()
		synctest.Wait()
		if !returned || !errors.Is(result, context.Canceled) {
			t.Errorf("returned %v, %v", returned, result)
		}
	})
}
