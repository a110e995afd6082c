package probe

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/i18n"
	"jishi/isv"
	"jishi/wire/saas"
)

const (
	goodKey  = "9fa6c870-0000-4e9b-b71e-4c2233001560"
	otherKey = "d0c5e3a2-1111-4b7f-8a66-0f1e2d3c4b5a"
)

// seller is a server that does everything right, in memory, until a test changes one of its functions.
type seller struct {
	isv.Handler
	mu   sync.Mutex
	ids  map[string]string // by what was bought
	gone map[string]bool
}

func newSeller() *seller {
	s := &seller{ids: map[string]string{}, gone: map[string]bool{}}
	access := &saas.AppInfo{FrontEndURL: "https://app.example/", UserName: "admin", Password: "secret-password", AdminURL: "https://app.example/in?token=secret-token"}
	s.Handler = isv.Handler{
		V1Key: goodKey, V2Key: goodKey, Logger: slog.New(slog.DiscardHandler),
		Create: func(_ context.Context, c isv.Create) (isv.Instance, error) {
			return isv.Instance{ID: s.id(c.Key()), Access: access}, nil
		},
		Query: func(_ context.Context, q isv.Query) (isv.Instance, error) {
			return isv.Instance{ID: q.InstanceID, Access: access}, nil
		},
		Renew:       func(context.Context, isv.Renewal) error { return nil },
		Freeze:      func(context.Context, isv.Freeze) error { return nil },
		Release:     func(_ context.Context, r isv.Release) error { s.release(r.InstanceID); return nil },
		Upgrade:     func(context.Context, isv.Upgrade) error { return nil },
		CheckChange: func(context.Context, isv.Change) error { return nil },
	}
	return s
}

// id is the instance of what was bought.
func (s *seller) id(bought string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids[bought] == "" {
		s.ids[bought] = fmt.Sprintf("inst-%d", len(s.ids)+1)
	}
	return s.ids[bought]
}

// release tells whether the instance was there.
func (s *seller) release(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := !s.gone[id]
	s.gone[id] = true
	return was
}

// left are the instances that nobody has released.
func (s *seller) left() (ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range s.ids {
		if !s.gone[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// activityOf reads what a request is about and leaves its body in place.
func activityOf(r *http.Request) saas.Activity {
	if r.Method == http.MethodGet {
		return saas.Activity(r.URL.Query().Get("activity"))
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	p, _ := saas.ParseBody(body)
	return saas.Activity(p["activity"])
}

// resign gives every call a valid signature, as a server that checks none would see it.
func resign(next http.Handler, when func(*http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !when(r) {
			next.ServeHTTP(w, r)
			return
		}
		if r.Method == http.MethodGet {
			p, _ := saas.ParseQuery(r.URL.RawQuery)
			delete(p, saas.ParamAuthToken)
			p[saas.ParamAuthToken] = saas.AuthToken(goodKey, p)
			r.URL.RawQuery = p.Query()
		} else {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			at := saas.FormatMillis(time.Now())
			r.URL.RawQuery = url.Values{"timestamp": {at}, "nonce": {"n"}, "signature": {saas.SignV2(goodKey, "n", at, body)}}.Encode()
		}
		next.ServeHTTP(w, r)
	})
}

// rewrite lets a test change an answer after it was made and signed.
func rewrite(next http.Handler, change func(h http.Header, body []byte) []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		body := change(rec.Header(), rec.Body.Bytes())
		rec.Header().Del("Content-Length")
		for name, v := range rec.Header() {
			w.Header()[name] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(body)
	})
}

func check(t *testing.T, h http.Handler, o Options) Report {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	if o.URL == "" {
		o.URL = server.URL + "/produceAPI"
	}
	if o.Key == "" {
		o.Key = goodKey
	}
	if o.EncryptType == "" {
		o.EncryptType = "1"
	}
	o.Lang, o.Poll = i18n.EN, time.Millisecond
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// found are the faults of a report as "case code", warnings with a question mark behind them.
func found(r Report) (out []string) {
	for _, c := range r.Cases {
		for _, f := range c.Faults {
			text := c.Name + " " + f.Code
			if f.Warning {
				text += "?"
			}
			out = append(out, text)
		}
	}
	return out
}

func wantFaults(t *testing.T, r Report, want ...string) {
	t.Helper()
	got := found(r)
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("%s was not found in %s", w, strings.Join(got, ", "))
		}
	}
	fails := slices.ContainsFunc(want, func(w string) bool { return !strings.HasSuffix(w, "?") })
	if r.Passed == fails {
		t.Errorf("passed is %v with %v", r.Passed, got)
	}
}
