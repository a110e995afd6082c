package arch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/i18n"
	"jishi/isv"
	"jishi/wire/saas"
)

// What all examples are made with; the same as in docs/protocol.
const (
	exampleV1Key   = "9fa6c870-0000-4e9b-b71e-4c2233001560"
	exampleV2Key   = "d0c5e3a2-1111-4b7f-8a66-0f1e2d3c4b5a"
	exampleNonce   = "1C8E0B5F7A2D4C3E9F6A8B7C6D5E4F300123456789ABCDEF0123456789ABCDEF"
	exampleIV      = "Qw3rTy7UiOpA5dFg"
	exampleAddress = "https://isv.example.com/produce"
	exampleID      = "ws-1001"
)

var exampleTime = time.UnixMilli(1767323045678).UTC()

// onlyA is a source of bytes from which the server's initialisation vectors are drawn, always the same.
type onlyA struct{}

func (onlyA) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i * 7)
	}
	return len(p), nil
}

// exampleServer answers as a seller's server does.
func exampleServer() *isv.Handler {
	access := &saas.AppInfo{FrontEndURL: "https://app.isv.example.com/", AdminURL: "https://app.isv.example.com/admin", UserName: "admin", Password: "P@ssw0rd!2024"}
	return &isv.Handler{
		V1Key: exampleV1Key, V2Key: exampleV2Key, GeneralKey: exampleV2Key,
		Now: func() time.Time { return exampleTime }, Random: onlyA{},
		Create: func(_ context.Context, c isv.Create) (isv.Instance, error) {
			if c.Generation == saas.V2 {
				return isv.Instance{ID: exampleID}, nil
			}
			return isv.Instance{ID: exampleID, Access: access}, nil
		},
		Query: func(_ context.Context, q isv.Query) (isv.Instance, error) {
			i := isv.Instance{ID: q.InstanceID, Access: access}
			if q.Generation == saas.V1 {
				i.Usage = []saas.UsageInfo{{UsageValue: "12.5", StatisticalTime: saas.FormatTimeStamp(exampleTime)}}
			}
			return i, nil
		},
		Renew:       func(context.Context, isv.Renewal) error { return nil },
		Freeze:      func(context.Context, isv.Freeze) error { return nil },
		Release:     func(context.Context, isv.Release) error { return nil },
		Upgrade:     func(context.Context, isv.Upgrade) error { return nil },
		CheckChange: func(context.Context, isv.Change) error { return nil },
		Notify:      func(context.Context, isv.OrderNotice) error { return nil },
	}
}

func callsV1(t *testing.T, l i18n.Lang) string { return calls(t, l, saas.V1) }
func callsV2(t *testing.T, l i18n.Lang) string { return calls(t, l, saas.V2) }

// calls prints every scenario of the debug page with the answer of a server.
func calls(t *testing.T, l i18n.Lang, g saas.Generation) string {
	var b strings.Builder
	for _, s := range saas.Scenarios(g) {
		p := s.Preset(saas.Dummies{Now: exampleTime, Order: "CS2601020304ABC", BusinessID: "03pf80c2bae96vc49b80b917bea776d7",
			InstanceID: exampleID, PurchaseOrder: "CS2601020304ABCA"})
		fmt.Fprintf(&b, "### `%s`%s%s\n\n", s.Key, in(l, "：", ": "), i18n.Message(l, "saas.scenario_"+s.TextKey(), nil))
		b.WriteString(exchange(t, l, g, p))
	}
	return b.String()
}

func orderNotice(t *testing.T, l i18n.Lang) string {
	return exchange(t, l, saas.V2, saas.OrderNotice{OrderID: "CS2601020304ABCA", OrderLineID: "CS2601020304ABCA-000001"}.V2Params())
}

// exchange prints one call and what the server answers to it.
func exchange(t *testing.T, l i18n.Lang, g saas.Generation, p saas.Params) string {
	t.Helper()
	key := map[saas.Generation]string{saas.V1: exampleV1Key, saas.V2: exampleV2Key}[g]
	prepared, err := p.Prepare(g, key, saas.AES256, func() string { return exampleIV })
	if err != nil {
		t.Fatal(err)
	}
	var call saas.Call
	if g == saas.V1 {
		call, err = saas.BuildV1(exampleAddress, key, exampleTime, prepared)
	} else {
		call, err = saas.BuildV2(exampleAddress, key, exampleTime, exampleNonce, prepared)
	}
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	r := httptest.NewRequest(call.Method, call.URL, bytes.NewReader(call.Body))
	r.Header = call.Header
	exampleServer().ServeHTTP(answer, r)
	body, err := io.ReadAll(answer.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(body, []byte(`"000000"`)) || answer.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", g, p[saas.ParamActivity], answer.Code, body)
	}
	path, query, _ := strings.Cut(call.URL, "?")
	pairs := strings.Split(query, "&")
	request := []string{call.Method + " " + path}
	for i, pair := range pairs {
		request = append(request, "  "+map[bool]string{true: "?", false: "&"}[i == 0]+pair)
	}
	if g == saas.V2 {
		request = append(request, "Accept: "+call.Header.Get("Accept"), "Content-Type: "+call.Header.Get("Content-Type"), "", string(call.Body))
	}
	lines := []string{fmt.Sprintf("HTTP/1.1 %d OK", answer.Code), "Content-Type: " + answer.Header().Get("Content-Type")}
	if sign := answer.Header().Get(saas.HeaderBodySign); sign != "" {
		lines = append(lines, saas.HeaderBodySign+": "+sign)
	}
	lines = append(lines, "", string(body))
	return fence("http", request...) + "\n" + fence("http", lines...) + "\n"
}
