package gapanalysis

import (
	"fmt"
	"slices"

	"github.com/gapwise/gapwise/catalog"
)

// Whoever has written software at work for years does some things every day that resumes leave out, because they go without saying. A
// language in dated positions speaks for them, so that the credit still points at words of the resume.
const (
	unsaidCredit = 0.7 // of such a practice, as if it were there one level below the language
	unsaidYears  = 2   // in dated positions, from which on it counts
)

// unsaidPractices are these things.
var unsaidPractices = []string{"code-review", "continuous-integration", "debugging", "git", "refactoring", "unit-testing"}

// tradeLanguages are the languages in which software is written: none that only queries, marks up, lays out or describes hardware.
var tradeLanguages = []string{
	"c", "clojure", "cpp", "csharp", "dart", "delphi", "elixir", "erlang", "fsharp", "go", "groovy", "haskell", "java", "javascript", "kotlin", "objective-c", "ocaml",
	"perl", "php", "python", "ruby", "rust", "scala", "swift", "typescript",
}

// tradeOf is the language that speaks for what goes without saying: of those of unsaidYears or more, the one at the highest level, and of
// several the one of most years; "" where there is none.
func (h *held) tradeOf() string {
	best := ""
	for _, id := range tradeLanguages {
		c, ok := h.claims[id]
		if !ok || c.Years < unsaidYears || c.Level < catalog.LevelIntermediate {
			continue
		}
		if b := h.claims[best]; best == "" || c.Level > b.Level || c.Level == b.Level && c.Years > b.Years {
			best = id
		}
	}
	return best
}

// unsaid offers what goes without saying to a search for what carries over.
func (h *held) unsaid(q Requirement, consider func(from string, share float64, most int, why func() string)) {
	if !slices.Contains(unsaidPractices, q.Skill) || h.rejected[q.Skill] || h.trade == "" {
		return
	}
	c := h.claims[h.trade]
	consider(h.trade, unsaidCredit, c.Level-1, func() string {
		return fmt.Sprintf("whoever has written %s at work for %.1f years does this, which resumes often leave out.", h.name(h.trade), c.Years)
	})
}
