package integration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/catalogue"
	"jishi/internal/edge/console/integration"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/catalogtest"
	"jishi/internal/market/integration/integrationtest"
	"jishi/internal/market/seller"
	"jishi/wire/saas"
)

// site is the API over a fresh database; each bearer token is one person.
type site struct {
	t *testing.T
	*integrationtest.Market
	goods *catalogtest.Market
	h     http.Handler
}

func newSite(t *testing.T, d *db.DB) *site {
	t.Helper()
	s := &site{t: t, Market: integrationtest.New(t, d), goods: catalogtest.New(t, d)}
	s.AddSeller("sel_2", "acc_2")
	c := console.New(console.Config{DB: d, Log: slog.New(slog.DiscardHandler), Version: "test", NoLimits: true, TokenOf: s.caller})
	s.goods.Store.Sellers, s.goods.Store.Integration = s.Sellers, s.Store
	integration.Register(c, integration.Deps{Integration: s.Store, Sellers: s.Sellers, Catalog: s.goods.Store})
	catalogue.Register(c, catalogue.Deps{Catalog: s.goods.Store})
	s.h = c.Handler()
	return s
}

func (s *site) caller(_ context.Context, bearer, _ string) (access.Caller, error) {
	user := func(account, seller string, p ...access.Permission) (access.Caller, error) {
		return access.Caller{Kind: "user", UserID: "usr_" + bearer, AccountID: account, SellerID: seller, Name: bearer, TokenID: "t", Permissions: p}, nil
	}
	operator := func(p []access.Permission) (access.Caller, error) {
		return access.Caller{Kind: "operator", UserID: "opr_1", Name: bearer, TokenID: "t", Permissions: p}, nil
	}
	switch bearer {
	case "owner":
		return user(s.Account, s.Seller, access.Seller...)
	case "reader":
		return user(s.Account, s.Seller, access.ProductRead, access.AddressRead)
	case "other":
		return user("acc_2", "sel_2", access.Seller...)
	case "goods":
		return user(s.goods.Account, s.goods.Seller, access.Seller...)
	case "buyer":
		return user("acc_3", "", access.Buyer...)
	case "operator":
		return operator(access.Roles[access.OpsManager])
	case "finance":
		return operator(access.Roles[access.Finance])
	}
	return access.Caller{}, errs.Unauthenticatedf("access.bad_token")
}

type answer map[string]any

// at finds a value by its path, "items.0.id".
func (a answer) at(path string) any {
	var v any = map[string]any(a)
	for key := range strings.SplitSeq(path, ".") {
		switch node := v.(type) {
		case map[string]any:
			v = node[key]
		case []any:
			i := 0
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(node) {
				return nil
			}
			v = node[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) text(path string) string { return fmt.Sprint(a.at(path)) }

func (s *site) call(who, method, path string, body any, status int) answer {
	s.t.Helper()
	return s.keyed("", who, method, path, body, status)
}

func (s *site) keyed(key, who, method, path string, body any, status int) answer {
	s.t.Helper()
	var b []byte
	if body != nil {
		b, _ = json.Marshal(body)
	}
	r := httptest.NewRequest(method, "/api/v1"+path, bytes.NewReader(b))
	r.Header.Set("Authorization", "Bearer "+who)
	r.Header.Set("Accept-Language", "en")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	if w.Code != status {
		s.t.Fatalf("%s %s %s: %d, want %d: %s", who, method, path, w.Code, status, w.Body)
	}
	var out answer
	_ = json.Unmarshal(w.Body.Bytes(), &out)
	return out
}

func (s *site) target(g saas.Generation) map[string]any {
	return map[string]any{"addressId": s.Address, "path": integrationtest.Path, "generation": g}
}

func with(m map[string]any, pairs ...any) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1]
	}
	return out
}

// The way of the debug page: forms, a request without a run, a run that is saved, its case, the case again, its export.
func TestDebugPage(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		for g, want := range map[saas.Generation]string{saas.V1: "authToken=", saas.V2: "--data-raw"} {
			forms := s.call("owner", "GET", fmt.Sprintf("/seller/integration/scenarios?addressId=%s&path=%s&generation=%s", s.Address, integrationtest.Path, g), nil, 200)
			first := forms.at("items.0").(map[string]any)
			params := map[string]string{}
			for _, f := range first["fields"].([]any) {
				if f := f.(map[string]any); f["editable"] == true {
					params[f["name"].(string)] = f["value"].(string)
				}
			}
			if params["orderId"] == "" || forms.at("items.0.case") != nil || first["creates"] != true {
				t.Fatalf("%v", first)
			}
			body := with(s.target(g), "scenario", first["key"], "parameters", params, "save", true)
			if a := s.call("owner", "POST", "/seller/integration/requests", body, 200); !strings.Contains(a.text("command"), want) {
				t.Errorf("%v", a)
			}
			run := s.call("owner", "POST", "/seller/integration/runs", body, 200)
			if run.at("passed") != true || run.at("saved") != true || run.text("checks.7.state") != "passed" || run.text("response.status") != "200" || run.text("by") != "owner" {
				t.Fatalf("%v", run)
			}
			cases := s.call("owner", "GET", "/seller/integration/cases?generation="+string(g), nil, 200)
			id := cases.text("items.0.id")
			if cases.text("total") != "1" || cases.at("items.0.valid") != true {
				t.Fatalf("%v", cases)
			}
			if a := s.call("owner", "POST", "/seller/integration/cases/"+id+"/rerun", nil, 200); a.at("passed") != true || a.text("source") != "rerun" {
				t.Errorf("%v", a)
			}
			if a := s.call("owner", "POST", "/seller/integration/cases/rerun", s.target(g), 200); a.at("passed") != true || a.text("results.0.caseId") != id {
				t.Errorf("%v", a)
			}
			if a := s.call("owner", "GET", "/seller/integration/cases/"+id+"/export?format=curl", nil, 200); !strings.HasPrefix(a.text("text"), "curl ") {
				t.Errorf("%v", a)
			}
			if a := s.call("owner", "GET", "/seller/integration/cases/"+id+"/export", nil, 200); !strings.Contains(a.text("text"), `"scenario": "newInstance`) {
				t.Errorf("%v", a)
			}
			s.call("owner", "GET", "/seller/integration/cases/"+id+"/export?format=xml", nil, 422)
			runs := s.call("owner", "GET", "/seller/integration/runs?limit=2&generation="+string(g), nil, 200)
			if runs.text("total") != "3" || runs.text("next") == "" {
				t.Errorf("%v", runs)
			}
			// Later scenarios begin with the instance that was made.
			forms = s.call("owner", "GET", fmt.Sprintf("/seller/integration/scenarios?addressId=%s&path=%s&generation=%s", s.Address, integrationtest.Path, g), nil, 200)
			if !strings.Contains(fmt.Sprint(forms), "name:instanceId value:"+run.text("instanceId")) {
				t.Errorf("%s is offered nowhere", run.text("instanceId"))
			}
			body["parameters"] = map[string]string{"orderId": ""}
			bad := s.call("owner", "POST", "/seller/integration/runs", body, 422)
			if !strings.HasPrefix(bad.text("fields.0.field"), "parameters.") || bad.text("fields.0.message") == "" {
				t.Errorf("%v", bad)
			}
			s.call("owner", "DELETE", "/seller/integration/cases/"+id, nil, 204)
			s.call("owner", "GET", "/seller/integration/cases/"+id, nil, 404)
		}
		n, err := db.One[int](t.Context(), d, `select count(*) from audit_log where action like 'integration.%' and account_id = $1`, s.Account)
		if err != nil || n != 10 { // per generation: run, save, two reruns, delete
			t.Error(n, err)
		}
	})
}

// Who may what: readers read without signatures, other sellers find nothing, operators see masked, nobody else anything.
func TestPermissions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		wrong := integrationtest.Rewrite(s.NewServer(s.V1Key, s.V2Key), func(status int, h http.Header, body []byte) (int, []byte) { return status, append(body, '\n') })
		failing := s.Preset(s.Target(saas.V1), "newInstance.period")
		s.Debug(s.Target(saas.V1), "newInstance.period")
		s.Serve(wrong)
		bad := with(s.target(saas.V1), "scenario", "newInstance.period", "parameters", failing.Parameters)
		failed := s.call("owner", "POST", "/seller/integration/runs", bad, 200)
		_, expected, _ := strings.Cut(failed.text("problem.text"), "expected signature: ")
		if len(expected) < 40 || failed.text("checks.6.state") != "failed" || failed.text("checks.7.state") != "not_reached" || failed.text("problem.advice") == "" {
			t.Fatalf("%v", failed)
		}
		s.Serve(s.NewServer(s.V1Key, s.V2Key))
		caseID := s.call("owner", "GET", "/seller/integration/cases", nil, 200).text("items.0.id")
		runID := failed.text("id")
		reads := []string{"/cases", "/cases/" + caseID, "/runs", "/runs/" + runID}
		for _, path := range reads {
			for _, who := range []string{"reader", "operator"} {
				side := map[string]string{"reader": "/seller", "operator": "/operator"}[who]
				a := s.call(who, "GET", side+"/integration"+path, nil, 200)
				text := fmt.Sprint(a)
				if strings.Contains(text, expected) {
					t.Errorf("%s reads the expected signature at %s", who, path)
				}
				if strings.Contains(text, "authToken=") && !strings.Contains(text, "authToken=******") {
					t.Errorf("%s reads a token at %s", who, path)
				}
			}
			s.call("buyer", "GET", "/seller/integration"+path, nil, 403)
			s.call("owner", "GET", "/operator/integration"+path, nil, 403)
			s.call("finance", "GET", "/operator/integration"+path, nil, 403)
			s.call("nobody", "GET", "/seller/integration"+path, nil, 401)
			if strings.Count(path, "/") == 2 {
				s.call("other", "GET", "/seller/integration"+path, nil, 404)
			} else if a := s.call("other", "GET", "/seller/integration"+path, nil, 200); a.text("total") != "0" {
				t.Errorf("%v", a)
			}
		}
		bind := "/seller/integration/addresses/" + s.Address + "/pending-keys/base"
		for _, w := range []struct {
			method, path string
			body         any
		}{
			{"POST", "/seller/integration/runs", bad}, {"POST", "/seller/integration/requests", bad},
			{"POST", "/seller/integration/cases/rerun", s.target(saas.V1)}, {"POST", "/seller/integration/cases/" + caseID + "/rerun", nil},
			{"DELETE", "/seller/integration/cases/" + caseID, nil}, {"GET", "/seller/integration/cases/" + caseID + "/export", nil},
			{"PUT", bind, map[string]any{"keyId": s.V2KeyID}}, {"DELETE", bind, nil}, {"POST", bind + "/prove", nil},
			{"POST", bind + "/activate", map[string]any{"keyId": s.V2KeyID}},
		} {
			s.call("reader", w.method, w.path, w.body, 403)
			s.call("buyer", w.method, w.path, w.body, 403)
			s.call("operator", w.method, w.path, w.body, 403)
			s.call("other", w.method, w.path, w.body, 404)
		}
		s.call("other", "GET", fmt.Sprintf("/seller/integration/scenarios?addressId=%s&generation=v1", s.Address), nil, 404)
	})
}

// A second key over the API: bound, proven, put in force.
func TestPendingKeys(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.DebugAll(s.Target(saas.V2))
		keyID, key := s.NewKey("next")
		path := "/seller/integration/addresses/" + s.Address + "/pending-keys/base"
		if a := s.call("owner", "PUT", path, map[string]any{"keyId": keyID}, 200); a.text("pendingId") != keyID || a.at("ready") != false || a.text("cases") != "15" {
			t.Fatalf("%v", a)
		}
		s.call("owner", "POST", path+"/activate", map[string]any{"keyId": keyID}, 409)
		s.Serve(s.NewServer(s.V1Key, key))
		if a := s.call("owner", "POST", path+"/prove", nil, 200); a.at("items.0.passed") != true {
			t.Fatalf("%v", a)
		}
		if a := s.call("owner", "GET", "/seller/integration/pending-keys", nil, 200); a.at("items.0.ready") != true || a.text("items.0.keyId") != s.V2KeyID {
			t.Errorf("%v", a)
		}
		if a := s.call("owner", "POST", path+"/activate", map[string]any{"keyId": keyID}, 200); a.text("keyId") != keyID || a.text("pendingId") != "" {
			t.Errorf("%v", a)
		}
		s.call("owner", "DELETE", path, nil, 200)
	})
}

// Publication over the API: blocked by name, opened by debugging, blocked again at the approval by a server that broke.
func TestPublicationGate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		var key string
		s.Update(func(ctx context.Context, tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, `update production_addresses set origin = $1, development = $2 where id = $3`, s.Origin(), true, s.goods.Address); err != nil {
				return err
			}
			if _, err := db.Exec(ctx, tx, `insert into accounts (id, kind, name, real_name_state, created_at) values ($1, 'company', 'Spruce', 'none', 1)`, s.goods.Account); err != nil {
				return err
			}
			k, err := s.Sellers.CreateKey(ctx, tx, s.goods.Seller, "base")
			if err != nil {
				return err
			}
			if key, err = s.Sellers.RevealKey(ctx, tx, s.goods.Seller, k.ID); err != nil {
				return err
			}
			return s.Sellers.Bind(ctx, tx, seller.BindInput{SellerID: s.goods.Seller, AddressID: s.goods.Address, Category: seller.Base, KeyID: k.ID})
		})
		good := s.NewServer("", key)
		s.Serve(good)
		content := s.goods.Content("排班", "Roster")
		content.Path = integrationtest.Path
		content.Specs = content.Specs[1:] // one-time only
		product, draft := s.goods.Draft(t, content)
		submit := func(key string, status int) answer {
			t.Helper()
			return s.keyed(key, "goods", "POST", "/seller/products/"+product+"/submit", map[string]any{"revision": draft.Revision}, status)
		}
		blocked := func(a answer, want string) {
			t.Helper()
			var got []string
			for i := 0; a.at(fmt.Sprintf("fields.%d", i)) != nil; i++ {
				got = append(got, strings.TrimPrefix(a.text(fmt.Sprintf("fields.%d.field", i)), "cases."))
			}
			if a.text("code") != "integration.cases_missing" || strings.Join(got, " ") != want || !strings.HasPrefix(a.text("link"), "/seller/integration/debug?") || !strings.Contains(a.text("detail"), "debug cases are missing") {
				t.Errorf("%v", a)
			}
		}
		blocked(submit("", 409), "newInstance.one-time queryInstance releaseInstance")
		target := s.Target(saas.V2)
		target.SellerID, target.AddressID = s.goods.Seller, s.goods.Address
		for _, scenario := range []string{"newInstance.one-time", "queryInstance", "releaseInstance"} {
			s.Debug(target, scenario)
		}
		broken := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) })
		s.Serve(broken) // the submission runs them again
		blocked(submit("", 409), "newInstance.one-time queryInstance releaseInstance")
		s.Serve(good)
		first := submit("once", 200)
		if again := submit("once", 200); again.text("id") != first.text("id") {
			t.Errorf("%v %v", first, again)
		}
		s.Serve(broken)
		approve := "/operator/product-reviews/" + first.text("id") + "/approve"
		a := s.call("operator", "POST", approve, map[string]any{"comment": "x"}, 409)
		blocked(a, "newInstance.one-time queryInstance releaseInstance")
		if !strings.Contains(a.text("fields.0.message"), "502") {
			t.Errorf("%v", a)
		}
		s.Serve(good)
		if a := s.call("operator", "POST", approve, map[string]any{"comment": ""}, 200); a.text("state") != "approved" {
			t.Errorf("%v", a)
		}
		if a := s.call("goods", "GET", "/seller/integration/checklist", nil, 200); a.text("steps.6.code") != "cases" || a.at("steps.6.done") != true || a.at("steps.8.done") != true || a.text("next") == "" {
			t.Errorf("%v", a)
		}

		// A modification that offers a period product needs its cases too.
		changed := s.goods.Content("排班", "Roster")
		changed.Path = integrationtest.Path
		s.Update(func(ctx context.Context, tx *db.Tx) error {
			v, err := s.goods.Store.StartDraft(ctx, tx, s.goods.Seller, product)
			if err != nil {
				return err
			}
			changed.Specs = append(v.Content.Specs, catalog.SpecContent{Name: changed.Specs[0].Name, Plans: changed.Specs[0].Plans})
			draft, err = s.goods.Store.SaveDraft(ctx, tx, s.goods.Seller, product, v.Revision, changed)
			return err
		})
		blocked(submit("", 409), "newInstance refreshInstance.trial-to-formal refreshInstance.renewal refreshInstance.unsubscribe-renewal refreshInstance.renewal-change updateInstanceStatus.freeze updateInstanceStatus.unfreeze")
		if a := s.call("goods", "GET", "/seller/integration/checklist?productId="+product, nil, 200); a.at("steps.6.done") != false || a.text("next") != "real_name" || !strings.HasPrefix(a.text("steps.6.cases.0.link"), "/seller/integration/debug?") {
			t.Errorf("%v", a)
		}
		s.Require(false)
		submit("", 200)
	})
}
