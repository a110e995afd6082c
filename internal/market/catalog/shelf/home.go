package shelf

import (
	"context"
	"html"
	"strings"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
)

// HomeBody is the home page: the newest products, the best sold ones, and a block for
// each top category that has any.
type HomeBody struct {
	Newest     []Item      `json:"newest"`
	Popular    []Item      `json:"popular"`
	Categories []HomeBlock `json:"categories"`
}

// HomeBlock is a top category with some of its products.
type HomeBlock struct {
	Category Category `json:"category"`
	Items    []Item   `json:"items"`
}

// homeRow and homeBlock are how many items a row and a category's block show.
const (
	homeRow   = 8
	homeBlock = 4
)

const sqlHomeCards = `select ` + cardColumns + cardFrom + ` where c.listed = true and s.state = 'active' order by c.released_at desc, c.product_id desc limit 500`

// Home is the start page, with two queries besides the tree: its blocks are cut from the
// 500 newest products.
func (s *Shelf) Home(ctx context.Context, l i18n.Lang) (Body, error) {
	return s.render(ctx, "home/"+string(l), true, func(ctx context.Context) (any, error) {
		t, err := s.tree(ctx)
		if err != nil {
			return nil, err
		}
		currency, err := s.currency(ctx)
		if err != nil {
			return nil, err
		}
		r := reader{l, t, currency}
		rows, err := db.List[card](ctx, s.db, sqlHomeCards)
		if err != nil {
			return nil, err
		}
		best, err := s.popular(ctx, r)
		if err != nil {
			return nil, err
		}
		out := HomeBody{Newest: []Item{}, Popular: best.Items, Categories: []HomeBlock{}}
		blocks := map[string][]Item{}
		for i := range rows {
			top := ""
			if chain := t.chain(rows[i].CategoryID); len(chain) > 0 {
				top = chain[len(chain)-1].ID
			}
			if i >= homeRow && len(blocks[top]) >= homeBlock {
				continue
			}
			it := r.item(&rows[i])
			if i < homeRow {
				out.Newest = append(out.Newest, it)
			}
			if len(blocks[top]) < homeBlock {
				blocks[top] = append(blocks[top], it)
			}
		}
		for _, c := range t.children[""] {
			if len(blocks[c.ID]) > 0 {
				out.Categories = append(out.Categories, HomeBlock{Category{c.ID, c.Name.In(l), t.in(c.ID, l)}, blocks[c.ID]})
			}
		}
		return out, nil
	})
}

// SuggestBody is up to ten products whose names go on as the reader typed.
type SuggestBody struct {
	Items []Suggestion `json:"items"`
}

// Suggestion is a product's name with what was typed marked, all else escaped.
type Suggestion struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	NameHTML string `json:"nameHtml"`
}

const (
	suggestions    = 10
	maxSuggestText = 40
)

// Suggest completes a search (D1: prefix, top 10).
func (s *Shelf) Suggest(ctx context.Context, text string, l i18n.Lang) (Body, error) {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > maxSuggestText {
		text = string(r[:maxSuggestText])
	}
	return s.render(ctx, "suggest/"+string(l)+"/"+text, true, func(ctx context.Context) (any, error) {
		out := SuggestBody{Items: []Suggestion{}}
		if text == "" {
			return out, nil
		}
		cards, mark, err := s.begunNames(ctx, text)
		if err != nil {
			return nil, err
		}
		for _, c := range cards {
			name := c.Card.Name.In(l)
			out.Items = append(out.Items, Suggestion{c.ProductID, name, mark(name)})
		}
		return out, nil
	})
}

func (s *Shelf) begunNames(ctx context.Context, text string) ([]*card, func(string) string, error) {
	if x := s.index.Load(); x != nil {
		ids, err := x.Suggest(ctx, text, suggestions)
		if err != nil {
			return nil, nil, err
		}
		cards, err := s.cardsOf(ctx, ids)
		return cards, x.Marker(text).Mark, err
	}
	rows, err := s.best(ctx, pattern(text), suggestions)
	cards := make([]*card, len(rows))
	for i := range rows {
		cards[i] = &rows[i]
	}
	return cards, html.EscapeString, err
}
