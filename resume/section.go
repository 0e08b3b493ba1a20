package resume

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// section is a Section with the rows that are in it.
type section struct {
	Section
	first, last int // rows, half-open; the heading is among them
	body        int // the first row below the heading
	whole       bool
}

// findSections cuts rows into sections that cover the text from 0 to end without a gap.
func findSections(rows []row, end int, v *vocabulary) []section {
	if len(rows) == 0 {
		return nil
	}
	heads := findHeadings(rows, v)
	if len(heads) == 0 {
		if heads = untitledSections(rows); heads != nil {
			return spread(heads, rows, end)
		}
		return []section{{Section: Section{Kind: SectionOther, End: end}, last: len(rows), whole: true}}
	}
	var out []section
	if first := heads[0].first; first > 0 {
		out = append(out, section{Section: Section{Kind: SectionHeader}, last: first})
		if at := untitledJobs(rows[:first]); at > 0 {
			out[0].last = at
			out = append(out, section{Section: Section{Kind: SectionExperience}, first: at, last: first, body: at})
		}
	}
	for i := range heads {
		last := len(rows)
		if i+1 < len(heads) {
			last = heads[i+1].first
		}
		heads[i].last = last
		if heads[i].Kind == SectionOther && strings.EqualFold(headingText(heads[i].Heading), "languages") {
			heads[i].Kind = kindOfLanguages(rows[heads[i].body:last])
		}
		out = append(out, heads[i])
	}
	return spread(out, rows, end)
}

// spread gives sections their place in the text, from 0 to end without a gap.
func spread(out []section, rows []row, end int) []section {
	for i := range out {
		out[i].Start, out[i].End = rows[out[i].first].Start, end
		if i > 0 {
			out[i-1].End = out[i].Start
		}
	}
	out[0].Start = 0
	return out
}

// untitledJobs is the row at which dated jobs begin that stand above the first heading, 0 where none do. One job is enough if it is dated
// from one time to another and has more to say.
func untitledJobs(rows []row) int {
	for i, d := range findDated(rows, 1) {
		if i == 0 && d.row == len(rows)-1 {
			break
		}
		r := nameOf(rows, d, len(rows), nil, false)
		if !d.date.single && r.org != "" && titleScore(r.title) > 0 && !strings.ContainsAny(rows[d.row].text, "@") {
			return d.first
		}
	}
	return 0
}

func findHeadings(rows []row, v *vocabulary) []section {
	var heads []section
	levels := levelsOf(rows, v)
	margin := marginOf(rows, v)
	for i := 0; i < len(rows); i++ {
		if head := inMargin(&rows[i], margin, v); head != "" {
			rows[i].cells = []string{head, strings.TrimSpace(rows[i].text[len(head):])}
		}
		n, kind, text := headingAt(rows, i, v, margin)
		if n > 0 && levels.rejects(&rows[i], kind) || n > 0 && i == 0 && isDocumentTitle(text) {
			n = 0
		}
		if n == 0 && levels.unknown(rows, i, heads) {
			n, kind, text = 1, SectionOther, rows[i].text
		}
		if n == 0 {
			continue
		}
		body := i + n
		if len(rows[i].cells) > 1 && text != rows[i].text {
			body = i // the heading stands in the margin: the rest of its line is body
		}
		heads = append(heads, section{Section: Section{Kind: kind, Heading: text}, first: i, body: body})
		i += n - 1
	}
	heads = addInlineHeadings(rows, heads, v)
	return addUnknownHeadings(rows, addTallHeadings(rows, heads))
}

// isDocumentTitle is true for what a resume is headed with as a whole.
func isDocumentTitle(s string) bool {
	switch fold(headingText(s)) {
	case "resume", "curriculum vitae", "cv", "lebenslauf", "curriculum", "个人简历", "個人簡歷", "简历", "簡歷", "個人履歷", "个人履历", "履歷", "履历", "履歷表", "求职简历":
		return true
	}
	return false
}

// headingLevels is what a format's own marks of headings say about a document.
type headingLevels struct {
	section int                  // the level at which most of the known headings stand, 0 where the format marks fewer than two
	marked  map[SectionKind]bool // the kinds that are headed at that level or above
}

// levelsOf settles the level of sections: the one at which headings of the most kinds stand, the higher of two alike.
func levelsOf(rows []row, v *vocabulary) headingLevels {
	var kinds [7]map[SectionKind]bool
	for i := range rows {
		level := rows[i].heading
		if level < 1 || level > 6 || len(rows[i].cells) == 0 {
			continue
		}
		if kind, ok := headingKind(rows[i].text, v); ok {
			if kinds[level] == nil {
				kinds[level] = map[SectionKind]bool{}
			}
			kinds[level][kind] = true
		}
	}
	l := headingLevels{marked: map[SectionKind]bool{}}
	for level, found := range kinds {
		if len(found) > 0 && (l.section == 0 || len(found) > len(kinds[l.section])) {
			l.section = level
		}
	}
	total := 0
	for level := 1; level <= l.section; level++ {
		for kind := range kinds[level] {
			l.marked[kind] = true
			total++
		}
	}
	if total < 2 {
		l.section = 0
	}
	return l
}

// rejects is true for a known heading that heads no section: one deeper than the sections, or an unmarked one of a kind that marked ones have.
func (l *headingLevels) rejects(r *row, kind SectionKind) bool {
	if l.section == 0 {
		return false
	}
	if r.heading == 0 {
		return l.marked[kind]
	}
	return r.heading > l.section
}

// unknown is true for a marked heading at the level of sections that no list knows: it ends the section before it, unless it heads an
// entry in it, as where a writer gave jobs and sections one level.
func (l *headingLevels) unknown(rows []row, i int, heads []section) bool {
	r := &rows[i]
	if l.section == 0 || r.heading == 0 || r.heading > l.section || len(heads) == 0 || r.running {
		return false
	}
	switch heads[len(heads)-1].Kind {
	case SectionExperience, SectionEducation, SectionProjects, SectionCertifications, SectionPublications:
		if r.heading < l.section {
			return true
		}
		if hasTitleWord(r.text) {
			return false
		}
		for k := i; k < min(i+3, len(rows)); k++ {
			if k > i && rows[k].heading > 0 && rows[k].heading <= l.section {
				break
			}
			if _, _, ok := positionDate(&rows[k]); ok {
				return false
			}
		}
	case SectionHeader, SectionSummary, SectionSkills, SectionAwards, SectionInterests, SectionOther:
	}
	return true
}

// notInline are headings that also stand before the colon of a line within a section.
var notInline = foldedSet(`technologies technology tools tool stack tech environment software project projects activities coursework courses role work contact links link portfolio
	technologien werkzeuge outils environnement tecnologias herramientas technologie strumenti achievements accomplishments highlights overview objective ziel position positions
	permis rijbewijs fuhrerschein patente licence license grade degree degrees qualification qualifications thesis languages_spoken`)

// addInlineHeadings finds "Skills: Go, Rust": a known heading before a colon, with its section in the same line. It counts only for a kind
// that no line of its own heads, where the line stands apart or among others like it, and never for a word that jobs and projects use so.
func addInlineHeadings(rows []row, known []section, v *vocabulary) []section {
	headed := map[SectionKind]bool{}
	for i := range known {
		headed[known[i].Kind] = true
	}
	var out []section
	next := 0
	lastInline := -1
	for i := range rows {
		if next < len(known) && known[next].first <= i {
			out = append(out, known[next])
			next++
			continue
		}
		kind, text, ok := inlineHeading(&rows[i], v)
		if !ok || headed[kind] {
			continue
		}
		inside := len(out) > 0 && (out[len(out)-1].Kind == SectionSkills || out[len(out)-1].Kind == SectionProjects || out[len(out)-1].Kind == SectionExperience)
		beside := i+1 < len(rows) && isInline(&rows[i+1], v) || lastInline == i-1 && i > 0
		if rows[i].apart && !inside || rows[i].apart && beside && len(known) == 0 || lastInline >= 0 && lastInline == i-1 || len(out) == 0 && len(known) == 0 {
			out = append(out, section{Section: Section{Kind: kind, Heading: text}, first: i, body: i})
			lastInline = i
		}
	}
	return out
}

func isInline(r *row, v *vocabulary) bool {
	_, _, ok := inlineHeading(r, v)
	return ok
}

// inlineHeading is the heading before the colon of a row.
func inlineHeading(r *row, v *vocabulary) (kind SectionKind, text string, ok bool) {
	head, rest, found := strings.Cut(r.text, ":")
	if !found {
		head, rest, found = strings.Cut(r.text, "：")
	}
	if !found || len(head) > 40 || strings.TrimSpace(rest) == "" || r.running || bulleted(r.text) || strings.HasPrefix(rest, "//") || notInline[fold(strings.TrimSpace(head))] {
		return "", "", false
	}
	kind, ok = headingKind(head, v)
	if !ok || kind == SectionOther && !humanLanguageHeading(head) || kind == SectionExperience || kind == SectionProjects || kind == SectionPublications || !styled(head) {
		return "", "", false
	}
	return kind, strings.TrimSpace(head), true
}

// humanLanguageHeading is true for a heading of languages that people speak.
func humanLanguageHeading(s string) bool {
	switch fold(headingText(s)) {
	case "languages", "language skills", "sprachen", "sprachkenntnisse", "langues", "idiomas", "linguas", "lingue", "talen", "语言", "语言能力", "語言能力":
		return true
	}
	return false
}

// headingAt is how many rows from i on are one heading, 0 where none is: a narrow margin may break "RESEARCH / EXPERIENCE".
func headingAt(rows []row, i int, v *vocabulary, margin float64) (n int, kind SectionKind, text string) {
	r := &rows[i]
	if r.running {
		return 0, "", ""
	}
	if bulleted(r.text) && !strings.HasSuffix(r.text, ":") && letters(headingText(r.text)) != letters(strings.ToUpper(headingText(r.text))) {
		return 0, "", "" // "- Education" is an item; "■ EDUCATION" a heading
	}
	if len(r.cells) > 1 {
		head := r.cells[0]
		if kind, ok := headingKind(r.text, v); ok && len(r.text) < 40 && styled(head) {
			return 1, kind, r.text
		}
		if kind, ok := headingKind(head, v); ok && (capitals(head) || styled(head) && r.BBox[0] < margin) {
			return 1, kind, head
		}
		return 0, "", ""
	}
	for _, n := range []int{3, 2} {
		if kind, text, ok := stackedHeading(rows[i:min(i+n, len(rows))], n, v); ok {
			return n, kind, text
		}
	}
	kind, ok := headingKind(r.text, v)
	if !ok || r.heading == 0 && (!styled(r.text) || goesOn(rows, i)) {
		return 0, "", ""
	}
	return 1, kind, r.text
}

// wideRow is how many characters a row has that may go on in the next.
const wideRow = 60

// goesOn is true for a row that ends a sentence of the wide row before it: the last word of a paragraph can be "communication skills".
func goesOn(rows []row, i int) bool {
	if i == 0 || rows[i].apart || capitals(rows[i].text) || rows[i].BBox == [4]float64{} {
		return false
	}
	prev := &rows[i-1]
	return len(prev.text) > wideRow && prev.Page == rows[i].Page && near(prev.height(), rows[i].height()) && !strings.HasSuffix(prev.text, ".")
}

// stackedHeading is true for rows that are one heading broken over lines. All are in capitals, and one cannot stand alone.
func stackedHeading(rows []row, n int, v *vocabulary) (kind SectionKind, text string, ok bool) {
	if len(rows) < n {
		return "", "", false
	}
	parts := make([]string, n)
	open := false
	for i := range rows {
		parts[i] = rows[i].cells[0]
		if !capitals(parts[i]) || hasHan(parts[i]) || i < n-1 && len(rows[i].cells) > 1 || i > 0 && rows[i].apart || len(parts[i]) > 24 {
			return "", "", false
		}
		_, alone := v.words[fold(parts[i])]
		open = open || i < n-1 && !alone || strings.HasPrefix(parts[i], "&") || strings.HasSuffix(parts[i], "&")
	}
	if !open {
		return "", "", false
	}
	text = strings.Join(parts, " ")
	kind, ok = headingKind(text, v)
	return kind, text, ok
}

// styled is true for what looks like a heading and not like words of a sentence: capitals, a colon, or every main word capitalised, or a
// single word of any case alone on its line.
func styled(s string) bool {
	t := headingText(s)
	words := strings.Fields(t)
	if len(words) == 0 || strings.HasSuffix(t, ".") || strings.HasSuffix(t, ",") {
		return false
	}
	if len(words) <= 2 || strings.HasPrefix(s, "#") || strings.HasSuffix(strings.TrimSpace(s), ":") || hasHan(t) {
		return true
	}
	r := []rune(words[0])[0]
	return !unicode.IsLower(r)
}

// capitals is true for a text whose letters are all capitals.
func capitals(s string) bool { return letters(s) != "" && strings.ToUpper(letters(s)) == letters(s) }

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// bulleted is true for a line that begins with a list mark.
func bulleted(s string) bool {
	first, size := utf8.DecodeRuneInString(s)
	if !isBullet(first) || len(s) <= size {
		return false
	}
	return s[size] == ' ' || strings.ContainsRune("•▪‣●■・➢►▶✓✔", first)
}

func isBullet(r rune) bool {
	return strings.ContainsRune("•◦▪‣●○■□-–—*·∙・➢►▶✓✔⁃‐+>»◆◇→★☆", r)
}

// unbullet is a line without its list mark.
func unbullet(s string) string {
	if !bulleted(s) {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[1:]))
}

// Figures of addUnknownHeadings.
const (
	sameHeight = 0.06 // of the height: two lines in one size of capitals
	sameLeft   = 3.0  // points
	maxLooks   = 32   // known headings to be like
)

// addUnknownHeadings finds headings by their looks: a line in capitals as tall as the known headings and as far left as one of them.
// Without it "A DAY OF MY LIFE" below the last job would be part of that job. Their kind is SectionOther.
func addUnknownHeadings(rows []row, known []section) []section {
	looks := headingLooks(rows, known)
	if len(looks) < 2 {
		return known
	}
	var out []section
	next := 0
	for i := range rows {
		if next < len(known) && known[next].first <= i {
			if known[next].first == i {
				out = append(out, known[next])
			}
			if i >= known[next].body-1 {
				next++
			}
			continue
		}
		// One right below a known heading is a heading within that section, such as a school under EDUCATION.
		if len(out) > 0 && out[len(out)-1].body < i && !rows[i].running && !within(out, rows) && looksLike(&rows[i], looks) {
			out = append(out, section{Section: Section{Kind: SectionOther, Heading: rows[i].text}, first: i, body: i + 1})
		}
	}
	return out
}

// within is true where the last section begins with a line that looks like its heading: then others like it are part of it too.
func within(out []section, rows []row) bool {
	last := &out[len(out)-1]
	if last.body <= last.first || last.body >= len(rows) || last.Kind == SectionOther {
		return false
	}
	return looksLike(&rows[last.body], []*row{&rows[last.first]})
}

// headingLooks are the rows of the known headings, if they all are in capitals and in one size, larger than most of the text.
func headingLooks(rows []row, known []section) []*row {
	var looks []*row
	for i := range known {
		r := &rows[known[i].first]
		if !capitals(r.text) || r.BBox == [4]float64{} {
			return nil
		}
		if len(looks) > 0 && !near(r.height(), looks[0].height()) {
			return nil
		}
		if len(looks) < maxLooks {
			looks = append(looks, r)
		}
	}
	return looks
}

func (r *row) height() float64 { return r.BBox[3] - r.BBox[1] }

func near(a, b float64) bool { return math.Abs(a-b) <= sameHeight*math.Max(a, b) }

func looksLike(r *row, looks []*row) bool {
	words := strings.Fields(r.text)
	if len(r.cells) != 1 || len(words) > 5 || len(letters(r.text)) < 4 || !capitals(r.text) || strings.ContainsAny(r.text, "0123456789,|•@") {
		return false
	}
	for _, l := range looks {
		if near(r.height(), l.height()) && math.Abs(r.BBox[0]-l.BBox[0]) <= sameLeft {
			return true
		}
	}
	return false
}

// humanLanguages tell a list of languages that people speak from one of languages that computers do.
var humanLanguages = foldedSet(`english german french spanish italian portuguese chinese mandarin cantonese japanese korean russian arabic hindi dutch
	turkish polish swedish native fluent conversational bilingual proficient toefl ielts deutsch englisch franzosisch spanisch anglais francais espagnol
	ingles espanol frances aleman muttersprache latin hebrew greek ukrainian urdu bengali tamil vietnamese persian farsi`)

func kindOfLanguages(body []row) SectionKind {
	for i := range body {
		if i == 6 {
			break
		}
		for _, w := range strings.FieldsFunc(fold(body[i].text), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if humanLanguages[w] {
				return SectionOther
			}
		}
	}
	if len(body) == 0 {
		return SectionOther
	}
	return SectionSkills
}
