package sellers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/outbound"
	"jishi/internal/base/secret"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/sellers"
	"jishi/internal/market/access"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
)

// site is the API over a fresh database; each bearer token is one person.
type site struct {
	t     *testing.T
	d     *db.DB
	s     *seller.Store
	files *media.Store
	h     http.Handler
}

func newSite(t *testing.T, d *db.DB) *site {
	t.Helper()
	box, err := secret.NewBox(secret.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	dir, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	s := &site{t: t, d: d, files: &media.Store{Blob: dir}}
	s.s = &seller.Store{Box: box, Development: func(context.Context) (bool, error) { return true, nil }}
	c := console.New(console.Config{DB: d, Log: slog.New(slog.DiscardHandler), Version: "test", NoLimits: true, TokenOf: s.caller})
	client := outbound.New(outbound.Config{Resolver: noNames{}})
	t.Cleanup(client.CloseIdle)
	sellers.Register(c, sellers.Deps{Sellers: s.s, Media: s.files, Client: client})
	s.h = c.Handler()
	for _, account := range []string{"acc_1", "acc_2"} {
		s.update(func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `insert into accounts (id, kind, name, real_name_state, real_name, created_at) values ($1, 'company', 'x', 'verified', '云杉软件有限公司', 1)`, account)
			return err
		})
	}
	return s
}

func (s *site) update(fn func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	if err := s.d.UpdateCtx(context.Background(), fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) caller(ctx context.Context, bearer, _ string) (access.Caller, error) {
	if bearer == "operator" {
		return access.Caller{Kind: "operator", UserID: "opr_1", Name: "Reviewer", TokenID: "t", Permissions: access.Roles[access.OpsManager]}, nil
	}
	c := access.Caller{Kind: "user", UserID: "usr_" + bearer, AccountID: "acc_" + bearer, TokenID: "t", Owner: true, Permissions: access.Seller}
	v, ok, err := s.s.OfAccount(ctx, s.d, c.AccountID)
	if ok {
		c.SellerID = v.ID
	}
	if bearer == "stranger" {
		return access.Caller{}, errs.Unauthenticatedf("access.bad_token")
	}
	return c, err
}

func (s *site) upload(account, purpose string) string {
	s.t.Helper()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 168, 80))); err != nil {
		s.t.Fatal(err)
	}
	f, err := s.files.Put(context.Background(), media.Upload{AccountID: account, Purpose: purpose, Name: purpose + ".png", Content: &picture})
	if err != nil {
		s.t.Fatal(err)
	}
	s.update(func(ctx context.Context, tx *db.Tx) error { return s.files.Record(ctx, tx, f) })
	return f.Key
}

// noNames knows no name: tests do not ask the network.
type noNames struct{}

func (noNames) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (noNames) LookupTXT(_ context.Context, name string) ([]string, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

type answer map[string]any

func (a answer) at(path string) any {
	var v any = map[string]any(a)
	for key := range strings.SplitSeq(path, ".") {
		switch node := v.(type) {
		case map[string]any:
			v = node[key]
		case []any:
			var i int
			fmt.Sscan(key, &i)
			if i >= len(node) {
				return nil
			}
			v = node[i]
		default:
			return nil
		}
	}
	return v
}

func (s *site) call(who, method, path string, body any, want int) answer {
	s.t.Helper()
	raw, _ := json.Marshal(body)
	r := httptest.NewRequest(method, "http://site.example/api/v1"+path, bytes.NewReader(raw))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", "en")
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+who)
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	if w.Code != want {
		s.t.Fatalf("%s %s: %d %s, want %d", method, path, w.Code, w.Body, want)
	}
	out := answer{}
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			s.t.Fatal(err)
		}
	}
	return out
}

func (s *site) form() map[string]any {
	return map[string]any{
		"name": map[string]string{"zh": "云杉软件", "en": "Spruce Software"}, "website": "ftp://spruce.example",
		"logoKey": s.upload("acc_1", media.Logo), "licenceKey": s.upload("acc_1", media.Licence),
		"founded": "2019-03-01", "years": "5_10", "staff": "50_199", "capital": map[string]string{"amount": "1000000", "currency": "CNY"},
		"contact":      map[string]string{"name": "Business desk", "phone": "+86 10 5555 0100", "email": "business@spruce.example"},
		"address":      map[string]string{"country": "CN", "province": "浙江省", "city": "杭州市", "detail": "文三路 100 号", "postcode": "310000"},
		"servicePhone": "400-555-0100", "serviceEmail": "service@spruce.example",
		"introduction": map[string]string{"zh": strings.Repeat("专注企业协同与客户管理软件。", 5), "en": ""},
	}
}

func TestFromApplicationToVerifiedAddress(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.call("", "GET", "/seller/application", nil, 401)
		if a := s.call("1", "GET", "/seller/application", nil, 200); a.at("editable") != true || a.at("progress.0.done") != true || a.at("agreements.0.title") != "Seller cooperation agreement" || a.at("application") != nil {
			t.Errorf("before: %v", a)
		}
		s.call("1", "GET", "/seller/profile", nil, 403)
		form := s.form()
		saved := s.call("1", "PUT", "/seller/application", form, 200)
		id := saved.at("id").(string)
		submit := map[string]any{"agreements": []string{"cooperation", "management"}}
		if p := s.call("1", "POST", "/seller/application/"+id+"/submit", submit, 422); p.at("fields.0.field") != "website" || p.at("fields.0.message") == "" {
			t.Errorf("bad website: %v", p)
		}
		form["website"] = "http://127.0.0.1:9/"
		s.call("1", "PUT", "/seller/application", form, 200)
		s.call("2", "POST", "/seller/application/"+id+"/submit", submit, 404)
		if p := s.call("1", "POST", "/seller/application/"+id+"/submit", submit, 422); p.at("fields.0.code") != "seller.website" {
			t.Errorf("an IP address as website: %v", p)
		}
		form["website"] = "https://www.spruce.example/"
		s.call("1", "PUT", "/seller/application", form, 200)
		sent := s.call("1", "POST", "/seller/application/"+id+"/submit", submit, 200)
		if sent.at("state") != "reviewing" || sent.at("websiteProbe") == "" || sent.at("submittedAt") == nil {
			t.Errorf("submitted: %v", sent)
		}
		if p := s.call("1", "PUT", "/seller/application", form, 409); p.at("state") != "reviewing" {
			t.Errorf("edit under review: %v", p)
		}
		s.call("1", "GET", "/seller/application/"+id+"/licence", nil, 200)
		s.call("2", "GET", "/seller/application/"+id+"/licence", nil, 404)

		s.call("1", "GET", "/operator/seller-applications", nil, 403)
		list := s.call("operator", "GET", "/operator/seller-applications?state=reviewing&q=spruce", nil, 200)
		if list.at("total") != 1.0 || list.at("items.0.name") != "Spruce Software" || list.at("items.0.dueAt") == nil {
			t.Errorf("work-list: %v", list)
		}
		review := s.call("operator", "GET", "/operator/seller-applications/"+id, nil, 200)
		if review.at("checks.1.computed") != "met" || review.at("checks.1.title") != "Founded at least one year ago" {
			t.Errorf("review: %v", review.at("checks"))
		}
		s.call("operator", "GET", "/operator/seller-applications/"+id+"/licence", nil, 200)
		decision := map[string]any{"version": review.at("application.version"), "checks": []string{"lawful"}}
		s.call("operator", "POST", "/operator/seller-applications/"+id+"/approve", decision, 422)
		decision["checks"] = []string{"lawful", "age", "capital", "staff", "service_hours", "website", "address"}
		if v := s.call("operator", "POST", "/operator/seller-applications/"+id+"/approve", decision, 200); v.at("application.state") != "approved" || v.at("checks.0.ticked") != true {
			t.Errorf("approved: %v", v)
		}
		s.call("operator", "POST", "/operator/seller-applications/"+id+"/approve", decision, 409)
		if v := s.call("1", "GET", "/seller/application", nil, 200); strings.Contains(fmt.Sprint(v), "Reviewer") || strings.Contains(fmt.Sprint(v), "opr_1") {
			t.Errorf("an applicant is told who reviewed: %v", v)
		}
		if v := s.call("operator", "GET", "/operator/seller-applications/"+id, nil, 200); !strings.Contains(fmt.Sprint(v), "Reviewer") {
			t.Errorf("operators do not see who reviewed: %v", v)
		}
		s.keysAndAddresses()
	})
}

func (s *site) keysAndAddresses() {
	t := s.t
	t.Helper()
	profile := s.call("1", "GET", "/seller/profile", nil, 200)
	sellerID := profile.at("id").(string)
	keys := s.call("1", "GET", "/seller/keys", nil, 200)
	v1 := keys.at("items.0.id").(string)
	if keys.at("items.0.generation") != "v1" || keys.at("items.0.secret") != nil {
		t.Errorf("keys: %v", keys)
	}
	if r := s.call("1", "POST", "/seller/keys/"+v1+"/reveal", nil, 200); len(r.at("value").(string)) != 36 {
		t.Errorf("reveal: %v", r)
	}
	s.call("2", "POST", "/seller/keys/"+v1+"/reveal", nil, 403)
	key := s.call("1", "POST", "/seller/keys", map[string]string{"name": "main"}, 200).at("id").(string)

	var content string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, content) }))
	defer server.Close()
	added := s.call("1", "POST", "/seller/addresses", map[string]string{"origin": server.URL}, 200)
	id := added.at("id").(string)
	if p := s.call("1", "POST", "/seller/addresses", map[string]string{"origin": server.URL + "/path"}, 422); p.at("fields.0.code") != "outbound.url_path" {
		t.Errorf("with a path: %v", p)
	}
	if v := s.call("1", "POST", "/seller/addresses/"+id+"/verify", map[string]string{"method": "file"}, 200); v.at("state") != "unverified" || v.at("checkText") == "" {
		t.Errorf("not yet proven: %v", v)
	}
	content = s.call("1", "GET", "/seller/addresses/"+id, nil, 200).at("challenge.content").(string)
	if v := s.call("1", "POST", "/seller/addresses/"+id+"/verify", map[string]string{"method": "file"}, 200); v.at("state") != "verified" || v.at("checkText") != "" {
		t.Errorf("proven: %v", v)
	}
	bound := s.call("1", "PUT", "/seller/addresses/"+id+"/keys/base", map[string]string{"keyId": key}, 200)
	if bound.at("bindings.0.keyId") != key {
		t.Errorf("bound: %v", bound)
	}
	if p := s.call("1", "PUT", "/seller/addresses/"+id+"/keys/general", map[string]string{"keyId": key}, 409); p.at("code") != "seller.key_category" {
		t.Errorf("two categories: %v", p)
	}
	s.switches(id)
	if list := s.call("operator", "GET", "/operator/addresses?state=verified", nil, 200); list.at("total") != 1.0 || list.at("items.0.sellerName") != "Spruce Software" {
		t.Errorf("operators' addresses: %v", list)
	}
	if shop := s.call("", "GET", "/shops/"+sellerID, nil, 200); shop.at("name") != "Spruce Software" || !strings.HasPrefix(shop.at("logoUrl").(string), "/files/") {
		t.Errorf("shop: %v", shop)
	}
	if v := s.call("operator", "POST", "/operator/sellers/"+sellerID+"/suspend", map[string]string{"reason": "unanswered mail"}, 200); v.at("seller.state") != "suspended" || v.at("addresses.0.state") != "verified" {
		t.Errorf("suspended: %v", v)
	}
	s.call("", "GET", "/shops/"+sellerID, nil, 404)
	s.call("1", "DELETE", "/seller/addresses/"+id, nil, 204)
}

// switches: the seller sets his own, operators set any with a reason; only they let answers go unsigned.
func (s *site) switches(id string) {
	t := s.t
	t.Helper()
	want := map[string]any{"hexCase": "lower", "productInfo": "object", "suppress": []string{"skuCode"}, "timeoutSeconds": 5}
	path := "/seller/addresses/" + id
	if v := s.call("1", "PUT", path+"/switches", want, 200); v.at("switches.hexCase") != "lower" || v.at("switches.timeoutSeconds") != 5.0 || v.at("acceptUnsigned") != false {
		t.Errorf("switches: %v", v)
	}
	if v := s.call("1", "GET", path, nil, 200); v.at("switches.suppress.0") != "skuCode" || !strings.Contains(fmt.Sprint(v.at("suppressible")), "trialFlag") {
		t.Errorf("address: %v", v)
	}
	bad := map[string]any{"hexCase": "lower", "productInfo": "object", "suppress": []string{"orderId"}, "timeoutSeconds": 90}
	if p := s.call("1", "PUT", path+"/switches", bad, 422); p.at("fields.1.message") != "orderId is mandatory and is always sent" {
		t.Errorf("bad switches: %v", p)
	}
	s.call("2", "PUT", path+"/switches", want, 403)
	s.call("operator", "PUT", path+"/switches", want, 403)
	override := map[string]any{"switches": want, "reason": "asked for by mail"}
	s.call("1", "PUT", "/operator/addresses/"+id+"/switches", override, 403)
	s.call("1", "GET", "/operator/addresses/"+id, nil, 403)
	s.call("1", "PUT", "/operator/addresses/"+id+"/unsigned", map[string]any{"acceptUnsigned": true, "reason": "mine"}, 403)
	want["timeoutSeconds"] = 30
	if v := s.call("operator", "PUT", "/operator/addresses/"+id+"/switches", override, 200); v.at("switches.timeoutSeconds") != 30.0 {
		t.Errorf("overridden: %v", v)
	}
	if v := s.call("operator", "GET", "/operator/addresses/"+id, nil, 200); v.at("switches.hexCase") != "lower" || v.at("suppressible") == nil {
		t.Errorf("operator's address: %v", v)
	}
	override["reason"] = ""
	s.call("operator", "PUT", "/operator/addresses/"+id+"/switches", override, 422)
}
