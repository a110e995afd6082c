package trade

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
)

// An upgrade ends in exactly one of changed and changeFailed, in the transaction of what ended
// it. One that an operator had sent changes the instance alone; one that was bought ends its
// order with it.

// changed gives the instance its new specification: the seller has made the change.
func (t *Trade) changed(ctx context.Context, tx *db.Tx, c fulfillment.Call, in *subscription.Instance) error {
	if !c.Applies {
		return t.changeDelivered(ctx, tx, c, in)
	}
	if !in.Can(subscription.Changed) {
		return nil
	}
	plan, err := t.planOfCall(ctx, tx, c, *in)
	if err != nil || plan == nil {
		return err
	}
	if err := t.Subscriptions.ChangeSpec(ctx, tx, in, *plan, ""); err != nil {
		return err
	}
	return t.noticeInstance(ctx, tx, *in, "instance_changed", map[string]any{"spec": in.SpecName})
}

// changeDelivered completes a change order: the instance is what was bought, the money the
// seller's.
func (t *Trade) changeDelivered(ctx context.Context, tx *db.Tx, c fulfillment.Call, in *subscription.Instance) error {
	o, l, err := changeOf(ctx, tx, c.OrderID)
	if err != nil || o.State != order.Processing {
		return err // it was refunded meanwhile
	}
	if !in.Can(subscription.Changed) {
		return t.refundChange(ctx, tx, &o, l, *in, order.ChangeDropped)
	}
	if err := t.Subscriptions.ChangeSpec(ctx, tx, in, planOfLine(l), o.ID); err != nil {
		return err
	}
	if err := t.capture(ctx, tx, o, []order.Line{l}); err != nil {
		return err
	}
	if err := order.Apply(ctx, tx, &o, order.Deliver, "", map[string]any{"instance": in.ID}); err != nil {
		return err
	}
	return t.noticeInstance(ctx, tx, *in, "instance_changed", map[string]any{"spec": in.SpecName})
}

// changeFailed leaves the instance as it was: the upgrade did not succeed within its window
// (saas.md §10), or the instance is released before it. A change that was bought is refunded
// (trade.md §8.5, §13.4).
func (t *Trade) changeFailed(ctx context.Context, tx *db.Tx, c fulfillment.Call, in *subscription.Instance, cause string) error {
	if in.Can(subscription.ChangeFell) {
		if err := t.Subscriptions.KeepSpec(ctx, tx, in); err != nil {
			return err
		}
	}
	if c.Applies {
		return nil
	}
	o, l, err := changeOf(ctx, tx, c.OrderID)
	if err != nil || o.State != order.Processing {
		return err
	}
	return t.refundChange(ctx, tx, &o, l, *in, cause)
}

// refundChange gives all of a change back that was not made: the held money, by a refund order.
func (t *Trade) refundChange(ctx context.Context, tx *db.Tx, o *order.Order, l order.Line, in subscription.Instance, cause string) error {
	_, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	if err := order.Apply(ctx, tx, o, order.FailSupply, cause, nil); err != nil {
		return err
	}
	lines := []order.Line{l}
	refund, err := order.PlaceRefund(ctx, tx, *o, lines, cause, zone)
	if err != nil {
		return err
	}
	if err := t.returnHeld(ctx, tx, *o, lines, refund); err != nil {
		return err
	}
	if err := order.Apply(ctx, tx, o, order.PayBack, "", map[string]any{"refund": refund.ID, "amount": o.PaidAmount}); err != nil {
		return err
	}
	if err := t.notifyRefund(ctx, tx, refund, 1, in); err != nil {
		return err
	}
	if err := t.noticeChangeRefunded(ctx, tx, *o, in); err != nil || cause != order.ProvisioningFailed {
		return err
	}
	return t.stopFailing(ctx, tx, *o, zone)
}

// changeOf reads a change order with its one line.
func changeOf(ctx context.Context, q db.Querier, orderID string) (order.Order, order.Line, error) {
	o, err := order.Find(ctx, q, order.Everybody, orderID)
	if err != nil {
		return o, order.Line{}, err
	}
	lines, err := order.Lines(ctx, q, o.ID)
	if err == nil && len(lines) == 0 {
		err = errs.NotFoundf("order.not_found")
	}
	if err != nil {
		return o, order.Line{}, err
	}
	return o, lines[0], nil
}

// planOfLine is the plan that a change leads to, as it was sold.
func planOfLine(l order.Line) subscription.Plan {
	return subscription.Plan{PlanID: l.PlanID, PlanNumber: l.PlanNumber, SkuCode: l.SkuCode, SpecName: l.SpecName,
		PeriodType: l.PeriodType, PeriodNumber: l.PeriodNumber, Chosen: l.Chosen}
}

// dropUpgrades ends the upgrades that are under way, because a release makes them needless.
func (t *Trade) dropUpgrades(ctx context.Context, tx *db.Tx, in *subscription.Instance) error {
	open, err := fulfillment.OpenCalls(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	for _, c := range open {
		if c.Purpose == fulfillment.Upgrade {
			if err := t.changeFailed(ctx, tx, c, in, order.ChangeDropped); err != nil {
				return err
			}
		}
	}
	return nil
}
