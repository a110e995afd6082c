package dbtest

import (
	"database/sql"
	"net/url"
	"sync"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/id"
	"jishi/internal/schema"
)

// postgresSchema makes a schema with all tables that is dropped with the test. It sends
// all migrations as one message, which takes a fifth of goose's time; a test compares the
// outcome with goose's.
func postgresSchema(t testing.TB) string {
	t.Helper()
	text, err := schemaText()
	if err != nil {
		t.Fatal(err)
	}
	return inNewSchema(t, text)
}

// inNewSchema makes a schema, runs the statements in it, and gives its address.
func inNewSchema(t testing.TB, statements string) string {
	t.Helper()
	base := Postgres(t)
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	name := id.New("test")
	if _, err := pool.Exec("create schema " + name + "; set search_path = " + name + ";\n" + statements); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		pool, err := sql.Open("pgx", base)
		if err == nil {
			_, err = pool.Exec("drop schema " + name + " cascade")
			pool.Close()
		}
		if err != nil {
			t.Log("drop schema:", err)
		}
	})
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// schemaText is every migration, in order, and the record that they were applied.
var schemaText = sync.OnceValues(func() (string, error) { return db.WholeSchema(schema.Files) })
