package trade

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/subscription"
)

// An upgrade ends in exactly one of the two functions here, in the transaction of what ended it.

// changed gives the instance its new specification: the seller has made the change.
func (t *Trade) changed(ctx context.Context, tx *db.Tx, c fulfillment.Call, in *subscription.Instance) error {
	if !in.Can(subscription.Changed) {
		return nil
	}
	plan, err := t.planOfCall(ctx, tx, c, *in)
	if err != nil || plan == nil {
		return err
	}
	if err := t.Subscriptions.ChangeSpec(ctx, tx, in, *plan); err != nil || !c.Applies {
		return err
	}
	return t.noticeInstance(ctx, tx, *in, "instance_changed", map[string]any{"spec": in.SpecName})
}

// changeFailed leaves the instance as it was: the upgrade did not succeed within its window
// (saas.md §10), or the instance is released before it.
func (t *Trade) changeFailed(ctx context.Context, tx *db.Tx, _ fulfillment.Call, in *subscription.Instance) error {
	if !in.Can(subscription.ChangeFell) {
		return nil
	}
	return t.Subscriptions.KeepSpec(ctx, tx, in)
}

// dropUpgrades ends the upgrades that are under way, because a release makes them needless.
func (t *Trade) dropUpgrades(ctx context.Context, tx *db.Tx, in *subscription.Instance) error {
	open, err := fulfillment.OpenCalls(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	for _, c := range open {
		if c.Purpose == fulfillment.Upgrade {
			if err := t.changeFailed(ctx, tx, c, in); err != nil {
				return err
			}
		}
	}
	return nil
}
