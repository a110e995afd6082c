package orders_test

import (
	"context"
	"encoding/csv"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/market/ledger"
)

// sheet fetches a CSV.
func (a *api) sheet(who, path string) [][]string {
	a.T.Helper()
	r := httptest.NewRequest("GET", "http://site.example/api/v1"+path, nil)
	r.Header.Set("Authorization", "Bearer "+who)
	r.Header.Set("Accept-Language", "en")
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	if w.Code != 200 {
		a.T.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\uFEFF"))).ReadAll()
	if err != nil {
		a.T.Fatal(err)
	}
	return rows
}

func items(out map[string]any) []map[string]any {
	var list []map[string]any
	some, _ := out["items"].([]any)
	for _, v := range some {
		list = append(list, v.(map[string]any))
	}
	return list
}

func TestTheBookIsExplored(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.shop()
		o := a.Buy("V1")
		a.Step()
		held := a.Buy("V1")
		mine := "buyer:" + a.Buyer.AccountID + ":balance"

		for _, path := range []string{"", "/accounts", "/accounts/" + mine, "/accounts/" + mine + "/entries", "/accounts/" + mine + "/statement", "/journals", ".csv", "/accounts.csv", "/accounts/" + mine + "/statement.csv"} {
			for who, status := range map[string]int{"buyer": 403, "seller": 403, "support": 403, "": 401} {
				a.want(status, "", who, "GET", "/operator/ledger"+path, nil)
			}
		}
		trial := a.want(200, "", "finance", "GET", "/operator/ledger", nil)
		if rows := trial["rows"].([]any); len(rows) != 5 {
			t.Errorf("trial balance %v", rows)
		}
		if long := a.want(200, "", "finance", "GET", "/operator/ledger?at=2001-01-01T00:00:00Z", nil); len(long["rows"].([]any)) != 0 {
			t.Errorf("before the first entry: %v", long)
		}
		list := items(a.want(200, "", "finance", "GET", "/operator/ledger/accounts", nil))
		if len(list) != 6 || list[0]["account"] != "bank" {
			t.Errorf("accounts %v", list)
		}
		list = items(a.want(200, "", "finance", "GET", "/operator/ledger/accounts?purpose=held&open=true", nil))
		if len(list) != 1 || list[0]["balance"] != "100.00" || list[0]["party"].(map[string]any)["id"] != held.ID {
			t.Errorf("what is held %v", list)
		}
		for q, n := range map[string]int{held.ID: 1, "bank": 1, "no such thing": 0, mine: 1, a.Seller: 1} {
			if list = items(a.want(200, "", "finance", "GET", "/operator/ledger/accounts?q="+url.QueryEscape(q), nil)); len(list) != n {
				t.Errorf("%s finds %v", q, list)
			}
		}
		one := a.want(200, "", "finance", "GET", "/operator/ledger/accounts/"+mine, nil)
		if one["balance"] != "800.00" || one["purpose"] != "buyer:balance" {
			t.Errorf("account %v", one)
		}
		a.want(404, "ledger.account_not_found", "finance", "GET", "/operator/ledger/accounts/buyer:acc_x:balance", nil)
		a.want(404, "ledger.account_not_found", "finance", "GET", "/operator/ledger/accounts/buyer:acc_x:balance/entries", nil)
		a.want(404, "ledger.account_not_found", "finance", "GET", "/operator/ledger/accounts/buyer:acc_x:balance/statement", nil)
		a.want(404, "ledger.account_not_found", "finance", "GET", "/operator/ledger/accounts/buyer:acc_x:balance/statement.csv", nil)
		a.want(404, "ledger.journal_not_found", "finance", "GET", "/operator/ledger/journals/jrn_x", nil)
		entries := items(a.want(200, "", "finance", "GET", "/operator/ledger/accounts/"+mine+"/entries?limit=2", nil))
		if len(entries) != 2 || entries[0]["balance"] != "800.00" || entries[1]["balance"] != "900.00" || entries[0]["causeKind"] != "order" {
			t.Errorf("entries %v", entries)
		}
		journals := items(a.want(200, "", "finance", "GET", "/operator/ledger/journals?cause="+o.ID, nil))
		if len(journals) != 2 || journals[0]["kind"] != "capture" || journals[0]["amount"] != "100.00" {
			t.Errorf("journals of the order %v", journals)
		}
		j := a.want(200, "", "finance", "GET", "/operator/ledger/journals/"+journals[0]["id"].(string), nil)
		if len(j["entries"].([]any)) != 3 || len(j["accounts"].([]any)) != 3 || j["cause"] != o.ID {
			t.Errorf("journal %v", j)
		}
		if rows := a.sheet("finance", "/operator/ledger.csv"); len(rows) != 6 || rows[1][0] != "bank" {
			t.Errorf("trial balance as a file %v", rows)
		}
		if rows := a.sheet("finance", "/operator/ledger/accounts.csv?purpose=payable"); len(rows) != 2 || rows[1][3] != "95.00" {
			t.Errorf("accounts as a file %v", rows)
		}
	})
}

func TestStatementsOfBuyersAndSellers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.shop()
		a.Buy("V1")
		a.Step()
		for _, path := range []string{"/seller/payable/statement", "/seller/payable/transactions", "/seller/payable/statement.csv"} {
			a.want(403, "", "viewer", "GET", path, nil)
			a.want(401, "", "", "GET", path, nil)
		}
		a.want(403, "", "viewer", "GET", "/balance/statement", nil)
		a.want(403, "", "seller", "GET", "/balance/statement.csv", nil)
		for who, want := range map[string]string{"buyer": "900.00", "other": "0.00"} {
			if s := a.want(200, "", who, "GET", "/balance/statement", nil); s["closing"] != want || s["opening"] != "0.00" {
				t.Errorf("%s: %v", who, s)
			}
		}
		for who, want := range map[string]string{"seller": "95.00", "rival": "0.00"} {
			if s := a.want(200, "", who, "GET", "/seller/payable/statement", nil); s["closing"] != want {
				t.Errorf("%s: %v", who, s)
			}
		}
		if list := items(a.want(200, "", "rival", "GET", "/seller/payable/transactions", nil)); len(list) != 0 {
			t.Errorf("a rival sees %v", list)
		}
		next := d.Now().AddDate(0, 2, 0).Format("2006-01")
		if s := a.want(200, "", "buyer", "GET", "/balance/statement?month="+next, nil); s["opening"] != "900.00" || s["in"] != "0.00" || s["closing"] != "900.00" {
			t.Errorf("a later month: %v", s)
		}
		a.want(422, "invalid", "buyer", "GET", "/balance/statement?month=May", nil)
		a.want(422, "invalid", "buyer", "GET", "/balance/statement?from=2026-03-01T00:00:00Z&to=2026-02-01T00:00:00Z", nil)
		a.want(422, "invalid", "buyer", "GET", "/balance/statement.csv?month=May", nil)
		rows := a.sheet("buyer", "/balance/statement.csv")
		if len(rows) != 5 || rows[1][1] != "Opening balance" || rows[2][3] != "1000.00" || rows[3][4] != "100.00" || rows[4][5] != "900.00" {
			t.Errorf("statement as a file %v", rows)
		}
		b, err := ledger.BalanceAt(context.Background(), d, ledger.BuyerBalance(a.Buyer.AccountID), time.Time{})
		if err != nil || b.String() != rows[4][5] {
			t.Error(b, err)
		}
	})
}
