package outbound

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/i18n"
)

// names is the name server of these tests: each look-up takes the next answer, the last one stays.
type names map[string][][]string

func (n names) LookupNetIP(ctx context.Context, _, host string) ([]netip.Addr, error) {
	if host == "hang.example" {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	answers, ok := n[host]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(answers) > 1 {
		n[host] = answers[1:]
	}
	var out []netip.Addr
	for _, text := range answers[0] {
		out = append(out, netip.MustParseAddr(text))
	}
	return out, nil
}

func (n names) LookupTXT(_ context.Context, name string) ([]string, error) {
	if name == "proof.example" {
		return []string{"jishi=1"}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func get(t *testing.T, c *Client, in Request) (Response, *Error) {
	t.Helper()
	out, err := c.Do(t.Context(), in)
	c.CloseIdle()
	if err == nil {
		return out, nil
	}
	e, ok := As(err)
	if !ok {
		t.Fatalf("not an *Error: %v", err)
	}
	return out, e
}

func wantCode(t *testing.T, err *Error, code string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %s", code)
		return
	}
	if text := i18n.Message(i18n.EN, code, err.Args()); text == code || strings.Contains(text, "{") {
		t.Errorf("%s has no readable text: %s", code, text)
	}
	if err.Code() != code {
		t.Errorf("error %v, want %s", err, code)
	}
}

func serve(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestAnswers(t *testing.T) {
	var agent, encoding atomic.Value
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		agent.Store(r.UserAgent())
		encoding.Store(r.Header.Get("Accept-Encoding"))
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		case "/html":
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusInternalServerError)
			io.WriteString(w, "<h1>oops</h1>")
		case "/empty":
			io.WriteString(w, "{}")
		case "/echo":
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("Body-Sign", "x")
			io.WriteString(w, r.Method+" "+r.Header.Get("Content-Type")+" "+string(body))
		}
	})
	c := New(Config{UserAgent: "Jishi/test"})
	for _, want := range []struct {
		path, body string
		status     int
	}{{"/redirect", "", 302}, {"/html", "<h1>oops</h1>", 500}, {"/empty", "{}", 200}} {
		out, err := get(t, c, Request{URL: address + want.path, Development: true})
		if err != nil || out.Status != want.status || want.body != "" && string(out.Body) != want.body {
			t.Errorf("%s: %d %q %v", want.path, out.Status, out.Body, err)
		}
		if out.Duration <= 0 || out.TLS != nil || !out.RemoteAddr.Addr().IsLoopback() {
			t.Errorf("%s: details %+v", want.path, out)
		}
	}
	out, err := get(t, c, Request{Method: "POST", URL: address + "/echo", Body: []byte(`{"a":1}`), Development: true,
		Header: http.Header{"Content-Type": {"application/json"}}})
	if err != nil || string(out.Body) != `POST application/json {"a":1}` || out.Header.Get("body-sign") != "x" {
		t.Errorf("post: %q %v", out.Body, err)
	}
	if agent.Load() != "Jishi/test" || encoding.Load() != "" {
		t.Errorf("sent User-Agent %q, Accept-Encoding %q", agent.Load(), encoding.Load())
	}
}

func TestProxyIsIgnored(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	address := serve(t, func(http.ResponseWriter, *http.Request) {})
	c := New(Config{Resolver: names{"seller.example": {{"127.0.0.1"}}}})
	u, _ := url.Parse(address)
	if _, err := get(t, c, Request{URL: "http://seller.example:" + u.Port(), Development: true}); err != nil {
		t.Error(err)
	}
}

func TestLimits(t *testing.T) {
	const limit = 1 << 20
	release := make(chan struct{})
	defer close(release)
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/exact":
			w.Write(make([]byte, limit))
		case "/over":
			w.Write(make([]byte, limit+1))
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 32<<10)); err != nil {
					return
				}
			}
		case "/headers":
			for i := range 100 {
				w.Header().Set("X-"+strings.Repeat("a", i+1), strings.Repeat("b", 1024))
			}
		case "/silent":
			<-release
		case "/slow": // one byte, then nothing: a slow loris
			io.WriteString(w, "{")
			w.(http.Flusher).Flush()
			<-release
		}
	})
	c := New(Config{})
	if out, err := get(t, c, Request{URL: address + "/exact", Development: true}); err != nil || len(out.Body) != limit {
		t.Errorf("exactly the limit: %d bytes, %v", len(out.Body), err)
	}
	for _, path := range []string{"/over", "/endless"} {
		out, err := get(t, c, Request{URL: address + path, Development: true})
		wantCode(t, err, "outbound.too_large")
		if len(out.Body) != limit || out.Status != 200 || err.Args()["limit"] != "1 MiB" {
			t.Errorf("%s: %d bytes, status %d, %v", path, len(out.Body), out.Status, err.Args())
		}
	}
	_, err := get(t, c, Request{URL: address + "/over", Development: true, MaxBody: 2 << 20})
	if err != nil {
		t.Errorf("a wider limit for one call: %v", err)
	}
	_, err = get(t, c, Request{URL: address + "/headers", Development: true})
	wantCode(t, err, "outbound.too_large_header")

	_, err = get(t, c, Request{URL: address + "/silent", Development: true, Timeout: 30 * time.Millisecond})
	wantCode(t, err, "outbound.timeout")
	out, err := get(t, c, Request{URL: address + "/slow", Development: true, Timeout: 100 * time.Millisecond})
	wantCode(t, err, "outbound.timeout")
	if string(out.Body) != "{" || out.Status != 200 || err.Args()["seconds"] != 0.1 {
		t.Errorf("what had arrived: %d %q %v", out.Status, out.Body, err.Args())
	}

	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, gaveUp := c.Do(ctx, Request{URL: address + "/silent", Development: true})
	if e, _ := As(gaveUp); e == nil || e.Kind != Canceled || !errors.Is(gaveUp, context.Canceled) {
		t.Errorf("caller gave up: %v", gaveUp)
	}
}

// raw answers each connection with fixed bytes and closes it.
func raw(t *testing.T, answer string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				io.WriteString(conn, answer)
			}
			conn.Close()
		}
	}()
	return "http://" + l.Addr().String()
}

func TestBrokenServers(t *testing.T) {
	c := New(Config{ConnectTimeout: 200 * time.Millisecond, Resolver: names{"nobody.example": {{}}}})
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	free := l.Addr().String()
	l.Close()
	for name, want := range map[string]struct{ address, code string }{
		"refused connection": {"http://" + free, "outbound.connect"},
		"no such name":       {"http://missing.example/", "outbound.dns"},
		"no address":         {"http://nobody.example/", "outbound.dns"},
		"silent name server": {"http://hang.example/", "outbound.dns"},
		"closed at once":     {raw(t, ""), "outbound.closed"},
		"closed in headers":  {raw(t, "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n"), "outbound.closed"},
		"closed in body":     {raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), "outbound.closed"},
		"not HTTP":           {raw(t, "SSH-2.0-OpenSSH_9\r\n\r\n"), "outbound.protocol"},
		"bad status":         {raw(t, "HTTP/1.1 abc\r\n\r\n"), "outbound.protocol"},
		"protocol switch":    {raw(t, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), "outbound.protocol"},
		"plain port for TLS": {strings.Replace(raw(t, "x"), "http:", "https:", 1), "outbound.tls"},
	} {
		_, err := get(t, c, Request{URL: want.address, Development: true})
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		wantCode(t, err, want.code)
	}
	for address, code := range map[string]string{
		"":                      "outbound.url_scheme",
		"ftp://seller.example/": "outbound.url_scheme",
		"http:///x":             "outbound.url_host",
		"http://a:b@c.example/": "outbound.url_userinfo",
		"http://a b/":           "outbound.url_syntax",
	} {
		_, err := get(t, c, Request{URL: address})
		wantCode(t, err, code)
	}
	_, err := get(t, c, Request{URL: "http://seller.example/", Method: "BAD METHOD"})
	wantCode(t, err, "outbound.url_syntax")
}

func TestPrivateAddressesAreRefused(t *testing.T) {
	var hits atomic.Int32
	address := serve(t, func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	u, _ := url.Parse(address)
	resolver := names{
		"loop.example":   {{"127.0.0.1"}},
		"mapped.example": {{"::ffff:127.0.0.1"}},
		"meta.example":   {{"169.254.169.254", "fe80::1", "::1"}},
		// rebinding: public when it is registered, loopback when it is called
		"rebind.example": {{"93.184.215.14"}, {"127.0.0.1"}},
	}
	c := New(Config{Resolver: resolver})
	if a, _ := resolver.LookupNetIP(t.Context(), "ip", "rebind.example"); !isPublic(a[0]) {
		t.Fatal("the first answer should be public")
	}
	for _, host := range []string{"loop.example", "mapped.example", "meta.example", "rebind.example",
		"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		out, err := get(t, c, Request{URL: "http://" + host + ":" + u.Port()})
		wantCode(t, err, "outbound.refused_address")
		if out.RemoteAddr.IsValid() {
			t.Errorf("%s: connected to %v", host, out.RemoteAddr)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d requests arrived", hits.Load())
	}
	// Development opens loopback, but not the metadata address, and not for later calls.
	if _, err := get(t, c, Request{URL: "http://loop.example:" + u.Port(), Development: true}); err != nil {
		t.Error(err)
	}
	_, err := get(t, c, Request{URL: "http://169.254.169.254/", Development: true})
	wantCode(t, err, "outbound.refused_address")
	_, err = get(t, c, Request{URL: "http://loop.example:" + u.Port()})
	wantCode(t, err, "outbound.refused_address")
	narrow := New(Config{Resolver: resolver, DevelopmentPrefixes: []netip.Prefix{}})
	_, err = get(t, narrow, Request{URL: "http://loop.example:" + u.Port(), Development: true})
	wantCode(t, err, "outbound.refused_address")
}

func TestNextAddressIsTried(t *testing.T) {
	address := serve(t, func(http.ResponseWriter, *http.Request) {})
	u, _ := url.Parse(address)
	c := New(Config{Resolver: names{"two.example": {{"169.254.1.1", "127.0.0.2", "127.0.0.1"}}}})
	out, err := get(t, c, Request{URL: "http://two.example:" + u.Port(), Development: true})
	if err != nil || out.RemoteAddr.Addr().String() != "127.0.0.1" {
		t.Errorf("%v %v", out.RemoteAddr, err)
	}
}

func TestConnectionIsReused(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") })
	c := New(Config{})
	defer c.CloseIdle()
	for i := range 3 {
		out, err := c.Do(t.Context(), Request{URL: address, Development: true})
		if err != nil || out.Reused != (i > 0) {
			t.Errorf("call %d: reused %v, %v", i, out.Reused, err)
		}
	}
}

func TestTLS(t *testing.T) {
	quiet := log.New(io.Discard, "", 0)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }))
	server.Config.ErrorLog = quiet
	server.StartTLS()
	defer server.Close()
	u, _ := url.Parse(server.URL)
	resolver := names{"example.com": {{"127.0.0.1"}}, "other.example": {{"127.0.0.1"}}}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate()) // for example.com

	// strict reaches loopback like a public address: certificates are checked.
	strict := func(c Config) *Client {
		c.Resolver, c.DevelopmentPrefixes = resolver, []netip.Prefix{}
		client := New(c)
		client.production = client.transport(func(netip.Addr) bool { return true })
		return client
	}
	out, err := get(t, strict(Config{Roots: roots}), Request{URL: "https://example.com:" + u.Port()})
	if err != nil || out.TLS == nil || !out.TLS.Verified || out.TLS.Version != "TLS 1.3" || out.TLS.NotAfter.IsZero() {
		t.Errorf("verified: %+v %v", out.TLS, err)
	}
	_, err = get(t, strict(Config{Roots: x509.NewCertPool()}), Request{URL: "https://example.com:" + u.Port()})
	wantCode(t, err, "outbound.tls_authority")
	_, err = get(t, strict(Config{Roots: roots}), Request{URL: "https://other.example:" + u.Port()})
	wantCode(t, err, "outbound.tls_host")

	// A development address may have any certificate, and says so.
	dev := New(Config{Resolver: resolver})
	out, err = get(t, dev, Request{URL: "https://other.example:" + u.Port(), Development: true})
	if err != nil || out.TLS.Verified {
		t.Errorf("development: %+v %v", out.TLS, err)
	}

	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS11, MaxVersion: tls.VersionTLS11}
	old.Config.ErrorLog = quiet
	old.StartTLS()
	defer old.Close()
	_, err = get(t, dev, Request{URL: old.URL, Development: true})
	wantCode(t, err, "outbound.tls")
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, err = get(t, dev, Request{URL: strings.Replace(plain, "http:", "https:", 1), Development: true})
	wantCode(t, err, "outbound.tls_plain")
}

func TestLookupTXT(t *testing.T) {
	c := New(Config{Resolver: names{}})
	if got, err := c.LookupTXT(t.Context(), "proof.example"); err != nil || got[0] != "jishi=1" {
		t.Error(got, err)
	}
	_, err := c.LookupTXT(t.Context(), "missing.example")
	if e, _ := As(err); e == nil || e.Code() != "outbound.dns" {
		t.Error(err)
	}
}
