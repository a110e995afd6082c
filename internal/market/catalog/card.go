package catalog

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

// Card is what a list shows of a product, besides price and seller.
type Card struct {
	Name       i18n.Text   `json:"name"`
	Summary    i18n.Text   `json:"summary"`
	Highlights []i18n.Text `json:"highlights"`
	LogoKey    string      `json:"logoKey"`
	Picture    string      `json:"picture"`
}

type cardRow struct {
	ProductID  string       `db:"product_id"`
	SellerID   string       `db:"seller_id"`
	CategoryID string       `db:"category_id"`
	Listed     bool         `db:"listed"`
	HasMonth   bool         `db:"has_month"`
	HasYear    bool         `db:"has_year"`
	HasOnce    bool         `db:"has_once"`
	HasDay     bool         `db:"has_day"`
	Price      money.Amount `db:"price"`
	PriceUnit  string       `db:"price_unit"`
	Sales      int64        `db:"sales"`
	ReleasedAt time.Time    `db:"released_at"`
	Card       Card         `db:"card,json"`
}

type cardPlan struct {
	State    SpecState        `db:"state"`
	Template pricing.Template `db:"template,json"`
	Plan
}

const sqlCardPlans = `select s.state, s.template, l.spec_id, l.id, l.plan_number, l.choice, l.trial, l.sold, l.charging_mode, l.period_type, l.price, l.plan, l.min_periods, l.max_periods
from price_plans l join specs s on s.id = l.spec_id
where l.product_id = $1 and l.sold and not l.trial order by s.position, s.id, l.charging_mode desc, l.period_type, l.id`

const sqlPutCard = `insert into product_cards (product_id, seller_id, category_id, listed, has_month, has_year, has_once, has_day, price, price_unit, sales, released_at, card)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12)
on conflict (product_id) do update set category_id = excluded.category_id, listed = excluded.listed, has_month = excluded.has_month,
has_year = excluded.has_year, has_once = excluded.has_once, has_day = excluded.has_day, price = excluded.price, price_unit = excluded.price_unit, card = excluded.card`

// refreshCard derives the storefront's row from the live version and the shown
// specifications, and says so in the change sequence.
func (s *Store) refreshCard(ctx context.Context, tx *db.Tx, p Product) error {
	v, err := s.VersionOf(ctx, tx, p.ID, p.LiveVersionID)
	if err != nil {
		return err
	}
	plans, err := db.List[cardPlan](ctx, tx, sqlCardPlans, p.ID)
	if err != nil {
		return err
	}
	c := v.Content
	row := cardRow{ProductID: p.ID, SellerID: p.SellerID, CategoryID: p.CategoryID, ReleasedAt: p.ReleasedAt,
		Card: Card{Name: c.Name, Summary: c.Summary, Highlights: c.Highlights, LogoKey: c.LogoKey, Picture: c.Pictures[0]}}
	first := true
	for _, l := range plans {
		if l.State != SpecShown {
			continue
		}
		price, unit := money.Cut(l.Least(l.Template)), l.PeriodType
		switch {
		case l.Mode == OneTime:
			row.HasOnce, unit = true, "once"
		case l.PeriodType == "month":
			row.HasMonth = true
		case l.PeriodType == "day":
			row.HasDay = true
		default:
			row.HasYear = true
		}
		if first || price < row.Price {
			row.Price, row.PriceUnit, first = price, unit, false
		}
	}
	row.Listed = p.State == OnSale && !first
	if _, err := db.Exec(ctx, tx, sqlPutCard, row.ProductID, row.SellerID, row.CategoryID, row.Listed, row.HasMonth, row.HasYear,
		row.HasOnce, row.HasDay, int64(row.Price), row.PriceUnit, row.ReleasedAt, db.JSON(row.Card)); err != nil {
		return err
	}
	return s.changed(ctx, tx, p.ID)
}

const sqlSetSales = `update product_cards set sales = $1 where product_id = $2 and sales <> $1`

// SetSales keeps how often a product was sold, for sorting. It is called by a periodic
// job, never when an order is placed.
func (s *Store) SetSales(ctx context.Context, tx *db.Tx, productID string, sales int64) error {
	n, err := db.Exec(ctx, tx, sqlSetSales, sales, productID)
	if err != nil || n == 0 {
		return err
	}
	return s.changed(ctx, tx, productID)
}
