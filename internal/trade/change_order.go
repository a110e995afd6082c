package trade

import (
	"context"
	"strconv"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/catalog"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
)

// admit repeats the checks of an order about an instance, a renewal or a change, for a
// transaction that goes on to place or pay it. except is the order that is being paid.
func (t *Trade) admit(ctx context.Context, tx *db.Tx, accountID string, kind order.Kind, l order.Line, s catalog.Sale, except string) error {
	if kind != order.Upgrade && kind != order.RenewChange {
		_, err := t.admitRenewal(ctx, tx, accountID, kind, l, s, except)
		return err
	}
	if err := t.Subscriptions.Lock(ctx, tx, l.InstanceID); err != nil {
		return err
	}
	in, err := t.Subscriptions.Find(ctx, tx, l.InstanceID, accountID)
	if err != nil {
		return err
	}
	if err := mayChange(in, s); err != nil {
		return err
	}
	if c := l.Change; c == nil || c.PlanID != in.PlanID || totalOf(c.Chosen) != totalOf(in.Chosen) || kind == order.Upgrade && !l.EndsAt.Equal(in.ExpiresAt) {
		return errs.Conflictf("instance.changed_meanwhile", "state", in.State)
	}
	blocker, err := underWay(ctx, tx, in, except)
	if err == nil {
		err = blocker
	}
	if err == nil && except == "" {
		err = s.Buyable()
	}
	return err
}

// settled is what follows the payment of an order about an instance.
func (t *Trade) settled(ctx context.Context, tx *db.Tx, o *order.Order, l order.Line, instrument string) error {
	in, err := t.Subscriptions.Find(ctx, tx, l.InstanceID, o.AccountID)
	switch {
	case err != nil:
		return err
	case o.Kind == order.Upgrade:
		return t.beginChange(ctx, tx, o, l, in, instrument)
	case o.Kind == order.RenewChange:
		return t.renewWithChange(ctx, tx, o, l, in, instrument)
	}
	return t.renew(ctx, tx, o, l, in, instrument)
}

// beginChange is what follows the payment of a change within the running term (trade.md §12.2,
// §13): the instance CHANGING, and the call to the seller, for three hours. The money is held
// until then.
func (t *Trade) beginChange(ctx context.Context, tx *db.Tx, o *order.Order, l order.Line, in subscription.Instance, instrument string) error {
	activity, ok := activityOf(in, fulfillment.Upgrade)
	if !ok {
		return errs.Conflictf("instance.no_such_call", "generation", in.Generation)
	}
	if err := t.Subscriptions.BeginChange(ctx, tx, &in, planOfLine(l)); err != nil {
		return err
	}
	c := callOf(in, activity, fulfillment.Upgrade, fulfillment.Window3h)
	c.OrderID, c.OrderLineID, c.Parameters = o.ID, l.ID, changeParameters(l)
	if _, err := fulfillment.Queue(ctx, tx, c); err != nil {
		return err
	}
	if err := order.Apply(ctx, tx, o, order.Pay, "", map[string]any{"instrument": instrument, "amount": o.DueAmount}); err != nil {
		return err
	}
	if err := t.notifyOrder(ctx, tx, *o, l.ID, in); err != nil {
		return err
	}
	return t.noticePaid(ctx, tx, *o, l)
}

// changeParameters are what both calls say of the target: plan and skuCode, and the new total
// of a quantity.
func changeParameters(l order.Line) map[string]string {
	p := map[string]string{fulfillment.ParamProductID: l.PlanNumber, fulfillment.ParamSkuCode: l.SkuCode, fulfillment.ParamPlanID: l.PlanID}
	if n := l.Chosen.Quantity; n != nil {
		p[n.Field] = number(n.Value)
	}
	return p
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// renewWithChange is what follows the payment of a renewal with a change (续费变更): the new
// expiry stands at once, the specification changes with the new period. Until then the seller
// is told nothing, because his call would change it at once.
func (t *Trade) renewWithChange(ctx context.Context, tx *db.Tx, o *order.Order, l order.Line, in subscription.Instance, instrument string) error {
	_, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	starts, until := in.ExpiresAt, renewedUntil(in, l, tx.Now, zone)
	if err := order.FixPeriod(ctx, tx, l.ID, starts, until, 0); err != nil {
		return err
	}
	in.ChangeAt = starts
	if err := t.Subscriptions.Renew(ctx, tx, &in, until, nil); err != nil {
		return err
	}
	return t.completeRenewal(ctx, tx, o, l, in, until, instrument)
}

// changeBatch bounds one transaction of ApplyChanges.
const changeBatch = 50

// ApplyChanges lets the changes take effect that were bought with a renewal and whose period
// has begun: the instance has the new specification, and the seller is told of it with the new
// expiry (refreshInstance, scene RENEWAL_CHANGE), for seven days like of any renewal. It is
// found by an index and tells whether more may be due.
func (t *Trade) ApplyChanges(ctx context.Context, tx *db.Tx) (more bool, err error) {
	due, err := t.Subscriptions.DueForChange(ctx, tx, tx.Now, changeBatch)
	if err != nil {
		return false, err
	}
	for _, in := range due {
		if err := t.applyChange(ctx, tx, in); err != nil && !errs.Is(err, "instance.bad_transition") {
			return false, err
		}
	}
	return len(due) == changeBatch, nil
}

func (t *Trade) applyChange(ctx context.Context, tx *db.Tx, in subscription.Instance) error {
	// Another node may have found it as well.
	if err := t.Subscriptions.Lock(ctx, tx, in.ID); err != nil {
		return err
	}
	in, err := t.Subscriptions.Find(ctx, tx, in.ID, in.AccountID)
	if err != nil || in.ChangeAt.IsZero() || !in.ChangeAt.Before(tx.Now) || !in.Can(subscription.Changed) {
		return err
	}
	o, l, found, err := order.NewestRenewal(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	if !found || o.Kind != order.RenewChange || !l.StartsAt.Equal(in.ChangeAt) {
		t.Log.Error("a change is due, but no renewal with it stands", "instance", in.ID)
		return t.Subscriptions.ForgetChange(ctx, tx, in)
	}
	in.ChangeAt = time.Time{}
	if err := t.Subscriptions.ChangeSpec(ctx, tx, &in, planOfLine(l), o.ID); err != nil {
		return err
	}
	activity, ok := activityOf(in, fulfillment.RenewChange)
	if !ok {
		return errs.Conflictf("instance.no_such_call", "generation", in.Generation)
	}
	c := callOf(in, activity, fulfillment.RenewChange, fulfillment.Renewal)
	c.OrderID, c.OrderLineID, c.Parameters = o.ID, l.ID, changeParameters(l)
	c.Parameters[fulfillment.ParamExpireAt], c.Parameters[fulfillment.ParamOrderAmount] = l.EndsAt.UTC().Format(time.RFC3339), (l.Amount - l.Voucher).String()
	if _, err := fulfillment.Queue(ctx, tx, c); err != nil {
		return err
	}
	return t.noticeInstance(ctx, tx, in, "instance_changed", map[string]any{"spec": in.SpecName})
}
