package orders_test

import (
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/trade/tradetest"
)

func TestGivingAServiceBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.shop()
		a.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = 'five_day'`) })
		o := a.Buy("V1")
		path := "/instances/" + a.Instance(o).ID + "/refund"
		if p := a.want(200, "", "buyer", "GET", path, nil); p["possible"] != false || p["blocker"].(map[string]any)["code"] != "refund.not_delivered" {
			t.Error("before the delivery:", p)
		}
		for a.Step() {
		}
		p := a.want(200, "", "buyer", "GET", path, nil)
		if p["possible"] != true || p["amount"] != "100.00" || p["kind"] != "five_day" || p["approval"] != false {
			t.Error(p)
		}
		body := map[string]any{"amount": "100.00", "reason": "wrong product"}
		a.want(404, "instance.not_found", "other", "GET", path, nil)
		a.want(404, "instance.not_found", "other", "POST", path, body)
		a.want(403, "access.denied", "viewer", "POST", path, body)
		a.want(409, "refund.amount_changed", "buyer", "POST", path, map[string]any{"amount": "1.00"})
		r := a.want(201, "", "buyer", "POST", path, body)
		if again := a.want(201, "", "buyer", "POST", path, body); again["id"] != r["id"] || r["state"] != "paid" {
			t.Error("the same key refunded twice:", again)
		}
		for who, want := range map[string]string{"buyer": "/refunds", "seller": "/seller/refunds", "support": "/operator/refunds"} {
			l := a.want(200, "", who, "GET", want, nil)
			if l["total"] != float64(1) || l["items"].([]any)[0].(map[string]any)["amount"] != "100.00" {
				t.Error(who, l)
			}
		}
		if l := a.want(200, "", "other", "GET", "/refunds", nil); l["total"] != float64(0) {
			t.Error("another account sees it:", l)
		}
		if l := a.want(200, "", "rival", "GET", "/seller/refunds", nil); l["total"] != float64(0) {
			t.Error("another seller sees it:", l)
		}
		id := r["id"].(string)
		a.want(403, "access.denied", "support", "POST", "/operator/refunds/"+id+"/approve", nil)
		if p := a.want(409, "refund.decided", "finance", "POST", "/operator/refunds/"+id+"/approve", nil); p["state"] != "paid" {
			t.Error(p)
		}
		a.want(409, "refund.not_delivered", "finance", "POST", "/operator/instances/"+a.Instance(o).ID+"/refund",
			map[string]any{"amount": "100.00", "reason": "once more", "endsService": true})
		if b := a.want(200, "", "buyer", "GET", "/balance", nil); b["balance"] != "1000.00" {
			t.Error(b)
		}
		a.Sound()
	})
}
