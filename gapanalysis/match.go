package gapanalysis

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// Weights of a posting's requirements before they are made to sum to 1.
const (
	weightMust = 1.0
	weightNice = 0.4
)

// Candidate is a posting that the database put forward, with the cosine of its vector and the resume's.
type Candidate struct {
	Posting    *posting.Posting
	Similarity float64
	// Foreign marks a posting written in a language other than English and that of the resume.
	Foreign bool
	SeenAt  time.Time // when it came in; zero where that was not asked for
}

// PostingTarget is a posting as a target. A posting whose text names no known skill has no requirements.
func PostingTarget(p *posting.Posting) Target {
	t := Target{ID: "posting", Name: p.Title}
	var sum float64
	for _, q := range p.Requirements {
		weight := weightNice
		if q.Must {
			weight = weightMust
		}
		sum += weight
		t.Requirements = append(t.Requirements, Requirement{
			Skill: q.Skill, Level: q.Level, Weight: weight, Must: q.Must, Why: fmt.Sprintf("The posting says: “%s”.", oneLine(q.Excerpt)),
		})
	}
	for i := range t.Requirements {
		t.Requirements[i].Weight /= sum
	}
	return t
}

// Rerank scores candidates for a profile, best first, and says why. near is the vectors' word on the skills that the candidates ask for.
func Rerank(c *catalog.Catalog, p *skill.Profile, candidates []Candidate, near Nearness, o Options, limit int) []Match {
	m := NewMatcher(c, NewTitleBridge(c), p, near, o.Today)
	scored := m.Order(candidates, limit)
	out := make([]Match, len(scored))
	for i, s := range scored {
		out[i] = m.Explain(s)
	}
	return out
}

// Scored is a candidate with its score.
type Scored struct {
	Candidate
	Signals Signals
	Score   float64 // as it is given: to three digits
}

// Order scores candidates and gives the best, in order. One that asks for no skill, or for none that is there, is left out.
func (m *Matcher) Order(candidates []Candidate, limit int) []Scored {
	out := make([]Scored, 0, len(candidates))
	for _, c := range candidates {
		if s, ok := m.Signals(c); ok {
			out = append(out, Scored{c, s, round(m.weights.score(s, m.foreign(c)), 3)})
		}
	}
	slices.SortStableFunc(out, func(a, b Scored) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), bytes.Compare(a.Posting.ID[:], b.Posting.ID[:]))
	})
	if mutant.On(mutant.MatchesUpsideDown) {
		slices.Reverse(out)
	}
	return out[:min(len(out), limit)]
}
