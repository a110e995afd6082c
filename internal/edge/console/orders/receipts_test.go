package orders_test

import (
	"context"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

func TestReceipts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.want(403, "access.denied", "viewer", "POST", "/balance/receiving", nil)
		code := a.want(200, "", "buyer", "POST", "/balance/receiving", nil)["code"].(string)
		if again := a.want(200, "", "buyer", "POST", "/balance/receiving", nil); again["code"] != code {
			t.Error("another code:", again)
		}
		if other := a.want(200, "", "other", "POST", "/balance/receiving", nil); other["code"] == code {
			t.Error("two accounts have one code")
		}
		columns := map[string]any{"date": "date", "amount": "amount", "payer": "payer", "reference": "ref", "remark": "remark"}
		file := map[string]any{"name": "a.csv", "columns": columns, "text": "date,amount,payer,ref,remark\n2026-01-05,5.00,Buyer One,R-1," + code + "\n2026-01-05,6.00,Uncle,R-2,\nx,1.00,Uncle,R-3,\n"}
		for who, status := range map[string]int{"support": 403, "buyer": 403, "finance": 200} {
			out := a.want(status, "", who, "POST", "/operator/receipts/import", file)
			if who == "finance" && (out["taken"] != float64(2) || out["credited"] != float64(1) || len(out["faults"].([]any)) != 1) {
				t.Error(out)
			}
		}
		a.want(422, "invalid", "finance", "POST", "/operator/receipts/import", map[string]any{"name": "a.csv", "columns": columns, "text": "nothing"})
		list := a.want(200, "", "finance", "GET", "/operator/receipts?state=unmatched", nil)
		if list["total"] != float64(1) {
			t.Fatal(list)
		}
		at := "/operator/receipts/" + list["items"].([]any)[0].(map[string]any)["id"].(string)
		give := map[string]any{"accountId": a.Other.AccountID, "reason": "told by phone"}
		a.want(403, "access.denied", "support", "POST", at+"/credit", give)
		a.want(409, "payment.third_party", "finance", "POST", at+"/credit", give)
		give["agreement"] = true
		if got := a.want(200, "", "finance", "POST", at+"/credit", give); got["state"] != "credited" || got["thirdParty"] != true {
			t.Error(got)
		}
		if _, out := a.again("finance", "POST", at+"/return", map[string]any{"reference": "X1", "reason": "no"}); out["code"] != "payment.receipt_decided" {
			t.Error(out)
		}
		enter := map[string]any{"bankReference": "R-9", "bookedOn": "2026-01-06", "amount": "7.00", "payer": "Uncle"}
		a.want(201, "", "finance", "POST", "/operator/receipts", enter)
		if got, out := a.again("finance", "POST", "/operator/receipts", enter); got != 409 || out["code"] != "payment.receipt_known" {
			t.Error(got, out)
		}
		if got, out := a.again("finance", "POST", "/operator/receipts", map[string]any{"bankReference": "R-10", "bookedOn": "today", "amount": "7.00", "payer": "Uncle"}); got != 422 {
			t.Error(got, out)
		}
		if b := a.want(200, "", "other", "GET", "/balance", nil); b["balance"] != "6.00" {
			t.Error(b)
		}
		a.Sound()
	})
}

func TestAdjusting(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		o := a.Place("V1", 1)
		at, body := "/operator/orders/"+o.ID+"/adjust", map[string]any{"total": "90.00", "reason": "as agreed"}
		a.want(403, "access.denied", "support", "POST", at, body)
		a.want(403, "access.denied", "buyer", "POST", at, body)
		a.want(409, "order.adjust_off", "finance", "POST", at, body)
		site, version, err := a.Trade.Settings.SiteVersion(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		site.Payments.AdjustPrices = true
		a.Update(func(tx *db.Tx) error { return a.Trade.Settings.SaveSite(context.Background(), tx, version, site) })
		got := a.want(200, "", "finance", "POST", at, body)
		if got["state"] != "PENDING_CONFIRM" || got["dueAmount"] != "90.00" || len(got["adjustments"].([]any)) != 1 {
			t.Error(got)
		}
		answer := map[string]any{"accepted": true}
		a.want(404, "order.not_found", "other", "POST", "/orders/"+o.ID+"/confirm-price", answer)
		a.want(403, "access.denied", "viewer", "POST", "/orders/"+o.ID+"/confirm-price", answer)
		a.want(404, "order.not_found", "seller", "GET", "/seller/orders/"+o.ID, nil)
		if got := a.want(200, "", "buyer", "POST", "/orders/"+o.ID+"/confirm-price", answer); got["state"] != "PENDING_PAYMENT" {
			t.Error(got)
		}
		if seen := a.want(200, "", "buyer", "GET", "/orders/"+o.ID, nil)["adjustments"].([]any)[0].(map[string]any); seen["type"] != float64(609) || seen["reason"] != "as agreed" {
			t.Error(seen)
		}
	})
}
