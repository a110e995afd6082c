package vouchers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/orders"
	"jishi/internal/edge/console/vouchers"
	"jishi/internal/market/access"
	"jishi/internal/trade/tradetest"
)

type api struct {
	*tradetest.Market
	h http.Handler
}

func open(t *testing.T, d *db.DB) *api {
	m := tradetest.New(t, d)
	both := append(append([]access.Permission{}, access.Buyer...), access.Seller...)
	callers := map[string]access.Caller{
		"buyer":   {Kind: "user", UserID: m.Buyer.UserID, AccountID: m.Buyer.AccountID, Permissions: access.Buyer},
		"other":   {Kind: "user", UserID: m.Other.UserID, AccountID: m.Other.AccountID, Permissions: both}, // sells nothing
		"viewer":  {Kind: "user", UserID: "usr_viewer", AccountID: m.Buyer.AccountID, Permissions: []access.Permission{access.OrderRead}},
		"seller":  {Kind: "user", UserID: "usr_seller", AccountID: "acc_seller", SellerID: m.Seller, Permissions: access.Seller},
		"rival":   {Kind: "user", UserID: "usr_rival", AccountID: "acc_rival", SellerID: "sel_rival", Permissions: access.Seller},
		"manager": {Kind: "operator", UserID: "opr_4", Permissions: access.Roles[access.OpsManager]},
		"support": {Kind: "operator", UserID: "opr_2", Permissions: access.Roles[access.Support]},
	}
	c := console.New(console.Config{DB: d, Log: slog.New(slog.DiscardHandler), Version: "test", NoLimits: true,
		TokenOf: func(_ context.Context, bearer, _ string) (access.Caller, error) {
			who, ok := callers[bearer]
			if !ok {
				return who, errs.Unauthenticatedf("access.bad_token")
			}
			who.TokenID = "tok_" + bearer
			return who, nil
		}})
	orders.Register(c, orders.Deps{Trade: m.Trade, Subscriptions: m.Trade.Subscriptions, Settings: m.Trade.Settings})
	vouchers.Register(c, vouchers.Deps{Trade: m.Trade, Settings: m.Trade.Settings})
	return &api{m, c.Handler()}
}

func (a *api) want(status int, code, who, method, path string, body any) map[string]any {
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
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Idempotency-Key", id.New("key"))
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	out := map[string]any{}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			a.T.Fatal(w.Body)
		}
	}
	if w.Code != status || code != "" && out["code"] != code {
		a.T.Errorf("%s: %s %s = %d %v, want %d %s", who, method, path, w.Code, out, status, code)
	}
	return out
}

func (a *api) product(generation string) string {
	a.T.Helper()
	s, err := a.Trade.Catalog.ForSale(context.Background(), a.DB, a.Plans[generation])
	if err != nil {
		a.T.Fatal(err)
	}
	return s.ProductID
}

func fields(p map[string]any) string {
	var out []string
	list, _ := p["fields"].([]any)
	for _, f := range list {
		x := f.(map[string]any)
		out = append(out, x["field"].(string)+" "+x["code"].(string))
	}
	return strings.Join(out, ", ")
}

func TestFromTheCampaignToTheOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		product := a.product("V1")
		soon := a.Clock.Now().AddDate(0, 0, 5).Format(time.RFC3339)
		draft := map[string]any{"kind": "activity", "name": "Welcome", "face": "20.00", "threshold": "50.00", "total": 2, "perAccount": 1, "claimUntil": soon, "useDays": 10,
			"modes": []string{"month"}, "scope": []any{map[string]any{"productId": product}}}
		a.want(403, "access.denied", "buyer", "POST", "/seller/vouchers", draft)
		a.want(403, "access.denied", "support", "GET", "/operator/vouchers", nil)
		if p := a.want(422, "invalid", "rival", "POST", "/seller/vouchers", draft); fields(p) != "scope[0] voucher.unknown_product" {
			t.Error(fields(p))
		}
		a.want(403, "access.no_seller", "other", "POST", "/seller/vouchers", draft)
		if n := a.Count(`select count(*) from voucher_campaigns`); n != 0 {
			t.Error("an account that sells nothing issues for the marketplace")
		}
		bad := map[string]any{"kind": "directed", "name": "", "face": "100000.01", "threshold": "3.00", "total": 0, "perAccount": 11, "useDays": 366, "modes": []string{"weekly"}, "allProducts": true}
		want := "name required, face payment.amount_range, threshold voucher.threshold_low, total range, perAccount range, useDays range, modes voucher.modes, allProducts voucher.own_products"
		if p := a.want(422, "invalid", "seller", "POST", "/seller/vouchers", bad); fields(p) != want {
			t.Error(fields(p))
		}
		c := a.want(201, "", "seller", "POST", "/seller/vouchers", draft)
		path := "/seller/vouchers/" + c["id"].(string)
		if c["state"] != "DRAFT" || c["sellerShare"] != "0.95" {
			t.Error(c)
		}
		for method, p := range map[string]string{"GET": path, "DELETE": path, "POST": path + "/publish"} {
			a.want(404, "voucher.not_found", "rival", method, p, nil)
		}
		a.want(404, "voucher.not_found", "buyer", "POST", "/vouchers/campaigns/"+c["id"].(string)+"/claim", nil)
		draft["name"] = "Welcome 2"
		a.want(200, "", "seller", "PUT", path, draft)
		a.want(200, "", "seller", "POST", path+"/publish", nil)
		a.want(409, "voucher.bad_state", "seller", "PUT", path, draft)
		a.want(409, "voucher.bad_state", "seller", "DELETE", path, nil)

		shown := func(who, generation string) int {
			return len(a.want(200, "", who, "GET", "/storefront/products/"+a.product(generation)+"/vouchers", nil)["vouchers"].([]any))
		}
		if shown("", "V1") != 1 || shown("buyer", "V2") != 0 {
			t.Error("on the product page", shown("", "V1"), shown("buyer", "V2"))
		}
		a.want(401, "", "", "POST", "/vouchers/campaigns/"+c["id"].(string)+"/claim", nil)
		a.want(403, "access.denied", "viewer", "POST", "/vouchers/campaigns/"+c["id"].(string)+"/claim", nil)
		h := a.want(201, "", "buyer", "POST", "/vouchers/campaigns/"+c["id"].(string)+"/claim", nil)["id"].(string)
		a.want(409, "voucher.claimed_enough", "buyer", "POST", "/vouchers/campaigns/"+c["id"].(string)+"/claim", nil)
		a.want(404, "voucher.none_such", "other", "GET", "/vouchers/"+h, nil)

		q := a.want(201, "", "buyer", "POST", "/quotes", map[string]any{"planId": a.Plans["V1"], "periods": 1})["id"].(string)
		a.want(404, "order.quote_not_found", "other", "GET", "/quotes/"+q+"/vouchers", nil)
		fit := a.want(200, "", "buyer", "GET", "/quotes/"+q+"/vouchers", nil)["vouchers"].([]any)[0].(map[string]any)
		if fit["id"] != h || fit["pays"] != "20.00" || fit["reason"] != nil {
			t.Error(fit)
		}
		place := map[string]any{"quoteId": q, "agreementAccepted": true, "voucherId": h, "voucherAmount": "19.00"}
		a.want(409, "voucher.amount_changed", "buyer", "POST", "/orders", place)
		place["voucherAmount"] = "20.00"
		o := a.want(201, "", "buyer", "POST", "/orders", place)
		if o["voucherAmount"] != "20.00" || o["dueAmount"] != "80.00" || o["listAmount"] != "100.00" {
			t.Error(o)
		}
		order := "/orders/" + o["id"].(string)
		for _, who := range []string{"other"} {
			a.want(404, "order.not_found", who, "GET", order+"/vouchers", nil)
			a.want(404, "order.not_found", who, "PUT", order+"/voucher", map[string]any{})
		}
		if l := a.want(200, "", "buyer", "GET", order+"/vouchers", nil); l["chosen"] != h || l["vouchers"].([]any)[0].(map[string]any)["pays"] != "20.00" {
			t.Error(l)
		}
		if x := a.want(200, "", "buyer", "PUT", order+"/voucher", map[string]any{}); x["dueAmount"] != "100.00" {
			t.Error(x)
		}
		if x := a.want(200, "", "buyer", "PUT", order+"/voucher", map[string]any{"voucherId": h, "amount": "20.00"}); x["dueAmount"] != "80.00" {
			t.Error(x)
		}
		a.want(200, "", "buyer", "POST", order+"/pay", nil)
		if v := a.want(200, "", "viewer", "GET", "/vouchers/"+h, nil); v["state"] != "USED" || len(v["uses"].([]any)) != 2 || len(v["scope"].([]any)) != 1 {
			t.Error(v)
		}
		if l := a.want(200, "", "seller", "GET", path+"/uses", nil); l["total"] != float64(1) {
			t.Error(l)
		}
		if l := a.want(200, "", "manager", "GET", "/operator"+strings.TrimPrefix(path, "/seller")+"/claims", nil); l["total"] != float64(1) {
			t.Error(l)
		}
		a.want(404, "voucher.not_found", "rival", "GET", path+"/claims", nil)
		if r := a.want(200, "", "manager", "POST", "/operator"+strings.TrimPrefix(path, "/seller")+"/void", map[string]any{"reason": "a slip"}); r["state"] != "VOIDED" {
			t.Error(r)
		}
		a.Sound()
	})
}

func TestDirectedVouchersReachTheNamedAccounts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		until := a.Clock.Now().AddDate(0, 1, 0).Format(time.RFC3339)
		draft := map[string]any{"kind": "directed", "name": "Thanks", "face": "30.00", "budget": "100.00", "perAccount": 2, "useUntil": until,
			"modes": []string{"once", "month", "year"}, "allProducts": true}
		c := a.want(201, "", "manager", "POST", "/operator/vouchers", draft)
		if c["total"] != float64(3) || c["sellerShare"] != "0" {
			t.Error("what the budget allows:", c["total"], c["sellerShare"])
		}
		draft["total"] = 4
		if p := a.want(422, "invalid", "manager", "POST", "/operator/vouchers", draft); fields(p) != "total voucher.over_budget" {
			t.Error(fields(p))
		}
		path := "/operator/vouchers/" + c["id"].(string)
		a.want(404, "voucher.not_found", "seller", "GET", "/seller/vouchers/"+c["id"].(string), nil)
		a.want(409, "voucher.no_accounts", "manager", "POST", path+"/publish", nil)
		for _, broken := range []string{"\"a\"b,1\n", "account\na\"b,1\n"} {
			if p := a.want(422, "invalid", "manager", "PUT", path+"/accounts", map[string]any{"csv": broken}); fields(p) != fmt.Sprintf("line %d voucher.csv", strings.Count(broken, "\n")) {
				t.Error(fields(p))
			}
		}
		csv := "account,name,number\n" + a.Buyer.AccountID + ",Buyer Two,2\nacc_unknown\n" + a.Other.AccountID + ",,3\n"
		if p := a.want(422, "invalid", "manager", "PUT", path+"/accounts", map[string]any{"csv": csv}); fields(p) != "line 2 voucher.account_name, line 3 voucher.unknown_account, line 4 voucher.number" {
			t.Error(fields(p))
		}
		csv = "\ufeffaccount,name,number\r\n" + a.Buyer.AccountID + ",Buyer One,2\r\n"
		if l := a.want(200, "", "manager", "PUT", path+"/accounts", map[string]any{"csv": csv}); len(l["accounts"].([]any)) != 1 {
			t.Error(l)
		}
		a.want(200, "", "manager", "POST", path+"/publish", nil)
		if l := a.want(200, "", "buyer", "GET", "/vouchers?state=CLAIMED", nil); l["total"] != float64(2) {
			t.Error(l)
		}
		a.want(422, "invalid", "manager", "PUT", path+"/accounts", map[string]any{"csv": a.Buyer.AccountID})
		a.want(409, "voucher.all_claimed", "manager", "PUT", path+"/accounts", map[string]any{"csv": a.Other.AccountID + ",,2"})
		if x := a.want(200, "", "manager", "PUT", path+"/accounts", map[string]any{"csv": a.Other.AccountID}); x["state"] != "ENDED" || x["claimed"] != float64(3) {
			t.Error(x)
		}
		if l := a.want(200, "", "other", "GET", "/vouchers", nil); l["total"] != float64(1) {
			t.Error(l)
		}
		if n := a.Count(`select count(*) from messages where code = 'voucher_given'`); n != 2 {
			t.Errorf("%d messages", n)
		}
	})
}
