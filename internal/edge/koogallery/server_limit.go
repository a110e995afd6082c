package koogallery

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"jishi/internal/base/clock"
)

// The limits of the open API: each access key makes 100 calls a second with bursts of 200 (open-api.md §15). Before a key
// is known the gateway allows an address several keys' worth, since many sellers may stand behind one.
const (
	callRate, callBurst       = 100, 200
	gatewayRate, gatewayBurst = 500, 1000
)

// limits holds one token bucket per key and per address. They are of this process: several nodes allow several times as
// much, which protects all the same.
type limits struct {
	mu      sync.Mutex
	buckets map[string]*bucket
	swept   time.Time
}

type bucket struct {
	*rate.Limiter
	seen time.Time
}

func newLimits() *limits { return &limits{buckets: map[string]*bucket{}} }

func (l *limits) allow(key string, each rate.Limit, burst int) bool {
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
	b := l.buckets[key]
	if b == nil {
		b = &bucket{Limiter: rate.NewLimiter(each, burst)}
		l.buckets[key] = b
	}
	b.seen = now
	return b.AllowN(now, 1)
}
