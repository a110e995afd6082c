package probe

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jishi/internal/base/i18n"
	"jishi/internal/base/outbound"
	"jishi/internal/tool/isvapp"
	"jishi/isv"
	"jishi/wire/saas"
)

// The sample application passes everything, extra scenarios included, and again with the same folder: a marketplace
// repeats its saved cases twice a day.
func TestSampleApplicationPasses(t *testing.T) {
	app, err := isvapp.New(isvapp.Config{Data: t.TempDir(), V1Key: goodKey, V2Key: otherKey, PublicURL: "https://app.example", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.Close() })
	for _, c := range []struct{ generation, key string }{{"v1", goodKey}, {"v2", otherKey}, {"v1", goodKey}, {"v2", otherKey}} {
		var all []string
		for _, s := range stepsOf(saas.Generation(c.generation)) {
			all = append(all, s.name)
		}
		for _, scenarios := range [][]string{nil, all, {"one-time"}, {"on-demand"}} {
			r := check(t, app.Handler(), Options{Generation: c.generation, Key: c.key, Scenario: scenarios})
			if !r.Passed || r.Counts.Skipped > 0 || r.Counts.Warnings > 0 {
				t.Errorf("%s %v: %v, %+v", c.generation, scenarios, found(r), r.Counts)
			}
		}
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	for _, generation := range []string{"v1", "v2"} {
		for _, scenarios := range [][]string{nil, {"newInstance"}, {"wrong-signature"}} {
			s := newSeller()
			r := check(t, s, Options{Generation: generation, Scenario: scenarios})
			if !r.Passed || len(s.ids) == 0 || len(s.left()) > 0 {
				t.Errorf("%s %v: left %v, %v", generation, scenarios, s.left(), found(r))
			}
		}
	}
}

func TestPrerequisitesRunByThemselves(t *testing.T) {
	for _, c := range []struct{ generation, scenario, want string }{
		{"v1", "expireInstance", "newInstance.period* expireInstance clean-up"},
		{"v1", "instanceStatus", "newInstance.on-demand* instanceStatus.freeze instanceStatus.normal clean-up"},
		{"v1", "repeated-release", "newInstance.period* releaseInstance* repeated-release"},
		{"v2", "releaseInstance", "newInstance* releaseInstance"},
		{"v2", "newInstance.trial,upgradeInstance", "newInstance.trial upgradeInstance clean-up"},
	} {
		r := check(t, newSeller(), Options{Generation: c.generation, Scenario: strings.Split(c.scenario, ",")})
		var got []string
		for _, x := range r.Cases {
			if x.Prerequisite {
				x.Name += "*"
			}
			got = append(got, x.Name)
		}
		if strings.Join(got, " ") != c.want || !r.Passed {
			t.Errorf("%s: %v %v", c.scenario, got, found(r))
		}
	}
}

func TestUnusableOptions(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := Options{URL: "http://127.0.0.1:1/p", Generation: "v1", Key: "k"}
	for name, c := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"unknown scenario": {func(o *Options) { o.Scenario = []string{"renewal"} }, "refreshInstance.renewal-other-plan"},
		"other generation": {func(o *Options) { o.Scenario = []string{"old-timestamp"} }, `no scenario "old-timestamp"`},
		"no key":           {func(o *Options) { o.Key = " " }, "JISHI_KEY"},
		"no key file":      {func(o *Options) { o.KeyFile = filepath.Join(folder, "absent") }, "absent"},
		"empty key file":   {func(o *Options) { o.KeyFile = file("empty", "\n") }, "--key-file"},
		"two lines":        {func(o *Options) { o.KeyFile = file("two", "a\nb\n") }, "more than one line"},
		"large file":       {func(o *Options) { o.KeyFile = file("large", strings.Repeat("k", 5000)) }, "too long"},
		"private address":  {func(o *Options) { o.URL = "http://10.1.2.3/p" }, "--development"},
		"metadata":         {func(o *Options) { o.URL = "http://169.254.169.254/p" }, "--development"},
		"local name":       {func(o *Options) { o.URL = "http://intranet/p" }, "--development"},
		"http in V2":       {func(o *Options) { o.URL, o.Generation = "http://isv.example/p", "v2" }, "https://"},
		"no address":       {func(o *Options) { o.URL = "isv.example" }, "--url"},
		"own token":        {func(o *Options) { o.URL += "?authToken=1" }, "authToken"},
		"generation":       {func(o *Options) { o.Generation = "v3" }, "v1 or v2"},
		"time limit":       {func(o *Options) { o.Timeout = -1 }, "negative"},
	} {
		o := good
		c.change(&o)
		_, err := Run(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A private network is reached with the flag only, and the loopback network does not open the others.
func TestNetworks(t *testing.T) {
	for _, c := range []struct {
		url         string
		development bool
		want        bool
		networks    int
	}{
		{"http://127.0.0.1:8090/p", false, true, 2},
		{"http://[::1]:8090/p", false, true, 2},
		{"http://localhost:8090/p", false, true, 2},
		{"http://10.0.0.8/p", true, true, 0},
		{"https://isv.example.com/p", false, false, 0},
	} {
		o := Options{URL: c.url, Generation: "v1", Development: c.development, Lang: i18n.EN}
		_, development, networks, err := o.address()
		if err != nil || development != c.want || len(networks) != c.networks {
			t.Errorf("%s: %v %v %v", c.url, development, networks, err)
		}
	}
}

func TestKeyFileComesFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("\uFEFF "+goodKey+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := check(t, newSeller(), Options{Generation: "v1", Key: otherKey, KeyFile: path, Scenario: []string{"newInstance.one-time"}}); !r.Passed {
		t.Errorf("%v", found(r))
	}
}

func TestUnreachableServerEndsTheRun(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	url := server.URL
	server.Close()
	r := check(t, http.NotFoundHandler(), Options{URL: url, Generation: "v1"})
	wantFaults(t, r, "newInstance.period outbound.connect")
	if r.Counts.Failed != 1 || r.Counts.Skipped != len(r.Cases)-1 {
		t.Errorf("%+v", r.Counts)
	}
}

func TestReports(t *testing.T) {
	s := newSeller()
	s.Handler.Upgrade = func(context.Context, isv.Upgrade) error { return isv.Fail("999999", "bad <\x01>&]]> \"云\"") }
	answer401 := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("authToken") == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		s.ServeHTTP(w, r)
	})
	r := check(t, answer401, Options{Generation: "v1", Scenario: []string{"upgrade", "checks", "queryInstance"}})
	wantFaults(t, r, "upgrade saas.answer.result_code", "missing-signature probe.odd_refusal?")

	write := func(format string) string {
		var b strings.Builder
		if err := r.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), goodKey) || strings.Contains(b.String(), "secret-") || strings.Contains(b.String(), "\x01") {
			t.Errorf("%s tells too much:\n%s", format, &b)
		}
		return b.String()
	}
	text := write("text")
	for _, want := range []string{"FAIL   upgrade", "WARN   missing-signature", "→ ", "authToken=******", "999999", "1 failed"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	var back Report
	if err := json.Unmarshal([]byte(write("json")), &back); err != nil || back.Passed || back.Counts != r.Counts || len(back.Cases) != len(r.Cases) {
		t.Errorf("JSON: %v %+v", err, back.Counts)
	}
	var suites junitSuites
	if err := xml.Unmarshal([]byte(write("junit")), &suites); err != nil {
		t.Fatal(err)
	}
	suite := suites.Suites[0]
	if suite.Tests != len(r.Cases) || suite.Failures != 1 || len(suite.Cases) != len(r.Cases) {
		t.Errorf("JUnit: %+v", suite)
	}
	i := slices.IndexFunc(suite.Cases, func(c junitCase) bool { return c.Name == "upgrade" })
	if f := suite.Cases[i].Failure; f == nil || f.Type != "saas.answer.result_code" || !strings.Contains(f.Message, "云") {
		t.Errorf("JUnit: %+v", f)
	}
}

func TestExchangesHideSecrets(t *testing.T) {
	answer := `{"userName":"secret-name","password":"secret \" word","appInfo":{"frontEndUrl":"https://app.example/in?a=1&token=secret-token"}}`
	for _, url := range []string{"https://isv.example/p?activity=x&mobilePhone=secret&authToken=secret%3D", "https://isv.example/p?signature=secret&nonce=n"} {
		e := exchange(saas.Call{Method: "GET", URL: url}, outbound.Response{Body: []byte(answer + strings.Repeat(" ", keptAnswer))})
		if strings.Contains(e.Request+e.Answer, "secret") || !strings.Contains(e.Answer, "a=1") {
			t.Errorf("%+v", e)
		}
	}
	if cut := exchange(saas.Call{}, outbound.Response{Body: []byte(`{"password":"secret-wo`)}); strings.Contains(cut.Answer, "secret") {
		t.Errorf("%+v", cut)
	}
}

// Every step has a title and every code a text of its own, in both languages.
func TestTexts(t *testing.T) {
	codes := []string{titleKey("clean-up"), "probe.summary", "probe.hint_development"}
	for _, g := range []saas.Generation{saas.V1, saas.V2} {
		for _, s := range stepsOf(g) {
			codes = append(codes, titleKey(s.name))
		}
	}
	for code, key := range advice {
		codes = append(codes, code, key)
	}
	for _, code := range codes {
		if zh, en := i18n.Message(i18n.ZH, code, nil), i18n.Message(i18n.EN, code, nil); zh == code || zh == en {
			t.Errorf("%s: %q %q", code, zh, en)
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want i18n.Lang
	}{
		{map[string]string{}, i18n.EN},
		{map[string]string{"LANG": "zh_CN.UTF-8"}, i18n.ZH},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, i18n.EN},
		{map[string]string{"LANG": "C", "LC_MESSAGES": "zh_TW"}, i18n.ZH},
	} {
		if got := Language(func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%v: %s", c.env, got)
		}
	}
}
