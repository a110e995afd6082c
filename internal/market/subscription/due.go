package subscription

import (
	"context"
	"strconv"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
	"jishi/internal/market/term"
)

// AtExpiry is what the buyer wants when the term ends (到期策略, trade.md §12.5).
type AtExpiry string

// The policies.
const (
	Manual AtExpiry = "manual" // 手动续费: reminded, then grace
	Auto   AtExpiry = "auto"   // 自动续费
	Leave  AtExpiry = "none"   // 到期不续费: not reminded
)

// autoHour and remindHour are the hours of the site's zone at which an automatic renewal is
// tried and a reminder is sent (trade.md §12.5, §19).
const (
	autoHour   = 3
	remindHour = 10
)

// reminders are how many days before the expiry the buyer is reminded; warnings, how many
// before he is frozen and before his data are deleted (trade.md §12.5, §19).
var (
	reminders = []int{15, 7, 3, 1}
	warnings  = map[State][]int{Grace: {5, 2, 0}, Retention: {6, 2, 0}}
)

// schedule sets what is due next from the expiry, the policy and the state to which the
// instance goes. What does not end, and what has ended, is due for nothing.
func (in *Instance) schedule(to State, now time.Time, zone *time.Location) {
	in.AutoAt, in.RemindAt = time.Time{}, time.Time{}
	switch {
	case in.ExpiresAt.IsZero() || to == Released || to == Unsubscribed || to == Pending:
		in.DueAt = time.Time{}
		return
	case to == Active || to == Changing || in.DueAt.IsZero():
		in.DueAt = in.ExpiresAt
	}
	if to != Active && to != Changing { // the end of grace and retention was set with them
		if in.AtExpiry != Leave && !in.Frozen && in.DueAt.After(in.ExpiresAt) {
			in.RemindAt = reminder(in.DueAt, warnings[to], now, zone)
		}
		return
	}
	if in.AtExpiry == Auto && !in.Trial {
		in.AutoAt = nextHour(in.ExpiresAt, in.AutoDays, autoHour, now, zone)
	}
	if in.AtExpiry != Leave {
		in.RemindAt = reminder(in.ExpiresAt, reminders, now, zone)
	}
}

// reminder is the next of the instants so many days before an end; zero after the last one.
func reminder(end time.Time, days []int, now time.Time, zone *time.Location) time.Time {
	for _, n := range days {
		if at := hourBefore(end, n, remindHour, zone); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// hourBefore is an hour of the day that is so many days before the expiry's.
func hourBefore(expiry time.Time, days, hour int, zone *time.Location) time.Time {
	y, m, d := expiry.In(zone).Date()
	return time.Date(y, m, d-days, hour, 0, 0, 0, zone).UTC()
}

// nextHour is the first such hour from so many days before the expiry on that is not over;
// zero when the expiry comes first.
func nextHour(expiry time.Time, days, hour int, now time.Time, zone *time.Location) time.Time {
	at := hourBefore(expiry, days, hour, zone)
	for !at.After(now) {
		at = at.In(zone).AddDate(0, 0, 1).UTC()
	}
	if at.After(expiry) {
		return time.Time{}
	}
	return at
}

// Postponed is the next day's automatic renewal, after one that failed; zero when the term
// ends before it.
func (in *Instance) Postponed(now time.Time, zone *time.Location) time.Time {
	return nextHour(in.ExpiresAt, in.AutoDays, autoHour, now, zone)
}

const (
	sqlDue    = `select ` + columns + ` from instances where due_at < $1 and state in ('ACTIVE', 'GRACE', 'RETENTION') order by due_at limit $2`
	sqlAuto   = `select ` + columns + ` from instances where auto_at <= $1 and state = 'ACTIVE' order by auto_at limit $2`
	sqlRemind = `select ` + columns + ` from instances where remind_at <= $1 and state in ('ACTIVE', 'CHANGING', 'GRACE', 'RETENTION') order by remind_at limit $2`
)

const sqlChanging = `select ` + columns + ` from instances where change_at < $1 and state in ('ACTIVE', 'RETENTION') order by change_at limit $2`

// DueForChange lists instances whose change takes effect that was bought with a renewal. While
// something else is under way about one it waits.
func (s *Store) DueForChange(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Instance, error) {
	return db.List[Instance](ctx, q, sqlChanging, now, limit)
}

const sqlForgetChange = `update instances set change_at = null, version = version + 1 where id = $1 and version = $2`

// ForgetChange drops a change that nothing stands behind.
func (s *Store) ForgetChange(ctx context.Context, tx *db.Tx, in Instance) error {
	_, err := db.Exec(ctx, tx, sqlForgetChange, in.ID, in.Version)
	return err
}

// Due lists instances whose term, grace or retention may have ended, by an index.
func (s *Store) Due(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Instance, error) {
	return db.List[Instance](ctx, q, sqlDue, now, limit)
}

// DueForRenewal lists instances whose automatic renewal is to be tried.
func (s *Store) DueForRenewal(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Instance, error) {
	return db.List[Instance](ctx, q, sqlAuto, now, limit)
}

// DueForReminder lists instances whose buyers are to be reminded of the expiry.
func (s *Store) DueForReminder(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Instance, error) {
	return db.List[Instance](ctx, q, sqlRemind, now, limit)
}

const sqlEnded = `select ` + columns + ` from instances where account_id = $1 and state in ('GRACE', 'RETENTION') and due_at is not null order by id`

// Ended lists an account's instances in grace and retention.
func (s *Store) Ended(ctx context.Context, q db.Querier, accountID string) ([]Instance, error) {
	return db.List[Instance](ctx, q, sqlEnded, accountID)
}

const sqlPostpone = `update instances set due_at = $1, auto_at = $2, remind_at = $3, auto_left = $4, at_expiry = $5, version = version + 1 where id = $6 and version = $7`

// Postpone writes when the instance is due next, without a move. It is false when somebody
// else has changed the instance meanwhile.
func (s *Store) Postpone(ctx context.Context, tx *db.Tx, in *Instance) (bool, error) {
	n, err := db.Exec(ctx, tx, sqlPostpone, in.DueAt, in.AutoAt, in.RemindAt, in.AutoLeft, in.AtExpiry, in.ID, in.Version)
	if n == 1 {
		in.Version++
	}
	return n == 1, err
}

// Reminded plans the next reminder.
func (in *Instance) Reminded(now time.Time, zone *time.Location) {
	due, auto := in.DueAt, in.AutoAt
	in.schedule(in.State, now, zone)
	in.DueAt, in.AutoAt = due, auto
}

// Policy is what a buyer sets for the expiry.
type Policy struct {
	AtExpiry AtExpiry
	Days     int // before the expiry, 2–7: the first attempt of an automatic renewal
	Periods  int // to renew by; 0: one month or one year, or the least that is sold
	Times    int // how often; 0: until it is changed
}

const sqlPolicy = `update instances set at_expiry = $1, auto_days = $2, auto_periods = $3, auto_left = $4, auto_at = $5, remind_at = $6, version = version + 1 where id = $7 and version = $8`

// SetPolicy changes what happens at the expiry. Field errors: "atExpiry", "days", "periods",
// "times". What does not end, and trials, have none: "instance.no_expiry" (Conflict).
func (s *Store) SetPolicy(ctx context.Context, tx *db.Tx, in *Instance, p Policy, zone *time.Location) error {
	var c errs.Check
	c.OneOf("atExpiry", string(p.AtExpiry), string(Manual), string(Auto), string(Leave))
	c.Range("days", int64(p.Days), 2, 7)
	c.Range("periods", int64(p.Periods), 0, 9)
	c.Range("times", int64(p.Times), 0, 99)
	if err := c.Err(); err != nil {
		return err
	}
	if in.ExpiresAt.IsZero() || in.Trial || !in.State.Alive() {
		return errs.Conflictf("instance.no_expiry", "state", in.State)
	}
	in.AtExpiry, in.AutoDays, in.AutoPeriods, in.AutoLeft = p.AtExpiry, p.Days, p.Periods, p.Times
	due := in.DueAt
	in.schedule(in.State, tx.Now, zone)
	in.DueAt = due
	n, err := db.Exec(ctx, tx, sqlPolicy, in.AtExpiry, in.AutoDays, in.AutoPeriods, in.AutoLeft, in.AutoAt, in.RemindAt, in.ID, in.Version)
	if err == nil && n == 0 {
		err = errs.Conflictf("instance.bad_transition", "state", in.State)
	}
	if err != nil {
		return err
	}
	in.Version++
	// Who lets money be spent without being asked is kept.
	return audit.Record(ctx, tx, audit.Entry{Action: "instance.at_expiry", Object: "instance", ObjectID: in.ID, AccountID: in.AccountID,
		Detail: map[string]any{"atExpiry": p.AtExpiry, "days": p.Days, "periods": p.Periods, "times": p.Times}})
}

// Anchor is the day of the month to which the ends return.
func (in *Instance) Anchor(zone *time.Location) int {
	if in.AnchorDay > 0 {
		return in.AnchorDay
	}
	return term.Anchor(in.StartedAt, zone)
}

const sqlExpiring = `select ` + columns + ` from instances where account_id = $1 and state in ('ACTIVE', 'CHANGING', 'GRACE', 'RETENTION') and expires_at is not null
and ($2 = '' or at_expiry = $2) and (expires_at < $3 or $3 = 0) and ($4 = '' or order_id = $4 or id = $4 or lower(product_name) like $5 escape '!') and ($6 = '' or state = $6)
and (expires_at > $7 or (expires_at = $7 and id > $8)) order by expires_at, id limit $9`
const sqlExpiringCount = `select count(*) from (select 1 from instances where account_id = $1 and state in ('ACTIVE', 'CHANGING', 'GRACE', 'RETENTION') and expires_at is not null
and ($2 = '' or at_expiry = $2) and (expires_at < $3 or $3 = 0) and ($4 = '' or order_id = $4 or id = $4 or lower(product_name) like $5 escape '!') and ($6 = '' or state = $6) limit $7) as n`

// ExpiringFilter narrows the list of renewals; empty fields do not.
type ExpiringFilter struct {
	AtExpiry AtExpiry
	Before   time.Time
	State    State
	Text     string
}

// Expiring lists what an account can renew, the next expiry first.
func (s *Store) Expiring(ctx context.Context, q db.Querier, accountID string, f ExpiringFilter, p page.Query) (page.Page[Instance], error) {
	key, err := page.Decode(p.Cursor, 2)
	if err != nil {
		return page.Page[Instance]{}, err
	}
	var before int64
	if !f.Before.IsZero() {
		before = f.Before.UnixMicro()
	}
	var after int64
	if key[0] != "" {
		if after, err = strconv.ParseInt(key[0], 10, 64); err != nil {
			return page.Page[Instance]{}, errs.Invalidf("page.bad_cursor")
		}
	}
	like := db.Contains(f.Text)
	rows, err := db.List[Instance](ctx, q, sqlExpiring, accountID, f.AtExpiry, before, f.Text, like, f.State, after, key[1], p.Size()+1)
	if err != nil {
		return page.Page[Instance]{}, err
	}
	n, err := db.One[int](ctx, q, sqlExpiringCount, accountID, f.AtExpiry, before, f.Text, like, f.State, page.TotalCap+1)
	return page.Of(p, rows, func(in Instance) []string { return []string{strconv.FormatInt(in.ExpiresAt.UnixMicro(), 10), in.ID} }).WithTotal(n), err
}
