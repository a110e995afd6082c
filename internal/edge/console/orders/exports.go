package orders

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/export"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
)

// exportable is a list that a side may export.
type exportable struct {
	list string // also the Source's name: "seller.orders"
	path string // of the list
	side side
	need access.Permission
}

var exportables = []exportable{
	{"buyer.orders", "/orders", buyerSide, access.OrderRead},
	{"seller.orders", "/seller/orders", sellerSide, access.SaleRead},
	{"seller.calls", "/seller/calls", sellerSide, access.AddressRead},
	{"operator.orders", "/operator/orders", operatorSide, access.OrderOversee},
	{"operator.calls", "/operator/calls", operatorSide, access.CallOversee},
}

// exportSides are the places of the export records.
var exportSides = []struct {
	side          side
	path, id, tag string
	need          access.Permission // to look at all; which lists he sees is decided by list
}{
	{buyerSide, "/exports", "exports", "Buying", console.AnyUser},
	{sellerSide, "/seller/exports", "seller-exports", "Selling", console.AnyUser},
	{operatorSide, "/operator/exports", "operator-exports", "Operating", console.SignedIn},
}

// exportBody asks for a file of a list under the filters of its page.
type exportBody struct {
	Format string `json:"format" required:"false" doc:"xlsx, or csv"`

	State      string    `json:"state" required:"false"`
	Kind       string    `json:"kind" required:"false" doc:"Of orders"`
	Activity   string    `json:"activity" required:"false" doc:"Of calls"`
	Problem    bool      `json:"problem" required:"false" doc:"Of calls: only those that are retried or failed"`
	SellerID   string    `json:"sellerId" required:"false" doc:"Of calls, for operators"`
	ProductID  string    `json:"productId" required:"false" doc:"Of calls"`
	Generation string    `json:"generation" required:"false" doc:"Of calls: V1 or V2"`
	Q          string    `json:"q" required:"false"`
	From       time.Time `json:"from" required:"false" doc:"Created at or after"`
	To         time.Time `json:"to" required:"false" doc:"Created before"`
}

// orders is the filter of orders for an export: nothing that came after it was asked for.
func (b exportBody) orders(e export.Export, s side) order.Filter {
	f := order.Filter{State: order.State(b.State), Kind: order.Kind(b.Kind), Text: strings.TrimSpace(b.Q), From: b.From, To: before(b.To, e.AsOf)}
	switch s {
	case buyerSide:
		f.Scope = order.Scope{AccountID: e.AccountID}
	case sellerSide:
		f.Scope = order.Scope{SellerID: e.SellerID}
	case operatorSide:
		f.Scope = order.Everybody
	}
	return f
}

func (b exportBody) calls(e export.Export, s side) fulfillment.Filter {
	in := callFilter{State: b.State, Activity: b.Activity, Problem: b.Problem, Q: b.Q, SellerID: b.SellerID, ProductID: b.ProductID, Generation: b.Generation,
		From: b.From, To: before(b.To, e.CreatedAt)}
	if s == operatorSide {
		return in.filter("", true)
	}
	return in.filter(e.SellerID, false)
}

func before(to, asOf time.Time) time.Time {
	if asOf = asOf.Add(time.Microsecond); to.IsZero() || asOf.Before(to) {
		return asOf
	}
	return to
}

// ExportSources are the lists of this package for export.Store.
func ExportSources(set *settings.Store) []export.Source {
	var out []export.Source
	for _, x := range exportables {
		if strings.HasSuffix(x.list, ".calls") {
			out = append(out, callSource(x))
		} else {
			out = append(out, orderSource(x, set))
		}
	}
	return out
}

func callSource(x exportable) export.Source {
	columns := make([]export.Column, len(callColumns))
	for i, k := range callColumns {
		columns[i].Title = "call.column." + k
	}
	filter := func(e export.Export) (fulfillment.Filter, error) {
		var b exportBody
		err := e.Decode(&b)
		return b.calls(e, x.side), err
	}
	return export.Source{List: x.list, Columns: columns,
		Count: func(ctx context.Context, q db.Querier, e export.Export, limit int) (int, error) {
			f, err := filter(e)
			if err != nil {
				return 0, err
			}
			return fulfillment.Count(ctx, q, f, limit)
		},
		Batch: func(ctx context.Context, q db.Querier, e export.Export, after string) (rows [][]string, next string, err error) {
			f, err := filter(e)
			if err != nil {
				return nil, "", err
			}
			list, err := fulfillment.Batch(ctx, q, f, after, exportBatch)
			for _, row := range list {
				rows = append(rows, callCells(e.Locale, callOf(e.Locale, row)))
			}
			if len(list) == exportBatch {
				next = list[len(list)-1].ID
			}
			return rows, next, err
		}}
}

// exportOrderColumns are those of trade.md §18 with kind, currency and the buyer's own number.
var exportOrderColumns = []string{"number", "kind", "product", "specification", "mode", "customer", "user", "created", "paid", "amount", "discount", "currency", "status", "purchase"}

func orderSource(x exportable, set *settings.Store) export.Source {
	columns := make([]export.Column, len(exportOrderColumns))
	for i, k := range exportOrderColumns {
		columns[i] = export.Column{Title: "order.column." + k, Amount: k == "amount" || k == "discount"}
	}
	return export.Source{List: x.list, Columns: columns,
		Count: func(ctx context.Context, q db.Querier, e export.Export, limit int) (int, error) {
			var b exportBody
			if err := e.Decode(&b); err != nil {
				return 0, err
			}
			return order.Count(ctx, q, b.orders(e, x.side), limit)
		},
		Batch: func(ctx context.Context, q db.Querier, e export.Export, after string) (rows [][]string, next string, err error) {
			var b exportBody
			if err := e.Decode(&b); err != nil {
				return nil, "", err
			}
			site, err := set.Site(ctx)
			if err != nil {
				return nil, "", err
			}
			zone := site.Zone()
			list, next, err := order.Batch(ctx, q, b.orders(e, x.side), after, exportBatch)
			for _, row := range list {
				rows = append(rows, orderCells(e.Locale, row, x.side == sellerSide, zone))
			}
			return rows, next, err
		}}
}

// orderCells are the cells of an order. Its discount is what promotion, offer or adjustment took
// off the list price and what a voucher covered; a refund order has none.
func orderCells(l i18n.Lang, r order.Row, seller bool, zone *time.Location) []string {
	v := orderOf(l, r, seller)
	clock := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.In(zone).Format(time.DateTime)
	}
	discount := ""
	if !r.Kind.Returns() {
		discount = (v.ListAmount - v.DueAmount).String()
	}
	status := string(v.State)
	if v.Refund != "" {
		status = strings.ToUpper(v.Refund)
	}
	return []string{v.ID, orderWord(l, "kind", string(v.Kind)), v.ProductName, v.SpecName, orderWord(l, "mode", v.ChargingMode), v.BuyerName, v.UserName,
		clock(&v.CreatedAt), clock(v.PaidAt), v.DueAmount.String(), discount, v.Currency, orderWord(l, "state", status), v.Purchase}
}

func orderWord(l i18n.Lang, kind, value string) string {
	if code := "order.word." + kind + "." + strings.ToLower(value); i18n.Has(code) {
		return i18n.Message(l, code, nil)
	}
	return value
}

type exportView struct {
	export.Export
	Progress int `json:"progress" doc:"In percent"`
}

func exportOf(e export.Export) exportView {
	v := exportView{Export: e}
	switch {
	case e.State == export.Ready || e.State == export.Expired:
		v.Progress = 100
	case e.Total > 0:
		v.Progress = min(99, 100*e.Rows/e.Total)
	}
	return v
}

// exportScope is whose exports the caller may see, of the lists that he may read.
func exportScope(ctx context.Context, s side) (accountID string, lists []string) {
	caller := console.CallerFrom(ctx)
	for _, x := range exportables {
		if x.side == s && caller.Can(x.need) && (s != sellerSide || caller.SellerID != "") {
			lists = append(lists, x.list)
		}
	}
	if s == operatorSide {
		return "", lists
	}
	if caller.AccountID == "" { // operators have no account, and theirs is the empty one
		return "none", nil
	}
	return caller.AccountID, lists
}

func registerExports(c *console.Console, d Deps) {
	for _, x := range exportables {
		name := strings.ReplaceAll(x.list, ".", "-")
		tag := map[side]string{buyerSide: "Buying", sellerSide: "Selling", operatorSide: "Operating"}[x.side]
		console.Write(c, console.Op{Method: http.MethodPost, Path: x.path + "/exports", ID: "export-" + name, Tag: tag, Need: x.need, Status: http.StatusCreated,
			Summary: "Have a file made of this list under the given filters; at most 100,000 rows, one at a time"},
			func(ctx context.Context, tx *db.Tx, in *struct{ Body exportBody }) (exportView, error) {
				caller := console.CallerFrom(ctx)
				n := export.New{UserID: caller.UserID, UserName: caller.Name, List: x.list, Filter: in.Body, Format: in.Body.Format, Locale: console.LangFrom(ctx)}
				if x.side != operatorSide {
					n.AccountID = caller.AccountID
				}
				if x.side == sellerSide {
					if n.SellerID = caller.SellerID; n.SellerID == "" {
						return exportView{}, errs.Forbiddenf("access.denied", "permission", string(x.need))
					}
				}
				e, err := export.Ask(ctx, tx, n)
				return exportOf(e), err
			})
	}
	for _, x := range exportSides {
		console.Read(c, console.Op{Path: x.path, ID: "list-" + x.id, Tag: x.tag, Need: x.need, Summary: "Files made of lists, the newest first; each is kept for three days"},
			func(ctx context.Context, in *console.ListInput) (page.Page[exportView], error) {
				if x.side == operatorSide {
					if err := console.RequireOperator(ctx); err != nil {
						return page.Page[exportView]{}, err
					}
				}
				account, lists := exportScope(ctx, x.side)
				p, err := export.List(ctx, c.DB, account, lists, in.Page())
				return page.Map(p, exportOf), err
			})
		c.Handle("GET /api/v1"+x.path+"/{id}/file", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := d.sendExport(c, w, r, x.side, x.need); err != nil {
				console.Fail(w, r, err)
			}
		}))
	}
}

// sendExport serves the file of an export.
func (d Deps) sendExport(c *console.Console, w http.ResponseWriter, r *http.Request, s side, need access.Permission) error {
	if err := c.Admit(r, console.Op{Need: need}); err != nil {
		return err
	}
	account, lists := exportScope(r.Context(), s)
	e, err := export.Find(r.Context(), c.DB, r.PathValue("id"), account, lists)
	if err != nil {
		return err
	}
	body, err := d.Exports.Open(r.Context(), e)
	if err != nil {
		return err
	}
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", e.ContentType())
	h.Set("Content-Length", strconv.FormatInt(e.Size, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": e.FileName()}))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if _, err := io.Copy(w, body); err != nil {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return nil
}
