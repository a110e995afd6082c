package orders_test

import (
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/market/pricing"
)

func TestChangingAServiceThroughTheAPI(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.shop()
		unit := pricing.Tier{}
		if err := unit.Price.UnmarshalText([]byte("2")); err != nil {
			t.Fatal(err)
		}
		sku := a.Changeable("V1", &pricing.Rate{Mode: pricing.Linear, Tiers: []pricing.Tier{unit}}, nil)
		o := a.Buy("V1")
		for a.Step() {
		}
		a.Clock.Set(a.Clock.Now().Add(30 * time.Hour))
		path := "/instances/" + a.Instance(o).ID + "/changes"
		list := a.want(200, "", "buyer", "GET", path, nil)
		if list["running"].(map[string]any)["possible"] != true || list["renewal"].(map[string]any)["possible"] != false || len(list["targets"].([]any)) != 3 ||
			list["quantity"].(map[string]any)["present"] != 10.0 {
			t.Error(list)
		}
		body := map[string]any{"target": sku["pro"], "quantity": 20}
		a.want(404, "instance.not_found", "other", "GET", path, nil)
		a.want(404, "instance.not_found", "other", "POST", path, body)
		a.want(404, "instance.not_found", "other", "POST", path+"/price", body)
		a.want(403, "access.denied", "viewer", "POST", path, body)
		for field, bad := range map[string]map[string]any{
			"quantity": {"quantity": -3}, "target": {"target": "nothing"},
		} {
			p := a.want(422, "invalid", "buyer", "POST", path, bad)
			if f := p["fields"].([]any)[0].(map[string]any); f["field"] != field || f["message"] == "" {
				t.Error(p)
			}
		}
		if status, _ := a.again("buyer", "POST", path, map[string]any{"quantity": 1.5}); status != 422 {
			t.Error("half a user:", status)
		}
		preview := a.want(200, "", "buyer", "POST", path+"/price", body)
		q := a.want(201, "", "buyer", "POST", path, body)
		price := q["price"].(map[string]any)
		if price["amount"] != preview["amount"] || price["change"].(map[string]any)["per"] != "month" || price["blocker"] != nil {
			t.Error(q)
		}
		kinds := ""
		for _, x := range price["explanation"].([]any) {
			kinds += x.(map[string]any)["kind"].(string) + " "
		}
		if kinds != "change_new change_old cut " {
			t.Error(kinds)
		}
		c := a.want(201, "", "buyer", "POST", "/orders", map[string]any{"quoteId": q["id"], "agreementAccepted": true})
		if c["kind"] != "CHANGE" || c["dueAmount"] != price["amount"] {
			t.Error(c)
		}
		_, second := a.again("buyer", "POST", path, map[string]any{"target": sku["max"]})
		if _, refused := a.again("buyer", "POST", "/orders", map[string]any{"quoteId": second["id"], "agreementAccepted": true}); refused["code"] != "instance.pending_order" {
			t.Error(refused)
		}
		a.want(200, "", "buyer", "POST", "/orders/"+c["id"].(string)+"/pay", nil)
		for a.Step() {
		}
		for who, at := range map[string]string{"buyer": "/orders/", "seller": "/seller/orders/", "support": "/operator/orders/"} {
			got := a.want(200, "", who, "GET", at+c["id"].(string), nil)
			l := got["lines"].([]any)[0].(map[string]any)
			if got["state"] != "COMPLETED" || l["skuCode"] != sku["pro"] || l["change"].(map[string]any)["skuCode"] != sku["basic"] || l["instanceId"] != a.Instance(o).ID {
				t.Error(who, got)
			}
		}
		in := a.want(200, "", "buyer", "GET", "/instances/"+a.Instance(o).ID, nil)
		if in["skuCode"] != nil && in["skuCode"] != sku["pro"] || in["state"] != "ACTIVE" {
			t.Error(in)
		}
		a.Sound()
	})
}
