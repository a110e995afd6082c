package telemetry

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"jishi/internal/base/clock"
)

// slowRequest is when an answer is worth a line in the log though it succeeded.
const slowRequest = 2 * time.Second

// HTTP is the outermost layer of a listener.
type HTTP struct {
	Log     *slog.Logger
	Metrics *Metrics
	Proxies Proxies
	Clock   clock.Clock

	// Problem renders the answer to a panic, if nothing was written yet, with status 500.
	// Nil means a problem document (RFC 9457) without a localised text.
	Problem http.HandlerFunc
}

// Wrap gives each request an id (also in the answer's X-Request-Id header), turns a
// panic into a 500 answer and a log line with the stack, counts and measures by route
// pattern, and logs each answer: at Info 5xx and slow ones, at Debug the others. The
// query string is never logged, it may hold tokens.
func (h HTTP) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := h.Clock.Now()
		shared := &request{id: newRequestID(r, h.Proxies)}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, shared))
		w.Header().Set(requestHeader, shared.id)
		out := &recorder{ResponseWriter: w}
		h.Metrics.inFlight.Inc()
		defer func() {
			h.Metrics.inFlight.Dec()
			caught := recover()
			if caught != nil && caught != http.ErrAbortHandler {
				h.panicked(out, r, caught)
			}
			h.finish(out, r, shared, start)
			if caught == http.ErrAbortHandler || caught != nil && out.broken {
				panic(http.ErrAbortHandler) // cuts the connection, so that half an answer is not taken for a whole one
			}
		}()
		next.ServeHTTP(out, r)
	})
}

func (h HTTP) panicked(out *recorder, r *http.Request, caught any) {
	h.Metrics.panics.Inc()
	h.Log.ErrorContext(r.Context(), "handler panicked", "panic", caught, "method", r.Method, "path", r.URL.Path,
		"stack", string(debug.Stack()))
	if out.status != 0 {
		out.broken = true
		return
	}
	if h.Problem != nil {
		h.Problem(out, r)
		return
	}
	out.Header().Set("Content-Type", "application/problem+json")
	out.WriteHeader(http.StatusInternalServerError)
	_ = json.NewEncoder(out).Encode(map[string]any{
		"type": "about:blank", "title": http.StatusText(http.StatusInternalServerError), "status": http.StatusInternalServerError,
		"code": "internal", "requestId": RequestID(r.Context()),
	})
}

func (h HTTP) finish(out *recorder, r *http.Request, shared *request, start time.Time) {
	status := out.status
	if status == 0 {
		status = http.StatusOK
	}
	route := shared.route
	if route == "" {
		route = r.Pattern
	}
	took := max(0, h.Clock.Now().Sub(start))
	h.Metrics.observe(r.Method, route, status, took)
	level := slog.LevelDebug
	if status >= 500 || took >= slowRequest {
		level = slog.LevelInfo
	}
	if !h.Log.Enabled(r.Context(), level) {
		return
	}
	h.Log.Log(r.Context(), level, "request", "method", r.Method, "path", r.URL.Path, "route", routeLabel(route),
		"status", status, "bytes", out.bytes, "ms", took.Milliseconds(), "client", h.Proxies.ClientAddr(r).String())
}

// recorder notes the status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	broken bool // a panic after the answer had begun
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Flush keeps streamed answers streaming.
func (w *recorder) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Unwrap lets http.ResponseController reach the rest.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
