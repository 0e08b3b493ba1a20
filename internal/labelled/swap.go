package labelled

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SwapWords replaces words by others wherever they stand whole: not as a part of a longer word.
func SwapWords(text, old, with string) string {
	var b strings.Builder
	last := 0
	for at := 0; ; {
		i := strings.Index(text[at:], old)
		if i < 0 {
			break
		}
		i += at
		at = i + len(old)
		if Whole(text, i, at) {
			b.WriteString(text[last:i] + with)
			last = at
		}
	}
	return b.String() + text[last:]
}

// Whole tells whether a range of bytes is not part of a longer word.
func Whole(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !unicode.IsLetter(before) && !unicode.IsLetter(after)
}
