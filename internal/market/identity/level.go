package identity

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/settings"
)

// LevelChange is one entry of the history of an account's customer level (客户等级). An empty
// level is the site's default.
type LevelChange struct {
	ID           string    `db:"id" json:"id"`
	AccountID    string    `db:"account_id" json:"-"`
	Before       string    `db:"level_before" json:"before"`
	After        string    `db:"level_after" json:"after"`
	Reason       string    `db:"reason" json:"reason"`
	OperatorID   string    `db:"operator_id" json:"-"`
	OperatorName string    `db:"operator_name" json:"operatorName"`
	ChangedAt    time.Time `db:"changed_at" json:"changedAt"`
}

const sqlLevel = `select customer_level from accounts where id = $1`

// Level is the customer level that was given to an account, "" for none. "account.not_found".
func (s *Store) Level(ctx context.Context, q db.Querier, accountID string) (string, error) {
	level, ok, err := db.Maybe[string](ctx, q, sqlLevel, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("account.not_found")
	}
	return level, err
}

const sqlSetLevel = `update accounts set customer_level = $1, version = version + 1 where id = $2 and customer_level = $3`

// SetLevel gives an account a level of the site's table (trade.md §12.4), or with "" the
// default. Field errors "level", "reason"; "account.not_found"; "account.same_level",
// "account.level_changed" when somebody else was quicker (Conflict).
func (s *Store) SetLevel(ctx context.Context, tx *db.Tx, site settings.Site, accountID, level, reason string) error {
	reason = trim(reason)
	var c errs.Check
	if level != "" && !slices.ContainsFunc(site.Levels.Table, func(l settings.Level) bool { return l.Name == level }) {
		c.Add("level", "account.unknown_level")
	}
	c.Length("reason", reason, 2, 500)
	if err := c.Err(); err != nil {
		return err
	}
	before, err := s.Level(ctx, tx, accountID)
	if err != nil {
		return err
	}
	if before == level {
		return errs.Conflictf("account.same_level", "state", level)
	}
	n, err := db.Exec(ctx, tx, sqlSetLevel, level, accountID, before)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("account.level_changed")
	}
	a := audit.ActorFrom(ctx)
	if err := db.Insert(ctx, tx, "account_levels", LevelChange{ID: id.New("lvl"), AccountID: accountID, Before: before, After: level, Reason: reason,
		OperatorID: a.ID, OperatorName: a.Name, ChangedAt: clock.Wall{}.Now()}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "account.set_level", Object: "account", ObjectID: accountID, AccountID: accountID, Reason: reason,
		Detail: map[string]string{"before": before, "after": level}})
}

const sqlLevelChanges = `select id, account_id, level_before, level_after, reason, operator_id, operator_name, changed_at from account_levels where account_id = $1 order by id desc limit 100`

// LevelChanges reads the history, the newest first.
func (s *Store) LevelChanges(ctx context.Context, q db.Querier, accountID string) ([]LevelChange, error) {
	return db.List[LevelChange](ctx, q, sqlLevelChanges, accountID)
}
