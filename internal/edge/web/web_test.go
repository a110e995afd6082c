package web_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"jishi/internal/base/i18n"
	"jishi/internal/edge/web"
)

const index = `<!doctype html>
<html lang="zh-CN">
  <head><script src="/first-paint.js"></script><title>集市 Jishi</title>
    <!--jishi:head-->
  </head>
  <body><div id="root"><!--jishi:body--></div></body>
</html>`

func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":            {Data: []byte(index)},
		"favicon.svg":           {Data: []byte("<svg/>")},
		"assets/app-1a2b.js":    {Data: []byte("plain script")},
		"assets/app-1a2b.js.br": {Data: []byte("brotli")},
		"assets/app-1a2b.js.gz": {Data: []byte("gzipped")},
		".vite/manifest.json":   {Data: []byte("{}")},
	}
}

func serve(t *testing.T, c web.Config) func(path string, header ...string) *http.Response {
	t.Helper()
	c.Log = slog.New(slog.DiscardHandler)
	u, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return func(path string, header ...string) *http.Response {
		r := httptest.NewRequest("GET", path, nil)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		u.ServeHTTP(w, r)
		return w.Result()
	}
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHashedFilesAreKeptAndReadyCompressed(t *testing.T) {
	get := serve(t, web.Config{Files: built()})
	for _, c := range []struct{ accept, encoding, want string }{
		{"gzip, br", "br", "brotli"}, {"gzip", "gzip", "gzipped"}, {"", "", "plain script"}, {"br;q=0, gzip", "gzip", "gzipped"},
	} {
		r := get("/assets/app-1a2b.js", "Accept-Encoding", c.accept)
		if got := body(t, r); r.Header.Get("Content-Encoding") != c.encoding || !strings.HasSuffix(got, c.want) {
			t.Errorf("%q: %q %s", c.accept, r.Header.Get("Content-Encoding"), got)
		}
		if !strings.Contains(r.Header.Get("Cache-Control"), "immutable") || r.Header.Get("Vary") != "Accept-Encoding" ||
			r.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("headers %v", r.Header)
		}
	}
	first := get("/favicon.svg")
	if first.Header.Get("Cache-Control") != "no-cache" {
		t.Error("a file without a hash must be asked for again")
	}
	if again := get("/favicon.svg", "If-None-Match", first.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged file: %d", again.StatusCode)
	}
}

func TestPagesGetTheApplicationAndFilesDoNot(t *testing.T) {
	get := serve(t, web.Config{Files: built()})
	for path, status := range map[string]int{
		"/": 200, "/buyer/orders": 200, "/index.html": 200, "/assets/gone.js": 404, "/.vite/manifest.json": 404, "/x.php": 404, "/../../etc/passwd": 200,
	} {
		r := get(path)
		if r.StatusCode != status {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
		if text := body(t, r); status == 200 && !strings.Contains(text, `<div id="root">`) {
			t.Errorf("%s: %s", path, text)
		}
	}
}

func TestFactsStandInTheServedPage(t *testing.T) {
	head := func(_ context.Context, path string, lang i18n.Lang) (web.Page, error) {
		switch path {
		case "/products/a":
			return web.Page{Title: "Note <Board>", Description: `A "board"`, Kind: "product", Image: "/files/x.png", Heading: "Note <Board>",
				Facts: []web.Fact{{Name: "Seller", Value: "A & B", Link: "/shops/s"}}}, nil
		case "/products/gone":
			return web.Page{Missing: true}, nil
		case "/broken":
			return web.Page{}, errors.New("no database")
		}
		return web.Page{}, nil
	}
	site := func(context.Context) (i18n.Text, error) { return i18n.Text{ZH: "集市", EN: "Market"}, nil }
	get := serve(t, web.Config{Files: built(), Head: head, Site: site, Origin: "https://market.example"})

	text := body(t, get("/products/a", "Accept-Language", "en"))
	for _, want := range []string{
		`<html lang="en">`, "<title>Note &lt;Board&gt; · Market</title>", `content="A &#34;board&#34;"`, `<link rel="canonical" href="https://market.example/products/a">`,
		`property="og:image" content="https://market.example/files/x.png"`, "<h1>Note &lt;Board&gt;</h1>", `<a href="/shops/s">A &amp; B</a>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in %s", want, text)
		}
	}
	if r := get("/products/gone"); r.StatusCode != 404 || !strings.Contains(body(t, r), "noindex") {
		t.Errorf("missing product: %d", r.StatusCode)
	}
	if r := get("/broken", "Cookie", "jishi_lang=en"); r.StatusCode != 200 || !strings.Contains(body(t, r), "<title>Market</title>") {
		t.Errorf("a page without facts must work: %d", r.StatusCode)
	}
}

func TestUnbuiltUINamesTheCommands(t *testing.T) {
	get := serve(t, web.Config{Files: fstest.MapFS{".keep": {}}})
	r := get("/")
	if text := body(t, r); r.StatusCode != 200 || !strings.Contains(text, "make run") || !strings.Contains(text, "make build") {
		t.Errorf("%d %s", r.StatusCode, text)
	}
}

func TestHeaders(t *testing.T) {
	secure := false
	h := web.Headers(func(*http.Request) bool { return secure }, http.NotFoundHandler())
	ask := func() http.Header {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		return w.Header()
	}
	got := ask()
	if p := got.Get("Content-Security-Policy"); !strings.Contains(p, "script-src 'self';") || !strings.Contains(p, "frame-ancestors 'none'") {
		t.Error(p)
	}
	if got.Get("X-Content-Type-Options") != "nosniff" || got.Get("Strict-Transport-Security") != "" {
		t.Errorf("%v", got)
	}
	secure = true
	if ask().Get("Strict-Transport-Security") == "" {
		t.Error("an encrypted site must stay so")
	}
}

const document = `{"openapi":"3.1.0","info":{"title":"Sample","version":"1","description":"All of it"},"servers":[{"url":"/api/v1"}],
"paths":{"/things/{id}":{"get":{"operationId":"get-thing","summary":"Read a thing","tags":["things"],"security":[{"session":[]}],
"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],
"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Thing"}}}},"404":{"description":"no"}}}}},
"components":{"schemas":{"Thing":{"type":"object","required":["name"],"properties":{"name":{"type":"string","description":"<b>"},
"parts":{"type":["array","null"],"items":{"$ref":"#/components/schemas/Thing"}}}}}}}`

func TestReferenceIsMadeFromTheDocument(t *testing.T) {
	ref, err := web.NewReference(func() ([]byte, error) { return []byte(document), nil })
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	ref.Page(w, httptest.NewRequest("GET", "/docs/api?lang=en", nil))
	text := w.Body.String()
	for _, want := range []string{"Read a thing", "/api/v1/things/{id}", "list of Thing", "&lt;b&gt;", "Parameters", `id="get-thing"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in %s", want, text)
		}
	}
	if strings.Contains(text, "<script") {
		t.Error("the page must work without script")
	}
	w = httptest.NewRecorder()
	ref.Document(w, httptest.NewRequest("GET", "/openapi.json", nil))
	if w.Body.String() != document {
		t.Error("the document is served as it is")
	}
}
