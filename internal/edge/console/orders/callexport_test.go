package orders_test

import (
	"encoding/csv"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/trade/tradetest"
)

func (a *api) file(who, lang, path string) (int, [][]string) {
	a.T.Helper()
	r := httptest.NewRequest("GET", "http://site.example/api/v1"+path, nil)
	r.Header.Set("Authorization", "Bearer "+who)
	r.Header.Set("Accept-Language", lang)
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	if w.Code != 200 {
		return w.Code, nil
	}
	text, bom := strings.CutPrefix(w.Body.String(), "\uFEFF")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !bom || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
		a.T.Fatal(err, bom, w.Header())
	}
	return w.Code, rows
}

// The file has what the list shows under the same filters, for the same people, and nothing
// in it runs in a spreadsheet.
func TestCallsAreExportedUnderTheirFilters(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update accounts set name = '=HYPERLINK("x")' where id = $1`, a.Buyer.AccountID)
		})
		a.Serve(tradetest.Raw(200, "application/json", `{"resultCode":"000005","resultMsg":"ask 13912345678 or me@example.com"}`))
		v2 := a.Buy("V2")
		a.Step()
		v1 := a.Buy("V1")
		a.Step()

		code, rows := a.file("seller", "en", "/seller/calls.csv")
		if code != 200 || len(rows) != 3 || len(rows[0]) != 20 || rows[0][0] != "Message id" || rows[0][18] != "Problem" {
			t.Fatal(code, rows)
		}
		if rows[1][1] != v1.ID || rows[2][1] != v2.ID || rows[2][5] != `'=HYPERLINK("x")` || rows[2][10] != "Retrying" || rows[2][11] != "1" {
			t.Error(rows)
		}
		if text := rows[2][18]; strings.Contains(text, "139") || strings.Contains(text, "@") || !strings.Contains(text, "ask ****** or ******") {
			t.Error("contacts are not masked:", text)
		}
		if _, rows := a.file("support", "zh", "/operator/calls.csv"); len(rows) != 3 || rows[0][0] != "消息编号" || rows[1][10] != "重试中" {
			t.Error(rows)
		}
		hour := func(n time.Duration) string {
			return url.QueryEscape(time.Now().Add(n * time.Hour).Format(time.RFC3339))
		}
		for filter, want := range map[string]int{
			"":                           2,
			"generation=V2":              1,
			"generation=V3":              0,
			"productId=" + v1.ProductID:  1,
			"productId=prd_none":         0,
			"q=" + v2.ID:                 1,
			"q=hyperlink":                2,
			"state=retrying":             2,
			"state=failed":               0,
			"activity=newInstance":       2,
			"activity=queryInstance":     0,
			"from=" + hour(-1):           2,
			"from=" + hour(1):            0,
			"to=" + hour(-1):             0,
			"to=" + hour(1):              2,
			"problem=true&generation=V1": 1,
			"sellerId=sel_rival":         2, // a seller's own, whatever he asks for
		} {
			list := a.want(200, "", "seller", "GET", "/seller/calls?"+filter, nil)
			_, rows := a.file("seller", "en", "/seller/calls.csv?"+filter)
			if n := len(list["items"].([]any)); n != want || len(rows) != want+1 || list["total"] != float64(want) {
				t.Errorf("%q: %d in the list (%v), %d in the file, want %d", filter, n, list["total"], len(rows)-1, want)
			}
		}
		if _, rows := a.file("support", "en", "/operator/calls.csv?sellerId=sel_rival"); len(rows) != 1 {
			t.Error("the operator's choice of a seller:", rows)
		}
		if _, rows := a.file("rival", "en", "/seller/calls.csv"); len(rows) != 1 {
			t.Error("another seller reads them:", rows)
		}
		for who, want := range map[string]int{"": 401, "buyer": 403, "other": 403, "finance": 403} {
			if code, _ := a.file(who, "en", "/seller/calls.csv"); code != want {
				t.Errorf("%q: %d, want %d", who, code, want)
			}
		}
		if code, _ := a.file("seller", "en", "/operator/calls.csv"); code != 403 {
			t.Error("a seller reads all:", code)
		}
		if code, _ := a.file("seller", "en", "/seller/calls.csv?from=yesterday"); code != 422 {
			t.Error(code)
		}
	})
}

func TestFiguresOfCallsPerDay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.shop()
		a.Buy("V1")
		a.Step()
		a.Serve(tradetest.Raw(503, "text/plain", "down"))
		a.Buy("V1")
		a.Step()
		out := a.want(200, "", "seller", "GET", "/seller/call-figures?days=7", nil)
		days, total := out["days"].([]any), out["total"].(map[string]any)
		if len(days) != 7 || total["calls"] != 2.0 || total["good"] != 1.0 || total["rate"] != 0.5 || total["p95Ms"] == nil {
			t.Error(out)
		}
		if first := days[0].(map[string]any); first["calls"] != 0.0 || first["rate"] != nil || first["p50Ms"] != nil {
			t.Error(first)
		}
		none := func(who, path string) {
			t.Helper()
			if total := a.want(200, "", who, "GET", path, nil)["total"].(map[string]any); total["calls"] != 0.0 {
				t.Error(who, path, total)
			}
		}
		none("rival", "/seller/call-figures")
		none("rival", "/seller/call-figures?sellerId="+a.Seller)
		none("seller", "/seller/call-figures?activity=releaseInstance")
		none("support", "/operator/call-figures?sellerId=sel_rival")
		if total := a.want(200, "", "support", "GET", "/operator/call-figures?days=90", nil)["total"].(map[string]any); total["calls"] != 2.0 {
			t.Error(total)
		}
		a.want(422, "invalid", "seller", "GET", "/seller/call-figures?days=8", nil)
		a.want(403, "access.denied", "seller", "GET", "/operator/call-figures", nil)
		a.want(403, "access.denied", "buyer", "GET", "/seller/call-figures", nil)
		a.want(401, "access.sign_in", "", "GET", "/seller/call-figures", nil)
	})
}
