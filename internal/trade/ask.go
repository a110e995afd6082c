package trade

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/subscription"
	"jishi/wire/saas"
)

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
		if !in.State.Usable() {
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
	answer, err := t.sendNow(ctx, c)
	return true, err == nil && answer.OK, err
}

// Answer is what a seller's server said to somebody who waits.
type Answer struct {
	Call       fulfillment.Call
	OK         bool
	ResultCode string
	ResultMsg  string
	Problem    *fulfillment.Problem // why it is no; nil when OK
}

// sendNow makes the only attempt of a call that was begun, and settles it.
func (t *Trade) sendNow(ctx context.Context, c fulfillment.Call) (Answer, error) {
	a, err := t.load(ctx, c.ID)
	if err != nil {
		return Answer{}, err
	}
	r := t.Provider.Send(ctx, a)
	// The log row is written even when the page was closed meanwhile.
	ctx = context.WithoutCancel(ctx)
	answer := Answer{Call: c, ResultCode: r.ResultCode, ResultMsg: r.ResultMsg, Problem: r.Problem}
	err = t.DB.Update(ctx, func(tx *db.Tx) error {
		decision, err := t.settle(ctx, tx, a, r)
		answer.OK = err == nil && decision == fulfillment.Done
		return err
	})
	return answer, err
}

// AskSeller makes a call whose answer somebody waits for: fulfillment.Ask, or fulfillment.Check,
// which asks whether a renewal may change to in.PlanID (saas.md §7.7). One attempt of at most 20 s,
// no retries, no notices; nothing changes at the marketplace but access data. It is audited and
// runs outside a transaction. Errors are those of SendCall.
func (t *Trade) AskSeller(ctx context.Context, instanceID string, in Sending) (Answer, error) {
	var c fulfillment.Call
	err := t.DB.Update(ctx, func(tx *db.Tx) error {
		if !in.Purpose.Interactive() || in.Purpose == fulfillment.View {
			var check errs.Check
			check.Add("call", "one_of", "allowed", string(fulfillment.Ask)+", "+string(fulfillment.Check))
			return check.Err()
		}
		x, err := t.Subscriptions.Find(ctx, tx, instanceID, subscription.Everybody)
		if err != nil {
			return err
		}
		next, _, err := t.compose(ctx, tx, x, in)
		if err != nil {
			return err
		}
		if c, err = fulfillment.Begin(ctx, tx, next); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Action: "instance.ask", Object: "instance", ObjectID: x.ID, AccountID: x.AccountID,
			Detail: map[string]any{"call": c.ID, "purpose": c.Purpose, "plan": in.PlanID}})
	})
	if err != nil {
		return Answer{}, err
	}
	return t.sendNow(ctx, c)
}
