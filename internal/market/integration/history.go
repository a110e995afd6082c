package integration

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
	"jishi/wire/saas"
)

// Source is what a run was made for.
type Source string

// The sources.
const (
	SourceDebug   Source = "debug"   // the debug page
	SourceRerun   Source = "rerun"   // a saved case, by hand
	SourceSubmit  Source = "submit"  // submission for publication, or of a modification
	SourceApprove Source = "approve" // the operator's approval
	SourceProbe   Source = "probe"   // the twice-daily probe (接口拨测)
	SourcePending Source = "pending" // the second key of a rotation
)

// Run is one tried call (调试记录).
type Run struct {
	ID             string            `db:"id"`
	SellerID       string            `db:"seller_id"`
	AddressID      string            `db:"address_id"`
	Origin         string            `db:"origin"`
	Path           string            `db:"path"`
	Generation     saas.Generation   `db:"generation"`
	Scenario       string            `db:"scenario"`
	Source         Source            `db:"source"`
	WrongSignature bool              `db:"wrong_signature"` // deliberately: it passes when the server refuses
	Parameters     map[string]string `db:"parameters,json"` // as they were entered
	EncryptType    saas.EncryptType  `db:"encrypt_type"`
	KeyID          string            `db:"key_id"`
	PendingKey     bool              `db:"pending_key"` // signed with the second key of a rotation
	Passed         bool              `db:"passed"`
	Saved          bool              `db:"saved"`       // it became the case of its scenario
	ProblemRow     int               `db:"problem_row"` // the failed check, 0 for none
	ProblemCode    string            `db:"problem_code"`
	ProblemArgs    map[string]string `db:"problem_args,json"`
	Warnings       []Fault           `db:"warnings,json"`
	Exchange
	DurationUS int64     `db:"duration_us"`
	ResultCode string    `db:"result_code"`
	InstanceID string    `db:"instance_id"` // that the answer named
	ActorKind  string    `db:"actor_kind"`
	ActorID    string    `db:"actor_id"`
	ActorName  string    `db:"actor_name"`
	At         time.Time `db:"at"`
}

func (r Run) target() Target {
	return Target{SellerID: r.SellerID, AddressID: r.AddressID, Path: r.Path, Generation: r.Generation}
}

// Problem is the first failed check; nil when the run passed.
func (r Run) Problem() *Fault {
	if r.ProblemCode == "" {
		return nil
	}
	return &Fault{Code: r.ProblemCode, Args: r.ProblemArgs}
}

func (s *Store) writeRun(ctx context.Context, tx *db.Tx, r *Run) error {
	a := audit.ActorFrom(ctx)
	r.ActorKind, r.ActorID, r.ActorName = a.Kind, a.ID, a.Name
	if r.ID == "" {
		r.ID = id.New("run")
	}
	if r.Warnings == nil {
		r.Warnings = []Fault{}
	}
	return db.Insert(ctx, tx, "integration_runs", *r)
}

const runColumns = `r.id, r.seller_id, r.address_id, r.origin, r.path, r.generation, r.scenario, r.source, r.wrong_signature, r.parameters,
r.encrypt_type, r.key_id, r.pending_key, r.passed, r.saved, r.problem_row, r.problem_code, r.problem_args, r.warnings, r.method, r.url,
r.request_head, r.request_body, r.status, r.response_head, r.response_body, r.response_size, r.duration_us, r.result_code, r.instance_id,
r.actor_kind, r.actor_id, r.actor_name, r.at`

const sqlRun = `select ` + runColumns + ` from integration_runs r where r.id = $1 and ($2 = '' or r.seller_id = $2)`

// RunOf is a run of the seller; an empty sellerID reads any, for operators. "integration.run_not_found".
func (s *Store) RunOf(ctx context.Context, q db.Querier, sellerID, runID string) (Run, error) {
	r, ok, err := db.Maybe[Run](ctx, q, sqlRun, runID, sellerID)
	if err == nil && !ok {
		err = errs.NotFoundf("integration.run_not_found")
	}
	return r, err
}

// RunFilter narrows the history; empty fields do not.
type RunFilter struct {
	SellerID, AddressID, Path, Generation, Scenario, Source string
	Result                                                  string // passed, failed
}

const runFilter = ` where ($1 = '' or r.seller_id = $1) and ($2 = '' or r.address_id = $2) and ($3 = '' or r.path = $3) and ($4 = '' or r.generation = $4)
and ($5 = '' or r.scenario = $5) and ($6 = '' or r.source = $6) and ($7 = '' or r.passed = ($7 = 'passed'))`

const sqlRuns = `select ` + runColumns + ` from integration_runs r` + runFilter + ` and ($8 = '' or r.id < $8) order by r.id desc limit $9`
const sqlRunCount = `select count(*) from (select 1 from integration_runs r` + runFilter + ` limit $8) as n`

// Runs is the history, newest first.
func (s *Store) Runs(ctx context.Context, q db.Querier, f RunFilter, p page.Query) (page.Page[Run], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Run]{}, err
	}
	args := []any{f.SellerID, f.AddressID, f.Path, f.Generation, f.Scenario, f.Source, f.Result}
	rows, err := db.List[Run](ctx, q, sqlRuns, append(args[:7:7], key[0], p.Size()+1)...)
	if err != nil {
		return page.Page[Run]{}, err
	}
	n, err := db.One[int](ctx, q, sqlRunCount, append(args[:7:7], page.TotalCap+1)...)
	return page.Of(p, rows, func(r Run) []string { return []string{r.ID} }).WithTotal(n), err
}

// KeepRuns is how long a run stays in the history.
const KeepRuns = 180 * 24 * time.Hour

const sqlPurgeRuns = `delete from integration_runs where id in (select id from integration_runs where at < $1 order by at limit 500)`

// PurgeRuns removes a batch of what is too old; it tells whether there may be more.
func (s *Store) PurgeRuns(ctx context.Context, tx *db.Tx) (more bool, err error) {
	n, err := db.Exec(ctx, tx, sqlPurgeRuns, s.now().Add(-KeepRuns))
	return n == 500, err
}

// like makes a pattern "contains" for lower-case texts; "!" escapes.
func like(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}
