package skill

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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

	mentions := make([]Mention, 0, len(candidates))
	for _, j := range f.judgeAll(t, doc, candidates) {
		c, m := j.candidate, j.mention
		if m.Confidence < acceptance {
			continue
		}
		switch t.attitude(c.start, c.end) {
		case denied:
			continue
		case wished:
			m.Negated = true
		case someoneElses:
			m.Confidence *= doubt
		case asserted:
		}
		if employer(doc, m) {
			m.Confidence *= doubt
		}
		mentions = append(mentions, m)
	}
	return mentions
}

// doubt is what stays of the confidence in a name that is said of somebody else: it alone makes no more than an awareness.
const doubt = 0.4

// employerReach bounds the heading of a position in which its organisation stands, in code points.
const employerReach = 120

// employer tells whether a mention is the organisation of a position: to have worked at Figma or MongoDB is not to have worked with it.
func employer(doc *resume.Document, m Mention) bool {
	return slices.ContainsFunc(doc.Positions, func(p resume.Position) bool {
		return m.Start >= p.Span[0] && m.End <= min(p.Span[1], p.Span[0]+employerReach) && strings.EqualFold(strings.TrimSpace(p.Org), m.Text)
	})
}

// judged is a candidate with the mention that it would be.
type judged struct {
	candidate candidate
	mention   Mention
}

// judgeAll gives every candidate its confidence. Names that stand on their own are the neighbours by which the ambiguous ones are judged;
// those that pass are neighbours for a second look at the rest, since a list such as "C, Rust, R" holds nothing else.
func (f *Finder) judgeAll(t *textView, doc *resume.Document, candidates []candidate) []judged {
	all := make([]judged, len(candidates))
	passed := func() []candidate {
		var out []candidate
		for _, j := range all {
			if j.mention.Confidence >= acceptance {
				out = append(out, j.candidate)
			}
		}
		return out
	}
	for i, c := range candidates {
		fm := f.forms[c.form]
		start, end := t.origin(c.start), t.origin(c.end)
		all[i] = judged{c, Mention{
			SkillID: fm.skill.ID, Start: start, End: end, Text: string(t.runes[start:end]),
			Page: doc.PageAt(start), Section: doc.SectionAt(start),
		}}
		if !fm.ambiguous {
			all[i].mention.Confidence = 1
		}
	}
	for range 2 {
		sure := passed()
		for i, j := range all {
			if fm := f.forms[j.candidate.form]; j.mention.Confidence < acceptance {
				all[i].mention.Confidence = f.judge(t, j.candidate, fm, j.mention, sure)
			}
		}
	}
	return all
}

// candidate is a match with good boundaries, in bytes of the folded text.
type candidate struct {
	form       int
	start, end int
	grown      bool // by a version or a plural s
}

// candidates runs the automaton and keeps the longest of matches that overlap.
func (f *Finder) candidates(t *textView) []candidate {
	var all []candidate
	f.auto.each(t.folded.bytes, func(pattern, start, end int) {
		if extended, ok := t.bounded(start, end); ok {
			all = append(all, candidate{form: pattern, start: start, end: extended, grown: extended > end})
		}
	})
	rank := func(c candidate) int { return 2*btoi(c.grown) + btoi(f.forms[c.form].ambiguous) }
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.end-b.start, a.end-a.start), cmp.Compare(a.start, b.start), cmp.Compare(rank(a), rank(b)), cmp.Compare(a.form, b.form))
	})
	// Longest first, and of the same words the form that is written so and needs no context ("Algorithms" before "algorithm"); a shorter one that overlaps any kept one goes. The kept ones are marked byte by byte.
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
var linkMarks = []string{"://", "www.", "@", ".com", ".org", ".edu", "github.io", "linkedin."}

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
			if isLink(token) || strings.HasPrefix(string(t.runes[i:j]), "github/") { // "GitHub/GitLab" is no address
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

// isLink tells whether a token without space is an address. ".com" counts at the end of a host only, for the sake of "torch.compile".
func isLink(token string) bool {
	return slices.ContainsFunc(linkMarks, func(mark string) bool {
		i := strings.Index(token, mark)
		return i >= 0 && (mark[0] != '.' || !wordBeginsAt(token, i+len(mark)))
	})
}

// linkName tells whether a match in an address is all of it: a name that looks like one, such as "Salesforce.com" or "Lambda@Edge".
func (t *textView) linkName(start, end int) bool {
	b := t.folded.bytes
	return isLink(string(b[start:end])) && (start == 0 || !strings.ContainsRune("/.@", rune(b[start-1]))) &&
		(end == len(b) || !strings.ContainsRune("/@:", rune(b[end])))
}

// bounded tells whether a match stands as a word of its own, and where it ends once a version ("Python3", "Java 17" keeps "Java") or
// a plural s is taken in.
func (t *textView) bounded(start, end int) (int, bool) {
	b := t.folded.bytes
	if t.links[start] && !t.linkName(start, end) {
		return 0, false
	}
	if isWord(b[start]) && (wordEndsAt(b, start) || start > 0 && (b[start-1] == '@' || b[start-1] == '#')) || t.suffix(start, end) {
		return 0, false
	}
	if !isWord(b[end-1]) { // "C++", "C#": what follows must not go on the name
		if wordBeginsAt(b, end) || end < len(b) && (b[end] == '+' || b[end] == '#') {
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
	case wordBeginsAt(b, end):
		return 0, false
	}
	return end, true
}

// suffix tells whether a match is the end of a file's or a host's name: "backbone.js", "main.go", "behance.net". Written in capitals
// ("Basic.NET") it stays a name.
func (t *textView) suffix(start, end int) bool {
	from, to := t.origin(start), t.origin(end)
	dot := from - 1
	if t.folded.bytes[start] == '.' {
		dot = from
	}
	if dot < 1 || t.runes[dot] != '.' || !unicode.IsLetter(t.runes[dot-1]) || to-from > suffixLength {
		return false
	}
	return !slices.ContainsFunc(t.runes[from:to], unicode.IsUpper)
}

// suffixLength is the longest suffix that is taken for one, in code points with a full stop: ".html".
const suffixLength = 5

// isWord tells whether a folded byte belongs to a word. Bytes of letters outside ASCII do.
func isWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b >= 0x80
}

// wordEndsAt tells whether a word goes on up to at.
func wordEndsAt[T string | []byte](b T, at int) bool {
	if at == 0 || b[at-1] < utf8.RuneSelf {
		return at > 0 && isWord(b[at-1])
	}
	r, _ := utf8.DecodeLastRune([]byte(b[max(0, at-utf8.UTFMax):at]))
	return joins(r)
}

// wordBeginsAt tells whether a word goes on from at.
func wordBeginsAt[T string | []byte](b T, at int) bool {
	if at == len(b) || b[at] < utf8.RuneSelf {
		return at < len(b) && isWord(b[at])
	}
	r, _ := utf8.DecodeRune([]byte(b[at:min(len(b), at+utf8.UTFMax)]))
	return joins(r)
}

// joins tells whether a rune outside ASCII goes on a word. Punctuation ("Java、Python", "Kafka’s") does not, nor do scripts that put Latin
// names among their own words without a space ("使用Go语言", "Java를").
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}
