package trade

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/discount"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/subscription"
	"jishi/internal/market/term"
	"jishi/wire/saas"
)

// ChangeWish is what a buyer wants to change (trade.md §13.1).
type ChangeWish struct {
	InstanceID string
	Target     string // skuCode of another combination; "" keeps the present one
	Quantity   int64  // new total; 0 keeps the present one

	Renewal bool   // with the next period (scenario B), else at once (scenario A)
	PlanID  string // renewal: the target's plan; "" is that of the present kind of period
	Periods int    // renewal: how many; 0 is the least

	Discount discount.Pick
}

// PreviewChange prices a change of specification. Within the running term it costs the
// difference for what is left of it (§13.3); with a renewal the whole new period of the target,
// and takes effect with it. Nothing is stored and nobody is asked. Offer.Blocker names what
// stands against it. "instance.not_found"; field errors "target", "quantity", "planId",
// "periods".
func (t *Trade) PreviewChange(ctx context.Context, q db.Querier, accountID string, w ChangeWish) (Offer, subscription.Instance, error) {
	c, err := t.changeCase(ctx, q, accountID, w.InstanceID)
	if err != nil {
		return Offer{}, c.in, err
	}
	o, err := t.priceChange(ctx, q, c, w)
	if err == nil && o.Line.ListAmount > 0 {
		o.pricedPlan = c.pricedPlan(o.Line)
		o.Discounts, err = t.discounts(ctx, q, wanted{scene: discount.ForChange, accountID: accountID, pick: w.Discount}, &o)
	}
	if err != nil || o.Blocker != nil {
		return o, c.in, err
	}
	if o.Blocker, err = underWay(ctx, q, c.in, ""); err == nil && o.Blocker == nil {
		o.Blocker = o.Sale.Buyable()
	}
	return o, c.in, err
}

func (t *Trade) priceChange(ctx context.Context, q db.Querier, c changeCase, w ChangeWish) (o Offer, err error) {
	site, zone, err := t.site(ctx)
	if err != nil {
		return o, err
	}
	if o.Terms, err = t.terms(site, t.DB.Now()); err != nil {
		return o, err
	}
	o.Blocker = c.running
	if w.Renewal {
		o.Blocker = c.renewal
	}
	if o.Blocker != nil && c.in.ExpiresAt.IsZero() {
		return o, o.Blocker // there is nothing to price
	}
	choice, err := c.target(w)
	if err != nil {
		return o, err
	}
	if w.Renewal {
		o.Sale, o.Line, err = c.priceRenewal(w, choice, o.Terms)
		o.Expires = renewedUntil(c.in, o.Line, t.DB.Now(), zone)
	} else {
		o.Sale, o.Line, err = t.priceRunning(ctx, q, c, w, choice, o.Terms, zone)
		o.Expires = c.in.ExpiresAt
	}
	if err != nil {
		return o, err
	}
	l, in := &o.Line, c.in
	l.InstanceID, l.AddressID, l.Path, l.Generation, l.RefundPolicy = in.ID, in.AddressID, in.Path, in.Generation, "none"
	if l.Change == nil {
		l.Change = &order.Change{}
	}
	l.Change.PlanID, l.Change.PlanNumber, l.Change.SkuCode, l.Change.SpecName = in.PlanID, in.PlanNumber, in.SkuCode, in.SpecName
	l.Change.PeriodType, l.Change.PeriodNumber, l.Change.Chosen = in.PeriodType, in.PeriodNumber, in.Chosen
	return o, nil
}

// target finds the combination that is asked for; field errors "target".
func (c changeCase) target(w ChangeWish) (string, error) {
	var k errs.Check
	choice, found := c.present.Choice, w.Target == "" || w.Target == c.present.SkuCode
	for _, x := range c.choices {
		if !found && c.plans[x][0].SkuCode == w.Target {
			choice, found = x, true
		}
	}
	running, renewal := c.leads(choice)
	switch {
	case !found:
		k.Add("target", "instance.change_target_unknown")
	case choice == c.present.Choice && w.Quantity == 0:
		k.Add("target", "pricing.nothing_changes")
	case w.Renewal && !renewal || !w.Renewal && !running:
		k.Add("target", "instance.change_target_not_offered")
	case w.Quantity != 0 && w.Quantity != c.quantity() && (c.present.Changes == nil || !c.present.Changes.Expand):
		k.Add("quantity", "instance.change_quantity_not_offered")
	}
	return choice, k.Err()
}

// priceRunning is scenario A.
func (t *Trade) priceRunning(ctx context.Context, q db.Querier, c changeCase, w ChangeWish, choice string, terms order.Terms, zone *time.Location) (catalog.Sale, order.Line, error) {
	start := term.ChangeStart(t.DB.Now(), c.in.StartedAt, zone)
	months, days := term.Remaining(start, c.in.ExpiresAt, zone), term.RemainingDays(start, c.in.ExpiresAt, zone)
	plans := c.plans[choice]
	priced := fitting(plans, c.in.PeriodType, months)
	left := months
	if priced.PeriodType == term.Day {
		left = days
	}
	standing, err := order.StandingOf(ctx, q, c.in.OrderLineID, c.in.ID)
	if err != nil {
		return priced, order.Line{}, err
	}
	r, err := pricing.ComputeChange(pricing.ChangeCase{Bought: boughtFor(c.in, standing, start, zone), Item: priced.Item(), Per: priced.PeriodType, Left: left,
		SameSKU: choice == c.present.Choice, Before: c.quantity(), After: w.Quantity, WholeTotal: c.present.Changes.ExpandRule == catalog.WholeTotal})
	if err != nil {
		return priced, order.Line{}, err
	}
	sale := c.kept(choice, priced)
	l := lineOfSale(sale, terms)
	l.PeriodNumber = 1
	if sale.PeriodType == c.in.PeriodType {
		l.PeriodNumber = c.in.PeriodNumber
	}
	l.UnitPrice, l.ListAmount, l.Amount, l.Chosen, l.Explanation = r.PeriodPrice, r.List, r.Amount, r.Chosen, r.Components
	l.StartsAt, l.EndsAt = start.UTC(), c.in.ExpiresAt
	l.Change = &order.Change{Per: priced.PeriodType, Left: left, Difference: r.Difference}
	return sale, l, nil
}

// fitting is the plan whose price counts for what is left (§13.3): the yearly one from 12
// months on, else the monthly one, or the other where it is the only one. A service billed by
// the day stays with the price of a day.
func fitting(plans []catalog.Sale, present string, months money.Price) catalog.Sale {
	wanted := []string{term.Month, term.Year, term.Day}
	switch {
	case present == term.Day:
		wanted = []string{term.Day, term.Month, term.Year}
	case months.Cmp(money.PriceOf(12)) >= 0:
		wanted = []string{term.Year, term.Month, term.Day}
	}
	for _, w := range wanted {
		for _, p := range plans {
			if p.PeriodType == w && p.Sold {
				return p
			}
		}
	}
	return plans[0]
}

// kept is the plan that the instance has after the change: the target's of the present kind of
// period, the present one when the combination stays; else the one that was priced.
func (c changeCase) kept(choice string, priced catalog.Sale) catalog.Sale {
	for _, p := range c.plans[choice] {
		if p.PeriodType == c.in.PeriodType && p.Sold {
			return p
		}
	}
	return priced
}

// pricedPlan is the plan whose price a change within the running term took: that of its
// combination with the type of period it was priced by.
func (c changeCase) pricedPlan(l order.Line) string {
	for _, plans := range c.plans {
		for _, p := range plans {
			if l.Change != nil && p.SkuCode == l.SkuCode && p.PeriodType == l.Change.Per {
				return p.PlanID
			}
		}
	}
	return l.PlanID
}

func lineOfSale(s catalog.Sale, t order.Terms) order.Line {
	return order.Line{ProductID: s.ProductID, VersionID: s.VersionID, ProductName: s.ProductName, SpecID: s.SpecID, SpecName: s.SpecName,
		SkuCode: s.SkuCode, PlanID: s.PlanID, PlanNumber: s.PlanNumber, ChargingMode: string(s.ChargingMode), PeriodType: s.PeriodType,
		TaxCategory: s.TaxCategory(), TaxRate: t.TaxRates[s.TaxCategory()], FeeRatio: t.FeeRatio}
}

// boughtFor is the list price of what was bought for the time from start to the expiry (§13.3):
// of each period that is not over, and of each change of before. An expiry that was moved by
// hand goes on at the price of the last period.
func boughtFor(in subscription.Instance, standing []order.Standing, start time.Time, zone *time.Location) []pricing.Component {
	type stretch struct {
		price    money.Price
		per      string
		from, to time.Time
	}
	var periods, changes []stretch
	for _, s := range standing {
		switch {
		case s.Kind == order.Upgrade:
			if x := s.Change; x != nil && x.Left.Sign() > 0 {
				per := term.Month
				if x.Per == term.Day {
					per = term.Day
				}
				changes = append(changes, stretch{x.Difference.Div(x.Left), per, s.StartsAt, s.EndsAt})
			}
		case s.InstanceID == "":
			end := term.Expiry(in.StartedAt, term.Length{Type: s.PeriodType, Number: s.PeriodNumber}, zone)
			periods = append(periods, stretch{s.UnitPrice, s.PeriodType, in.StartedAt, end})
		default: // a period begins after the second in which the one before ends
			periods = append(periods, stretch{s.UnitPrice, s.PeriodType, s.StartsAt.Add(time.Second), s.EndsAt})
		}
	}
	slices.SortStableFunc(periods, func(a, b stretch) int { return a.from.Compare(b.from) })
	if n := len(periods); n > 0 && periods[n-1].to.Before(in.ExpiresAt) {
		periods[n-1].to = in.ExpiresAt
	}
	var out []pricing.Component
	for _, s := range append(periods, changes...) {
		if s.to.After(in.ExpiresAt) {
			s.to = in.ExpiresAt
		}
		if s.from.Before(start) {
			s.from = start
		}
		left := term.Remaining(s.from, s.to, zone)
		if s.per == term.Day {
			left = term.RemainingDays(s.from, s.to, zone)
		}
		if s.from.Before(s.to) && left.Sign() > 0 && s.price.Sign() > 0 {
			out = append(out, pricing.Held(pricing.Stretch{Price: s.price, Per: s.per, Left: left}))
		}
	}
	return out
}

// priceRenewal is scenario B: the list price of the target for the new length (§13.4).
func (c changeCase) priceRenewal(w ChangeWish, choice string, terms order.Terms) (catalog.Sale, order.Line, error) {
	var k errs.Check
	sale, found := catalog.Sale{}, false
	for _, p := range c.plans[choice] {
		if p.Sold && (p.PlanID == w.PlanID || w.PlanID == "" && (!found || p.PeriodType == c.in.PeriodType)) {
			sale, found = p, true
		}
	}
	if !found {
		k.Add("planId", "instance.plan_other_spec")
	}
	if choice == c.present.Choice && w.Quantity == c.quantity() {
		k.Add("target", "pricing.nothing_changes")
	}
	if err := k.Err(); err != nil {
		return sale, order.Line{}, err
	}
	ask := pricing.Ask{Periods: w.Periods, Quantity: w.Quantity}
	if ask.Quantity == 0 {
		ask.Quantity = c.quantity()
	}
	l, err := order.Price(sale, ask, terms)
	return sale, l, err
}

// QuoteChange keeps the price of a change for half an hour. An order is made from it by Place
// and paid by Pay, like any other. One with a renewal needs AskChange before it.
func (t *Trade) QuoteChange(ctx context.Context, tx *db.Tx, b Buyer, w ChangeWish) (order.Quote, Offer, error) {
	o, _, err := t.PreviewChange(ctx, tx, b.AccountID, w)
	if err != nil {
		return order.Quote{}, o, err
	}
	kind := order.Upgrade
	if w.Renewal {
		kind = order.RenewChange
	}
	q, err := order.KeepQuote(ctx, tx, b.AccountID, b.UserID, kind, o.Line, o.Terms)
	return q, o, err
}

// AskChange asks the seller whether a renewal may change the instance so (changeInstanceCheck,
// saas.md §7.7): without a yes it cannot be ordered. It runs outside a transaction; one attempt,
// no retries. "instance.change_refused" (Conflict) with the seller's words; others as
// PreviewChange, its blocker among them.
func (t *Trade) AskChange(ctx context.Context, accountID string, w ChangeWish) error {
	var call fulfillment.Call
	err := t.DB.Update(ctx, func(tx *db.Tx) error {
		o, in, err := t.PreviewChange(ctx, tx, accountID, w)
		if err == nil {
			err = o.Blocker
		}
		if err != nil {
			return err
		}
		c := callOf(in, saas.ChangeInstanceCheck, fulfillment.Check, fulfillment.Once)
		c.Parameters = map[string]string{fulfillment.ParamSkuCode: o.Line.SkuCode, fulfillment.ParamProductID: o.Line.PlanNumber, fulfillment.ParamPlanID: o.Line.PlanID}
		if n := o.Line.Chosen.Quantity; n != nil {
			c.Parameters[fulfillment.ParamAmount] = number(n.Value)
		}
		call, err = fulfillment.Begin(ctx, tx, c)
		return err
	})
	if err != nil {
		return err
	}
	answer, err := t.sendNow(ctx, call)
	if err == nil && !answer.OK {
		err = errs.Conflictf("instance.change_refused", "message", answer.ResultMsg)
		if answer.ResultCode == "" {
			err = errs.Conflictf("instance.change_unanswered")
		}
	}
	return err
}
