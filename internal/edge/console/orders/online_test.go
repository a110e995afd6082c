package orders_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/job"
	"jishi/internal/edge/testpay"
	"jishi/internal/market/order"
)

// site puts the API on the network, where the gateway's notices go.
func (a *api) site() {
	server := httptest.NewServer(a.h)
	a.T.Cleanup(server.Close)
	a.Trade.PublicURL = server.URL
}

// deliver runs the gateway's jobs that are written, whenever they are due.
func (a *api) deliver() {
	a.T.Helper()
	jobs, err := db.List[job.Job](a.T.Context(), a.DB, `select id, kind, args, coalesce(unique_key, '') as unique_key, ref, lane, state, run_at, attempt, lease_until, worker, error, created_at, finished_at from jobs where kind = $1`, testpay.JobKind)
	if err != nil {
		a.T.Fatal(err)
	}
	for _, j := range jobs {
		if err := a.Gateway.Deliver(a.T.Context(), j); err != nil {
			a.T.Error(err)
		}
	}
}

// post sends bytes to the notice address.
func (a *api) post(header http.Header, body []byte) int {
	a.T.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://site.example/api/v1/payment-notices/testpay", bytes.NewReader(body))
	for k, v := range header {
		r.Header[k] = v
	}
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	return w.Code
}

func (a *api) signed(body string, at time.Time) http.Header {
	a.T.Helper()
	key, err := a.Gateway.Key(a.T.Context())
	if err != nil {
		a.T.Fatal(err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	return http.Header{testpay.HeaderTimestamp: {stamp}, testpay.HeaderSignature: {testpay.Sign(key, stamp, []byte(body))}}
}

func TestPayingOnline(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.site()
		o := a.Place("V1", 1)
		body := map[string]any{"orders": []string{o.ID}, "gateway": "testpay"}
		if v := a.want(200, "", "buyer", "GET", "/payment-instruments", nil); v["balance"] != "1000.00" || len(v["gateways"].([]any)) != 1 {
			t.Error(v)
		}
		a.want(403, "access.denied", "viewer", "POST", "/orders/pay-online", body)
		a.want(404, "order.not_found", "other", "POST", "/orders/pay-online", body)
		a.want(422, "invalid", "buyer", "POST", "/orders/pay-online", map[string]any{"orders": []string{o.ID}, "gateway": "nobody"})
		if got, out := a.send("buyer", "", "POST", "/orders/pay-online", body); got != 422 || out["code"] != "idempotency.missing" {
			t.Error(got, out)
		}
		_, p := a.again("buyer", "POST", "/orders/pay-online", body)
		path := "/payments/" + p["id"].(string)
		if p["state"] != "waiting" || !strings.Contains(p["redirectUrl"].(string), testpay.Path) {
			t.Fatal(p)
		}
		a.want(404, "payment.attempt_not_found", "other", "GET", path, nil)
		a.want(403, "access.denied", "seller", "POST", path+"/cancel", nil)
		a.want(403, "access.denied", "support", "POST", "/operator/payments/attempts/"+p["id"].(string)+"/check", nil)

		page := httptest.NewServer(a.Gateway.Handler())
		t.Cleanup(page.Close)
		at := p["redirectUrl"].(string)
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		shown, err := client.Get(page.URL + at)
		if err != nil || shown.StatusCode != 200 {
			t.Fatal(shown, err)
		}
		gone, err := client.PostForm(page.URL+at, map[string][]string{"act": {"twice"}})
		if err != nil || gone.StatusCode != 303 || !strings.HasSuffix(gone.Header.Get("Location"), "/payments/"+p["id"].(string)) {
			t.Fatal(gone, err)
		}
		if a.Order(o).State != order.PendingPayment {
			t.Error("the browser's return alone paid it")
		}
		a.deliver() // three times the same notice
		if got := a.want(200, "", "viewer", "GET", path, nil); got["state"] != "succeeded" || got["outcome"] != "paid" {
			t.Error(got)
		}
		if a.Order(o).State != order.Processing {
			t.Error(a.Order(o).State)
		}

		for who, status := range map[string]int{"finance": 200, "support": 403, "buyer": 403} {
			a.want(status, "", who, "GET", "/operator/payments", nil)
			a.want(status, "", who, "GET", "/operator/payments/attempts/"+p["id"].(string), nil)
		}
		list := a.want(200, "", "finance", "GET", "/operator/payments?instrument=online", nil)
		if row := list["items"].([]any)[0].(map[string]any); row["gateway"] != "testpay" || row["amount"] != "100.00" {
			t.Error(row)
		}
		detail := a.want(200, "", "finance", "GET", "/operator/payments/attempts/"+p["id"].(string)+"", nil)
		if len(detail["notices"].([]any)) != 1 {
			t.Error("kept notices:", detail["notices"])
		}
		r := httptest.NewRequest("GET", "http://site.example/api/v1/operator/payments.csv", nil)
		r.Header.Set("Authorization", "Bearer finance")
		w := httptest.NewRecorder()
		a.h.ServeHTTP(w, r)
		if rows, err := csv.NewReader(strings.NewReader(w.Body.String())).ReadAll(); err != nil || len(rows) != 2 {
			t.Error(w.Body, err)
		}
		a.want(403, "access.denied", "support", "POST", "/operator/payments/attempts/"+p["id"].(string)+"/refund", map[string]any{"amount": "1.00", "reason": "why not"})
		back := a.want(200, "", "finance", "POST", "/operator/payments/attempts/"+p["id"].(string)+"/refund", map[string]any{"amount": "40.00", "reason": "asked for"})
		if back["refunded"] != "40.00" || len(back["refunds"].([]any)) != 1 {
			t.Error(back)
		}
		a.Sound()
	})
}

// Forged, stale and foreign notices change nothing; the same notice ten times at once pays once.
func TestNotices(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.site()
		now := clock.Wall{}.Now()
		if got := a.post(http.Header{}, []byte(`{}`)); got != 401 {
			t.Error("before there was any payment:", got)
		}
		o := a.Place("V1", 1)
		_, p := a.again("buyer", "POST", "/orders/pay-online", map[string]any{"orders": []string{o.ID}, "gateway": "testpay"})
		number := p["number"].(string)
		body := func(amount string) string {
			return `{"event":"e1","number":"` + number + `","reference":"","status":"succeeded","amount":"` + amount + `","currency":"CNY"}`
		}
		stolen := a.signed(body("100.00"), now)
		for name, c := range map[string]struct {
			header http.Header
			body   string
			status int
		}{
			"no signature":         {http.Header{}, body("100.00"), 401},
			"another body":         {stolen, body("1.00"), 401},
			"another time":         {http.Header{testpay.HeaderTimestamp: {"1"}, testpay.HeaderSignature: stolen[testpay.HeaderSignature]}, body("100.00"), 401},
			"an old one":           {a.signed(body("100.00"), now.Add(-time.Hour)), body("100.00"), 401},
			"no JSON":              {a.signed("x", now), "x", 401},
			"wrong amount":         {a.signed(body("99.99"), now), body("99.99"), 400},
			"an unknown payment":   {a.signed(`{"number":"OPX","status":"succeeded"}`, now), `{"number":"OPX","status":"succeeded"}`, 400},
			"of an unknown status": {a.signed(strings.Replace(body("100.00"), "succeeded", "maybe", 1), now), strings.Replace(body("100.00"), "succeeded", "maybe", 1), 200},
		} {
			if got := a.post(c.header, []byte(c.body)); got != c.status {
				t.Errorf("%s: %d, want %d", name, got, c.status)
			}
		}
		if a.Order(o).State != order.PendingPayment || a.Count(`select count(*) from payments`) != 0 || a.Count(`select count(*) from payment_notices`) != 1 {
			t.Error("something was changed")
		}
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if got := a.post(stolen, []byte(body("100.00"))); got != 200 {
					t.Error(got)
				}
			})
		}
		wg.Wait()
		if a.Order(o).State != order.Processing || a.Count(`select count(*) from payments`) != 1 {
			t.Error(a.Order(o).State)
		}
		a.Sound()
	})
}

// The transaction of a notice that breaks off leaves nothing, and the notice comes again.
func TestANoticeThatBreaksOff(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.site()
		o := a.Place("V1", 1)
		_, p := a.again("buyer", "POST", "/orders/pay-online", map[string]any{"orders": []string{o.ID}, "gateway": "testpay"})
		reference := p["redirectUrl"].(string)[strings.LastIndex(p["redirectUrl"].(string), "/")+1:]
		if _, err := a.Gateway.Act(t.Context(), reference, "silent"); err != nil {
			t.Fatal(err)
		}
		body := `{"event":"e1","number":"` + p["number"].(string) + `","reference":"` + reference + `","status":"succeeded","amount":"100.00","currency":"CNY"}`
		// The last row that a payment writes cannot be written.
		a.Update(func(tx *db.Tx) error { return exec(tx, `alter table payment_notices rename to payment_notices_away`) })
		if got := a.post(a.signed(body, clock.Wall{}.Now()), []byte(body)); got == 200 {
			t.Error("taken, though nothing was written")
		}
		a.Update(func(tx *db.Tx) error { return exec(tx, `alter table payment_notices_away rename to payment_notices`) })
		if a.Order(o).State != order.PendingPayment || a.Count(`select count(*) from payments`)+a.Count(`select count(*) from ledger_journals where kind = 'payment'`) != 0 {
			t.Error("half of it was written")
		}
		if got := a.post(a.signed(body, clock.Wall{}.Now()), []byte(body)); got != 200 || a.Order(o).State != order.Processing {
			t.Error(got, a.Order(o).State)
		}
		a.Sound()
	})
}

func exec(tx *db.Tx, text string) error {
	_, err := db.Exec(context.Background(), tx, text)
	return err
}

// Where real money moves there is no play gateway.
func TestPlayMoneyIsRefused(t *testing.T) {
	if s, err := testpay.New(testpay.Config{}); !errors.Is(err, testpay.ErrNoPlay) || s != nil {
		t.Error(s, err)
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.Trade.Gateways = nil
		o := a.Place("V1", 1)
		a.want(422, "invalid", "buyer", "POST", "/orders/pay-online", map[string]any{"orders": []string{o.ID}, "gateway": "testpay"})
		if got := a.post(http.Header{}, []byte(`{}`)); got != 404 {
			t.Error(got)
		}
	})
}
