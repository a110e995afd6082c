package dbtest

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/schema"
)

const sqlShape = `select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
from information_schema.columns where table_schema = current_schema() and table_name <> 'goose_lock'
union all select indexdef from pg_indexes where schemaname = current_schema() and tablename <> 'goose_lock'
union all select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
where connamespace = current_schema()::regnamespace and conrelid <> 0 and conrelid::regclass::text <> 'goose_lock' order by 1`

// TestSameAsMigrated proves that the tables of tests are those of an installation.
func TestSameAsMigrated(t *testing.T) {
	if os.Getenv("JISHI_TEST_DB") == string(db.SQLite) {
		t.Skip("JISHI_TEST_DB=sqlite")
	}
	shape := func(address string, migrate bool) []string {
		ctx := context.Background()
		d, err := db.Open(ctx, db.Config{URL: address, Relaxed: true})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if migrate {
			if err := d.Migrate(ctx, schema.Files); err != nil {
				t.Fatal(err)
			}
		}
		have, want, err := d.SchemaVersions(ctx, schema.Files)
		if err != nil || have != want {
			t.Fatal("version", have, "instead of", want, err)
		}
		name, err := db.One[string](ctx, d, "select current_schema()::text")
		if err != nil {
			t.Fatal(err)
		}
		rows, err := db.List[string](ctx, d, sqlShape)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			rows[i] = strings.ReplaceAll(rows[i], name+".", "")
		}
		return rows
	}
	migrated, sent := shape(inNewSchema(t, "select 1"), true), shape(URL(t, db.Postgres), false)
	if len(migrated) < 500 || !slices.Equal(migrated, sent) {
		for i := range min(len(migrated), len(sent)) {
			if migrated[i] != sent[i] {
				t.Fatalf("migrated %q, sent %q", migrated[i], sent[i])
			}
		}
		t.Fatal(len(migrated), "facts migrated,", len(sent), "sent")
	}
}
