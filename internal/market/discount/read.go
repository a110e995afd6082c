package discount

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
)

// Scope is whose rules may be seen: a seller's, or all. The zero value sees nothing.
type Scope struct {
	SellerID string
	All      bool // operators
}

func (s Scope) tenant() string {
	switch {
	case s.All:
		return "*"
	case s.SellerID == "":
		return "none"
	}
	return s.SellerID
}

const sqlFind = `select ` + columns + ` from discounts d where d.id = $1 and d.kind = $2 and ($3 = '*' or d.seller_id = $3)`

// Find reads a rule within the scope; "discount.not_found".
func Find(ctx context.Context, q db.Querier, s Scope, kind, ruleID string) (Rule, error) {
	r, ok, err := db.Maybe[Rule](ctx, q, sqlFind, ruleID, kind, s.tenant())
	if err == nil && !ok {
		err = errs.NotFoundf("discount.not_found")
	}
	return r, err
}

const sqlByToken = `select ` + columns + ` from discounts d where d.token = $1 and d.kind = $2 and d.state in ('EFFECTIVE', 'ENDED', 'STOPPED')
and d.starts_at <= $3 and (d.kind = 'promotion' or exists (select 1 from discount_accounts a where a.discount_id = d.id and a.account_id = $4))`

// ByLink reads the rule that a link leads to, as somebody of the account sees it: an offer is
// there for its own customers only. "discount.not_found".
func ByLink(ctx context.Context, q db.Querier, kind, token, accountID string, now time.Time) (Rule, error) {
	r, ok, err := db.Maybe[Rule](ctx, q, sqlByToken, token, kind, now, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("discount.not_found")
	}
	return r, err
}

// LineRow is a line with the names of what it is given on.
type LineRow struct {
	Line
	ProductName  i18n.Text `db:"product_name"`
	SpecName     i18n.Text `db:"spec_name"`
	ChargingMode string    `db:"charging_mode"`
	PeriodType   string    `db:"period_type"`
	Choice       string    `db:"choice"`
}

const sqlLines = `select l.id, l.discount_id, l.product_id, l.spec_id, l.plan_id, l.form, l.value, l.periods, l.quantity,
coalesce(p.name, 'null') as product_name, coalesce(s.name, 'null') as spec_name, coalesce(n.charging_mode, '') as charging_mode, coalesce(n.period_type, '') as period_type, coalesce(n.choice, '') as choice
from discount_lines l left join products p on p.id = l.product_id left join price_plans n on n.id = l.plan_id
left join specs s on s.id = case when l.spec_id <> '' then l.spec_id else n.spec_id end
where l.discount_id = $1 order by l.id`

// Lines reads the lines of a rule.
func Lines(ctx context.Context, q db.Querier, ruleID string) ([]LineRow, error) {
	return db.List[LineRow](ctx, q, sqlLines, ruleID)
}

// Customer is an account that an offer is made to.
type Customer struct {
	AccountID string `db:"account_id" json:"accountId"`
	Name      string `db:"name" json:"name"`
}

const sqlOfferAccounts = `select a.account_id, c.name from discount_accounts a join accounts c on c.id = a.account_id where a.discount_id = $1 order by c.name, a.account_id`

// Customers reads the accounts of an offer.
func Customers(ctx context.Context, q db.Querier, ruleID string) ([]Customer, error) {
	return db.List[Customer](ctx, q, sqlOfferAccounts, ruleID)
}

// Row is a rule in a list.
type Row struct {
	Rule
	SellerName i18n.Text   `db:"seller_name"`
	Form       string      `db:"form"` // of its first line
	Value      money.Price `db:"value"`
	LineCount  int         `db:"line_count"`
	Uses       int         `db:"uses"`
}

// Filter narrows a list.
type Filter struct {
	Scope
	Kind  string
	State State
	Text  string
}

const whereRows = ` from discounts d left join sellers s on s.id = d.seller_id
where d.kind = $1 and ($2 = '*' or d.seller_id = $2) and ($3 = '' or d.state = $3) and ($4 = '' or d.id = $4 or lower(d.name) like $5 escape '!' or lower(coalesce(s.name, '')) like $5 escape '!')`
const sqlRows = `select ` + columns + `, coalesce(s.name, 'null') as seller_name,
(select l.form from discount_lines l where l.discount_id = d.id order by l.id limit 1) as form,
(select l.value from discount_lines l where l.discount_id = d.id order by l.id limit 1) as value,
(select count(*) from discount_lines l where l.discount_id = d.id) as line_count,
(select count(*) from discount_uses u where u.discount_id = d.id and u.released_at is null) as uses` + whereRows + ` and ($6 = '' or d.id < $6) order by d.id desc limit $7`
const sqlRowCount = `select count(*) from (select 1` + whereRows + ` limit $6) as n`

// List shows rules, newest first.
func List(ctx context.Context, q db.Querier, f Filter, p page.Query) (page.Page[Row], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	like := db.Contains(f.Text)
	rows, err := db.List[Row](ctx, q, sqlRows, f.Kind, f.tenant(), f.State, f.Text, like, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	n, err := db.One[int](ctx, q, sqlRowCount, f.Kind, f.tenant(), f.State, f.Text, like, page.TotalCap+1)
	return page.Of(p, rows, func(r Row) []string { return []string{r.ID} }).WithTotal(n), err
}

const sqlMine = `select ` + columns + ` from discount_accounts a join discounts d on d.id = a.discount_id
where a.account_id = $1 and d.state = 'EFFECTIVE' and d.starts_at <= $2 and d.ends_at > $2 order by d.ends_at, d.id limit 100`

// Granted lists the offers to an account that hold now (catalog-and-roles.md E), the next to end
// first.
func Granted(ctx context.Context, q db.Querier, accountID string, now time.Time) ([]Rule, error) {
	return db.List[Rule](ctx, q, sqlMine, accountID, now)
}
