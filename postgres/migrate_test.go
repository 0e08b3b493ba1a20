package postgres_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/migrations"
	"github.com/gapwise/gapwise/postgres"
)

// empty is a database without anything in it.
func empty(tb testing.TB) string {
	tb.Helper()
	url, drop, err := postgres.Scratch(tb.Context(), pgtest.URL(tb), "template1")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := drop(context.WithoutCancel(tb.Context())); err != nil {
			tb.Errorf("drop: %v", err)
		}
	})
	return url
}

func TestMigrateAnEmptyDatabaseAtOnce(t *testing.T) {
	steps, err := postgres.Steps(migrations.Files)
	if err != nil {
		t.Fatal(err)
	}
	url := empty(t)
	var mu sync.Mutex
	applied := map[int]int{}
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			done, err := postgres.Migrate(t.Context(), url, migrations.Files)
			if err != nil {
				t.Errorf("Migrate: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, s := range done {
				applied[s.Number]++
			}
		})
	}
	wg.Wait()
	for _, s := range steps {
		if applied[s.Number] != 1 {
			t.Errorf("step %s was applied %d times", s.Name, applied[s.Number])
		}
	}
	if v, err := postgres.Inspect(t.Context(), url); err != nil || v.Server == "" || v.PGVector == "" {
		t.Errorf("versions %+v, %v", v, err)
	}
}

func TestBrokenStepLeavesNothing(t *testing.T) {
	url := empty(t)
	files := fstest.MapFS{
		"0001_good.sql":   {Data: []byte(`create table good (id int)`)},
		"0002_broken.sql": {Data: []byte(`create table half (id int); select * from nowhere;`)},
	}
	applied, err := postgres.Migrate(t.Context(), url, files)
	if err == nil || !strings.Contains(err.Error(), "0002_broken.sql") || len(applied) != 1 {
		t.Errorf("applied %v, %v; want the first and an error that names the second", applied, err)
	}
	var good, half bool
	if err := dial(t, url).QueryRow(t.Context(), `select to_regclass('good') is not null, to_regclass('half') is not null`).Scan(&good, &half); err != nil {
		t.Fatal(err)
	}
	if !good || half {
		t.Errorf("good is there: %t, half: %t; want the first step and nothing of the second", good, half)
	}
}

func TestStepNames(t *testing.T) {
	for name, files := range map[string][]string{
		"a gap": {"0001_a.sql", "0003_b.sql"}, "not from one": {"0002_a.sql"}, "twice": {"0001_a.sql", "0001_b.sql"}, "no number": {"a.sql"},
	} {
		m := fstest.MapFS{}
		for _, f := range files {
			m[f] = &fstest.MapFile{}
		}
		if steps, err := postgres.Steps(m); err == nil {
			t.Errorf("%s: %v, want an error", name, steps)
		}
	}
}

// TestBadAddressHidesThePassword tries addresses that go wrong in different ways. Parsers like to quote what they cannot read.
func TestBadAddressHidesThePassword(t *testing.T) {
	for name, address := range map[string]string{
		"a password with a slash":        "postgres://ada:geheim/x@localhost/db",
		"a password with a hash":         "postgres://ada:geheim#x@localhost/db",
		"a password with a percent sign": "postgres://ada:geheim%zz@localhost/db",
		"a password with a colon":        "postgres://ada:x:geheim@[::1/db",
		"a bad port":                     "postgres://ada:geheim@localhost:geheim/db",
		"a bad setting":                  "postgres://ada:geheim@localhost/db?sslmode=geheim",
		"words":                          "password=geheim host",
		"another scheme":                 "mysql://ada:geheim@localhost/db",
	} {
		_, open := postgres.Open(t.Context(), address)
		_, migrate := postgres.Migrate(t.Context(), address, migrations.Files)
		_, inspect := postgres.Inspect(t.Context(), address)
		_, with := postgres.WithDatabase(address, "x")
		for method, err := range map[string]error{"Open": open, "Migrate": migrate, "Inspect": inspect, "WithDatabase": with} {
			if err == nil && method == "WithDatabase" {
				continue // it only changes the path
			}
			if code := fault.CodeOf(err); code != "database-url" && code != "database-unreachable" { // what stands before a # can be a host
				t.Errorf("%s: %s: %s, want database-url", name, method, code)
			}
			if err != nil && strings.Contains(err.Error(), "geheim") {
				t.Errorf("%s: %s: the password is in the error", name, method)
			}
		}
	}
}
