package fulfillment

import "time"

// Profile names a retry schedule (saas.md §10).
type Profile string

// The profiles.
const (
	Window3h Profile = "window_3h" // newInstance, upgrade
	Window1h Profile = "window_1h" // all other calls of the life cycle
	Renewal  Profile = "renewal"   // a paid renewal: window_1h, then hourly for 7 days
	Poll     Profile = "poll"      // queryInstance after a creation
	Once     Profile = "once"      // on behalf of a person who waits
)

var offsets = map[Profile][]time.Duration{
	Window3h: minutes(0, 3, 6, 9, 12, 15, 60, 120, 180),
	Window1h: minutes(0, 3, 6, 15, 30, 60),
	Renewal:  append(minutes(0, 3, 6, 15, 30, 60), every(time.Hour, time.Hour, 7*24*time.Hour)...),
	Poll:     append([]time.Duration{10 * time.Second, 30 * time.Second, time.Minute}, every(5*time.Minute, time.Minute, 3*time.Hour)...),
	Once:     minutes(0),
}

func minutes(n ...int) []time.Duration {
	out := make([]time.Duration, len(n))
	for i, m := range n {
		out[i] = time.Duration(m) * time.Minute
	}
	return out
}

func every(step, after, until time.Duration) []time.Duration {
	var out []time.Duration
	for d := after + step; d <= until; d += step {
		out = append(out, d)
	}
	return out
}

// Window is how long the schedule lasts from its start.
func (p Profile) Window() time.Duration {
	o := offsets[p]
	return o[len(o)-1]
}

// Alarm is when operators learn of a call that still fails, counted from its start: at its end, but
// for a paid renewal, which goes on long after that.
func (p Profile) Alarm() time.Duration {
	if p == Renewal {
		return Window1h.Window()
	}
	return p.Window()
}

// First is the pause before the first attempt.
func (p Profile) First() time.Duration { return offsets[p][0] }

// Next is when to try again after an attempt that ended at now: the first point of the
// schedule after it that lies within the window. ok is false when the window has closed.
func (p Profile) Next(start, end, now time.Time) (at time.Time, ok bool) {
	for _, d := range offsets[p] {
		if at = start.Add(d); at.After(now) {
			return at, !at.After(end)
		}
	}
	return time.Time{}, false
}
