package postgres

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
)

// Scratch makes a database for one test or one evaluation on the server of base, as a clone of a template (template1 for an empty
// one), and returns its address and what drops it with everything in it.
func Scratch(ctx context.Context, base, template string) (address string, drop func(context.Context) error, err error) {
	id := ident.New()
	name := "gapwise_scratch_" + hex.EncodeToString(id[:])
	if address, err = WithDatabase(base, name); err != nil {
		return "", nil, err
	}
	if err := execOnce(ctx, base, `create database `+name+` template `+template); err != nil {
		return "", nil, err
	}
	return address, func(ctx context.Context) error {
		return execOnce(ctx, base, `drop database if exists `+name+` with (force)`)
	}, nil
}

// WithDatabase is an address with another database.
func WithDatabase(base, name string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme == "" {
		return "", fault.New(fault.Usage, "database-url", "Give DATABASE_URL as postgres://user:password@host/name for this.") // no cause: it would quote the password
	}
	u.Path = "/" + name
	return u.String(), nil
}

// execOnce runs one statement on a connection of its own.
func execOnce(ctx context.Context, address, sql string) (err error) {
	conn, err := connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%.40s…: %w", sql, err)
	}
	return nil
}
