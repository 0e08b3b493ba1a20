package model

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxWords is how many content words of a text count.
const MaxWords = 4000

// Words appends the content words of a text to dst, lower-cased and in the singular, at most MaxWords of them. Signs that belong to names
// of technologies (C++, C#, .NET) stay; a full stop between two letters goes (Node.js is nodejs). A text of stop words alone keeps them: "IT"
// is a trade.
func Words(dst []string, text string) []string {
	text = strings.ToLower(text)
	start := len(dst)
	if dst = appendWords(dst, text, false); len(dst) == start {
		dst = appendWords(dst, text, true)
	}
	return dst
}

// appendWords splits a text that is in lower case.
func appendWords(dst []string, text string, stops bool) []string {
	left := MaxWords
	for i := 0; i < len(text) && left > 0; {
		end, size := i, 1
		for end < len(text) {
			c := text[end]
			if c < utf8.RuneSelf {
				if !asciiWord[c] {
					break
				}
				end++
				continue
			}
			var r rune
			if r, size = utf8.DecodeRuneInString(text[end:]); !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				break
			}
			end += size
			size = 1
		}
		if w := strings.TrimRight(text[i:end], "."); w != "" && strings.ContainsFunc(w, isNameRune) && (stops || !stopWords[w]) {
			dst = append(dst, normal(w))
			left--
		}
		i = end + size
	}
	return dst
}

// asciiWord marks the bytes below 128 that belong to words.
var asciiWord = func() (t [128]bool) {
	for c := range t {
		t[c] = 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '#' || c == '.'
	}
	return t
}()

func isNameRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// normal takes the full stops out of a name and an English plural off, roughly; the parts of words carry the rest.
func normal(w string) string {
	if strings.IndexByte(w, '.') > 0 {
		w = undotted(w)
	}
	n := len(w)
	if n <= 3 || w[n-1] != 's' {
		return w
	}
	switch {
	case n > 4 && strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "is") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "js"):
		return w[:n-1]
	}
	return w
}

// undotted drops full stops between letters. "e.g" becomes "eg", "1.5" stays.
func undotted(w string) string {
	b := []byte(w)
	out := b[:0]
	for i, c := range b {
		if c == '.' && i > 0 && i+1 < len(b) && b[i-1] >= 'a' && b[i+1] >= 'a' {
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

// Fold is the form in which names are compared: lower case, single spaces.
func Fold(name string) string {
	return strings.Join(strings.Fields(strings.ToLower(name)), " ")
}

// Hash is the 64-bit FNV-1a hash of a word, mixed so that its low bits can index a table.
func Hash(word string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * 1099511628211
	}
	return mix(h)
}

// mix is the finisher of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// then is the hash of a phrase that goes on with a word.
func then(phrase, word uint64) uint64 { return mix(phrase*0x9e3779b97f4a7c15 + word) }

// PhraseHash is the hash of a phrase of words; that of one word is the word's.
func PhraseHash(words []string) uint64 {
	if len(words) == 0 {
		return 0
	}
	h := Hash(words[0])
	for _, w := range words[1:] {
		h = then(h, Hash(w))
	}
	return h
}

// Lengths of the parts of words, in characters; a word is marked at both ends.
const (
	minPart = 3
	maxPart = 5
)

// Parts appends the numbers of the buckets of a word's character n-grams to dst (Bojanowski et al., "Enriching Word Vectors with Subword
// Information", 2017).
func Parts(dst []uint32, word string, buckets int) []uint32 {
	marked := "<" + word + ">"
	starts := make([]int, 0, 40)
	for i := range marked {
		starts = append(starts, i)
	}
	starts = append(starts, len(marked))
	for n := minPart; n <= maxPart; n++ {
		for i := 0; i+n < len(starts); i++ {
			dst = append(dst, uint32(Hash(marked[starts[i]:starts[i+n]])%uint64(buckets))) //nolint:gosec // G115: below buckets
		}
	}
	slices.Sort(dst)
	return dst
}

// stopWords say nothing about what a text is about.
var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`a about above after all also an and any are as at be been before being between both but by can could did do does
		during each few for from further had has have having he her here his how i if in into is it its itself just may me more most must my no nor not of
		off on once one only or other our out over own same she should so some such than that the their them then there these they this those through to
		too under until up us very was we were what when where which while who whom why will with within without would you your
		using used use uses work working works worked experience experienced years year strong good great new well etc e.g i.e ability able including
		und oder der die das ein eine mit für von im in den dem des zu auf als wir sie ihr bei sowie
		et ou le la les un une des avec pour dans du de au aux en sur nous vous
		y o el los las una con para por del al se su`) {
		m[w] = true
	}
	return m
}()
