package trade

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/job"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/subscription"
	"jishi/internal/market/voucher"
	"jishi/wire/saas"
)

// recordWithin bounds the writing of a good answer after the process was asked to stop.
const recordWithin = 10 * time.Second

// RunCall is the handler of fulfillment.JobKind: it makes one attempt of a call outside any
// transaction, then records it and settles what it means in one. The job ends in that
// transaction, guarded by its attempt, so that a worker that came late settles nothing.
func (t *Trade) RunCall(ctx context.Context, j job.Job) error {
	var w fulfillment.Wake
	if err := j.Decode(&w); err != nil {
		return err
	}
	a, err := t.load(ctx, w.Call)
	if err != nil {
		return err
	}
	if s := a.Call.State; a.Call.Attempts != w.Attempt || s != fulfillment.Calling && s != fulfillment.Retrying {
		return t.DB.Update(ctx, func(tx *db.Tx) error {
			if err := job.Done(ctx, tx, j); err != nil {
				return err
			}
			return fulfillment.Proceed(ctx, tx, a.Call.InstanceID)
		})
	}
	r := t.Provider.Send(ctx, a)
	if ctx.Err() != nil && r.Outcome == fulfillment.Bad {
		return ctx.Err() // asked to stop: the attempt is made again, for the same order
	}
	// What the seller has made is not forgotten because the process ends.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWithin)
	defer cancel()
	return t.DB.Update(ctx, func(tx *db.Tx) error {
		if err := job.Done(ctx, tx, j); err != nil {
			return err
		}
		_, err := t.settle(ctx, tx, a, r)
		return err
	})
}

func (t *Trade) load(ctx context.Context, callID string) (fulfillment.Attempt, error) {
	_, zone, err := t.site(ctx)
	if err != nil {
		return fulfillment.Attempt{}, err
	}
	var a fulfillment.Attempt
	err = t.DB.View(ctx, func(q db.Querier) error {
		a, err = fulfillment.Load(ctx, q, t.Sellers, t.Subscriptions, callID)
		return err
	})
	a.Zone, a.Start = zone, t.DB.Now()
	return a, err
}

// settle records the attempt and does what its outcome means. Everything is read again in
// the transaction: the attempt took seconds.
func (t *Trade) settle(ctx context.Context, tx *db.Tx, a fulfillment.Attempt, r fulfillment.Result) (fulfillment.Decision, error) {
	in, err := t.Subscriptions.Find(ctx, tx, a.Instance.ID, subscription.Everybody)
	if err != nil {
		return "", err
	}
	if r, err = t.checkIdentity(ctx, tx, in, a, r); err != nil {
		return "", err
	}
	if a.Call.Purpose == fulfillment.Access && r.Outcome == fulfillment.OK && r.Access == nil {
		r.Outcome, r.Problem = fulfillment.NotYet, &fulfillment.Problem{Code: "fulfillment.no_access_yet"}
	}
	before := a.Call.LastAt
	decision, err := fulfillment.Record(ctx, tx, &a, r)
	if err != nil {
		return "", err
	}
	o, err := order.Find(ctx, tx, order.Everybody, in.OrderID)
	if err != nil {
		return "", err
	}
	switch decision {
	case fulfillment.Done:
		err = t.succeeded(ctx, tx, a, r, &o, &in)
	case fulfillment.Again:
		if err = t.noticeFailure(ctx, tx, a, o, *r.Problem, false); err == nil {
			err = t.noticeRenewalFails(ctx, tx, a, before)
		}
	case fulfillment.Exhausted:
		err = t.exhausted(ctx, tx, a, r, &o, &in)
	case fulfillment.Stale:
		err = t.straggler(ctx, tx, a, r, in)
	}
	return decision, err
}

// checkIdentity applies the rules about the seller's instanceId (saas.md §6.1.2): it belongs
// to one instance, and the first one stays.
func (t *Trade) checkIdentity(ctx context.Context, tx *db.Tx, in subscription.Instance, a fulfillment.Attempt, r fulfillment.Result) (fulfillment.Result, error) {
	if r.InstanceID == "" {
		return r, nil
	}
	if in.ExternalID != "" && r.InstanceID != in.ExternalID {
		r.Warnings = append(r.Warnings, fulfillment.Problem{Code: "fulfillment.instance_changed",
			Args: map[string]any{"was": in.ExternalID, "is": r.InstanceID}})
		if a.Call.Purpose.Interactive() {
			r.Outcome, r.Problem, r.Access = fulfillment.Bad, &r.Warnings[len(r.Warnings)-1], nil
		}
		r.InstanceID = in.ExternalID
		return r, nil
	}
	taken, err := t.Subscriptions.Taken(ctx, tx, in, r.InstanceID)
	if err != nil || !taken {
		return r, err
	}
	// Another order owns it: nothing of this answer may be shown, and it must not be released.
	r.Problem = &fulfillment.Problem{Code: "fulfillment.instance_taken", Args: map[string]any{"instanceId": r.InstanceID}}
	r.Outcome, r.InstanceID, r.Access = fulfillment.Bad, "", nil
	return r, nil
}

func (t *Trade) succeeded(ctx context.Context, tx *db.Tx, a fulfillment.Attempt, r fulfillment.Result, o *order.Order, in *subscription.Instance) error {
	switch a.Call.Purpose {
	case fulfillment.Create:
		if r.Outcome == fulfillment.Accepted {
			if err := t.Subscriptions.Name(ctx, tx, in, r.InstanceID); err != nil {
				return err
			}
			return t.poll(ctx, tx, a.Call, *in, fulfillment.Provision)
		}
		if err := t.deliver(ctx, tx, a, r, o, in); err != nil {
			return err
		}
		if in.Generation == "V2" {
			return t.poll(ctx, tx, a.Call, *in, fulfillment.Access)
		}
		return nil
	case fulfillment.Provision:
		if err := t.deliver(ctx, tx, a, r, o, in); err != nil {
			return err
		}
		if r.Access == nil {
			return t.poll(ctx, tx, a.Call, *in, fulfillment.Access)
		}
		return nil
	case fulfillment.Access, fulfillment.View, fulfillment.Ask:
		return t.keepAccess(ctx, tx, r, in)
	}
	return t.apply(ctx, tx, a.Call, in)
}

// deliver makes the instance ACTIVE and keeps its access data. With the last instance of its
// order the order completes: the held amounts are captured, the buyer is told. The term starts with the realm's instant of the successful attempt, whose
// expiry the seller was told.
func (t *Trade) deliver(ctx context.Context, tx *db.Tx, a fulfillment.Attempt, r fulfillment.Result, o *order.Order, in *subscription.Instance) error {
	if err := t.Subscriptions.Activate(ctx, tx, in, r.InstanceID, a.Start, a.Zone); err != nil {
		return err
	}
	if err := t.keepAccess(ctx, tx, r, in); err != nil {
		return err
	}
	lines, err := order.Lines(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	if whole, err := t.delivered(ctx, tx, *o, lines); err != nil || !whole {
		return err
	}
	if err := t.capture(ctx, tx, *o, lines); err != nil {
		return err
	}
	if err := order.Apply(ctx, tx, o, order.Deliver, "", map[string]any{"instance": in.ID}); err != nil {
		return err
	}
	return t.noticeDelivered(ctx, tx, *o, *in)
}

// delivered tells whether all instances of the order are there. An on-demand product has a line,
// an instance and a call for each of its billing items (saas.md §6.1.2); the order's row is locked,
// so that the last two of them do not take each other for missing.
func (t *Trade) delivered(ctx context.Context, tx *db.Tx, o order.Order, lines []order.Line) (bool, error) {
	if len(lines) == 1 {
		return true, nil
	}
	if err := order.Lock(ctx, tx, o.ID); err != nil {
		return false, err
	}
	instances, err := t.Subscriptions.OfOrder(ctx, tx, o.ID)
	return !slices.ContainsFunc(instances, func(in subscription.Instance) bool { return in.State == subscription.Pending }), err
}

// keepAccess stores what the answer brought. A V1 answer without it means that the seller
// delivers it himself, by SMS or mail (saas.md §6.1.2).
func (t *Trade) keepAccess(ctx context.Context, tx *db.Tx, r fulfillment.Result, in *subscription.Instance) error {
	switch {
	case r.Access != nil && r.Partly:
		return t.Subscriptions.SetAccess(ctx, tx, in, *r.Access, subscription.AccessPartly)
	case r.Access != nil:
		return t.Subscriptions.SetAccess(ctx, tx, in, *r.Access, subscription.AccessReady)
	case in.Generation == "V1" && in.AccessState == subscription.NoAccess:
		return t.Subscriptions.LeaveAccess(ctx, tx, in)
	}
	return nil
}

// poll asks queryInstance until the window of the create call ends (saas.md §7.2).
func (t *Trade) poll(ctx context.Context, tx *db.Tx, create fulfillment.Call, in subscription.Instance, p fulfillment.Purpose) error {
	c := callOf(in, saas.QueryInstance, p, fulfillment.Poll)
	now := clock.Wall{}.Now()
	c.WindowStart, c.WindowEnd, c.NextAt = now, create.WindowEnd, now.Add(c.Profile.First())
	if p == fulfillment.Access && create.Purpose == fulfillment.Create {
		c.NextAt = now // the instance exists already: ask for its access data at once
	}
	_, err := fulfillment.Queue(ctx, tx, c)
	return err
}

func (t *Trade) exhausted(ctx context.Context, tx *db.Tx, a fulfillment.Attempt, r fulfillment.Result, o *order.Order, in *subscription.Instance) error {
	switch a.Call.Purpose {
	case fulfillment.Create, fulfillment.Provision:
		if err := t.noticeFailure(ctx, tx, a, *o, *r.Problem, true); err != nil {
			return err
		}
		return t.refundFailed(ctx, tx, a.Call, o, in)
	case fulfillment.Access:
		// The order is fine; the buyer reads that the seller delivers the access data himself.
		return t.Subscriptions.LeaveAccess(ctx, tx, in)
	case fulfillment.View, fulfillment.Ask, fulfillment.Check:
		return nil // who waits for it reads why
	case fulfillment.Upgrade:
		if err := t.changeFailed(ctx, tx, a.Call, in, order.ProvisioningFailed); err != nil {
			return err
		}
	}
	return t.noticeFailure(ctx, tx, a, *o, *r.Problem, true)
}

// refundFailed is the automatic cancellation of saas.md §10: the order could not be
// provisioned within its window, the buyer gets everything back, and what the seller may
// have made is released.
func (t *Trade) refundFailed(ctx context.Context, tx *db.Tx, c fulfillment.Call, o *order.Order, in *subscription.Instance) error {
	const cause = order.ProvisioningFailed
	_, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	if err := order.Apply(ctx, tx, o, order.FailSupply, cause, nil); err != nil {
		return err
	}
	lines, err := order.Lines(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	refund, err := order.PlaceRefund(ctx, tx, *o, lines, cause, zone)
	if err != nil {
		return err
	}
	if o.Kind != order.Trial { // nothing was paid for a trial
		if err := t.returnHeld(ctx, tx, *o, lines, refund); err != nil {
			return err
		}
	}
	instances, err := t.Subscriptions.OfOrder(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	for i := range instances {
		if err := t.undo(ctx, tx, &instances[i], c, refund, i+1); err != nil {
			return err
		}
	}
	if err := order.Apply(ctx, tx, o, order.PayBack, "", map[string]any{"refund": refund.ID, "amount": o.PaidAmount}); err != nil {
		return err
	}
	if err := t.notifyRefund(ctx, tx, refund, len(lines), *in); err != nil {
		return err
	}
	if err := t.noticeRefunded(ctx, tx, *o, *in); err != nil {
		return err
	}
	return t.stopFailing(ctx, tx, *o, zone)
}

// returnHeld gives what was held for the lines back: to the balance, and to the voucher with its
// old validity.
func (t *Trade) returnHeld(ctx context.Context, tx *db.Tx, o order.Order, lines []order.Line, refund order.Order) error {
	i, err := t.item(ctx, tx, o, lines)
	if err != nil {
		return err
	}
	if err := payment.RefundHeld(ctx, tx, o.AccountID, refund.ID, o.Currency, i); err != nil {
		return err
	}
	return voucher.Restore(ctx, tx, o.ID, o.Voucher)
}

// undo closes an instance of an order that failed with the call c, and has released what the
// seller has made of it.
func (t *Trade) undo(ctx context.Context, tx *db.Tx, in *subscription.Instance, failed fulfillment.Call, refund order.Order, line int) error {
	made := in.ExternalID
	open, err := fulfillment.OpenCalls(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	for _, c := range append(open, failed) {
		if c.InstanceID == in.ID && c.ExternalID != "" && made == "" {
			made = c.ExternalID
		}
	}
	if err := t.Subscriptions.Close(ctx, tx, in); err != nil {
		return err
	}
	if err := fulfillment.CancelOpen(ctx, tx, in.ID, failed.ID, "refunded"); err != nil || made == "" {
		return err
	}
	// A failed attempt may have named what another order was given since.
	if taken, err := t.Subscriptions.Taken(ctx, tx, *in, made); err != nil || taken {
		return err
	}
	return t.release(ctx, tx, *in, made, refund, line)
}

// release queues the call that deletes an instance at the seller's, with the ids of the
// refund order and of its line.
func (t *Trade) release(ctx context.Context, tx *db.Tx, in subscription.Instance, externalID string, refund order.Order, line int) error {
	c := callOf(in, saas.ReleaseInstance, fulfillment.Release, fulfillment.Window1h)
	c.Parameters = map[string]string{fulfillment.ParamInstanceID: externalID}
	if refund.ID != "" {
		c.OrderID, c.OrderLineID = refund.ID, order.LineID(refund.ID, line)
	}
	_, err := fulfillment.Queue(ctx, tx, c)
	return err
}

// straggler looks after an answer that came when its call had been ended: an instance that
// the seller made for a refunded order is released.
func (t *Trade) straggler(ctx context.Context, tx *db.Tx, a fulfillment.Attempt, r fulfillment.Result, in subscription.Instance) error {
	if a.Call.Purpose != fulfillment.Create || r.InstanceID == "" || in.State != subscription.Unsubscribed {
		return nil
	}
	return t.release(ctx, tx, in, r.InstanceID, order.Order{}, 0)
}
