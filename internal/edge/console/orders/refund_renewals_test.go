package orders_test

import (
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

func TestGivingARenewalBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.shop()
		o := a.Buy("V1")
		for a.Step() {
		}
		in := a.Instance(o).ID
		path := "/instances/" + in + "/renewal-refund"
		body := map[string]any{"amount": "100.00", "reason": "too early"}
		if p := a.want(200, "", "buyer", "GET", path, nil); p["possible"] != false || p["blocker"].(map[string]any)["code"] != "refund.no_renewal" || p["amount"] != "0.00" {
			t.Error("without a renewal:", p)
		}
		a.want(409, "refund.no_renewal", "buyer", "POST", path, body)

		q := a.want(201, "", "buyer", "POST", "/quotes", map[string]any{"instanceId": in, "periods": 1})
		r := a.want(201, "", "buyer", "POST", "/orders", map[string]any{"quoteId": q["id"], "agreementAccepted": true})
		renewal := r["id"].(string)
		a.want(200, "", "buyer", "POST", "/orders/"+renewal+"/pay", map[string]any{})
		expiry := a.Instance(o).ExpiresAt
		if p := a.want(200, "", "buyer", "GET", path, nil); p["possible"] != true || p["amount"] != "100.00" || p["orderId"] != renewal || p["approval"] != false {
			t.Error("the preview:", p)
		}
		for who, code := range map[string]string{"viewer": "access.denied", "boss": "access.denied", "finance": "", "": ""} {
			want := 403
			if who == "" {
				want = 401
			}
			a.want(want, code, who, "GET", path, nil)
			a.want(want, code, who, "POST", path, body)
		}
		for _, who := range []string{"other"} { // of another account, with all permissions
			a.want(404, "instance.not_found", who, "GET", path, nil)
			a.want(404, "instance.not_found", who, "POST", path, body)
		}
		if status, p := a.send("buyer", "", "POST", path, body); status != 422 || p["code"] != "idempotency.missing" {
			t.Error("without a key:", status, p)
		}
		for amount, code := range map[string]string{"1.00": "refund.amount_changed", "100.01": "refund.amount_changed"} {
			if status, p := a.again("buyer", "POST", path, map[string]any{"amount": amount}); status != 409 || p["code"] != code {
				t.Error(amount, status, p)
			}
		}
		if status, p := a.again("buyer", "POST", path, map[string]any{"amount": "100.001"}); status != 422 {
			t.Error("more decimals than the currency has:", status, p)
		}
		first := a.Count(`select count(*) from refunds`)
		status, done := a.send("buyer", "key-1", "POST", path, body)
		if status != 201 || done["state"] != "paid" || done["amount"] != "100.00" || done["kind"] != "renewal" {
			t.Fatal(status, done)
		}
		if status, again := a.send("buyer", "key-1", "POST", path, body); status != 201 || again["id"] != done["id"] {
			t.Error("the same request again:", status, again)
		}
		if status, p := a.send("buyer", "key-1", "POST", path, map[string]any{"amount": "99.00"}); status != 409 || p["code"] != "idempotency.mismatch" {
			t.Error("the same key for something else:", status, p)
		}
		if status, p := a.again("buyer", "POST", path, body); status != 409 || p["code"] != "refund.no_renewal" {
			t.Error("a second time:", status, p)
		}
		if n := a.Count(`select count(*) from refunds`); n != first+1 {
			t.Errorf("%d refunds, want one more than %d", n, first)
		}
		if got := a.Instance(o).ExpiresAt; !got.Before(expiry) {
			t.Errorf("expires %s, as before", got)
		}
		if b := a.want(200, "", "buyer", "GET", "/balance", nil); b["balance"] != "900.00" {
			t.Error(b)
		}
		if j := items(a.want(200, "", "finance", "GET", "/operator/ledger/journals?cause="+renewal, nil)); len(j) != 3 || j[0]["kind"] != "refund_delivered" {
			t.Error("the journals of the renewal:", j)
		}
		a.Sound()
	})
}
