package db

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migrate brings the schema to the newest version; it is idempotent, and two nodes may
// call it at once.
func (d *DB) Migrate(ctx context.Context, schema fs.FS) error {
	if d.engine == SQLite {
		return d.migrateSQLite(ctx, schema)
	}
	locker, err := lock.NewPostgresTableLocker(lock.WithTableName("goose_lock"),
		lock.WithTableHeartbeatInterval(5*time.Second), lock.WithTableLeaseDuration(30*time.Second))
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, d.pool, schema, goose.WithLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// migrateSQLite lends goose the writing pool: it has one connection, which the writer
// gives up for the time of the migration.
func (d *DB) migrateSQLite(ctx context.Context, schema fs.FS) error {
	w := d.writer
	if err := w.lock(ctx); err != nil {
		return err
	}
	defer w.unlock()
	w.forget()
	if err := w.conn.Close(); err != nil { // returns the connection to its pool
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, w.pool, schema, goose.WithDisableGlobalRegistry(true))
	if err == nil {
		_, err = p.Up(ctx)
	}
	conn, e := w.pool.Conn(ctx)
	if e != nil {
		return e
	}
	w.conn = conn
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// SchemaVersions are the version of the database and the newest one of the program. It
// only reads; a database without any schema has version 0.
func (d *DB) SchemaVersions(ctx context.Context, schema fs.FS) (have, want int64, err error) {
	names, err := fs.Glob(schema, "*.sql")
	if err != nil {
		return 0, 0, err
	}
	for _, n := range names {
		v, err := goose.NumericComponent(n)
		if err != nil {
			return 0, 0, err
		}
		want = max(want, v)
	}
	have, err = One[int64](ctx, d, "select coalesce(max(version_id), 0) from goose_db_version where is_applied")
	if err != nil {
		have = 0 // no such table: nothing was ever migrated
	}
	return have, want, nil
}
