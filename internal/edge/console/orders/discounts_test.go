package orders_test

import (
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/trade/tradetest"
)

// fieldsOf are the paths and codes of a refused form.
func fieldsOf(problem map[string]any) string {
	var out []string
	list, _ := problem["fields"].([]any)
	for _, x := range list {
		f := x.(map[string]any)
		out = append(out, f["field"].(string)+" "+f["code"].(string))
	}
	return strings.Join(out, ", ")
}

func TestPromotionsByTheAPI(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.Serve(tradetest.Raw(500, "text/html", "<html>"))
		plans := a.want(200, "", "seller", "GET", "/seller/discount-plans", nil)["plans"].([]any)
		if len(plans) != 2 {
			t.Fatal(plans)
		}
		var product, plan string
		for _, x := range plans {
			if p := x.(map[string]any); p["planId"] == a.Plans["V1"] {
				product, plan = p["productId"].(string), a.Plans["V1"]
			}
		}
		end := a.Clock.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
		body := func(name string, line map[string]any) map[string]any {
			return map[string]any{"name": name, "public": true, "scenes": []string{"new"}, "endsAt": end, "totalLimit": 1, "lines": []any{line}}
		}
		ratio := map[string]any{"productId": product, "form": "ratio", "value": "0.9"}

		a.want(401, "access.sign_in", "", "POST", "/seller/promotions", body("x", ratio))
		a.want(403, "access.denied", "buyer", "POST", "/seller/promotions", body("x", ratio))
		// An account with the permission that sells nothing gives none in the name of the marketplace.
		a.want(403, "access.no_seller", "other", "POST", "/seller/promotions", body("x", map[string]any{"form": "ratio", "value": "0.1"}))
		a.want(403, "access.denied", "support", "POST", "/operator/promotions", body("x", ratio))
		refused := a.want(422, "invalid", "rival", "POST", "/seller/promotions", body("x", ratio))
		if fieldsOf(refused) != "lines[0].productId discount.not_own" {
			t.Error(refused)
		}
		_, wrong := a.again("seller", "POST", "/seller/promotions", map[string]any{"name": "", "endsAt": end, "public": true, "scenes": []string{}, "totalLimit": -5,
			"lines": []any{map[string]any{"productId": product, "form": "ratio", "value": "1.5"}}})
		if got := fieldsOf(wrong); got != "name required, scenes required, totalLimit range, lines[0].value discount.ratio_range" {
			t.Error(got)
		}
		_, wrong = a.again("seller", "POST", "/seller/promotions", body("x", map[string]any{"productId": product, "planId": plan, "form": "reduction", "value": "1.005"}))
		if got := fieldsOf(wrong); got != "lines[0].value discount.amount_range" {
			t.Error(got)
		}

		made := a.want(201, "", "seller", "POST", "/seller/promotions", body("Autumn", ratio))
		again := a.want(201, "", "seller", "POST", "/seller/promotions", body("Autumn", ratio))
		if made["id"] != again["id"] || made["state"] != "EFFECTIVE" {
			t.Error(made, again)
		}
		id := made["id"].(string)
		a.want(404, "discount.not_found", "rival", "GET", "/seller/promotions/"+id, nil)
		a.want(404, "discount.not_found", "rival", "POST", "/seller/promotions/"+id+"/stop", map[string]any{})
		a.want(404, "discount.not_found", "seller", "GET", "/seller/offers/"+id, nil)

		// Visitors see it struck; the buyer's order takes its only place.
		price := a.want(200, "", "", "POST", "/storefront/price", map[string]any{"planId": plan, "periods": 2})
		if price["listAmount"] != "200.00" || price["amount"] != "180.00" || price["discount"].(map[string]any)["saves"] != "20.00" {
			t.Error(price)
		}
		_, unknown := a.again("buyer", "POST", "/quotes", map[string]any{"planId": plan, "discount": "dis_none"})
		if fieldsOf(unknown) != "discount discount.not_available" {
			t.Error(unknown)
		}
		_, none := a.again("buyer", "POST", "/quotes", map[string]any{"planId": plan, "discount": "none"})
		if none["price"].(map[string]any)["amount"] != "100.00" {
			t.Error(none)
		}
		_, quote := a.again("buyer", "POST", "/quotes", map[string]any{"planId": plan})
		_, late := a.again("buyer", "POST", "/quotes", map[string]any{"planId": plan})
		_, placed := a.again("buyer", "POST", "/orders", map[string]any{"quoteId": quote["id"], "agreementAccepted": true})
		if placed["dueAmount"] != "90.00" || placed["listAmount"] != "100.00" {
			t.Fatal(placed)
		}
		if status, out := a.again("buyer", "POST", "/orders", map[string]any{"quoteId": late["id"], "agreementAccepted": true}); status != 409 || out["code"] != "discount.exhausted" {
			t.Error(status, out)
		}
		detail := a.want(200, "", "buyer", "GET", "/orders/"+placed["id"].(string), nil)
		given := detail["lines"].([]any)[0].(map[string]any)["discount"].(map[string]any)
		if given["name"] != "Autumn" || given["wireType"] != float64(0) || given["saves"] != "10.00" {
			t.Error(given)
		}
		shown := a.want(200, "", "seller", "GET", "/seller/promotions/"+id, nil)
		if r := shown["results"].(map[string]any); r["orders"] != float64(1) || r["paid"] != float64(0) {
			t.Error(r)
		}
		a.want(403, "access.denied", "support", "GET", "/operator/promotions", nil)
		if list := a.want(200, "", "manager", "GET", "/operator/promotions?state=EFFECTIVE", nil); list["total"] != float64(1) {
			t.Error(list)
		}
		a.want(422, "invalid", "manager", "POST", "/operator/promotions/"+id+"/stop", map[string]any{})
		if status, out := a.again("manager", "POST", "/operator/promotions/"+id+"/stop", map[string]any{"reason": "by mistake"}); status != 200 || out["state"] != "STOPPED" {
			t.Error(status, out)
		}
		a.want(409, "discount.bad_transition", "seller", "POST", "/seller/promotions/"+id+"/stop", map[string]any{})
	})
}

func TestOffersByTheAPI(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		product, err := db.One[string](t.Context(), d, `select product_id from price_plans where id = $1`, a.Plans["V1"])
		if err != nil {
			t.Fatal(err)
		}
		a.want(403, "access.denied", "support", "PUT", "/operator/discount-bounds/"+product, map[string]any{"authorised": "0.9", "floor": "0.5"})
		a.want(403, "access.denied", "seller", "PUT", "/operator/discount-bounds/"+product, map[string]any{"authorised": "0.1", "floor": "0"})
		a.want(404, "catalog.product_not_found", "manager", "PUT", "/operator/discount-bounds/prd_x", map[string]any{"authorised": "0.9", "floor": "0.5"})
		a.want(200, "", "manager", "PUT", "/operator/discount-bounds/"+product, map[string]any{"authorised": "0.9", "floor": "0.5"})
		end := a.Clock.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
		body := func(name, value string) map[string]any {
			return map[string]any{"name": name, "endsAt": end, "configured": true, "accounts": []string{a.Buyer.AccountID},
				"lines": []any{map[string]any{"productId": product, "planId": a.Plans["V1"], "form": "fixed", "value": value, "periods": 3}}}
		}
		a.want(403, "access.denied", "buyer", "POST", "/seller/offers", body("x", "250"))
		_, low := a.again("seller", "POST", "/seller/offers", body("x", "149.99"))
		if fieldsOf(low) != "lines[0].value discount.below_floor" {
			t.Error(low)
		}
		_, made := a.again("seller", "POST", "/seller/offers", body("Three months", "200"))
		id, link := made["id"].(string), made["link"].(string)
		if made["state"] != "REVIEWING" {
			t.Fatal(made)
		}
		a.want(404, "discount.not_found", "buyer", "GET", link, nil) // until it is approved
		a.want(403, "access.denied", "support", "POST", "/operator/offers/"+id+"/decision", map[string]any{"approved": true})
		a.want(403, "access.denied", "seller", "POST", "/operator/offers/"+id+"/decision", map[string]any{"approved": true})
		a.want(404, "discount.not_found", "rival", "POST", "/seller/offers/"+id+"/withdraw", nil)
		a.want(200, "", "manager", "POST", "/operator/offers/"+id+"/decision", map[string]any{"approved": true})
		a.want(409, "discount.bad_transition", "seller", "POST", "/seller/offers/"+id+"/withdraw", nil)

		a.want(401, "access.sign_in", "", "GET", link, nil)
		a.want(404, "discount.not_found", "other", "GET", link, nil)
		page := a.want(200, "", "buyer", "GET", link, nil)
		plans := page["plans"].([]any)
		if page["open"] != true || len(plans) != 1 || plans[0].(map[string]any)["amount"] != "200.00" {
			t.Fatal(page)
		}
		if mine := a.want(200, "", "buyer", "GET", "/offers", nil)["offers"].([]any); len(mine) != 1 {
			t.Error(mine)
		}
		if others := a.want(200, "", "other", "GET", "/offers", nil)["offers"].([]any); len(others) != 0 {
			t.Error(others)
		}
		token := strings.TrimPrefix(link, "/offers/")
		wish := map[string]any{"planId": a.Plans["V1"], "periods": 3, "link": token, "discount": id}
		_, denied := a.again("other", "POST", "/quotes", wish)
		if fieldsOf(denied) != "discount discount.not_available" {
			t.Error(denied)
		}
		if _, q := a.again("buyer", "POST", "/quotes", wish); q["price"].(map[string]any)["amount"] != "200.00" {
			t.Error(q)
		}
		a.want(404, "discount.not_found", "", "GET", "/storefront/promotions/"+token, nil)
	})
}
