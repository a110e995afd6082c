// Package db runs one SQL text on SQLite and on PostgreSQL.
//
// Reading goes through a Querier, which *DB and *Tx both are; writing needs a *Tx, and
// a *Tx exists only inside DB.Update. So a function that takes *Tx writes, and its
// caller decides what belongs to one transaction.
//
// On SQLite one connection writes (begin immediate) and several only read; on
// PostgreSQL every connection does both and serialization failures are retried. Times
// are BIGINT microseconds in UTC: the mapper turns time.Time into them, and the zero
// time into NULL.
//
// SQL texts use $1, $2 … whose first uses ascend, and only the subset that both engines
// read alike: docs/architecture.md lists it.
package db
