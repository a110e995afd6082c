package trade

import (
	"context"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
)

// RestartCall sends a call again at once, for a seller (his own) or fulfillment.Everybody (operators). A
// call that creates is restarted only while its order is PROCESSING and its window open:
// afterwards the money has gone back ("fulfillment.window_closed", Conflict). So it is with an
// upgrade ("fulfillment.upgrade_closed"). What a newer call has made needless is
// "fulfillment.superseded" (Conflict).
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
	switch {
	case c.Purpose.Interactive():
		return errs.Conflictf("fulfillment.not_restartable", "state", c.State)
	case c.Purpose == fulfillment.Create || c.Purpose == fulfillment.Provision:
	case c.Purpose == fulfillment.Upgrade && c.State == fulfillment.Failed:
		return errs.Conflictf("fulfillment.upgrade_closed", "state", c.State)
	default:
		superseded, err := fulfillment.Superseded(ctx, q, c)
		if err == nil && superseded {
			err = errs.Conflictf("fulfillment.superseded", "state", c.State)
		}
		return err
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
