// Command benchtutor measures the tutor without a language model: how often the passages that a question is best answered from are among the
// first that are found, and how long it takes to find them and, over HTTP, to the first words of an answer.
//
// The questions are in tutor/testdata/retrieval. Forty are for choosing weights by; the eighty held-out ones are what counts. The passages are
// looked for in memory alone, and together with the database of the real binary, to which the questions are also put over HTTP. It prints its
// figures on stdout and progress on stderr, and ends with 1 where a figure misses what it must be.
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
	"slices"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/pgcluster"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/tutor"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "benchtutor:", err)
		os.Exit(1)
	}
}

// errUsage is a command line that the flag package has complained about already.
var errUsage = errors.New("wrong use")

// What the figures must be.
const (
	leastHit3      = 0.90
	mostFirstToken = 100 * time.Millisecond // at the median
)

type options struct {
	binary, questions, set, json string
	verbose, quiet               bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("benchtutor", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.binary, "binary", filepath.Join("bin", "gapwise"), "the server to ask; empty leaves out the database and HTTP")
	fs.StringVar(&o.questions, "questions", filepath.Join("tutor", "testdata", "retrieval", "questions.jsonl"), "file of the questions")
	fs.StringVar(&o.set, "set", "", "development or held-out; empty for both")
	fs.StringVar(&o.json, "json", "", "file to write the figures to as JSON")
	fs.BoolVar(&o.quiet, "no-http", false, "leave out the answers over HTTP")
	fs.BoolVar(&o.verbose, "v", false, "list the questions of the development set that miss")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, errUsage
	}
	if fs.NArg() > 0 || !slices.Contains([]string{"", development, heldOut}, o.set) {
		fmt.Fprintln(stderr, "benchtutor takes flags alone, -set development or held-out")
		return o, errUsage
	}
	return o, nil
}

// figures is all that is measured.
type figures struct {
	Quality    []quality `json:"quality"`
	FirstToken *spread   `json:"first_token,omitempty"`
}

// spread sums up times, in milliseconds.
type spread struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	Max float64 `json:"max_ms"`
}

func spreadOf(took []time.Duration) *spread {
	took = slices.Sorted(slices.Values(took))
	at := func(share float64) float64 {
		if len(took) == 0 {
			return 0
		}
		return float64(took[int(share*float64(len(took)-1)+0.5)].Microseconds()) / 1000
	}
	return &spread{N: len(took), P50: at(0.5), P95: at(0.95), Max: at(1)}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	list, err := readQuestions(o.questions)
	if err != nil {
		return err
	}
	c, err := catalog.Load()
	if err != nil {
		return err
	}
	var f figures
	if err := f.retrieval(ctx, c, nil, list, o.set, "memory"); err != nil {
		return err
	}
	if o.binary != "" {
		fmt.Fprintln(stderr, "starting", o.binary)
		if err := f.served(ctx, c, list, o); err != nil {
			f.write(stdout, o.verbose) // what was measured until then
			return err
		}
	}
	f.write(stdout, o.verbose)
	if o.json != "" {
		data, err := json.MarshalIndent(f, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(o.json, append(data, '\n'), 0o644); err != nil { //nolint:gosec // G306: figures, for everybody to read
			return err
		}
	}
	return f.missed()
}

// retrieval measures both sets, or one.
func (f *figures) retrieval(ctx context.Context, c *catalog.Catalog, p tutor.Passages, list []asked, set, with string) error {
	s := tutor.NewSources(c, p)
	for _, one := range []string{development, heldOut} {
		if set != "" && set != one {
			continue
		}
		q, err := measure(ctx, c, s, list, one, with)
		if err != nil {
			return err
		}
		f.Quality = append(f.Quality, q)
	}
	return nil
}

// served measures with the database of a running server, and over HTTP.
func (f *figures) served(ctx context.Context, c *catalog.Catalog, list []asked, o options) (err error) {
	s, err := startServer(ctx, o.binary)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{DataDir: s.Data})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	db, err := postgres.Open(ctx, cluster.URL())
	if err != nil {
		return err
	}
	defer db.Close()
	if err := f.retrieval(ctx, c, db.PassageFinder(), list, o.set, "memory and database"); err != nil {
		return err
	}
	if o.quiet {
		return nil
	}
	took, err := s.firstTokens(ctx, list)
	if err != nil {
		return err
	}
	f.FirstToken = spreadOf(took)
	return nil
}

// write prints a table, and what of the development set was missed. What was missed of the held-out set is not shown, so that nothing is
// chosen by it.
func (f *figures) write(w io.Writer, verbose bool) {
	for _, q := range f.Quality {
		t := spreadOf(q.took)
		fmt.Fprintf(w, "%-12s %-20s %3d questions  hit@1 %.3f  hit@3 %.3f  MRR %.3f  found in p50 %.1f ms, p95 %.1f ms\n", q.Set, q.With, q.N, q.Hit1, q.Hit3, q.MRR, t.P50, t.P95)
		if verbose && q.Set == development {
			for _, m := range q.Missed {
				fmt.Fprintln(w, "  missed", m)
			}
		}
	}
	if t := f.FirstToken; t != nil {
		fmt.Fprintf(w, "first words over HTTP, %d messages  p50 %.1f ms  p95 %.1f ms  max %.1f ms\n", t.N, t.P50, t.P95, t.Max)
	}
}

// missed tells which figures are not what they must be.
func (f *figures) missed() error {
	var errs []error
	for _, q := range f.Quality {
		if q.Set == heldOut && q.Hit3 < leastHit3 {
			errs = append(errs, fmt.Errorf("hit@3 of the held-out questions with %s is %.3f, must be %.2f", q.With, q.Hit3, leastHit3))
		}
	}
	if t := f.FirstToken; t != nil && t.P50 > float64(mostFirstToken.Milliseconds()) {
		errs = append(errs, fmt.Errorf("the first words take %.1f ms at the median, must be %s", t.P50, mostFirstToken))
	}
	return errors.Join(errs...)
}
