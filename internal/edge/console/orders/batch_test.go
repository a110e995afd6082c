package orders_test

import (
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/trade/tradetest"
)

// running makes a service ACTIVE without a seller's server, and gives its id.
func (a *api) running(generation string) string {
	o := a.Buy(generation)
	a.Update(func(tx *db.Tx) error {
		if err := tradetest.Exec(tx, `update orders set state = 'COMPLETED' where id = $1`, o.ID); err != nil {
			return err
		}
		return tradetest.Exec(tx, `update instances set state = 'ACTIVE', started_at = $1, expires_at = $2, due_at = $2, anchor_day = 17 where order_id = $3`,
			tx.Now, tx.Now.AddDate(0, 1, 0), o.ID)
	})
	return a.Instance(o).ID
}

func TestServicesAreRenewedTogether(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		ids := []string{a.running("V1"), a.running("V2")}
		if code, p := a.again("viewer", "POST", "/renewals/lengths", map[string]any{"instances": ids}); code != 200 || p["proposed"] != 1.0 {
			t.Fatal(code, p)
		}
		for who, want := range map[string]int{"other": 404, "viewer": 403, "manager": 403} {
			if code, p := a.again(who, "POST", "/renewals/quotes", map[string]any{"instances": ids, "months": 1}); code != want {
				t.Errorf("%s: %d %v", who, code, p)
			}
		}
		if code, p := a.again("buyer", "POST", "/renewals/quotes", map[string]any{"instances": ids}); code != 422 {
			t.Error("no length:", code, p)
		}
		code, p := a.again("buyer", "POST", "/renewals/quotes", map[string]any{"instances": ids, "months": 2, "unifiedDay": -1})
		if code != 201 || len(p["services"].([]any)) != 2 || p["total"] == "0.00" {
			t.Fatal(code, p)
		}
		quotes := []string{}
		for _, s := range p["services"].([]any) {
			quotes = append(quotes, s.(map[string]any)["quoteId"].(string))
		}
		if code, p := a.again("buyer", "POST", "/renewals/orders", map[string]any{"quotes": quotes}); code != 422 {
			t.Error("without the agreement:", code, p)
		}
		code, p = a.again("buyer", "POST", "/renewals/orders", map[string]any{"quotes": quotes, "agreementAccepted": true, "purchaseNumber": "PO-1"})
		if code != 201 || len(p["orders"].([]any)) != 2 {
			t.Fatal(code, p)
		}
		if code, p := a.again("buyer", "POST", "/renewals/orders", map[string]any{"quotes": quotes, "agreementAccepted": true}); code != 409 || p["code"] != "renewals.changed" {
			t.Error("twice:", code, p)
		}
		if code, _ := a.again("other", "PUT", "/renewals/policy", map[string]any{"instances": ids, "atExpiry": "auto", "days": 7}); code != 404 {
			t.Error("somebody else's policy:", code)
		}
		if code, p := a.again("buyer", "PUT", "/renewals/policy", map[string]any{"instances": ids, "atExpiry": "auto", "days": 7}); code != 204 {
			t.Error(code, p)
		}
		if n := a.Count(`select count(*) from audit_log where action = 'instance.at_expiry' and actor_id = $1`, a.Buyer.UserID); n != len(ids) {
			t.Errorf("%d entries of the audit log", n)
		}
		for filter, want := range map[string]int{"": 2, "?atExpiry=auto": 2, "?within=7": 0, "?within=90": 2, "?state=GRACE": 0, "?state=ACTIVE": 2} {
			if _, p := a.again("buyer", "GET", "/renewals"+filter, nil); p["total"] != float64(want) {
				t.Errorf("%q: %v", filter, p)
			}
		}
		for day, want := range map[int]int{0: 422, 29: 422, -1: 200, 28: 200} {
			if code, p := a.again("buyer", "PUT", "/renewal-settings", map[string]any{"unifiedDay": day}); code != want || want == 200 && p["unifiedDay"] != float64(day) {
				t.Error(day, code, p)
			}
		}
		if _, p := a.again("other", "GET", "/renewal-settings", nil); p["unifiedDay"] != 1.0 || p["level"] != "V3" || p["graceDays"] != 7.0 || p["retentionDays"] != 7.0 {
			t.Error(p)
		}
	})
}

func TestOperatorsGiveCustomerLevels(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		path := "/operator/accounts/" + a.Buyer.AccountID + "/level"
		body := func(level, reason string) map[string]any { return map[string]any{"level": level, "reason": reason} }
		for who, want := range map[string]int{"buyer": 403, "support": 403, "finance": 403} {
			if code, _ := a.again(who, "PUT", path, body("V5", "big customer")); code != want {
				t.Error(who, code)
			}
		}
		for _, bad := range []map[string]any{body("V9", "big customer"), body("V5", "")} {
			if code, p := a.again("manager", "PUT", path, bad); code != 422 {
				t.Error(bad, code, p)
			}
		}
		code, p := a.again("manager", "PUT", path, body("V5", "big customer"))
		if code != 200 || p["given"] != "V5" || p["level"].(map[string]any)["retention"] != 15.0 || len(p["history"].([]any)) != 1 {
			t.Fatal(code, p)
		}
		if code, p := a.again("manager", "PUT", path, body("V5", "once more")); code != 409 {
			t.Error(code, p)
		}
		if code, p := a.again("manager", "PUT", path, body("", "back to the default")); code != 200 || p["given"] != "" || len(p["history"].([]any)) != 2 {
			t.Error(code, p)
		}
		if code, _ := a.again("support", "GET", path, nil); code != 200 {
			t.Error("who sees accounts does not see the level:", code)
		}
		if code, _ := a.again("manager", "PUT", "/operator/accounts/acc_none/level", body("V5", "nobody")); code != 404 {
			t.Error(code)
		}
		if n := a.Count(`select count(*) from audit_log where action = 'account.set_level'`); n != 2 {
			t.Error(n, "entries of the audit log")
		}
	})
}
