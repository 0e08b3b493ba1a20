package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/internal/tagtrain"
	"github.com/gapwise/gapwise/skill"
)

// skillSpan measures the spans of technical skills in sentences of postings, strictly: both ends must be the gold's. The tagger is trained anew on four
// fifths of SkillSpan's posts and measured on the rest, five times, by the way that the product reads a line; the shipped one has seen
// every sentence. Figures are means over the folds, without the mentions of soft skills; one line has them left in.
//
// The baseline takes the longest of all names and aliases of the catalogue wherever it stands between word boundaries.
func skillSpan(ctx context.Context, b *bench) ([]figure, error) {
	sentences, err := tagtrain.Sentences(b.data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: dev_skillspan.jsonl", errMissing)
	}
	if err != nil {
		return nil, err
	}
	lex := skill.ShippedLexicon()
	if lex == nil {
		return nil, errors.New("the tagger's file is of other features than the code: run make train-tagger")
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	naive := naiveSpans(b, sentences)
	must := map[string][2]float64{"tech": {0.60, 0.57}}
	var out []figure
	for k, r := range tagtrain.CrossValidate(b.finder, lex, sentences) {
		n, m := &naive[k], must[r.Source]
		name := "SkillSpan " + r.Source + ": "
		out = append(
			out,
			figure{name: name + "precision", naive: fmt.Sprintf("%.3f", n.Precision()), got: r.Precision, must: m[0], precision: 3},
			figure{name: name + "recall", naive: fmt.Sprintf("%.3f", n.Recall()), got: r.Recall, precision: 3},
			figure{name: name + "F1", naive: fmt.Sprintf("%.3f", n.F1()), got: r.F1, must: m[1], precision: 3},
			figure{name: name + "F1 over all folds at once, soft skills left in", got: r.Soft.F1(), precision: 3},
		)
	}
	return out, nil
}

// naiveSpans scores the baseline on each source.
func naiveSpans(b *bench, sentences []tagtrain.Sentence) [2]tagtrain.Score {
	names := map[string]bool{}
	for _, s := range b.catalog.Skills() {
		for _, n := range append([]string{s.Name}, s.Aliases...) {
			names[strings.ToLower(n)] = true
		}
	}
	var out [2]tagtrain.Score
	for i := range sentences {
		s := &sentences[i]
		for k, source := range tagtrain.Sources {
			if s.Source == source {
				out[k].Add(longestNames(names, []rune(s.Text())), s.Spans())
			}
		}
	}
	return out
}

// naiveLength bounds a name of the baseline, in code points.
const naiveLength = 50

// longestNames are the longest names at each place, from the left.
func longestNames(names map[string]bool, text []rune) [][2]int {
	word := func(i int) bool {
		return i >= 0 && i < len(text) && (unicode.IsLetter(text[i]) || unicode.IsDigit(text[i]))
	}
	var out [][2]int
	for i := 0; i < len(text); {
		next := i + 1
		if !word(i - 1) {
			for j := min(len(text), i+naiveLength); j > i; j-- {
				if !word(j) && names[strings.ToLower(string(text[i:j]))] {
					out = append(out, [2]int{i, j})
					next = j
					break
				}
			}
		}
		i = next
	}
	return out
}
