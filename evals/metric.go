package evals

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// SkillTally holds the skills that were found in one resume against its gold.
type SkillTally struct {
	Hits   int      `json:"hits"`
	Missed []string `json:"missed"` // in the gold, not found
	Extra  []string `json:"extra"`  // found, not in the gold
}

// Metrics are figures to watch, which pass and fail do not rest on.
type Metrics struct {
	Resumes   int     `json:"resumes"` // cases with gold skills
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	Rankings  int     `json:"rankings"` // cases with an expected posting
	MRR       float64 `json:"mrr"`      // mean reciprocal rank of the best expected posting; 0 for one that is not in the list
}

// countedLevel is the level from which a claim counts as found: level 1 is what was only wished for or named in passing.
const countedLevel = 2

// skillTally grades an uploaded resume; nil without gold or without an answer.
func skillTally(gold *Gold, resume any) *SkillTally {
	m, ok := resume.(map[string]any)
	if gold == nil || !ok {
		return nil
	}
	var found []string
	skills, _ := m["skills"].([]any)
	for _, s := range skills {
		claim, _ := s.(map[string]any)
		id, isText := claim["id"].(string)
		level, _ := claim["level"].(json.Number)
		if n, err := level.Int64(); isText && err == nil && n >= countedLevel {
			found = append(found, id)
		}
	}
	t := &SkillTally{Missed: []string{}, Extra: []string{}}
	for _, id := range gold.Skills {
		if slices.Contains(found, id) {
			t.Hits++
		} else {
			t.Missed = append(t.Missed, id)
		}
	}
	for _, id := range found {
		if !slices.Contains(gold.Skills, id) && !slices.Contains(gold.Maybe, id) {
			t.Extra = append(t.Extra, id)
		}
	}
	return t
}

// reciprocal is one over the rank of the first posting of an expected company; nil without a ranking or without an answer.
func reciprocal(want *Ranking, saved map[string]any) *float64 {
	if want == nil {
		return nil
	}
	m, ok := saved[want.In].(map[string]any)
	if !ok {
		return nil
	}
	matches, _ := m["matches"].([]any)
	score := 0.0
	for i, e := range matches {
		match, _ := e.(map[string]any)
		if slices.Contains(want.Companies, plain(match["company"])) {
			score = 1 / float64(i+1)
			break
		}
	}
	return &score
}

// metricsOf sums over all skills of all resumes, so that a long resume counts for more than a short one.
func metricsOf(results []Result) Metrics {
	var m Metrics
	hits, missed, extra := 0, 0, 0
	for _, r := range results {
		if t := r.Skills; t != nil {
			m.Resumes++
			hits, missed, extra = hits+t.Hits, missed+len(t.Missed), extra+len(t.Extra)
		}
		if r.Reciprocal != nil {
			m.Rankings++
			m.MRR += *r.Reciprocal
		}
	}
	m.Precision, m.Recall = share(hits, hits+extra), share(hits, hits+missed)
	if m.Rankings > 0 {
		m.MRR /= float64(m.Rankings)
	}
	return m
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// String is the lines under a report's table; "" where there is nothing to tell.
func (m Metrics) String() string {
	var b strings.Builder
	if m.Resumes > 0 {
		fmt.Fprintf(&b, "\nskills of %d resumes against gold: precision %.3f, recall %.3f", m.Resumes, m.Precision, m.Recall)
	}
	if m.Rankings > 0 {
		fmt.Fprintf(&b, "\nmatches of %d people with a known best posting: MRR %.3f", m.Rankings, m.MRR)
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	return b.String()
}
