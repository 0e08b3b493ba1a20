package skill

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/resume"
)

// Finder finds the catalogue's skills in texts. It is immutable and safe for concurrent use.
type Finder struct {
	catalog *catalog.Catalog
	forms   []form
	auto    *automaton
	cues    map[string]cues // by skill id, for the ambiguous ones
}

// NewFinder compiles the names and aliases of a catalogue.
func NewFinder(c *catalog.Catalog) *Finder {
	f := &Finder{catalog: c, cues: map[string]cues{}}
	var patterns [][]byte
	for _, s := range c.Skills() {
		forms, bytes := formsOf(s)
		f.forms = append(f.forms, forms...)
		patterns = append(patterns, bytes...)
		if len(s.Ambiguous) > 0 {
			f.cues[s.ID] = newCues(s)
		}
	}
	f.auto = newAutomaton(patterns)
	return f
}

// Find is FindIn for a plain text without layout or sections, such as a job posting.
func (f *Finder) Find(text string) []Mention {
	return f.FindIn(&resume.Document{Text: text})
}

// FindIn finds the mentions of skills in a document, in order of their place. Mentions do not overlap: the longest name wins, and
// of names that begin at one place the one that needs no context.
func (f *Finder) FindIn(doc *resume.Document) []Mention {
	text := []rune(doc.Text)
	t := newTextView(text)
	candidates := f.candidates(t)

	// Names that stand on their own first: they are the neighbours by which the ambiguous ones are judged.
	sure := make([]candidate, 0, len(candidates))
	for _, c := range candidates {
		if !f.forms[c.form].ambiguous {
			sure = append(sure, c)
		}
	}
	mentions := make([]Mention, 0, len(candidates))
	for _, c := range candidates {
		fm := f.forms[c.form]
		start, end := t.origin(c.start), t.origin(c.end)
		m := Mention{
			SkillID: fm.skill.ID, Start: start, End: end, Text: string(text[start:end]),
			Page: doc.PageAt(start), Section: doc.SectionAt(start), Confidence: 1,
		}
		if fm.ambiguous {
			m.Confidence = f.judge(t, c, fm, m, sure)
			if m.Confidence < acceptance {
				continue
			}
		}
		switch t.attitude(c.start, c.end) {
		case denied:
			continue
		case wished:
			m.Negated = true
		case someoneElses:
			m.Confidence *= 0.4
		case asserted:
		}
		mentions = append(mentions, m)
	}
	return mentions
}

// candidate is a match with good boundaries, in bytes of the folded text.
type candidate struct {
	form       int
	start, end int
}

// candidates runs the automaton and keeps the longest of matches that overlap.
func (f *Finder) candidates(t *textView) []candidate {
	var all []candidate
	f.auto.each(t.folded.bytes, func(pattern, start, end int) {
		if extended, ok := t.bounded(start, end); ok {
			all = append(all, candidate{form: pattern, start: start, end: extended})
		}
	})
	slices.SortStableFunc(all, func(a, b candidate) int {
		if c := cmp.Compare(b.end-b.start, a.end-a.start); c != 0 {
			return c
		}
		return cmp.Compare(a.start, b.start)
	})
	// Longest first; a shorter one that overlaps any kept one goes. The kept ones are marked byte by byte.
	taken := make([]bool, len(t.folded.bytes))
	kept := all[:0]
	for _, c := range all {
		if taken[c.start] || taken[c.end-1] {
			continue
		}
		for i := c.start; i < c.end; i++ {
			taken[i] = true
		}
		kept = append(kept, c)
	}
	slices.SortFunc(kept, func(a, b candidate) int { return cmp.Compare(a.start, b.start) })
	return kept
}

// textView is a text with its folded form and the places where no skill is looked for.
type textView struct {
	runes  []rune
	folded folded
	links  []bool // by byte of folded: inside an address
}

func newTextView(text []rune) *textView {
	t := &textView{runes: text, folded: fold(text)}
	t.links = make([]bool, len(t.folded.bytes))
	t.markLinks()
	return t
}

func (t *textView) origin(at int) int { return int(t.folded.origin[at]) }

// end-of-token marks of an address; ".net" and ".io" end the names of technologies too often to count.
var linkMarks = []string{"://", "www.", "@", ".com", ".org", ".edu", "github.io", "linkedin.", "github/"}

// markLinks marks tokens that are web or mail addresses, whose parts name no skill of the person. Hyphens are gaps in the folded
// text, so it reads the original.
func (t *textView) markLinks() {
	marked := make([]bool, len(t.runes))
	for i := 0; i < len(t.runes); {
		if unicode.IsSpace(t.runes[i]) {
			i++
			continue
		}
		j := i
		for j < len(t.runes) && !unicode.IsSpace(t.runes[j]) {
			j++
		}
		if j-i > 4 {
			token := strings.ToLower(string(t.runes[i:j]))
			if slices.ContainsFunc(linkMarks, func(m string) bool { return strings.Contains(token, m) }) {
				for k := i; k < j; k++ {
					marked[k] = true
				}
			}
		}
		i = j
	}
	for b := range t.links {
		if o := t.origin(b); o < len(marked) {
			t.links[b] = marked[o]
		}
	}
}

// bounded tells whether a match stands as a word of its own, and where it ends once a version ("Python3", "Java 17" keeps "Java") or
// a plural s is taken in.
func (t *textView) bounded(start, end int) (int, bool) {
	b := t.folded.bytes
	if t.links[start] {
		return 0, false
	}
	if start > 0 && isWord(b[start]) && isWordBefore(b, start) {
		return 0, false
	}
	if !isWord(b[end-1]) { // "C++", "C#": what follows must not go on the name
		if end < len(b) && (isWord(b[end]) || b[end] == '+' || b[end] == '#') {
			return 0, false
		}
		return end, true
	}
	if end == len(b) {
		return end, true
	}
	size := end - start
	switch c := b[end]; {
	case c == '+' || c == '#':
		return 0, false
	case c == 's' && size >= 4 && (end+1 == len(b) || !isWord(b[end+1])) && b[end-1] != 's':
		return end + 1, true
	case c >= '0' && c <= '9' && size >= 3:
		e := end
		for e < len(b) && (b[e] >= '0' && b[e] <= '9' || b[e] == '.' && e+1 < len(b) && b[e+1] >= '0' && b[e+1] <= '9') {
			e++
		}
		if e < len(b) && isWord(b[e]) {
			return 0, false
		}
		return e, true
	case isWord(c):
		return 0, false
	}
	return end, true
}

// isWord tells whether a folded byte belongs to a word. Bytes of letters outside ASCII do.
func isWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b >= 0x80
}

// isWordBefore tells whether the byte before start goes on the word. A bullet or quotation mark outside ASCII does not.
func isWordBefore(b []byte, start int) bool {
	if b[start-1] < 0x80 {
		return isWord(b[start-1]) || b[start-1] == '@' || b[start-1] == '#'
	}
	r, _ := lastRune(b[:start])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
