package resume

import (
	"math"
	"strings"
	"unicode"
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
		return []section{{Section: Section{Kind: SectionOther, End: end}, last: len(rows), whole: true}}
	}
	var out []section
	if heads[0].first > 0 {
		out = append(out, section{Section: Section{Kind: SectionHeader}, last: heads[0].first})
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
	for i := range out {
		out[i].Start, out[i].End = rows[out[i].first].Start, end
		if i > 0 {
			out[i-1].End = out[i].Start
		}
	}
	out[0].Start = 0
	return out
}

func findHeadings(rows []row, v *vocabulary) []section {
	var heads []section
	for i := 0; i < len(rows); i++ {
		if n, kind, text := headingAt(rows, i, v); n > 0 {
			body := i + n
			if len(rows[i].cells) > 1 && text != rows[i].text {
				body = i // the heading stands in the margin: the rest of its line is body
			}
			heads = append(heads, section{Section: Section{Kind: kind, Heading: text}, first: i, body: body})
			i += n - 1
		}
	}
	return addUnknownHeadings(rows, heads)
}

// headingAt is how many rows from i on are one heading, 0 where none is: a narrow margin may break "RESEARCH / EXPERIENCE".
func headingAt(rows []row, i int, v *vocabulary) (n int, kind SectionKind, text string) {
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
		if kind, ok := headingKind(head, v); ok && capitals(head) {
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
	if !ok || !styled(r.text) {
		return 0, "", ""
	}
	return 1, kind, r.text
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
		if !capitals(parts[i]) || i < n-1 && len(rows[i].cells) > 1 || i > 0 && rows[i].apart || len(parts[i]) > 24 {
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
	r := []rune(s)
	return len(r) > 1 && r[1] == ' ' && isBullet(r[0])
}

func isBullet(r rune) bool {
	return strings.ContainsRune("•◦▪‣●○■□-–—*·∙➢►▶✓✔⁃‐+>»◆◇→★☆", r)
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
