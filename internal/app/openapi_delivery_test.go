package app

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/id"
	"jishi/internal/market/fulfillment"
	"jishi/internal/tool/isvapp"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

// A V2 purchase from end to end: the marketplace names the order, the seller's application reads it by the open API while
// the call waits, and shows the buyer what was bought.
func TestV2SellerReadsTheOrderItDelivers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		client, _ := s.client(s.sellerAccount())
		seller, err := isvapp.New(isvapp.Config{Data: t.TempDir(), V2Key: s.market.V2Key, Logger: quiet, Orders: client, PublicURL: "http://seller.invalid"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = seller.Close() })
		s.market.Serve(seller.Handler())
		o := s.market.Buy("V2")
		for s.market.Step() {
		}
		access, err := s.market.Trade.Subscriptions.Access(s.market.Instance(o))
		if err != nil || access.UserName == "" {
			t.Fatalf("not delivered: %+v, %v", access, err)
		}
		page := httptest.NewServer(seller.Handler())
		defer page.Close()
		jar, _ := cookiejar.New(nil)
		browser := &http.Client{Jar: jar}
		if _, err := browser.PostForm(page.URL+"/login", url.Values{"user": {access.UserName}, "password": {access.Password}}); err != nil {
			t.Fatal(err)
		}
		answer, err := browser.Get(page.URL + "/manage")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var text strings.Builder
		if _, err := io.Copy(&text, answer.Body); err != nil || !strings.Contains(text.String(), "产品,标准,") {
			t.Errorf("%v, %s", err, text.String())
		}
	})
}

// The operator's calls reach a seller's application, whose page shows their effect; a V2 upgrade is
// read by the order number that the call names.
func TestOperatorsCallsShowInTheSellersApplication(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		client, _ := s.client(s.sellerAccount())
		app, err := isvapp.New(isvapp.Config{Data: t.TempDir(), V1Key: s.market.V1Key, V2Key: s.market.V2Key, Logger: quiet, Orders: client, PublicURL: "http://seller.invalid"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = app.Close() })
		s.market.Serve(app.Handler())
		page := httptest.NewServer(app.Handler())
		defer page.Close()
		jar, _ := cookiejar.New(nil)
		browser := &http.Client{Jar: jar}
		if _, err := browser.PostForm(page.URL+"/admin/login", url.Values{"password": {app.AdminPassword()}}); err != nil {
			t.Fatal(err)
		}
		shown := func(instance string, words ...string) {
			t.Helper()
			answer, err := browser.Get(page.URL + "/admin")
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			text, _ := io.ReadAll(answer.Body)
			_, row, _ := strings.Cut(string(text), "<td>"+instance)
			row, _, _ = strings.Cut(row, "</tr>")
			for _, w := range words {
				if !strings.Contains(row, w) {
					t.Errorf("the page lacks %q: %s", w, row)
				}
			}
		}
		for _, g := range []string{"V1", "V2"} {
			o := s.market.Buy(g)
			run := func() {
				for s.market.Step() {
				}
			}
			run()
			send := func(in trade.Sending) {
				t.Helper()
				in.Reason = "for the test"
				s.market.Update(func(tx *db.Tx) error {
					_, err := s.market.Trade.SendCall(context.Background(), tx, s.market.Instance(o).ID, in)
					return err
				})
				run()
			}
			in := s.market.Instance(o)
			shown(in.ExternalID, "tag active")
			expires := in.ExpiresAt.AddDate(2, 0, 0)
			send(trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: expires})
			shown(in.ExternalID, expires.Format("2006-01-02"))
			send(trade.Sending{Purpose: fulfillment.Freeze})
			shown(in.ExternalID, "tag frozen")
			send(trade.Sending{Purpose: fulfillment.Thaw})
			shown(in.ExternalID, "tag active")
			plan, number := s.flagship(in.ProductID)
			send(trade.Sending{Purpose: fulfillment.Upgrade, PlanID: plan})
			shown(in.ExternalID, number)
			if g == "V2" {
				shown(in.ExternalID, "旗舰")
			}
			send(trade.Sending{Purpose: fulfillment.Release, Confirmed: true})
			shown(in.ExternalID, "tag released")
		}
	})
}

// flagship adds a second specification with a plan by the month.
func (s *openSite) flagship(productID string) (planID, number string) {
	spec, planID, number := id.New("spc"), id.New("pln"), id.PlanNumber()
	s.market.Update(func(tx *db.Tx) error {
		if err := tradetest.Exec(tx, `insert into specs (id, product_id, sku_code, name, state, position, created_at, updated_at) values ($1, $2, $3, $4, 'shown', 2, $5, $5)`,
			spec, productID, id.UUID(), `{"zh":"旗舰","en":"Flagship"}`, tx.Now); err != nil {
			return err
		}
		return tradetest.Exec(tx, `insert into price_plans (id, spec_id, product_id, plan_number, charging_mode, period_type, price, min_periods, max_periods, created_at, updated_at)
			values ($1, $2, $3, $4, 'PERIOD', 'month', '300', 1, 9, $5, $5)`, planID, spec, productID, number, tx.Now)
	})
	return planID, number
}
