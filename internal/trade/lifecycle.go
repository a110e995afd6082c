package trade

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/subscription"
)

// apply does what the success of a call means for its instance (trade.md §12.2), also when the
// seller does not know the instance (fulfillment.Gone), or when the call was marked as done by hand.
// A call without Applies was caused by what has changed the instance already. What the instance's
// state does not allow any more is left: it has been released or refunded meanwhile.
func (t *Trade) apply(ctx context.Context, tx *db.Tx, c fulfillment.Call, in *subscription.Instance) error {
	switch c.Purpose {
	case fulfillment.Renew, fulfillment.CancelRenewal, fulfillment.Convert, fulfillment.RenewChange:
		return t.renewed(ctx, tx, c, in)
	case fulfillment.Upgrade:
		return t.changed(ctx, tx, c, in)
	case fulfillment.Freeze:
		if !c.Applies || in.Frozen || !in.Can(subscription.Violation) {
			return nil
		}
		if err := t.Subscriptions.Freeze(ctx, tx, in, c.Parameters[fulfillment.ParamReason]); err != nil {
			return err
		}
		return t.tellBuyer(ctx, tx, *in, "instance_frozen", map[string]any{"reason": in.FrozenReason})
	case fulfillment.Thaw:
		if !c.Applies || !in.Frozen {
			return nil
		}
		if err := t.Subscriptions.Thaw(ctx, tx, in); err != nil {
			return err
		}
		return t.tellBuyer(ctx, tx, *in, "instance_thawed", nil)
	case fulfillment.Release:
		if !c.Applies || !in.Can(subscription.Erase) {
			return nil
		}
		if err := t.Subscriptions.Release(ctx, tx, in); err != nil {
			return err
		}
		return t.tellBuyer(ctx, tx, *in, "instance_released", nil)
	}
	return nil
}

// renewed moves the expiry. A V2 instance that was frozen for its expiry is thawed by a call of its
// own, and only now that the seller knows the new expiry (saas.md §7.4).
func (t *Trade) renewed(ctx context.Context, tx *db.Tx, c fulfillment.Call, in *subscription.Instance) error {
	thaw := c.Parameters[fulfillment.ParamThaw] != "" || in.State == subscription.Retention
	if c.Applies && !in.Frozen && in.Can(subscription.Prolong) {
		plan, err := t.planOfCall(ctx, tx, c, *in)
		if err != nil {
			return err
		}
		prolong := t.Subscriptions.Renew
		if c.Purpose == fulfillment.Convert && in.Trial {
			prolong = t.Subscriptions.Convert
		}
		if err := prolong(ctx, tx, in, c.Instant(fulfillment.ParamExpireAt), plan); err != nil {
			return err
		}
		_, zone, err := t.site(ctx)
		if err != nil {
			return err
		}
		if err := t.noticeInstance(ctx, tx, *in, "instance_renewed", map[string]any{"expiry": in.ExpiresAt.In(zone).Format(time.DateTime)}); err != nil {
			return err
		}
	}
	if !thaw || in.Generation != "V2" || !in.State.Usable() {
		return nil
	}
	// What freezes it now was queued after the renewal, for a newer cause.
	open, err := fulfillment.OpenCalls(ctx, tx, in.ID)
	if err != nil || slices.ContainsFunc(open, func(c fulfillment.Call) bool { return fulfillment.Thaw.Supersedes(c.Purpose) }) {
		return err
	}
	_, err = t.queue(ctx, tx, *in, fulfillment.Thaw, fulfillment.Window1h)
	return err
}

// planOfCall is the plan that a call leads to; nil when it stays.
func (t *Trade) planOfCall(ctx context.Context, q db.Querier, c fulfillment.Call, in subscription.Instance) (*subscription.Plan, error) {
	planID := c.Parameters[fulfillment.ParamPlanID]
	if planID == "" {
		return nil, nil
	}
	sale, err := t.Catalog.ForSale(ctx, q, planID)
	plan := planOf(sale, in, c)
	return &plan, err
}

// queue queues a call without content for the instance; its cause has changed the instance already.
// "instance.no_such_call" (Conflict) when generation and charging mode have none.
func (t *Trade) queue(ctx context.Context, tx *db.Tx, in subscription.Instance, p fulfillment.Purpose, profile fulfillment.Profile) (fulfillment.Call, error) {
	activity, ok := activityOf(in, p)
	if !ok {
		return fulfillment.Call{}, errs.Conflictf("instance.no_such_call", "generation", in.Generation)
	}
	return fulfillment.Queue(ctx, tx, callOf(in, activity, p, profile))
}
