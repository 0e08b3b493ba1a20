package pagetext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Figures of how a table is read.
const (
	shortCell  = 40 // code points of a cell that can be a date or a place beside an entry
	headWords  = 4  // of a cell that can be a heading by its capitals
	longCell   = 4  // lines, after which what follows in the next cell is no part of the same entry
	maxColumns = 64
	maxBelow   = 200 // rows that are looked at below two headings
)

// TableLines are the lines of a table: rows of cells of lines.
//
// A row is read as one line only where each of its cells is one; otherwise its cells are read one after the other, so that the columns of
// a table that lays out a page do not interleave. Two things that people see in a table are kept: dates or a place beside an entry of
// several lines belong to its first line; and where a row has two headings side by side, what is below is read by columns.
func TableLines(rows [][][]Line) []Line {
	var out []Line
	for i := 0; i < len(rows); {
		if n := columnsBelow(rows[i:]); n > 0 {
			for c := range rows[i] {
				for r := i; r < i+n; r++ {
					out = append(out, apart(rows[r][c], true)...)
				}
			}
			i += n
			continue
		}
		out = append(out, rowLines(rows[i])...)
		i++
	}
	if len(out) > 0 {
		out[0].Apart = true
	}
	return out
}

// columnsBelow is how many rows from the first on are to be read by columns, 0 for none: the first row is headings, in two cells or
// more, and a cell below has several lines.
func columnsBelow(rows [][][]Line) int {
	heads := 0
	for _, cell := range rows[0] {
		switch {
		case len(cell) == 0:
		case !headLike(cell[0]):
			return 0
		default:
			heads++
		}
	}
	if heads < 2 || len(rows[0]) > maxColumns {
		return 0
	}
	n, several := 0, false
	for n < len(rows) && n < maxBelow && len(rows[n]) == len(rows[0]) {
		for _, cell := range rows[n] {
			several = several || len(cell) > 1
		}
		n++
	}
	if !several {
		return 0
	}
	return n
}

func headLike(l Line) bool {
	if l.Heading > 0 {
		return true
	}
	text := l.Text()
	letters := 0
	for _, r := range text {
		if unicode.IsLower(r) || unicode.IsDigit(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 4 && len(strings.Fields(text)) <= headWords
}

func rowLines(cells [][]Line) []Line {
	var full [][]Line
	for _, cell := range cells {
		if len(cell) > 0 {
			full = append(full, cell)
		}
	}
	if len(full) == 0 {
		return nil
	}
	if len(full) > 1 {
		if line, rest, ok := beside(full); ok {
			return append([]Line{line}, rest...)
		}
	}
	out := append([]Line(nil), full[0]...)
	for i := 1; i < len(full); i++ {
		out = append(out, apart(full[i], len(full[i-1]) > longCell)...)
	}
	return out
}

// beside joins a row of cells of one line, of which one may go on below where the others are dates or the like.
func beside(cells [][]Line) (line Line, rest []Line, ok bool) {
	line.Apart = cells[0][0].Apart
	for i, cell := range cells {
		if cell[0].Heading > 0 || i > 0 && marked(cell[0].Cells[0]) {
			return line, nil, false
		}
		if len(cell) > 1 {
			if rest != nil {
				return line, nil, false
			}
			rest = cell[1:]
		}
		line.Cells = append(line.Cells, cell[0].Cells...)
	}
	if rest == nil {
		return line, nil, true
	}
	for _, cell := range cells {
		if text := cell[0].Text(); len(cell) == 1 && (utf8.RuneCountInString(text) > shortCell || !strings.ContainsAny(text, "0123456789")) {
			return line, nil, false
		}
	}
	return line, rest, true
}

func apart(lines []Line, is bool) []Line {
	if len(lines) > 0 && is {
		lines[0].Apart = true
	}
	return lines
}
