package rtftext

import (
	"strings"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// maxLevel is the deepest heading that is told.
const maxLevel = 6

// line is a line that may begin a page.
type line struct {
	pagetext.Line
	page bool
}

// sink gathers the paragraphs and tables of one stream of text: the body, a header, a text box.
type sink struct {
	text    strings.Builder // of the paragraph that has begun
	item    bool
	mark    bool // the mark of an item has come, perhaps before \pard
	level   int
	style   int
	inTable bool
	page    bool // a page begins before the next line
	blank   bool

	lines []line
	cell  []pagetext.Line
	cells [][]pagetext.Line
	rows  [][][]pagetext.Line
	box   bool
	boxes []line // of text boxes, to stand behind the paragraph
}

// reset is \pard: what the paragraphs before it said holds no more.
func (s *sink) reset() {
	s.item, s.level, s.style, s.inTable = false, 0, 0, false
}

// endParagraph is \par. styles are the levels of headings by style.
func (s *sink) endParagraph(styles map[int]int) {
	level := s.level
	if level == 0 {
		level = styles[s.style]
	}
	lines := pagetext.Paragraph(s.text.String(), max(level, 0), (s.item || s.mark) && level <= 0)
	s.text.Reset()
	s.mark = false
	if s.inTable {
		s.cell = append(s.cell, lines...)
		return
	}
	s.endTable()
	s.add(lines)
}

func (s *sink) add(lines []pagetext.Line) {
	if len(lines) == 0 {
		s.blank = true
	}
	for _, l := range lines {
		l.Apart = l.Apart || s.blank
		s.lines = append(s.lines, line{l, s.page})
		s.blank, s.page = false, false
	}
	s.lines = append(s.lines, s.boxes...)
	s.boxes = nil
}

func (s *sink) endCell(styles map[int]int) {
	s.inTable = true
	if s.text.Len() > 0 {
		s.endParagraph(styles)
	}
	s.cells = append(s.cells, s.cell)
	s.cell = nil
}

func (s *sink) endRow(styles map[int]int) {
	if s.text.Len() > 0 || len(s.cell) > 0 {
		s.endCell(styles)
	}
	if len(s.cells) > 0 {
		s.rows = append(s.rows, s.cells)
	}
	s.cells = nil
}

func (s *sink) endTable() {
	if len(s.cell) > 0 {
		s.cells = append(s.cells, s.cell)
	}
	if len(s.cells) > 0 {
		s.rows = append(s.rows, s.cells)
	}
	rows := s.rows
	s.cell, s.cells, s.rows = nil, nil, nil
	if len(rows) > 0 {
		s.add(pagetext.TableLines(rows))
	}
}

// end ends what has begun.
func (s *sink) end(styles map[int]int) {
	if s.text.Len() > 0 {
		s.endParagraph(styles)
	}
	s.endTable()
	s.add(nil)
}

// hang adds a text box to the paragraph that it stands in: before its words or behind them, as in the file.
func (s *sink) hang(box *sink) {
	lines := box.lines
	for i := range lines {
		lines[i].page = false
	}
	if len(lines) == 0 {
		return
	}
	lines[0].Apart = true
	switch {
	case s.inTable:
		for i := range lines {
			s.cell = append(s.cell, lines[i].Line)
		}
	case strings.TrimSpace(s.text.String()) == "":
		s.endTable()
		s.lines = append(s.lines, lines...)
		s.blank = true
	default:
		s.boxes = append(s.boxes, lines...)
	}
}

func (s *sink) words() string {
	var b strings.Builder
	for i := range s.lines {
		b.WriteString(s.lines[i].Text() + "\n")
	}
	return b.String()
}

func (s *sink) emit(out *pagetext.Builder, pages bool) {
	for i := range s.lines {
		if s.lines[i].page && pages {
			out.BreakPage()
		}
		out.Add(s.lines[i].Line)
	}
}
