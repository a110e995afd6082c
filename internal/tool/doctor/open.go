package doctor

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"jishi/internal/app"
	"jishi/internal/base/secret"
)

// Options say which installation to look at.
type Options struct {
	app.Storage `embed:""`
	app.Secrets `embed:""`
	app.Files   `embed:""`
	SkipFiles   bool `help:"Do not look at uploaded files; with many of them on S3 that takes long."`
}

// Run opens the installation for reading and examines it.
func Run(ctx context.Context, o Options, log *slog.Logger) (Report, error) {
	p := Patient{Data: o.Data}
	key, err := o.Key(o.Storage, false)
	switch {
	case err == nil:
		if p.Box, err = secret.NewBox(key); err != nil {
			return Report{}, err
		}
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, app.ErrNoKey):
		// Most questions can be asked without it; the report says so.
	default:
		return Report{}, err
	}
	if p.DB, err = app.OpenDatabase(ctx, o.Storage, log, true); err != nil {
		return Report{}, err
	}
	defer p.DB.Close()
	if _, err := os.Stat(filepath.Join(o.Data, "files")); !o.SkipFiles && (o.Blobs == "s3" || err == nil) {
		o.SharedFiles = true // looking needs no other nodes
		if p.Blob, err = o.OpenStore(o.Storage); err != nil {
			return Report{}, err
		}
		if c, ok := p.Blob.(io.Closer); ok {
			defer c.Close()
		}
	}
	return Examine(ctx, p), nil
}
