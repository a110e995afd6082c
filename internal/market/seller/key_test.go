package seller_test

import (
	"regexp"
	"sync"
	"sync/atomic"
	"testing"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
	"jishi/internal/market/seller"
)

var uuid4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func (b *bundle) reveal(sellerID, keyID string) (string, error) {
	return in(b, func(tx *db.Tx) (string, error) { return b.s.RevealKey(b.ctx, tx, sellerID, keyID) })
}

func (b *bundle) v2(sellerID string) seller.Key {
	b.t.Helper()
	return must(b, func(tx *db.Tx) (seller.Key, error) { return b.s.CreateKey(b.ctx, tx, sellerID, "生产密钥") })
}

func (b *bundle) address(sellerID, origin string) seller.ProductionAddress {
	b.t.Helper()
	return must(b, func(tx *db.Tx) (seller.ProductionAddress, error) { return b.s.AddAddress(b.ctx, tx, sellerID, origin) })
}

func (b *bundle) bind(i seller.BindInput) error {
	_, err := in(b, func(tx *db.Tx) (bool, error) { return true, b.s.Bind(b.ctx, tx, i) })
	return err
}

func TestV1Key(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		k, err := b.s.V1Key(b.ctx, d, id)
		if err != nil {
			t.Fatal(err)
		}
		first, err := b.reveal(id, k.ID)
		if err != nil || !uuid4.MatchString(first) {
			t.Fatalf("V1 key %q, %v", first, err)
		}
		log, err := audit.List(b.ctx, d, audit.Filter{Action: "seller.key.reveal", ObjectID: k.ID}, page.Query{})
		if err != nil || log.Total != 1 {
			t.Errorf("%d reveals in the audit log, %v", log.Total, err)
		}
		_, err = b.reveal("sel_other", k.ID)
		wantCode(t, err, "seller.key_not_found")
		_, err = in(b, func(tx *db.Tx) (seller.Key, error) { return b.s.DisableKey(b.ctx, tx, id, k.ID) })
		wantCode(t, err, "seller.key_v1")
		renewed := must(b, func(tx *db.Tx) (seller.Key, error) { return b.s.RenewV1Key(b.ctx, tx, id) })
		second, err := b.reveal(id, renewed.ID)
		if err != nil || second == first {
			t.Errorf("renewed %q, %v", second, err)
		}
	})
}

func TestBindings(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		a1, a2 := b.address(id, "https://saas.spruce.example"), b.address(id, "https://api.spruce.example:8443")
		k1, k2 := b.v2(id), b.v2(id)
		ok := func(i seller.BindInput) {
			t.Helper()
			i.SellerID = id
			if err := b.bind(i); err != nil {
				t.Fatal(err)
			}
		}
		refused := func(code string, i seller.BindInput) {
			t.Helper()
			i.SellerID = id
			wantCode(t, b.bind(i), code)
		}
		ok(seller.BindInput{AddressID: a1.ID, Category: seller.Base, KeyID: k1.ID})
		ok(seller.BindInput{AddressID: a1.ID, Category: seller.Base, KeyID: k1.ID})
		ok(seller.BindInput{AddressID: a2.ID, Category: seller.Base, KeyID: k1.ID})
		refused("seller.key_category", seller.BindInput{AddressID: a1.ID, Category: seller.General, KeyID: k1.ID})
		refused("seller.key_category", seller.BindInput{AddressID: a2.ID, Category: seller.Joint, KeyID: k1.ID})
		refused("seller.key_not_found", seller.BindInput{AddressID: a2.ID, Category: seller.Joint, KeyID: "key_none"})
		refused("seller.address_not_found", seller.BindInput{AddressID: "adr_none", Category: seller.Joint, KeyID: k2.ID})
		refused("invalid", seller.BindInput{AddressID: a1.ID, Category: "other", KeyID: k2.ID})
		v1, _ := b.s.V1Key(b.ctx, d, id)
		refused("seller.key_v1", seller.BindInput{AddressID: a1.ID, Category: seller.Joint, KeyID: v1.ID})

		_, err := in(b, func(tx *db.Tx) (seller.Key, error) { return b.s.DisableKey(b.ctx, tx, id, k1.ID) })
		wantCode(t, err, "seller.key_in_use")

		b.uses[a1.ID] = 2
		refused("seller.binding_in_use", seller.BindInput{AddressID: a1.ID, Category: seller.Base, KeyID: k2.ID})
		ok(seller.BindInput{AddressID: a1.ID, Category: seller.Base, KeyID: k2.ID, Confirmed: true})
		e, err := b.s.Endpoint(b.ctx, d, a1.ID)
		secret, _ := b.reveal(id, k2.ID)
		if err != nil || e.V2KeyID != k2.ID || e.V2Key.Reveal() != secret || secret == "" {
			t.Errorf("endpoint %+v, %v", e, err)
		}

		// A key that is bound nowhere any more is free for another category.
		ok(seller.BindInput{AddressID: a2.ID, Category: seller.Base})
		ok(seller.BindInput{AddressID: a2.ID, Category: seller.General, KeyID: k1.ID})
		ok(seller.BindInput{AddressID: a2.ID, Category: seller.General})
		k := must(b, func(tx *db.Tx) (seller.Key, error) { return b.s.DisableKey(b.ctx, tx, id, k1.ID) })
		if k.State != "disabled" {
			t.Errorf("disabled: %+v", k)
		}
		_, err = in(b, func(tx *db.Tx) (seller.Key, error) { return b.s.DisableKey(b.ctx, tx, id, k1.ID) })
		wantCode(t, err, "seller.key_disabled")
		refused("seller.key_disabled", seller.BindInput{AddressID: a2.ID, Category: seller.General, KeyID: k1.ID})
		list, err := b.s.Bindings(b.ctx, d, id, "")
		if err != nil || len(list) != 1 || list[0].KeyID != k2.ID {
			t.Errorf("bindings %+v, %v", list, err)
		}
	})
}

func TestOneKeyIsNotGivenToTwoCategoriesAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		k := b.v2(id)
		var done atomic.Int32
		var wg sync.WaitGroup
		for i, c := range seller.Categories {
			a := b.address(id, "https://"+string(rune('a'+i))+".spruce.example")
			wg.Go(func() {
				if err := b.bind(seller.BindInput{SellerID: id, AddressID: a.ID, Category: c, KeyID: k.ID}); err == nil {
					done.Add(1)
				} else if !errs.Is(err, "seller.key_category") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 {
			t.Errorf("bound to %d categories", done.Load())
		}
	})
}

func TestProgress(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		done := func() (out []string) {
			list, err := b.s.ProgressOf(b.ctx, d, b.account)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range list {
				if p.Done {
					out = append(out, p.Code)
				}
			}
			return out
		}
		if got := done(); len(got) != 1 || got[0] != "real_name" {
			t.Errorf("before: %v", got)
		}
		id := b.admitted(b.account)
		a := b.address(id, "https://saas.spruce.example")
		if got := done(); len(got) != 3 {
			t.Errorf("admitted, with an address: %v", got)
		}
		if err := b.bind(seller.BindInput{SellerID: id, AddressID: a.ID, Category: seller.Base, KeyID: b.v2(id).ID}); err != nil {
			t.Fatal(err)
		}
		must(b, func(tx *db.Tx) (seller.ProductionAddress, error) {
			return b.s.ConfirmAddress(b.ctx, tx, a.ID, "opr_1", "合同附件已载明")
		})
		must(b, func(tx *db.Tx) ([]seller.ContactGroup, error) {
			return b.s.SetContactGroups(b.ctx, tx, id, []seller.ContactGroup{{Name: "售后", Phone: "400-555-0101", Email: "care@spruce.example", Hours: "5×8"}})
		})
		if got := done(); len(got) != 6 {
			t.Errorf("all: %v", got)
		}
	})
}
