package resume

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// headingLike is true for a row that can be part of a position's heading: short, not a sentence, not the end of one.
func headingLike(rows []row, i int) bool {
	r := &rows[i]
	text := unbullet(r.text)
	first, _ := utf8.DecodeRuneInString(text)
	words := len(strings.Fields(text))
	switch {
	case r.running:
		return false
	case words > leadWords || unicode.IsLower(first) || hasHan(text) && utf8.RuneCountInString(text) > leadHan:
		return false
	case strings.HasSuffix(text, ";") || strings.HasSuffix(text, ","):
		return false
	case strings.HasSuffix(text, ".") && !abbreviated(text) && !endsHeading(text) || sentenceEnd.MatchString(text):
		return false
	case bulleted(r.text):
		return len(r.cells) > 1 || words <= 6 && hasTitleWord(text)
	}
	return !continued(rows, i)
}

// sentenceEnd is the end of a sentence within a row.
var sentenceEnd = regexp.MustCompile(`\p{Ll}{4}[.!?] \p{Lu}\p{Ll}{3,}(?: |$)`)

// initials are letters with points behind each, as legal forms and countries are shortened: "B.V.", "S.r.l."
var initials = regexp.MustCompile(`(?:^|[\s,(])\pL\.(?:\s?\pL\.)+$`)

// abbreviated is true for a text whose last point belongs to its last word.
func abbreviated(s string) bool {
	last := fold(s[strings.LastIndexByte(s, ' ')+1:])
	return legalForms[last] || legalForms[strings.TrimSuffix(last, ".")] || last == "jr." || last == "sr." || last == "st." || initials.MatchString(s)
}

// endsHeading is true for a title, an employer and a place behind commas that a full stop ends: "Engineer, Acme, Berlin."
func endsHeading(s string) bool {
	parts := strings.Split(strings.TrimSuffix(s, "."), ", ")
	if len(parts) < 2 || len(parts) > 4 || titleScore(parts[0]) < 2 {
		return false
	}
	return !slices.ContainsFunc(parts, func(p string) bool {
		first, _ := utf8.DecodeRuneInString(p)
		return !unicode.IsUpper(first) || len(strings.Fields(p)) > nameWords/2
	})
}

// maxItem is how many rows of a list item continued looks back over.
const maxItem = 40

// continued is true for a row that goes on with a list item: it is indented as the item's text is. Without a layout only a capital
// tells, which headingLike has asked for.
func continued(rows []row, i int) bool {
	for range maxItem {
		if i == 0 || rows[i].apart || rows[i].BBox == [4]float64{} || rows[i-1].Page != rows[i].Page {
			return false
		}
		prev := &rows[i-1]
		if bulleted(prev.text) {
			return rows[i].BBox[0] > prev.BBox[0]+3
		}
		if math.Abs(rows[i].BBox[0]-prev.BBox[0]) >= 2 {
			return false
		}
		i--
	}
	return true
}
