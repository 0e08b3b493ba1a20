// Package ident makes the ids of rows.
package ident

import "github.com/google/uuid"

// New is a fresh UUIDv7: unique, and in order of time within one process.
func New() uuid.UUID {
	return uuid.Must(uuid.NewV7()) // fails only when the system has no randomness, and then nothing may go on
}
