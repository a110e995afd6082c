package shelf

import (
	"context"
	"fmt"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/search"
)

const (
	// pause is how long a change of another node may wait; with reading and indexing it
	// stays below two seconds.
	pause = time.Second
	// window is how far each look goes back: a change written before another may commit
	// after it, and clocks of nodes differ.
	window = time.Minute
	// stale is from when on an index is filled anew, not caught up.
	stale = 24 * time.Hour
	batch = 100
)

type changeRow struct {
	ID        string    `db:"id"`
	At        time.Time `db:"at"`
	ProductID string    `db:"product_id"`
}

const sqlChanges = `select id, at, product_id from catalog_changes where at >= $1 order by at, id`

// Run follows the change sequence until ctx is over, and opens and fills the index before
// in the background. A database that is away is tried again; what changed meanwhile is
// found then.
func (s *Shelf) Run(ctx context.Context) {
	f := &follower{shelf: s, seen: map[string]time.Time{}, since: clock.Wall{}.Now().Add(-window)}
	opened := make(chan filled, 1)
	go func() { opened <- s.open(ctx) }()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	var x *search.Index
	for ctx.Err() == nil {
		if err := f.look(ctx, x); err != nil && ctx.Err() == nil {
			s.log.Warn("catalogue changes are late", "error", err)
		}
		s.passed.Add(1)
		select {
		case s.pass <- struct{}{}:
		default:
		}
		select {
		case <-ctx.Done():
		case made := <-opened:
			opened, x = nil, made.index
			f.since, f.seen = minTime(f.since, made.from.Add(-window)), map[string]time.Time{}
			if x != nil {
				s.index.Store(x)
			}
		case <-tick.C:
		case <-s.hint:
		}
	}
	s.index.Store(nil)
	if opened != nil {
		x = (<-opened).index
	}
	if x != nil {
		x.Close()
	}
}

// filled is an index that holds all that was committed before from.
type filled struct {
	index *search.Index
	from  time.Time
}

// open opens and fills the index; without one, the database is searched for good.
func (s *Shelf) open(ctx context.Context) filled {
	from := clock.Wall{}.Now()
	x, err := search.Open(s.folder)
	if err != nil {
		s.log.Error("the search index cannot be opened, one in memory takes its place", "error", err)
		x, err = search.Open("")
	}
	if err == nil {
		if err = s.fill(ctx, x); err == nil {
			return filled{x, from}
		}
		x.Close()
	}
	if ctx.Err() == nil {
		s.log.Error("the search index cannot be filled, the database is searched", "error", err)
	}
	return filled{nil, from}
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// follower remembers which changes it has seen within the window.
type follower struct {
	shelf *Shelf
	seen  map[string]time.Time
	since time.Time
}

// look reads what is new, makes this node forget it and brings it into the index.
func (f *follower) look(ctx context.Context, x *search.Index) error {
	now := clock.Wall{}.Now()
	changed, all := map[string]bool{}, false
	rows, err := db.List[changeRow](ctx, f.shelf.db, sqlChanges, f.since)
	if err != nil {
		return err
	}
	var fresh []changeRow
	for _, r := range rows {
		if _, known := f.seen[r.ID]; known {
			continue
		}
		fresh = append(fresh, r)
		changed[r.ProductID] = true
		all = all || r.ProductID == ""
	}
	for p := range changed {
		f.shelf.forget(p)
	}
	if x != nil && len(fresh) > 0 {
		if all {
			err = f.shelf.indexAll(ctx, x)
		} else {
			err = f.shelf.indexSome(ctx, x, keys(changed))
		}
		if err != nil {
			return err // the same changes are read again
		}
	}
	for _, r := range fresh {
		f.seen[r.ID] = r.At
	}
	f.since = now.Add(-window)
	for id, at := range f.seen {
		if at.Before(f.since.Add(-window)) {
			delete(f.seen, id)
		}
	}
	if x != nil && len(fresh) > 0 {
		return x.SetUntil(now)
	}
	return nil
}

func keys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

// fill brings an opened index up to the present: by its changes when it was in use not
// long ago, else with everything.
func (s *Shelf) fill(ctx context.Context, x *search.Index) error {
	now := clock.Wall{}.Now()
	until := x.Until()
	if until.IsZero() || now.Sub(until) > stale {
		if err := s.indexAll(ctx, x); err != nil {
			return err
		}
		return x.SetUntil(now)
	}
	rows, err := db.List[changeRow](ctx, s.db, sqlChanges, until.Add(-window))
	if err != nil {
		return err
	}
	changed := map[string]bool{}
	for _, r := range rows {
		changed[r.ProductID] = true
	}
	if changed[""] {
		err = s.indexAll(ctx, x)
	} else {
		err = s.indexSome(ctx, x, keys(changed))
	}
	if err != nil {
		return err
	}
	return x.SetUntil(now)
}

const sqlCardIDs = `select product_id from product_cards where product_id > $1 order by product_id limit 100`

// indexAll reads every card in batches; products that are not listed are removed.
func (s *Shelf) indexAll(ctx context.Context, x *search.Index) error {
	t, err := s.tree(ctx)
	if err != nil {
		return err
	}
	last := ""
	for {
		ids, err := db.List[string](ctx, s.db, sqlCardIDs, last)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return nil
		}
		if err := s.indexBatch(ctx, x, t, ids); err != nil {
			return err
		}
		last = ids[len(ids)-1]
	}
}

func (s *Shelf) indexSome(ctx context.Context, x *search.Index, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	t, err := s.tree(ctx)
	if err != nil {
		return err
	}
	for len(ids) > 0 {
		n := min(len(ids), batch)
		if err := s.indexBatch(ctx, x, t, ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

func (s *Shelf) indexBatch(ctx context.Context, x *search.Index, t tree, ids []string) error {
	rows, err := s.readCards(ctx, ids)
	if err != nil {
		return err
	}
	docs := make(map[string]*search.Doc, len(ids))
	for _, id := range ids {
		docs[id] = nil
	}
	for _, r := range rows {
		if r.shown() {
			docs[r.ProductID] = r.doc(t)
		}
	}
	if err := x.Apply(docs); err != nil {
		return fmt.Errorf("shelf: index: %w", err)
	}
	return nil
}

func (r *card) doc(t tree) *search.Doc {
	both := func(x i18n.Text) string { return x.ZH + "\n" + x.EN + "\n" }
	d := &search.Doc{Name: both(r.Card.Name), Seller: both(r.SellerName), Text: both(r.Card.Summary), SellerID: r.SellerID,
		Type: catalog.DeliverySaaS, Modes: r.modes(), Price: float64(r.Price), Released: float64(r.ReleasedAt.Unix()), Sales: float64(r.Sales)}
	for _, h := range r.Card.Highlights {
		d.Text += both(h)
	}
	d.Text += both(t.byID[r.CategoryID].Name)
	for _, c := range t.chain(r.CategoryID) {
		d.Categories = append(d.Categories, c.ID)
	}
	return d
}
