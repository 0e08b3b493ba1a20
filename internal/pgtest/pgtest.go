// Package pgtest gives each test a database of its own: a clone of a migrated template. It fails, and never skips, where there is no
// PostgreSQL with pgvector.
package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/internal/pgcluster"
	"github.com/gapwise/gapwise/migrations"
	"github.com/gapwise/gapwise/postgres"
)

// templateLock is the advisory lock under which the template is made; the number has no meaning.
const templateLock = 7_402_113_557

// share is this process's share in the private cluster of all test processes, nil until a test needs it; running is set by Main.
var (
	share   *pgcluster.Cluster
	running bool
)

// Main runs the tests of a package and then gives up the server, which the last test process stops. TestMain of every package that takes a
// database calls it.
func Main(m *testing.M) int {
	running = true
	code := m.Run()
	if share != nil {
		if err := share.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "stop the test server:", err)
			return max(code, 1)
		}
	}
	return code
}

// server is the address of a server for this process: DATABASE_URL, or the private cluster that test processes share.
var server = sync.OnceValues(func() (string, error) {
	if u := os.Getenv("DATABASE_URL"); u != "" {
		return u, nil
	}
	if !running {
		return "", errors.New("TestMain of this package does not call pgtest.Main")
	}
	cluster, err := pgcluster.Start(context.Background(), pgcluster.Options{DataDir: filepath.Join(os.TempDir(), fmt.Sprintf("gapwise-test-%d", os.Getuid())), FastUnsafe: true})
	if err != nil {
		return "", err
	}
	share = cluster
	return cluster.URL(), nil
})

// template is the name of the migrated template on the server, made once for each state of the migrations.
var template = sync.OnceValues(func() (string, error) {
	base, err := server()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	steps, err := postgres.Steps(migrations.Files)
	if err != nil {
		return "", err
	}
	for _, s := range steps {
		b, err := fs.ReadFile(migrations.Files, s.Name)
		if err != nil {
			return "", err
		}
		sum.Write(b)
	}
	name := "gapwise_template_" + hex.EncodeToString(sum.Sum(nil))[:12]
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, int64(templateLock)); err != nil {
		return "", err
	}
	var ready bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1 and datistemplate)`, name).Scan(&ready); err != nil || ready {
		return name, err
	}
	if _, err := conn.Exec(ctx, `drop database if exists `+name); err != nil { // left half-made by a process that died
		return "", err
	}
	if _, err := conn.Exec(ctx, `create database `+name); err != nil {
		return "", err
	}
	address, err := postgres.WithDatabase(base, name)
	if err != nil {
		return "", err
	}
	if _, err := postgres.Migrate(ctx, address, migrations.Files); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, `alter database `+name+` is_template true`)
	return name, err
})

// URL is the address of a fresh, migrated database, dropped when the test ends.
func URL(tb testing.TB) string {
	tb.Helper()
	base, err := server()
	if err != nil {
		tb.Fatalf("no PostgreSQL for tests; run `make setup`: %v", err)
	}
	from, err := template()
	if err != nil {
		tb.Fatalf("make the template database: %v", err)
	}
	address, drop, err := postgres.Scratch(context.WithoutCancel(tb.Context()), base, from)
	if err != nil {
		tb.Fatalf("make the test database: %v", err)
	}
	tb.Cleanup(func() {
		if err := drop(context.WithoutCancel(tb.Context())); err != nil {
			tb.Errorf("drop the test database: %v", err)
		}
	})
	return address
}

// Open is a fresh, migrated database, opened.
func Open(tb testing.TB) *postgres.DB {
	tb.Helper()
	db, err := postgres.Open(context.WithoutCancel(tb.Context()), URL(tb))
	if err != nil {
		tb.Fatalf("open the test database: %v", err)
	}
	tb.Cleanup(db.Close)
	return db
}
