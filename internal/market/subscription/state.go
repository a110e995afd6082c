package subscription

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

// State is the state of an instance (trade.md §12.1).
type State string

// The states. In Active, Changing and Grace the buyer can use the service.
const (
	Pending      State = "PENDING"      // 开通中
	Active       State = "ACTIVE"       // 使用中
	Changing     State = "CHANGING"     // 变更中: an upgrade is under way
	Grace        State = "GRACE"        // 已过期 (宽限期): expired, and still served
	Retention    State = "RETENTION"    // 已冻结 (保留期): frozen, data kept
	Released     State = "RELEASED"     // 已释放: data deleted
	Unsubscribed State = "UNSUBSCRIBED" // 已退订: refunded
)

// States lists all of them in the order of life.
var States = []State{Pending, Active, Changing, Grace, Retention, Released, Unsubscribed}

// Alive tells whether the instance exists at the seller's and has not been given up.
func (s State) Alive() bool { return s == Active || s == Changing || s == Grace || s == Retention }

// Usable tells whether the buyer can work with the service.
func (s State) Usable() bool { return s == Active || s == Changing || s == Grace }

// Event moves an instance.
type Event string

// The events.
const (
	Create      Event = "created" // history only
	Activate    Event = "provisioned"
	Refund      Event = "refunded"
	Prolong     Event = "renewed"             // a new expiry: renewal, conversion, or a renewal that was cancelled
	Expired     Event = "expired"             // the term ended, grace begins
	Retain      Event = "retention_began"     // grace ended, or there is none
	Violation   Event = "frozen"              // an operator froze it
	Lift        Event = "thawed"              // the violation is over
	LiftExpired Event = "thawed_after_expiry" // likewise, but the term has ended meanwhile
	ChangeBegan Event = "change_began"
	Changed     Event = "changed" // another specification or plan
	ChangeFell  Event = "change_failed"
	Erase       Event = "released"
	Access      Event = "access_data" // history only: access data arrived or changed
)

// Move is one row of the transition table.
type Move struct {
	From  State
	Event Event
	To    State
	Actor string
}

// Moves is the transition table (trade.md §12.2); every other pair is a conflict. Two conditions
// stand in the functions: what is frozen for a violation is not renewed, and only that is thawed.
var Moves = []Move{
	{Pending, Activate, Active, "seller's server"},
	{Pending, Refund, Unsubscribed, "system"},
	{Active, Prolong, Active, "buyer, operator"},
	{Active, ChangeBegan, Changing, "buyer, operator"},
	{Active, Changed, Active, "buyer, operator"}, // a renewal with a change
	{Active, Expired, Grace, "system"},
	{Active, Retain, Retention, "system"},
	{Active, Violation, Retention, "operator"},
	{Active, Refund, Unsubscribed, "buyer, operator"},
	{Active, Erase, Released, "operator"},
	{Changing, Changed, Active, "seller's server"},
	{Changing, ChangeFell, Active, "system"},
	{Changing, Prolong, Changing, "buyer, operator"},
	{Changing, Violation, Retention, "operator"},
	{Changing, Refund, Unsubscribed, "buyer, operator"},
	{Changing, Erase, Released, "operator"},
	{Grace, Prolong, Active, "buyer, operator"},
	{Grace, Retain, Retention, "system"},
	{Grace, Violation, Retention, "operator"},
	{Grace, Refund, Unsubscribed, "buyer, operator"},
	{Grace, Erase, Released, "operator"},
	{Retention, Prolong, Active, "buyer, operator"},
	{Retention, Violation, Retention, "operator"},
	{Retention, Lift, Active, "operator"},
	{Retention, LiftExpired, Grace, "operator"},
	{Retention, Changed, Retention, "seller's server"}, // frozen while the change was under way
	{Retention, ChangeFell, Retention, "system"},
	{Grace, Changed, Grace, "seller's server"}, // likewise, and thawed since
	{Retention, Refund, Unsubscribed, "buyer, operator"},
	{Retention, Erase, Released, "system, operator"},
}

func next(from State, e Event) (State, bool) {
	i := slices.IndexFunc(Moves, func(m Move) bool { return m.From == from && m.Event == e })
	if i < 0 {
		return "", false
	}
	return Moves[i].To, true
}

// Can tells whether the table knows the event in the instance's state.
func (in *Instance) Can(e Event) bool {
	_, ok := next(in.State, e)
	return ok
}

const sqlMove = `update instances set state = $1, external_id = case when external_id = '' then $2 else external_id end,
started_at = coalesce(started_at, $3), expires_at = $4, plan_id = $5, plan_number = $6, sku_code = $7, spec_name = $8, period_type = $9, period_number = $10,
frozen = $11, frozen_at = $12, frozen_reason = $13, ended_at = $14, trial = $15, chosen = $16, due_at = $17, auto_at = $18, remind_at = $19, anchor_day = $20, auto_left = $21, change_at = $22, version = version + 1
where id = $23 and state = $24 and version = $25`

// move writes the whole instance, guarded by its version, and its history.
func (s *Store) move(ctx context.Context, tx *db.Tx, in *Instance, e Event, detail any) error {
	to, ok := next(in.State, e)
	if !ok {
		return errs.Conflictf("instance.bad_transition", "state", in.State)
	}
	if to == Released || to == Unsubscribed {
		in.EndedAt, in.ChangeAt = tx.Now, time.Time{}
	}
	site, err := s.Settings.Site(ctx)
	if err != nil {
		return err
	}
	in.schedule(to, tx.Now, site.Zone())
	n, err := db.Exec(ctx, tx, sqlMove, to, in.ExternalID, in.StartedAt, in.ExpiresAt, in.PlanID, in.PlanNumber, in.SkuCode, in.SpecName, in.PeriodType, in.PeriodNumber,
		in.Frozen, in.FrozenAt, in.FrozenReason, in.EndedAt, in.Trial, db.JSON(in.Chosen),
		in.DueAt, in.AutoAt, in.RemindAt, in.AnchorDay, in.AutoLeft, in.ChangeAt, in.ID, in.State, in.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("instance.bad_transition", "state", in.State)
	}
	from := in.State
	in.State, in.Version = to, in.Version+1
	return record(ctx, tx, in.ID, e, from, to, detail)
}
