package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/id"
	"jishi/internal/base/secret"
	"jishi/internal/base/telemetry"
	"jishi/internal/market/identity"
	"jishi/internal/market/order"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
	"jishi/isv"
	"jishi/wire/openapi"
	"jishi/wire/saas"
)

// openSite is the whole program's handler on the network, over a marketplace with two sellers.
type openSite struct {
	*testing.T
	ctx    context.Context
	app    *App
	market *tradetest.Market
	url    string
}

func newOpenSite(t *testing.T, d *db.DB) *openSite {
	t.Helper()
	box, err := secret.NewBox(secret.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	s := &openSite{T: t, ctx: context.Background(), market: tradetest.New(t, d)}
	s.app = &App{Config: Config{Storage: Storage{Data: t.TempDir()}}, Log: quiet, DB: d, Box: box}
	s.app.build()
	h, err := s.app.Handler(&telemetry.Health{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// client makes a pair AK/SK for an account.
func (s *openSite) client(accountID string) (*isv.Client, identity.AccessKey) {
	s.Helper()
	var k identity.AccessKey
	var secretKey string
	err := s.app.DB.Update(s.ctx, func(tx *db.Tx) (err error) {
		k, secretKey, err = s.app.Identity.CreateAccessKey(s.ctx, tx, accountID, "usr_seller", "Order service")
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return &isv.Client{Endpoint: s.url, AK: k.AccessKey, SK: secretKey}, k
}

func (s *openSite) sellerAccount() string {
	s.Helper()
	account, err := db.One[string](s.ctx, s.app.DB, `select account_id from sellers where id = $1`, s.market.Seller)
	if err != nil {
		s.Fatal(err)
	}
	return account
}

func (s *openSite) rivalAccount() string {
	account := s.market.Account("Rival", "verified")
	s.market.Update(func(tx *db.Tx) error {
		return tradetest.Exec(tx, `insert into sellers (id, account_id, name, form, created_at, updated_at) values ($1, $2, '{"zh":"对手","en":"Rival"}', '{}', $3, $3)`, id.New("sel"), account, tx.Now)
	})
	return account
}

// refused wants an answer with this status and code.
func (s *openSite) refused(what string, err error, status int, code, message string) {
	s.Helper()
	var e *isv.APIError
	if !errors.As(err, &e) || e.Status != status || e.Code != code || !strings.Contains(e.Message, message) {
		s.Errorf("%s: %v, want %d %s", what, err, status, code)
	}
	if strings.HasPrefix(code, "APIG.") && e != nil && !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(e.RequestID) {
		s.Errorf("%s: request id %q", what, e.RequestID)
	}
}

func TestOrderQueryOfTheOwnSeller(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		s.market.Serve(&isv.Handler{V2Key: s.market.V2Key,
			Create: func(context.Context, isv.Create) (isv.Instance, error) { return isv.Instance{ID: "inst-1"}, nil },
			Query: func(context.Context, isv.Query) (isv.Instance, error) {
				return isv.Instance{ID: "inst-1", Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
			}})
		o := s.market.Buy("V2")
		client, key := s.client(s.sellerAccount())
		got, err := client.Order(s.ctx, o.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		site, _ := s.app.Settings.Site(s.ctx)
		line := got.OrderLine[0]
		if got.OrderID != o.ID || got.OrderType != "NEW" || got.CreateTime != openapi.FormatTime(o.CreatedAt, site.Zone()) ||
			line.OrderLineID != o.ID+"-000001" || line.ChargingMode != "PERIOD" || line.PeriodType != "month" || *line.PeriodNumber != 1 ||
			line.Currency != "100" || line.CurrencyAfterDiscount != "100" || !strings.HasSuffix(line.ExpireTime, "235959") ||
			!strings.HasPrefix(line.ProductInfo[0].ProductName, "产品,标准,") || !strings.HasPrefix(line.ProductInfo[0].ProductID, "OFFI") {
			t.Errorf("%+v", got)
		}
		if b := got.BuyerInfo; b.CustomerID != s.market.Buyer.AccountID || b.CustomerName != "Buyer One" || b.CustomerType != 1 ||
			b.MobilePhone != nil || b.Email != nil || b.UserID != nil || b.UserName != nil {
			t.Errorf("buyer: %+v", b)
		}
		promised := line.ExpireTime
		for s.market.Step() {
		}
		if i := s.market.Instance(o); i.ExpiresAt.IsZero() {
			t.Errorf("not delivered: %+v", i)
		}
		if got, err := client.Order(s.ctx, o.ID, o.ID+"-000001"); err != nil || got.OrderLine[0].ExpireTime != promised {
			t.Error(got, err)
		}
		_, err = client.Order(s.ctx, o.ID, o.ID+"-000002")
		s.refused("another line", err, 400, "MKT.0101", "")
		_, err = client.Order(s.ctx, "CS0000000000XXXXX", "")
		s.refused("unknown order", err, 400, "MKT.0101", "")
		_, err = client.Order(s.ctx, "", "")
		s.refused("no order", err, 400, "MKT.0101", "")
		_, err = client.Order(s.ctx, strings.Repeat("9", 65), "")
		s.refused("long order", err, 400, "MKT.0101", "")

		rival, _ := s.client(s.rivalAccount())
		_, err = rival.Order(s.ctx, o.ID, "")
		s.refused("another seller's order", err, 401, "MKT.0150", "")
		buyer, _ := s.client(s.market.Buyer.AccountID)
		_, err = buyer.Order(s.ctx, o.ID, "")
		s.refused("not a seller", err, 401, "MKT.0151", "")

		keys, err := s.app.Identity.AccessKeys(s.ctx, d, s.sellerAccount())
		if err != nil || len(keys) != 1 || keys[0].ID != key.ID || keys[0].UsedAt.IsZero() {
			t.Errorf("last use: %+v, %v", keys, err)
		}
		s.market.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update sellers set state = 'suspended' where id = $1`, s.market.Seller)
		})
		_, err = client.Order(s.ctx, o.ID, "")
		s.refused("a suspended seller", err, 401, "MKT.0151", "")
	})
}

// A change of specification, running or with the renewal, is of the type CHANGE and tells what it changes to.
func TestChangeOrders(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		s.market.Serve(&isv.Handler{V2Key: s.market.V2Key,
			Create: func(context.Context, isv.Create) (isv.Instance, error) { return isv.Instance{ID: "inst-1"}, nil },
			Query: func(context.Context, isv.Query) (isv.Instance, error) {
				return isv.Instance{ID: "inst-1", Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
			},
			Upgrade: func(context.Context, isv.Upgrade) error { return nil }})
		sku := s.market.Changeable("V2", nil, nil)
		o := s.market.Buy("V2")
		for s.market.Step() {
		}
		client, _ := s.client(s.sellerAccount())
		s.market.Clock.Set(s.market.Clock.Now().AddDate(0, 0, 5)) // with the renewal from 30 days before the expiry on
		for _, w := range []trade.ChangeWish{{Target: sku["pro"]}, {Target: sku["max"], Renewal: true, Periods: 1}} {
			kind := order.Upgrade
			if w.Renewal {
				kind = order.RenewChange
			}
			w.InstanceID = s.market.Instance(o).ID
			var c order.Order
			s.market.Update(func(tx *db.Tx) error {
				q, _, err := s.market.Trade.QuoteChange(s.ctx, tx, s.market.Buyer, w)
				if err == nil {
					c, err = s.market.Trade.Place(s.ctx, tx, s.market.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true})
				}
				return err
			})
			lines, err := order.Lines(s.ctx, d, c.ID)
			if err != nil || c.Kind != kind {
				t.Fatal(c.Kind, err)
			}
			got, err := client.Order(s.ctx, c.ID, lines[0].ID)
			if err != nil || got.OrderType != "CHANGE" || len(got.OrderLine) != 1 || len(got.OrderLine[0].ProductInfo) != 1 ||
				got.OrderLine[0].ProductInfo[0].SkuCode != w.Target || got.OrderLine[0].ProductInfo[0].ProductID != lines[0].PlanNumber {
				t.Errorf("%s: %+v, %v", kind, got, err)
			}
			if err := s.market.Pay(c); err != nil {
				t.Fatal(err)
			}
			for s.market.Step() {
			}
		}
	})
}

// A renewal's order says the expiry that refreshInstance tells, which begins where the old term ends.
func TestRenewalOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		s.market.Serve(&isv.Handler{V2Key: s.market.V2Key,
			Create: func(context.Context, isv.Create) (isv.Instance, error) { return isv.Instance{ID: "inst-1"}, nil },
			Query: func(context.Context, isv.Query) (isv.Instance, error) {
				return isv.Instance{ID: "inst-1", Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
			}})
		o := s.market.Buy("V2")
		for s.market.Step() {
		}
		client, _ := s.client(s.sellerAccount())
		site, _ := s.app.Settings.Site(s.ctx)
		for _, orderType := range []string{"RENEW", "TRIAL_TO_FORMAL"} {
			if orderType == "TRIAL_TO_FORMAL" {
				s.market.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update instances set trial = true`) })
			}
			in := s.market.Instance(o)
			var r order.Order
			s.market.Update(func(tx *db.Tx) error {
				q, _, err := s.market.Trade.QuoteRenewal(s.ctx, tx, s.market.Buyer, trade.Renewal{InstanceID: in.ID, Periods: 2})
				if err == nil {
					r, err = s.market.Trade.Place(s.ctx, tx, s.market.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true})
				}
				return err
			})
			says := func(expires time.Time) {
				t.Helper()
				got, err := client.Order(s.ctx, r.ID, r.ID+"-000001")
				if err != nil || got.OrderType != orderType || got.OrderLine[0].ExpireTime != openapi.FormatTime(expires, site.Zone()) || *got.OrderLine[0].PeriodNumber != 2 {
					t.Errorf("%+v, %v; want %s until %v", got, err, orderType, expires)
				}
			}
			says(in.ExpiresAt)
			if err := s.market.Pay(r); err != nil {
				t.Fatal(err)
			}
			now := s.market.Instance(o).ExpiresAt
			if now.Equal(in.ExpiresAt) {
				t.Error("the expiry has not moved")
			}
			says(now)
			s.market.Update(func(tx *db.Tx) error { // a later renewal moves the instance, not what this order said
				return tradetest.Exec(tx, `update instances set expires_at = expires_at + 86400000000`)
			})
			says(now)
			s.market.Update(func(tx *db.Tx) error {
				return tradetest.Exec(tx, `update instances set expires_at = expires_at - 86400000000`)
			})
		}
	})
}

func TestRefundOrderIsAnUnsubscription(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		s.market.Serve(tradetest.Raw(500, "text/plain", "down"))
		o := s.market.Buy("V2")
		s.market.CloseWindow()
		for s.market.Step() {
		}
		refund, err := db.One[string](s.ctx, d, `select id from orders where parent_id = $1`, o.ID)
		if err != nil {
			t.Fatal(err)
		}
		client, _ := s.client(s.sellerAccount())
		got, err := client.Order(s.ctx, refund, "")
		if err != nil || got.OrderType != "UNSUBSCRIBE" || got.OrderLine[0].CurrencyAfterDiscount != "-100" || got.OrderLine[0].Currency != "-100" || got.OrderLine[0].ExpireTime != "" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestDebugOrdersForEverySeller(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		client, _ := s.client(s.rivalAccount())
		for _, number := range openapi.MockOrders() {
			got, err := client.Order(s.ctx, number, number+"-000001")
			if err != nil || got.OrderID != number || len(got.OrderLine) != 1 {
				t.Errorf("%s: %+v, %v", number, got, err)
			}
		}
		_, err := client.Order(s.ctx, "MOCKOTHER", "")
		s.refused("unknown debug order", err, 400, "MKT.0101", "")
		_, err = client.Order(s.ctx, "MOCKONDEMAND", "MOCKONDEMAND-000002")
		s.refused("unknown debug line", err, 400, "MKT.0101", "")
		stranger, _ := s.client(s.market.Other.AccountID)
		_, err = stranger.Order(s.ctx, "MOCKONDEMAND", "")
		s.refused("not a seller", err, 401, "MKT.0151", "")
	})
}

func TestOpenAPIAuthentication(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		client, key := s.client(s.sellerAccount())
		ask := func(c *isv.Client) error { _, err := c.Order(s.ctx, "MOCKONETIMENEW", ""); return err }
		if err := ask(client); err != nil {
			t.Fatal(err)
		}
		now := clock.Wall{}.Now()
		at := func(d time.Duration) *isv.Client {
			c := *client
			c.Now = func() time.Time { return now.Add(d) }
			return &c
		}
		s.refused("stale", ask(at(-16*time.Minute)), 401, "APIG.0301", "15 minutes")
		s.refused("future", ask(at(16*time.Minute)), 401, "APIG.0301", "15 minutes")
		for range 2 { // the very same bytes again: queries may be repeated
			if err := ask(at(-14 * time.Minute)); err != nil {
				t.Error("replayed:", err)
			}
		}
		s.refused("unknown key", ask(&isv.Client{Endpoint: s.url, AK: "JSUNKNOWN", SK: client.SK}), 401, "APIG.0301", "does not exist")

		wrong := &isv.Client{Endpoint: s.url, AK: client.AK, SK: client.SK + " "}
		for range 4 {
			s.refused("wrong signature", ask(wrong), 401, "APIG.0301", "verify aksk signature fail")
		}
		if err := ask(client); err != nil {
			t.Error("after four failures:", err)
		}
		for range 5 {
			s.refused("wrong signature", ask(wrong), 401, "APIG.0301", "verify aksk signature fail")
		}
		s.refused("locked, wrong signature", ask(wrong), 401, "APIG.0301", "locked")
		s.refused("locked", ask(client), 401, "APIG.0301", "locked")
		s.market.Update(func(tx *db.Tx) error { return s.app.Identity.AccessKeyUsed(s.ctx, tx, key.ID) })

		s.market.Update(func(tx *db.Tx) error {
			_, err := s.app.Identity.DisableAccessKey(s.ctx, tx, s.sellerAccount(), key.ID)
			return err
		})
		s.refused("disabled", ask(client), 401, "APIG.0301", "disabled")
	})
}

// raw makes a request by hand: path and query signed, then changed.
func (s *openSite) raw(method, target string, prepare func(r *http.Request)) (int, map[string]any, http.Header) {
	s.Helper()
	r, err := http.NewRequest(method, s.url+target, nil)
	if err != nil {
		s.Fatal(err)
	}
	if prepare != nil {
		prepare(r)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	out := map[string]any{}
	if err := json.Unmarshal(body, &out); err != nil {
		s.Fatalf("%s %s: %d %s", method, target, answer.StatusCode, body)
	}
	return answer.StatusCode, out, answer.Header
}

func TestOpenAPIRequestsByHand(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		client, _ := s.client(s.sellerAccount())
		sign := func(r *http.Request) {
			signed := openapi.Request{Method: r.Method, Host: r.URL.Host, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Header: r.Header}
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-Stage", "RELEASE")
			r.Header.Set("Authorization", signed.Authorize(client.AK, client.SK, clock.Wall{}.Now()))
		}
		signAll := func(r *http.Request) { // as clients do that sign content-type too
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-Sdk-Date", openapi.FormatDate(clock.Wall{}.Now()))
			signed := openapi.Request{Method: r.Method, Host: r.URL.Host, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Header: r.Header}
			names := []string{"content-type", "host", "x-sdk-date"}
			r.Header.Set("Authorization", openapi.Authorization{Access: client.AK, SignedHeaders: names, Signature: signed.Signature(client.SK, names)}.String())
		}
		query := openapi.PathOrderQuery + "?orderId=MOCKONETIMENEW"
		for _, c := range []struct {
			what, method, target string
			prepare              func(*http.Request)
			status               int
			code                 string
		}{
			{"signed by the SDK's rule", "GET", query, sign, 200, "MKT.0000"},
			{"content-type is signed", "GET", query, signAll, 200, "MKT.0000"},
			{"an unknown parameter", "GET", query + "&projectId=1&b=%20", sign, 200, "MKT.0000"},
			{"the parameter twice", "GET", query + "&orderId=MOCKONETIMENEW", sign, 400, "MKT.0101"},
			{"no parameter", "GET", openapi.PathOrderQuery, sign, 400, "MKT.0101"},
			{"an unknown parameter added after signing", "GET", query, func(r *http.Request) { sign(r); r.URL.RawQuery += "&x=1" }, 401, "APIG.0301"},
			{"no credentials", "GET", query, nil, 401, "APIG.0301"},
			{"another method of signing", "GET", query, func(r *http.Request) {
				r.Header.Set("Authorization", "SDK-HMAC-SM3 Access=A, SignedHeaders=host, Signature=0")
			}, 401, "APIG.0301"},
			{"half a header", "GET", query, func(r *http.Request) { r.Header.Set("Authorization", "SDK-HMAC-SHA256 Access=A") }, 401, "APIG.0301"},
			{"a signed header is absent", "GET", query, func(r *http.Request) { sign(r); r.Header.Del("X-Stage") }, 401, "APIG.0301"},
			{"a bad token", "GET", query, func(r *http.Request) { r.Header.Set("X-Auth-Token", "jst_x") }, 401, "MKT.0154"},
			{"an unknown path", "GET", "/api/mkp-openapi-public/global/v1/order/other", sign, 404, "APIG.0101"},
			{"another method", "POST", query, sign, 404, "APIG.0101"},
			{"a long address", "GET", query + "&x=" + strings.Repeat("1", 33<<10), sign, 414, "APIG.0201"},
			{"a long header", "GET", query, func(r *http.Request) { sign(r); r.Header.Set("X-Long", strings.Repeat("1", 33<<10)) }, 494, "APIG.0201"},
		} {
			status, out, header := s.raw(c.method, c.target, c.prepare)
			code, _ := out["resultCode"].(string)
			if code == "" {
				code, _ = out["error_code"].(string)
			}
			if status != c.status || code != c.code || header.Get("Content-Type") != "application/json;charset=UTF-8" {
				t.Errorf("%s: %d %v %v, want %d %s", c.what, status, out, header, c.status, c.code)
			}
			if _, there := out["orderInfo"]; there != (code == "MKT.0000") {
				t.Errorf("%s: orderInfo %v", c.what, there)
			}
		}
	})
}

// An API token of the account may stand in for a signature when it holds sale:read.
func TestOpenAPIToken(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		token := func(scope string) (text string) {
			s.market.Update(func(tx *db.Tx) (err error) {
				_, text, err = s.app.Identity.CreateToken(s.ctx, tx, identity.TokenOwner{Kind: identity.KindUser, ID: "usr_seller", AccountID: s.sellerAccount(), Held: []string{scope}},
					identity.NewToken{Name: "script", Scopes: []string{scope}})
				return err
			})
			return text
		}
		for scope, want := range map[string]int{"sale:read": 200, "address:read": 403} {
			status, out, _ := s.raw("GET", openapi.PathOrderQuery+"?orderId=MOCKONETIMENEW", func(r *http.Request) { r.Header.Set("X-Auth-Token", token(scope)) })
			if status != want {
				t.Errorf("%s: %d %v", scope, status, out)
			}
		}
	})
}

func TestOpenAPIIsLimitedPerKey(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		busy, _ := s.client(s.sellerAccount())
		calm, _ := s.client(s.rivalAccount())
		var limited *isv.APIError
		for range 1000 {
			if _, err := busy.Order(s.ctx, "MOCKONETIMENEW", ""); err != nil {
				if !errors.As(err, &limited) {
					t.Fatal(err)
				}
				break
			}
		}
		if limited == nil || limited.Status != 406 || limited.Code != "MKT.0250" || !limited.Temporary() {
			t.Errorf("got %v", limited)
		}
		if _, err := calm.Order(s.ctx, "MOCKONETIMENEW", ""); err != nil {
			t.Error("another key is limited too:", err)
		}
	})
}

// The cost of an order query does not grow with the seller's orders.
func TestOrderQueryIsBounded(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newOpenSite(t, d)
		s.market.Serve(tradetest.Raw(500, "text/plain", "down"))
		o := s.market.Buy("V2")
		client, _ := s.client(s.sellerAccount())
		if _, err := client.Order(s.ctx, o.ID, ""); err != nil { // writes the last use, fills the settings' cache
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", s.url+openapi.PathOrderQuery+"?orderId="+url.QueryEscape(o.ID), nil)
		r.RequestURI = r.URL.RequestURI()
		signed := openapi.Request{Method: "GET", Host: r.Host, Path: r.URL.Path, RawQuery: r.URL.RawQuery, Header: r.Header}
		r.Header.Set("Authorization", signed.Authorize(client.AK, client.SK, clock.Wall{}.Now()))
		var n atomic.Int64
		w := httptest.NewRecorder()
		s.app.openAPIServer(telemetry.Proxies{}).ServeHTTP(w, r.WithContext(db.WithCounter(s.ctx, &n)))
		if w.Code != 200 || n.Load() > 6 {
			t.Errorf("%d with %d statements, want at most 6: %s", w.Code, n.Load(), w.Body)
		}
	})
}
