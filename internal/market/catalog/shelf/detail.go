package shelf

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/media"
	"jishi/internal/market/pricing"
	"jishi/internal/market/seller"
)

// Detail is a product page in the reader's language (D2). HTML is sanitised. Only shown
// specifications are in it. Without Buyable, Reason says why.
type Detail struct {
	ID              string           `json:"id"`
	State           string           `json:"state" doc:"on_sale, hidden or suspended"`
	Buyable         bool             `json:"buyable"`
	Reason          *Reason          `json:"reason,omitempty"`
	Name            string           `json:"name"`
	Summary         string           `json:"summary"`
	Highlights      []string         `json:"highlights"`
	DescriptionHTML string           `json:"descriptionHtml"`
	LogoURL         string           `json:"logoUrl"`
	Pictures        []string         `json:"pictures"`
	Category        []CategoryLink   `json:"category" doc:"from the top to the leaf"`
	DeliveryType    string           `json:"deliveryType"`
	UserGuideURL    string           `json:"userGuideUrl"`
	AfterSales      AfterSales       `json:"afterSales"`
	Agreement       ProductAgreement `json:"agreement"`
	RefundPolicy    string           `json:"refundPolicy"`
	Seller          SellerCard       `json:"seller"`
	Specs           []Spec           `json:"specs"`
	PurchaseLimit   *catalog.Limit   `json:"purchaseLimit,omitempty"`
	PriceFrom       string           `json:"priceFrom"`
	PriceUnit       string           `json:"priceUnit"`
	Currency        string           `json:"currency"`
	Sales           int64            `json:"sales"`
	ReleasedAt      string           `json:"releasedAt"`
}

// Reason says why nothing can be bought.
type Reason struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// CategoryLink is a step of the way to the product's category.
type CategoryLink struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// AfterSales is the support as the buyer reads it.
type AfterSales struct {
	ServiceTime string `json:"serviceTime"`
	Content     string `json:"content"`
	Mail        string `json:"mail"`
	Hotline     string `json:"hotline"`
}

// ProductAgreement is what a buyer ticks besides the site's terms. Kind "template" is the
// site's own text, of which Version is "site".
type ProductAgreement struct {
	Kind    string `json:"kind"`
	HTML    string `json:"html"`
	FileURL string `json:"fileUrl"`
	Version string `json:"version"`
}

// SellerCard is the seller with the contact for questions before a purchase.
type SellerCard struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	LogoURL string `json:"logoUrl"`
	Phone   string `json:"phone"`
	Mail    string `json:"mail"`
}

// Spec is a specification that can be picked.
type Spec struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Plans      []Plan         `json:"plans"`
	Attributes []Attribute    `json:"attributes,omitempty" doc:"What is picked; a plan belongs to one value of each"`
	Quantity   *Quantity      `json:"quantity,omitempty"`
	Trial      *Trial         `json:"trial,omitempty"`
	Limit      *catalog.Limit `json:"limit,omitempty"`
}

// Attribute is an enumerated attribute to pick a value of.
type Attribute struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	Values []Value `json:"values"`
}

// Value is one of an attribute's values.
type Value struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Quantity is the quantity attribute: min, min + step, … up to max.
type Quantity struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Unit string `json:"unit"`
	Min  int64  `json:"min"`
	Max  int64  `json:"max"`
	Step int64  `json:"step"`
}

// Trial is the free trial of a specification; PlanID is what an order names. It is of one
// combination.
type Trial struct {
	PlanID string `json:"planId"`
	Days   int    `json:"days"`
	Choice string `json:"choice,omitempty"`
}

// Plan is a price: per period, or per purchase for ONE_TIME, with the least quantity. ID
// is what an order names.
type Plan struct {
	ID         string `json:"id"`
	Mode       string `json:"mode" doc:"PERIOD or ONE_TIME"`
	PeriodType string `json:"periodType" doc:"year, month, day or empty"`
	Price      string `json:"price"`
	MinPeriods int    `json:"minPeriods"`
	MaxPeriods int    `json:"maxPeriods"`
	Choice     string `json:"choice,omitempty" doc:"The combination, like edition=pro,storage=200"`
}

type detailRow struct {
	catalog.Product
	Content     catalog.Content `db:"content,json"`
	SellerName  i18n.Text       `db:"seller_name"`
	SellerState string          `db:"seller_state"`
	SellerLogo  string          `db:"seller_logo"`
	Form        seller.Form     `db:"form"`
	Sales       int64           `db:"sales"`
}

const sqlDetail = `select p.id, p.seller_id, p.delivery_type, p.state, p.resume_state, p.suspended_until, p.state_reason, p.live_version_id,
p.name, p.search, p.logo_key, p.category_id, p.address_id, p.path, p.generation, p.agreement_version, p.refund_policy, p.released_at, p.version,
p.created_at, p.updated_at, v.content, s.name as seller_name, s.state as seller_state, s.logo_key as seller_logo, s.form, coalesce(c.sales, 0) as sales
from products p join product_versions v on v.id = p.live_version_id join sellers s on s.id = p.seller_id
left join product_cards c on c.product_id = p.id
where p.id = $1 and p.state in ('on_sale', 'hidden', 'suspended')`

// Product is the page of a released product: of one on sale or suspended for everybody,
// of a hidden one for whoever knows its address; any other is "catalog.product_not_found".
// Four queries when it is not at hand.
func (s *Shelf) Product(ctx context.Context, productID string, l i18n.Lang) (Body, error) {
	return s.render(ctx, "detail/"+productID+"/"+string(l), false, func(ctx context.Context) (any, error) {
		row, ok, err := db.Maybe[detailRow](ctx, s.db, sqlDetail, productID)
		if err == nil && !ok {
			err = errs.NotFoundf("catalog.product_not_found")
		}
		if err != nil {
			return nil, err
		}
		specs, err := (&catalog.Store{}).Specs(ctx, s.db, productID)
		if err != nil {
			return nil, err
		}
		t, err := s.tree(ctx)
		if err != nil {
			return nil, err
		}
		d, err := s.detail(ctx, row, t, l)
		if err != nil {
			return nil, err
		}
		d.setSpecs(specs, l)
		d.setReason(row, l)
		return d, nil
	})
}

func (s *Shelf) detail(ctx context.Context, row detailRow, t tree, l i18n.Lang) (Detail, error) {
	currency, err := s.currency(ctx)
	if err != nil {
		return Detail{}, err
	}
	c := row.Content
	d := Detail{
		ID: row.ID, State: string(row.State), Name: c.Name.In(l), Summary: c.Summary.In(l), Highlights: []string{},
		DescriptionHTML: c.DescriptionHTML.In(l), LogoURL: media.URL(c.LogoKey), Pictures: []string{}, Category: []CategoryLink{},
		DeliveryType: row.DeliveryType, UserGuideURL: media.URL(c.UserGuideKey), RefundPolicy: c.RefundPolicy, Currency: currency,
		PurchaseLimit: c.PurchaseLimit,
		AfterSales:    AfterSales{c.AfterSales.ServiceTime.In(l), c.AfterSales.Content.In(l), c.AfterSales.Mail, c.AfterSales.Hotline},
		Agreement:     ProductAgreement{Kind: c.Agreement.Kind, HTML: c.Agreement.HTML.In(l), Version: row.AgreementVersion},
		Seller:        SellerCard{row.SellerID, row.SellerName.In(l), media.URL(row.SellerLogo), row.Form.PreSales.Phone, row.Form.PreSales.Email},
		Specs:         []Spec{}, Sales: row.Sales,
	}
	if d.Seller.Phone == "" && d.Seller.Mail == "" { // B3: without one, the registration contact
		d.Seller.Phone, d.Seller.Mail = row.Form.Contact.Phone, row.Form.Contact.Email
	}
	if c.Agreement.Kind == "file" {
		d.Agreement.FileURL = media.URL(c.Agreement.FileKey)
	}
	if row.Released() {
		d.ReleasedAt = row.ReleasedAt.Format(time.RFC3339)
	}
	for _, h := range c.Highlights {
		if text := h.In(l); text != "" {
			d.Highlights = append(d.Highlights, text)
		}
	}
	for _, p := range c.Pictures {
		d.Pictures = append(d.Pictures, media.URL(p))
	}
	chain := t.chain(c.CategoryID)
	for i := len(chain) - 1; i >= 0; i-- {
		d.Category = append(d.Category, CategoryLink{chain[i].ID, chain[i].Name.In(l)})
	}
	return d, nil
}

func (d *Detail) setSpecs(specs []catalog.Spec, l i18n.Lang) {
	var lowest money.Amount
	for _, sp := range specs {
		if sp.State != catalog.SpecShown {
			continue
		}
		out := Spec{ID: sp.ID, Name: sp.Name.In(l), Plans: []Plan{}, Limit: sp.Limit}
		out.setTemplate(sp.Template, l)
		for _, p := range sp.Plans {
			if !p.Sold {
				continue
			}
			if p.Trial {
				out.Trial = &Trial{p.ID, p.Min, p.Choice}
				continue
			}
			price := money.Cut(p.Least(sp.Template))
			out.Plans = append(out.Plans, Plan{p.ID, string(p.Mode), p.PeriodType, price.String(), p.Min, p.Max, p.Choice})
			if d.PriceUnit == "" || price < lowest {
				lowest, d.PriceFrom, d.PriceUnit = price, price.String(), unit(p.Mode, p.PeriodType)
			}
		}
		d.Specs = append(d.Specs, out)
	}
}

func (s *Spec) setTemplate(t pricing.Template, l i18n.Lang) {
	for _, a := range t.Attributes {
		out := Attribute{Code: a.Code, Name: a.Name.In(l)}
		for _, v := range a.Values {
			out.Values = append(out.Values, Value{v.Code, v.Name.In(l)})
		}
		s.Attributes = append(s.Attributes, out)
	}
	if q := t.Quantity; q != nil {
		s.Quantity = &Quantity{q.Code, q.Name.In(l), q.Unit.In(l), q.Min, q.Max, q.Step}
	}
}

func unit(m catalog.ChargingMode, period string) string {
	if m == catalog.OneTime {
		return "once"
	}
	return period
}

func (d *Detail) setReason(row detailRow, l i18n.Lang) {
	code := ""
	switch {
	case row.State == catalog.Suspended:
		code = "catalog.suspended"
	case row.SellerState != string(seller.Active):
		code = "catalog.seller_inactive"
	case len(d.Specs) == 0:
		code = "catalog.spec_not_on_sale"
	}
	if d.Buyable = code == ""; !d.Buyable {
		d.Reason = &Reason{code, i18n.Message(l, code, nil)}
	}
}

const sqlPreview = `select s.name as seller_name, s.state as seller_state, s.logo_key as seller_logo, s.form from sellers s where s.id = $1`

// Preview is the future product page of a version that was not released yet.
func (s *Shelf) Preview(ctx context.Context, p catalog.Product, v catalog.Version, l i18n.Lang) (Detail, error) {
	row, err := db.One[detailRow](ctx, s.db, sqlPreview, p.SellerID)
	if err != nil {
		return Detail{}, err
	}
	row.Product, row.Content = p, v.Content
	t, err := s.tree(ctx)
	if err != nil {
		return Detail{}, err
	}
	d, err := s.detail(ctx, row, t, l)
	if err != nil {
		return d, err
	}
	specs := make([]catalog.Spec, len(v.Content.Specs))
	for i, sp := range v.Content.Specs {
		specs[i] = sp.Future()
	}
	d.setSpecs(specs, l)
	d.setReason(row, l)
	return d, nil
}
