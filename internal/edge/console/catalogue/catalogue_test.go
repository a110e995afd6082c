package catalogue_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/id"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/catalogue"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/catalogtest"
	"jishi/internal/market/catalog/shelf"
	"jishi/internal/market/media"
)

// site is the API over a fresh database; each bearer token is one person: "seller" owns
// the prepared seller, "other" another one, "operator" reviews.
type site struct {
	t *testing.T
	m *catalogtest.Market
	h http.Handler
}

func newSite(t *testing.T, d *db.DB) *site {
	m := catalogtest.New(t, d)
	other, account, _ := m.AddSeller(t, "别家", "Another")
	dir, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	c := console.New(console.Config{DB: d, Log: slog.New(slog.DiscardHandler), Version: "test", NoLimits: true,
		TokenOf: func(_ context.Context, bearer, _ string) (access.Caller, error) {
			switch bearer {
			case "operator":
				return access.Caller{Kind: "operator", UserID: "opr_1", Name: "Reviewer", TokenID: "t", Permissions: access.Roles[access.OpsManager]}, nil
			case "products": // an operator who reviews products only
				return access.Caller{Kind: "operator", UserID: "opr_2", TokenID: "t", Permissions: access.Roles[access.ProductReviewer]}, nil
			case "shop", "clerk": // sub-users of the seller: one keeps the shop, the other has no rights at all
				c := access.Caller{Kind: "user", UserID: "usr_3", AccountID: m.Account, SellerID: m.Seller, TokenID: "t"}
				if bearer == "shop" {
					c.Permissions = []access.Permission{access.ShopWrite}
				}
				return c, nil
			case "other":
				return access.Caller{Kind: "user", UserID: "usr_2", AccountID: account, SellerID: other, TokenID: "t", Permissions: access.Seller}, nil
			}
			return access.Caller{Kind: "user", UserID: "usr_1", AccountID: m.Account, SellerID: m.Seller, TokenID: "t", Permissions: access.Seller}, nil
		}})
	s := shelf.New(d, nil, "", nil)
	m.Store.Changed = s.Changed
	catalogue.Register(c, catalogue.Deps{Catalog: m.Store, Shelf: s, Media: &media.Store{Blob: dir}})
	if _, err := c.OpenAPI(); err != nil {
		t.Fatal(err)
	}
	return &site{t, m, c.Handler()}
}

func (s *site) send(who, method, path string, body io.Reader, contentType string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v1"+path, body)
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+who)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Accept-Language", "en")
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	return w
}

// call sends JSON, wants a status and reads the answer into out.
func (s *site) call(who, method, path string, in any, want int, out any) {
	s.t.Helper()
	var body io.Reader = http.NoBody
	if in != nil {
		b, _ := json.Marshal(in)
		body = bytes.NewReader(b)
	}
	w := s.send(who, method, path, body, "application/json")
	if w.Code != want {
		s.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	if out != nil {
		if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
		}
	}
}

func (s *site) upload(who, purpose, name string, data []byte) *httptest.ResponseRecorder {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	form.WriteField("purpose", purpose)
	part, _ := form.CreateFormFile("file", name)
	part.Write(data)
	form.Close()
	return s.send(who, http.MethodPost, "/files", &b, form.FormDataContentType())
}

type view struct {
	Product catalog.Product
	Open    *catalog.Version
	Live    *catalog.Version
	Specs   []catalog.Spec
	History []catalog.HistoryRow
}

// TestFromUploadToShop walks the whole way over HTTP.
func TestFromUploadToShop(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		var logo struct{ Key, URL string }
		if w := s.upload("seller", "logo", "logo.png", catalogtest.Picture(120, 120)); w.Code != http.StatusCreated || json.Unmarshal(w.Body.Bytes(), &logo) != nil || logo.URL != "/files/"+logo.Key {
			t.Fatalf("upload: %d %s", w.Code, w.Body)
		}
		if w := s.upload("seller", "logo", "logo.png", []byte("<svg/>")); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"field":"file"`) {
			t.Errorf("bad upload: %d %s", w.Code, w.Body)
		}
		if w := s.upload("", "logo", "logo.png", catalogtest.Picture(120, 120)); w.Code != http.StatusUnauthorized {
			t.Errorf("a visitor's upload: %d", w.Code)
		}

		var v view
		s.call("seller", "POST", "/seller/products", map[string]any{"deliveryType": "saas", "name": map[string]string{"zh": "办公助手", "en": "Office helper"}}, http.StatusCreated, &v)
		base := "/seller/products/" + v.Product.ID
		var check struct {
			Complete bool
			Fields   []struct{ Field, Message string }
		}
		s.call("seller", "GET", base+"/check", nil, 200, &check)
		if check.Complete || len(check.Fields) < 10 || check.Fields[0].Message == "" {
			t.Errorf("check of an empty draft: %+v", check)
		}
		s.call("seller", "POST", base+"/submit", map[string]any{"revision": v.Open.Revision}, http.StatusUnprocessableEntity, nil)
		c := s.m.Content("办公助手", "Office helper")
		c.LogoKey = logo.Key
		var draft catalog.Version
		s.call("seller", "PUT", base+"/draft", map[string]any{"revision": v.Open.Revision, "content": c}, 200, &draft)
		s.call("seller", "PUT", base+"/draft", map[string]any{"revision": v.Open.Revision, "content": c}, http.StatusConflict, nil)
		var preview shelf.Detail
		s.call("seller", "GET", base+"/preview", nil, 200, &preview)
		if preview.Name != "Office helper" || preview.PriceFrom != "99.00" || len(preview.Specs) != 2 {
			t.Errorf("preview %+v", preview)
		}
		for _, path := range []string{base, base + "/check", base + "/preview"} {
			s.call("other", "GET", path, nil, http.StatusNotFound, nil)
		}
		var app catalog.Application
		s.call("seller", "POST", base+"/submit", map[string]any{"revision": draft.Revision}, 200, &app)
		s.call("seller", "GET", "/operator/product-reviews", nil, http.StatusForbidden, nil)

		var list struct{ Items []catalog.ApplicationRow }
		s.call("operator", "GET", "/operator/product-reviews?state=reviewing&kind=release&q=OFFICE", nil, 200, &list)
		if len(list.Items) != 1 || list.Items[0].SellerName.EN != "Spruce Software" {
			t.Fatalf("reviews %+v", list)
		}
		review := "/operator/product-reviews/" + app.ID
		s.call("operator", "POST", review+"/assign", map[string]any{"take": true}, 200, &app)
		for _, nothing := range []string{"?kind=modify", "?q=zzz", "?state=approved", "?mine=true&state=rejected", "?days=3", "?seller=sel_x"} {
			var none struct{ Total int }
			if s.call("operator", "GET", "/operator/product-reviews"+nothing, nil, 200, &none); none.Total != 0 {
				t.Errorf("%s finds %d", nothing, none.Total)
			}
		}
		for path, want := range map[string]int{"/seller/products?state=reviewing&q=office": 1, "/seller/products?open=draft": 0, "/operator/products?seller=sel_x": 0, "/operator/products?q=" + v.Product.ID: 1} {
			who, got := "seller", struct{ Total int }{}
			if strings.HasPrefix(path, "/operator") {
				who = "operator"
			}
			if s.call(who, "GET", path, nil, 200, &got); got.Total != want {
				t.Errorf("%s: %d, want %d", path, got.Total, want)
			}
		}
		s.call("operator", "POST", review+"/reject", map[string]any{"comment": "x"}, http.StatusUnprocessableEntity, nil)
		var detail struct {
			Differences []catalog.Difference
			Codes       []struct{ Text string }
		}
		s.call("operator", "GET", review, nil, 200, &detail)
		if len(detail.Differences) < 20 || len(detail.Codes) != 14 || app.Assignee != "Reviewer" {
			t.Errorf("review %d differences, %d codes", len(detail.Differences), len(detail.Codes))
		}
		s.call("", "GET", "/storefront/products/"+v.Product.ID, nil, http.StatusNotFound, nil)
		s.call("operator", "POST", review+"/approve", map[string]any{}, 200, nil)
		s.call("operator", "POST", review+"/approve", map[string]any{}, http.StatusConflict, nil)

		var shop shelf.ListBody
		s.call("", "GET", "/storefront/products?q=office&facets=true", nil, 200, &shop)
		if shop.Total != 1 || shop.Items[0].Name != "Office helper" {
			t.Errorf("shop %+v", shop)
		}
		for _, path := range []string{"/storefront/home", "/storefront/categories", "/storefront/suggest?q=off"} {
			s.call("", "GET", path, nil, 200, nil)
		}
		s.call("", "GET", "/storefront/products?sort=magic", nil, http.StatusUnprocessableEntity, nil)
		w := s.send("", "GET", "/storefront/products/"+v.Product.ID, http.NoBody, "")
		r := httptest.NewRequest("GET", "/api/v1/storefront/products/"+v.Product.ID, nil)
		r.Header.Set("Accept-Language", "en")
		r.Header.Set("If-None-Match", w.Header().Get("ETag"))
		again := httptest.NewRecorder()
		s.h.ServeHTTP(again, r)
		if w.Code != 200 || again.Code != http.StatusNotModified {
			t.Errorf("page %d, again %d", w.Code, again.Code)
		}

		// A change, compared with what is live; then penalties and a take-down.
		var change catalog.Version
		s.call("seller", "POST", base+"/draft", nil, 200, &change)
		change.Content.Name.EN = "Office helper plus"
		s.call("seller", "PUT", base+"/draft", map[string]any{"revision": change.Revision, "content": change.Content}, 200, &change)
		s.call("seller", "POST", base+"/submit", map[string]any{"revision": change.Revision}, 200, &app)
		s.call("operator", "GET", "/operator/product-reviews/"+app.ID, nil, 200, &detail)
		if len(detail.Differences) != 1 || detail.Differences[0] != (catalog.Difference{Field: "name.en", Old: "Office helper", New: "Office helper plus"}) {
			t.Errorf("differences %+v", detail.Differences)
		}
		s.call("operator", "POST", "/operator/product-reviews/"+app.ID+"/reject", map[string]any{"codes": []string{"name"}, "comment": "Too long"}, 200, nil)
		var mine struct {
			Reasons []struct{ Text string }
		}
		s.call("seller", "GET", "/seller/product-applications/"+app.ID, nil, 200, &mine)
		if len(mine.Reasons) != 1 || mine.Reasons[0].Text != "Name not acceptable" {
			t.Errorf("reasons %+v", mine)
		}
		for _, path := range []string{base, "/seller/product-applications", "/seller/product-applications/" + app.ID} {
			if w := s.send("seller", "GET", path, http.NoBody, ""); w.Code != 200 || strings.Contains(w.Body.String(), "Reviewer") || strings.Contains(w.Body.String(), "opr_1") {
				t.Errorf("%s tells a seller who reviewed: %d %s", path, w.Code, w.Body)
			}
		}
		if w := s.send("operator", "GET", "/operator/products/"+v.Product.ID, http.NoBody, ""); !strings.Contains(w.Body.String(), "Reviewer") {
			t.Errorf("operators do not see who reviewed: %s", w.Body)
		}
		s.call("operator", "POST", "/operator/products/"+v.Product.ID+"/suspend", map[string]any{"reason": "Complaints"}, 200, nil)
		s.call("operator", "POST", "/operator/products/"+v.Product.ID+"/lift", map[string]any{}, 200, nil)
		s.call("seller", "POST", base+"/requests", map[string]any{"kind": "take_down"}, http.StatusUnprocessableEntity, nil)
		s.call("seller", "POST", base+"/requests", map[string]any{"kind": "take_down", "reason": "Discontinued"}, http.StatusCreated, &app)
		s.call("operator", "POST", "/operator/product-reviews/"+app.ID+"/approve", map[string]any{"comment": "ok"}, 200, nil)
		s.call("seller", "GET", base, nil, 200, &v)
		if v.Product.State != catalog.Delisted {
			t.Errorf("state %s", v.Product.State)
		}
	})
}

func TestMarkdownPreviewIsBounded(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		var out struct{ HTML string }
		if s.call("seller", "POST", "/seller/markdown", map[string]any{"text": "**a**"}, 200, &out); out.HTML != "<p><strong>a</strong></p>\n" {
			t.Errorf("%q", out.HTML)
		}
		s.call("seller", "POST", "/seller/markdown", map[string]any{"text": strings.Repeat("[](", 100_000)}, http.StatusUnprocessableEntity, nil)
	})
}

func TestPrivateFiles(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		var f struct{ Key, URL string }
		w := s.upload("seller", "proof", "proof.pdf", []byte("%PDF-1.7\n"))
		if json.Unmarshal(w.Body.Bytes(), &f) != nil || f.Key == "" || f.URL != "" {
			t.Fatalf("%s", w.Body)
		}
		for who, want := range map[string]int{"seller": 200, "operator": 200, "other": 404, "": 401} {
			if w := s.send(who, "GET", "/files/"+f.Key, http.NoBody, ""); w.Code != want {
				t.Errorf("%s: %d, want %d", who, w.Code, want)
			}
		}
		for who, want := range map[string]int{"products": 200, "shop": 404, "clerk": 404} {
			if w := s.send(who, "GET", "/files/"+f.Key, http.NoBody, ""); w.Code != want {
				t.Errorf("proof, %s: %d, want %d", who, w.Code, want)
			}
		}
		if w := s.upload("seller", "licence", "licence.pdf", []byte("%PDF-1.7\n")); json.Unmarshal(w.Body.Bytes(), &f) != nil {
			t.Fatalf("%s", w.Body)
		}
		for who, want := range map[string]int{"seller": 200, "shop": 200, "operator": 200, "products": 404, "clerk": 404, "other": 404} {
			if w := s.send(who, "GET", "/files/"+f.Key, http.NoBody, ""); w.Code != want {
				t.Errorf("licence, %s: %d, want %d", who, w.Code, want)
			}
		}
		large := make([]byte, media.MaxBytes+1)
		copy(large, "%PDF-1.7\n")
		if w := s.upload("seller", "proof", "proof.pdf", large); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("too large: %d %s", w.Code, w.Body)
		}
	})
}

// Anybody can sign up, and files stay: an account must not fill the disk.
func TestUploadsOfADayAreBounded(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		had := func(size, age int64) {
			err := d.UpdateCtx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `insert into files (key, account_id, purpose, private, name, content_type, size, sha256, created_at)
values ($1, $2, 'guide', false, 'guide.pdf', 'application/pdf', $3, '', $4)`, id.New("fil"), s.m.Account, size, time.Now().UnixMicro()-age)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		had(1<<40, 25*3600*1e6) // yesterday's do not count
		if w := s.upload("seller", "proof", "proof.pdf", []byte("%PDF-1.7\n")); w.Code != http.StatusCreated {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		had(1<<30, 0)
		if w := s.upload("seller", "proof", "proof.pdf", []byte("%PDF-1.7\n")); w.Code != http.StatusTooManyRequests || !strings.Contains(w.Body.String(), "media.day") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		for who, want := range map[string]int{"other": http.StatusCreated, "operator": http.StatusCreated} {
			if w := s.upload(who, "proof", "proof.pdf", []byte("%PDF-1.7\n")); w.Code != want {
				t.Errorf("%s: %d %s", who, w.Code, w.Body)
			}
		}
	})
}

func TestCategoriesEditor(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.call("seller", "GET", "/operator/categories", nil, http.StatusForbidden, nil)
		var c catalog.Category
		name := map[string]string{"zh": "新类目", "en": "New category"}
		s.call("operator", "POST", "/operator/categories", map[string]any{"name": name}, http.StatusCreated, &c)
		name["en"] = "Newer"
		s.call("operator", "PUT", "/operator/categories/"+c.ID, map[string]any{"name": name, "position": 2, "version": c.Version}, 200, nil)
		s.call("operator", "PUT", "/operator/categories/"+c.ID, map[string]any{"name": name, "version": c.Version}, http.StatusConflict, nil)
		var shop shelf.CategoriesBody
		s.call("", "GET", "/storefront/categories", nil, 200, &shop)
		if !strings.Contains(fmt.Sprint(shop), "Newer") {
			t.Errorf("%+v", shop)
		}
		s.call("operator", "DELETE", "/operator/categories/"+c.ID, nil, http.StatusNoContent, nil)
		s.call("operator", "DELETE", "/operator/categories/"+c.ID, nil, http.StatusNotFound, nil)
	})
}
