package integration_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
	"jishi/internal/market/integration"
	"jishi/internal/market/integration/integrationtest"
	"jishi/internal/market/seller"
	"jishi/wire/saas"
)

// What each kind of product needs (saas.md §7.9, §11.2).
func TestNeeds(t *testing.T) {
	for name, c := range map[string]struct {
		g    saas.Generation
		need integration.Need
		want string
	}{
		"v1 period": {saas.V1, integration.Need{Modes: []saas.ChargingMode{saas.Period}},
			"newInstance.period refreshInstance.renewal refreshInstance.renewal-other-plan refreshInstance.trial refreshInstance.trial-other-plan expireInstance releaseInstance"},
		"v1 one-time": {saas.V1, integration.Need{Modes: []saas.ChargingMode{saas.OneTime}}, "newInstance.one-time releaseInstance"},
		"v1 package": {saas.V1, integration.Need{Modes: []saas.ChargingMode{saas.OnDemandPackage}},
			"newInstance.on-demand newInstance.package queryInstance instanceStatus.freeze instanceStatus.normal releaseInstance"},
		"v1 features": {saas.V1, integration.Need{Features: []saas.Feature{saas.FeatureUpgrade, saas.FeatureExtendParams, saas.FeatureContact}},
			"newInstance.extend-params newInstance.contact upgrade"},
		"v2 one-time": {saas.V2, integration.Need{Modes: []saas.ChargingMode{saas.OneTime}}, "newInstance.one-time queryInstance releaseInstance"},
		"v2 period": {saas.V2, integration.Need{Modes: []saas.ChargingMode{saas.Period}},
			"newInstance queryInstance refreshInstance.trial-to-formal refreshInstance.renewal refreshInstance.unsubscribe-renewal refreshInstance.renewal-change updateInstanceStatus.freeze updateInstanceStatus.unfreeze releaseInstance"},
		"v2 features": {saas.V2, integration.Need{Features: []saas.Feature{saas.FeatureUpgrade, saas.FeatureChange, saas.FeatureTrial}},
			"newInstance.trial changeInstanceCheck upgradeInstance"},
	} {
		var got []string
		for _, sc := range integration.Needed(c.g, c.need) {
			got = append(got, sc.Key)
			if title := integration.ScenarioTitle(c.g, sc.Key); title.ZH == "" || strings.Contains(title.EN, "saas.") {
				t.Errorf("%s has no title", sc.Key)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

var oneTime = integration.Need{Modes: []saas.ChargingMode{saas.OneTime}}

// The gate blocks for each reason by name, and opens.
func TestGate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		target := m.Target(saas.V2)
		gate := func(want string) {
			t.Helper()
			err := m.Store.Require(t.Context(), d, target, oneTime)
			var got []string
			if e, ok := errs.As(err); ok {
				for _, f := range e.Fields {
					got = append(got, strings.TrimPrefix(f.Path, "cases.")+" "+strings.TrimPrefix(f.Code, "integration.lack_"))
				}
				if e.Kind != errs.Conflict || e.Code != "integration.cases_missing" || !strings.HasPrefix(e.Args["link"].(string), "/seller/integration/debug?addressId="+m.Address) {
					t.Errorf("%+v", e)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if strings.Join(got, ", ") != want {
				t.Errorf("got %v, want %s", got, want)
			}
		}
		gate("newInstance.one-time none, queryInstance none, releaseInstance none")
		for _, key := range []string{"newInstance.one-time", "queryInstance", "releaseInstance"} {
			m.Debug(target, key)
		}
		gate("")

		m.Clock.Advance(11 * time.Minute)
		gate("newInstance.one-time stale, queryInstance stale, releaseInstance stale")
		again := func(source integration.Source) integration.Batch {
			t.Helper()
			b, err := m.Store.RunCases(t.Context(), integration.BatchInput{Target: target, Source: source})
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		if b := again(integration.SourceSubmit); !b.Passed || len(b.Results) != 3 {
			t.Errorf("%+v", b)
		}
		gate("")

		// A case that is not needed blocks when it fails, until it is deleted.
		m.Debug(target, "upgradeInstance")
		s := m.NewServer(m.V1Key, m.V2Key)
		s.Upgrade = nil
		m.Serve(s)
		if b := again(integration.SourceSubmit); b.Passed || len(b.Results) != 4 {
			t.Errorf("%+v", b)
		}
		gate("upgradeInstance failed")
		if ok, err := m.Store.Offers(t.Context(), d, target, saas.FeatureUpgrade); ok || err != nil {
			t.Error(ok, err)
		}
		p, err := m.Store.Cases(t.Context(), d, integration.CaseFilter{SellerID: m.Seller, State: "failed"}, page.Query{})
		if err != nil || len(p.Items) != 1 {
			t.Fatal(err, len(p.Items))
		}
		m.Update(func(ctx context.Context, tx *db.Tx) error {
			if err := m.Store.DeleteCase(ctx, tx, "sel_other", p.Items[0].ID); !errs.Is(err, "integration.case_not_found") {
				t.Error(err)
			}
			return m.Store.DeleteCase(ctx, tx, m.Seller, p.Items[0].ID)
		})
		gate("")

		// Another key: nothing holds, nobody may run it but the seller, and a passed run by hand makes it hold again.
		keyID, key := m.NewKey("other")
		bind := func(id string) {
			m.Update(func(ctx context.Context, tx *db.Tx) error {
				return m.Sellers.Bind(ctx, tx, seller.BindInput{SellerID: m.Seller, AddressID: m.Address, Category: seller.Base, KeyID: id, Confirmed: true})
			})
		}
		bind(keyID)
		gate("newInstance.one-time key, queryInstance key, releaseInstance key")
		if ok, err := m.Store.Offers(t.Context(), d, target, saas.FeatureChange); ok || err != nil {
			t.Error(ok, err)
		}
		m.Serve(m.NewServer(m.V1Key, key))
		if b := again(integration.SourceSubmit); len(b.Results) != 0 {
			t.Errorf("%+v", b)
		}
		gate("newInstance.one-time key, queryInstance key, releaseInstance key")
		if b, err := m.Store.Rerun(t.Context(), target, nil); err != nil || !b.Passed {
			t.Errorf("%v %+v", err, b)
		}
		gate("")
		bind(m.V2KeyID)
		gate("newInstance.one-time key, queryInstance key, releaseInstance key")
		bind(keyID) // the key that they were proven with is back
		gate("")

		other := target
		other.Path += "/2"
		if err := m.Store.Require(t.Context(), d, other, oneTime); errs.KindOf(err) != errs.Conflict {
			t.Error("another path has no cases", err)
		}
		m.Require(false)
		if err := m.Store.Require(t.Context(), d, other, oneTime); err != nil {
			t.Error(err)
		}
	})
}

// A new V1 Key ends all V1 cases of the seller; V2 cases do not care.
func TestV1KeyChange(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		m.Debug(m.Target(saas.V1), "newInstance.one-time")
		m.Debug(m.Target(saas.V2), "newInstance.one-time")
		m.Update(func(ctx context.Context, tx *db.Tx) error {
			_, err := m.Sellers.RenewV1Key(ctx, tx, m.Seller)
			return err
		})
		for state, want := range map[string]saas.Generation{"invalid": saas.V1, "valid": saas.V2} {
			p, err := m.Store.Cases(t.Context(), d, integration.CaseFilter{State: state}, page.Query{})
			if err != nil || len(p.Items) != 1 || p.Total != 1 || p.Items[0].Generation != want || (p.Items[0].Invalid() == "") != (state == "valid") {
				t.Errorf("%s: %v %+v", state, err, p)
			}
		}
	})
}

// A server that cannot be reached ends a batch at once; a case is not run against a server that is gone.
func TestBatchEndsWhenTheServerIsGone(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		m.DebugAll(m.Target(saas.V2))
		var calls atomic.Int32
		m.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			c, _, _ := w.(http.Hijacker).Hijack()
			c.Close()
		}))
		b, err := m.Store.RunCases(t.Context(), integration.BatchInput{Target: m.Target(saas.V2), Source: integration.SourceProbe})
		if err != nil || b.Passed || len(b.Results) != len(saas.Scenarios(saas.V2)) || calls.Load() != 1 {
			t.Errorf("%v %d calls %+v", err, calls.Load(), b)
		}
		for i, r := range b.Results {
			if r.Passed || r.Problem == nil || r.Problem.Code != "outbound.closed" || (r.RunID != "") != (i == 0) {
				t.Errorf("%+v", r)
			}
		}
	})
}

// Later cases call the instance that the purchase of this batch has made, also when it provisions in the background.
func TestBatchFollowsTheInstance(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		m.DebugAll(m.Target(saas.V2))
		s := m.NewServer(m.V1Key, m.V2Key)
		s.InstanceOf("something else bought before")
		var wrong atomic.Int32
		m.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if a := integrationtest.Activity(r); a != saas.NewInstance && !strings.Contains(body(r), `"inst-2"`) {
				wrong.Add(1)
			}
			s.ServeHTTP(w, r)
		}))
		b, err := m.Store.RunCases(t.Context(), integration.BatchInput{Target: m.Target(saas.V2), Source: integration.SourceRerun})
		if err != nil || !b.Passed || wrong.Load() != 0 {
			t.Errorf("%v %d %+v", err, wrong.Load(), b)
		}
	})
}

// The history is paged, narrowed and cut after 180 days.
func TestHistory(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		for range 3 {
			m.Debug(m.Target(saas.V2), "newInstance")
		}
		m.Debug(m.Target(saas.V1), "newInstance.period")
		m.Clock.Advance(integration.KeepRuns - time.Hour)
		m.Debug(m.Target(saas.V2), "releaseInstance")
		one, err := m.Store.Runs(t.Context(), d, integration.RunFilter{SellerID: m.Seller, Generation: "v2", Result: "passed"}, page.Query{Limit: 2})
		if err != nil || len(one.Items) != 2 || one.Total != 4 || one.Next == "" || one.Items[0].Scenario != "releaseInstance" {
			t.Fatalf("%v %+v", err, one)
		}
		two, err := m.Store.Runs(t.Context(), d, integration.RunFilter{SellerID: m.Seller, Generation: "v2"}, page.Query{Limit: 2, Cursor: one.Next})
		if err != nil || len(two.Items) != 2 || two.Next != "" {
			t.Errorf("%v %+v", err, two)
		}
		if p, err := m.Store.Runs(t.Context(), d, integration.RunFilter{SellerID: "sel_other"}, page.Query{}); err != nil || len(p.Items) != 0 {
			t.Errorf("%v %+v", err, p)
		}
		if _, err := m.Store.RunOf(t.Context(), d, "sel_other", one.Items[0].ID); !errs.Is(err, "integration.run_not_found") {
			t.Error(err)
		}
		m.Clock.Advance(2 * time.Hour)
		m.Update(func(ctx context.Context, tx *db.Tx) error {
			more, err := m.Store.PurgeRuns(ctx, tx)
			if more {
				t.Error("there is no more")
			}
			return err
		})
		left, err := m.Store.Runs(t.Context(), d, integration.RunFilter{}, page.Query{})
		if err != nil || left.Total != 1 {
			t.Errorf("%v %+v", err, left)
		}
		if p, err := m.Store.Cases(t.Context(), d, integration.CaseFilter{Text: "PRODUCEapi"}, page.Query{}); err != nil || p.Total != 3 {
			t.Errorf("cases stay: %v %+v", err, p)
		}
	})
}

// Somebody waits for a batch: after a while no further case begins, except in a probe.
func TestSlowBatchEnds(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		m.DebugAll(m.Target(saas.V2))
		good := m.NewServer(m.V1Key, m.V2Key)
		m.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			good.ServeHTTP(w, r)
			m.Clock.Advance(19 * time.Second)
		}))
		for source, want := range map[integration.Source]int{integration.SourceSubmit: 3, integration.SourceProbe: 15} {
			b, err := m.Store.RunCases(t.Context(), integration.BatchInput{Target: m.Target(saas.V2), Source: source})
			run := 0
			for _, r := range b.Results {
				if r.RunID != "" {
					run++
				} else if r.Passed || r.Problem.Code != integration.FaultBatchSlow {
					t.Errorf("%+v", r)
				}
			}
			if err != nil || run != want || b.Passed != (want == 15) {
				t.Errorf("%s: %v, %d were run", source, err, run)
			}
		}
	})
}
