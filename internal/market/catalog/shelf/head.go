package shelf

import (
	"context"
	"encoding/json"
	"strings"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/media"
)

// Head is what the served HTML of a storefront page says before any script has run. All
// texts are plain. Missing says that the object does not exist or is not public.
type Head struct {
	Title       string
	Description string
	Image       string // "/files/…" or ""
	Facts       []HeadFact
	Missing     bool
}

// HeadFact is one line; with a Link its value leads to another page.
type HeadFact struct{ Name, Value, Link string }

// Head gives the facts of /products/{id}, /shops/{seller} and /categories/{id}; ok is
// false for every other path.
func (s *Shelf) Head(ctx context.Context, path string, l i18n.Lang) (h Head, ok bool, err error) {
	kind, id, _ := strings.Cut(strings.Trim(path, "/"), "/")
	switch kind {
	case "products":
		h, err = s.productHead(ctx, id, l)
	case "shops":
		h, err = s.shopHead(ctx, id, l)
	case "categories":
		h, err = s.categoryHead(ctx, id, l)
	default:
		return h, false, nil
	}
	if errs.KindOf(err) == errs.NotFound {
		return Head{Missing: true}, true, nil
	}
	h.Description = clip(h.Description, maxDescription)
	return h, err == nil, err
}

// maxDescription is what search engines show of one.
const maxDescription = 160

func (s *Shelf) productHead(ctx context.Context, id string, l i18n.Lang) (Head, error) {
	b, err := s.Product(ctx, id, l)
	if err != nil {
		return Head{}, err
	}
	var d Detail
	if err := json.Unmarshal(b.JSON, &d); err != nil {
		return Head{}, err
	}
	h := Head{Title: d.Name, Description: d.Summary, Image: d.LogoURL}
	if len(d.Pictures) > 0 {
		h.Image = d.Pictures[0]
	}
	label := func(code string) string { return i18n.Message(l, "catalog.head."+code, nil) }
	h.Facts = append(h.Facts, HeadFact{label("summary"), d.Summary, ""}, HeadFact{label("seller"), d.Seller.Name, "/shops/" + d.Seller.ID})
	if d.PriceFrom != "" {
		price := i18n.Message(l, "catalog.head.from", map[string]any{"price": d.Currency + " " + d.PriceFrom})
		h.Facts = append(h.Facts, HeadFact{label("price"), price, ""})
	}
	if n := len(d.Category); n > 0 {
		h.Facts = append(h.Facts, HeadFact{label("category"), d.Category[n-1].Name, "/categories/" + d.Category[n-1].ID})
	}
	for _, x := range d.Highlights {
		h.Facts = append(h.Facts, HeadFact{label("highlight"), x, ""})
	}
	return h, nil
}

type shopRow struct {
	Name i18n.Text `db:"name"`
	Logo string    `db:"logo_key"`
}

const sqlShopHead = `select name, logo_key from sellers where id = $1 and state = 'active'`

func (s *Shelf) shopHead(ctx context.Context, id string, l i18n.Lang) (Head, error) {
	r, ok, err := db.Maybe[shopRow](ctx, s.db, sqlShopHead, id)
	if err == nil && !ok {
		err = errs.NotFoundf("seller.not_found")
	}
	if err != nil {
		return Head{}, err
	}
	return s.listHead(ctx, Head{Title: r.Name.In(l), Image: media.URL(r.Logo)}, Query{Seller: id}, l)
}

func (s *Shelf) categoryHead(ctx context.Context, id string, l i18n.Lang) (Head, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return Head{}, err
	}
	c, ok := t.byID[id]
	if !ok {
		return Head{}, errs.NotFoundf("catalog.category_not_found")
	}
	return s.listHead(ctx, Head{Title: c.Name.In(l)}, Query{Category: id}, l)
}

func (s *Shelf) listHead(ctx context.Context, h Head, q Query, l i18n.Lang) (Head, error) {
	b, err := s.List(ctx, q, l)
	if err != nil {
		return h, err
	}
	var out ListBody
	if err := json.Unmarshal(b.JSON, &out); err != nil {
		return h, err
	}
	names := make([]string, len(out.Items))
	for i, it := range out.Items {
		names[i] = it.Name
		h.Facts = append(h.Facts, HeadFact{"", it.Name, "/products/" + it.ID})
	}
	h.Description = strings.Join(names, " · ")
	return h, nil
}

func clip(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}
