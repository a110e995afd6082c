package trade

import (
	"context"
	"strconv"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/catalog"
	"jishi/internal/market/discount"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/refund"
	"jishi/internal/market/subscription"
	"jishi/internal/market/term"
	"jishi/wire/saas"
)

// Renewal is a wish to go on with what one has (续费), or to turn a trial into a paid
// subscription (试用转商用).
type Renewal struct {
	InstanceID string
	PlanID     string // another kind of period of the same combination; "" keeps the present one
	Periods    int    // 0: the least; with UnifiedDay none, only the days up to it
	UnifiedDay int    // 统一到期日: the end is moved on to this day of the month, 1–28 or term.LastDay; 0: it is not
	Discount   discount.Pick

	auto  bool           // renewed by itself: of the promotions only those count that it was bought with
	taken map[string]int // of a batch: places of promotions that its other renewals take
}

// PreviewRenewal prices a renewal: the present price of what is running, for so many periods,
// with the new expiry. The new period begins at the old expiry, however late it is renewed
// (trade.md §12.3); a converted trial begins when it is paid (§5). Offer.Blocker names what
// stands against it. "instance.not_found"; field errors "planId", "periods".
func (t *Trade) PreviewRenewal(ctx context.Context, q db.Querier, accountID string, w Renewal) (Offer, subscription.Instance, error) {
	in, err := t.Subscriptions.Find(ctx, q, w.InstanceID, accountID)
	if err != nil {
		return Offer{}, in, err
	}
	o, err := t.previewRenewal(ctx, q, in, w)
	return o, in, err
}

func (t *Trade) previewRenewal(ctx context.Context, q db.Querier, in subscription.Instance, w Renewal) (Offer, error) {
	var o Offer
	site, zone, err := t.site(ctx)
	if err != nil {
		return o, err
	}
	if o.Terms, err = t.terms(site, t.DB.Now()); err != nil {
		return o, err
	}
	if o.Sale, err = t.renewalPlan(ctx, q, in, w.PlanID); err != nil {
		return o, err
	}
	ask := pricing.Ask{Periods: w.Periods}
	if quantity := o.Sale.Template.Quantity; quantity != nil {
		ask.Quantity = in.Chosen.Linear(quantity.Field)
	}
	if o.Line, err = priceRenewal(in, o.Sale, ask, o.Terms, w.UnifiedDay, zone); err != nil {
		return o, err
	}
	o.Line.InstanceID, o.Line.AddressID, o.Line.Path, o.Line.Generation = in.ID, in.AddressID, in.Path, in.Generation
	o.Line.RefundPolicy = "none" // a renewal that has begun is not refunded (§14.2)
	want := wanted{scene: sceneOf(kindOf(in)), accountID: in.AccountID, pick: w.Discount, auto: w.auto, taken: w.taken}
	if w.auto {
		if want.before, err = order.DiscountsOf(ctx, q, in.ID, in.OrderLineID); err != nil {
			return o, err
		}
	}
	if o.Discounts, err = t.discounts(ctx, q, want, &o); err != nil {
		return o, err
	}
	o.Expires = renewedUntil(in, o.Line, t.DB.Now(), zone)
	if o.Blocker = mayRenew(in, o.Sale); o.Blocker == nil && w.UnifiedDay != 0 {
		o.Blocker = mayUnify(in)
	}
	if o.Blocker == nil {
		if o.Blocker, err = underWay(ctx, q, in, ""); err != nil {
			return o, err
		}
	}
	return o, nil
}

// priceRenewal is the line of a renewal. Without a whole period it stays with its plan: there
// would be nothing that another one could begin with.
func priceRenewal(in subscription.Instance, s catalog.Sale, ask pricing.Ask, terms order.Terms, unified int, zone *time.Location) (order.Line, error) {
	if unified == 0 {
		return order.Price(s, ask, terms)
	}
	if ask.Periods == 0 && s.PlanID != in.PlanID {
		var c errs.Check
		c.Add("planId", "instance.unified_plan")
		return order.Line{}, c.Err()
	}
	return order.PriceUnified(s, ask, terms, order.Unified{Day: unified, From: in.ExpiresAt, Anchor: in.Anchor(zone), Zone: zone})
}

// mayUnify is why the end cannot be moved to the unified day: what has been frozen has its own
// end first, and a trial begins anew when it is converted (trade.md §12.6).
func mayUnify(in subscription.Instance) error {
	if in.Trial || in.State != subscription.Active && in.State != subscription.Grace {
		return errs.Conflictf("instance.not_unifiable", "state", in.State)
	}
	return nil
}

// renewalPlan is the plan to renew with: one of the same specification and combination. A
// trial is converted to a paid plan of its combination, the monthly one when none is named.
func (t *Trade) renewalPlan(ctx context.Context, q db.Querier, in subscription.Instance, planID string) (catalog.Sale, error) {
	present, err := t.Catalog.ForSale(ctx, q, in.PlanID)
	if err != nil || planID == "" && !in.Trial || planID == in.PlanID {
		return present, err
	}
	plans, err := t.Catalog.SpecPlans(ctx, q, present.SpecID, present.Choice)
	if err != nil {
		return present, err
	}
	for _, p := range plans {
		if p.ChargingMode == catalog.Period && (p.PlanID == planID || planID == "") {
			return p, nil
		}
	}
	var c errs.Check
	c.Add("planId", "instance.plan_other_spec")
	return present, c.Err()
}

func renewedUntil(in subscription.Instance, l order.Line, now time.Time, zone *time.Location) time.Time {
	if l.UnifiedDay != 0 {
		return l.EndsAt
	}
	length := term.Length{Type: l.PeriodType, Number: l.PeriodNumber}
	if in.Trial {
		return term.Expiry(now, length, zone)
	}
	return term.Next(in.ExpiresAt, in.Anchor(zone), length, zone)
}

// mayRenew is why an instance cannot be renewed now (all Conflict).
func mayRenew(in subscription.Instance, s catalog.Sale) error {
	switch {
	case in.ExpiresAt.IsZero():
		return errs.Conflictf("instance.no_expiry", "state", in.State)
	case in.Frozen:
		return errs.Conflictf("instance.frozen", "state", in.State)
	case in.State != subscription.Active && in.State != subscription.Grace && in.State != subscription.Retention:
		return errs.Conflictf("instance.not_in_state", "state", in.State)
	case !in.ChangeAt.IsZero():
		return errs.Conflictf("instance.change_pending", "state", in.State)
	}
	return s.Renewable()
}

const sqlPendingOrder = `select o.id from order_lines l join orders o on o.id = l.order_id where l.instance_id = $1 and l.instance_id <> '' and o.state in ('PENDING_REVIEW', 'PENDING_CONFIRM', 'PENDING_PAYMENT') and o.id <> $2 limit 1`

// pendingOrder is the block that an unpaid order puts on its instance: until it is paid or
// cancelled there is no other renewal, change or refund (trade.md §8.4).
func pendingOrder(ctx context.Context, q db.Querier, instanceID, except string) (blocker, err error) {
	id, found, err := db.Maybe[string](ctx, q, sqlPendingOrder, instanceID, except)
	if err != nil || !found {
		return nil, err
	}
	return errs.Conflictf("instance.pending_order", "order", id), nil
}

// underWay is what is under way about an instance, so that it is not renewed now: an unpaid
// order, a refund that waits for its approval and would leave the new period unpaid back, or
// an order of several services that may still fail as a whole.
func underWay(ctx context.Context, q db.Querier, in subscription.Instance, except string) (blocker, err error) {
	if blocker, err = pendingOrder(ctx, q, in.ID, except); err != nil || blocker != nil {
		return blocker, err
	}
	open, err := refund.OpenOf(ctx, q, in.ID)
	if err != nil {
		return nil, err
	}
	if open {
		return errs.Conflictf("refund.open"), nil
	}
	bought, err := order.Find(ctx, q, order.Everybody, in.OrderID)
	if err == nil && bought.State == order.Processing {
		blocker = errs.Conflictf("instance.not_in_state", "state", subscription.Pending)
	}
	return blocker, err
}

// QuoteRenewal keeps the price of a renewal for half an hour. An order is made from it by
// Place and paid by Pay, like any other.
func (t *Trade) QuoteRenewal(ctx context.Context, tx *db.Tx, b Buyer, w Renewal) (order.Quote, Offer, error) {
	o, in, err := t.PreviewRenewal(ctx, tx, b.AccountID, w)
	if err != nil {
		return order.Quote{}, o, err
	}
	q, err := order.KeepQuote(ctx, tx, b.AccountID, b.UserID, kindOf(in), o.Line, o.Terms)
	return q, o, err
}

func kindOf(in subscription.Instance) order.Kind {
	if in.Trial {
		return order.Convert
	}
	return order.Renew
}

// admitRenewal repeats the checks of a renewal for a transaction that goes on to order or
// pay it; two at once wait for each other. except is the order that is being paid.
func (t *Trade) admitRenewal(ctx context.Context, tx *db.Tx, accountID string, kind order.Kind, l order.Line, s catalog.Sale, except string) (subscription.Instance, error) {
	if err := t.Subscriptions.Lock(ctx, tx, l.InstanceID); err != nil {
		return subscription.Instance{}, err
	}
	in, err := t.Subscriptions.Find(ctx, tx, l.InstanceID, accountID)
	if err != nil {
		return in, err
	}
	if err := mayRenew(in, s); err != nil {
		return in, err
	}
	if l.UnifiedDay != 0 {
		if err := mayUnify(in); err != nil {
			return in, err
		}
		if !in.ExpiresAt.Equal(l.StartsAt) { // its days were counted from another end
			return in, errs.Conflictf("instance.expiry_moved", "state", in.State)
		}
	}
	switch { // the quote or order may be older than a conversion
	case in.Trial && kind != order.Convert:
		return in, errs.Conflictf("instance.trial", "state", in.State)
	case !in.Trial && kind == order.Convert:
		return in, errs.Conflictf("instance.not_trial", "state", in.State)
	}
	blocker, err := underWay(ctx, tx, in, except)
	if err == nil {
		err = blocker
	}
	return in, err
}

// renew is what follows the payment of a renewal (trade.md §12.2): the new expiry stands at
// once, because the buyer has paid; the seller is told with retries for seven days, and
// thaws what was frozen; the money is his. The order is COMPLETED in the same transaction.
func (t *Trade) renew(ctx context.Context, tx *db.Tx, o *order.Order, l order.Line, in subscription.Instance, instrument string) error {
	_, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	purpose, prolong := fulfillment.Renew, t.Subscriptions.Renew
	if o.Kind == order.Convert {
		purpose, prolong = fulfillment.Convert, t.Subscriptions.Convert
	}
	activity, ok := activityOf(in, purpose)
	if !ok {
		return errs.Conflictf("instance.no_such_call", "generation", in.Generation)
	}
	until, frozen := renewedUntil(in, l, tx.Now, zone), in.State == subscription.Retention
	c := callOf(in, activity, purpose, fulfillment.Renewal)
	c.OrderID, c.OrderLineID = o.ID, l.ID
	c.Parameters = map[string]string{fulfillment.ParamExpireAt: until.Format(time.RFC3339), fulfillment.ParamOrderAmount: (l.Amount - l.Voucher).String()}
	if in.Generation == "V1" && l.PeriodNumber > 0 {
		c.Parameters[fulfillment.ParamPeriodType], c.Parameters[fulfillment.ParamPeriodNumber] = l.PeriodType, strconv.Itoa(l.PeriodNumber)
	}
	if frozen && in.Generation == "V2" {
		c.Parameters[fulfillment.ParamThaw] = "1"
	}
	var plan *subscription.Plan
	anchorBefore := 0
	if l.UnifiedDay != 0 { // the next ends return to the unified day
		anchorBefore, in.AnchorDay = in.Anchor(zone), term.UnifiedAnchor(l.UnifiedDay)
	}
	if l.PlanID != in.PlanID {
		plan = &subscription.Plan{PlanID: l.PlanID, PlanNumber: l.PlanNumber, SkuCode: l.SkuCode, SpecName: l.SpecName, PeriodType: l.PeriodType, PeriodNumber: l.PeriodNumber, Chosen: in.Chosen}
		if saas.Activity(c.Activity) == saas.RefreshInstance {
			c.Parameters[fulfillment.ParamProductID] = l.PlanNumber // only when the period type changed (saas.md §6.2)
		}
	}
	if in.Trial {
		in.AnchorDay = term.Anchor(tx.Now, zone)
	}
	starts := in.ExpiresAt
	if in.Trial {
		starts = tx.Now
	}
	if err := order.FixPeriod(ctx, tx, l.ID, starts, until, anchorBefore); err != nil {
		return err
	}
	if err := prolong(ctx, tx, &in, until, plan); err != nil {
		return err
	}
	if _, err := fulfillment.Queue(ctx, tx, c); err != nil {
		return err
	}
	return t.completeRenewal(ctx, tx, o, l, in, until, instrument)
}

// completeRenewal is what follows a renewal once its period is written, with a change of specification
// or without: the order is paid and completed at once, the seller gets the money and is told.
func (t *Trade) completeRenewal(ctx context.Context, tx *db.Tx, o *order.Order, l order.Line, in subscription.Instance, until time.Time, instrument string) error {
	_, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	if err := order.Apply(ctx, tx, o, order.Pay, "", map[string]any{"instrument": instrument, "amount": o.DueAmount}); err != nil {
		return err
	}
	if err := t.capture(ctx, tx, *o, []order.Line{l}); err != nil {
		return err
	}
	if err := order.Apply(ctx, tx, o, order.Deliver, "", map[string]any{"instance": in.ID, "expiry": until}); err != nil {
		return err
	}
	if err := t.notifyOrder(ctx, tx, *o, l.ID, in); err != nil {
		return err
	}
	if err := t.noticePaid(ctx, tx, *o, l); err != nil {
		return err
	}
	if err := t.mailRenewal(ctx, tx, *o, in, day(until, zone)); err != nil {
		return err
	}
	return t.noticeInstance(ctx, tx, in, "instance_renewed", map[string]any{"expiry": until.In(zone).Format(time.DateTime)})
}

// RenewalPlans lists the plans that an instance of the account can be renewed with: those of
// its specification and combination that are still sold by the period.
func (t *Trade) RenewalPlans(ctx context.Context, q db.Querier, accountID, instanceID string) ([]catalog.Sale, subscription.Instance, error) {
	in, err := t.Subscriptions.Find(ctx, q, instanceID, accountID)
	if err != nil {
		return nil, in, err
	}
	present, err := t.Catalog.ForSale(ctx, q, in.PlanID)
	if err != nil {
		return nil, in, err
	}
	plans, err := t.Catalog.SpecPlans(ctx, q, present.SpecID, present.Choice)
	var out []catalog.Sale
	for _, p := range plans {
		if p.ChargingMode == catalog.Period && p.Renewable() == nil {
			out = append(out, p)
		}
	}
	return out, in, err
}
