package app

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/tool/isvapp"
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
