package trade

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/settings"
	"jishi/internal/market/subscription"
	"jishi/internal/market/term"
)

// Level is the customer level (客户等级) of an account, with its days of grace and retention.
func (t *Trade) Level(ctx context.Context, q db.Querier, accountID string) (settings.Level, error) {
	site, _, err := t.site(ctx)
	if err != nil {
		return settings.Level{}, err
	}
	return levelOf(ctx, q, site, accountID)
}

// LevelChanged gives what has expired already the longer days of a new level at once. Shorter
// ones hold for later ends only: a date that the buyer was told is kept (trade.md §12.4).
func (t *Trade) LevelChanged(ctx context.Context, tx *db.Tx, accountID string) error {
	site, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	level, err := levelOf(ctx, tx, site, accountID)
	if err != nil {
		return err
	}
	over, err := t.Subscriptions.Ended(ctx, tx, accountID)
	if err != nil {
		return err
	}
	for _, in := range over {
		grace := level.Grace
		if in.Trial {
			grace = 0
		}
		end := term.After(in.ExpiresAt, grace, zone)
		if in.State == subscription.Retention {
			end = term.After(in.ExpiresAt, grace+level.Retention, zone)
		}
		if !end.After(in.DueAt) {
			continue
		}
		in.DueAt = end
		in.Reminded(tx.Now, zone)
		if _, err := t.Subscriptions.Postpone(ctx, tx, &in); err != nil {
			return err
		}
	}
	return nil
}
