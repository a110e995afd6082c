package bench

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jishi/internal/base/clock"
)

// Figure is one line of the table.
type Figure struct {
	Name     string  `json:"name"`
	Database string  `json:"database"`
	Clients  int     `json:"clients,omitempty"`
	Rate     float64 `json:"rate,omitempty"` // per second
	Unit     string  `json:"unit"`
	P50      float64 `json:"p50Ms,omitempty"`
	P95      float64 `json:"p95Ms,omitempty"` // of steady loads
	P99      float64 `json:"p99Ms,omitempty"`
	Value    float64 `json:"value,omitempty"` // where it is no rate: milliseconds, MiB
	// Statements to the database and processor time of one unit, the load's own included: on a
	// busy machine they say more than the rate.
	Statements float64 `json:"statements,omitempty"`
	CPU        float64 `json:"cpuMicros,omitempty"`
	Goal       string  `json:"goal"`
	Met        bool    `json:"met"`
}

// closed runs work from so many clients for a while, each beginning the next one when the
// one before is done, and tells rate and latencies. work is called with the client's
// number and a running number.
func closed(clients int, d time.Duration, setup func(client int) (work func(n int) error, done func(), err error)) (rate float64, p50, p99 float64, err error) {
	latencies := make([][]time.Duration, clients)
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	fail := func(err error) { failed.CompareAndSwap(nil, &err) }
	begin := make(chan struct{})
	var until time.Time
	for c := range clients {
		work, done, err := setup(c)
		if err != nil {
			return 0, 0, 0, err
		}
		wg.Go(func() {
			defer done()
			<-begin
			for n := 0; failed.Load() == nil; n++ {
				start := clock.Wall{}.Now()
				if start.After(until) {
					return
				}
				if err := work(n); err != nil {
					fail(err)
					return
				}
				latencies[c] = append(latencies[c], clock.Wall{}.Now().Sub(start))
			}
		})
	}
	start := clock.Wall{}.Now()
	until = start.Add(d)
	close(begin)
	wg.Wait()
	took := clock.Wall{}.Now().Sub(start)
	if e := failed.Load(); e != nil {
		return 0, 0, 0, *e
	}
	all := slices.Concat(latencies...)
	slices.Sort(all)
	return float64(len(all)) / took.Seconds(), ms(quantile(all, 0.5)), ms(quantile(all, 0.99)), nil
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
