package fulfillment

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
)

const sqlAttempts = `select id, call_id, number, at, duration_us, business_id, method, url, request_body, request_head, status, response_head, response_body, result_code, result_msg, outcome, error_code, error_args, warnings
from fulfillment_attempts where call_id = $1 order by number desc limit 100`

// Attempts lists the attempts of a call, newest first.
func Attempts(ctx context.Context, q db.Querier, callID string) ([]AttemptRow, error) {
	return db.List[AttemptRow](ctx, q, sqlAttempts, callID)
}

// Row is a call in a list.
type Row struct {
	Call
	ProductName i18n.Text `db:"product_name"`
	BuyerName   string    `db:"buyer_name"`
	SellerName  i18n.Text `db:"seller_name"`
	External    string    `db:"instance_external"`
}

// Filter narrows a list; empty fields do not, but for the seller.
type Filter struct {
	SellerID   string
	All        bool // of all sellers, for operators; without it and SellerID nothing is found
	OrderID    string
	State      State
	Activity   string
	Problem    bool   // only calls that need somebody: retrying or failed
	Text       string // call, order or instance id, the seller's instance id, or a part of the product's or buyer's name
	ProductID  string
	Generation string // "v1" or "v2"
	From, To   time.Time
}

const rowHead = `select c.id, c.activity, c.generation, c.purpose, c.profile, c.order_id, c.order_line_id, c.instance_id, c.account_id, c.seller_id, c.product_id, c.address_id, c.path, c.parameters, c.state, c.attempts, c.created_at, c.first_at, c.last_at, c.next_at, c.window_start, c.window_end, c.done_at, c.external_id, c.result_code, c.error_code, c.error_args, c.comment, c.mailed_at, c.named_order, c.applies,
i.product_name, a.name as buyer_name, s.name as seller_name, i.external_id as instance_external`

// The texts of where.
const ofOrder = `c.id in (select x.id from fulfillment_calls x where x.order_id = $2
union all select x.id from fulfillment_calls x join instances n on n.id = x.instance_id where n.order_id = $2)`
const likeText = `(c.id = $6 or c.order_id = $6 or c.instance_id = $6 or i.external_id = $6 or c.external_id = $6 or lower(i.product_name) like $7 escape '!' or lower(a.name) like $7 escape '!')`

// A product's calls are found through its seller's, which have an index.
const ofProduct = `c.product_id = $8 and c.seller_id = (select p.seller_id from products p where p.id = $8)`

// where makes a text of its own for each combination of filters that has an index: with
// "or" for the empty ones the whole table would be read for one call or one order.
func (f Filter) where() string {
	when := func(set bool, text, number string) string {
		if set {
			return text
		}
		return "$" + number + " = ''"
	}
	text := likeText
	switch {
	case f.Text == "":
		text = `$6 = '' and $7 <> ''`
	case strings.HasPrefix(f.Text, "cal_"):
		text = `c.id = $6 and $7 <> ''`
	case strings.HasPrefix(f.Text, "ins_"):
		text = `c.instance_id = $6 and $7 <> ''`
	}
	return ` from fulfillment_calls c join instances i on i.id = c.instance_id join accounts a on a.id = c.account_id join sellers s on s.id = c.seller_id
where ` + when(f.SellerID != "" || !f.All, "c.seller_id = $1", "1") + ` and ` + when(f.OrderID != "", ofOrder, "2") + `
and ($3 = '' or c.state = $3) and ($4 = '' or c.activity = $4) and ($5 = 0 or c.state in ('retrying', 'failed'))
and ` + text + ` and ` + when(f.ProductID != "", ofProduct, "8") + `
and ($9 = '' or c.generation = $9) and ` + when(!f.From.IsZero(), `c.id >= $10`, "10") + ` and ` + when(!f.To.IsZero(), `c.id < $11`, "11")
}

// args are the values of where. Ids are in the order of time, so that a time is two of them.
func (f Filter) args() []any {
	problem, from, to := 0, "", ""
	if f.Problem {
		problem = 1
	}
	if !f.From.IsZero() {
		from = id.First(idPrefix, f.From)
	}
	if !f.To.IsZero() {
		to = id.First(idPrefix, f.To)
	}
	return []any{f.SellerID, f.OrderID, f.State, f.Activity, problem, f.Text, db.Contains(f.Text), f.ProductID, f.Generation, from, to}
}

// List shows calls, newest first (生产接口消息).
func List(ctx context.Context, q db.Querier, f Filter, p page.Query) (page.Page[Row], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	rows, err := Batch(ctx, q, f, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	n, err := Count(ctx, q, f, page.TotalCap+1)
	return page.Of(p, rows, func(r Row) []string { return []string{r.ID} }).WithTotal(n), err
}

// Count counts the calls, at most to limit.
func Count(ctx context.Context, q db.Querier, f Filter, limit int) (int, error) {
	return db.One[int](ctx, q, `select count(*) from (select 1`+f.where()+` limit $12) as n`, append(f.args(), limit)...)
}

// Batch reads the newest n calls, or those before a call, without counting all: for exports.
func Batch(ctx context.Context, q db.Querier, f Filter, before string, n int) ([]Row, error) {
	older := ` and $12 = ''`
	if before != "" {
		older = ` and c.id < $12`
	}
	return db.List[Row](ctx, q, rowHead+f.where()+older+` order by c.id desc limit $13`, append(f.args(), before, n)...)
}

const sqlOfInstance = `select ` + columns + ` from fulfillment_calls where instance_id = $1 order by created_at, id`

// OfInstance lists the calls of an instance, oldest first.
func OfInstance(ctx context.Context, q db.Querier, instanceID string) ([]Call, error) {
	return db.List[Call](ctx, q, sqlOfInstance, instanceID)
}

// Health counts the calls of a seller, or of Everybody, for home pages.
type Health struct {
	Open     int `db:"open" json:"open"`
	Retrying int `db:"retrying" json:"retrying"`
	Failed   int `db:"failed" json:"failed"` // within 30 days
}

const sqlHealth = `select count(*) as open, count(*) filter (where state = 'retrying') as retrying,
(select count(*) from fulfillment_calls where state = 'failed' and done_at >= $1 and ($2 = '*' or seller_id = $2)) as failed
from fulfillment_calls where state in ('waiting', 'calling', 'retrying') and ($2 = '*' or seller_id = $2)`

// HealthOf reads the counts; since bounds the failed ones.
func HealthOf(ctx context.Context, q db.Querier, sellerID string, since time.Time) (Health, error) {
	return db.One[Health](ctx, q, sqlHealth, since, sellerID)
}

const sqlRenewal = `select ` + columns + ` from fulfillment_calls where order_id = $1 and order_line_id = $2 and purpose in ('renew', 'convert', 'renew_change') order by id limit 1`

// RenewedUntil is the expiry that the seller is told for the line of a paid renewal; false for one that is none, or not paid.
func RenewedUntil(ctx context.Context, q db.Querier, orderID, lineID string) (until time.Time, found bool, err error) {
	c, found, err := db.Maybe[Call](ctx, q, sqlRenewal, orderID, lineID)
	return c.Instant(ParamExpireAt), found, err
}

const sqlNamed = `select ` + columns + ` from fulfillment_calls where named_order = $1 and named_order <> ''`

// FindNamed finds the call that bears an order number of its own.
func FindNamed(ctx context.Context, q db.Querier, number string) (Call, bool, error) {
	return db.Maybe[Call](ctx, q, sqlNamed, number)
}
