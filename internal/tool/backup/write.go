package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"jishi/internal/base/blob"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/schema"
)

// Source is the installation to copy.
type Source struct {
	DB       *db.DB
	Blob     blob.Store
	KeyCheck string
	Version  string
}

// Write copies the installation to path, which is a new folder or ends in ".tar".
func Write(ctx context.Context, s Source, path string) (Manifest, error) {
	m := Manifest{Format: format, Version: s.Version, Engine: s.DB.Engine(), CreatedAt: clock.Wall{}.Now(), KeyCheck: s.KeyCheck}
	out, err := openSink(path, m.CreatedAt)
	if err != nil {
		return m, err
	}
	if err := write(ctx, s, path, out, &m); err != nil {
		out.abandon()
		return m, err
	}
	return m, out.finish()
}

func write(ctx context.Context, s Source, path string, out sink, m *Manifest) error {
	from, copied := s.DB, ""
	if m.Engine == db.SQLite {
		// The uploads are listed by the copy, so that both belong together.
		folder, err := os.MkdirTemp(filepath.Dir(filepath.Clean(path)), ".jishi-backup-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		copied = filepath.Join(folder, databaseName)
		if err := s.DB.Backup(ctx, copied); err != nil {
			return err
		}
		content, err := describe(copied)
		if err != nil {
			return err
		}
		m.Database = &content
		if from, err = db.Open(ctx, db.Config{URL: copied, ReadOnly: true, MaxConns: 1}); err != nil {
			return err
		}
		defer from.Close()
	}
	var err error
	if m.Schema, _, err = from.SchemaVersions(ctx, schema.Files); err != nil {
		return err
	}
	list, err := uploads(ctx, from)
	if err != nil {
		return err
	}
	for _, u := range list {
		m.Files, m.FileBytes = m.Files+1, m.FileBytes+u.Size
	}
	if err := putJSON(out, manifestName, m); err != nil {
		return err
	}
	if err := putJSON(out, filesName, list); err != nil {
		return err
	}
	if m.Database != nil {
		if err := putFile(out, databaseName, copied, m.Database.Size); err != nil {
			return err
		}
	}
	for _, u := range list {
		if err := putUpload(ctx, s.Blob, out, u); err != nil {
			return fmt.Errorf("uploaded file %s: %w", u.Key, err)
		}
	}
	return nil
}

func putJSON(out sink, name string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return out.put(name, int64(len(b)), bytes.NewReader(b))
}

func putFile(out sink, name, path string, size int64) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return out.put(name, size, f)
}

func putUpload(ctx context.Context, from blob.Store, out sink, u upload) error {
	body, _, err := from.Get(ctx, u.Key)
	if err != nil {
		return err
	}
	defer body.Close()
	return out.put(filesFolder+u.Key, u.Size, io.Reader(body))
}
