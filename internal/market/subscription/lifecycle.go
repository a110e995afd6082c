package subscription

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/pricing"
)

// The functions here move an instance (trade.md §12.2) and write its history; in is updated. A
// pair that is not in Moves, or a move that somebody else made meanwhile, is
// "instance.bad_transition" (Conflict) with the present state. None of them calls the seller.

// Plan is what an instance can be changed to: a specification and one of its price plans.
type Plan struct {
	PlanID       string
	PlanNumber   string // productId on the wire
	SkuCode      string
	SpecName     i18n.Text
	PeriodType   string
	PeriodNumber int            // 0 keeps the present one, or is 1 of another period type
	Chosen       pricing.Chosen // attributes and quantity
}

// Renew gives the instance another expiry: a renewal, or, with an earlier one, a cancelled renewal. From grace and retention it leads back to use. p, when not nil, is the plan
// that holds from now on. What is frozen for a violation is not renewed: "instance.frozen".
func (s *Store) Renew(ctx context.Context, tx *db.Tx, in *Instance, expiresAt time.Time, p *Plan) error {
	if in.Frozen {
		return errs.Conflictf("instance.frozen", "state", in.State)
	}
	detail := map[string]any{"from": in.ExpiresAt, "to": expiresAt}
	in.ExpiresAt = expiresAt
	if p != nil {
		detail["planBefore"], detail["plan"] = in.PlanNumber, p.PlanNumber
		in.set(*p)
	}
	return s.move(ctx, tx, in, Prolong, detail)
}

// Convert is Renew of a trial (试用转正), which is none afterwards. "instance.not_trial".
func (s *Store) Convert(ctx context.Context, tx *db.Tx, in *Instance, expiresAt time.Time, p *Plan) error {
	if !in.Trial {
		return errs.Conflictf("instance.not_trial", "state", in.State)
	}
	in.Trial = false
	return s.Renew(ctx, tx, in, expiresAt, p)
}

func (in *Instance) set(p Plan) {
	if p.PeriodNumber == 0 && p.PeriodType != in.PeriodType { // six months do not become six years
		p.PeriodNumber = 1
	}
	in.PlanID, in.PlanNumber, in.SkuCode, in.SpecName, in.PeriodType, in.Chosen = p.PlanID, p.PlanNumber, p.SkuCode, p.SpecName, p.PeriodType, p.Chosen
	if p.PeriodNumber > 0 {
		in.PeriodNumber = p.PeriodNumber
	}
}

// Expire begins the grace period of an instance whose term has ended; it ends at until.
func (s *Store) Expire(ctx context.Context, tx *db.Tx, in *Instance, until time.Time) error {
	in.DueAt = until
	return s.move(ctx, tx, in, Expired, map[string]any{"until": until})
}

// Retain begins the retention period, which ends at until: grace has ended, or there is none.
// The seller is told to freeze by the caller.
func (s *Store) Retain(ctx context.Context, tx *db.Tx, in *Instance, until time.Time) error {
	in.DueAt = until
	return s.move(ctx, tx, in, Retain, map[string]any{"until": until})
}

// Freeze sets the operator's flag of a violation. "instance.frozen" when it is set already.
func (s *Store) Freeze(ctx context.Context, tx *db.Tx, in *Instance, reason string) error {
	if in.Frozen {
		return errs.Conflictf("instance.frozen", "state", in.State)
	}
	in.Frozen, in.FrozenAt, in.FrozenReason = true, tx.Now, reason
	return s.move(ctx, tx, in, Violation, map[string]any{"reason": reason})
}

// Thaw takes the flag away. The instance is used again; when its term has ended meanwhile it is
// in grace, from where the periodic work goes on. "instance.not_frozen" without the flag.
func (s *Store) Thaw(ctx context.Context, tx *db.Tx, in *Instance) error {
	if !in.Frozen {
		return errs.Conflictf("instance.not_frozen", "state", in.State)
	}
	in.Frozen, in.FrozenAt, in.FrozenReason = false, time.Time{}, ""
	e := Lift
	if in.Over(tx.Now) {
		e, in.DueAt = LiftExpired, in.ExpiresAt // it may stand at the end of retention
	}
	return s.move(ctx, tx, in, e, nil)
}

// Over tells whether the term has ended.
func (in *Instance) Over(now time.Time) bool {
	return !in.ExpiresAt.IsZero() && in.ExpiresAt.Before(now)
}

// BeginChange says that an upgrade is under way; the instance stays usable.
func (s *Store) BeginChange(ctx context.Context, tx *db.Tx, in *Instance, to Plan) error {
	return s.move(ctx, tx, in, ChangeBegan, map[string]any{"plan": to.PlanNumber})
}

// ChangeSpec gives the instance another plan: the seller has changed it, or the change takes
// effect that was bought with a renewal. orderID is that of the change, empty for none.
func (s *Store) ChangeSpec(ctx context.Context, tx *db.Tx, in *Instance, p Plan, orderID string) error {
	detail := map[string]any{"planBefore": in.PlanNumber, "plan": p.PlanNumber}
	if orderID != "" {
		detail["order"] = orderID
	}
	if from, to := in.Chosen.Quantity, p.Chosen.Quantity; from != nil && to != nil && from.Value != to.Value {
		detail["quantityBefore"], detail["quantity"] = from.Value, to.Value
	}
	in.set(p)
	return s.move(ctx, tx, in, Changed, detail)
}

// KeepSpec ends an upgrade that failed: everything stays as it was.
func (s *Store) KeepSpec(ctx context.Context, tx *db.Tx, in *Instance) error {
	return s.move(ctx, tx, in, ChangeFell, nil)
}

// Release ends an instance whose data are deleted; its access data are forgotten.
func (s *Store) Release(ctx context.Context, tx *db.Tx, in *Instance) error {
	if err := s.move(ctx, tx, in, Erase, nil); err != nil {
		return err
	}
	in.AccessSealed, in.AccessState = "", NoAccess
	_, err := db.Exec(ctx, tx, sqlAccess, "", NoAccess, tx.Now, in.ID)
	return err
}
