package fulfillment_test

import (
	"testing"
	"time"

	"jishi/internal/market/fulfillment"
)

// The points of each profile after its start, as saas.md §10 and §7.2 name them.
func TestSchedules(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		profile fulfillment.Profile
		want    []string // the first points after the first attempt
		count   int
	}{
		{fulfillment.Window3h, []string{"3m0s", "6m0s", "9m0s", "12m0s", "15m0s", "1h0m0s", "2h0m0s", "3h0m0s"}, 8},
		{fulfillment.Window1h, []string{"3m0s", "6m0s", "15m0s", "30m0s", "1h0m0s"}, 5},
		{fulfillment.Renewal, []string{"3m0s", "6m0s", "15m0s", "30m0s", "1h0m0s", "2h0m0s", "3h0m0s"}, 5 + 7*24 - 1},
		{fulfillment.Poll, []string{"30s", "1m0s", "6m0s", "11m0s"}, 37},
		{fulfillment.Once, nil, 0},
	} {
		end := start.Add(c.profile.Window())
		var got []string
		for now := start.Add(c.profile.First()); ; {
			at, ok := c.profile.Next(start, end, now)
			if !ok {
				break
			}
			got = append(got, at.Sub(start).String())
			now = at
		}
		if len(got) != c.count {
			t.Errorf("%s: %d points: %v", c.profile, len(got), got)
		}
		for i, w := range c.want {
			if i >= len(got) || got[i] != w {
				t.Errorf("%s: point %d of %v, want %s", c.profile, i, got, w)
			}
		}
	}
	// After a night of downtime one attempt has been made late; no other follows.
	if _, ok := fulfillment.Window3h.Next(start, start.Add(3*time.Hour), start.Add(9*time.Hour)); ok {
		t.Error("the window is open after its end")
	}
	// Polling ends with the create call's window, however late it began.
	if at, ok := fulfillment.Poll.Next(start, start.Add(2*time.Minute), start.Add(time.Minute)); ok {
		t.Error("polled beyond the window at", at)
	}
}
