package backup

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/secret"
	"jishi/internal/market/media"
)

// shop is a database with one uploaded file.
func shop(t *testing.T, d *db.DB) (Source, secret.Key, string) {
	t.Helper()
	ctx := context.Background()
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	files := &media.Store{Blob: store}
	f, err := files.Put(ctx, media.Upload{Purpose: media.Guide, Name: "guide.pdf", Content: strings.NewReader("%PDF-1.7\nguide")})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Update(ctx, func(tx *db.Tx) error { return files.Record(ctx, tx, f) }); err != nil {
		t.Fatal(err)
	}
	key := secret.NewKey()
	box, err := secret.NewBox(key)
	if err != nil {
		t.Fatal(err)
	}
	return Source{DB: d, Blob: store, KeyCheck: box.CheckValue(), Version: "test"}, key, f.Key
}

func target(t *testing.T, key *secret.Key) Target {
	t.Helper()
	dir := t.TempDir()
	store, err := blob.OpenDir(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return Target{Database: filepath.Join(dir, "jishi.db"), Blob: store, Key: key}
}

func TestACopyComesBackWhole(t *testing.T) {
	ctx := context.Background()
	source, key, file := shop(t, dbtest.Open(t, db.SQLite))
	for _, name := range []string{"copy", "copy.tar"} {
		path := filepath.Join(t.TempDir(), name)
		m, err := Write(ctx, source, path)
		if err != nil || m.Files != 1 || m.Database == nil {
			t.Fatalf("%s: %+v, %v", name, m, err)
		}
		if _, err := Write(ctx, source, path); err == nil {
			t.Errorf("%s was overwritten", name)
		}
		to := target(t, &key)
		if _, err := Read(ctx, path, to); err != nil {
			t.Fatal(name, err)
		}
		body, info, err := to.Blob.Get(ctx, file)
		if err != nil || info.ContentType != "application/pdf" {
			t.Fatal(info, err)
		}
		body.Close()
		d, err := db.Open(ctx, db.Config{URL: to.Database, ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := db.One[int](ctx, d, "select count(*) from files"); err != nil || n != 1 {
			t.Error(n, err)
		}
		d.Close()
		wrong := secret.NewKey()
		if _, err := Read(ctx, path, target(t, &wrong)); err == nil || !strings.Contains(err.Error(), "not the master key") {
			t.Errorf("wrong key: %v", err)
		}
	}
}

func TestDamageIsNoticed(t *testing.T) {
	ctx := context.Background()
	source, _, file := shop(t, dbtest.Open(t, db.SQLite))
	for _, name := range []string{databaseName, filesFolder + file} {
		path := filepath.Join(t.TempDir(), "copy")
		if _, err := Write(ctx, source, path); err != nil {
			t.Fatal(err)
		}
		damaged := filepath.Join(path, filepath.FromSlash(name))
		raw, err := os.ReadFile(damaged)
		if err != nil {
			t.Fatal(err)
		}
		raw[len(raw)/2] ^= 1
		if err := os.WriteFile(damaged, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		to := target(t, nil)
		if _, err := Read(ctx, path, to); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(to.Database); err == nil {
			t.Errorf("%s: half a restore left a database", name)
		}
		if err := os.Remove(damaged); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(ctx, path, target(t, nil)); err == nil {
			t.Errorf("%s is missing and nobody noticed", name)
		}
	}
	junk := filepath.Join(t.TempDir(), "junk.tar")
	if err := os.WriteFile(junk, bytes.Repeat([]byte("x"), 2048), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadManifest(junk); err == nil {
		t.Error("junk was taken for a backup")
	}
}

func TestPostgresCopiesHoldFilesOnly(t *testing.T) {
	if os.Getenv("JISHI_TEST_DB") == "sqlite" {
		t.Skip("JISHI_TEST_DB is sqlite")
	}
	ctx := context.Background()
	source, _, file := shop(t, dbtest.Open(t, db.Postgres))
	path := filepath.Join(t.TempDir(), "copy")
	m, err := Write(ctx, source, path)
	if err != nil || m.Database != nil || m.Engine != db.Postgres {
		t.Fatalf("%+v, %v", m, err)
	}
	to := target(t, nil)
	if _, err := Read(ctx, path, to); err == nil {
		t.Error("files of PostgreSQL were restored beside SQLite")
	}
	to.Database = ""
	if _, err := Read(ctx, path, to); err != nil {
		t.Fatal(err)
	}
	body, _, err := to.Blob.Get(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	body.Close()
}
