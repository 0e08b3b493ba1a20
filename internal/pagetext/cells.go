package pagetext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tabWide is how many spaces between words part cells, as people do who line up dates by hand.
const tabWide = "   "

// Bullet begins a line that the format marks as an item of a list.
const Bullet = "• "

// Cells are the parts of a raw line, cleaned: a tab or three spaces and more part them. A list mark that stands in a cell of its own
// is put back before what it marks.
func Cells(raw string) []string {
	var cells []string
	for cell := range strings.SplitSeq(strings.ReplaceAll(strings.TrimSpace(raw), "\t", tabWide), tabWide) {
		cell = strings.TrimSpace(cell)
		mark := isSymbolBullet(cell)
		if mark {
			_, size := utf8.DecodeRuneInString(cell)
			cell = strings.TrimSpace("•" + " " + cell[size:])
		}
		s := Clean(unspace(cell))
		if s == "" {
			continue
		}
		if len(cells) == 1 && loneMark(cells[0]) {
			cells[0] += " " + s
			continue
		}
		cells = append(cells, s)
	}
	return cells
}

// loneMark is true for a list mark with nothing behind it. Letters and digits that can mark an item are left: they may be words.
func loneMark(cell string) bool {
	r, size := utf8.DecodeRuneInString(cell)
	return size == len(cell) && strings.ContainsRune("•◦▪‣●○■□-–—*·∙➢►▶✓✔⁃‐◆◇→", r)
}

// isSymbolBullet is true for a text that begins with one of the private-use code points at which word processors keep the list marks of
// the Symbol and Wingdings fonts. Other private-use code points are icons and no marks.
func isSymbolBullet(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	switch r {
	case 0xF0B7, 0xF0A7, 0xF0D8, 0xF0FC, 0xF0A8, 0xF076, 0xF09F, 0xF077:
		next, _ := utf8.DecodeRuneInString(s[size:])
		return size == len(s) || unicode.IsSpace(next)
	}
	return false
}

// unspace joins the letters of a letter-spaced heading: "W O R K  H I S T O R Y". Two spaces part its words.
func unspace(s string) string {
	words := strings.Split(s, "  ")
	for i, w := range words {
		letters := strings.Split(strings.TrimSpace(w), " ")
		if len(letters) < 2 || i == 0 && len(words) == 1 && len(letters) < 4 {
			return s
		}
		for _, l := range letters {
			if r, size := utf8.DecodeRuneInString(l); size != len(l) || !unicode.IsUpper(r) {
				return s
			}
		}
		words[i] = strings.Join(letters, "")
	}
	return strings.Join(words, " ")
}

// Paragraph makes lines of a paragraph of a format without layout: '\n' in raw breaks lines and a tab parts cells. heading is the
// paragraph's level or 0; an item's first line begins with a Bullet.
func Paragraph(raw string, heading int, item bool) []Line {
	var lines []Line
	for part := range strings.SplitSeq(raw, "\n") {
		cells := Cells(part)
		if len(cells) == 0 {
			continue
		}
		if item && len(lines) == 0 && !marked(cells[0]) {
			cells[0] = Bullet + cells[0]
		}
		lines = append(lines, Line{Cells: cells, Heading: heading})
	}
	return lines
}

// marked is true for a text that begins with a list mark already.
func marked(s string) bool {
	mark, _, ok := strings.Cut(s, " ")
	return ok && loneMark(mark)
}
