// Package postgres is every line of SQL outside the migrations. It implements the small interfaces that the rooms declare, a file per
// aggregate, and names the owner in every query about what belongs to somebody.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxvec "github.com/pgvector/pgvector-go/pgx"

	"github.com/gapwise/gapwise/internal/fault"
)

// DB is a migrated database. It is safe for concurrent use.
type DB struct {
	pool   *pgxpool.Pool
	models sync.Map // name to model, of those that were looked up
	self   presence // of this process among those that reserve
	teller teller
}

// Bounds on connections. A statement that takes longer is ended by the server.
const (
	maxConns         = 20
	connectTimeout   = 10 * time.Second
	statementTimeout = "30s"
)

// Open connects to a database that Migrate has brought up to date.
func Open(ctx context.Context, url string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errBadURL
	}
	cfg.MaxConns = max(cfg.MaxConns, maxConns)
	cfg.ConnConfig.ConnectTimeout = connectTimeout
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = statementTimeout
	cfg.ConnConfig.RuntimeParams["application_name"] = "gapwise"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if err := pgxvec.RegisterTypes(ctx, conn); err != nil {
			return err
		}
		_, err := conn.Exec(ctx, searchSettings) // after the types, whose look-up loads the extension that knows the settings
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, unreachable(err)
	}
	db := &DB{pool: pool}
	if err := db.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

// Close ends all connections, once the queries under way are done.
func (db *DB) Close() {
	db.self.end()
	db.pool.Close()
}

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.pool.Ping(ctx); err != nil {
		return unreachable(err)
	}
	return nil
}

// errBadURL has no cause: parse errors can quote parts of the address, which can be those of a password.
var errBadURL = fault.New(fault.Invalid, "database-url", "DATABASE_URL is not an address of PostgreSQL, like postgres://user:password@host/name.")

func unreachable(err error) error {
	return fault.New(fault.Unavailable, "database-unreachable", "The database does not answer. Check that it runs; `gapwise doctor` says where it is looked for.").Because(err)
}

// one runs a query for exactly one row of a struct. No row is the given fault.
func one[T any](ctx context.Context, q querier, absent error, sql string, args pgx.NamedArgs) (T, error) {
	rows, err := q.Query(ctx, sql, args)
	if err != nil {
		var zero T
		return zero, err
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	if errors.Is(err, pgx.ErrNoRows) {
		return v, absent
	}
	return v, err
}

// all runs a query for any number of rows of a struct.
func all[T any](ctx context.Context, q querier, sql string, args pgx.NamedArgs) ([]T, error) {
	rows, err := q.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Versions are what a server says of itself.
type Versions struct {
	Server   string
	PGVector string // "" where the extension is not installed in this database
}

// Inspect asks a server for its versions; it needs no schema.
func Inspect(ctx context.Context, url string) (v Versions, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	err = conn.QueryRow(ctx, `select current_setting('server_version'), coalesce((select extversion from pg_extension where extname = 'vector'), '')`).Scan(&v.Server, &v.PGVector)
	if err != nil {
		return v, fmt.Errorf("ask for versions: %w", err)
	}
	return v, nil
}

func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errBadURL
	}
	cfg.ConnectTimeout = connectTimeout
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, unreachable(err)
	}
	return conn, nil
}

// badText is PostgreSQL's code for text with a NUL in it, or that is not UTF-8.
const badText = "22021"

var errBadText = fault.New(fault.Invalid, "invalid-text", "There are characters in this that cannot be kept. Take them out.")

// isCode tells whether an error is PostgreSQL's of a code.
func isCode(err error, code string) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == code
}
