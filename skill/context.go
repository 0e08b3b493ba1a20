package skill

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/resume"
)

// acceptance is the probability at which an ambiguous word counts as the skill.
const acceptance = 0.5

// The features of an ambiguous word and their weights, in log-odds. They were set by hand against the false hits that were counted
// in real resumes (verbs, places, companies) and are checked by the labelled sentences in testdata.
const (
	featBias           = -1.2 // an everyday word is more often the everyday word
	featBiasLetter     = -0.6 // a single letter is worse
	featCase           = 1.0  // written with the capitals of the name
	featLower          = -2.2 // all lower case though the name has capitals
	featSentenceStart  = -0.8 // a capital that grammar explains
	featCue            = 1.6  // a word that goes with the skill is near; twice at most
	featNotCue         = -5.0 // a word that goes with another meaning is near
	featNotPhrase      = -8.0 // the word is part of a phrase that is known to mean something else
	featListNeighbour  = 2.2  // the next item of the same list is a skill; each side counts
	featNear           = 0.7  // a sure skill stands in the same sentence; once
	featSkillsSection  = 1.6
	featPersonSection  = -1.0 // header, interests, education
	featLabel          = 1.6  // in a line that says what it lists: "Languages: C, Go"
	featUsedWith       = 1.1  // "using Go", "in R", "mit Go"
	featHeadNoun       = 2.0  // "Go developer", "R scripts", "Rust service"
	featProperNeighbor = -1.4 // part of a longer proper name: "American Express", "Salt Lake"
	featHyphen         = -2.5 // "go-live"
	featGrammar        = -1.6 // a determiner or an auxiliary before a lower-case word: "the rest", "to make"
)

// cues are the folded words for and against an ambiguous skill.
type cues struct{ for_, against []string }

func newCues(s *catalog.Skill) cues {
	foldAll := func(list []string) []string {
		out := make([]string, 0, len(list))
		for _, w := range list {
			out = append(out, strings.TrimSpace(string(fold([]rune(w)).bytes)))
		}
		return out
	}
	return cues{for_: foldAll(s.Cues), against: foldAll(s.NotCues)}
}

// How far context reaches, in bytes of the folded text: about a dozen words for cues, one list item for neighbours.
const (
	cueReach  = 90
	nearReach = 120
	listReach = 40
)

var headNouns = []string{
	"developer", "developers", "engineer", "engineers", "programmer", "programmers", "programming", "project", "projects", "crate", "crates", "powered", "driven", "language", "code", "codebase", "service", "services", "microservices",
	"backend", "api", "apis", "app", "apps", "application", "applications", "script", "scripts", "library", "framework", "server", "cluster", "clusters", "pipeline", "pipelines",
	"jobs", "playbooks", "recipes", "cookbooks", "charts", "components", "entwickler", "entwicklerin", "entwicklung", "programmierer", "anwendungen", "dienste", "développeur", "desarrollador",
}

// headsWithoutSpace are head nouns that the rest of the sentence follows without a space: "Go语言", "R言語".
var headsWithoutSpace = []string{"语言", "語言", "言語", "언어", "开发", "開發", "開発", "개발"}

// headNounsBefore are head nouns of languages that put the name after them: "développeur Go".
var headNounsBefore = []string{"développeur", "développeuse", "développeurs", "programmeur", "développement", "desarrollador", "desarrolladora", "desarrolladores", "programador", "programadora", "desarrollo", "entwickler", "entwicklerin"}

var usedWith = []string{"using", "in", "with", "via", "on", "mit", "avec", "en", "con", "and", "or", "und", "et", "y", "e.g.", "like", "including", "written", "write", "writes", "writing", "wrote"}

var grammarBefore = []string{"the", "to", "a", "an", "we", "you", "i", "will", "can", "could", "must", "should", "would", "not", "than", "more", "no", "for", "from", "your", "our", "their", "his", "her", "its", "this", "that", "all", "other", "across", "between", "multiple", "various", "engineering", "development", "lead", "led", "of"}

// judge gives the probability that an ambiguous word means the skill.
func (f *Finder) judge(t *textView, c candidate, fm form, m Mention, sure []candidate) float64 {
	b := t.folded.bytes
	x := featBias
	written := []rune(m.Text)
	if len(written) == 1 {
		x += featBiasLetter
	}

	lower := m.Text == strings.ToLower(m.Text)
	nameLower := fm.text == strings.ToLower(fm.text)
	switch {
	case m.Text == fm.text && !nameLower:
		x += featCase
		if len(written) > 1 && t.sentenceStart(c.start) {
			x += featSentenceStart
		}
	case lower && !nameLower:
		x += featLower
	}

	window := string(b[max(0, c.start-cueReach):min(len(b), c.end+cueReach)])
	hits := 0
	for _, cue := range f.cues[fm.skill.ID].for_ {
		if hits < 2 && containsWord(window, cue) {
			hits++
		}
	}
	x += featCue * float64(hits)
	against := false
	for _, cue := range f.cues[fm.skill.ID].against {
		near, covers := t.phraseAt(cue, c)
		if covers {
			x += featNotPhrase
			break
		}
		against = against || near
	}
	if against {
		x += featNotCue
	}

	before, after := t.listNeighbours(c, sure)
	if before {
		x += featListNeighbour
	}
	if after {
		x += featListNeighbour
	}
	if !before && !after && t.nearSure(c, sure) {
		x += featNear
	}

	switch m.Section {
	case resume.SectionSkills:
		x += featSkillsSection
	case resume.SectionHeader, resume.SectionInterests, resume.SectionEducation:
		x += featPersonSection
	case resume.SectionSummary, resume.SectionExperience, resume.SectionProjects, resume.SectionCertifications,
		resume.SectionPublications, resume.SectionAwards, resume.SectionOther:
	}

	if t.labelled(m.Start) {
		x += featLabel
	}

	prev, next := t.wordBefore(c.start), t.wordAfter(c.end)
	if slices.Contains(usedWith, prev) && !lower {
		x += featUsedWith
	}
	headed := slices.Contains(headNouns, next) || slices.ContainsFunc(headsWithoutSpace, func(h string) bool { return strings.HasPrefix(next, h) }) || slices.Contains(headNounsBefore, prev)
	if headed {
		x += featHeadNoun
	}
	if lower && slices.Contains(grammarBefore, prev) {
		x += featGrammar
	}
	if t.hyphenated(m) && !headed && next != "based" { // "Go-Entwickler", "React-based"
		x += featHyphen
	}
	if !before && !after && !headed && t.properNeighbour(m) {
		x += featProperNeighbor
	}
	return 1 / (1 + math.Exp(-x))
}

// labels are the last words of labels that announce a list of skills.
var labels = []string{
	"languages", "language", "programming", "coding", "frameworks", "libraries", "tools", "technologies", "tech", "stack", "databases", "skills", "software", "backend", "frontend", "infrastructure",
	"programmiersprachen", "sprachen", "technologien", "werkzeuge", "datenbanken", "kenntnisse", "langages", "outils", "technologies", "compétences", "lenguajes", "herramientas", "tecnologías",
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
	i := colon
	for i > 0 && unicode.IsLetter(t.runes[i-1]) {
		i--
	}
	return slices.Contains(labels, strings.ToLower(string(t.runes[i:colon])))
}

// listNeighbours tells whether a sure skill stands as the previous or next item of the same list: nothing but separators, brackets
// and a version between.
func (t *textView) listNeighbours(c candidate, sure []candidate) (before, after bool) {
	b := t.folded.bytes
	i, _ := slices.BinarySearchFunc(sure, c.start, func(s candidate, at int) int { return s.start - at })
	if i > 0 && c.start-sure[i-1].end <= listReach {
		before = onlySeparators(b[sure[i-1].end:c.start])
	}
	if i < len(sure) && sure[i].start-c.end <= listReach {
		after = onlySeparators(b[c.end:sure[i].start])
	}
	return before, after
}

// nearSure tells whether the sure skill before or after stands near, in the same paragraph.
func (t *textView) nearSure(c candidate, sure []candidate) bool {
	i, _ := slices.BinarySearchFunc(sure, c.start, func(s candidate, at int) int { return s.start - at })
	return slices.ContainsFunc(sure[max(0, i-1):min(len(sure), i+1)], func(s candidate) bool {
		return s.end > c.start-nearReach && s.start < c.end+nearReach &&
			!slices.Contains(t.folded.bytes[min(s.start, c.start):max(s.end, c.end)], paragraphBreak)
	})
}

// onlySeparators tells whether what stands between two names is a list's punctuation: at least one mark or conjunction.
func onlySeparators(between []byte) bool {
	mark := false
	s := string(between)
	for _, word := range []string{" and ", " or ", " und ", " et ", " y "} {
		if strings.Contains(s, word) {
			mark = true
			s = strings.ReplaceAll(s, word, " ")
		}
	}
	for _, r := range s {
		switch {
		case strings.ContainsRune(",/|;•·()[]&:+", r):
			mark = true
		case r == ' ' || r == '.' || unicode.IsDigit(r):
		default:
			return false
		}
	}
	return mark
}

// phraseAt tells whether a phrase that does not hold the candidate stands near it, or one that does stands at its place.
func (t *textView) phraseAt(phrase string, c candidate) (near, covers bool) {
	b := t.folded.bytes
	if !containsWord(phrase, string(b[c.start:c.end])) {
		return containsWord(string(b[max(0, c.start-listReach):min(len(b), c.end+listReach)]), phrase), false
	}
	return false, containsWord(string(b[max(0, c.start-len(phrase)):min(len(b), c.end+len(phrase))]), phrase)
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

// properNeighbour tells whether a capitalised word right beside makes the word part of a longer name.
func (t *textView) properNeighbour(m Mention) bool {
	if m.Start > 1 && t.runes[m.Start-1] == ' ' {
		i := m.Start - 2
		for i >= 0 && unicode.IsLetter(t.runes[i]) {
			i--
		}
		if first := t.runes[i+1]; i+1 < m.Start-1 && unicode.IsUpper(first) && m.Start-1-(i+1) > 3 {
			return true
		}
	}
	if m.End+1 < len(t.runes) && t.runes[m.End] == ' ' && unicode.IsUpper(t.runes[m.End+1]) {
		return m.End+2 < len(t.runes) && unicode.IsLower(t.runes[m.End+2])
	}
	return false
}

func (t *textView) wordBefore(start int) string {
	b := t.folded.bytes[:start]
	j := len(b)
	for j > 0 && b[j-1] == ' ' {
		j--
	}
	i := j
	for i > 0 && isWord(b[i-1]) {
		i--
	}
	return string(b[i:j])
}

func (t *textView) wordAfter(end int) string {
	b := t.folded.bytes[end:]
	i := 0
	for i < len(b) && b[i] == ' ' {
		i++
	}
	j := i
	for j < len(b) && isWord(b[j]) {
		j++
	}
	return string(b[i:j])
}
