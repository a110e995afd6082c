package trade

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/discount"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
)

// Discounts are the choice of discounts of a price (trade.md §10.1): those that fit, the best
// first, and the one that was taken.
type Discounts struct {
	Options []discount.Option
	Taken   *discount.Option // nil: none
}

// priced is an offer at its list price, as discounts see it. The fee of a change is the
// difference, and its discount that of the plan whose price was taken.
func (o Offer) priced() discount.Priced {
	if c := o.Line.Change; c != nil && c.Per != "" {
		s := o.Sale
		s.PlanID = o.pricedPlan
		return discount.Priced{Sale: s, Exact: c.Difference, Unit: o.Line.UnitPrice, Periods: 1, Amount: o.Line.ListAmount, Chosen: o.Line.Chosen, Change: true}
	}
	return discount.Priced{Sale: o.Sale, Exact: pricing.Exact(o.Line.Explanation, o.Line.ListAmount), Unit: o.Line.UnitPrice,
		Periods: o.Line.PeriodNumber, Amount: o.Line.ListAmount, Chosen: o.Line.Chosen}
}

// wanted is for what and for whom discounts are looked for.
type wanted struct {
	scene     discount.Scene
	accountID string // "" is a visitor
	pick      discount.Pick
	auto      bool           // an automatic renewal takes only
	before    []string       // promotions that were used before
	taken     map[string]int // limited places that were taken for prices made together with this one; nil: it is alone
}

// discounts finds what fits an order of these offers, all of one product, and lowers their lines
// by the one that is picked. Trials cost nothing already.
func (t *Trade) discounts(ctx context.Context, q db.Querier, w wanted, offers ...*Offer) (Discounts, error) {
	var out Discounts
	ask := discount.Question{Scene: w.scene, AccountID: w.accountID, Link: w.pick.Link, Known: w.auto, Before: w.before, Taken: w.taken}
	var sum money.Amount
	for _, o := range offers {
		sum += o.Line.ListAmount
		ask.Lines = append(ask.Lines, o.priced())
	}
	if sum == 0 {
		return out, nil
	}
	var err error
	if out.Options, err = discount.Fitting(ctx, q, ask, t.DB.Now()); err != nil {
		return out, err
	}
	if out.Taken, err = w.pick.Choose(out.Options); err != nil || out.Taken == nil {
		return out, err
	}
	if w.taken != nil && out.Taken.Rule.Limited() {
		w.taken[out.Taken.Rule.ID]++
	}
	for i, o := range offers {
		o.Line.Discount, o.Line.Amount = out.Taken.Lines[i], out.Taken.Amounts[i]
	}
	return out, nil
}

// sceneOf is what an order of the kind is for discounts: a conversion is a first purchase.
func sceneOf(k order.Kind) discount.Scene {
	if k == order.Renew {
		return discount.ForRenewal
	}
	return discount.ForNew
}

// LinkPage is what a promotion's or an offer's link shows.
type LinkPage struct {
	Rule   discount.Rule
	Seller string // its id, "" for the marketplace
	Offers []Offer
}

// ShowLink reads the page of a link: the rule, and the price of each plan that it is given on.
// Somebody whom an offer is not made to gets "discount.not_found".
func (t *Trade) ShowLink(ctx context.Context, q db.Querier, kind, token, accountID string) (LinkPage, error) {
	var out LinkPage
	var err error
	if out.Rule, err = discount.ByLink(ctx, q, kind, token, accountID, t.DB.Now()); err != nil {
		return out, err
	}
	out.Seller = out.Rule.SellerID
	plans, err := discount.Plans(ctx, q, out.Rule.ID)
	if err != nil {
		return out, err
	}
	for _, p := range plans {
		w := Wish{PlanID: p.PlanID, Periods: p.Periods, Quantity: p.Quantity, Discount: discount.Pick{ID: out.Rule.ID, Link: token}}
		o, err := t.PreviewFor(ctx, q, accountID, w)
		if kind := errs.KindOf(err); err != nil && (kind == errs.Conflict || kind == errs.Invalid) {
			// Its places are gone, its validity is over, or the plan was changed.
			w.Discount = discount.Pick{ID: discount.None, Link: token}
			problem := err
			if o, err = t.PreviewFor(ctx, q, accountID, w); err == nil && o.Blocker == nil {
				o.Blocker = problem
			} else if errs.KindOf(err) == errs.Invalid {
				continue
			}
		}
		if err != nil {
			return out, err
		}
		out.Offers = append(out.Offers, o)
	}
	return out, nil
}
