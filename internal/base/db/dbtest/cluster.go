package dbtest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
)

var cluster struct {
	once  sync.Once
	url   string
	err   error
	stdin *os.File // closing it, as the process's end does, stops the cluster
}

func postgres(t testing.TB) string {
	t.Helper()
	if u := os.Getenv("JISHI_TEST_POSTGRES"); u != "" {
		return u
	}
	cluster.once.Do(startCluster)
	if cluster.err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("PostgreSQL: ", cluster.err)
		}
		t.Skip("PostgreSQL: ", cluster.err)
	}
	return cluster.url
}

// script makes a cluster in a folder of its own, tells that it is ready, and removes all
// when its standard input ends. fsync is off: it is a test's data.
const script = `
set -e
bin=$1
dir=$(mktemp -d "${TMPDIR:-/tmp}/jishi-pg.XXXXXX")
trap '"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/data" -A trust -U jishi --no-sync -E UTF8 --locale=C >"$dir/log" 2>&1
"$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-c listen_addresses='' -c unix_socket_directories='$dir' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" start >>"$dir/log" 2>&1
echo "$dir"
cat >/dev/null
`

func startCluster() {
	bin, err := findPostgres()
	if err != nil {
		cluster.err = err
		return
	}
	args := []string{"-c", script, "sh", bin}
	name := "/bin/sh"
	if os.Geteuid() == 0 { // PostgreSQL refuses to run as root
		args = append([]string{"-u", "postgres", "--", name}, args...)
		name = "runuser"
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = os.TempDir()
	in, err := cmd.StdinPipe()
	if err != nil {
		cluster.err = err
		return
	}
	cluster.stdin, _ = in.(*os.File)
	out, err := cmd.StdoutPipe()
	if err != nil {
		cluster.err = err
		return
	}
	if cluster.err = cmd.Start(); cluster.err != nil {
		return
	}
	dir, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		cluster.err = fmt.Errorf("the throw-away cluster did not start: %w", err)
		return
	}
	cluster.url = "postgres:///postgres?user=jishi&host=" + strings.TrimSpace(dir)
}

func findPostgres() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // Debian keeps it outside PATH
	if len(found) == 0 {
		return "", fmt.Errorf("initdb not found; install postgresql")
	}
	sort.Strings(found)
	return filepath.Dir(found[len(found)-1]), nil
}
