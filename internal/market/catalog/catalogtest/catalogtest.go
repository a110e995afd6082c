// Package catalogtest prepares a seller with a verified address, uploaded files and a
// product that may be submitted, for tests of the catalogue and of what stands above it.
package catalogtest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/market/catalog"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
)

// Market is a catalogue with one seller.
type Market struct {
	DB      *db.DB
	Store   *catalog.Store
	Seller  string
	Account string
	Address string
	Leaves  []string // categories without children

	logo, picture, guide string
}

// New fills a fresh database. The seller's rows are written as its module leaves them.
func New(t testing.TB, d *db.DB) *Market {
	t.Helper()
	m := &Market{DB: d, Store: &catalog.Store{Sellers: &seller.Store{}}}
	m.Seller, m.Account, m.Address = m.AddSeller(t, "云杉软件", "Spruce Software")
	dir, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	files := &media.Store{Blob: dir}
	put := func(purpose, name string, data []byte) string {
		f, err := files.Put(t.Context(), media.Upload{AccountID: m.Account, Purpose: purpose, Name: name, Content: bytes.NewReader(data)})
		if err != nil {
			t.Fatal(err)
		}
		m.Update(t, func(ctx context.Context, tx *db.Tx) error { return files.Record(ctx, tx, f) })
		return f.Key
	}
	m.logo = put(media.Logo, "logo.png", Picture(120, 120))
	m.picture = put(media.Picture, "main.png", Picture(800, 600))
	m.guide = put(media.Guide, "guide.pdf", []byte("%PDF-1.7\n"))
	m.Update(t, m.Store.SeedCategories)
	tree, err := m.Store.Categories(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range tree {
		if c.ParentID != "" {
			m.Leaves = append(m.Leaves, c.ID)
		}
	}
	return m
}

// AddSeller writes another approved seller with a verified address.
func (m *Market) AddSeller(t testing.TB, zh, en string) (sellerID, accountID, addressID string) {
	t.Helper()
	sellerID, accountID, addressID = id.New("sel"), id.New("acc"), id.New("adr")
	name := i18n.Text{ZH: zh, EN: en}
	m.Update(t, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `insert into sellers (id, account_id, name, state, form, service_email, service_phone, created_at, updated_at)
			values ($1, $2, $3, 'active', '{}', 'service@spruce.example', '400-000-0000', $4, $4)`, sellerID, accountID, name, tx.Now); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `insert into production_addresses (id, seller_id, origin, state, token, created_at)
			values ($1, $2, $3, 'verified', 'x', $4)`, addressID, sellerID, "https://"+addressID+".example", tx.Now)
		return err
	})
	return sellerID, accountID, addressID
}

// Update runs fn in a transaction and fails the test with its error.
func (m *Market) Update(t testing.TB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if err := m.DB.Update(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

// Picture is a grey PNG.
func Picture(w, h int) []byte {
	key := [2]int{w, h}
	if b, ok := pictures.Load(key); ok {
		return b.([]byte)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		panic(err)
	}
	pictures.Store(key, b.Bytes())
	return b.Bytes()
}

var pictures sync.Map

// Content is complete: it passes every check. Two specifications, the first with prices
// per month and year, the second one-time.
func (m *Market) Content(zh, en string) catalog.Content {
	return catalog.Content{
		Name:         i18n.Text{ZH: zh, EN: en},
		Summary:      i18n.Text{ZH: "面向中小企业的" + zh + "，开通即用，无需部署，支持多人协作与权限管理。", EN: en + " for small companies: ready at once, nothing to install, with roles and teamwork."},
		Highlights:   []i18n.Text{{ZH: "开通即用", EN: "Ready at once"}, {ZH: "按需付费", EN: "Pay for what you use"}},
		Description:  i18n.Text{ZH: "# 介绍\n\n" + strings.Repeat("本产品帮助企业整理日常工作。", 30), EN: "# About\n\n" + strings.Repeat("The product puts daily work in order. ", 12)},
		LogoKey:      m.logo,
		Pictures:     []string{m.picture},
		CategoryID:   m.Leaves[0],
		UserGuideKey: m.guide,
		AfterSales: catalog.AfterSales{ServiceTime: i18n.Text{ZH: "工作日 9:00–18:00（北京时间）"}, Content: i18n.Text{ZH: "电话与邮件支持"},
			Mail: "service@spruce.example", Hotline: "400-000-0000"},
		Agreement:    catalog.Agreement{Kind: "template"},
		PublicSale:   true,
		RefundPolicy: "five_day",
		AddressID:    m.Address,
		Path:         "/api/produce",
		Generation:   catalog.V2,
		Specs: []catalog.SpecContent{
			{Name: i18n.Text{ZH: "标准版", EN: "Standard"}, Plans: []catalog.PlanContent{
				{Mode: catalog.Period, PeriodType: "month", Price: "99.00"}, {Mode: catalog.Period, PeriodType: "year", Price: "999.00"}}},
			{Name: i18n.Text{ZH: "专业版", EN: "Professional"}, Plans: []catalog.PlanContent{{Mode: catalog.OneTime, Price: "2999.50"}}},
		},
	}
}

// Draft creates a product with this content as its draft.
func (m *Market) Draft(t testing.TB, c catalog.Content) (productID string, draft catalog.Version) {
	t.Helper()
	m.Update(t, func(ctx context.Context, tx *db.Tx) error {
		p, v, err := m.Store.CreateProduct(ctx, tx, m.Seller, catalog.DeliverySaaS, c.Name)
		if err != nil {
			return err
		}
		productID = p.ID
		draft, err = m.Store.SaveDraft(ctx, tx, m.Seller, p.ID, v.Revision, c)
		return err
	})
	return productID, draft
}

// Release brings a product on sale by draft, submission and approval.
func (m *Market) Release(t testing.TB, c catalog.Content) string {
	t.Helper()
	productID, draft := m.Draft(t, c)
	m.Update(t, func(ctx context.Context, tx *db.Tx) error {
		a, err := m.Store.Submit(ctx, tx, m.Seller, productID, draft.Revision)
		if err != nil {
			return err
		}
		_, err = m.Store.Approve(ctx, tx, a.ID, "")
		return err
	})
	return productID
}

// Change publishes a new version of a released product.
func (m *Market) Change(t testing.TB, productID string, edit func(*catalog.Content)) {
	t.Helper()
	m.Update(t, func(ctx context.Context, tx *db.Tx) error {
		v, err := m.Store.StartDraft(ctx, tx, m.Seller, productID)
		if err != nil {
			return err
		}
		edit(&v.Content)
		if v, err = m.Store.SaveDraft(ctx, tx, m.Seller, productID, v.Revision, v.Content); err != nil {
			return err
		}
		a, err := m.Store.Submit(ctx, tx, m.Seller, productID, v.Revision)
		if err != nil {
			return err
		}
		_, err = m.Store.Approve(ctx, tx, a.ID, "")
		return err
	})
}

// Many releases n products with numbered names in all categories, in few transactions.
func (m *Market) Many(t testing.TB, n int, name func(i int) (zh, en string)) []string {
	t.Helper()
	ids := make([]string, 0, n)
	for start := 0; start < n; start += 100 {
		m.Update(t, func(ctx context.Context, tx *db.Tx) error {
			ids = ids[:start]
			for i := start; i < min(n, start+100); i++ {
				zh, en := name(i)
				c := m.Content(zh, en)
				c.CategoryID = m.Leaves[i%len(m.Leaves)]
				c.Specs[0].Plans[0].Price = fmt.Sprintf("%d.00", 10+i%500)
				p, v, err := m.Store.CreateProduct(ctx, tx, m.Seller, catalog.DeliverySaaS, c.Name)
				if err != nil {
					return err
				}
				if v, err = m.Store.SaveDraft(ctx, tx, m.Seller, p.ID, v.Revision, c); err != nil {
					return err
				}
				a, err := m.Store.Submit(ctx, tx, m.Seller, p.ID, v.Revision)
				if err != nil {
					return err
				}
				if _, err = m.Store.Approve(ctx, tx, a.ID, ""); err != nil {
					return err
				}
				ids = append(ids, p.ID)
			}
			return nil
		})
	}
	return ids
}
