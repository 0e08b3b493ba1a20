package skill

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/resume"
)

// acceptance is the probability at which an ambiguous word counts as the skill. In cross-validation it loses some two in a hundred of those
// that mean it and keeps one in a hundred of the others.
const acceptance = 0.4

// feature is something about the place of an ambiguous word that speaks for or against the skill. A place has it 0, 1 or 2 times.
type feature int

// The features. Their weights, in log-odds, stand in contextWeights.
const (
	featBias            feature = iota // 1 everywhere: an everyday word is more often the everyday word
	featLetter                         // a single letter
	featCase                           // written with the capitals of the name
	featLower                          // all lower case though the name has capitals
	featCapsAlone                      // all capitals though neither the name nor the words around are: "SWIFT payments"
	featCapsAmong                      // all capitals among such: "SKILLS: JAVA, GO"
	featNoCase                         // the name has no capitals, so that case says nothing
	featOtherCase                      // in other capitals than the name: "Rest" for REST
	featPlural                         // with a plural s that the name has not: "notions", "springs"
	featSentenceStart                  // a capital that grammar explains
	featCue                            // a word that goes with the skill is near; twice at most
	featKin                            // a sure skill near is of the same ecosystem in the catalogue; twice at most
	featNotCue                         // a word that goes with another meaning is near
	featNotPhrase                      // the word is part of a phrase that is known to mean something else
	featListProduct                    // the next item of the list is surely a technology; each side counts
	featListOther                      // the next item of the list is a skill of another kind; each side counts
	featListCue                        // the next item of the list goes with the skill; each side counts
	featRun                            // a sure technology stands right beside, with a space alone between: "java spring hibernate"; each side counts
	featRunLong                        // of such, three or more stand in a row
	featLowerAmong                     // lower case like the names right beside it
	featItem                           // separators, brackets or ends of line on both sides
	featAlone                          // a line of its own
	featNear                           // a sure technology stands in the same sentence
	featNamed                          // the document names the skill elsewhere in words that mean nothing else
	featRepeated                       // written the same way elsewhere in the document, where it is surely the skill
	featSkillsSection                  // in a section of skills
	featPersonSection                  // in the header, interests or education
	featLabel                          // in a line that says what it lists: "Languages: C, Go"
	featUsedWith                       // "using Go", "in R", "mit Go"
	featHeadNoun                       // "Go developer", "R scripts", "Rust service"
	featProperNeighbour                // part of a longer proper name: "American Express", "Salt Lake"
	featInitial                        // a letter between two names: "Anna C. Peters"
	featHyphen                         // "go-live"
	featGrammar                        // a determiner or an auxiliary before a word in lower case: "the rest", "to make"
	featGoesOn                         // a function word after it that goes on a verb or a noun: "access to", "make sure"
	featAt                             // "at Oracle", "bei SAP": where somebody worked
	featOrganisation                   // "Oracle Corporation", "Unity Hospital"
	featPlace                          // "Phoenix, AZ"
	numFeatures         = iota
)

// features are the counts of all features at a place.
type features [numFeatures]float64

// probability is the logistic model of the weights.
func (x *features) probability(weights *features) float64 {
	sum := 0.0
	for i, w := range weights {
		sum += w * x[i]
	}
	return 1 / (1 + math.Exp(-sum))
}

// cues are the folded words for and against an ambiguous skill, and the ids of the skills that it is used with.
type cues struct {
	for_, against []string
	kin           map[string]bool
}

func newCues(s *catalog.Skill, usedBy []string) cues {
	kin := map[string]bool{}
	for _, id := range slices.Concat(s.Ecosystem, usedBy) {
		kin[id] = true
	}
	foldAll := func(list []string) []string {
		out := make([]string, 0, len(list))
		for _, w := range list {
			if w = foldName(w); w != "" {
				out = append(out, w)
			}
		}
		return out
	}
	return cues{for_: foldAll(s.Cues), against: foldAll(s.NotCues), kin: kin}
}

// How far context reaches, in bytes of the folded text: about a dozen words for cues, one list item for neighbours.
const (
	cueReach  = 90
	nearReach = 120
	listReach = 40
)

// setting is what is known of a document when the words of one place are judged.
type setting struct {
	sure     []candidate     // names that stand on their own or were accepted, in order
	products []bool          // of each sure one, whether it is a technology rather than a practice or a trait
	named    map[string]bool // ids of skills that are named in words that mean nothing else
	repeated map[string]bool // words, as written, that surely mean their skill elsewhere
}

// lettering is how a mention is written beside how the catalogue writes its form.
type lettering struct {
	single, exact, lower, caps, plain bool // plain: the form has no capitals
}

func letteringOf(text, form string) lettering {
	l := lettering{
		single: len([]rune(text)) == 1,
		plain:  form == strings.ToLower(form),
		lower:  text == strings.ToLower(text),
	}
	l.exact = text == form || strings.TrimSuffix(text, "s") == form // with a plural s taken in
	l.caps = !l.exact && !l.lower && text == strings.ToUpper(text)
	return l
}

// featuresAt reads the place of an ambiguous word.
func (f *Finder) featuresAt(t *textView, c candidate, fm form, m Mention, s *setting) features {
	var x features
	x[featBias] = 1
	l := letteringOf(m.Text, fm.text)
	among := t.capsAround(m)
	flat := l.lower || among // where case does not tell a name from a word
	t.lettering(&x, l, c, among)
	f.cuesAt(&x, t, c, f.cues[fm.skill.ID])
	if x[featNotPhrase] > 0 { // which settles it, whatever stands around: "CSS (less than a year), Bootstrap"
		return features{featBias: 1, featNotPhrase: 1}
	}

	neighbours := t.neighbours(c, s)
	x[featListProduct], x[featListOther] = neighbours.products, neighbours.others
	x[featRun], x[featRunLong] = neighbours.run, flag(neighbours.long)
	x[featLowerAmong] = flag(l.lower && !l.plain && neighbours.lower)
	listed := neighbours.products+neighbours.others+neighbours.run > 0
	x[featNear] = flag(!listed && t.nearSure(c, s))
	x[featItem], x[featAlone] = t.itemAt(m)
	x[featKin] = f.kinNear(c, f.cues[fm.skill.ID].kin, s)
	x[featNamed] = flag(s.named[fm.skill.ID])
	x[featRepeated] = flag(s.repeated[m.Text])

	switch m.Section {
	case resume.SectionSkills:
		x[featSkillsSection] = 1
	case resume.SectionHeader, resume.SectionInterests, resume.SectionEducation:
		x[featPersonSection] = 1
	case resume.SectionSummary, resume.SectionExperience, resume.SectionProjects, resume.SectionCertifications,
		resume.SectionPublications, resume.SectionAwards, resume.SectionOther:
	}
	x[featLabel] = flag(t.labelled(m.Start))

	prev, next := t.wordBefore(c.start), t.wordAfter(c.end)
	headed := headNouns[next] || slices.ContainsFunc(headsWithoutSpace, func(h string) bool { return strings.HasPrefix(next, h) }) || headNounsBefore[prev]
	x[featUsedWith] = flag(usedWith[prev] && !l.lower)
	x[featHeadNoun] = flag(headed)
	x[featGrammar] = flag(flat && grammarBefore[prev])
	known := !l.lower && knowing[prev] && next == "well" // "knows React well" is no reaction
	x[featGoesOn] = flag(goesOn[next] && x[featItem] == 0 && !known)
	x[featHyphen] = flag(t.hyphenated(m) && !headed && next != "based") // "Go-Entwickler", "React-based"
	x[featAt] = flag(!l.lower && (employedAt[prev] || prev == "for" && worked[t.wordBefore(c.start-len(" for"))]))
	x[featOrganisation] = flag(!l.lower && (organisations[next] || organisationsBefore[prev]))
	x[featPlace] = flag(len(m.Text) > 1 && t.placeAfter(m.End))
	if !listed && !headed && x[featListCue] == 0 {
		x[featProperNeighbour] = flag(!among && t.properNeighbour(m))
	}
	x[featInitial] = flag(l.single && !usedWith[prev] && t.initial(m))
	return x
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// lettering sets the features of capitals.
func (t *textView) lettering(x *features, l lettering, c candidate, among bool) {
	x[featLetter] = flag(l.single)
	switch {
	case l.plain:
		x[featNoCase] = 1
	case l.exact && among && !l.single:
		x[featCapsAmong] = 1 // "REST" where all is capitals
	case l.exact:
		x[featCase] = 1
		x[featSentenceStart] = flag(!l.single && t.sentenceStart(c.start))
	case l.lower:
		x[featLower] = 1
	case l.caps && among:
		x[featCapsAmong] = 1
	case l.caps:
		x[featCapsAlone] = 1
	default:
		x[featOtherCase] = 1
	}
	x[featPlural] = flag(c.grown && t.text[c.end-1] == 's')
}

// cuesAt sets the features of words that go with the skill or with another meaning.
func (f *Finder) cuesAt(x *features, t *textView, c candidate, words cues) {
	window := t.text[max(0, c.start-cueReach):min(len(t.text), c.end+cueReach)]
	left, right := t.itemsBeside(c)
	word := t.text[c.start:c.end]
	for _, cue := range words.against {
		if !containsWord(cue, word) {
			if x[featNotCue] == 0 && containsWord(t.text[max(0, c.start-listReach):min(len(t.text), c.end+listReach)], cue) {
				x[featNotCue] = 1
			}
			continue
		}
		if containsWord(t.text[max(0, c.start-len(cue)):min(len(t.text), c.end+len(cue))], cue) {
			x[featNotPhrase] = 1
			return
		}
	}
	for _, cue := range words.for_ {
		if cue == word { // "GPO" speaks for "AD", and not for itself
			continue
		}
		if x[featCue] < 2 && containsWord(window, cue) {
			x[featCue]++
		}
		if strings.HasPrefix(right, cue) && !wordBeginsAt(right, len(cue)) || strings.HasSuffix(left, cue) && !wordEndsAt(left, len(left)-len(cue)) {
			x[featListCue] = min(2, x[featListCue]+1)
		}
	}
}

// kinNear counts the sure skills near a word that are used with the skill, two at most.
func (f *Finder) kinNear(c candidate, kin map[string]bool, s *setting) float64 {
	i, _ := slices.BinarySearchFunc(s.sure, c.start-cueReach, func(s candidate, at int) int { return s.start - at })
	n := 0.0
	for ; i < len(s.sure) && s.sure[i].start < c.end+cueReach && n < 2; i++ {
		n += flag(kin[f.forms[s.sure[i].form].skill.ID])
	}
	return n
}

// containsWord tells whether phrase stands in text between word boundaries.
func containsWord(text, phrase string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], phrase)
		if i < 0 || phrase == "" {
			return false
		}
		i += from
		j := i + len(phrase)
		if !wordEndsAt(text, i) && !wordBeginsAt(text, j) {
			return true
		}
		from = i + 1
	}
}

// labelReach bounds the line that a label is looked for in, in code points.
const labelReach = 160

// labelled tells whether the line before start opens with a label of skills and a colon, with nothing but one list between.
func (t *textView) labelled(start int) bool {
	colon := -1
	for i := start - 1; i >= max(0, start-labelReach) && t.runes[i] != '\n'; i-- {
		if strings.ContainsRune(".;!?", t.runes[i]) && i+1 < start && t.runes[i+1] == ' ' {
			return false
		}
		if t.runes[i] == ':' {
			colon = i
			break
		}
	}
	if colon < 0 {
		return false
	}
	for colon > 0 && t.runes[colon-1] == ' ' { // "Langages : Go"
		colon--
	}
	i := colon
	for i > 0 && unicode.IsLetter(t.runes[i-1]) {
		i--
	}
	return labels[strings.ToLower(string(t.runes[i:colon]))]
}

// sentenceStart tells whether grammar alone explains a capital at this place.
func (t *textView) sentenceStart(start int) bool {
	i := t.origin(start) - 1
	for i >= 0 && (t.runes[i] == ' ' || t.runes[i] == '\u00a0') {
		i--
	}
	return i < 0 || strings.ContainsRune(".!?\n•·▪◦*–—", t.runes[i])
}

// hyphenated tells whether a hyphen ties the word to another.
func (t *textView) hyphenated(m Mention) bool {
	return m.Start > 1 && t.runes[m.Start-1] == '-' && unicode.IsLetter(t.runes[m.Start-2]) ||
		m.End+1 < len(t.runes) && t.runes[m.End] == '-' && unicode.IsLetter(t.runes[m.End+1])
}

// capsReach is how far around a mention capitals are counted, in code points.
const capsReach = 40

// capsAround tells whether the words around a mention are written in capitals throughout.
func (t *textView) capsAround(m Mention) bool {
	upper, lower := 0, 0
	for i := max(0, m.Start-capsReach); i < min(len(t.runes), m.End+capsReach); i++ {
		switch r := t.runes[i]; {
		case i >= m.Start && i < m.End:
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper >= 4 && lower*8 <= upper
}

// properNeighbour tells whether a capitalised word right beside makes the word part of a longer name.
func (t *textView) properNeighbour(m Mention) bool {
	if m.Start > 1 && t.runes[m.Start-1] == ' ' {
		i := m.Start - 2
		for i >= 0 && unicode.IsLetter(t.runes[i]) {
			i--
		}
		if first := t.runes[i+1]; i+1 < m.Start-1 && unicode.IsUpper(first) && m.Start-1-(i+1) > 3 && !t.sentenceStart2(i+1) {
			return true
		}
	}
	if m.End+1 < len(t.runes) && t.runes[m.End] == ' ' && unicode.IsUpper(t.runes[m.End+1]) {
		return m.End+2 < len(t.runes) && unicode.IsLower(t.runes[m.End+2])
	}
	return false
}

// initial tells whether a letter stands for a name between two others: "Anna C. Peters".
func (t *textView) initial(m Mention) bool {
	i := m.Start - 1
	for i > 0 && unicode.IsLetter(t.runes[i-1]) {
		i--
	}
	return i >= 0 && i < m.Start-2 && t.runes[m.Start-1] == ' ' && unicode.IsUpper(t.runes[i]) && unicode.IsLower(t.runes[i+1]) &&
		m.End+2 < len(t.runes) && t.runes[m.End] == '.' && t.runes[m.End+1] == ' ' && unicode.IsUpper(t.runes[m.End+2])
}

// sentenceStart2 is sentenceStart for a code point.
func (t *textView) sentenceStart2(i int) bool {
	for i--; i >= 0 && (t.runes[i] == ' ' || t.runes[i] == '\u00a0'); i-- {
	}
	return i < 0 || strings.ContainsRune(".!?\n•·▪◦*–—", t.runes[i])
}

// placeAfter tells whether what follows is the rest of an address: ", AZ", ", Arizona", " City".
func (t *textView) placeAfter(end int) bool {
	i := end
	for i < len(t.runes) && (t.runes[i] == ' ' || t.runes[i] == ',') {
		i++
	}
	j := i
	for j < len(t.runes) && unicode.IsLetter(t.runes[j]) {
		j++
	}
	word := string(t.runes[i:j])
	if i == end || word == "" || !unicode.IsUpper(t.runes[i]) {
		return false
	}
	return states[word] && t.runes[i-1] == ' ' && i-end == 2 || places[strings.ToLower(word)]
}
