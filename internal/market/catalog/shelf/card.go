package shelf

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
)

// card is a row of product_cards with its seller.
type card struct {
	ProductID   string       `db:"product_id"`
	SellerID    string       `db:"seller_id"`
	CategoryID  string       `db:"category_id"`
	Listed      bool         `db:"listed"`
	HasMonth    bool         `db:"has_month"`
	HasYear     bool         `db:"has_year"`
	HasOnce     bool         `db:"has_once"`
	HasDay      bool         `db:"has_day"`
	Price       money.Amount `db:"price"`
	PriceUnit   string       `db:"price_unit"`
	Sales       int64        `db:"sales"`
	ReleasedAt  time.Time    `db:"released_at"`
	Card        catalog.Card `db:"card,json"`
	SellerName  i18n.Text    `db:"seller_name"`
	SellerState string       `db:"seller_state"`
}

const cardColumns = `c.product_id, c.seller_id, c.category_id, c.listed, c.has_month, c.has_year, c.has_once, c.has_day, c.price, c.price_unit, c.sales,
c.released_at, c.card, s.name as seller_name, s.state as seller_state`

const cardFrom = ` from product_cards c join sellers s on s.id = c.seller_id`

// sqlCardsByID takes 100 ids; missing ones are blank.
const sqlCardsByID = `select ` + cardColumns + cardFrom + ` where c.product_id in (
$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
$26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50,
$51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73, $74, $75,
$76, $77, $78, $79, $80, $81, $82, $83, $84, $85, $86, $87, $88, $89, $90, $91, $92, $93, $94, $95, $96, $97, $98, $99, $100)`

func (r *card) shown() bool { return r.Listed && r.SellerState == string(seller.Active) }

func (r *card) modes() []string {
	out := []string{}
	for _, m := range []struct {
		has  bool
		name string
	}{{r.HasMonth, "month"}, {r.HasYear, "year"}, {r.HasDay, "day"}, {r.HasOnce, "once"}} {
		if m.has {
			out = append(out, m.name)
		}
	}
	return out
}

func (s *Shelf) readCards(ctx context.Context, ids []string) ([]*card, error) {
	args := make([]any, batch)
	for i := range args {
		args[i] = ""
		if i < len(ids) {
			args[i] = ids[i]
		}
	}
	rows, err := db.List[card](ctx, s.db, sqlCardsByID, args...)
	if err != nil {
		return nil, err
	}
	out := make([]*card, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out, nil
}

// cardsOf gives the cards of a page in order, with one query for those not at hand. What
// is no longer shown falls out.
func (s *Shelf) cardsOf(ctx context.Context, ids []string) ([]*card, error) {
	found := make(map[string]*card, len(ids))
	var missing []string
	for _, id := range ids {
		if c, ok := s.cards.Load(id); ok {
			found[id] = c.(*card)
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		epoch := s.cache.epoch.Load()
		rows, err := s.readCards(ctx, missing)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[r.ProductID] = r
			if s.cache.epoch.Load() == epoch {
				s.cards.Store(r.ProductID, r)
			}
		}
	}
	out := make([]*card, 0, len(ids))
	for _, id := range ids {
		if c, ok := found[id]; ok && c.shown() {
			out = append(out, c)
		}
	}
	return out, nil
}

// Item is a product in a list. Texts are in the reader's language; NameHTML and
// SummaryHTML are set by a search and hold <mark> around what matched, all else escaped.
type Item struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	NameHTML     string   `json:"nameHtml,omitempty"`
	Summary      string   `json:"summary"`
	SummaryHTML  string   `json:"summaryHtml,omitempty"`
	Highlights   []string `json:"highlights"`
	LogoURL      string   `json:"logoUrl"`
	PictureURL   string   `json:"pictureUrl"`
	SellerID     string   `json:"sellerId"`
	SellerName   string   `json:"sellerName"`
	CategoryID   string   `json:"categoryId"`
	CategoryName string   `json:"categoryName"`
	DeliveryType string   `json:"deliveryType"`
	Modes        []string `json:"modes" doc:"month, year, day, once"`
	PriceFrom    string   `json:"priceFrom"`
	PriceUnit    string   `json:"priceUnit" doc:"month, year, day or once"`
	Currency     string   `json:"currency"`
	Sales        int64    `json:"sales"`
	ReleasedAt   string   `json:"releasedAt"`
}

func (r *card) item(l i18n.Lang, t tree, currency string) Item {
	it := Item{ID: r.ProductID, Name: r.Card.Name.In(l), Summary: r.Card.Summary.In(l), Highlights: []string{},
		LogoURL: media.URL(r.Card.LogoKey), PictureURL: media.URL(r.Card.Picture), SellerID: r.SellerID, SellerName: r.SellerName.In(l),
		CategoryID: r.CategoryID, CategoryName: t.byID[r.CategoryID].Name.In(l), DeliveryType: catalog.DeliverySaaS, Modes: r.modes(),
		PriceFrom: r.Price.String(), PriceUnit: r.PriceUnit, Currency: currency, Sales: r.Sales, ReleasedAt: r.ReleasedAt.Format(time.RFC3339)}
	for _, h := range r.Card.Highlights {
		it.Highlights = append(it.Highlights, h.In(l))
	}
	it.Highlights = slices.DeleteFunc(it.Highlights, func(s string) bool { return s == "" })
	return it
}
