// Package pgtemp starts a throw-away PostgreSQL cluster for tests and benchmarks. It lives
// in a folder of its own, listens on a socket there only, and ends with this process,
// however that ends.
package pgtemp

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

// script makes a cluster, tells its folder when it is ready, and removes all when its
// standard input ends.
const script = `
set -e
bin=$1; shift
dir=$(mktemp -d "${TMPDIR:-/tmp}/jishi-pg.XXXXXX")
trap '"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/data" -A trust -U jishi --no-sync -E UTF8 --locale=C >"$dir/log" 2>&1
"$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-c listen_addresses='' -c unix_socket_directories='$dir' -c max_connections=300 $*" start >>"$dir/log" 2>&1
echo "$dir"
cat >/dev/null
`

// Start starts a cluster and gives its address. durable keeps fsync on, as a benchmark
// must; without it the cluster is fast and forgets. stop ends it, and the caller keeps stop
// for as long as it needs the cluster.
func Start(durable bool) (url string, stop func(), err error) {
	bin, err := find()
	if err != nil {
		return "", nil, err
	}
	args := []string{"-c", script, "sh", bin}
	if !durable {
		args = append(args, "-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off")
	}
	name := "/bin/sh"
	if os.Geteuid() == 0 { // PostgreSQL refuses to run as root
		args = append([]string{"-u", "postgres", "--", name}, args...)
		name = "runuser"
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = os.TempDir()
	in, err := cmd.StdinPipe() // closed by the process's end at the latest
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		in.Close()
		io.Copy(io.Discard, out)
		cmd.Wait()
	}
	dir, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("the throw-away cluster did not start: %w", err)
	}
	return "postgres:///postgres?user=jishi&host=" + strings.TrimSpace(dir), stop, nil
}

func find() (string, error) {
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
