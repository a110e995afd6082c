package trade

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/catalog"
	"jishi/internal/market/pricing"
	"jishi/internal/market/subscription"
	"jishi/internal/market/term"
)

// renewalChangeDays are how many days before the expiry a change can be bought with a renewal
// (trade.md §13.1).
const renewalChangeDays = 30

// Changes is what an instance can be changed to (规格变更, trade.md §13.1).
type Changes struct {
	Instance  subscription.Instance
	Quantity  *pricing.Quantity // nil without a quantity, or when it cannot be changed
	Targets   []ChangeTarget    // combinations; the present one is among them when its quantity can change
	Running   error             // why nothing can be changed within the running term; nil when it can
	Renewal   error             // why nothing can be changed with a renewal
	RenewFrom time.Time         // from then on a change can be bought with a renewal; zero: not offered
}

// ChangeTarget is a combination that a rule leads to.
type ChangeTarget struct {
	Present bool           // only the quantity changes
	SkuCode string         // its id here
	Chosen  pricing.Chosen // with the present quantity
	Plans   []catalog.Sale // by the kind of period
	Running bool           // can be had within the running term
	Renewal bool           // can be had with a renewal
}

// changeCase is what every step of a change looks at.
type changeCase struct {
	in      subscription.Instance
	present catalog.Sale
	plans   map[string][]catalog.Sale // of the specification, by combination
	choices []string                  // in their order
	running error
	renewal error
	from    time.Time // of changes with a renewal
}

// changeCase reads it and finds what stands against both scenarios.
func (t *Trade) changeCase(ctx context.Context, q db.Querier, accountID, instanceID string) (c changeCase, err error) {
	_, zone, err := t.site(ctx)
	if err != nil {
		return c, err
	}
	if c.in, err = t.Subscriptions.Find(ctx, q, instanceID, accountID); err != nil {
		return c, err
	}
	if c.present, err = t.Catalog.ForSale(ctx, q, c.in.PlanID); err != nil {
		return c, err
	}
	all, err := t.Catalog.PeriodPlans(ctx, q, c.present.SpecID)
	if err != nil {
		return c, err
	}
	c.plans = map[string][]catalog.Sale{}
	for _, p := range all {
		if c.plans[p.Choice] == nil {
			c.choices = append(c.choices, p.Choice)
		}
		c.plans[p.Choice] = append(c.plans[p.Choice], p)
	}
	running, renewal, err := t.Catalog.ChangeOffered(ctx, q, c.present)
	if err != nil {
		return c, err
	}
	now := t.DB.Now()
	c.running = mayChange(c.in, c.present)
	c.renewal = c.running
	if c.running == nil && !running {
		c.running = errs.Conflictf("instance.change_not_offered")
	}
	if c.running == nil && !term.ChangeStart(now, c.in.StartedAt, zone).Before(c.in.ExpiresAt) {
		c.running = errs.Conflictf("instance.change_too_late")
	}
	renewal = renewal && c.in.Generation == "V2"
	if renewal && !c.in.ExpiresAt.IsZero() {
		y, m, d := c.in.ExpiresAt.In(zone).Date()
		c.from = time.Date(y, m, d-renewalChangeDays, 0, 0, 0, 0, zone)
	}
	switch {
	case c.renewal != nil:
	case !renewal:
		c.renewal = errs.Conflictf("instance.change_not_offered")
	case now.Before(c.from):
		c.renewal = errs.Conflictf("instance.change_renewal_early", "from", day(c.from, zone), "days", renewalChangeDays)
	}
	return c, nil
}

// mayChange is why an instance cannot be changed now, whatever the target (all Conflict).
func mayChange(in subscription.Instance, s catalog.Sale) error {
	switch {
	case in.Trial:
		return errs.Conflictf("instance.trial", "state", in.State)
	case in.ExpiresAt.IsZero() || in.ChargingMode != modePeriod:
		return errs.Conflictf("instance.change_not_offered", "state", in.State)
	case in.Frozen:
		return errs.Conflictf("instance.frozen", "state", in.State)
	case in.State != subscription.Active:
		return errs.Conflictf("instance.not_in_state", "state", in.State)
	case !in.ChangeAt.IsZero():
		return errs.Conflictf("instance.change_pending", "state", in.State)
	}
	return onSale(s)
}

// onSale is Buyable without regard to the combination: what one has may have been taken off
// sale and still be changed to what is sold.
func onSale(s catalog.Sale) error {
	s.Sold = true
	return s.Buyable()
}

// leads tells in which scenarios the present combination can be changed to another.
func (c changeCase) leads(choice string) (running, renewal bool) {
	plans := c.plans[choice]
	if !slices.ContainsFunc(plans, func(p catalog.Sale) bool { return p.Sold }) {
		return false, false
	}
	rules := c.present.Changes
	if choice == c.present.Choice {
		if rules == nil || !rules.Expand || c.present.Template.Quantity == nil {
			return false, false
		}
		return true, rules.Renewal
	}
	return rules.Leads(c.present.Choice, choice) && !catalog.Inverted(c.plans[c.present.Choice], plans), rules.LeadsOnRenewal(c.present.Choice, choice)
}

// ListChanges tells what an instance of the account can be changed to now. "instance.not_found".
func (t *Trade) ListChanges(ctx context.Context, q db.Querier, accountID, instanceID string) (Changes, error) {
	c, err := t.changeCase(ctx, q, accountID, instanceID)
	if err != nil {
		return Changes{}, err
	}
	out := Changes{Instance: c.in, Running: c.running, Renewal: c.renewal, RenewFrom: c.from}
	if rules := c.present.Changes; rules != nil && rules.Expand {
		out.Quantity = c.present.Template.Quantity
	}
	blocker, err := underWay(ctx, q, c.in, "")
	if err != nil {
		return out, err
	}
	if blocker != nil && out.Running == nil {
		out.Running = blocker
	}
	if blocker != nil && out.Renewal == nil {
		out.Renewal = blocker
	}
	for _, choice := range c.choices {
		running, renewal := c.leads(choice)
		if !running && !renewal {
			continue
		}
		sold := slices.DeleteFunc(slices.Clone(c.plans[choice]), func(p catalog.Sale) bool { return !p.Sold })
		out.Targets = append(out.Targets, ChangeTarget{Present: choice == c.present.Choice, SkuCode: sold[0].SkuCode,
			Chosen: sold[0].Item().Chosen(c.quantity()), Plans: sold, Running: running, Renewal: renewal})
	}
	return out, nil
}

// totalOf is the quantity that was chosen, 0 for none.
func totalOf(c pricing.Chosen) int64 {
	if c.Quantity == nil {
		return 0
	}
	return c.Quantity.Value
}

// quantity is the present one, 0 without the attribute.
func (c changeCase) quantity() int64 {
	if q := c.present.Template.Quantity; q != nil {
		return max(c.in.Chosen.Linear(q.Field), q.Min)
	}
	return 0
}
