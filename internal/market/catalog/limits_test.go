package catalog_test

import (
	"context"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/settings"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/catalogtest"
)

// TestLimits submits content that is wrong in one field (C4.1, C5, part J).
func TestLimits(t *testing.T) {
	text := func(n int) i18n.Text { return i18n.Text{ZH: strings.Repeat("字", n)} }
	type content = catalog.Content
	cases := []struct {
		name  string
		edit  func(c *content)
		field string // "" passes
		code  string
	}{
		{"complete", func(c *content) {}, "", ""},
		{"no name", func(c *content) { c.Name = i18n.Text{} }, "name", "required"},
		{"name of 1", func(c *content) { c.Name = text(1) }, "name.zh", "length"},
		{"name of 60", func(c *content) { c.Name = text(60) }, "", ""},
		{"name of 61", func(c *content) { c.Name = text(61) }, "name.zh", "length"},
		{"telephone in the name", func(c *content) { c.Name.ZH = "办公助手 13800138000" }, "name.zh", "catalog.name_content"},
		{"price in the name", func(c *content) { c.Name.ZH = "办公助手 99元" }, "name.zh", "catalog.name_content"},
		{"version in the name", func(c *content) { c.Name.EN = "Office helper V2.1" }, "name.en", "catalog.name_content"},
		{"superlative", func(c *content) {
			c.Summary.ZH = "国家级的办公平台，帮助企业整理日常工作与文档资料。"
		}, "summary.zh", "catalog.superlative"},
		{"summary of 19", func(c *content) { c.Summary = text(19) }, "summary.zh", "length"},
		{"summary of 20", func(c *content) { c.Summary = text(20) }, "", ""},
		{"summary of 201", func(c *content) { c.Summary = text(201) }, "summary.zh", "length"},
		{"no highlight", func(c *content) { c.Highlights = nil }, "highlights", "required"},
		{"six highlights", func(c *content) {
			c.Highlights = []i18n.Text{text(1), text(2), text(3), text(4), text(5), text(6)}
		}, "highlights", "catalog.too_many"},
		{"highlight of 51", func(c *content) { c.Highlights[1] = text(51) }, "highlights[1].zh", "length"},
		{"description of 399 without picture", func(c *content) { c.Description = text(399) }, "description.zh", "catalog.description_short"},
		{"description of 400", func(c *content) { c.Description = text(400) }, "", ""},
		{"markup does not count", func(c *content) { c.Description = i18n.Text{ZH: "## **" + strings.Repeat("字", 396) + "**"} }, "description.zh", "catalog.description_short"},
		{"description of 20001", func(c *content) { c.Description = text(20001) }, "description.zh", "length"},
		{"unknown picture in the description", func(c *content) { c.Description = i18n.Text{ZH: "![x](/files/fil_none.png)"} }, "description.zh", "catalog.file_unknown"},
		{"no logo", func(c *content) { c.LogoKey = "" }, "logoKey", "required"},
		{"logo of the wrong size", func(c *content) { c.LogoKey = c.Pictures[0] }, "logoKey", "catalog.logo_form"},
		{"no picture", func(c *content) { c.Pictures = nil }, "pictures", "required"},
		{"nine pictures", func(c *content) {
			for range 8 {
				c.Pictures = append(c.Pictures, c.Pictures[0])
			}
		}, "pictures", "catalog.too_many"},
		{"guide is no document", func(c *content) { c.UserGuideKey = c.LogoKey }, "userGuideKey", "catalog.file_unknown"},
		{"no category", func(c *content) { c.CategoryID = "" }, "categoryId", "required"},
		{"unknown category", func(c *content) { c.CategoryID = "cat_x" }, "categoryId", "catalog.category_leaf"},
		{"bad mail", func(c *content) { c.AfterSales.Mail = "service" }, "afterSales.mail", "catalog.mail"},
		{"no hotline", func(c *content) { c.AfterSales.Hotline = "" }, "afterSales.hotline", "required"},
		{"no service time", func(c *content) { c.AfterSales.ServiceTime = i18n.Text{} }, "afterSales.serviceTime", "required"},
		{"agreement without text", func(c *content) { c.Agreement.Kind = "text" }, "agreement.text", "required"},
		{"unknown address", func(c *content) { c.AddressID = "adr_x" }, "addressId", "catalog.address_unknown"},
		{"path without slash", func(c *content) { c.Path = "produce" }, "path", "catalog.path"},
		{"path to another host", func(c *content) { c.Path = "//evil.example/x" }, "path", "catalog.path"},
		{"path with a query", func(c *content) { c.Path = "/produce?tenant=1" }, "", ""},
		{"generation", func(c *content) { c.Generation = "V3" }, "generation", "one_of"},
		{"no specification", func(c *content) { c.Specs = nil }, "specs", "required"},
		{"spec name of 51", func(c *content) { c.Specs[0].Name = text(51) }, "specs[0].name.zh", "length"},
		{"spec name with telephone", func(c *content) { c.Specs[0].Name.ZH = "请致电 400-123-4567" }, "specs[0].name.zh", "catalog.name_content"},
		{"same spec name", func(c *content) { c.Specs[1].Name = c.Specs[0].Name }, "specs[1].name", "catalog.spec_name_twice"},
		{"no price", func(c *content) { c.Specs[0].Plans[0].Price = "" }, "specs[0].plans[0].price", "required"},
		{"price of 0", func(c *content) { c.Specs[0].Plans[0].Price = "0" }, "specs[0].plans[0].price", "catalog.price_range"},
		{"price of 0.01", func(c *content) { c.Specs[0].Plans[0].Price = "0.01" }, "", ""},
		{"three decimals", func(c *content) { c.Specs[0].Plans[0].Price = "9.999" }, "specs[0].plans[0].price", "catalog.price_form"},
		{"price above the cap", func(c *content) { c.Specs[0].Plans[0].Price = "100000000.01" }, "specs[0].plans[0].price", "catalog.price_range"},
		{"same mode twice", func(c *content) { c.Specs[0].Plans[1].PeriodType = "month" }, "specs[0].plans[1].mode", "catalog.plan_twice"},
		{"period without length", func(c *content) { c.Specs[0].Plans[0].PeriodType = "week" }, "specs[0].plans[0].periodType", "one_of"},
		{"too many months", func(c *content) { c.Specs[0].Plans[0].MaxPeriods = 12 }, "specs[0].plans[0].maxPeriods", "range"},
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		productID, draft := m.Draft(t, m.Content("办公助手", "Office helper"))
		for _, c := range cases {
			next := m.Content("办公助手", "Office helper")
			c.edit(&next)
			var problem error
			m.Update(t, func(ctx context.Context, tx *db.Tx) error {
				v, err := m.Store.SaveDraft(ctx, tx, m.Seller, productID, draft.Revision, next)
				if err != nil {
					return err
				}
				draft = v
				problem = m.Store.CheckDraft(ctx, tx, m.Seller, productID)
				return nil
			})
			if c.field == "" {
				if problem != nil {
					t.Errorf("%s: %v", c.name, problem)
				}
				continue
			}
			e, ok := errs.As(problem)
			if !ok || len(e.Fields) != 1 || e.Fields[0].Path != c.field || e.Fields[0].Code != c.code {
				t.Errorf("%s: got %v, want %s:%s", c.name, problem, c.field, c.code)
			}
			err := d.Update(t.Context(), func(tx *db.Tx) error {
				_, err := m.Store.Submit(t.Context(), tx, m.Seller, productID, draft.Revision)
				return err
			})
			if errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s: submitted, %v", c.name, err)
			}
		}
	})
}

// A rule that the site has not opened to sellers is refused where it was chosen.
func TestRefundsOfUnusedTimeAreForSitesThatAllowThem(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		m.Store.Settings = &settings.Store{DB: d}
		productID, v := m.Draft(t, m.Content("办公助手", "Office helper"))
		v.Content.RefundPolicy = "prorata"
		judge := func() (err error) {
			m.Update(t, func(ctx context.Context, tx *db.Tx) error {
				if v, err = m.Store.SaveDraft(ctx, tx, m.Seller, productID, v.Revision, v.Content); err != nil {
					return err
				}
				err = m.Store.CheckDraft(ctx, tx, m.Seller, productID)
				return nil
			})
			return err
		}
		if e, ok := errs.As(judge()); !ok || len(e.Fields) != 1 || e.Fields[0].Path != "refundPolicy" {
			t.Fatal("without the setting:", e)
		}
		site, version, err := m.Store.Settings.SiteVersion(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		site.Refunds.UnusedTime = true
		m.Update(t, func(ctx context.Context, tx *db.Tx) error { return m.Store.Settings.SaveSite(ctx, tx, version, site) })
		if err := judge(); err != nil {
			t.Fatal("with the setting:", err)
		}
	})
}

// Rendering some texts takes a time that grows with the square of their length, and a
// draft is rendered while its transaction lasts.
func TestOverlongMarkdownIsNotRendered(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		err := d.UpdateCtx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			p, v, err := m.Store.CreateProduct(ctx, tx, m.Seller, catalog.DeliverySaaS, i18n.Text{ZH: "办公助手"})
			if err != nil {
				return err
			}
			c := v.Content
			c.Description = i18n.Text{ZH: strings.Repeat("[](", 30_000), EN: "short"}
			c.Agreement = catalog.Agreement{Kind: "text", Text: c.Description}
			if v, err = m.Store.SaveDraft(ctx, tx, m.Seller, p.ID, v.Revision, c); err != nil {
				return err
			}
			want := i18n.Text{EN: "<p>short</p>\n"}
			if v.Content.DescriptionHTML != want || v.Content.Agreement.HTML != want {
				t.Errorf("%d and %d bytes of HTML", len(v.Content.DescriptionHTML.ZH), len(v.Content.Agreement.HTML.ZH))
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestMarkdownIsHarmless(t *testing.T) {
	for _, in := range []string{
		"<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://evil.example/p.png)", "![x](/files/../admin)",
		"<img src=x onerror=alert(1)>", "<style>*{}</style>", "<iframe src=//evil.example></iframe>", "[x](data:text/html,1)",
	} {
		out := catalog.RenderMarkdown(in)
		for _, bad := range []string{"<script", "javascript:", "evil.example", "onerror", "<style", "<iframe", "data:", "/files/.."} {
			if strings.Contains(out, bad) {
				t.Errorf("%q became %q", in, out)
			}
		}
	}
	out := catalog.RenderMarkdown("# A\n\n![p](/files/fil_a.png) [l](https://a.example)\n\n|a|\n|-|\n|b|")
	for _, good := range []string{"<h2>A</h2>", `<img src="/files/fil_a.png" alt="p"`, `rel="nofollow`, "<table>"} {
		if !strings.Contains(out, good) {
			t.Errorf("%q lacks %q", out, good)
		}
	}
}
