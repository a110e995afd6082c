package trade

import (
	"context"
	"strings"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
)

// MarkCallDone is the operator's "delivered by hand" (saas.md §10.1): the call ends without
// another attempt. It needs a comment (2–500 characters) and, for a call that creates, the
// seller's instance id, with which the order completes as if the server had answered; any other
// call has the effect of its success. One that a newer call has made needless
// only ends: its effect would undo the newer one's.
func (t *Trade) MarkCallDone(ctx context.Context, tx *db.Tx, callID, comment, instanceID string) (fulfillment.Call, error) {
	comment, instanceID = strings.TrimSpace(comment), strings.TrimSpace(instanceID)
	c, err := fulfillment.Find(ctx, tx, callID, fulfillment.Everybody)
	if err != nil {
		return c, err
	}
	creates := c.Purpose == fulfillment.Create || c.Purpose == fulfillment.Provision
	var check errs.Check
	check.Length("comment", comment, 2, 500)
	check.Length("instanceId", instanceID, 0, 64)
	if creates && instanceID == "" {
		check.Add("instanceId", "fulfillment.instance_id_needed")
	}
	if err := check.Err(); err != nil {
		return c, err
	}
	in, err := t.Subscriptions.Find(ctx, tx, c.InstanceID, subscription.Everybody)
	if err != nil {
		return c, err
	}
	if creates {
		if taken, err := t.Subscriptions.Taken(ctx, tx, in, instanceID); err != nil {
			return c, err
		} else if taken {
			return c, errs.Conflictf("fulfillment.instance_taken", "instanceId", instanceID)
		}
	}
	if c.Purpose == fulfillment.Upgrade && c.State == fulfillment.Failed {
		return c, errs.Conflictf("fulfillment.upgrade_closed", "state", c.State)
	}
	superseded, err := fulfillment.Superseded(ctx, tx, c)
	if err != nil {
		return c, err
	}
	if err := fulfillment.MarkDone(ctx, tx, &c, comment, instanceID); err != nil {
		return c, err
	}
	switch {
	case creates:
		err = t.deliverByHand(ctx, tx, c, instanceID)
	case !superseded:
		err = t.apply(ctx, tx, c, &in)
	}
	if err != nil {
		return c, err
	}
	return c, audit.Record(ctx, tx, audit.Entry{Action: "call.mark_done", Object: "call", ObjectID: c.ID, AccountID: c.AccountID,
		Reason: comment, Detail: map[string]any{"instanceId": instanceID}})
}

func (t *Trade) deliverByHand(ctx context.Context, tx *db.Tx, c fulfillment.Call, instanceID string) error {
	_, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	a, err := fulfillment.Load(ctx, tx, t.Sellers, t.Subscriptions, c.ID)
	if err != nil {
		return err
	}
	a.Start, a.Zone = tx.Now, zone
	o, err := order.Find(ctx, tx, order.Everybody, a.Order.ID)
	if err != nil {
		return err
	}
	return t.deliver(ctx, tx, a, fulfillment.Result{Outcome: fulfillment.OK, InstanceID: instanceID}, &o, &a.Instance)
}
