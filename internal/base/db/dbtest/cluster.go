package dbtest

import (
	"os"
	"sync"
	"testing"

	"jishi/internal/base/db/pgtemp"
)

var cluster struct {
	once sync.Once
	url  string
	stop func() // held, not called: the cluster ends with the process, or when this is collected
	err  error
}

// Postgres is the address of a PostgreSQL server for tests; the test is skipped without
// one, and with CI=true it fails.
func Postgres(t testing.TB) string {
	t.Helper()
	if u := os.Getenv("JISHI_TEST_POSTGRES"); u != "" {
		return u
	}
	cluster.once.Do(func() { cluster.url, cluster.stop, cluster.err = pgtemp.Start(false) })
	if cluster.err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("PostgreSQL: ", cluster.err)
		}
		t.Skip("PostgreSQL: ", cluster.err)
	}
	return cluster.url
}
