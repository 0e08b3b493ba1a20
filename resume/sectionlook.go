package resume

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Figures of untitled parts.
const (
	leastParts = 4  // of a list of skills
	partWords  = 4  // of one of them
	proseLine  = 5  // words of a line of prose
	sideShare  = 20 // one in so many rows may begin in the margin of headings
)

// untitledSections cuts a text without headings into parts by what is in them: blocks between blank lines that have dated jobs, schools, a
// list of skills or prose. It gives nil where there are no jobs, since then nothing else is sure either.
func untitledSections(rows []row) []section {
	var blocks []section
	for i := range rows {
		if i == 0 || rows[i].apart {
			blocks = append(blocks, section{first: i, last: i})
		}
		blocks[len(blocks)-1].last = i + 1
	}
	jobs := false
	for i := range blocks {
		b := &blocks[i]
		b.Kind = kindOfBlock(rows[b.first:b.last], i == 0)
		jobs = jobs || b.Kind == SectionExperience
	}
	if !jobs {
		return nil
	}
	var out []section
	jobs = false
	for i := range blocks {
		b := blocks[i]
		b.body = b.first
		last := len(out) - 1
		if jobs && b.Kind == SectionSummary {
			b.Kind = "" // what a job was about
		}
		jobs = jobs || b.Kind == SectionExperience
		switch {
		case last >= 0 && (b.Kind == out[last].Kind || b.Kind == ""):
			out[last].last = b.last
		default:
			if b.Kind == "" {
				b.Kind = SectionHeader
			}
			out = append(out, b)
		}
	}
	return out
}

// kindOfBlock is what a block of rows is about, "" where it says nothing of its own and belongs to the block before it.
func kindOfBlock(rows []row, first bool) SectionKind {
	for i := range rows {
		date, _, ok := positionDate(&rows[i])
		if !ok {
			continue
		}
		near := rows[max(0, i-maxLead):min(len(rows), i+2)]
		texts := make([]string, len(near))
		for k := range near {
			texts[k] = near[k].text
		}
		text := strings.Join(texts, "\n")
		switch {
		case isSchool(text) && isDegree(text), isSchool(text) && !hasTitleWord(text):
			return SectionEducation
		case !date.single && hasTitleWord(text):
			return SectionExperience
		}
	}
	if first {
		return SectionHeader
	}
	text := rows[0].text
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '•' || r == '·' || r == '|' })
	short := 0
	for _, p := range parts {
		if len(strings.Fields(p)) <= partWords {
			short++
		}
	}
	switch {
	case len(parts) >= leastParts && short == len(parts) && !strings.HasSuffix(text, ".") && !strings.Contains(text, "@"):
		return SectionSkills
	case len(strings.Fields(text)) >= proseLine && !bulleted(text) && strings.HasSuffix(rows[len(rows)-1].text, ".") && !emailForm.MatchString(text):
		return SectionSummary
	}
	return ""
}

// marginOf is the right edge of the column that a page keeps its headings in, 0 where it has none: headings alone in their rows stand there,
// and next to nothing else begins there but dates.
func marginOf(rows []row, v *vocabulary) float64 {
	edge := 0.0
	first := -1
	for i := range rows {
		if len(rows[i].cells) != 1 || rows[i].BBox == [4]float64{} || rows[i].heading > 0 {
			continue
		}
		if _, ok := headingKind(rows[i].text, v); ok && styled(rows[i].text) && !bulleted(rows[i].text) {
			edge = max(edge, rows[i].BBox[2])
			if first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return 0
	}
	inside, all := 0, 0
	for i := first; i < len(rows); i++ {
		r := &rows[i]
		if _, ok := headingKind(r.cells[0], v); ok || r.running || headPrefix(r.text, v) != "" {
			continue
		}
		if d, ok := findDate(r.cells[0]); ok && d.from == 0 {
			continue
		}
		all++
		if r.BBox[0] < edge {
			inside++
		}
	}
	if all < leastParts || inside*sideShare > all {
		return 0
	}
	return edge
}

// headPrefix is the known heading that a row of more begins with, "" where there is none.
func headPrefix(s string, v *vocabulary) string {
	first := fold(leadingWord(s))
	if _, is := v.words[first]; !is && !headingFillers[first] && !hasHan(first) && first != "" {
		return ""
	}
	at, n := 0, 0
	best := ""
	for n < maxLead {
		i := strings.IndexByte(s[at:], ' ')
		if i < 0 {
			break
		}
		at += i
		if kind, ok := headingKind(s[:at], v); ok && kind != "" && styled(s[:at]) && unicode.IsUpper([]rune(s)[0]) {
			best = s[:at]
		}
		at++
		n++
	}
	return best
}

// inMargin is the heading in the margin of a row that is one cell because little space parts them: it must be about as wide as the column.
func inMargin(r *row, margin float64, v *vocabulary) string {
	if margin == 0 || r.BBox[0] >= margin || len(r.cells) != 1 {
		return ""
	}
	head := headPrefix(r.text, v)
	if head == "" {
		return ""
	}
	char := (r.BBox[2] - r.BBox[0]) / float64(utf8.RuneCountInString(r.text))
	if wide := char * float64(utf8.RuneCountInString(head)) / (margin - r.BBox[0]); wide < 0.5 || wide > 1.4 {
		return ""
	}
	return head
}

// Figures of headings by looks.
const (
	tallerThan  = 1.1 // times the height of prose
	wordsOfHead = 5
)

// addTallHeadings finds headings by their looks where headings are not in capitals: alone in a row that stands apart, as far left and at
// least as tall as the known headings, which must be taller than prose; and not the head of a dated entry.
func addTallHeadings(rows []row, known []section) []section {
	least, most, lefts := tallLooks(rows, known)
	if least == 0 {
		return known
	}
	out := slices.Clone(known)
	for i := range rows {
		r := &rows[i]
		if i < known[0].first || !r.apart || r.running || len(r.cells) != 1 || r.height() < least || r.height() > most || r.heading > 0 || bulleted(r.text) ||
			slices.ContainsFunc(known, func(s section) bool { return i >= s.first && i <= s.body }) || !leftOf(lefts, r.BBox[0]) {
			continue
		}
		if len(strings.Fields(r.text)) > wordsOfHead || strings.ContainsAny(r.text, "0123456789,|•@.:") || hasTitleWord(r.text) || !styled(r.text) {
			continue
		}
		dated := false
		for k := i; k < min(i+maxLead, len(rows)); k++ {
			_, _, ok := positionDate(&rows[k])
			dated = dated || ok
		}
		if !dated {
			out = append(out, section{Section: Section{Kind: SectionOther, Heading: r.text}, first: i, body: i + 1})
		}
	}
	slices.SortStableFunc(out, func(a, b section) int { return a.first - b.first })
	return out
}

// tallLooks are the least and the most height and the left edges of the known headings; 0 where they are not clearly taller than prose or all capitals.
func tallLooks(rows []row, known []section) (least, most float64, lefts []float64) {
	if len(known) < 3 || len(known) > maxSettled {
		return 0, 0, nil
	}
	for i := range known {
		r := &rows[known[i].first]
		if r.BBox == [4]float64{} || capitals(r.text) || len(r.cells) > 1 || r.heading > 0 {
			return 0, 0, nil
		}
		most = max(most, r.height())
		if least == 0 || r.height() < least {
			least = r.height()
		}
		if !leftOf(lefts, r.BBox[0]) && len(lefts) < maxLooks {
			lefts = append(lefts, r.BBox[0])
		}
	}
	var prose []float64
	for i := range rows {
		if len(strings.Fields(rows[i].text)) >= proseLine {
			prose = append(prose, rows[i].height())
		}
	}
	if len(prose) == 0 {
		return 0, 0, nil
	}
	slices.Sort(prose)
	if least < tallerThan*prose[len(prose)*3/4] {
		return 0, 0, nil
	}
	return least * (1 - sameHeight), most * (1 + 2*sameHeight), lefts
}

func leftOf(lefts []float64, x float64) bool {
	return slices.ContainsFunc(lefts, func(l float64) bool { return x >= l-sameLeft && x <= l+sameLeft })
}
