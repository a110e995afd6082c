package db_test

import (
	"context"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

type mark struct {
	Key     string `db:"key"`
	Value   string `db:"value"`
	Version int64  `db:"version"`
	Updated int64  `db:"updated_at"`
}

// What is appended is there for every later statement of its transaction, in the order in
// which it was written, and all of it or nothing is committed.
func TestAppendedRowsAreInOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		const count = `select count(*) from settings where key like 'mark%'`
		add := func(tx *db.Tx, keys ...string) {
			t.Helper()
			for _, k := range keys {
				if err := db.Append(ctx, tx, "settings", mark{k, "{}", 1, 1}); err != nil {
					t.Error(err)
				}
			}
		}
		if err := d.Update(ctx, func(tx *db.Tx) error {
			add(tx, "mark1", "mark2")
			if n, err := db.One[int](ctx, tx, count); err != nil || n != 2 {
				t.Error("a read sees", n, err)
			}
			add(tx, "mark3")
			if n, err := db.Exec(ctx, tx, `update settings set version = 2 where key in ('mark1', 'mark3')`); err != nil || n != 2 {
				t.Error("an update touched", n, err)
			}
			if err := db.AppendAll(ctx, tx, "settings", []mark{{"mark4", "{}", 1, 1}, {"mark5", "{}", 1, 1}}); err != nil {
				return err
			}
			if fresh, err := db.InsertIfAbsent(ctx, tx, "settings", mark{"mark4", "{}", 9, 1}); err != nil || fresh {
				t.Error("a key that is there was written", err)
			}
			for i := range 200 { // more than are kept back
				add(tx, "mark_"+string(rune('a'+i%26))+string(rune('a'+i/26)))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if n, err := db.One[int](ctx, d, count); err != nil || n != 205 {
			t.Error("committed", n, err)
		}
	})
}

func TestAnAppendedRowThatIsRefusedUndoesAll(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for name, after := range map[string]func(tx *db.Tx) error{
			"at the commit": func(*db.Tx) error { return nil },
			"at a read":     func(tx *db.Tx) error { _, err := db.One[int](ctx, tx, `select 1`); return err },
			"at an update": func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `update settings set version = 3 where key = 'twin'`)
				return err
			},
			"unnoticed": func(tx *db.Tx) error {
				db.Exec(ctx, tx, `update settings set version = 3 where key = 'twin'`)
				return nil
			},
		} {
			err := d.Update(ctx, func(tx *db.Tx) error {
				for range 2 {
					if err := db.Append(ctx, tx, "settings", mark{"twin", "{}", 1, 1}); err != nil {
						return err
					}
				}
				return after(tx)
			})
			if name == "unnoticed" && d.Engine() == db.Postgres {
				if err == nil {
					t.Error("committed after an error")
				}
			} else if !db.IsUnique(err) {
				t.Errorf("%s: %v", name, err)
			}
			if n, err := db.One[int](ctx, d, `select count(*) from settings where key = 'twin'`); err != nil || n != 0 {
				t.Errorf("%s: %d rows are left, %v", name, n, err)
			}
		}
	})
}
