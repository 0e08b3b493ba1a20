package filetext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rightToLeft is true for a letter of a script that goes from right to left.
func rightToLeft(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.In(r, unicode.Hebrew, unicode.Arabic) && unicode.IsLetter(r)
}

// turned is the text of a word from right to left whose letters the engine gave in the order in which they are drawn, from left to right,
// as it does with some words that end in a joined letter. Letters in the order of reading go to the left. s itself where there is nothing to turn.
func turned(s string, glyphs []glyph) string {
	if len(glyphs) < 2 || !strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Hebrew, unicode.Arabic) }) {
		return s
	}
	from := slices.IndexFunc(glyphs, func(g glyph) bool { return rightToLeft(g.text) })
	to := from
	for to < len(glyphs) && to >= 0 && (rightToLeft(glyphs[to].text) || mark(glyphs[to].text)) {
		to++
	}
	if from < 0 || to-from < 2 || slices.ContainsFunc(glyphs[to:], func(g glyph) bool { return rightToLeft(g.text) }) {
		return s // letters of both directions: nothing is sure
	}
	letters := slices.Clone(glyphs[from:to])
	right, left := 0, 0
	for i := 1; i < len(letters); i++ {
		switch {
		case letters[i].left > letters[i-1].left:
			right++
		case letters[i].left < letters[i-1].left:
			left++
		}
	}
	if right <= left {
		return s
	}
	slices.SortStableFunc(letters, func(a, b glyph) int { // one glyph of two letters keeps their order
		switch {
		case a.left > b.left:
			return -1
		case a.left < b.left:
			return 1
		}
		return 0
	})
	var b strings.Builder
	for _, part := range [][]glyph{glyphs[:from], letters, glyphs[to:]} {
		for i := range part {
			b.WriteString(part[i].text)
		}
	}
	return b.String()
}

func mark(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.Mn, r)
}
