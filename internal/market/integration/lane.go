package integration

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"jishi/internal/base/clock"
)

// Debug calls go to a server of the caller's choice: a seller makes one per second with bursts of 60, which a person who
// tries all scenarios does not notice.
const (
	debugRate  = 1
	debugBurst = 60
)

// lanes keep one run at a time per address and path, and count the runs of each seller. They are of this process: several
// nodes allow several times as much, which protects all the same. The zero value is ready.
type lanes struct {
	mu      sync.Mutex
	busy    map[Target]chan struct{} // closed when the lane is free again
	buckets map[string]*bucket
	swept   time.Time
}

type bucket struct {
	*rate.Limiter
	seen time.Time
}

// lane is what a run occupies: generations share a server.
func lane(t Target) Target { return Target{AddressID: t.AddressID, Path: t.Path} }

// tryEnter takes the lane when it is free.
func (l *lanes) tryEnter(t Target) (leave func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, taken := l.busy[lane(t)]; taken {
		return nil, false
	}
	if l.busy == nil {
		l.busy = map[Target]chan struct{}{}
	}
	free := make(chan struct{})
	l.busy[lane(t)] = free
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.busy, lane(t))
		close(free)
	}, true
}

// enter waits for the lane.
func (l *lanes) enter(ctx context.Context, t Target) (leave func(), err error) {
	for {
		if leave, ok := l.tryEnter(t); ok {
			return leave, nil
		}
		l.mu.Lock()
		free := l.busy[lane(t)]
		l.mu.Unlock()
		if free == nil {
			continue
		}
		select {
		case <-free:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// allow counts runs of a seller.
func (l *lanes) allow(sellerID string, runs int) bool {
	now := clock.Wall{}.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > time.Minute {
		for k, b := range l.buckets {
			if now.Sub(b.seen) > 5*time.Minute {
				delete(l.buckets, k)
			}
		}
		l.swept = now
	}
	if l.buckets == nil {
		l.buckets = map[string]*bucket{}
	}
	b := l.buckets[sellerID]
	if b == nil {
		b = &bucket{Limiter: rate.NewLimiter(debugRate, debugBurst)}
		l.buckets[sellerID] = b
	}
	b.seen = now
	return b.AllowN(now, runs)
}
