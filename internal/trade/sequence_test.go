package trade_test

import (
	"context"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
	"jishi/wire/saas"
)

// pending queues a call of the instance as trade would.
func (b *bundle) pending(in subscription.Instance, p fulfillment.Purpose, a saas.Activity) (c fulfillment.Call) {
	b.T.Helper()
	b.Update(func(tx *db.Tx) (err error) {
		c, err = fulfillment.Queue(context.Background(), tx, fulfillment.Call{Activity: string(a), Generation: strings.ToLower(in.Generation), Purpose: p,
			Profile: fulfillment.Window1h, OrderID: in.OrderID, OrderLineID: in.OrderLineID, InstanceID: in.ID, AccountID: in.AccountID, SellerID: in.SellerID,
			ProductID: in.ProductID, AddressID: in.AddressID, Path: in.Path})
		return err
	})
	return c
}

func (b *bundle) call(callID string) fulfillment.Call {
	b.T.Helper()
	c, err := fulfillment.Find(context.Background(), b.DB, callID, fulfillment.Everybody)
	if err != nil {
		b.T.Fatal(err)
	}
	return c
}

// Each pair of an open call and a newer one: the older is cancelled exactly when the table says so,
// and what stays goes first.
func TestNewerCallsSupersedeOlderOnes(t *testing.T) {
	cancels := map[fulfillment.Purpose]string{ // newer: the older ones that it cancels
		fulfillment.Renew: "renew cancel_renewal expire", fulfillment.CancelRenewal: "renew cancel_renewal", fulfillment.Convert: "expire",
		fulfillment.RenewChange: "renew cancel_renewal renew_change expire", fulfillment.Expire: "expire thaw", fulfillment.Freeze: "freeze expire thaw",
		fulfillment.Thaw: "thaw freeze expire", fulfillment.Upgrade: "",
		fulfillment.Release: "provision access renew cancel_renewal convert renew_change expire freeze thaw upgrade",
	}
	all := []fulfillment.Purpose{fulfillment.Create, fulfillment.Provision, fulfillment.Access, fulfillment.Renew, fulfillment.CancelRenewal, fulfillment.Convert,
		fulfillment.RenewChange, fulfillment.Expire, fulfillment.Freeze, fulfillment.Thaw, fulfillment.Upgrade, fulfillment.Release}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		in := b.Instance(b.live("V2", s))
		for newer, list := range cancels {
			for _, older := range all {
				first, second := b.pending(in, older, saas.QueryInstance), b.pending(in, newer, saas.QueryInstance)
				want, behind := fulfillment.Calling, fulfillment.Waiting
				if strings.Contains(" "+list+" ", " "+string(older)+" ") {
					want, behind = fulfillment.Canceled, fulfillment.Calling
				}
				if got := b.call(first.ID); got.State != want || want == fulfillment.Canceled && got.Comment != "superseded" {
					t.Errorf("%s after %s: the older is %s (%s), want %s", newer, older, got.State, got.Comment, want)
				}
				if got := b.call(second.ID).State; got != behind {
					t.Errorf("%s after %s: the newer is %s, want %s", newer, older, got, behind)
				}
				b.Update(func(tx *db.Tx) error { return fulfillment.CancelOpen(context.Background(), tx, in.ID, "", "done") })
			}
		}
	})
}

// Three calls go out one after the other in the order of their causes; one that is superseded from
// the middle leaves the others theirs.
func TestCallsGoInTheOrderOfTheirCauses(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		o := b.live("V2", s)
		in := b.Instance(o)
		flagship, _ := b.yearly("V2", true)
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Upgrade, PlanID: flagship})
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Freeze})
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Thaw}) // cancels the freeze, waits for the upgrade
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Freeze})
		if open, err := fulfillment.OpenCalls(context.Background(), d, in.ID); err != nil || len(open) != 2 {
			t.Fatal(open, err)
		}
		s.failing(saas.UpgradeInstance, saas.CodeInternal)
		b.Step()
		if b.Count(`select count(*) from jobs where kind = 'fulfillment.call' and state = 'ready'`) != 1 {
			t.Error("a call overtakes the one that is retried")
		}
		s.failing(saas.UpgradeInstance, "")
		b.steps()
		if told := s.told(); !strings.HasPrefix(told, "upgrade ") || !strings.HasSuffix(told, ", freeze") || strings.Contains(told, "thaw") {
			t.Error(told)
		}
		b.state(o, subscription.Retention, true)
	})
}

// A call that is superseded while it is under way may still reach the seller: the newer one waits
// for its end, so that it is the last word.
func TestTheNewerCallWaitsForTheAttemptUnderWay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		o := b.live("V2", s)
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Freeze})
		once := true
		s.before = func(a saas.Activity) {
			if !once {
				return
			}
			once = false
			b.mustSend(o, trade.Sending{Purpose: fulfillment.Thaw})
			if _, ok := b.Claim(); ok {
				t.Error("the thaw goes out beside the freeze")
			}
		}
		b.Step()
		b.heard(s, "freeze")
		b.state(o, subscription.Active, false) // nobody wants it frozen any more
		b.steps()
		b.heard(s, "thaw")
		b.state(o, subscription.Active, false)
	})
}

// A V2 renewal of an instance that was frozen for its expiry: refresh, then UNFREEZE, and only when
// the refresh succeeded (saas.md §7.4). In V1 the refresh is enough.
func TestRenewalThaws(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		for g, freeze := range map[string]saas.Activity{"V1": saas.ExpireInstance, "V2": saas.UpdateInstanceStatus} {
			o := b.live(g, s)
			in := b.Instance(o)
			b.Update(func(tx *db.Tx) error {
				return b.Trade.Subscriptions.Retain(context.Background(), tx, &in, b.Clock.Now().AddDate(0, 0, 7))
			})
			late := b.pending(in, fulfillment.Expire, freeze)
			s.failing(saas.RefreshInstance, saas.CodeInternal)
			b.mustSend(o, trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: in.ExpiresAt.AddDate(0, 1, 0)})
			if got := b.call(late.ID).State; got != fulfillment.Canceled {
				t.Error("the freeze of the old expiry is still to be sent:", got)
			}
			b.Step()
			b.state(o, subscription.Retention, false)
			if n := b.Count(`select count(*) from fulfillment_calls where purpose = 'thaw' and instance_id = $1`, in.ID); n != 0 {
				t.Error("thawed without a renewal")
			}
			s.failing(saas.RefreshInstance, "")
			b.steps()
			want := "renew RENEWAL " + in.ExpiresAt.AddDate(0, 1, 0).Format("2006-01-02") + " "
			if g == "V2" {
				want += ", thaw"
			}
			b.heard(s, want)
			b.state(o, subscription.Active, false)
		}
	})
}

// 000003 on what takes something away ends the retries, and the marketplace goes on; on a renewal
// it is a failure (saas.md §9).
func TestUnknownInstanceEndsWhatTakesAway(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		for g, freeze := range map[string]saas.Activity{"V1": saas.ExpireInstance, "V2": saas.UpdateInstanceStatus} {
			o := b.live(g, s)
			for _, a := range []saas.Activity{freeze, saas.ReleaseInstance, saas.RefreshInstance} {
				s.failing(a, saas.CodeNoInstance)
			}
			in := b.Instance(o)
			b.mustSend(o, trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: in.ExpiresAt.AddDate(0, 1, 0)})
			b.Step()
			if calls := b.Calls(o); calls[len(calls)-1].State != fulfillment.Retrying {
				t.Error("a renewal of an unknown instance:", calls[len(calls)-1].State)
			}
			s.failing(saas.RefreshInstance, "")
			b.steps()
			b.mustSend(o, trade.Sending{Purpose: fulfillment.Freeze})
			b.Step()
			b.state(o, subscription.Retention, true)
			b.mustSend(o, trade.Sending{Purpose: fulfillment.Release, Confirmed: true})
			b.Step()
			b.state(o, subscription.Released, true)
			calls := b.Calls(o)
			if last := calls[len(calls)-1]; last.State != fulfillment.Succeeded || last.ResultCode != saas.CodeNoInstance || last.Attempts != 1 {
				t.Errorf("%s: %+v", g, last)
			}
			for a := range s.fail {
				s.failing(a, "")
			}
		}
	})
}

// An upgrade that does not succeed in its window leaves the instance as it was, and is over.
func TestUpgradeIsGivenUp(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		o := b.live("V1", s)
		before := b.Instance(o)
		flagship, _ := b.yearly("V1", true)
		s.failing(saas.Upgrade, saas.CodeInternal)
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Upgrade, PlanID: flagship})
		b.CloseWindow()
		b.Step()
		if in := b.state(o, subscription.Active, false); in.PlanNumber != before.PlanNumber {
			t.Error("it has the new plan")
		}
		calls := b.Calls(o)
		c := calls[len(calls)-1]
		err := d.Update(context.Background(), func(tx *db.Tx) error {
			_, err := b.Trade.RestartCall(context.Background(), tx, fulfillment.Everybody, c.ID)
			return err
		})
		if !errs.Is(err, "fulfillment.upgrade_closed") {
			t.Error("restarted:", err)
		}
	})
}

// A freeze that failed is not sent again after the instance was renewed or thawed.
func TestOldFreezeIsNotRestarted(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		o := b.live("V2", s)
		in := b.Instance(o)
		b.Update(func(tx *db.Tx) error {
			return b.Trade.Subscriptions.Retain(context.Background(), tx, &in, b.Clock.Now().AddDate(0, 0, 7))
		})
		late := b.pending(in, fulfillment.Expire, saas.UpdateInstanceStatus)
		s.failing(saas.UpdateInstanceStatus, saas.CodeInternal)
		b.CloseWindow()
		b.Step()
		restart := func() error {
			return d.Update(context.Background(), func(tx *db.Tx) error {
				_, err := b.Trade.RestartCall(context.Background(), tx, fulfillment.Everybody, late.ID)
				return err
			})
		}
		if c := b.call(late.ID); c.State != fulfillment.Failed || !b.Trade.Restartable(context.Background(), d, c) {
			t.Fatal(c.State)
		}
		s.failing(saas.UpdateInstanceStatus, "")
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: in.ExpiresAt.AddDate(0, 1, 0)})
		b.steps()
		if err := restart(); !errs.Is(err, "fulfillment.superseded") {
			t.Error("an old freeze stops a renewed service:", err)
		}
		b.state(o, subscription.Active, false)
	})
}

// A call that is marked as done by hand has the effect of its success.
func TestDoneByHandHasTheEffect(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		o := b.live("V1", s)
		s.failing(saas.ExpireInstance, saas.CodeInternal)
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Freeze})
		b.CloseWindow()
		b.Step()
		b.state(o, subscription.Active, false)
		calls := b.Calls(o)
		b.Update(func(tx *db.Tx) error {
			_, err := b.Trade.MarkCallDone(context.Background(), tx, calls[len(calls)-1].ID, "told by phone", "")
			return err
		})
		b.state(o, subscription.Retention, true)
	})
}

// A refund cancels what is under way, and its release waits until that is back: two calls of one instance at the same
// time have no order.
func TestReleaseAfterARefundWaitsForTheAttemptUnderWay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = 'five_day'`) })
		s := b.service()
		o := b.live("V2", s)
		in := b.Instance(o)
		b.mustSend(o, trade.Sending{Purpose: fulfillment.CancelRenewal, ExpiresAt: in.ExpiresAt.AddDate(0, 0, -1)})
		j, ok := b.Claim()
		if !ok {
			t.Fatal("no job")
		}
		if _, err := b.askRefund(in, 100_00); err != nil {
			t.Fatal(err)
		}
		if b.Step() {
			t.Error("the release did not wait:", s.told())
		}
		if err := b.Trade.RunCall(context.Background(), j); err != nil {
			t.Fatal(err)
		}
		b.steps()
		if got := s.told(); strings.Count(got, "release") != 1 {
			t.Error("heard", got)
		}
		if n := b.Count(`select count(*) from fulfillment_calls where purpose = 'release' and state = 'succeeded'`); n != 1 {
			t.Error(n, "releases")
		}
	})
}
