package skill

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/resume"
)

// Finder finds the catalogue's skills in texts. It is immutable and safe for concurrent use.
type Finder struct {
	catalog *catalog.Catalog
	forms   []form
	auto    *automaton
	cues    map[string]cues // by skill id, for the ambiguous ones
	weights features        // of what speaks for and against those
	tagger  func() *Tagger  // gives nil where there is none

	senses    map[string][]sensed // what shared words mean besides, by the word
	deedForms map[string]int      // the forms of deeds, by the skill's id
}

// NewFinder compiles the names and aliases of a catalogue.
func NewFinder(c *catalog.Catalog) *Finder {
	f := &Finder{catalog: c, cues: map[string]cues{}, weights: contextWeights, tagger: shippedTagger}
	usedBy := map[string][]string{}
	for _, s := range c.Skills() {
		for _, id := range s.Ecosystem {
			usedBy[id] = append(usedBy[id], s.ID)
		}
	}
	var patterns [][]byte
	for _, s := range c.Skills() {
		forms, bytes := formsOf(s)
		f.forms = append(f.forms, forms...)
		patterns = append(patterns, bytes...)
		if len(s.Ambiguous) > 0 {
			f.cues[s.ID] = newCues(s, usedBy[s.ID])
		}
	}
	f.auto = newAutomaton(patterns)
	f.addSenses(c)
	f.addDeeds(c)
	return f
}

// Find is FindIn for a plain text without layout or sections, such as a job posting.
func (f *Finder) Find(text string) []Mention {
	return f.FindIn(&resume.Document{Text: text})
}

// FindIn finds the mentions of skills in a document, in order of their place. Mentions do not overlap: the longest name wins, and
// of names that begin at one place the one that needs no context.
func (f *Finder) FindIn(doc *resume.Document) []Mention {
	t := newTextView([]rune(doc.Text))
	candidates := f.candidates(t)
	return f.settle(t, doc, candidates, f.judgeAll(t, doc, candidates))
}

// settle keeps the candidates that passed, with what is said of them.
func (f *Finder) settle(t *textView, doc *resume.Document, candidates []candidate, all []judged) []Mention {
	mentions := make([]Mention, 0, len(all))
	s := f.setting(all)
	for _, j := range all {
		c, m := j.candidate, j.mention
		if (m.Confidence < acceptance || t.business(c, m)) && !mutant.On(mutant.WordsAreSkills) {
			continue
		}
		if kind := f.forms[c.form].skill.Kind; t.proper(c, m, kind) || t.studied(m, kind) || t.plural(c, m, kind, s) {
			continue
		}
		switch t.attitude(c, candidates) {
		case denied:
			if mutant.On(mutant.DenialsCount) {
				break
			}
			continue
		case wished:
			m.Negated = !mutant.On(mutant.WishesCount)
		case someoneElses:
			m.Confidence *= doubt
		case asserted:
		}
		if employer(doc, m) {
			m.Confidence *= doubt
		}
		if mutant.On(mutant.SpansShifted) {
			m.Start, m.End = m.Start+1, m.End+1
		}
		if mutant.On(mutant.SectionsLost) {
			m.Section = resume.SectionHeader
		}
		mentions = append(mentions, m)
	}
	return mentions
}

// Scan counts the names in a text that is in lower case already, whatever stands around them: one walk of the automaton, and all of its
// price. It is there to be measured.
func (f *Finder) Scan(text []byte) int {
	n := 0
	f.auto.each(text, func(int, int, int) { n++ })
	return n
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

// business tells whether a name in capitals is what a firm or a place is called: "Prometheus Brewery", "Café Java", "MongoDB Inc.".
func (t *textView) business(c candidate, m Mention) bool {
	return m.Text != strings.ToLower(m.Text) && (firms[t.wordAfter(c.end)] || firmsBefore[t.wordBefore(c.start)])
}

// judged is a candidate with the mention that it would be.
type judged struct {
	candidate candidate
	mention   Mention
}

// looks are how often the ambiguous words are judged: by the names that stand on their own, and by those that passed so far, since a
// list such as "C, Rust, R" holds nothing else.
const looks = 3

// judgeAll gives every candidate its confidence.
func (f *Finder) judgeAll(t *textView, doc *resume.Document, candidates []candidate) []judged {
	all := make([]judged, len(candidates))
	for i, c := range candidates {
		fm := f.forms[c.form]
		start, end := t.span(c.start, c.end)
		all[i] = judged{c, Mention{
			SkillID: fm.skill.ID, Start: start, End: end, Text: string(t.runes[start:end]),
			Page: doc.PageAt(start), Section: doc.SectionAt(start),
		}}
		if !fm.ambiguous {
			all[i].mention.Confidence = 1
		}
	}
	passed := -1
	for range looks {
		s := f.setting(all)
		if len(s.sure) == passed {
			break
		}
		passed = len(s.sure)
		for i, j := range all {
			if j.mention.Confidence < acceptance {
				x := f.featuresAt(t, j.candidate, f.forms[j.candidate.form], j.mention, s)
				all[i].mention.Confidence = x.probability(&f.weights)
			}
		}
	}
	return all
}

// sureness is the probability from which an ambiguous word speaks for others that are written like it.
const sureness = 0.9

// setting gathers what is sure by now.
func (f *Finder) setting(all []judged) *setting {
	s := &setting{named: map[string]bool{}, repeated: map[string]bool{}}
	for _, j := range all {
		if j.mention.Confidence < acceptance {
			continue
		}
		fm := f.forms[j.candidate.form]
		s.sure, s.products = append(s.sure, j.candidate), append(s.products, product(fm.skill.Kind))
		switch {
		case !fm.ambiguous:
			s.named[fm.skill.ID] = true
		case j.mention.Confidence >= sureness:
			s.repeated[j.mention.Text] = true
		}
	}
	return s
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
	keep := func(pattern, start, end int) {
		if extended, ok := t.bounded(start, end); ok {
			all = append(all, candidate{form: pattern, start: start, end: extended, grown: extended > end})
		}
	}
	f.auto.each(t.folded.bytes, keep)
	f.mendBreaks(t, keep)
	f.deeds(t, keep)
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
	for i, c := range kept {
		kept[i].form = f.sense(t, c)
	}
	return kept
}

// breakReach bounds, in bytes, how far the parts of a name reach on both sides of the hyphen that breaks it.
const breakReach = 48

// mendBreaks looks for names that a hyphen at the end of a line breaks inside a word ("Kuber-\nnetes"). The hyphens that belong to a name
// ("real-\ntime") are gaps like any other, so only what goes over the mended place is new.
func (f *Finder) mendBreaks(t *textView, found func(pattern, start, end int)) {
	b := t.folded.bytes
	for _, gap := range t.folded.breaks {
		at := int(gap)
		from, to := max(0, at-breakReach), min(len(b), at+1+breakReach)
		mended := slices.Concat(b[from:at], b[at+1:to])
		f.auto.each(mended, func(pattern, start, end int) {
			if start < at-from && end > at-from {
				found(pattern, from+start, from+end+1)
			}
		})
	}
}
