// Package throttle bounds how often something may be done: one token bucket per key, a
// person, an address or an access key.
//
// The buckets are of this process: several nodes allow several times as much, which
// protects all the same. It keeps no state beyond the process and knows no protocol; what
// a refusal looks like is the business of the edge that asks.
package throttle

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"jishi/internal/base/clock"
)

// Rate allows so many a second on average, and Burst at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// idle is how long a bucket is kept that nobody uses: by then it is full again.
const idle = 5 * time.Minute

// Buckets holds the buckets. It is safe for concurrent use; the zero value is empty and ready.
type Buckets struct {
	mu    sync.Mutex
	of    map[string]*bucket
	swept time.Time
}

type bucket struct {
	*rate.Limiter
	seen time.Time
}

// Allow takes a token from the key's bucket and tells whether there was one. A key keeps
// the rate that it was first asked with.
func (b *Buckets) Allow(key string, r Rate) bool { return b.allow(key, r, clock.Wall{}.Now()) }

func (b *Buckets) allow(key string, r Rate, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Sub(b.swept) > time.Minute {
		for k, one := range b.of {
			if now.Sub(one.seen) > idle {
				delete(b.of, k)
			}
		}
		b.swept = now
	}
	one := b.of[key]
	if one == nil {
		if b.of == nil {
			b.of = map[string]*bucket{}
		}
		one = &bucket{Limiter: rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)}
		b.of[key] = one
	}
	one.seen = now
	return one.AllowN(now, 1)
}
