package probing_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/edge/console"
	edge "jishi/internal/edge/console/probing"
	"jishi/internal/market/access"
	"jishi/internal/market/probing"
	"jishi/internal/trade/tradetest"
)

type api struct {
	*tradetest.Market
	h http.Handler
}

func open(t *testing.T, d *db.DB) *api {
	m := tradetest.New(t, d)
	user := func(id, seller string, p []access.Permission) access.Caller {
		return access.Caller{Kind: "user", UserID: id, AccountID: "acc_" + id, SellerID: seller, Permissions: p}
	}
	operator := func(r access.Role) access.Caller {
		return access.Caller{Kind: "operator", UserID: "opr_" + string(r), Name: "Op " + string(r), Permissions: access.Roles[r]}
	}
	callers := map[string]access.Caller{
		"seller": user("seller", m.Seller, access.Seller), "rival": user("rival", "sel_rival", access.Seller), "buyer": user("buyer", "", access.Buyer),
		"staff":   user("staff", m.Seller, []access.Permission{access.ProductRead}),
		"manager": operator(access.OpsManager), "auditor": operator(access.Auditor), "support": operator(access.Support), "finance": operator(access.Finance),
	}
	c := console.New(console.Config{DB: d, Log: slog.New(slog.DiscardHandler), Version: "test", NoLimits: true,
		TokenOf: func(_ context.Context, bearer, _ string) (access.Caller, error) {
			who, ok := callers[bearer]
			if !ok {
				return who, errs.Unauthenticatedf("access.bad_token")
			}
			who.TokenID = "tok_" + bearer
			return who, nil
		}})
	edge.Register(c, edge.Deps{Trade: m.Trade, Sellers: m.Trade.Sellers, Settings: m.Trade.Settings})
	return &api{m, c.Handler()}
}

func (a *api) want(status int, code, who, method, path string, body any) map[string]any {
	a.T.Helper()
	var b bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			a.T.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, "http://site.example/api/v1"+path, &b)
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+who)
	}
	r.Header.Set("Accept-Language", "en")
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	out := map[string]any{}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			a.T.Fatal(w.Body)
		}
	}
	if w.Code != status || code != "" && out["code"] != code {
		a.T.Errorf("%s: %s %s = %d %v, want %d %s", who, method, path, w.Code, out, status, code)
	}
	return out
}

func (a *api) product() string {
	a.T.Helper()
	id, err := db.One[string](context.Background(), a.DB, `select product_id from price_plans where id = $1`, a.Plans["V1"])
	if err != nil {
		a.T.Fatal(err)
	}
	return id
}

// ended writes a run that is over.
func (a *api) ended(id, product, half string, state probing.State) {
	a.T.Helper()
	r := probing.Run{ID: id, ProductID: product, SellerID: a.Seller, AddressID: a.Address, Day: a.Clock.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly), Half: half,
		DueAt: a.Clock.Now(), State: state, FinishedAt: a.Clock.Now(), Cases: 1, Results: []probing.Case{}}
	if state == probing.Failed {
		r.FailedCases, r.ErrorCode, r.ErrorArgs = 1, "probing.too_slow", map[string]any{"seconds": 120}
		r.Results = []probing.Case{{Scenario: "newInstance", Code: r.ErrorCode, Args: r.ErrorArgs}}
	}
	a.Update(func(tx *db.Tx) error { return db.Insert(context.Background(), tx, "probe_runs", r) })
}

func items(out map[string]any) []any { list, _ := out["items"].([]any); return list }

func TestProbesAreSeenByTheirSellerAndOperators(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		p := a.product()
		a.ended("prb_1", p, "am", probing.Failed)
		a.ended("prb_2", p, "pm", probing.Passed)
		for _, who := range []string{"seller", "manager", "auditor", "support"} {
			side := "/operator"
			if who == "seller" {
				side = "/seller"
			}
			list := items(a.want(200, "", who, "GET", side+"/probes", nil))
			if len(list) != 2 {
				t.Fatal(who, list)
			}
			row := list[0].(map[string]any)
			if row["productId"] != p {
				row = list[1].(map[string]any)
			}
			days := row["days"].([]any)
			if today := days[6].(map[string]any); row["productId"] != p || len(days) != 7 || today["am"] != "failed" || today["pm"] != "passed" {
				t.Error(who, row)
			}
			runs := items(a.want(200, "", who, "GET", side+"/probes/"+p+"/runs", nil))
			if len(runs) != 2 || !strings.Contains(runs[1].(map[string]any)["problem"].(string), "120 s") {
				t.Error(who, runs)
			}
		}
		if out := a.want(200, "", "rival", "GET", "/seller/probes", nil); len(items(out)) != 0 || out["total"] != 0.0 {
			t.Error("another seller sees the product:", out)
		}
		if out := a.want(200, "", "rival", "GET", "/seller/probes/"+p+"/runs", nil); len(items(out)) != 0 {
			t.Error("another seller sees the runs:", out)
		}
		for path, who := range map[string]string{"/seller/probes": "buyer", "/seller/probes/" + p + "/runs": "staff", "/seller/address-health": "staff",
			"/operator/probes": "seller", "/operator/probes/" + p + "/runs": "finance", "/operator/probe-tasks": "seller", "/operator/address-health": "seller"} {
			a.want(403, "access.denied", who, "GET", path, nil)
			a.want(401, "access.sign_in", "", "GET", path, nil)
		}
		if out := a.want(200, "", "manager", "GET", "/operator/probes?q="+p, nil); len(items(out)) != 1 {
			t.Error(out)
		}
		for view, want := range map[string]int{"failing": 0, "frozen": 0, "tasks": 0} {
			if out := a.want(200, "", "manager", "GET", "/operator/probes?view="+view, nil); len(items(out)) != want {
				t.Error(view, out)
			}
		}
	})
}

func TestDecisionsNeedTheirPermission(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		p := a.product()
		a.want(403, "access.denied", "auditor", "POST", "/operator/probes/"+p+"/run", nil)
		a.want(403, "access.denied", "seller", "POST", "/operator/probes/"+p+"/run", nil)
		a.want(404, "catalog.product_not_found", "support", "POST", "/operator/probes/prd_none/run", nil)
		run := a.want(200, "", "support", "POST", "/operator/probes/"+p+"/run", nil)
		if run["state"] != "planned" || run["askedBy"] != "Op support" {
			t.Error(run)
		}
		if row := items(a.want(200, "", "seller", "GET", "/seller/probes/"+p+"/runs", nil))[0].(map[string]any); row["dueAt"] != nil || row["askedBy"] != "" {
			t.Error("the seller knows the minute of the next probe:", row)
		}

		var task probing.Task
		a.Update(func(tx *db.Tx) (err error) {
			task, _, err = probing.OpenTask(context.Background(), tx, probing.TaskFailing, p, a.Seller, 5)
			return err
		})
		list := items(a.want(200, "", "auditor", "GET", "/operator/probe-tasks", nil))
		if len(list) != 1 || len(list[0].(map[string]any)["actions"].([]any)) != 3 {
			t.Error(list)
		}
		path, body := "/operator/probe-tasks/"+task.ID+"/decide", map[string]any{"action": "dismiss", "comment": "repaired"}
		a.want(403, "access.denied", "support", "POST", path, body)
		a.want(403, "access.denied", "seller", "POST", path, body)
		a.want(422, "invalid", "manager", "POST", path, map[string]any{"action": "dismiss", "comment": " "})
		a.want(409, "probing.task_decided", "manager", "POST", path, map[string]any{"action": "sell", "comment": "repaired"})
		a.want(404, "probing.task_not_found", "manager", "POST", "/operator/probe-tasks/ptk_0/decide", body)
		if out := a.want(200, "", "manager", "POST", path, body); out["state"] != "dismissed" || out["decidedName"] != "Op ops_manager" {
			t.Error(out)
		}
		a.want(409, "probing.task_decided", "manager", "POST", path, body)
		if list := items(a.want(200, "", "manager", "GET", "/operator/probe-tasks", nil)); len(list) != 0 {
			t.Error(list)
		}
		if list := items(a.want(200, "", "manager", "GET", "/operator/probe-tasks?all=true&productId="+p, nil)); len(list) != 1 {
			t.Error(list)
		}
	})
}

func TestHealthOfAddresses(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		p := a.product()
		if list := items(a.want(200, "", "seller", "GET", "/seller/address-health", nil)); len(list) != 1 || list[0].(map[string]any)["score"] != nil {
			t.Error("nothing is known yet:", list)
		}
		a.Serve(tradetest.Raw(503, "text/plain", "down"))
		a.Buy("V1")
		a.Step()
		a.Clock.Set(clock.Wall{}.Now())
		a.ended("prb_1", p, "am", probing.Passed)
		a.ended("prb_2", p, "pm", probing.Skipped)
		list := items(a.want(200, "", "seller", "GET", "/seller/address-health", nil))
		h := list[0].(map[string]any) // 0.5 of the calls are lost; probes and latency are good
		if h["score"] != 50.0 || h["calls"] != 1.0 || h["good"] != 0.0 || h["probes"] != 1.0 || h["p95Ms"] == nil {
			t.Error(h)
		}
		if list := items(a.want(200, "", "manager", "GET", "/operator/address-health?ids="+a.Address+","+a.Address, nil)); len(list) != 1 || list[0].(map[string]any)["score"] != 50.0 {
			t.Error(list)
		}
		if list := items(a.want(200, "", "rival", "GET", "/seller/address-health", nil)); len(list) != 0 {
			t.Error(list)
		}
		a.want(422, "invalid", "manager", "GET", "/operator/address-health?ids="+strings.Repeat("a,", 100)+"a", nil)
	})
}
