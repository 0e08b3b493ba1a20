package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/internal/fault"
)

// migrationLock is the advisory lock under which one process at a time migrates; the number has no meaning.
const migrationLock = 7_402_113_555

// minPGVector is the first version with iterative scans, which filtered searches need.
const minPGVector = "0.8"

// Step is one migration.
type Step struct {
	Number int
	Name   string
	sql    string
}

// Steps reads the migrations, in order. Numbers run from 1 without a gap.
func Steps(files fs.FS) ([]Step, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	slices.Sort(names)
	steps := make([]Step, len(names))
	for i, name := range names {
		number, _, _ := strings.Cut(name, "_")
		n, err := strconv.Atoi(number)
		if err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: its number should be %04d", name, i+1)
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		steps[i] = Step{Number: n, Name: name, sql: string(b)}
	}
	return steps, nil
}

// Migrate applies the steps that a database lacks, each in a transaction of its own, and returns those. Two processes at once are fine. A
// database that is ahead of the binary is refused.
func Migrate(ctx context.Context, url string, files fs.FS) (applied []Step, err error) {
	steps, err := Steps(files)
	if err != nil {
		return nil, err
	}
	conn, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }() // gives the lock back, too
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return nil, fmt.Errorf("lock migrations: %w", err)
	}
	if _, err := conn.Exec(ctx, `create table if not exists schema_migrations (number int primary key, name text not null, applied_at timestamptz not null default now())`); err != nil {
		return nil, fmt.Errorf("prepare migrations: %w", err)
	}
	var done int
	if err := conn.QueryRow(ctx, `select coalesce(max(number), 0) from schema_migrations`).Scan(&done); err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	if done > len(steps) {
		return nil, fault.Newf(fault.Conflict, "database-ahead", "The database is at step %d; this version of gapwise knows %d. Use the newer binary.", done, len(steps))
	}
	for _, s := range steps[done:] {
		if err := apply(ctx, conn, s); err != nil {
			return applied, err
		}
		applied = append(applied, s)
	}
	if err := checkVector(ctx, conn); err != nil {
		return applied, err
	}
	return applied, migrateQueue(ctx, url)
}

func apply(ctx context.Context, conn *pgx.Conn, s Step) error {
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, s.sql); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into schema_migrations (number, name) values ($1, $2)`, s.Number, s.Name)
		return err
	})
	if isCode(err, "58P01") || isCode(err, "0A000") { // undefined_file, feature_not_supported: the extension's files are not there
		return fault.New(fault.Unavailable, "pgvector-missing", "PostgreSQL runs, but without pgvector. `make setup` installs it; elsewhere install the package postgresql-NN-pgvector.").Because(err)
	}
	if isCode(err, "42501") { // insufficient_privilege
		return fault.New(fault.Forbidden, "database-privilege", "The database user may not do this. Run `create extension vector` once as a superuser, and give the user the right to create tables.").Because(err)
	}
	if err != nil {
		return fmt.Errorf("apply %s: %w", s.Name, err)
	}
	return nil
}

// checkVector refuses a pgvector that is too old.
func checkVector(ctx context.Context, conn *pgx.Conn) error {
	var version string
	var ok bool
	err := conn.QueryRow(ctx, `select extversion, string_to_array(extversion, '.')::int[] >= string_to_array($1, '.')::int[] from pg_extension where extname = 'vector'`, minPGVector).Scan(&version, &ok)
	if err != nil {
		return fmt.Errorf("read the version of pgvector: %w", err)
	}
	if !ok {
		return fault.Newf(fault.Unavailable, "pgvector-old", "pgvector %s is too old; %s or newer is needed. Upgrade the package, then run `alter extension vector update`.", version, minPGVector)
	}
	return nil
}
