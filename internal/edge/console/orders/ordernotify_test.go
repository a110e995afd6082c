package orders_test

import (
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/trade/tradetest"
)

func TestOrderNotificationSettings(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		const path = "/seller/order-notification"
		off := a.want(200, "", "seller", "GET", path, nil)
		kinds := map[string]any{}
		for _, k := range off["kinds"].([]any) {
			kinds[k.(map[string]any)["kind"].(string)] = k.(map[string]any)["on"]
		}
		if off["configured"] != false || kinds["saas"] != true || kinds["image"] != false {
			t.Errorf("before: %v", off)
		}
		a.want(403, "access.denied", "buyer", "GET", path, nil)
		a.want(403, "access.no_seller", "other", "GET", path, nil)
		a.want(409, "seller.notify_off", "seller", "DELETE", path, nil)
		a.want(409, "seller.notify_off", "seller", "POST", path+"/debug", map[string]string{"orderId": "1", "orderLineId": "1"})
		in := map[string]any{"addressId": a.Address, "path": "/notices"}
		a.want(403, "access.denied", "buyer", "PUT", path, in)
		a.want(404, "seller.address_not_found", "rival", "PUT", path, in)
		a.want(409, "seller.address_unverified", "seller", "PUT", path, in)
		a.Notify(nil) // verifies the address, binds a key
		for _, bad := range []map[string]any{
			{"addressId": a.Address, "path": "notices"}, {"addressId": a.Address, "path": "//other.example/x"}, {"addressId": a.Address, "path": "/x#y"},
			{"addressId": a.Address, "path": "/x", "kinds": map[string]bool{"shoes": true}},
		} {
			if got, out := a.again("seller", "PUT", path, bad); got != 422 || out["code"] != "invalid" {
				t.Errorf("%v: %d %v", bad, got, out)
			}
		}
		in["kinds"] = map[string]bool{"image": true}
		got, on := a.again("seller", "PUT", path, in)
		if got != 200 || on["configured"] != true || on["keyId"] == "" || on["case"] != nil || on["origin"] == "" {
			t.Errorf("set: %d %v", got, on)
		}
		a.Serve(tradetest.Raw(200, "application/json", `{"resultCode":"000002","resultMsg":"no such order"}`))
		debug := map[string]string{"orderId": "MOCKPERIODYEARNEW", "orderLineId": "MOCKPERIODYEARNEW-000001"}
		a.want(403, "access.denied", "viewer", "POST", path+"/debug", debug)
		run := a.want(200, "", "seller", "POST", path+"/debug", debug)
		if try := run["attempt"].(map[string]any); run["succeeded"] != false || run["saved"] != false || try["problem"].(map[string]any)["message"] == "" || try["curl"] == "" {
			t.Errorf("run: %v", run)
		}
		a.Serve(tradetest.Raw(200, "application/json", `{"resultCode":"000000"}`))
		if got, run = a.again("seller", "POST", path+"/debug", debug); got != 200 || run["saved"] != true || run["settings"].(map[string]any)["case"].(map[string]any)["holds"] != true {
			t.Errorf("run: %d %v", got, run)
		}
		a.want(204, "", "seller", "DELETE", path, nil)
		if after := a.want(200, "", "seller", "GET", path, nil); after["configured"] != false || after["case"] != nil {
			t.Errorf("after: %v", after)
		}
		if n := a.Count(`select count(*) from audit_log where action like 'seller.order_notification.%'`); n != 3 {
			t.Errorf("%d audit entries, want 3", n)
		}
	})
}
