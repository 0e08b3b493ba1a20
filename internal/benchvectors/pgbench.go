package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/pgcluster"
)

// pgbench is the program.
type pgbench struct{ program string }

func findPgbench() (pgbench, error) {
	bin, err := pgcluster.Find()
	if err != nil {
		return pgbench{}, err
	}
	p := filepath.Join(bin.Dir, "pgbench")
	if _, err := os.Stat(p); err != nil {
		return pgbench{}, fmt.Errorf("pgbench is needed, which comes with PostgreSQL or its contrib package: %w", err)
	}
	return pgbench{p}, nil
}

// skip is how many of each client's first transactions are not counted: they connect, prepare and warm up.
const skip = 10

// run gives the milliseconds of each transaction of a script, run by clients for a while under settings.
func (p pgbench) run(ctx context.Context, address, script string, settings map[string]string, clients int, long time.Duration) (_ []float64, err error) {
	dir, err := os.MkdirTemp("", "benchvectors")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "script.sql")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	var options []string
	for name, value := range settings {
		options = append(options, "-c "+name+"="+value)
	}
	until := []string{"-T", strconv.Itoa(int(math.Ceil(long.Seconds())))}
	if long < time.Second { // which -T does not know
		until = []string{"-t", strconv.Itoa(2 * skip)}
	}
	args := append(until, "-n", "-M", "prepared", "-f", file, "-D", "once=0", "-c", strconv.Itoa(clients), "-l", "--log-prefix="+filepath.Join(dir, "times"),
		"-h", u.Query().Get("host"), "-p", u.Query().Get("port"), "-U", u.Query().Get("user"), strings.TrimPrefix(u.Path, "/"))
	cmd := exec.CommandContext(ctx, p.program, args...) //nolint:gosec // G204: a program of the installation
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "PGOPTIONS=" + strings.Join(options, " ")}
	if out, err := cmd.CombinedOutput(); err != nil || bytes.Contains(out, []byte("aborted")) {
		return nil, fmt.Errorf("pgbench: %w: %s", err, out)
	}
	return readTimes(dir)
}

// readTimes reads pgbench's logs: client, number of the transaction, microseconds, and more.
func readTimes(dir string) ([]float64, error) {
	logs, err := filepath.Glob(filepath.Join(dir, "times*"))
	if err != nil {
		return nil, err
	}
	var all, later []float64
	for _, name := range logs {
		data, err := os.ReadFile(name) //nolint:gosec // G304: of our own directory
		if err != nil {
			return nil, err
		}
		seen := map[string]int{}
		lines := bufio.NewScanner(bytes.NewReader(data))
		for lines.Scan() {
			f := strings.Fields(lines.Text())
			if len(f) < 3 {
				continue
			}
			us, err := strconv.ParseFloat(f[2], 64)
			if err != nil {
				return nil, fmt.Errorf("read pgbench's log: %w", err)
			}
			all = append(all, us/1000)
			if seen[f[0]]++; seen[f[0]] > skip {
				later = append(later, us/1000)
			}
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("read pgbench's log: %w", err)
		}
	}
	if len(later) < len(all)/2 { // so slow that most are among the first
		return all, nil
	}
	return later, nil
}
