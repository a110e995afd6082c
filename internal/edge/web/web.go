package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strconv"
	"strings"

	"jishi/internal/base/i18n"
)

//go:embed all:dist
var dist embed.FS

//go:embed pages
var pages embed.FS

// Config is what the UI's server needs.
type Config struct {
	Files  fs.FS  // the built UI; nil is the one inside the program
	Origin string // the public address without a path, for links in heads; may be empty
	Site   func(ctx context.Context) (i18n.Text, error)
	Head   Head
	Log    *slog.Logger
}

// UI serves the browser application.
type UI struct {
	config Config
	files  fs.FS
	assets map[string]asset
	index  *shell
}

type asset struct {
	name, contentType, etag string
	immutable, br, gz       bool
}

// contentTypes are all kinds of files that a build has; the system's table of types is
// not asked, it differs from machine to machine.
var contentTypes = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon",
	".json": "application/json", ".txt": "text/plain; charset=utf-8", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json",
}

// New reads the list of built files. It does not fail when the UI was not built.
func New(c Config) (*UI, error) {
	u := &UI{config: c, files: c.Files, assets: map[string]asset{}}
	if u.files == nil {
		sub, err := fs.Sub(dist, "dist")
		if err != nil {
			return nil, err
		}
		u.files = sub
	}
	err := fs.WalkDir(u.files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || hidden(name) || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
			return err
		}
		a, err := u.describe(name)
		u.assets[name] = a
		return err
	})
	if err != nil {
		return nil, err
	}
	index, err := fs.ReadFile(u.files, "index.html")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return u, nil
	case err != nil:
		return nil, err
	}
	delete(u.assets, "index.html")
	u.index = newShell(string(index))
	return u, nil
}

// For serves the same built files with other facts: the pages of a sandbox.
func (u *UI) For(c Config) *UI {
	other := *u
	other.config = c
	return &other
}

// Built tells whether the UI is inside the program.
func (u *UI) Built() bool { return u.index != nil }

func (u *UI) describe(name string) (asset, error) {
	a := asset{name: name, contentType: contentTypes[path.Ext(name)], immutable: strings.HasPrefix(name, "assets/")}
	if a.contentType == "" {
		a.contentType = "application/octet-stream"
	}
	content, err := fs.ReadFile(u.files, name)
	if err != nil {
		return a, err
	}
	sum := sha256.Sum256(content)
	a.etag = hex.EncodeToString(sum[:8])
	a.br = exists(u.files, name+".br")
	a.gz = exists(u.files, name+".gz")
	return a, nil
}

func exists(files fs.FS, name string) bool {
	_, err := fs.Stat(files, name)
	return err == nil
}

// hidden names are the builder's own notes.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

// ServeHTTP answers GET and HEAD of every path that no other handler has.
func (u *UI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if a, ok := u.assets[name]; ok {
		u.serveAsset(w, r, a)
		return
	}
	switch {
	case path.Ext(name) != "" && name != "index.html":
		w.Header().Set("Cache-Control", "no-store")
		http.NotFound(w, r)
	case u.index == nil:
		u.notBuilt(w, r)
	default:
		u.serveIndex(w, r)
	}
}

func (u *UI) serveAsset(w http.ResponseWriter, r *http.Request, a asset) {
	h := w.Header()
	name, etag := a.name, a.etag
	if a.br || a.gz {
		h.Set("Vary", "Accept-Encoding")
		switch {
		case a.br && accepts(r, "br"):
			h.Set("Content-Encoding", "br")
			name, etag = name+".br", etag+"-br"
		case a.gz && accepts(r, "gzip"):
			h.Set("Content-Encoding", "gzip")
			name, etag = name+".gz", etag+"-gz"
		}
	}
	h.Set("Content-Type", a.contentType)
	h.Set("ETag", `"`+etag+`"`)
	if a.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+etag+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	f, err := u.files.Open(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil {
		h.Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	}
	if r.Method == http.MethodGet {
		_, _ = io.Copy(w, f) // a browser that went away needs no answer
	}
}

// accepts reads Accept-Encoding; "br;q=0" is a refusal.
func accepts(r *http.Request, encoding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			return strings.TrimSpace(q) != "q=0"
		}
	}
	return false
}

// serveIndex sends the application. The status is 404 for a product, shop or category
// that does not exist, so that nobody keeps its address.
func (u *UI) serveIndex(w http.ResponseWriter, r *http.Request) {
	lang := language(r)
	site, p := u.pageOf(r, lang)
	var out bytes.Buffer
	u.index.render(&out, lang, p, site, u.config.Origin, r.URL.Path)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Language, Cookie")
	h.Set("Content-Language", string(lang))
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	if p.Missing {
		w.WriteHeader(http.StatusNotFound)
	}
	if r.Method == http.MethodGet {
		_, _ = w.Write(out.Bytes())
	}
}

// pageOf asks for the page's facts. A page without them works all the same, so a failure
// is only logged.
func (u *UI) pageOf(r *http.Request, lang i18n.Lang) (site string, p Page) {
	if u.config.Site != nil {
		name, err := u.config.Site(r.Context())
		if err != nil {
			u.config.Log.WarnContext(r.Context(), "site name of a page", "error", err)
		}
		site = name.In(lang)
	}
	if u.config.Head != nil {
		found, err := u.config.Head(r.Context(), r.URL.Path, lang)
		if err != nil {
			u.config.Log.WarnContext(r.Context(), "facts of a page", "path", r.URL.Path, "error", err)
		} else {
			p = found
		}
	}
	return site, p
}

func (u *UI) notBuilt(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	content, err := pages.ReadFile("pages/notbuilt.html")
	if err != nil {
		http.Error(w, "The UI was not built: make build", http.StatusServiceUnavailable)
		return
	}
	if r.Method == http.MethodGet {
		_, _ = w.Write(content)
	}
}

// language follows the choice made in the UI first, then the browser's wish.
func language(r *http.Request) i18n.Lang {
	if cookie, err := r.Cookie("jishi_lang"); err == nil {
		if l, ok := i18n.Known(cookie.Value); ok {
			return l
		}
	}
	return i18n.Parse(r.Header.Get("Accept-Language"))
}
