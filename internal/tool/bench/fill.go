package bench

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"strings"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
	"jishi/internal/market/identity"
	"jishi/internal/market/media"
	"jishi/internal/market/payment"
)

type buyer struct{ account, user string }

// maxBuyers is the largest number of clients of the order loads.
const maxBuyers = 64

func write(ctx context.Context, tx *db.Tx, text string, args ...any) error {
	_, err := db.Exec(ctx, tx, text, args...)
	return err
}

// fill makes a seller with a production address on loopback, products by the catalogue's
// own functions, and buyers with balance and API tokens. Accounts and the seller are
// written as rows: how fast people sign up is not measured.
func (s *stage) fill(ctx context.Context) error {
	if err := s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		site, version, err := s.app.Settings.SiteVersion(ctx)
		if err != nil {
			return err
		}
		site.DevelopmentAddresses = []string{"127.0.0.0/8"}
		site.DebugCasesRequired = false // the products are made in bulk, their server is no part of the measurement yet
		if err := s.app.Settings.SaveSite(ctx, tx, version, site); err != nil {
			return err
		}
		if err := s.addSeller(ctx, tx); err != nil {
			return err
		}
		return s.app.Catalog.SeedCategories(ctx, tx)
	}); err != nil {
		return err
	}
	if err := s.prepareContent(ctx); err != nil {
		return err
	}
	if err := s.release(ctx, s.Products); err != nil {
		return err
	}
	return s.addBuyers(ctx)
}

func (s *stage) addSeller(ctx context.Context, tx *db.Tx) error {
	s.sellerID, s.sellerAccount, s.sellerUser, s.addressID = id.New("sel"), id.New("acc"), id.New("usr"), id.New("adr")
	if err := write(ctx, tx, `insert into accounts (id, kind, name, real_name_state, created_at) values ($1, 'company', 'Spruce Software', 'verified', $2)`, s.sellerAccount, tx.Now); err != nil {
		return err
	}
	if err := write(ctx, tx, `insert into users (id, account_id, email, name, owner, state, created_at) values ($1, $2, 'owner@spruce.example', 'Owner', $3, 'active', $4)`,
		s.sellerUser, s.sellerAccount, true, tx.Now); err != nil {
		return err
	}
	if err := write(ctx, tx, `insert into sellers (id, account_id, name, state, form, service_email, service_phone, created_at, updated_at)
		values ($1, $2, $3, 'active', '{}', 'service@spruce.example', '400-000-0000', $4, $4)`,
		s.sellerID, s.sellerAccount, i18n.Text{ZH: "云杉软件", EN: "Spruce Software"}, tx.Now); err != nil {
		return err
	}
	if err := write(ctx, tx, `insert into production_addresses (id, seller_id, origin, state, development, token, created_at) values ($1, $2, $3, 'verified', $4, 'x', $5)`,
		s.addressID, s.sellerID, s.receiver.url, true, tx.Now); err != nil {
		return err
	}
	for _, g := range []string{"v1", "v2"} {
		key, keyID := id.UUID(), id.New("key")
		sealed, err := s.app.Box.Seal([]byte(key), "access_keys.secret:"+keyID)
		if err != nil {
			return err
		}
		if err := write(ctx, tx, `insert into access_keys (id, seller_id, generation, category, secret, created_at) values ($1, $2, $3, $4, $5, $6)`,
			keyID, s.sellerID, g, map[string]string{"v1": "", "v2": "base"}[g], sealed, tx.Now); err != nil {
			return err
		}
		if g == "v1" {
			s.receiver.handler.V1Key = key
			continue
		}
		s.receiver.handler.V2Key = key
		if err := write(ctx, tx, `insert into address_keys (address_id, category, key_id, bound_at) values ($1, 'base', $2, $3)`, s.addressID, keyID, tx.Now); err != nil {
			return err
		}
	}
	return nil
}

// contentMaker holds what all generated products share.
type contentMaker struct {
	logo, picture, guide string
	leaves               []string
}

func (s *stage) prepareContent(ctx context.Context) error {
	put := func(purpose, name string, data []byte) (string, error) {
		f, err := s.app.Media.Put(ctx, media.Upload{AccountID: s.sellerAccount, Purpose: purpose, Name: name, Content: bytes.NewReader(data)})
		if err != nil {
			return "", err
		}
		return f.Key, s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.app.Media.Record(ctx, tx, f) })
	}
	var err error
	if s.content.logo, err = put(media.Logo, "logo.png", picture(120, 120)); err != nil {
		return err
	}
	if s.content.picture, err = put(media.Picture, "main.png", picture(800, 600)); err != nil {
		return err
	}
	if s.content.guide, err = put(media.Guide, "guide.pdf", []byte("%PDF-1.7\n")); err != nil {
		return err
	}
	tree, err := s.app.Catalog.Categories(ctx, s.app.DB)
	for _, c := range tree {
		if c.ParentID != "" {
			s.content.leaves = append(s.content.leaves, c.ID)
		}
	}
	return err
}

func picture(w, h int) []byte {
	var b bytes.Buffer
	png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))) // a buffer takes everything
	return b.Bytes()
}

// The words of generated names: every pair of terms finds some products and not all.
var (
	things = [][2]string{{"客户管理", "Customer Desk"}, {"合同", "Contract"}, {"财务报表", "Ledger Report"}, {"库存", "Inventory"}, {"考勤", "Attendance"},
		{"视频会议", "Video Meeting"}, {"知识库", "Knowledge Base"}, {"日志分析", "Log Analysis"}, {"数据备份", "Backup"}, {"工单", "Ticket"},
		{"邮件营销", "Mail Campaign"}, {"项目协作", "Project Board"}, {"电子签章", "Signature"}, {"物流跟踪", "Shipment"}, {"门店收银", "Point of Sale"}}
	kinds = [][2]string{{"系统", "Suite"}, {"平台", "Platform"}, {"助手", "Assistant"}, {"中心", "Hub"}, {"工具箱", "Toolbox"}, {"云服务", "Cloud"}}
	tones = [][2]string{{"智能", "Smart"}, {"轻量", "Light"}, {"专业", "Pro"}, {"安全", "Secure"}, {"快捷", "Quick"}, {"企业", "Enterprise"}, {"开放", "Open"}}
)

func name(i int) i18n.Text {
	a, b, c := tones[i%len(tones)], things[(i/len(tones))%len(things)], kinds[(i/(len(tones)*len(things)))%len(kinds)]
	return i18n.Text{ZH: fmt.Sprintf("%s%s%s %d", a[0], b[0], c[0], i), EN: fmt.Sprintf("%s %s %s %d", a[1], b[1], c[1], i)}
}

func (s *stage) contentOf(i int, g catalog.Generation) catalog.Content {
	n := name(i)
	return catalog.Content{
		Name:         n,
		Summary:      i18n.Text{ZH: "面向中小企业的" + n.ZH + "，开通即用，无需部署，支持多人协作与权限管理。", EN: n.EN + " for small companies: ready at once, nothing to install, with roles and teamwork."},
		Highlights:   []i18n.Text{{ZH: "开通即用", EN: "Ready at once"}, {ZH: "多人协作", EN: "Made for teams"}},
		Description:  i18n.Text{ZH: "# 介绍\n\n" + strings.Repeat("本产品帮助企业整理日常工作。", 35), EN: "# About\n\n" + strings.Repeat("The product puts daily work in order. ", 15)},
		LogoKey:      s.content.logo,
		Pictures:     []string{s.content.picture},
		CategoryID:   s.content.leaves[i%len(s.content.leaves)],
		UserGuideKey: s.content.guide,
		AfterSales: catalog.AfterSales{ServiceTime: i18n.Text{ZH: "工作日 9:00–18:00（北京时间）", EN: "Weekdays 9:00–18:00 (UTC+8)"}, Content: i18n.Text{ZH: "电话与邮件支持", EN: "Phone and mail"},
			Mail: "service@spruce.example", Hotline: "400-000-0000"},
		Agreement: catalog.Agreement{Kind: "template"}, PublicSale: true, RefundPolicy: "five_day",
		AddressID: s.addressID, Path: "/produceAPI", Generation: g,
		Specs: []catalog.SpecContent{
			{Name: i18n.Text{ZH: "标准版", EN: "Standard"}, Plans: []catalog.PlanContent{
				{Mode: catalog.Period, PeriodType: "month", Price: fmt.Sprintf("%d.00", 10+i%500)}, {Mode: catalog.Period, PeriodType: "year", Price: fmt.Sprintf("%d.00", 100+10*(i%500))}}},
			{Name: i18n.Text{ZH: "专业版", EN: "Professional"}, Plans: []catalog.PlanContent{{Mode: catalog.OneTime, Price: "2999.50"}}},
		},
	}
}

// release publishes products until there are n, a hundred per transaction.
func (s *stage) release(ctx context.Context, n int) error {
	for start := len(s.products); start < n; start += 100 {
		err := s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
			s.products = s.products[:start]
			for i := start; i < min(n, start+100); i++ {
				g := catalog.V1
				if i%2 == 1 {
					g = catalog.V2
				}
				c := s.contentOf(i, g)
				p, v, err := s.app.Catalog.CreateProduct(ctx, tx, s.sellerID, catalog.DeliverySaaS, c.Name)
				if err != nil {
					return err
				}
				if v, err = s.app.Catalog.SaveDraft(ctx, tx, s.sellerID, p.ID, v.Revision, c); err != nil {
					return err
				}
				a, err := s.app.Catalog.Submit(ctx, tx, s.sellerID, p.ID, v.Revision)
				if err != nil {
					return err
				}
				if _, err = s.app.Catalog.Approve(ctx, tx, a.ID, ""); err != nil {
					return err
				}
				s.products = append(s.products, p.ID)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for i, g := range []string{"V1", "V2"} {
		plan, err := db.One[string](ctx, s.app.DB, `select id from price_plans where product_id = $1 and period_type = 'month'`, s.products[i])
		if err != nil {
			return err
		}
		s.plans[g] = plan
	}
	return nil
}

func (s *stage) addBuyers(ctx context.Context) error {
	return s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		s.buyers, s.tokens = nil, nil
		for i := range maxBuyers {
			b := buyer{account: id.New("acc"), user: id.New("usr")}
			if err := write(ctx, tx, `insert into accounts (id, kind, name, real_name_state, created_at) values ($1, 'company', $2, 'verified', $3)`, b.account, fmt.Sprintf("Buyer %d", i), tx.Now); err != nil {
				return err
			}
			if err := write(ctx, tx, `insert into users (id, account_id, email, name, owner, state, created_at) values ($1, $2, $3, 'Purchaser', $4, 'active', $5)`,
				b.user, b.account, fmt.Sprintf("buyer%d@bench.example", i), true, tx.Now); err != nil {
				return err
			}
			t, err := payment.RequestTopUp(ctx, tx, payment.TopUpRequest{AccountID: b.account, UserID: b.user, Amount: money.Amount(90_000_000_00), Currency: "CNY", Payer: "Buyer"})
			if err != nil {
				return err
			}
			if _, err := payment.ConfirmTopUp(ctx, tx, t.ID, ""); err != nil {
				return err
			}
			held := []string{string(access.OrderBuy), string(access.OrderRead)}
			_, token, err := s.app.Identity.CreateToken(ctx, tx, identity.TokenOwner{Kind: "user", ID: b.user, AccountID: b.account, Held: held}, identity.NewToken{Name: "bench", Scopes: held})
			if err != nil {
				return err
			}
			s.buyers, s.tokens = append(s.buyers, b), append(s.tokens, token)
		}
		return nil
	})
}
