// Package test runs the real binary by scripts, from filling a marketplace to the end of a
// delivery, on SQLite, on PostgreSQL, and on PostgreSQL with nodes that are killed.
//
// A script speaks to the marketplace like a program does: through the HTTP API, with the
// accounts of the demo. Its commands stand in commands_test.go and are described there.
package test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/id"
)

// programs is the folder of the built binary.
var programs string

func TestMain(m *testing.M) {
	os.Exit(build(m))
}

// build makes the binary under test; JISHI_TEST_BIN names one that was made already.
func build(m *testing.M) int {
	if made := os.Getenv("JISHI_TEST_BIN"); made != "" {
		programs = filepath.Dir(made)
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "jishi-test-bin")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	programs = dir
	c := exec.Command("go", "build", "-trimpath", "-tags", "timetzdata", "-o", filepath.Join(dir, "jishi"), "../cmd/jishi")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the binary: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// layout is what a script runs on.
type layout struct {
	name     string
	postgres bool
	twoNodes bool
}

func TestOnSQLite(t *testing.T)   { run(t, layout{name: "sqlite"}) }
func TestOnPostgres(t *testing.T) { run(t, layout{name: "postgres", postgres: true}) }
func TestOnTwoNodes(t *testing.T) { run(t, layout{name: "two-nodes", postgres: true, twoNodes: true}) }

// run runs the scripts that belong to a layout: those in scripts/any run on each of them.
func run(t *testing.T, l layout) {
	if only := os.Getenv("JISHI_TEST_DB"); only != "" && (only == "postgres") != l.postgres {
		t.Skip("JISHI_TEST_DB is " + only)
	}
	base := ""
	if l.postgres {
		base = dbtest.Postgres(t)
	}
	files, err := filepath.Glob("scripts/any/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	own, err := filepath.Glob("scripts/" + l.name + "/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files: append(files, own...),
		Setup: func(e *testscript.Env) error { return l.setup(e, base) },
		Cmds:  commands,
		Condition: func(name string) (bool, error) {
			if !slices.Contains([]string{"sqlite", "postgres", "two-nodes"}, name) {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return name == "sqlite" && !l.postgres || name == "postgres" && l.postgres || name == "two-nodes" && l.twoNodes, nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// setup gives each script a data folder, a database of its own and free ports.
func (l layout) setup(e *testscript.Env, base string) error {
	e.Setenv("PATH", programs+string(os.PathListSeparator)+os.Getenv("PATH"))
	data := filepath.Join(e.WorkDir, "data")
	e.Setenv("JISHI_DATA", data)
	e.Setenv("DB", filepath.Join(data, "jishi.db"))
	if l.postgres {
		address, err := ownSchema(e, base)
		if err != nil {
			return err
		}
		e.Setenv("DB", address)
		e.Setenv("JISHI_DATABASE", address)
		e.Setenv("JISHI_MASTER_KEY_FILE", filepath.Join(data, "master.key"))
		e.Setenv("JISHI_SHARED_FILES", "true")
	}
	for _, name := range []string{"A", "B", "S1", "S2"} {
		port, err := freePort()
		if err != nil {
			return err
		}
		e.Setenv(name, "127.0.0.1:"+port)
	}
	e.Values[worldKey{}] = newWorld(data)
	return nil
}

// ownSchema makes an empty schema that is dropped with the script.
func ownSchema(e *testscript.Env, base string) (string, error) {
	name := id.New("script")
	do := func(text string) error {
		pool, err := sql.Open("pgx", base)
		if err != nil {
			return err
		}
		defer pool.Close()
		_, err = pool.ExecContext(context.Background(), text)
		return err
	}
	if err := do("create schema " + name); err != nil {
		return "", err
	}
	e.Defer(func() { _ = do("drop schema " + name + " cascade") }) // the throw-away cluster ends anyhow
	u, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String(), nil
}
