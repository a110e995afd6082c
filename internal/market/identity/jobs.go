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
	{`delete from sessions where expires_at < $1`, 0},
	{`delete from sessions where seen_at < $1`, IdleLife},
	{`delete from pending_sign_ins where expires_at < $1`, 0},
	{`delete from second_factors where created_at < $1 and confirmed_at is null`, 24 * time.Hour},
	{`delete from one_time_links where expires_at < $1`, 24 * time.Hour},
	{`delete from sign_ups where created_at < $1`, 2 * verifyLife},
	{`delete from sign_in_counters where updated_at < $1`, forgetAfter},
	{`delete from api_tokens where revoked_at < $1`, 365 * 24 * time.Hour},
	{`delete from account_access_keys where disabled_at < $1`, 365 * 24 * time.Hour},
}

// Jobs are the module's kinds of jobs for the table in package app.
func (s *Store) Jobs(d *db.DB) []job.Kind {
	return []job.Kind{{
		Name: "identity.purge", Every: time.Hour, Schedule: []time.Duration{time.Minute},
		Handler: func(ctx context.Context, _ job.Job) error {
			return d.Update(ctx, func(tx *db.Tx) error { return s.Purge(ctx, tx) })
		},
	}}
}

// Purge removes what has ended by age; it is idempotent.
func (s *Store) Purge(ctx context.Context, tx *db.Tx) error {
	now := s.now()
	for _, p := range purges {
		if _, err := db.Exec(ctx, tx, p.text, now.Add(-p.age)); err != nil {
			return err
		}
	}
	return nil
}
