package app

import (
	"context"
	"os"
	"sync"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/job"
	"jishi/internal/edge/koogallery"
	"jishi/internal/edge/web"
	"jishi/internal/market/export"
	"jishi/internal/market/sandbox"
)

// realms are the sandboxes that are open in this process. One opens when somebody enters
// it and closes when nobody has been there for a while, or to make room.
type realms struct {
	app *App
	ui  *web.UI

	mu   sync.Mutex
	open map[string]*realm // by sandbox id
	// filling keeps people of this process who open the same sandbox at once behind each other.
	filling map[string]*sync.Mutex // by seller id
	shut    bool
}

const (
	maxOpen = 24
	// idleFor is how long one stays open that nobody is in; lateIdle, when calls are still to be made.
	idleFor  = 3 * time.Minute
	lateIdle = 15 * time.Minute
	// tendEvery is how often idle ones are looked for.
	tendEvery = 20 * time.Second
)

func newRealms(a *App) *realms {
	return &realms{app: a, open: map[string]*realm{}, filling: map[string]*sync.Mutex{}}
}

// enter gives the open realm of a sandbox, opening it where it must, with its clock where
// the register says. The caller leaves it. "sandbox.full" (Unavailable) when too many are
// in use at once.
func (p *realms) enter(ctx context.Context, s sandbox.Sandbox) (*realm, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut {
		return nil, errs.Unavailablef("http.timeout")
	}
	r := p.open[s.ID]
	if r != nil && r.storage != s.Storage { // it was reset, here or on another node
		delete(p.open, s.ID)
		p.dismiss(r)
		r = nil
	}
	if r == nil {
		if err := p.room(); err != nil {
			return nil, err
		}
		var err error
		if r, err = p.app.openRealm(ctx, s); err != nil {
			return nil, err
		}
		p.open[s.ID] = r
	}
	if s.Clock.After(r.app.inside.clock.Now()) { // another node has moved it
		r.app.inside.clock.Set(s.Clock)
	}
	r.users++
	return r, nil
}

// leave ends what enter began.
func (p *realms) leave(r *realm) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r.users--
	r.left = clock.Wall{}.Now()
	if r.users == 0 && r.dismissed {
		go r.close()
	}
}

// dismiss closes a realm that is no longer in the table, as soon as nobody is in it. The
// caller holds mu.
func (p *realms) dismiss(r *realm) {
	r.dismissed = true
	if r.users == 0 {
		go r.close()
	}
}

// room closes the realm that was left first when the table is full. The caller holds mu.
func (p *realms) room() error {
	if len(p.open) < maxOpen {
		return nil
	}
	oldest := ""
	for id, r := range p.open {
		if r.users == 0 && (oldest == "" || r.left.Before(p.open[oldest].left)) {
			oldest = id
		}
	}
	if oldest == "" {
		return errs.Unavailablef("sandbox.full")
	}
	r := p.open[oldest]
	delete(p.open, oldest)
	p.dismiss(r)
	return nil
}

// forget closes the realm of a sandbox that was reset or removed.
func (p *realms) forget(sandboxID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.open[sandboxID]; r != nil {
		delete(p.open, sandboxID)
		p.dismiss(r)
	}
}

// tend closes what is idle until ctx ends.
func (p *realms) tend(ctx context.Context) {
	t := time.NewTicker(tendEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			p.closeIdle(ctx)
		}
	}
}

func (p *realms) closeIdle(ctx context.Context) {
	now := clock.Wall{}.Now()
	p.mu.Lock()
	idle := map[string]*realm{}
	for id, r := range p.open {
		if r.users == 0 && now.Sub(r.left) > idleFor {
			idle[id] = r
		}
	}
	p.mu.Unlock()
	for id, r := range idle {
		if soon, err := job.Soon(ctx, r.app.DB, idleFor); err == nil && soon > 0 && now.Sub(r.left) < lateIdle {
			continue // a call is to be made soon
		}
		p.mu.Lock()
		if r.users == 0 && p.open[id] == r {
			delete(p.open, id)
			p.dismiss(r)
		}
		p.mu.Unlock()
	}
}

// close closes all of them and lets nobody in any more.
func (p *realms) close() {
	p.mu.Lock()
	p.shut = true
	all := p.open
	p.open = map[string]*realm{}
	p.mu.Unlock()
	for _, r := range all {
		r.close()
	}
}

// alone is the turn of whoever fills a seller's sandbox in this process.
func (p *realms) alone(sellerID string) (done func()) {
	p.mu.Lock()
	turn := p.filling[sellerID]
	if turn == nil {
		turn = &sync.Mutex{}
		p.filling[sellerID] = turn
	}
	p.mu.Unlock()
	turn.Lock()
	return turn.Unlock
}

const sqlStorageBegun = `select created_at from sandbox_storages where name = $1`
const sqlRealmFiles = `select key from files where created_at >= $1`
const sqlRealmExports = `select id, format from exports where state = 'READY'`

// dropFiles deletes what was uploaded and exported in a sandbox. What cannot be deleted now
// stays: it is named nowhere any more.
func (p *realms) dropFiles(ctx context.Context, storage string) error {
	begun, found, err := db.Maybe[time.Time](ctx, p.app.DB, sqlStorageBegun, storage)
	if err != nil || !found || p.app.Blob == nil || p.lost(sandbox.Sandbox{Storage: storage}) {
		return err
	}
	d, err := p.app.DB.OpenBeside(ctx, p.app.besideOf(storage), db.Config{MaxConns: 1, Relaxed: true})
	if err != nil {
		return err
	}
	defer d.Close()
	if CheckSchema(ctx, d) != nil {
		return nil // its filling was cut short: nobody was there yet
	}
	keys, err := db.List[string](ctx, d, sqlRealmFiles, begun)
	if err != nil {
		return err
	}
	exports, err := db.List[export.Export](ctx, d, sqlRealmExports)
	if err != nil {
		return err
	}
	for _, e := range exports {
		keys = append(keys, e.Key())
	}
	for _, key := range keys {
		if err := p.app.blobOf(storage).Delete(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// drop removes a storage, its files and its row.
func (p *realms) drop(ctx context.Context, storage string) error {
	if err := p.dropFiles(ctx, storage); err != nil {
		p.app.Log.Warn("files of a sandbox stay", "storage", storage, "error", err)
	}
	if err := p.app.DB.DropBeside(ctx, p.app.besideOf(storage)); err != nil {
		return err
	}
	return p.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return sandbox.Dropped(ctx, tx, storage) })
}

// lost tells whether the storage of a sandbox is not there any more: the installation was
// restored from a backup, which has none.
func (p *realms) lost(s sandbox.Sandbox) bool {
	if p.app.DB.Engine() != db.SQLite {
		return false // its schema is in the server's own backups
	}
	_, err := os.Stat(p.app.besideOf(s.Storage).File())
	return os.IsNotExist(err)
}

const jobTendSandboxes = "sandbox.tend"

// tendSandboxes is the periodic job that removes sandboxes nobody has entered for 30 days,
// and databases that no sandbox has.
func (a *App) tendSandboxes(ctx context.Context) error {
	list, err := sandbox.Unused(ctx, a.DB)
	if err != nil {
		return err
	}
	for _, s := range list {
		if err := a.realms.remove(ctx, s, "unused"); err != nil {
			return err
		}
	}
	orphans, err := sandbox.Orphans(ctx, a.DB)
	if err != nil {
		return err
	}
	for _, name := range orphans {
		if err := a.realms.drop(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// remove ends a sandbox for good.
func (p *realms) remove(ctx context.Context, s sandbox.Sandbox, reason string) error {
	if err := p.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return sandbox.Close(ctx, tx, s, reason) }); err != nil {
		return err
	}
	p.forget(s.ID)
	if err := p.drop(ctx, s.Storage); err != nil {
		return err
	}
	return p.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return sandbox.Forget(ctx, tx, s.ID) })
}

// askBeside runs ask with the open API of a seller's sandbox; false when it has none.
func (p *realms) askBeside(ctx context.Context, sellerID string, ask func(*koogallery.Server) error) (bool, error) {
	s, found, err := sandbox.Of(ctx, p.app.DB, sellerID)
	if err != nil || !found || s.State != sandbox.Open || p.lost(s) {
		return false, err
	}
	if site, err := p.app.Settings.Site(ctx); err != nil || site.SandboxesOff {
		return false, err
	}
	r, err := p.enter(ctx, s)
	if err != nil {
		return false, err
	}
	defer p.leave(r)
	return true, ask(r.open)
}
