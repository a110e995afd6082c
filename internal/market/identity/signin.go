package identity

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/telemetry"
)

// The lock-out: freeTries wrong passwords are free, then each one doubles the pause. It
// counts per pair of e-mail and client address, so that nobody can lock another out from
// elsewhere. One address may miss perAddress times in addressWindow over all e-mails. An
// IPv6 address counts as its network of 64 bits, which is what one client is given.
const (
	freeTries     = 5
	firstLock     = 15 * time.Minute
	longestLock   = 24 * time.Hour
	forgetAfter   = 24 * time.Hour
	perAddress    = 100
	addressWindow = 15 * time.Minute
)

// Attempt is a sign-in under way. It is counted before the password is looked at, so
// that many attempts at once do not get more guesses; success takes the count back.
type Attempt struct {
	Kind      string
	SubjectID string // empty when nobody has the e-mail
	AccountID string
	Address   string

	pair, wide string
	hash       string
	refusal    *errs.Error // why the right password does not suffice
	right      bool
}

type candidate struct {
	ID        string `db:"id"`
	AccountID string `db:"account_id"`
	Hash      string `db:"password_hash"`
	State     string `db:"state"`
	Account   string `db:"account_state"`
}

const sqlUserCandidate = `select u.id, u.account_id, u.password_hash, u.state, a.state as account_state
from users u join accounts a on a.id = u.account_id where u.email = $1`
const sqlOperatorCandidate = `select id, '' as account_id, password_hash, state, 'active' as account_state from operators where email = $1`
const sqlSubjectCandidate = `select u.id, u.account_id, u.password_hash, u.state, a.state as account_state
from users u join accounts a on a.id = u.account_id where u.id = $1
union all select id, '' as account_id, password_hash, state, 'active' as account_state from operators where id = $1`

// BeginSignIn counts an attempt and reads what it is judged by. Errors: "identity.locked"
// and "identity.address_busy" (TooMany, with "minutes").
func (s *Store) BeginSignIn(ctx context.Context, tx *db.Tx, kind, email, address string) (Attempt, error) {
	email = Email(email)
	from := telemetry.Network(address)
	a := Attempt{Kind: kind, Address: address, pair: "pair:" + TokenHash(kind+"|"+email+"|"+from), wide: "address:" + from}
	if err := s.countAttempt(ctx, tx, a); err != nil {
		return Attempt{}, err
	}
	text := sqlUserCandidate
	if kind == KindOperator {
		text = sqlOperatorCandidate
	}
	c, known, err := db.Maybe[candidate](ctx, tx, text, email)
	if err != nil {
		return Attempt{}, err
	}
	if known {
		a.take(c)
		return a, nil
	}
	if kind == KindUser {
		// An unverified sign-up: its password is known, its way in is the link.
		row, waits, err := db.Maybe[signUpRow](ctx, tx, sqlWaitingSignUp, email, s.now())
		if err != nil {
			return Attempt{}, err
		}
		if waits {
			a.hash, a.refusal = row.PasswordHash, errs.Forbiddenf("identity.unverified")
		}
	}
	return a, nil
}

// BeginCheck counts an attempt to prove the own password again, for re-authentication and
// a change of password. Errors as BeginSignIn.
func (s *Store) BeginCheck(ctx context.Context, tx *db.Tx, kind, subjectID, address string) (Attempt, error) {
	from := telemetry.Network(address)
	a := Attempt{Kind: kind, Address: address, pair: "check:" + subjectID + "|" + from, wide: "address:" + from}
	if err := s.countAttempt(ctx, tx, a); err != nil {
		return Attempt{}, err
	}
	c, known, err := db.Maybe[candidate](ctx, tx, sqlSubjectCandidate, subjectID)
	if err == nil && known {
		a.take(c)
	}
	return a, err
}

func (a *Attempt) take(c candidate) {
	a.SubjectID, a.AccountID, a.hash = c.ID, c.AccountID, c.Hash
	switch {
	case c.State == "disabled":
		a.refusal = errs.Forbiddenf("identity.disabled")
	case c.State != "active":
		a.hash = ""
	case c.Account != "active":
		a.refusal = errs.Forbiddenf("identity.account_suspended")
	}
}

// Verify compares the password; it must not be called inside a transaction. Errors:
// "identity.bad_credentials" (Unauthenticated) for a wrong password and an unknown e-mail
// alike, and only with the right password "identity.unverified", "identity.disabled",
// "identity.account_suspended" (Forbidden).
func (s *Store) Verify(ctx context.Context, a *Attempt, password string) error {
	ok, err := s.matches(ctx, a.hash, password)
	switch {
	case err != nil:
		return err
	case !ok:
		return errs.Unauthenticatedf("identity.bad_credentials")
	case a.refusal != nil:
		return a.refusal
	}
	a.right = true
	return nil
}

// VerifyOwn is Verify for a signed-in person: a wrong password is a fault of the field.
func (s *Store) VerifyOwn(ctx context.Context, a *Attempt, field, password string) error {
	err := s.Verify(ctx, a, password)
	if errs.Is(err, "identity.bad_credentials") {
		return wrongPassword(field)
	}
	return err
}

type counter struct {
	Failures    int       `db:"failures"`
	LockedUntil time.Time `db:"locked_until"`
}

const sqlCounter = `select failures, locked_until from sign_in_counters where key = $1 and updated_at > $2`
const sqlCount = `insert into sign_in_counters (key, failures, updated_at) values ($1, 1, $2)
on conflict (key) do update set updated_at = excluded.updated_at,
failures = case when sign_in_counters.updated_at > $3 then sign_in_counters.failures + 1 else 1 end,
locked_until = case when sign_in_counters.updated_at > $3 then sign_in_counters.locked_until else null end
returning failures, locked_until`
const sqlLock = `update sign_in_counters set locked_until = $1 where key = $2`
const sqlUncount = `update sign_in_counters set failures = failures - 1 where key = $1 and failures > 0`
const sqlForget = `delete from sign_in_counters where key = $1`

func (s *Store) countAttempt(ctx context.Context, tx *db.Tx, a Attempt) error {
	now := s.now()
	wide, _, err := db.Maybe[counter](ctx, tx, sqlCounter, a.wide, now.Add(-addressWindow))
	if err != nil {
		return err
	}
	if wide.Failures >= perAddress {
		return errs.TooManyf("identity.address_busy", "minutes", int(addressWindow/time.Minute))
	}
	pair, err := db.One[counter](ctx, tx, sqlCount, a.pair, now, now.Add(-forgetAfter))
	if err != nil {
		return err
	}
	if pair.LockedUntil.After(now) {
		left := pair.LockedUntil.Sub(now)
		return errs.TooManyf("identity.locked", "minutes", int((left+time.Minute-1)/time.Minute)) // the rollback takes the count back
	}
	if pair.Failures >= freeTries {
		lock := min(firstLock<<min(pair.Failures-freeTries, 10), longestLock)
		if _, err := db.Exec(ctx, tx, sqlLock, now.Add(lock), a.pair); err != nil {
			return err
		}
	}
	_, err = db.One[counter](ctx, tx, sqlCount, a.wide, now, now.Add(-addressWindow))
	return err
}

// succeed takes the attempt's counts back.
func (s *Store) succeed(ctx context.Context, tx *db.Tx, a Attempt) error {
	if !a.right {
		return errs.Unauthenticatedf("identity.bad_credentials")
	}
	if _, err := db.Exec(ctx, tx, sqlForget, a.pair); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, sqlUncount, a.wide)
	return err
}
