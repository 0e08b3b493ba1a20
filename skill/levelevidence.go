package skill

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/gapwise/gapwise/resume"
)

// evidence is what a document shows of one skill.
type evidence struct {
	mentions []Mention
	onlyWish bool // named only as something to learn
	aside    bool // named only in interests, the header or somebody else's work

	positions []int               // indexes of the positions that name it
	months    []resume.MonthRange // of those that are dated
	guided    []resume.MonthRange // of those whose title says that the holder works under guidance
	undated   bool                // used at work outside every position that could be read
	telling   int                 // sentences of work that tell of it, and do not only list it
	owned     int                 // of these, those that say that the work was the person's own
	measured  int                 // of these, those with a figure of what it brought
	shared    int                 // sentences of work that was shared or looked on
	others    int                 // sentences of work that was somebody else's

	titled    bool // in the title of a position, or in the headline
	listed    bool // in a list of skills
	summed    bool // in the summary
	project   bool
	built     bool // in a project, in a sentence that says that it is the person's own
	certified bool
	studied   bool
	limited   bool // a word right beside it makes it less, and nothing else tells of it

	rating  int // of oneself, 0 for none; the highest
	claimed int // months by the person's own count
}

// levelView is a document as evidence is read from it.
type levelView struct {
	doc      *resume.Document
	mentions []Mention
	text     []rune
	asOf     time.Time
	spans    []resume.MonthRange // of the positions
	guided   []bool              // of the positions
	lists    []int               // of the mentions, where the list begins that it is an item of
	units    map[int]unit        // by start
	crowd    map[int]int         // mentions of a unit, by its start
	numbers  map[int]bool        // sections whose numbers rate, by their start
	loose    bool                // no part of it could be told to be of work
}

// unit is an item of a list, or a sentence of prose.
type unit struct {
	start, end                              int
	own, shared, others, measured, listOnly bool
}

func newLevelView(doc *resume.Document, mentions []Mention, asOf time.Time) *levelView {
	v := &levelView{
		doc: doc, mentions: mentions, text: []rune(doc.Text), asOf: asOf, spans: make([]resume.MonthRange, len(doc.Positions)), guided: make([]bool, len(doc.Positions)),
		lists: make([]int, len(mentions)), units: map[int]unit{}, crowd: map[int]int{}, numbers: map[int]bool{},
	}
	for i, p := range doc.Positions {
		v.spans[i] = p.Months(asOf)
		eachWord(levelTokens(p.Title), func(kind wordKind, _, _ int) { v.guided[i] = v.guided[i] || kind == wordJunior })
	}
	v.loose = len(doc.Positions) == 0
	for _, s := range doc.Sections {
		v.loose = v.loose && s.Kind != resume.SectionExperience && s.Kind != resume.SectionProjects && s.Kind != resume.SectionSkills
		head := v.text[s.Start:min(len(v.text), s.Start+200, s.End)]
		v.numbers[s.Start] = s.Kind == resume.SectionSkills && numbersRate.MatchString(string(head))
	}
	for i, m := range mentions {
		v.lists[i] = m.Start
		if i > 0 && m.Start >= mentions[i-1].End && m.Start-mentions[i-1].End < joinReach && joined.MatchString(string(v.text[mentions[i-1].End:m.Start])) {
			v.lists[i] = v.lists[i-1]
		}
		start, _ := v.unitBounds(m)
		v.crowd[start]++
	}
	return v
}

// joined is what stands between two items of one list.
var joined = regexp.MustCompile(`(?i)^[\s\d.+]*[,/&|·•(]?\s*(?:(?:and|or|und|oder|et|ou|y|o|e|en)\s+)?[\s(]*$`)

// joinReach bounds it, in code points.
const joinReach = 40

// unitReach bounds a unit on each side of a mention, in code points.
const unitReach = 320

// unitBounds is the item or the sentence that holds a mention.
func (v *levelView) unitBounds(m Mention) (start, end int) {
	start, end = m.Start, m.End
	for start > 0 && m.Start-start < unitReach && !v.breaks(start) {
		start--
	}
	for end < len(v.text) && end-m.End < unitReach && !v.breaks(end) {
		end++
	}
	return start, end
}

// breaks tells whether a unit ends before the code point at i and another begins with it.
func (v *levelView) breaks(i int) bool {
	if v.text[i-1] == '\n' {
		return startsItem(v.text[i:])
	}
	if i < 2 || v.text[i-1] != ' ' || !strings.ContainsRune(".!?", v.text[i-2]) {
		return false
	}
	// A full stop ends a sentence where a capital follows, and an abbreviation ("e.g. Kafka") does not.
	return unicode.IsUpper(v.text[i]) && (i < 4 || v.text[i-4] != '.' && v.text[i-4] != ' ')
}

// startsItem tells whether a line begins an item or a paragraph of its own: with a bullet, empty, or with a label and a colon.
func startsItem(line []rune) bool {
	if len(line) == 0 || line[0] == '\n' || strings.ContainsRune("•·▪◦*–-—‣●○+▸►>▌■□➢✓→", line[0]) {
		return true
	}
	for i, r := range line[:min(len(line), 32)] {
		switch r {
		case ':':
			return i > 1
		case '\n', ',', '.':
			return false
		}
	}
	return false
}

// unitOf reads the unit that holds a mention, once.
func (v *levelView) unitOf(m Mention) unit {
	start, end := v.unitBounds(m)
	u, ok := v.units[start]
	if ok && u.end >= m.End {
		return u
	}
	s := string(v.text[start:end])
	tokens := levelTokens(s)
	u = unit{start: start, end: end}
	label := 0
	if i := strings.IndexByte(s, ':'); i >= 0 && i < 32 {
		label = len(levelTokens(s[:i]))
	}
	eachWord(tokens, func(kind wordKind, at, _ int) {
		switch kind {
		case wordOwn:
			u.own = true
		case wordOpening:
			u.own = u.own || at == 0 || at == label
		case wordShared:
			u.shared = true
		case wordElse:
			u.others = true
		}
	})
	u.measured = outcome.MatchString(s)
	// Half of it or more is names of skills: a list of tools, whatever opens it.
	u.listOnly = !u.own && v.crowd[start] >= 2 && len(tokens) < 4*v.crowd[start]
	v.units[start] = u
	return u
}

// gather counts what the mentions show, by key: the id of a skill, or the name of one that the catalogue lacks.
func (v *levelView) gather(mentions []Mention) map[string]*evidence {
	all := map[string]*evidence{}
	for i, m := range mentions {
		key := m.SkillID
		if key == "" {
			key = unlisted + strings.ToLower(strings.Join(strings.Fields(m.Text), " "))
		}
		e := all[key]
		if e == nil {
			e = &evidence{onlyWish: true, aside: true}
			all[key] = e
		}
		e.mentions = append(e.mentions, m)
		if m.Negated {
			continue
		}
		e.onlyWish = false
		if m.Section == resume.SectionInterests || m.Confidence <= acceptance {
			continue
		}
		if m.Section == resume.SectionHeader && !v.headline(e, m) && !v.loose {
			continue
		}
		e.aside = false
		v.place(e, m)
		v.beside(e, m, v.lists[i])
	}
	return all
}

// headline tells whether the header names a skill as the person's: in a line with a title ("Java Developer | Columbus"), or in a sentence.
// A name alone may be anything, the person's own name too.
func (v *levelView) headline(e *evidence, m Mention) bool {
	u := v.unitOf(m)
	words := levelTokens(string(v.text[u.start:u.end]))
	line := levelTokens(string(v.line(m)))
	if slices.ContainsFunc(line, func(w string) bool { return slices.Contains(titleNouns, w) }) && len(line) < headlineWords {
		e.titled = true
		return true
	}
	return len(words) >= headlineWords
}

// headlineWords is how many words a sentence of a header has at least; its other lines have fewer.
const headlineWords = 8

// titleNouns are words of a title that say that somebody works with what stands beside them.
var titleNouns = strings.Fields(`developer engineer programmer architect administrator admin analyst consultant specialist designer manager lead tester scientist dba
	entwickler entwicklerin programmierer ingenieur ingenieurin berater beraterin administratorin softwareentwickler softwareentwicklerin
	développeur développeuse ingénieur ingénieure administrateur administratrice analyste chef architecte
	desarrollador desarrolladora ingeniero ingeniera programador programadora analista administrador administradora arquitecto
	sviluppatore ontwikkelaar desenvolvedor desenvolvedora`)

// line is the line that holds a mention.
func (v *levelView) line(m Mention) []rune {
	from, to := m.Start, m.End
	for from > 0 && v.text[from-1] != '\n' {
		from--
	}
	for to < len(v.text) && v.text[to] != '\n' {
		to++
	}
	return v.text[from:to]
}

// unlisted begins the key of a skill that the catalogue lacks.
const unlisted = "?"

// place counts where a mention stands and what is told of it there.
func (v *levelView) place(e *evidence, m Mention) {
	u := v.unitOf(m)
	inPosition := false
	for i, p := range v.doc.Positions {
		if m.Start < p.Span[0] || m.Start >= p.Span[1] {
			continue
		}
		inPosition = true
		e.titled = e.titled || m.Start < p.Span[0]+titleReach && strings.Contains(p.Title, m.Text)
		if slices.Contains(e.positions, i) {
			continue
		}
		e.positions = append(e.positions, i)
		if v.spans[i].To > v.spans[i].From {
			e.months = append(e.months, v.spans[i])
			if v.guided[i] {
				e.guided = append(e.guided, v.spans[i])
			}
		}
	}
	work := inPosition
	switch m.Section {
	case resume.SectionExperience:
		work = true
		e.undated = e.undated || !inPosition
	case resume.SectionProjects:
		work = true
		e.project = true
		e.built = e.built || u.own && !u.shared && !u.others
	case resume.SectionSkills:
		e.listed = true
	case resume.SectionSummary:
		e.summed = true
		work = work || u.own && !u.others
	case resume.SectionCertifications:
		e.certified = true
	case resume.SectionEducation:
		e.studied = true
	case resume.SectionHeader:
		e.summed = true
	case resume.SectionInterests, resume.SectionPublications, resume.SectionAwards, resume.SectionOther:
		e.listed = e.listed || !inPosition
	}
	if v.loose && !work && m.Section != resume.SectionEducation && m.Section != resume.SectionCertifications && (!u.listOnly || u.own) {
		work, e.undated = true, true
	}
	if !work {
		return
	}
	if u.others {
		e.others++
		return
	}
	if u.shared {
		e.shared++
		return
	}
	if !u.listOnly {
		e.telling++
	}
	if u.own {
		e.owned++
		if u.measured {
			e.measured++
		}
	}
}

// titleReach bounds the heading of a position in which its title stands, in code points.
const titleReach = 160

// How far beside a mention its own line is looked at for ratings, in code points: text that lost its line breaks has no other bound.
const (
	besideBefore = 400
	besideAfter  = 200
)

// beside takes what the person says of the skill right beside a mention.
func (v *levelView) beside(e *evidence, m Mention, list int) {
	from := m.Start
	for from > 0 && v.text[from-1] != '\n' && m.Start-from < besideBefore {
		from--
	}
	to := m.End
	for to < len(v.text) && v.text[to] != '\n' && to-m.End < besideAfter {
		to++
	}
	line := v.text[from:to]
	c := claimsBeside(line, m.Start-from, m.End-from, max(0, list-from), v.ratedSection(m.Start), v.asOf)
	if c.rating == 0 {
		c.rating = v.labelRating(line, m.Start-from, from)
	}
	e.claimed = max(e.claimed, c.months)
	e.rating = max(e.rating, c.rating)
	e.limited = e.limited || limitedBeside(line, m.Start-from, m.End-from)
}

func (v *levelView) ratedSection(at int) bool {
	for _, s := range v.doc.Sections {
		if at >= s.Start && at < s.End {
			return v.numbers[s.Start]
		}
	}
	return false
}

// labelRating is the rating of the label before a mention in its line, or of the line before it that is nothing else.
func (v *levelView) labelRating(line []rune, at, from int) int {
	before := string(line[:at])
	if i := strings.LastIndexByte(before, ':'); i >= 0 {
		label := before[:i]
		if j := strings.LastIndexAny(label, ";|.•"); j >= 0 {
			label = label[j+1:]
		}
		if len(levelTokens(label)) <= 6 && !strings.ContainsAny(before[i:], ";") {
			return ratingOf(label)
		}
		return 0
	}
	// Up to three lines of a list may stand under a line that rates them.
	for end := from - 1; end > 0 && from-end < 240; {
		start := end
		for start > 0 && v.text[start-1] != '\n' {
			start--
		}
		above := string(v.text[start:end])
		tokens := levelTokens(above)
		if len(tokens) == 0 || strings.ContainsAny(above, ".;") {
			return 0
		}
		if len(tokens) <= 4 && !strings.ContainsAny(above, ",|") && !v.names(start, end) {
			return ratingOf(above)
		}
		end = start - 1
	}
	return 0
}

// names tells whether a skill is named between two code points.
func (v *levelView) names(start, end int) bool {
	return slices.ContainsFunc(v.mentions, func(m Mention) bool { return m.Start < end && m.End > start })
}

// limitedBeside tells whether brackets right behind a mention make it less, or a word right before it: "(rarely)", "a bit of jQuery".
func limitedBeside(line []rune, start, end int) bool {
	after := strings.TrimLeft(string(line[end:min(len(line), end+60)]), " 0123456789.")
	limited := false
	check := func(s string) {
		eachWord(levelTokens(s), func(kind wordKind, _, _ int) { limited = limited || kind == wordLimit })
	}
	if inner, ok := strings.CutPrefix(after, "("); ok {
		if inside, _, ok := strings.Cut(inner, ")"); ok {
			check(inside)
		}
	}
	tokens := levelTokens(string(line[max(0, start-24):start]))
	check(strings.Join(tokens[max(0, len(tokens)-3):], " "))
	return limited
}
