package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/market/catalog"
	"jishi/internal/market/media"
	"jishi/internal/tool/demo/picture"
	"jishi/internal/tool/isvapp"
)

// artwork are a product's drawn pictures.
type artwork struct {
	logo, illustration []byte
	pictures           [][]byte
	err                error
}

// draw draws an article's pictures; seed and hue make them differ within a shop.
func draw(a article, hue float64, seed int) (out artwork) {
	hue += float64(seed * 37 % 360)
	if out.logo, out.err = picture.Logo(a.Mark, hue); out.err != nil {
		return out
	}
	for i, kind := range a.Pictures {
		var p []byte
		if p, out.err = picture.Screen(kind, hue, seed*8+i, 800, 600); out.err != nil {
			return out
		}
		out.pictures = append(out.pictures, p)
	}
	out.illustration, out.err = picture.Screen(a.Pictures[len(a.Pictures)-1], hue, seed*8+5, 1000, 800)
	return out
}

// offer is an article with its shop.
type offer struct {
	article
	shop *filledSeller
	seed int // within the shop
}

// offers are all articles in the order in which they are released: the shops take turns,
// so that a list by date shows all of them, and what is there to fail comes first.
func (f *filler) offers() ([]offer, error) {
	var list []offer
	for _, s := range f.market.Sellers {
		filled := f.sellers[s.Key]
		if filled == nil {
			continue
		}
		articles, err := loadArticles(s.Key)
		if err != nil {
			return nil, err
		}
		for i, a := range articles {
			list = append(list, offer{a, filled, i})
		}
	}
	slices.SortStableFunc(list, func(a, b offer) int {
		if a.Fails != b.Fails {
			if a.Fails {
				return -1
			}
			return 1
		}
		return a.seed - b.seed
	})
	return list, nil
}

// releaseAll brings all products through the wizard and the review on sale. Drawing is the
// slow part and runs ahead on the other processors.
func (f *filler) releaseAll(ctx context.Context) error {
	list, err := f.offers()
	if err != nil {
		return err
	}
	drawn := make([]chan artwork, len(list))
	for i := range drawn {
		drawn[i] = make(chan artwork, 1)
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	next := make(chan int)
	for range 2 {
		wg.Go(func() {
			for i := range next {
				drawn[i] <- draw(list[i].article, list[i].shop.Hue, list[i].seed)
			}
		})
	}
	wg.Go(func() {
		defer close(next)
		for i := range list {
			next <- i
		}
	})
	for i, o := range list {
		art := <-drawn[i]
		if art.err == nil && err == nil {
			art.err = f.release(ctx, o.shop, o.article, art)
		}
		if err == nil && art.err != nil {
			err = fmt.Errorf("%s: %w", o.Name.ZH, art.err)
		}
	}
	return err
}

func (f *filler) release(ctx context.Context, s *filledSeller, a article, art artwork) error {
	content, err := f.contentOf(ctx, s, a, art)
	if err != nil {
		return err
	}
	var productID, applicationID string
	err = f.asUser(ctx, s.account.owner, func(ctx context.Context, tx *db.Tx) error {
		product, draft, err := f.Catalog.CreateProduct(ctx, tx, s.id, catalog.DeliverySaaS, content.Name)
		if err != nil {
			return err
		}
		if draft, err = f.Catalog.SaveDraft(ctx, tx, s.id, product.ID, draft.Revision, content); err != nil {
			return err
		}
		application, err := f.Catalog.Submit(ctx, tx, s.id, product.ID, draft.Revision)
		productID, applicationID = product.ID, application.ID
		return err
	})
	if err != nil || a.Submitted { // one stays in the reviewers' list
		return err
	}
	err = f.asOperator(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := f.Catalog.Approve(ctx, tx, applicationID, "")
		return err
	})
	if err != nil {
		return err
	}
	f.products[a.Name.ZH] = productID
	f.plans[a.Name.ZH], err = f.Catalog.Specs(ctx, f.DB, productID)
	return err
}

// contentOf is what the seller enters in the wizard.
func (f *filler) contentOf(ctx context.Context, s *filledSeller, a article, art artwork) (catalog.Content, error) {
	var err error
	put := func(purpose, name string, data []byte) string {
		var key string
		if err == nil {
			key, err = f.upload(ctx, s.account.owner, purpose, name, data)
		}
		return key
	}
	c := catalog.Content{
		Name: a.Name, Summary: a.Summary, Highlights: a.Highlights,
		LogoKey:      put(media.Logo, "logo.png", art.logo),
		UserGuideKey: put(media.Guide, "user-guide.pdf", guide(a.Name.EN, a.Summary.EN, "", "1. Open the address on the service's page.", "2. Sign in with the user name and the password shown there.", "3. Change the password after the first sign-in.")),
		CategoryID:   f.categories[a.Category],
		AfterSales: catalog.AfterSales{ServiceTime: i18n.Text{ZH: "工作日 9:00–18:00（北京时间）", EN: "Working days 9:00–18:00 (Beijing)"},
			Content: i18n.Text{ZH: "电话、邮件与在线支持，四小时内响应", EN: "Phone, mail and online support, answers within four hours"},
			Mail:    "service@" + s.Domain, Hotline: s.Phone},
		Agreement: catalog.Agreement{Kind: "template"}, PublicSale: true, RefundPolicy: "five_day",
		AddressID: s.addressID, Path: isvapp.ProductionPath, Generation: catalog.Generation(s.Generation),
	}
	if a.Fails {
		c.Path = failingPath
	}
	for _, p := range art.pictures {
		c.Pictures = append(c.Pictures, put(media.Picture, "screen.png", p))
	}
	illustration := put(media.Illustration, "overview.png", art.illustration)
	c.Description = i18n.Text{
		ZH: describe(a, i18n.ZH, "主要功能", "适合谁使用", "界面示意", illustration),
		EN: describe(a, i18n.EN, "What it does", "Whom it is for", "Overview", illustration),
	}
	for _, v := range a.Specs {
		c.Specs = append(c.Specs, specOf(v))
	}
	return c, err
}

// describe writes the description in Markdown.
func describe(a article, l i18n.Lang, features, audience, overview, illustration string) string {
	var b strings.Builder
	b.WriteString(a.Intro.In(l) + "\n\n## " + features + "\n\n")
	for _, f := range a.Features {
		b.WriteString("- " + f.In(l) + "\n")
	}
	b.WriteString("\n![" + overview + "](" + media.URL(illustration) + ")\n\n## " + audience + "\n\n" + a.Audience.In(l) + "\n")
	return b.String()
}

func specOf(v variant) catalog.SpecContent {
	s := catalog.SpecContent{Name: v.Name, TrialDays: v.Trial, Limit: v.Limit}
	if v.Custom != nil {
		s = *v.Custom
		s.Name, s.Template = v.Name, catalog.CustomTemplate
	}
	if v.Month != "" {
		s.Plans = append(s.Plans, catalog.PlanContent{Mode: catalog.Period, PeriodType: "month", Price: v.Month})
	}
	if v.Year != "" {
		s.Plans = append(s.Plans, catalog.PlanContent{Mode: catalog.Period, PeriodType: "year", Price: v.Year})
	}
	if v.Once != "" {
		s.Plans = append(s.Plans, catalog.PlanContent{Mode: catalog.OneTime, Price: v.Once})
	}
	return s
}
