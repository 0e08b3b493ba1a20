// Command benchgaps measures gap reports: what one comparison and the ranking of all roles cost, how readiness stands to seniority, and how
// long it takes over HTTP from the upload of a PDF of two pages to the report.
//
// The comparisons run in this process against a private cluster, behind a proxy that counts round trips (compare.go, wire.go). The uploads go
// to the real binary, which starts a private cluster of its own (server.go, upload.go). It prints one table on stdout: the measure, what it
// must be, and what it is. Progress goes to stderr. It ends with 1 where a figure misses what it must be.
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
	"time"

	"github.com/gapwise/gapwise/internal/proctable"
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
		fmt.Fprintln(os.Stderr, "benchgaps:", err)
		os.Exit(1)
	}
}

// errUsage is a command line that the flag package has complained about already.
var errUsage = errors.New("wrong use")

// options are the flags.
type options struct {
	binary, resumes, fixtures, dir, json string
	rounds                               int           // comparisons and rankings of each resume
	long, step                           time.Duration // at the pace that latency is held to, and at each that is tried beyond
	quick, noFail, verbose               bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("benchgaps", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.binary, "binary", filepath.Join("bin", "gapwise"), "the server to upload to; empty leaves the uploads out")
	fs.StringVar(&o.resumes, "labelled", filepath.Join("skill", "testdata", "resumes"), "directory of the labelled resumes")
	fs.StringVar(&o.fixtures, "fixtures", filepath.Join("resume", "testdata", "fixtures"), "directory of PDFs, with those below it")
	fs.StringVar(&o.dir, "dir", filepath.Join("..", "shared", "resumes"), "another directory of PDFs; left out where it is not there")
	fs.StringVar(&o.json, "json", "", "file to write the figures to as JSON")
	fs.IntVar(&o.rounds, "rounds", 20, "how often each labelled resume is compared with each of some roles, and all roles are ranked for it")
	fs.DurationVar(&o.long, "each", 30*time.Second, "how long ten a second are uploaded")
	fs.DurationVar(&o.step, "step", 10*time.Second, "how long each higher pace is tried")
	fs.BoolVar(&o.quick, "quick", false, "measure briefly, to see that everything works; nothing has to hold")
	fs.BoolVar(&o.noFail, "no-fail", false, "end with 0 whatever the figures are")
	fs.BoolVar(&o.verbose, "v", false, "list the readiness of each labelled resume")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, errUsage
	}
	if o.quick {
		o.rounds, o.long, o.step = 1, min(o.long, 2*time.Second), min(o.step, time.Second)
	}
	if fs.NArg() > 0 || o.rounds < 1 || o.long < time.Second || o.step < time.Second {
		fmt.Fprintln(stderr, "benchgaps takes flags alone, -rounds from 1, -each and -step from 1s")
		return o, errUsage
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	rep := report{Go: runtime.Version(), CPUs: runtime.NumCPU(), Load: proctable.Load()}
	if rep.Compared, rep.Calibration, err = compareAll(ctx, o, stderr); err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	if o.binary != "" {
		if rep.Uploads, err = uploadAll(ctx, o, stderr); err != nil {
			return fmt.Errorf("upload: %w", err)
		}
	}
	rep.Musts = rep.musts()
	rep.write(stdout, o.verbose)
	if o.json != "" {
		data, err := json.MarshalIndent(rep, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(o.json, append(data, '\n'), 0o644); err != nil { //nolint:gosec // G306: figures, for everybody to read
			return err
		}
	}
	if missed := rep.missed(); len(missed) > 0 && !o.noFail && !o.quick {
		return fmt.Errorf("%d figures miss what they must be: %v", len(missed), missed)
	}
	return nil
}
