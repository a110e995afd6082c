package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/catalogtest"
)

func plans(t *testing.T, m *catalogtest.Market, productID string) map[string]catalog.Plan {
	t.Helper()
	specs, err := m.Store.Specs(t.Context(), m.DB, productID)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]catalog.Plan{}
	for _, s := range specs {
		for _, p := range s.Plans {
			out[s.Name.ZH+" "+string(p.Mode)+p.PeriodType] = p
		}
	}
	return out
}

func sale(t *testing.T, m *catalogtest.Market, planID string) catalog.Sale {
	t.Helper()
	s, err := m.Store.ForSale(t.Context(), m.DB, planID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func attempt(m *catalogtest.Market, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := context.Background()
	return m.DB.Update(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

func TestReleaseAndChange(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		productID := m.Release(t, m.Content("办公助手", "Office helper"))
		before := plans(t, m, productID)
		if len(before) != 3 {
			t.Fatalf("plans %v", before)
		}
		month := before["标准版 PERIODmonth"]
		first := sale(t, m, month.ID)
		if first.Buyable() != nil || first.Price.String() != "99" || first.PlanNumber != month.Number || first.SkuCode == "" ||
			first.Generation != catalog.V2 || first.TaxCategory() != "service" || first.AgreementVersion != "site" || first.MaxPeriods != 9 {
			t.Fatalf("sale %+v", first)
		}
		live, err := m.Store.VersionOf(t.Context(), d, productID, first.VersionID)
		if err != nil {
			t.Fatal(err)
		}
		snapshot, _ := json.Marshal(live.Content)

		// Modification pending: the live version is still sold (part J).
		var pending catalog.Application
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			v, err := m.Store.StartDraft(ctx, tx, m.Seller, productID)
			if err != nil {
				return err
			}
			v.Content.Specs[0].Plans[0].Price = "120"
			v.Content.Specs[1].Plans = append(v.Content.Specs[1].Plans, catalog.PlanContent{Mode: catalog.Period, PeriodType: "month", Price: "300"})
			v.Content.Specs = append(v.Content.Specs, catalog.SpecContent{Name: v.Content.Name, Plans: []catalog.PlanContent{{Mode: catalog.OneTime, Price: "1"}}})
			if v, err = m.Store.SaveDraft(ctx, tx, m.Seller, productID, v.Revision, v.Content); err != nil {
				return err
			}
			pending, err = m.Store.Submit(ctx, tx, m.Seller, productID, v.Revision)
			return err
		})
		if s := sale(t, m, month.ID); s.Price.String() != "99" || s.VersionID != first.VersionID {
			t.Fatalf("pending change is sold: %+v", s)
		}
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.Approve(ctx, tx, pending.ID, "")
			return err
		})
		after := plans(t, m, productID)
		for key, p := range before {
			if after[key].ID != p.ID || after[key].Number != p.Number {
				t.Errorf("%s: plan %v became %v", key, p, after[key])
			}
		}
		s := sale(t, m, month.ID)
		if len(after) != 5 || s.Price.String() != "120" || s.SkuCode != first.SkuCode || s.VersionID == first.VersionID {
			t.Errorf("after the change: %d plans, %+v", len(after), s)
		}
		old, err := m.Store.VersionOf(t.Context(), d, productID, first.VersionID)
		if now, _ := json.Marshal(old.Content); err != nil || string(now) != string(snapshot) {
			t.Errorf("the released version changed: %v", err)
		}

		// A released mode or specification cannot disappear (C5).
		for name, edit := range map[string]func(c *catalog.Content){
			"mode": func(c *catalog.Content) { c.Specs[0].Plans = c.Specs[0].Plans[1:] },
			"spec": func(c *catalog.Content) { c.Specs = c.Specs[1:] },
		} {
			err := attempt(m, func(ctx context.Context, tx *db.Tx) error {
				v, err := m.Store.StartDraft(ctx, tx, m.Seller, productID)
				if err != nil {
					return err
				}
				edit(&v.Content)
				if v, err = m.Store.SaveDraft(ctx, tx, m.Seller, productID, v.Revision, v.Content); err != nil {
					return err
				}
				_, err = m.Store.Submit(ctx, tx, m.Seller, productID, v.Revision)
				return err
			})
			if errs.KindOf(err) != errs.Invalid {
				t.Errorf("removing a %s: %v", name, err)
			}
		}
	})
}

func TestReviewStates(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		productID, v := m.Draft(t, m.Content("办公助手", "Office helper"))
		state := func(want catalog.ProductState) {
			t.Helper()
			p, err := m.Store.Product(t.Context(), d, productID)
			if err != nil || p.State != want {
				t.Fatalf("state %s %v, want %s", p.State, err, want)
			}
		}
		submit := func() (a catalog.Application) {
			t.Helper()
			m.Update(t, func(ctx context.Context, tx *db.Tx) error {
				v, err := m.Store.StartDraft(ctx, tx, m.Seller, productID)
				if err == nil {
					a, err = m.Store.Submit(ctx, tx, m.Seller, productID, v.Revision)
				}
				return err
			})
			return a
		}
		a := submit()
		state(catalog.Reviewing)
		err := attempt(m, func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.SaveDraft(ctx, tx, m.Seller, productID, v.Revision, v.Content)
			return err
		})
		if !errs.Is(err, "catalog.under_review") {
			t.Errorf("edit under review: %v", err)
		}
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.Withdraw(ctx, tx, m.Seller, a.ID)
			return err
		})
		state(catalog.Draft)
		err = attempt(m, func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.Approve(ctx, tx, a.ID, "")
			return err
		})
		if e, ok := errs.As(err); !ok || e.Kind != errs.Conflict || e.State != "withdrawn" {
			t.Errorf("approve withdrawn: %v", err)
		}
		a = submit()
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.Reject(ctx, tx, a.ID, []string{"logo", "name"}, "标志不清楚")
			return err
		})
		state(catalog.Rejected)
		a = submit()
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.Approve(ctx, tx, a.ID, "好")
			return err
		})
		state(catalog.OnSale)

		month := plans(t, m, productID)["标准版 PERIODmonth"].ID
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.Suspend(ctx, tx, productID, "核查投诉", tx.Now.Add(time.Hour))
			return err
		})
		if s := sale(t, m, month); !errs.Is(s.Buyable(), "catalog.suspended") || s.Renewable() != nil {
			t.Errorf("suspended: %v %v", s.Buyable(), s.Renewable())
		}
		later := time.Now().Add(2 * time.Hour)
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			tx.Now = later
			n, err := m.Store.LiftExpired(ctx, tx)
			if n != 1 {
				t.Errorf("lifted %d", n)
			}
			return err
		})
		state(catalog.OnSale)

		// Spec taken down: renewal refused, the others stay (part J).
		request := func(kind catalog.Kind, spec string) error {
			return attempt(m, func(ctx context.Context, tx *db.Tx) error {
				a, err := m.Store.Request(ctx, tx, m.Seller, catalog.RequestInput{ProductID: productID, SpecID: spec, Kind: kind, Reason: "不再提供"})
				if err == nil {
					_, err = m.Store.Approve(ctx, tx, a.ID, "")
				}
				return err
			})
		}
		standard, pro := sale(t, m, month), sale(t, m, plans(t, m, productID)["专业版 ONE_TIME"].ID)
		if err := request(catalog.KindHideSpec, pro.SpecID); err != nil {
			t.Fatal(err)
		}
		if s := sale(t, m, pro.PlanID); !s.SpecHidden() || s.Buyable() == nil || s.Renewable() != nil {
			t.Errorf("hidden spec: %+v", s)
		}
		if err := request(catalog.KindHideSpec, standard.SpecID); !errs.Is(err, "catalog.last_spec") {
			t.Errorf("hide the last: %v", err)
		}
		if err := request(catalog.KindShowSpec, pro.SpecID); err != nil {
			t.Fatal(err)
		}
		if err := request(catalog.KindTakeDownSpec, pro.SpecID); err != nil {
			t.Fatal(err)
		}
		if s := sale(t, m, pro.PlanID); s.Renewable() == nil {
			t.Error("a delisted spec is renewed")
		}
		if err := request(catalog.KindShowSpec, pro.SpecID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("show a delisted spec: %v", err)
		}
		if err := request(catalog.KindTakeDown, ""); err != nil {
			t.Fatal(err)
		}
		state(catalog.Delisted)
		if s := sale(t, m, month); s.Buyable() == nil || s.Renewable() == nil {
			t.Error("a delisted product is sold")
		}
		history, err := m.Store.History(t.Context(), d, productID)
		if err != nil || len(history) < 12 || history[0].To != "delisted" {
			t.Errorf("history %v %v", history, err)
		}
	})
}

func TestOthersProducts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		productID, v := m.Draft(t, m.Content("办公助手", "Office helper"))
		other, _, _ := m.AddSeller(t, "别家", "Another")
		var a catalog.Application
		m.Update(t, func(ctx context.Context, tx *db.Tx) (err error) {
			a, err = m.Store.Submit(ctx, tx, m.Seller, productID, v.Revision)
			return err
		})
		for name, fn := range map[string]func(ctx context.Context, tx *db.Tx) error{
			"read": func(ctx context.Context, tx *db.Tx) error {
				_, err := m.Store.ProductOf(ctx, tx, other, productID)
				return err
			},
			"edit": func(ctx context.Context, tx *db.Tx) error {
				_, err := m.Store.StartDraft(ctx, tx, other, productID)
				return err
			},
			"save": func(ctx context.Context, tx *db.Tx) error {
				_, err := m.Store.SaveDraft(ctx, tx, other, productID, 1, v.Content)
				return err
			},
			"submit": func(ctx context.Context, tx *db.Tx) error {
				_, err := m.Store.Submit(ctx, tx, other, productID, 1)
				return err
			},
			"withdraw": func(ctx context.Context, tx *db.Tx) error {
				_, err := m.Store.Withdraw(ctx, tx, other, a.ID)
				return err
			},
			"delete": func(ctx context.Context, tx *db.Tx) error { return m.Store.DeleteDraft(ctx, tx, other, productID) },
			"request": func(ctx context.Context, tx *db.Tx) error {
				_, err := m.Store.Request(ctx, tx, other, catalog.RequestInput{ProductID: productID, Kind: catalog.KindTakeDown, Reason: "不再提供"})
				return err
			},
		} {
			if err := attempt(m, fn); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		list, err := m.Store.Products(t.Context(), d, catalog.ProductFilter{SellerID: other}, page.Query{})
		if err != nil || list.Total != 0 {
			t.Errorf("list: %v %v", list, err)
		}
	})
}

// TestRaces has several people do the same at once: one wins, the others get a conflict.
func TestRaces(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		productID, v := m.Draft(t, m.Content("办公助手", "Office helper"))
		together := func(fn func(ctx context.Context, tx *db.Tx) error) (won int) {
			var wg sync.WaitGroup
			var mu sync.Mutex
			for range 4 {
				wg.Go(func() {
					err := attempt(m, fn)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						won++
					} else if errs.KindOf(err) != errs.Conflict {
						t.Errorf("not a conflict: %v", err)
					}
				})
			}
			wg.Wait()
			return won
		}
		var a catalog.Application
		var mu sync.Mutex
		if n := together(func(ctx context.Context, tx *db.Tx) error {
			got, err := m.Store.Submit(ctx, tx, m.Seller, productID, v.Revision)
			if err == nil {
				tx.AfterCommit(func() { mu.Lock(); a = got; mu.Unlock() })
			}
			return err
		}); n != 1 {
			t.Fatalf("%d submissions", n)
		}
		if n := together(func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.Approve(ctx, tx, a.ID, "")
			return err
		}); n != 1 {
			t.Fatalf("%d approvals", n)
		}
		if n := len(plans(t, m, productID)); n != 3 {
			t.Errorf("%d plans", n)
		}
		var drafts sync.Map
		together(func(ctx context.Context, tx *db.Tx) error {
			v, err := m.Store.StartDraft(ctx, tx, m.Seller, productID)
			if err == nil {
				tx.AfterCommit(func() { drafts.Store(v.ID, true) })
			}
			return err
		})
		n := 0
		drafts.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d drafts", n)
		}
	})
}

func TestCategories(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		m.Update(t, m.Store.SeedCategories) // again: nothing
		tree, err := m.Store.Categories(t.Context(), d)
		if err != nil || len(tree) < 30 {
			t.Fatalf("%d categories %v", len(tree), err)
		}
		m.Release(t, m.Content("办公助手", "Office helper"))
		used := m.Leaves[0]
		var parent string
		for _, c := range tree {
			if c.ID == used {
				parent = c.ParentID
			}
		}
		check := func(code string, fn func(ctx context.Context, tx *db.Tx) error) {
			t.Helper()
			err := attempt(m, fn)
			var e *errs.Error
			if !errors.As(err, &e) || e.Code != code && (len(e.Fields) == 0 || e.Fields[0].Code != code) {
				t.Errorf("%v, want %s", err, code)
			}
		}
		check("catalog.category_in_use", func(ctx context.Context, tx *db.Tx) error { return m.Store.DeleteCategory(ctx, tx, used) })
		check("catalog.category_has_children", func(ctx context.Context, tx *db.Tx) error { return m.Store.DeleteCategory(ctx, tx, parent) })
		in := catalog.CategoryInput{ParentID: used, Name: tree[0].Name}
		check("catalog.category_in_use", func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.CreateCategory(ctx, tx, in)
			return err
		})
		in = catalog.CategoryInput{ParentID: used, Name: m.Content("新类目", "New").Name}
		check("catalog.category_cycle", func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Store.UpdateCategory(ctx, tx, parent, 1, in)
			return err
		})
		in.ParentID = ""
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			c, err := m.Store.CreateCategory(ctx, tx, in)
			if err != nil {
				return err
			}
			in.Position = 3
			if c, err = m.Store.UpdateCategory(ctx, tx, c.ID, c.Version, in); err != nil {
				return err
			}
			return m.Store.DeleteCategory(ctx, tx, c.ID)
		})
		check("catalog.category_not_found", func(ctx context.Context, tx *db.Tx) error { return m.Store.DeleteCategory(ctx, tx, "cat_x") })
	})
}
