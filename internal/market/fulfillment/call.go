// Package fulfillment owns the calls to sellers' servers: which call must reach a seller,
// in which order, its schedule, every attempt and the result.
//
// A call is a row, written in the transaction of its cause; a job wakes it, and its
// schedule stands here only. Calls of one instance go out one at a time in the order of
// their causes. The wire is not known here: Provider is implemented by the protocol edge.
// What a result means for order, money and instance is decided in trade.
//
// States: waiting (behind another call) → calling → succeeded | retrying → … → failed;
// failed → calling (restart); waiting, calling, retrying → canceled | manual.
package fulfillment

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/job"
)

// State is the state of a call.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Calling   State = "calling"
	Retrying  State = "retrying"
	Succeeded State = "succeeded"
	Failed    State = "failed"
	Canceled  State = "canceled"
	Manual    State = "manual" // marked as delivered by hand
)

// Open tells whether attempts may still follow by themselves.
func (s State) Open() bool { return s == Waiting || s == Calling || s == Retrying }

// JobKind is the kind of the job that wakes a call.
const JobKind = "fulfillment.call"

// Wake are the arguments of that job. Attempt is how many were made before: a job that
// comes after another one has made the attempt does nothing.
type Wake struct {
	Call    string `json:"call"`
	Attempt int    `json:"attempt"`
}

// idPrefix begins every call's id.
const idPrefix = "cal"

// Call is one call to a seller's server with all its attempts.
type Call struct {
	ID          string            `db:"id" json:"id"`
	Activity    string            `db:"activity" json:"activity"`
	Generation  string            `db:"generation" json:"generation"`
	Purpose     Purpose           `db:"purpose" json:"purpose"`
	Profile     Profile           `db:"profile" json:"profile"`
	OrderID     string            `db:"order_id" json:"orderId"` // of the cause: a refund order's on its release
	OrderLineID string            `db:"order_line_id" json:"orderLineId"`
	InstanceID  string            `db:"instance_id" json:"instanceId"`
	AccountID   string            `db:"account_id" json:"-"`
	SellerID    string            `db:"seller_id" json:"sellerId"`
	ProductID   string            `db:"product_id" json:"productId"`
	AddressID   string            `db:"address_id" json:"addressId"`
	Path        string            `db:"path" json:"path"`
	Parameters  map[string]string `db:"parameters,json" json:"parameters"`
	State       State             `db:"state" json:"state"`
	Attempts    int               `db:"attempts" json:"attempts"`
	CreatedAt   time.Time         `db:"created_at" json:"createdAt"`
	FirstAt     time.Time         `db:"first_at" json:"firstAt"`
	LastAt      time.Time         `db:"last_at" json:"lastAt"`
	NextAt      time.Time         `db:"next_at" json:"nextAt"`
	WindowStart time.Time         `db:"window_start" json:"windowStart"`
	WindowEnd   time.Time         `db:"window_end" json:"windowEnd"`
	DoneAt      time.Time         `db:"done_at" json:"doneAt"`
	ExternalID  string            `db:"external_id" json:"externalId"` // an instanceId that some answer named
	ResultCode  string            `db:"result_code" json:"resultCode"`
	ErrorCode   string            `db:"error_code" json:"errorCode"`
	ErrorArgs   map[string]any    `db:"error_args,json" json:"-"`
	Comment     string            `db:"comment" json:"comment"`
	MailedAt    time.Time         `db:"mailed_at" json:"-"`
	NamedOrder  string            `db:"named_order" json:"namedOrder"` // the number sent by a call that no order caused, else ""
	Applies     bool              `db:"applies" json:"-"`              // success changes the instance; else its cause did
}

const columns = `id, activity, generation, purpose, profile, order_id, order_line_id, instance_id, account_id, seller_id, product_id, address_id, path, parameters, state, attempts, created_at, first_at, last_at, next_at, window_start, window_end, done_at, external_id, result_code, error_code, error_args, comment, mailed_at, named_order, applies`

// Locking the instance's open calls makes queueing and finishing one after the other: the
// one that comes second sees what the first did.
const sqlLockOpen = `update fulfillment_calls set comment = comment where instance_id = $1 and state in ('waiting', 'calling', 'retrying') and purpose <> 'notify'`

// Queue writes a call. It cancels the open calls that it supersedes, and goes out at once, or at
// c.NextAt when that is set, or after the instance's other open calls. Times follow the wall clock: retries are about a server on
// the network, not about a term. WindowStart and WindowEnd may be given; else they come
// from the profile.
func Queue(ctx context.Context, tx *db.Tx, c Call) (Call, error) {
	n, err := db.Exec(ctx, tx, sqlLockOpen, c.InstanceID)
	if err != nil {
		return c, err
	}
	left, flying := 0, false
	if n > 0 {
		if left, flying, err = supersede(ctx, tx, c, int(n)); err != nil {
			return c, err
		}
	}
	if c.Purpose == Release && !flying { // what a refund has cancelled may be under way too
		states, err := db.List[string](ctx, tx, sqlFlyingCanceled, c.InstanceID)
		if err != nil {
			return c, err
		}
		flying = slices.Contains(states, "running")
	}
	if c, err = insert(ctx, tx, c, left > 0 || flying); err != nil || left == 0 || flying {
		return c, err
	}
	return c, startNext(ctx, tx, c.InstanceID)
}

// QueueFirst is Queue for an instance that was made in this transaction: no other call of
// it can be open.
func QueueFirst(ctx context.Context, tx *db.Tx, c Call) (Call, error) {
	return insert(ctx, tx, c, false)
}

func insert(ctx context.Context, tx *db.Tx, c Call, behind bool) (Call, error) {
	now := clock.Wall{}.Now()
	c.ID, c.CreatedAt, c.State = id.New(idPrefix), now, Calling
	if c.WindowStart.IsZero() {
		c.WindowStart = now
	}
	if c.WindowEnd.IsZero() {
		c.WindowEnd = c.WindowStart.Add(c.Profile.Window())
	}
	if c.NextAt.IsZero() {
		c.NextAt = now
	}
	if behind {
		c.State = Waiting
	}
	if err := db.Append(ctx, tx, "fulfillment_calls", c); err != nil || behind {
		return c, err
	}
	return c, wake(ctx, tx, c)
}

func wake(ctx context.Context, tx *db.Tx, c Call) error {
	_, err := job.Enqueue(ctx, tx, job.New{Kind: c.jobKind(), Args: Wake{Call: c.ID, Attempt: c.Attempts}, RunAt: c.NextAt, Ref: c.ID, Lane: c.AddressID})
	return err
}

const sqlNext = `select ` + columns + ` from fulfillment_calls where instance_id = $1 and state = 'waiting' and purpose <> 'notify' order by created_at, id limit 1`
const sqlOpen = `select count(*) from fulfillment_calls where instance_id = $1 and state in ('calling', 'retrying') and purpose <> 'notify'`
const sqlStart = `update fulfillment_calls set state = 'calling', next_at = $1 where id = $2 and state = 'waiting'`

// Proceed lets the instance's next call go when none is out: after an attempt whose call was
// superseded while it was under way.
func Proceed(ctx context.Context, tx *db.Tx, instanceID string) error {
	return startNext(ctx, tx, instanceID)
}

const sqlLockWaiting = `update fulfillment_calls set comment = comment where id = $1 and state = 'waiting'`

// startNext lets the instance's next waiting call go when none is out. Two calls that end at
// the same time see each other still open: the waiting row's lock makes the second one look
// again after the first.
func startNext(ctx context.Context, tx *db.Tx, instanceID string) error {
	c, found, err := db.Maybe[Call](ctx, tx, sqlNext, instanceID)
	if err != nil || !found {
		return err
	}
	open, err := db.One[int](ctx, tx, sqlOpen, instanceID)
	if err == nil && open > 0 {
		if _, err := db.Exec(ctx, tx, sqlLockWaiting, c.ID); err != nil {
			return err
		}
		open, err = db.One[int](ctx, tx, sqlOpen, instanceID)
	}
	if err != nil || open > 0 {
		return err
	}
	if now := (clock.Wall{}).Now(); c.NextAt.Before(now) {
		c.NextAt = now
	}
	n, err := db.Exec(ctx, tx, sqlStart, c.NextAt, c.ID)
	if err != nil || n == 0 {
		return err
	}
	return wake(ctx, tx, c)
}

const sqlCancelOpen = `update fulfillment_calls set state = 'canceled', done_at = $1, comment = $2 where instance_id = $3 and id <> $4 and state in ('waiting', 'calling', 'retrying') and purpose <> 'notify'`

// CancelOpen ends the instance's open calls other than the given one and notices, for example when
// its order is refunded. A call in flight finds itself canceled when it comes back.
func CancelOpen(ctx context.Context, tx *db.Tx, instanceID, except, why string) error {
	_, err := db.Exec(ctx, tx, sqlCancelOpen, clock.Wall{}.Now(), why, instanceID, except)
	return err
}

const sqlFind = `select ` + columns + ` from fulfillment_calls where id = $1 and ($2 = '*' or seller_id = $2)`

// Everybody is the seller id of operators and of the program itself.
const Everybody = "*"

// Find reads a call of the seller, or of Everybody; none of an empty seller. "fulfillment.call_not_found".
func Find(ctx context.Context, q db.Querier, callID, sellerID string) (Call, error) {
	c, ok, err := db.Maybe[Call](ctx, q, sqlFind, callID, sellerID)
	if err == nil && !ok {
		err = errs.NotFoundf("fulfillment.call_not_found")
	}
	return c, err
}

const sqlRestart = `update fulfillment_calls set state = 'calling', next_at = $1, done_at = null where id = $2 and state in ('calling', 'retrying', 'failed')`
const sqlHurry = `update jobs set run_at = $1 where ref = $2 and ref <> '' and kind in ('` + JobKind + `', '` + NotifyJobKind + `') and state = 'ready' and run_at > $1`
const sqlAwake = `select count(*) from jobs where ref = $1 and ref <> '' and kind in ('` + JobKind + `', '` + NotifyJobKind + `') and state in ('ready', 'running')`

// Restart (重新启动) makes one attempt at once; the schedule goes on while the window is
// open. Whether the call may still be restarted is the caller's business. A call that is
// waiting or done is "fulfillment.not_restartable" (Conflict).
func Restart(ctx context.Context, tx *db.Tx, c *Call) error {
	now := clock.Wall{}.Now()
	n, err := db.Exec(ctx, tx, sqlRestart, now, c.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("fulfillment.not_restartable", "state", c.State)
	}
	c.State, c.NextAt = Calling, now
	if _, err := db.Exec(ctx, tx, sqlHurry, now, c.ID); err != nil {
		return err
	}
	awake, err := db.One[int](ctx, tx, sqlAwake, c.ID)
	if err != nil || awake > 0 {
		return err
	}
	return wake(ctx, tx, *c)
}

const sqlManual = `update fulfillment_calls set state = 'manual', done_at = $1, comment = $2, external_id = case when $3 = '' then external_id else $3 end
where id = $4 and state in ('waiting', 'calling', 'retrying', 'failed')`

// MarkDone marks a call as done by hand. "fulfillment.not_open" (Conflict) for one that
// succeeded or was canceled.
func MarkDone(ctx context.Context, tx *db.Tx, c *Call, comment, externalID string) error {
	n, err := db.Exec(ctx, tx, sqlManual, clock.Wall{}.Now(), comment, externalID, c.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("fulfillment.not_open", "state", c.State)
	}
	c.State, c.Comment = Manual, comment
	return startNext(ctx, tx, c.InstanceID)
}

// SQLite takes a partial index only when its very condition stands in the query.
const sqlStuck = `select ` + columns + ` from fulfillment_calls c where state in ('waiting', 'calling', 'retrying') and state <> 'waiting' and next_at < $1
and not exists (select 1 from jobs j where j.ref = c.id and j.ref <> '' and j.state in ('ready', 'running')) limit 100`
const sqlForgotten = `select distinct instance_id from fulfillment_calls w where state in ('waiting', 'calling', 'retrying') and state = 'waiting' and created_at < $1
and not exists (select 1 from fulfillment_calls o where o.instance_id = w.instance_id and o.state in ('calling', 'retrying') and o.purpose <> 'notify') limit 100`

// Sweep wakes calls whose job was lost; a periodic job calls it. It finds nothing as long
// as everything works.
func Sweep(ctx context.Context, tx *db.Tx) (int, error) {
	late := clock.Wall{}.Now().Add(-2 * time.Minute)
	calls, err := db.List[Call](ctx, tx, sqlStuck, late)
	if err != nil {
		return 0, err
	}
	for _, c := range calls {
		if err := wake(ctx, tx, c); err != nil {
			return 0, err
		}
	}
	forgotten, err := db.List[string](ctx, tx, sqlForgotten, late)
	if err != nil {
		return 0, err
	}
	for _, instanceID := range forgotten {
		if err := startNext(ctx, tx, instanceID); err != nil {
			return 0, err
		}
	}
	return len(calls) + len(forgotten), nil
}

// beginGrace is when Sweep takes over a call whose process died in the middle.
const beginGrace = 2 * time.Minute

// Begin writes a call that its caller makes at once, outside the order of the instance's
// other calls and without a job: a person waits for it.
func Begin(ctx context.Context, tx *db.Tx, c Call) (Call, error) {
	now := clock.Wall{}.Now()
	c.ID, c.CreatedAt, c.State = id.New(idPrefix), now, Calling
	c.WindowStart, c.WindowEnd, c.NextAt = now, now, now.Add(beginGrace)
	return c, db.Insert(ctx, tx, "fulfillment_calls", c)
}
