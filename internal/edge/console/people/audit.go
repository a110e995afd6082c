package people

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"jishi/internal/base/audit"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
)

type auditEntry struct {
	audit.Row
}

type auditInput struct {
	console.ListInput
	AccountID string `query:"accountId" required:"false"`
	Object    string `query:"object" required:"false" doc:"Kind of object: seller, order …"`
	ObjectID  string `query:"objectId" required:"false"`
	Action    string `query:"action" required:"false" doc:"An action, or a prefix that ends with a dot"`
	ActorID   string `query:"actorId" required:"false"`
	From      string `query:"createdFrom" required:"false" doc:"RFC 3339, or a date of the site's zone"`
	To        string `query:"createdTo" required:"false" doc:"Exclusive time, or the last date"`
}

func (a api) filter(ctx context.Context, in *auditInput) (audit.Filter, error) {
	f := audit.Filter{AccountID: in.AccountID, Object: in.Object, ObjectID: in.ObjectID, Action: in.Action, ActorID: in.ActorID}
	site, err := a.Settings.Site(ctx)
	if err != nil {
		return f, err
	}
	var c errs.Check
	f.From = instant(&c, "createdFrom", in.From, site.Zone(), 0)
	f.To = instant(&c, "createdTo", in.To, site.Zone(), 1)
	return f, c.Err()
}

// instant reads a time, or a date whose days-later midnight counts.
func instant(c *errs.Check, path, text string, zone *time.Location, days int) time.Time {
	if text == "" {
		return time.Time{}
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC()
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		c.Add(path, "date")
		return time.Time{}
	}
	return t.AddDate(0, 0, days).UTC()
}

func (a api) auditLog() {
	list := func(ctx context.Context, in *auditInput) (page.Page[auditEntry], error) {
		f, err := a.filter(ctx, in)
		if err != nil {
			return page.Page[auditEntry]{}, err
		}
		p, err := audit.List(ctx, a.c.DB, f, in.Page())
		return page.Map(p, func(r audit.Row) auditEntry { return auditEntry{r} }), err
	}
	console.Read(a.c, console.Op{Path: "/operator/audit", ID: "list-audit", Tag: tagSystem, Need: access.AuditRead, Summary: "The audit log, the newest first"}, list)
	console.Read(a.c, console.Op{Path: "/audit", ID: "list-own-audit", Tag: tagAccount, Need: access.UserManage, Summary: "What happened to the own account's objects, the newest first"},
		func(ctx context.Context, in *auditInput) (page.Page[auditEntry], error) {
			in.AccountID = console.CallerFrom(ctx).AccountID
			p, err := list(ctx, in)
			for i, e := range p.Items {
				if e.ActorKind == "operator" { // who decides at the marketplace is not the account's business
					p.Items[i].ActorID, p.Items[i].ActorName, p.Items[i].Address = "", "", ""
				}
			}
			return p, err
		})
	a.c.Handle("GET /api/v1/operator/audit.csv", http.HandlerFunc(a.exportAudit))
}

// maxExport bounds the rows of one export.
const maxExport = 50000

// exportAudit writes the filtered log as CSV, page by page.
func (a api) exportAudit(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	q := r.URL.Query()
	in := auditInput{AccountID: q.Get("accountId"), Object: q.Get("object"), ObjectID: q.Get("objectId"), Action: q.Get("action"),
		ActorID: q.Get("actorId"), From: q.Get("createdFrom"), To: q.Get("createdTo")}
	err := a.c.Admit(r, console.Op{Need: access.AuditRead})
	var f audit.Filter
	if err == nil {
		f, err = a.filter(ctx, &in)
	}
	var p page.Page[audit.Row]
	next := page.Query{Limit: page.MaxLimit}
	if err == nil {
		p, err = audit.List(ctx, a.c.DB, f, next)
	}
	if err != nil {
		console.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="audit.csv"`)
	w.Write([]byte("\ufeff")) // spreadsheets take the text for UTF-8 then
	out := csv.NewWriter(w)
	out.Write([]string{"time", "actorKind", "actorId", "actorName", "accountId", "action", "object", "objectId", "reason", "detail", "address", "requestId"})
	for n := 0; ; {
		for _, x := range p.Items {
			detail, _ := json.Marshal(x.Detail)
			line := []string{x.At.Format(time.RFC3339Nano), x.ActorKind, x.ActorID, x.ActorName, x.AccountID, x.Action, x.Object, x.ObjectID, x.Reason, string(detail), x.Address, x.RequestID}
			for i := range line {
				line[i] = harmless(line[i])
			}
			out.Write(line)
		}
		out.Flush()
		if n += len(p.Items); p.Next == "" || n >= maxExport || out.Error() != nil {
			return
		}
		next.Cursor = p.Next
		if p, err = audit.List(ctx, a.c.DB, f, next); err != nil {
			a.c.Log.Error("export of the audit log broke off", "requestId", console.RequestIDFrom(ctx), "error", err)
			return
		}
	}
}

// harmless keeps a spreadsheet from taking somebody's text for a formula.
func harmless(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}
