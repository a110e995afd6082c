package integration_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/outbound"
	"jishi/internal/base/page"
	"jishi/internal/edge/koogallery"
	"jishi/internal/market/integration"
	"jishi/internal/market/integration/integrationtest"
	"jishi/internal/tool/isvapp"
	"jishi/wire/saas"
)

var generations = []saas.Generation{saas.V1, saas.V2}

// Every scenario passes against the sample application as its form begins, is saved, and passes again and again though
// each round releases what the one before has made.
func TestSampleApplicationPassesEveryScenario(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		app, err := isvapp.New(isvapp.Config{Data: t.TempDir(), V1Key: m.V1Key, V2Key: m.V2Key, PublicURL: "https://app.example", Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { app.Close() })
		m.Serve(rooted(app.Handler()))
		for _, g := range generations {
			target := m.Target(g)
			m.DebugAll(target)
			all := integration.Need{Modes: []saas.ChargingMode{saas.Period, saas.OneTime, saas.OnDemand, saas.OnDemandPackage},
				Features: []saas.Feature{saas.FeatureUpgrade, saas.FeatureChange, saas.FeatureTrial, saas.FeatureContact, saas.FeatureExtendParams}}
			if list, err := m.Store.Missing(t.Context(), d, target, all); err != nil || len(list) > 0 {
				t.Errorf("%s: %v %v", g, list, err)
			}
			for range 2 {
				b, err := m.Store.RunCases(t.Context(), integration.BatchInput{Target: target, Source: integration.SourceProbe, Need: &all})
				if err != nil || !b.Passed || len(b.Results) != len(saas.Scenarios(g)) {
					t.Errorf("%s: %+v %v", g, b, err)
				}
			}
		}
	})
}

// rooted serves the application's production interface at the test's path.
func rooted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = isvapp.ProductionPath
		next.ServeHTTP(w, r)
	})
}

// Each row of saas.md §11.4, with a server that does exactly this wrong.
func TestRows(t *testing.T) {
	replace := func(old, new string) func(int, http.Header, []byte) (int, []byte) {
		return func(status int, h http.Header, body []byte) (int, []byte) {
			return status, []byte(strings.ReplaceAll(string(body), old, new))
		}
	}
	for name, c := range map[string]struct {
		g        saas.Generation
		scenario string
		change   func(status int, h http.Header, body []byte) (int, []byte)
		sign     bool // the changed body anew
		row      int
		code     string
		text     string // that the fault's values name
	}{
		"3 status": {saas.V1, "newInstance.period", func(_ int, h http.Header, body []byte) (int, []byte) { return 500, body }, false, 3, saas.ProblemStatus, "500"},
		"3 redirect": {saas.V1, "newInstance.period", func(_ int, h http.Header, body []byte) (int, []byte) {
			h.Set("Location", "https://login.example/")
			return 302, body
		}, false, 3, integration.FaultRedirect, "https://login.example/"},
		"3 created": {saas.V2, "newInstance", func(_ int, h http.Header, body []byte) (int, []byte) { return 201, body }, false, 3, saas.ProblemStatus, "201"},
		"4 content type": {saas.V2, "newInstance", func(s int, h http.Header, body []byte) (int, []byte) {
			h.Set("Content-Type", "text/html")
			return s, body
		}, false, 4, saas.ProblemContentType, "text/html"},
		"5 json":      {saas.V2, "newInstance", func(s int, h http.Header, body []byte) (int, []byte) { return s, []byte("<html>") }, false, 5, saas.ProblemJSON, ""},
		"5 too large": {saas.V2, "newInstance", func(s int, h http.Header, body []byte) (int, []byte) { return s, make([]byte, 2<<20) }, false, 5, "outbound.too_large", "1 MiB"},
		"6 no Body-Sign": {saas.V1, "newInstance.period", func(s int, h http.Header, body []byte) (int, []byte) {
			h.Del("Body-Sign")
			return s, body
		}, false, 6, saas.ProblemBodySignFormat, ""},
		"7 wrong Body-Sign": {saas.V1, "newInstance.period", func(s int, h http.Header, body []byte) (int, []byte) { return s, append(body, '\n') }, false, 7, saas.ProblemBodySign, "="},
		"8 resultCode":      {saas.V2, "newInstance", replace(`"000000"`, `"000100"`), false, 8, saas.ProblemResultCode, "000100"},
		"8 refused":         {saas.V1, "newInstance.period", replace(`"000000"`, `"000001"`), true, 8, integration.FaultUnauthorized, ""},
		"9 instanceId":      {saas.V2, "newInstance", replace("instanceId", "id"), false, 9, saas.ProblemField, "instanceId"},
		"9 frontEndUrl":     {saas.V1, "newInstance.period", replace("frontEndUrl", "url"), true, 9, saas.ProblemField, "appInfo.frontEndUrl"},
		"10 length":         {saas.V2, "newInstance", replace("inst-", strings.Repeat("x", 64)), false, 10, saas.ProblemLength, "instanceId"},
		"11 decrypt":        {saas.V1, "newInstance.period", replace(`"userName":"`, `"userName":"x`), true, 11, saas.ProblemDecrypt, "appInfo.userName"},
		"12 named":          {saas.V2, "queryInstance", replace(`"instanceId":"debug`, `"instanceId":"other`), false, 12, integration.FaultNotNamed, "debug-instance-0001"},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				m := integrationtest.New(t, d)
				good := m.NewServer(m.V1Key, m.V2Key)
				m.Serve(integrationtest.Rewrite(good, func(status int, h http.Header, body []byte) (int, []byte) {
					status, body = c.change(status, h, body)
					if c.sign {
						h.Set("Body-Sign", saas.SignBody(m.V1Key, body))
					}
					return status, body
				}))
				fails(t, m, m.Debug(m.Target(c.g), c.scenario), c.row, c.code, c.text)
			})
		})
	}
}

func fails(t *testing.T, m *integrationtest.Market, r integration.Run, row int, code, text string) {
	t.Helper()
	if r.Passed || r.Saved || r.ProblemRow != row || r.ProblemCode != code || !strings.Contains(fmt.Sprint(r.ProblemArgs), text) {
		t.Errorf("%+v", r)
	}
	kept, err := m.Store.RunOf(t.Context(), m.DB, m.Seller, r.ID)
	if err != nil || kept.ProblemCode != code || kept.URL == "" {
		t.Errorf("%v %+v", err, kept)
	}
	if p, err := m.Store.Cases(t.Context(), m.DB, integration.CaseFilter{}, page.Query{}); err != nil || p.Total != 0 {
		t.Errorf("saved: %v %+v", err, p)
	}
}

// Rows 1 and 2: nobody there, not in time, a connection that ends.
func TestUnreachable(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		client := outbound.New(outbound.Config{})
		t.Cleanup(client.CloseIdle)
		m.Store.Caller = &koogallery.Debugger{Client: client, Timeout: 100 * time.Millisecond}
		over := make(chan struct{})
		m.Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			select {
			case <-r.Context().Done():
			case <-over:
			}
		}))
		fails(t, m, m.Debug(m.Target(saas.V2), "newInstance"), 2, "outbound.timeout", "0.1")
		close(over)
		m.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c, _, _ := w.(http.Hijacker).Hijack()
			c.Close()
		}))
		fails(t, m, m.Debug(m.Target(saas.V2), "newInstance"), 1, "outbound.closed", "")

		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		closed := "http://" + l.Addr().String()
		l.Close()
		m.Update(func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `update production_addresses set origin = $1`, closed)
			return err
		})
		fails(t, m, m.Debug(m.Target(saas.V2), "newInstance"), 1, "outbound.connect", "127.0.0.1")
	})
}

// A repeated order is the same instance and a repeated release succeeds; otherwise the run fails behind the rows.
func TestRepeats(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		s := m.NewServer(m.V1Key, m.V2Key)
		good := s.Create
		s.Create = nil
		m.Serve(integrationtest.Rewrite(s, func(status int, h http.Header, body []byte) (int, []byte) {
			body = []byte(fmt.Sprintf(`{"resultCode":"000000","instanceId":%q}`, rand.Text()))
			return status, body
		}))
		fails(t, m, m.Debug(m.Target(saas.V2), "newInstance"), integration.RowRepeat, integration.FaultNotIdempotent, "MOCKPERIODYEARNEW")
		s.Create = good
		n := 0
		m.Serve(integrationtest.Rewrite(s, func(status int, h http.Header, body []byte) (int, []byte) {
			if n++; n > 1 {
				body = []byte(`{"resultCode":"000003"}`)
			}
			return status, body
		}))
		fails(t, m, m.Debug(m.Target(saas.V2), "releaseInstance"), integration.RowRepeat, integration.FaultRelease, "000003")
	})
}

// The deliberate wrong signature: refused passes, accepted fails, another refusal warns. Nothing is saved.
func TestWrongSignature(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		wrong := func(g saas.Generation, scenario string) integration.Run {
			in := m.Preset(m.Target(g), scenario)
			in.WrongSignature = true
			r, err := m.Store.Debug(t.Context(), in)
			if err != nil || r.Saved {
				t.Fatal(err, r.Saved)
			}
			return r
		}
		for g, scenario := range map[saas.Generation]string{saas.V1: "newInstance.period", saas.V2: "newInstance"} {
			m.Serve(m.NewServer(m.V1Key, m.V2Key))
			if r := wrong(g, scenario); !r.Passed || r.ResultCode != "000001" || len(r.Warnings) > 0 {
				t.Errorf("%s: %+v", g, r)
			}
			m.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusForbidden) }))
			if r := wrong(g, scenario); !r.Passed || len(r.Warnings) != 1 || r.Warnings[0].Code != integration.FaultOddRefusal {
				t.Errorf("%s: %+v", g, r)
			}
			m.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, `{"resultCode":"000000","instanceId":"i"}`)
			}))
			if r := wrong(g, scenario); r.Passed || r.ProblemCode != integration.FaultWrongSignature {
				t.Errorf("%s: %+v", g, r)
			}
		}
	})
}

func TestParametersAreChecked(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		calls := 0
		m.Serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls++ }))
		for name, c := range map[string]struct {
			scenario, field, value, code string
		}{
			"missing":     {"newInstance.period", "orderId", " ", "required"},
			"long":        {"newInstance.period", "orderId", strings.Repeat("x", 65), "length"},
			"number":      {"newInstance.period", "amount", "1.5", "integration.param_number"},
			"choice":      {"newInstance.period", "periodType", "week", "one_of"},
			"time":        {"newInstance.period", "expireTime", "2027-01-01", "integration.param_time"},
			"amount":      {"newInstance.period", "orderAmount", "1,5", "integration.param_amount"},
			"unknown":     {"newInstance.period", "colour", "red", "integration.param_unknown"},
			"fixed":       {"newInstance.period", "chargingMode", "3", "integration.param_fixed"},
			"extend":      {"newInstance.extend-params", "saasExtendParams", "a=b", "integration.param_extend"},
			"extend long": {"newInstance.extend-params", "saasExtendParams", `[{"name":"a","value":"` + strings.Repeat("x", 2000) + `"}]`, "length"},
			"ids":         {"queryInstance", "instanceId", strings.Repeat("x,", 101), "integration.param_ids"},
		} {
			in := m.Preset(m.Target(saas.V1), c.scenario)
			in.Parameters[c.field] = c.value
			_, err := m.Store.Debug(t.Context(), in)
			e, ok := errs.As(err)
			if !ok || len(e.Fields) != 1 || e.Fields[0].Path != "parameters."+c.field || e.Fields[0].Code != c.code {
				t.Errorf("%s: %v %+v", name, err, e)
			}
		}
		in := m.Preset(m.Target(saas.V2), "changeInstanceCheck")
		in.Parameters["productInfo"] = "{"
		if _, err := m.Store.Debug(t.Context(), in); errs.KindOf(err) != errs.Invalid {
			t.Error(err)
		}
		in.Scenario = "nothing"
		if _, err := m.Store.Debug(t.Context(), in); errs.KindOf(err) != errs.Invalid {
			t.Error(err)
		}
		in = m.Preset(m.Target(saas.V2), "newInstance")
		in.Path = "no slash"
		if _, err := m.Store.Debug(t.Context(), in); errs.KindOf(err) != errs.Invalid {
			t.Error(err)
		}
		in = m.Preset(m.Target(saas.V2), "newInstance")
		in.SellerID = "sel_other"
		if _, err := m.Store.Debug(t.Context(), in); !errs.Is(err, "seller.address_not_found") {
			t.Error(err)
		}
		if calls != 0 {
			t.Errorf("%d calls were made", calls)
		}
	})
}

// What a person edits is what is sent, encrypted and encoded on the way.
func TestEditedParametersAreSent(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		s := m.NewServer(m.V1Key, m.V2Key)
		s.Encryption = saas.AES128
		var seen []saas.Params
		m.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p, _ := saas.ParseQuery(r.URL.RawQuery)
			seen = append(seen, p)
			s.ServeHTTP(w, r)
		}))
		in := m.Preset(m.Target(saas.V1), "newInstance.contact")
		in.Parameters["mobilePhone"], in.Parameters["saasExtendParams"], in.Parameters["customerName"] = "13900139000", `[{"name":"a","value":"云 >"}]`, " name "
		in.EncryptType = saas.AES128
		if r, err := m.Store.Debug(t.Context(), in); err != nil || !r.Passed || r.Parameters["mobilePhone"] != "13900139000" {
			t.Fatalf("%v %+v", err, r)
		}
		p := seen[0]
		phone, err := saas.DecryptField(m.V1Key, saas.AES128, p["mobilePhone"])
		list, err2 := saas.DecodeExtendParams(p["saasExtendParams"])
		if err != nil || err2 != nil || phone != "13900139000" || list[0].Value != "云 >" || p["customerName"] != "name" || p["testFlag"] != "1" {
			t.Errorf("%v %v %q %v %v", err, err2, phone, list, p)
		}
		if len(seen) != 2 || seen[0]["businessId"] == seen[1]["businessId"] || seen[0]["orderId"] != seen[1]["orderId"] {
			t.Errorf("repeat: %v", seen)
		}
	})
}

// One run at a time reaches an address with its path, and a seller cannot make any number of them.
func TestOneRunAtATime(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		good := m.NewServer(m.V1Key, m.V2Key)
		arrived, answer := make(chan struct{}), make(chan struct{})
		m.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			arrived <- struct{}{}
			<-answer
			good.ServeHTTP(w, r)
		}))
		first := make(chan error, 1)
		in := m.Preset(m.Target(saas.V2), "queryInstance")
		in.Save = false
		go func() {
			_, err := m.Store.Debug(context.Background(), in)
			first <- err
		}()
		<-arrived
		if _, err := m.Store.Debug(t.Context(), in); !errs.Is(err, "integration.busy") {
			t.Error(err)
		}
		waiting := make(chan error, 1)
		go func() {
			_, err := m.Store.RunCases(context.Background(), integration.BatchInput{Target: in.Target, Source: integration.SourceProbe})
			waiting <- err
		}()
		close(answer)
		if err := <-first; err != nil {
			t.Error(err)
		}
		if err := <-waiting; err != nil { // there is no case yet
			t.Error(err)
		}
		m.Serve(good)
		var err error
		for range 100 {
			if _, err = m.Store.Debug(t.Context(), in); err != nil {
				break
			}
		}
		if !errs.Is(err, "integration.too_many") {
			t.Error(err)
		}
	})
}

// What the operator has set for an address holds for debug calls as for real ones.
func TestSwitchesOfTheAddressHold(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := integrationtest.New(t, d)
		m.Update(func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `update production_addresses set hex_case = 'lower', product_info = 'object', suppress = '["skuCode"]'`)
			return err
		})
		request := func(g saas.Generation, scenario string) saas.Call {
			call, err := m.Store.Request(t.Context(), m.Preset(m.Target(g), scenario))
			if err != nil {
				t.Fatal(err)
			}
			return call
		}
		if u := request(saas.V1, "newInstance.period").URL; strings.Contains(u, "skuCode") || !strings.Contains(u, "customerId") {
			t.Error(u)
		}
		change := request(saas.V2, "changeInstanceCheck")
		_, query, _ := strings.Cut(change.URL, "?")
		p, _ := saas.ParseQuery(query)
		if s := p[saas.ParamSignature]; s != strings.ToLower(s) || !strings.Contains(string(change.Body), `"productInfo":{`) {
			t.Errorf("%s %s", change.URL, change.Body)
		}
		if r := m.Debug(m.Target(saas.V2), "changeInstanceCheck"); !r.Passed {
			t.Errorf("%+v", r)
		}
	})
}
