package skill

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textView is a text with its folded form and the places where no skill is looked for.
type textView struct {
	runes  []rune
	folded folded
	text   string   // the folded bytes, so that parts of it cost nothing
	links  [][2]int // addresses, in code points, in order
}

func newTextView(text []rune) *textView {
	t := &textView{runes: text, folded: fold(text)}
	t.text = string(t.folded.bytes)
	t.markLinks()
	return t
}

// origin is the code point of the original that a byte came from.
func (t *textView) origin(at int) int { return int(t.folded.origin[at]) }

// span is the range of the original, in code points, that a range of bytes came from. Combining marks go with their letter.
func (t *textView) span(start, end int) (from, to int) {
	from, to = t.origin(start), t.origin(end-1)+1
	for to < len(t.runes) && unicode.Is(unicode.Mn, t.runes[to]) {
		to++
	}
	return from, to
}

// end-of-token marks of an address; ".net" and ".io" end the names of technologies too often to count.
var linkMarks = []string{"://", "www.", "@", ".com", ".org", ".edu", "github.io", "linkedin."}

// markLinks marks tokens that are web or mail addresses, whose parts name no skill of the person. Hyphens are gaps in the folded
// text, so it reads the original.
func (t *textView) markLinks() {
	for i := 0; i < len(t.runes); {
		j, suspect := i, false
		for j < len(t.runes) && !unicode.IsSpace(t.runes[j]) {
			r := t.runes[j]
			suspect = suspect || r == '.' || r == '@' || r == ':' || r == '/'
			j++
		}
		if suspect && j-i > 4 {
			token := string(t.runes[i:j])
			if isLink(strings.ToLower(token)) || strings.HasPrefix(token, "github/") { // "GitHub/GitLab" is no address
				t.links = append(t.links, [2]int{i, j})
			}
		}
		i = j + 1
	}
}

// inLink tells whether a byte came from an address.
func (t *textView) inLink(at int) bool {
	if len(t.links) == 0 {
		return false
	}
	o := t.origin(at)
	i, found := slices.BinarySearchFunc(t.links, o, func(l [2]int, o int) int { return l[0] - o })
	return found || i > 0 && o < t.links[i-1][1]
}

// isLink tells whether a token without space is an address. ".com" counts at the end of a host only, for the sake of "torch.compile".
func isLink(token string) bool {
	return slices.ContainsFunc(linkMarks, func(mark string) bool {
		i := strings.Index(token, mark)
		return i >= 0 && (mark[0] != '.' || !wordBeginsAt(token, i+len(mark)))
	})
}

// linkName tells whether a match in an address is all of it: a name that looks like one, such as "Salesforce.com" or "Lambda@Edge".
func (t *textView) linkName(start, end int) bool {
	b := t.text
	return isLink(b[start:end]) && (start == 0 || !strings.ContainsRune("/.@", rune(b[start-1]))) &&
		(end == len(b) || !strings.ContainsRune("/@:", rune(b[end])))
}

// bounded tells whether a match stands as a word of its own, and where it ends once a version ("Python3", "Java 17" keeps "Java") or
// a plural s is taken in.
func (t *textView) bounded(start, end int) (int, bool) {
	b := t.text
	if isWord(b[start]) && (wordEndsAt(b, start) || start > 0 && (b[start-1] == '@' || b[start-1] == '#')) || t.suffix(start, end) {
		return 0, false
	}
	if t.inLink(start) && !t.linkName(start, end) {
		return 0, false
	}
	if !isWord(b[end-1]) { // "C++", "C#": what follows must not go on the name
		if wordBeginsAt(b, end) || end < len(b) && (b[end] == '+' || b[end] == '#') {
			return 0, false
		}
		return end, true
	}
	if end == len(b) {
		return end, true
	}
	switch c := b[end]; {
	case c == '#':
		return 0, false
	case c == '+': // "React+Redux" and "ES2015+" are as good, "C++" is another name
		digit := b[end-1] >= '0' && b[end-1] <= '9'
		return end, end-start > 1 && (wordBeginsAt(b, end+1) || digit && (end+1 == len(b) || b[end+1] != '+'))
	case c == 's' && end-start >= 4 && (end+1 == len(b) || !wordBeginsAt(b, end+1)) && b[end-1] != 's':
		return end + 1, true
	case c >= '0' && c <= '9' && end-start >= 3:
		return version(b, end)
	case wordBeginsAt(b, end):
		return 0, false
	}
	return end, true
}

// version is where the version ends that begins at end, and whether one does: "Python3.12", but not "Kafka2go". "ES6+" and "Angular 2+" are
// as good.
func version(b string, end int) (int, bool) {
	digit := func(i int) bool { return i < len(b) && b[i] >= '0' && b[i] <= '9' }
	for digit(end) || end < len(b) && b[end] == '.' && digit(end+1) {
		end++
	}
	if end+1 < len(b) && b[end] == '.' && b[end+1] == 'x' { // "3.x"
		end += 2
	}
	return end, !wordBeginsAt(b, end)
}

// suffix tells whether a match is the end of a file's or a host's name: "backbone.js", "main.go", "behance.net". Written in capitals
// ("Basic.NET") it stays a name.
func (t *textView) suffix(start, end int) bool {
	from, to := t.origin(start), t.origin(end-1)+1
	dot := from - 1
	if t.text[start] == '.' {
		dot = from
	}
	if dot < 1 || t.runes[dot] != '.' || !unicode.IsLetter(t.runes[dot-1]) || to-from > suffixLength {
		return false
	}
	return !slices.ContainsFunc(t.runes[from:to], unicode.IsUpper)
}

// suffixLength is the longest suffix that is taken for one, in code points with a full stop: ".html".
const suffixLength = 5

// isWord tells whether a folded byte belongs to a word. Bytes of letters outside ASCII do.
func isWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b >= 0x80
}

// wordEndsAt tells whether a word goes on up to at.
func wordEndsAt(b string, at int) bool {
	if at == 0 || b[at-1] < utf8.RuneSelf {
		return at > 0 && isWord(b[at-1])
	}
	r, _ := utf8.DecodeLastRuneInString(b[max(0, at-utf8.UTFMax):at])
	return joins(r)
}

// wordBeginsAt tells whether a word goes on from at.
func wordBeginsAt(b string, at int) bool {
	if at == len(b) || b[at] < utf8.RuneSelf {
		return at < len(b) && isWord(b[at])
	}
	r, _ := utf8.DecodeRuneInString(b[at:min(len(b), at+utf8.UTFMax)])
	return joins(r)
}

// joins tells whether a rune outside ASCII goes on a word. Punctuation ("Java、Python", "Kafka’s") does not, nor do scripts that put Latin
// names among their own words without a space ("使用Go语言", "Java를").
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// wordBefore is the word that ends before start, with nothing but space between.
func (t *textView) wordBefore(start int) string {
	b := t.text[:start]
	j := len(b)
	for j > 0 && b[j-1] == ' ' {
		j--
	}
	i := j
	for i > 0 && isWord(b[i-1]) {
		i--
	}
	return b[i:j]
}

// wordAfter is the word that begins after end, with nothing but space between.
func (t *textView) wordAfter(end int) string {
	b := t.text[end:]
	i := 0
	for i < len(b) && b[i] == ' ' {
		i++
	}
	j := i
	for j < len(b) && isWord(b[j]) {
		j++
	}
	return b[i:j]
}
