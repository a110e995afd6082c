package isvapp

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/wire/saas"
)

const (
	k1    = "9fa6c870-0000-4e9b-b71e-4c2233001560"
	k2    = "d0c5e3a2-1111-4b7f-8a66-0f1e2d3c4b5a"
	kg    = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
	nonce = "1C8E0B5F7A2D4C3E9F6A8B7C6D5E4F300123456789ABCDEF0123456789ABCDEF"
)

// bench is a running application with a clock that only the test moves.
type bench struct {
	t   *testing.T
	app *App
	url string
	now time.Time
	mu  sync.Mutex
}

func start(t *testing.T, c Config) *bench {
	t.Helper()
	b := &bench{t: t, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	if c.Data == "" {
		c.Data = t.TempDir()
	}
	if c.V1Key == "" && c.V2Key == "" {
		c.V1Key, c.V2Key, c.GeneralKey = k1, k2, kg
	}
	c.Now = func() time.Time { b.mu.Lock(); defer b.mu.Unlock(); return b.now }
	c.Logger = slog.New(slog.DiscardHandler)
	app, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.Close() })
	server := httptest.NewServer(app.Handler())
	t.Cleanup(server.Close)
	app.setPublicURL(server.URL)
	b.app, b.url = app, server.URL
	return b
}

func (b *bench) move(d time.Duration) { b.mu.Lock(); b.now = b.now.Add(d); b.mu.Unlock() }

// call sends a call as a marketplace does and judges its answer.
func (b *bench) call(request any) saas.Verdict {
	b.t.Helper()
	var c saas.Call
	var err error
	var p saas.Params
	x := saas.Expectation{}
	switch r := request.(type) {
	case saas.V1Request:
		p, x.Generation, x.Key = r.V1Params(), saas.V1, k1
		c, err = saas.BuildV1(b.app.ProductionURL(), k1, b.app.config.Now(), r)
	case saas.V2Request:
		p, x.Generation, x.Key = r.V2Params(), saas.V2, k2
		if saas.Activity(p["activity"]) == saas.OrderNotify {
			x.Key = kg
		}
		c, err = saas.BuildV2(b.app.ProductionURL(), x.Key, b.app.config.Now(), nonce, r)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	x.Activity, x.Debug, x.Status = saas.Activity(p["activity"]), p["testFlag"] == "1", p["status"]
	req, err := http.NewRequest(c.Method, c.URL, bytes.NewReader(c.Body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header = c.Header
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return saas.CheckAnswer(x, saas.Reply{Status: resp.StatusCode, Header: resp.Header, Body: body})
}

func (b *bench) ok(request any) saas.Verdict {
	b.t.Helper()
	v := b.call(request)
	if v.Outcome != saas.Succeeded {
		b.t.Fatalf("%#v: %s %v", request, v.Outcome, v.Problem)
	}
	return v
}

func (b *bench) fails(request any, code string) {
	b.t.Helper()
	if v := b.call(request); v.Answer.ResultCode != code {
		b.t.Fatalf("%#v: %s, want %s", request, v.Answer.ResultCode, code)
	}
}

// browser keeps cookies and follows redirects.
type browser struct {
	t      *testing.T
	client *http.Client
	url    string
	lang   string
}

func (b *bench) browser(lang string) *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{b.t, &http.Client{Jar: jar}, b.url, lang}
}

func (w *browser) do(method, path string, form url.Values) (int, string) {
	w.t.Helper()
	req, err := http.NewRequest(method, w.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", w.lang)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := w.client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

func (w *browser) see(method, path string, form url.Values, status int, want string) string {
	w.t.Helper()
	got, body := w.do(method, path, form)
	if got != status || !strings.Contains(body, want) {
		w.t.Fatalf("%s %s: %d, want %d and %q in\n%s", method, path, got, status, want, body)
	}
	return body
}

func buyV1(order string) saas.NewInstanceV1 {
	return saas.NewInstanceV1{
		CustomerID: "c-1", CustomerName: "测试公司", BusinessID: "b-" + order, OrderID: order, ProductID: "p-1",
		ChargingMode: saas.Period, ExpireTime: "20270102110405", Amount: 5, PeriodType: saas.PeriodYear, PeriodNumber: 1,
	}
}

func buyV2(order string) saas.NewInstanceV2 {
	return saas.NewInstanceV2{OrderID: order, OrderLineID: order + "-000001", BusinessID: "b-" + order}
}

func TestDeliveredCredentialsOpenTheBoard(t *testing.T) {
	b := start(t, Config{Name: "云笔记"})
	first := b.ok(buyV1("CS1")).Instance
	again := b.ok(buyV1("CS1")).Instance
	if *first.Access != *again.Access || first.InstanceID != again.InstanceID {
		t.Fatalf("the repeat differs: %+v %+v", first, again)
	}
	if first.Access.FrontEndURL != b.url+"/login" {
		t.Errorf("front end %s", first.Access.FrontEndURL)
	}
	credentials := url.Values{"user": {first.Access.UserName}, "password": {first.Access.Password}}

	w := b.browser("zh-CN,zh;q=0.9")
	w.see("GET", "/board", nil, 200, "请使用购买后收到的账号登录")
	w.see("POST", "/login", url.Values{"user": {first.Access.UserName}, "password": {"wrong"}}, 422, "用户名或密码不正确")
	w.see("POST", "/login", credentials, 200, "还没有任务")
	w.see("POST", "/board", url.Values{"text": {"写<b>周报</b>"}}, 200, "写&lt;b&gt;周报&lt;/b&gt;")
	w.see("POST", "/board", url.Values{"text": {"  "}}, 422, "1 到 200")
	page := w.see("POST", "/board", url.Values{"text": {"second"}}, 200, "second")
	id := regexp.MustCompile(`/board/(\d+)/done`).FindStringSubmatch(page)[1]
	w.see("POST", "/board/"+id+"/done", nil, 200, "重新打开")
	w.see("GET", "/manage", nil, 200, "2027-01-02 11:04:05")

	other := b.ok(buyV1("CS2")).Instance
	en := b.browser("en-GB, zh;q=0.5")
	en.see("POST", "/login", url.Values{"user": {other.Access.UserName}, "password": {other.Access.Password}, "next": {"https://evil.example"}}, 200, "No tasks yet")
	en.do("POST", "/board/"+id+"/delete", nil)
	w.see("GET", "/board", nil, 200, "周报")

	b.ok(saas.ExpireInstanceV1{InstanceID: first.InstanceID, OrderID: "CS1"})
	w.see("GET", "/board", nil, 403, "服务已冻结")
	b.ok(saas.RefreshInstanceV1{InstanceID: first.InstanceID, OrderID: "CS3", ExpireTime: "20280102110405"})
	w.see("GET", "/manage", nil, 200, "2028-01-02 11:04:05")
	b.ok(saas.UpgradeV1{InstanceID: first.InstanceID, OrderID: "CS4", SKUCode: "s", ProductID: "p-2", Amount: 50})
	w.see("GET", "/manage", nil, 200, "<dd>50</dd>")
	b.ok(saas.ReleaseInstanceV1{InstanceID: first.InstanceID, OrderID: "CS1"})
	b.ok(saas.ReleaseInstanceV1{InstanceID: first.InstanceID, OrderID: "CS1"})
	w.see("GET", "/board", nil, 200, "登录")
	w.see("POST", "/login", credentials, 422, "用户名或密码不正确")
	b.fails(buyV1("CS1"), saas.CodeNoInstance)
	b.fails(saas.QueryInstanceV1{InstanceID: first.InstanceID}, saas.CodeNoInstance)
	en.see("POST", "/logout", nil, 200, "Sign in")
	en.see("GET", "/board", nil, 200, "Sign in")
}

func TestV2(t *testing.T) {
	b := start(t, Config{ReadyAfter: time.Minute})
	v := b.call(buyV2("CS1"))
	if v.Outcome != saas.Accepted || v.Instance.InstanceID == "" {
		t.Fatalf("%+v %v", v, v.Problem)
	}
	id := v.Instance.InstanceID
	b.fails(saas.QueryInstanceV2{InstanceID: id}, saas.CodeProcessing)
	b.move(time.Minute)
	if v := b.ok(buyV2("CS1")); v.Instance.InstanceID != id {
		t.Errorf("the repeat made %s of %s", v.Instance.InstanceID, id)
	}
	access := b.ok(saas.QueryInstanceV2{InstanceID: id}).Instances[0].Access
	w := b.browser("en")
	w.see("POST", "/login", url.Values{"user": {access.UserName}, "password": {access.Password}, "next": {"/manage"}}, 200, "Subscription")
	w.see("POST", "/board", url.Values{"text": {"one"}}, 200, "one")
	w.see("POST", "/board", url.Values{"text": {"two"}}, 200, "two")
	check := func(n int) saas.ChangeInstanceCheckV2 {
		return saas.ChangeInstanceCheckV2{InstanceID: id, ProductInfo: saas.EncodeProductInfo(saas.ProductInfo{LinearValue: n, ProductID: "p", SKUCode: "s"})}
	}
	b.ok(check(2))
	b.fails(check(1), saas.CodeBadParameter)
	b.ok(saas.UpdateInstanceStatusV2{InstanceID: id, Status: saas.StatusFreeze})
	b.ok(saas.RefreshInstanceV2{Scene: saas.SceneRenewal, OrderID: "CS2", OrderLineID: "CS2-000001", InstanceID: id, ExpireTime: "20280102110405"})
	w.see("GET", "/board", nil, 403, "frozen")
	b.ok(saas.UpdateInstanceStatusV2{InstanceID: id, Status: saas.StatusUnfreeze})
	w.see("GET", "/board", nil, 200, "two")
	b.ok(saas.UpgradeInstanceV2{InstanceID: id, OrderID: "CS3", OrderLineID: "CS3-000001"})
	b.fails(saas.UpgradeInstanceV2{InstanceID: "unknown", OrderID: "CS3", OrderLineID: "l"}, saas.CodeNoInstance)
	b.ok(saas.ReleaseInstanceV2{InstanceID: id})
	b.ok(saas.ReleaseInstanceV2{InstanceID: id})
	b.fails(saas.UpdateInstanceStatusV2{InstanceID: id, Status: saas.StatusFreeze}, saas.CodeNoInstance)
}

func TestOrderNoticesAreLogged(t *testing.T) {
	b := start(t, Config{})
	b.ok(saas.OrderNotice{OrderID: "CS1", OrderLineID: "CS1-000001"})
	b.ok(saas.OrderNotice{OrderID: "CS1", OrderLineID: "CS1-000001", Test: true})
	calls, err := b.app.receivedCalls(t.Context(), 10)
	if err != nil || len(calls) != 2 || calls[0].Activity != "orderNotify" || !calls[0].Test || calls[1].Test || calls[1].Code != saas.CodeSuccess {
		t.Errorf("%+v, %v", calls, err)
	}
}

func TestDebugCallsWithDummyIDs(t *testing.T) {
	b := start(t, Config{})
	create := buyV1("CS1")
	create.Test = true
	real, dummy := b.ok(buyV1("CS1")), b.ok(create)
	if real.Instance.InstanceID == dummy.Instance.InstanceID {
		t.Fatal("a debug call reached what a buyer has paid for")
	}
	b.ok(saas.ReleaseInstanceV1{InstanceID: dummy.Instance.InstanceID, OrderID: "CS1", Test: true})
	b.ok(create)
	for _, r := range []any{
		saas.QueryInstanceV1{InstanceID: "dummy", Test: true}, saas.ExpireInstanceV1{InstanceID: "dummy", OrderID: "o", Test: true},
		saas.RefreshInstanceV1{InstanceID: "dummy", OrderID: "o", ExpireTime: "20270101000000", Test: true},
		saas.UpgradeV1{InstanceID: "dummy", OrderID: "o", SKUCode: "s", ProductID: "p", Test: true},
		saas.InstanceStatusV1{InstanceID: "dummy", Status: saas.StatusNormal, Test: true},
		saas.ReleaseInstanceV1{InstanceID: "dummy", OrderID: "o", Test: true},
		saas.QueryInstanceV2{InstanceID: "dummy", Test: true},
		saas.ChangeInstanceCheckV2{InstanceID: "dummy", ProductInfo: `{"productId":"p","skuCode":"s"}`, Test: true},
	} {
		b.ok(r)
	}
	b.fails(saas.ExpireInstanceV1{InstanceID: "dummy", OrderID: "o"}, saas.CodeNoInstance)
}

// A kill -9 right after the answer: the folder is copied while the application runs, without closing anything.
func TestSurvivesKill(t *testing.T) {
	b := start(t, Config{V1Key: k1, V2Key: k2})
	v1, v2 := b.ok(buyV1("CS1")).Instance, b.ok(buyV2("CS2")).Instance
	password := b.app.AdminPassword()
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(b.app.config.Data)); err != nil {
		t.Fatal(err)
	}
	again := start(t, Config{Data: copied})
	if again.app.AdminPassword() != password {
		t.Error("the administrator's password changed")
	}
	after := again.ok(buyV1("CS1")).Instance
	if after.InstanceID != v1.InstanceID || after.Access.Password != v1.Access.Password {
		t.Errorf("before %+v, after %+v", v1, after)
	}
	if got := again.ok(buyV2("CS2")).Instance; got.InstanceID != v2.InstanceID {
		t.Errorf("before %+v, after %+v", v2, got)
	}
	again.browser("en").see("POST", "/login", url.Values{"user": {v1.Access.UserName}, "password": {v1.Access.Password}}, 200, "Task board")
}

func TestConcurrentRepeatsMakeOneInstance(t *testing.T) {
	b := start(t, Config{})
	var wg sync.WaitGroup
	ids := make([]string, 8)
	for n := range ids {
		wg.Go(func() {
			if v := b.call(buyV2("CS1")); v.Instance != nil {
				ids[n] = v.Instance.InstanceID
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id == "" || id != ids[0] {
			t.Fatalf("ids %v", ids)
		}
	}
}

func TestFaults(t *testing.T) {
	b := start(t, Config{Faults: Faults{Activity: saas.NewInstance, FailFirst: 2, Code: saas.CodeNoResource}})
	b.fails(buyV1("CS1"), saas.CodeNoResource)
	b.fails(saas.QueryInstanceV1{InstanceID: "unknown"}, saas.CodeNoInstance)
	b.fails(buyV1("CS1"), saas.CodeNoResource)
	b.ok(buyV1("CS1"))

	b = start(t, Config{Faults: Faults{FailFirst: 1, AfterWork: true}})
	b.fails(buyV1("CS1"), saas.CodeInternal)
	if list, err := b.app.instances(context.Background(), 10); err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	b.ok(buyV1("CS1"))

	b = start(t, Config{Faults: Faults{Always: true, Code: "999999"}})
	for range 3 {
		b.fails(buyV2("CS1"), "999999")
	}

	b = start(t, Config{Faults: Faults{Delay: time.Hour}})
	c, _ := saas.BuildV1(b.app.ProductionURL(), k1, b.app.config.Now(), buyV1("CS1"))
	ctx, cancel := context.WithCancel(context.Background())
	req, _ := http.NewRequestWithContext(ctx, "GET", c.URL, nil)
	done := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		done <- err
	}()
	cancel()
	if err := <-done; err == nil {
		t.Error("a delayed call answered at once")
	}
}

func TestAdmin(t *testing.T) {
	b := start(t, Config{V2Key: k2})
	b.ok(buyV2("CS1"))
	w := b.browser("zh")
	w.see("GET", "/admin", nil, 200, "管理后台")
	w.see("POST", "/admin/login", url.Values{"password": {"x"}}, 422, "不正确")
	page := w.see("POST", "/admin/login", url.Values{"password": {b.app.AdminPassword()}}, 200, "CS1-000001")
	access := b.ok(saas.QueryInstanceV2{InstanceID: regexp.MustCompile(`inst-[a-z0-9]{20}`).FindString(page)}).Instances[0].Access
	for path, secret := range map[string]string{"/admin": access.Password, "/admin?": k2} {
		if _, body := w.do("GET", path, nil); strings.Contains(body, secret) {
			t.Error("a secret is shown to the administrator")
		}
	}
	for range guardTries {
		w.do("POST", "/login", url.Values{"user": {access.UserName}, "password": {"x"}})
	}
	w.see("POST", "/login", url.Values{"user": {access.UserName}, "password": {access.Password}}, 429, "十分钟")
	b.move(guardWindow + time.Second)
	w.see("POST", "/login", url.Values{"user": {access.UserName}, "password": {access.Password}}, 200, "任务看板")
}

func TestForeignSitesCannotPost(t *testing.T) {
	b := start(t, Config{})
	req, _ := http.NewRequest("POST", b.url+"/logout", nil)
	req.Header.Set("Origin", "https://evil.example")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", resp.StatusCode)
	}
	w := b.browser("en")
	u, _ := url.Parse(b.url)
	w.client.Jar.SetCookies(u, []*http.Cookie{{Name: b.app.cookieName(adminSession), Value: b.app.keys.sign("tenant admin 9999999999")}})
	w.see("GET", "/admin", nil, 200, "Administration")
	if _, body := w.do("GET", "/admin", nil); strings.Contains(body, "Production address") {
		t.Error("a tenant's cookie opened the administration")
	}
}

func TestRun(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	app, err := New(Config{Listener: listener, Data: t.TempDir(), V1Key: k1, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	resp, err := http.Get("http://" + listener.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if want := "http://" + listener.Addr().String() + ProductionPath; app.ProductionURL() != want {
		t.Errorf("production address %s", app.ProductionURL())
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for _, c := range []Config{{Data: "x"}, {V1Key: k1}} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v must be refused", c)
		}
	}
}

func TestPagesHaveTextsInBothLanguages(t *testing.T) {
	used := regexp.MustCompile(`\.T "([^"]+)"`)
	entries, err := files.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		page, _ := files.ReadFile("pages/" + e.Name())
		for _, m := range used.FindAllSubmatch(page, -1) {
			if _, ok := texts[string(m[1])]; !ok {
				t.Errorf("%s: no text %s", e.Name(), m[1])
			}
		}
	}
	for header, want := range map[string]string{"": "en", "zh-CN": "zh", "fr, en;q=0.5, zh;q=0.8": "zh", "en-US,en;q=0.9,zh;q=0.8": "en", "ZH-Hant;q=0.2,fr": "zh"} {
		if got := language(header); got != want {
			t.Errorf("%q: %s", header, got)
		}
	}
}
