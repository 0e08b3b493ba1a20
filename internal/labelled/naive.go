package labelled

import (
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
)

// Naive is the plain baseline: every name and alias of the catalogue, whatever its case, wherever it stands as a word of its own, the longest
// first; each at level 3.
type Naive struct {
	ids     map[string]string
	longest int // name, in code points
}

// naiveLevel is the level that the baseline gives everything.
const naiveLevel = 3

// NewNaive makes the baseline of a catalogue. Of two skills with one name the first by id has it.
func NewNaive(c *catalog.Catalog) *Naive {
	n := &Naive{ids: map[string]string{}}
	for _, s := range c.Skills() {
		for _, forms := range [][]string{{s.Name}, s.Aliases, s.Ambiguous} {
			for _, form := range forms {
				form = strings.ToLower(form)
				if _, taken := n.ids[form]; !taken {
					n.ids[form] = s.ID
				}
				n.longest = max(n.longest, len([]rune(form)))
			}
		}
	}
	return n
}

// Find finds skills in a text.
func (n *Naive) Find(text string) Found {
	f := Found{Levels: map[string]int{}}
	runes := []rune(strings.Map(unicode.ToLower, text))
	word := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	for start := 0; start < len(runes); start++ {
		if word(start) && word(start-1) {
			continue
		}
		for end := min(len(runes), start+n.longest); end > start; end-- {
			if word(end-1) && word(end) {
				continue
			}
			if id, ok := n.ids[string(runes[start:end])]; ok {
				f.Levels[id] = naiveLevel
				f.Mentions = append(f.Mentions, Mention{Key: id, Start: start, End: end})
				start = end - 1
				break
			}
		}
	}
	return f
}
