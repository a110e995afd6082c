package orders_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/discounts"
	"jishi/internal/edge/console/orders"
	"jishi/internal/market/access"
	"jishi/internal/market/discount"
	"jishi/internal/market/export"
	"jishi/internal/market/identity"
	"jishi/internal/market/payment"
	"jishi/internal/trade/tradetest"
	"jishi/wire/saas"
)

type api struct {
	*tradetest.Market
	h       http.Handler
	exports *export.Store
}

// open serves the API; the bearer token names one of the callers.
func open(t *testing.T, d *db.DB) *api {
	m := tradetest.New(t, d)
	callers := map[string]access.Caller{
		"buyer":    {Kind: "user", UserID: m.Buyer.UserID, AccountID: m.Buyer.AccountID, Permissions: access.Buyer},
		"other":    {Kind: "user", UserID: m.Other.UserID, AccountID: m.Other.AccountID, Permissions: append(append([]access.Permission{}, access.Buyer...), access.Seller...)},
		"viewer":   {Kind: "user", UserID: "usr_viewer", AccountID: m.Buyer.AccountID, Permissions: []access.Permission{access.OrderRead, access.InstanceRead}},
		"boss":     {Kind: "user", UserID: "usr_boss", AccountID: m.Buyer.AccountID, Permissions: []access.Permission{access.OrderRead, access.OrderApprove}},
		"seller":   {Kind: "user", UserID: "usr_seller", AccountID: "acc_seller", SellerID: m.Seller, Permissions: access.Seller},
		"rival":    {Kind: "user", UserID: "usr_rival", AccountID: "acc_rival", SellerID: "sel_rival", Permissions: access.Seller},
		"finance":  {Kind: "operator", UserID: "opr_1", Permissions: access.Roles[access.Finance]},
		"manager":  {Kind: "operator", UserID: "opr_4", Permissions: access.Roles[access.OpsManager]},
		"support":  {Kind: "operator", UserID: "opr_2", Permissions: access.Roles[access.Support]},
		"reviewer": {Kind: "operator", UserID: "opr_3", Permissions: access.Roles[access.ProductReviewer]},
	}
	c := console.New(console.Config{DB: d, Log: slog.New(slog.DiscardHandler), Version: "test",
		TokenOf: func(_ context.Context, bearer, _ string) (access.Caller, error) {
			who, ok := callers[bearer]
			if !ok {
				return who, errs.Unauthenticatedf("access.bad_token")
			}
			who.TokenID = "tok_" + bearer
			return who, nil
		}})
	files, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	exports := &export.Store{DB: d, Blob: files, Sources: orders.ExportSources(m.Trade.Settings)}
	orders.Register(c, orders.Deps{Trade: m.Trade, Subscriptions: m.Trade.Subscriptions, Settings: m.Trade.Settings, Identity: &identity.Store{}, Exports: exports})
	discounts.Register(c, discounts.Deps{Discounts: &discount.Store{Catalog: m.Trade.Catalog, Notices: m.Trade.Notices}, Settings: m.Trade.Settings})
	return &api{m, c.Handler(), exports}
}

func (a *api) call(who, method, path string, body any) (int, map[string]any) {
	a.T.Helper()
	return a.send(who, "key-"+who+method+path, method, path, body)
}

// again is call with another Idempotency-Key each time.
func (a *api) again(who, method, path string, body any) (int, map[string]any) {
	a.T.Helper()
	return a.send(who, id.New("key"), method, path, body)
}

func (a *api) send(who, key, method, path string, body any) (int, map[string]any) {
	a.T.Helper()
	var b bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			a.T.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, "http://site.example/api/v1"+path, &b)
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+who)
	}
	r.Header.Set("Idempotency-Key", key)
	r.Header.Set("Accept-Language", "en")
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	out := map[string]any{}
	if w.Body.Len() > 0 && strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			a.T.Fatalf("%s %s: %s", method, path, w.Body)
		}
	}
	return w.Code, out
}

// want makes a call and fails the test on another status or problem code.
func (a *api) want(status int, code, who, method, path string, body any) map[string]any {
	a.T.Helper()
	got, out := a.call(who, method, path, body)
	if got != status || code != "" && out["code"] != code {
		a.T.Errorf("%s: %s %s = %d %v, want %d %s", who, method, path, got, out, status, code)
	}
	return out
}

func (a *api) shop() {
	body := `{"resultCode":"000000","instanceId":"i-1","appInfo":{"frontEndUrl":"https://app.example/","adminUrl":"javascript:alert(1)","memo":"hello"}}`
	a.Serve(tradetest.WithHeader("Body-Sign", saas.SignBody(a.V1Key, []byte(body)), tradetest.Raw(200, "application/json", body)))
}

func TestTheBuyersWay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.shop()
		price := a.want(200, "", "", "POST", "/storefront/price", map[string]any{"planId": a.Plans["V1"], "periods": 2})
		if price["amount"] != "200.00" || price["taxAmount"] != "11.32" || price["currency"] != "CNY" {
			t.Errorf("price %v", price)
		}
		a.want(401, "access.sign_in", "", "POST", "/quotes", map[string]any{"planId": a.Plans["V1"]})
		quote := a.want(201, "", "buyer", "POST", "/quotes", map[string]any{"planId": a.Plans["V1"], "periods": 2})
		order := map[string]any{"quoteId": quote["id"], "agreementAccepted": true}
		a.want(422, "invalid", "buyer", "POST", "/orders", map[string]any{"quoteId": quote["id"]})
		a.want(403, "access.denied", "viewer", "POST", "/orders", order)
		placed := a.want(201, "", "buyer", "POST", "/orders", order)
		if again := a.want(201, "", "buyer", "POST", "/orders", order); again["id"] != placed["id"] {
			t.Error("the same key made a second order")
		}
		id := placed["id"].(string)
		a.want(404, "order.not_found", "other", "POST", "/orders/"+id+"/pay", nil)
		if paid := a.want(200, "", "buyer", "POST", "/orders/"+id+"/pay", nil); paid["state"] != "PROCESSING" {
			t.Error(paid)
		}
		if p := a.want(409, "order.bad_transition", "buyer", "POST", "/orders/"+id+"/cancel", nil); p["state"] != "PROCESSING" {
			t.Error("the problem does not name the state:", p)
		}
		a.Step()
		detail := a.want(200, "", "buyer", "GET", "/orders/"+id, nil)
		if detail["state"] != "COMPLETED" || len(detail["steps"].([]any)) != 3 {
			t.Error(detail)
		}
		instance := detail["instances"].([]any)[0].(map[string]any)["id"].(string)
		shown := a.want(200, "", "viewer", "GET", "/instances/"+instance, nil)
		if acc := shown["access"].(map[string]any); acc["frontEndUrl"] != "https://app.example/" || acc["adminUrl"] != "" {
			t.Error("access data:", acc)
		}
		a.want(403, "access.denied", "viewer", "POST", "/instances/"+instance+"/reveal", nil)
		a.want(404, "instance.not_found", "other", "POST", "/instances/"+instance+"/reveal", nil)
		a.want(200, "", "buyer", "POST", "/instances/"+instance+"/reveal", nil)
		if n := a.Count(`select count(*) from audit_log where action = 'instance.reveal' and object_id = $1`, instance); n != 1 {
			t.Error("the reveal was not audited")
		}
		if b := a.want(200, "", "buyer", "GET", "/balance", nil); b["balance"] != "800.00" {
			t.Error(b)
		}
	})
}

func TestEachSideSeesItsOwn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.Serve(tradetest.Raw(500, "text/html", "<html>"))
		o := a.Buy("V1")
		a.Step()
		call := a.Calls(o)[0].ID
		for _, c := range []struct {
			who, path string
			status    int
		}{
			{"buyer", "/orders/" + o.ID, 200}, {"other", "/orders/" + o.ID, 404}, {"seller", "/orders/" + o.ID, 403},
			{"seller", "/seller/orders/" + o.ID, 200}, {"rival", "/seller/orders/" + o.ID, 404},
			{"other", "/seller/orders", 403}, // holds the permission, but its account sells nothing
			{"seller", "/seller/calls/" + call, 200}, {"rival", "/seller/calls/" + call, 404}, {"buyer", "/seller/calls/" + call, 403},
			{"support", "/operator/orders/" + o.ID, 200}, {"buyer", "/operator/orders", 403}, {"", "/operator/orders", 401},
			{"support", "/operator/calls/" + call, 200}, {"finance", "/operator/calls/" + call, 403},
			{"finance", "/operator/topups", 200}, {"support", "/operator/topups", 403},
			{"finance", "/operator/ledger", 200}, {"support", "/operator/ledger", 403},
			{"buyer", "/buyer/home", 200}, {"seller", "/seller/home", 200}, {"support", "/operator/home", 200}, {"buyer", "/operator/home", 403},
		} {
			if got, out := a.call(c.who, "GET", c.path, nil); got != c.status {
				t.Errorf("%q: %s = %d %v, want %d", c.who, c.path, got, out["code"], c.status)
			}
		}
		for who, want := range map[string]float64{"buyer": 1, "other": 0} {
			if got, out := a.call(who, "GET", "/orders", nil); got != 200 || out["total"] != want {
				t.Errorf("%s lists %v orders", who, out["total"])
			}
		}
		seen := a.want(200, "", "seller", "GET", "/seller/calls/"+call, nil)
		tries := seen["tries"].([]any)
		if len(tries) != 1 || !strings.Contains(tries[0].(map[string]any)["url"].(string), "authToken=******") || seen["restartable"] != true {
			t.Error("the call's page:", seen)
		}
		a.want(404, "fulfillment.call_not_found", "rival", "POST", "/seller/calls/"+call+"/restart", nil)
		a.want(403, "access.denied", "reviewer", "POST", "/operator/calls/"+call+"/restart", nil)
		a.want(200, "", "support", "POST", "/operator/calls/"+call+"/restart", nil)
		a.want(422, "invalid", "support", "POST", "/operator/calls/"+call+"/done", map[string]any{"comment": "x"})
	})
}

func TestTopUps(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		for _, amount := range []any{"0", "-5.00", "1.234", "1e5", "99999999999.00", 5} {
			got, out := a.call("buyer", "POST", "/topups", map[string]any{"amount": amount, "payer": "Buyer"})
			if got != 422 {
				t.Errorf("amount %v: %d %v", amount, got, out)
			}
		}
		top := a.want(201, "", "buyer", "POST", "/topups", map[string]any{"amount": "250.50", "payer": "Buyer One"})
		id := top["id"].(string)
		a.want(403, "access.denied", "buyer", "POST", "/operator/topups/"+id+"/confirm", map[string]any{})
		a.want(404, "payment.topup_not_found", "other", "POST", "/topups/"+id+"/cancel", nil)
		a.want(200, "", "finance", "POST", "/operator/topups/"+id+"/confirm", map[string]any{"reference": "B-1"})
		if p := a.want(409, "payment.topup_decided", "finance", "POST", "/operator/topups/"+id+"/reject", map[string]any{"reason": "late"}); p["state"] != "confirmed" {
			t.Error(p)
		}
		if b := a.want(200, "", "buyer", "GET", "/balance", nil); b["balance"] != "1250.50" {
			t.Error(b)
		}
		for scope, want := range map[payment.Scope]int{{}: 0, {AccountID: a.Buyer.AccountID}: 2, {AccountID: a.Other.AccountID}: 0, payment.Everybody: 2} {
			if p, err := payment.TopUps(t.Context(), d, scope, "", "", page.Query{}); err != nil || p.Total != want {
				t.Errorf("%+v: %d top-ups, %v, want %d", scope, p.Total, err, want)
			}
		}
		list := a.want(200, "", "buyer", "GET", "/balance/transactions", nil)
		if list["total"] != float64(2) || list["items"].([]any)[0].(map[string]any)["amount"] != "250.50" {
			t.Error(list)
		}
		a.Sound()
	})
}

func TestListsPageAndFilter(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.shop()
		var ids []string
		for range 5 {
			ids = append(ids, a.Place("V1", 1).ID)
			a.Clock.Advance(time.Hour)
		}
		for who, path := range map[string]string{"buyer": "/orders", "seller": "/seller/orders", "support": "/operator/orders"} {
			var seen []string
			for cursor := ""; ; {
				out := a.want(200, "", who, "GET", path+"?limit=2&cursor="+cursor, nil)
				for _, item := range out["items"].([]any) {
					seen = append(seen, item.(map[string]any)["id"].(string))
				}
				if out["total"] != float64(5) {
					t.Errorf("%s: total %v", path, out["total"])
				}
				if cursor, _ = out["next"].(string); cursor == "" {
					break
				}
			}
			slices.Reverse(seen)
			if !slices.Equal(seen, ids) {
				t.Errorf("%s: %v, want %v", path, seen, ids)
			}
			from := a.Clock.Now().Add(-150 * time.Minute).Format(time.RFC3339)
			if out := a.want(200, "", who, "GET", path+"?from="+from, nil); out["total"] != float64(2) {
				t.Errorf("%s from %s: %v", path, from, out["total"])
			}
			if out := a.want(200, "", who, "GET", path+"?q="+ids[2], nil); out["total"] != float64(1) {
				t.Errorf("%s by number: %v", path, out["total"])
			}
			if out := a.want(200, "", who, "GET", path+"?q=pro_uct%25", nil); out["total"] != float64(0) {
				t.Errorf("%s: wildcards of the text were obeyed: %v", path, out["total"])
			}
			a.want(422, "page.bad_cursor", who, "GET", path+"?cursor=zzz", nil)
		}
		from := a.Clock.Now().Add(time.Hour).Format(time.RFC3339)
		if out := a.want(200, "", "buyer", "GET", "/balance/transactions?from="+from, nil); out["total"] != float64(0) {
			t.Error(out)
		}
		r := httptest.NewRequest("GET", "http://site.example/api/v1/orders.csv?state=PENDING_PAYMENT", nil)
		r.Header.Set("Authorization", "Bearer buyer")
		w := httptest.NewRecorder()
		a.h.ServeHTTP(w, r)
		if lines := strings.Count(w.Body.String(), "\n"); w.Code != 200 || lines != 6 {
			t.Errorf("export: %d, %d lines", w.Code, lines)
		}
		for _, name := range []string{"-1+cmd|' /C calc'!A1", "=1+1", "＝1+1", "+1", "@SUM(1)"} { // a spreadsheet would run them
			a.Update(func(tx *db.Tx) error {
				return tradetest.Exec(tx, `update accounts set name = $1 where id = $2`, name, a.Buyer.AccountID)
			})
			w := httptest.NewRecorder()
			a.h.ServeHTTP(w, r)
			rows, err := csv.NewReader(w.Body).ReadAll()
			if err != nil || len(rows) != 6 || rows[1][5] != "'"+name {
				t.Errorf("%s: %v, %v", name, rows, err)
			}
		}
	})
}
