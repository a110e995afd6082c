package refund

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/market/order"
)

const sqlFind = `select ` + columns + ` from refunds where id = $1 and ($2 = '*' or account_id = $2)`

// Everybody is the account id of operators and of the program itself.
const Everybody = "*"

// Find reads a refund of the account, or of Everybody; "refund.not_found".
func Find(ctx context.Context, q db.Querier, refundID, accountID string) (Refund, error) {
	r, ok, err := db.Maybe[Refund](ctx, q, sqlFind, refundID, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("refund.not_found")
	}
	return r, err
}

const sqlUsed = `select count(*) from refunds where account_id = $1 and kind = 'five_day' and main_id = '' and state in ('requested', 'paid') and created_at >= $2`

// Used counts the five-day refunds of an account since an instant.
func Used(ctx context.Context, q db.Querier, accountID string, since time.Time) (int, error) {
	return db.One[int](ctx, q, sqlUsed, accountID, since)
}

type ofLine struct {
	Before  money.Amount `db:"before"`
	Voucher money.Amount `db:"voucher"`
	Open    int          `db:"open"`
}

const sqlOfLine = `select coalesce(sum(case when state = 'paid' then amount else 0 end), 0) as before, coalesce(sum(case when state = 'paid' then voucher_amount else 0 end), 0) as voucher,
coalesce(sum(case when state = 'requested' then 1 else 0 end), 0) as open from refunds where order_line_id = $1`

// OfLine tells what was refunded of an order line, the part of it that went back to a voucher,
// and whether a refund of it is open.
func OfLine(ctx context.Context, q db.Querier, orderLineID string) (before, restored money.Amount, open bool, err error) {
	l, err := db.One[ofLine](ctx, q, sqlOfLine, orderLineID)
	return l.Before, l.Voucher, l.Open > 0, err
}

const sqlOpenOf = `select count(*) from refunds where instance_id = $1 and state = 'requested'`

// OpenOf tells whether a refund of the instance, of its purchase or of a renewal, waits for
// its decision.
func OpenOf(ctx context.Context, q db.Querier, instanceID string) (bool, error) {
	n, err := db.One[int](ctx, q, sqlOpenOf, instanceID)
	return n > 0, err
}

const sqlParts = `select ` + columns + ` from refunds where main_id = $1 and main_id <> '' order by id`

// PartsOf reads the refunds of changes that go back together with a purchase, in the order in
// which they are paid: the newest change first.
func PartsOf(ctx context.Context, q db.Querier, mainID string) ([]Refund, error) {
	return db.List[Refund](ctx, q, sqlParts, mainID)
}

const sqlTotal = `select coalesce(sum(amount), 0) as amount, coalesce(sum(voucher_amount), 0) as voucher from refunds where id = $1 or (main_id = $1 and main_id <> '')`

// Total is what goes back by a refund and its parts together, and the part of it that goes to
// vouchers.
type Total struct {
	Amount  money.Amount `db:"amount"`
	Voucher money.Amount `db:"voucher"`
}

// TotalOf adds a refund and its parts up.
func TotalOf(ctx context.Context, q db.Querier, mainID string) (Total, error) {
	return db.One[Total](ctx, q, sqlTotal, mainID)
}

const sqlOfInstance = `select ` + columns + ` from refunds where instance_id = $1 order by id`

// OfInstance lists the refunds of an instance, oldest first.
func OfInstance(ctx context.Context, q db.Querier, instanceID string) ([]Refund, error) {
	return db.List[Refund](ctx, q, sqlOfInstance, instanceID)
}

// Row is a refund in a list.
type Row struct {
	Refund
	ProductName i18n.Text `db:"product_name"`
	SpecName    i18n.Text `db:"spec_name"`
	AccountName string    `db:"account_name"`
	SellerName  i18n.Text `db:"seller_name"`

	Total        money.Amount `db:"total"`         // with its parts
	TotalVoucher money.Amount `db:"total_voucher"` // the part of it that goes to vouchers
}

// Filter narrows a list; empty fields do not.
type Filter struct {
	State State
	Kind  Kind
	Text  string // order, refund order, or a part of the buyer's name
}

const listed = ` from refunds r join order_lines l on l.id = r.order_line_id join accounts a on a.id = r.account_id join sellers s on s.id = r.seller_id
where r.main_id = '' and ($1 = '' or r.account_id = $1) and ($2 = '' or r.seller_id = $2) and ($3 = '' or r.state = $3) and ($4 = '' or r.kind = $4)
and ($5 = '' or r.order_id = $5 or r.refund_order_id = $5 or lower(a.name) like $6 escape '!')`

const sqlList = `select r.id, r.kind, r.state, r.order_id, r.order_line_id, r.instance_id, r.account_id, r.user_id, r.seller_id, r.product_id, r.amount, r.voucher_amount, r.currency, r.explanation,
r.reason, r.decision, r.refund_order_id, r.ends_service, r.created_at, r.decided_at, r.decided_by, r.version, r.main_id,
r.amount + (select coalesce(sum(p.amount), 0) from refunds p where p.main_id = r.id and p.main_id <> '') as total,
r.voucher_amount + (select coalesce(sum(p.voucher_amount), 0) from refunds p where p.main_id = r.id and p.main_id <> '') as total_voucher,
l.product_name, l.spec_name, a.name as account_name, s.name as seller_name` + listed + ` and ($7 = '' or r.id < $7) order by r.id desc limit $8`
const sqlCount = `select count(*) from (select 1` + listed + ` limit $7) as n`

// List shows the refunds of a scope, newest first. The zero scope sees nothing.
func List(ctx context.Context, q db.Querier, s order.Scope, f Filter, p page.Query) (page.Page[Row], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	accountID, sellerID := s.Tenant()
	like := db.Contains(f.Text)
	rows, err := db.List[Row](ctx, q, sqlList, accountID, sellerID, f.State, f.Kind, f.Text, like, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	n, err := db.One[int](ctx, q, sqlCount, accountID, sellerID, f.State, f.Kind, f.Text, like, page.TotalCap+1)
	return page.Of(p, rows, func(r Row) []string { return []string{r.ID} }).WithTotal(n), err
}
