// Package clock is the only place that reads the time.
//
// There are two clocks. The realm's clock (db.Tx.Now) gives deadlines, terms and
// business dates and may stand still or be moved in a sandbox. The wall clock gives
// leases, retries, sessions, rate limits, audit, and what proves freshness on the wire.
package clock

import (
	"sync"
	"time"
)

// Clock tells the present instant in UTC with microseconds, the resolution of the database.
type Clock interface{ Now() time.Time }

// Wall is the machine's clock.
type Wall struct{}

// Now implements Clock.
func (Wall) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Manual is a clock that moves only when told. It is safe for concurrent use.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual makes a clock that stands at t.
func NewManual(t time.Time) *Manual { return &Manual{now: t.UTC().Truncate(time.Microsecond)} }

// Now implements Clock.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Advance moves the clock forward and returns the new instant.
func (m *Manual) Advance(d time.Duration) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d).Truncate(time.Microsecond)
	return m.now
}

// Set puts the clock to t.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t.UTC().Truncate(time.Microsecond)
}
