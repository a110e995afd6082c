package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/blob"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/money"
	"jishi/internal/edge/console/sandboxes"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/internal/market/ledger"
	"jishi/internal/market/sandbox"
	"jishi/internal/trade/tradetest"
	"jishi/isv"
	"jishi/wire/saas"
)

// sandboxSite is a marketplace whose seller has a sandbox and an API token.
type sandboxSite struct {
	*openSite
	token string
	path  string // of the sandbox

	mu    sync.Mutex
	calls []string // what the seller's server was asked, in order
}

func newSandboxSite(t *testing.T, d *db.DB) *sandboxSite {
	t.Helper()
	s := &sandboxSite{openSite: newOpenSite(t, d)}
	s.app.Box = s.market.Trade.Sellers.Box
	dir, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.app.realms.close(); dir.Close() })
	s.app.Blob = dir
	s.market.Update(func(tx *db.Tx) error {
		return tradetest.Exec(tx, `update production_addresses set state = 'verified', development = true`)
	})
	// Development addresses are the operator's to admit; the server of the test is one.
	site, _, err := s.app.Settings.SiteVersion(s.ctx)
	if err != nil {
		t.Fatal(err)
	}
	site.DevelopmentAddresses = []string{"127.0.0.0/8", "::1/128"}
	s.market.Update(func(tx *db.Tx) error { return s.app.Settings.SaveSite(s.ctx, tx, 0, site) })
	s.market.Serve(&isv.Handler{V2Key: s.market.V2Key, V1Key: s.market.V1Key,
		Create: func(_ context.Context, c isv.Create) (isv.Instance, error) {
			return isv.Instance{ID: "at-" + c.OrderID, Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
		},
		Query: func(_ context.Context, q isv.Query) (isv.Instance, error) {
			return isv.Instance{ID: q.InstanceID, Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
		},
		Renew:   func(context.Context, isv.Renewal) error { return nil },
		Freeze:  func(context.Context, isv.Freeze) error { return nil },
		Release: func(context.Context, isv.Release) error { return nil },
		After: func(r isv.Record) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.calls = append(s.calls, string(r.Activity))
		}})
	s.token = s.tokenOf(s.sellerAccount(), "usr_seller", access.ProductWrite)
	return s
}

func (s *sandboxSite) tokenOf(account, user string, may ...access.Permission) (text string) {
	s.Helper()
	var scopes []string
	for _, p := range may {
		scopes = append(scopes, string(p))
	}
	s.market.Update(func(tx *db.Tx) (err error) {
		_, text, err = s.app.Identity.CreateToken(s.ctx, tx, identity.TokenOwner{Kind: identity.KindUser, ID: user, AccountID: account, Held: scopes},
			identity.NewToken{Name: "CI", Scopes: scopes})
		return err
	})
	return text
}

// call makes a request and reads its answer; it returns the status and the problem's code.
func (s *sandboxSite) call(token, method, path string, body, into any, headers ...string) (int, string) {
	s.Helper()
	var payload io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.Fatal(err)
		}
		payload = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(s.ctx, method, s.url+path, payload)
	if err != nil {
		s.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if payload != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(r) // redirects are answers
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		s.Fatal(err)
	}
	var problem struct{ Code string }
	_ = json.Unmarshal(raw, &problem)
	if answer.StatusCode < 300 && into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			s.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	if answer.StatusCode >= 500 || answer.StatusCode == 422 {
		s.Logf("%s %s: %s", method, path, raw)
	}
	return answer.StatusCode, problem.Code
}

func (s *sandboxSite) ok(method, path string, body, into any, headers ...string) {
	s.Helper()
	if status, code := s.call(s.token, method, path, body, into, headers...); status >= 300 {
		s.Fatalf("%s %s: %d %s", method, path, status, code)
	}
}

func (s *sandboxSite) open() sandboxes.View {
	s.Helper()
	var v sandboxes.View
	s.ok("POST", "/api/v1/seller/sandbox", nil, &v)
	s.path = v.Sandbox.Path
	return v
}

func (s *sandboxSite) move(w any) sandboxes.Moved {
	s.Helper()
	var m sandboxes.Moved
	s.ok("POST", "/api/v1/seller/sandbox/clock", w, &m)
	return m
}

var keys int

// buy orders and pays a plan in the sandbox as its buyer.
func (s *sandboxSite) buy(planID string, months int) string {
	s.Helper()
	var quote struct{ ID string }
	s.ok("POST", s.path+"/api/v1/quotes", map[string]any{"planId": planID, "periods": months}, &quote)
	var o struct{ ID, State string }
	keys++
	s.ok("POST", s.path+"/api/v1/orders", map[string]any{"quoteId": quote.ID, "agreementAccepted": true}, &o, "Idempotency-Key", fmt.Sprint("place", keys))
	s.ok("POST", s.path+"/api/v1/orders/"+o.ID+"/pay", map[string]any{}, nil, "Idempotency-Key", fmt.Sprint("pay", keys))
	return o.ID
}

type shownInstance struct {
	ID        string
	State     string
	ExpiresAt time.Time
}

func (s *sandboxSite) instances() []shownInstance {
	s.Helper()
	var list struct{ Items []shownInstance }
	s.ok("GET", s.path+"/api/v1/instances", nil, &list)
	return list.Items
}

func (s *sandboxSite) balance() money.Amount {
	s.Helper()
	var b struct{ Balance money.Amount }
	s.ok("GET", s.path+"/api/v1/balance", nil, &b)
	return b.Balance
}

func (s *sandboxSite) called() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.calls, " ")
}

// A month in a sandbox by API token: bought with play money, delivered, expired, frozen and
// released at the seller's real server, while the marketplace itself has seen nothing of it.
func TestSandboxIsAMarketplaceOfItsOwn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSandboxSite(t, d)
		before := s.traces()
		began := time.Now()
		v := s.open()
		t.Logf("opened in %v", time.Since(began))
		if again := s.open(); again.Sandbox.ID != v.Sandbox.ID || again.Sandbox.Balance != playMoney || len(again.Sandbox.Products) != 2 {
			t.Fatalf("%+v", again.Sandbox)
		}
		number := s.buy(s.market.Plans["V2"], 1)
		m := s.move(sandboxes.Wish{By: "PT1M"})
		if !m.Reached || !strings.HasPrefix(s.called(), "newInstance") || s.balance() != playMoney-100_00 {
			t.Fatalf("%+v %s", m, s.called())
		}
		in := s.instances()[0]
		if in.State != "ACTIVE" || m.Next == nil || m.Next.What != "reminder" {
			t.Fatalf("%+v %+v", in, m.Next)
		}
		client, _ := s.client(s.sellerAccount())
		if got, err := client.Order(s.ctx, number, ""); err != nil || got.OrderID != number || got.BuyerInfo.CustomerName != "沙箱买家" {
			t.Errorf("order query at the main address: %+v, %v", got, err)
		}
		rival, _ := s.client(s.rivalAccount())
		_, err := rival.Order(s.ctx, number, "")
		s.refused("another seller asks for a sandbox order", err, 400, "MKT.0101", "")

		states := []string{}
		for range 3 {
			at := s.instances()[0]
			if at.State == "RELEASED" {
				break
			}
			states = append(states, at.State)
			for {
				m := s.move(sandboxes.Wish{Next: true})
				if s.instances()[0].State != at.State {
					break
				}
				if m.Next == nil {
					t.Fatalf("nothing follows %s", at.State)
				}
			}
		}
		if got := strings.Join(states, " "); got != "ACTIVE GRACE RETENTION" || s.instances()[0].State != "RELEASED" {
			t.Errorf("%s, then %s", got, s.instances()[0].State)
		}
		if got := s.called(); !strings.HasSuffix(got, "updateInstanceStatus releaseInstance") {
			t.Errorf("calls: %s", got)
		}
		answer, err := http.Get(s.url + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if figures, err := io.ReadAll(answer.Body); err != nil || !bytes.Contains(figures, []byte("/sandbox/")) || bytes.Contains(figures, []byte("/api/v1/quotes")) {
			t.Errorf("requests to the sandbox count as the marketplace's: %v", err)
		}
		if after := s.traces(); after != before {
			t.Errorf("the marketplace has changed: %s, before %s", after, before)
		}
	})
}

// traces counts what a sale leaves in the marketplace itself.
func (s *sandboxSite) traces() string {
	s.Helper()
	out := ""
	for _, table := range []string{"orders", "order_lines", "instances", "ledger_journals", "ledger_entries", "payments", "fulfillment_calls", "fulfillment_attempts", "mails", "messages", "quotes"} {
		out += fmt.Sprintf("%s %d ", table, s.market.Count(`select count(*) from `+table))
	}
	return out
}

func TestNobodyElseEntersASandbox(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSandboxSite(t, d)
		s.open()
		rival := s.rivalAccount()
		s.market.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `insert into users (id, account_id, email, name, owner, state, created_at) values ('usr_rival', $1, 'rival@example.com', 'Rival', true, 'active', $2)`, rival, tx.Now)
		})
		strangers := map[string]string{
			"another seller":        s.tokenOf(rival, "usr_rival", access.ProductWrite),
			"a buyer":               s.tokenOf(s.market.Buyer.AccountID, s.market.Buyer.UserID, access.OrderBuy),
			"without the right":     s.tokenOf(s.sellerAccount(), "usr_seller", access.SaleRead),
			"the seller, elsewhere": s.token,
		}
		for who, token := range strangers {
			path := s.path
			if who == "the seller, elsewhere" {
				path = "/sandbox/sbx_" + strings.Repeat("a", 26)
			}
			for _, rest := range []string{"/api/v1/orders", "/api/v1/session", "/api/v1/seller/orders", "/", "/buyer"} {
				if status, _ := s.call(token, "GET", path+rest, nil, nil); status != 404 {
					t.Errorf("%s: %s %d", who, rest, status)
				}
			}
		}
		if status, code := s.call("", "GET", s.path+"/api/v1/orders", nil, nil); status != 401 || code != "access.sign_in" {
			t.Error("a visitor:", status, code)
		}
		if status, _ := s.call("", "GET", s.path+"/buyer", nil, nil); status != 303 {
			t.Error("a visitor's page:", status)
		}
		for _, op := range []string{"GET ", "POST ", "DELETE ", "POST /clock", "POST /reset", "POST /money"} {
			method, path, _ := strings.Cut(op, " ")
			var body any
			if path == "/clock" {
				body = sandboxes.Wish{By: "P1D"}
			} else if path == "/money" {
				body = map[string]string{"amount": "1.00"}
			}
			if status, code := s.call(strangers["without the right"], method, "/api/v1/seller/sandbox"+path, body, nil); status != 403 {
				t.Errorf("%s: %d %s", op, status, code)
			}
		}
		// Inside, nobody is an operator, and what the marketplace owns is not changed.
		for _, path := range []string{"/operator/orders", "/operator/settings"} {
			if status, _ := s.call(s.token, "GET", s.path+"/api/v1"+path, nil, nil); status != 403 && status != 404 {
				t.Errorf("%s: %d", path, status)
			}
		}
		if status, code := s.call(s.token, "POST", s.path+"/api/v1/seller/addresses", map[string]string{"origin": "https://x.example"}, nil); code != "sandbox.foreign" {
			t.Error(status, code)
		}
		if status, _ := s.call(s.token, "POST", s.path+"/api/v1/session", map[string]string{"email": "a@b.c", "password": "x"}, nil); status != 404 && status != 405 {
			t.Error("signing in:", status)
		}
		s.closeSandboxes(true)
		if status, code := s.call(s.token, "GET", s.path+"/api/v1/orders", nil, nil); status != 403 || code != "sandbox.off" {
			t.Error(status, code)
		}
		if status, code := s.call(s.token, "POST", "/api/v1/seller/sandbox", nil, nil); status != 403 || code != "sandbox.off" {
			t.Error(status, code)
		}
	})
}

func (s *sandboxSite) closeSandboxes(off bool) {
	s.Helper()
	site, version, err := s.app.Settings.SiteVersion(s.ctx)
	if err != nil {
		s.Fatal(err)
	}
	site.SandboxesOff = off
	s.market.Update(func(tx *db.Tx) error { return s.app.Settings.SaveSite(s.ctx, tx, version, site) })
}

// Moving the clock once or in many steps, with the process killed in between, leaves the
// same subscriptions and the same book.
func TestAMoveIsTheSumOfItsSteps(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSandboxSite(t, d)
		live := func(steps []string, killed bool) (told string) {
			if s.path == "" {
				s.open()
			} else {
				s.ok("POST", "/api/v1/seller/sandbox/reset", nil, nil)
			}
			// Each life begins at the same instant.
			var m sandboxes.Moved
			start := startOf().Add(24 * time.Hour).Truncate(24 * time.Hour)
			s.ok("POST", "/api/v1/seller/sandbox/clock", sandboxes.Wish{To: start}, &m)
			s.buy(s.market.Plans["V2"], 1)
			s.buy(s.market.Plans["V1"], 2)
			s.move(sandboxes.Wish{By: "PT1M"})
			first := s.instances()[1]
			keys++
			s.ok("PUT", s.path+"/api/v1/instances/"+first.ID+"/policy", map[string]any{"atExpiry": "auto", "days": 3, "periods": 1, "times": 2}, nil)
			for _, by := range steps {
				s.move(sandboxes.Wish{By: by})
				if killed {
					s.app.realms.forget(s.boxID())
				}
			}
			for _, in := range s.instances() {
				told += in.State + " " + in.ExpiresAt.Format(time.RFC3339) + "; "
			}
			return told + s.balance().String()
		}
		whole := live([]string{"P80D"}, false)
		parts := live([]string{"P31D", "P9D", "PT7H", "P19D", "PT17H", "P20D"}, true)
		if whole != parts {
			t.Errorf("at once:  %s\nin steps: %s", whole, parts)
		}
		if !strings.Contains(whole, "RELEASED") || !strings.HasSuffix(whole, (playMoney-500_00).String()) {
			t.Error(whole)
		}
	})
}

func (s *sandboxSite) boxID() string { return strings.TrimPrefix(s.path, realmPrefix) }

func TestTheClockOfASandboxIsGuarded(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSandboxSite(t, d)
		if status, code := s.call(s.token, "POST", "/api/v1/seller/sandbox/clock", sandboxes.Wish{By: "P1D"}, nil); status != 404 || code != "sandbox.not_found" {
			t.Error("none is open:", status, code)
		}
		now := s.open().Sandbox.Now
		for name, w := range map[string]sandboxes.Wish{
			"backwards": {To: now.Add(-time.Second)}, "too far": {By: "P2Y"}, "no duration": {By: "1 month"}, "empty": {},
			"nothing of it": {By: "P"}, "two": {By: "P1D", Next: true}, "nothing due": {Next: true},
		} {
			if status, _ := s.call(s.token, "POST", "/api/v1/seller/sandbox/clock", w, nil); status != 422 {
				t.Errorf("%s: %d", name, status)
			}
		}
		// Somebody else moves it, here or on another node, until the lease ends.
		var held sandbox.Sandbox
		s.market.Update(func(tx *db.Tx) (err error) {
			held, err = sandbox.Take(s.ctx, tx, s.boxID())
			return err
		})
		for _, path := range []string{"/clock", "/reset"} {
			if status, code := s.call(s.token, "POST", "/api/v1/seller/sandbox"+path, sandboxes.Wish{By: "P1D"}, nil); status != 409 || code != "sandbox.busy" {
				t.Errorf("%s: %d %s", path, status, code)
			}
		}
		s.market.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update sandboxes set held_until = 1`) })
		if m := s.move(sandboxes.Wish{By: "P1D"}); !m.Now.Equal(now.Add(24*time.Hour)) || !m.Reached {
			t.Errorf("after the lease: %+v", m)
		}
		if err := d.Update(s.ctx, func(tx *db.Tx) error { return sandbox.Tick(s.ctx, tx, &held, now.Add(48*time.Hour)) }); err == nil {
			t.Error("who lost the lease moves the clock")
		}
		// A retry of a server that is down is made when the clock passes its time.
		s.market.Serve(tradetest.Raw(500, "text/plain", "down"))
		s.buy(s.market.Plans["V2"], 1)
		m := s.move(sandboxes.Wish{By: "PT1M"})
		if m.Next == nil || m.Next.What != "call" || m.Next.At.Sub(m.Now) > 3*time.Minute {
			t.Errorf("%+v", m.Next)
		}
		m = s.move(sandboxes.Wish{By: "PT4H"})
		attempts := 0
		for _, e := range m.Events {
			if e.Kind == "call" {
				attempts++
			}
		}
		if attempts < 8 || s.balance() != playMoney {
			t.Errorf("%d attempts, balance %s: %+v", attempts, s.balance(), m)
		}
	})
}

func TestSandboxesComeAndGo(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSandboxSite(t, d)
		// Several people open it at once: one sandbox, filled once.
		var wg sync.WaitGroup
		ids := make([]string, 4)
		for i := range ids {
			wg.Go(func() {
				var v sandboxes.View
				if status, code := s.call(s.token, "POST", "/api/v1/seller/sandbox", nil, &v); status != 200 {
					t.Error(status, code)
					return
				}
				ids[i] = v.Sandbox.ID
			})
		}
		wg.Wait()
		s.open()
		if ids[0] != ids[1] || ids[1] != ids[2] || ids[2] != ids[3] || s.market.Count(`select count(*) from sandbox_storages`) != 1 {
			t.Errorf("%v", ids)
		}
		s.buy(s.market.Plans["V2"], 1)
		s.ok("POST", "/api/v1/seller/sandbox/money", map[string]string{"amount": "100.00"}, nil)
		if s.balance() != playMoney {
			t.Error(s.balance())
		}
		// The book of the sandbox is sound.
		row, _, err := sandbox.Find(s.ctx, d, s.boxID())
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.app.realms.enter(s.ctx, row)
		if err != nil {
			t.Fatal(err)
		}
		if faults, err := ledger.Faults(s.ctx, r.app.DB); err != nil || len(faults) > 0 {
			t.Error(faults, err)
		}
		// A file of the sandbox lies below a prefix of its own, and goes with it.
		const key = "fil_sandbox.txt"
		if err := r.app.Blob.Put(s.ctx, key, strings.NewReader("x"), 1, "text/plain"); err != nil {
			t.Fatal(err)
		}
		err = r.app.DB.Update(s.ctx, func(tx *db.Tx) error {
			return tradetest.Exec(tx, `insert into files (key, purpose, private, name, content_type, size, sha256, created_at) values ($1, 'guide', false, 'x', 'text/plain', 1, '', $2)`, key, clock.Wall{}.Now())
		})
		if err != nil {
			t.Fatal(err)
		}
		lies := "sandboxes/" + row.Storage + "/" + key
		if body, _, err := s.app.Blob.Get(s.ctx, lies); err != nil {
			t.Error(err)
		} else {
			body.Close()
		}
		s.app.realms.leave(r)
		// A reset begins anew under the same address; the old database goes.
		s.ok("POST", "/api/v1/seller/sandbox/reset", nil, nil)
		if _, _, err := s.app.Blob.Get(s.ctx, lies); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("the file of a sandbox that was reset: %v", err)
		}
		if s.balance() != playMoney || len(s.instances()) != 0 || s.market.Count(`select count(*) from sandbox_storages`) != 1 {
			t.Error("not reset")
		}
		// One whose maker died is filled by the next who opens it; what it began is removed.
		s.market.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update sandboxes set state = 'filling', holder = 'hld_dead', held_until = 1`)
		})
		var unfilled sandboxes.View
		if s.ok("GET", "/api/v1/seller/sandbox", nil, &unfilled); unfilled.Sandbox != nil {
			t.Error("one whose maker died looks like an open one")
		}
		s.open()
		s.market.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update sandbox_storages set created_at = 1`) })
		if err := s.app.tendSandboxes(s.ctx); err != nil {
			t.Fatal(err)
		}
		if n := s.market.Count(`select count(*) from sandbox_storages`); n != 1 || s.balance() != playMoney {
			t.Errorf("%d storages", n)
		}
		// Nobody was there for a month.
		s.market.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update sandboxes set used_at = 1`) })
		if err := s.app.tendSandboxes(s.ctx); err != nil {
			t.Fatal(err)
		}
		if n := s.market.Count(`select (select count(*) from sandboxes) + (select count(*) from sandbox_storages)`); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		if status, _ := s.call(s.token, "GET", s.path+"/api/v1/orders", nil, nil); status != 404 {
			t.Error(status)
		}
		s.open()
		s.ok("DELETE", "/api/v1/seller/sandbox", nil, nil)
		var v sandboxes.View
		if s.ok("GET", "/api/v1/seller/sandbox", nil, &v); v.Sandbox != nil || !v.Available {
			t.Errorf("%+v", v)
		}
	})
}

// A browser is in the sandbox with the session of the marketplace: its CSRF token is asked
// for, and nobody has to sign in again. Another node follows the clock.
func TestABrowserAndAnotherNodeInASandbox(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSandboxSite(t, d)
		s.open()
		var cookie string
		s.market.Update(func(tx *db.Tx) (err error) {
			_, cookie, err = s.app.Identity.StartSession(s.ctx, tx, identity.KindUser, "usr_seller", s.sellerAccount(), "192.0.2.1", "browser")
			return err
		})
		var session struct {
			SignedIn    bool
			CSRFToken   string
			Account     struct{ Name string }
			Seller      *struct{ ID string }
			Permissions []string
		}
		as := func(player string) []string {
			return []string{"Cookie", "jishi_session=" + cookie, HeaderAs, player, "Accept-Language", "en"}
		}
		if status, code := s.call("", "GET", s.path+"/api/v1/session", nil, &session, as("seller")...); status != 200 || session.Seller == nil || session.Seller.ID != s.market.Seller {
			t.Fatal(status, code, session)
		}
		session.Seller = nil
		if status, code := s.call("", "GET", s.path+"/api/v1/session", nil, &session, as("buyer")...); status != 200 || session.Account.Name != "沙箱买家" || session.Seller != nil {
			t.Fatal(status, code, session)
		}
		wish := map[string]any{"planId": s.market.Plans["V2"], "periods": 1}
		if status, code := s.call("", "POST", s.path+"/api/v1/quotes", wish, nil, as("buyer")...); status != 403 || code != "access.csrf" {
			t.Error("without the token:", status, code)
		}
		if status, code := s.call("", "POST", s.path+"/api/v1/quotes", wish, nil, append(as("buyer"), "X-CSRF-Token", session.CSRFToken)...); status != 201 {
			t.Error("with it:", status, code)
		}
		if d.Engine() == db.SQLite {
			return // one node
		}
		other := &App{Config: s.app.Config, Log: quiet, DB: d, Box: s.app.Box, Blob: s.app.Blob}
		other.build()
		defer other.realms.close()
		row, _, err := sandbox.Find(s.ctx, d, s.boxID())
		if err != nil {
			t.Fatal(err)
		}
		r, err := other.realms.enter(s.ctx, row)
		if err != nil {
			t.Fatal(err)
		}
		other.realms.leave(r)
		moved := s.move(sandboxes.Wish{By: "P3D"})
		if row, _, err = sandbox.Find(s.ctx, d, s.boxID()); err != nil {
			t.Fatal(err)
		}
		if r, err = other.realms.enter(s.ctx, row); err != nil || !r.app.DB.Now().Equal(moved.Now) {
			t.Errorf("the other node's clock: %v, %v", r.app.DB.Now(), err)
		}
		other.realms.leave(r)
	})
}
