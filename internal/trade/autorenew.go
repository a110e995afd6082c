package trade

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/subscription"
	"jishi/internal/market/voucher"
)

// autoBatch bounds one transaction of AutoRenew, each renewal of which writes some twenty
// rows; autoLanes is how many of them run beside each other.
const (
	autoBatch = 20
	autoLanes = 4
)

// failureDays are how many days before the expiry a failed automatic renewal is told, besides
// the first time (trade.md §12.5).
var failureDays = []int{5, 2, 0}

// AutoRenew renews the subscriptions whose buyers wanted that (自动续费), from the fitting voucher
// with the largest balance and from the balance, at
// 03:00 of the site's zone, from so many days before the expiry on, each day until it worked.
// It is a job handler and works off what is due, one transaction per batch. A batch that fails
// is worked off one by one: what cannot be renewed is put off for an hour and holds up no other.
func (t *Trade) AutoRenew(ctx context.Context) error {
	ctx = audit.WithActor(ctx, audit.Actor{Kind: "system", Name: "auto-renewal"})
	_, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	for {
		due, err := t.Subscriptions.DueForRenewal(ctx, t.DB, t.DB.Now(), autoBatch*autoLanes)
		if err != nil || len(due) == 0 {
			return err
		}
		var working sync.WaitGroup
		failed := make([]error, autoLanes)
		for i, lane := range lanes(due) {
			working.Go(func() { failed[i] = t.autoRenewLane(ctx, lane, zone) })
		}
		working.Wait()
		if err := errors.Join(failed...); err != nil {
			return err
		}
	}
}

// lanes shares what is due out so that no two lanes want the same balance.
func lanes(due []subscription.Instance) [][]subscription.Instance {
	out := make([][]subscription.Instance, autoLanes)
	of := map[string]int{}
	for _, in := range due {
		lane, known := of[in.AccountID]
		if !known {
			lane = len(of) % autoLanes
			of[in.AccountID] = lane
		}
		out[lane] = append(out[lane], in)
	}
	return out
}

func (t *Trade) autoRenewLane(ctx context.Context, lane []subscription.Instance, zone *time.Location) error {
	for due := range slices.Chunk(lane, autoBatch) {
		if err := t.autoRenewAll(ctx, due, zone); err == nil {
			continue
		}
		for _, in := range due {
			err := t.autoRenewAll(ctx, []subscription.Instance{in}, zone)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err == nil {
				continue
			}
			t.Log.Error("automatic renewal failed", "instance", in.ID, "error", err)
			if err := t.putOff(ctx, in); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Trade) autoRenewAll(ctx context.Context, due []subscription.Instance, zone *time.Location) error {
	return t.DB.Update(ctx, func(tx *db.Tx) error {
		for _, in := range due {
			if err := t.autoRenew(ctx, tx, in, zone); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Trade) putOff(ctx context.Context, in subscription.Instance) error {
	return t.DB.Update(ctx, func(tx *db.Tx) error {
		in.AutoAt = tx.Now.Add(time.Hour)
		_, err := t.Subscriptions.Postpone(ctx, tx, &in)
		return err
	})
}

func (t *Trade) autoRenew(ctx context.Context, tx *db.Tx, in subscription.Instance, zone *time.Location) error {
	// Another node may have found it as well: whoever comes second sees what the first did.
	if err := t.Subscriptions.Lock(ctx, tx, in.ID); err != nil {
		return err
	}
	in, err := t.Subscriptions.Find(ctx, tx, in.ID, in.AccountID)
	if err != nil || in.AutoAt.IsZero() || in.AutoAt.After(tx.Now) {
		return err
	}
	first, err := order.Find(ctx, tx, order.Everybody, in.OrderID)
	if err != nil {
		return err
	}
	b := Buyer{AccountID: in.AccountID, UserID: first.UserID}
	refused, err := t.tryRenewal(ctx, tx, b, in)
	if err != nil {
		return err
	}
	if in, err = t.Subscriptions.Find(ctx, tx, in.ID, in.AccountID); err != nil { // as the renewal left it
		return err
	}
	if refused == nil {
		if in.AutoLeft == 0 {
			return nil
		}
		if in.AutoLeft--; in.AutoLeft == 0 { // the last one that was wanted
			in.AtExpiry, in.AutoAt = subscription.Manual, time.Time{}
		}
		_, err := t.Subscriptions.Postpone(ctx, tx, &in)
		return err
	}
	in.AutoAt = in.Postponed(tx.Now, zone)
	if _, err := t.Subscriptions.Postpone(ctx, tx, &in); err != nil {
		return err
	}
	left := daysLeft(tx.Now, in.ExpiresAt, zone)
	if left != in.AutoDays && !slices.Contains(failureDays, left) {
		return nil
	}
	e, _ := errs.As(refused)
	return t.tellBuyer(ctx, tx, in, "instance_renewal_failed", map[string]any{"reason": e.Code, "expiry": day(in.ExpiresAt, zone)})
}

func daysLeft(now, expiry time.Time, zone *time.Location) int {
	y, m, d := now.In(zone).Date()
	ey, em, ed := expiry.In(zone).Date()
	return int(time.Date(ey, em, ed, 0, 0, 0, 0, time.UTC).Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}

// tryRenewal orders and pays one renewal; refused is why nothing was ordered.
func (t *Trade) tryRenewal(ctx context.Context, tx *db.Tx, b Buyer, in subscription.Instance) (refused, err error) {
	o, err := t.previewRenewal(ctx, tx, in, Renewal{InstanceID: in.ID, Periods: in.AutoPeriods, auto: true})
	if err != nil {
		if errs.KindOf(err) == errs.Invalid { // the plan has other lengths by now
			return err, nil
		}
		return nil, err
	}
	if o.Blocker != nil {
		return o.Blocker, nil
	}
	who, blocked := partyOf(ctx, tx, b.AccountID)
	if blocked != nil {
		if errs.KindOf(blocked) == errs.Forbidden {
			return blocked, nil
		}
		return nil, blocked
	}
	due, choice := o.Line.Amount, VoucherChoice{}
	fitting, err := voucher.FittingAll(ctx, tx, b.AccountID, voucherLines(in.SellerID, []order.Line{o.Line}), tx.Now)
	if err != nil {
		return nil, err
	}
	if v := voucher.Largest(fitting); v != nil {
		due, choice.ID = due-v.Cover.Amount, v.ID
	}
	balance, err := ledger.Balance(ctx, tx, ledger.BuyerBalance(b.AccountID))
	if err != nil {
		return nil, err
	}
	if balance < due {
		return errs.Conflictf("ledger.insufficient"), nil
	}
	if choice.ID == "" && !who.reviews(b, due) {
		return nil, t.renewAtOnce(ctx, tx, b, in, o)
	}
	q, err := order.KeepQuote(ctx, tx, b.AccountID, b.UserID, kindOf(in), o.Line, o.Terms)
	if err != nil {
		return nil, err
	}
	placed, err := t.Place(ctx, tx, b, Placing{QuoteID: q.ID, Accepted: true, Voucher: choice})
	if err != nil {
		return nil, err
	}
	if placed.State == order.PendingReview { // a superior decides first; the next attempts find this order
		return errs.Conflictf("instance.pending_order", "order", placed.ID), nil
	}
	paid := placed
	if paid.State == order.PendingPayment { // a voucher may have covered all of it
		paid, err = t.Pay(ctx, tx, b, placed.ID)
	}
	if err == nil && paid.State != order.Completed {
		refused = errs.Conflictf("order.bad_transition", "state", paid.State, "order", paid.ID)
	}
	return refused, err
}

// renewAtOnce orders and pays a renewal that was priced and admitted in this transaction, with
// its instance locked: no quote is kept and nothing is asked twice.
func (t *Trade) renewAtOnce(ctx context.Context, tx *db.Tx, b Buyer, in subscription.Instance, offer Offer) error {
	site, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	o, err := order.PlaceLines(ctx, tx, order.Placing{Kind: kindOf(in), SellerID: offer.Sale.SellerID, UserID: b.UserID, Version: offer.Sale.AgreementVersion,
		Deadline: time.Duration(site.OrderDeadlineHours) * time.Hour, Zone: zone}, b.AccountID, offer.Terms.Currency, []order.Line{offer.Line})
	if err != nil {
		return err
	}
	if err := t.placed(ctx, tx, o, offer.Line); err != nil {
		return err
	}
	l := offer.Line
	l.ID, l.OrderID = order.LineID(o.ID, 1), o.ID
	if err := payment.FromBalance(ctx, tx, o.AccountID, o.Currency, payment.Item{OrderID: o.ID, Lines: []payment.Share{{OrderLineID: l.ID, Amount: l.Amount}}}); err != nil {
		return err
	}
	return t.paid(ctx, tx, &o, []order.Line{l}, payment.Balance)
}
