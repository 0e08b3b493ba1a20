package resume

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// row is a line of the document that is being made, with what sections and positions are found by and the document does not keep.
type row struct {
	Line
	text    string
	cells   []string
	heading int  // the level at which the format marks it as a heading, 0 where it does not
	apart   bool // a blank line or a new page or column stands before it
	running bool // the header or footer of a page: it says nothing of the person
}

// compose puts pages together: lines joined by a newline, a blank line where they do not follow on one another.
func compose(pages *pagetext.Document) *Document {
	doc := newDocument(OutcomeOK)
	doc.Engine, doc.Pages = pages.Engine, len(pages.Pages)
	v := headingVocabulary()
	var text strings.Builder
	var rows []row
	at := 0
	for p := range pages.Pages {
		for l, in := range settleMargin(settleHeadings(unbraid(pages.Pages[p].Lines, pages.Pages[p].Width, v), v), v) {
			if len(in.Cells) == 1 {
				in.Cells = []string{v.rejoined(in.Cells[0])}
			}
			s := in.Text()
			if s == "" {
				continue
			}
			r := row{text: s, cells: in.Cells, heading: in.Heading, apart: in.Apart || l == 0}
			if len(rows) > 0 {
				text.WriteByte('\n')
				at++
				if r.apart {
					text.WriteByte('\n')
					at++
				}
			}
			r.Line = Line{Page: p + 1, BBox: in.Box, Start: at}
			text.WriteString(s)
			at += utf8.RuneCountInString(s)
			r.End = at
			rows = append(rows, r)
			doc.Lines = append(doc.Lines, r.Line)
		}
	}
	doc.Text = text.String()
	doc.Words = len(strings.Fields(doc.Text))
	markRunning(rows)
	sections := findSections(rows, at, v)
	for i := range sections {
		s := &sections[i]
		doc.Sections = append(doc.Sections, s.Section)
		doc.Positions = append(doc.Positions, findPositions(withoutAddresses(rows[s.first:s.last]), s)...)
	}
	doc.Warnings = append(doc.Warnings, reversedDates(doc.Positions)...)
	fillRest(doc, rows, sections, v)
	return doc
}

// markRunning finds the headers and footers of pages: the same words but for digits, at the same height, on two pages or more.
func markRunning(rows []row) {
	type place struct {
		words string
		y     int
	}
	key := func(r *row) place {
		words := strings.Map(func(c rune) rune {
			if unicode.IsDigit(c) {
				return -1
			}
			return c
		}, r.text)
		return place{words, int(math.Round(r.BBox[1] / 3))}
	}
	pages := map[place]map[int]bool{}
	for i := range rows {
		if k := key(&rows[i]); rows[i].BBox != [4]float64{} {
			if pages[k] == nil {
				pages[k] = map[int]bool{}
			}
			pages[k][rows[i].Page] = true
		}
	}
	for i := range rows {
		rows[i].running = len(pages[key(&rows[i])]) > 1
	}
}

// drawnApart is how many heights of a line may lie between two headings in a row before they cannot belong together.
const drawnApart = 4

// maxSettled is how many lines a page may have to have its headings settled, and a section to have undated jobs.
const maxSettled = 1000

// settleHeadings puts headings where they stand on the page. Some programs draw all headings of a page first, and then the text between:
// in the file's order every section would be empty but the last. Three known headings in a row, far apart on the page, give that away;
// each goes before the nearest line below it. Everything else stays in the order of the file.
func settleHeadings(lines []pagetext.Line, v *vocabulary) []pagetext.Line {
	if len(lines) > maxSettled {
		return lines // no resume: and each heading looks at each line
	}
	moved := map[int]bool{}
	for i := 0; i < len(lines); {
		n := i
		for n < len(lines) && isDrawnHeading(lines, n, v) && (n == i || farApart(&lines[n-1], &lines[n])) {
			n++
		}
		if n-i >= 3 {
			for k := i; k < n; k++ {
				moved[k] = true
			}
		}
		i = max(n, i+1)
	}
	if len(moved) == 0 {
		return lines
	}
	for i := range lines {
		// On such a page no heading's place in the file says anything, so a lone one is checked too.
		if !moved[i] && isDrawnHeading(lines, i, v) && i+1 < len(lines) && nearestBelow(lines, i, moved) != i+1 {
			moved[i] = true
		}
	}
	before := map[int][]int{} // line → the headings that go before it
	for i := range lines {
		if moved[i] {
			if below := nearestBelow(lines, i, moved); below >= 0 {
				before[below] = append(before[below], i)
			} else {
				moved[i] = false
			}
		}
	}
	out := make([]pagetext.Line, 0, len(lines))
	for i := range lines {
		for _, h := range before[i] {
			out = append(out, lines[h])
			out[len(out)-1].Apart = true
		}
		if moved[i] {
			continue
		}
		out = append(out, lines[i])
		if hs := before[i]; len(hs) > 0 {
			h := &lines[hs[len(hs)-1]]
			out[len(out)-1].Apart = lines[i].Box[1]-h.Box[3] > 1.5*h.Height()
		}
	}
	return slices.Clip(out)
}

func isDrawnHeading(lines []pagetext.Line, i int, v *vocabulary) bool {
	if lines[i].Box == [4]float64{} || len(lines[i].Cells) != 1 {
		return false
	}
	_, ok := headingKind(lines[i].Cells[0], v)
	return ok && !bulleted(lines[i].Cells[0])
}

func farApart(a, b *pagetext.Line) bool {
	h := math.Max(a.Height(), b.Height())
	return math.Abs(a.Box[1]-b.Box[1]) > drawnApart*h || b.Box[0] > a.Box[2] || b.Box[2] < a.Box[0]
}

// nearestBelow is the line that stands next below heading i in its column, -1 where none does.
func nearestBelow(lines []pagetext.Line, i int, skip map[int]bool) int {
	h := &lines[i]
	best, bestGap := -1, math.Inf(1)
	for k := range lines {
		l := &lines[k]
		gap := l.Box[1] - h.Box[3]
		// The text of a section begins at its heading's left edge, or is as wide as to hold it.
		if skip[k] || gap < -2 || l.Box[0] > h.Box[2]+h.Height() || l.Box[2] < h.Box[0] || gap >= bestGap {
			continue
		}
		best, bestGap = k, gap
	}
	return best
}
