package pgcluster

import (
	"bufio"
	"cmp"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// The oldest versions that Gapwise works with: 15 has what the migrations use, pgvector 0.8 has iterative index scans.
const (
	needPostgres    = 15
	needVectorMinor = 8
)

// Binaries is one installation of PostgreSQL on this machine.
type Binaries struct {
	Dir     string // the directory of postgres and initdb
	Version string // as the server gives it, "15.18"
	Major   int    // 15
	Vector  string // the version of the pgvector that belongs to it, "0.8.0"; empty if there is none
	Control string // the path of pgvector's control file; empty if there is none
}

// usable says whether the server is recent enough.
func (b Binaries) usable() bool { return b.Major >= needPostgres }

// HasVector says whether the installation has a pgvector that is recent enough.
func (b Binaries) HasVector() bool {
	major, rest, _ := strings.Cut(b.Vector, ".")
	minor, _, _ := strings.Cut(rest, ".")
	x, err1 := strconv.Atoi(major)
	y, err2 := strconv.Atoi(minor)
	return err1 == nil && err2 == nil && (x > 0 || y >= needVectorMinor)
}

// Find looks for an installation that can carry a cluster, in PATH and where Debian, the PostgreSQL project's packages and
// Homebrew put theirs. One with pgvector is preferred, then the newest. The error is a fault of kind Unavailable with code
// postgres-missing, postgres-too-old or pgvector-missing; with the last two the installation that fell short is returned too.
func Find() (Binaries, error) {
	return best(installed(), 0)
}

// installed is every installation of this machine.
func installed() []Binaries {
	var first []string
	if program, err := exec.LookPath("postgres"); err == nil && filepath.IsAbs(program) {
		first = append(first, filepath.Dir(program))
	}
	return installations(append(first, usual("/")...))
}

// usual lists the directories under root that systems put the server in.
func usual(root string) []string {
	var dirs []string
	for _, pattern := range []string{
		"usr/lib/postgresql/*/bin",
		"usr/pgsql-*/bin",
		"opt/homebrew/opt/postgresql@*/bin",
		"usr/local/opt/postgresql@*/bin",
	} {
		found, _ := filepath.Glob(filepath.Join(root, pattern)) // the only error is a bad pattern
		dirs = append(dirs, found...)
	}
	return dirs
}

// installations asks each directory that holds a server for its version. A directory reached twice, through a link, counts once.
func installations(dirs []string) []Binaries {
	var all []Binaries
	seen := map[string]bool{}
	for _, dir := range dirs {
		program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
		if err != nil || seen[program] {
			continue
		}
		seen[program] = true
		b := Binaries{Dir: filepath.Dir(program)}
		if _, err := os.Stat(filepath.Join(b.Dir, "initdb")); err != nil {
			continue // a client-only directory, or a wrapper that stands alone
		}
		if b.Version, b.Major = serverVersion(program); b.Major == 0 {
			continue
		}
		b.Control, b.Vector = vectorOf(b.Dir)
		all = append(all, b)
	}
	return all
}

// best chooses among the installations: of the given major version if it is not zero, for data that is there already.
func best(all []Binaries, major int) (Binaries, error) {
	if len(all) == 0 {
		return Binaries{}, fault.New(fault.Unavailable, "postgres-missing", "PostgreSQL is not installed. Run `make setup`, or install"+
			" version 15 or later and pgvector yourself (Debian 13: postgresql postgresql-17-pgvector; Homebrew: postgresql@17 pgvector),"+
			" or set DATABASE_URL to a database that has both.")
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Binaries) int {
		return cmp.Or(boolCompare(b.HasVector(), a.HasVector()), cmp.Compare(b.Major, a.Major), compareVersions(b.Version, a.Version))
	})
	if major != 0 {
		fit := slices.DeleteFunc(slices.Clone(all), func(b Binaries) bool { return b.Major != major })
		if len(fit) == 0 {
			return Binaries{}, fault.Newf(fault.Unavailable, "postgres-version", "The database was made by PostgreSQL %[1]d, which is not"+
				" installed any more (there is %[2]s). Install PostgreSQL %[1]d and its pgvector again, or move the directory away to begin"+
				" with an empty database.", major, all[0].Version)
		}
		all = fit
	}
	usable := slices.IndexFunc(all, Binaries.usable)
	if usable < 0 {
		return all[0], fault.Newf(fault.Unavailable, "postgres-too-old", "PostgreSQL %s is too old: version %d or later is needed."+
			" Run `make setup`, or set DATABASE_URL to a newer server.", all[0].Version, needPostgres)
	}
	b := all[usable]
	if !b.HasVector() {
		return b, fault.Newf(fault.Unavailable, "pgvector-missing", "PostgreSQL %s is installed, but pgvector 0.%d or later for it is"+
			" not. Run `make setup`, or install it yourself (Debian 13: postgresql-17-pgvector; Homebrew: pgvector), or set DATABASE_URL"+
			" to a database that has it.", b.Version, needVectorMinor)
	}
	return b, nil
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

// compareVersions orders minor releases of one major version: 15.9 before 15.18.
func compareVersions(a, b string) int {
	minor := func(v string) int {
		_, after, _ := strings.Cut(v, ".")
		n, _ := strconv.Atoi(after)
		return n
	}
	return cmp.Compare(minor(a), minor(b))
}

// "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "postgres (PostgreSQL) 18rc1".
var versionText = regexp.MustCompile(`\(PostgreSQL\) (([0-9]+)(?:\.[0-9]+)?)`)

// serverVersion runs postgres --version; 0 means that it did not answer like a PostgreSQL server.
func serverVersion(program string) (version string, major int) {
	m := versionText.FindStringSubmatch(output(program, "--version"))
	if m == nil {
		return "", 0
	}
	major, _ = strconv.Atoi(m[2])
	return m[1], major
}

// vectorOf finds pgvector's control file. pg_config knows best but is often left out with the development package, so the
// usual places relative to the programs are tried as well.
func vectorOf(bin string) (control, version string) {
	var shares []string
	if dir := strings.TrimSpace(output(filepath.Join(bin, "pg_config"), "--sharedir")); dir != "" {
		shares = append(shares, dir)
	}
	prefix := filepath.Dir(bin)
	name := filepath.Base(prefix)
	shares = append(shares,
		filepath.Join(prefix, "../../../share/postgresql", name),                     // Debian: lib/postgresql/15/bin, share/postgresql/15
		filepath.Join(prefix, "../../share", name),                                   // Homebrew: opt/postgresql@17/bin, share/postgresql@17
		filepath.Join(prefix, "../../../share", filepath.Base(filepath.Dir(prefix))), // the same, seen from Cellar
		filepath.Join(prefix, "share", name),
		filepath.Join(prefix, "share/postgresql"),
		filepath.Join(prefix, "share/pgsql"),
		filepath.Join(prefix, "share"),
	)
	for _, share := range shares {
		control := filepath.Join(share, "extension", "vector.control")
		if version := defaultVersion(control); version != "" {
			return control, version
		}
	}
	return "", ""
}

// defaultVersion reads default_version = '0.8.0' from an extension's control file.
func defaultVersion(control string) string {
	f, err := os.Open(control) //nolint:gosec // G304: a fixed name under an installation's directory
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), "=")
		if strings.TrimSpace(key) == "default_version" {
			return strings.Trim(strings.TrimSpace(value), "'")
		}
	}
	return ""
}

// output is what the program prints, or nothing: a program that is missing, broken or hangs is no installation.
func output(program string, args ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).Output() //nolint:gosec // G204: a program of an installation, with arguments of ours
	if err != nil {
		return ""
	}
	return string(out)
}
