package isv

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jishi/wire/openapi"
)

func TestClientSignsAndReads(t *testing.T) {
	now := time.Date(2026, 1, 15, 8, 30, 0, 0, time.UTC)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, err := openapi.ParseAuthorization(r.Header.Get("Authorization"))
		if err == nil {
			err = openapi.Request{Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Header: r.Header}.Verify(a, "secret", now)
		}
		if err != nil || a.Access != "key" || strings.Join(a.SignedHeaders, ";") != "host;x-sdk-date" {
			t.Error(a, err)
		}
		info, ok := openapi.MockOrder(r.URL.Query().Get("orderId"), now, time.UTC)
		if !ok {
			w.WriteHeader(400)
			w.Write(openapi.Encode(openapi.OrderAnswer{ResultCode: "MKT.0101", ResultMsg: "Invalid parameter"}))
			return
		}
		w.Write(openapi.Encode(openapi.OrderAnswer{ResultCode: "MKT.0000", ResultMsg: "Success", OrderInfo: &info}))
	}))
	defer server.Close()
	c := &Client{Endpoint: server.URL + "/", AK: "key", SK: "secret", Now: func() time.Time { return now }}
	o, err := c.Order(context.Background(), "MOCKONETIMENEW", "")
	if err != nil || o.OrderID != "MOCKONETIMENEW" || len(o.OrderLine) != 1 {
		t.Error(o, err)
	}
	_, err = c.Order(context.Background(), "订单 1/2+3&a=b", "x")
	var e *APIError
	if !errors.As(err, &e) || e.Status != 400 || e.Code != "MKT.0101" || e.Temporary() {
		t.Error(err)
	}
}

func TestClientOnOtherAnswers(t *testing.T) {
	for _, a := range []struct {
		status    int
		body      string
		code      string
		temporary bool
	}{
		{401, `{"error_code":"APIG.0301","error_msg":"no","request_id":"0123"}`, "APIG.0301", false},
		{429, `{"error_code":"APIG.0308","error_msg":"slow","request_id":"0123"}`, "APIG.0308", true},
		{406, `{"resultCode":"MKT.0250","resultMsg":"slow"}`, "MKT.0250", true},
		{502, `<html>`, "", true},
		{200, `{"resultCode":"MKT.0000"}`, "MKT.0000", false},
		{302, `{}`, "", false},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(a.status)
			_, _ = io.WriteString(w, a.body)
		}))
		_, err := (&Client{Endpoint: server.URL}).Order(context.Background(), "x", "")
		server.Close()
		var e *APIError
		if !errors.As(err, &e) || e.Status != a.status || e.Code != a.code || e.Temporary() != a.temporary {
			t.Errorf("%d %s: %v", a.status, a.body, err)
		}
	}
	for _, endpoint := range []string{"", "market.example", "https://market.example/path"} {
		if _, err := (&Client{Endpoint: endpoint}).Order(context.Background(), "x", ""); err == nil {
			t.Errorf("endpoint %q was taken", endpoint)
		}
	}
}
