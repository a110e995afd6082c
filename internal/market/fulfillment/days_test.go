package fulfillment

import (
	"context"
	"testing"

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
