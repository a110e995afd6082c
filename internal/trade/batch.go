package trade

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
	"jishi/internal/market/term"
)

// Common is what several services can be renewed by together (批量续费, trade.md §12.3).
type Common struct {
	Items    []CommonItem
	Months   []int // lengths that all of them have that can be renewed at all, the smallest first
	Proposed int   // a year where that is one of them, else the smallest; 0: there is none
}

// CommonItem is one of the services.
type CommonItem struct {
	Instance subscription.Instance
	Blocker  error // why it cannot be renewed now
}

// checkInstances wants one to thirty different services. Field errors: "instances",
// "instances[i]".
func checkInstances(ids []string) error {
	var c errs.Check
	if len(ids) == 0 || len(ids) > MaxOrders {
		c.Add("instances", "renewals.count", "min", 1, "max", MaxOrders)
		return c.Err()
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			c.Add(fmt.Sprintf("instances[%d]", i), "renewals.twice")
		}
	}
	return c.Err()
}

// lengths are the whole months that an instance can be renewed by, each with the plan for it:
// the present one where it can.
func (t *Trade) lengths(ctx context.Context, q db.Querier, accountID, instanceID string) (map[int]Renewal, subscription.Instance, error) {
	plans, in, err := t.RenewalPlans(ctx, q, accountID, instanceID)
	out := map[int]Renewal{}
	slices.SortStableFunc(plans, func(a, b catalog.Sale) int {
		switch {
		case a.PlanID == in.PlanID:
			return -1
		case b.PlanID == in.PlanID:
			return 1
		}
		return 0
	})
	for _, p := range plans {
		for n := max(p.MinPeriods, 1); n <= p.MaxPeriods; n++ {
			months := term.Length{Type: p.PeriodType, Number: n}.Months()
			if _, taken := out[months]; months > 0 && !taken {
				out[months] = Renewal{InstanceID: instanceID, PlanID: p.PlanID, Periods: n}
			}
		}
	}
	return out, in, err
}

// CommonLengths proposes a length for several services. What cannot be renewed is named and
// does not count. "instance.not_found"; field errors "instances", "instances[i]".
func (t *Trade) CommonLengths(ctx context.Context, q db.Querier, accountID string, ids []string) (Common, error) {
	if err := checkInstances(ids); err != nil {
		return Common{}, err
	}
	var out Common
	shared := map[int]int{} // by how many
	counted := 0
	for _, id := range ids {
		lengths, in, err := t.lengths(ctx, q, accountID, id)
		if err != nil {
			return out, err
		}
		item := CommonItem{Instance: in}
		present, err := t.Catalog.ForSale(ctx, q, in.PlanID)
		if err != nil {
			return out, err
		}
		if item.Blocker = mayRenew(in, present); item.Blocker == nil {
			if item.Blocker, err = underWay(ctx, q, in, ""); err != nil {
				return out, err
			}
		}
		out.Items = append(out.Items, item)
		if item.Blocker != nil {
			continue
		}
		counted++
		for months := range lengths {
			shared[months]++
		}
	}
	for months, n := range shared {
		if n == counted {
			out.Months = append(out.Months, months)
		}
	}
	slices.Sort(out.Months)
	switch {
	case slices.Contains(out.Months, 12):
		out.Proposed = 12
	case len(out.Months) > 0:
		out.Proposed = out.Months[0]
	}
	return out, nil
}

// Batch is how several services are renewed.
type Batch struct {
	Instances  []string
	Months     int // 0: none, only the days up to UnifiedDay
	UnifiedDay int // 0: each keeps its own day
}

// BatchQuote is the price of one of them; without a quote Problem says why.
type BatchQuote struct {
	Instance subscription.Instance
	Quote    order.Quote
	Offer    Offer
	Problem  error
}

// QuoteRenewals keeps a price of each service for half an hour, and adds up those that can be
// renewed. What stands against one of them is told with it. "instance.not_found"; field errors
// "instances", "instances[i]", "months", "unifiedDay".
func (t *Trade) QuoteRenewals(ctx context.Context, tx *db.Tx, b Buyer, w Batch) (quotes []BatchQuote, total money.Amount, err error) {
	if err := checkInstances(w.Instances); err != nil {
		return nil, 0, err
	}
	var c errs.Check
	if w.UnifiedDay == 0 {
		c.Range("months", int64(w.Months), 1, 120)
	} else {
		c.Range("months", int64(w.Months), 0, 120)
		if w.UnifiedDay != term.LastDay {
			c.Range("unifiedDay", int64(w.UnifiedDay), 1, 28)
		}
	}
	if err := c.Err(); err != nil {
		return nil, 0, err
	}
	taken := map[string]int{} // so that all of them can be ordered at their prices
	for _, id := range w.Instances {
		x, err := t.quoteOne(ctx, tx, b, id, w, taken)
		if err != nil {
			return nil, 0, err
		}
		quotes = append(quotes, x)
		if x.Problem == nil {
			total += x.Offer.Line.Amount
		}
	}
	return quotes, total, nil
}

func (t *Trade) quoteOne(ctx context.Context, tx *db.Tx, b Buyer, instanceID string, w Batch, taken map[string]int) (BatchQuote, error) {
	lengths, in, err := t.lengths(ctx, tx, b.AccountID, instanceID)
	out := BatchQuote{Instance: in}
	if err != nil {
		return out, err
	}
	r := Renewal{InstanceID: instanceID, PlanID: in.PlanID}
	if w.Months > 0 {
		var ok bool
		if r, ok = lengths[w.Months]; !ok {
			out.Problem = errs.Conflictf("renewals.no_length")
			return out, nil
		}
	}
	r.UnifiedDay, r.taken = w.UnifiedDay, taken
	if out.Offer, _, err = t.PreviewRenewal(ctx, tx, b.AccountID, r); err != nil {
		if errs.KindOf(err) != errs.Invalid {
			return out, err
		}
		out.Problem = firstFault(err)
		return out, nil
	}
	if out.Problem = out.Offer.Blocker; out.Problem != nil {
		if d := out.Offer.Taken; d != nil && d.Rule.Limited() {
			taken[d.Rule.ID]-- // it is not ordered
		}
		return out, nil
	}
	out.Quote, err = order.KeepQuote(ctx, tx, b.AccountID, b.UserID, kindOf(in), out.Offer.Line, out.Offer.Terms)
	return out, err
}

// firstFault is the first field of a field error as an error of its own.
func firstFault(err error) error {
	e, ok := errs.As(err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	return &errs.Error{Kind: errs.Conflict, Code: e.Fields[0].Code, Args: e.Fields[0].Args}
}

// PlaceRenewals makes an order from each quote, all or nothing; they are paid together by
// PayAll. Faults of single ones are fields "quotes[i]" of "renewals.changed" (Conflict).
// Field errors: "quotes", "quotes[i]" and those of Place.
func (t *Trade) PlaceRenewals(ctx context.Context, tx *db.Tx, b Buyer, quotes []string, in Placing) ([]order.Order, error) {
	var c errs.Check
	if len(quotes) == 0 || len(quotes) > MaxOrders {
		c.Add("quotes", "renewals.count", "min", 1, "max", MaxOrders)
		return nil, c.Err()
	}
	for i, id := range quotes {
		if slices.Contains(quotes[:i], id) {
			c.Add(fmt.Sprintf("quotes[%d]", i), "renewals.twice")
		}
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	sorted := make([]order.Quote, len(quotes)) // by instance: everybody locks several in this order
	for i, id := range quotes {
		q, err := order.FindQuote(ctx, tx, id, b.AccountID)
		if err != nil {
			return nil, err
		}
		sorted[i] = q
	}
	slices.SortFunc(sorted, func(x, y order.Quote) int { return strings.Compare(x.Line.InstanceID, y.Line.InstanceID) })
	placed := make([]order.Order, len(quotes))
	for _, q := range sorted {
		i := slices.Index(quotes, q.ID)
		in.QuoteID = q.ID
		o, err := t.Place(ctx, tx, b, in)
		if errs.KindOf(err) == errs.Conflict {
			e, _ := errs.As(err)
			var pairs []any
			for k, v := range e.Args {
				pairs = append(pairs, k, v)
			}
			c.Add(fmt.Sprintf("quotes[%d]", i), e.Code, pairs...)
			continue
		}
		if err != nil {
			return nil, err
		}
		placed[i] = o
	}
	if e, ok := errs.As(c.Err()); ok {
		return nil, &errs.Error{Kind: errs.Conflict, Code: "renewals.changed", Fields: e.Fields}
	}
	return placed, nil
}

// SetPolicies changes what happens at the expiry of several services, all or nothing. Errors as
// subscription.SetPolicy; field errors "instances", "instances[i]".
func (t *Trade) SetPolicies(ctx context.Context, tx *db.Tx, accountID string, ids []string, p subscription.Policy) error {
	if err := checkInstances(ids); err != nil {
		return err
	}
	_, zone, err := t.site(ctx)
	if err != nil {
		return err
	}
	sorted := slices.Sorted(slices.Values(ids))
	for _, id := range sorted {
		in, err := t.Subscriptions.Find(ctx, tx, id, accountID)
		if err != nil {
			return err
		}
		if err := t.Subscriptions.SetPolicy(ctx, tx, &in, p, zone); err != nil {
			return err
		}
	}
	return nil
}
