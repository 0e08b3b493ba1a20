package skill

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/crf"
	"github.com/gapwise/gapwise/resume"
)

// What the tagger may do in a plain text. The figures were set by cross-validation on SkillSpan, and by how many of the sentences with ambiguous
// words keep their skill: a line of a resume is no line of a posting, and the tagger has seen postings alone.
const (
	plainBias  = -0.2 // towards spans
	keepInside = 0.5  // a practice, concept or domain of the catalogue stays when a token of it is this probable in some span
)

// findAll is FindIn with what the tagger makes of the text. In a plain text, such as a posting or a sentence, the tagger leaves out practices
// and fields that it holds for everyday words, adds skills that the catalogue lacks, and moves the boundaries of mentions: moved gives the new ones by the
// old ones, which are those that levels are judged by. In a document with sections it only adds: items of lists of skills, beside known ones.
func (f *Finder) findAll(doc *resume.Document) (mentions []Mention, moved map[[2]int][2]int) {
	t := newTextView([]rune(doc.Text))
	candidates := f.candidates(t)
	all := f.judgeAll(t, doc, candidates)
	mentions = f.settle(t, doc, candidates, all)
	tagger := f.tagger()
	if tagger == nil {
		return mentions, nil
	}
	p := &proposals{f: f, t: t, doc: doc, all: all, candidates: candidates, tagger: tagger, x: &tagText{}, moved: map[[2]int][2]int{}}
	p.x.tokenise(t.runes)
	if len(doc.Sections) > 0 || len(doc.Positions) > 0 || len(doc.Lines) > 0 {
		return p.items(mentions), nil
	}
	p.decode()
	return p.plain(mentions), p.moved
}

// move gives the mentions of a profile the boundaries that the tagger moved them to.
func (p *Profile) move(moved map[[2]int][2]int, doc *resume.Document) {
	if len(moved) == 0 {
		return
	}
	text := []rune(doc.Text)
	for i := range p.Claims {
		for k := range p.Claims[i].Mentions {
			m := &p.Claims[i].Mentions[k]
			if to, ok := moved[[2]int{m.Start, m.End}]; ok {
				m.Start, m.End, m.Text = to[0], to[1], string(text[to[0]:to[1]])
			}
		}
	}
}

// WithTagger is the finder with another tagger, or with none.
func (f *Finder) WithTagger(t *Tagger) *Finder {
	g := *f
	g.tagger = func() *Tagger { return t }
	return &g
}

// proposals are the tagger's spans of one text, or of a line of it.
type proposals struct {
	f          *Finder
	t          *textView
	x          *tagText
	doc        *resume.Document
	candidates []candidate
	all        []judged
	tagger     *Tagger
	moved      map[[2]int][2]int
	decoded    crf.Decoded
}

// decode lets the tagger read the tokens of p.
func (p *proposals) decode() {
	p.x.read(p.f, p.all, p.tagger.lex, p.tagger.hashes, DomainTech)
	p.decoded = p.tagger.model.Decode(crf.Sentence{Features: p.x.features, Break: p.x.breaks()}, plainBias)
}

// breaks tells before which tokens no span goes on: after a comma, and where a line begins.
func (x *tagText) breaks() []bool {
	out := make([]bool, len(x.tokens))
	for i := 1; i < len(x.tokens); i++ {
		out[i] = x.tokens[i-1].after == ',' || x.tokens[i].lineStart
	}
	return out
}

// span is where a proposed span stands in the text, in code points, without the punctuation that touches it. A mark that ends a list's item stays,
// as the tagger was taught.
func (p *proposals) span(s crf.Span) (start, end int) {
	first, last := &p.x.tokens[s.Start], &p.x.tokens[s.End-1]
	if last.before == 0 && (last.after == ';' || last.after == ':' || last.after == ')') {
		return first.coreStart, last.end
	}
	return first.coreStart, last.coreEnd
}

// inside is the highest probability of a token of a mention that it is in some span.
func (p *proposals) inside(m Mention) float64 {
	top := 0.0
	from := sort.Search(len(p.x.tokens), func(i int) bool { return p.x.tokens[i].end > m.Start })
	for i := from; i < len(p.x.tokens) && p.x.tokens[i].start < m.End; i++ {
		top = max(top, p.decoded.Inside[i])
	}
	return top
}

// plain merges the spans with the mentions of a plain text.
func (p *proposals) plain(mentions []Mention) []Mention {
	used := make([]bool, len(p.decoded.Spans))
	out := mentions[:0]
	for _, m := range mentions {
		k := slices.IndexFunc(p.decoded.Spans, func(s crf.Span) bool {
			return p.x.tokens[s.Start].start < m.End && p.x.tokens[s.End-1].end > m.Start
		})
		switch {
		case k >= 0:
			used[k] = true
			start, end := p.span(p.decoded.Spans[k])
			p.moved[[2]int{m.Start, m.End}] = [2]int{start, end}
		case p.everyday(m) && p.inside(m) < keepInside:
			continue
		}
		out = append(out, m)
	}
	for k, s := range p.decoded.Spans {
		if used[k] {
			continue
		}
		if m, ok := p.mention(s); ok {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Mention) int { return a.Start - b.Start })
	return out
}

// everyday tells whether a mention is of a kind whose names are everyday words, too. Products are left to the finder's own judgement of context,
// and the tagger was not taught to know soft skills.
func (p *proposals) everyday(m Mention) bool {
	s, err := p.f.catalog.Skill(m.SkillID)
	return err == nil && (s.Kind == catalog.Practice || s.Kind == catalog.Concept || s.Kind == catalog.Domain)
}

// mention is a proposed span as a mention of a skill that the catalogue lacks, with what is said of it. It is none where the words deny the
// skill or hold no letter.
func (p *proposals) mention(s crf.Span) (Mention, bool) {
	start, end := p.span(s)
	m := Mention{
		Start: start, End: end, Text: string(p.t.runes[start:end]), Page: p.doc.PageAt(start), Section: p.doc.SectionAt(start), Confidence: s.Probability,
	}
	if !strings.ContainsFunc(m.Text, unicode.IsLetter) {
		return m, false
	}
	switch p.t.attitude(candidate{start: p.t.at(start), end: p.t.at(end)}, p.candidates) {
	case denied:
		return m, false
	case wished:
		m.Negated = true
	case someoneElses:
		m.Confidence *= doubt
	case asserted:
	}
	return m, true
}

// at is the place in the folded text of a code point.
func (t *textView) at(origin int) int {
	i, _ := slices.BinarySearch(t.folded.origin, int32(origin)) //nolint:gosec // G115: a length of text
	return min(i, len(t.folded.bytes))
}

// unlistedName is the name of a skill that the catalogue lacks: the words as they stand, without what surrounds them.
func unlistedName(text string) string {
	text = strings.TrimFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' && r != '#' && r != '.'
	})
	return strings.TrimRight(strings.Join(strings.Fields(text), " "), ".")
}
