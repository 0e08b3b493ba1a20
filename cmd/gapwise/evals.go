package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/gapwise/gapwise/evals"
	"github.com/gapwise/gapwise/internal/fault"
)

// evalsFlags are what `gapwise evals` can be told.
type evalsFlags struct {
	dir, run, suite, live, out string
	update, record, verbose    bool
	samples, workers           int
}

// evalsVerb runs the evaluation cases against services of their own, or compares two runs.
func evalsVerb(ctx context.Context, c *command) (err error) {
	f := &evalsFlags{}
	c.flags.StringVar(&f.dir, "cases", "", "`directory` with cases, cassettes and baseline.json; without it ./evals, or what is in the binary")
	c.flags.StringVar(&f.run, "run", "", "run only cases whose name, SUITE/ID, has this `text`")
	c.flags.StringVar(&f.suite, "suite", "", "run only these `suites`, with commas between them")
	c.flags.StringVar(&f.out, "out", "", "`directory` for report.json, junit.xml and report.html")
	c.flags.BoolVar(&f.update, "update-baseline", false, "write baseline.json anew from this run")
	c.flags.BoolVar(&f.record, "record", false, "record cassettes anew: from the endpoint of LLM_BASE_URL, or from the cases' own replies where that is not set")
	c.flags.StringVar(&f.live, "live", "", "ask this `model` at LLM_BASE_URL instead of the cassettes; only cases that use one are run")
	c.flags.IntVar(&f.samples, "k", 1, "run each case so many `times`; it passes if all of them do")
	c.flags.IntVar(&f.workers, "workers", 0, "`services` at once; 0 for two a processor")
	c.flags.BoolVar(&f.verbose, "v", false, "a line a case")
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) > 0 {
		return c.compareRuns()
	}
	if f.samples < 1 || f.samples > 100 || f.workers < 0 || f.record && f.live != "" {
		return c.wrongUse("-k is a number from 1 to 100, and -record and -live do not go together.")
	}
	return c.runEvals(ctx, f)
}

// evalsGC is how much garbage, in percent of what is in use, a run lets gather: it is short, and memory is cheaper than waiting.
const evalsGC = 400

// files are the cases to run, and the directory that they are in, "" where they are in the binary.
func (f *evalsFlags) files() (fs.FS, string) {
	dir := f.dir
	if dir == "" {
		if info, err := os.Stat(filepath.Join("evals", "cases")); err == nil && info.IsDir() {
			dir = "evals"
		}
	}
	if dir == "" {
		return evals.Embedded(), ""
	}
	return os.DirFS(dir), dir
}

func (c *command) runEvals(ctx context.Context, f *evalsFlags) (err error) {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	files, dir := f.files()
	if (f.record || f.update) && dir == "" {
		return c.wrongUse("There is no directory to write to. Run this in the source tree, or give -cases.")
	}
	o := evals.Options{Files: files, Select: evals.Select{Run: f.run}, Samples: f.samples, Workers: f.workers, Progress: c.progress(f.verbose)}
	if f.suite != "" {
		o.Select.Suites = strings.Split(f.suite, ",")
	}
	if f.live != "" || f.record && cfg.LLMBaseURL != "" {
		if cfg.LLMBaseURL == "" {
			return c.wrongUse("-live needs LLM_BASE_URL.")
		}
		o.Live = &evals.Live{BaseURL: cfg.LLMBaseURL, Key: string(cfg.LLMKey), Model: cfg.LLMModel}
		if f.live != "" {
			o.Live.Model = f.live
		}
	}
	if f.record {
		o.Record = func(name string, b []byte) error { return writeFile(filepath.Join(dir, name), b) }
	}
	was, err := evals.LoadBaseline(files)
	if err != nil {
		return mistaken(err)
	}
	// Before anything is started: a case that cannot be read should be told at once.
	if _, err := evals.LoadCases(files); err != nil {
		return mistaken(err)
	}
	if c.getenv("GOGC") == "" {
		debug.SetGCPercent(evalsGC)
	}
	stage, err := newStage(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	o.Launch, o.Today = stage.launch, stage.now
	report, err := evals.Run(ctx, o)
	if err != nil {
		return mistaken(err)
	}
	whole := f.run == "" && f.suite == "" && o.Live == nil && !f.record
	if f.update {
		err = c.updateBaseline(report, was, whole, dir)
	} else if o.Live == nil && !f.record {
		report.Hold(was, whole)
	}
	return errors.Join(err, c.tellEvals(report, f))
}

// mistaken makes a mistake in a file of cases wrong use, which ends in exit code 2.
func mistaken(err error) error {
	if m, ok := errors.AsType[*evals.Mistake](err); ok {
		return fault.New(fault.Usage, "broken-case", m.Error())
	}
	return err
}

func (c *command) updateBaseline(r *evals.Report, was *evals.Baseline, whole bool, dir string) error {
	if whole {
		was = nil
	}
	b, err := r.Baseline(was).Bytes()
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "baseline.json"), b)
}

func writeFile(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // G301: sources and reports are no secret
		return fault.Newf(fault.Usage, "not-writable", "%s cannot be written.", name).Because(err)
	}
	if err := os.WriteFile(name, b, 0o644); err != nil { //nolint:gosec // G306: as above
		return fault.Newf(fault.Usage, "not-writable", "%s cannot be written.", name).Because(err)
	}
	return nil
}

// tellEvals writes the report wherever it is wanted, and is an error where the run is red.
func (c *command) tellEvals(r *evals.Report, f *evalsFlags) error {
	var err error
	if c.json {
		err = c.printJSON(r)
	} else {
		err = r.Print(c.stdout, isTerminal(c.stdout))
	}
	if f.out != "" && err == nil {
		for name, make := range map[string]func() ([]byte, error){"report.json": r.JSON, "junit.xml": r.JUnit, "report.html": r.HTML} {
			b, makeErr := make()
			if makeErr == nil {
				makeErr = writeFile(filepath.Join(f.out, name), b)
			}
			err = errors.Join(err, makeErr)
		}
		fmt.Fprintf(c.stderr, "The report is in %s.\n", f.out)
	}
	if err == nil && !r.OK() {
		return fault.Newf(fault.Unprocessable, "evals-failed", "the evaluations are red; the lines above say why")
	}
	return err
}

// isTerminal tells whether somebody looks at what is written.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// progress tells how far a run is: on a terminal in one line that is written over, elsewhere only what fails, or a line a case.
func (c *command) progress(verbose bool) func(done, total int, last evals.Result) {
	terminal, failed := isTerminal(c.stderr), 0
	return func(done, total int, last evals.Result) {
		word := "ok  "
		if !last.Passed {
			word = "FAIL"
			failed++
		}
		switch {
		case verbose:
			fmt.Fprintf(c.stderr, "%s %s (%d ms)\n", word, last.Name(), last.MS)
		case terminal:
			fmt.Fprintf(c.stderr, "\r\x1b[K%d/%d, %d failed  %s", done, total, failed, last.Name())
			if done == total {
				fmt.Fprint(c.stderr, "\r\x1b[K")
			}
		case !last.Passed:
			fmt.Fprintf(c.stderr, "FAIL %s\n", last.Name())
		}
	}
}

// compareRuns compares two reports that were kept as files. A later run that is worse is an error.
func (c *command) compareRuns() error {
	if len(c.args) != 3 || c.args[0] != "compare" {
		return c.wrongUse("Say `gapwise evals compare OLD.json NEW.json`, or only flags.")
	}
	var runs [2]*evals.Baseline
	for i, name := range c.args[1:] {
		b, err := os.ReadFile(name)
		if err != nil {
			return fault.Newf(fault.Usage, "no-such-file", "%s cannot be read.", name).Because(err)
		}
		if runs[i], err = readRun(b); err != nil {
			return fault.Newf(fault.Usage, "no-report", "%s is neither report.json nor baseline.json of the evaluations.", name).Because(err)
		}
	}
	result := evals.Compare(runs[0], runs[1], true)
	var err error
	if c.json {
		err = c.printJSON(result)
	} else {
		err = result.Print(c.stdout)
	}
	if err == nil && result.Worse() {
		return fault.New(fault.Unprocessable, "evals-worse", "the second run is worse; the lines above say where")
	}
	return err
}

// readRun reads a report or a baseline.
func readRun(b []byte) (*evals.Baseline, error) {
	var known evals.Baseline
	if err := json.Unmarshal(b, &known); err == nil && known.Cases != nil {
		return &known, nil
	}
	var r evals.Report
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, err
	}
	if len(r.Cases) == 0 {
		return nil, errors.New("there are no cases")
	}
	return r.Baseline(nil), nil
}
