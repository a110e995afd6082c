package identity

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
)

// RecoveryCodes is how many codes a person gets.
const RecoveryCodes = 10

// recoveryLength is of a code without its hyphens: 80 random bits, so that a plain hash keeps them.
const recoveryLength = 16

type recoveryRow struct {
	SubjectID string `db:"subject_id"`
	CodeHash  string `db:"code_hash"`
}

// recoveryHash binds a code to its person, so that the same row elsewhere would open nothing.
func recoveryHash(subjectID, plain string) string {
	return TokenHash("recovery|" + subjectID + "|" + plain)
}

// newRecoveryCodes makes codes like "abcd-efgh-ijkl-mnop"; those before end.
func (s *Store) newRecoveryCodes(ctx context.Context, tx *db.Tx, subjectID string) ([]string, error) {
	if _, err := db.Exec(ctx, tx, sqlDropCodes, subjectID); err != nil {
		return nil, err
	}
	out := make([]string, RecoveryCodes)
	for i := range out {
		plain := id.Token()[:recoveryLength]
		out[i] = plain[:4] + "-" + plain[4:8] + "-" + plain[8:12] + "-" + plain[12:]
		if err := db.Insert(ctx, tx, "recovery_codes", recoveryRow{subjectID, recoveryHash(subjectID, plain)}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const sqlHoldFactor = `update second_factors set proven_from = proven_from where subject_id = $1 and confirmed_at is not null
returning subject_id, kind, account_id, secret, last_step, proven_from, confirmed_at, created_at`

// RenewRecoveryCodes makes new codes, which are told this once; the old ones end. "second_factor.none" (Conflict).
func (s *Store) RenewRecoveryCodes(ctx context.Context, tx *db.Tx, subjectID string) ([]string, error) {
	f, ok, err := db.Maybe[factorRow](ctx, tx, sqlHoldFactor, subjectID) // two renewals at once come one after the other
	if err == nil && !ok {
		err = errs.Conflictf("second_factor.none")
	}
	if err != nil {
		return nil, err
	}
	codes, err := s.newRecoveryCodes(ctx, tx, subjectID)
	if err != nil {
		return nil, err
	}
	return codes, factorAudit(ctx, tx, "renew_recovery_codes", f, "")
}
