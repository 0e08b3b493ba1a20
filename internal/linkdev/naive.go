package linkdev

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/skill"
)

// Naive is the plain baseline: the cosine of TF-IDF vectors of lower-cased words, a concept being its name, forms and description in one.
type Naive struct {
	postings map[string][]weight
	df       map[string]float64
	n        int
}

type weight struct {
	concept int
	weight  float64
}

// NewNaive indexes a taxonomy.
func NewNaive(concepts []skill.Concept) *Naive {
	x := &Naive{postings: map[string][]weight{}, df: map[string]float64{}, n: len(concepts)}
	counts := make([]map[string]float64, len(concepts))
	for i, c := range concepts {
		counts[i] = count(c.Name + " " + strings.Join(c.Forms, " ") + " " + c.Text)
		for w := range counts[i] {
			x.df[w]++
		}
	}
	for i, words := range counts {
		norm := 0.0
		for w, n := range words {
			norm += n * x.idf(w) * n * x.idf(w)
		}
		for w, n := range words {
			x.postings[w] = append(x.postings[w], weight{i, n * x.idf(w) / math.Sqrt(norm)})
		}
	}
	return x
}

func (x *Naive) idf(w string) float64 { return math.Log(float64(1+x.n)/(1+x.df[w])) + 1 }

// Rank is the concepts that share a word, best first, ties by index.
func (x *Naive) Rank(text string) []int {
	scores := map[int]float64{}
	for w, n := range count(text) {
		for _, p := range x.postings[w] {
			scores[p.concept] += n * x.idf(w) * p.weight
		}
	}
	out := make([]int, 0, len(scores))
	for c := range scores {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b int) int {
		switch {
		case scores[a]-scores[b] > 1e-9:
			return -1
		case scores[b]-scores[a] > 1e-9:
			return 1
		}
		return a - b
	})
	return out
}

func count(text string) map[string]float64 {
	out := map[string]float64{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		out[w]++
	}
	return out
}
