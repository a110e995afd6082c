package shelf

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/singleflight"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/settings"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/search"
)

// Shelf serves one database's storefront. Make it with New, then call Run once.
type Shelf struct {
	db       *db.DB
	settings *settings.Store
	log      *slog.Logger
	folder   string

	cache  *cache
	flight singleflight.Group
	cards  sync.Map // product id → *card, forgotten when the product changes
	kept   atomic.Pointer[tree]
	index  atomic.Pointer[search.Index]
	hint   chan struct{}
	passed atomic.Int64 // how often the change sequence was read, for tests that wait
	pass   chan struct{}
}

// New makes a Shelf. folder is where the search index lies; empty keeps it in memory.
func New(d *db.DB, s *settings.Store, folder string, log *slog.Logger) *Shelf {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Shelf{db: d, settings: s, folder: folder, log: log, cache: newCache(), hint: make(chan struct{}, 1), pass: make(chan struct{}, 1)}
}

// Changed is the hint that catalog.Store.Changed gives: this node's answers are fresh at
// once, and the index follows.
func (s *Shelf) Changed(productID string) {
	s.forget(productID)
	select {
	case s.hint <- struct{}{}:
	default:
	}
}

func (s *Shelf) forget(productID string) {
	if productID == "" {
		s.cards.Clear()
		s.cache.clear()
		return
	}
	s.cards.Delete(productID)
	s.cache.drop("detail/"+productID+"/zh", "detail/"+productID+"/en")
}

// Ready tells whether the search index answers; before that the database is searched.
func (s *Shelf) Ready() bool { return s.index.Load() != nil }

// render gives the answer under key, from the cache or made by fn; requests for the same
// one wait for each other.
func (s *Shelf) render(ctx context.Context, key string, list bool, fn func(ctx context.Context) (any, error)) (Body, error) {
	if b, ok := s.cache.get(key, list); ok {
		return b, nil
	}
	epoch := s.cache.epoch.Load()
	v, err, _ := s.flight.Do(key+"@"+strconv.FormatUint(epoch, 10), func() (any, error) {
		out, err := fn(context.WithoutCancel(ctx)) // the others do not fail with the first one's connection
		if err != nil {
			return Body{}, err
		}
		b, err := json.Marshal(out)
		if err != nil {
			return Body{}, err
		}
		h := fnv.New64a()
		h.Write(b)
		body := Body{JSON: append(b, '\n'), ETag: `"` + strconv.FormatUint(h.Sum64(), 36) + `"`}
		s.cache.keep(key, body, epoch)
		return body, nil
	})
	if err != nil {
		return Body{}, err
	}
	return v.(Body), nil
}

func (s *Shelf) currency(ctx context.Context) (string, error) {
	if s.settings == nil {
		return settings.Default().Currency, nil
	}
	site, err := s.settings.Site(ctx)
	return site.Currency, err
}

type tree struct {
	epoch    uint64
	byID     map[string]catalog.Category
	children map[string][]catalog.Category // in order; "" are the top ones
}

// tree reads the categories, once per epoch.
func (s *Shelf) tree(ctx context.Context) (tree, error) {
	epoch := s.cache.epoch.Load()
	if t := s.kept.Load(); t != nil && t.epoch == epoch {
		return *t, nil
	}
	all, err := (&catalog.Store{}).Categories(ctx, s.db)
	if err != nil {
		return tree{}, err
	}
	t := tree{epoch: epoch, byID: map[string]catalog.Category{}, children: map[string][]catalog.Category{}}
	for _, c := range all {
		t.byID[c.ID] = c
		t.children[c.ParentID] = append(t.children[c.ParentID], c)
	}
	s.kept.Store(&t)
	return t, nil
}

// chain is the category and all above it, the leaf first.
func (t tree) chain(id string) []catalog.Category {
	var out []catalog.Category
	for range 10 {
		c, ok := t.byID[id]
		if !ok {
			break
		}
		out = append(out, c)
		id = c.ParentID
	}
	return out
}

// Category is a node of the tree in the reader's language.
type Category struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Children []Category `json:"children"`
}

func (t tree) in(parent string, l i18n.Lang) []Category {
	out := []Category{}
	for _, c := range t.children[parent] {
		out = append(out, Category{c.ID, c.Name.In(l), t.in(c.ID, l)})
	}
	return out
}

// Categories is the whole tree: {"items":[…]}.
func (s *Shelf) Categories(ctx context.Context, l i18n.Lang) (Body, error) {
	return s.render(ctx, "categories/"+string(l), true, func(ctx context.Context) (any, error) {
		t, err := s.tree(ctx)
		return CategoriesBody{t.in("", l)}, err
	})
}

// CategoriesBody is the answer of Categories.
type CategoriesBody struct {
	Items []Category `json:"items"`
}
