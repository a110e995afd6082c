package identity

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/telemetry"
)

// PendingLife is how long the second step of a sign-in may take.
const PendingLife = 5 * time.Minute

// pendingRow is a sign-in between password and code. It opens nothing else, and only from the network it began in.
type pendingRow struct {
	TokenHash string    `db:"token_hash"`
	Kind      string    `db:"kind"`
	SubjectID string    `db:"subject_id"`
	AccountID string    `db:"account_id"`
	Network   string    `db:"network"`
	CreatedAt time.Time `db:"created_at"`
	ExpiresAt time.Time `db:"expires_at"`
}

func (s *Store) startPending(ctx context.Context, tx *db.Tx, a Attempt) (string, error) {
	now, token := s.now(), id.Token()
	return token, db.Insert(ctx, tx, "pending_sign_ins", pendingRow{TokenHash: TokenHash(token), Kind: a.Kind, SubjectID: a.SubjectID, AccountID: a.AccountID,
		Network: telemetry.Network(a.Address), CreatedAt: now, ExpiresAt: now.Add(PendingLife)})
}

const pendingColumns = `token_hash, kind, subject_id, account_id, network, created_at, expires_at`
const sqlPending = `select ` + pendingColumns + ` from pending_sign_ins where token_hash = $1 and expires_at > $2 and network = $3`
const sqlUsePending = `delete from pending_sign_ins where token_hash = $1 and expires_at > $2 returning ` + pendingColumns

func signInOver() error { return errs.Unauthenticatedf("identity.sign_in_over") }

// BeginSecondStep counts a try of the code that ends a sign-in. Errors: "identity.sign_in_over" (Unauthenticated) when the
// password was entered more than PendingLife ago, in another network, or changed since; those of BeginFactor.
func (s *Store) BeginSecondStep(ctx context.Context, tx *db.Tx, token, address string) (FactorTry, error) {
	p, ok, err := db.Maybe[pendingRow](ctx, tx, sqlPending, TokenHash(token), s.now(), telemetry.Network(address))
	if err == nil && !ok {
		err = signInOver()
	}
	if err != nil {
		return FactorTry{}, err
	}
	t, err := s.BeginFactor(ctx, tx, p.SubjectID, address)
	t.pending = p.TokenHash
	return t, err
}

// FinishSecondStep starts the session when the code is right. Of several tries with one pending sign-in one gets a session.
// Errors: field "code", "identity.sign_in_over" (Unauthenticated), "identity.disabled", "identity.account_suspended" (Forbidden).
func (s *Store) FinishSecondStep(ctx context.Context, tx *db.Tx, t FactorTry, code, address, agent string) (Entry, Proof, error) {
	p, ok, err := db.Maybe[pendingRow](ctx, tx, sqlUsePending, t.pending, s.now())
	if err == nil && !ok {
		err = signInOver()
	}
	if err != nil {
		return Entry{}, Proof{}, err
	}
	who, err := db.One[candidate](ctx, tx, sqlSubjectCandidate, p.SubjectID)
	if err != nil {
		return Entry{}, Proof{}, err
	}
	var a Attempt
	switch a.take(who); {
	case a.refusal != nil:
		return Entry{}, Proof{}, a.refusal
	case a.hash == "":
		return Entry{}, Proof{}, signInOver()
	}
	proof, err := s.prove(actingAs(ctx, p.Kind, p.SubjectID, p.AccountID, address), tx, t, code)
	if err != nil {
		return Entry{}, Proof{}, err
	}
	text := `update users set last_sign_in = $1 where id = $2`
	if p.Kind == KindOperator {
		text = `update operators set last_sign_in = $1 where id = $2`
	}
	if _, err := db.Exec(ctx, tx, text, s.now(), p.SubjectID); err != nil {
		return Entry{}, Proof{}, err
	}
	var out Entry
	if out.Session, out.Token, err = s.StartSession(ctx, tx, p.Kind, p.SubjectID, p.AccountID, address, agent); err != nil {
		return Entry{}, Proof{}, err
	}
	out.Session.ProvenAt = s.now()
	return out, proof, s.markProven(ctx, tx, p.SubjectID, out.Session.ID)
}
