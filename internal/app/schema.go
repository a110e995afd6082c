package app

import (
	"context"
	"fmt"
	"log/slog"

	"jishi/internal/base/db"
	"jishi/internal/market/catalog"
	"jishi/internal/schema"
)

// OpenDatabase opens the database of an installation without looking at its schema.
func OpenDatabase(ctx context.Context, s Storage, log *slog.Logger, readOnly bool) (*db.DB, error) {
	return db.Open(ctx, db.Config{URL: s.URL(), Logger: log, ReadOnly: readOnly})
}

// Migrate brings the schema to the program's version, tells the versions before and after,
// and gives an empty catalogue its default categories. It is idempotent.
func Migrate(ctx context.Context, d *db.DB) (before, after int64, err error) {
	if before, _, err = d.SchemaVersions(ctx, schema.Files); err != nil {
		return 0, 0, err
	}
	if err := d.Migrate(ctx, schema.Files); err != nil {
		return 0, 0, err
	}
	if after, _, err = d.SchemaVersions(ctx, schema.Files); err != nil {
		return 0, 0, err
	}
	return before, after, d.UpdateCtx(ctx, (&catalog.Store{}).SeedCategories)
}

// CheckSchema refuses a database whose schema is not the program's.
func CheckSchema(ctx context.Context, d *db.DB) error {
	have, want, err := d.SchemaVersions(ctx, schema.Files)
	switch {
	case err != nil:
		return err
	case have == 0:
		return fmt.Errorf("the database has no schema yet: run jishi migrate first")
	case have < want:
		return fmt.Errorf("the database has schema %d, this program needs %d: run jishi migrate first", have, want)
	case have > want:
		return fmt.Errorf("the database has schema %d, newer than this program's %d: use a newer jishi", have, want)
	}
	return nil
}
