package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/telemetry"
)

func TestLogHidesSecrets(t *testing.T) {
	var out bytes.Buffer
	log := telemetry.NewLogger(&out, slog.LevelDebug)
	ctx := telemetry.WithRequestID(t.Context(), "req_12345678")
	log.With("apiKey", "hunter2").WithGroup("call").InfoContext(ctx, "connect postgres://jishi:hunter2@db/x",
		"Body-Sign", "hunter2", "user_password", "hunter2", "authToken", "hunter2", "order", "CS1",
		"error", errors.New("dial postgres://jishi:hunter2@db:5432/x: refused"),
		"header", http.Header{"Authorization": {"Bearer hunter2"}, "Accept": {"a/b"}},
		slog.Group("in", "accessKey", "hunter2", "name", "shown"))
	text := out.String()
	if strings.Contains(text, "hunter2") {
		t.Errorf("a secret was logged: %s", text)
	}
	for _, want := range []string{`"requestId":"req_12345678"`, `"order":"CS1"`, `"Accept":"a/b"`, `"name":"shown"`, "db:5432", "postgres://jishi:"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in %s", want, text)
		}
	}
	if !json.Valid(out.Bytes()) {
		t.Error("not JSON")
	}
}

type ticking struct{ *clock.Manual }

func (c ticking) Now() time.Time { return c.Advance(10 * time.Millisecond) }

func newHTTP(log io.Writer, proxies string) telemetry.HTTP {
	p, err := telemetry.ParseProxies(proxies)
	if err != nil {
		panic(err)
	}
	return telemetry.HTTP{
		Log: telemetry.NewLogger(log, slog.LevelDebug), Metrics: telemetry.NewMetrics("test"), Proxies: p,
		Clock: ticking{clock.NewManual(time.Unix(1_800_000_000, 0))},
	}
}

func TestRequestsAreCountedByRoute(t *testing.T) {
	var log bytes.Buffer
	h := newHTTP(&log, "")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /things/{id}", func(w http.ResponseWriter, r *http.Request) {
		if telemetry.RequestID(r.Context()) == "" {
			t.Error("no request id")
		}
		io.WriteString(w, "hello")
	})
	// A layer that copies the request hides the mux's pattern from the outside.
	copying := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		telemetry.Routes(mux).ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), t, t)))
	})
	handler := h.Wrap(copying)
	for _, target := range []string{"/things/1?token=hunter2", "/things/2", "/nothing/here"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", target, nil))
	}
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("BREW", "/things/2", nil))

	page := httptest.NewRecorder()
	h.Metrics.Handler().ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`jishi_http_requests_total{method="GET",route="/things/{id}",status="200"} 2`,
		`jishi_http_requests_total{method="GET",route="unmatched",status="404"} 1`,
		`jishi_http_requests_total{method="other",route="unmatched",status="405"} 1`,
		`jishi_http_request_duration_seconds_sum{method="GET",route="/things/{id}"} 0.02`,
		`jishi_http_requests_in_flight 0`, `jishi_build_info{version="test"} 1`, "go_goroutines", "process_",
	} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(log.String(), "hunter2") || !strings.Contains(log.String(), `"bytes":5`) {
		t.Errorf("log: %s", log.String())
	}
}

func TestPanic(t *testing.T) {
	var log bytes.Buffer
	h := newHTTP(&log, "")
	server := httptest.NewServer(h.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/late" {
			io.WriteString(w, "begun")
			w.(http.Flusher).Flush()
		}
		panic("boom")
	})))
	response, err := http.Get(server.URL + "/early")
	if err != nil {
		t.Fatal(err)
	}
	var problem struct{ Code, RequestID string }
	_ = json.NewDecoder(response.Body).Decode(&problem)
	if response.StatusCode != 500 || problem.Code != "internal" || problem.RequestID != response.Header.Get("X-Request-Id") ||
		response.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %+v %v", response.StatusCode, problem, response.Header)
	}
	late, err := http.Get(server.URL + "/late")
	if err == nil {
		_, err = io.ReadAll(late.Body)
	}
	if err == nil {
		t.Error("half an answer looked whole")
	}
	server.Close()
	if !strings.Contains(log.String(), `"panic":"boom"`) || !strings.Contains(log.String(), "telemetry_test.go") {
		t.Errorf("log: %s", log.String())
	}
}

func TestProxies(t *testing.T) {
	p, err := telemetry.ParseProxies("10.0.0.0/8, 2001:db8::1 192.0.2.7")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		peer, forwarded, want string
		trusted               bool
	}{
		{"203.0.113.5:1000", "", "203.0.113.5", false},
		{"203.0.113.5:1000", "1.1.1.1", "203.0.113.5", false},
		{"10.1.1.1:1000", "", "10.1.1.1", true},
		{"10.1.1.1:1000", "1.1.1.1, 203.0.113.5", "203.0.113.5", true},
		{"10.1.1.1:1000", "1.1.1.1, 203.0.113.5, 192.0.2.7", "203.0.113.5", true},
		{"[2001:db8::1]:1000", "203.0.113.5:4711", "203.0.113.5", true},
		{"[::ffff:10.1.1.1]:1000", "[2606:4700::1]", "2606:4700::1", true},
		{"10.1.1.1:1000", "203.0.113.5, unknown", "10.1.1.1", true},
		{"10.1.1.1:1000", "10.2.2.2, 10.3.3.3", "10.2.2.2", true},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		r.Header.Set("X-Forwarded-Proto", "https")
		if got := p.ClientAddr(r).String(); got != c.want || p.Trusts(r) != c.trusted || p.Secure(r) != c.trusted {
			t.Errorf("%+v: %s, trusted %v, secure %v", c, got, p.Trusts(r), p.Secure(r))
		}
	}
	for _, bad := range []string{"10.0.0.0/99", "example.com"} {
		if _, err := telemetry.ParseProxies(bad); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}

func TestRequestIDFromProxy(t *testing.T) {
	handler := newHTTP(io.Discard, "192.0.2.0/24").Wrap(http.NotFoundHandler())
	for given, want := range map[string]bool{
		"0123456789abcdef": true, "short": false, "with blank 123": false, "line\nbreak1234": false, strings.Repeat("a", 65): false,
	} {
		for peer, trusted := range map[string]bool{"192.0.2.1:1": true, "203.0.113.1:1": false} {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = peer
			r.Header.Set("X-Request-Id", given)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			got := w.Header().Get("X-Request-Id")
			if (got == given) != (want && trusted) || got == "" {
				t.Errorf("%q from %s: %q", given, peer, got)
			}
		}
	}
}

func TestHealth(t *testing.T) {
	var log bytes.Buffer
	fail := errors.New("db at 10.0.0.5 is down")
	var broken error
	h := telemetry.NewHealth(telemetry.NewLogger(&log, slog.LevelInfo),
		telemetry.Check{Name: "database", Run: func(context.Context) error { return broken }},
		telemetry.Check{Name: "jobs", Run: func(context.Context) error { return nil }})
	ask := func(f http.HandlerFunc) (int, string) {
		w := httptest.NewRecorder()
		f(w, httptest.NewRequest("GET", "/", nil))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	if code, body := ask(h.Ready); code != 200 || body != `{"checks":{"database":"ok","jobs":"ok"},"ready":true}` {
		t.Error(code, body)
	}
	broken = fail
	if code, body := ask(h.Ready); code != 503 || strings.Contains(body, "10.0.0.5") || !strings.Contains(log.String(), "10.0.0.5") {
		t.Error(code, body)
	}
	broken = nil
	h.Stop()
	if code, body := ask(h.Ready); code != 503 || !strings.Contains(body, "stopping") {
		t.Error(code, body)
	}
	if code, body := ask(h.Live); code != 200 || body != `{"live":true}` {
		t.Error(code, body)
	}
}

func TestNetwork(t *testing.T) {
	for in, want := range map[string]string{
		"203.0.113.5": "203.0.113.5", "::ffff:203.0.113.5": "203.0.113.5", "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64", "": "", "nowhere": "nowhere",
	} {
		if got := telemetry.Network(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
