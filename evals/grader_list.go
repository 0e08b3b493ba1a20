package evals

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// set holds a list against the one that a careful reader makes. Without a bound it only measures.
type set struct {
	Of        where    `yaml:"of"`
	Gold      []string `yaml:"gold"`
	Maybe     []string `yaml:"maybe"` // what careful readers differ about: neither a hit nor a miss
	Precision float64  `yaml:"precision"`
	Recall    float64  `yaml:"recall"`
	F1        float64  `yaml:"f1"`
}

// Tally is what a set grader counted.
type Tally struct {
	Hits   int      `json:"hits"`
	Missed []string `json:"missed"` // in the gold, not found
	Extra  []string `json:"extra"`  // found, not in the gold
}

// Precision is the share of what was found that is right; 1 where nothing was found.
func (t *Tally) Precision() float64 { return share(t.Hits, t.Hits+len(t.Extra)) }

// Recall is the share of the gold that was found; 1 where there is none.
func (t *Tally) Recall() float64 { return share(t.Hits, t.Hits+len(t.Missed)) }

// F1 is the harmonic mean of both.
func (t *Tally) F1() float64 {
	p, r := t.Precision(), t.Recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

func tallyOf(found, gold, maybe []string) *Tally {
	t := &Tally{Missed: []string{}, Extra: []string{}}
	for _, id := range gold {
		if slices.Contains(found, id) {
			t.Hits++
		} else {
			t.Missed = append(t.Missed, id)
		}
	}
	for i, id := range found {
		if !slices.Contains(gold, id) && !slices.Contains(maybe, id) && !slices.Contains(found[:i], id) {
			t.Extra = append(t.Extra, id)
		}
	}
	return t
}

// String names the path.
func (g *set) String() string { return "set of " + g.Of.text }

func (g *set) grade(s Scope) Grade {
	found, why := words(g.Of.find(s))
	if why != "" {
		return verdict(why)
	}
	t := tallyOf(found, g.Gold, g.Maybe)
	why = atLeast(figure{"precision", t.Precision(), g.Precision}, figure{"recall", t.Recall(), g.Recall}, figure{"F1", t.F1(), g.F1})
	if why != "" {
		why += fmt.Sprintf("; missed %s; extra %s", strings.Join(t.Missed, ", "), strings.Join(t.Extra, ", "))
	}
	return Grade{Passed: why == "", Score: t.F1(), Why: why, Tally: t}
}

// ranking holds a list in order against what is relevant: a list of words, or words with gains. Without a bound it only measures.
type ranking struct {
	Of       where `yaml:"of"`
	Relevant gains `yaml:"relevant"`
	K        int   `yaml:"k"` // how many of the list count; 0 for all
	// Bounds: normalised discounted cumulative gain, reciprocal rank of the first relevant one, and the share of the relevant ones that are there.
	NDCG   float64 `yaml:"ndcg"`
	MRR    float64 `yaml:"mrr"`
	Recall float64 `yaml:"recall"`
}

// gains are how much each word is worth.
type gains map[string]float64

// UnmarshalYAML reads a list, where each word is worth one, or words with their worth.
func (g *gains) UnmarshalYAML(n *yaml.Node) error {
	*g = gains{}
	if n.Kind == yaml.MappingNode {
		var m map[string]float64
		err := n.Load(&m)
		*g = m
		return mistakeAt(n, err)
	}
	var list []string
	if err := n.Load(&list); err != nil {
		return mistakeAt(n, err)
	}
	for _, w := range list {
		(*g)[w] = 1
	}
	return nil
}

// Rank is what a ranking grader measured.
type Rank struct {
	NDCG   float64 `json:"ndcg"`
	MRR    float64 `json:"mrr"`
	Recall float64 `json:"recall"`
}

func rankOf(list []string, relevant gains, k int) *Rank {
	if k <= 0 || k > len(list) {
		k = len(list)
	}
	r := &Rank{}
	seen := map[string]bool{}
	for i, w := range list[:k] {
		gain := relevant[w]
		if gain <= 0 || seen[w] {
			continue
		}
		seen[w] = true
		r.NDCG += gain / math.Log2(float64(i+2))
		if r.MRR == 0 {
			r.MRR = 1 / float64(i+1)
		}
	}
	var best []float64
	for _, gain := range relevant {
		if gain > 0 {
			best = append(best, gain)
		}
	}
	slices.SortFunc(best, func(a, b float64) int { return int(math.Copysign(1, b-a)) })
	ideal := 0.0
	for i, gain := range best[:min(len(best), max(k, 1))] {
		ideal += gain / math.Log2(float64(i+2))
	}
	if ideal > 0 {
		r.NDCG /= ideal
	}
	r.Recall = share(len(seen), len(best))
	return r
}

// String names the path.
func (g *ranking) String() string { return "ranking of " + g.Of.text }

func (g *ranking) prepare(*Case) error {
	if len(g.Relevant) == 0 {
		return errors.New("ranking needs relevant")
	}
	return nil
}

func (g *ranking) grade(s Scope) Grade {
	list, why := words(g.Of.find(s))
	if why != "" {
		return verdict(why)
	}
	r := rankOf(list, g.Relevant, g.K)
	why = atLeast(figure{"nDCG", r.NDCG, g.NDCG}, figure{"reciprocal rank", r.MRR, g.MRR}, figure{"recall", r.Recall, g.Recall})
	if why != "" {
		why += "; the list is " + clip(strings.Join(list, ", "), 300)
	}
	score := r.NDCG
	if g.NDCG == 0 && g.MRR > 0 {
		score = r.MRR
	}
	return Grade{Passed: why == "", Score: score, Why: why, Rank: r}
}
