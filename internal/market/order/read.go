package order

import (
	"context"
	"strconv"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
)

// Scope is whose orders may be seen: an account's, a seller's, or all. The zero value sees
// nothing, so that a forgotten tenant shows nothing.
type Scope struct {
	AccountID string
	SellerID  string
	All       bool // operators and the program itself
}

// Everybody is the scope of operators and of the program itself.
var Everybody = Scope{All: true}

// Tenant gives the two values of the queries; "none" matches no id.
func (s Scope) Tenant() (accountID, sellerID string) {
	if !s.All && s.AccountID == "" && s.SellerID == "" {
		return "none", "none"
	}
	return s.AccountID, s.SellerID
}

// A seller does not see an order while it waits for the buyer's own approval (trade.md §8.2), nor one that ended there:
// only then it has no deadline.
const sqlFind = `select ` + columns + ` from orders where id = $1 and ($2 = '' or account_id = $2) and ($3 = '' or (seller_id = $3 and state <> 'PENDING_CONFIRM' and not (deadline is null and state in ('PENDING_REVIEW', 'CANCELED', 'EXPIRED'))))`

// Find reads an order within the scope; "order.not_found".
func Find(ctx context.Context, q db.Querier, s Scope, orderID string) (Order, error) {
	accountID, sellerID := s.Tenant()
	o, ok, err := db.Maybe[Order](ctx, q, sqlFind, orderID, accountID, sellerID)
	if err == nil && !ok {
		err = errs.NotFoundf("order.not_found")
	}
	return o, err
}

const lineColumns = `id, order_id, product_id, version_id, product_name, spec_id, spec_name, sku_code, plan_id, plan_number, charging_mode, period_type, period_number, unit_price, list_amount, amount, voucher_amount, tax_category, tax_rate, fee_ratio, address_id, path, generation, refund_policy, chosen, explanation, instance_id, starts_at, ends_at, unified_day, anchor_before, discount, change`

const sqlLines = `select ` + lineColumns + ` from order_lines where order_id = $1 order by id`

// Lines reads the lines of an order.
func Lines(ctx context.Context, q db.Querier, orderID string) ([]Line, error) {
	return db.List[Line](ctx, q, sqlLines, orderID)
}

const sqlAbout = `select count(*) from order_lines l join orders o on o.id = l.order_id where l.instance_id = $1 and l.instance_id <> '' and o.kind in ('RENEW', 'RENEW_CHANGE', 'TRIAL_TO_FORMAL') and o.state in ('PROCESSING', 'COMPLETED', 'REFUNDING')`

// About tells whether an instance was renewed by a paid order that stands.
func About(ctx context.Context, q db.Querier, instanceID string) (bool, error) {
	n, err := db.One[int](ctx, q, sqlAbout, instanceID)
	return n > 0, err
}

const sqlNewestRenewal = `select o.id from order_lines l join orders o on o.id = l.order_id where l.instance_id = $1 and l.instance_id <> '' and o.kind in ('RENEW', 'RENEW_CHANGE')
and o.state in ('COMPLETED', 'REFUNDING') and l.starts_at is not null order by l.starts_at desc, o.id desc limit 1`

// NewestRenewal reads the paid renewal of an instance that stands and begins last.
func NewestRenewal(ctx context.Context, q db.Querier, instanceID string) (o Order, l Line, found bool, err error) {
	id, found, err := db.Maybe[string](ctx, q, sqlNewestRenewal, instanceID)
	if err != nil || !found {
		return o, l, found, err
	}
	if o, err = Find(ctx, q, Everybody, id); err != nil {
		return o, l, true, err
	}
	lines, err := Lines(ctx, q, id)
	if err != nil {
		return o, l, true, err
	}
	return o, lines[0], true, nil // a renewal has one line
}

const sqlRenewalBefore = `select l.order_id from order_lines l join orders o on o.id = l.order_id where l.instance_id = $1 and l.instance_id <> ''
and o.kind in ('RENEW', 'RENEW_CHANGE', 'TRIAL_TO_FORMAL') and o.state = 'COMPLETED' and l.starts_at < $2 order by l.starts_at desc, o.id desc limit 1`

// RenewalBefore reads the line of the paid renewal or conversion whose period began before.
func RenewalBefore(ctx context.Context, q db.Querier, instanceID string, before time.Time) (l Line, found bool, err error) {
	id, found, err := db.Maybe[string](ctx, q, sqlRenewalBefore, instanceID, before)
	if err != nil || !found {
		return l, found, err
	}
	lines, err := Lines(ctx, q, id)
	if err != nil {
		return l, true, err
	}
	return lines[0], true, nil
}

const sqlSteps = `select id, order_id, at, event, from_state, to_state, actor_kind, actor_id, actor_name, detail from order_events where order_id = $1 order by at, id`

// Steps reads the history of an order, oldest first.
func Steps(ctx context.Context, q db.Querier, orderID string) ([]Step, error) {
	return db.List[Step](ctx, q, sqlSteps, orderID)
}

// Row is an order in a list, with the names that people look for.
type Row struct {
	Order
	ProductName  i18n.Text `db:"product_name"`
	SpecName     i18n.Text `db:"spec_name"`
	ChargingMode string    `db:"charging_mode"`
	PeriodType   string    `db:"period_type"`
	PeriodNumber int       `db:"period_number"`
	BuyerName    string    `db:"buyer_name"`
	UserName     string    `db:"user_name"`
	SellerName   i18n.Text `db:"seller_name"`
}

// Filter narrows a list; empty fields do not.
type Filter struct {
	Scope
	State    State
	Kind     Kind
	Text     string // an order number, a purchase-order number, or a part of the product's or buyer's name
	From, To time.Time
}

const rowColumns = `o.id, o.kind, o.state, o.account_id, o.user_id, o.seller_id, o.product_id, o.parent_id, o.currency, o.list_amount, o.due_amount, o.paid_amount, o.voucher_amount, o.agreement, o.note, o.purchase_number, o.discount_id, o.line_count, o.cause, o.created_at, o.deadline, o.paid_at, o.closed_at, o.version,
l.product_name, l.spec_name, l.charging_mode, l.period_type, l.period_number, a.name as buyer_name, coalesce(u.name, '') as user_name, s.name as seller_name`

const sqlRow = `select ` + rowColumns + ` from orders o
join order_lines l on l.order_id = o.id and l.id = o.id || '-000001'
join accounts a on a.id = o.account_id left join users u on u.id = o.user_id join sellers s on s.id = o.seller_id
where o.id = $1 and ($2 = '' or o.account_id = $2) and ($3 = '' or (o.seller_id = $3 and o.state <> 'PENDING_CONFIRM' and not (o.deadline is null and o.state in ('PENDING_REVIEW', 'CANCELED', 'EXPIRED'))))`

// FindRow is Find with the names that people look for; "order.not_found".
func FindRow(ctx context.Context, q db.Querier, s Scope, orderID string) (Row, error) {
	accountID, sellerID := s.Tenant()
	r, ok, err := db.Maybe[Row](ctx, q, sqlRow, orderID, accountID, sellerID)
	if err == nil && !ok {
		err = errs.NotFoundf("order.not_found")
	}
	return r, err
}

// Each side has a text of its own, and the first page one without the cursor's condition, so
// that an index decides where to begin.
func listText(side string, next bool) string {
	cursor := `and $8 = 0 and $9 = ''`
	if next {
		cursor = `and o.created_at <= $8 and (o.created_at < $8 or o.id < $9)`
	}
	return `select ` + rowColumns + ` from orders o
join order_lines l on l.order_id = o.id and l.id = o.id || '-000001'
join accounts a on a.id = o.account_id left join users u on u.id = o.user_id join sellers s on s.id = o.seller_id
where ` + side + ` and ($2 = '' or o.state = $2) and ($3 = '' or o.kind = $3)
and ($4 = '' or o.id = $4 or o.purchase_number = $4 or lower(l.product_name) like $5 escape '!' or lower(a.name) like $5 escape '!')
and (o.created_at >= $6 or $6 = 0) and (o.created_at < $7 or $7 = 0) ` + cursor + `
order by o.created_at desc, o.id desc limit $10`
}

func countText(side string) string {
	return `select count(*) from (select 1 from orders o
join order_lines l on l.order_id = o.id and l.id = o.id || '-000001' join accounts a on a.id = o.account_id
where ` + side + ` and ($2 = '' or o.state = $2) and ($3 = '' or o.kind = $3)
and ($4 = '' or o.id = $4 or o.purchase_number = $4 or lower(l.product_name) like $5 escape '!' or lower(a.name) like $5 escape '!')
and (o.created_at >= $6 or $6 = 0) and (o.created_at < $7 or $7 = 0) limit $8) as n`
}

// side is who lists: the condition of his orders, and the texts made with it.
type side struct{ first, next, count string }

func sideOf(condition string) side {
	return side{listText(condition, false), listText(condition, true), countText(condition)}
}

var (
	ofBuyer  = sideOf(`o.account_id = $1`)
	ofSeller = sideOf(`o.seller_id = $1 and o.state <> 'PENDING_CONFIRM' and not (o.deadline is null and o.state in ('PENDING_REVIEW', 'CANCELED', 'EXPIRED'))`)
	ofAll    = sideOf(`$1 = ''`)
)

// query is who lists what: the texts of the side and the arguments that all of them share.
func (f Filter) query() (side, []any) {
	accountID, sellerID := f.Tenant()
	texts, who := ofAll, ""
	switch {
	case accountID != "":
		texts, who = ofBuyer, accountID
	case sellerID != "":
		texts, who = ofSeller, sellerID
	}
	return texts, []any{who, f.State, f.Kind, f.Text, db.Contains(f.Text), micros(f.From), micros(f.To)}
}

func keyOf(r Row) []string {
	return []string{strconv.FormatInt(r.CreatedAt.UnixMicro(), 10), r.ID}
}

func batch(ctx context.Context, q db.Querier, f Filter, cursor string, n int) ([]Row, error) {
	key, err := page.Decode(cursor, 2)
	if err != nil {
		return nil, err
	}
	var after int64
	if key[0] != "" {
		if after, err = strconv.ParseInt(key[0], 10, 64); err != nil {
			return nil, errs.Invalidf("page.bad_cursor")
		}
	}
	texts, args := f.query()
	list := texts.first
	if after != 0 {
		list = texts.next
	}
	return db.List[Row](ctx, q, list, append(args, after, key[1], n)...)
}

// Batch reads at most n orders, newest first, or those after a cursor, without counting all: for
// exports. next is "" at the end.
func Batch(ctx context.Context, q db.Querier, f Filter, cursor string, n int) (rows []Row, next string, err error) {
	if rows, err = batch(ctx, q, f, cursor, n); err == nil && len(rows) == n {
		next = page.Encode(keyOf(rows[n-1])...)
	}
	return rows, next, err
}

// Count counts them, at most to limit.
func Count(ctx context.Context, q db.Querier, f Filter, limit int) (int, error) {
	texts, args := f.query()
	return db.One[int](ctx, q, texts.count, append(args, limit)...)
}

// List shows orders, newest first.
func List(ctx context.Context, q db.Querier, f Filter, p page.Query) (page.Page[Row], error) {
	rows, err := batch(ctx, q, f, p.Cursor, p.Size()+1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	n, err := Count(ctx, q, f, page.TotalCap+1)
	return page.Of(p, rows, keyOf).WithTotal(n), err
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

const sqlDue = `select ` + columns + ` from orders where state = 'PENDING_PAYMENT' and deadline <= $1 order by deadline limit $2`

// Due lists unpaid orders whose deadline has passed.
func Due(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Order, error) {
	return db.List[Order](ctx, q, sqlDue, now, limit)
}

// Counts are numbers for home pages.
type Counts struct {
	PendingPayment int          `db:"pending_payment" json:"pendingPayment"`
	Processing     int          `db:"processing" json:"processing"`
	Refunding      int          `db:"refunding" json:"refunding"`
	Recent         int          `db:"recent" json:"recent"` // paid within 30 days
	RecentAmount   money.Amount `db:"recent_amount" json:"recentAmount"`
}

// Sales count before vouchers (trade.md §16.4). An order is paid within the month of its deadline at the latest: nothing older than two
// months counts here, which lets the indexes by creation answer.
func countsText(side string) string {
	return `select count(*) filter (where state = 'PENDING_PAYMENT') as pending_payment,
count(*) filter (where state = 'PROCESSING') as processing, count(*) filter (where state = 'REFUNDING') as refunding,
count(*) filter (where kind = 'NEW' and paid_at >= $1) as recent,
coalesce(sum(paid_amount + voucher_amount) filter (where kind = 'NEW' and paid_at >= $1 and state <> 'REFUNDED'), 0) as recent_amount
from orders where created_at >= $2 and ` + side
}

var (
	sqlCountsSeller = countsText(`seller_id = $3`)
	sqlCountsAll    = countsText(`$3 = ''`)
)

// CountAll counts the orders of a seller, or of everybody.
func CountAll(ctx context.Context, q db.Querier, s Scope, now time.Time) (Counts, error) {
	text := sqlCountsAll
	_, sellerID := s.Tenant()
	if sellerID != "" {
		text = sqlCountsSeller
	}
	return db.One[Counts](ctx, q, text, now.AddDate(0, 0, -30), now.AddDate(0, 0, -61), sellerID)
}

// Day is one day of sales for a chart.
type Day struct {
	Day    string       `json:"day"`
	Orders int          `json:"orders"`
	Amount money.Amount `json:"amount"`
}

type paid struct {
	At     time.Time    `db:"paid_at"`
	Amount money.Amount `db:"paid_amount"`
}

func paidText(side string) string {
	return `select paid_at, paid_amount + voucher_amount as paid_amount from orders where kind = 'NEW' and created_at >= $1 and paid_at >= $2 and state <> 'REFUNDED' and ` + side + ` order by created_at desc limit 20000`
}

var (
	sqlPaidSeller = paidText(`seller_id = $3`)
	sqlPaidAll    = paidText(`$3 = ''`)
)

// Daily gives the paid orders of the last days, one entry per day of the zone, oldest first.
func Daily(ctx context.Context, q db.Querier, s Scope, now time.Time, days int, zone *time.Location) ([]Day, error) {
	first := now.In(zone).AddDate(0, 0, 1-days)
	first = time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone)
	text := sqlPaidAll
	_, sellerID := s.Tenant()
	if sellerID != "" {
		text = sqlPaidSeller
	}
	rows, err := db.List[paid](ctx, q, text, first.AddDate(0, 0, -31), first, sellerID)
	if err != nil {
		return nil, err
	}
	out := make([]Day, days)
	at := map[string]int{}
	for i := range out {
		out[i].Day = first.AddDate(0, 0, i).Format("2006-01-02")
		at[out[i].Day] = i
	}
	for _, r := range rows {
		if i, ok := at[r.At.In(zone).Format("2006-01-02")]; ok {
			out[i].Orders++
			out[i].Amount += r.Amount
		}
	}
	return out, nil
}

// Sales is how often a product was bought.
type Sales struct {
	ProductID string `db:"product_id"`
	Orders    int64  `db:"orders"`
}

const sqlSales = `select product_id, count(*) as orders from orders where created_at >= $1 and kind = 'NEW' and state in ('PROCESSING', 'COMPLETED') group by product_id`

// SalesSince counts the paid orders of each product that were placed since then.
func SalesSince(ctx context.Context, q db.Querier, since time.Time) ([]Sales, error) {
	return db.List[Sales](ctx, q, sqlSales, since)
}

const sqlFailed = `select count(*) from orders where seller_id = $1 and created_at >= $2 and product_id = $3 and kind = 'UNSUB' and cause = 'provisioning_failed'`

// FailedSince counts the orders of a product that were refunded since then because they
// could not be provisioned.
func FailedSince(ctx context.Context, q db.Querier, sellerID, productID string, since time.Time) (int, error) {
	return db.One[int](ctx, q, sqlFailed, sellerID, since, productID)
}
