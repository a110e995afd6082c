package trade

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/market/order"
)

// PaymentRow is one pay item with its order, for finance.
type PaymentRow struct {
	ID          string       `db:"id"`
	OrderID     string       `db:"order_id"`
	Kind        order.Kind   `db:"kind"`
	State       order.State  `db:"state"`
	AccountID   string       `db:"account_id"`
	AccountName string       `db:"account_name"`
	Instrument  string       `db:"instrument"`
	Gateway     string       `db:"gateway"` // of an online payment
	AttemptID   string       `db:"attempt_id"`
	Number      string       `db:"number"`
	Amount      money.Amount `db:"amount"`
	Refunded    money.Amount `db:"refunded"`
	Currency    string       `db:"currency"`
	At          time.Time    `db:"at"`
}

// PaymentFilter narrows the list; empty fields do not.
type PaymentFilter struct {
	Instrument string
	Gateway    string
	Text       string // order or payment number, or a part of the account's name
	From, To   time.Time
}

const sqlPaymentsFrom = ` from payments p join orders o on o.id = p.order_id join accounts a on a.id = p.account_id left join payment_attempts t on t.id = p.instrument_id
where ($1 = '' or p.instrument = $1) and ($2 = '' or t.gateway = $2)
and ($3 = '' or p.order_id = $3 or t.number = $3 or lower(a.name) like $4 escape '!') and (p.at >= $5 or $5 = 0) and (p.at < $6 or $6 = 0)`
const sqlPayments = `select p.id, p.order_id, o.kind, o.state, p.account_id, a.name as account_name, p.instrument, coalesce(t.gateway, '') as gateway, coalesce(t.id, '') as attempt_id,
coalesce(t.number, '') as number, p.amount, p.refunded, p.currency, p.at` + sqlPaymentsFrom + ` and ($7 = '' or p.id < $7) order by p.id desc limit $8`
const sqlPaymentCount = `select count(*) from (select 1` + sqlPaymentsFrom + ` limit $7) as n`

// Payments lists pay items of all accounts, newest first.
func Payments(ctx context.Context, q db.Querier, f PaymentFilter, p page.Query) (page.Page[PaymentRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[PaymentRow]{}, err
	}
	like, from, to := db.Contains(f.Text), instantOf(f.From), instantOf(f.To)
	rows, err := db.List[PaymentRow](ctx, q, sqlPayments, f.Instrument, f.Gateway, f.Text, like, from, to, key[0], p.Size()+1)
	if err != nil {
		return page.Page[PaymentRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlPaymentCount, f.Instrument, f.Gateway, f.Text, like, from, to, page.TotalCap+1)
	return page.Of(p, rows, func(r PaymentRow) []string { return []string{r.ID} }).WithTotal(n), err
}

func instantOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
