// Command benchskills measures how well skills are found, linked and levelled, beside a naive baseline, on published data and on the labelled
// resumes of the tree.
//
// It prints one table on stdout: the measure, the baseline's figure, ours, and what it must be. Progress goes to stderr. It ends with 1 where
// a figure misses what it must be. Development sets are read from a directory that is no part of the tree; a set that is not there is
// named and left out. What each measure is stands in the comment of its function.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"text/tabwriter"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/skill"
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
		fmt.Fprintln(os.Stderr, "benchskills:", err)
		os.Exit(1)
	}
}

// errUsage is a command line that the flag package has complained about already.
var errUsage = errors.New("wrong use")

// errMissing is a data file that is not in the directory.
var errMissing = errors.New("not there")

// bench is what every measure works with.
type bench struct {
	data    string // directory of the development sets
	verbose bool   // list the cases that fail
	stderr  io.Writer
	catalog *catalog.Catalog
	finder  *skill.Finder
}

// figure is one line of the table.
type figure struct {
	name      string
	naive     string  // the plain baseline's figure, in words; empty where there is none
	got       float64 // ours
	must      float64 // 0 where nothing is asked
	atMost    bool    // got must not be over must, instead of not under
	precision int     // digits after the point
}

func (f figure) missed() bool {
	if f.must == 0 {
		return false
	}
	if f.atMost {
		return f.got > f.must
	}
	return f.got < f.must
}

// measure is one question with its figures.
type measure struct {
	name string
	run  func(ctx context.Context, b *bench) ([]figure, error)
}

// measures are all of them, in the order of the table.
func measures() []measure {
	return []measure{
		{"labelled", labelledResumes},
		{"skillspan", skillSpan},
		{"linking", linking},
		{"aliases", aliasing},
		{"ambiguous", ambiguousWords},
		{"speed", findingSpeed},
		{"roles", filesRoles},
		{"vectors", vectors},
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	b := &bench{stderr: stderr}
	fs := flag.NewFlagSet("benchskills", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&b.data, "data", filepath.Join("..", "shared", "data"), "directory of the development sets")
	fs.BoolVar(&b.verbose, "v", false, "list on stderr what is got wrong")
	noFail := fs.Bool("no-fail", false, "end with 0 whatever the figures are")
	only := fs.String("run", "", "regular expression of the measures to run")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	which, err := regexp.Compile(*only)
	if err != nil || fs.NArg() > 0 {
		fmt.Fprintln(stderr, "benchskills takes flags alone, and -run a regular expression")
		return errUsage
	}
	if b.catalog, err = catalog.Load(); err != nil {
		return err
	}
	b.finder = skill.NewFinder(b.catalog)

	tab := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "measure\tnaive\tgapwise\tmust\t")
	missed := 0
	for _, m := range measures() {
		if !which.MatchString(m.name) {
			continue
		}
		fmt.Fprintf(stderr, "%s …\n", m.name)
		start := time.Now()
		figures, err := m.run(ctx, b)
		if errors.Is(err, errMissing) {
			fmt.Fprintf(stderr, "%s left out: %v\n", m.name, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(stderr, "%s: %.1f s\n", m.name, time.Since(start).Seconds())
		for _, f := range figures {
			fmt.Fprintln(tab, f.row())
			if f.missed() {
				missed++
			}
		}
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	if missed > 0 && !*noFail {
		return fmt.Errorf("%d figures miss what they must be", missed)
	}
	return nil
}

// row is a figure as a line of the table.
func (f figure) row() string {
	must, verdict := "", ""
	if f.must != 0 {
		sign := "≥"
		if f.atMost {
			sign = "≤"
		}
		must = fmt.Sprintf("%s %.*f", sign, f.precision, f.must)
		if f.missed() {
			verdict = "MISSED"
		}
	}
	return fmt.Sprintf("%s\t%s\t%.*f\t%s\t%s", f.name, f.naive, f.precision, f.got, must, verdict)
}
