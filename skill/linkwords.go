package skill

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// foldKey is a form without what people write differently.
func foldKey(s string) string {
	return strings.Trim(string(fold([]rune(s)).bytes), " ")
}

// linkMaxWords bounds the words of a text that are looked at.
const linkMaxWords = 200

// linkWords calls yield with each word of a text, lower-cased, in a buffer that is used again. Signs that belong to names of
// technologies (C++, C#, .NET, Node.js) stay within words; words of grammar are left out.
func linkWords(text string, yield func(word []byte)) {
	var buf [64]byte
	word := buf[:0]
	n := 0
	flush := func() {
		for len(word) > 0 && word[len(word)-1] == '.' {
			word = word[:len(word)-1]
		}
		if len(word) > 0 && len(word) <= 60 && n < linkMaxWords && !linkStop[string(word)] {
			n++
			yield(word)
		}
		word = word[:0]
	}
	for _, r := range text {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '+' && len(word) > 0, r == '#' && len(word) > 0, r == '.':
			word = append(word, byte(r)) //nolint:gosec // G115: r is ASCII here
		case 'A' <= r && r <= 'Z':
			word = append(word, byte(r)+'a'-'A')
		case r >= utf8.RuneSelf && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			word = utf8.AppendRune(word, unicode.ToLower(r))
		default:
			flush()
		}
	}
	flush()
}

// stem takes English endings off, so that "analyse", "analysing" and "analyser" meet. It is rougher than Porter's ("An algorithm for
// suffix stripping", 1980) but has his idea: an ending goes only where enough syllables stay, so that "docker" is not "dock".
func stem(w string) string {
	if len(w) < 4 || strings.ContainsAny(w, "+#.0123456789") {
		return w
	}
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		w = w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "sses"):
		w = w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		w = w[:len(w)-1]
	}
	for _, suffix := range []string{"ing", "ed"} {
		if base, ok := strings.CutSuffix(w, suffix); ok && len(base) >= 3 && syllables(base) >= 1 {
			w = undouble(base)
			break
		}
	}
	for range 3 {
		cut := false
		for _, suffix := range stemEndings {
			if base, ok := strings.CutSuffix(w, suffix); ok && len(base) >= 4 && syllables(base) >= min(2, len(suffix)) {
				w, cut = base, true
				break
			}
		}
		if !cut {
			break
		}
	}
	if base, ok := strings.CutSuffix(w, "z"); ok && len(w) > 4 { // organize, organise
		w = base + "s"
	}
	return w
}

// stemEndings are the endings of derived words, longer ones first.
var stemEndings = []string{"ization", "isation", "ational", "ement", "ation", "ances", "ative", "ance", "ence", "able", "ible", "ment", "ness", "ical", "ise", "ize", "ive", "ity", "ion", "ate", "ous", "ful", "ist", "ism", "ant", "ent", "at", "al", "er", "or", "ic", "ly", "is", "e", "y"}

func undouble(w string) string {
	if n := len(w); n > 3 && w[n-1] == w[n-2] && !strings.ContainsRune("lsz", rune(w[n-1])) {
		return w[:n-1]
	}
	return w
}

// syllables counts the runs of vowels.
func syllables(w string) int {
	n, in := 0, false
	for i := range len(w) {
		vowel := strings.IndexByte("aeiouy", w[i]) >= 0
		if vowel && !in {
			n++
		}
		in = vowel
	}
	return n
}

var linkStop = map[string]bool{
	"a": true, "an": true, "and": true, "the": true, "of": true, "in": true, "with": true, "for": true, "to": true, "on": true, "or": true, "as": true,
	"at": true, "by": true, "is": true, "are": true, "etc": true, "be": true, "will": true, "you": true, "your": true, "our": true, "we": true, "s": true,
	"that": true, "this": true, "from": true, "their": true, "its": true, "it": true, "who": true, "have": true, "has": true, "e.g": true, "i.e": true,
	"using": true, "use": true, "through": true, "within": true, "into": true, "such": true, "other": true, "any": true, "all": true, "while": true,
}

// joinedKey is a form as one run of letters and digits: "Node.js" and "node js" meet.
func joinedKey(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '#' {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// coreAffixes are what the name of a technology is written with or without.
var coreAffixes = []string{"programminglanguage", "language", "framework", "library", "programming", "lang", "api", "sdk", "js", "db", "app", "apps", "ide", "tool", "tools", "software", "system", "project"}

// coreKey is a joined key without a version, a plural and one affix, where at least three letters stay.
func coreKey(joined string) string {
	core := strings.TrimRight(joined, "0123456789")
	for _, affix := range coreAffixes {
		if base, ok := strings.CutSuffix(core, affix); ok && len(base) >= 3 {
			core = base
			break
		}
	}
	if base, ok := strings.CutSuffix(core, "s"); ok && len(base) >= 3 {
		core = base
	}
	if len(core) < 2 {
		return joined
	}
	return core
}

// acronyms are how the words of a form are drawn together, where it has two or more: their first letters ("VSC"), and where there are three or
// more also the first letters of all but the last, which stays ("VS Code").
func acronyms(form string) []string {
	words := strings.FieldsFunc(strings.ToLower(form), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) < 2 || len(words) > maxAcronym {
		return nil
	}
	var b strings.Builder
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		b.WriteRune(r)
	}
	all := b.String()
	if len(words) == 2 {
		return []string{all}
	}
	last := words[len(words)-1]
	_, size := utf8.DecodeLastRuneInString(all)
	return []string{all, all[:len(all)-size] + last}
}

// grams are the trigrams of a text's words, each marked at both ends, as numbers, sorted and each once.
func grams(text string, into []int32) []int32 {
	into = into[:0]
	a, b := int32(0), int32(0) // the two letters before
	for _, r := range " " + text + " " {
		c := gramClass(r)
		if c == 0 && b == 0 {
			a = 0
			continue
		}
		if a != 0 || b != 0 {
			if a != 0 || c != 0 {
				into = append(into, a*gramBase*gramBase+b*gramBase+c)
			}
		}
		a, b = b, c
		if c == 0 {
			a = 0
		}
	}
	slices.Sort(into)
	return slices.Compact(into)
}

const (
	gramBase  = 41
	gramCount = gramBase * gramBase * gramBase
)

// gramClass is a letter's or digit's number; everything else is a gap.
func gramClass(r rune) int32 {
	switch {
	case 'a' <= r && r <= 'z':
		return r - 'a' + 1
	case 'A' <= r && r <= 'Z':
		return r - 'A' + 1
	case '0' <= r && r <= '9':
		return r - '0' + 27
	case r == '+':
		return 37
	case r == '#':
		return 38
	case r >= utf8.RuneSelf && unicode.IsLetter(r):
		return 39
	}
	return 0
}

// LinkStems are the stems of a text's words as the linker sees them, each time they come; for training.
func LinkStems(text string) []string {
	var out []string
	linkWords(text, func(w []byte) { out = append(out, stem(string(w))) })
	return out
}
