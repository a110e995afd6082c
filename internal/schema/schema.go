// Package schema holds the migrations: one directory, forward only, one SQL text for
// both engines. A module's tables stand in the file that bears its name.
package schema

import "embed"

// Files are the migrations in goose's form.
//
//go:embed *.sql
var Files embed.FS
