package evals

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"slices"
)

// Baseline is how cases went when somebody last looked and was content. It holds nothing that differs between two runs of the same code.
type Baseline struct {
	Cases map[string]Known `json:"cases"` // by SUITE/ID
}

// Known is how one case went.
type Known struct {
	Passed  bool     `json:"passed"`
	Score   float64  `json:"score"`
	Cost    string   `json:"cost"`
	Prompts []string `json:"prompts,omitempty"`
}

// LoadBaseline reads baseline.json; one that does not exist is empty.
func LoadBaseline(files fs.FS) (*Baseline, error) {
	b := &Baseline{Cases: map[string]Known{}}
	data, err := fs.ReadFile(files, "baseline.json")
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err == nil {
		err = json.Unmarshal(data, b)
	}
	if err != nil {
		return nil, &Mistake{File: "baseline.json", What: err.Error()}
	}
	return b, nil
}

// Baseline is the report as a baseline. Cases of before that were not run are kept where keep is given.
func (r *Report) Baseline(keep *Baseline) *Baseline {
	b := &Baseline{Cases: map[string]Known{}}
	if keep != nil {
		maps.Copy(b.Cases, keep.Cases)
	}
	for i := range r.Cases {
		c := &r.Cases[i]
		b.Cases[c.Name()] = Known{Passed: c.Passed, Score: round(c.Score), Cost: c.Cost, Prompts: c.Prompts}
	}
	return b
}

// round keeps six digits, which is what a comparison looks at.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// Bytes is the baseline as a file, by name.
func (b *Baseline) Bytes() ([]byte, error) {
	out, err := json.MarshalIndent(b, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the baseline: %w", err)
	}
	return append(out, '\n'), nil
}

// Comparison holds one run against another, case by case.
type Comparison struct {
	Pairs  int           `json:"pairs"` // cases that both have
	New    []string      `json:"new"`
	Gone   []string      `json:"gone"`
	Broken []string      `json:"broken"` // passed before and fail now
	Fixed  []string      `json:"fixed"`
	Suites []SuiteChange `json:"suites"`
	Moved  []Moved       `json:"moved"` // cases whose score, cost or prompts changed
}

// SuiteChange is what became of a suite's scores.
type SuiteChange struct {
	Suite  string  `json:"suite"`
	Pairs  int     `json:"pairs"`
	Change float64 `json:"change"` // of the mean score
	Low    float64 `json:"low"`    // 95 % by bootstrap over the pairs
	High   float64 `json:"high"`
	Down   int     `json:"down"`
	Up     int     `json:"up"`
	P      float64 `json:"p"` // sign test, one-sided, that it went down by chance
	// Dropped says that the drop is significant: the whole interval is below 0, and there are leastPairs.
	Dropped bool `json:"dropped"`
}

// Moved is what became of a case.
type Moved struct {
	Name        string   `json:"name"`
	Was         float64  `json:"was"`
	Is          float64  `json:"is"`
	CostWas     string   `json:"cost_was"`
	CostIs      string   `json:"cost_is"`
	PromptsWere []string `json:"prompts_were,omitempty"`
	PromptsAre  []string `json:"prompts_are,omitempty"`
}

// Compare holds a run against an older one. Where whole is false only a part was run, and what is missing is not gone.
func Compare(was, is *Baseline, whole bool) *Comparison {
	c := &Comparison{New: []string{}, Gone: []string{}, Broken: []string{}, Fixed: []string{}, Suites: []SuiteChange{}, Moved: []Moved{}}
	differences := map[string][]float64{}
	for _, name := range sortedKeys(is.Cases) {
		now := is.Cases[name]
		then, known := was.Cases[name]
		if !known {
			c.New = append(c.New, name)
			continue
		}
		c.Pairs++
		suite := suiteOf(name)
		differences[suite] = append(differences[suite], now.Score-then.Score)
		switch {
		case then.Passed && !now.Passed:
			c.Broken = append(c.Broken, name)
		case !then.Passed && now.Passed:
			c.Fixed = append(c.Fixed, name)
		}
		if round(then.Score) != round(now.Score) || then.Cost != now.Cost || !slices.Equal(then.Prompts, now.Prompts) {
			c.Moved = append(c.Moved, Moved{name, then.Score, now.Score, then.Cost, now.Cost, then.Prompts, now.Prompts})
		}
	}
	if whole {
		for _, name := range sortedKeys(was.Cases) {
			if _, there := is.Cases[name]; !there {
				c.Gone = append(c.Gone, name)
			}
		}
	}
	for _, suite := range Suites {
		if d := differences[suite]; len(d) > 0 {
			c.Suites = append(c.Suites, changeOf(suite, d))
		}
	}
	return c
}

// leastPairs is how many pairs there must be for an interval to mean anything.
const leastPairs = 5

func changeOf(suite string, differences []float64) SuiteChange {
	s := SuiteChange{Suite: suite, Pairs: len(differences)}
	for _, d := range differences {
		s.Change += d / float64(len(differences))
		switch {
		case d < -1e-9:
			s.Down++
		case d > 1e-9:
			s.Up++
		}
	}
	s.Low, s.High = bootstrap(differences)
	s.P = signTest(s.Down, s.Up)
	s.Dropped = s.High < -1e-9 && s.Pairs >= leastPairs
	return s
}

// Hold holds the report against a baseline, and makes it red where a suite's scores have dropped, or a case that passed fails.
func (r *Report) Hold(was *Baseline, whole bool) {
	c := Compare(was, r.Baseline(nil), whole)
	r.Against = c
	for _, s := range c.Suites {
		if !s.Dropped {
			continue
		}
		var names []string
		for _, m := range c.Moved {
			if suiteOf(m.Name) == s.Suite && m.Is < m.Was {
				names = append(names, fmt.Sprintf("%s (%.3f, was %.3f)", m.Name, m.Is, m.Was))
			}
		}
		r.Reasons = append(r.Reasons, fmt.Sprintf("%s: the scores have dropped by %.3f against the baseline (95 %%: %.3f to %.3f; sign test p = %.3f): %s",
			s.Suite, -s.Change, s.Low, s.High, s.P, clip(joined(names), 2000)))
	}
	for _, name := range c.Broken {
		r.Reasons = append(r.Reasons, name+" passed in the baseline and fails now")
	}
}
