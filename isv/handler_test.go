package isv_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/isv"
	"jishi/wire/saas"
)

const (
	k1    = "9fa6c870-0000-4e9b-b71e-4c2233001560"
	k2    = "d0c5e3a2-1111-4b7f-8a66-0f1e2d3c4b5a"
	nonce = "1C8E0B5F7A2D4C3E9F6A8B7C6D5E4F300123456789ABCDEF0123456789ABCDEF"
)

var now = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

// server starts a Handler with both keys and a stopped clock.
func server(t *testing.T, h isv.Handler) string {
	t.Helper()
	h.V1Key, h.V2Key = k1, k2
	h.Now = func() time.Time { return now }
	h.Logger = slog.New(slog.DiscardHandler)
	s := httptest.NewServer(&h)
	t.Cleanup(s.Close)
	return s.URL + "/produceAPI"
}

func send(t *testing.T, c saas.Call) saas.Reply {
	t.Helper()
	req, err := http.NewRequest(c.Method, c.URL, bytes.NewReader(c.Body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = c.Header
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return saas.Reply{Status: resp.StatusCode, Header: resp.Header, Body: body}
}

// judge sends a call and judges the answer as strictly as the debug page.
func judge(t *testing.T, address string, request any) saas.Verdict {
	t.Helper()
	x := saas.Expectation{Debug: true}
	var c saas.Call
	var err error
	var p saas.Params
	switch r := request.(type) {
	case saas.V2Request:
		p = r.V2Params()
		x.Generation, x.Key = saas.V2, k2
		c, err = saas.BuildV2(address, k2, now, nonce, r)
	case saas.V1Request:
		p = r.V1Params()
		x.Generation, x.Key = saas.V1, k1
		c, err = saas.BuildV1(address, k1, now, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	x.Activity = saas.Activity(p[saas.ParamActivity])
	return saas.CheckAnswer(x, send(t, c))
}

func wantCode(t *testing.T, what string, v saas.Verdict, code string) {
	t.Helper()
	if v.Answer.ResultCode != code {
		t.Errorf("%s: answered %q %q, want %s (%v)", what, v.Answer.ResultCode, v.Answer.ResultMsg, code, v.Problem)
	}
}

func access(id string) *saas.AppInfo {
	return &saas.AppInfo{FrontEndURL: "https://app.example/" + id, UserName: "管理员-" + id, Password: "P@ssw0rd!2024", Memo: "你好"}
}

func TestNewInstanceV1(t *testing.T) {
	var got isv.Create
	address := server(t, isv.Handler{Encryption: saas.AES128, Create: func(_ context.Context, c isv.Create) (isv.Instance, error) {
		got = c
		return isv.Instance{ID: "i-" + c.Key(), Access: access("1")}, nil
	}})
	mobile, _ := saas.EncryptField(k1, saas.AES128, "Qw3rTy7UiOpA5dFg", "13800138000")
	extend, _ := saas.EncodeExtendParams([]saas.ExtendParam{{Name: "extendParamName", Value: "A>B?云"}})
	r := saas.NewInstanceV1{
		CustomerID: "c", CustomerName: "名 1", BusinessID: "b", OrderID: "CS1", ProductID: "p", ChargingMode: saas.Period,
		MobilePhone: mobile, ExtendParams: extend, PeriodType: saas.PeriodYear, PeriodNumber: 1, Test: true,
	}
	v := judge(t, address, r)
	wantCode(t, "newInstance", v, saas.CodeSuccess)
	if v.Problem != nil || v.Instance.InstanceID != "i-CS1" || !reflect.DeepEqual(v.Instance.Access, access("1")) || v.Answer.EncryptType != "2" {
		t.Errorf("%+v %+v", v.Problem, v.Instance)
	}
	if got.Mobile != "13800138000" || got.Extend[0].Value != "A>B?云" || !got.Test || got.V1.CustomerName != "名 1" {
		t.Errorf("received %+v", got)
	}
	r.ChargingMode = saas.OnDemand
	if v := judge(t, address, r); v.Instance == nil || v.Instance.InstanceID != "i-CS1/p" {
		t.Errorf("on-demand key: %+v", v.Instance)
	}
	r.MobilePhone = "Qw3rTy7UiOpA5dFgAAAA"
	wantCode(t, "undecryptable", judge(t, address, r), saas.CodeBadParameter)
}

func TestNewInstanceV2(t *testing.T) {
	ready := true
	address := server(t, isv.Handler{
		Create: func(_ context.Context, c isv.Create) (isv.Instance, error) {
			return isv.Instance{ID: "i-" + c.Key(), Access: access("1"), InProcess: !ready}, nil
		},
		Query: func(_ context.Context, q isv.Query) (isv.Instance, error) {
			id := q.InstanceID
			if id == "unknown" {
				return isv.Instance{}, isv.NoInstance()
			}
			return isv.Instance{ID: id, Access: access(id), Usage: []saas.UsageInfo{{UsageValue: "1.5", StatisticalTime: "20260102030405678"}}}, nil
		},
	})
	r := saas.NewInstanceV2{OrderID: "CS2", OrderLineID: "CS2-000001", BusinessID: "b"}
	v := judge(t, address, r)
	if v.Outcome != saas.Succeeded || v.Instance.InstanceID != "i-CS2/CS2-000001" || v.Instance.Access != nil {
		t.Errorf("%+v", v)
	}
	ready = false
	if v := judge(t, address, r); v.Outcome != saas.Accepted || v.Instance.InstanceID == "" {
		t.Errorf("in process: %+v", v)
	}
	v = judge(t, address, saas.QueryInstanceV2{InstanceID: "a,unknown,b"})
	if v.Problem != nil || len(v.Instances) != 2 || !reflect.DeepEqual(v.Instances[1].Access, access("b")) || v.Instances[0].Usage[0].UsageValue != "1.5" {
		t.Errorf("%+v %+v", v.Problem, v.Instances)
	}
	wantCode(t, "unknown only", judge(t, address, saas.QueryInstanceV2{InstanceID: "unknown"}), saas.CodeNoInstance)
	v = judge(t, address, saas.QueryInstanceV1{InstanceID: "a"})
	if v.Problem != nil || !reflect.DeepEqual(v.Instances[0].Access, access("a")) {
		t.Errorf("V1 query: %+v %+v", v.Problem, v.Instances)
	}
}

func TestLaterCalls(t *testing.T) {
	var got []any
	note := func(x any) error { got = append(got, x); return nil }
	address := server(t, isv.Handler{
		Renew:       func(_ context.Context, r isv.Renewal) error { return note(r) },
		Freeze:      func(_ context.Context, f isv.Freeze) error { return note(f) },
		Release:     func(_ context.Context, r isv.Release) error { _ = note(r); return isv.NoInstance() },
		Upgrade:     func(_ context.Context, u isv.Upgrade) error { u.V1 = nil; return note(u) },
		CheckChange: func(_ context.Context, c isv.Change) error { return note(c) },
	})
	expire := time.Date(2027, 12, 31, 23, 59, 59, 0, time.UTC)
	local := expire.Add(-8 * time.Hour)
	for _, c := range []struct {
		request any
		want    any
	}{
		{saas.RefreshInstanceV1{OrderID: "o", InstanceID: "i", ExpireTime: "20271231235959"}, isv.Renewal{Generation: saas.V1, InstanceID: "i", OrderID: "o", ExpireAt: local, Scene: saas.SceneRenewal}},
		{saas.RefreshInstanceV1{OrderID: "o", InstanceID: "i", ExpireTime: "20271231235959", TrialToFormal: true}, isv.Renewal{Generation: saas.V1, InstanceID: "i", OrderID: "o", ExpireAt: local, Scene: saas.SceneTrialToFormal}},
		{saas.ExpireInstanceV1{InstanceID: "i", OrderID: "o"}, isv.Freeze{Generation: saas.V1, InstanceID: "i", Frozen: true}},
		{saas.InstanceStatusV1{InstanceID: "i", Status: saas.StatusNormal}, isv.Freeze{Generation: saas.V1, InstanceID: "i"}},
		{saas.ReleaseInstanceV1{InstanceID: "i", OrderID: "o", Test: true}, isv.Release{Generation: saas.V1, InstanceID: "i", OrderID: "o", Test: true}},
		{saas.UpgradeV1{InstanceID: "i", OrderID: "o", SKUCode: "s", ProductID: "p"}, isv.Upgrade{Generation: saas.V1, InstanceID: "i", OrderID: "o"}},
		{saas.RefreshInstanceV2{Scene: saas.SceneUnsubscribePeriod, OrderID: "o", OrderLineID: "l", InstanceID: "i", ExpireTime: "20271231235959"}, isv.Renewal{Generation: saas.V2, InstanceID: "i", OrderID: "o", OrderLineID: "l", ExpireAt: expire, Scene: saas.SceneUnsubscribePeriod}},
		{saas.UpdateInstanceStatusV2{InstanceID: "i", Status: saas.StatusFreeze}, isv.Freeze{Generation: saas.V2, InstanceID: "i", Frozen: true}},
		{saas.UpdateInstanceStatusV2{InstanceID: "i", Status: saas.StatusUnfreeze}, isv.Freeze{Generation: saas.V2, InstanceID: "i"}},
		{saas.ReleaseInstanceV2{InstanceID: "i", OrderID: "o", OrderLineID: "l"}, isv.Release{Generation: saas.V2, InstanceID: "i", OrderID: "o", OrderLineID: "l"}},
		{saas.UpgradeInstanceV2{InstanceID: "i", OrderID: "o", OrderLineID: "l"}, isv.Upgrade{Generation: saas.V2, InstanceID: "i", OrderID: "o", OrderLineID: "l"}},
		{saas.ChangeInstanceCheckV2{InstanceID: "i", ProductInfo: saas.EncodeProductInfo(saas.ProductInfo{LinearValue: 5, ProductID: "p", SKUCode: "s"})}, isv.Change{InstanceID: "i", Target: saas.ProductInfo{LinearValue: 5, ProductID: "p", SKUCode: "s"}}},
	} {
		got = nil
		v := judge(t, address, c.request)
		if v.Outcome != saas.Succeeded || len(got) != 1 {
			t.Errorf("%#v: %s %v", c.request, v.Outcome, v.Problem)
			continue
		}
		if r, ok := got[0].(isv.Renewal); ok {
			r.ExpireAt = r.ExpireAt.UTC()
			got[0] = r
		}
		if got[0] != c.want {
			t.Errorf("%#v: received %#v", c.request, got[0])
		}
	}
	wantCode(t, "wrong word", judge(t, address, saas.UpdateInstanceStatusV2{InstanceID: "i", Status: saas.StatusNormal}), saas.CodeBadParameter)
	wantCode(t, "wrong time", judge(t, address, saas.RefreshInstanceV1{OrderID: "o", InstanceID: "i", ExpireTime: "2027"}), saas.CodeBadParameter)
	wantCode(t, "wrong target", judge(t, address, saas.ChangeInstanceCheckV2{InstanceID: "i", ProductInfo: "x"}), saas.CodeBadParameter)
}

func TestRefusals(t *testing.T) {
	var records []isv.Record
	address := server(t, isv.Handler{
		Create: func(_ context.Context, c isv.Create) (isv.Instance, error) {
			switch c.OrderID {
			case "panic":
				panic("boom")
			case "error":
				return isv.Instance{}, errors.New("database password is hunter2")
			case "sold":
				return isv.Instance{}, isv.Fail(saas.CodeSoldOut, "")
			case "long":
				return isv.Instance{ID: "i", Access: &saas.AppInfo{FrontEndURL: "x", UserName: strings.Repeat("u", 80)}}, nil
			}
			return isv.Instance{ID: "i", Access: access("i")}, nil
		},
		Before: func(_ context.Context, r isv.Record) error {
			if r.Params["orderId"] == "before" {
				return isv.Fail("999999", "not today")
			}
			return nil
		},
		After: func(r isv.Record) { records = append(records, r) },
	})
	create := func(order string) saas.NewInstanceV1 {
		return saas.NewInstanceV1{CustomerID: "c", BusinessID: "b", OrderID: order, ProductID: "p", ChargingMode: saas.Period}
	}
	for order, code := range map[string]string{
		"panic": saas.CodeInternal, "error": saas.CodeInternal, "sold": saas.CodeSoldOut, "long": saas.CodeInternal, "before": "999999", "": saas.CodeBadParameter, "fine": saas.CodeSuccess,
	} {
		v := judge(t, address, create(order))
		wantCode(t, "order "+order, v, code)
		if strings.Contains(v.Answer.ResultMsg, "hunter2") {
			t.Error("an inner error was told to the caller")
		}
	}
	wantCode(t, "unknown V1 activity", judge(t, address, saas.UpgradeV1{InstanceID: "i", OrderID: "o", SKUCode: "s", ProductID: "p"}), saas.CodeBadParameter)
	wantCode(t, "never heard of", judge(t, address, v2only{"activity": "destroyInstance"}), saas.CodeBadParameter)
	for _, r := range records {
		if r.Params[saas.ParamAuthToken] != "" {
			t.Error("a token reached the record")
		}
	}

	good, _ := saas.BuildV1(address, k1, now, create("fine"))
	for name, c := range map[string]saas.Call{
		"changed":        {Method: "GET", URL: strings.Replace(good.URL, "orderId=fine", "orderId=free", 1)},
		"no token":       {Method: "GET", URL: good.URL[:strings.Index(good.URL, "&authToken")]},
		"given twice":    {Method: "GET", URL: good.URL + "&orderId=fine"},
		"nothing":        {Method: "GET", URL: address},
		"broken escapes": {Method: "GET", URL: good.URL + "&x=%zz"},
	} {
		r := send(t, c)
		if !bytes.Contains(r.Body, []byte(`"000001"`)) || saas.VerifyBodySign(k1, r.Body, r.Header.Values(saas.HeaderBodySign)) != nil {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	old, _ := saas.BuildV2(address, k2, now.Add(-61*time.Second), nonce, saas.NewInstanceV2{OrderID: "o", OrderLineID: "l", BusinessID: "b"})
	if r := send(t, old); !bytes.Contains(r.Body, []byte(`"000001"`)) || !bytes.Contains(r.Body, []byte("60 s")) {
		t.Errorf("61 s old: %s", r.Body)
	}
	forged, _ := saas.BuildV2(address, k1, now, nonce, saas.NewInstanceV2{OrderID: "o", OrderLineID: "l", BusinessID: "b"})
	if r := send(t, forged); !bytes.Contains(r.Body, []byte(`"000001"`)) {
		t.Errorf("forged: %s", r.Body)
	}
	list := []byte(`[1]`)
	millis := saas.FormatMillis(now)
	url := address + "?signature=" + saas.SignV2(k2, nonce, millis, list) + "&timestamp=" + millis + "&nonce=" + nonce
	if r := send(t, saas.Call{Method: "POST", URL: url, Body: list}); !bytes.Contains(r.Body, []byte(`"000002"`)) {
		t.Errorf("signed list: %s", r.Body)
	}
	if r := send(t, saas.Call{Method: "POST", URL: address, Body: make([]byte, isv.MaxBody+1)}); r.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", r.Status)
	}
	if r := send(t, saas.Call{Method: "PUT", URL: address}); r.Status != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", r.Status)
	}
}

// v2only is a V2 request that no struct describes.
type v2only saas.Params

func (p v2only) V2Params() saas.Params { return saas.Params(p) }

func TestKeyDecidesGeneration(t *testing.T) {
	s := httptest.NewServer(&isv.Handler{V2Key: k2})
	defer s.Close()
	c, _ := saas.BuildV1(s.URL, "", now, saas.QueryInstanceV1{InstanceID: "i"})
	if r := send(t, c); r.Status != http.StatusMethodNotAllowed {
		t.Errorf("V1 without key: %d %s", r.Status, r.Body)
	}
}

func TestIdempotent(t *testing.T) {
	var mu sync.Mutex
	stored := map[string]isv.Instance{}
	made := 0
	create := isv.Idempotent(
		func(_ context.Context, key string) (isv.Instance, bool, error) {
			mu.Lock()
			defer mu.Unlock()
			i, ok := stored[key]
			return i, ok, nil
		},
		func(_ context.Context, c isv.Create) (isv.Instance, error) {
			mu.Lock()
			defer mu.Unlock()
			made++
			stored[c.Key()] = isv.Instance{ID: c.BusinessID}
			return stored[c.Key()], nil
		})
	var wg sync.WaitGroup
	ids := make([]string, 50)
	for n := range ids {
		wg.Go(func() {
			i, err := create(context.Background(), isv.Create{Generation: saas.V1, OrderID: "o", BusinessID: string(rune('A' + n))})
			if err != nil {
				t.Error(err)
			}
			ids[n] = i.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if made != 1 || id != ids[0] {
			t.Fatalf("%d instances, ids %v", made, ids)
		}
	}

	started, finish := make(chan struct{}), make(chan struct{})
	slow := isv.Idempotent(
		func(context.Context, string) (isv.Instance, bool, error) { return isv.Instance{}, false, nil },
		func(context.Context, isv.Create) (isv.Instance, error) {
			close(started)
			<-finish
			return isv.Instance{ID: "i"}, nil
		})
	wg.Go(func() { _, _ = slow(context.Background(), isv.Create{OrderID: "o"}) })
	<-started
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := slow(gone, isv.Create{OrderID: "o"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that has gone still waits: %v", err)
	}
	close(finish)
	wg.Wait()
}

// An order notice is signed by the key of the general interfaces, and by no other.
func TestOrderNotice(t *testing.T) {
	const general = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
	var got []isv.OrderNotice
	h := isv.Handler{GeneralKey: general, Notify: func(_ context.Context, n isv.OrderNotice) error {
		if n.OrderID == "CS0" {
			return isv.Fail(saas.CodeInternal, "later")
		}
		got = append(got, n)
		return nil
	}}
	address := server(t, h)
	answer := func(key string, r saas.V2Request) saas.Verdict {
		t.Helper()
		c, err := saas.BuildV2(address, key, now, nonce, r)
		if err != nil {
			t.Fatal(err)
		}
		return saas.CheckAnswer(saas.Expectation{Generation: saas.V2, Activity: saas.OrderNotify, Key: key, Debug: true}, send(t, c))
	}
	notice := saas.OrderNotice{OrderID: "CS1", OrderLineID: "CS1-000001", Test: true}
	if v := answer(general, notice); v.Outcome != saas.Succeeded || !reflect.DeepEqual(got, []isv.OrderNotice{{Test: true, OrderID: "CS1", OrderLineID: "CS1-000001"}}) {
		t.Errorf("%+v, %+v", v.Problem, got)
	}
	for name, c := range map[string]struct {
		key     string
		request saas.V2Request
		code    string
	}{
		"base key":              {k2, notice, saas.CodeUnauthorized},
		"another call, general": {general, saas.QueryInstanceV2{InstanceID: "i"}, saas.CodeUnauthorized},
		"no line":               {general, saas.OrderNotice{OrderID: "CS1"}, saas.CodeBadParameter},
		"no flag":               {general, saas.Params{"activity": "orderNotify", "orderId": "CS1", "orderLineId": "CS1-000001"}, saas.CodeBadParameter},
		"fails":                 {general, saas.OrderNotice{OrderID: "CS0", OrderLineID: "CS0-000001"}, saas.CodeInternal},
	} {
		if v := answer(c.key, c.request); v.Answer.ResultCode != c.code {
			t.Errorf("%s: %s, want %s", name, v.Answer.ResultCode, c.code)
		}
	}
	h.GeneralKey, h.Notify = "", nil
	address = server(t, h)
	if v := answer(general, notice); v.Answer.ResultCode != saas.CodeUnauthorized {
		t.Errorf("without a key: %+v", v.Answer)
	}
}
