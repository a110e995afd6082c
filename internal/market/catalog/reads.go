package catalog

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/market/pricing"
)

// ProductFilter narrows a list of products; empty fields do not. Open keeps products
// with an open version in that state: "draft" is the drafts box (草稿箱).
type ProductFilter struct {
	SellerID string
	Name     string
	State    string
	Type     string
	Open     string
}

// ProductRow is a product in a list.
type ProductRow struct {
	Product
	SellerName i18n.Text    `db:"seller_name" json:"sellerName"`
	Specs      int          `db:"specs" json:"specs"`
	OpenState  VersionState `db:"open_state" json:"openState"` // "draft", "reviewing" or ""
}

const productWhere = ` where ($1 = '' or p.seller_id = $1) and ($2 = '' or p.search like $2 escape '!' or p.id = $3) and ($4 = '' or p.state = $4)
and ($5 = '' or p.delivery_type = $5)
and ($6 = '' or exists (select 1 from product_versions v where v.product_id = p.id and v.state = $6 and v.state in ('draft', 'reviewing')))`

const sqlProducts = `select p.id, p.seller_id, p.delivery_type, p.state, p.resume_state, p.suspended_until, p.state_reason, p.live_version_id,
p.name, p.search, p.logo_key, p.category_id, p.address_id, p.path, p.generation, p.agreement_version, p.refund_policy, p.released_at, p.version,
p.created_at, p.updated_at, s.name as seller_name,
(select count(*) from specs c where c.product_id = p.id and c.state <> 'delisted') as specs,
coalesce((select v.state from product_versions v where v.product_id = p.id and v.state in ('draft', 'reviewing')), '') as open_state
from products p join sellers s on s.id = p.seller_id` + productWhere + ` and ($7 = '' or p.id < $7) order by p.id desc limit $8`

const sqlProductsCount = `select count(*) from (select 1 from products p` + productWhere + ` limit $7) as n`

// Products lists products, newest first: a seller's own with SellerID, else everybody's.
func (*Store) Products(ctx context.Context, q db.Querier, f ProductFilter, pg page.Query) (page.Page[ProductRow], error) {
	key, err := page.Decode(pg.Cursor, 1)
	if err != nil {
		return page.Page[ProductRow]{}, err
	}
	args := []any{f.SellerID, like(f.Name), f.Name, f.State, f.Type, f.Open}
	rows, err := db.List[ProductRow](ctx, q, sqlProducts, append(args[:6:6], key[0], pg.Size()+1)...)
	if err != nil {
		return page.Page[ProductRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlProductsCount, append(args[:6:6], page.TotalCap+1)...)
	return page.Of(pg, rows, func(r ProductRow) []string { return []string{r.ID} }).WithTotal(n), err
}

// Spec is a released specification with its plans.
type Spec struct {
	ID      string    `db:"id" json:"id"`
	SkuCode string    `db:"sku_code" json:"skuCode"`
	Name    i18n.Text `db:"name" json:"name"`
	State   SpecState `db:"state" json:"state"`
	Plans   []Plan    `db:"-" json:"plans"`
	SpecTerms
}

// Plan is a released price plan. Number is the wire's productId. Price is that of a
// period without the quantity; Least has it.
type Plan struct {
	SpecID     string       `db:"spec_id" json:"-"`
	ID         string       `db:"id" json:"id"`
	Number     string       `db:"plan_number" json:"number"`
	SkuCode    string       `db:"sku_code" json:"skuCode,omitempty" doc:"Of the combination; empty where the specification has one only"`
	Choice     string       `db:"choice" json:"choice,omitempty" doc:"The combination, like edition=pro,storage=200"`
	Trial      bool         `db:"trial" json:"trial,omitempty"`
	Sold       bool         `db:"sold" json:"sold" doc:"False: new orders cannot have the combination any more"`
	Mode       ChargingMode `db:"charging_mode" json:"mode"`
	PeriodType string       `db:"period_type" json:"periodType"`
	Price      money.Price  `db:"price" json:"price"`
	Plan       pricing.Plan `db:"plan,json" json:"-"`
	Min        int          `db:"min_periods" json:"minPeriods"`
	Max        int          `db:"max_periods" json:"maxPeriods"`
}

// Least is the price of a period with the least quantity.
func (p Plan) Least(t pricing.Template) money.Price {
	r, err := pricing.Compute(itemOf(t, p.Choice, p.Plan, p.Price, p.Min, p.Max), pricing.Ask{Periods: p.Min})
	if err != nil {
		return p.Price
	}
	return r.PeriodPrice
}

const sqlSpecList = `select id, sku_code, name, state, template, trial_days, purchase_limit from specs where product_id = $1 order by position, id`
const sqlPlanList = `select l.spec_id, l.id, l.plan_number, coalesce(k.sku_code, '') as sku_code, l.choice, l.trial, l.sold, l.charging_mode, l.period_type, l.price, l.plan, l.min_periods, l.max_periods
from price_plans l left join skus k on k.id = l.sku_id
where l.product_id = $1 order by l.charging_mode desc, l.period_type, l.id`

// Specs reads the released specifications of a product with their plans: two queries.
func (*Store) Specs(ctx context.Context, q db.Querier, productID string) ([]Spec, error) {
	specs, err := db.List[Spec](ctx, q, sqlSpecList, productID)
	if err != nil {
		return nil, err
	}
	plans, err := db.List[Plan](ctx, q, sqlPlanList, productID)
	if err != nil {
		return nil, err
	}
	for i := range specs {
		specs[i].Plans = []Plan{}
		for _, p := range plans {
			if p.SpecID == specs[i].ID {
				specs[i].Plans = append(specs[i].Plans, p)
			}
		}
		specs[i].sortPlans()
	}
	return specs, nil
}

// sortPlans puts the plans in the order of the template's combinations, and those of one
// combination by period: pages preselect the first, which must not hang on chance. Ids do not
// tell, since the plans of one release are made in the same millisecond.
func (s *Spec) sortPlans() {
	position := map[string]int{}
	for i, c := range s.Template.Combinations() {
		position[c.Key()] = i
	}
	of := func(p Plan) int {
		if i, ok := position[p.Choice]; ok {
			return i
		}
		return len(position) // of an earlier template, not sold any more
	}
	slices.SortStableFunc(s.Plans, func(a, b Plan) int {
		return cmp.Or(cmp.Compare(of(a), of(b)), cmp.Compare(a.Choice, b.Choice), cmp.Compare(b.Mode, a.Mode), cmp.Compare(a.PeriodType, b.PeriodType))
	})
}

// HistoryRow is a step of a product's history.
type HistoryRow struct {
	ID            string    `db:"id" json:"id"`
	VersionID     string    `db:"version_id" json:"versionId"`
	ApplicationID string    `db:"application_id" json:"applicationId"`
	SpecID        string    `db:"spec_id" json:"specId"`
	At            time.Time `db:"at" json:"at"`
	ActorKind     string    `db:"actor_kind" json:"actorKind"`
	ActorName     string    `db:"actor_name" json:"actorName"`
	Event         string    `db:"event" json:"event"`
	From          string    `db:"from_state" json:"from"`
	To            string    `db:"to_state" json:"to"`
	Reason        string    `db:"reason" json:"reason"`
}

const sqlHistory = `select id, version_id, application_id, spec_id, at, actor_kind, actor_name, event, from_state, to_state, reason
from product_events where product_id = $1 order by seq desc limit 200`

// History is what happened to a product, newest first, at most 200 steps.
func (*Store) History(ctx context.Context, q db.Querier, productID string) ([]HistoryRow, error) {
	return db.List[HistoryRow](ctx, q, sqlHistory, productID)
}

const sqlAddressUses = `select (select count(*) from products where address_id = $1 and state <> 'delisted')
+ (select count(*) from product_versions where state in ('draft', 'reviewing') and content like $2 escape '!')`

// AddressUses counts the products and open versions that name a production address, for
// the seller module, which refuses to delete one that is used.
func (*Store) AddressUses(ctx context.Context, q db.Querier, addressID string) (int, error) {
	return db.One[int](ctx, q, sqlAddressUses, addressID, like(`"addressId":"`+addressID+`"`))
}

// Difference is a field whose value differs between two versions.
type Difference struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Differences compares two contents field by field, in the wizard's order. Specifications
// are matched by their ids, so that a moved one is no change. What the server derives
// (HTML) is left out.
func Differences(before, after Content) []Difference {
	a, b := map[string]string{}, map[string]string{}
	var order []string
	seen := map[string]bool{}
	walk := func(c Content, into map[string]string) {
		c.DescriptionHTML, c.Agreement.HTML = i18n.Text{}, i18n.Text{}
		flatten("", reflect.ValueOf(c), func(path, value string) {
			into[path] = value
			if !seen[path] {
				seen[path] = true
				order = append(order, path)
			}
		})
	}
	walk(before, a)
	walk(after, b)
	out := []Difference{}
	for _, path := range order {
		if a[path] != b[path] {
			out = append(out, Difference{path, a[path], b[path]})
		}
	}
	return out
}

func flatten(path string, v reflect.Value, put func(path, value string)) {
	join := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			flatten(join(jsonName(v.Type().Field(i))), v.Field(i), put)
		}
	case reflect.Slice:
		for i := range v.Len() {
			e := v.Index(i)
			flatten(path+"["+elementKey(e, i)+"]", e, put)
		}
	case reflect.Bool:
		put(path, strconv.FormatBool(v.Bool()))
	case reflect.Pointer:
		if !v.IsNil() {
			flatten(path, v.Elem(), put)
		}
	case reflect.Int, reflect.Int64:
		put(path, strconv.FormatInt(v.Int(), 10))
	case reflect.String:
		if v.String() != "" {
			put(path, v.String())
		}
	}
}

// elementKey matches elements of two lists: specifications by id, prices by period,
// attributes and combinations by code.
func elementKey(v reflect.Value, i int) string {
	switch e := v.Interface().(type) {
	case SpecContent:
		return e.ID
	case PlanContent:
		return strings.TrimSuffix(string(e.Mode)+"-"+e.PeriodType, "-")
	case CombinationPrice:
		return strings.TrimSuffix(string(e.Mode)+"-"+e.PeriodType, "-")
	case CombinationContent:
		return e.Choice
	case SurchargeContent:
		return e.Attribute + "=" + e.Value
	case pricing.Attribute:
		return e.Code
	case pricing.Value:
		return e.Code
	}
	return strconv.Itoa(i)
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		return f.Name
	}
	return name
}
