// Package evals runs product cases against the whole service over HTTP, with a scripted model in place of a vendor's.
//
// A case is data: a person uploads a resume, calls the API, and says what must come back. Cases live in cases/*.yaml, one file a
// category, and are read strictly. Nothing is mocked but the language model: the service is started by the caller's Launch with a fresh
// database and reached over the loopback. Developers run the cases before they change a prompt, a rule or the catalogue, so a failure
// says what was expected and what came.
package evals

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

//go:embed cases/*.yaml
var embedded embed.FS

// ModelName is the name under which the service asks the stub for chat answers: its LLM_MODEL where Settings.Model is set.
const ModelName = "stub-1"

// Caps are spending caps in dollars as decimal strings. An empty one leaves the service's default in force.
type Caps struct {
	Request       string `yaml:"request"`
	PersonDay     string `yaml:"person_day"`
	InstanceDay   string `yaml:"instance_day"`
	InstanceMonth string `yaml:"instance_month"`
}

// Settings are what a service is started with. Cases with equal settings share one service unless they ask for a fresh one.
type Settings struct {
	Model       bool   `yaml:"model"` // a language model is configured: the stub, as ModelName
	Caps        Caps   `yaml:"caps"`
	PriceInput  string `yaml:"price_input"` // dollars a million tokens of ModelName; "" for a model without a price
	PriceOutput string `yaml:"price_output"`
}

// Launch starts the whole service on the loopback, with an empty database of its own and exactly these settings, and returns when it is
// ready to answer. llmBaseURL is the stub's address up to and including /v1, or "" where Settings.Model is false. stop ends it and
// removes its database; it is called once.
type Launch func(ctx context.Context, s Settings, llmBaseURL string) (baseURL string, stop func() error, err error)

// Options are what a run is made of.
type Options struct {
	Launch Launch    // required
	Cases  fs.FS     // holds *.yaml at its root or under cases/; nil for the embedded ones
	Filter string    // run only cases whose id or category contains it; "" for all
	Log    io.Writer // progress, a line a case; nil for none
}

// caseTimeout bounds one case. The slowest uploads ten megabytes or waits for fifty answers.
const caseTimeout = 2 * time.Minute

// Run runs the cases. The error is only for what keeps cases from being run at all: unreadable cases, no match for the filter, a
// cancelled context. A case that fails, also because its service did not start, is in the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	if o.Launch == nil {
		return nil, errors.New("evals: no launch given")
	}
	if o.Cases == nil {
		o.Cases = embedded
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	cases, err := LoadCases(o.Cases)
	if err != nil {
		return nil, err
	}
	if cases = filtered(cases, o.Filter); len(cases) == 0 {
		return nil, fmt.Errorf("evals: no case has %q in its id or category", o.Filter)
	}
	begun := time.Now()
	results := make([]Result, 0, len(cases))
	for _, g := range groups(cases) {
		rs, err := runGroup(ctx, o, g)
		if err != nil {
			return nil, err
		}
		results = append(results, rs...)
	}
	return newReport(results, time.Since(begun)), nil
}

// group is the cases that one service serves.
type group struct {
	settings Settings
	cases    []Case
}

// groups puts cases of equal settings together, in order of first appearance, and each fresh one alone.
func groups(cases []Case) []group {
	var out []group
	at := map[Settings]int{}
	for _, c := range cases {
		i, ok := at[c.Settings]
		if c.Fresh || !ok {
			out = append(out, group{settings: c.Settings})
			i = len(out) - 1
			if !c.Fresh {
				at[c.Settings] = i
			}
		}
		out[i].cases = append(out[i].cases, c)
	}
	return out
}

// runGroup starts a service, runs its cases one after the other (the stub is scripted for one at a time) and stops it.
func runGroup(ctx context.Context, o Options, g group) ([]Result, error) {
	price, err := g.settings.price()
	if err != nil {
		return nil, err
	}
	stub, err := NewStub(ctx, price)
	if err != nil {
		return nil, err
	}
	defer stub.Close()
	url := ""
	if g.settings.Model {
		url = stub.URL()
	}
	base, stop, err := o.Launch(ctx, g.settings, url)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return failAll(o.Log, g, fmt.Sprintf("the service did not start with %+v: %v", g.settings, err)), nil
	}
	out := make([]Result, 0, len(g.cases))
	for _, c := range g.cases {
		caseCtx, cancel := context.WithTimeout(ctx, caseTimeout)
		r := runCase(caseCtx, c, base, stub)
		cancel()
		r.log(o.Log)
		out = append(out, r)
		if ctx.Err() != nil {
			break
		}
	}
	err = stop()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		// What a service leaves behind when it stops is a failure of the last thing that it did.
		last := &out[len(out)-1]
		last.Messages = append(last.Messages, fmt.Sprintf("the service did not stop cleanly: %v", err))
	}
	return out, nil
}

func failAll(log io.Writer, g group, message string) []Result {
	out := make([]Result, len(g.cases))
	for i, c := range g.cases {
		out[i] = Result{ID: c.ID, Category: c.Category, About: c.About, Messages: []string{message}}
		out[i].log(log)
	}
	return out
}
