package sandbox

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
)

// States of a sandbox.
const (
	Filling = "filling"
	Open    = "open"
	Closing = "closing"
)

// Sandbox is a row of the register. Clock is its realm's instant; the other times are the
// wall clock's.
type Sandbox struct {
	ID        string    `db:"id"`
	SellerID  string    `db:"seller_id"`
	AccountID string    `db:"account_id"`
	State     string    `db:"state"`
	Storage   string    `db:"storage"`
	Clock     time.Time `db:"clock"`
	Holder    string    `db:"holder"`
	HeldUntil time.Time `db:"held_until"`
	Report    []Left    `db:"report,json"`
	MovedAt   time.Time `db:"moved_at"`
	UsedAt    time.Time `db:"used_at"`
	CreatedAt time.Time `db:"created_at"`
	FilledAt  time.Time `db:"filled_at"`
}

// Left is a product that could not be put on sale in the sandbox, with the reason's code.
type Left struct {
	ProductID string `json:"productId"`
	Code      string `json:"code"`
	Field     string `json:"field,omitempty"`
}

const columns = `id, seller_id, account_id, state, storage, clock, holder, held_until, report, moved_at, used_at, created_at, filled_at`

// unused is how long a sandbox stays that nobody enters; lease is how long a filling or a
// move may be silent.
const (
	unused = 30 * 24 * time.Hour
	lease  = time.Minute
)

// Expiry is when the sandbox is removed if nobody enters it.
func (s Sandbox) Expiry() time.Time { return s.UsedAt.Add(unused) }

// Held tells whether somebody fills it or moves its clock at the moment.
func (s Sandbox) Held() bool { return s.Holder != "" && clock.Wall{}.Now().Before(s.HeldUntil) }

const sqlOf = `select ` + columns + ` from sandboxes where seller_id = $1`
const sqlFind = `select ` + columns + ` from sandboxes where id = $1`

// Of is a seller's sandbox; false when it has none.
func Of(ctx context.Context, q db.Querier, sellerID string) (Sandbox, bool, error) {
	return db.Maybe[Sandbox](ctx, q, sqlOf, sellerID)
}

// Find is a sandbox by its id; false when there is none.
func Find(ctx context.Context, q db.Querier, sandboxID string) (Sandbox, bool, error) {
	return db.Maybe[Sandbox](ctx, q, sqlFind, sandboxID)
}

type storageRow struct {
	Name      string    `db:"name"`
	CreatedAt time.Time `db:"created_at"`
}

// newStorage names a database that has never been: also a name of a schema, in lower case.
func newStorage(ctx context.Context, tx *db.Tx) (string, error) {
	name := strings.ReplaceAll(id.New("sandbox"), "-", "_")
	return name, db.Insert(ctx, tx, "sandbox_storages", storageRow{name, clock.Wall{}.Now()})
}

const sqlTake = `update sandboxes set holder = $1, held_until = $2 where id = $3 and (holder = '' or held_until < $4) and state <> 'closing'`

// Begin makes the seller's sandbox in state filling, or finds it. fresh tells that the
// caller holds it and has to fill the storage that it names: it is new, or its maker died.
// "sandbox.busy" (Conflict) while another one fills it.
func Begin(ctx context.Context, tx *db.Tx, sellerID, accountID string, at time.Time) (s Sandbox, fresh bool, err error) {
	now := clock.Wall{}.Now()
	s, found, err := Of(ctx, tx, sellerID)
	if err != nil {
		return s, false, err
	}
	if found && s.State == Open {
		return s, false, nil
	}
	if found {
		s, err = Take(ctx, tx, s.ID)
		if err == nil {
			s.Storage, s.Clock, err = renew(ctx, tx, s.ID, at)
		}
		return s, err == nil, err
	}
	s = Sandbox{ID: id.New("sbx"), SellerID: sellerID, AccountID: accountID, State: Filling, Clock: at, Holder: id.New("hld"), HeldUntil: now.Add(lease),
		Report: []Left{}, UsedAt: now, CreatedAt: now}
	if s.Storage, err = newStorage(ctx, tx); err != nil {
		return s, false, err
	}
	written, err := db.InsertIfAbsent(ctx, tx, "sandboxes", s)
	if err == nil && !written {
		err = errs.Conflictf("sandbox.busy", "state", Filling)
	}
	return s, err == nil, err
}

const sqlRenew = `update sandboxes set storage = $1, clock = $2, state = 'filling', report = '[]', moved_at = null, filled_at = null where id = $3`

func renew(ctx context.Context, tx *db.Tx, sandboxID string, at time.Time) (string, time.Time, error) {
	name, err := newStorage(ctx, tx)
	if err == nil {
		_, err = db.Exec(ctx, tx, sqlRenew, name, at, sandboxID)
	}
	return name, at, err
}

// Take holds a sandbox for the caller, who alone fills it or moves its clock until
// Release. "sandbox.busy" (Conflict) when another one holds it.
func Take(ctx context.Context, tx *db.Tx, sandboxID string) (Sandbox, error) {
	now, holder := clock.Wall{}.Now(), id.New("hld")
	n, err := db.Exec(ctx, tx, sqlTake, holder, now.Add(lease), sandboxID, now)
	if err != nil {
		return Sandbox{}, err
	}
	s, found, err := Find(ctx, tx, sandboxID)
	switch {
	case err != nil:
		return s, err
	case !found:
		return s, errs.NotFoundf("sandbox.not_found")
	case n == 0:
		return s, errs.Conflictf("sandbox.busy", "state", s.State)
	}
	return s, nil
}

// Reset has the holder fill another storage with the clock at an instant; what was bought
// before is gone.
func Reset(ctx context.Context, tx *db.Tx, s *Sandbox, at time.Time) error {
	name, _, err := renew(ctx, tx, s.ID, at)
	if err != nil {
		return err
	}
	s.State, s.Storage, s.Clock = Filling, name, at
	return audit.Record(ctx, tx, audit.Entry{Action: "sandbox.reset", Object: "sandbox", ObjectID: s.ID, AccountID: s.AccountID})
}

const sqlFilled = `update sandboxes set state = 'open', holder = '', held_until = null, report = $1, used_at = $2, filled_at = $2 where id = $3 and holder = $4 and storage = $5`

// Filled opens a sandbox whose storage the holder has filled.
func Filled(ctx context.Context, tx *db.Tx, s *Sandbox, left []Left) error {
	now := clock.Wall{}.Now()
	if left == nil {
		left = []Left{}
	}
	n, err := db.Exec(ctx, tx, sqlFilled, db.JSON(left), now, s.ID, s.Holder, s.Storage)
	if err == nil && n == 0 {
		err = errs.Conflictf("sandbox.busy", "state", s.State)
	}
	if err != nil {
		return err
	}
	s.State, s.Holder, s.Report, s.UsedAt, s.FilledAt = Open, "", left, now, now
	return audit.Record(ctx, tx, audit.Entry{Action: "sandbox.open", Object: "sandbox", ObjectID: s.ID, AccountID: s.AccountID})
}

const sqlTick = `update sandboxes set clock = $1, moved_at = $2, held_until = $3, used_at = $2 where id = $4 and holder = $5 and storage = $6 and clock <= $1`

// Tick writes the instant that the holder moves the clock to, before anything happens at
// it: after a crash the clock is never behind what has happened.
func Tick(ctx context.Context, tx *db.Tx, s *Sandbox, to time.Time) error {
	now := clock.Wall{}.Now()
	n, err := db.Exec(ctx, tx, sqlTick, to, now, now.Add(lease), s.ID, s.Holder, s.Storage)
	if err == nil && n == 0 {
		err = errs.Conflictf("sandbox.busy", "state", s.State)
	}
	s.Clock = to
	return err
}

const sqlRelease = `update sandboxes set holder = '', held_until = null where id = $1 and holder = $2`

// Release gives a held sandbox free.
func Release(ctx context.Context, tx *db.Tx, s Sandbox) error {
	_, err := db.Exec(ctx, tx, sqlRelease, s.ID, s.Holder)
	return err
}

// usedEvery is how often an entry is written.
const usedEvery = time.Hour

const sqlUsed = `update sandboxes set used_at = $1 where id = $2`

// StaleUse tells whether Used is worth a write.
func (s Sandbox) StaleUse() bool { return clock.Wall{}.Now().Sub(s.UsedAt) > usedEvery }

// Used notes that somebody is in the sandbox.
func Used(ctx context.Context, tx *db.Tx, sandboxID string) error {
	_, err := db.Exec(ctx, tx, sqlUsed, clock.Wall{}.Now(), sandboxID)
	return err
}

const sqlClose = `update sandboxes set state = 'closing' where id = $1`
const sqlForget = `delete from sandboxes where id = $1 and state = 'closing'`

// Close ends a sandbox for good: from now on nobody gets in. Its row goes with Forget, its
// storage is removed after that.
func Close(ctx context.Context, tx *db.Tx, s Sandbox, reason string) error {
	if _, err := db.Exec(ctx, tx, sqlClose, s.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "sandbox.delete", Object: "sandbox", ObjectID: s.ID, AccountID: s.AccountID, Reason: reason})
}

// Forget removes the row of a closed sandbox.
func Forget(ctx context.Context, tx *db.Tx, sandboxID string) error {
	_, err := db.Exec(ctx, tx, sqlForget, sandboxID)
	return err
}

const sqlUnused = `select ` + columns + ` from sandboxes where used_at < $1 order by used_at limit 20`

// Unused lists sandboxes that nobody has entered for 30 days.
func Unused(ctx context.Context, q db.Querier) ([]Sandbox, error) {
	return db.List[Sandbox](ctx, q, sqlUnused, clock.Wall{}.Now().Add(-unused))
}

// orphaned is from when on a storage that no sandbox names is one whose maker died.
const orphaned = time.Hour

const sqlOrphans = `select name from sandbox_storages st where created_at < $1 and not exists (select 1 from sandboxes s where s.storage = st.name) order by name limit 20`
const sqlDrop = `delete from sandbox_storages where name = $1`

// Orphans names storages that no sandbox has.
func Orphans(ctx context.Context, q db.Querier) ([]string, error) {
	return db.List[string](ctx, q, sqlOrphans, clock.Wall{}.Now().Add(-orphaned))
}

// Dropped forgets a storage that was removed.
func Dropped(ctx context.Context, tx *db.Tx, name string) error {
	_, err := db.Exec(ctx, tx, sqlDrop, name)
	return err
}
