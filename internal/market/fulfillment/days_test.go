package fulfillment

import (
	"context"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

// Charts and the counting of attempts must not read what they do not show.
func TestDailyReadsByIndexes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		if d.Engine() != db.SQLite {
			return
		}
		for _, text := range []string{sqlDaysOfSeller, sqlDaysOfAddress, sqlTail, sqlMarks, sqlFirstMark, sqlPurgeDays} {
			args := []any{"1", "2", "3"}[:params(text)]
			plan, err := db.List[step](context.Background(), d, `explain query plan `+text, args...)
			if err != nil {
				t.Fatal(text, err)
			}
			for _, s := range plan {
				if len(s.Detail) > 4 && s.Detail[:4] == "SCAN" {
					t.Errorf("%s: %s", text, s.Detail)
				}
			}
		}
	})
}

// Two nodes that counted the same attempts: one of them writes.
func TestAStepIsCountedByOneNode(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		key := dayRow{AddressID: "adr", Day: "2026-03-01", Activity: "newInstance", SellerID: "sel"}
		for i, x := range []struct {
			from, to time.Time
			moved    bool
		}{{time.UnixMicro(0), at, true}, {time.UnixMicro(0), at, false}, {at, at.Add(time.Hour), true}, {at, at.Add(2 * time.Hour), false}} {
			moved, err := countStep(ctx, d, x.from, x.to, map[dayRow]*[2]int64{key: {1, 0}})
			if err != nil || moved != x.moved {
				t.Errorf("step %d: %v, %v", i, moved, err)
			}
		}
		if n, err := db.One[int](ctx, d, `select good from call_days`); err != nil || n != 2 {
			t.Errorf("%d counted, %v", n, err)
		}
	})
}
