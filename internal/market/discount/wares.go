package discount

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

// Ware is a price plan that a discount can be given on.
type Ware struct {
	ProductID    string           `db:"product_id"`
	ProductName  i18n.Text        `db:"product_name"`
	SellerName   i18n.Text        `db:"seller_name"`
	SpecID       string           `db:"spec_id"`
	SpecName     i18n.Text        `db:"spec_name"`
	PlanID       string           `db:"plan_id"`
	ChargingMode string           `db:"charging_mode"`
	PeriodType   string           `db:"period_type"`
	Price        money.Price      `db:"price"`
	MinPeriods   int              `db:"min_periods"`
	MaxPeriods   int              `db:"max_periods"`
	Choice       string           `db:"choice"`
	Template     pricing.Template `db:"template,json"`
	Authorised   money.Price      `db:"authorised"`
	Floor        money.Price      `db:"floor"`
}

// Combination names what the plan's combination has picked, "" for the simple template.
func (w Ware) Combination(l i18n.Lang) string {
	combination, _ := w.Template.Parse(w.Choice)
	out := ""
	for _, v := range (pricing.Item{Template: w.Template, Combination: combination}).Chosen(0).Values {
		if out != "" {
			out += " · "
		}
		out += v.ValueName.In(l)
	}
	return out
}

// maxWares bounds what a page offers to pick from; more is found by its name.
const maxWares = 300

const sqlWares = `select p.id as product_id, p.name as product_name, c.name as seller_name, s.id as spec_id, s.name as spec_name, n.id as plan_id, n.charging_mode, n.period_type, n.price,
n.min_periods, n.max_periods, n.choice, s.template, coalesce(b.authorised, '0.9') as authorised, coalesce(b.floor, '0') as floor
from products p join sellers c on c.id = p.seller_id join specs s on s.product_id = p.id join price_plans n on n.spec_id = s.id left join discount_bounds b on b.product_id = p.id
where ($1 = '*' or p.seller_id = $1) and p.live_version_id <> '' and p.state <> 'delisted' and s.state <> 'delisted' and not n.trial and n.sold
and ($2 = '' or lower(p.name) like $3 escape '!') order by p.id desc, s.position, s.id, n.choice, n.charging_mode, n.period_type limit $4`

// Wares lists the price plans that a seller, or the marketplace, can give a discount on.
func Wares(ctx context.Context, q db.Querier, s Scope, text string) ([]Ware, error) {
	return db.List[Ware](ctx, q, sqlWares, s.tenant(), text, db.Contains(text), maxWares)
}

// Planned is a price plan that a rule is given on, as its page shows it; Periods and Quantity are
// set by a configured offer.
type Planned struct {
	PlanID   string `db:"plan_id"`
	Periods  int    `db:"periods"`
	Quantity int64  `db:"quantity"`
}

const sqlPlanned = `select distinct n.id as plan_id, l.periods, l.quantity, n.product_id, s.position, s.id as spec_id, n.choice, n.charging_mode, n.period_type
from discount_lines l join price_plans n on n.product_id = l.product_id and (l.spec_id = '' or n.spec_id = l.spec_id) and (l.plan_id = '' or n.id = l.plan_id)
join specs s on s.id = n.spec_id where l.discount_id = $1 and not n.trial and n.sold and s.state = 'shown'
order by n.product_id, s.position, s.id, n.choice, n.charging_mode, n.period_type limit 60`

type plannedRow struct {
	Planned
	ProductID    string `db:"product_id"`
	Position     int    `db:"position"`
	SpecID       string `db:"spec_id"`
	Choice       string `db:"choice"`
	ChargingMode string `db:"charging_mode"`
	PeriodType   string `db:"period_type"`
}

// Plans lists the price plans that a rule is given on, at most sixty; none for a rule on
// everything.
func Plans(ctx context.Context, q db.Querier, ruleID string) ([]Planned, error) {
	rows, err := db.List[plannedRow](ctx, q, sqlPlanned, ruleID)
	out := make([]Planned, len(rows))
	for i, r := range rows {
		out[i] = r.Planned
	}
	return out, err
}
