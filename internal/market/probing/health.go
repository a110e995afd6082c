package probing

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/market/fulfillment"
)

// HealthDays is how far back a health score looks.
const HealthDays = 7

// The weights of the parts of a score, and the latencies at which its last part is 1 and 0.
const (
	weightCalls, weightProbes, weightLatency = 0.5, 0.3, 0.2
	fast, slow                               = time.Second, 20 * time.Second
)

// Health is how an address has been doing; the package comment has the formula.
type Health struct {
	Score        *int // nil: nothing is known
	Calls        int64
	Good         int64
	P95          time.Duration // 0: nothing was answered
	Probes       int64
	PassedProbes int64
}

func (h *Health) rate() {
	sum, weights := 0.0, 0.0
	part := func(weight, value float64) { sum, weights = sum+weight*value, weights+weight }
	if h.Calls > 0 {
		part(weightCalls, float64(h.Good)/float64(h.Calls))
	}
	if h.Probes > 0 {
		part(weightProbes, float64(h.PassedProbes)/float64(h.Probes))
	}
	if h.P95 > 0 {
		part(weightLatency, promptness(h.P95))
	}
	if weights > 0 {
		score := int(math.Floor(100*sum/weights + 1e-9))
		h.Score = &score
	}
}

// promptness is 1 up to fast, 0 from slow on, and falls with the logarithm in between.
func promptness(p95 time.Duration) float64 {
	v := math.Log(float64(slow)/float64(p95)) / math.Log(float64(slow)/float64(fast))
	return min(1, max(0, v))
}

type probeCount struct {
	AddressID string `db:"address_id"`
	Passed    int64  `db:"passed"`
	All       int64  `db:"n"`
}

// HealthOf gives the health of each address: two bounded queries for the calls, one for the
// probes, at most 100 addresses. An address that was never called is there, without a score.
func HealthOf(ctx context.Context, q db.Querier, addressIDs []string, now time.Time, zone *time.Location) (map[string]Health, error) {
	out := map[string]Health{}
	if len(addressIDs) == 0 {
		return out, nil
	}
	calls, err := fulfillment.OfAddresses(ctx, q, addressIDs, now, HealthDays, zone)
	if err != nil {
		return nil, err
	}
	args := []any{dayBefore(now.In(zone), HealthDays-1)}
	marks := make([]string, len(addressIDs))
	for i, a := range addressIDs {
		args = append(args, a)
		marks[i] = "$" + strconv.Itoa(len(args))
		f := calls[a]
		out[a] = Health{Calls: f.Calls(), Good: f.Good, P95: f.P95}
	}
	probes, err := db.List[probeCount](ctx, q, `select address_id, count(*) filter (where state = 'passed') as passed, count(*) as n
from probe_runs where day >= $1 and address_id in (`+strings.Join(marks, ", ")+`) and state in ('passed', 'failed') group by address_id`, args...)
	if err != nil {
		return nil, err
	}
	for _, p := range probes {
		h := out[p.AddressID]
		h.Probes, h.PassedProbes = p.All, p.Passed
		out[p.AddressID] = h
	}
	for a, h := range out {
		h.rate()
		out[a] = h
	}
	return out, nil
}
