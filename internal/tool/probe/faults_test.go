package probe

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/market/integration"
	"jishi/isv"
	"jishi/wire/saas"
)

// Each server has one fault, and the report names it.
func TestFaultsAreFoundByName(t *testing.T) {
	always := func(*http.Request) bool { return true }
	for _, c := range []struct {
		name    string
		options Options
		server  func(s *seller) http.Handler
		want    []string
	}{
		{"a new instance for every call", Options{Generation: "v1", Scenario: []string{"checks"}}, func(s *seller) http.Handler {
			s.Create = func(_ context.Context, c isv.Create) (isv.Instance, error) {
				return isv.Instance{ID: "inst-" + c.BusinessID, Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
			}
			return s
		}, []string{"repeated-newInstance probe.not_idempotent"}},
		{"a new instance for every V2 call", Options{Generation: "v2"}, func(s *seller) http.Handler {
			s.Create = func(_ context.Context, c isv.Create) (isv.Instance, error) {
				return isv.Instance{ID: c.BusinessID}, nil
			}
			return s
		}, []string{"repeated-newInstance probe.not_idempotent"}},
		{"one instance for all", Options{Generation: "v1", Scenario: []string{"newInstance"}}, func(s *seller) http.Handler {
			s.Create = func(context.Context, isv.Create) (isv.Instance, error) {
				return isv.Instance{ID: "the-instance", Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
			}
			return s
		}, []string{"newInstance.one-time probe.shared_instance"}},
		{"on-demand items by order alone", Options{Generation: "v1"}, func(s *seller) http.Handler {
			s.Create = func(_ context.Context, c isv.Create) (isv.Instance, error) {
				return isv.Instance{ID: s.id(c.OrderID), Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
			}
			return s
		}, []string{"second-billing-item probe.items_share_instance"}},
		{"no signature check, V1", Options{Generation: "v1"}, func(s *seller) http.Handler { return resign(s, always) },
			[]string{"wrong-signature probe.accepts_wrong_signature", "missing-signature probe.accepts_no_signature", "altered-call probe.accepts_altered_call"}},
		{"no signature check, V2", Options{Generation: "v2"}, func(s *seller) http.Handler { return resign(s, always) },
			[]string{"wrong-signature probe.accepts_wrong_signature", "missing-signature probe.accepts_no_signature", "altered-call probe.accepts_altered_call",
				"old-timestamp probe.accepts_old_timestamp"}},
		{"signature checked when there is one", Options{Generation: "v2"}, func(s *seller) http.Handler {
			return resign(s, func(r *http.Request) bool { return r.URL.Query().Get("signature") == "" })
		}, []string{"missing-signature probe.accepts_no_signature"}},
		{"no look at the timestamp", Options{Generation: "v2"}, func(s *seller) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				one := isv.Handler{V2Key: s.V2Key, Logger: s.Logger, Create: s.Create, Query: s.Query, Renew: s.Renew, Freeze: s.Freeze,
					Release: s.Release, Upgrade: s.Upgrade, CheckChange: s.CheckChange, Now: func() time.Time { return sentAt(r) }}
				one.ServeHTTP(w, r)
			})
		}, []string{"old-timestamp probe.accepts_old_timestamp"}},
		{"a body changed after signing", Options{Generation: "v1"}, func(s *seller) http.Handler {
			return rewrite(s, func(_ http.Header, body []byte) []byte { return append(body, '\n') })
		}, []string{"newInstance.period saas.answer.body_sign"}},
		{"no Body-Sign", Options{Generation: "v1"}, func(s *seller) http.Handler {
			return rewrite(s, func(h http.Header, body []byte) []byte { h.Del(saas.HeaderBodySign); return body })
		}, []string{"newInstance.period saas.answer.body_sign_format"}},
		{"a wrong Body-Sign in V2", Options{Generation: "v2"}, func(s *seller) http.Handler {
			return rewrite(s, func(h http.Header, body []byte) []byte {
				h.Set(saas.HeaderBodySign, saas.SignBody(otherKey, body))
				return body
			})
		}, []string{"newInstance saas.answer.body_sign?"}},
		{"encrypted with another key", Options{Generation: "v1"}, func(s *seller) http.Handler {
			return rewrite(s, func(h http.Header, body []byte) []byte {
				a, _ := saas.DecodeAnswer(body)
				if a.AppInfo != nil {
					a.AppInfo.UserName, _ = saas.EncryptField(otherKey, saas.AES256, "Qw3rTy7UiOpA5dFg", "admin")
				}
				body = a.Encode()
				h.Set(saas.HeaderBodySign, saas.SignBody(goodKey, body))
				return body
			})
		}, []string{"newInstance.period saas.answer.decrypt"}},
		{"no address of the application", Options{Generation: "v1"}, func(s *seller) http.Handler {
			s.Create = func(_ context.Context, c isv.Create) (isv.Instance, error) {
				return isv.Instance{ID: s.id(c.Key())}, nil
			}
			return s
		}, []string{"newInstance.period saas.answer.field"}},
		{"an id that is too long", Options{Generation: "v2"}, func(s *seller) http.Handler {
			s.Create = func(_ context.Context, c isv.Create) (isv.Instance, error) {
				return isv.Instance{ID: fmt.Sprintf("%065d", 1)}, nil
			}
			return s
		}, []string{"newInstance saas.answer.length"}},
		{"another key", Options{Generation: "v2", Key: otherKey}, func(s *seller) http.Handler { return s }, []string{"newInstance probe.unauthorized"}},
		{"a clock ten minutes ahead", Options{Generation: "v2"}, func(s *seller) http.Handler {
			later := func() time.Time { return time.Now().Add(10 * time.Minute) }
			s.Now = later
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Date", later().UTC().Format(http.TimeFormat))
				s.ServeHTTP(w, r)
			})
		}, []string{"newInstance probe.clock_skew?", "newInstance probe.unauthorized"}},
		{"an error", Options{Generation: "v1"}, func(s *seller) http.Handler {
			s.Freeze = func(context.Context, isv.Freeze) error { return isv.Fail(saas.CodeInternal, "") }
			return s
		}, []string{"expireInstance saas.answer.result_code", "instanceStatus.freeze saas.answer.result_code"}},
		{"the second release fails", Options{Generation: "v2"}, func(s *seller) http.Handler {
			s.Release = func(_ context.Context, r isv.Release) error {
				if !s.release(r.InstanceID) {
					return isv.Fail(saas.CodeInternal, "deleted already")
				}
				return nil
			}
			return s
		}, []string{"repeated-release probe.release_not_repeatable"}},
		{"a query about others", Options{Generation: "v2", Scenario: []string{"queryInstance"}}, func(s *seller) http.Handler {
			return rewrite(s, func(_ http.Header, body []byte) []byte {
				a, _ := saas.DecodeAnswer(body)
				for i := range a.Info {
					a.Info[i].InstanceID = "another"
				}
				return a.Encode()
			})
		}, []string{"queryInstance probe.instance_not_named"}},
		{"never ready", Options{Generation: "v2", ReadyTimeout: 20 * time.Millisecond}, func(s *seller) http.Handler {
			s.Create = func(_ context.Context, c isv.Create) (isv.Instance, error) {
				return isv.Instance{ID: s.id(c.Key()), InProcess: true}, nil
			}
			s.Query = func(context.Context, isv.Query) (isv.Instance, error) {
				return isv.Instance{}, isv.Fail(saas.CodeProcessing, "")
			}
			return s
		}, []string{"newInstance probe.not_ready"}},
		{"401 instead of a result code", Options{Generation: "v2"}, func(s *seller) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("signature") == "" {
					http.Error(w, "who are you?", http.StatusUnauthorized)
					return
				}
				s.ServeHTTP(w, r)
			})
		}, []string{"missing-signature probe.odd_refusal?"}},
		{"a redirect", Options{Generation: "v1"}, func(*seller) http.Handler { return http.RedirectHandler("/login", http.StatusFound) },
			[]string{"newInstance.period probe.redirect"}},
		{"a wrong path", Options{Generation: "v2"}, func(*seller) http.Handler { return http.NotFoundHandler() }, []string{"newInstance saas.answer.status"}},
		{"a page", Options{Generation: "v2"}, func(*seller) http.Handler { return sends("text/html", "<html>welcome") }, []string{"newInstance saas.answer.content_type"}},
		{"a page that says it is JSON", Options{Generation: "v1"}, func(*seller) http.Handler { return sends("application/json", "<html>") },
			[]string{"newInstance.period saas.answer.json"}},
		{"10 MB", Options{Generation: "v1"}, func(*seller) http.Handler { return sends("application/json", string(make([]byte, 10<<20))) },
			[]string{"newInstance.period outbound.too_large"}},
		{"compressed", Options{Generation: "v2"}, func(s *seller) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				fmt.Fprint(z, `{"resultCode":"000000","instanceId":"i"}`)
				_ = z.Close()
			})
		}, []string{"newInstance probe.compressed"}},
		{"GBK", Options{Generation: "v2"}, func(s *seller) http.Handler {
			return rewrite(s, func(_ http.Header, body []byte) []byte {
				return bytes.Replace(body, []byte("success."), []byte("\xb3\xc9\xb9\xa6"), 1)
			})
		}, []string{"newInstance probe.not_utf8?"}},
		{"hangs up", Options{Generation: "v1"}, func(*seller) http.Handler {
			return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		}, []string{"newInstance.period outbound.closed"}},
		{"never answers", Options{Generation: "v2", Timeout: 50 * time.Millisecond}, func(*seller) http.Handler {
			return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { activityOf(r); <-r.Context().Done() })
		}, []string{"newInstance outbound.timeout"}},
	} {
		t.Run(c.name, func(t *testing.T) { wantFaults(t, check(t, c.server(newSeller()), c.options), c.want...) })
	}
}

func sends(contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write([]byte(body))
	})
}

// sentAt is what the timestamp of a V2 call says.
func sentAt(r *http.Request) time.Time {
	var millis int64
	_, _ = fmt.Sscan(r.URL.Query().Get("timestamp"), &millis)
	return time.UnixMilli(millis)
}

func TestSlowAnswersWarn(t *testing.T) {
	s := newSeller()
	now := clock.NewManual(time.Now())
	s.Now = now.Now
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if activityOf(r) == saas.UpgradeInstance {
			now.Advance(integration.SlowAnswer + time.Second)
		}
		s.ServeHTTP(w, r)
	})
	r := check(t, slow, Options{Generation: "v2", Clock: now})
	if got := found(r); !slices.Equal(got, []string{"upgradeInstance probe.slow?"}) {
		t.Errorf("%v", got)
	}
}

func TestInstancesInProcessAreAwaited(t *testing.T) {
	s := newSeller()
	var asked atomic.Int32
	s.Create = func(_ context.Context, c isv.Create) (isv.Instance, error) {
		return isv.Instance{ID: s.id(c.Key()), InProcess: asked.Load() < 3}, nil
	}
	query := s.Query
	s.Query = func(ctx context.Context, q isv.Query) (isv.Instance, error) {
		if asked.Add(1) < 3 {
			return isv.Instance{}, isv.Fail(saas.CodeProcessing, "")
		}
		return query(ctx, q)
	}
	if r := check(t, s, Options{Generation: "v2"}); !r.Passed || r.Counts.Warnings+r.Counts.Skipped > 0 {
		t.Errorf("%v %+v", found(r), r.Counts)
	}
}

func TestStoppedRun(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	r, err := Run(ctx, Options{URL: "http://127.0.0.1:1/p", Generation: "v2", Key: goodKey})
	if err != nil || r.Passed || r.Counts.Skipped != len(r.Cases) {
		t.Errorf("%v %+v", err, r.Counts)
	}
}
