package orders_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/trade/tradetest"
)

func TestFromTheCartToTheMergedPayment(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.Serve(tradetest.Raw(500, "text/html", "<html>"))
		a.want(401, "access.sign_in", "", "GET", "/cart", nil)
		a.want(403, "access.denied", "viewer", "GET", "/cart", nil)
		line := a.want(200, "", "buyer", "POST", "/cart/lines", map[string]any{"planId": a.Plans["V1"], "periods": 2})
		a.Clock.Advance(time.Second)
		_, other := a.again("buyer", "POST", "/cart/lines", map[string]any{"planId": a.Plans["V2"], "periods": 1, "quantity": 0})
		if n := a.want(200, "", "buyer", "GET", "/cart/count", nil); n["count"] != float64(2) {
			t.Error(n)
		}
		id, second := line["id"].(string), other["id"].(string)
		a.want(404, "cart.line_not_found", "other", "PUT", "/cart/lines/"+id, map[string]any{"periods": 3})
		a.want(204, "", "other", "DELETE", "/cart/lines/"+id, nil) // not its own: nothing happens
		a.want(204, "", "other", "DELETE", "/cart", nil)
		a.want(422, "invalid", "buyer", "PUT", "/cart/lines/"+id, map[string]any{"periods": 30})
		a.again("buyer", "PUT", "/cart/lines/"+id, map[string]any{"periods": 3})
		shown := a.want(200, "", "buyer", "GET", "/cart", nil)
		lines := shown["lines"].([]any)
		if len(lines) != 2 || lines[0].(map[string]any)["price"].(map[string]any)["amount"] != "300.00" {
			t.Fatal(shown)
		}
		product := func(i int) string { return lines[i].(map[string]any)["price"].(map[string]any)["productId"].(string) }
		body := func(amount string) map[string]any {
			return map[string]any{"lines": []any{map[string]any{"id": id, "amount": amount}, map[string]any{"id": second, "amount": "100.00"}},
				"agreementsAccepted": []string{product(0), product(1)}, "purchaseNumber": "PO-7"}
		}
		refused := a.want(409, "cart.changed", "buyer", "POST", "/cart/checkout", body("299.00"))
		field, _ := refused["fields"].([]any)[0].(map[string]any)
		if field["field"] != "lines."+id || !strings.Contains(field["message"].(string), "Product") || !strings.Contains(field["message"].(string), "300.00") {
			t.Error("the line is not named:", refused)
		}
		a.want(409, "cart.changed", "other", "POST", "/cart/checkout", body("300.00"))
		_, made := a.send("buyer", "checkout", "POST", "/cart/checkout", body("300.00"))
		if _, again := a.send("buyer", "checkout", "POST", "/cart/checkout", body("300.00")); made["total"] != "400.00" || again["total"] != made["total"] {
			t.Error("the same key:", made, again)
		}
		var ids []string
		for _, o := range made["orders"].([]any) {
			ids = append(ids, o.(map[string]any)["id"].(string))
		}
		pay := map[string]any{"orders": ids}
		a.want(403, "access.denied", "viewer", "POST", "/orders/pay", pay)
		a.want(404, "order.not_found", "other", "POST", "/orders/pay", pay)
		if paid := a.want(200, "", "buyer", "POST", "/orders/pay", pay); paid["paid"] != true || paid["total"] != "400.00" {
			t.Error(paid)
		}
		for _, who := range []string{"buyer", "seller"} {
			path := map[string]string{"buyer": "/orders", "seller": "/seller/orders"}[who]
			if out := a.want(200, "", who, "GET", path+"?q=PO-7", nil); out["total"] != float64(2) || out["items"].([]any)[0].(map[string]any)["purchaseNumber"] != "PO-7" {
				t.Error(who, out)
			}
		}
		r := httptest.NewRequest("GET", "http://site.example/api/v1/orders.csv", nil)
		r.Header.Set("Authorization", "Bearer buyer")
		w := httptest.NewRecorder()
		a.h.ServeHTTP(w, r)
		if strings.Count(w.Body.String(), ",PO-7\r\n") != 2 {
			t.Error("the export lacks the purchase-order number:", w.Body)
		}
		a.Sound()
	})
}

func TestApprovalsBelongToTheAccount(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		policy := map[string]any{"enabled": true, "limit": "150.00"}
		a.want(403, "access.denied", "viewer", "PUT", "/account/approval", policy)
		a.want(422, "invalid", "buyer", "PUT", "/account/approval", map[string]any{"enabled": true, "limit": "-1.00"})
		a.again("buyer", "PUT", "/account/approval", policy)
		if p := a.want(200, "", "viewer", "GET", "/account/approval", nil); p["enabled"] != true || p["limit"] != "150.00" {
			t.Error(p)
		}
		if p := a.want(200, "", "other", "GET", "/account/approval", nil); p["enabled"] != false {
			t.Error("another account's policy:", p)
		}
		o := a.Place("V1", 2)
		a.want(403, "access.denied", "viewer", "GET", "/approvals", nil)
		if list := a.want(200, "", "other", "GET", "/approvals", nil); list["total"] != float64(0) {
			t.Error("another account's tasks:", list)
		}
		if list := a.want(200, "", "boss", "GET", "/approvals", nil); list["total"] != float64(1) {
			t.Error(list)
		}
		if home := a.want(200, "", "boss", "GET", "/buyer/home", nil); home["reviews"] != float64(1) {
			t.Error(home)
		}
		a.want(403, "access.denied", "viewer", "POST", "/orders/"+o.ID+"/approve", map[string]any{})
		a.want(404, "order.not_found", "other", "POST", "/orders/"+o.ID+"/approve", map[string]any{})
		a.want(403, "order.own_approval", "buyer", "POST", "/orders/"+o.ID+"/approve", map[string]any{})
		a.want(404, "order.not_found", "other", "POST", "/orders/"+o.ID+"/reject", map[string]any{"comment": "no"})
		a.want(403, "access.denied", "seller", "POST", "/orders/"+o.ID+"/approve", map[string]any{})
		a.want(404, "order.not_found", "seller", "GET", "/seller/orders/"+o.ID, nil)
		if list := a.want(200, "", "seller", "GET", "/seller/orders", nil); list["total"] != float64(0) {
			t.Error("the seller sees it:", list)
		}
		a.want(409, "order.bad_transition", "buyer", "POST", "/orders/"+o.ID+"/pay", nil)
		if done := a.want(200, "", "boss", "POST", "/orders/"+o.ID+"/approve", map[string]any{"comment": "fine"}); done["state"] != "PENDING_PAYMENT" || done["deadline"] == nil {
			t.Error(done)
		}
		a.want(200, "", "seller", "GET", "/seller/orders/"+o.ID, nil)
	})
}
