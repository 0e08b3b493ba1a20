//go:build unix

package pgcluster_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/pgcluster"
)

// install writes a pretended installation: programs that answer --version, and pgvector's control file if vector is not empty.
func install(t *testing.T, bin, version, share, vector string) {
	t.Helper()
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"postgres", "initdb"} {
		script := fmt.Sprintf("#!/bin/sh\necho '%s (PostgreSQL) %s'\n", name, version)
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if vector == "" {
		return
	}
	if err := os.MkdirAll(filepath.Join(share, "extension"), 0o755); err != nil {
		t.Fatal(err)
	}
	control := fmt.Sprintf("comment = 'vector data type'\ndefault_version = '%s'\nrelocatable = true\n", vector)
	if err := os.WriteFile(filepath.Join(share, "extension", "vector.control"), []byte(control), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFindChooses(t *testing.T) {
	t.Parallel()
	debian := func(major, version, vector string) func(*testing.T, string) {
		return func(t *testing.T, root string) {
			t.Helper()
			install(t, filepath.Join(root, "usr/lib/postgresql", major, "bin"), version,
				filepath.Join(root, "usr/share/postgresql", major), vector)
		}
	}
	for name, test := range map[string]struct {
		setup []func(*testing.T, string)
		want  string // "version vector", or the code
	}{
		"nothing":              {nil, "postgres-missing"},
		"debian":               {[]func(*testing.T, string){debian("15", "15.18 (Debian 15.18-0+deb12u1)", "0.8.0")}, "15.18 0.8.0"},
		"newest":               {[]func(*testing.T, string){debian("15", "15.18", "0.8.0"), debian("17", "17.5", "0.8.0")}, "17.5 0.8.0"},
		"pgvector over newest": {[]func(*testing.T, string){debian("15", "15.18", "0.8.0"), debian("17", "17.5", "")}, "15.18 0.8.0"},
		"release candidate":    {[]func(*testing.T, string){debian("18", "18rc1", "0.10.1")}, "18 0.10.1"},
		"too old":              {[]func(*testing.T, string){debian("9.6", "9.6.24", "0.8.0"), debian("14", "14.9", "0.8.0")}, "postgres-too-old"},
		"old beside good":      {[]func(*testing.T, string){debian("14", "14.9", "0.8.0"), debian("16", "16.1", "")}, "pgvector-missing"},
		"old pgvector":         {[]func(*testing.T, string){debian("16", "16.4", "0.6.0")}, "pgvector-missing"},
		"homebrew": {[]func(*testing.T, string){func(t *testing.T, root string) {
			t.Helper()
			cellar := filepath.Join(root, "opt/homebrew/Cellar/postgresql@17/17.5")
			install(t, filepath.Join(cellar, "bin"), "17.5 (Homebrew)", filepath.Join(root, "opt/homebrew/share/postgresql@17"), "0.8.1")
			if err := os.MkdirAll(filepath.Join(root, "opt/homebrew/opt"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(cellar, filepath.Join(root, "opt/homebrew/opt/postgresql@17")); err != nil {
				t.Fatal(err)
			}
		}}, "17.5 0.8.1"},
		"no server": {[]func(*testing.T, string){func(t *testing.T, root string) {
			t.Helper()
			install(t, filepath.Join(root, "usr/lib/postgresql/16/bin"), "16.1", "", "")
			if err := os.Remove(filepath.Join(root, "usr/lib/postgresql/16/bin/initdb")); err != nil {
				t.Fatal(err)
			}
		}}, "postgres-missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			for _, setup := range test.setup {
				setup(t, root)
			}
			b, err := pgcluster.FindUnder(root)
			got := b.Version + " " + b.Vector
			if err != nil {
				got = fault.CodeOf(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("FindUnder (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFindLooksInPath(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	install(t, filepath.Join(root, "pg/bin"), "16.2", filepath.Join(root, "pg/share/postgresql"), "0.8.0")
	b, err := pgcluster.FindUnder(root, filepath.Join(root, "pg/bin"))
	if err != nil || b.Version != "16.2" || !b.HasVector() {
		t.Errorf("FindUnder = %+v, %v", b, err)
	}
}

func TestFindHere(t *testing.T) {
	t.Parallel()
	b, err := pgcluster.Find()
	if err != nil {
		t.Fatalf("this machine lacks what `make setup` installs: %v", err)
	}
	if b.Major < 15 || !b.HasVector() {
		t.Errorf("Find = %+v", b)
	}
}
