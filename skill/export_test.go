package skill

import "github.com/gapwise/gapwise/resume"

// Matches is every occurrence of every pattern in text, as the automaton reports them: pattern, start, end. The property of the
// automaton can be stated of it alone; through Finder it would be mixed with boundaries and context.
func Matches(patterns [][]byte, text []byte) [][3]int {
	var out [][3]int
	newAutomaton(patterns).each(text, func(pattern, start, end int) { out = append(out, [3]int{pattern, start, end}) })
	return out
}

// Place is an ambiguous word with the features of its place, which the weights are fitted to.
type Place struct {
	SkillID    string
	Start, End int
	Features   []float64
}

// Places are the ambiguous words of a text as they look once the whole of it was judged with other weights.
func (f *Finder) Places(text string, weights []float64) []Place {
	other := *f
	copy(other.weights[:], weights)
	f = &other
	doc := &resume.Document{Text: text}
	t := newTextView([]rune(text))
	all := f.judgeAll(t, doc, f.candidates(t))
	s := f.setting(all)
	var out []Place
	for _, j := range all {
		if fm := f.forms[j.candidate.form]; fm.ambiguous {
			x := f.featuresAt(t, j.candidate, fm, j.mention, s)
			out = append(out, Place{SkillID: j.mention.SkillID, Start: j.mention.Start, End: j.mention.End, Features: x[:]})
		}
	}
	return out
}

// ContextWeights are the weights in force.
func ContextWeights() []float64 { return contextWeights[:] }

// Acceptance is the probability at which an ambiguous word counts as the skill.
const Acceptance = acceptance
