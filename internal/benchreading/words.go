package main

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// words are the word tokens of a text: runs of letters, marks, digits and low lines, as \w+ has them, in lower case, after NFKC (which
// makes two letters of a ligature) and without soft hyphens. Both texts go through the same.
func words(text string) []string {
	text = strings.ToLower(norm.NFKC.String(strings.ReplaceAll(text, "\u00ad", "")))
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && r != '_'
	})
}

// fields are what white space parts, in the same form. Punctuation counts here, so that this is the stricter measure.
func fields(text string) []string {
	return strings.Fields(strings.ToLower(norm.NFKC.String(strings.ReplaceAll(text, "\u00ad", ""))))
}

func counts(tokens []string) map[string]int {
	m := make(map[string]int, len(tokens))
	for _, t := range tokens {
		m[t]++
	}
	return m
}

// f1 is the harmonic mean of precision and recall of ours against the reference, as multisets: 2·common / (ours + reference).
func f1(ours, reference []string) float64 {
	if len(ours)+len(reference) == 0 {
		return 1
	}
	left := counts(reference)
	common := 0
	for _, t := range ours {
		if left[t] > 0 {
			left[t]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(ours)+len(reference))
}

// beyond are the first of a's words that b does not have, or has less often.
func beyond(a, b []string, most int) []string {
	left := counts(b)
	var out []string
	for _, t := range a {
		if left[t]--; left[t] < 0 && len(out) < most {
			out = append(out, t)
		}
	}
	return out
}

// glued are our words of at least shortest letters that the reference does not have and that are two or more of the reference's words, of
// two letters or more, one after the other. Words of scripts that write no spaces are left out.
func glued(ours, reference []string, shortest int) []string {
	known := counts(reference)
	var out []string
	for _, w := range ours {
		r := []rune(w)
		if known[w] == 0 && letters(r) >= shortest && splits(r, known) {
			out = append(out, w)
		}
	}
	return out
}

// letters counts the letters of a word, none where its script writes no spaces.
func letters(word []rune) int {
	n := 0
	for _, r := range word {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
			return 0
		}
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// splits is true where the word is a row of known words. The word itself is not known, so they are two or more.
func splits(word []rune, known map[string]int) bool {
	const longest = 200
	if len(word) > 10*longest {
		return false
	}
	reach := make([]bool, len(word)+1)
	reach[0] = true
	for end := 2; end <= len(word); end++ {
		for start := end - 2; start >= max(0, end-longest) && !reach[end]; start-- {
			reach[end] = reach[start] && known[string(word[start:end])] > 0
		}
	}
	return reach[len(word)]
}
