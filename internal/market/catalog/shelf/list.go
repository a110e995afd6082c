package shelf

import (
	"context"
	"html"
	"math"
	"strconv"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/market/catalog/search"
)

// ListBody is a page of products. Popular says that nothing was found and the items are
// the popular products instead (then total is 0).
type ListBody struct {
	Items       []Item  `json:"items"`
	Next        string  `json:"next"`
	Total       int     `json:"total"`
	TotalCapped bool    `json:"totalCapped"`
	Popular     bool    `json:"popular"`
	Facets      *Facets `json:"facets,omitempty"`
}

// Facets count the products of the result per category (with all below it) and mode.
type Facets struct {
	Categories []FacetCount `json:"categories"`
	Modes      []FacetCount `json:"modes"`
}

// FacetCount is one of them; modes have no name, the client knows their texts.
type FacetCount struct {
	Value string `json:"value"`
	Name  string `json:"name,omitempty"`
	Count int    `json:"count"`
}

// List finds, filters and sorts products: at most four queries, or a search of the index
// and two. Faults are Invalid, per field.
func (s *Shelf) List(ctx context.Context, q Query, l i18n.Lang) (Body, error) {
	f, err := q.check()
	if err != nil {
		return Body{}, err
	}
	return s.render(ctx, f.key(string(l)), true, func(ctx context.Context) (any, error) {
		t, err := s.tree(ctx)
		if err != nil {
			return nil, err
		}
		currency, err := s.currency(ctx)
		if err != nil {
			return nil, err
		}
		r := reader{l, t, currency}
		if x := s.index.Load(); x != nil && f.Text != "" {
			return s.find(ctx, x, f, r)
		}
		return s.browse(ctx, f, r)
	})
}

// reader is what turns rows into items.
type reader struct {
	lang     i18n.Lang
	tree     tree
	currency string
}

func (r reader) item(c *card) Item { return c.item(r.lang, r.tree, r.currency) }

// find asks the index.
func (s *Shelf) find(ctx context.Context, x *search.Index, f filter, r reader) (ListBody, error) {
	from, err := offset(f.Page.Cursor)
	if err != nil {
		return ListBody{}, err
	}
	hits, err := x.Search(ctx, search.Query{Text: f.Text, Category: f.Category, SellerID: f.Seller, Type: f.Type, Mode: f.Mode,
		MinPrice: int64(f.min), MaxPrice: int64(f.max), Sort: f.sort, From: from, Size: f.Page.Size(), Facets: f.Facets})
	if err != nil {
		return ListBody{}, err
	}
	if hits.Total == 0 {
		return s.popular(ctx, r)
	}
	cards, err := s.cardsOf(ctx, hits.IDs)
	if err != nil {
		return ListBody{}, err
	}
	m := x.Marker(f.Text)
	out := ListBody{Items: make([]Item, len(cards)), Total: min(hits.Total, page.TotalCap), TotalCapped: hits.Total > page.TotalCap}
	for i, c := range cards {
		it := r.item(c)
		it.NameHTML, it.SummaryHTML = m.Mark(it.Name), m.Mark(it.Summary)
		out.Items[i] = it
	}
	if next := from + f.Page.Size(); next < hits.Total && next <= search.MaxOffset {
		out.Next = page.Encode(strconv.Itoa(next))
	}
	if f.Facets {
		out.Facets = r.facets(hits.Categories, hits.Modes)
	}
	return out, nil
}

// listWhere has $1 category, $2 seller, $3 type, $4 mode, $5 and $6 prices, $7 the text
// as a pattern: the search while the index is not ready.
const listWhere = ` where c.listed = true and s.state = 'active'
and ($1 = '' or c.category_id in (with recursive branch (id) as (select id from categories where id = $1
  union select k.id from categories k join branch b on k.parent_id = b.id) select id from branch))
and ($2 = '' or c.seller_id = $2) and ($3 = '' or $3 = 'saas')
and ($4 = '' or $4 = 'month' and c.has_month or $4 = 'year' and c.has_year or $4 = 'once' and c.has_once or $4 = 'PERIOD' and (c.has_month or c.has_year))
and (c.price >= $5 or $5 = 0) and (c.price <= $6 or $6 = 0) and ($7 = '' or lower(c.card) like $7 escape '!')`

const (
	sqlListNewest    = `select ` + cardColumns + cardFrom + listWhere + ` and (c.released_at, c.product_id) < ($8, $9) order by c.released_at desc, c.product_id desc limit $10`
	sqlListPriceUp   = `select ` + cardColumns + cardFrom + listWhere + ` and (c.price, c.product_id) > ($8, $9) order by c.price, c.product_id limit $10`
	sqlListPriceDown = `select ` + cardColumns + cardFrom + listWhere + ` and (c.price, c.product_id) < ($8, $9) order by c.price desc, c.product_id desc limit $10`
	sqlListSales     = `select ` + cardColumns + cardFrom + listWhere + ` and (c.sales, c.product_id) < ($8, $9) order by c.sales desc, c.product_id desc limit $10`
	sqlListCount     = `select count(*) from (select 1` + cardFrom + listWhere + ` limit $8) as n`
	sqlListFacets    = `select c.category_id, count(*) as n, sum(case when c.has_month then 1 else 0 end) as months,
sum(case when c.has_year then 1 else 0 end) as years, sum(case when c.has_once then 1 else 0 end) as onces` + cardFrom + listWhere + ` group by c.category_id`
)

// browse lists from the database by keyset.
func (s *Shelf) browse(ctx context.Context, f filter, r reader) (ListBody, error) {
	text, first, last := sqlListNewest, int64(math.MaxInt64), "~"
	value := func(c card) int64 { return c.ReleasedAt.UnixMicro() }
	switch f.sort {
	case search.PriceUp:
		text, first, last, value = sqlListPriceUp, -1, "", func(c card) int64 { return int64(c.Price) }
	case search.PriceDown:
		text, value = sqlListPriceDown, func(c card) int64 { return int64(c.Price) }
	case search.Sales:
		text, value = sqlListSales, func(c card) int64 { return c.Sales }
	}
	key, err := page.Decode(f.Page.Cursor, 2)
	if err != nil {
		return ListBody{}, err
	}
	if key[0] != "" {
		if first, err = strconv.ParseInt(key[0], 10, 64); err != nil {
			return ListBody{}, errs.Invalidf("page.bad_cursor")
		}
		last = key[1]
	}
	args := []any{f.Category, f.Seller, f.Type, f.Mode, int64(f.min), int64(f.max), pattern(f.Text)}
	rows, err := db.List[card](ctx, s.db, text, append(args[:7:7], first, last, f.Page.Size()+1)...)
	if err != nil {
		return ListBody{}, err
	}
	n, err := db.One[int](ctx, s.db, sqlListCount, append(args[:7:7], page.TotalCap+1)...)
	if err != nil {
		return ListBody{}, err
	}
	if n == 0 && f.Text != "" {
		return s.popular(ctx, r)
	}
	p := page.Of(f.Page, rows, func(c card) []string { return []string{strconv.FormatInt(value(c), 10), c.ProductID} }).WithTotal(n)
	out := ListBody{Items: make([]Item, len(p.Items)), Next: p.Next, Total: p.Total, TotalCapped: p.TotalCapped}
	for i := range p.Items {
		it := r.item(&p.Items[i])
		if f.Text != "" {
			it.NameHTML, it.SummaryHTML = html.EscapeString(it.Name), html.EscapeString(it.Summary)
		}
		out.Items[i] = it
	}
	if f.Facets {
		out.Facets, err = s.browseFacets(ctx, args, r)
	}
	return out, err
}

type facetRow struct {
	Category string `db:"category_id"`
	N        int    `db:"n"`
	Months   int    `db:"months"`
	Years    int    `db:"years"`
	Onces    int    `db:"onces"`
}

func (s *Shelf) browseFacets(ctx context.Context, args []any, r reader) (*Facets, error) {
	rows, err := db.List[facetRow](ctx, s.db, sqlListFacets, args...)
	if err != nil {
		return nil, err
	}
	categories, modes := map[string]int{}, map[string]int{}
	for _, g := range rows {
		for _, c := range r.tree.chain(g.Category) {
			categories[c.ID] += g.N
		}
		modes["month"] += g.Months
		modes["year"] += g.Years
		modes["once"] += g.Onces
	}
	return r.facets(categories, modes), nil
}

// facets puts counts into the tree's order.
func (r reader) facets(categories, modes map[string]int) *Facets {
	out := &Facets{Categories: []FacetCount{}, Modes: []FacetCount{}}
	var walk func(parent string)
	walk = func(parent string) {
		for _, c := range r.tree.children[parent] {
			if n := categories[c.ID]; n > 0 {
				out.Categories = append(out.Categories, FacetCount{c.ID, c.Name.In(r.lang), n})
			}
			walk(c.ID)
		}
	}
	walk("")
	for _, m := range []string{"month", "year", "once"} {
		if modes[m] > 0 {
			out.Modes = append(out.Modes, FacetCount{Value: m, Count: modes[m]})
		}
	}
	return out
}

// popular are the best sold products, in place of an empty result.
func (s *Shelf) popular(ctx context.Context, r reader) (ListBody, error) {
	rows, err := s.best(ctx, "", homeRow)
	out := ListBody{Items: make([]Item, len(rows)), Popular: true}
	for i := range rows {
		out.Items[i] = r.item(&rows[i])
	}
	return out, err
}

func (s *Shelf) best(ctx context.Context, pattern string, n int) ([]card, error) {
	return db.List[card](ctx, s.db, sqlListSales, "", "", "", "", int64(0), int64(0), pattern, int64(math.MaxInt64), "~", n)
}
