package media

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

// Handler serves public files at GET /files/{key}. A key names the same bytes for ever,
// so browsers and proxies may keep them; the type is the one found at upload and must
// not be guessed again; what is no picture is downloaded, not shown.
func (s *Store) Handler(d *db.DB) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		key := strings.TrimPrefix(r.URL.Path, "/files/")
		if strings.ContainsRune(key, 0) { // PostgreSQL takes it for no text at all
			fail(w, errs.NotFoundf("media.not_found"))
			return
		}
		f, err := Get(r.Context(), d, key)
		if err == nil && f.Private {
			err = errs.NotFoundf("media.not_found")
		}
		if err != nil {
			fail(w, err)
			return
		}
		s.Serve(w, r, f, "public, max-age=31536000, immutable")
	})
}

// Serve writes a file with the given Cache-Control. The caller has checked who may read it.
func (s *Store) Serve(w http.ResponseWriter, r *http.Request, f File, caching string) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", caching)
	h.Set("Content-Type", f.ContentType)
	if !strings.HasPrefix(f.ContentType, "image/") {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	}
	etag := `"` + f.SHA256 + `"`
	h.Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body, err := s.Open(r.Context(), f)
	if err != nil {
		h.Set("Cache-Control", "no-store")
		fail(w, err)
		return
	}
	defer body.Close()
	if seeker, ok := body.(io.ReadSeeker); ok {
		http.ServeContent(w, r, "", time.Time{}, seeker)
		return
	}
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	if r.Method != http.MethodHead {
		io.Copy(w, body) // a client that went away needs no answer
	}
}

func fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if errs.KindOf(err) == errs.NotFound || errors.Is(err, blob.ErrNotFound) {
		status = http.StatusNotFound
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(status), status)
}
