package throttle

import (
	"testing"
	"time"
)

func TestBuckets(t *testing.T) {
	var b Buckets
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := Rate{PerSecond: 2, Burst: 3}
	take := func(key string, n int) (got int) {
		for range n {
			if b.allow(key, r, now) {
				got++
			}
		}
		return got
	}
	if got := take("a", 5); got != 3 {
		t.Errorf("%d at once, want the burst of 3", got)
	}
	if got := take("b", 5); got != 3 {
		t.Errorf("another key got %d", got)
	}
	now = now.Add(time.Second)
	if got := take("a", 5); got != 2 {
		t.Errorf("%d after a second, want 2", got)
	}
	now = now.Add(idle + 2*time.Minute)
	take("c", 1)
	if len(b.of) != 1 {
		t.Errorf("%d buckets are kept, want that of the last key", len(b.of))
	}
}
