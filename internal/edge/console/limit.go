package console

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"jishi/internal/base/clock"
	"jishi/internal/base/telemetry"
)

// limits holds one token bucket per client and class. They are of this process: several
// nodes allow several times as much, which protects all the same.
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

// Visitors, by their networks, and people make at most 100 requests a second with bursts of 300; sign-in and
// the like are held to one a second with bursts of 20 per network.
func (l *limits) allow(class string, q *request) bool {
	key, every, burst := q.caller.UserID, rate.Limit(100), 300
	if class == "strict" {
		key, every, burst = "strict:"+telemetry.Network(q.address), rate.Limit(1), 20
	} else if key == "" {
		key = telemetry.Network(q.address)
	}
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
		b = &bucket{Limiter: rate.NewLimiter(every, burst)}
		l.buckets[key] = b
	}
	b.seen = now
	return b.AllowN(now, 1)
}
