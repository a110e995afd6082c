package app

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"jishi/internal/base/blob"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/job"
	"jishi/internal/base/telemetry"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/people"
	"jishi/internal/edge/koogallery"
	"jishi/internal/edge/testpay"
	"jishi/internal/edge/web"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/notification"
	"jishi/internal/market/probing"
	"jishi/internal/market/sandbox"
	"jishi/internal/schema"
)

// inside says whose sandbox an App is.
type inside struct {
	id, sellerID string
	clock        *clock.Manual
	api          http.Handler // set before anything runs
}

// realm is an open sandbox: an App over a database of its own with a clock that stands,
// its handler, and a runner that makes its calls while it is open.
type realm struct {
	app     *App
	storage string
	handler http.Handler
	open    *koogallery.Server
	stop    context.CancelFunc
	ended   chan struct{}
	moving  sync.Mutex // one move at a time in this process

	// Guarded by realms.mu.
	users int
	left  time.Time // the wall clock's instant when the last one left
	// dismissed: out of the table, closed by the last one who leaves.
	dismissed bool
}

// besideOf is the place of a sandbox's database.
func (a *App) besideOf(storage string) db.Beside {
	return db.Beside{Name: storage, Folder: filepath.Join(a.Config.Data, "sandboxes")}
}

// blobOf are the files of a sandbox: its own below a prefix, and to read those of the
// marketplace, which its products show.
func (a *App) blobOf(storage string) blob.Store {
	return blob.Below{Store: a.Blob, Prefix: "sandboxes/" + storage + "/", Fallback: a.Blob}
}

// connections are how many a sandbox may hold of PostgreSQL, besides one for caches.
const connections = 2

// openRealm opens the database of a sandbox, brings it to the program's schema and builds
// the parts. The data are worth little and are made anew in a second, so that a commit does
// not wait for the disk.
func (a *App) openRealm(ctx context.Context, s sandbox.Sandbox) (*realm, error) {
	log := a.Log.With("sandbox", s.ID)
	d, err := a.DB.OpenBeside(ctx, a.besideOf(s.Storage), db.Config{Logger: log, MaxConns: connections, Relaxed: true})
	if err != nil {
		return nil, err
	}
	now := clock.NewManual(s.Clock)
	d.SetClock(now)
	if CheckSchema(ctx, d) != nil {
		if err := d.Migrate(ctx, schema.Files); err != nil {
			d.Close()
			return nil, err
		}
	}
	config := a.Config
	config.Demo, config.DemoAccounts = false, nil
	config.PublicURL, config.Data = a.Config.PublicURL+realmPath(s.ID), filepath.Join(a.Config.Data, "sandboxes", s.Storage)
	in := &App{Config: config, Log: log, DB: d, Box: a.Box, Metrics: a.Metrics, Client: a.Client, proxies: a.proxies,
		Blob: a.blobOf(s.Storage), inside: &inside{id: s.ID, sellerID: s.SellerID, clock: now}}
	in.build()
	r := &realm{app: in, storage: s.Storage, ended: make(chan struct{})}
	r.open = in.openAPIServer(a.proxies)
	if r.handler, err = in.realmHandler(a.realms.ui); err != nil {
		d.Close()
		return nil, err
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stop = stop
	go func() {
		defer close(r.ended)
		(&job.Runner{DB: d, Log: log, Kinds: in.realmJobs()}).Run(work)
	}()
	return r, nil
}

// close gives begun calls back and closes the database.
func (r *realm) close() {
	r.stop()
	<-r.ended
	if err := r.app.DB.Close(); err != nil {
		r.app.Log.Warn("a sandbox was not closed", "error", err)
	}
}

// realmJobs are the kinds that run in a sandbox as soon as they are due: what is not
// periodic, but for letters and probes, which it has not.
func (a *App) realmJobs() []job.Kind {
	var out []job.Kind
	for _, k := range a.Jobs() {
		if k.Every == 0 && k.Name != notification.MailJob && k.Name != probing.JobKind {
			k.Parallel = min(max(k.Parallel, 1), 8)
			out = append(out, k)
		}
	}
	return out
}

// machinery are periodic jobs that keep house by the wall clock; every other one follows
// the realm's clock and runs when that is moved.
var machinery = map[string]bool{
	"fulfillment.sweep": true, "probing.plan": true, "probing.purge": true, "fulfillment.count_days": true, "fulfillment.purge_days": true,
	"fulfillment.purge": true, "order.purge_quotes": true, "catalog.purge_changes": true, "catalog.sales": true, "ledger.snapshot": true,
	"integration.purge": true, "console.purge_keys": true, jobTendSandboxes: true,
}

// followers are the periodic jobs that a move of the clock runs, in the order of the table.
func (a *App) followers() []job.Kind {
	machine := map[string]bool{}
	for _, k := range slices.Concat(a.Identity.Jobs(a.DB), a.Notices.Jobs(), a.Exports.Jobs()) {
		machine[k.Name] = true
	}
	var out []job.Kind
	for _, k := range a.Jobs() {
		if k.Every > 0 && !machinery[k.Name] && !machine[k.Name] {
			out = append(out, k)
		}
	}
	return out
}

// realmConsole is the API of a sandbox: the same subjects, without what signs people in
// and without operators. Who may be here was decided before.
func (a *App) realmConsole() *console.Console {
	c := console.New(console.Config{DB: a.DB, Log: a.Log, Version: apiVersion, Proxies: a.proxies,
		SessionOf: sessionOfGuest, TokenOf: tokenOfGuest, NoLimits: a.Config.NoLimits})
	people.RegisterGuests(c, people.Deps{Identity: a.Identity, Access: a.Access, Notices: a.Notices, Members: a.Members, Settings: a.Settings, Media: a.Media})
	a.subjects(c)
	return c
}

// realmHandler serves a sandbox; the path in front of it is gone already.
func (a *App) realmHandler(ui *web.UI) (http.Handler, error) {
	mux := http.NewServeMux()
	a.inside.api = a.realmConsole().Handler()
	mux.Handle("/api/v1/", a.inside.api)
	mux.Handle(testpay.Path, a.TestPay.Handler())
	mux.Handle("/files/", a.Media.Handler(a.DB))
	if ui != nil {
		mux.Handle("/", ui.For(web.Config{Site: a.siteName, Head: a.head, Log: a.Log}))
	}
	return telemetry.Apart(mux), nil
}

// realmPath is where a sandbox lies.
func realmPath(sandboxID string) string { return realmPrefix + sandboxID }

const realmPrefix = "/sandbox/"

// splitRealm cuts the path of a request into sandbox and rest; rest begins with "/", or is
// empty.
func splitRealm(path string) (sandboxID, rest string) {
	path = strings.TrimPrefix(path, realmPrefix)
	sandboxID, rest, found := strings.Cut(path, "/")
	if found {
		rest = "/" + rest
	}
	return sandboxID, rest
}

// quiet waits until no call of the realm is out or should be; false when ctx ends before.
func (r *realm) quiet(ctx context.Context) (bool, error) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		n, err := fulfillment.Outgoing(ctx, r.app.DB)
		if ctx.Err() != nil {
			return false, nil
		}
		if err != nil || n == 0 {
			return err == nil, err
		}
		select {
		case <-ctx.Done():
			return false, nil
		case <-tick.C:
		}
	}
}
