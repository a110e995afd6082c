package identity

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/job"
)

// purges removes what has ended: sessions, links, sign-ups and unconfirmed second factors by age, counters that are
// forgotten anyhow, and tokens and access keys a year after their end.
var purges = []struct {
	text string
	age  time.Duration
}{
	{batchOf("sessions", "id", "expires_at < $1"), 0},
	{batchOf("sessions", "id", "seen_at < $1"), IdleLife},
	{batchOf("pending_sign_ins", "token_hash", "expires_at < $1"), 0},
	{batchOf("second_factors", "subject_id", "created_at < $1 and confirmed_at is null"), 24 * time.Hour},
	{batchOf("one_time_links", "token_hash", "expires_at < $1"), 24 * time.Hour},
	{batchOf("sign_ups", "id", "created_at < $1"), 2 * verifyLife},
	{batchOf("sign_in_counters", "key", "updated_at < $1"), forgetAfter},
	{batchOf("api_tokens", "id", "revoked_at < $1"), 365 * 24 * time.Hour},
	{batchOf("account_access_keys", "id", "disabled_at < $1"), 365 * 24 * time.Hour},
}

// batchOf deletes at most 500 rows: many at once would hold up everybody who signs in.
func batchOf(table, key, ended string) string {
	return "delete from " + table + " where " + key + " in (select " + key + " from " + table + " where " + ended + " limit 500)"
}

// Jobs are the module's kinds of jobs for the table in package app.
func (s *Store) Jobs(d *db.DB) []job.Kind {
	return []job.Kind{{
		Name: "identity.purge", Every: time.Hour, Schedule: []time.Duration{time.Minute},
		Handler: func(ctx context.Context, _ job.Job) error {
			for more := true; more; {
				err := d.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
					more, err = s.Purge(ctx, tx)
					return err
				})
				if err != nil {
					return err
				}
			}
			return nil
		},
	}}
}

// Purge removes a batch of each kind of what has ended by age, and tells whether more may be left; it is idempotent.
func (s *Store) Purge(ctx context.Context, tx *db.Tx) (more bool, err error) {
	now := s.now()
	for _, p := range purges {
		n, err := db.Exec(ctx, tx, p.text, now.Add(-p.age))
		if err != nil {
			return false, err
		}
		more = more || n == 500
	}
	return more, nil
}
