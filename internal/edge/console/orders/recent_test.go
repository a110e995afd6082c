package orders_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/orders"
	"jishi/internal/market/access"
	"jishi/internal/trade/tradetest"
)

// Above the site's limit, and from there on only, a session must have proven its person lately: with the second factor
// where there is one, else with the password. A token's scope was chosen for it.
func TestLargeAmountsAskAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := tradetest.New(t, d)
		site, version, err := m.Trade.Settings.SiteVersion(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		site.Security.AmountLimit = 200_00
		m.Update(func(tx *db.Tx) error { return m.Trade.Settings.SaveSite(context.Background(), tx, version, site) })
		now := clock.Wall{}.Now()
		sessions := map[string]console.Session{
			"password-old": {AuthenticatedAt: now.Add(-16 * time.Minute)},
			"password-new": {AuthenticatedAt: now},
			"factor-old":   {AuthenticatedAt: now, HasFactor: true, ProvenAt: now.Add(-11 * time.Minute), ProofLife: 10 * time.Minute},
			"factor-new":   {AuthenticatedAt: now.Add(-time.Hour), HasFactor: true, ProvenAt: now.Add(-9 * time.Minute), ProofLife: 10 * time.Minute},
		}
		buyer := access.Caller{Kind: "user", UserID: m.Buyer.UserID, AccountID: m.Buyer.AccountID, Permissions: access.Buyer}
		finance := access.Caller{Kind: "operator", UserID: "opr_1", Permissions: access.Roles[access.Finance]}
		c := console.New(console.Config{DB: d, Log: slog.New(slog.DiscardHandler), Version: "test",
			TokenOf: func(context.Context, string, string) (access.Caller, error) {
				who := buyer
				who.TokenID = "tok"
				return who, nil
			},
			SessionOf: func(_ context.Context, cookie, _ string) (access.Caller, console.Session, error) {
				kind, name, _ := strings.Cut(cookie, ".")
				s, ok := sessions[name]
				if !ok {
					return access.Caller{}, s, errs.Unauthenticatedf("access.sign_in")
				}
				who := buyer
				if kind == "finance" {
					who = finance
				}
				who.SessionID, s.CSRF = "ses", "csrf"
				return who, s, nil
			}})
		orders.Register(c, orders.Deps{Trade: m.Trade, Subscriptions: m.Trade.Subscriptions, Settings: m.Trade.Settings})
		h := c.Handler()
		post := func(cookie, path string) string {
			r := httptest.NewRequest("POST", "http://site.example/api/v1"+path, strings.NewReader("{}"))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Idempotency-Key", cookie+path)
			if cookie == "" {
				r.Header.Set("Authorization", "Bearer t")
				r.Header.Set("Idempotency-Key", "token"+path)
			} else {
				r.Header.Set("Cookie", console.SessionCookie+"="+cookie)
				r.Header.Set("X-CSRF-Token", "csrf")
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			var out struct{ Code, State string }
			if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
				t.Fatalf("%s: %s", path, w.Body)
			}
			return out.Code + out.State
		}

		m.Serve(tradetest.Raw(500, "text/html", "<html>"))
		large := "/orders/" + m.Place("V1", 3).ID + "/pay"
		for cookie, want := range map[string]string{"buyer.password-old": "access.reauthenticate", "buyer.factor-old": "second_factor_required"} {
			if got := post(cookie, large); got != want {
				t.Errorf("%s pays 300.00: %s, want %s", cookie, got, want)
			}
		}
		for cookie, path := range map[string]string{
			"buyer.factor-new": large, "buyer.factor-old": "/orders/" + m.Place("V1", 2).ID + "/pay", "": "/orders/" + m.Place("V1", 3).ID + "/pay",
		} {
			if got := post(cookie, path); got != "PROCESSING" {
				t.Errorf("%q pays: %s", cookie, got)
			}
		}

		announce := func(amount string) string {
			r := httptest.NewRequest("POST", "http://site.example/api/v1/topups", strings.NewReader(`{"amount":"`+amount+`","payer":"Buyer One"}`))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer t")
			r.Header.Set("Idempotency-Key", "announce"+amount)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			var out struct{ ID string }
			if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || out.ID == "" {
				t.Fatalf("%s", w.Body)
			}
			return "/operator/topups/" + out.ID + "/confirm"
		}
		large = announce("200.01")
		for _, c := range []struct{ cookie, path, want string }{
			{"finance.factor-old", large, "second_factor_required"}, {"finance.password-old", large, "access.reauthenticate"},
			{"finance.password-new", large, "confirmed"}, {"finance.factor-old", announce("200.00"), "confirmed"},
		} {
			if got := post(c.cookie, c.path); got != c.want {
				t.Errorf("%s: %s, want %s", c.cookie, got, c.want)
			}
		}
	})
}
