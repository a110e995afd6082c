package app

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/edge/console/sandboxes"
)

type shownPayment struct {
	ID, State, Outcome, RedirectURL string
}

// choose does at the gateway's page what a visitor of the sandbox does there, and gives the
// page's answer.
func (s *sandboxSite) choose(token, page, what string) *http.Response {
	s.Helper()
	u, err := url.Parse(page)
	if err != nil || !strings.HasPrefix(u.Path, s.path+"/testpay/") {
		s.Fatalf("the gateway's page is not in the sandbox: %s", page)
	}
	r, err := http.NewRequestWithContext(s.ctx, "POST", s.url+u.Path, strings.NewReader("act="+what))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { answer.Body.Close() })
	return answer
}

// payOnline places an order in the sandbox and begins to pay it through the play gateway.
func (s *sandboxSite) payOnline(key string) (orderID string, p shownPayment) {
	s.Helper()
	var quote, o struct{ ID string }
	s.ok("POST", s.path+"/api/v1/quotes", map[string]any{"planId": s.market.Plans["V2"], "periods": 1}, &quote)
	s.ok("POST", s.path+"/api/v1/orders", map[string]any{"quoteId": quote.ID, "agreementAccepted": true}, &o, "Idempotency-Key", "place-"+key)
	s.ok("POST", s.path+"/api/v1/orders/pay-online", map[string]any{"orders": []string{o.ID}, "gateway": "testpay"}, &p, "Idempotency-Key", "pay-"+key)
	return o.ID, p
}

func (s *sandboxSite) paymentBecomes(id, state string) shownPayment {
	s.Helper()
	var p shownPayment
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); <-time.After(10 * time.Millisecond) {
		if s.ok("GET", s.path+"/api/v1/payments/"+id, nil, &p); p.State == state {
			return p
		}
	}
	s.Fatalf("the payment is %s, not %s", p.State, state)
	return p
}

// The play gateway works in a sandbox on a marketplace that has none itself: the signed notice
// reaches the sandbox without a session, while nobody from outside comes in to send one. A notice
// that is lost is found when the clock moves.
func TestTestPayInASandbox(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSandboxSite(t, d)
		s.open()
		before := s.traces()
		if s.app.TestPay != nil || len(s.app.Trade.Gateways) != 0 {
			t.Fatal("the marketplace itself has a gateway for play")
		}
		if status, _ := s.call("", "POST", "/api/v1/payment-notices/testpay", map[string]string{}, nil); status != 404 {
			t.Error("a notice to the marketplace:", status)
		}
		orderID, p := s.payOnline("one")
		if answer := s.choose("", p.RedirectURL, "pay"); answer.StatusCode != 303 || !strings.HasPrefix(answer.Header.Get("Location"), "/sign-in") {
			t.Error("a stranger at the gateway's page:", answer.StatusCode, answer.Header.Get("Location"))
		}
		status, raw := s.page(p.RedirectURL)
		if status != 200 || !strings.Contains(raw, `action="`+s.path+`/testpay/`) || !strings.Contains(raw, `href="`+s.path+`/testpay/style.css"`) {
			t.Errorf("the page: %d %s", status, raw)
		}
		if status, _ := s.call("", "POST", s.path+"/api/v1/payment-notices/testpay", map[string]string{}, nil); status != 401 {
			t.Error("a notice from outside:", status)
		}
		if status, code := s.call(s.token, "POST", s.path+"/api/v1/payment-notices/testpay", map[string]string{"status": "succeeded"}, nil); status != 401 || code != "payment.forged_notice" {
			t.Error("a forged notice by the seller itself:", status, code)
		}
		if answer := s.choose(s.token, p.RedirectURL, "pay"); answer.StatusCode != 303 || !strings.HasSuffix(answer.Header.Get("Location"), s.path+"/payments/"+p.ID) {
			t.Error("back to the shop:", answer.StatusCode, answer.Header.Get("Location"))
		}
		if got := s.paymentBecomes(p.ID, "succeeded"); got.Outcome != "paid" {
			t.Errorf("%+v", got)
		}
		s.move(sandboxes.Wish{By: "PT1M"})
		if got := s.instances(); len(got) != 1 || got[0].State != "ACTIVE" || s.balance() != playMoney {
			t.Errorf("order %s: %+v, balance %v", orderID, got, s.balance())
		}
		_, p = s.payOnline("two")
		s.choose(s.token, p.RedirectURL, "silent")
		s.move(sandboxes.Wish{By: "PT5M"})
		if got := s.paymentBecomes(p.ID, "succeeded"); got.Outcome != "paid" {
			t.Errorf("a lost notice: %+v", got)
		}
		if after := s.traces(); after != before {
			t.Errorf("the marketplace has changed: %s, before %s", after, before)
		}
	})
}

// page reads a page of the sandbox.
func (s *sandboxSite) page(address string) (int, string) {
	s.Helper()
	u, err := url.Parse(address)
	if err != nil {
		s.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.ctx, "GET", s.url+u.Path, nil)
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		s.Fatal(err)
	}
	return answer.StatusCode, string(b)
}
