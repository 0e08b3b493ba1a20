package skill

import (
	"slices"

	"github.com/gapwise/gapwise/internal/crf"
	"github.com/gapwise/gapwise/resume"
)

// What makes an item of a list in a document a skill that the catalogue lacks. The figures were set on the labelled resumes 01-20.
const (
	itemProbable = 0.5  // the least probability of its tokens that they are in some span
	itemListed   = 0.05 // the same where the lexicon has the item
	itemTokens   = 3    // the longest that is taken
	itemShare    = 0.5  // of the items of its list that must be skills of the catalogue
	itemLists    = 3    // bucket of how many lists of skills must have an item for the lexicon to have it: 8 or more
)

// item is a part of a list: a half-open range of tokens.
type item struct {
	from, to int
	known    bool
}

// items adds to the mentions of a document the items of lists of skills that the catalogue lacks: few words, probable in the tagger's eyes, in
// a list of which the catalogue knows the better part. Headers, education, interests and the like hold names of people, schools and
// places, and are left alone.
func (p *proposals) items(mentions []Mention) []Mention {
	out := slices.Clone(mentions)
	tokens := p.x.tokens
	for from := 0; from < len(tokens); {
		to := from + 1
		for to < len(tokens) && !tokens[to].lineStart {
			to++
		}
		switch p.doc.SectionAt(tokens[from].start) {
		case resume.SectionSkills, resume.SectionProjects, resume.SectionExperience:
			out = append(out, p.line(from, to, mentions)...)
		case resume.SectionHeader, resume.SectionSummary, resume.SectionEducation, resume.SectionCertifications, resume.SectionPublications,
			resume.SectionAwards, resume.SectionInterests, resume.SectionOther:
		}
		from = to
	}
	slices.SortStableFunc(out, func(a, b Mention) int { return a.Start - b.Start })
	return out
}

// line gives the skills among the items of one line.
func (p *proposals) line(from, to int, mentions []Mention) []Mention {
	list := p.list(from, to)
	known, open := 0, 0
	for i := range list {
		it := &list[i]
		switch {
		case overlaps(mentions, p.x.tokens[it.from].start, p.x.tokens[it.to-1].end):
			it.known = true
			known++
		case it.to-it.from <= itemTokens:
			open++
		}
	}
	if open == 0 || known == 0 || float64(known) < itemShare*float64(len(list)) {
		return nil
	}
	q := p.only(from, to)
	var out []Mention
	for _, it := range list {
		if it.known || it.to-it.from > itemTokens {
			continue
		}
		if m, ok := q.item(it.from-from, it.to-from); ok {
			out = append(out, m)
		}
	}
	return out
}

// only is p for some of its tokens alone, as a text of their own, and decoded.
func (p *proposals) only(from, to int) *proposals {
	q := *p
	q.x = &tagText{tokens: p.x.tokens[from:to:to]}
	start, end := p.x.tokens[from].start, p.x.tokens[to-1].end
	i, _ := slices.BinarySearchFunc(p.all, start, func(j judged, at int) int { return j.mention.Start - at })
	j, _ := slices.BinarySearchFunc(p.all, end, func(j judged, at int) int { return j.mention.Start - at })
	q.all = p.all[i:j]
	q.decode()
	return &q
}

// list cuts a line into items. A label before a colon is none.
func (p *proposals) list(from, to int) []item {
	var out []item
	start := from
	cut := func(end, next int) {
		if end > start {
			out = append(out, item{from: start, to: end})
		}
		start = next
	}
	for i := from; i < to; i++ {
		t := &p.x.tokens[i]
		if t.before == '(' {
			cut(i, i)
		}
		switch {
		case t.after == ':' && i < to-1:
			start = i + 1
		case t.separates():
			cut(i, i+1)
		case i == to-1 || t.after != 0 && t.after != '"' && t.after != '\'':
			cut(i+1, i+1)
		}
	}
	return out
}

// item tells whether an item, by its tokens, is a skill that the catalogue lacks.
func (p *proposals) item(from, to int) (Mention, bool) {
	least := 1.0
	for i := from; i < to; i++ {
		least = min(least, p.decoded.Inside[i])
		if p.tagger.hashes.few[p.x.tokens[i].word] != 0 {
			return Mention{}, false
		}
	}
	if least < itemProbable && (least < itemListed || !p.listed(from, to)) {
		return Mention{}, false
	}
	return p.mention(crf.Span{Start: from, End: to, Probability: max(least, acceptance+0.01)}) // beyond doubt, since its list speaks for it
}

// listed tells whether the lexicon has an item as a product or topic, or as a phrase of several lists of skills.
func (p *proposals) listed(from, to int) bool {
	h := phraseHash{state: fnvBasis}
	for i := from; i < to; i++ {
		if i > from {
			h.add([]byte{' '})
		}
		h.add(p.x.tokens[i].core)
	}
	v, ok := p.tagger.lex.phrases.get(h.key())
	return ok && (v&(PhraseProduct|PhraseTopic) != 0 || v>>phraseListShift >= itemLists)
}

// overlaps tells whether a mention, of those in order, shares a code point with a range.
func overlaps(mentions []Mention, start, end int) bool {
	i, _ := slices.BinarySearchFunc(mentions, start, func(m Mention, at int) int { return m.End - at - 1 })
	return i < len(mentions) && mentions[i].Start < end
}

// separates tells whether a token is a mark between items.
func (t *tagToken) separates() bool {
	switch string(t.core) {
	case ",", ";", "|", "/", "•", "·", "-", "–", "—", "&", "(", ")":
		return true
	}
	return false
}
