package seller_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/outbound"
	"jishi/internal/base/page"
	"jishi/internal/market/seller"
)

// names is a name server of the test.
type names struct{ txt map[string][]string }

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (n names) LookupTXT(_ context.Context, name string) ([]string, error) {
	if r, ok := n.txt[name]; ok {
		return r, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// verify is what the console does: prove outside, record inside.
func (b *bundle) verify(client *outbound.Client, a seller.ProductionAddress, method string) seller.ProductionAddress {
	b.t.Helper()
	c, err := b.s.ChallengeOf(b.ctx, b.d, a.SellerID, a.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	p, err := seller.Prove(b.ctx, client, c, method)
	if err != nil {
		b.t.Fatal(err)
	}
	return must(b, func(tx *db.Tx) (seller.ProductionAddress, error) { return b.s.RecordProof(b.ctx, tx, c, p) })
}

func TestOrigins(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		add := func(origin string) (seller.ProductionAddress, error) {
			return in(b, func(tx *db.Tx) (seller.ProductionAddress, error) { return b.s.AddAddress(b.ctx, tx, id, origin) })
		}
		for _, c := range []struct{ origin, code string }{
			{"", "required"}, {"spruce.example", "outbound.url_scheme"}, {"https://saas.spruce.example/path", "outbound.url_path"},
			{"https://saas.spruce.example?x=1", "outbound.url_path"}, {"https://10.0.0.1", "outbound.url_ip"},
			{"http://localhost:8081", "outbound.url_host"}, {"https://u:p@saas.spruce.example", "outbound.url_userinfo"},
			{"https://saas.spruce.example:0", "outbound.url_port"},
		} {
			_, err := add(c.origin)
			if got := fieldCodes(err)["origin"]; got != c.code {
				t.Errorf("%q: %s, want %s (%v)", c.origin, got, c.code, err)
			}
			if !i18n.Has(c.code) {
				t.Errorf("no text for %s", c.code)
			}
		}
		a, err := add("HTTPS://SaaS.Spruce.Example:443/")
		if err != nil || a.Origin != "https://saas.spruce.example" || a.Development || len(a.Generations()) != 2 {
			t.Errorf("%+v, %v", a, err)
		}
		_, err = add("https://saas.spruce.example")
		if fieldCodes(err)["origin"] != "seller.origin_taken" {
			t.Errorf("twice: %v", err)
		}
		plain, err := add("http://saas.spruce.example")
		if err != nil || len(plain.Generations()) != 1 {
			t.Errorf("http: %v, %v", plain.Generations(), err)
		}
		b.development = true
		local, err := add("http://127.0.0.1:8081")
		if err != nil || !local.Development || len(local.Generations()) != 2 {
			t.Errorf("development: %+v, %v", local, err)
		}
		e, err := b.s.Endpoint(b.ctx, d, local.ID)
		if err != nil || !e.Development || e.Verified || e.SellerID != id || e.AccountID != b.account || !uuid4.MatchString(e.V1Key.Reveal()) || !e.V2Key.IsZero() {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		b.development = false
		if e, err = b.s.Endpoint(b.ctx, d, local.ID); err != nil || e.Development {
			t.Errorf("the switch went off: %+v, %v", e, err)
		}
	})
}

func TestVerifyByFile(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		var answer atomic.Value
		var calls atomic.Int32
		answer.Store("")
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			switch body := answer.Load().(string); {
			case r.URL.Path != seller.VerificationPath || body == "":
				http.NotFound(w, r)
			case body == "redirect":
				http.Redirect(w, r, "/other", http.StatusFound)
			default:
				w.Write([]byte(body))
			}
		}))
		defer server.Close()
		client := outbound.New(outbound.Config{})
		defer client.CloseIdle()

		b.development = true
		a := b.address(id, server.URL)
		c, err := b.s.ChallengeOf(b.ctx, d, id, a.ID)
		if err != nil || c.DNSName != "" || c.FileURL != server.URL+seller.VerificationPath {
			t.Fatalf("challenge %+v, %v", c, err)
		}
		b.development = false
		if a = b.verify(client, a, seller.ByFile); a.State != seller.Unverified || a.CheckCode != "outbound.refused_address" || calls.Load() != 0 {
			t.Fatalf("with the switch off: %s %s, %d calls", a.State, a.CheckCode, calls.Load())
		}
		b.development = true
		for _, c := range []struct{ body, code string }{
			{"", "seller.proof_status"}, {"redirect", "seller.proof_status"}, {"hello", "seller.proof_content"},
			{"jishi-verification=x" + c.Content, "seller.proof_content"},
		} {
			answer.Store(c.body)
			if a = b.verify(client, a, seller.ByFile); a.State != seller.Unverified || a.CheckCode != c.code || a.CheckText(i18n.EN) == "" {
				t.Errorf("%q: %s %s", c.body, a.State, a.CheckCode)
			}
		}
		if a = b.verify(client, a, seller.ByDNS); a.CheckCode != "seller.proof_needs_name" {
			t.Errorf("DNS of an IP address: %s", a.CheckCode)
		}
		answer.Store("\ufeff# proof\r\n" + c.Content + "\r\n")
		if a = b.verify(client, a, seller.ByFile); a.State != seller.Verified || a.Method != seller.ByFile || a.CheckCode != "" || a.VerifiedAt != today {
			t.Fatalf("verified: %+v", a)
		}
		answer.Store("")
		if a = b.verify(client, a, seller.ByFile); a.State != seller.Verified || a.CheckCode != "seller.proof_status" {
			t.Errorf("a later failure: %s %s", a.State, a.CheckCode)
		}
		if _, err := seller.Prove(b.ctx, client, c, "mail"); fieldCodes(err)["method"] != "one_of" {
			t.Errorf("unknown method: %v", err)
		}
	})
}

func TestVerifyByDNS(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		a := b.address(id, "https://saas.spruce.example:8443")
		c, err := b.s.ChallengeOf(b.ctx, d, id, a.ID)
		if err != nil || c.DNSName != "_jishi-challenge.saas.spruce.example" {
			t.Fatalf("challenge %+v, %v", c, err)
		}
		n := names{txt: map[string][]string{}}
		client := outbound.New(outbound.Config{Resolver: n})
		if a = b.verify(client, a, seller.ByDNS); a.CheckCode != "outbound.dns" {
			t.Errorf("no record: %s", a.CheckCode)
		}
		n.txt[c.DNSName] = []string{"v=other"}
		if a = b.verify(client, a, seller.ByDNS); a.CheckCode != "seller.proof_record" || !strings.Contains(a.CheckText(i18n.ZH), "1 条") {
			t.Errorf("another record: %s %s", a.CheckCode, a.CheckText(i18n.ZH))
		}
		n.txt[c.DNSName] = append(n.txt[c.DNSName], c.Content)
		if a = b.verify(client, a, seller.ByDNS); a.State != seller.Verified || a.Method != seller.ByDNS {
			t.Errorf("verified: %+v", a)
		}
	})
}

func TestProofOfARenamedAddressIsRefused(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		a := b.address(id, "https://saas.spruce.example")
		c, err := b.s.ChallengeOf(b.ctx, d, id, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		must(b, func(tx *db.Tx) (seller.ProductionAddress, error) {
			return b.s.RenameAddress(b.ctx, tx, id, a.ID, "https://bank.example")
		})
		_, err = in(b, func(tx *db.Tx) (seller.ProductionAddress, error) {
			return b.s.RecordProof(b.ctx, tx, c, seller.Proof{Method: seller.ByFile})
		})
		wantCode(t, err, "seller.address_changed")
	})
}

func TestAddressesInUse(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		a, other := b.address(id, "https://saas.spruce.example"), b.address(id, "http://v1.spruce.example")
		use := func(addressID string, g seller.Generation) error {
			_, err := in(b, func(tx *db.Tx) (seller.ProductionAddress, error) { return b.s.UseAddress(b.ctx, tx, id, addressID, g) })
			return err
		}
		confirm := func(addressID, reason string) error {
			_, err := in(b, func(tx *db.Tx) (seller.ProductionAddress, error) {
				return b.s.ConfirmAddress(b.ctx, tx, addressID, "opr_1", reason)
			})
			return err
		}
		wantCode(t, use(a.ID, seller.V2), "seller.address_unverified")
		if fieldCodes(confirm(a.ID, ""))["reason"] != "required" {
			t.Error("confirmed without a reason")
		}
		for _, v := range []seller.ProductionAddress{a, other} {
			if err := confirm(v.ID, "合同附件已载明"); err != nil {
				t.Fatal(err)
			}
		}
		wantCode(t, confirm(a.ID, "再次"), "seller.address_verified")
		wantCode(t, confirm("adr_none", "没有"), "seller.address_not_found")
		wantCode(t, use(other.ID, seller.V2), "seller.address_generation")
		if err := errors.Join(use(a.ID, seller.V2), use(other.ID, seller.V1)); err != nil {
			t.Error(err)
		}
		b.uses[a.ID] = 1
		rename := func(addressID, origin string) error {
			_, err := in(b, func(tx *db.Tx) (seller.ProductionAddress, error) {
				return b.s.RenameAddress(b.ctx, tx, id, addressID, origin)
			})
			return err
		}
		remove := func(sellerID, addressID string) error {
			_, err := in(b, func(tx *db.Tx) (bool, error) { return true, b.s.RemoveAddress(b.ctx, tx, sellerID, addressID) })
			return err
		}
		wantCode(t, rename(a.ID, "https://new.spruce.example"), "seller.address_in_use")
		wantCode(t, remove(id, a.ID), "seller.address_in_use")
		wantCode(t, remove("sel_other", other.ID), "seller.address_not_found")
		if fieldCodes(rename(other.ID, a.Origin))["origin"] != "seller.origin_taken" {
			t.Error("renamed to the origin of another address")
		}
		unsigned := must(b, func(tx *db.Tx) (seller.ProductionAddress, error) {
			return b.s.SetAcceptUnsigned(b.ctx, tx, a.ID, true, "旧系统不签名")
		})
		e, err := b.s.Endpoint(b.ctx, d, a.ID)
		if err != nil || !unsigned.AcceptUnsigned || !e.AcceptUnsigned || !e.Verified {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		all, err := b.s.AllAddresses(b.ctx, d, seller.Verified, "", "spruce", page.Query{})
		if err != nil || all.Total != 2 || all.Items[0].SellerName.EN != "Spruce Software" {
			t.Errorf("all: %+v, %v", all, err)
		}
		k := b.v2(id)
		if err := b.bind(seller.BindInput{SellerID: id, AddressID: other.ID, Category: seller.Base, KeyID: k.ID}); err != nil {
			t.Fatal(err)
		}
		if err := remove(id, other.ID); err != nil {
			t.Error(err)
		}
		if k, err = b.s.KeyOf(b.ctx, d, id, k.ID); err != nil || k.Category != "" {
			t.Errorf("the key of a removed address: %+v, %v", k, err)
		}
		_, err = b.s.Endpoint(b.ctx, d, other.ID)
		wantCode(t, err, "seller.address_not_found")
	})
}

func TestEndpointIsOneQuery(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		a := b.address(b.admitted(b.account), "https://saas.spruce.example")
		var n atomic.Int64
		if _, err := b.s.Endpoint(db.WithCounter(b.ctx, &n), d, a.ID); err != nil || n.Load() != 1 {
			t.Errorf("%d queries, %v", n.Load(), err)
		}
	})
}

// TestUseAndRemoveAtOnce proves that a product cannot come to name an address that is
// being removed.
func TestUseAndRemoveAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		a := b.address(id, "https://saas.spruce.example")
		must(b, func(tx *db.Tx) (seller.ProductionAddress, error) {
			return b.s.ConfirmAddress(b.ctx, tx, a.ID, "opr_1", "已核对")
		})
		var used, removed atomic.Bool
		b.s.Uses = func(context.Context, db.Querier, string) (int, error) {
			if used.Load() {
				return 1, nil
			}
			return 0, nil
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			err := d.Update(b.ctx, func(tx *db.Tx) error {
				if _, err := b.s.UseAddress(b.ctx, tx, id, a.ID, seller.V2); err != nil {
					return err
				}
				used.Store(true)
				return nil
			})
			if err != nil && !errs.Is(err, "seller.address_not_found") {
				t.Error(err)
			}
		})
		wg.Go(func() {
			err := d.Update(b.ctx, func(tx *db.Tx) error { return b.s.RemoveAddress(b.ctx, tx, id, a.ID) })
			removed.Store(err == nil)
			if err != nil && !errs.Is(err, "seller.address_in_use") {
				t.Error(err)
			}
		})
		wg.Wait()
		if used.Load() == removed.Load() {
			t.Errorf("used %v, removed %v", used.Load(), removed.Load())
		}
	})
}

func TestSwitches(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		a := b.address(id, "https://saas.spruce.example")
		if !reflect.DeepEqual(a.Switches, seller.DefaultSwitches()) || a.Timeout() != 20*time.Second {
			t.Errorf("a new address: %+v", a.Switches)
		}
		set := func(sellerID string, to seller.Switches) (seller.ProductionAddress, error) {
			return in(b, func(tx *db.Tx) (seller.ProductionAddress, error) {
				return b.s.SetSwitches(b.ctx, tx, sellerID, a.ID, to)
			})
		}
		for name, c := range map[string]struct {
			change      func(*seller.Switches)
			field, code string
		}{
			"no time":     {func(s *seller.Switches) { s.TimeoutSeconds = 0 }, "timeoutSeconds", "range"},
			"too long":    {func(s *seller.Switches) { s.TimeoutSeconds = 61 }, "timeoutSeconds", "range"},
			"case":        {func(s *seller.Switches) { s.HexCase = "Upper" }, "hexCase", "one_of"},
			"productInfo": {func(s *seller.Switches) { s.ProductInfo = "" }, "productInfo", "required"},
			"unknown":     {func(s *seller.Switches) { s.Suppress = []string{"skuCode", "sku"} }, "suppress[1]", "seller.suppress_unknown"},
			"mandatory":   {func(s *seller.Switches) { s.Suppress = []string{"orderId"} }, "suppress[0]", "seller.suppress_mandatory"},
			"protocol":    {func(s *seller.Switches) { s.Suppress = []string{"timeStamp"} }, "suppress[0]", "seller.suppress_mandatory"},
		} {
			s := seller.DefaultSwitches()
			c.change(&s)
			_, err := set(id, s)
			if got := fieldCodes(err)[c.field]; got != c.code || !i18n.Has(c.code) {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		want := seller.Switches{HexCase: seller.LowerHex, ProductInfo: seller.ProductInfoObject, Suppress: []string{"skuCode", "trialFlag"}, TimeoutSeconds: 60}
		given := want
		given.Suppress = []string{"trialFlag", "skuCode", "trialFlag"}
		_, err := set("sel_other", given)
		wantCode(t, err, "seller.address_not_found")
		for range 2 {
			if got, err := set(id, given); err != nil || !reflect.DeepEqual(got.Switches, want) {
				t.Errorf("%+v, %v", got.Switches, err)
			}
		}
		if n, err := db.One[int](b.ctx, d, `select count(*) from audit_log where action = 'seller.address.switches'`); err != nil || n != 1 {
			t.Errorf("%d audit entries of one change, %v", n, err)
		}
		e, err := b.s.Endpoint(b.ctx, d, a.ID)
		if err != nil || !reflect.DeepEqual(e.Switches, want) || e.Timeout() != time.Minute || !e.Variant().LowerHex || !e.Variant().ProductInfoObject {
			t.Errorf("endpoint: %+v, %v", e.Switches, err)
		}
		override := func(addressID, reason string) (seller.ProductionAddress, error) {
			return in(b, func(tx *db.Tx) (seller.ProductionAddress, error) {
				return b.s.OverrideSwitches(b.ctx, tx, addressID, seller.DefaultSwitches(), reason)
			})
		}
		_, err = override(a.ID, "")
		if fieldCodes(err)["reason"] != "required" {
			t.Errorf("without a reason: %v", err)
		}
		_, err = override("adr_none", "no such address")
		wantCode(t, err, "seller.address_not_found")
		if got, err := override(a.ID, "the server was replaced"); err != nil || !reflect.DeepEqual(got.Switches, seller.DefaultSwitches()) {
			t.Errorf("%+v, %v", got.Switches, err)
		}
		all, err := b.s.AllAddresses(b.ctx, d, "", id, "", page.Query{})
		if err != nil || !reflect.DeepEqual(all.Items[0].Switches, seller.DefaultSwitches()) {
			t.Errorf("%+v, %v", all.Items, err)
		}
	})
}

func TestOrderNotificationHoldsItsAddress(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		a := b.address(id, "https://saas.spruce.example")
		plain := b.address(id, "http://saas.spruce.example")
		set := func(addressID string) error {
			_, err := in(b, func(tx *db.Tx) (seller.OrderNotification, error) {
				return b.s.SetOrderNotification(b.ctx, tx, seller.NotifyInput{SellerID: id, AddressID: addressID, Path: "/notices?a=1"})
			})
			return err
		}
		wantCode(t, set(a.ID), "seller.address_unverified")
		for _, x := range []string{a.ID, plain.ID} {
			must(b, func(tx *db.Tx) (seller.ProductionAddress, error) {
				return b.s.ConfirmAddress(b.ctx, tx, x, "opr_1", "seen")
			})
		}
		wantCode(t, set(plain.ID), "seller.address_generation") // https is a must
		if err := set(a.ID); err != nil {
			t.Fatal(err)
		}
		_, err := in(b, func(tx *db.Tx) (bool, error) { return true, b.s.RemoveAddress(b.ctx, tx, id, a.ID) })
		wantCode(t, err, "seller.address_notified")
		first, second := b.v2(id), b.v2(id)
		bind := seller.BindInput{SellerID: id, AddressID: a.ID, Category: seller.General, KeyID: first.ID}
		if err := b.bind(bind); err != nil {
			t.Fatal(err)
		}
		bind.KeyID = second.ID
		wantCode(t, b.bind(bind), "seller.binding_notified")
		bind.Confirmed = true
		if err := b.bind(bind); err != nil {
			t.Fatal(err)
		}
		if e, err := b.s.Endpoint(b.ctx, d, a.ID); err != nil || e.GeneralKeyID != second.ID || e.GeneralKey.Reveal() == "" || e.V2KeyID != "" {
			t.Errorf("%+v, %v", e, err)
		}
		must(b, func(tx *db.Tx) (bool, error) { return true, b.s.StopOrderNotification(b.ctx, tx, id) })
		must(b, func(tx *db.Tx) (bool, error) { return true, b.s.RemoveAddress(b.ctx, tx, id, a.ID) })
	})
}
