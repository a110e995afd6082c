package integration

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/wire/saas"
)

// BatchInput says which saved cases run again.
type BatchInput struct {
	Target
	Source  Source
	Need    *Need    // only what such a product needs; nil is every saved case
	CaseIDs []string // only these; nil is all
	Pending bool     // sign with the second key of a rotation (Source is SourcePending)
}

// Result is how one case ended.
type Result struct {
	CaseID   string
	Scenario string
	RunID    string // "" when it was not run
	Passed   bool
	Problem  *Fault
	Duration time.Duration
}

// Batch is a run of saved cases. Passed tells that none failed and none is missing.
type Batch struct {
	Target
	Results []Result
	Missing []Lack // of Need: what was never saved or does not hold any more
	Passed  bool
}

// The time that an instance in process is waited for, and the pause between two questions (saas.md §7.2).
const readyTime, readyPause = 30 * time.Second, time.Second

// batchTime is after which a batch that somebody waits for begins no further case. Its last calls take their time too.
const batchTime = 90 * time.Second

// RunCases runs saved cases again with testFlag=1, in the order in which an instance lives through them: what an earlier
// purchase creates is what the later ones call. It records each run and tells the outcomes; what the server does wrong is
// no error. It calls the server and opens its own transactions; a run of the debug page to the same address is waited for.
//
// Cases that do not hold any more (key or address changed) are left out and told in Missing, except when a person runs
// them (SourceRerun): there a passed run makes them hold again.
//
// A server that cannot be reached, or hangs, ends the batch: the other cases would only wait; they fail with the same
// problem. So does a batch that somebody waits for after 90 s; only probes have all the time they need. Errors: those of Debug for address and key, "integration.case_not_found", and ctx's.
func (s *Store) RunCases(ctx context.Context, in BatchInput) (Batch, error) {
	out := Batch{Target: in.Target, Results: []Result{}, Missing: []Lack{}}
	leave, err := s.lanes.enter(ctx, in.Target)
	if err != nil {
		return out, err
	}
	defer leave()
	var b *bench
	err = s.DB.View(ctx, func(q db.Querier) (err error) {
		b, err = s.open(ctx, q, in.Target, in.Pending)
		return err
	})
	if err != nil {
		return out, err
	}
	chosen, err := b.choose(in)
	if err != nil {
		return out, err
	}
	if in.Need != nil {
		out.Missing = b.lacks(*in.Need)
	}
	var down *Fault
	begun := s.now()
	for _, c := range chosen {
		if down == nil && in.Source != SourceProbe && s.now().Sub(begun) > batchTime {
			down = fault(FaultBatchSlow, "seconds", Seconds(batchTime))
		}
		res := Result{CaseID: c.ID, Scenario: c.Scenario, Problem: down}
		if down == nil {
			r, err := s.runCase(ctx, b, c, in)
			if err != nil {
				return out, err
			}
			res.RunID, res.Passed, res.Problem, res.Duration = r.ID, r.Passed, r.Problem(), time.Duration(r.DurationUS)*time.Microsecond
			if r.ProblemRow == RowConnect || r.ProblemRow == RowTime {
				down = res.Problem
			}
		}
		out.Results = append(out.Results, res)
	}
	out.Passed = len(out.Missing) == 0 && !slices.ContainsFunc(out.Results, func(r Result) bool { return !r.Passed })
	return out, nil
}

// Rerun is RunCases in a person's name: of one target, all cases or the named ones. Errors besides those of RunCases:
// "integration.too_many" (TooMany).
func (s *Store) Rerun(ctx context.Context, t Target, caseIDs []string) (Batch, error) {
	n := len(caseIDs)
	if n == 0 {
		caseIDs = nil
		list, err := s.ofTarget(ctx, s.DB, t)
		if err != nil {
			return Batch{Target: t}, err
		}
		n = len(list)
	}
	if !s.allowBatch(t.SellerID, n) {
		return Batch{Target: t}, errs.TooManyf("integration.too_many")
	}
	b, err := s.RunCases(ctx, BatchInput{Target: t, Source: SourceRerun, CaseIDs: caseIDs})
	if err != nil {
		return b, err
	}
	return b, s.DB.UpdateCtx(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error {
		return s.audit(ctx, tx, t.SellerID, "integration.rerun", t.AddressID, "", map[string]any{"path": t.Path, "generation": t.Generation,
			"cases": len(b.Results), "passed": b.Passed})
	})
}

// allowBatch counts the runs of a batch as so many; one that is larger than the bucket takes it whole.
func (s *Store) allowBatch(sellerID string, runs int) bool {
	return s.lanes.allow(sellerID, max(1, min(runs, debugBurst)))
}

// choose are the cases that run. One that the purchase of a chosen one needs is not added: its instance is remembered.
func (b *bench) choose(in BatchInput) ([]CaseRow, error) {
	var out []CaseRow
	needed := map[string]bool{}
	if in.Need != nil {
		for _, sc := range Needed(in.Generation, *in.Need) {
			needed[sc.Key] = true
		}
	}
	for _, c := range b.cases {
		switch {
		case in.CaseIDs != nil && !slices.Contains(in.CaseIDs, c.ID):
		case in.Need != nil && !needed[c.Scenario]:
		case in.Source != SourceRerun && in.Source != SourcePending && c.Invalid() != "":
		default:
			out = append(out, c)
		}
	}
	if in.CaseIDs != nil && len(out) < len(in.CaseIDs) {
		return nil, errs.NotFoundf("integration.case_not_found")
	}
	return out, nil
}

// runCase runs one case and records it.
func (s *Store) runCase(ctx context.Context, b *bench, c CaseRow, in BatchInput) (Run, error) {
	sc, ok := saas.ScenarioOf(c.Generation, c.Scenario)
	if !ok {
		return Run{}, errs.NotFoundf("integration.case_not_found")
	}
	entered := saas.Params(c.current(b.all(), s.now(), b.zone))
	input := RunInput{Target: in.Target, Scenario: c.Scenario, EncryptType: c.EncryptType, Pending: in.Pending}
	r, err := s.try(ctx, b, sc, entered, input)
	if err != nil {
		return r, err
	}
	if r.Passed && sc.Creates() && r.ResultCode == saas.CodeProcessing {
		if err := s.awaitReady(ctx, b, &r); err != nil {
			return r, err
		}
	}
	r.Source = in.Source
	if r.Passed && sc.Creates() {
		b.remember(c.ID, r.InstanceID)
	}
	err = s.DB.UpdateCtx(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error {
		if err := s.writeRun(ctx, tx, &r); err != nil {
			return err
		}
		return s.noteRun(ctx, tx, c.ID, r)
	})
	return r, err
}

// remember makes the later cases of the batch call the instance that this run has created.
func (b *bench) remember(caseID, instanceID string) {
	for i := range b.cases {
		if b.cases[i].ID == caseID {
			b.cases[i].InstanceID = instanceID
		}
	}
}

// awaitReady asks for an instance in process until it is named; whatever is called before would meet half an instance.
func (s *Store) awaitReady(ctx context.Context, b *bench, r *Run) error {
	sc, _ := saas.ScenarioOf(saas.V2, string(saas.QueryInstance))
	query := saas.Params(saas.QueryInstanceV2{InstanceID: r.InstanceID, Test: true}.V2Params())
	deadline, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	tick := time.NewTicker(readyPause)
	defer tick.Stop()
	for {
		asked, err := s.try(deadline, b, sc, query, RunInput{Target: b.target, Scenario: sc.Key, Pending: b.pending})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && asked.Passed {
			return nil
		}
		select {
		case <-deadline.Done():
			f := fault(FaultNotReady, "seconds", Seconds(readyTime))
			r.Passed, r.ProblemRow, r.ProblemCode, r.ProblemArgs = false, RowNamed, f.Code, f.Args
			return ctx.Err()
		case <-tick.C:
		}
	}
}

const sqlNotePassed = `update integration_cases set last_run_id = $1, last_at = $2, last_source = $3, last_key_id = $4, last_passed = $5,
last_code = '', last_args = '{}', key_id = $4, origin = $6, instance_id = $7, method = $8, url = $9, request_head = $10, request_body = $11,
status = $12, response_head = $13, response_body = $14, response_size = $15, version = version + 1 where id = $16`

const sqlNoteFailed = `update integration_cases set last_run_id = $1, last_at = $2, last_source = $3, last_key_id = $4, last_passed = $5,
last_code = $6, last_args = $7, version = version + 1 where id = $8`

const sqlNotePending = `update integration_cases set pending_key_id = $1, pending_at = $2, pending_passed = $3, version = version + 1 where id = $4`

// noteRun writes into a case how it was run last. A case that was deleted meanwhile stays deleted.
func (s *Store) noteRun(ctx context.Context, tx *db.Tx, caseID string, r Run) error {
	var err error
	switch {
	case r.PendingKey:
		_, err = db.Exec(ctx, tx, sqlNotePending, r.KeyID, r.At, r.Passed, caseID)
	case r.Passed:
		_, err = db.Exec(ctx, tx, sqlNotePassed, r.ID, r.At, r.Source, r.KeyID, true, r.Origin, r.InstanceID, r.Method, r.URL, db.JSON(r.RequestHead),
			r.RequestBody, r.Status, db.JSON(r.ResponseHead), r.ResponseBody, r.ResponseSize, caseID)
	default:
		_, err = db.Exec(ctx, tx, sqlNoteFailed, r.ID, r.At, r.Source, r.KeyID, false, r.ProblemCode, db.JSON(r.ProblemArgs), caseID)
	}
	return err
}
