package tutor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// squeezed is a text reduced to its letters and digits, folded: no case, no accents, nothing in between. So every spelling of a value that
// differs in these alone is the same run of bytes, and each byte knows where in the text it came from.
type squeezed struct {
	text  string
	runes string // the letters and digits
	from  []int  // for each byte of runes, where its character begins in text
	to    []int  // and where it ends
}

// spelled are letters that decomposing leaves whole.
var spelled = map[rune]string{'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ı': "i", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ð': "d", 'ħ': "h"}

func squeeze(text string) *squeezed {
	s := &squeezed{text: text, from: make([]int, 0, len(text)), to: make([]int, 0, len(text))}
	var b strings.Builder
	b.Grow(len(text))
	for at, r := range text {
		if r < utf8.RuneSelf {
			c := text[at]
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			if wordByte(c) && c != '_' {
				b.WriteByte(c)
				s.from, s.to = append(s.from, at), append(s.to, at+1)
			}
			continue
		}
		size := utf8.RuneLen(r)
		if r == utf8.RuneError || size < 0 {
			continue
		}
		if unicode.Is(unicode.M, r) && len(s.to) > 0 {
			s.to[len(s.to)-1] = at + size // an accent belongs to the letter before it
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		plain := foldRune(r)
		b.WriteString(plain)
		for range len(plain) {
			s.from, s.to = append(s.from, at), append(s.to, at+size)
		}
	}
	s.runes = b.String()
	return s
}

// foldRune is a letter or digit without case and accents.
func foldRune(r rune) string {
	if r < utf8.RuneSelf {
		return string(unicode.ToLower(r))
	}
	r = unicode.ToLower(r)
	if p, ok := spelled[r]; ok {
		return p
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if !unicode.Is(unicode.M, d) {
			b.WriteRune(unicode.ToLower(d))
		}
	}
	return b.String()
}

// squeezeWord is a word as squeeze leaves it.
func squeezeWord(s string) string {
	plain := true
	for i := range len(s) {
		plain = plain && ('a' <= s[i] && s[i] <= 'z' || '0' <= s[i] && s[i] <= '9')
	}
	if plain {
		return s
	}
	return squeeze(s).runes
}

// find gives the places in the text where a squeezed value stands as whole words with little in between.
func (s *squeezed) find(value string, accept func(from, to int) bool) [][2]int {
	var out [][2]int
	if value == "" {
		return nil
	}
	for at := 0; ; {
		i := strings.Index(s.runes[at:], value)
		if i < 0 {
			return out
		}
		i += at
		first, last := i, i+len(value)-1
		from, to := s.from[first], s.to[last]
		at = i + 1
		for at < len(s.runes) && !utf8.RuneStart(s.runes[at]) {
			at++
		}
		if !utf8.RuneStart(s.runes[i]) || !s.close(first, last) || !startsWord(s.text, from) || !endsWord(s.text, to) || !accept(from, to) {
			continue
		}
		out = append(out, [2]int{from, to})
		at = last + 1
	}
}

// maxGap is how many bytes may stand between two letters of a value: enough for "(at)" without its letters and a line break with a margin.
const maxGap = 6

// close is true where no two letters of a match stand far apart.
func (s *squeezed) close(first, last int) bool {
	for k := first; k < last; k++ {
		if s.from[k+1] == s.from[k] {
			continue
		}
		if gap := s.text[s.to[k]:s.from[k+1]]; len(gap) > maxGap || strings.Count(gap, "\n") > 1 {
			return false
		}
	}
	return true
}

// startsWord is true where no word goes on at from: a letter after a letter does not start one, nor a digit after a digit.
func startsWord(text string, from int) bool {
	if from == 0 {
		return true
	}
	prev, _ := utf8.DecodeLastRuneInString(text[:from])
	next, _ := utf8.DecodeRuneInString(text[from:])
	return apart(prev, next)
}

func endsWord(text string, to int) bool {
	if to == len(text) {
		return true
	}
	prev, _ := utf8.DecodeLastRuneInString(text[:to])
	next, size := utf8.DecodeRuneInString(text[to:])
	if apart(prev, next) {
		return true
	}
	if next == 's' || next == 'S' { // a genitive
		return to+size == len(text) || apart(next, firstRune(text[to+size:]))
	}
	return unicode.Is(unicode.Cyrillic, prev) && len(cyrillicTail(text[to:])) <= mostInflected
}

// mostInflected is the longest ending, in bytes, that a Cyrillic name takes with its case.
const mostInflected = 6

func cyrillicTail(s string) string {
	if end := strings.IndexFunc(s, func(r rune) bool { return !unicode.Is(unicode.Cyrillic, r) }); end >= 0 {
		return s[:end]
	}
	return s
}

// apart is true for two characters that are not of one word. Chinese and Japanese write no gaps.
func apart(a, b rune) bool {
	switch {
	case unicode.In(a, unicode.Han, unicode.Hiragana, unicode.Katakana), unicode.In(b, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return true
	case unicode.IsLetter(a) || unicode.Is(unicode.M, a):
		return !unicode.IsLetter(b)
	case unicode.IsDigit(a):
		return !unicode.IsDigit(b)
	}
	return true
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// wordsBefore are up to n words in front of a place in its line, folded and joined by spaces.
func wordsBefore(text string, at, n int) []string {
	line := text[strings.LastIndexByte(text[:at], '\n')+1 : at]
	if strings.TrimSpace(line) == "" { // the first word of a line: what a letter closes with stands above it
		above := strings.TrimRight(text[:at], " \t\n")
		if strings.HasSuffix(above, ",") {
			line = above[strings.LastIndexByte(above, '\n')+1:]
		}
	}
	words := strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' })
	words = words[max(0, len(words)-n):]
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = foldPlain(w)
	}
	return out
}

// wordAfter is the word behind a place in its line, folded, and what stands between.
func wordAfter(text string, at int) (word, between string) {
	rest := text[at:]
	if end := strings.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	begin := strings.IndexFunc(rest, unicode.IsLetter)
	if begin < 0 {
		return "", rest
	}
	word = rest[begin:]
	if end := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = word[:end]
	}
	return foldPlain(word), rest[:begin]
}

// foldPlain is text without case and accents, with its apostrophes plain.
func foldPlain(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(unicode.ToLower(r))
		case r == '’':
			b.WriteByte('\'')
		case unicode.Is(unicode.M, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteString(foldRune(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
