package telemetry

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// checkTimeout bounds one readiness check.
const checkTimeout = 2 * time.Second

// Check is something a node needs to do its work.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

// Health answers the questions of a load balancer or supervisor.
type Health struct {
	log      *slog.Logger
	checks   []Check
	stopping atomic.Bool
}

// NewHealth makes a Health whose readiness hangs on the checks.
func NewHealth(log *slog.Logger, checks ...Check) *Health {
	return &Health{log: log, checks: checks}
}

// Stop makes the node not ready for the rest of its life, so that a load balancer
// sends it nothing new while it finishes what it has.
func (h *Health) Stop() { h.stopping.Store(true) }

// Live answers /healthz: 200 as long as the process answers at all. It checks nothing
// else, because a restart does not repair a database.
func (h *Health) Live(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, map[string]any{"live": true})
}

// Ready answers /readyz: 200 when every check passes within 2 s, else 503. Checks run
// side by side; the reasons of failures go to the log and not to the caller.
func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	if h.stopping.Load() {
		writeHealth(w, http.StatusServiceUnavailable, map[string]any{"ready": false, "stopping": true})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
	defer cancel()
	results := make([]error, len(h.checks))
	var wg sync.WaitGroup
	for i, c := range h.checks {
		wg.Go(func() { results[i] = c.Run(ctx) })
	}
	wg.Wait()
	ready, shown := true, make(map[string]string, len(h.checks))
	for i, c := range h.checks {
		shown[c.Name] = "ok"
		if err := results[i]; err != nil {
			ready, shown[c.Name] = false, "failed"
			h.log.WarnContext(ctx, "not ready", "check", c.Name, "error", err)
		}
	}
	status := http.StatusOK
	if !ready {
		status = http.StatusServiceUnavailable
	}
	writeHealth(w, status, map[string]any{"ready": ready, "checks": shown})
}

func writeHealth(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
