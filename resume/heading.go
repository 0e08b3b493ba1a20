package resume

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// headingRank settles a word that stands in several lists. Higher wins.
var headingRank = map[SectionKind]int{
	SectionOther: 0, SectionInterests: 1, SectionSummary: 2, SectionAwards: 3, SectionPublications: 4, SectionCertifications: 5,
	SectionEducation: 6, SectionProjects: 7, SectionSkills: 8, SectionExperience: 9,
}

// vocabulary is the heading words by word, with the languages that they are of.
type vocabulary struct {
	words, phrases map[string]SectionKind
	languages      map[string][]string // word or phrase → languages
	han            []hanPattern
}

type hanPattern struct {
	kind SectionKind
	re   *regexp.Regexp
}

// headingVocabulary is made once, when the first document is read.
var headingVocabulary = sync.OnceValue(newVocabulary)

func newVocabulary() *vocabulary {
	v := &vocabulary{words: map[string]SectionKind{}, phrases: map[string]SectionKind{}, languages: map[string][]string{}}
	for _, list := range headingWordLists {
		for w := range strings.FieldsSeq(list.words) {
			w = fold(w)
			if old, ok := v.words[w]; !ok || headingRank[list.kind] > headingRank[old] {
				v.words[w] = list.kind
			}
			v.languages[w] = append(v.languages[w], list.language)
		}
	}
	for _, list := range headingPhraseLists {
		for p := range strings.SplitSeq(list.words, "|") {
			p = strings.Join(headingTokens(p), " ")
			v.phrases[p] = list.kind
			v.languages[p] = append(v.languages[p], list.language)
		}
	}
	for _, h := range hanHeading {
		v.han = append(v.han, hanPattern{h.kind, regexp.MustCompile(`^(?:` + h.pattern + `)$`)})
	}
	return v
}

func foldedSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[fold(w)] = true
	}
	return set
}

// fold lowers and takes accents off: headings in capitals are often written without them.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// headingText is a line without what decorates a heading: markdown, rules, numbering, an icon before it, a colon after it.
func headingText(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("#*_=~-–—:|•·●■□▪◆◇★☆>»«：【】[]()<►▶▌▐█", r) || unicode.Is(unicode.So, r)
	})
	if head, rest, ok := strings.Cut(s, " "); ok && numbering(head) {
		s = rest
	}
	return s
}

// numbering is true for "1.", "2)", "III.", "A." and for the one stray letter or sign that an icon font leaves.
func numbering(s string) bool {
	stem := strings.TrimRight(s, ".)")
	if stem == "" || len(stem) > 4 {
		return false
	}
	if stem != s {
		return strings.Trim(stem, "0123456789IVX") == "" || len(stem) == 1
	}
	r := []rune(s)
	return len(r) == 1 && !unicode.IsLetter(r[0]) && !unicode.IsDigit(r[0])
}

// headingKind is the kind of section that a line names, if all it does is name one.
func headingKind(s string, v *vocabulary) (SectionKind, bool) {
	kind, _, ok := v.lookUp(s)
	return kind, ok
}

// longestHeading is how many bytes a heading may have.
const longestHeading = 60

// lookUp is the kind of section that a line names and the languages that it does so in, if all it does is name one.
func (v *vocabulary) lookUp(s string) (kind SectionKind, languages []string, ok bool) {
	if len(s) > 2*longestHeading {
		return "", nil, false
	}
	// What stands in brackets behind a heading is an aside: "Skills (my own rating, 1 to 5)".
	if i := strings.Index(s, " ("); i > 0 && strings.HasSuffix(strings.TrimRight(s, ": "), ")") && strings.Count(s, "(") == 1 {
		s = s[:i]
	}
	s = headingText(s)
	if s == "" || len(s) > longestHeading {
		return "", nil, false
	}
	if hasHan(s) {
		kind, ok := v.hanKind(s)
		return kind, []string{"zh"}, ok
	}
	tokens := headingTokens(s)
	if len(tokens) == 0 || len(tokens) > 7 {
		return "", nil, false
	}
	phrase := strings.Join(tokens, " ")
	if kind, ok := v.phrases[phrase]; ok {
		if phrase == "presentation" && strings.ContainsAny(s, "éÉ") {
			kind = SectionSummary
		}
		return kind, v.languages[phrase], true
	}
	if strings.HasPrefix(phrase, "when i am not ") || strings.HasPrefix(phrase, "when not ") {
		return SectionInterests, []string{"en"}, true
	}
	return v.kindOfTokens(tokens)
}

// rejoined is a heading in capitals without the spaces that wide letters have left within its words, "FORM AT IONS"; s itself where it is none.
func (v *vocabulary) rejoined(s string) string {
	if len(s) > longestHeading || strings.Count(s, " ") == 0 || !capitals(s) || hasHan(s) {
		return s
	}
	if _, _, known := v.lookUp(s); known {
		return s
	}
	joined := strings.ReplaceAll(s, " ", "")
	if word := fold(strings.Trim(joined, ":.")); v.words[word] == "" && v.phrases[word] == "" {
		return s
	}
	return joined
}

// hanKind is the kind of a Chinese heading, which may be followed by the same in English.
func (v *vocabulary) hanKind(s string) (SectionKind, bool) {
	han := strings.Map(func(r rune) rune {
		if simple, ok := hanSimple[r]; ok {
			return simple
		}
		if unicode.Is(unicode.Han, r) {
			return r
		}
		return -1
	}, s)
	if latin := strings.TrimFunc(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Han, r) {
			return ' '
		}
		return r
	}, s), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }); latin != "" && !strings.EqualFold(latin, "it") {
		if _, _, ok := v.lookUp(latin); !ok {
			return "", false
		}
	}
	for _, h := range v.han {
		if h.re.MatchString(han) {
			return h.kind, true
		}
	}
	return "", false
}

// headingTokens are the words of a heading, folded, with "and" for all that joins them.
func headingTokens(s string) []string {
	folded := headingJoins.Replace(" " + strings.Join(strings.Fields(fold(s)), " ") + " ")
	tokens := strings.Fields(contractions.Replace(folded))
	return slices.CompactFunc(tokens, func(a, b string) bool { return a == "and" && b == "and" })
}

// headingJoins are the ways to write "and" between the parts of a heading.
var headingJoins = strings.NewReplacer("&", " and ", "/", " and ", "+", " and ", "|", " and ", "•", " and ", "·", " and ", ",", " and ", ":", " ", "’", "'", "`", "'",
	" und ", " and ", " et ", " and ", " y ", " and ", " e ", " and ", " ed ", " and ", " en ", " and ")

// contractions are spelled out: "What I'm good at".
var contractions = strings.NewReplacer(" i'm ", " i am ", " i've ", " i have ", " who's ", " who is ", " let's ", " let us ")

// kindOfTokens asks that every word be one of headings. The first part decides ("Skills & Interests"), in it the last word ("Project
// Experience"); but jobs are never left out of a heading that is about them and about school.
func (v *vocabulary) kindOfTokens(tokens []string) (kind SectionKind, languages []string, found bool) {
	settled := false
	for _, t := range tokens {
		t = strings.Trim(t, ".'()")
		t = strings.TrimPrefix(strings.TrimPrefix(t, "d'"), "l'")
		k, is := v.words[t]
		switch {
		case t == "" || !is && headingFillers[t] && t != "and":
		case t == "and":
			settled = found
		case !is:
			return "", nil, false
		case !settled || k == SectionExperience && (kind == SectionEducation || kind == SectionSummary):
			kind, found = k, true
			languages = v.languages[t]
		}
	}
	return kind, languages, found
}

func hasHan(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}
