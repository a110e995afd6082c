package catalog

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/seller"
)

// Sale is all that a quote or an order line copies from the catalogue about one price
// plan (trade.md §8.4: a pending order keeps its snapshot). Price is per period, or per
// purchase for ONE_TIME.
type Sale struct {
	SellerID         string       `db:"seller_id"`
	SellerState      string       `db:"seller_state"` // "active", "suspended", "exited"
	ProductID        string       `db:"product_id"`
	ProductName      i18n.Text    `db:"product_name"`
	ProductState     ProductState `db:"product_state"`
	DeliveryType     string       `db:"delivery_type"`
	VersionID        string       `db:"version_id"`
	SpecID           string       `db:"spec_id"`
	SpecName         i18n.Text    `db:"spec_name"`
	SpecState        SpecState    `db:"spec_state"`
	SkuCode          string       `db:"sku_code"`
	PlanID           string       `db:"plan_id"`
	PlanNumber       string       `db:"plan_number"` // the wire's productId
	ChargingMode     ChargingMode `db:"charging_mode"`
	PeriodType       string       `db:"period_type"` // "year", "month", "" for ONE_TIME
	Price            money.Price  `db:"price"`
	MinPeriods       int          `db:"min_periods"` // 1 and 1 for ONE_TIME
	MaxPeriods       int          `db:"max_periods"`
	AddressID        string       `db:"address_id"`
	Path             string       `db:"path"`
	Generation       Generation   `db:"generation"`
	AgreementVersion string       `db:"agreement_version"` // the version id whose agreement holds, "site" for the template
	CategoryID       string       `db:"category_id"`
	RefundPolicy     string       `db:"refund_policy"` // "five_day" or "none" (trade.md §14.2)
	TaxCategory      string       `db:"tax_category"`  // trade.md §2.1: SaaS is always "service"
}

// SpecHidden tells that the specification cannot be picked for a new purchase.
func (s Sale) SpecHidden() bool { return s.SpecState != SpecShown }

// Buyable is nil when a new order may be placed, else the reason that people read on the
// product page and that an order is refused with (D2): "catalog.suspended",
// "catalog.not_on_sale", "catalog.seller_inactive" or "catalog.spec_not_on_sale" (all
// Conflict).
func (s Sale) Buyable() error {
	switch s.ProductState {
	case OnSale, Hidden:
	case Suspended:
		return errs.Conflictf("catalog.suspended", "state", s.ProductState)
	default:
		return errs.Conflictf("catalog.not_on_sale", "state", s.ProductState)
	}
	if s.SellerState != string(seller.Active) {
		return errs.Conflictf("catalog.seller_inactive", "state", s.SellerState)
	}
	if s.SpecState != SpecShown {
		return errs.Conflictf("catalog.spec_not_on_sale", "state", s.SpecState)
	}
	return nil
}

// Renewable is nil when a running subscription may be renewed (C7): a suspended product
// and a hidden specification still renew, delisted ones do not ("catalog.not_on_sale",
// "catalog.spec_not_on_sale", both Conflict).
func (s Sale) Renewable() error {
	switch s.ProductState {
	case OnSale, Hidden, Suspended:
	default:
		return errs.Conflictf("catalog.not_on_sale", "state", s.ProductState)
	}
	if s.SpecState == SpecDelisted {
		return errs.Conflictf("catalog.spec_not_on_sale", "state", s.SpecState)
	}
	return nil
}

const sqlForSale = `select p.seller_id, c.state as seller_state, p.id as product_id, p.name as product_name, p.state as product_state, p.delivery_type,
p.live_version_id as version_id, s.id as spec_id, s.name as spec_name, s.state as spec_state, s.sku_code,
l.id as plan_id, l.plan_number, l.charging_mode, l.period_type, l.price, l.min_periods, l.max_periods,
p.address_id, p.path, p.generation, p.agreement_version, p.category_id, p.refund_policy, 'service' as tax_category
from price_plans l join specs s on s.id = l.spec_id join products p on p.id = l.product_id join sellers c on c.id = p.seller_id
where l.id = $1`

// ForSale reads a price plan of a released product with one query. It does not refuse
// what is not for sale: ask Buyable or Renewable. An unknown plan is "catalog.plan_not_found".
func (*Store) ForSale(ctx context.Context, q db.Querier, planID string) (Sale, error) {
	s, ok, err := db.Maybe[Sale](ctx, q, sqlForSale, planID)
	if err == nil && !ok {
		err = errs.NotFoundf("catalog.plan_not_found")
	}
	return s, err
}

const sqlForSaleSpec = `select p.seller_id, c.state as seller_state, p.id as product_id, p.name as product_name, p.state as product_state, p.delivery_type,
p.live_version_id as version_id, s.id as spec_id, s.name as spec_name, s.state as spec_state, s.sku_code,
l.id as plan_id, l.plan_number, l.charging_mode, l.period_type, l.price, l.min_periods, l.max_periods,
p.address_id, p.path, p.generation, p.agreement_version, p.category_id, p.refund_policy, 'service' as tax_category
from price_plans l join specs s on s.id = l.spec_id join products p on p.id = l.product_id join sellers c on c.id = p.seller_id
where l.spec_id = $1 order by l.charging_mode, l.period_type`

// SpecPlans reads all plans of a specification: a renewal may go from monthly to yearly,
// the skuCode stays, the plan number differs (trade.md §2.3).
func (*Store) SpecPlans(ctx context.Context, q db.Querier, specID string) ([]Sale, error) {
	return db.List[Sale](ctx, q, sqlForSaleSpec, specID)
}
