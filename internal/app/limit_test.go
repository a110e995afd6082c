package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/telemetry"
	"jishi/internal/base/throttle"
)

// Pages and files count by network, in one bucket each; a proxy that is trusted does not make one network of all.
func TestPagesAndFilesAreLimited(t *testing.T) {
	proxies, err := telemetry.ParseProxies("192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	served := 0
	h := limited(&throttle.Buckets{}, proxies, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ }))
	ask := func(remote, forwarded string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/products/1", nil)
		r.RemoteAddr = remote
		r.Header.Set("Accept-Language", "en")
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	refused := 0
	for range pageRate.Burst * 2 {
		if w := ask("198.51.100.7:4711", ""); w.Code == http.StatusTooManyRequests {
			refused++
			if w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Too many requests") {
				t.Fatalf("%v %s", w.Header(), w.Body)
			}
		}
	}
	if refused == 0 || served < pageRate.Burst || served+refused != pageRate.Burst*2 {
		t.Errorf("%d served, %d refused", served, refused)
	}
	for _, other := range []*httptest.ResponseRecorder{ask("198.51.100.8:1", ""), ask("192.0.2.1:1", "203.0.113.9")} {
		if other.Code != http.StatusOK {
			t.Errorf("another network: %d", other.Code)
		}
	}
	// A bucket of its own would serve all of these; the one that was emptied has got little back since.
	refused = 0
	for range pageRate.Burst {
		if ask("192.0.2.1:1", "198.51.100.7").Code == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused == 0 {
		t.Error("the same network through a proxy has a bucket of its own")
	}
}

// The program's own handler limits what stands outside of the API, and not its health.
func TestLimitsOfTheWholeHandler(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		status := func(path string) int {
			answer, err := http.Get(s.url + path)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			return answer.StatusCode
		}
		seen := 0
		for range 20_000 {
			if seen = status("/files/none"); seen == http.StatusTooManyRequests {
				break
			}
		}
		if seen != http.StatusTooManyRequests || status("/healthz") != 200 || status("/api/v1/session") != 200 {
			t.Errorf("files %d, health %d, API %d", seen, status("/healthz"), status("/api/v1/session"))
		}
	})
}
