package db_test

import (
	"context"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/schema"
)

func TestADatabaseBeside(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for _, name := range []string{"", "A", "../x", "a-b", "a;drop", "1ab"} {
			if d.CreateBeside(ctx, db.Beside{Name: name, Folder: t.TempDir()}) == nil || d.DropBeside(ctx, db.Beside{Name: name, Folder: t.TempDir()}) == nil {
				t.Errorf("%q is taken for a name", name)
			}
		}
		at := db.Beside{Name: "beside_" + string(d.Engine()) + "_one", Folder: t.TempDir()}
		for range 2 { // made, removed, made again
			if err := d.CreateBeside(ctx, at); err != nil {
				t.Fatal(err)
			}
			other, err := d.OpenBeside(ctx, at, db.Config{MaxConns: 2, Relaxed: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := other.MigrateNew(ctx, schema.Files); err != nil {
				t.Fatal(err)
			}
			err = d.Update(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `insert into settings (key, value, version, updated_at) values ('here', $1, $2, $3) on conflict do nothing`, `{"a":"ä"}`, 7, tx.Now)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			err = other.Update(ctx, func(tx *db.Tx) error {
				n, err := db.CopyRows(ctx, tx, "settings", d, `select * from settings where key = $1`, "here")
				if n != 1 {
					t.Errorf("%d rows copied", n)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			type row struct {
				Value   string `db:"value"`
				Version int64  `db:"version"`
			}
			if got, err := db.One[row](ctx, other, `select value, version from settings where key = 'here'`); err != nil || got != (row{`{"a":"ä"}`, 7}) {
				t.Errorf("%+v, %v", got, err)
			}
			if err := other.Close(); err != nil {
				t.Fatal(err)
			}
			if err := d.DropBeside(ctx, at); err != nil {
				t.Fatal(err)
			}
		}
	})
}
