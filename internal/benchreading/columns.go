package main

import (
	"math"
	"strings"
)

// A page has two columns where some upright line has
//   - at least minSide of the letters on each side, and at most maxAcross of them in lines that cross it,
//   - at least minLines lines on each side, over heights that overlap by at least half of the lower side and by minOverlap of the text's,
//   - at most maxWithin of the letters of that overlap in lines that cross it, and
//   - lines of the narrower side that do not simply stand beside a line of the wider one, as dates and terms beside their text do: at most
//     maxBeside of them share a baseline, unless the narrower side has wideSide of the letters.
const (
	minSide    = 0.12
	maxAcross  = 0.35
	minLines   = 8
	minOverlap = 0.25
	maxWithin  = 0.1
	maxBeside  = 0.7
	wideSide   = 0.3
)

// columns are the words that stand in one column of a page and not in the other.
type columns struct {
	gutter      float64
	left, right map[string]bool
	lines       [2]int // of each column
}

// side is where a line stands: -1 left of x, 1 right of it, 0 across it.
func side(l *boxLine, x float64) int {
	switch {
	case l.XMax <= x:
		return -1
	case l.XMin >= x:
		return 1
	default:
		return 0
	}
}

// findColumns finds the two columns of a page, nil where it has one.
func findColumns(p *boxPage) *columns {
	best, bestAcross := 0.0, math.Inf(1)
	for x := 0.15 * p.Width; x <= 0.85*p.Width; x += 2 {
		if across, ok := parts(p, x); ok && across < bestAcross {
			best, bestAcross = x, across
		}
	}
	if math.IsInf(bestAcross, 1) {
		return nil
	}
	c := &columns{gutter: best, left: map[string]bool{}, right: map[string]bool{}}
	seen := [3]map[string]bool{{}, {}, {}}
	for i := range p.Lines {
		l := &p.Lines[i]
		s := side(l, best)
		if s != 0 {
			c.lines[(s+1)/2]++
		}
		for _, w := range l.Words {
			for _, t := range words(w.Text) {
				seen[s+1][t] = true
			}
		}
	}
	for t := range seen[0] {
		c.left[t] = !seen[1][t] && !seen[2][t]
	}
	for t := range seen[2] {
		c.right[t] = !seen[1][t] && !seen[0][t]
	}
	return c
}

// parts is true where x parts a page in two columns, and says what share of the letters stands across it.
func parts(p *boxPage, x float64) (across float64, ok bool) {
	var size, lines [3]float64
	top, bottom := [3]float64{math.Inf(1), 0, math.Inf(1)}, [3]float64{}
	for i := range p.Lines {
		l := &p.Lines[i]
		s := side(l, x) + 1
		for _, w := range l.Words {
			size[s] += float64(len(w.Text))
		}
		lines[s]++
		top[s], bottom[s] = min(top[s], l.YMin), max(bottom[s], l.YMax)
	}
	all := size[0] + size[1] + size[2]
	if all == 0 {
		return 0, false
	}
	overlap := min(bottom[0], bottom[2]) - max(top[0], top[2])
	height := max(bottom[0], bottom[1], bottom[2]) - min(top[0], top[1], top[2])
	narrow := 0
	if size[2] < size[0] {
		narrow = 2
	}
	across = size[1] / all
	ok = across <= maxAcross && min(size[0], size[2]) >= minSide*all && min(lines[0], lines[2]) >= minLines &&
		overlap >= 0.5*min(bottom[0]-top[0], bottom[2]-top[2]) && overlap >= minOverlap*height &&
		within(p, x, max(top[0], top[2]), min(bottom[0], bottom[2])) <= maxWithin &&
		(size[narrow] >= wideSide*all || beside(p, x, narrow) <= maxBeside)
	return across, ok
}

// within is the share of the letters between two heights that stands in lines across x.
func within(p *boxPage, x, top, bottom float64) float64 {
	var across, all float64
	for i := range p.Lines {
		l := &p.Lines[i]
		if l.YMin < top || l.YMax > bottom {
			continue
		}
		for _, w := range l.Words {
			all += float64(len(w.Text))
			if side(l, x) == 0 {
				across += float64(len(w.Text))
			}
		}
	}
	return across / max(all, 1)
}

// beside is the share of a side's lines that share a baseline with a line of the other side.
func beside(p *boxPage, x float64, which int) float64 {
	var n, shared float64
	for i := range p.Lines {
		l := &p.Lines[i]
		if side(l, x)+1 != which {
			continue
		}
		n++
		for j := range p.Lines {
			o := &p.Lines[j]
			if side(o, x)+1 == 2-which && math.Abs(o.YMax-l.YMax) < 0.2*(l.YMax-l.YMin) {
				shared++
				break
			}
		}
	}
	return shared / max(n, 1)
}

// jumps counts, in one text of one page, how often reading goes from one column to the other.
//
// Each line is known by those of its words that stand in one column alone. A line with a quarter or more of such words of the lesser
// column is read as a row of pieces, one for each run of words of one column. Steps are the pairs of pieces one after
// the other, and jumps those steps that change the column. One jump is needed, from the one column to the other.
func (c *columns) jumps(lines []string) (jumps, steps int) {
	last := 0
	piece := func(s int) {
		if last != 0 {
			steps++
			if s != last {
				jumps++
			}
		}
		last = s
	}
	for _, line := range lines {
		var labels []int
		n := [2]int{}
		for _, w := range words(line) {
			switch {
			case c.left[w]:
				labels, n[0] = append(labels, -1), n[0]+1
			case c.right[w]:
				labels, n[1] = append(labels, 1), n[1]+1
			}
		}
		if len(labels) == 0 {
			continue
		}
		if 4*min(n[0], n[1]) < len(labels) {
			major := -1
			if n[1] > n[0] {
				major = 1
			}
			piece(major)
			continue
		}
		for i, l := range labels {
			if i == 0 || l != labels[i-1] {
				piece(l)
			}
		}
	}
	return jumps, steps
}

// interleaved is how mixed the columns of a file are.
type interleaved struct {
	Pages int     `json:"pages"` // that have two columns
	Share float64 `json:"share"` // jumps beyond those needed, of the steps beyond those needed
	Worst float64 `json:"worst"` // jumps beyond those needed, of the most that are possible: 1 is a file read strictly row by row
}

// interleave measures a text, given as the lines of each page. It is nil where no page has two columns.
//
// Share flatters a file one column of which is short, because most steps cannot jump; Worst does not, and is what must hold.
func interleave(pages []*columns, lines [][]string) *interleaved {
	var in interleaved
	var jumped, steps, most int
	for i, c := range pages {
		if c == nil || i >= len(lines) {
			continue
		}
		in.Pages++
		j, s := c.jumps(lines[i]) //nolint:gosec // G602: the bound is two lines above
		jumped += max(0, j-1)
		steps += max(0, s-1)
		most += max(0, 2*min(c.lines[0], c.lines[1])-1)
	}
	if in.Pages == 0 {
		return nil
	}
	in.Share = float64(jumped) / float64(max(steps, 1))
	in.Worst = min(1, float64(jumped)/float64(max(most, 1)))
	return &in
}

// pageLines are the lines of each page of what pdftotext prints, which ends a page with a form feed.
func pageLines(text string) [][]string {
	var out [][]string
	for page := range strings.SplitSeq(strings.TrimSuffix(text, "\f"), "\f") {
		out = append(out, strings.Split(page, "\n"))
	}
	return out
}
