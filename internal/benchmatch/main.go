// Command benchmatch measures how postings are matched with resumes: how well, against labels that people made, and how fast, over postings that
// it makes itself in a private cluster with the settings that the product gives one.
//
// It prints tables on stdout and writes the same as JSON; progress goes to stderr. It ends with 1 where a figure misses what it must be. The
// figures of speed and recall are judged at a million postings.
//
//   - nDCG at 10 of the product, of BM25 and of vectors alone, over 40 profiles and 300 postings (quality.go, labels.go).
//   - A page of matches through gapanalysis.Service and postgres.DB, filters included, and recall at 20 against scoring every posting that passes
//     the filter (scale.go). Postings are drawn with a fixed seed and their vectors are the built-in model's (load.go).
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
	"strconv"
	"strings"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/pgcluster"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchmatch:", err)
		os.Exit(1)
	}
}

type options struct {
	root, dir, json string
	sizes           []int
	pages, recall   int
	keep, noFail    bool
	bare            bool
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	fs := flag.NewFlagSet("benchmatch", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.root, "root", ".", "root of the tree, which holds the labelled sets")
	fs.StringVar(&o.dir, "dir", filepath.Join(os.TempDir(), "gapwise-bench-match"), "directory of the databases that are kept")
	fs.StringVar(&o.json, "json", "", "file to write the figures to")
	sizes := fs.String("sizes", "", "postings of each database that speed and recall are measured in, such as 10000,100000,1000000; none for the labels alone")
	fs.IntVar(&o.pages, "pages", 400, "pages that are timed at each size")
	fs.IntVar(&o.recall, "recall", 40, "pages whose recall is measured at each size")
	fs.BoolVar(&o.keep, "keep", false, "keep the databases for the next run")
	fs.BoolVar(&o.bare, "bare", false, "leave out the index of vectors, which takes half of the time and is used only until the index in memory is there")
	fs.BoolVar(&o.noFail, "no-fail", false, "end with 0 whatever the figures are")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	for s := range strings.SplitSeq(*sizes, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return o, fmt.Errorf("%q is no number of postings", s)
		}
		o.sizes = append(o.sizes, n)
	}
	return o, nil
}

// report is all figures of a run.
type report struct {
	Quality []quality `json:"quality"`
	Read    int       `json:"pairs_read"`
	Changed int       `json:"pairs_changed"`
	Scale   []scale   `json:"scale"`
}

// quality is the mean nDCG at 10 of one way to rank.
type quality struct {
	Way    string  `json:"way"`
	Fitted float64 `json:"ndcg_fitted"` // over the profiles that weights may be fitted to
	Held   float64 `json:"ndcg_held_out"`
}

// What the figures must be.
const (
	leastNDCG   = 0.85
	leastRecall = 0.95
	mostP50     = 25.0 // ms
	mostP99     = 80.0
	judgedAt    = 1_000_000
)

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	s, err := newSet(ctx, os.DirFS(filepath.Join(o.root, "skill/testdata/resumes")), os.DirFS(filepath.Join(o.root, "gapanalysis/testdata/matching")))
	if err != nil {
		return err
	}
	rep := report{Read: s.Read, Changed: s.Corrected}
	missed := rep.measureQuality(s, stdout)
	if len(o.sizes) > 0 {
		more, err := rep.measureScale(ctx, s, o, stdout, stderr)
		if err != nil {
			return err
		}
		missed = append(missed, more...)
	}
	if o.json != "" {
		b, err := json.MarshalIndent(rep, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(o.json, append(b, '\n'), 0o600); err != nil {
			return err
		}
	}
	if len(missed) > 0 && !o.noFail {
		return fmt.Errorf("%d figures miss what they must be: %s", len(missed), strings.Join(missed, "; "))
	}
	return nil
}

// measureQuality prints the table of nDCG and tells what misses.
func (r *report) measureQuality(s *set, out io.Writer) (missed []string) {
	fmt.Fprintf(out, "%d profiles, %d postings; of %d pairs near a border that were read, %d labels were changed.\n\n", len(s.Profiles), len(s.Postings), s.Read, s.Corrected)
	fmt.Fprintf(out, "%-24s %14s %14s\n", "nDCG@10", "fitted 01-20", "held out 21-40")
	for _, w := range []struct {
		name string
		rank ranker
	}{
		{"gapwise", s.byMatch(gapanalysis.DefaultMatchWeights())},
		{"vectors alone", s.byVector},
		{"BM25 alone", s.byWords()},
	} {
		q := quality{w.name, s.mean(w.rank, firstFitted, lastFitted), s.mean(w.rank, firstHeld, lastHeld)}
		r.Quality = append(r.Quality, q)
		fmt.Fprintf(out, "%-24s %14.3f %14.3f\n", q.Way, q.Fitted, q.Held)
	}
	fmt.Fprintln(out)
	if own := r.Quality[0].Held; own < leastNDCG {
		missed = append(missed, fmt.Sprintf("nDCG@10 %.3f", own))
	}
	for _, q := range r.Quality[1:] {
		if q.Held >= r.Quality[0].Held {
			missed = append(missed, q.Way+" wins")
		}
	}
	return missed
}

// measureScale fills databases and measures pages in them.
func (r *report) measureScale(ctx context.Context, s *set, o options, stdout, stderr io.Writer) (missed []string, err error) {
	dir := o.dir
	if !o.keep {
		if dir, err = os.MkdirTemp("", "gapwise-bench-match-"); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{DataDir: dir})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	for _, rows := range o.sizes {
		m, err := measure(ctx, cluster.URL(), s, rows, o, stderr)
		if err != nil {
			return missed, fmt.Errorf("%d postings: %w", rows, err)
		}
		r.Scale = append(r.Scale, m)
		m.print(stdout)
		if rows >= judgedAt {
			missed = append(missed, m.missed()...)
		}
	}
	return missed, nil
}
