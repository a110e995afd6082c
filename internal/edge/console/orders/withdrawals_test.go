package orders_test

import (
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

func TestWithdrawals(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		ask := func(amount, payer, account string) map[string]any {
			return map[string]any{"amount": amount, "payer": payer, "bank": "First Bank", "bankAccount": account}
		}
		// Nobody of this name has paid in yet.
		a.want(422, "invalid", "buyer", "POST", "/withdrawals", ask("10.00", "Buyer One", "6222020001"))
		top := a.want(201, "", "buyer", "POST", "/topups", map[string]any{"amount": "250.50", "payer": "Buyer One"})
		a.want(200, "", "finance", "POST", "/operator/topups/"+top["id"].(string)+"/confirm", map[string]any{"reference": "B-1"})

		for _, bad := range []map[string]any{
			ask("0", "Buyer One", "6222020001"), ask("-1.00", "Buyer One", "6222020001"), ask("1.005", "Buyer One", "6222020001"),
			ask("10.00", "Somebody else", "6222020001"), ask("250.51", "Buyer One", "6222020001"), ask("10.00", "Buyer One", "12-34"), ask("10.00", "Buyer One", "6222;drop"),
		} {
			if got, out := a.call("buyer", "POST", "/withdrawals", bad); got != 422 {
				t.Errorf("%v: %d %v", bad, got, out)
			}
		}
		a.want(403, "access.denied", "viewer", "POST", "/withdrawals", ask("10.00", "Buyer One", "6222020001"))

		w := a.want(201, "", "buyer", "POST", "/withdrawals", ask("200.00", "Buyer One", "6222 0200-01"))
		if again := a.want(201, "", "buyer", "POST", "/withdrawals", ask("200.00", "Buyer One", "6222 0200-01")); again["id"] != w["id"] {
			t.Error("the same key asked twice")
		}
		id := w["id"].(string)
		if w["bankTail"] != "0001" {
			t.Error(w)
		}
		if b := a.want(200, "", "buyer", "GET", "/balance", nil); b["balance"] != "1050.50" {
			t.Error("the amount is not set aside:", b)
		}
		if p := a.want(200, "", "buyer", "GET", "/withdrawals/payers", nil); p["payers"].([]any)[1].(map[string]any)["left"] != "50.50" {
			t.Error(p)
		}

		a.want(403, "access.denied", "support", "POST", "/operator/withdrawals/"+id+"/pay-out", map[string]any{"reference": "T-1"})
		a.want(404, "payment.withdrawal_not_found", "other", "POST", "/withdrawals/"+id+"/cancel", nil)
		if n := a.want(200, "", "finance", "POST", "/operator/withdrawals/"+id+"/reveal", nil); n["bankAccount"] != "6222020001" {
			t.Error(n)
		}
		a.want(422, "invalid", "finance", "POST", "/operator/withdrawals/"+id+"/pay-out", map[string]any{"reference": ""})
		if p := a.want(200, "", "finance", "POST", "/operator/withdrawals/"+id+"/reject", map[string]any{"reason": "wrong bank"}); p["state"] != "rejected" {
			t.Error(p)
		}
		if b := a.want(200, "", "buyer", "GET", "/balance", nil); b["balance"] != "1250.50" {
			t.Error("a rejected withdrawal is not back:", b)
		}
		if p := a.want(409, "payment.withdrawal_decided", "buyer", "POST", "/withdrawals/"+id+"/cancel", nil); p["state"] != "rejected" {
			t.Error(p)
		}
		for path, want := range map[string]float64{"/withdrawals": 1, "/withdrawals?state=requested": 0, "/withdrawals?q=" + w["number"].(string): 1} {
			if l := a.want(200, "", "buyer", "GET", path, nil); l["total"] != want {
				t.Error(path, l["total"])
			}
		}
		if l := a.want(200, "", "other", "GET", "/withdrawals", nil); l["total"] != float64(0) {
			t.Error("another account sees it:", l)
		}
		a.Sound()
	})
}
