// Package migrations holds the numbered steps that make and change the database's schema. A step that has been released never changes.
package migrations

import "embed"

// Files are the steps, named NNNN_what.sql, applied in order of their number.
//
//go:embed *.sql
var Files embed.FS
