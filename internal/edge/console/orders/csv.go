package orders

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"

	"jishi/internal/base/i18n"
	"jishi/internal/edge/console"
	"jishi/internal/market/export"
)

// maxExport bounds the rows of one file (trade.md §18).
const maxExport = export.MaxRows

// file is an export as CSV: columns are the ends of their titles' codes, next gives the next batch of rows, none at the end.
type file struct {
	name    string
	title   string // "order.column."
	columns []string
	next    func(ctx context.Context) ([][]string, error)
}

// serve writes the file batch by batch, so that memory stays flat however many rows there are. A fault before the first
// row is a problem; one in the middle breaks the connection off: half a file must not look like a whole one.
func (f file) serve(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	rows, err := f.next(ctx)
	if err != nil {
		console.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
	fmt.Fprint(w, "\uFEFF") // spreadsheet programs take it as UTF-8
	out := csv.NewWriter(w)
	out.UseCRLF = true
	head := make([]string, len(f.columns))
	for i, k := range f.columns {
		head[i] = i18n.Message(console.LangFrom(ctx), f.title+k, nil)
	}
	out.Write(head)
	for n := 0; len(rows) > 0; {
		for _, row := range rows[:min(len(rows), maxExport-n)] {
			out.Write(export.Guard(row))
		}
		if n += len(rows); n >= maxExport {
			break
		}
		if rows, err = f.next(ctx); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	out.Flush()
}
