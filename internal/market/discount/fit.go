package discount

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/pricing"
)

// Scene is what is bought.
type Scene string

// The scenes.
const (
	ForNew     Scene = "new"
	ForRenewal Scene = "renewal"
	ForChange  Scene = "change"
)

// Priced is a line at its list price, to be made lower.
type Priced struct {
	Sale    catalog.Sale
	Exact   money.Price // before it was cut; of a change, the difference
	Unit    money.Price // list price of one period; of a change, that of the new configuration
	Periods int
	Amount  money.Amount // list amount
	Chosen  pricing.Chosen
	Change  bool // within a running term: discounted by the forms for changes (§10.1)
}

func (p Priced) after(d pricing.Discount) money.Amount {
	if p.Change {
		return d.ApplyToChange(p.Exact, p.Unit)
	}
	return d.Apply(p.Exact, p.Unit, p.Periods)
}

// Question asks which discounts fit an order of one product.
type Question struct {
	Scene     Scene
	AccountID string         // "" is a visitor, whose uses are not counted
	Link      string         // the token of the link that he came by
	Known     bool           // only the promotions in Before count, as for an automatic renewal
	Before    []string       // what an instance was bought or renewed with
	Taken     map[string]int // places of a rule that other orders take which are priced together with this one
	Lines     []Priced
}

// Option is a discount that fits an order, with its outcome.
type Option struct {
	Rule    Rule
	Lines   []*pricing.Discount // of each line; nil where it is not given
	Amounts []money.Amount      // of each line afterwards
	Total   money.Amount
	Saves   money.Amount
	Problem error // why it cannot be taken: its places are gone, or it goes below the floor (Conflict)
}

// fitting is a row of the search: a rule with one of its lines.
type fitting struct {
	Rule
	LineID    string       `db:"line_id"`
	ProductID string       `db:"product_id"`
	SpecID    string       `db:"spec_id"`
	PlanID    string       `db:"plan_id"`
	Form      pricing.Form `db:"form"`
	Value     money.Price  `db:"value"`
	Periods   int          `db:"periods"`
	Quantity  int64        `db:"quantity"`
}

const sqlFitting = `select ` + columns + `, l.id as line_id, l.product_id, l.spec_id, l.plan_id, l.form, l.value, l.periods, l.quantity
from discount_lines l join discounts d on d.id = l.discount_id
where l.product_id in ($1, '') and d.seller_id in ($2, '') and d.state = 'EFFECTIVE' and d.starts_at <= $3 and d.ends_at > $3
and (($4 = 'new' and d.for_new) or ($4 = 'renewal' and d.for_renewal) or ($4 = 'change' and d.for_change))
and ((d.kind = 'promotion' and d.public and not $5) or d.token = $6 or (d.kind = 'promotion' and $5 and $7 like '%,' || d.id || ',%'))
and (d.kind = 'promotion' or exists (select 1 from discount_accounts a where a.discount_id = d.id and a.account_id = $8))
order by d.id, l.id`

// Fitting finds the discounts that fit, the best first: whatever saves most, and of equal ones
// the offer, then the older one. A discount that saves nothing is left out; one that cannot be
// taken says why.
func Fitting(ctx context.Context, q db.Querier, ask Question, now time.Time) ([]Option, error) {
	if len(ask.Lines) == 0 {
		return nil, nil
	}
	s := ask.Lines[0].Sale
	link := ask.Link
	if link == "" {
		link = "-" // no rule has it
	}
	rows, err := db.List[fitting](ctx, q, sqlFitting, s.ProductID, s.SellerID, now, ask.Scene, ask.Known, link, ","+strings.Join(ask.Before, ",")+",", ask.AccountID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	bounds, err := BoundsOf(ctx, q, s.ProductID)
	if err != nil {
		return nil, err
	}
	var out []Option
	for i := 0; i < len(rows); {
		end := i + 1
		for end < len(rows) && rows[end].ID == rows[i].ID {
			end++
		}
		o, fits := optionOf(rows[i:end], ask.Lines, bounds)
		i = end
		if !fits {
			continue
		}
		if o.Problem == nil {
			if o.Problem, err = places(ctx, q, o.Rule, ask.AccountID, ask.Taken[o.Rule.ID]); err != nil {
				return nil, err
			}
		}
		out = append(out, o)
	}
	sortOptions(out)
	return out, nil
}

// optionOf applies one rule to all lines, each by the rule's line that names it most closely.
func optionOf(rows []fitting, lines []Priced, b Bounds) (Option, bool) {
	out := Option{Rule: rows[0].Rule, Lines: make([]*pricing.Discount, len(lines)), Amounts: make([]money.Amount, len(lines))}
	for i, p := range lines {
		out.Amounts[i] = p.Amount
		best := 0
		for _, f := range rows {
			l := Line{ProductID: f.ProductID, SpecID: f.SpecID, PlanID: f.PlanID, Form: f.Form, Value: f.Value, Periods: f.Periods, Quantity: f.Quantity}
			n := l.covers(p.Sale)
			if n <= best || out.Rule.Configured && !configured(l, p) || l.Form == pricing.Reduction && p.daysAlone() {
				continue
			}
			best = n
			d := l.discount(out.Rule)
			out.Lines[i] = &d
		}
		if d := out.Lines[i]; d != nil {
			out.Amounts[i] = p.after(*d)
			if out.Amounts[i] < b.floorOf(p.Exact) {
				out.Problem = errs.Conflictf("discount.below_floor", "name", out.Rule.Name, "floor", b.floorOf(p.Exact).String())
			}
		}
		out.Total += out.Amounts[i]
		out.Saves += p.Amount - out.Amounts[i]
	}
	return out, out.Saves > 0
}

// daysAlone tells whether only days up to a unified end are bought. A reduction, which is of a
// whole order, is not given on them: day by day they would cost nothing.
func (p Priced) daysAlone() bool {
	return p.Sale.ChargingMode == catalog.Period && p.Periods == 0
}

func configured(l Line, p Priced) bool {
	q := int64(0)
	if p.Chosen.Quantity != nil {
		q = p.Chosen.Quantity.Value
	}
	return l.Periods == p.Periods && l.Quantity == q
}

// places is why nobody, or this account, can take the rule any more, besides so many places that
// are spoken for.
func places(ctx context.Context, q db.Querier, r Rule, accountID string, taken int) (problem, err error) {
	if r.TotalLimit > 0 {
		n, err := db.One[int](ctx, q, sqlHeld, r.ID)
		if err != nil {
			return nil, err
		}
		if n+taken >= r.TotalLimit {
			return errs.Conflictf("discount.exhausted", "name", r.Name), nil
		}
	}
	if r.AccountLimit > 0 && accountID != "" {
		n, err := db.One[int](ctx, q, sqlHeldOf, r.ID, accountID)
		if err != nil {
			return nil, err
		}
		if n+taken >= r.AccountLimit {
			return errs.Conflictf("discount.account_limit", "name", r.Name, "max", r.AccountLimit), nil
		}
	}
	return nil, nil
}
