package trade

import (
	"context"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/job"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/subscription"
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
		return t.DB.Update(ctx, func(tx *db.Tx) error { return job.Done(ctx, tx, j) })
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
	in, err := t.Subscriptions.Find(ctx, tx, a.Instance.ID, "")
	if err != nil {
		return "", err
	}
	if r, err = t.checkIdentity(ctx, tx, in, a, r); err != nil {
		return "", err
	}
	if a.Call.Purpose == fulfillment.Access && r.Outcome == fulfillment.OK && r.Access == nil {
		r.Outcome, r.Problem = fulfillment.NotYet, &fulfillment.Problem{Code: "fulfillment.no_access_yet"}
	}
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
		err = t.noticeFailure(ctx, tx, a, o, *r.Problem, false)
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
		if a.Call.Purpose == fulfillment.View {
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
	case fulfillment.Access, fulfillment.View:
		return t.keepAccess(ctx, tx, r, in)
	}
	return nil
}

// deliver completes an order: instance ACTIVE, access data kept, the held amount captured,
// the buyer told. The term starts with the realm's instant of the successful attempt, whose
// expiry the seller was told.
func (t *Trade) deliver(ctx context.Context, tx *db.Tx, a fulfillment.Attempt, r fulfillment.Result, o *order.Order, in *subscription.Instance) error {
	if err := t.Subscriptions.Activate(ctx, tx, in, r.InstanceID, a.Start, a.Zone); err != nil {
		return err
	}
	if err := t.keepAccess(ctx, tx, r, in); err != nil {
		return err
	}
	if err := payment.Capture(ctx, tx, o.ID, a.Line.ID, o.SellerID, o.Currency, a.Line.Amount, a.Line.FeeRatio); err != nil {
		return err
	}
	if err := order.Apply(ctx, tx, o, order.Deliver, "", map[string]any{"instance": in.ID}); err != nil {
		return err
	}
	return t.noticeDelivered(ctx, tx, *o, *in)
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
	case fulfillment.View:
		return nil // the page says that it is temporarily unavailable
	}
	return t.noticeFailure(ctx, tx, a, *o, *r.Problem, true)
}

// refundFailed is the automatic cancellation of saas.md §10: the order could not be
// provisioned within its window, the buyer gets everything back, and what the seller may
// have made is released.
func (t *Trade) refundFailed(ctx context.Context, tx *db.Tx, c fulfillment.Call, o *order.Order, in *subscription.Instance) error {
	const cause = "provisioning_failed"
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
	if err := payment.RefundHeld(ctx, tx, o.AccountID, o.ID, refund.ID, o.Currency, shares(lines)); err != nil {
		return err
	}
	if err := t.Subscriptions.Close(ctx, tx, in); err != nil {
		return err
	}
	if err := fulfillment.CancelOpen(ctx, tx, in.ID, c.ID, "refunded"); err != nil {
		return err
	}
	made := c.ExternalID
	if made == "" {
		made = in.ExternalID
	}
	if made != "" {
		// A failed attempt may have named what another order was given since.
		taken, err := t.Subscriptions.Taken(ctx, tx, *in, made)
		if err != nil {
			return err
		}
		if taken {
			made = ""
		}
	}
	if made != "" {
		if err := t.release(ctx, tx, *in, made, refund); err != nil {
			return err
		}
	}
	if err := order.Apply(ctx, tx, o, order.PayBack, "", map[string]any{"refund": refund.ID, "amount": o.PaidAmount}); err != nil {
		return err
	}
	if err := t.noticeRefunded(ctx, tx, *o, *in); err != nil {
		return err
	}
	return t.stopFailing(ctx, tx, *o, zone)
}

// release queues the call that deletes an instance at the seller's, with the ids of the
// refund order.
func (t *Trade) release(ctx context.Context, tx *db.Tx, in subscription.Instance, externalID string, refund order.Order) error {
	c := callOf(in, saas.ReleaseInstance, fulfillment.Release, fulfillment.Window1h)
	c.Parameters = map[string]string{"instanceId": externalID}
	if refund.ID != "" {
		c.OrderID, c.OrderLineID = refund.ID, order.LineID(refund.ID, 1)
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
	return t.release(ctx, tx, in, r.InstanceID, order.Order{})
}

// lookPause is how often the buyer's page may ask the seller about one instance.
const lookPause = time.Minute

// RefreshAccess asks the seller for an instance's access data because its buyer opened the
// page: V1 repeats newInstance, V2 asks queryInstance (saas.md §6.1, §7.2). It asks at most
// once a minute and never fails because of the seller; asked tells whether he was asked now,
// fresh whether he answered. It runs outside a transaction.
func (t *Trade) RefreshAccess(ctx context.Context, accountID, instanceID string) (asked, fresh bool, err error) {
	var c fulfillment.Call
	err = t.DB.Update(ctx, func(tx *db.Tx) error {
		asked = false
		in, err := t.Subscriptions.Find(ctx, tx, instanceID, accountID)
		if err != nil {
			return err
		}
		if in.State != subscription.Active {
			return errs.Conflictf("instance.bad_transition", "state", in.State)
		}
		if asked, err = t.Subscriptions.Look(ctx, tx, in, lookPause); err != nil || !asked {
			return err
		}
		activity := saas.NewInstance
		if in.Generation == "V2" {
			activity = saas.QueryInstance
		}
		c, err = fulfillment.Begin(ctx, tx, callOf(in, activity, fulfillment.View, fulfillment.Once))
		return err
	})
	if err != nil || !asked {
		return false, false, err
	}
	a, err := t.load(ctx, c.ID)
	if err != nil {
		return true, false, err
	}
	r := t.Provider.Send(ctx, a)
	// The log row is written even when the page was closed meanwhile.
	ctx = context.WithoutCancel(ctx)
	var decision fulfillment.Decision
	err = t.DB.Update(ctx, func(tx *db.Tx) error {
		decision, err = t.settle(ctx, tx, a, r)
		return err
	})
	return true, err == nil && decision == fulfillment.Done, err
}

// RestartCall sends a call again at once, for a seller (his own) or an operator (all). A
// call that creates is restarted only while its order is PROCESSING and its window open:
// afterwards the money has gone back ("fulfillment.window_closed", Conflict).
func (t *Trade) RestartCall(ctx context.Context, tx *db.Tx, sellerID, callID string) (fulfillment.Call, error) {
	c, err := fulfillment.Find(ctx, tx, callID, sellerID)
	if err != nil {
		return c, err
	}
	if err := t.restartable(ctx, tx, c); err != nil {
		return c, err
	}
	return c, fulfillment.Restart(ctx, tx, &c)
}

func (t *Trade) restartable(ctx context.Context, q db.Querier, c fulfillment.Call) error {
	if c.Purpose == fulfillment.View {
		return errs.Conflictf("fulfillment.not_restartable", "state", c.State)
	}
	if c.Purpose != fulfillment.Create && c.Purpose != fulfillment.Provision {
		return nil
	}
	o, err := order.Find(ctx, q, order.Everybody, c.OrderID)
	if err != nil {
		return err
	}
	if o.State != order.Processing || (clock.Wall{}).Now().After(c.WindowEnd) {
		return errs.Conflictf("fulfillment.window_closed", "state", o.State)
	}
	return nil
}

// Restartable tells whether a person may send the call again now.
func (t *Trade) Restartable(ctx context.Context, q db.Querier, c fulfillment.Call) bool {
	switch c.State {
	case fulfillment.Calling, fulfillment.Retrying, fulfillment.Failed:
		return t.restartable(ctx, q, c) == nil
	}
	return false
}
