package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// conform is what every Store must do.
func conform(t *testing.T, s Store) {
	ctx := t.Context()
	put := func(key, content, contentType string) {
		t.Helper()
		if err := s.Put(ctx, key, strings.NewReader(content), int64(len(content)), contentType); err != nil {
			t.Fatalf("put %s: %v", key, err)
		}
	}
	want := func(key, content, contentType string) {
		t.Helper()
		r, info, err := s.Get(ctx, key)
		if err != nil {
			t.Fatalf("get %s: %v", key, err)
		}
		defer r.Close()
		got, err := io.ReadAll(r)
		if err != nil || string(got) != content {
			t.Errorf("%s: %d bytes, want %d, %v", key, len(got), len(content), err)
		}
		if info.Key != key || info.Size != int64(len(content)) || info.ContentType != contentType || info.Modified.IsZero() {
			t.Errorf("%s: %+v", key, info)
		}
	}
	missing := func(key string) {
		t.Helper()
		if _, _, err := s.Get(ctx, key); !errors.Is(err, ErrNotFound) {
			t.Errorf("get %s: %v, want ErrNotFound", key, err)
		}
	}

	t.Run("write and read", func(t *testing.T) {
		missing("a/b.txt")
		put("a/b.txt", "first", "text/plain; charset=utf-8")
		want("a/b.txt", "first", "text/plain; charset=utf-8")
		put("a/b.txt", "second, longer", "text/html")
		want("a/b.txt", "second, longer", "text/html")
		put("empty", "", "application/octet-stream")
		want("empty", "", "application/octet-stream")
		big := strings.Repeat("0123456789abcdef", 1<<16)
		put("big", big, "application/zip")
		want("big", big, "application/zip")
	})
	t.Run("a key may begin another", func(t *testing.T) {
		put("n", "1", "text/plain")
		put("n/m", "2", "text/plain")
		put("n/m/o", "3", "text/plain")
		want("n", "1", "text/plain")
		want("n/m", "2", "text/plain")
	})
	t.Run("delete", func(t *testing.T) {
		put("gone", "x", "text/plain")
		for range 2 {
			if err := s.Delete(ctx, "gone"); err != nil {
				t.Error(err)
			}
		}
		missing("gone")
		missing("never/was")
	})
	t.Run("size must be right", func(t *testing.T) {
		put("sized", "before", "text/plain")
		for _, announced := range []int64{-1, 0, 3, 5} {
			if err := s.Put(ctx, "sized", strings.NewReader("1234"), announced, "text/plain"); !errors.Is(err, ErrSize) {
				t.Errorf("announced %d of 4: %v", announced, err)
			}
		}
		want("sized", "before", "text/plain")
	})
	t.Run("a failing source leaves nothing", func(t *testing.T) {
		boom := errors.New("boom")
		source := io.MultiReader(strings.NewReader("12"), failing{boom})
		if err := s.Put(ctx, "half", source, 4, "text/plain"); !errors.Is(err, boom) {
			t.Errorf("error %v", err)
		}
		missing("half")
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if err := s.Put(gone, "half", strings.NewReader("1234"), 4, "text/plain"); err == nil {
			t.Error("stored after the caller had gone")
		}
		missing("half")
	})
	t.Run("keys", func(t *testing.T) {
		for _, key := range []string{"", ".", "..", "../x", "a/../../x", "/etc/passwd", "a//b", "a/", "a\\b", "c:x", "a\x00b",
			".tmp/x", "a/.hidden", "a@", "a b", "中", "a.", strings.Repeat("a/", 300) + "a", strings.Repeat("a", 201)} {
			if err := s.Put(ctx, key, strings.NewReader(""), 0, "text/plain"); !errors.Is(err, ErrKey) {
				t.Errorf("put %q: %v", key, err)
			}
			if _, _, err := s.Get(ctx, key); !errors.Is(err, ErrKey) {
				t.Errorf("get %q: %v", key, err)
			}
			if err := s.Delete(ctx, key); !errors.Is(err, ErrKey) {
				t.Errorf("delete %q: %v", key, err)
			}
		}
		put("Products/prd_01/logo-120_a.b.png", "x", "image/png")
	})
	t.Run("content types", func(t *testing.T) {
		for _, bad := range []string{"", "text/plain\r\nx: y", "nothing at all", "a/" + strings.Repeat("b", 300)} {
			if err := s.Put(ctx, "typed", strings.NewReader(""), 0, bad); err == nil {
				t.Errorf("%q accepted", bad)
			}
		}
	})
	t.Run("concurrent writers", func(t *testing.T) {
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				content := strings.Repeat(string(rune('a'+i)), 10_000)
				if err := s.Put(ctx, "shared", strings.NewReader(content), 10_000, "text/plain"); err != nil {
					t.Error(err)
				}
				r, _, err := s.Get(ctx, "shared")
				if err != nil {
					t.Error(err)
					return
				}
				defer r.Close()
				got, err := io.ReadAll(r)
				if err != nil || len(got) != 10_000 || bytes.Count(got, got[:1]) != 10_000 {
					t.Errorf("a mixture was read: %d bytes, %v", len(got), err)
				}
			})
		}
		wg.Wait()
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestDir(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "files")
	d, err := OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	conform(t, d)

	if left, _ := os.ReadDir(filepath.Join(folder, tempDir)); len(left) > 0 {
		t.Errorf("%d temporary files left", len(left))
	}
	again, err := OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	r, _, err := again.Get(t.Context(), "a/b.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := r.(io.Seeker); !ok {
		t.Error("the content of a folder can be sought in")
	}
	r.Close()
}

func TestDirStaysInside(t *testing.T) {
	outside, folder := t.TempDir(), t.TempDir()
	d, err := OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := os.Symlink(outside, filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	if err := d.Put(t.Context(), "link/x", strings.NewReader("x"), 1, "text/plain"); err == nil {
		t.Error("wrote through a link")
	}
	if left, _ := os.ReadDir(outside); len(left) > 0 {
		t.Error("a file lies outside")
	}
	_ = os.WriteFile(filepath.Join(folder, "foreign@"), []byte("no header"), 0o600)
	if _, _, err := d.Get(t.Context(), "foreign"); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("a foreign file: %v", err)
	}
}
