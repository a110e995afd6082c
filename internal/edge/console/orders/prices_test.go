package orders_test

import (
	"encoding/json"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/trade/tradetest"
)

// E-4 through the API: asked by anybody, quoted, ordered, and explained on the order to each side.
func TestAPriceIsExplained(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.Customise("V1")
		wish := map[string]any{"planId": a.Plans["V1"], "periods": 3, "quantity": 60}
		const explanation = `[{"amount":"1800","kind":"base","periods":3,"price":"600","quantity":1},` +
			`{"amount":"3000","attribute":"Users","kind":"tier","periods":3,"price":"20","quantity":50,"to":50},` +
			`{"amount":"540","attribute":"Users","from":50,"kind":"tier","periods":3,"price":"18","quantity":10,"to":100}]`
		const chosen = `[{"name":"Edition","value":"Pro"},{"name":"Users","quantity":60,"value":"60"}]`
		shows := func(where string, v any) {
			m, _ := v.(map[string]any)
			e, _ := json.Marshal(m["explanation"])
			c, _ := json.Marshal(m["chosen"])
			if m["amount"] != "5340.00" || m["unitPrice"] != "1780" || m["taxCategory"] != "service" || m["taxAmount"] != "302.26" || string(e) != explanation || string(c) != chosen {
				t.Errorf("%s: %v\n%s\n%s", where, v, e, c)
			}
		}
		shows("preview", a.want(200, "", "", "POST", "/storefront/price", wish))
		quote := a.want(201, "", "buyer", "POST", "/quotes", wish)
		shows("quote", quote["price"])
		a.want(404, "order.quote_not_found", "other", "POST", "/orders", map[string]any{"quoteId": quote["id"], "agreementAccepted": true})
		o := a.want(201, "", "buyer", "POST", "/orders", map[string]any{"quoteId": quote["id"], "agreementAccepted": true})
		for who, path := range map[string]string{"buyer": "/orders/", "seller": "/seller/orders/", "support": "/operator/orders/"} {
			detail := a.want(200, "", who, "GET", path+o["id"].(string), nil)
			shows(who, detail["lines"].([]any)[0])
		}
		a.want(404, "order.not_found", "other", "GET", "/orders/"+o["id"].(string), nil)
		a.want(404, "order.not_found", "rival", "GET", "/seller/orders/"+o["id"].(string), nil)
	})
}

func TestWhatCannotBeHadNamesItsField(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.Customise("V1")
		for _, c := range []struct {
			plan            string
			periods, amount int64
			field, code     string
		}{
			{"V1", 1, 101, "quantity", "range"}, {"V1", 1, -5, "quantity", "range"}, {"V1", 10, 1, "periods", "range"},
			{"V1", -1, 1, "periods", "range"}, {"V2", 1, 2, "quantity", "pricing.no_quantity"},
		} {
			for path, who := range map[string]string{"/storefront/price": "", "/quotes": "buyer"} {
				status, out := a.again(who, "POST", path, map[string]any{"planId": a.Plans[c.plan], "periods": c.periods, "quantity": c.amount})
				fields, _ := out["fields"].([]any)
				if status != 422 || len(fields) != 1 || fields[0].(map[string]any)["field"] != c.field || fields[0].(map[string]any)["code"] != c.code || fields[0].(map[string]any)["message"] == "" {
					t.Errorf("%s %+v: %d %v", path, c, status, out)
				}
			}
		}
		if status, _ := a.again("buyer", "POST", "/quotes", map[string]any{"planId": a.Plans["V1"], "quantity": 1.5}); status != 422 {
			t.Error("half a user:", status)
		}
	})
}

func TestATrialThroughTheAPI(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.Serve(tradetest.Raw(503, "text/plain", "down"))
		plan := a.TrialPlan(14)
		order := func(who string) (int, map[string]any) {
			_, q := a.again(who, "POST", "/quotes", map[string]any{"planId": plan})
			return a.again(who, "POST", "/orders", map[string]any{"quoteId": q["id"], "agreementAccepted": true})
		}
		status, o := order("buyer")
		if status != 201 || o["kind"] != "TRIAL" || o["state"] != "PROCESSING" || o["dueAmount"] != "0.00" || o["periodType"] != "day" || o["periodNumber"] != 14.0 {
			t.Fatal(status, o)
		}
		if status, out := order("buyer"); status != 409 || out["code"] != "trade.trial_once" || out["detail"] == "" {
			t.Error(status, out)
		}
		if _, q := a.again("buyer", "POST", "/quotes", map[string]any{"planId": plan}); q["price"].(map[string]any)["blocker"].(map[string]any)["code"] != "trade.trial_once" {
			t.Error(q)
		}
		if status, _ := a.again("viewer", "POST", "/quotes", map[string]any{"planId": plan}); status != 403 {
			t.Error("without the permission to buy:", status)
		}
		list := a.want(200, "", "buyer", "GET", "/instances", nil)
		if in := list["items"].([]any)[0].(map[string]any); in["trial"] != true {
			t.Error(in)
		}
	})
}
