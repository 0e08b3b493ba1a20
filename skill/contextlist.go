package skill

import (
	"slices"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
)

// neighbourhood is what stands beside an ambiguous word in its list.
type neighbourhood struct {
	products, others float64 // sides on which the next item is surely a technology, or another skill
	run              float64 // sides on which a sure technology stands with a space alone between
	long             bool    // of such, three or more in a row
	lower            bool    // one of these neighbours is written in lower case
}

// neighbours looks at the sure skills before and after a word.
func (t *textView) neighbours(c candidate, s *setting) neighbourhood {
	var n neighbourhood
	i, found := slices.BinarySearchFunc(s.sure, c.start, func(s candidate, at int) int { return s.start - at })
	after := i
	if found { // itself, where it was accepted
		after++
	}
	side := func(k int, between string, gap int) {
		switch {
		case onlySeparators(between) || gap >= 0 && t.newline(gap) && t.onOwnLine(c):
			if s.products[k] {
				n.products++
			} else {
				n.others++
			}
		case between == " " && s.products[k]:
			n.run++
		default:
			return
		}
		from, to := t.span(s.sure[k].start, s.sure[k].end)
		n.lower = n.lower || !slices.ContainsFunc(t.runes[from:to], unicode.IsUpper)
	}
	if i > 0 && c.start-s.sure[i-1].end <= listReach {
		between := t.text[s.sure[i-1].end:c.start]
		side(i-1, between, gapOf(between, s.sure[i-1].end))
	}
	if after < len(s.sure) && s.sure[after].start-c.end <= listReach {
		between := t.text[c.end:s.sure[after].start]
		side(after, between, gapOf(between, c.end))
	}
	if n.run > 0 {
		inRow := 0
		for k := i - 1; k >= 0 && s.products[k] && t.adjacent(s.sure[k].end, startAfter(s.sure, k, c)); k-- {
			inRow++
		}
		for k := after; k < len(s.sure) && s.products[k] && t.adjacent(endBefore(s.sure, k, after, c), s.sure[k].start); k++ {
			inRow++
		}
		n.long = inRow >= 2
	}
	return n
}

// gapOf is the byte of the gap, where nothing but one stands between, or -1.
func gapOf(between string, at int) int {
	if between == " " {
		return at
	}
	return -1
}

// startAfter is where what follows the k-th name of a row before c begins.
func startAfter(sure []candidate, k int, c candidate) int {
	if k+1 < len(sure) && sure[k+1].start < c.start {
		return sure[k+1].start
	}
	return c.start
}

// endBefore is where what stands before the k-th name of a row after c ends.
func endBefore(sure []candidate, k, first int, c candidate) int {
	if k > first {
		return sure[k-1].end
	}
	return c.end
}

// adjacent tells whether a single gap stands between two bytes.
func (t *textView) adjacent(end, start int) bool { return start == end+1 && t.text[end] == ' ' }

// newline tells whether the gap at a byte holds the end of a line.
func (t *textView) newline(gap int) bool {
	return slices.Contains(t.runes[t.origin(gap):t.origin(gap+1)], '\n')
}

// onOwnLine tells whether a name is all of its line.
func (t *textView) onOwnLine(c candidate) bool {
	from, to := t.span(c.start, c.end)
	_, alone := t.itemAt(Mention{Start: from, End: to})
	return alone > 0
}

// nearSure tells whether the sure technology before or after stands near, in the same paragraph.
func (t *textView) nearSure(c candidate, s *setting) bool {
	i, found := slices.BinarySearchFunc(s.sure, c.start, func(s candidate, at int) int { return s.start - at })
	for k := max(0, i-1); k < min(len(s.sure), i+1+int(flag(found))); k++ {
		n := s.sure[k]
		if n.start != c.start && s.products[k] && n.end > c.start-nearReach && n.start < c.end+nearReach &&
			strings.IndexByte(t.text[min(n.start, c.start):max(n.end, c.end)], paragraphBreak) < 0 {
			return true
		}
	}
	return false
}

// separators stand between the items of a list.
const separators = ",/|;•·()[]&:+"

// onlySeparators tells whether what stands between two names is a list's punctuation: at least one mark or conjunction.
func onlySeparators(between string) bool {
	mark := false
	for _, word := range conjunctions {
		if strings.Contains(between, word) {
			mark = true
			between = strings.ReplaceAll(between, word, " ")
		}
	}
	for _, r := range between {
		switch {
		case strings.ContainsRune(separators, r):
			mark = true
		case r == ' ' || r == '.' || unicode.IsDigit(r):
		default:
			return false
		}
	}
	return mark
}

// itemsBeside is the text before and after a name, up to and from the separators of a list; empty where none stand there.
func (t *textView) itemsBeside(c candidate) (left, right string) {
	left, right = t.text[max(0, c.start-listReach):c.start], t.text[c.end:min(len(t.text), c.end+listReach)]
	cut := func(s, trimmed string) string {
		if strings.ContainsAny(s, separators) {
			return trimmed
		}
		return ""
	}
	trimmed := strings.TrimRight(left, separators+" ")
	left = cut(left[len(trimmed):], trimmed)
	for _, word := range conjunctions {
		if rest, ok := strings.CutPrefix(right, word); ok {
			return left, rest
		}
	}
	trimmed = strings.TrimLeft(right, separators+" ")
	right = cut(right[:len(right)-len(trimmed)], trimmed)
	for _, word := range conjunctions {
		right = strings.TrimPrefix(right, word[1:])
	}
	return left, right
}

// itemAt tells whether a mention is an item: separators, brackets or ends of line on both sides, and whether ends of line alone.
func (t *textView) itemAt(m Mention) (item, alone float64) {
	i, j := m.Start-1, m.End
	for i >= 0 && (t.runes[i] == ' ' || t.runes[i] == '\t') {
		i--
	}
	for j < len(t.runes) && (t.runes[j] == ' ' || t.runes[j] == '\t') {
		j++
	}
	edge := func(k int) (mark, line bool) {
		if k < 0 || k >= len(t.runes) || t.runes[k] == '\n' {
			return true, true
		}
		if strings.ContainsRune("•·▪◦*–●○", t.runes[k]) {
			return true, k < i+1 && t.lineBegins(k)
		}
		return strings.ContainsRune(",/|;()[]&+:", t.runes[k]), false
	}
	before, lineBefore := edge(i)
	after, lineAfter := edge(j)
	if k := i; k >= 0 && t.runes[k] == '-' && t.lineBegins(k) {
		before, lineBefore = true, true
	}
	return flag(before && after && (!lineBefore || !lineAfter)), flag(lineBefore && lineAfter)
}

// lineBegins tells whether a code point is the first of its line.
func (t *textView) lineBegins(k int) bool {
	for k--; k >= 0 && (t.runes[k] == ' ' || t.runes[k] == '\t'); k-- {
	}
	return k < 0 || t.runes[k] == '\n'
}

// product tells whether a kind of skill is something that one uses, rather than something that one does or is.
func product(k catalog.Kind) bool {
	switch k {
	case catalog.Language, catalog.Framework, catalog.Library, catalog.Tool, catalog.Database, catalog.Cloud, catalog.Platform:
		return true
	case catalog.Practice, catalog.Concept, catalog.Domain, catalog.Soft:
	}
	return false
}
