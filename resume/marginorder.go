package resume

import (
	"math"
	"strings"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// narrowDate is how many lines a time in a narrow margin takes at most.
const narrowDate = 2

// settleMargin puts a time in the margin of a page, which stands in the file before the heading above it, below that heading:
// otherwise it would be in the section before.
func settleMargin(lines []pagetext.Line, v *vocabulary) []pagetext.Line {
	for i := 1; i+1 < len(lines); i++ {
		if !isDrawnHeading(lines, i, v) {
			continue
		}
		for n := 1; n <= min(narrowDate, i); n++ {
			if !isMarginTime(lines[i-n:i]) || lines[i-n].Box[1] < (lines[i].Box[1]+lines[i].Box[3])/2 || !sameHeightAs(&lines[i-n], &lines[i+1]) {
				continue
			}
			head := lines[i]
			copy(lines[i-n+1:i+1], lines[i-n:i])
			lines[i-n] = head
			lines[i-n].Apart, lines[i-n+1].Apart = true, false
			break
		}
	}
	return lines
}

// isMarginTime is true for lines that are nothing but one time.
func isMarginTime(lines []pagetext.Line) bool {
	cells := make([]string, 0, narrowDate)
	for i := range lines {
		if len(lines[i].Cells) != 1 || len(lines[i].Cells[0]) > narrowRow || lines[i].Box == [4]float64{} {
			return false
		}
		cells = append(cells, lines[i].Cells[0])
	}
	text := strings.Join(cells, " ")
	d, ok := findDate(text)
	return ok && d.from == 0 && d.to == len(text)
}

// sameHeightAs is true for two lines side by side.
func sameHeightAs(a, b *pagetext.Line) bool {
	overlap := math.Min(a.Box[3], b.Box[3]) - math.Max(a.Box[1], b.Box[1])
	return overlap > 0.5*math.Min(a.Height(), b.Height()) && (b.Box[0] > a.Box[2] || b.Box[2] < a.Box[0])
}
