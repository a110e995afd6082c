package sellers_test

import (
	"context"
	"log/slog"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/secret"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/sellers"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

func TestAccessKeysOfTheOpenAPI(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		box, err := secret.NewBox(secret.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		people := &identity.Store{Box: box}
		callers := map[string]access.Caller{
			"owner":    {AccountID: "acc_1", SellerID: "sel_1", Permissions: append([]access.Permission{access.AccountManage}, access.Seller...)},
			"helper":   {AccountID: "acc_1", SellerID: "sel_1", Permissions: access.Seller},
			"reader":   {AccountID: "acc_1", SellerID: "sel_1", Permissions: []access.Permission{access.AddressRead}},
			"rival":    {AccountID: "acc_2", SellerID: "sel_2", Permissions: append([]access.Permission{access.AccountManage}, access.Seller...)},
			"customer": {AccountID: "acc_2", Permissions: append(append([]access.Permission{}, access.Buyer...), access.Seller...)},
		}
		c := console.New(console.Config{DB: d, Log: slog.New(slog.DiscardHandler), Version: "test", NoLimits: true,
			TokenOf: func(_ context.Context, bearer, _ string) (access.Caller, error) {
				who := callers[bearer]
				who.Kind, who.UserID, who.TokenID = "user", "usr_"+bearer, "tok"
				return who, nil
			}})
		sellers.Register(c, sellers.Deps{Sellers: s.s, Identity: people, Media: s.files})
		s.h = c.Handler()

		const path = "/seller/access-keys"
		name := map[string]string{"name": "Order service"}
		s.call("customer", "POST", path, name, 403)
		s.call("customer", "GET", path, nil, 403)
		s.call("helper", "POST", path, name, 403)
		if p := s.call("owner", "POST", path, map[string]string{"name": ""}, 422); p.at("fields.0.field") != "name" {
			t.Errorf("without a name: %v", p)
		}
		made := s.call("owner", "POST", path, name, 201)
		id, ak, secretKey := made.at("id").(string), made.at("accessKey").(string), made.at("secretKey").(string)
		if k, err := people.SignerOf(context.Background(), d, ak); err != nil || k.SecretKey != secretKey {
			t.Errorf("%+v, %v", k, err)
		}
		list := s.call("reader", "GET", path, nil, 200)
		if list.at("total") != 1.0 || list.at("items.0.accessKey") != ak || list.at("items.0.secretKey") != nil || list.at("items.0.secret") != nil || list.at("items.0.usedAt") != nil {
			t.Errorf("list: %v", list)
		}
		if list := s.call("rival", "GET", path, nil, 200); list.at("total") != 0.0 {
			t.Errorf("another seller sees %v", list)
		}
		s.call("rival", "POST", path+"/"+id+"/disable", nil, 404)
		s.call("reader", "POST", path+"/"+id+"/disable", nil, 403)
		if k := s.call("helper", "POST", path+"/"+id+"/disable", nil, 200); k.at("state") != "disabled" || k.at("disabledAt") == nil {
			t.Errorf("disabled: %v", k)
		}
		s.call("owner", "POST", path+"/"+id+"/disable", nil, 404)
	})
}
