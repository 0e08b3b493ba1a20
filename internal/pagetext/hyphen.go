package pagetext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// compoundTails are the second halves of English compounds that keep their hyphen. A word of four letters or more that is broken before
// one of them was hyphenated by its writer and not by the typesetter: "cloud-/native" is "cloud-native", but "re-/source" a resource.
// Halves of closed compounds ("frame-/work", "data-/base") and ends that a typesetter parts ("knowl-/edge") are not among them.
var compoundTails = wordSet(`accredited achieving agnostic aided aligned assisted aware based bound browser built centered centric certified
	class commerce compatible compliant conscious controlled critical data defined depth device driven duty efficient enabled end facing
	fidelity first focused free friendly functional generation growing growth heavy impact intensive latency leading learning level loop
	making market memory minded model modal native node operated oriented peer performance performing person phase platform powered
	premise premises processing proof purpose quality ready regional related resistant risk safe scale secure sensitive server service
	side skilled source specific speed stack stage stakeholder state structured supervised tenant term thinking threaded throughput tier
	time to to-end tolerant trained tuned tuning user value vendor volume wide winning`)

// compoundHeads are first halves that keep their hyphen before a word of any kind.
var compoundHeads = wordSet(`ai api ci cross cloud e end hands ml multi non self semi third two x`)

// closed are words that compoundTails would part.
var closed = wordSet(`alternative worldwide nationwide sometime lifetime weekend runtime outside`)

// minHead is how long a first half must be for compoundTails to hold, minTail a second half for compoundHeads: "multi-/ple" is multiple.
const (
	minHead = 4
	minTail = 4
)

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

// maxCarried is how long in bytes a line may be that a word is carried up to, so that a text of nothing but broken words does not make
// one line of all.
const maxCarried = 2000

func carry(line, next *Line) {
	last := &line.Cells[len(line.Cells)-1]
	stem, hyphen := strings.CutSuffix(*last, "-")
	before, _ := utf8.DecodeLastRuneInString(stem)
	word, rest, more := strings.Cut(next.Cells[0], " ")
	after, _ := utf8.DecodeRuneInString(word)
	if !hyphen || len(stem) > maxCarried || !unicode.IsLower(before) || !unicode.IsLower(after) {
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
	if seen[head+tail] || closed[head+tail] {
		return true
	}
	first, _, _ := strings.Cut(tail, "-")
	stays := compoundTails[first] && len(head) >= minHead || compoundHeads[head] && len(tail) >= minTail || strings.Contains(head, "-")
	return !stays
}
