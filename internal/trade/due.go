package trade

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/settings"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/subscription"
	"jishi/internal/market/term"
)

// dueBatch bounds one transaction of the workers below.
const dueBatch = 100

// EndTerms moves the subscriptions whose term, grace or retention has ended (trade.md §12.2),
// found by an index; it tells whether more may be due. ACTIVE → GRACE, or RETENTION for a
// trial and where there is no grace; GRACE → RETENTION, with the call that freezes; RETENTION
// → RELEASED, whatever the seller answers, with the release call. What somebody else has moved
// meanwhile is left for the next run.
func (t *Trade) EndTerms(ctx context.Context, tx *db.Tx) (more bool, err error) {
	due, err := t.Subscriptions.Due(ctx, tx, tx.Now, dueBatch)
	if err != nil {
		return false, err
	}
	site, zone, err := t.site(ctx)
	if err != nil {
		return false, err
	}
	levels := map[string]settings.Level{} // by account
	for _, in := range due {
		level, known := levels[in.AccountID]
		if !known {
			if level, err = levelOf(ctx, tx, site, in.AccountID); err != nil {
				return false, err
			}
			levels[in.AccountID] = level
		}
		if err := t.endTerm(ctx, tx, &in, level, zone); err != nil && !errs.Is(err, "instance.bad_transition") {
			return false, err
		}
	}
	return len(due) == dueBatch, nil
}

const sqlLevel = `select customer_level from accounts where id = $1`

func levelOf(ctx context.Context, q db.Querier, site settings.Site, accountID string) (settings.Level, error) {
	name, err := db.One[string](ctx, q, sqlLevel, accountID)
	return site.Levels.Of(name), err
}

func (t *Trade) endTerm(ctx context.Context, tx *db.Tx, in *subscription.Instance, level settings.Level, zone *time.Location) error {
	grace := level.Grace
	if in.Trial {
		grace = 0
	}
	graceEnd := term.After(in.ExpiresAt, grace, zone)
	retentionEnd := term.After(in.ExpiresAt, grace+level.Retention, zone)
	switch in.State {
	case subscription.Active:
		if grace > 0 {
			if err := t.Subscriptions.Expire(ctx, tx, in, graceEnd); err != nil {
				return err
			}
			return t.tellBuyer(ctx, tx, *in, "instance_expired", map[string]any{"until": day(graceEnd, zone)})
		}
		return t.retain(ctx, tx, in, retentionEnd, zone)
	case subscription.Grace:
		if tx.Now.After(graceEnd) {
			// Retention follows the grace that was told, though the level is a lower one by now.
			return t.retain(ctx, tx, in, later(retentionEnd, term.After(in.DueAt, level.Retention, zone)), zone)
		}
		in.DueAt = graceEnd
	case subscription.Retention:
		if tx.Now.After(retentionEnd) {
			return t.releaseOver(ctx, tx, in)
		}
		in.DueAt = retentionEnd
	}
	in.Reminded(tx.Now, zone)
	_, err := t.Subscriptions.Postpone(ctx, tx, in)
	return err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (t *Trade) retain(ctx context.Context, tx *db.Tx, in *subscription.Instance, until time.Time, zone *time.Location) error {
	if err := t.Subscriptions.Retain(ctx, tx, in, until); err != nil {
		return err
	}
	if _, err := t.queue(ctx, tx, *in, fulfillment.Expire, fulfillment.Window1h); err != nil && !errs.Is(err, "instance.no_such_call") {
		return err
	}
	return t.tellBuyer(ctx, tx, *in, "instance_retained", map[string]any{"until": day(until, zone)})
}

// releaseOver ends a subscription whose retention is over.
func (t *Trade) releaseOver(ctx context.Context, tx *db.Tx, in *subscription.Instance) error {
	if err := t.dropUpgrades(ctx, tx, in); err != nil {
		return err
	}
	if err := t.Subscriptions.Release(ctx, tx, in); err != nil {
		return err
	}
	if in.ExternalID != "" {
		if _, err := t.queue(ctx, tx, *in, fulfillment.Release, fulfillment.Window1h); err != nil {
			return err
		}
	}
	return t.tellBuyer(ctx, tx, *in, "instance_released", nil)
}

func day(at time.Time, zone *time.Location) string { return at.In(zone).Format(time.DateOnly) }

// RemindOfExpiry tells buyers 15, 7, 3 and 1 days before a term ends, 5, 2 and 0 days before the
// service is frozen, and 6, 2 and 0 days before its data are deleted (trade.md §12.5, §19), each
// once: the plan of the next one and the notice are written together.
func (t *Trade) RemindOfExpiry(ctx context.Context, tx *db.Tx) (more bool, err error) {
	due, err := t.Subscriptions.DueForReminder(ctx, tx, tx.Now, dueBatch)
	if err != nil {
		return false, err
	}
	_, zone, err := t.site(ctx)
	if err != nil {
		return false, err
	}
	for _, in := range due {
		in.Reminded(tx.Now, zone)
		fresh, err := t.Subscriptions.Postpone(ctx, tx, &in)
		if err != nil {
			return false, err
		}
		code, until := "", in.DueAt
		switch {
		case !fresh:
		case in.State == subscription.Grace:
			code = "instance_freezing"
		case in.State == subscription.Retention:
			code = "instance_releasing"
		case in.Trial:
			code, until = "trial_ending", in.ExpiresAt
		case in.AtExpiry == subscription.Auto && !in.AutoAt.IsZero(): // its own notices tell when that fails
		default:
			code, until = "instance_expiring", in.ExpiresAt
		}
		if code == "" {
			continue
		}
		if err := t.tellBuyer(ctx, tx, in, code, map[string]any{"expiry": day(in.ExpiresAt, zone), "until": day(until, zone)}); err != nil {
			return false, err
		}
	}
	return len(due) == dueBatch, nil
}
