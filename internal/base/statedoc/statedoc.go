// Package statedoc prints transition tables into docs/states and fails a test when a
// printed one is stale. It is for tests: go test ./… -update writes the files.
package statedoc

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Move is one row of a table.
type Move struct{ From, Event, To, Actor string }

// Check compares docs/states/<name>.md with the table. intro is one sentence above it.
func Check(t *testing.T, name, title, intro string, moves []Move) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s Every other pair of state and event is a conflict. Printed from the code by `go test ./... -update`.\n\n", title, intro)
	b.WriteString("| State | Event | Next state | Caused by |\n|---|---|---|---|\n")
	for _, m := range moves {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", m.From, m.Event, m.To, m.Actor)
	}
	file := filepath.Join(root(t), "docs/states", name+".md")
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil || string(have) != b.String() {
		t.Errorf("docs/states/%s.md is stale (%v): run go test with -update", name, err)
	}
}

// root is the repository's folder: a test runs in that of its package.
func root(t *testing.T) string {
	t.Helper()
	at, err := os.Getwd()
	for err == nil && at != filepath.Dir(at) {
		if _, missing := os.Stat(filepath.Join(at, "go.mod")); missing == nil {
			return at
		}
		at = filepath.Dir(at)
	}
	t.Fatal("statedoc: the test runs outside the repository")
	return ""
}
