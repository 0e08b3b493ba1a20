package pagetext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// compoundTails are the second halves of English compounds that keep their hyphen. A word broken before one of them was hyphenated by its
// writer and not by the typesetter: "cloud-/native" is "cloud-native".
var compoundTails = wordSet(`accredited achieving agnostic aided aligned assisted aware based bound browser building built by centered
	centric certified class cluster commerce compatible compliant conscious controlled critical cut cycle data defined depth device
	driven duty edge efficient end ended enabled end-to-end engineering facing fast first fidelity field focused free friendly
	functional generation grade growing growth hand heavy home hosted house impact in intensive layer latency leading learning level
	line local loop made making managed market memory minded model modal native network node off on only operated oriented out page
	party peer performance performing person phase platform point powered premise premises price processing proof purpose quality
	range ranking rate rated reaching ready regional related resistant risk running safe scale secure sensitive server service shelf
	side site site-reliability skilled source speaking specific speed stack stage stakeholder standing state step stop structured
	study supervised tech tenant term test thinking threaded throughput tier time tolerant tongue touch trained tuned tuning up user
	value vendor versa volume wide winning wise work year zero`)

// compoundHeads are first halves that are not words alone and take a hyphen more often than not.
var compoundHeads = wordSet(`ad anti auto back bi btob by co cross de e ex extra front full go hands hard high in inter intra key large
	left long low mid mini mono multi near non off on open over part peer per post pre problem pro quasi re real right second self semi short
	single small soft state sub super third tri two ultra un under up vice well world x`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// Carry moves the first word of the line that follows up to a line that ends in a broken word, with Break where the break was, so that
// the word is in one piece and every line still stands where it stood. It does so only where both halves are lower-case letters:
// "2019-" at the end of a line is a date and "CI-" the start of a name.
func Carry(lines []Line) []Line {
	out := lines[:0]
	for _, next := range lines {
		if len(out) > 0 && !next.Apart && len(next.Cells) > 0 {
			carry(&out[len(out)-1], &next)
		}
		if len(next.Cells) > 0 {
			out = append(out, next)
		}
	}
	return out
}

func carry(line, next *Line) {
	last := &line.Cells[len(line.Cells)-1]
	stem, hyphen := strings.CutSuffix(*last, "-")
	before, _ := utf8.DecodeLastRuneInString(stem)
	word, rest, more := strings.Cut(next.Cells[0], " ")
	after, _ := utf8.DecodeRuneInString(word)
	if !hyphen || !unicode.IsLower(before) || !unicode.IsLower(after) {
		return
	}
	*last = stem + string(Break) + word
	if next.Cells[0] = rest; !more {
		next.Cells = next.Cells[1:]
	}
}

// MendHyphens settles every Break: the halves are joined, or the hyphen stays where the writer most likely meant it. What else the
// document says decides first: a word that stands elsewhere in one form is in that form here.
func MendHyphens(doc *Document) {
	seen := map[string]bool{}
	var broken []*string
	for p := range doc.Pages {
		for l := range doc.Pages[p].Lines {
			cells := doc.Pages[p].Lines[l].Cells
			for c := range cells {
				if strings.ContainsRune(cells[c], Break) {
					broken = append(broken, &cells[c])
				}
			}
		}
	}
	if len(broken) == 0 {
		return
	}
	for p := range doc.Pages {
		for l := range doc.Pages[p].Lines {
			for w := range strings.FieldsFuncSeq(strings.ToLower(doc.Pages[p].Lines[l].Text()), notInWord) {
				seen[w] = true
			}
		}
	}
	for _, cell := range broken {
		*cell = mend(*cell, seen)
	}
}

func notInWord(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != Break }

func mend(s string, seen map[string]bool) string {
	for {
		at := strings.IndexRune(s, Break)
		if at < 0 {
			return s
		}
		left, right := s[:at], s[at+utf8.RuneLen(Break):]
		head := strings.ToLower(left[strings.LastIndexFunc(left, notInWord)+1:])
		tail := strings.ToLower(right)
		if end := strings.IndexFunc(tail, notInWord); end >= 0 {
			tail = tail[:end]
		}
		hyphen := "-"
		if joined(left, right, head, tail, seen) {
			hyphen = ""
		}
		s = left + hyphen + right
	}
}

func joined(left, right, head, tail string, seen map[string]bool) bool {
	before, _ := utf8.DecodeLastRuneInString(left)
	after, _ := utf8.DecodeRuneInString(right)
	if !unicode.IsLower(before) || !unicode.IsLower(after) {
		return false
	}
	if seen[head+"-"+tail] {
		return false
	}
	if seen[head+tail] {
		return true
	}
	first, _, _ := strings.Cut(tail, "-")
	return !compoundTails[first] && !compoundHeads[head] && !strings.Contains(head, "-")
}
