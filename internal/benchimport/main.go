// Command benchimport measures the import of postings end to end: the product's own binary imports a file of postings that this command makes,
// into a private cluster with the settings that the product gives one. Text is cleaned, facts and requirements are read, vectors made, duplicates
// looked for and everything stored; then the indexes are made and the whole is imported once more, where nothing has changed.
//
// It prints the rate, the CPU time of both sides and the peak memory of the importing process, beside what each must be, and ends with 1 where
// one is missed. Postings are drawn with a fixed seed (data.go).
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gapwise/gapwise/internal/pgcluster"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "benchimport:", err)
		os.Exit(1)
	}
}

// What the figures must be.
const (
	mustRate   = 2_000 // postings a second
	mustMemory = 150   // MB
)

type summary struct {
	Read, Stored, New, Changed, Unchanged, Duplicate, Expired int
}

// measured is one import.
type measured struct {
	summary
	stored, whole time.Duration // until everything was stored; with the indexes
	client        time.Duration // CPU
	server        time.Duration // CPU
	storing       time.Duration // CPU of the server until everything was stored
	peak          int64         // bytes
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	fs := flag.NewFlagSet("benchimport", flag.ContinueOnError)
	fs.SetOutput(stderr)
	rows := fs.Int("rows", 50_000, "how many postings")
	binary := fs.String("binary", "bin/gapwise", "what imports")
	noFail := fs.Bool("no-fail", false, "end with 0 whatever the figures are")
	if err := fs.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "benchimport")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "postings.jsonl")
	fmt.Fprintf(stderr, "writing %d postings\n", *rows)
	if err := writePostings(file, *rows); err != nil {
		return err
	}
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{DataDir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	b := &bench{binary: *binary, dir: dir, url: cluster.URL(), stderr: stderr}
	empty := filepath.Join(dir, "empty.jsonl")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		return err
	}
	if _, err := b.measure(ctx, empty); err != nil { // the catalogue and the samples go in
		return err
	}
	fmt.Fprintf(stdout, "%d CPUs, load before it began: %s; %s\n", runtime.NumCPU(), load(), runtime.Version())
	once, err := b.measure(ctx, file)
	if err != nil {
		return err
	}
	again, err := b.measure(ctx, file)
	if err != nil {
		return err
	}
	if missed := report(stdout, *rows, once, again); missed > 0 && !*noFail {
		return fmt.Errorf("%d figures miss what they must be", missed)
	}
	return nil
}

// report prints the figures and counts those that are missed.
func report(w io.Writer, rows int, once, again measured) (missed int) {
	fmt.Fprintf(w, "read %d, new %d, duplicates %d, refused %d\n", once.Read, once.New, once.Duplicate, once.Read-once.Stored-once.Unchanged)
	row := func(name, value, must string, ok bool) {
		verdict := ""
		if must != "" {
			if verdict = "ok"; !ok {
				verdict = "MISSED"
				missed++
			}
		}
		fmt.Fprintf(w, "%-58s %12s %12s %s\n", name, value, must, verdict)
	}
	micros := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(rows) }
	rate := float64(rows) / once.stored.Seconds()
	possible := 2e6 / (micros(once.client) + micros(once.storing))
	memory := max(once.peak, again.peak) >> 20
	row("stored, postings a second", fmt.Sprintf("%.0f", rate), fmt.Sprintf("≥ %d", mustRate), rate >= mustRate)
	row("as many would be with two cores for it, by CPU time", fmt.Sprintf("%.0f", possible), "", true)
	row("with the start and the making of indexes", fmt.Sprintf("%.0f", float64(rows)/once.whole.Seconds()), "", true)
	row("CPU of the importing process, µs a posting", fmt.Sprintf("%.0f", micros(once.client)), "", true)
	row("CPU of the server until all is stored, µs a posting", fmt.Sprintf("%.0f", micros(once.storing)), "", true)
	row("CPU of the server, µs a posting, indexes too", fmt.Sprintf("%.0f", micros(once.server)), "", true)
	row("peak memory of the importing process, MB", strconv.FormatInt(memory, 10), fmt.Sprintf("≤ %d", mustMemory), memory <= mustMemory)
	row("again, unchanged, postings a second", fmt.Sprintf("%.0f", float64(rows)/again.whole.Seconds()), "", true)
	row("stored again where nothing has changed", strconv.Itoa(again.Stored), "0", again.Stored == 0)
	return missed
}

type bench struct {
	binary, dir, url string
	stderr           io.Writer
}

// measure imports a file in a process of its own. When everything was stored is read from its progress.
func (b *bench) measure(ctx context.Context, file string) (m measured, err error) {
	cmd := exec.CommandContext(ctx, b.binary, "jobs", "import", "--json", file) //nolint:gosec // G204: the binary that is measured
	cmd.Env = append(os.Environ(), "DATABASE_URL="+b.url, "GAPWISE_DATA="+b.dir)
	var out strings.Builder
	cmd.Stdout = &out
	progress, err := cmd.StderrPipe()
	if err != nil {
		return m, err
	}
	before := serverCPU(b.dir)
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return m, err
	}
	for lines := bufio.NewScanner(progress); lines.Scan(); {
		if strings.Contains(lines.Text(), " read") {
			m.stored, m.storing = time.Since(start), serverCPU(b.dir)-before
			fmt.Fprintf(b.stderr, "\r%s   ", lines.Text())
		} else {
			fmt.Fprintln(b.stderr, lines.Text())
		}
	}
	fmt.Fprintln(b.stderr)
	if err := cmd.Wait(); err != nil {
		return m, fmt.Errorf("import: %w", err)
	}
	m.whole = time.Since(start)
	m.server = serverCPU(b.dir) - before
	m.client = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.peak = usage.Maxrss << 10
	}
	return m, json.Unmarshal([]byte(out.String()), &m.summary)
}
