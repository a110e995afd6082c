package probing

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/job"
)

// State is the state of a run.
type State string

// The states.
const (
	Planned State = "planned"
	Queued  State = "queued"
	Passed  State = "passed"
	Failed  State = "failed"
	Skipped State = "skipped" // there was nothing to probe: Reason says why
	Missed  State = "missed"  // no node made it in its time
)

// Ended tells whether nothing more comes of the run.
func (s State) Ended() bool { return s != Planned && s != Queued }

// Why a run was skipped; texts probing.skip.<reason>.
const (
	SkipOff     = "off"         // probing was switched off
	SkipProduct = "not_on_sale" // the product was taken down or stopped meanwhile
	SkipSeller  = "seller"      // the seller is suspended
	SkipCases   = "no_cases"    // no case of the required set is saved and holds
)

// JobKind is the kind of the job that makes a run.
const JobKind = "probing.run"

// Wake are the arguments of that job.
type Wake struct {
	Run string `json:"run"`
}

// Case is how one saved case ended.
type Case struct {
	Scenario   string         `json:"scenario"`
	Title      i18n.Text      `json:"title"`
	RunID      string         `json:"runId,omitempty"` // of the debugging history
	Passed     bool           `json:"passed"`
	Code       string         `json:"code,omitempty"` // of the fault
	Args       map[string]any `json:"args,omitempty"`
	DurationMS int64          `json:"durationMs"`
}

// Run is one probe of a product.
type Run struct {
	ID          string         `db:"id"`
	ProductID   string         `db:"product_id"`
	SellerID    string         `db:"seller_id"`
	AddressID   string         `db:"address_id"` // the product's when the run began
	Day         string         `db:"day"`
	Half        string         `db:"half"`
	DueAt       time.Time      `db:"due_at"`
	State       State          `db:"state"`
	Attempt     int            `db:"attempt"`
	StartedAt   time.Time      `db:"started_at"`
	FinishedAt  time.Time      `db:"finished_at"`
	Reason      string         `db:"reason"`
	Cases       int            `db:"cases"`
	FailedCases int            `db:"failed_cases"`
	ErrorCode   string         `db:"error_code"`
	ErrorArgs   map[string]any `db:"error_args,json"`
	Results     []Case         `db:"results,json"`
	AskedBy     string         `db:"asked_by"`
}

const runColumns = `id, product_id, seller_id, address_id, day, half, due_at, state, attempt, started_at, finished_at, reason, cases, failed_cases, error_code, error_args, results, asked_by`

const sqlDue = `select ` + runColumns + ` from probe_runs where state in ('planned', 'queued') and state = 'planned' and due_at <= $1 order by due_at limit 100`
const sqlQueue = `update probe_runs set state = 'queued' where id = $1 and state = 'planned'`

// Enqueue gives the runs that are due to the workers; it tells whether more may be waiting.
// The lane is the address, so that a hanging server holds up nobody else's probes.
func Enqueue(ctx context.Context, tx *db.Tx) (more bool, err error) {
	due, err := db.List[Run](ctx, tx, sqlDue, tx.Now)
	if err != nil {
		return false, err
	}
	for _, r := range due {
		n, err := db.Exec(ctx, tx, sqlQueue, r.ID)
		if err != nil {
			return false, err
		}
		if n == 0 {
			continue // another node was faster
		}
		if _, err := job.Enqueue(ctx, tx, job.New{Kind: JobKind, Args: Wake{Run: r.ID}, Ref: r.ID, Lane: r.AddressID}); err != nil {
			return false, err
		}
	}
	return len(due) == 100, nil
}

const sqlStart = `update probe_runs set attempt = attempt + 1, started_at = $1 where id = $2 and state = 'queued' returning ` + runColumns

// Start takes a queued run for this worker. Not found tells that it was ended meanwhile. A
// second worker may start it again when the first one's lease is over; only the last one's
// result counts.
func Start(ctx context.Context, tx *db.Tx, runID string) (Run, bool, error) {
	return db.Maybe[Run](ctx, tx, sqlStart, tx.Now, runID)
}

const sqlBefore = `select state from probe_runs where product_id = $1 and id <> $2 and state in ('passed', 'failed', 'skipped') and (state <> 'skipped' or reason = 'no_cases') order by finished_at desc, id desc limit 1`

// ProbedBefore tells whether the product's last run before r that had something to look at was made.
func ProbedBefore(ctx context.Context, q db.Querier, r Run) (bool, error) {
	state, found, err := db.Maybe[State](ctx, q, sqlBefore, r.ProductID, r.ID)
	return found && state != Skipped, err
}

// Outcome is what came of a run.
type Outcome struct {
	Skip  string // not "": why nothing was probed
	Cases []Case
	Code  string // of a fault that kept all cases from being called
	Args  map[string]any
}

const sqlFinish = `update probe_runs set state = $1, finished_at = $2, reason = $3, cases = $4, failed_cases = $5, error_code = $6, error_args = $7, results = $8, address_id = $9
where id = $10 and attempt = $11 and state = 'queued'`

// Finish writes the outcome into r and its row. "probing.late" (Conflict) for a worker whose
// run another one has taken over.
func Finish(ctx context.Context, tx *db.Tx, r *Run, o Outcome) error {
	r.State, r.FinishedAt, r.Reason, r.Results, r.Cases = Passed, tx.Now, o.Skip, o.Cases, len(o.Cases)
	if r.Results == nil {
		r.Results = []Case{}
	}
	r.ErrorCode, r.ErrorArgs = o.Code, o.Args
	for _, c := range o.Cases {
		if c.Passed {
			continue
		}
		if r.FailedCases++; r.ErrorCode == "" {
			r.ErrorCode, r.ErrorArgs = c.Code, c.Args
		}
	}
	switch {
	case o.Skip != "":
		r.State = Skipped
	case r.FailedCases > 0 || o.Code != "":
		r.State = Failed
	}
	n, err := db.Exec(ctx, tx, sqlFinish, r.State, r.FinishedAt, r.Reason, r.Cases, r.FailedCases, r.ErrorCode, db.JSON(r.ErrorArgs), db.JSON(r.Results), r.AddressID, r.ID, r.Attempt)
	if err == nil && n == 0 {
		err = errs.Conflictf("probing.late")
	}
	if err != nil || r.State == Skipped {
		return err
	}
	return noteProduct(ctx, tx, *r)
}

const sqlNoteProduct = `insert into probe_products (product_id, seller_id, last_run_id, last_state, last_at) values ($1, $2, $3, $4, $5)
on conflict (product_id) do update set seller_id = excluded.seller_id, last_run_id = excluded.last_run_id, last_state = excluded.last_state, last_at = excluded.last_at`

func noteProduct(ctx context.Context, tx *db.Tx, r Run) error {
	_, err := db.Exec(ctx, tx, sqlNoteProduct, r.ProductID, r.SellerID, r.ID, r.State, r.FinishedAt)
	return err
}

// Ask plans a run at once. One that is planned or under way already is given back.
func Ask(ctx context.Context, tx *db.Tx, productID, sellerID, addressID, by string, zone *time.Location) (Run, error) {
	r := Run{ID: id.New("prb"), ProductID: productID, SellerID: sellerID, AddressID: addressID, Day: tx.Now.In(zone).Format(time.DateOnly),
		Half: "now", DueAt: tx.Now, State: Planned, Results: []Case{}, AskedBy: by}
	written, err := db.InsertIfAbsent(ctx, tx, "probe_runs", r)
	if err != nil {
		return r, err
	}
	if !written {
		return db.One[Run](ctx, tx, sqlAsked, productID)
	}
	_, err = Enqueue(ctx, tx)
	return r, err
}

const sqlAsked = `select ` + runColumns + ` from probe_runs where product_id = $1 and half = 'now' and state in ('planned', 'queued')`

// late is how long after its minute a run may still be made.
const late = 2 * time.Hour

// SQLite takes a partial index only when its very condition stands in the query.
const (
	sqlLost = `update probe_runs set state = 'planned' where state in ('planned', 'queued') and state = 'queued' and due_at < $1
and not exists (select 1 from jobs j where j.ref = probe_runs.id and j.ref <> '' and j.state in ('ready', 'running'))`
	sqlMissed = `update probe_runs set state = 'missed', finished_at = $1 where state in ('planned', 'queued') and due_at < $2
and not exists (select 1 from jobs j where j.ref = probe_runs.id and j.ref <> '' and j.state in ('ready', 'running'))`
)

// Sweep gives runs whose job was lost back, and ends those whose time is over.
func Sweep(ctx context.Context, tx *db.Tx) error {
	if _, err := db.Exec(ctx, tx, sqlMissed, tx.Now, tx.Now.Add(-late)); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, sqlLost, tx.Now.Add(-10*time.Minute))
	return err
}

// keepRuns is how long runs stay: as long as the attempts of calls.
const keepRuns = 180

const sqlPurgeRuns = `delete from probe_runs where id in (select id from probe_runs where day < $1 limit 500)`

// Purge removes a batch of old runs and tells whether more may be left.
func Purge(ctx context.Context, tx *db.Tx) (more bool, err error) {
	n, err := db.Exec(ctx, tx, sqlPurgeRuns, tx.Now.AddDate(0, 0, -keepRuns).Format(time.DateOnly))
	return n == 500, err
}
