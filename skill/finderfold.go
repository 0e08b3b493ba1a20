package skill

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// folded is a text made ready for matching: lower case, with runs of spaces and hyphens as one space, compatibility forms as what they
// stand for, and for every byte the code point of the original that it came from.
type folded struct {
	bytes  []byte
	origin []int32 // index in code points of the original; one more entry than bytes, so that an end can be looked up
	breaks []int32 // bytes that are the gap of a word broken by a hyphen at the end of a line
}

// paragraphBreak stands for an empty line: no skill's name goes across one.
const paragraphBreak = 0x01

// fold prepares text. It keeps one entry per byte rather than per rune, because the automaton runs on bytes.
func fold(text []rune) folded {
	room := len(text) + len(text)/8 + 1
	f := folded{bytes: make([]byte, 0, room), origin: make([]int32, 0, room)}
	newlines := 0
	for i, r := range text {
		at := int32(i)
		if r < utf8.RuneSelf && r > ' ' && r != '-' && r != '_' {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			newlines = 0
			f.bytes = append(f.bytes, byte(r))
			f.origin = append(f.origin, at)
			continue
		}
		if isGap(r) {
			if r == '\n' {
				newlines++
			}
			f.gap(text, i, newlines)
			continue
		}
		newlines = 0
		f.rune(r, at)
	}
	f.origin = append(f.origin, int32(len(text))) //nolint:gosec // G115: as above
	return f
}

// gap adds a separator of words, of which a run is one.
func (f *folded) gap(text []rune, i, newlines int) {
	if n := len(f.bytes); n > 0 && (f.bytes[n-1] == ' ' || f.bytes[n-1] == paragraphBreak) {
		if newlines > 1 {
			f.bytes[n-1] = paragraphBreak
		}
		return
	}
	if brokenWord(text, i) {
		f.breaks = append(f.breaks, int32(len(f.bytes))) //nolint:gosec // G115: as above
	}
	f.bytes = append(f.bytes, ' ')
	f.origin = append(f.origin, int32(i)) //nolint:gosec // G115: as above
}

// brokenWord tells whether the gap at i is a hyphen that a line ends with, between two parts of a word.
func brokenWord(text []rune, i int) bool {
	hyphen := i
	if text[i] == '\n' || text[i] == '\r' { // after a soft hyphen, which leaves nothing
		hyphen--
	}
	if hyphen < 1 || !strings.ContainsRune("-\u2010\u00ad", text[hyphen]) || !unicode.IsLetter(text[hyphen-1]) {
		return false
	}
	next := hyphen + 1
	for next < len(text) && (text[next] == '\r' || text[next] == '\n' || text[next] == ' ') && next <= hyphen+3 {
		next++
	}
	return next > hyphen+1 && next < len(text) && unicode.IsLower(text[next]) && strings.ContainsRune(string(text[hyphen:next]), '\n')
}

// rune adds what a code point that is no gap stands for.
func (f *folded) rune(r rune, at int32) {
	var buf [utf8.UTFMax]byte
	switch {
	case r < utf8.RuneSelf: // a control character
		f.bytes = append(f.bytes, byte(r)) //nolint:gosec // G115: r is ASCII here
		f.origin = append(f.origin, at)
		return
	case invisible(r):
		return
	case 0xfb00 <= r && r <= 0xfb06: // ligatures of typeset files
		for _, c := range [...]string{"ff", "fi", "fl", "ffi", "ffl", "st", "st"}[r-0xfb00] {
			f.bytes = append(f.bytes, byte(c)) //nolint:gosec // G115: c is ASCII
			f.origin = append(f.origin, at)
		}
		return
	case 0xff01 <= r && r <= 0xff5e: // full width
		r -= 0xff01 - '!'
	case r == '\u2018' || r == '\u2019' || r == '\u02bc':
		r = '\''
	case 0x300 <= r && r <= 0x327:
		if f.compose(r) {
			return
		}
	}
	for _, b := range buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))] {
		f.bytes = append(f.bytes, b)
		f.origin = append(f.origin, at)
	}
}

// invisible tells whether r shows nothing and may stand anywhere in a word: soft hyphen, joiners, marks of direction and of order.
func invisible(r rune) bool {
	switch r {
	case '\u00ad', '\u2060', '\ufeff', '\ufe0f':
		return true
	}
	return '\u200b' <= r && r <= '\u200f'
}

// marks are the combining marks of western European names, each with the letters that it goes on and what they become. Files made on
// macOS write "é" as two code points.
var marks = [...]struct {
	mark    rune
	letters string
	become  []string
}{
	{0x300, "aeiou", []string{"à", "è", "ì", "ò", "ù"}},
	{0x301, "aeiouyncsz", []string{"á", "é", "í", "ó", "ú", "ý", "ń", "ć", "ś", "ź"}},
	{0x302, "aeiou", []string{"â", "ê", "î", "ô", "û"}},
	{0x303, "ano", []string{"ã", "ñ", "õ"}},
	{0x308, "aeiouy", []string{"ä", "ë", "ï", "ö", "ü", "ÿ"}},
	{0x30a, "au", []string{"å", "ů"}},
	{0x30c, "csze", []string{"č", "š", "ž", "ě"}},
	{0x327, "cs", []string{"ç", "ş"}},
}

// compose puts a combining mark on the letter before it, where the two have a code point of their own.
func (f *folded) compose(mark rune) bool {
	n := len(f.bytes)
	if n == 0 {
		return false
	}
	for _, m := range marks {
		if m.mark != mark {
			continue
		}
		if i := strings.IndexByte(m.letters, f.bytes[n-1]); i >= 0 {
			at := f.origin[n-1]
			f.bytes = append(f.bytes[:n-1], m.become[i]...)
			f.origin = append(f.origin[:n-1], at, at) // each of two bytes
			return true
		}
	}
	return false
}

// foldName folds a name, without the space that may stand around it. Plain ones, which nearly all are, need no more than their own bytes.
func foldName(s string) string {
	plain := true
	for i := range len(s) {
		plain = plain && s[i] > ' ' && s[i] < utf8.RuneSelf && s[i] != '-' && s[i] != '_' || plain && s[i] == ' ' && i > 0 && s[i-1] != ' ' && i+1 < len(s)
	}
	if plain {
		return strings.ToLower(s)
	}
	return strings.Trim(string(fold([]rune(s)).bytes), " ")
}

// isGap tells whether r separates the words of a name: white space, hyphens and underscores, which people use for one another.
func isGap(r rune) bool {
	switch r {
	case ' ', '\n', '\t', '\r', '-', '_', '\u2010', '\u2011', '\u00a0':
		return true
	}
	return r > utf8.RuneSelf && unicode.IsSpace(r)
}
