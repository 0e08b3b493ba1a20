//go:build unix

package pgcluster

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// dataMajor is the PostgreSQL version that made the data, 0 if there is no data yet.
func (h *home) dataMajor() (int, error) {
	raw, err := os.ReadFile(filepath.Join(h.data(), "PG_VERSION"))
	if err == nil {
		major, err := strconv.Atoi(strings.TrimSpace(string(raw)))
		if err == nil && major > 0 {
			return major, nil
		}
		return 0, h.foreign(err)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return 0, unwritable(filepath.Dir(h.base), err)
	}
	// An empty directory, a mount point perhaps, is as good as none. Anything else is not ours to remove.
	if err := os.Remove(h.data()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, h.foreign(err)
	}
	return 0, nil
}

func (h *home) foreign(err error) error {
	return fault.Newf(fault.Unavailable, "data-foreign",
		"%s holds something that is not a PostgreSQL cluster, or a damaged one. Move it away, or set GAPWISE_DATA to another directory.", h.data()).Because(err)
}

// create makes the cluster with its database in a directory beside, and renames it when it is whole, so that a crash at any
// point leaves either no cluster or a good one.
func (h *home) create(ctx context.Context, bin Binaries, fast bool) error {
	if err := h.removeUnfinished(ctx); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(h.base, "data.new-")
	if err != nil {
		return unwritable(filepath.Dir(h.base), err)
	}
	defer os.RemoveAll(dir)
	if h.switches {
		if err := os.Lchown(dir, h.server.uid, h.server.gid); err != nil {
			return unwritable(filepath.Dir(h.base), err)
		}
	}
	if err := h.initdb(ctx, bin, dir, fast); err != nil {
		return err
	}
	// The single-user server needs no socket and no client program.
	out, err := h.feed(ctx, bin, "postgres", dir, "create database "+Database+";\n", func(path string) []string {
		args := []string{"--single", "-D", path}
		if fast {
			args = append(args, "-F")
		}
		return append(args, "postgres")
	})
	if err != nil || strings.Contains(out, "ERROR:") {
		return h.failed("The database could not be created", out, errors.Join(errors.New("create database"), err))
	}
	if err := os.Rename(dir, h.data()); err != nil {
		return unwritable(filepath.Dir(h.base), err)
	}
	return syncDir(h.base)
}

// removeUnfinished clears what a killed process left. Its initdb may still be writing there for a moment, so that a directory
// is not empty by the time it is removed; without its files it soon gives up.
func (h *home) removeUnfinished(ctx context.Context) error {
	unfinished, _ := filepath.Glob(filepath.Join(globEscape(h.base), "data.new-*")) // the only error is a bad pattern
	for _, dir := range unfinished {
		for until := time.Now().Add(10 * time.Second); ; {
			err := os.RemoveAll(dir)
			if err == nil {
				break
			}
			if time.Now().After(until) {
				return unwritable(filepath.Dir(h.base), err)
			}
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(tick):
			}
		}
	}
	return nil
}

// initdb tries the locales that sort and fold all of Unicode alike on every machine before the plain one, which folds only
// ASCII: PostgreSQL 17 brings its own, most Linux systems have C.UTF-8, macOS may have neither.
func (h *home) initdb(ctx context.Context, bin Binaries, dir string, fast bool) error {
	locales := [][]string{{"--locale=C.UTF-8"}, {"--locale=C"}}
	if bin.Major >= 17 {
		locales = [][]string{
			{"--locale-provider=builtin", "--locale=C.UTF-8"},
			{"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"},
		}
	}
	var out string
	var err error
	for _, locale := range locales {
		out, err = h.feed(ctx, bin, "initdb", dir, "", func(path string) []string {
			args := append([]string{
				"-D", path, "--username=" + Role, "--encoding=UTF8", "--data-checksums", "--no-instructions", "--lc-messages=C",
				"--auth-local=trust", "--auth-host=reject",
			}, locale...)
			if fast {
				args = append(args, "--no-sync")
			}
			return args
		})
		if err == nil || !strings.Contains(out, "locale") {
			break
		}
	}
	if err != nil {
		return h.failed("The database could not be set up", out, err)
	}
	return nil
}

// feed runs a program on the directory to its end, with this input, and keeps what it prints in the log too.
func (h *home) feed(ctx context.Context, bin Binaries, name, dir, input string, args func(path string) []string) (string, error) {
	cmd, path, done, err := h.program(ctx, bin, name, dir)
	if err != nil {
		return "", err
	}
	defer done()
	cmd.Args = append(cmd.Args, args(path)...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if log, openErr := h.openLog(); openErr == nil {
		_, _ = log.Write(out) // on a full disk the log is the least of it
		_ = log.Close()
	}
	return tail(string(out)), err
}

func syncDir(dir string) error {
	f, err := os.Open(dir) //nolint:gosec // G304: the cluster's own directory
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// globEscape takes a path literally in a pattern.
func globEscape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
