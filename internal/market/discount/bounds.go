package discount

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
)

// Bounds are what an operator allows on a product, as ratios of its list prices.
type Bounds struct {
	ProductID  string      `db:"product_id"`
	Authorised money.Price `db:"authorised"` // 授权折扣: an offer below it is reviewed
	Floor      money.Price `db:"floor"`      // 底价: nothing is sold below it; 0 is none
	ChangedAt  time.Time   `db:"changed_at"`
	ChangedBy  string      `db:"changed_by"`
}

// authorised is the authorised discount of a product that an operator set none for (§10.3).
var authorised = money.PriceOf(9).Div(money.PriceOf(10))

const sqlBounds = `select product_id, authorised, floor, changed_at, changed_by from discount_bounds where product_id = $1`

// BoundsOf reads the bounds of a product, or the defaults.
func BoundsOf(ctx context.Context, q db.Querier, productID string) (Bounds, error) {
	b, found, err := db.Maybe[Bounds](ctx, q, sqlBounds, productID)
	if !found {
		b = Bounds{ProductID: productID, Authorised: authorised}
	}
	return b, err
}

// floorOf is the lowest amount of a line: its exact list price times the floor, cut.
func (b Bounds) floorOf(exact money.Price) money.Amount { return money.Cut(exact.Mul(b.Floor)) }

const sqlProductExists = `select count(*) from products where id = $1`
const sqlSetBounds = `insert into discount_bounds (product_id, authorised, floor, changed_at, changed_by) values ($1, $2, $3, $4, $5)
on conflict (product_id) do update set authorised = excluded.authorised, floor = excluded.floor, changed_at = excluded.changed_at, changed_by = excluded.changed_by`

// SetBounds is an operator's change; offers that hold already stay, and the floor holds for
// every price that is made from now on. "catalog.product_not_found"; field errors "authorised",
// "floor".
func SetBounds(ctx context.Context, tx *db.Tx, b Bounds) (Bounds, error) {
	one := money.PriceOf(1)
	var c errs.Check
	if b.Authorised.Sign() <= 0 || b.Authorised.Cmp(one) > 0 || !b.Authorised.Fits(4) {
		c.Add("authorised", "discount.ratio_range")
	}
	if b.Floor.Sign() < 0 || b.Floor.Cmp(one) > 0 || !b.Floor.Fits(4) {
		c.Add("floor", "discount.floor_range")
	}
	if err := c.Err(); err != nil {
		return b, err
	}
	n, err := db.One[int](ctx, tx, sqlProductExists, b.ProductID)
	if err != nil {
		return b, err
	}
	if n == 0 {
		return b, errs.NotFoundf("catalog.product_not_found")
	}
	before, err := BoundsOf(ctx, tx, b.ProductID)
	if err != nil {
		return b, err
	}
	b.ChangedAt, b.ChangedBy = tx.Now, audit.ActorFrom(ctx).Name
	if _, err := db.Exec(ctx, tx, sqlSetBounds, b.ProductID, b.Authorised, b.Floor, b.ChangedAt, b.ChangedBy); err != nil {
		return b, err
	}
	return b, audit.Record(ctx, tx, audit.Entry{Action: "discount.set_bounds", Object: "product", ObjectID: b.ProductID,
		Detail: map[string]any{"authorised": b.Authorised, "floor": b.Floor, "authorisedBefore": before.Authorised, "floorBefore": before.Floor}})
}

// BoundsRow is a product with its bounds.
type BoundsRow struct {
	ProductID   string      `db:"product_id"`
	ProductName i18n.Text   `db:"product_name"`
	SellerName  i18n.Text   `db:"seller_name"`
	Authorised  money.Price `db:"authorised"`
	Floor       money.Price `db:"floor"`
	ChangedAt   time.Time   `db:"changed_at"`
	ChangedBy   string      `db:"changed_by"`
}

const whereBounds = ` from products p join sellers s on s.id = p.seller_id left join discount_bounds b on b.product_id = p.id
where p.live_version_id <> '' and ($1 = '' or p.id = $1 or lower(p.name) like $2 escape '!' or lower(s.name) like $2 escape '!')`
const sqlBoundsRows = `select p.id as product_id, p.name as product_name, s.name as seller_name, coalesce(b.authorised, '0.9') as authorised, coalesce(b.floor, '0') as floor, b.changed_at, coalesce(b.changed_by, '') as changed_by` + whereBounds + ` and ($3 = '' or p.id < $3) order by p.id desc limit $4`
const sqlBoundsCount = `select count(*) from (select 1` + whereBounds + ` limit $3) as n`

// AllBounds lists the released products with their bounds, for operators.
func AllBounds(ctx context.Context, q db.Querier, text string, p page.Query) (page.Page[BoundsRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[BoundsRow]{}, err
	}
	like := db.Contains(text)
	rows, err := db.List[BoundsRow](ctx, q, sqlBoundsRows, text, like, key[0], p.Size()+1)
	if err != nil {
		return page.Page[BoundsRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlBoundsCount, text, like, page.TotalCap+1)
	return page.Of(p, rows, func(r BoundsRow) []string { return []string{r.ProductID} }).WithTotal(n), err
}
