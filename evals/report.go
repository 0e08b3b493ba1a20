package evals

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Result is how one case went.
type Result struct {
	ID         string        `json:"id"`
	Category   string        `json:"category"`
	About      string        `json:"about"`
	Passed     bool          `json:"passed"`
	Messages   []string      `json:"messages"` // what was expected and what came; empty where it passed
	Duration   time.Duration `json:"-"`
	Skills     *SkillTally   `json:"skills,omitempty"`          // of a case with gold skills
	Reciprocal *float64      `json:"reciprocal_rank,omitempty"` // of a case with an expected posting
}

// MarshalJSON writes the duration in milliseconds.
func (r Result) MarshalJSON() ([]byte, error) {
	type plainResult Result // without this method
	return json.Marshal(struct {
		plainResult
		MS int64 `json:"ms"`
	}{plainResult(r), r.Duration.Milliseconds()})
}

// log writes a line of progress.
func (r *Result) log(w io.Writer) {
	word := "ok  "
	if len(r.Messages) > 0 {
		word = "FAIL"
	}
	_, _ = fmt.Fprintf(w, "%s %s/%s (%s)\n", word, r.Category, r.ID, r.Duration.Round(time.Millisecond)) // progress is not worth failing for
}

// Report is how a run went.
type Report struct {
	Passed  int           `json:"passed"`
	Failed  int           `json:"failed"`
	Cases   []Result      `json:"cases"`
	Metrics Metrics       `json:"metrics"`
	Took    time.Duration `json:"-"`
}

func newReport(results []Result, took time.Duration) *Report {
	r := &Report{Cases: results, Took: took}
	slices.SortStableFunc(r.Cases, func(a, b Result) int {
		return cmp.Compare(slices.Index(Categories, a.Category), slices.Index(Categories, b.Category))
	})
	for i := range r.Cases {
		c := &r.Cases[i]
		if c.Passed = len(c.Messages) == 0; c.Passed {
			c.Messages = []string{}
			r.Passed++
		} else {
			r.Failed++
		}
	}
	r.Metrics = metricsOf(r.Cases)
	return r
}

// OK tells whether every case passed.
func (r *Report) OK() bool { return r.Failed == 0 }

// Print writes every failure with what was expected and what came, then a table by category, then the totals.
func (r *Report) Print(w io.Writer) error {
	var b strings.Builder
	for _, c := range r.Cases {
		if c.Passed {
			continue
		}
		fmt.Fprintf(&b, "FAIL %s/%s\n  %s\n", c.Category, c.ID, c.About)
		for _, m := range c.Messages {
			fmt.Fprintf(&b, "  - %s\n", m)
		}
		b.WriteByte('\n')
	}
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "category\tcases\tpassed\tfailed\tseconds") // a strings.Builder takes everything
	for _, category := range Categories {
		passed, failed := 0, 0
		var took time.Duration
		for _, c := range r.Cases {
			if c.Category != category {
				continue
			}
			took += c.Duration
			if c.Passed {
				passed++
			} else {
				failed++
			}
		}
		if passed+failed > 0 {
			_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%.1f\n", category, passed+failed, passed, failed, took.Seconds()) // as above
		}
	}
	_ = t.Flush() // as above
	b.WriteString(r.Metrics.String())
	fmt.Fprintf(&b, "\n%d passed, %d failed in %s\n", r.Passed, r.Failed, r.Took.Round(100*time.Millisecond))
	_, err := io.WriteString(w, b.String())
	return err
}
