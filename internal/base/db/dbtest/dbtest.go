// Package dbtest gives a test a fresh, migrated database on each engine.
//
// PostgreSQL comes from JISHI_TEST_POSTGRES (a URL; each test makes and drops a schema
// of its own there), else from a throw-away cluster that lives as long as the test
// process. JISHI_TEST_DB=sqlite or postgres runs one engine only. Without PostgreSQL a
// test is skipped there; with CI=true that is a failure.
package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/schema"
)

// Run runs fn as a subtest on SQLite and on PostgreSQL, side by side.
func Run(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		if only := os.Getenv("JISHI_TEST_DB"); only != "" && only != string(e) {
			continue
		}
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			fn(t, Open(t, e))
		})
	}
}

// Open opens a fresh migrated database that is closed and removed with the test.
func Open(t testing.TB, e db.Engine) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), db.Config{URL: URL(t, e), Relaxed: true, MaxConns: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// URL is the address of a fresh migrated database.
func URL(t testing.TB, e db.Engine) string {
	t.Helper()
	if e == db.Postgres {
		return postgresSchema(t)
	}
	path := filepath.Join(t.TempDir(), "jishi.db")
	if err := os.WriteFile(path, template(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// migrated is the SQLite file that each test gets a copy of.
var migrated struct {
	once sync.Once
	file []byte
	err  error
}

func template(t testing.TB) []byte {
	t.Helper()
	migrated.once.Do(func() {
		dir, err := os.MkdirTemp("", "jishi-schema")
		if err != nil {
			migrated.err = err
			return
		}
		defer os.RemoveAll(dir)
		path := filepath.Join(dir, "schema.db")
		ctx := context.Background()
		d, err := db.Open(ctx, db.Config{URL: path, Relaxed: true})
		if err == nil {
			if err = d.Migrate(ctx, schema.Files); err == nil {
				err = d.Backup(ctx, path+".copy")
			}
			d.Close()
		}
		if err == nil {
			migrated.file, err = os.ReadFile(path + ".copy")
		}
		migrated.err = err
	})
	if migrated.err != nil {
		t.Fatal(migrated.err)
	}
	return migrated.file
}
