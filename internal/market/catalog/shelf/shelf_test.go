package shelf_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/catalogtest"
	"jishi/internal/market/catalog/shelf"
)

// market is a catalogue with three products, and a shelf that the catalogue tells its changes.
func market(t *testing.T, d *db.DB) (*catalogtest.Market, *shelf.Shelf, map[string]string) {
	m := catalogtest.New(t, d)
	s := shelf.New(d, nil, t.TempDir(), nil)
	m.Store.Changed = s.Changed
	ids := map[string]string{}
	for _, n := range [][2]string{{"云端办公助手", "Cloud office helper"}, {"财务报销管理", "Expense control"}, {"智能客服机器人", "Service robot <beta>"}} {
		c := m.Content(n[0], n[1])
		c.CategoryID = m.Leaves[len(ids)]
		c.Specs[0].Plans[0].Price = fmt.Sprintf("%d.50", 10*(len(ids)+1))
		ids[n[0]] = m.Release(t, c)
	}
	return m, s, ids
}

func run(t *testing.T, s *shelf.Shelf) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	if !s.WaitReady(t.Context()) {
		t.Fatal("the index did not become ready")
	}
}

func names(t *testing.T, b shelf.Body, err error) (shelf.ListBody, string) {
	t.Helper()
	var out shelf.ListBody
	if err == nil {
		err = json.Unmarshal(b.JSON, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, it := range out.Items {
		all = append(all, it.Name)
	}
	return out, strings.Join(all, ",")
}

// TestLists runs the same questions with and without the index.
func TestLists(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m, s, _ := market(t, d)
		tree, _ := m.Store.Categories(t.Context(), d)
		top := ""
		for _, c := range tree {
			if c.ID == m.Leaves[1] {
				top = c.ParentID
			}
		}
		ask := func() {
			t.Helper()
			for _, c := range []struct {
				q    shelf.Query
				want string
			}{
				{shelf.Query{}, "智能客服机器人,财务报销管理,云端办公助手"},
				{shelf.Query{Sort: "price_asc"}, "云端办公助手,财务报销管理,智能客服机器人"},
				{shelf.Query{Sort: "price_desc"}, "智能客服机器人,财务报销管理,云端办公助手"},
				{shelf.Query{MinPrice: "15", MaxPrice: "25.50"}, "财务报销管理"},
				{shelf.Query{Category: m.Leaves[2]}, "智能客服机器人"},
				{shelf.Query{Category: top, Sort: "price_asc"}, "云端办公助手,财务报销管理,智能客服机器人"},
				{shelf.Query{Mode: "once", Text: "报销"}, "财务报销管理"},
				{shelf.Query{Mode: "PERIOD", Text: "报销"}, "财务报销管理"},
				{shelf.Query{MinPrice: "99999999.00"}, ""},
				{shelf.Query{Seller: "sel_x"}, ""},
				{shelf.Query{Text: "office"}, "云端办公助手"},
				{shelf.Query{Text: "客服"}, "智能客服机器人"},
			} {
				b, err := s.List(t.Context(), c.q, i18n.ZH)
				if _, got := names(t, b, err); got != c.want {
					t.Errorf("index %v %+v: %q, want %q", s.Ready(), c.q, got, c.want)
				}
			}
			b, err := s.List(t.Context(), shelf.Query{Text: "没有这种东西"}, i18n.ZH)
			if out, _ := names(t, b, err); !out.Popular || len(out.Items) != 3 || out.Total != 0 {
				t.Errorf("empty result: %+v", out)
			}
			b, err = s.List(t.Context(), shelf.Query{Facets: true, Text: "spruce"}, i18n.EN)
			if out, _ := names(t, b, err); s.Ready() && (out.Facets == nil || len(out.Facets.Categories) != 4 || out.Facets.Modes[0].Count != 3) {
				t.Errorf("facets: %+v", out.Facets)
			}
		}
		ask()
		run(t, s)
		ask()

		// Pages: two at a time, in the database and in the index.
		for _, q := range []shelf.Query{{}, {Text: "spruce"}} {
			q.Page = page.Query{Limit: 2}
			first, _ := names(t, must(s.List(t.Context(), q, i18n.ZH)), nil)
			q.Page.Cursor = first.Next
			second, _ := names(t, must(s.List(t.Context(), q, i18n.ZH)), nil)
			if len(first.Items) != 2 || len(second.Items) != 1 || second.Next != "" || first.Total != 3 || first.Items[0].ID == second.Items[0].ID {
				t.Errorf("pages of %q: %d + %d", q.Text, len(first.Items), len(second.Items))
			}
		}
		for _, q := range []shelf.Query{{Sort: "magic"}, {MinPrice: "1.234"}, {MinPrice: "9", MaxPrice: "1"}, {Mode: "hour"}, {Text: strings.Repeat("字", 101)}} {
			if _, err := s.List(t.Context(), q, i18n.ZH); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%+v: %v", q, err)
			}
		}
	})
}

func must(b shelf.Body, err error) shelf.Body {
	if err != nil {
		panic(err)
	}
	return b
}

func TestSearchInBothLanguages(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		_, s, _ := market(t, d)
		run(t, s)
		for _, c := range []struct {
			text, name, marked string
			lang               i18n.Lang
		}{
			{"办公", "云端办公助手", "云端<mark>办公</mark>助手", i18n.ZH},
			{"办公助手", "云端办公助手", "云端<mark>办公助手</mark>", i18n.ZH},
			{"云端 助手", "云端办公助手", "<mark>云端</mark>办公<mark>助手</mark>", i18n.ZH},
			{"OFFICE", "Cloud office helper", "Cloud <mark>office</mark> helper", i18n.EN},
			{"offi", "Cloud office helper", "Cloud <mark>offi</mark>ce helper", i18n.EN},
			{"expence control", "Expense control", "Expense <mark>control</mark>", i18n.EN}, // one letter off
			{"robot", "Service robot <beta>", "Service <mark>robot</mark> &lt;beta&gt;", i18n.EN},
		} {
			out, _ := names(t, must(s.List(t.Context(), shelf.Query{Text: c.text}, c.lang)), nil)
			if len(out.Items) == 0 || out.Popular || out.Items[0].Name != c.name || out.Items[0].NameHTML != c.marked {
				t.Errorf("%s: %+v", c.text, out.Items)
			}
		}
		// The shop's name is searched too, the name of a product weighs more.
		if out, _ := names(t, must(s.List(t.Context(), shelf.Query{Text: "云杉"}, i18n.ZH)), nil); len(out.Items) != 3 {
			t.Errorf("seller: %+v", out)
		}
		var sg shelf.SuggestBody
		if err := json.Unmarshal(must(s.Suggest(t.Context(), "cloud of", i18n.EN)).JSON, &sg); err != nil || len(sg.Items) != 1 ||
			sg.Items[0].NameHTML != "<mark>Cloud of</mark>fice helper" && sg.Items[0].NameHTML != "<mark>Cloud</mark> <mark>of</mark>fice helper" {
			t.Errorf("suggestions %+v %v", sg, err)
		}
	})
}

func TestProductPage(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m, s, ids := market(t, d)
		productID := ids["云端办公助手"]
		detail := func(l i18n.Lang) (out shelf.Detail) {
			t.Helper()
			b, err := s.Product(t.Context(), productID, l)
			if err == nil {
				err = json.Unmarshal(b.JSON, &out)
			}
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		zh, en := detail(i18n.ZH), detail(i18n.EN)
		if !zh.Buyable || zh.Name != "云端办公助手" || en.Name != "Cloud office helper" || en.AfterSales.ServiceTime == "" || zh.PriceFrom != "10.50" ||
			zh.PriceUnit != "month" || len(zh.Specs) != 2 || len(zh.Category) != 2 || !strings.Contains(en.DescriptionHTML, "<h2>About</h2>") {
			t.Errorf("zh %+v\nen %+v", zh, en)
		}
		// This node shows its own changes at once.
		m.Change(t, productID, func(c *catalog.Content) { c.Name.ZH = "新名字"; c.PublicSale = false })
		if got := detail(i18n.ZH); got.Name != "新名字" || got.State != "hidden" || !got.Buyable {
			t.Errorf("after the change: %+v", got)
		}
		if _, list := names(t, must(s.List(t.Context(), shelf.Query{}, i18n.ZH)), nil); strings.Contains(list, "新名字") {
			t.Error("a product that is not for public sale stands in the list")
		}
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.Suspend(ctx, tx, productID, "核查", time.Time{})
			return err
		})
		if got := detail(i18n.EN); got.Buyable || got.Reason.Code != "catalog.suspended" || got.Reason.Message == got.Reason.Code {
			t.Errorf("suspended: %+v", got.Reason)
		}
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.Delist(ctx, tx, productID, "违规")
			return err
		})
		draft, _ := m.Draft(t, m.Content("未发布", "Unreleased"))
		for _, p := range []string{productID, draft, "prd_x", ""} {
			if _, err := s.Product(t.Context(), p, i18n.ZH); !errs.Is(err, "catalog.product_not_found") {
				t.Errorf("%s: %v", p, err)
			}
		}
	})
}

// TestOtherNodesFollow has a second node whose catalogue gives no hints: it finds changes
// by the sequence, also one whose id and time lie before what it has read already.
func TestOtherNodesFollow(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m, here, ids := market(t, d)
		there := shelf.New(d, nil, "", nil)
		run(t, there)
		find := func(text string) string {
			_, got := names(t, must(there.List(t.Context(), shelf.Query{Text: text}, i18n.ZH)), nil)
			return got
		}
		if got := find("办公"); got != "云端办公助手" {
			t.Fatalf("before: %q", got)
		}
		productID := ids["云端办公助手"]
		start := clock.Wall{}.Now()
		m.Change(t, productID, func(c *catalog.Content) { c.Name.ZH = "云端会议室" })
		there.WaitPass(t.Context(), 2)
		if took := (clock.Wall{}).Now().Sub(start); took > 3*time.Second {
			t.Errorf("followed after %s", took)
		}
		if got := find("会议室"); got != "云端会议室" {
			t.Errorf("after: %q", got)
		}
		// Committed late: the row bears an earlier time than those already read.
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, `update product_cards set listed = $1 where product_id = $2`, false, productID); err != nil {
				return err
			}
			_, err := db.Exec(ctx, tx, `insert into catalog_changes (id, at, product_id) values ($1, $2, $3)`,
				"chg_0"+id.Hex(4), start.Add(-20*time.Second), productID)
			return err
		})
		there.WaitPass(t.Context(), 2)
		if got := find("会议室"); strings.Contains(got, "云端会议室") {
			t.Errorf("a late commit was lost: %q", got)
		}
		_ = here
	})
}

// TestRestart opens the folder again: only what changed meanwhile is read.
func TestRestart(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m, _, ids := market(t, d)
		folder := t.TempDir()
		ctx, stop := context.WithCancel(t.Context())
		s, done := shelf.New(d, nil, folder, nil), make(chan struct{})
		go func() { s.Run(ctx); close(done) }()
		s.WaitReady(t.Context())
		stop()
		<-done
		m.Change(t, ids["财务报销管理"], func(c *catalog.Content) { c.Name.ZH = "差旅管理" })
		again := shelf.New(d, nil, folder, nil)
		run(t, again)
		if _, got := names(t, must(again.List(t.Context(), shelf.Query{Text: "差旅"}, i18n.ZH)), nil); got != "差旅管理" {
			t.Errorf("after the restart: %q", got)
		}
	})
}

func TestQueryCounts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		_, s, ids := market(t, d)
		run(t, s)
		count := func(name string, max int64, fn func(ctx context.Context) (shelf.Body, error)) {
			t.Helper()
			for _, want := range []int64{max, 0} { // cold, then from memory
				var n atomic.Int64
				if _, err := fn(db.WithCounter(context.Background(), &n)); err != nil || n.Load() > want {
					t.Errorf("%s: %d queries, at most %d: %v", name, n.Load(), want, err)
				}
			}
		}
		count("home", 3, func(ctx context.Context) (shelf.Body, error) { return s.Home(ctx, i18n.ZH) })
		count("categories", 1, func(ctx context.Context) (shelf.Body, error) { return s.Categories(ctx, i18n.ZH) })
		count("list", 4, func(ctx context.Context) (shelf.Body, error) {
			return s.List(ctx, shelf.Query{Facets: true, Page: page.Query{Limit: 100}}, i18n.ZH)
		})
		count("search", 2, func(ctx context.Context) (shelf.Body, error) {
			return s.List(ctx, shelf.Query{Text: "办公"}, i18n.ZH)
		})
		count("suggest", 1, func(ctx context.Context) (shelf.Body, error) { return s.Suggest(ctx, "云", i18n.ZH) })
		count("product", 4, func(ctx context.Context) (shelf.Body, error) {
			return s.Product(ctx, ids["云端办公助手"], i18n.ZH)
		})
	})
}

func TestHead(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m, s, ids := market(t, d)
		head := func(path string, l i18n.Lang) shelf.Head {
			t.Helper()
			h, ok, err := s.Head(t.Context(), path, l)
			if err != nil || !ok {
				t.Fatalf("%s: %v %v", path, ok, err)
			}
			return h
		}
		holds := func(h shelf.Head, value string) bool {
			return slices.ContainsFunc(h.Facts, func(f shelf.HeadFact) bool { return f.Value == value })
		}
		if h := head("/products/"+ids["智能客服机器人"], i18n.EN); h.Title != "Service robot <beta>" || h.Description == "" ||
			!strings.HasPrefix(h.Image, "/files/") || !holds(h, "from CNY 30.50") || !holds(h, "Spruce Software") {
			t.Errorf("product %+v", h)
		}
		if h := head("/shops/"+m.Seller, i18n.ZH); h.Title != "云杉软件" || !holds(h, "财务报销管理") {
			t.Errorf("shop %+v", h)
		}
		if h := head("/categories/"+m.Leaves[0], i18n.ZH); !holds(h, "云端办公助手") {
			t.Errorf("category %+v", h)
		}
		for _, path := range []string{"/products/x", "/shops/x", "/categories/x"} {
			if !head(path, i18n.ZH).Missing {
				t.Errorf("%s is there", path)
			}
		}
		if _, ok, _ := s.Head(t.Context(), "/buyer/orders", i18n.ZH); ok {
			t.Error("a console page has a head")
		}
	})
}
