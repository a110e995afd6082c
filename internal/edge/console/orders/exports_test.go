package orders_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/job"
	"jishi/internal/market/export"
	"jishi/internal/trade/tradetest"
)

// work claims the job of the next export, as a worker would.
func (a *api) work() (j job.Job, ok bool) {
	a.T.Helper()
	a.Update(func(tx *db.Tx) (err error) {
		j, ok, err = db.Maybe[job.Job](context.Background(), tx, `update jobs set state = 'running', attempt = attempt + 1
			where id = (select id from jobs where kind = $1 and state in ('ready', 'running') order by id limit 1)
			returning id, kind, args, unique_key, ref, lane, state, run_at, attempt, lease_until, worker, error, created_at, finished_at`, export.JobKind)
		return err
	})
	return j, ok
}

func (a *api) make() {
	a.T.Helper()
	j, ok := a.work()
	if !ok {
		a.T.Fatal("no export waits")
	}
	if err := a.exports.Run(context.Background(), j); err != nil {
		a.T.Fatal(err)
	}
}

func (a *api) download(who, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "http://site.example/api/v1"+path, nil)
	r.Header.Set("Authorization", "Bearer "+who)
	r.Header.Set("Accept-Language", "en")
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	return w
}

type cell struct {
	At     string `xml:"r,attr"`
	Type   string `xml:"t,attr"`
	Number string `xml:"v"`
	Text   string `xml:"is>t"`
}

// sheet reads a workbook back.
func sheet(t *testing.T, file []byte) (rows [][]cell) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var x struct {
			Rows []struct {
				Cells []cell `xml:"c"`
			} `xml:"sheetData>row"`
		}
		if err := xml.NewDecoder(r).Decode(&x); err != nil {
			t.Fatal(f.Name, err)
		}
		for _, row := range x.Rows {
			rows = append(rows, row.Cells)
		}
	}
	return rows
}

func TestOrdersAreExportedByAJob(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		a.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update accounts set name = $1 where id = $2`, "=1+1 <&> \x01", a.Buyer.AccountID)
		})
		first := a.Buy("V2")
		a.Clock.Set(a.Clock.Now().Add(time.Minute)) // the list is by time
		a.Buy("V1")
		code, e := a.again("seller", "POST", "/seller/orders/exports", map[string]any{})
		if code != 201 || e["state"] != "QUEUED" || e["format"] != "xlsx" {
			t.Fatal(code, e)
		}
		id := e["id"].(string)
		if code, p := a.again("seller", "POST", "/seller/orders/exports", map[string]any{"format": "csv"}); code != 409 || p["code"] != "export.under_way" {
			t.Error("a second one at once:", code, p)
		}
		if w := a.download("seller", "/seller/exports/"+id+"/file"); w.Code != 404 {
			t.Error("before it is ready:", w.Code)
		}
		a.Clock.Set(a.Clock.Now().Add(time.Minute))
		a.Buy("V1") // after it was asked for
		a.make()
		_, list := a.again("seller", "GET", "/seller/exports", nil)
		row := list["items"].([]any)[0].(map[string]any)
		if row["state"] != "READY" || row["rows"] != 2.0 || row["progress"] != 100.0 || row["expiresAt"] == nil {
			t.Error(row)
		}
		w := a.download("seller", "/seller/exports/"+id+"/file")
		if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Disposition"), ".xlsx") || w.Header().Get("Content-Type") == "" {
			t.Fatal(w.Code, w.Header())
		}
		rows := sheet(t, w.Body.Bytes())
		if len(rows) != 3 || rows[0][0].Text != "Order number" || rows[2][0].Text != first.ID {
			t.Fatalf("%+v", rows)
		}
		for _, c := range rows[2] {
			switch {
			case strings.HasPrefix(c.At, "F") && (c.Type != "inlineStr" || c.Text != "=1+1 <&> \uFFFD"): // a text, whatever it looks like
				t.Errorf("customer %+v", c)
			case strings.HasPrefix(c.At, "J") && (c.Type != "" || c.Number != "100.00"):
				t.Errorf("amount %+v", c)
			case strings.HasPrefix(c.At, "M") && c.Text != "Processing":
				t.Errorf("status %+v", c)
			}
		}
		// Filters and CSV.
		_, e = a.again("buyer", "POST", "/orders/exports", map[string]any{"format": "csv", "q": first.ID})
		a.make()
		w = a.download("buyer", "/exports/"+e["id"].(string)+"/file")
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\uFEFF"))).ReadAll()
		if err != nil || len(lines) != 2 || lines[1][0] != first.ID || !strings.HasPrefix(lines[1][5], "'=1+1") {
			t.Error(lines, err)
		}
		if code, p := a.again("buyer", "POST", "/orders/exports", map[string]any{"format": "pdf"}); code != 422 {
			t.Error(code, p)
		}
		// Who may not.
		for who, path := range map[string]string{"other": "/exports/", "rival": "/seller/exports/", "manager": "/operator/exports/", "buyer": "/seller/exports/"} {
			if w := a.download(who, path+id+"/file"); w.Code != 404 {
				t.Errorf("%s reads a seller's file: %d", who, w.Code)
			}
		}
		if w := a.download("viewer", "/exports/"+e["id"].(string)+"/file"); w.Code != 200 {
			t.Error("somebody of the same account who reads orders:", w.Code)
		}
		for who, path := range map[string]string{"buyer": "/seller/orders/exports", "seller": "/operator/orders/exports", "reviewer": "/operator/orders/exports", "finance": "/operator/calls/exports"} {
			if code, p := a.again(who, "POST", path, map[string]any{}); code != 403 {
				t.Errorf("%s exports %s: %d %v", who, path, code, p)
			}
		}
		a.again("manager", "POST", "/operator/orders/exports", map[string]any{})
		a.again("manager", "POST", "/operator/calls/exports", map[string]any{})
		a.make()
		a.make()
		if _, list := a.again("reviewer", "GET", "/operator/exports", nil); len(list["items"].([]any)) != 1 {
			t.Error("a reviewer of products sees the orders' file:", list)
		}
		if _, list := a.again("manager", "GET", "/operator/exports", nil); len(list["items"].([]any)) != 2 {
			t.Error(list)
		}
		// Three days later.
		a.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update exports set expires_at = 1 where id = $1`, id)
		})
		if w := a.download("seller", "/seller/exports/"+id+"/file"); w.Code != 404 {
			t.Error("after its time:", w.Code)
		}
		if err := a.exports.Purge(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := a.Count(`select count(*) from exports where state = 'EXPIRED'`); n != 1 {
			t.Error(n, "expired")
		}
		if _, _, err := a.exports.Blob.Get(context.Background(), "exports/"+id+".xlsx"); errs.KindOf(err) != errs.NotFound {
			t.Error("the file is still there:", err)
		}
	})
}

// However many ask at once, one export of a list is under way; a worker that lost its lease
// changes nothing any more; what fails for good says so.
func TestExportsAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a := open(t, d)
		var wg sync.WaitGroup
		codes := make(chan int, 8)
		for range 8 {
			wg.Go(func() {
				code, _ := a.again("buyer", "POST", "/orders/exports", map[string]any{})
				codes <- code
			})
		}
		wg.Wait()
		close(codes)
		seen := map[int]int{}
		for c := range codes {
			seen[c]++
		}
		if seen[201] != 1 || seen[409] != 7 {
			t.Fatal(seen)
		}
		again := false
		a.exports.Sources = []export.Source{{List: "buyer.orders", Columns: []export.Column{{Title: "order.column.number"}},
			Count: func(context.Context, db.Querier, export.Export, int) (int, error) { return 4500, nil },
			Batch: func(_ context.Context, _ db.Querier, e export.Export, after string) (rows [][]string, next string, err error) {
				if !again { // the first worker hangs here; its lease ends, and another one makes the file
					again = true
					a.make()
				}
				for i := range 1500 {
					rows = append(rows, []string{fmt.Sprintf("%s-%d", after, i)})
				}
				if len(after) < 2 {
					next = after + "x"
				}
				return rows, next, nil
			}}}
		j, _ := a.work()
		if err := a.exports.Run(ctx, j); !errors.Is(err, job.ErrLate) {
			t.Error("the first worker ended with", err)
		}
		e, err := db.One[export.Export](ctx, d, `select id, state, attempt, row_count, total, format, expires_at from exports`)
		if err != nil || e.State != export.Ready || e.Rows != 4500 || e.Attempt != 2 {
			t.Errorf("%+v, %v", e, err)
		}
		body, err := a.exports.Open(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		body.Close()
		// Capped, and given up.
		a.exports.Sources[0].Count = func(context.Context, db.Querier, export.Export, int) (int, error) { return export.MaxRows + 1, nil }
		a.again("buyer", "POST", "/orders/exports", map[string]any{})
		a.make()
		if n := a.Count(`select count(*) from exports where capped and state = 'READY'`); n != 1 {
			t.Error("an export that has not all rows does not say so")
		}
		a.exports.Sources[0].Batch = func(context.Context, db.Querier, export.Export, string) ([][]string, string, error) {
			return nil, "", errors.New("broken")
		}
		a.again("buyer", "POST", "/orders/exports", map[string]any{})
		j, _ = a.work()
		if err := a.exports.Run(ctx, j); err == nil {
			t.Error("a broken list made a file")
		}
		kind := a.exports.Jobs()[0]
		a.Update(func(tx *db.Tx) error { return kind.Dead(ctx, tx, j) })
		if n := a.Count(`select count(*) from exports where state = 'FAILED'`); n != 1 {
			t.Error(n, "failed")
		}
		if code, _ := a.again("buyer", "POST", "/orders/exports", map[string]any{}); code != 201 {
			t.Error("after a failed one:", code)
		}
	})
}
