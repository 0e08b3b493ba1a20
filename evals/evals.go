// Package evals runs product cases against the whole service over HTTP, with a stub in place of a vendor's model.
//
// A case is data: a person uploads a resume, calls the API, and says what must come back. Cases live in cases/SUITE/*.yaml and are read
// strictly. Nothing is mocked but the language model: services are started by the caller's Launch, each with a database of its own, and
// reached over the loopback. Developers run the cases before and after they change a prompt, a rule or the catalogue, so a failure says what
// was expected and what came. docs/evals.md tells how to write a case.
package evals

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gapwise/gapwise/gateway"
)

//go:embed cases suites.yaml all:cassettes baseline.json
var embedded embed.FS

// Embedded are the cases, cassettes and the baseline that are in the binary.
func Embedded() fs.FS { return embedded }

// ModelName is the name under which the service asks the stub for chat answers: its LLM_MODEL where Settings.Model is set.
const ModelName = "stub-1"

// Launch starts the whole service on the loopback, with a database of its own and exactly these settings, and returns when it is ready to
// answer. llmBaseURL is the stub's address up to and including /v1, or "" where Settings.Model is false. stop ends it and removes its
// database; it is called once. Several services may be started at once.
type Launch func(ctx context.Context, s Settings, llmBaseURL string) (baseURL string, stop func() error, err error)

// Options are what a run is made of.
type Options struct {
	Launch   Launch                             // required
	Files    fs.FS                              // holds cases, cassettes and baseline.json; nil for the embedded ones
	Select   Select                             // which cases
	Samples  int                                // how often each case is run; 0 for once
	Workers  int                                // how many services at once; 0 for two a processor
	Record   func(name string, b []byte) error  // writes a cassette; nil for playing them
	Live     *Live                              // where recorded cases go on to; nil for nowhere
	Today    func() time.Time                   // the services' clock; nil for the machine's
	Progress func(done, total int, last Result) // told after each case, one call at a time; nil for nobody
}

// caseTimeout bounds one case. The slowest uploads ten megabytes or waits for fifty answers.
const caseTimeout = 2 * time.Minute

// maxLane is how many cases share a service: few enough that two processors have something to do at the end, many enough that starting
// services takes little of the time.
const maxLane = 24

// lane is the cases that one service serves, one after the other, because the stub is scripted for one at a time.
type lane struct {
	settings Settings
	cases    []numbered
}

// numbered is a case with its place among all.
type numbered struct {
	Case
	number int
}

// lanes puts cases of equal settings together, in order of first appearance, at most so many, and each fresh one alone. They do not depend on
// how fast a machine is, so a case always has the same neighbours. Those with a model come first, because they wait the most.
func lanes(cases []Case) []lane {
	var out []lane
	at := map[string]int{}
	for number, c := range cases {
		key := c.Settings.key()
		i, ok := at[key]
		if c.Fresh || !ok || len(out[i].cases) >= maxLane {
			out = append(out, lane{settings: c.Settings})
			i = len(out) - 1
			if !c.Fresh {
				at[key] = i
			}
		}
		out[i].cases = append(out[i].cases, numbered{c, number})
	}
	slices.SortStableFunc(out, func(a, b lane) int {
		if a.settings.Model != b.settings.Model {
			if a.settings.Model {
				return -1
			}
			return 1
		}
		return cmp.Compare(len(b.cases), len(a.cases))
	})
	return out
}

// runner is one run under way.
type runner struct {
	o       Options
	tapes   map[string]*Cassette
	total   int
	mu      sync.Mutex
	done    int
	results [][]Result // of each case, one a sample
}

// Run runs the cases. The error is only for what keeps cases from being run at all: unreadable cases (a *Mistake), none selected, a cancelled
// context. A case that fails, also because its service did not start, is in the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	if o.Launch == nil {
		return nil, errors.New("evals: no launch given")
	}
	if o.Files == nil {
		o.Files = embedded
	}
	if o.Today == nil {
		o.Today = time.Now
	}
	if o.Workers <= 0 {
		o.Workers = 2 * runtime.NumCPU()
	}
	o.Samples = max(o.Samples, 1)
	cases, err := LoadCases(o.Files)
	if err != nil {
		return nil, err
	}
	limits, err := LoadLimits(o.Files)
	if err != nil {
		return nil, err
	}
	if cases = selected(cases, o); len(cases) == 0 {
		return nil, &Mistake{File: "cases", What: fmt.Sprintf("no case is selected by -run %q -suite %q", o.Select.Run, o.Select.Suites)}
	}
	r := &runner{o: o, tapes: map[string]*Cassette{}, total: len(cases) * o.Samples, results: make([][]Result, len(cases))}
	for _, c := range cases {
		if r.tapes[c.Suite] != nil {
			continue
		}
		if r.tapes[c.Suite], err = LoadCassette(o.Files, c.Suite); err != nil {
			return nil, err
		}
		r.tapes[c.Suite].records = o.Record != nil || o.Live != nil
		r.tapes[c.Suite].drop = o.Select.Run == ""
	}
	begun := time.Now()
	if err := r.all(ctx, lanes(cases)); err != nil {
		return nil, err
	}
	if err := r.write(); err != nil {
		return nil, err
	}
	return newReport(r.results, limits, o, time.Since(begun)), nil
}

// selected leaves out, where a real model is asked, what only a stub can do.
func selected(cases []Case, o Options) []Case {
	cases = o.Select.of(cases)
	if o.Record != nil || o.Live != nil {
		cases = slices.DeleteFunc(cases, func(c Case) bool { return !c.asksRecorded() })
	}
	return cases
}

// asksRecorded tells whether a cassette has to do with a case.
func (c *Case) asksRecorded() bool {
	if c.Model != nil && c.Model.Recorded {
		return true
	}
	for _, s := range c.Steps {
		if slices.ContainsFunc(s.Expect.Check, func(c Check) bool { return c.Name == "rubric" }) {
			return true
		}
	}
	return false
}

// write writes the cassettes that were recorded.
func (r *runner) write() error {
	if r.o.Record == nil {
		return nil
	}
	for _, suite := range slices.Sorted(maps.Keys(r.tapes)) {
		b, err := r.tapes[suite].Bytes()
		if err == nil {
			err = r.o.Record("cassettes/"+suite+".yaml", b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// all runs lanes, several at once.
func (r *runner) all(ctx context.Context, list []lane) error {
	queue := make(chan lane, len(list)*r.o.Samples)
	for range r.o.Samples {
		for _, l := range list {
			queue <- l
		}
	}
	close(queue)
	errs := make([]error, r.o.Workers)
	var workers sync.WaitGroup
	for i := range errs {
		workers.Go(func() {
			for l := range queue {
				if errs[i] == nil && ctx.Err() == nil {
					errs[i] = r.lane(ctx, l)
				}
			}
		})
	}
	workers.Wait()
	return errors.Join(append(errs, ctx.Err())...)
}

// lane starts a service, runs its cases and stops it.
func (r *runner) lane(ctx context.Context, l lane) error {
	prices, err := l.settings.prices()
	if err != nil {
		return err
	}
	stub, err := NewStub(ctx, prices)
	if err != nil {
		return err
	}
	defer stub.Close()
	stub.live = r.o.Live
	url := ""
	if l.settings.Model {
		url = stub.URL()
	}
	base, stop, err := r.o.Launch(ctx, l.settings, url)
	if err != nil {
		if ctx.Err() == nil {
			r.failAll(l, fmt.Sprintf("the service did not start with %s: %v", l.settings.key(), err))
		}
		return ctx.Err()
	}
	out := make([]Result, 0, len(l.cases))
	for _, c := range l.cases {
		caseCtx, cancel := context.WithTimeout(ctx, caseTimeout)
		out = append(out, runCase(caseCtx, c.Case, base, stub, r.tapes[c.Suite], r.o.Today))
		cancel()
		if ctx.Err() != nil {
			break
		}
		if c.number != l.cases[len(l.cases)-1].number {
			r.add(c.number, out[len(out)-1])
		}
	}
	err = stop()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	last := &out[len(out)-1]
	if err != nil {
		// What a service leaves behind when it stops is a failure of the last thing that it did.
		last.fail(fmt.Sprintf("the service did not stop cleanly: %v", err))
	}
	r.add(l.cases[len(out)-1].number, *last)
	return nil
}

func (r *runner) failAll(l lane, message string) {
	for _, c := range l.cases {
		one := Result{Suite: c.Suite, ID: c.ID, About: c.About, Place: c.Place(), Cost: gateway.Nano(0).String()}
		one.fail(message)
		r.add(c.number, one)
	}
}

// add takes a result and tells of it.
func (r *runner) add(number int, one Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results[number] = append(r.results[number], one)
	r.done++
	if r.o.Progress != nil {
		r.o.Progress(r.done, r.total, one)
	}
}
