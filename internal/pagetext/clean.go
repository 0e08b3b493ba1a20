package pagetext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Break stands for a hyphen at the end of a line that a word was carried over. MendHyphens settles each; Clean keeps it.
// It is a noncharacter, so no text has it of its own.
const Break = '\uFDD0'

// Clean gives the text that a skill can be found in: compatibility forms such as ligatures and full-width letters spelled out (NFKC),
// every kind of space one space, runs of them one, and what has no meaning as text gone: soft hyphens, zero-width and direction marks,
// control characters, and the private-use code points that icon fonts draw with.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '™' || r == '℠':
			b.WriteByte(' ') // NFKC would make a word of it: JavaTM
		case r == '\u2010' || r == '\u2011':
			b.WriteByte('-') // a skill's name is spelled with the ASCII hyphen
		case r == '\t' || r == '\n' || r == '\r' || unicode.IsSpace(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Co, r):
			b.WriteByte(' ') // an icon stands for a word, so what is beside it must not grow together
		case r != Break && unicode.Is(unicode.C, r):
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(norm.NFKC.String(b.String())), " ")
}

// plain is true for printable ASCII with single spaces inside, which is most text and needs nothing.
func plain(s string) bool {
	prev := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && prev == ' ' {
			return false
		}
		prev = c
	}
	return s == "" || prev != ' '
}
