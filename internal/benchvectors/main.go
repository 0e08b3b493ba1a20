// Command benchvectors measures vector search: loading, building the index, recall against exact search, and latency, of postings that it
// makes itself, in a private cluster with the settings that the product gives one.
//
// It prints a table for each size on stdout, and writes the same as JSON. Progress goes to stderr. It ends with 1 where a figure misses what
// it must be, which is judged at a million postings. What it measures:
//
//   - Through postgres.DB, as the service searches, in a process of its own (search.go).
//   - The same statement through pgbench, prepared, under the same settings (statement.go, pgbench.go).
//   - Recall at 20 by distance, over resumes' vectors against a scan of all rows (measure.go).
//
// Postings are drawn with a fixed seed (data.go, space.go).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/internal/pgcluster"
	"github.com/gapwise/gapwise/internal/proctable"
	"github.com/gapwise/gapwise/postgres"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	var err error
	if args := os.Args[1:]; len(args) == 1 && args[0] == searcherFlag {
		err = searcher(ctx, os.Stdin, os.Stdout)
	} else {
		err = run(ctx, args, os.Stdout, os.Stderr)
	}
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "benchvectors:", err)
		os.Exit(1)
	}
}

// errUsage is a command line that has been complained about already.
var errUsage = errors.New("wrong use")

// options are the flags.
type options struct {
	dir, json           string
	sizes, clients      []int
	queries             int
	each                time.Duration
	keep, quick, noFail bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	var sizes, clients string
	fs := flag.NewFlagSet("benchvectors", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&sizes, "sizes", "10000,100000,1000000", "how many postings, one database each")
	fs.StringVar(&clients, "clients", "1,8,32", "how many search at a time")
	fs.StringVar(&o.dir, "dir", filepath.Join(os.TempDir(), "gapwise-bench-vectors"), "directory of the databases that are kept")
	fs.StringVar(&o.json, "json", "", "file to write the figures to as JSON")
	fs.IntVar(&o.queries, "queries", 100, fmt.Sprintf("resumes that recall is measured over, at most %d", resumes))
	fs.DurationVar(&o.each, "each", 6*time.Second, "how long each search is measured, by each way and number of clients")
	fs.BoolVar(&o.keep, "keep", false, "keep the databases in -dir, and use those that are there")
	fs.BoolVar(&o.quick, "quick", false, "measure briefly, to see that everything works")
	fs.BoolVar(&o.noFail, "no-fail", false, "end with 0 whatever the figures are")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, errUsage
	}
	var errs [2]error
	o.sizes, errs[0] = numbers(sizes)
	o.clients, errs[1] = numbers(clients)
	if o.quick {
		o.queries, o.each = min(o.queries, 10), min(o.each, time.Second)
	}
	if err := errors.Join(errs[:]...); err != nil || fs.NArg() > 0 || o.queries < 1 || o.queries > resumes {
		fmt.Fprintf(stderr, "benchvectors takes flags alone: -sizes and -clients are whole numbers with commas between, -queries is from 1 to %d\n", resumes)
		return o, errUsage
	}
	return o, nil
}

func numbers(list string) ([]int, error) {
	var out []int
	for part := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 {
			return nil, errUsage
		}
		out = append(out, n)
	}
	return out, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	tool, err := findPgbench()
	if err != nil {
		return err
	}
	w, err := newWorld()
	if err != nil {
		return err
	}
	rep := report{Go: runtime.Version(), CPUs: runtime.NumCPU(), Memory: proctable.Memory(), Load: proctable.Load(), Model: embeddings.Builtin{}.Model()}
	sample, err := sampleVectors(ctx, w.catalog)
	if err != nil {
		return err
	}
	rep.Sample = shapeOf(sample)
	if !o.keep {
		if o.dir, err = os.MkdirTemp("", "benchvectors"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.dir)) }() //nolint:gosec // G703: it was made three lines above
	}
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{DataDir: o.dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	for _, rows := range o.sizes {
		m := measured{}
		b := &bench{o: o, tool: tool, progress: stderr, m: &m}
		if b.address, m.loaded, err = prepare(ctx, cluster.URL(), w, rows, stderr); err != nil {
			return fmt.Errorf("fill a database with %d postings: %w", rows, err)
		}
		if err := b.run(ctx, w); err != nil {
			return fmt.Errorf("measure %d postings: %w", rows, err)
		}
		rep.Sizes, rep.Musts = append(rep.Sizes, m), append(rep.Musts, m.musts()...)
		v, err := postgres.Inspect(ctx, b.address)
		if err != nil {
			return err
		}
		rep.Server, rep.Vector = v.Server, v.PGVector
	}
	return rep.finish(o, stdout)
}

// finish prints the report, writes it, and is an error where a must is missed.
func (rep *report) finish(o options, stdout io.Writer) error {
	rep.write(stdout)
	if o.json != "" {
		data, err := json.MarshalIndent(rep, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(o.json, append(data, '\n'), 0o644); err != nil { //nolint:gosec // G306: figures, for everybody to read
			return err
		}
	}
	if missed := rep.missed(); len(missed) > 0 && !o.noFail {
		return fmt.Errorf("%d figures miss what they must be: %v", len(missed), missed)
	}
	return nil
}
