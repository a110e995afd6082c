package trade_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/outbound"
	"jishi/internal/edge/koogallery"
	"jishi/internal/market/catalog"
	"jishi/internal/market/integration"
	"jishi/internal/market/probing"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
	"jishi/wire/saas"
)

// A probe runs the saved cases of what is sold against the seller's own server.
func TestAProbeRunsTheSavedCases(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newProbes(t, d, "Asia/Shanghai")
		ctx := audit.WithActor(context.Background(), audit.Actor{Kind: "user", ID: "usr_seller", Name: "Seller"})
		exec := func(text string, args ...any) {
			t.Helper()
			b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, text, args...) })
		}
		exec(`update production_addresses set state = 'verified'`)
		exec(`update product_versions set content = $1 where product_id = $2`,
			`{"pictures":["pic"],"addressId":"`+b.Address+`","path":"/produceAPI","generation":"V1","specs":[{"plans":[{"mode":"PERIOD","periodType":"month"}]}]}`, b.product)
		client := outbound.New(outbound.Config{})
		t.Cleanup(client.CloseIdle)
		store := &integration.Store{DB: d, Sellers: b.Trade.Sellers, Settings: b.Trade.Settings, Caller: &koogallery.Debugger{Client: client}}
		b.Trade.RunCases = trade.SavedCases(d, &catalog.Store{Sellers: b.Trade.Sellers, Integration: store}, store)
		probe := func() probing.Run {
			t.Helper()
			var asked probing.Run
			b.Clock.Advance(time.Second)
			b.Update(func(tx *db.Tx) (err error) {
				asked, err = b.Trade.ProbeNow(ctx, tx, b.product, "Operator")
				return err
			})
			if n := b.work(); n != 1 {
				t.Fatalf("%d jobs", n)
			}
			r, err := probing.FindRun(ctx, d, asked.ID, b.Seller)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}

		if r := probe(); r.State != probing.Skipped || r.Reason != probing.SkipCases {
			t.Errorf("without cases: %s %s", r.State, r.Reason)
		}
		good := tradetest.InstanceBody("i-1")
		b.Serve(tradetest.WithHeader("Body-Sign", saas.SignBody(b.V1Key, []byte(good)), tradetest.Raw(200, "application/json", good)))
		target := integration.Target{SellerID: b.Seller, AddressID: b.Address, Path: "/produceAPI", Generation: saas.V1}
		needed := integration.Needed(saas.V1, integration.Need{Modes: []saas.ChargingMode{saas.Period}})
		for _, sc := range needed {
			forms, err := store.Forms(ctx, d, target)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range forms {
				if f.Key != sc.Key {
					continue
				}
				entered := map[string]string{}
				for _, x := range f.Fields {
					if x.Editable() {
						entered[x.Name] = x.Preset
					}
				}
				if r, err := store.Debug(ctx, integration.RunInput{Target: target, Scenario: sc.Key, Parameters: entered, Save: true}); err != nil || !r.Saved {
					t.Fatal(sc.Key, err, r.ProblemCode)
				}
			}
		}
		if r := probe(); r.State != probing.Passed || r.Cases != len(needed) || r.AddressID != b.Address || r.Results[0].Title.EN == "" || r.Results[0].RunID == "" {
			t.Errorf("a good server: %s, %d cases, %+v", r.State, r.Cases, r.Results)
		}
		if n := b.Count(`select count(*) from integration_runs where source = 'probe' and passed`); n != len(needed) {
			t.Errorf("%d runs in the history", n)
		}

		b.Serve(tradetest.WithHeader("Body-Sign", saas.SignBody("another key", []byte(good)), tradetest.Raw(200, "application/json", good)))
		r := probe()
		if r.State != probing.Failed || r.FailedCases != len(needed) {
			t.Errorf("a wrong key: %s, %d of %d", r.State, r.FailedCases, r.Cases)
		}
		if kept := b.text(`select results || error_args from probe_runs where id = $1`, r.ID); strings.Contains(kept, saas.SignBody(b.V1Key, []byte(good))) {
			t.Error("the signature that operators must not see is kept")
		}
		b.Serve(tradetest.WithHeader("Body-Sign", saas.SignBody(b.V1Key, []byte(good)), tradetest.Raw(200, "application/json", good)))
		if r := probe(); r.State != probing.Passed {
			t.Errorf("after the repair: %s %s", r.State, r.ErrorCode)
		}
		exec(`update production_addresses set state = 'unverified'`)
		if r := probe(); r.State != probing.Failed || r.ErrorCode != "seller.address_unverified" {
			t.Errorf("an address that may not be called: %s %s", r.State, r.ErrorCode)
		}
		exec(`update production_addresses set state = 'verified'`)
		exec(`delete from integration_cases`)
		for range 2 {
			if r := probe(); r.State != probing.Skipped {
				t.Errorf("without cases: %s", r.State)
			}
		}
		if n := b.Count(`select count(*) from messages where code = 'probe_no_cases'`); n != 1 {
			t.Errorf("operators were told %d times that nothing is probed any more", n)
		}
	})
}
