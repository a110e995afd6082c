package db

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Beside is a place for another whole database next to an open one: on PostgreSQL a schema
// of the same server, on SQLite a file in a folder of its own.
type Beside struct {
	Name   string // also of the schema or folder: lower-case letters, digits and "_"
	Folder string // SQLite: the folder that holds those folders
}

var besideName = regexp.MustCompile(`^[a-z][a-z0-9_]{2,59}$`)

// File is the SQLite file at the place.
func (b Beside) File() string { return filepath.Join(b.Folder, b.Name, "jishi.db") }

// CreateBeside makes the place; it is idempotent.
func (d *DB) CreateBeside(ctx context.Context, b Beside) error {
	if !besideName.MatchString(b.Name) {
		return fmt.Errorf("db: %q is no name of a database", b.Name)
	}
	if d.engine == SQLite {
		return os.MkdirAll(filepath.Dir(b.File()), 0o700)
	}
	_, err := d.pool.ExecContext(ctx, "create schema if not exists "+b.Name)
	return err
}

// DropBeside removes the place with all that is in it; it is idempotent.
func (d *DB) DropBeside(ctx context.Context, b Beside) error {
	if !besideName.MatchString(b.Name) {
		return fmt.Errorf("db: %q is no name of a database", b.Name)
	}
	if d.engine == SQLite {
		return os.RemoveAll(filepath.Dir(b.File()))
	}
	_, err := d.pool.ExecContext(ctx, "drop schema if exists "+b.Name+" cascade")
	return err
}

// OpenBeside opens the database at the place; c.URL is not looked at. It does not migrate.
func (d *DB) OpenBeside(ctx context.Context, b Beside, c Config) (*DB, error) {
	c.URL = b.File()
	if d.engine == Postgres {
		u, err := url.Parse(d.url)
		if err != nil {
			return nil, fmt.Errorf("the database URL is not valid")
		}
		q := u.Query()
		q.Set("search_path", b.Name)
		u.RawQuery = q.Encode()
		c.URL = u.String()
	}
	return Open(ctx, c)
}

// CopyRows writes what a query finds elsewhere into a table of tx, column by column: both
// databases have the same engine and schema. It returns how many rows it wrote.
func CopyRows(ctx context.Context, tx *Tx, table string, from Querier, text string, args ...any) (int, error) {
	plain, err := values(args)
	if err != nil {
		return 0, err
	}
	rows, err := from.query(ctx, text, plain)
	if err != nil {
		return 0, fmt.Errorf("%w in %s", err, firstLine(text))
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	marks := make([]string, len(names))
	for i := range names {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	insert := "insert into " + table + " (" + strings.Join(names, ", ") + ") values (" + strings.Join(marks, ", ") + ")"
	n := 0
	for rows.Next() {
		row, into := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		if _, err := tx.exec(ctx, insert, row); err != nil {
			return n, fmt.Errorf("%w in %s", err, insert)
		}
		n++
	}
	return n, rows.Err()
}
