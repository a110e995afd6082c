package catalog_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"jishi/internal/base/errs"
	"jishi/internal/market/catalog"
)

var update = flag.Bool("update", false, "rewrite the documents that are printed from the code")

var tables = []struct {
	file, title string
	moves       catalog.Table
}{
	{"product", "Product (商品)", catalog.ProductMoves},
	{"product-version", "Product version (商品版本)", catalog.VersionMoves},
	{"product-application", "Product application (商品申请)", catalog.ApplicationMoves},
	{"product-spec", "Specification (规格)", catalog.SpecMoves},
}

// TestStatesAreDocumented prints each table into docs/states and fails when that is stale.
func TestStatesAreDocumented(t *testing.T) {
	for _, table := range tables {
		var b strings.Builder
		fmt.Fprintf(&b, "# %s\n\nPrinted from the code by `go test ./internal/market/catalog -run Documented -update`. Every pair that is not listed is a conflict.\n\n", table.title)
		b.WriteString("| From | Event | Actor | To | Note |\n|---|---|---|---|---|\n")
		for _, m := range table.moves {
			fmt.Fprintf(&b, "| `%s` | %s | %s | `%s` | %s |\n", m.From, m.Event, m.Actor, m.To, m.Note)
		}
		path := "../../../docs/states/" + table.file + ".md"
		if *update {
			if err := os.MkdirAll("../../../docs/states", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if old, err := os.ReadFile(path); err != nil || string(old) != b.String() {
			t.Errorf("%s is stale: run with -update (%v)", path, err)
		}
	}
}

// TestOtherMovesConflict proves that each (state, event) pair that is not in a table is a
// conflict that tells the present state.
func TestOtherMovesConflict(t *testing.T) {
	for _, table := range tables {
		var states []string
		var events []catalog.Event
		listed := map[string]bool{}
		for _, m := range table.moves {
			states, events = append(states, m.From, m.To), append(events, m.Event)
			key := m.From + " " + string(m.Event)
			if listed[key] {
				t.Errorf("%s: %s stands twice", table.file, key)
			}
			listed[key] = true
		}
		slices.Sort(states)
		for _, s := range slices.Compact(states) {
			for _, e := range events {
				_, err := table.moves.Next(s, e)
				if listed[s+" "+string(e)] {
					if err != nil {
						t.Errorf("%s: %s %s: %v", table.file, s, e, err)
					}
					continue
				}
				if x, ok := errs.As(err); !ok || x.Kind != errs.Conflict || x.State != s {
					t.Errorf("%s: %s %s: %v", table.file, s, e, err)
				}
			}
		}
	}
}
