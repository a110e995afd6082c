package job_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/job"
)

type bundle struct {
	d      *db.DB
	cancel context.CancelFunc
	ended  chan struct{}
}

// start runs runners over the kinds; the test's end stops them and waits.
func start(t *testing.T, d *db.DB, nodes int, kinds ...job.Kind) *bundle {
	ctx, cancel := context.WithCancel(context.Background())
	b := &bundle{d: d, cancel: cancel, ended: make(chan struct{})}
	var wg sync.WaitGroup
	for range nodes {
		r := &job.Runner{DB: d, Log: slog.New(slog.DiscardHandler), Kinds: kinds}
		wg.Go(func() { r.Run(ctx) })
	}
	go func() { wg.Wait(); close(b.ended) }()
	t.Cleanup(func() { cancel(); <-b.ended })
	return b
}

func enqueue(t *testing.T, d *db.DB, n job.New) bool {
	t.Helper()
	var written bool
	err := d.Update(context.Background(), func(tx *db.Tx) (err error) {
		written, err = job.Enqueue(context.Background(), tx, n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return written
}

func wait[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("no signal")
		panic("unreachable")
	}
}

func TestEachJobRunsOnceOnThreeNodes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		const n = 60
		var mu sync.Mutex
		seen := map[string]int{}
		all := make(chan struct{}, n)
		start(t, d, 3, job.Kind{Name: "count", Parallel: 8, Handler: func(ctx context.Context, j job.Job) error {
			return d.Update(ctx, func(tx *db.Tx) error {
				tx.AfterCommit(func() {
					mu.Lock()
					seen[j.ID]++
					mu.Unlock()
					all <- struct{}{}
				})
				return job.Done(ctx, tx, j)
			})
		}})
		for range n {
			enqueue(t, d, job.New{Kind: "count"})
		}
		for range n {
			wait(t, all)
		}
		mu.Lock()
		defer mu.Unlock()
		for id, times := range seen {
			if times != 1 {
				t.Errorf("job %s was finished %d times", id, times)
			}
		}
		if len(seen) != n {
			t.Errorf("%d of %d jobs ran", len(seen), n)
		}
	})
}

func TestRetriesThenDeadThenRevived(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		var fail atomic.Bool
		fail.Store(true)
		var runs atomic.Int64
		dead, ran := make(chan job.Job, 1), make(chan struct{}, 1)
		start(t, d, 1, job.Kind{Name: "flaky", Schedule: []time.Duration{time.Millisecond, time.Millisecond},
			Handler: func(context.Context, job.Job) error {
				runs.Add(1)
				if fail.Load() {
					panic("broken")
				}
				ran <- struct{}{}
				return nil
			},
			Dead: func(_ context.Context, tx *db.Tx, j job.Job) error {
				tx.AfterCommit(func() { dead <- j })
				return nil
			}})
		enqueue(t, d, job.New{Kind: "flaky"})
		j := wait(t, dead)
		if runs.Load() != 3 {
			t.Fatalf("%d runs", runs.Load())
		}
		fail.Store(false)
		if err := d.Update(context.Background(), func(tx *db.Tx) error { return job.Revive(context.Background(), tx, j.ID) }); err != nil {
			t.Fatal(err)
		}
		wait(t, ran)
	})
}

func TestAFullLaneDoesNotHideOthers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		release, healthy := make(chan struct{}), make(chan struct{}, 10)
		var hanging, most atomic.Int64
		start(t, d, 2, job.Kind{Name: "call", Parallel: 6, PerLane: 2, Handler: func(ctx context.Context, j job.Job) error {
			if j.Lane == "slow" {
				now := hanging.Add(1)
				for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
				}
				<-release
				hanging.Add(-1)
				return nil
			}
			healthy <- struct{}{}
			return nil
		}})
		for range 30 {
			enqueue(t, d, job.New{Kind: "call", Lane: "slow"})
		}
		for range 10 {
			enqueue(t, d, job.New{Kind: "call", Lane: "fast"})
		}
		for range 10 {
			wait(t, healthy)
		}
		close(release)
		if most.Load() > 2 {
			t.Errorf("%d calls of one lane at once", most.Load())
		}
	})
}

func TestAKeyIsWrittenOnceAndALateWorkerCannotFinish(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if !enqueue(t, d, job.New{Kind: "none", Key: "k"}) || enqueue(t, d, job.New{Kind: "none", Key: "k"}) {
			t.Fatal("the key did not decide")
		}
		err := d.Update(ctx, func(tx *db.Tx) error { return job.Done(ctx, tx, job.Job{ID: "job_x", Attempt: 1}) })
		if !errors.Is(err, job.ErrLate) {
			t.Fatalf("late worker: %v", err)
		}
	})
}
