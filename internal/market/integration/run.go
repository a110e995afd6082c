package integration

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/outbound"
	"jishi/internal/base/secret"
	"jishi/internal/market/seller"
	"jishi/wire/saas"
)

// foreignKey signs calls that must be refused. No marketplace hands it out: it is no UUID of version 4.
const foreignKey = "00000000-0000-0000-0000-000000000000"

// RunInput is one run of the debug page.
type RunInput struct {
	Target
	Scenario       string
	Parameters     map[string]string // as entered; a blank or absent one is not sent
	EncryptType    saas.EncryptType  // of contact data in V1; "" is AES-256
	Save           bool              // "debug and save": a passed run becomes the case
	Pending        bool              // sign with the second key of a rotation
	WrongSignature bool              // sign with a foreign key: the server must refuse
}

// bench is what runs against one target have in common.
type bench struct {
	target   Target
	endpoint seller.Endpoint
	key      secret.String
	keyID    string
	pending  bool
	zone     *time.Location
	cases    []CaseRow
}

func (b *bench) all() []Case { return plainCases(b.cases) }

// open reads what a run needs. Errors: "invalid" (path, generation), "seller.address_not_found",
// "seller.address_unverified", "seller.address_generation", "integration.no_key" (Conflict), "integration.no_pending_key".
func (s *Store) open(ctx context.Context, q db.Querier, t Target, pending bool) (*bench, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	a, err := s.Sellers.AddressOf(ctx, q, t.SellerID, t.AddressID)
	if err != nil {
		return nil, err
	}
	if a.State != seller.Verified {
		return nil, errs.Conflictf("seller.address_unverified", "state", a.State)
	}
	if !slices.Contains(a.Generations(), seller.Generation(t.Generation)) {
		return nil, errs.Conflictf("seller.address_generation", "state", a.State, "generation", string(t.Generation))
	}
	b := &bench{target: t, pending: pending}
	if b.endpoint, err = s.Sellers.Endpoint(ctx, q, t.AddressID); err != nil {
		return nil, err
	}
	switch {
	case t.Generation == saas.V1 && pending:
		return nil, errs.Conflictf("integration.no_pending_key")
	case t.Generation == saas.V1:
		k, err := s.Sellers.V1Key(ctx, q, t.SellerID)
		if err != nil {
			return nil, err
		}
		b.key, b.keyID = b.endpoint.V1Key, k.ID
	case pending:
		if b.keyID, b.key, err = s.Sellers.PendingKey(ctx, q, t.AddressID, seller.Base); err != nil {
			return nil, err
		}
		if b.keyID == "" {
			return nil, errs.Conflictf("integration.no_pending_key")
		}
	default:
		b.key, b.keyID = b.endpoint.V2Key, b.endpoint.V2KeyID
	}
	if b.key.Reveal() == "" {
		return nil, errs.Conflictf("integration.no_key")
	}
	if b.zone, err = s.zone(ctx); err != nil {
		return nil, err
	}
	b.cases, err = s.rowsOfTarget(ctx, q, t)
	return b, err
}

// prepare checks a run's input and gives its scenario with the parameters as entered.
func (s *Store) prepare(b *bench, in RunInput) (saas.Scenario, saas.Params, error) {
	var c errs.Check
	sc, ok := saas.ScenarioOf(in.Generation, in.Scenario)
	if !ok {
		c.Add("scenario", "integration.scenario_unknown")
	}
	if in.EncryptType != "" {
		c.OneOf("encryptType", string(in.EncryptType), string(saas.AES256), string(saas.AES128))
	}
	if in.Pending && in.Save {
		c.Add("save", "integration.save_pending")
	}
	if err := c.Err(); err != nil {
		return sc, nil, err
	}
	entered, err := parameters(sc, in.Parameters, sc.Preset(s.dummies(sc, b.all(), "DEBUG"+random(4), b.zone)))
	return sc, entered, err
}

// Request is the signed request of a run that is not made: a complete link address (生成链接地址) in V1, a command in V2
// (生成请求命令). A V2 request expires after 60 s. Errors as Debug.
func (s *Store) Request(ctx context.Context, in RunInput) (saas.Call, error) {
	var b *bench
	err := s.DB.View(ctx, func(q db.Querier) (err error) {
		b, err = s.open(ctx, q, in.Target, in.Pending)
		return err
	})
	if err != nil {
		return saas.Call{}, err
	}
	sc, entered, err := s.prepare(b, in)
	if err != nil {
		return saas.Call{}, err
	}
	key := b.key
	if in.WrongSignature {
		key = secret.NewString(foreignKey)
	}
	return s.sign(b, sc, key, entered, in.EncryptType)
}

func (s *Store) sign(b *bench, sc saas.Scenario, key secret.String, entered saas.Params, kind saas.EncryptType) (saas.Call, error) {
	p, err := withBusiness(entered).Prepare(sc.Generation, b.key.Reveal(), kind, func() string { return random(8) })
	if err != nil {
		return saas.Call{}, err
	}
	return s.Caller.Sign(Signing{Endpoint: b.endpoint, Path: b.target.Path, Generation: sc.Generation, Key: key, Parameters: p, At: s.now()})
}

// Debug makes one run, records it and, with Save, keeps a passed one as the case of its scenario. What the server does
// wrong is in the Run and no error. It calls the server and opens its own transactions.
//
// Errors: "invalid" (one entry per field, parameters under "parameters.<name>"), "seller.address_not_found",
// "seller.address_unverified", "seller.address_generation", "integration.no_key", "integration.no_pending_key",
// "integration.busy" (Conflict: another run to this address and path), "integration.too_many" (TooMany).
func (s *Store) Debug(ctx context.Context, in RunInput) (Run, error) {
	var b *bench
	err := s.DB.View(ctx, func(q db.Querier) (err error) {
		b, err = s.open(ctx, q, in.Target, in.Pending)
		return err
	})
	if err != nil {
		return Run{}, err
	}
	sc, entered, err := s.prepare(b, in)
	if err != nil {
		return Run{}, err
	}
	if !s.lanes.allow(in.SellerID, 1) {
		return Run{}, errs.TooManyf("integration.too_many")
	}
	leave, free := s.lanes.tryEnter(in.Target)
	if !free {
		return Run{}, errs.Conflictf("integration.busy")
	}
	defer leave()
	r, err := s.try(ctx, b, sc, entered, in)
	if err != nil {
		return Run{}, err
	}
	r.Source = SourceDebug
	err = s.DB.UpdateCtx(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error {
		r.Saved = r.Passed && in.Save && !in.WrongSignature
		if err := s.writeRun(ctx, tx, &r); err != nil {
			return err
		}
		if r.Saved {
			if _, err := s.saveCase(ctx, tx, r, entered); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, r.SellerID, "integration.run", r.ID, "", map[string]any{"scenario": r.Scenario, "generation": r.Generation,
			"address": r.Origin + r.Path, "passed": r.Passed, "wrongSignature": r.WrongSignature, "saved": r.Saved})
	})
	return r, err
}

// try makes the calls of one run and judges them; nothing is written.
func (s *Store) try(ctx context.Context, b *bench, sc saas.Scenario, entered saas.Params, in RunInput) (Run, error) {
	r := Run{SellerID: b.target.SellerID, AddressID: b.target.AddressID, Origin: b.endpoint.Origin, Path: b.target.Path, Generation: sc.Generation,
		Scenario: sc.Key, WrongSignature: in.WrongSignature, Parameters: entered, EncryptType: in.EncryptType, KeyID: b.keyID, PendingKey: b.pending,
		At: s.now(), Warnings: []Fault{}, ProblemArgs: map[string]string{}}
	key := b.key
	if in.WrongSignature {
		key = secret.NewString(foreignKey)
	}
	call, err := s.sign(b, sc, key, entered, in.EncryptType)
	if err != nil {
		return r, err
	}
	reply, unsent := s.Caller.Send(ctx, b.endpoint, call)
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	var v Verdict
	if in.WrongSignature {
		v = Refusal(reply, unsent, FaultWrongSignature)
	} else {
		v = Judge(s.expect(b, sc, entered), reply, unsent)
	}
	r.note(v, call, reply)
	if r.ProblemCode == "" && !in.WrongSignature {
		if err := s.more(ctx, b, sc, entered, in, &r, v); err != nil {
			return r, err
		}
	}
	r.Passed = r.ProblemCode == ""
	return r, nil
}

func (s *Store) expect(b *bench, sc saas.Scenario, p saas.Params) saas.Expectation {
	return saas.Expectation{Generation: sc.Generation, Activity: sc.Activity, Status: p["instanceStatus"] + p["status"], Key: b.key.Reveal(),
		AcceptUnsigned: b.endpoint.AcceptUnsigned, Debug: true}
}

// note writes a verdict into the run.
func (r *Run) note(v Verdict, call saas.Call, reply outbound.Response) {
	r.Exchange = exchangeOf(call, reply)
	r.DurationUS = reply.Duration.Microseconds()
	r.ResultCode = clip(plain(v.Answer.ResultCode), 20)
	if r.InstanceID == "" {
		r.InstanceID = clip(plain(v.Answer.InstanceID), 64)
	}
	r.Warnings = append(r.Warnings, v.Warnings...)
	if v.Problem != nil {
		r.ProblemRow, r.ProblemCode, r.ProblemArgs = v.Row, v.Problem.Code, v.Problem.Args
	}
}

// more are the checks that one answer alone cannot show: a repeated purchase is the same instance, a repeated release
// succeeds, and a query speaks of what it was asked for.
func (s *Store) more(ctx context.Context, b *bench, sc saas.Scenario, entered saas.Params, in RunInput, r *Run, v Verdict) error {
	fail := func(row int, f *Fault) { r.ProblemRow, r.ProblemCode, r.ProblemArgs = row, f.Code, f.Args }
	switch sc.Activity {
	case saas.QueryInstance:
		for _, id := range saas.SplitInstanceIDs(entered["instanceId"]) {
			if !Names(v.Instances, id) {
				fail(RowNamed, fault(FaultNotNamed, "id", id))
				return nil
			}
		}
		return nil
	case saas.NewInstance, saas.ReleaseInstance:
	default:
		return nil
	}
	call, err := s.sign(b, sc, b.key, entered, in.EncryptType)
	if err != nil {
		return err
	}
	reply, err := s.Caller.Send(ctx, b.endpoint, call)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	again := Judge(s.expect(b, sc, entered), reply, err)
	switch {
	case again.Problem != nil && sc.Activity == saas.ReleaseInstance && again.Answer.ResultCode != "":
		again.Problem = fault(FaultRelease, "code", clip(again.Answer.ResultCode, 20))
	case again.Problem == nil && sc.Activity == saas.NewInstance && again.Answer.InstanceID != v.Answer.InstanceID:
		again.Problem = fault(FaultNotIdempotent, "order", entered["orderId"], "first", v.Answer.InstanceID, "second", again.Answer.InstanceID)
	}
	if again.Problem != nil { // the second exchange is the one to look at
		again.Warnings = nil
		again.Row = RowRepeat
		took := r.DurationUS
		r.note(again, call, reply)
		r.DurationUS += took
	}
	return nil
}

// CannotCall tells whether an error of Debug or RunCases says that the target cannot be called as it is: address not found
// or not verified, no key, a path that is none. Nothing was sent then.
func CannotCall(err error) bool {
	for _, code := range []string{"invalid", "seller.address_not_found", "seller.address_unverified", "seller.address_generation",
		"seller.key_not_found", "integration.no_key", "integration.no_pending_key"} {
		if errs.Is(err, code) {
			return true
		}
	}
	return false
}
