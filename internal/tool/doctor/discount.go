package doctor

import (
	"context"
	"fmt"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
)

// pricedLine is a line as its price was made.
type pricedLine struct {
	ID          string              `db:"id"`
	ListAmount  money.Amount        `db:"list_amount"`
	Amount      money.Amount        `db:"amount"`
	UnitPrice   money.Price         `db:"unit_price"`
	Periods     int                 `db:"period_number"`
	Explanation []pricing.Component `db:"explanation,json"`
	Discount    *pricing.Discount   `db:"discount,json"`
	Change      *order.Change       `db:"change,json"`
}

// costs is what the discount makes of the line's list price.
func (l pricedLine) costs() money.Amount {
	if l.Change != nil && l.Change.Per != "" {
		return l.Discount.ApplyToChange(l.Change.Difference, l.UnitPrice)
	}
	return l.Discount.Apply(pricing.Exact(l.Explanation, l.ListAmount), l.UnitPrice, l.Periods)
}

// A line costs its list price, or what its one discount makes of it. Refund orders repeat the
// lines that they give back.
const sqlDiscounted = `select l.id, l.list_amount, l.amount, l.unit_price, l.period_number, l.explanation, l.discount, l.change
from order_lines l join orders o on o.id = l.order_id where l.discount <> 'null' and o.kind in ('NEW', 'RENEW', 'TRIAL_TO_FORMAL', 'CHANGE', 'RENEW_CHANGE')`
const sqlUndiscounted = `select l.id as object, 'it costs another amount than its list price, and has no discount' as text
from order_lines l join orders o on o.id = l.order_id where l.discount = 'null' and l.amount <> l.list_amount and o.kind in ('NEW', 'RENEW', 'TRIAL_TO_FORMAL', 'CHANGE', 'RENEW_CHANGE')`

// An order takes a use of its rule exactly as long as it stands, and no rule has more uses than
// places.
const sqlUses = `select o.id as object, 'its discount has no use of it' as text from orders o
where o.discount_id <> '' and not exists (select 1 from discount_uses u where u.order_id = o.id and u.discount_id = o.discount_id)
union all
select o.id, 'the order is ' || o.state || ', its use of a discount ' || case when u.released_at is null then 'stands' else 'was given back' end
from discount_uses u join orders o on o.id = u.order_id where (u.released_at is null) = (o.state in ('CANCELED', 'EXPIRED', 'REFUNDED'))
union all
select d.id, 'more orders use it than it has places' from discounts d
where d.total_limit > 0 and (select count(*) from discount_uses u where u.discount_id = d.id and u.released_at is null) > d.total_limit`

func discounts(ctx context.Context, p Patient) (string, []Finding, error) {
	out, err := ask(ctx, p.DB, sqlUndiscounted)
	if err != nil {
		return "", nil, err
	}
	n := 0
	err = db.Each(ctx, p.DB, sqlDiscounted, func(l pricedLine) error {
		n++
		if want := l.costs(); l.Amount != want {
			out = append(out, Finding{l.ID, fmt.Sprintf("it costs %s, its discount makes it %s", l.Amount, want)})
		}
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	uses, err := ask(ctx, p.DB, sqlUses)
	return fmt.Sprintf("%d discounted lines", n), append(out, uses...), err
}
