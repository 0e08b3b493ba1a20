package resume

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/internal/pagetext"
)

// Figures of columns that a file draws row by row.
const (
	leastTurns   = 6    // rows in which both columns stand, or changes from one to the other
	otherSide    = 0.3  // of the width of a page, how far right a second column begins at least
	dateShare    = 0.34 // of the right cells that may be times or places
	sameEdge     = 0.6  // of the right cells that may end at one edge, as times at the right margin do
	maxColumned  = 400  // lines of a page that is looked at
	charOfHeight = 0.5  // width of a character where no line tells
)

// unbraid reads two columns one after the other where the file itself draws them row by row, as a table of a word processor does.
//
// It is done only where nothing else can be meant: from row to row down the page, on both sides of one gutter, each side has a heading of
// its own, and the right side is neither times and places nor flush right. All else stays in the order of the file.
func unbraid(lines []pagetext.Line, width float64, v *vocabulary) []pagetext.Line {
	if mutant.On(mutant.ColumnsInterleave) {
		return lines
	}
	if len(lines) < leastTurns || len(lines) > maxColumned {
		return lines
	}
	for from := 0; from < len(lines); from++ {
		if len(lines[from].Cells) != 2 && !twoHeads(lines, from, v) {
			continue
		}
		to := from + 1
		for to < len(lines) && len(lines[to].Cells) <= 2 && lines[to].Box[1] >= lines[to-1].Box[1]-1 {
			to++
		}
		if left, right, ok := sides(lines[from:to], width, v); ok {
			out := slices.Concat(lines[:from:from], left, right, lines[to:])
			if to < len(lines) {
				out[len(out)-len(lines)+to].Apart = true
			}
			return out
		}
		from = to - 1
	}
	return lines
}

// twoHeads is true for two headings side by side that the file gives as two lines.
func twoHeads(lines []pagetext.Line, i int, v *vocabulary) bool {
	return i+1 < len(lines) && isDrawnHeading(lines, i, v) && isDrawnHeading(lines, i+1, v) && lines[i+1].Box[0] > lines[i].Box[2] &&
		math.Abs(lines[i+1].Box[1]-lines[i].Box[1]) < lines[i].Height()
}

// sides parts lines into the column on the left and the one on the right, if they are two columns.
func sides(lines []pagetext.Line, width float64, v *vocabulary) (left, right []pagetext.Line, ok bool) {
	gutter, ok := gutterOf(lines, width)
	if !ok {
		return nil, nil, false
	}
	turns, flush, asides := 0, map[int]int{}, 0
	wasRight := false
	for i := range lines {
		l := lines[i]
		switch {
		case len(l.Cells) == 2:
			turns++
			a, b := l, l
			a.Cells, b.Cells = l.Cells[:1], l.Cells[1:]
			a.Box[2], b.Box[0] = math.Min(gutter-1, l.Box[2]), gutter
			left, right = append(left, a), append(right, b)
		case l.Box[0] >= gutter-sameLeft:
			if !wasRight {
				turns++
			}
			right = append(right, l)
		case l.Box[2] > gutter+sameLeft:
			return nil, nil, false // it stands in both columns
		default:
			left = append(left, l)
		}
		wasRight = len(l.Cells) == 1 && l.Box[0] >= gutter-sameLeft
	}
	heads := [2]int{}
	for side, part := range [][]pagetext.Line{left, right} {
		for i := range part {
			if kind, known := headingKind(part[i].Cells[0], v); known && kind != "" && styled(part[i].Cells[0]) && !bulleted(part[i].Cells[0]) {
				heads[side]++
			}
		}
	}
	for i := range right {
		flush[int(math.Round(right[i].Box[2]/2))]++
		if _, dated := findDate(right[i].Cells[0]); dated || isPlace(right[i].Cells[0]) {
			asides++
		}
	}
	most := 0
	for _, n := range flush {
		most = max(most, n)
	}
	n := float64(len(right))
	if turns < leastTurns || heads[0] == 0 || heads[1] == 0 || float64(asides) > dateShare*n || float64(most) > sameEdge*n {
		return nil, nil, false
	}
	return partedAgain(left), partedAgain(right), true
}

// gutterOf is where the right column begins: where most of the lines do that stand alone on the right, or, if none does, as far from the
// right ends of the rows as their second cells are long.
func gutterOf(lines []pagetext.Line, width float64) (float64, bool) {
	leftmost := math.Inf(1)
	var perChar []float64
	for i := range lines {
		l := &lines[i]
		if l.Box == [4]float64{} {
			return 0, false
		}
		leftmost = math.Min(leftmost, l.Box[0])
		if n := utf8.RuneCountInString(l.Text()); len(l.Cells) == 1 && n > 4 {
			perChar = append(perChar, (l.Box[2]-l.Box[0])/float64(n))
		}
	}
	begins := map[int]int{}
	var guesses []float64
	char := median(perChar)
	for i := range lines {
		l := &lines[i]
		switch {
		case len(l.Cells) == 1 && l.Box[0] > leftmost+otherSide*width:
			begins[int(math.Round(l.Box[0]))]++
		case len(l.Cells) == 2:
			c := char
			if c == 0 {
				c = charOfHeight * l.Height()
			}
			guesses = append(guesses, l.Box[2]-c*float64(utf8.RuneCountInString(l.Cells[1])))
		}
	}
	best, most := 0, 0
	for x, n := range begins {
		if n > most || n == most && x < best {
			best, most = x, n
		}
	}
	gutter := float64(best)
	if most < 2 {
		gutter = median(guesses)
	}
	return gutter, gutter > leftmost+otherSide*width
}

func median(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	slices.Sort(xs)
	return xs[len(xs)/2]
}

// partedAgain says anew which lines of a column stand apart.
func partedAgain(lines []pagetext.Line) []pagetext.Line {
	for i := range lines {
		lines[i].Apart = i == 0 || lines[i].Box[1]-lines[i-1].Box[3] > 0.9*math.Max(lines[i].Height(), lines[i-1].Height())
	}
	return lines
}
