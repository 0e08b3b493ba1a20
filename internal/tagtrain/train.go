package tagtrain

import (
	"github.com/gapwise/gapwise/internal/crf"
	"github.com/gapwise/gapwise/skill"
)

// Options are those that the shipped model is trained with.
func Options() crf.Options {
	return crf.Options{Bits: 20, Epochs: 12, Rate: 0.1, L2: 2, Dropout: 0.2, MinCount: 2, Prune: 0.002, Seeds: []uint64{1}}
}

// Folds is into how many parts posts are dealt for the cross-validation.
const Folds = 5

// Fold is the part that a post belongs to.
func Fold(s *Sentence) int {
	h := crf.Hash(17, uint32(s.Post)) //nolint:gosec // G115: a small number
	return int(h % Folds)
}

// Examples turns sentences into examples.
func Examples(f *skill.Finder, lex *skill.Lexicon, sentences []Sentence) []crf.Example {
	out := make([]crf.Example, len(sentences))
	for i := range sentences {
		s := &sentences[i]
		out[i] = f.TaggerExample(s.Text(), s.Spans(), lex, s.Domain())
	}
	return out
}

// Score counts strict matches of spans.
type Score struct{ Right, Found, Gold int }

// Add compares the spans of one sentence. A span that is found twice counts twice and is right once.
func (s *Score) Add(found, gold [][2]int) {
	s.Found += len(found)
	s.Gold += len(gold)
	left := map[[2]int]int{}
	for _, g := range gold {
		left[g]++
	}
	for _, x := range found {
		if left[x] > 0 {
			left[x]--
			s.Right++
		}
	}
}

// Precision is the share of what was found that is right, 0 where nothing was.
func (s *Score) Precision() float64 { return ratio(s.Right, s.Found) }

// Recall is the share of gold that was found.
func (s *Score) Recall() float64 { return ratio(s.Right, s.Gold) }

// F1 is the harmonic mean of both.
func (s *Score) F1() float64 { return ratio(2*s.Right, s.Found+s.Gold) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
