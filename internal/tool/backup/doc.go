// Package backup is what `jishi backup` and `jishi restore` run: a copy of an installation
// in one folder or one tar file, and an installation made from such a copy.
//
// On SQLite the copy holds the database, consistent beside a running node, and every
// uploaded file that it names. A PostgreSQL server's database is not in it: its own tools
// copy it (pg_dump); there the copy holds the uploaded files only, and says so.
//
// The master key is never in a copy: whoever finds the copy shall not be able to open what
// is sealed in it. Its check value is, so that a restore with a wrong key is refused.
package backup
