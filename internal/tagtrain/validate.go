package tagtrain

import (
	"fmt"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/crf"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// Train trains a tagger on sentences. inputs is kept in its file.
func Train(f *skill.Finder, lex *skill.Lexicon, sentences []Sentence, inputs [32]byte) *skill.Tagger {
	return skill.NewTagger(crf.Train(Examples(f, lex, sentences), Options()), lex, inputs)
}

// Result is what a cross-validation says of one source: the mean over the folds of the strict figures, and the count over all sentences.
type Result struct {
	Source                string
	Precision, Recall, F1 float64 // means over the folds, without soft skills
	All                   Score   // the sum over the folds, without soft skills
	Soft                  Score   // the same with the mentions of soft skills left in
}

// String is a line for people.
func (r Result) String() string {
	return fmt.Sprintf("%s: precision %.3f, recall %.3f, F1 %.3f (mean of %d folds by post); over all sentences F1 %.3f, with soft skills left in %.3f",
		r.Source, r.Precision, r.Recall, r.F1, Folds, r.All.F1(), r.Soft.F1())
}

// Sources are the two kinds of postings of SkillSpan, in the order of results.
var Sources = [2]string{"tech", "house"}

// CrossValidate trains on four fifths of the posts and measures on the rest, five times, by the product's own way from a line of text to
// mentions. lex holds nothing of the labelled sentences.
func CrossValidate(f *skill.Finder, lex *skill.Lexicon, sentences []Sentence) [2]Result {
	examples := Examples(f, lex, sentences)
	var out [2]Result
	for fold := range Folds {
		var rest []crf.Example
		for i := range sentences {
			if Fold(&sentences[i]) != fold {
				rest = append(rest, examples[i])
			}
		}
		g := f.WithTagger(skill.NewTagger(crf.Train(rest, Options()), lex, [32]byte{}))
		for k, source := range Sources {
			var hard, soft Score
			for i := range sentences {
				if s := &sentences[i]; Fold(s) == fold && s.Source == source {
					h, all := Found(g, s.Text())
					hard.Add(h, s.Spans())
					soft.Add(all, s.Spans())
				}
			}
			out[k].add(source, hard, soft)
		}
	}
	return out
}

func (r *Result) add(source string, hard, soft Score) {
	r.Source = source
	r.Precision += hard.Precision() / Folds
	r.Recall += hard.Recall() / Folds
	r.F1 += hard.F1() / Folds
	r.All.Sum(hard)
	r.Soft.Sum(soft)
}

// Sum adds another count.
func (s *Score) Sum(o Score) {
	s.Right += o.Right
	s.Found += o.Found
	s.Gold += o.Gold
}

// asOf is the day of the judging, which no span depends on.
var asOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Found are the spans that the product finds in a line of text, each once: those of other than soft skills, and all.
func Found(f *skill.Finder, text string) (hard, all [][2]int) {
	seenHard, seen := map[[2]int]bool{}, map[[2]int]bool{}
	for _, c := range f.Extract(&resume.Document{Text: text}, asOf).Claims {
		for _, m := range c.Mentions {
			span := [2]int{m.Start, m.End}
			if c.Kind != string(catalog.Soft) && !seenHard[span] {
				seenHard[span] = true
				hard = append(hard, span)
			}
			if !seen[span] {
				seen[span] = true
				all = append(all, span)
			}
		}
	}
	return hard, all
}
