package orders

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/fulfillment"
)

// callColumns are those of Service Interface Messages (saas.md §10.1, catalog-and-roles.md
// F1.2) in the order of the file.
var callColumns = []string{"id", "order", "instance", "external", "product", "buyer", "seller", "activity", "generation", "purpose",
	"state", "attempts", "created", "first", "last", "next", "done", "result", "error", "comment"}

// exportCalls serves the calls under the same filters as their list.
func exportCalls(c *console.Console, path string, need access.Permission, mine func(context.Context) string, all bool) {
	c.Handle("GET /api/v1"+path+".csv", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := c.Admit(r, console.Op{Need: need})
		var f fulfillment.Filter
		if err == nil {
			f, err = callsAsked(r, mine(r.Context()), all)
		}
		if err != nil {
			console.Fail(w, r, err)
			return
		}
		writeCalls(w, r, c.DB, f)
	}))
}

func callsAsked(r *http.Request, sellerID string, all bool) (fulfillment.Filter, error) {
	q := r.URL.Query()
	in := callFilter{State: q.Get("state"), Activity: q.Get("activity"), Problem: q.Get("problem") == "true", Q: q.Get("q"),
		SellerID: q.Get("sellerId"), ProductID: q.Get("productId"), Generation: q.Get("generation")}
	var check errs.Check
	for name, into := range map[string]*time.Time{"from": &in.From, "to": &in.To} {
		if text := q.Get(name); text != "" {
			var err error
			if *into, err = time.Parse(time.RFC3339, text); err != nil {
				check.Add(name, "date")
			}
		}
	}
	return in.filter(sellerID, all), check.Err()
}

// exportBatch is how many calls are in memory at once.
const exportBatch = 500

// writeCalls serves the calls as CSV, newest first.
func writeCalls(w http.ResponseWriter, r *http.Request, d *db.DB, f fulfillment.Filter) {
	l, before, over := console.LangFrom(r.Context()), "", false
	file{name: "interface-messages.csv", title: "call.column.", columns: callColumns, next: func(ctx context.Context) (rows [][]string, err error) {
		if over {
			return nil, nil
		}
		list, err := fulfillment.Batch(ctx, d, f, before, exportBatch)
		for _, row := range list {
			rows = append(rows, callCells(l, callOf(l, row)))
			before = row.ID
		}
		over = len(list) < exportBatch
		return rows, err
	}}.serve(w, r)
}

func callCells(l i18n.Lang, v CallView) []string {
	word := func(kind, value string) string {
		if code := "call." + kind + "." + value; i18n.Has(code) {
			return i18n.Message(l, code, nil)
		}
		return value
	}
	problem := ""
	if v.Problem != nil {
		problem = maskContacts(v.Problem.Message)
	}
	return []string{v.ID, v.OrderID, v.InstanceID, v.ExternalID, v.ProductName, v.BuyerName, v.SellerName, v.Activity, v.Generation,
		word("purpose", string(v.Purpose)), word("state", string(v.State)), strconv.Itoa(v.Attempts), v.CreatedAt.Format(time.RFC3339),
		instant(v.FirstAt), instant(v.LastAt), instant(v.NextAt), instant(v.DoneAt), v.ResultCode, problem, v.Comment}
}

func instant(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}

var (
	mailAddress = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)
	mobilePhone = regexp.MustCompile(`\b1[3-9]\d{9}\b`)
)

// maskContacts hides what a seller's answer may have repeated of the buyer.
func maskContacts(text string) string {
	return mobilePhone.ReplaceAllString(mailAddress.ReplaceAllString(text, "******"), "******")
}
