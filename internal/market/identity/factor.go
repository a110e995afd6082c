package identity

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

// FactorState is what a person's security page shows of the second factor (两步验证).
type FactorState struct {
	Enabled   bool
	Since     time.Time
	CodesLeft int
}

// FactorOwner is whose second factor it is.
type FactorOwner struct {
	Kind      string
	ID        string
	AccountID string
}

// Enrolment is a new secret, told this once: the device keeps it.
type Enrolment struct {
	Secret string // base32, to be typed in by hand
	URI    string // otpauth://…, for the QR code
}

type factorRow struct {
	SubjectID   string    `db:"subject_id"`
	Kind        string    `db:"kind"`
	AccountID   string    `db:"account_id"`
	Secret      string    `db:"secret"`
	LastStep    int64     `db:"last_step"`
	ProvenFrom  string    `db:"proven_from"`
	ConfirmedAt time.Time `db:"confirmed_at"`
	CreatedAt   time.Time `db:"created_at"`
}

// factorSeal is the context that a secret is sealed in.
func factorSeal(subjectID string) string { return "second_factors.secret:" + subjectID }

const sqlFactor = `select subject_id, kind, account_id, secret, last_step, proven_from, confirmed_at, created_at from second_factors where subject_id = $1`
const sqlCodesLeft = `select count(*) from recovery_codes where subject_id = $1 and used_at is null`

// Factor tells whether a person has a second factor, and how many recovery codes are left.
func (s *Store) Factor(ctx context.Context, q db.Querier, subjectID string) (FactorState, error) {
	f, ok, err := db.Maybe[factorRow](ctx, q, sqlFactor, subjectID)
	if err != nil || !ok || f.ConfirmedAt.IsZero() {
		return FactorState{}, err
	}
	left, err := db.One[int](ctx, q, sqlCodesLeft, subjectID)
	return FactorState{Enabled: true, Since: f.ConfirmedAt, CodesLeft: left}, err
}

const sqlWithFactor = `select subject_id from second_factors where account_id = $1 and confirmed_at is not null`

// WithFactor are the ids of an account's people who have a second factor; "" is the operators'.
func (s *Store) WithFactor(ctx context.Context, q db.Querier, accountID string) (map[string]bool, error) {
	ids, err := db.List[string](ctx, q, sqlWithFactor, accountID)
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

const sqlStartFactor = `insert into second_factors (subject_id, kind, account_id, secret, created_at) values ($1, $2, $3, $4, $5)
on conflict (subject_id) do update set secret = excluded.secret, created_at = excluded.created_at where second_factors.confirmed_at is null`

// StartFactor makes a secret, which counts for nothing until ConfirmFactor; one started before is forgotten. issuer and
// label are what the app shows: the site's name and the e-mail. "second_factor.exists" (Conflict).
func (s *Store) StartFactor(ctx context.Context, tx *db.Tx, o FactorOwner, issuer, label string) (Enrolment, error) {
	key := newFactorKey()
	sealed, err := s.Box.Seal(key, factorSeal(o.ID))
	if err != nil {
		return Enrolment{}, err
	}
	n, err := db.Exec(ctx, tx, sqlStartFactor, o.ID, o.Kind, o.AccountID, sealed, s.now())
	if err == nil && n == 0 {
		err = errs.Conflictf("second_factor.exists")
	}
	return Enrolment{Secret: base32Key.EncodeToString(key), URI: factorURI(key, issuer, label)}, err
}

const sqlConfirmFactor = `update second_factors set confirmed_at = $1, last_step = $2, proven_from = $3 where subject_id = $4 and secret = $5 and confirmed_at is null`

// ConfirmFactor switches the second factor on with a first code of the device, and gives the recovery codes, which are
// told this once. Other sessions of the person end: they were begun with a password alone. Errors: field "code",
// "second_factor.not_started", "second_factor.exists" (Conflict).
func (s *Store) ConfirmFactor(ctx context.Context, tx *db.Tx, t FactorTry, code, sessionID string) ([]string, Person, error) {
	f, ok, err := db.Maybe[factorRow](ctx, tx, sqlFactor, t.SubjectID)
	switch {
	case err != nil:
		return nil, Person{}, err
	case !ok:
		return nil, Person{}, errs.Conflictf("second_factor.not_started")
	case !f.ConfirmedAt.IsZero():
		return nil, Person{}, errs.Conflictf("second_factor.exists")
	}
	key, err := s.Box.Open(f.Secret, factorSeal(t.SubjectID))
	if err != nil {
		return nil, Person{}, err
	}
	step, ok := matchStep(key, plainCode(code), s.now())
	if !ok {
		var c errs.Check
		if c.Required("code", code) {
			c.Add("code", "identity.bad_first_code")
		}
		return nil, Person{}, c.Err()
	}
	n, err := db.Exec(ctx, tx, sqlConfirmFactor, s.now(), step, t.network, t.SubjectID, f.Secret)
	if err == nil && n == 0 { // another tab was faster
		err = errs.Conflictf("second_factor.exists")
	}
	if err != nil {
		return nil, Person{}, err
	}
	if err := s.takeBack(ctx, tx, t); err != nil {
		return nil, Person{}, err
	}
	if err := s.endSessions(ctx, tx, t.SubjectID, sessionID); err != nil {
		return nil, Person{}, err
	}
	if err := s.markProven(ctx, tx, t.SubjectID, sessionID); err != nil {
		return nil, Person{}, err
	}
	codes, err := s.newRecoveryCodes(ctx, tx, t.SubjectID)
	if err != nil {
		return nil, Person{}, err
	}
	if err := factorAudit(ctx, tx, "enable", f, ""); err != nil {
		return nil, Person{}, err
	}
	who, err := s.person(ctx, tx, f.Kind, f.SubjectID)
	return codes, who, err
}

func factorAudit(ctx context.Context, tx *db.Tx, action string, f factorRow, reason string) error {
	return audit.Record(ctx, tx, audit.Entry{Action: "second_factor." + action, Object: f.Kind, ObjectID: f.SubjectID, AccountID: f.AccountID, Reason: reason})
}

const sqlDropFactor = `delete from second_factors where subject_id = $1 and confirmed_at is not null
returning subject_id, kind, account_id, secret, last_step, proven_from, confirmed_at, created_at`
const sqlDropCodes = `delete from recovery_codes where subject_id = $1`

func (s *Store) dropFactor(ctx context.Context, tx *db.Tx, subjectID string) (factorRow, error) {
	f, ok, err := db.Maybe[factorRow](ctx, tx, sqlDropFactor, subjectID)
	if err == nil && !ok {
		err = errs.Conflictf("second_factor.none")
	}
	if err != nil {
		return f, err
	}
	s.Changed(tx)
	_, err = db.Exec(ctx, tx, sqlDropCodes, subjectID)
	return f, err
}

// DisableFactor switches the own second factor off. It wants both: the password, as VerifyOwn proved it, and a code.
// Errors: field "code", "second_factor.none" (Conflict).
func (s *Store) DisableFactor(ctx context.Context, tx *db.Tx, a Attempt, t FactorTry, code string) (Person, error) {
	if err := s.succeed(ctx, tx, a); err != nil {
		return Person{}, err
	}
	if _, err := s.prove(ctx, tx, t, code); err != nil {
		return Person{}, err
	}
	f, err := s.dropFactor(ctx, tx, t.SubjectID)
	if err != nil {
		return Person{}, err
	}
	if err := factorAudit(ctx, tx, "disable", f, ""); err != nil {
		return Person{}, err
	}
	return s.person(ctx, tx, f.Kind, f.SubjectID)
}

// ResetFactor takes the second factor of somebody who lost the device and the recovery codes; the sessions end. kind
// guards against an operator's being reset as a user's; accountID, when given, is the user's. Errors: field "reason",
// "user.not_found", "operator.not_found" (NotFound), "second_factor.none" (Conflict).
func (s *Store) ResetFactor(ctx context.Context, tx *db.Tx, kind, accountID, subjectID, reason string) (Person, error) {
	var c errs.Check
	c.Length("reason", trim(reason), 2, 500)
	if err := c.Err(); err != nil {
		return Person{}, err
	}
	var err error
	if kind == KindOperator {
		_, err = s.Operator(ctx, tx, subjectID)
	} else {
		_, err = s.User(ctx, tx, accountID, subjectID)
	}
	if err != nil {
		return Person{}, err
	}
	f, err := s.dropFactor(ctx, tx, subjectID)
	if err != nil {
		return Person{}, err
	}
	if err := s.endSessions(ctx, tx, subjectID, ""); err != nil {
		return Person{}, err
	}
	if err := factorAudit(ctx, tx, "reset", f, trim(reason)); err != nil {
		return Person{}, err
	}
	return s.person(ctx, tx, kind, subjectID)
}

const sqlRequireFactor = `update accounts set second_factor_required = $1, version = version + 1 where id = $2 and second_factor_required <> $1`

// RequireFactor sets whether all people of an account must have a second factor; whoever has none can do nothing but set
// one up. Whoever requires it has one: "second_factor.first" (Conflict).
func (s *Store) RequireFactor(ctx context.Context, tx *db.Tx, accountID, userID string, required bool) error {
	if required {
		own, err := s.Factor(ctx, tx, userID)
		if err != nil {
			return err
		}
		if !own.Enabled {
			return errs.Conflictf("second_factor.first")
		}
	}
	n, err := db.Exec(ctx, tx, sqlRequireFactor, required, accountID)
	if err != nil || n == 0 {
		return err
	}
	s.Changed(tx)
	return audit.Record(ctx, tx, audit.Entry{Action: "account.require_second_factor", Object: "account", ObjectID: accountID, AccountID: accountID,
		Detail: map[string]bool{"required": required}})
}
