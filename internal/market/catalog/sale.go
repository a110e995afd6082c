package catalog

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
	"jishi/internal/market/seller"
)

// Sale is all that a quote or an order line copies from the catalogue about one price
// plan (trade.md §8.4: a pending order keeps its snapshot). Price is per period, or per
// purchase for ONE_TIME, without the quantity; Item has all that makes the price.
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
	PeriodType       string       `db:"period_type"` // "year", "month", "day", "" for ONE_TIME
	Price            money.Price  `db:"price"`
	MinPeriods       int          `db:"min_periods"` // 1 and 1 for ONE_TIME
	MaxPeriods       int          `db:"max_periods"`
	AddressID        string       `db:"address_id"`
	Path             string       `db:"path"`
	Generation       Generation   `db:"generation"`
	AgreementVersion string       `db:"agreement_version"` // the version id whose agreement holds, "site" for the template
	CategoryID       string       `db:"category_id"`
	RefundPolicy     string       `db:"refund_policy"` // "five_day", "prorata" or "none" (trade.md §14.2)

	Template     pricing.Template `db:"template,json"` // what buyers pick from; zero for the simple template
	Choice       string           `db:"choice"`        // the combination of this plan
	Plan         pricing.Plan     `db:"plan,json"`
	Trial        bool             `db:"trial"`
	Sold         bool             `db:"sold"` // false: the combination has no price for new orders
	SpecLimit    *Limit           `db:"spec_limit,json"`
	ProductLimit *Limit           `db:"product_limit,json"`
	Changes      *ChangeContent   `db:"changes,json"` // what it can be changed to; nil: nothing
}

// Item is what the plan's price is computed from.
func (s Sale) Item() pricing.Item {
	return itemOf(s.Template, s.Choice, s.Plan, s.Price, s.MinPeriods, s.MaxPeriods)
}

// itemOf fills in the simple template, which stores its price alone.
func itemOf(t pricing.Template, choice string, p pricing.Plan, price money.Price, min, max int) pricing.Item {
	if len(p.Parts) == 0 {
		p.Parts = []pricing.Part{{Kind: pricing.KindBase, Price: price}}
	}
	combination, _ := t.Parse(choice)
	return pricing.Item{Template: t, Combination: combination, Plan: p, MinPeriods: min, MaxPeriods: max}
}

// TaxCategory is that of trade.md §2.1.
func (s Sale) TaxCategory() string {
	return pricing.TaxCategory(s.DeliveryType, string(s.ChargingMode))
}

// Limited tells that an order must be counted before it is placed: there is a purchase
// limit, or it is a trial, which each customer has once.
func (s Sale) Limited() bool { return s.Trial || s.SpecLimit != nil || s.ProductLimit != nil }

// SpecHidden tells that the specification cannot be picked for a new purchase.
func (s Sale) SpecHidden() bool { return s.SpecState != SpecShown }

// Buyable is nil when a new order may be placed, else the reason that people read on the
// product page and that an order is refused with (D2): "catalog.suspended",
// "catalog.not_on_sale", "catalog.seller_inactive", "catalog.spec_not_on_sale" or
// "catalog.combination_not_on_sale" (all Conflict).
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
	if !s.Sold {
		return errs.Conflictf("catalog.combination_not_on_sale")
	}
	return nil
}

// Renewable is nil when a running subscription may be renewed (C7): a suspended product,
// a hidden specification and a combination without a price for new orders still renew,
// delisted ones do not ("catalog.not_on_sale",
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

const saleColumns = `p.seller_id, c.state as seller_state, p.id as product_id, p.name as product_name, p.state as product_state, p.delivery_type,
p.live_version_id as version_id, s.id as spec_id, s.name as spec_name, s.state as spec_state, coalesce(k.sku_code, s.sku_code) as sku_code,
l.id as plan_id, l.plan_number, l.charging_mode, l.period_type, l.price, l.min_periods, l.max_periods,
p.address_id, p.path, p.generation, p.agreement_version, p.category_id, p.refund_policy,
s.template, l.choice, l.plan, l.trial, l.sold, s.purchase_limit as spec_limit, p.purchase_limit as product_limit, s.changes
from price_plans l join specs s on s.id = l.spec_id join products p on p.id = l.product_id join sellers c on c.id = p.seller_id
left join skus k on k.id = l.sku_id`

const sqlForSale = `select ` + saleColumns + ` where l.id = $1`

// ForSale reads a price plan of a released product with one query. It does not refuse
// what is not for sale: ask Buyable or Renewable. An unknown plan is "catalog.plan_not_found".
func (*Store) ForSale(ctx context.Context, q db.Querier, planID string) (Sale, error) {
	s, ok, err := db.Maybe[Sale](ctx, q, sqlForSale, planID)
	if err == nil && !ok {
		err = errs.NotFoundf("catalog.plan_not_found")
	}
	return s, err
}

const sqlForSaleSpec = `select ` + saleColumns + ` where l.spec_id = $1 and l.choice = $2 and not l.trial order by l.charging_mode, l.period_type`

// SpecPlans reads the plans of one combination of a specification ("" is the simple
// template's): a renewal may go from monthly to yearly, the skuCode stays, the plan number
// differs (trade.md §2.3).
func (*Store) SpecPlans(ctx context.Context, q db.Querier, specID, choice string) ([]Sale, error) {
	return db.List[Sale](ctx, q, sqlForSaleSpec, specID, choice)
}
