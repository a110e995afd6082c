package identity

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/telemetry"
)

// perSubject bounds the wrong codes of one person from all networks together in forgetAfter, so that whoever knows the
// password cannot try codes from a thousand addresses. The network that last gave a right code is not bound by it: nobody
// is locked out from elsewhere.
const perSubject = 50

// FactorTry is a code about to be looked at. It is counted before that, as an Attempt is; the right code takes the count back.
type FactorTry struct {
	SubjectID string

	network         string
	pair, wide, all string
	pending         string // hash of the pending sign-in's token
}

// BeginFactor counts a try of a signed-in person's code. Errors: "identity.factor_locked" and "identity.address_busy"
// (TooMany, with "minutes").
func (s *Store) BeginFactor(ctx context.Context, tx *db.Tx, subjectID, address string) (FactorTry, error) {
	from := telemetry.Network(address)
	t := FactorTry{SubjectID: subjectID, network: from, pair: "factor:" + subjectID + "|" + from, wide: "address:" + from, all: "factor:" + subjectID}
	if err := s.countAttempt(ctx, tx, Attempt{pair: t.pair, wide: t.wide}); err != nil {
		if e, ok := errs.As(err); ok && e.Code == "identity.locked" {
			err = errs.TooManyf("identity.factor_locked", "minutes", e.Args["minutes"])
		}
		return FactorTry{}, err
	}
	now := s.now()
	all, err := db.One[counter](ctx, tx, sqlCount, t.all, now, now.Add(-forgetAfter))
	if err != nil || all.Failures <= perSubject {
		return t, err
	}
	f, ok, err := db.Maybe[factorRow](ctx, tx, sqlFactor, subjectID)
	if err == nil && (!ok || f.ProvenFrom != from) {
		err = errs.TooManyf("identity.factor_locked", "minutes", int(forgetAfter/time.Minute)) // the rollback takes the counts back
	}
	return t, err
}

// takeBack takes back what BeginFactor counted.
func (s *Store) takeBack(ctx context.Context, tx *db.Tx, t FactorTry) error {
	if _, err := db.Exec(ctx, tx, sqlForget, t.pair); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlUncount, t.wide); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, sqlUncount, t.all)
	return err
}

// plainCode takes a code as people type it: with blanks, hyphens, capitals, and the letters that look like 0 and 1, which
// no recovery code has.
func plainCode(code string) string {
	code = strings.NewReplacer(" ", "", "-", "", "\t", "").Replace(strings.ToLower(code))
	return strings.NewReplacer("o", "0", "i", "1", "l", "1").Replace(code)
}

func badCode(code string) error {
	var c errs.Check
	if c.Required("code", code) {
		c.Add("code", "identity.bad_code")
	}
	return c.Err()
}

func usedCode() error {
	var c errs.Check
	c.Add("code", "identity.used_code")
	return c.Err()
}

// Proof is how a second factor was proven.
type Proof struct {
	Person    Person
	Recovery  bool // with a recovery code
	CodesLeft int  // after a recovery code
}

const sqlTakeStep = `update second_factors set last_step = $1, proven_from = $2 where subject_id = $3 and last_step < $1 and confirmed_at is not null`
const sqlTakeCode = `update recovery_codes set used_at = $1 where subject_id = $2 and code_hash = $3 and used_at is null`
const sqlProvenFrom = `update second_factors set proven_from = $1 where subject_id = $2`

// prove takes a code of the device or a recovery code: of two who come with the same one, one gets in. Errors: field
// "code" ("identity.bad_code", or "identity.used_code" for one of a step that was used), "second_factor.none" (Conflict).
func (s *Store) prove(ctx context.Context, tx *db.Tx, t FactorTry, code string) (Proof, error) {
	f, ok, err := db.Maybe[factorRow](ctx, tx, sqlFactor, t.SubjectID)
	if err == nil && (!ok || f.ConfirmedAt.IsZero()) {
		err = errs.Conflictf("second_factor.none")
	}
	if err != nil {
		return Proof{}, err
	}
	plain := plainCode(code)
	out := Proof{Recovery: len(plain) == recoveryLength}
	if out.Recovery {
		err = s.takeRecoveryCode(ctx, tx, f, t, plain, code)
	} else {
		err = s.takeStep(ctx, tx, f, t, plain, code)
	}
	if err != nil {
		return Proof{}, err
	}
	if err := s.takeBack(ctx, tx, t); err != nil {
		return Proof{}, err
	}
	if out.CodesLeft, err = db.One[int](ctx, tx, sqlCodesLeft, t.SubjectID); err != nil {
		return Proof{}, err
	}
	out.Person, err = s.person(ctx, tx, f.Kind, f.SubjectID)
	return out, err
}

func (s *Store) takeStep(ctx context.Context, tx *db.Tx, f factorRow, t FactorTry, plain, typed string) error {
	key, err := s.Box.Open(f.Secret, factorSeal(f.SubjectID))
	if err != nil {
		return err
	}
	step, ok := matchStep(key, plain, s.now())
	if !ok {
		return badCode(typed)
	}
	n, err := db.Exec(ctx, tx, sqlTakeStep, step, t.network, f.SubjectID)
	if err == nil && n == 0 {
		err = usedCode()
	}
	return err
}

func (s *Store) takeRecoveryCode(ctx context.Context, tx *db.Tx, f factorRow, t FactorTry, plain, typed string) error {
	n, err := db.Exec(ctx, tx, sqlTakeCode, s.now(), f.SubjectID, recoveryHash(f.SubjectID, plain))
	if err == nil && n == 0 {
		err = badCode(typed)
	}
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlProvenFrom, t.network, f.SubjectID); err != nil {
		return err
	}
	return factorAudit(ctx, tx, "use_recovery_code", f, "")
}

const sqlMarkProven = `update sessions set proven_at = $1 where id = $2 and subject_id = $3`

func (s *Store) markProven(ctx context.Context, tx *db.Tx, subjectID, sessionID string) error {
	n, err := db.Exec(ctx, tx, sqlMarkProven, s.now(), sessionID, subjectID)
	if err == nil && n == 0 {
		err = errs.NotFoundf("session.not_found")
	}
	s.Changed(tx)
	return err
}

// ProveFactor marks the session as one that has lately proven the second factor. Errors as prove; "session.not_found".
func (s *Store) ProveFactor(ctx context.Context, tx *db.Tx, t FactorTry, code, sessionID string) (Proof, error) {
	p, err := s.prove(ctx, tx, t, code)
	if err != nil {
		return p, err
	}
	return p, s.markProven(ctx, tx, t.SubjectID, sessionID)
}
