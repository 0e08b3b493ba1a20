package posting

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/skill"
)

// How much of a text is kept as the excerpt of a requirement, in code points on each side.
const excerptReach = 70

var (
	niceHeading = regexp.MustCompile(`(?i)^\W*(nice to have|bonus|preferred|desirable|plus(es)?|good to have|extra credit|it would be great|von vorteil|wünschenswert|idealerweise|un plus|atouts?|les plus|se valora(rá)?|deseable|valorable)`)
	mustHeading = regexp.MustCompile(`(?i)^\W*(must|require|what you (bring|need|have)|you (bring|have|know)|minimum|qualification|your profile|who you are|das bringst du|dein profil|anforderung|was du mitbringst|profil|compétences|vous avez|requisitos|imprescindible|lo que)`)
	doHeading   = regexp.MustCompile(`(?i)^\W*(what you('ll| will)|your (work|role|tasks)|responsibilit|the role|deine aufgaben|vos missions|tus funciones|about)`)
	// What a firm gives, and what it says of itself, asks for nothing.
	giveHeading = regexp.MustCompile(`(?i)^\W*((our )?(benefits|perks)|(what )?we offer|about (us|(our|the) (company|firm|team|employer))|who we are\W*$|equal opportunit|wir bieten|was wir bieten|das bieten wir|unsere benefits|über uns|wer wir sind|nous offrons|ce que nous offrons|nos avantages|avantages|à propos de nous|qui sommes|ofrecemos|(lo )?que ofrecemos|beneficios|sobre nosotros|quiénes somos)`)
	niceInline  = regexp.MustCompile(`(?i)\b(is a plus|a plus|bonus|nice to have|preferred|helpful|ideally|desirable|would be (great|nice)|von vorteil|idealerweise|wäre schön|un plus|se valora|deseable)\b|\bappréci(é|ée|és|ées)(\PL|$)`) // \b knows no é
	expertWords = regexp.MustCompile(`(?i)\b(expert|deep|extensive|mastery|advanced|strong|solid|proven|(?:[5-9]|1\d)\+? ?(?:\+ )?(?:years|yrs|jahre|ans|años)|sehr gute|fundierte|maîtrise|sólid[oa]s?)\b`)
	basicWords  = regexp.MustCompile(`(?i)\b(basic|familiar(ity)?|exposure|some|understanding of|willing|first|1-2 years|grundkenntnisse|notions|nociones|básic[oa]s?)\b`)
)

// What a clause must hold for one of the patterns to be worth trying: each pattern's every alternative holds one of its stems. The patterns were
// half of what reading a posting cost, and most clauses hold none.
var (
	niceStems   = []string{"plus", "bonus", "nice to", "nice", "prefer", "helpful", "ideal", "desirab", "great", "vorteil", "schön", "valora", "deseable", "appréci"}
	expertStems = []string{"expert", "deep", "extensive", "mastery", "advanced", "strong", "solid", "proven", "gute", "fundierte", "maîtrise", "sólid"}
	yearStems   = []string{"year", "yrs", "jahre", "ans", "años"} // beside a number
	basicStems  = []string{"basic", "familiar", "exposure", "some", "understanding", "willing", "first", "1-2", "grundkenntnisse", "notions", "nociones", "básic"}
)

// says is what the words of a clause ask of every skill in it.
type says struct {
	nice  bool
	level int
}

func readClause(clause string) says {
	s := says{level: levelPlain}
	lower := strings.ToLower(clause)
	worth := func(stems []string) bool {
		return slices.ContainsFunc(stems, func(stem string) bool { return strings.Contains(lower, stem) })
	}
	s.nice = worth(niceStems) && niceInline.MatchString(clause)
	switch {
	case worth(basicStems) && basicWords.MatchString(clause):
		s.level = levelBasic
	case (worth(expertStems) || strings.ContainsAny(lower, "156789") && worth(yearStems)) && expertWords.MatchString(clause):
		s.level = levelHigh
	}
	return s
}

// Levels that words of a posting ask for.
const (
	levelPlain = catalog.LevelIntermediate
	levelHigh  = catalog.LevelAdvanced
	levelBasic = catalog.LevelNovice
)

// Requirements reads what a job description asks for, in order of first mention. A skill that is named twice keeps the stronger demand.
func Requirements(f Finder, text string) []Requirement {
	runes := []rune(text)
	out := []Requirement{}
	at := map[string]int{}
	lines := splitLines(runes)
	read := map[[2]int]says{} // by clause: a list of skills is one
	for _, m := range f.Find(text) {
		if m.Negated {
			continue
		}
		l := lineOf(lines, m.Start)
		if lines[l].gives {
			continue
		}
		from, to := clauseAround(runes, m.Start, m.End, lines[l])
		clause := string(runes[from:to])
		s, known := read[[2]int{from, to}]
		if !known {
			s = readClause(clause)
			read[[2]int{from, to}] = s
		}
		r := Requirement{Skill: m.SkillID, Start: m.Start, End: m.End, Must: lines[l].must && !s.nice, Level: s.level, Excerpt: excerpt(clause)}
		if i, seen := at[m.SkillID]; seen {
			prev := &out[i]
			if r.Must && !prev.Must || r.Must == prev.Must && r.Level > prev.Level {
				*prev = r
			}
			continue
		}
		at[m.SkillID] = len(out)
		out = append(out, r)
	}
	return out
}

// excerpt is a clause without the bullet that it begins with.
func excerpt(clause string) string {
	return strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(clause), "-•*· "))
}

// line is a line of a posting and whether what it names is a must.
type line struct {
	start, end int
	must       bool
	gives      bool // what the employer gives or is
}

// splitLines cuts a text into lines and carries the last heading's meaning down. Text under no heading that says otherwise is a must:
// adverts without structure name what they need.
func splitLines(runes []rune) []line {
	var out []line
	must, gives, blank := true, false, true
	for start := 0; start <= len(runes); {
		end := start
		for end < len(runes) && runes[end] != '\n' {
			end++
		}
		text := strings.TrimSpace(string(runes[start:end]))
		bullet := strings.HasPrefix(text, "-") || strings.HasPrefix(text, "•") || strings.HasPrefix(text, "*")
		if !bullet && len(text) < 80 {
			switch {
			case giveHeading.MatchString(text) && headed(text):
				gives = true
			case niceHeading.MatchString(text):
				must, gives = false, false
			case mustHeading.MatchString(text), doHeading.MatchString(text), gives && blank && headed(text):
				must, gives = true, false
			}
		}
		blank = text == ""
		out = append(out, line{start, end, must, gives})
		start = end + 1
	}
	return out
}

// headed tells whether a line can be a heading: a few words that end in no stop.
func headed(text string) bool {
	n := len(strings.Fields(text))
	return n > 0 && n <= 6 && !strings.ContainsAny(text[len(text)-1:], ".!?,;")
}

func lineOf(lines []line, offset int) int {
	i, found := slices.BinarySearchFunc(lines, offset, func(l line, at int) int { return l.start - at })
	if !found {
		i--
	}
	return i
}

// clauseAround is the sentence around a mention within its line, bounded on both sides.
func clauseAround(runes []rune, start, end int, l line) (from, to int) {
	from, to = start, end
	for from > l.start && start-from < excerptReach && !endsSentence(runes, from-1) {
		from--
	}
	for to < l.end && to-end < excerptReach && !endsSentence(runes, to) {
		to++
	}
	for from > l.start && from < start && !isSpace(runes[from-1]) && !endsSentence(runes, from-1) { // not in the middle of a word
		from++
	}
	for to < l.end && to > end && !isSpace(runes[to]) && !endsSentence(runes, to) {
		to--
	}
	return from, to
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' }

// endsSentence tells whether the code point at i ends a sentence. A full stop inside a name (Node.js) does not.
func endsSentence(runes []rune, i int) bool {
	switch runes[i] {
	case ';', '!', '?':
		return true
	case '.':
		return i+1 == len(runes) || runes[i+1] == ' ' || runes[i+1] == '\n'
	}
	return false
}

var _ Finder = (*skill.Finder)(nil)
