package console_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
)

type note struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

type noteInput struct {
	Body struct {
		Text string `json:"text"`
		N    int    `json:"n" required:"false"`
	}
}

func serve(t *testing.T, d *db.DB, runs *int) http.Handler {
	t.Helper()
	c := console.New(console.Config{DB: d, Log: slog.New(slog.DiscardHandler), Version: "test",
		TokenOf: func(_ context.Context, bearer, _ string) (access.Caller, error) {
			if bearer != "good" {
				return access.Caller{}, errs.Unauthenticatedf("access.bad_token")
			}
			return access.Caller{Kind: "user", UserID: "usr_1", AccountID: "acc_1", TokenID: "tok", Permissions: []access.Permission{access.OrderBuy}}, nil
		},
		SessionOf: func(_ context.Context, token, _ string) (access.Caller, console.Session, error) {
			return access.Caller{Kind: "user", UserID: "usr_2", AccountID: "acc_2", SessionID: "s"},
				console.Session{CSRF: "csrf-value", AuthenticatedAt: clock.Wall{}.Now()}, nil
		}})
	console.Write(c, console.Op{Method: "POST", Path: "/notes", ID: "add-note", Need: access.OrderBuy, Money: true},
		func(ctx context.Context, tx *db.Tx, in *noteInput) (note, error) {
			*runs++
			var check errs.Check
			check.Length("text", in.Body.Text, 2, 5)
			return note{ID: "n1", Text: in.Body.Text}, check.Err()
		})
	console.Write(c, console.Op{Method: "POST", Path: "/mine", ID: "add-mine", Need: console.AnyUser},
		func(context.Context, *db.Tx, *noteInput) (console.None, error) { return console.None{}, nil })
	console.Read(c, console.Op{Path: "/boom", ID: "boom"}, func(context.Context, *struct{}) (note, error) {
		return note{}, io.ErrUnexpectedEOF
	})
	return c.Handler()
}

func call(t *testing.T, h http.Handler, method, path, body string, header ...string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(method, "http://site.example"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	out := map[string]any{}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s %s: %s", method, path, w.Body)
		}
	}
	return w.Code, out
}

func TestIdempotencyKey(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		runs := 0
		h := serve(t, d, &runs)
		auth := []string{"Authorization", "Bearer good"}
		if code, p := call(t, h, "POST", "/api/v1/notes", `{"text":"abc"}`, auth...); code != 422 || p["code"] != "idempotency.missing" {
			t.Fatal(code, p)
		}
		keyed := append(auth, "Idempotency-Key", "k1")
		for range 2 {
			if code, p := call(t, h, "POST", "/api/v1/notes", `{"text":"abc"}`, keyed...); code != 200 || p["text"] != "abc" {
				t.Fatal(code, p)
			}
		}
		if runs != 1 {
			t.Errorf("the operation ran %d times", runs)
		}
		if code, p := call(t, h, "POST", "/api/v1/notes", `{"text":"abd"}`, keyed...); code != 409 || p["code"] != "idempotency.mismatch" {
			t.Error(code, p)
		}
		// A refused request keeps nothing: the corrected one may use the same key.
		other := append(auth, "Idempotency-Key", "k2", "Accept-Language", "en")
		code, p := call(t, h, "POST", "/api/v1/notes", `{"text":"a"}`, other...)
		fields, _ := p["fields"].([]any)
		if code != 422 || p["code"] != "invalid" || len(fields) != 1 || fields[0].(map[string]any)["field"] != "text" || p["requestId"] == "" {
			t.Error(code, p)
		}
		if code, p := call(t, h, "POST", "/api/v1/notes", `{"text":"ab"}`, other...); code != 200 {
			t.Error(code, p)
		}
	})
}

func TestProblems(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	runs := 0
	h := serve(t, d, &runs)
	for _, c := range []struct {
		name, method, path, body, code string
		status                         int
		header                         []string
	}{
		{"visitor", "POST", "/api/v1/notes", `{"text":"abc"}`, "access.sign_in", 401, nil},
		{"bad token", "POST", "/api/v1/notes", `{"text":"abc"}`, "access.bad_token", 401, []string{"Authorization", "Bearer x"}},
		{"no permission", "POST", "/api/v1/notes", `{"text":"abc"}`, "access.denied", 403, []string{"Cookie", "jishi_session=s", "X-CSRF-Token", "csrf-value", "Idempotency-Key", "k"}},
		{"no csrf token", "POST", "/api/v1/mine", `{"text":"abc"}`, "access.csrf", 403, []string{"Cookie", "jishi_session=s"}},
		{"cross site", "POST", "/api/v1/mine", `{"text":"abc"}`, "access.cross_site", 403, []string{"Cookie", "jishi_session=s", "Sec-Fetch-Site", "cross-site"}},
		{"unknown path", "GET", "/api/v1/nothing", ``, "http.no_operation", 404, nil},
		{"no JSON", "POST", "/api/v1/mine", `{"text":`, "http.bad_request", 400, []string{"Authorization", "Bearer good"}},
		{"wrong type", "POST", "/api/v1/mine", `{"text":"a","n":"x"}`, "invalid", 422, []string{"Authorization", "Bearer good"}},
		{"missing field", "POST", "/api/v1/mine", `{}`, "invalid", 422, []string{"Authorization", "Bearer good"}},
		{"our fault", "GET", "/api/v1/boom", ``, "internal", 500, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, p := call(t, h, c.method, c.path, c.body, c.header...)
			if code != c.status || p["code"] != c.code || p["detail"] == "" || p["detail"] == c.code {
				t.Errorf("got %d %v, want %d %s", code, p, c.status, c.code)
			}
		})
	}
	if code, _ := call(t, h, "POST", "/api/v1/mine", `{"text":"abc"}`, "Cookie", "jishi_session=s", "X-CSRF-Token", "csrf-value"); code != 204 {
		t.Error("a session with its token was refused:", code)
	}
}
