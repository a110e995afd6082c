package media_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/market/media"
)

func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func store(t *testing.T) *media.Store {
	t.Helper()
	dir, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	return &media.Store{Blob: dir}
}

func TestRefusedFiles(t *testing.T) {
	s := store(t)
	cases := []struct {
		name, purpose, file string
		data                []byte
		field, code         string
	}{
		{"unknown purpose", "attic", "a.png", picture(t, 4, 4), "purpose", "one_of"},
		{"empty", media.Logo, "a.png", nil, "file", "media.empty"},
		{"renamed text", media.Logo, "a.png", []byte("<script>alert(1)</script>"), "file", "media.type"},
		{"svg", media.Picture, "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "file", "media.type"},
		{"picture as a guide", media.Guide, "a.pdf", picture(t, 4, 4), "file", "media.type"},
		{"broken picture", media.Logo, "a.png", []byte("\x89PNG\x0D\x0A\x1A\x0A????"), "file", "blob.image_broken"},
		{"too many pixels", media.Logo, "a.png", picture(t, 2001, 1), "file", "blob.image_dimensions"},
		{"renamed picture", media.Logo, "a.jpg", picture(t, 4, 4), "file", "blob.image_name"},
		{"too large", media.Logo, "a.png", append(picture(t, 4, 4), make([]byte, 5<<20)...), "file", "media.too_large"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.Put(context.Background(), media.Upload{Purpose: c.purpose, Name: c.file, Content: bytes.NewReader(c.data)})
			e, ok := errs.As(err)
			if !ok || len(e.Fields) != 1 || e.Fields[0].Path != c.field || e.Fields[0].Code != c.code {
				t.Fatalf("got %v, want %s:%s", err, c.field, c.code)
			}
		})
	}
}

func TestServing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), store(t)
		put := func(purpose, name string, data []byte) media.File {
			f, err := s.Put(ctx, media.Upload{AccountID: "acc_1", Purpose: purpose, Name: name, Content: bytes.NewReader(data)})
			if err == nil {
				err = d.Update(ctx, func(tx *db.Tx) error { return s.Record(ctx, tx, f) })
			}
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		get := func(key, etag string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, "/files/"+key, nil)
			r.Header.Set("If-None-Match", etag)
			w := httptest.NewRecorder()
			s.Handler(d).ServeHTTP(w, r)
			return w
		}
		logo := put(media.Logo, `C:\fakepath\标志.png`, picture(t, 120, 120))
		if logo.Width != 120 || logo.ContentType != "image/png" || logo.Name != "标志.png" || !strings.HasSuffix(logo.Key, ".png") {
			t.Errorf("row %+v", logo)
		}
		w := get(logo.Key, "")
		if w.Code != 200 || w.Body.Len() != int(logo.Size) || w.Header().Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Disposition") != "" {
			t.Errorf("picture: %d %v", w.Code, w.Header())
		}
		if w := get(logo.Key, w.Header().Get("ETag")); w.Code != http.StatusNotModified {
			t.Errorf("second visit: %d", w.Code)
		}
		guide := put(media.Guide, "guide.pdf", []byte("%PDF-1.7\n"))
		if w := get(guide.Key, ""); !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("guide: %v", w.Header())
		}
		proof := put(media.Proof, "proof.pdf", []byte("%PDF-1.7\n"))
		for _, key := range []string{proof.Key, "fil_none.png", "../jishi.db", ""} {
			if w := get(key, ""); w.Code != http.StatusNotFound {
				t.Errorf("%q: %d", key, w.Code)
			}
		}
		if _, ok, err := media.OfAccount(ctx, d, "acc_2", logo.Key); ok || err != nil {
			t.Errorf("another account's file: %v %v", ok, err)
		}
	})
}
