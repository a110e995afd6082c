package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"jishi/internal/app"
	"jishi/internal/base/db"
	"jishi/internal/base/secret"
	"jishi/internal/tool/doctor"
)

// Options name the installation to copy and the copy.
type Options struct {
	app.Storage `embed:""`
	app.Files   `embed:""`
	To          string `arg:"" help:"New folder, or a file that ends in .tar." type:"path"`
}

// Backup copies an installation, also beside running nodes.
func Backup(ctx context.Context, o Options, log *slog.Logger) (Manifest, error) {
	d, err := app.OpenDatabase(ctx, o.Storage, log, true)
	if err != nil {
		return Manifest{}, err
	}
	defer d.Close()
	if err := app.CheckSchema(ctx, d); err != nil {
		return Manifest{}, err
	}
	mark, _, err := app.ReadKeyMark(ctx, d)
	if err != nil {
		return Manifest{}, err
	}
	o.SharedFiles = true // reading needs no other nodes
	files, err := o.OpenStore(o.Storage)
	if err != nil {
		return Manifest{}, err
	}
	if c, ok := files.(io.Closer); ok {
		defer c.Close()
	}
	return Write(ctx, Source{DB: d, Blob: files, KeyCheck: mark.Check, Version: app.VersionText()}, o.To)
}

// RestoreOptions name a copy and the installation to make from it.
type RestoreOptions struct {
	app.Storage `embed:""`
	app.Secrets `embed:""`
	app.Files   `embed:""`
	WithoutKey  bool   `help:"Restore without the master key; it must be put into the data folder as master.key before the first start."`
	From        string `arg:"" help:"Backup: a folder or a .tar file." type:"path"`
}

// Restore makes an installation in an empty data folder (on PostgreSQL: puts the uploaded
// files beside a database that was restored with PostgreSQL's tools) and examines it.
func Restore(ctx context.Context, o RestoreOptions, log *slog.Logger) (Manifest, doctor.Report, error) {
	var none doctor.Report
	m, err := ReadManifest(o.From)
	if err != nil {
		return m, none, err
	}
	t := Target{}
	if !o.Postgres() {
		t.Database = o.URL()
		if err := mustBeEmpty(o.Data); err != nil {
			return m, none, fmt.Errorf("a backup is restored into an empty folder: %w", err)
		}
	}
	key, err := o.givenKey()
	if err != nil {
		return m, none, err
	}
	t.Key = key
	if err := fits(m, t); err != nil {
		return m, none, err
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return m, none, err
	}
	store, err := o.OpenStore(o.Storage)
	if err != nil {
		return m, none, err
	}
	if c, ok := store.(io.Closer); ok {
		defer c.Close()
	}
	t.Blob = store
	if m, err = Read(ctx, o.From, t); err != nil {
		return m, none, err
	}
	if key != nil && !o.Postgres() {
		text := key.Encode() + "\n"
		if err := os.WriteFile(filepath.Join(o.Data, "master.key"), []byte(text), 0o600); err != nil {
			return m, none, err
		}
	}
	report, err := examine(ctx, o, key, t, log)
	return m, report, err
}

// givenKey is the key named by flags; nil with --without-key.
func (o RestoreOptions) givenKey() (*secret.Key, error) {
	if o.MasterKey == "" && o.MasterKeyFile == "" {
		if !o.WithoutKey {
			return nil, errors.New("name the master key of the backed-up installation with --master-key-file, or restore --without-key")
		}
		return nil, nil
	}
	key, err := o.Key(o.Storage, false)
	return &key, err
}

func examine(ctx context.Context, o RestoreOptions, key *secret.Key, t Target, log *slog.Logger) (doctor.Report, error) {
	d, err := db.Open(ctx, db.Config{URL: o.URL(), Logger: log, ReadOnly: true})
	if err != nil {
		return doctor.Report{}, err
	}
	defer d.Close()
	p := doctor.Patient{DB: d, Blob: t.Blob, Data: o.Data}
	if key != nil {
		if p.Box, err = secret.NewBox(*key); err != nil {
			return doctor.Report{}, err
		}
	}
	return doctor.Examine(ctx, p), nil
}
