package probing

import (
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestRunsBeginWithinTheirHoursOfTheSitesZone(t *testing.T) {
	last := func(n int) int { return n - 1 }
	first := func(int) int { return 0 }
	for _, name := range []string{"Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"} {
		z := zone(t, name)
		for _, day := range []time.Time{
			time.Date(2026, 2, 28, 0, 0, 0, 0, z), time.Date(2026, 12, 31, 0, 0, 0, 0, z),
			time.Date(2026, 3, 8, 0, 0, 0, 0, z), time.Date(2026, 11, 1, 0, 0, 0, 0, z), // New York changes its clocks
		} {
			at := func(h, m int) time.Time { return time.Date(day.Year(), day.Month(), day.Day(), h, m, 0, 0, z) }
			for _, x := range []struct {
				h, m int
				half string
			}{{0, 0, ""}, {7, 59, ""}, {8, 0, "am"}, {9, 30, "am"}, {10, 59, "am"}, {11, 0, ""}, {13, 59, ""}, {14, 0, "pm"}, {16, 59, "pm"}, {17, 0, ""}, {23, 59, ""}} {
				w, ok := windowAt(at(x.h, x.m).UTC(), z)
				if ok != (x.half != "") || w.half != x.half && ok {
					t.Errorf("%s %s %d:%d: %v %+v", name, day.Format(time.DateOnly), x.h, x.m, ok, w)
				}
				if !ok {
					continue
				}
				if w.day != day.Format(time.DateOnly) {
					t.Errorf("%s: day %s of %s", name, w.day, day)
				}
				now := at(x.h, x.m)
				for _, due := range []time.Time{w.pick(now, first), w.pick(now, last)} {
					if due.Before(w.start) || !due.Before(w.end) || due.Before(now) && now.After(w.start) {
						t.Errorf("%s at %s: drawn %s of %s–%s", name, now, due, w.start, w.end)
					}
				}
			}
		}
	}
}

func TestFailingDaysAreCountedWithoutGap(t *testing.T) {
	both := func(day string, a, b State) []dayState { return []dayState{{day, a}, {day, b}} }
	join := func(days ...[]dayState) (out []dayState) {
		for _, d := range days {
			out = append(out, d...)
		}
		return out
	}
	mar1 := both("2026-03-01", Failed, Failed)
	feb28, feb27 := both("2026-02-28", Failed, Failed), both("2026-02-27", Failed, Failed)
	for name, x := range map[string]struct {
		rows []dayState
		want int
	}{
		"nothing":                      {nil, 0},
		"over the end of a month":      {join(mar1, feb28, feb27), 3},
		"today is not over":            {join([]dayState{{"2026-03-01", Failed}}, feb28, feb27), 2},
		"today's second run is coming": {join(both("2026-03-01", Failed, Planned), feb28), 1},
		"today has passed once":        {join(both("2026-03-01", Failed, Passed), feb28, feb27), 0},
		"passed yesterday":             {join(mar1, both("2026-02-28", Passed, Failed), feb27), 1},
		"one run only yesterday":       {join(mar1, []dayState{{"2026-02-28", Failed}}, feb27), 1},
		"missed yesterday":             {join(mar1, both("2026-02-28", Failed, Missed), feb27), 1},
		"skipped yesterday":            {join(mar1, both("2026-02-28", Skipped, Skipped), feb27), 1},
		"a day without runs":           {join(mar1, feb27), 1},
	} {
		if n := failing(x.rows, time.Date(2026, 3, 1, 18, 0, 0, 0, zone(t, "America/New_York"))); n != x.want {
			t.Errorf("%s: %d, want %d", name, n, x.want)
		}
	}
}

func TestHealthScore(t *testing.T) {
	for name, x := range map[string]struct {
		h    Health
		want int
	}{
		"nothing known":             {Health{}, -1},
		"without a fault":           {Health{Calls: 10, Good: 10, P95: time.Second, Probes: 2, PassedProbes: 2}, 100},
		"one call of many failed":   {Health{Calls: 10000, Good: 9999, P95: time.Millisecond, Probes: 2, PassedProbes: 2}, 99},
		"all calls failed, no HTTP": {Health{Calls: 10, Probes: 4, PassedProbes: 4}, 37}, // 0.3 of 0.8
		"probes only":               {Health{Probes: 4, PassedProbes: 3}, 75},
		"as slow as the time-out":   {Health{Calls: 10, Good: 10, P95: 20 * time.Second}, 71}, // 0.5 of 0.7
		"slower than the time-out":  {Health{Calls: 10, Good: 10, P95: time.Minute}, 71},
		"half as prompt":            {Health{Calls: 1, Good: 1, P95: 4472135955 * time.Nanosecond, Probes: 1, PassedProbes: 1}, 90},
	} {
		x.h.rate()
		got := -1
		if x.h.Score != nil {
			got = *x.h.Score
		}
		if got != x.want {
			t.Errorf("%s: %d, want %d", name, got, x.want)
		}
	}
}
