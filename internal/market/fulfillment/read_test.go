package fulfillment

import (
	"context"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

type step struct {
	ID     int    `db:"id"`
	Parent int    `db:"parent"`
	Unused int    `db:"notused"`
	Detail string `db:"detail"`
}

// The pages of one order and of one call must not read the calls of all.
func TestOneOrdersCallsAreFoundByAnIndex(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		if d.Engine() != db.SQLite {
			return // its plans follow the tables' sizes
		}
		for _, f := range []Filter{{OrderID: "CS1", All: true}, {OrderID: "CS1", SellerID: "s"}, {Text: "cal_1", All: true}, {Text: "cal_1", SellerID: "s"}, {Text: "ins_1", All: true}, {Text: "ins_1", SellerID: "s"}, {ProductID: "p", All: true}, {ProductID: "p", SellerID: "s"}} {
			plan, err := db.List[step](context.Background(), d, `explain query plan select 1`+f.where(), f.args()...)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range plan {
				if strings.HasPrefix(s.Detail, "SCAN") {
					t.Errorf("%+v: %s", f, s.Detail)
				}
			}
		}
	})
}

// What runs by itself, and each home page, reads the open calls and the failed ones, never all.
func TestOpenCallsAreFoundByTheirIndex(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		if d.Engine() != db.SQLite {
			return
		}
		for _, text := range []string{sqlStuck, sqlForgotten, sqlAwake, sqlHurry, sqlHealth, sqlLockOpen, sqlOpen, sqlNext} {
			args := []any{"1", "2", "3"}[:params(text)]
			plan, err := db.List[step](context.Background(), d, `explain query plan `+text, args...)
			if err != nil {
				t.Fatal(text, err)
			}
			for _, s := range plan {
				whole := strings.HasPrefix(s.Detail, "SCAN") && s.Detail != "SCAN CONSTANT ROW"
				if whole && !strings.Contains(s.Detail, "fulfillment_calls_open") && !strings.Contains(s.Detail, "fulfillment_calls_failed") {
					t.Errorf("%s: %s", text, s.Detail)
				}
			}
		}
	})
}

func params(text string) (n int) {
	for strings.Contains(text, "$"+string(rune('1'+n))) {
		n++
	}
	return n
}
