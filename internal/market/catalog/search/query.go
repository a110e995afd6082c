package search

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// Sort is an order of results.
type Sort string

// The orders (D1).
const (
	Relevance Sort = "relevance"
	Newest    Sort = "newest"
	PriceUp   Sort = "price_asc"
	PriceDown Sort = "price_desc"
	Sales     Sort = "sales"
)

// MaxOffset bounds how far a result can be paged: nobody reads the thousandth hit, and
// its cost grows with the offset.
const MaxOffset = 1000

// Query is a search. Empty filters do not narrow; prices are in 0.01, MaxPrice 0 is none.
type Query struct {
	Text               string
	Category           string // with all below it
	SellerID           string
	Type               string
	Mode               string // "month", "year", "once", or "PERIOD" for one of the first two
	MinPrice, MaxPrice int64
	Sort               Sort
	From, Size         int
	Facets             bool
}

// Hits are product ids in order. Facets count products per category and mode.
type Hits struct {
	IDs        []string
	Total      int
	Categories map[string]int
	Modes      map[string]int
}

// The weights of a term's field.
var fields = []struct {
	name  string
	boost float64
}{{"name", 5}, {"seller", 2}, {"text", 1}}

// Search finds the products that hold all terms; the last English word may be the
// beginning of one. When nothing does, English words may be misspelt by one letter and
// one term is enough.
func (x *Index) Search(ctx context.Context, q Query) (Hits, error) {
	terms := x.terms(q.Text)
	hits, err := x.run(ctx, q, strict(terms))
	if err == nil && hits.Total == 0 && len(terms) > 0 {
		hits, err = x.run(ctx, q, loose(terms))
	}
	return hits, err
}

func (x *Index) run(ctx context.Context, q Query, text query.Query) (Hits, error) {
	all := filters(q)
	if text != nil {
		all = append(all, text)
	}
	var whole query.Query = bleve.NewMatchAllQuery()
	if len(all) > 0 {
		whole = bleve.NewConjunctionQuery(all...)
	}
	r := bleve.NewSearchRequestOptions(whole, q.Size, min(q.From, MaxOffset), false)
	r.SortBy(order(q.Sort))
	if q.Facets {
		r.AddFacet("cat", bleve.NewFacetRequest("cat", 500))
		r.AddFacet("mode", bleve.NewFacetRequest("mode", 5))
	}
	res, err := x.index.SearchInContext(ctx, r)
	if err != nil {
		return Hits{}, err
	}
	h := Hits{IDs: make([]string, len(res.Hits)), Total: int(res.Total), Categories: map[string]int{}, Modes: map[string]int{}}
	for i, d := range res.Hits {
		h.IDs[i] = d.ID
	}
	if q.Facets {
		for _, t := range res.Facets["cat"].Terms.Terms() {
			h.Categories[t.Term] = t.Count
		}
		for _, t := range res.Facets["mode"].Terms.Terms() {
			h.Modes[t.Term] = t.Count
		}
	}
	return h, nil
}

func order(s Sort) []string {
	switch s {
	case Newest:
		return []string{"-released", "-_id"}
	case PriceUp:
		return []string{"price", "_id"}
	case PriceDown:
		return []string{"-price", "-_id"}
	case Sales:
		return []string{"-sales", "-released", "-_id"}
	}
	return []string{"-_score", "-released", "-_id"}
}

// filters narrow and do not score.
func filters(q Query) []query.Query {
	var out []query.Query
	term := func(field, value string) {
		if value != "" {
			out = append(out, exact(field, value))
		}
	}
	term("cat", q.Category)
	term("sid", q.SellerID)
	term("type", q.Type)
	if q.Mode == "PERIOD" {
		either := bleve.NewDisjunctionQuery(exact("mode", "month"), exact("mode", "year"))
		either.SetBoost(0)
		out = append(out, either)
	} else {
		term("mode", q.Mode)
	}
	if q.MinPrice > 0 || q.MaxPrice > 0 {
		var low, high *float64
		yes := true
		if q.MinPrice > 0 {
			v := float64(q.MinPrice)
			low = &v
		}
		if q.MaxPrice > 0 {
			v := float64(q.MaxPrice)
			high = &v
		}
		r := bleve.NewNumericRangeInclusiveQuery(low, high, &yes, &yes)
		r.SetField("price")
		r.SetBoost(0)
		out = append(out, r)
	}
	return out
}

func exact(field, value string) query.Query {
	t := bleve.NewTermQuery(value)
	t.SetField(field)
	t.SetBoost(0)
	return t
}

// term is a token of a search. A begun one may go on: the word that is being typed, or a
// single Chinese character, which pairs hide.
type term struct {
	text  string
	begun bool
	latin bool
}

const maxTerms = 12

func (x *Index) terms(text string) []term {
	tokens := x.analyzer.Analyze([]byte(text))
	out := make([]term, 0, len(tokens))
	for i, t := range tokens {
		if len(out) == maxTerms {
			break
		}
		s := string(t.Term)
		first, _ := utf8.DecodeRuneInString(s)
		latin := !unicode.Is(unicode.Han, first)
		n := utf8.RuneCountInString(s)
		begun := latin && i == len(tokens)-1 && n >= 2 && !strings.HasSuffix(text, " ") || !latin && n == 1
		out = append(out, term{s, begun, latin})
	}
	return out
}

func strict(terms []term) query.Query {
	if len(terms) == 0 {
		return nil
	}
	all := make([]query.Query, len(terms))
	for i, t := range terms {
		var any []query.Query
		for _, f := range fields {
			q := bleve.NewTermQuery(t.text)
			q.SetField(f.name)
			q.SetBoost(f.boost)
			any = append(any, q)
			if t.begun {
				p := bleve.NewPrefixQuery(t.text)
				p.SetField(f.name)
				p.SetBoost(f.boost / 2)
				any = append(any, p)
			}
		}
		all[i] = bleve.NewDisjunctionQuery(any...)
	}
	return bleve.NewConjunctionQuery(all...)
}

func loose(terms []term) query.Query {
	var any []query.Query
	for _, t := range terms {
		for _, f := range fields {
			if t.latin && len(t.text) >= 4 {
				q := bleve.NewFuzzyQuery(t.text)
				q.SetFuzziness(1)
				q.SetField(f.name)
				q.SetBoost(f.boost)
				any = append(any, q)
				continue
			}
			q := bleve.NewTermQuery(t.text)
			q.SetField(f.name)
			q.SetBoost(f.boost)
			any = append(any, q)
		}
	}
	return bleve.NewDisjunctionQuery(any...)
}

// Suggest finds up to n products whose name holds all terms, the last one perhaps only
// begun; the best sold ones first.
func (x *Index) Suggest(ctx context.Context, text string, n int) ([]string, error) {
	terms := x.terms(text)
	if len(terms) == 0 {
		return nil, nil
	}
	all := make([]query.Query, len(terms))
	for i, t := range terms {
		if i == len(terms)-1 {
			p := bleve.NewPrefixQuery(t.text)
			p.SetField("name")
			all[i] = p
			continue
		}
		q := bleve.NewTermQuery(t.text)
		q.SetField("name")
		all[i] = q
	}
	r := bleve.NewSearchRequestOptions(bleve.NewConjunctionQuery(all...), n, 0, false)
	r.SortBy([]string{"-sales", "-_score", "-released", "-_id"})
	res, err := x.index.SearchInContext(ctx, r)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(res.Hits))
	for i, d := range res.Hits {
		ids[i] = d.ID
	}
	return ids, nil
}
