package shelf

import (
	"strconv"
	"strings"

	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/market/catalog/search"
)

// Query asks for a list: the filters of D1 that products of today have. Prices are texts
// with at most two decimals.
type Query struct {
	Text     string
	Category string // with all below it
	Seller   string
	Type     string
	Mode     string // "month", "year", "once", or the wire's "PERIOD" and "ONE_TIME"
	MinPrice string
	MaxPrice string
	Sort     string // "" is relevance with a text, else newest
	Facets   bool
	Page     page.Query
}

const maxText = 100

// filter is a Query that was checked.
type filter struct {
	Query
	sort     search.Sort
	min, max money.Amount
}

func (q Query) check() (filter, error) {
	f := filter{Query: q, sort: search.Sort(q.Sort)}
	f.Text = strings.Join(strings.Fields(q.Text), " ")
	var k errs.Check
	k.Length("q", f.Text, 0, maxText)
	if f.sort == "" || f.sort == search.Relevance && f.Text == "" {
		f.sort = search.Newest
		if f.Text != "" {
			f.sort = search.Relevance
		}
	}
	k.OneOf("sort", string(f.sort), "relevance", "newest", "price_asc", "price_desc", "sales")
	if q.Mode == "ONE_TIME" {
		f.Mode = "once"
	}
	if f.Mode != "" {
		k.OneOf("mode", f.Mode, "month", "year", "once", "PERIOD")
	}
	price := func(path, text string) money.Amount {
		if text == "" {
			return 0
		}
		out, err := money.Parse(text)
		if err != nil || out < 0 {
			k.Add(path, "catalog.price_form")
		}
		return out
	}
	f.min, f.max = price("priceMin", q.MinPrice), price("priceMax", q.MaxPrice)
	if f.max > 0 && f.min > f.max {
		k.Add("priceMin", "catalog.bad_price_range")
	}
	return f, k.Err()
}

// key names the answer in the cache.
func (f filter) key(lang string) string {
	return strings.Join([]string{"list", lang, f.Text, f.Category, f.Seller, f.Type, f.Mode, f.min.String(), f.max.String(),
		string(f.sort), strconv.FormatBool(f.Facets), strconv.Itoa(f.Page.Size()), f.Page.Cursor}, "\x00")
}

// offset reads the cursor of a search; what lies beyond the bound is no place.
func offset(cursor string) (int, error) {
	key, err := page.Decode(cursor, 1)
	if err != nil || key[0] == "" {
		return 0, err
	}
	n, err := strconv.Atoi(key[0])
	if err != nil || n < 0 || n > search.MaxOffset {
		return 0, errs.Invalidf("page.bad_cursor")
	}
	return n, nil
}

// pattern is "contains" for like, with "!" as escape.
func pattern(text string) string {
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(text)) + "%"
}
