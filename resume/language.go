package resume

import (
	"strings"
	"unicode"

	"github.com/RadhiFadlillah/whatlanggo"
)

// languages are those that are told apart. More would make short texts less sure.
var languages = map[whatlanggo.Lang]bool{
	whatlanggo.Eng: true, whatlanggo.Deu: true, whatlanggo.Fra: true, whatlanggo.Spa: true, whatlanggo.Por: true, whatlanggo.Ita: true, whatlanggo.Nld: true,
	whatlanggo.Cmn: true, whatlanggo.Jpn: true, whatlanggo.Kor: true, whatlanggo.Heb: true, whatlanggo.Arb: true, whatlanggo.Pes: true, whatlanggo.Rus: true, whatlanggo.Ukr: true,
	whatlanggo.Pol: true, whatlanggo.Tur: true, whatlanggo.Swe: true, whatlanggo.Dan: true, whatlanggo.Ces: true, whatlanggo.Ell: true, whatlanggo.Ron: true, whatlanggo.Hun: true,
	whatlanggo.Fin: true, whatlanggo.Vie: true, whatlanggo.Ind: true, whatlanggo.Hin: true, whatlanggo.Tha: true,
}

// Figures of languageOf.
const (
	sampleRunes = 1500 // bytes of text that are looked at
	proseWords  = 5    // in a row that is prose, which counts before lists
	leastLetter = 25   // letters below which a text says nothing
	sureLetters = 200  // letters from which prose decides against headings
	wordVotes   = 4    // small words of one language that decide
)

// smallWords are words that stand in every prose of one language and, as far as can be, in none of the others.
var smallWords = map[string]map[string]bool{
	"en": foldedSet(`the and of with for from by using on that which were our into across while through their`),
	"de": foldedSet(`und der das mit von für bei im zur zum auf eine einer einem durch sowie nach über den dem ist wurde`),
	"fr": foldedSet(`et des les avec pour dans une du sur au aux par ainsi chez est qui`),
	"es": foldedSet(`y los las para el por más como desde hasta su`),
	"pt": foldedSet(`com uma em na ao pela pelo os não do dos das à às`),
	"it": foldedSet(`di della delle nel nella dei degli gli il per alla presso dello sul`),
	"nl": foldedSet(`van het een met voor bij op aan naar ook werd wordt zijn`),
}

// filler are words of the Latin that templates are filled with.
var filler = foldedSet(`lorem ipsum dolor sit amet consectetur adipiscing adipisicing elit eiusmod tempor incididunt ut labore dolore magna aliqua aliquam enim minim veniam quis
	nostrud exercitation ullamco laboris nisi aliquip commodo consequat duis aute irure reprehenderit voluptate velit esse cillum fugiat nulla pariatur excepteur sint occaecat cupidatat
	non proident sunt culpa officia deserunt mollit anim laborum quaerat voluptatem`)

// languageOf is the ISO 639-1 code of the language that a resume is written in, "" where that is unclear. Prose decides: rows with enough
// words, without addresses, names of things and what else is spelled the same everywhere. The language of the headings decides where there
// is little prose, and settles a doubt.
func languageOf(texts, headings []string, v *vocabulary) string {
	prose, filled := sample(texts, proseWords)
	if letterCount(prose) < sureLetters {
		prose, filled = sample(texts, 1)
	}
	byHeading := headingLanguage(headings, v)
	n := letterCount(prose)
	if n < leastLetter || filled {
		return byHeading
	}
	if code := scriptLanguage(prose); code != "" {
		return code
	}
	byWords := smallWordLanguage(prose)
	if byWords != "" && byWords == byHeading {
		return byWords
	}
	info := whatlanggo.DetectWithOptions(prose, whatlanggo.Options{Whitelist: languages})
	byLetters := info.Lang.Iso6391()
	switch {
	case byWords != "" && (byWords == byLetters || byWords == byHeading || smallWords[byLetters] != nil):
		return byWords
	case byHeading != "" && (byHeading == byLetters || n < sureLetters || info.Confidence < 0.5):
		return byHeading
	case info.IsReliable() && n >= sureLetters/2:
		return byLetters
	}
	return byHeading
}

// sample is the words of the texts with at least so many, as far as they can tell a language: in small letters but for the first of a row.
// filled is true where a good part of them is the Latin of templates.
func sample(texts []string, least int) (words string, filled bool) {
	var b strings.Builder
	latin, all := 0, 0
	for _, t := range texts {
		if b.Len() > sampleRunes {
			break
		}
		words := strings.Fields(t)
		if len(words) < least && !strings.ContainsFunc(t, func(r rune) bool { return r >= 0x0590 }) {
			continue
		}
		for i, w := range words {
			w = strings.Trim(w, ".,;:()[]\"'“”„«»!?•-–—*")
			all++
			if filler[strings.ToLower(w)] {
				latin++
				continue
			}
			if strings.ContainsAny(w, "@/\\_=+#.0123456789") || w == "" || i > 0 && unicode.IsUpper([]rune(w)[0]) && strings.ToLower(w[1:]) != w[1:] {
				continue // an address, a name with a version, or one spelled like GraphQL
			}
			b.WriteString(strings.ToLower(w))
			b.WriteByte(' ')
		}
	}
	return b.String(), latin*6 > all
}

func letterCount(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
			if r >= 0x2E80 {
				n += 2 // a character is about a word
			}
		}
	}
	return n
}

// scriptLanguage is the language that a script alone tells, where a fair part of the text is in it: resumes in Chinese are full of English.
func scriptLanguage(s string) string {
	var han, kana, hangul, hebrew, arabic, all int
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		all++
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case unicode.Is(unicode.Hebrew, r):
			hebrew++
		case unicode.Is(unicode.Arabic, r):
			arabic++
		}
	}
	switch {
	case (han+kana)*8 > all && kana*5 > han:
		return "ja"
	case han*8 > all:
		return "zh"
	case hangul*5 > all:
		return "ko"
	case hebrew*4 > all:
		return "he"
	case arabic*4 > all && !strings.ContainsAny(s, "پچژگ"):
		return "ar"
	}
	return ""
}

// smallWordLanguage is the language whose small words are most of those in a text, "" where none has clearly more than the others.
func smallWordLanguage(s string) string {
	counts := map[string]int{}
	for w := range strings.FieldsSeq(s) {
		w = fold(w)
		for code, words := range smallWords {
			if words[w] {
				counts[code]++
			}
		}
	}
	best, second := "", 0
	for code, n := range counts {
		switch {
		case best == "" || n > counts[best] || n == counts[best] && code < best:
			if best != "" {
				second = max(second, counts[best])
			}
			best = code
		default:
			second = max(second, n)
		}
	}
	if best == "" || counts[best] < wordVotes || counts[best]*3 < second*4 {
		return ""
	}
	return best
}

// headingLanguage is the language that most of the headings are in, "" where two are level or fewer than two headings speak for it.
func headingLanguage(headings []string, v *vocabulary) string {
	votes := map[string]float64{}
	for _, h := range headings {
		_, codes, ok := v.lookUp(h)
		if !ok {
			continue
		}
		seen := map[string]bool{}
		for _, code := range codes {
			if !seen[code] {
				votes[code] += 1 / float64(len(codes))
				seen[code] = true
			}
		}
	}
	best, second := "", 0.0
	for code, n := range votes {
		switch {
		case best == "" || n > votes[best] || n == votes[best] && code < best:
			if best != "" {
				second = max(second, votes[best])
			}
			best = code
		default:
			second = max(second, n)
		}
	}
	if best == "" || votes[best] < 1 || votes[best] < second+0.5 {
		return ""
	}
	return best
}
