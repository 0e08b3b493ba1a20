package resume

import (
	"math"
	"regexp"
	"slices"
	"strings"
)

// shortTitle is how many words a line below a full heading may have to be taken for the title after all.
const shortTitle = 9

// reachBelow is how many rows below the dates may belong to a position's heading.
const reachBelow = 3

// nameOf settles the title and the employer of a position from its heading: the row with the dates first, then the rows above from the
// nearest, then the rows below where nothing stands above, or where below says that employers stand there.
func nameOf(rows []row, d datedRow, next int, columns []label, employerBelow bool) reading {
	if columns != nil && len(rows[d.row].cells) == len(columns) {
		return byColumn(rows[d.row].cells, columns)
	}
	groups := [][]string{d.rest}
	below := d.last + 1
	if d.beside >= 0 {
		if rest := withoutDates(columns); columns != nil && len(rows[d.beside].cells) == len(rest) {
			return byColumn(rows[d.beside].cells, rest)
		}
		groups = append(groups, besideCells(rows, d.beside)...)
		below = d.beside + 1
	}
	for i := d.row - 1; i >= d.first && d.beside < 0; i-- {
		groups = append(groups, rows[i].cells)
	}
	order := readingOrder(groups, d)
	order = append(order, labelledBelow(rows, below, next, nameIn(order).org != "")...)
	got := nameIn(order)
	if !employerBelow && d.first < d.row && d.beside < 0 && got.title != "" && (got.org != "" || hasTitleWord(got.title)) {
		return got
	}
	for i := below; i < min(below+reachBelow, next); i++ {
		if got.title != "" && got.org != "" && hasTitleWord(got.title) {
			break
		}
		r := &rows[i]
		mode := len(r.cells) == 1 && isMode(r.text)
		full := got.title != "" && got.org != "" && (len(strings.Fields(r.text)) > shortTitle || !hasTitleWord(r.text))
		if bulleted(r.text) || r.apart && i > below || !mode && !headingLike(rows, i) || full {
			break
		}
		if mode {
			continue
		}
		order = append(order, r.cells)
		got = nameIn(order)
	}
	return got
}

// readingOrder puts the rows of a heading from the top down.
func readingOrder(groups [][]string, d datedRow) [][]string {
	if d.beside >= 0 || d.first == d.row {
		return groups
	}
	slices.Reverse(groups)
	return groups
}

// labelledBelow are the rows below the dates that are labelled as parts of a position, as forms have them, in a list or not. A client is
// the employer only where nothing else is.
func labelledBelow(rows []row, from, next int, employed bool) [][]string {
	var out [][]string
	for i := from; i < min(from+2*reachBelow, next); i++ {
		text := unbullet(rows[i].text)
		l, _ := labelled(text)
		if l == 0 || employed && clientLabel.MatchString(text) {
			break
		}
		out = append(out, []string{unbullet(rows[i].text)})
	}
	return out
}

// clientLabel begins a row that says for whom an employer's work was.
var clientLabel = regexp.MustCompile(`^(?i:clients?|customer|kunde|end client|cliente|klant)\s*[:：]`)

// besideCells are the cells of the row that dates stand beside, and of the row right above it in the same column, which names the employer
// where this row is a title.
func besideCells(rows []row, beside int) [][]string {
	out := [][]string{rows[beside].cells}
	if above := beside - 1; above >= 0 && !rows[beside].apart && hasTitleWord(rows[beside].text) && headingLike(rows, above) && !bulleted(rows[above].text) &&
		rows[above].Page == rows[beside].Page && math.Abs(rows[above].BBox[0]-rows[beside].BBox[0]) <= sameLeft {
		out = append(out, rows[above].cells)
	}
	return out
}

// byColumn reads a row of a table by the table's head.
func byColumn(cells []string, columns []label) (r reading) {
	for i, l := range columns {
		switch l {
		case labelTitle:
			r.title = strings.TrimSpace(cells[i])
		case labelOrg:
			r.org = bareOrg(strings.TrimSpace(cells[i]))
		case labelPlace, labelDate, labelElse:
		}
	}
	return r
}

// withoutDates are the columns of a table but the one of dates.
func withoutDates(columns []label) []label {
	return slices.DeleteFunc(slices.Clone(columns), func(l label) bool { return l == labelDate })
}

// addUndated finds jobs without dates where the layout is clear: a heading of the format's own that names a title, or, in a section that
// dates nothing, a short line with a title and an employer above a list.
func addUndated(rows []row, body int, dated []datedRow, found []Position) []Position {
	if len(rows) > maxSettled {
		return found // no resume: and each line looks at each date
	}
	taken := func(i int) bool {
		return slices.ContainsFunc(dated, func(d datedRow) bool { return i >= d.first && i <= d.row+1 })
	}
	var starts []int
	for i := body; i < len(rows); i++ {
		r := &rows[i]
		marked := r.heading > 0 && !taken(i)
		listed := len(dated) == 0 && !bulleted(r.text) && i+1 < len(rows) && bulleted(rows[i+1].text)
		if !marked && !listed || !headingLike(rows, i) {
			continue
		}
		if got := nameIn([][]string{r.cells}); hasTitleWord(got.title) && (got.org != "" || marked) {
			starts = append(starts, i)
		}
	}
	if len(starts) == 0 {
		return found
	}
	for _, i := range starts {
		got := nameIn([][]string{rows[i].cells})
		end := len(rows)
		for _, d := range dated {
			if d.first > i {
				end = min(end, d.first)
			}
		}
		for _, other := range starts {
			if other > i {
				end = min(end, other)
			}
		}
		found = append(found, Position{Title: got.title, Org: got.org, Span: [2]int{rows[i].Start, rows[end-1].End}})
	}
	slices.SortStableFunc(found, func(a, b Position) int { return a.Span[0] - b.Span[0] })
	for i := range found[:len(found)-1] {
		found[i].Span[1] = min(found[i].Span[1], max(found[i+1].Span[0]-1, found[i].Span[0]+1))
	}
	return found
}
