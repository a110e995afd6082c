package db

import (
	"database/sql"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNoRows is what One gives when nothing matches.
var ErrNoRows = sql.ErrNoRows

// IsNoRows tells whether err means that nothing matched.
func IsNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// IsUnique tells whether a unique index refused the row. Inside a transaction on
// PostgreSQL the transaction is over then: prefer "on conflict do nothing".
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// retryable: serialization failure, deadlock, busy. A lost connection is not: the
// commit may have happened, and only the caller's idempotency key can tell.
func retryable(err error) bool {
	if errors.Is(err, errBatchLost) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY
	}
	return err != nil && strings.Contains(err.Error(), "restart transaction")
}
