package evals

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gapwise/gapwise/gateway"
)

// Result is how one case went.
type Result struct {
	Suite      string        `json:"suite"`
	ID         string        `json:"id"`
	About      string        `json:"about"`
	Place      string        `json:"place"` // file:line
	Passed     bool          `json:"passed"`
	Score      float64       `json:"score"`    // mean of the checks by weight, 0 where something went wrong that no check looks at
	Messages   []string      `json:"messages"` // what was expected and what came; empty where it passed
	Checks     []CheckResult `json:"checks"`
	Cost       string        `json:"cost"`              // dollars that the model billed
	Prompts    []string      `json:"prompts,omitempty"` // versions of the templates that were used
	Samples    []bool        `json:"samples,omitempty"` // whether it passed, each time, where it ran more than once
	Transcript []Exchange    `json:"transcript,omitempty"`
	MS         int64         `json:"ms"`
	FirstMS    int64         `json:"first_ms"` // the longest time until a first byte
}

// samples is whether it passed, each time.
func (r *Result) samples() []bool {
	if r.Samples == nil {
		return []bool{r.Passed}
	}
	return r.Samples
}

// Name is SUITE/ID.
func (r *Result) Name() string { return r.Suite + "/" + r.ID }

// CheckResult is how one check went.
type CheckResult struct {
	Step   int     `json:"step"`
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
	Passed bool    `json:"passed"`
	Score  float64 `json:"score"`
	Why    string  `json:"why,omitempty"`
	Tally  *Tally  `json:"tally,omitempty"`
	Rank   *Rank   `json:"rank,omitempty"`
}

// Exchange is one call of a case, and what the model was asked for it.
type Exchange struct {
	Call   string     `json:"call"`
	As     string     `json:"as,omitempty"`
	Sent   string     `json:"sent,omitempty"`
	Status int        `json:"status"`
	Text   string     `json:"text,omitempty"` // of a stream, put together
	Came   string     `json:"came"`
	Model  []Question `json:"model,omitempty"`
}

// Question is one request to the model and its answer.
type Question struct {
	Prompt    string            `json:"prompt,omitempty"`
	Model     string            `json:"model"`
	MaxTokens int               `json:"max_tokens"`
	Messages  []gateway.Message `json:"messages"`
	Answer    string            `json:"answer"`
}

// maxTranscript is how much of one body is kept, in code points.
const maxTranscript = 3000

// remember keeps a call for the transcript. It is written down without ids, times and secrets, so that two runs say the same.
func (r *caseRun) remember(s Step, req prepared, a *answer, err error) {
	e := Exchange{Call: s.Call, As: s.As}
	switch {
	case s.File != nil:
		e.Sent = "a file" + sizeOf(s.File)
	default:
		e.Sent = string(req.body)
	}
	if s.Times > 1 {
		e.Call += fmt.Sprintf(" (%d times)", s.Times)
	}
	if a != nil {
		e.Status, e.Came = a.status, readable(a.doc)
		if m, ok := a.doc.(map[string]any); ok && a.events != nil {
			e.Text, _ = m["text"].(string)
		}
	}
	if err != nil {
		e.Came = err.Error()
	}
	asked := r.stub.Asked()
	if s.AtOnce {
		r.modelled = max(r.modelled, len(asked)-1) // one of many that are alike, and came in any order
	}
	for _, q := range asked[min(r.modelled, len(asked)):] {
		e.Model = append(e.Model, Question{Prompt: q.Prompt, Model: q.Model, MaxTokens: q.MaxTokens, Messages: q.Messages, Answer: q.Answer})
	}
	r.modelled = len(asked)
	r.exchange = append(r.exchange, e)
}

// readable is JSON without the escapes that pages would need: the report's page has its own.
func readable(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

func sizeOf(f *File) string {
	name, data, err := f.content()
	if err != nil {
		return ""
	}
	return fmt.Sprintf(": %s, %d bytes", name, len(data))
}

// cleaner takes out of texts what differs between two runs of the same case.
type cleaner struct{ ids map[string]string }

var milliseconds = regexp.MustCompile(`("(?:[a-z_]*ms|took|duration|created)":|SEQUENCE:)\s*[\d.]+`)

func (c *cleaner) clean(text string) string {
	text = withoutSecrets(text)
	if containsAny(text, `ms":`, `took":`, `duration":`, `created":`, "SEQUENCE:") {
		text = milliseconds.ReplaceAllString(text, "$1 0")
	}
	if !mayChange(text) {
		return text
	}
	return changing.ReplaceAllStringFunc(text, func(found string) string {
		if isTime(found) {
			return "<time>"
		}
		if c.ids[found] == "" {
			c.ids[found] = fmt.Sprintf("<id-%d>", len(c.ids)+1)
		}
		return c.ids[found]
	})
}

// result sums a case up.
func (r *caseRun) result(took time.Duration) Result {
	out := Result{
		Suite: r.c.Suite, ID: r.c.ID, About: r.c.About, Place: r.c.Place(), Checks: r.checks, Cost: r.stub.Billed().String(),
		MS: took.Milliseconds(), FirstMS: r.first.Milliseconds(), Messages: []string{},
	}
	if out.Checks == nil {
		out.Checks = []CheckResult{}
	}
	c := &cleaner{ids: map[string]string{}}
	for _, e := range r.exchange {
		e.Sent, e.Came, e.Text = clip(c.clean(e.Sent), maxTranscript), clip(c.clean(e.Came), maxTranscript), clip(c.clean(e.Text), maxTranscript)
		for i := range e.Model {
			q := &e.Model[i]
			q.Messages, q.Answer = slices.Clone(q.Messages), clip(c.clean(q.Answer), maxTranscript)
			for j := range q.Messages {
				q.Messages[j].Content = c.clean(q.Messages[j].Content)
			}
			if q.Prompt != "" && !slices.Contains(out.Prompts, q.Prompt) {
				out.Prompts = append(out.Prompts, q.Prompt)
			}
		}
		out.Transcript = append(out.Transcript, e)
	}
	slices.Sort(out.Prompts)
	held, score, weights := 0.0, 0.0, 0.0
	for i := range out.Checks {
		k := &out.Checks[i]
		k.Why = c.clean(k.Why)
		weights += k.Weight
		score += k.Weight * k.Score
		if k.Passed {
			held += k.Weight
		}
	}
	out.Score, out.Passed = 1, true
	least := r.c.Pass
	if least == 0 {
		least = 1
	}
	if weights > 0 {
		out.Score, out.Passed = score/weights, held/weights >= least-1e-9
	}
	if !out.Passed {
		for _, k := range out.Checks {
			if !k.Passed {
				out.Messages = append(out.Messages, fmt.Sprintf("step %d: %s", k.Step, k.Why))
			}
		}
	}
	for _, m := range r.bad {
		out.fail(c.clean(m))
	}
	return out
}

// fail makes a result one of something that must never be.
func (r *Result) fail(message string) {
	r.Passed, r.Score = false, 0
	r.Messages = append(r.Messages, message)
}

// Note is what the head of every report says.
const Note = "The model is a stub: these figures test our code, not the quality of a model."

// Report is how a run went.
type Report struct {
	Note    string        `json:"note"`
	Passed  int           `json:"passed"`
	Failed  int           `json:"failed"`
	Suites  []SuiteReport `json:"suites"`
	Reasons []string      `json:"reasons"` // why the run is red; empty where it is not
	Cases   []Result      `json:"cases"`
	Against *Comparison   `json:"against,omitempty"` // the baseline
	Tapes   []string      `json:"-"`                 // what should be told of cassettes
	Took    time.Duration `json:"-"`
}

// SuiteReport sums a suite up.
type SuiteReport struct {
	Suite   string             `json:"suite"`
	Cases   int                `json:"cases"`
	Passed  int                `json:"passed"`
	Rate    float64            `json:"rate"`
	Low     float64            `json:"low"` // Wilson's 95 % interval of the rate
	High    float64            `json:"high"`
	Score   float64            `json:"score"`    // mean
	PassAll float64            `json:"pass_all"` // share of cases that passed every time (pass^k)
	Metrics map[string]float64 `json:"metrics,omitempty"`
	Cost    string             `json:"cost"`
	MS      int64              `json:"ms"`
}

// newReport sums up the results of cases, each with one or more samples.
func newReport(results [][]Result, limits Limits, o Options, took time.Duration) *Report {
	r := &Report{Note: Note, Took: took, Reasons: []string{}}
	if o.Live != nil {
		r.Note = "The model is " + o.Live.Model + ". What only a stub can do was left out."
	}
	for _, samples := range results {
		if len(samples) > 0 {
			r.Cases = append(r.Cases, merged(samples))
		}
	}
	for _, suite := range Suites {
		if s, ok := suiteReport(suite, r.Cases); ok {
			r.Suites = append(r.Suites, s)
			r.Passed += s.Passed
			r.Failed += s.Cases - s.Passed
			r.Reasons = append(r.Reasons, limits.broken(s, r.Cases, o.Select.Run == "")...)
		}
	}
	return r
}

// merged is one result of several samples: it passed if all did, its score and times are means.
func merged(samples []Result) Result {
	out := samples[0]
	if len(samples) == 1 {
		return out
	}
	slices.SortStableFunc(samples, func(a, b Result) int { // the worst first, whichever came first
		switch {
		case a.Passed != b.Passed && b.Passed:
			return -1
		case a.Passed != b.Passed:
			return 1
		}
		return 0
	})
	out = samples[0]
	score, ms := 0.0, int64(0)
	for _, s := range samples {
		score += s.Score
		ms += s.MS
		out.Samples = append(out.Samples, s.Passed)
	}
	out.Score, out.MS = score/float64(len(samples)), ms/int64(len(samples))
	return out
}

func suiteReport(suite string, cases []Result) (SuiteReport, bool) {
	s := SuiteReport{Suite: suite, Metrics: map[string]float64{}}
	var billed gateway.Nano
	hits, missed, extra, runs, good := 0, 0, 0, 0, 0
	var ranks []*Rank
	for i := range cases {
		c := &cases[i]
		if c.Suite != suite {
			continue
		}
		s.Cases++
		s.Score += c.Score
		s.MS += c.MS
		if c.Passed {
			s.Passed++
		}
		for _, passed := range c.samples() {
			if runs++; passed {
				good++
			}
		}
		if n, err := gateway.ParseDollars(c.Cost); err == nil {
			billed += n
		}
		for _, k := range c.Checks {
			if k.Tally != nil {
				hits, missed, extra = hits+k.Tally.Hits, missed+len(k.Tally.Missed), extra+len(k.Tally.Extra)
			}
			if k.Rank != nil {
				ranks = append(ranks, k.Rank)
			}
		}
	}
	if s.Cases == 0 {
		return s, false
	}
	s.Score /= float64(s.Cases)
	s.Rate, s.PassAll = share(good, runs), share(s.Passed, s.Cases)
	s.Low, s.High = wilson(good, runs)
	s.Cost = billed.String()
	if hits+missed+extra > 0 {
		s.Metrics["precision"], s.Metrics["recall"] = share(hits, hits+extra), share(hits, hits+missed)
	}
	for _, r := range ranks {
		s.Metrics["ndcg"] += r.NDCG / float64(len(ranks))
		s.Metrics["mrr"] += r.MRR / float64(len(ranks))
		s.Metrics["recall_at_k"] += r.Recall / float64(len(ranks))
	}
	return s, true
}

// OK tells whether the run is green.
func (r *Report) OK() bool { return len(r.Reasons) == 0 }

// JSON is the report as a file.
func (r *Report) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return append(b, '\n'), nil
}
