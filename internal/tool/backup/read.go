package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
	"jishi/internal/base/secret"
	"jishi/internal/schema"
)

// Target is where a copy is restored to.
type Target struct {
	Database string // path of the SQLite file to make; empty for PostgreSQL
	Blob     blob.Store
	Key      *secret.Key // nil: not compared
}

// ReadManifest reads what a copy says about itself.
func ReadManifest(path string) (Manifest, error) {
	var m Manifest
	err := each(path, func(name string, _ int64, r io.Reader) error {
		if name != manifestName {
			return fmt.Errorf("%s is not a backup: it begins with %s", path, name)
		}
		if err := json.NewDecoder(r).Decode(&m); err != nil {
			return fmt.Errorf("%s: %w", manifestName, err)
		}
		return errStop
	})
	if err == nil && m.Format != format {
		err = fmt.Errorf("the backup has format %d, this program reads %d", m.Format, format)
	}
	return m, err
}

// Read restores a copy. Every file is compared with its checksum; what does not match ends
// the restore. The SQLite file appears under its name only when all is there.
func Read(ctx context.Context, path string, t Target) (Manifest, error) {
	m, err := ReadManifest(path)
	if err != nil {
		return m, err
	}
	if err := fits(m, t); err != nil {
		return m, err
	}
	var list map[string]upload
	part := t.Database + ".part"
	defer os.Remove(part)
	err = each(path, func(name string, size int64, r io.Reader) error {
		switch {
		case name == manifestName:
			return nil
		case name == filesName:
			list, err = readUploads(r)
			return err
		case name == databaseName && m.Database != nil:
			return checked(r, m.Database.SHA256, func(r io.Reader) error { return writeFile(part, m.Database.Size, r) })
		}
		key, ok := strings.CutPrefix(name, filesFolder)
		u, known := list[key]
		if !ok || !known {
			return fmt.Errorf("%s does not belong to the backup", name)
		}
		delete(list, key)
		return checked(r, u.SHA256, func(r io.Reader) error { return t.Blob.Put(ctx, u.Key, r, u.Size, u.ContentType) })
	})
	switch {
	case err != nil:
		return m, err
	case len(list) > 0:
		return m, fmt.Errorf("the backup is incomplete: %d uploaded files are missing", len(list))
	case m.Database == nil:
		return m, nil
	}
	return m, os.Rename(part, t.Database)
}

// fits refuses what cannot work before anything is written.
func fits(m Manifest, t Target) error {
	switch {
	case m.Engine == db.SQLite && t.Database == "":
		return errors.New("this is a backup of an SQLite installation: restore it without --database")
	case m.Engine == db.Postgres && t.Database != "":
		return errors.New("this backup holds the uploaded files of a PostgreSQL installation: restore its database with pg_restore first, then name it with --database")
	}
	if t.Key != nil && m.KeyCheck != "" {
		box, err := secret.NewBox(*t.Key)
		if err != nil {
			return err
		}
		if box.CheckValue() != m.KeyCheck {
			return fmt.Errorf("this is not the master key of the backup: its check value is %s, the given key has %s", m.KeyCheck, box.CheckValue())
		}
	}
	var want int64
	names, err := schema.Files.ReadDir(".")
	for _, n := range names {
		var v int64
		if _, e := fmt.Sscanf(n.Name(), "%d_", &v); e == nil {
			want = max(want, v)
		}
	}
	if err == nil && m.Schema > want {
		err = fmt.Errorf("the backup has schema %d, newer than this program's %d: use a newer jishi", m.Schema, want)
	}
	return err
}

func readUploads(r io.Reader) (map[string]upload, error) {
	var list []upload
	if err := json.NewDecoder(r).Decode(&list); err != nil {
		return nil, fmt.Errorf("%s: %w", filesName, err)
	}
	out := make(map[string]upload, len(list))
	for _, u := range list {
		out[u.Key] = u
	}
	return out, nil
}

// checked hands r on and compares what was read with its checksum.
func checked(r io.Reader, sum string, use func(io.Reader) error) error {
	h := sha256.New()
	if err := use(io.TeeReader(r, h)); err != nil {
		return err
	}
	return compare(h, sum)
}

func compare(h hash.Hash, sum string) error {
	if got := hex.EncodeToString(h.Sum(nil)); got != sum {
		return fmt.Errorf("the checksum is %s instead of %s: the backup is damaged", got, sum)
	}
	return nil
}

var errStop = errors.New("stop")

// each walks through a copy in the order in which it was written.
func each(path string, use func(name string, size int64, r io.Reader) error) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		err = eachInFolder(path, use)
	} else {
		err = eachInTar(path, use)
	}
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

func eachInTar(path string, use func(string, int64, io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	t := tar.NewReader(f)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := use(h.Name, h.Size, t); err != nil {
			return err
		}
	}
}

func eachInFolder(path string, use func(string, int64, io.Reader) error) error {
	root, err := os.OpenRoot(path)
	if err != nil {
		return err
	}
	defer root.Close()
	one := func(name string) error {
		f, err := root.Open(filepath.FromSlash(name))
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		return use(name, info.Size(), f)
	}
	names := []string{manifestName, filesName}
	if _, err := root.Stat(databaseName); err == nil {
		names = append(names, databaseName)
	}
	for _, name := range names {
		if err := one(name); err != nil {
			return err
		}
	}
	list, err := os.ReadDir(filepath.Join(path, filesFolder))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	for _, e := range list {
		if err := one(filesFolder + e.Name()); err != nil {
			return err
		}
	}
	return nil
}
