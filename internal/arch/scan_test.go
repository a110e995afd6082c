package arch

import (
	"context"
	"go/ast"
	"regexp"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

// growing are the tables that have rows of each order or more: what one order, one page or
// one worker asks must not read them from end to end.
var growing = map[string]bool{
	"orders": true, "order_lines": true, "order_events": true, "quotes": true, "payments": true, "refunds": true, "ledger_journals": true, "ledger_entries": true,
	"instances": true, "instance_events": true, "fulfillment_calls": true, "fulfillment_attempts": true, "messages": true, "discount_uses": true, "voucher_uses": true, "voucher_holdings": true,
}

// wholesale may: checks of the whole book, what a sandbox asks of its few orders, and counts, which lists
// stop at page.TotalCap.
var wholesale = regexp.MustCompile(`^internal/(tool/.*|app\.sqlHappened|market/ledger\.sql(Uneven|Bad\w+))|Count(All)?$`)

type planStep struct {
	ID     int    `db:"id"`
	Parent int    `db:"parent"`
	Unused int    `db:"notused"`
	Detail string `db:"detail"`
}

var (
	wholeTable = regexp.MustCompile(`^SCAN (\w+)$`)
	origin     = regexp.MustCompile(`(?i)\b(?:from|join|update)\s+(\w+)(?:\s+(?:as\s+)?(\w+))?`)
)

// A partial index serves a query only when the query says what the index says: where
// "instance_id = $1" finds no index "where instance_id <> ”", every row is read, which no
// test with ten orders notices.
func TestNoStatementReadsAGrowingTableFromEndToEnd(t *testing.T) {
	packages := map[string][]*ast.File{}
	for _, f := range sources(t) {
		packages[f.pkg] = append(packages[f.pkg], f.file)
	}
	d := dbtest.Open(t, db.SQLite)
	for pkg, files := range packages {
		for name, text := range statements(files) {
			if parts[name] || onlyPostgres[name] || wholesale.MatchString(pkg+"."+name) {
				continue
			}
			args := make([]any, 0, 8)
			seen := map[string]bool{}
			for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
				if !seen[m[1]] {
					seen[m[1]] = true
					args = append(args, "")
				}
			}
			steps, err := db.List[planStep](context.Background(), d, "explain query plan "+text, args...)
			if err != nil {
				t.Errorf("%s.%s: %v", pkg, name, err)
				continue
			}
			tables := map[string]string{}
			for _, m := range origin.FindAllStringSubmatch(text, -1) {
				tables[m[1]], tables[m[2]] = m[1], m[1]
			}
			for _, s := range steps {
				if m := wholeTable.FindStringSubmatch(s.Detail); m != nil && growing[tables[m[1]]] {
					t.Errorf("%s.%s reads all of %s: %s", pkg, name, tables[m[1]], strings.Join(strings.Fields(text), " "))
				}
			}
		}
	}
}
