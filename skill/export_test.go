package skill

// Matches is every occurrence of every pattern in text, as the automaton reports them: pattern, start, end. The property of the
// automaton can be stated of it alone; through Finder it would be mixed with boundaries and context.
func Matches(patterns [][]byte, text []byte) [][3]int {
	var out [][3]int
	newAutomaton(patterns).each(text, func(pattern, start, end int) { out = append(out, [3]int{pattern, start, end}) })
	return out
}
