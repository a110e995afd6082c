package subscription

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/term"
)

// FirstDay is the unified day (统一到期日) of accounts that have chosen none (trade.md §12.6).
const FirstDay = 1

type preference struct {
	AccountID  string    `db:"account_id"`
	UnifiedDay int       `db:"unified_day"`
	ChangedAt  time.Time `db:"changed_at"`
}

const sqlPreference = `select account_id, unified_day, changed_at from renewal_preferences where account_id = $1`

// UnifiedDay is the day of the month, 1–28 or term.LastDay, that an account prefers for its
// services to end on.
func (s *Store) UnifiedDay(ctx context.Context, q db.Querier, accountID string) (int, error) {
	p, found, err := db.Maybe[preference](ctx, q, sqlPreference, accountID)
	if !found {
		return FirstDay, err
	}
	return p.UnifiedDay, err
}

const sqlSetPreference = `insert into renewal_preferences (account_id, unified_day, changed_at) values ($1, $2, $3)
on conflict (account_id) do update set unified_day = excluded.unified_day, changed_at = excluded.changed_at`

// SetUnifiedDay changes the preference; nothing moves before it is renewed. Field error
// "unifiedDay".
func (s *Store) SetUnifiedDay(ctx context.Context, tx *db.Tx, accountID string, day int) error {
	var c errs.Check
	if day != term.LastDay {
		c.Range("unifiedDay", int64(day), 1, 28)
	}
	if err := c.Err(); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlSetPreference, accountID, day, tx.Now); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "account.unified_day", Object: "account", ObjectID: accountID, AccountID: accountID,
		Detail: map[string]any{"unifiedDay": day}})
}
