// Package page cuts lists into pages by key, never by a large offset: a page is found
// by the last row of the one before, so the thousandth costs what the first does.
package page

import (
	"encoding/base64"
	"encoding/json"

	"jishi/internal/base/errs"
)

// DefaultLimit and MaxLimit bound a page; TotalCap is where counting stops.
const (
	DefaultLimit = 20
	MaxLimit     = 100
	TotalCap     = 10000
)

// Query is what a client asks for. The cursor is opaque: it comes from Page.Next.
type Query struct {
	Limit  int
	Cursor string
}

// Size is the limit within its bounds.
func (q Query) Size() int {
	switch {
	case q.Limit <= 0:
		return DefaultLimit
	case q.Limit > MaxLimit:
		return MaxLimit
	}
	return q.Limit
}

// Page is one page. Next is empty on the last one. Total counts all rows of the
// filter up to TotalCap; TotalCapped says that there are more.
type Page[T any] struct {
	Items       []T    `json:"items"`
	Next        string `json:"next"`
	Total       int    `json:"total"`
	TotalCapped bool   `json:"totalCapped"`
}

// Of cuts rows, read with a limit of Size()+1, to one page; key gives the values by
// which the query continues after its last row.
func Of[T any](q Query, rows []T, key func(T) []string) Page[T] {
	p := Page[T]{Items: rows}
	if p.Items == nil {
		p.Items = []T{}
	}
	if n := q.Size(); len(rows) > n {
		p.Items = rows[:n]
		p.Next = Encode(key(rows[n-1])...)
	}
	return p
}

// WithTotal adds the count, read with "limit TotalCap+1" in a subquery.
func (p Page[T]) WithTotal(n int) Page[T] {
	p.Total = n
	if n > TotalCap {
		p.Total, p.TotalCapped = TotalCap, true
	}
	return p
}

// Map keeps the frame of a page and changes its items.
func Map[A, B any](p Page[A], f func(A) B) Page[B] {
	out := Page[B]{Items: make([]B, len(p.Items)), Next: p.Next, Total: p.Total, TotalCapped: p.TotalCapped}
	for i, a := range p.Items {
		out.Items[i] = f(a)
	}
	return out
}

// Encode makes a cursor of key values.
func Encode(values ...string) string {
	b, _ := json.Marshal(values)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Decode reads a cursor of n values; an empty cursor gives n empty values. A foreign
// text is the error "page.bad_cursor" (Invalid).
func Decode(cursor string, n int) ([]string, error) {
	if cursor == "" {
		return make([]string, n), nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	var values []string
	if err == nil {
		err = json.Unmarshal(b, &values)
	}
	if err != nil || len(values) != n {
		return nil, errs.Invalidf("page.bad_cursor")
	}
	return values, nil
}
