package resume

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// datedRow is a row of a section that dates a position.
type datedRow struct {
	row    int // index of the row
	last   int // index of the row that its dates end in, which a narrow column can break
	first  int // index of the first row of the position's heading
	beside int // index of the row that the dates stand beside in a column of their own, -1 where they have none
	date   dateRange
	rest   []string // the row's cells without the date
}

// Figures of what a position's heading looks like.
const (
	maxDated    = 500 // bytes of a row that is looked at for dates
	maxLead     = 3   // rows above the dates
	leadWords   = 12  // words of a row of it
	leadHan     = 28  // characters of a row of it in Chinese
	rangeWords  = 16  // words beside a range of dates
	singleWords = 8   // words beside a single date
	bulletWords = 10  // words beside dates in a list item
)

// findPositions finds the jobs of a section of experience, or of a text that has no headings at all.
func findPositions(rows []row, s *section) []Position {
	if s.Kind != SectionExperience && !s.whole {
		return nil
	}
	rows, body := bodyOf(rows, s)
	columns := tableColumns(rows, body)
	if columns == nil {
		rows = labelCells(rows, body)
	}
	dated := findDated(rows, body)
	readings := make([]reading, len(dated))
	for i, d := range dated {
		readings[i] = nameOf(rows, d, nextFirst(dated, i, len(rows)), columns, false)
	}
	if employersBelow(dated, readings) {
		for i, d := range dated {
			if readings[i].org == "" && !isFreelance(readings[i].title) {
				readings[i] = nameOf(rows, d, nextFirst(dated, i, len(rows)), columns, true)
			}
		}
	}
	settleByPattern(readings)
	var out []Position
	employer := "" // the last that headed roles, or a role
	var over dateRange
	heads := len(dated) > 0 && dated[0].first < dated[0].row
	for i, d := range dated {
		next := nextFirst(dated, i, len(rows))
		r := readings[i]
		if s.whole && !hasTitleWord(r.title) {
			continue // without headings a date may be of anything
		}
		if d.date.single && !hasTitleWord(r.title) && !hasTitleWord(r.org) && !hasOrgWord(r.org) && !hasLegalForm(r.org) && rows[d.first].heading == 0 {
			continue // one point in time dates many things, and no word says that this is a job
		}
		if breaks.MatchString(r.title) {
			continue
		}
		if isAside(rows[d.row].text, r.title) {
			continue // "(2022: caring for a family member)" is no job
		}
		if i+1 < len(dated) && headsRoles(rows, d, dated[i+1], r, readings[i+1]) {
			employer, heads, over = cmp.Or(r.org, r.title), true, d.date
			continue
		}
		if r.whole != "" && over.start != "" && d.date.start >= over.start && d.date.end <= over.end && !hasOrgWord(r.org) {
			r.title, r.org = r.whole, employer // "Vice President, Technology" below the employer
		} else if r.org != "" {
			over = dateRange{}
		}
		if r.org == "" && heads && hasTitleWord(r.title) && !isFreelance(r.title) {
			r.org = employer // one more role at the employer that stands above
		}
		employer = cmp.Or(r.org, employer)
		out = append(out, Position{
			Title: r.title, Org: r.org, Start: d.date.start, End: d.date.end,
			Span: [2]int{rows[d.first].Start, rows[max(next-1, d.first)].End},
		})
	}
	if !s.whole {
		out = addUndated(rows, body, dated, out)
	}
	return out
}

// nextFirst is the first row of the position behind dated[i], end where there is none.
func nextFirst(dated []datedRow, i, end int) int {
	if i+1 < len(dated) {
		return dated[i+1].first
	}
	return end
}

// employersBelow is true where the first position of a section has a title alone above its dates: no employer stands above it, so that the
// writer puts employers below the dates.
func employersBelow(dated []datedRow, readings []reading) bool {
	if len(dated) == 0 || dated[0].first == dated[0].row || dated[0].beside >= 0 {
		return false
	}
	return readings[0].org == "" && hasTitleWord(readings[0].title) && !isFreelance(readings[0].title)
}

// bodyOf is the rows of a section and the first of them below its heading. Where the heading stands in the margin of the first row, that
// row comes without it.
func bodyOf(rows []row, s *section) ([]row, int) {
	body := max(0, s.body-s.first)
	if body == 0 && len(rows) > 0 && s.Heading != "" && len(rows[0].cells) > 1 {
		rows = slices.Clone(rows)
		rows[0].cells = rows[0].cells[1:]
		rows[0].text = strings.Join(rows[0].cells, " ")
	}
	return rows, body
}

// breaks is a time in which somebody had no job, as resumes name it.
var breaks = regexp.MustCompile(`^(?i:(?:career|planned|family) (?:break|pause)|(?:parental|maternity|paternity|family|medical|sick|caring) leave|sabbatical|gap year|elternzeit|mutterschutz|erziehungsurlaub|arbeits?(?:los|suchend)|` +
	`weltreise|sabbatjahr|auszeit|congé (?:de )?(?:maternité|parental|sabbatique)|année sabbatique|baja (?:maternal|paternal)|excedencia|licença[- ](?:maternidade|paternidade)|congedo|maternità|ouderschapsverlof|sabbatjaar)(?:[^\pL]|$)`)

// isAside is true for a row in brackets, or a dated one that names no title and begins like the rest of a sentence.
func isAside(text, title string) bool {
	first, _ := utf8.DecodeRuneInString(title)
	return unicode.IsLower(first) && (strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") || !hasTitleWord(title))
}

// reversedDates warns of positions that end before they begin, where nothing says that the writer put the end first.
func reversedDates(positions []Position) []Warning {
	var ws []Warning
	for _, p := range positions {
		if len(p.Start) == len(p.End) && p.End < p.Start {
			ws = append(ws, Warning{Code: "dates_reversed", Detail: fmt.Sprintf("%s ends in %s, before it begins in %s. Check its dates.", cmp.Or(p.Title, p.Org, "A job"), p.End, p.Start)})
		}
	}
	return ws
}

// isFreelance is true for work that has no employer.
func isFreelance(title string) bool {
	for w := range strings.FieldsFuncSeq(fold(title), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
		switch w {
		case "freelance", "freelancer", "freiberuflich", "freiberufler", "freiberuflerin", "selbststandig", "selbstandig", "self-employed", "independent", "independant", "independante",
			"autonomo", "autonoma", "libero", "zzp", "zzp'er", "founder", "volunteer":
			return true
		}
	}
	return false
}

// headsRoles is true for the dates of an employer, right below which dated roles at it begin: "Acme, 2015 – 2020" above "Engineer, 2018 – 2020".
func headsRoles(rows []row, d, next datedRow, r, role reading) bool {
	if hasTitleWord(r.title) || hasTitleWord(r.org) || r.org != "" && !hasTitleWord(role.title) || r.title == "" || !hasTitleWord(role.title) || next.first > d.row+2 {
		return false
	}
	if next.first == d.row+2 && !isMode(rows[d.row+1].text) && !duration.MatchString(rows[d.row+1].text) {
		return false
	}
	return d.date.start <= next.date.start && d.date.end >= next.date.end // "present" is after every year
}

// settleByPattern puts those readings that no word settles in the order of those that words do, where these agree in the main.
func settleByPattern(readings []reading) {
	sum, settled := 0, 0
	for _, r := range readings {
		if r.first != 0 {
			sum += r.first
			settled++
		}
	}
	if settled == 0 || sum >= 0 || -sum*2 < settled {
		return
	}
	for i, r := range readings {
		if r.first == 0 && r.title != "" && r.org != "" {
			readings[i] = r.swapped()
		}
	}
}

// tableColumns are what the columns of a table hold, where its first row says so; nil where there is no such row.
func tableColumns(rows []row, body int) []label {
	for i := body; i < min(body+2, len(rows)); i++ {
		cells := rows[i].cells
		if len(cells) < 2 {
			continue
		}
		out := make([]label, len(cells))
		known := 0
		for c, text := range cells {
			if out[c] = labels[fold(strings.Trim(text, " :"))]; out[c] != 0 {
				known++
			}
		}
		if known >= 2 && slices.Contains(out, labelTitle) && slices.Contains(out, labelOrg) {
			return out
		}
	}
	return nil
}

// findDated finds the rows with dates of positions and the rows that belong to their headings, in the order of the headings.
func findDated(rows []row, body int) []datedRow {
	var out []datedRow
	l := lead{body: body}
	for i := body; i < len(rows); i++ {
		if rows[i].running {
			continue
		}
		at := i
		date, rest, ok := positionDate(&rows[i])
		if !ok || date.single || date.end == Present && endsOpen(rows[i].text) {
			if wrapped, over := wrappedDate(rows, i); over {
				date, rest, ok = wrapped, nil, true
				i++
			}
		}
		if !ok || len(out) > 0 && date.single && at == out[len(out)-1].row+1 {
			continue // a second date below the first is not another job
		}
		d := datedRow{row: at, last: i, beside: -1, date: date, rest: rest}
		floor := body
		if len(out) > 0 {
			floor = out[len(out)-1].last + 1
		}
		d.first = l.above(rows, at, floor, len(out) == 0)
		if first := at - 1; d.first == at && first >= floor && rows[first].apart && !bulleted(rows[first].text) && headingLike(rows, first) {
			if nameIn([][]string{rest}).org == "" {
				d.first = first // not the pattern of the first, but a line of its own right above a title alone
			}
		}
		if d.first == at && len(rest) == 0 && (i+1 >= len(rows) || bulleted(rows[i+1].text) || !headingLike(rows, i+1)) {
			for d.first > floor && at-d.first < maxLead && headingLike(rows, d.first-1) && !bulleted(rows[d.first-1].text) {
				if d.first--; rows[d.first].apart {
					break
				}
			}
		}
		titled := slices.ContainsFunc(rows[d.first:at], func(r row) bool { return hasTitleWord(r.text) })
		if !titled && !hasTitleWord(strings.Join(rest, " ")) {
			if b := besideOf(rows, d.first, at); b >= 0 {
				d.first, d.beside = b, b
			}
		}
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(a, b datedRow) int { return a.first - b.first })
	return slices.CompactFunc(out, func(a, b datedRow) bool { return a.first == b.first })
}

// narrowRow is how many bytes a row of a column of dates has at most.
const narrowRow = 32

// endsOpen is true for a text that ends in the mark between the ends of a time.
func endsOpen(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune("-–—−~", last)
}

// wrappedDate reads a time that a narrow column breaks over two rows: "Feb. 2022 –" above "present".
func wrappedDate(rows []row, i int) (dateRange, bool) {
	if i+1 >= len(rows) || rows[i+1].apart || len(rows[i].cells) != 1 || len(rows[i+1].cells) != 1 || len(rows[i].text) > narrowRow || len(rows[i+1].text) > narrowRow {
		return dateRange{}, false
	}
	both := rows[i].text + " " + rows[i+1].text
	d, ok := findDate(both)
	return d, ok && !d.single && d.from == 0 && d.to == len(both)
}

// lead is how many rows a writer puts above the dates. Above the first dates of a section nothing else can stand, so what stands there
// is the pattern for the others.
type lead struct {
	body  int
	rows  int
	loose bool // blank lines part them
}

// above is the first row of the heading whose dates stand in row i.
func (l *lead) above(rows []row, i, floor int, isFirst bool) int {
	if isFirst {
		l.rows = min(i-l.body, maxLead)
	}
	first := i
	for first > floor && i-first < l.rows && headingLike(rows, first-1) {
		if first < i && rows[first].apart && !isFirst && !l.loose {
			break
		}
		l.loose = l.loose || isFirst && first < i && rows[first].apart
		first--
	}
	return first
}

// besideReach is how many rows away, in the file's order, dates may be from what they stand beside.
const besideReach = 60

// besideOf finds the row that dates stand beside, where a page keeps the dates and places in a column of their own and the file
// gives that column before or after the text: the row with a title, or the tallest claim to one, on the height of the column's first row.
func besideOf(rows []row, first, i int) int {
	top := i
	for top > max(first, i-maxLead) && !rows[top].apart {
		top--
	}
	r := &rows[top]
	if r.BBox == [4]float64{} {
		return -1
	}
	for k := max(0, i-besideReach); k < min(len(rows), i+besideReach); k++ {
		o := &rows[k]
		overlap := math.Min(o.BBox[3], r.BBox[3]) - math.Max(o.BBox[1], r.BBox[1])
		apart := o.BBox[0] > r.BBox[2] || o.BBox[2] < r.BBox[0]
		if k != top && o.Page == r.Page && apart && overlap > 0.5*math.Min(o.height(), r.height()) && headingLike(rows, k) && !bulleted(o.text) {
			return k
		}
	}
	return -1
}

// positionDate is the date of a row that dates a position, with what else the row has. A date within a sentence dates nothing.
func positionDate(r *row) (date dateRange, rest []string, ok bool) {
	if len(r.text) > maxDated {
		return date, nil, false
	}
	cells := slices.Clone(r.cells)
	bullet := bulleted(r.text)
	if bullet {
		cells[0] = unbullet(cells[0])
	}
	at := -1
	for i, c := range cells {
		if d, found := findDate(c); found && (at < 0 || date.single && !d.single) {
			date, at = d, i
		}
	}
	if (at < 0 || date.single) && len(cells) > 1 {
		if d, found := findDate(strings.Join(cells, " ")); found && !d.single {
			cells = []string{strings.Join(cells, " ")} // the halves of a range stand apart
			date, at = d, 0
		}
	}
	if at < 0 {
		return date, nil, false
	}
	before := unlabel(strings.TrimSpace(cells[at][:date.from]))
	after := strings.TrimSpace(cells[at][date.to:])
	words := len(strings.Fields(before)) + len(strings.Fields(after))
	for i, c := range cells {
		if i != at {
			words += len(strings.Fields(c))
		}
	}
	if !bullet && !date.single && len(cells) == 1 && titleScore(before) == 2 && len(strings.Fields(before)) <= singleWords && len(strings.Fields(after)) >= proseLine {
		return date, []string{trimMarks(before)}, true // the text of the job begins right behind its dates
	}
	if !datesPosition(before, after, words, date.single, bullet, len(cells) > 1) {
		return date, nil, false
	}
	for i, c := range cells {
		if i != at {
			rest = append(rest, c)
			continue
		}
		for _, part := range []string{before, after} {
			if part = trimMarks(part); part != "" {
				rest = append(rest, part)
			}
		}
	}
	return date, rest, true
}

// datesPosition judges a date by what stands around it in its cell.
func datesPosition(before, after string, words int, single, bullet, cells bool) bool {
	free := (before == "" || marked(before, true)) && (after == "" || marked(after, false))
	ownCell := cells && trimMarks(before) == "" && trimMarks(after) == ""
	sentence := words > 8 && strings.HasSuffix(strings.TrimSpace(before+after), ".")
	switch {
	case ownCell:
		return words <= rangeWords
	case sentence:
		return false
	case single:
		return !bullet && words <= singleWords && (free || words == 0)
	case bullet:
		return words <= bulletWords && free
	}
	return words <= rangeWords && (before == "" || after == "" || free)
}

const marks = "|•·,;:()[]{}–—-/⋅∙、，،（）~*_"

// marked is true where a mark parts the text from the date that stands behind or before it.
func marked(s string, end bool) bool {
	r, _ := utf8.DecodeRuneInString(s)
	if end {
		r, _ = utf8.DecodeLastRuneInString(s)
	}
	return strings.ContainsRune(marks, r)
}

// trimMarks takes off the marks that parted a text from a date, and a bracket that lost its other half.
func trimMarks(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(marks, r) && !strings.ContainsRune("()（）[]", r)
	})
	for _, pair := range []string{"()", "[]", "（）"} {
		r := []rune(pair)
		if strings.Count(s, string(r[0])) != strings.Count(s, string(r[1])) {
			s = strings.TrimSpace(strings.Trim(s, pair))
		}
	}
	if strings.HasSuffix(s, ").") {
		s = strings.TrimSuffix(s, ".")
	}
	return strings.TrimLeft(strings.Trim(s, " ,;|"), ". ")
}

// unlabel takes off a word that only says that a date follows.
func unlabel(s string) string {
	if l, rest := labelled(unbullet(s) + ":"); rest == "" && (l == labelDate || l == labelPlace) || l == labelDate && strings.Trim(rest, " :") == "" {
		return ""
	}
	if l := labels[fold(strings.TrimRight(s, " :："))]; l == labelDate || l == labelPlace {
		return ""
	}
	return s
}
