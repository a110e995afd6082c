package test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jishi/internal/base/db"
)

// patience is how long a script waits for something to happen: a killed worker's lease is
// half a minute, and the machine may be slow.
const patience = 2 * time.Minute

// commands are what scripts can do besides testscript's own.
//
//	ready NODE                        wait until the node answers /readyz
//	healthy ADDRESS                   the same for /healthz, which sellers' servers answer as well
//	gone NODE                         wait until nothing listens there any more
//	sign-in NODE EMAIL                sign a person of the demo in
//	[!] api NODE WHO METHOD PATH [BODY]  call the API; WHO is an e-mail or - for a visitor
//	let NAME PATH                     set a variable from the last answer, "items.0.id"
//	await NODE WHO PATH MEMBER WANT   repeat a GET until a member has a value
//	opens ADDRESS USER PASSWORD       sign in at a delivered application
//	seller-port NAME N                set a variable to the port of the demo's N-th sample server
//	count WANT SQL                    compare a number in the marketplace's database
//	instances WANT FOLDER ORDER       compare how many instances a sample seller has for an order
var commands = map[string]func(*testscript.TestScript, bool, []string){
	"ready":   func(ts *testscript.TestScript, _ bool, args []string) { answers(ts, args, "/readyz", true) },
	"healthy": func(ts *testscript.TestScript, _ bool, args []string) { answers(ts, args, "/healthz", true) },
	"gone":    func(ts *testscript.TestScript, _ bool, args []string) { answers(ts, args, "/healthz", false) },
	"sign-in": func(ts *testscript.TestScript, _ bool, args []string) {
		ts.Check(worldOf(ts).signIn(arg(ts, args, 0, 2), args[1]))
	},
	"api":         api,
	"let":         let,
	"await":       await,
	"opens":       opens,
	"seller-port": sellerPort,
	"count":       count,
	"instances":   instances,
}

func worldOf(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

// arg gives an argument of a command that takes n.
func arg(ts *testscript.TestScript, args []string, i, n int) string {
	if len(args) != n {
		ts.Fatalf("%d arguments are needed", n)
	}
	return args[i]
}

// until repeats f until it is true.
func until(ts *testscript.TestScript, what string, f func() bool) {
	end := time.NewTimer(patience)
	defer end.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !f() {
		select {
		case <-end.C:
			ts.Fatalf("waited %s in vain for %s", patience, what)
		case <-tick.C:
		}
	}
}

func answers(ts *testscript.TestScript, args []string, path string, up bool) {
	node := arg(ts, args, 0, 1)
	w := worldOf(ts)
	until(ts, node, func() bool {
		r, err := w.client.Get("http://" + node + path)
		if err != nil {
			return !up
		}
		r.Body.Close()
		return up && r.StatusCode == http.StatusOK
	})
}

func api(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 4 || len(args) > 5 {
		ts.Fatalf("api NODE WHO METHOD PATH [BODY]")
	}
	body := ""
	if len(args) == 5 {
		body = args[4]
	}
	status, raw, err := worldOf(ts).call(args[0], args[1], args[2], args[3], body)
	ts.Check(err)
	_, err = ts.Stdout().Write(append(raw, '\n'))
	ts.Check(err)
	if failed := status >= 400; failed != neg {
		ts.Fatalf("%s %s: %d %s", args[2], args[3], status, raw)
	}
}

func let(ts *testscript.TestScript, _ bool, args []string) {
	value, err := worldOf(ts).pick(arg(ts, args, 1, 2))
	ts.Check(err)
	ts.Setenv(args[0], value)
}

func await(ts *testscript.TestScript, _ bool, args []string) {
	node, want := arg(ts, args, 0, 5), args[4]
	w := worldOf(ts)
	last := ""
	until(ts, args[2]+" "+args[3]+" = "+want, func() bool {
		status, raw, err := w.call(node, args[1], http.MethodGet, args[2], "")
		if err != nil || status >= 400 {
			last = fmt.Sprint(status, string(raw), err)
			return false
		}
		last, _ = w.pick(args[3])
		return last == want
	})
}

func opens(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(worldOf(ts).opens(arg(ts, args, 0, 3), args[1], args[2]))
}

func sellerPort(ts *testscript.TestScript, _ bool, args []string) {
	s, err := worldOf(ts).demo()
	ts.Check(err)
	n, err := strconv.Atoi(arg(ts, args, 1, 2))
	ts.Check(err)
	if n < 1 || n > len(s.Servers) {
		ts.Fatalf("the demo has %d servers", len(s.Servers))
	}
	ts.Setenv(args[0], strconv.Itoa(s.Servers[n-1].Port))
}

func count(ts *testscript.TestScript, _ bool, args []string) {
	want := arg(ts, args, 0, 2)
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: ts.Getenv("DB"), ReadOnly: true})
	ts.Check(err)
	defer d.Close()
	n, err := db.One[int64](ctx, d, args[1])
	ts.Check(err)
	if strconv.FormatInt(n, 10) != want {
		ts.Fatalf("%d instead of %s: %s", n, want, args[1])
	}
}

func instances(ts *testscript.TestScript, _ bool, args []string) {
	want := arg(ts, args, 0, 3)
	path := url.URL{Scheme: "file", Path: filepath.Join(ts.MkAbs(args[1]), "isvapp.db"), RawQuery: "mode=ro&_pragma=busy_timeout(5000)"}
	d, err := sql.Open("sqlite", path.String())
	ts.Check(err)
	defer d.Close()
	var n int
	ts.Check(d.QueryRow(`select count(*) from instances where order_id = $1`, args[2]).Scan(&n))
	if strconv.Itoa(n) != want {
		ts.Fatalf("the seller has %d instances of order %s instead of %s", n, args[2], want)
	}
}
