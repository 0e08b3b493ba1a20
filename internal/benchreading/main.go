// Command benchreading measures how well and how fast resumes are read, beside pdftotext of poppler-utils.
//
// It reads every PDF of a directory through the real reader, children and all, prints a table per file and overall on stdout, and writes the
// same as JSON. Progress goes to stderr. It ends with 1 where a figure misses what it must be. The definitions are in the
// comments of words.go (word F1, glued words), columns.go (interleave) and measure.go (times, memory).
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

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/resume"
)

func main() {
	if args := os.Args[1:]; filetext.IsChild(args) {
		os.Exit(filetext.ChildMain(args, os.Stdin, os.Stdout))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "benchreading:", err)
		os.Exit(1)
	}
}

// errUsage is a command line that the flag package has complained about already.
var errUsage = errors.New("wrong use")

// options are the flags.
type options struct {
	dir, json       string
	reads, uploads  int
	noFail, verbose bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("benchreading", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.dir, "dir", filepath.Join("..", "shared", "resumes"), "directory of the PDFs")
	fs.StringVar(&o.json, "json", "", "file to write the figures to as JSON")
	fs.IntVar(&o.reads, "reads", 6, "how often each file is read; the first reading is not timed")
	fs.IntVar(&o.uploads, "uploads", 30, "how often each file of two pages is read for the time of an upload")
	fs.BoolVar(&o.noFail, "no-fail", false, "end with 0 whatever the figures are")
	fs.BoolVar(&o.verbose, "v", false, "list the words of each file that differ, and those that are glued")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, errUsage
	}
	if fs.NArg() > 0 || o.reads < 2 || o.uploads < 1 {
		fmt.Fprintln(stderr, "benchreading takes flags alone, -reads from 2 and -uploads from 1")
		return o, errUsage
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	files, skipped, err := list(o.dir)
	if err != nil {
		return err
	}
	tool, err := findTool()
	if err != nil {
		return err
	}
	extractor, closed, err := open(ctx, stderr)
	if err != nil {
		return err
	}
	defer closed()
	rep, err := measureAll(ctx, o, files, tool, resume.NewReader(extractor), stderr)
	if err != nil {
		return err
	}
	rep.Skipped = skipped
	rep.summarise()
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
	if missed := rep.missed(); len(missed) > 0 && !o.noFail {
		return fmt.Errorf("%d figures miss what they must be: %v", len(missed), missed)
	}
	return nil
}

// file is one PDF to read.
type file struct {
	name, path string
	data       []byte
}

// list reads the PDFs of a directory, in the order of their names, and counts what else is there.
func list(dir string) (files []file, skipped int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: name a directory of PDFs with -dir (make: CORPUS=directory)", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		path := filepath.Join(dir, e.Name())
		data, err := os.ReadFile(path) //nolint:gosec // G304: of the directory that was named
		if err != nil {
			return nil, 0, err
		}
		if resume.Sniff(data) != resume.FormatPDF {
			skipped++
			continue
		}
		files = append(files, file{name: e.Name(), path: path, data: data})
	}
	if len(files) == 0 {
		return nil, 0, fmt.Errorf("no PDFs in %s", dir)
	}
	slices.SortFunc(files, func(a, b file) int { return len(a.data) - len(b.data) })
	return files, skipped, nil
}
