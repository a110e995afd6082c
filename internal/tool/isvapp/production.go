package isvapp

import (
	"context"
	"time"

	"jishi/isv"
	"jishi/wire/saas"
)

// production is the production interface: package isv does the protocol, this file the seller's business.
func (a *App) production() *isv.Handler {
	return &isv.Handler{
		V1Key: a.config.V1Key, V2Key: a.config.V2Key, GeneralKey: a.config.GeneralKey, Now: a.config.Now, Logger: a.config.Logger, Zone: zone,
		Before:      a.misbehave,
		After:       a.record,
		Create:      a.createThenFail,
		Query:       a.query,
		Renew:       a.renew,
		Freeze:      a.freeze,
		Release:     a.release,
		Upgrade:     a.upgrade,
		CheckChange: a.checkChange,
		Notify:      a.notified,
	}
}

func (a *App) query(ctx context.Context, q isv.Query) (isv.Instance, error) {
	i, found, err := a.instanceBy(ctx, "id", q.InstanceID)
	switch {
	case err != nil:
		return isv.Instance{}, err
	case !found && q.Test:
		// A debug call with a dummy id wants to see the shape of an answer.
		return isv.Instance{ID: q.InstanceID, Access: &saas.AppInfo{FrontEndURL: a.URL() + "/login", UserName: "admin-sample", Password: "sample"}}, nil
	case !found || i.State == released:
		return isv.Instance{}, isv.NoInstance()
	case a.config.Now().Before(i.readyAt):
		return isv.Instance{}, isv.Fail(saas.CodeProcessing, "")
	}
	return a.describe(i)
}

// renew sets the new expiry. In V1 it also thaws: that generation has no call of its own for period products.
func (a *App) renew(ctx context.Context, r isv.Renewal) error {
	thaw := r.Generation == saas.V1
	return a.change(ctx, r.Test, r.InstanceID, `update instances set expire_at = $2,
  product_id = case when $3 = '' then product_id else $3 end,
  state = case when $4 then 'active' else state end
  where id = $1 and state <> 'released'`, r.ExpireAt.UnixMicro(), r.ProductID, thaw)
}

func (a *App) freeze(ctx context.Context, f isv.Freeze) error {
	state := active
	if f.Frozen {
		state = frozen
	}
	return a.change(ctx, f.Test, f.InstanceID, `update instances set state = $2 where id = $1 and state <> 'released'`, state)
}

// upgrade sets the new total. What a V2 upgrade leads to is read by an order query; without credentials for it only the
// instance is checked.
func (a *App) upgrade(ctx context.Context, u isv.Upgrade) error {
	var to purchase
	switch {
	case u.V1 != nil:
		to = purchase{ProductID: u.V1.ProductID, Quantity: u.V1.Amount}
	case a.asksOrders():
		var err error
		if to, err = a.purchased(ctx, u.Test, u.OrderID, u.OrderLineID); err != nil {
			return err
		}
	}
	return a.change(ctx, u.Test, u.InstanceID, `update instances set
  product_id = case when $2 = '' then product_id else $2 end,
  quantity = case when $3 = 0 then quantity else $3 end,
  product = case when $4 = '' then product else $4 end
  where id = $1 and state <> 'released'`, to.ProductID, to.Quantity, to.Product)
}

// checkChange refuses a quota that is smaller than the number of notes in use.
func (a *App) checkChange(ctx context.Context, c isv.Change) error {
	i, found, err := a.instanceBy(ctx, "id", c.InstanceID)
	switch {
	case err != nil:
		return err
	case !found && c.Test:
		return nil
	case !found || i.State == released:
		return isv.NoInstance()
	}
	used := 0
	if err := a.db.QueryRowContext(ctx, `select count(*) from notes where instance_id = $1`, i.ID).Scan(&used); err != nil {
		return err
	}
	if c.Target.LinearValue > 0 && used > c.Target.LinearValue {
		return isv.Fail(saas.CodeBadParameter, "more notes in use than the new quantity allows / 已用数量超过新规格")
	}
	return nil
}

// notified takes an order notice. What was bought arrives by newInstance, so the entry in the log of calls is all.
func (a *App) notified(_ context.Context, n isv.OrderNotice) error {
	a.config.Logger.Info("order notice", "order", n.OrderID, "line", n.OrderLineID, "test", n.Test)
	return nil
}

// misbehave plays the faults that come before the work.
func (a *App) misbehave(ctx context.Context, r isv.Record) error {
	f := a.config.Faults
	if f.Activity != "" && f.Activity != r.Activity {
		return nil
	}
	if f.Delay > 0 {
		wait := time.NewTimer(f.Delay)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if f.AfterWork && r.Activity == saas.NewInstance {
		return nil
	}
	return a.fault()
}

// createThenFail is create with the faults that come after the work.
func (a *App) createThenFail(ctx context.Context, c isv.Create) (isv.Instance, error) {
	i, err := a.create(ctx, c)
	f := a.config.Faults
	if err == nil && f.AfterWork && (f.Activity == "" || f.Activity == saas.NewInstance) {
		err = a.fault()
	}
	return i, err
}

// fault counts a call and returns the failure that is due for it, if any.
func (a *App) fault() error {
	f := a.config.Faults
	if f.Always || a.faulted.Add(1) <= int64(f.FailFirst) {
		return isv.Fail(f.Code, "")
	}
	return nil
}
