package bench

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/job"
	"jishi/internal/market/fulfillment"
	"jishi/isv"
	"jishi/wire/saas"
)

// receiver is a seller's server on loopback that makes an instance per order.
type receiver struct {
	handler *isv.Handler
	server  *http.Server
	url     string
	calls   atomic.Int64
}

func newReceiver() (*receiver, error) {
	r := &receiver{handler: &isv.Handler{Logger: quiet()}}
	app := &saas.AppInfo{FrontEndURL: "https://app.bench.example/", UserName: "admin", Password: "initial"}
	r.handler.Create = func(_ context.Context, c isv.Create) (isv.Instance, error) {
		r.calls.Add(1)
		return isv.Instance{ID: c.BusinessID, Access: app}, nil
	}
	r.handler.Query = func(_ context.Context, q isv.Query) (isv.Instance, error) {
		r.calls.Add(1)
		return isv.Instance{ID: q.InstanceID, Access: app}, nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r.url = "http://" + l.Addr().String()
	r.server = &http.Server{Handler: r.handler, ReadHeaderTimeout: 10 * time.Second}
	go r.server.Serve(l)
	return r, nil
}

// forgetWaiting removes what earlier loads left waiting: it is not part of the next one.
func (s *stage) forgetWaiting(ctx context.Context) error {
	return s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := write(ctx, tx, `delete from jobs where kind = $1`, fulfillment.JobKind); err != nil {
			return err
		}
		return write(ctx, tx, `update fulfillment_calls set state = 'canceled' where state in ('waiting', 'calling', 'retrying')`)
	})
}

// runJobs works the given kinds until stop, which waits for their end; their statements are counted.
func (s *stage) runJobs(ctx context.Context, kinds []job.Kind) (statements *atomic.Int64, stop func()) {
	statements = &atomic.Int64{}
	run, cancel := context.WithCancel(db.WithCounter(ctx, statements))
	ended := make(chan struct{})
	go func() {
		(&job.Runner{DB: s.app.DB, Log: quiet(), Kinds: kinds}).Run(run)
		close(ended)
	}()
	return statements, func() { cancel(); <-ended }
}

const sqlOpenCalls = `select count(*) from fulfillment_calls where state in ('waiting', 'calling', 'retrying')`

// deliveries has paid orders waiting and lets the workers loose: each is a signed call, its
// log row, the order completed, the money captured, the buyer told.
func deliveries(ctx context.Context, s *stage) ([]Figure, error) {
	var out []Figure
	for _, g := range []string{"V1", "V2"} {
		if err := s.forgetWaiting(ctx); err != nil {
			return nil, err
		}
		for i := range s.Orders {
			if err := s.buy(ctx, i%maxBuyers, g); err != nil {
				return nil, err
			}
		}
		before, spent := s.receiver.calls.Load(), processorTime()
		start := clock.Wall{}.Now()
		statements, stop := s.runJobs(ctx, s.app.Jobs())
		err := waitFor(ctx, 2*time.Minute, func() (bool, error) {
			n, err := db.One[int](ctx, s.app.DB, sqlOpenCalls)
			return n == 0, err
		})
		took := clock.Wall{}.Now().Sub(start)
		calls := float64(s.receiver.calls.Load() - before)
		cpu := processorTime() - spent
		stop()
		if err != nil {
			return nil, err
		}
		rate := calls / took.Seconds()
		out = append(out, Figure{Name: fmt.Sprintf("deliveries %s: signed, logged, settled", g), Rate: rate, Unit: "calls/s",
			Statements: float64(statements.Load()) / calls, CPU: float64(cpu.Microseconds()) / calls,
			Goal: "≥ 4,000 calls/s", Met: rate >= 4000})
	}
	return out, nil
}

// steadyRate is how many orders the steady load pays in a second.
const steadyRate = 200

// steadyDeliveries pays orders at an even pace, whatever becomes of the ones before, and tells how
// long each call was on its way: from the instant that its row was written, before the payment's
// commit, until its result was committed.
func steadyDeliveries(ctx context.Context, s *stage) ([]Figure, error) {
	if err := s.forgetWaiting(ctx); err != nil {
		return nil, err
	}
	n := steadyRate * s.Seconds
	orders := make([]string, n)
	for i := range orders {
		var err error
		if orders[i], err = s.place(ctx, i%maxBuyers, "V1"); err != nil {
			return nil, err
		}
	}
	var mu sync.Mutex
	var took []time.Duration
	all := make(chan struct{})
	kinds := s.app.Jobs()
	for i, k := range kinds {
		if k.Name != fulfillment.JobKind {
			continue
		}
		kinds[i].Handler = func(ctx context.Context, j job.Job) error {
			err := k.Handler(ctx, j)
			at := clock.Wall{}.Now()
			mu.Lock()
			defer mu.Unlock()
			if took = append(took, at.Sub(j.CreatedAt)); len(took) == n {
				close(all)
			}
			return err
		}
	}
	statements, stop := s.runJobs(ctx, kinds)
	defer stop()
	spent, before := processorTime(), statements.Load()
	begun := clock.Wall{}.Now()
	if err := s.payEvenly(ctx, orders); err != nil {
		return nil, err
	}
	wait, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	select {
	case <-all:
	case <-wait.Done():
		return nil, fmt.Errorf("%d of %d calls were made: %w", len(took), n, wait.Err())
	}
	lasted := clock.Wall{}.Now().Sub(begun)
	mu.Lock()
	defer mu.Unlock()
	slices.Sort(took)
	p50 := ms(quantile(took, 0.5))
	return []Figure{{Name: fmt.Sprintf("deliveries V1 at %d a second, from queued to recorded", steadyRate), Rate: float64(n) / lasted.Seconds(), Unit: "calls/s",
		P50: p50, P95: ms(quantile(took, 0.95)), P99: ms(quantile(took, 0.99)),
		Statements: float64(statements.Load()-before) / float64(n), CPU: float64((processorTime() - spent).Microseconds()) / float64(n),
		Goal: "p50 < 10 ms", Met: p50 < 10}}, nil
}

// payEvenly pays one order every so often, beside each other when one is slow.
func (s *stage) payEvenly(ctx context.Context, orders []string) error {
	tick := time.NewTicker(time.Second / steadyRate)
	defer tick.Stop()
	var paying sync.WaitGroup
	var failed atomic.Pointer[error]
	for i, orderID := range orders {
		paying.Go(func() {
			if err := s.pay(ctx, i%maxBuyers, orderID); err != nil {
				failed.CompareAndSwap(nil, &err)
			}
		})
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	paying.Wait()
	if e := failed.Load(); e != nil {
		return *e
	}
	return nil
}
