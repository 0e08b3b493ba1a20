package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// span is a half-open range of code points of a text, with the skill that it names.
type span struct {
	start, end int
	skill      string // anchor of the skill's row, "" for words that a link asked for
	rejected   bool
}

// segment is a stretch of a text: as it is, or marked.
type segment struct {
	Text     string
	Marked   bool
	ID       string   // anchor of a marked stretch
	More     []string // further anchors, of spans that begin inside it
	Skill    string   // anchor of the row of the skill that it names
	Rejected bool
	Asked    bool // a link asked for just these words
}

// placeID is the anchor of the words that begin at a code point.
func placeID(start int) string { return "at-" + strconv.Itoa(start) }

// segments cuts a text at the edges of the spans. Spans that overlap become one marked stretch, so that marks never nest and every span's
// start is an anchor exactly once. Spans outside of the text are left out: they cannot be shown.
func segments(text string, spans []span) []segment {
	runes := []rune(text)
	spans = slices.DeleteFunc(slices.Clone(spans), func(p span) bool { return p.start < 0 || p.end > len(runes) || p.start >= p.end })
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	var out []segment
	at := 0
	for i := 0; i < len(spans); {
		first := spans[i]
		m := segment{Marked: true, ID: placeID(first.start), Skill: first.skill, Rejected: first.rejected, Asked: first.skill == ""}
		end, last := first.end, first.start
		for i++; i < len(spans) && spans[i].start < end; i++ {
			p := spans[i]
			if p.start != last {
				m.More = append(m.More, placeID(p.start))
				last = p.start
			}
			if m.Skill == "" {
				m.Skill, m.Rejected = p.skill, p.rejected
			}
			m.Asked = m.Asked || p.skill == ""
			end = max(end, p.end)
		}
		if first.start > at {
			out = append(out, segment{Text: string(runes[at:first.start])})
		}
		m.Text = string(runes[first.start:end])
		out = append(out, m)
		at = end
	}
	if at < len(runes) {
		out = append(out, segment{Text: string(runes[at:])})
	}
	return out
}

// rowID is the anchor of a claim's row. Names that are not in the catalogue have none, so they are counted.
func rowID(claim *skill.Claim, number int) string {
	if claim.ID != nil {
		return "skill-" + *claim.ID
	}
	return "other-" + strconv.Itoa(number)
}

// textView is the text of a resume with its mentions marked, and what a script needs to draw the page that it was read from.
type textView struct {
	ID       string
	FileName string
	Segments []segment
	Marks    int
	Asked    *quote // the words that the address asks for
	Drawn    *drawing
}

// drawing is what the script of a PDF's page needs.
type drawing struct {
	File   string `json:"file"`
	Engine string `json:"engine"`
	Worker string `json:"worker"`
	Fonts  string `json:"fonts"`
	Page   int    `json:"page"` // to begin with
	Boxes  []box  `json:"boxes"`
}

// box is a part of a line to be marked on its page. Where in the line the words stand is measured by what is written before and after them.
type box struct {
	Page   int        `json:"page"`
	BBox   [4]float64 `json:"bbox"`
	Before string     `json:"before"`
	Words  string     `json:"words"`
	After  string     `json:"after"`
	Asked  bool       `json:"asked"`
}

// The files that draw a PDF. A build without Node has none of them.
const (
	pdfEngine = "pdfjs/pdf.min.mjs"
	pdfWorker = "pdfjs/pdf.worker.min.mjs"
	pdfFonts  = "/assets/pdfjs/standard_fonts/"
)

func (s *server) textPage(c *gin.Context) error {
	u, err := s.resume(c)
	if err != nil {
		return err
	}
	var spans []span
	for i := range u.Profile.Claims {
		claim := &u.Profile.Claims[i]
		for _, m := range claim.Mentions {
			spans = append(spans, span{m.Start, m.End, rowID(claim, i), claim.Status == skill.StatusRejected})
		}
	}
	v := textView{ID: u.ID.String(), FileName: u.FileName, Marks: len(spans)}
	// An answer of the tutor may cite words that are no mention; its link says which.
	var asked span
	if _, err := fmt.Sscanf(c.Query("mark"), "%d-%d", &asked.start, &asked.end); err == nil {
		if text := []rune(u.Document.Text); asked.start >= 0 && asked.start < asked.end && asked.end <= len(text) {
			spans = append(spans, asked)
			q := quoteOf(text, v.ID, skill.Mention{Start: asked.start, End: asked.end, Page: u.Document.PageAt(asked.start), Section: u.Document.SectionAt(asked.start)})
			v.Asked = &q
		}
	}
	v.Segments = segments(u.Document.Text, spans)
	f := frame{Section: "resumes", Page: &v}
	if v.Drawn = s.drawing(u, spans); v.Drawn != nil {
		c.Header("Content-Security-Policy", policy("worker-src 'self'"))
		f.Scripts = []string{"evidence.mjs"}
	}
	return s.render(c, http.StatusOK, "text", f)
}

// drawing is what a PDF's page is drawn with, nil for another format or in a build that cannot.
func (s *server) drawing(u *skill.Upload, spans []span) *drawing {
	if u.MediaType != resume.FormatPDF.MediaType() || !s.pages.has(pdfEngine) {
		return nil
	}
	d := &drawing{File: "/api/v1/resumes/" + u.ID.String() + "/file", Fonts: pdfFonts, Page: 1, Boxes: boxesOf(u.Document, spans)}
	var err error
	if d.Engine, err = s.pages.address(pdfEngine); err != nil {
		return nil
	}
	if d.Worker, err = s.pages.address(pdfWorker); err != nil {
		return nil
	}
	for _, b := range d.Boxes {
		if b.Asked {
			d.Page = b.Page
			break
		}
	}
	return d
}

// maxBoxes bounds what is marked on the pages of one document.
const maxBoxes = 2000

// boxesOf are the parts of lines that the spans cover. A line without a box on its page has none to show.
func boxesOf(doc *resume.Document, spans []span) []box {
	text := []rune(doc.Text)
	out := []box{}
	for _, p := range spans {
		if p.rejected {
			continue
		}
		first, _ := slices.BinarySearchFunc(doc.Lines, p.start+1, func(l resume.Line, at int) int { return cmp.Compare(l.End, at) })
		for _, l := range doc.Lines[first:] {
			if l.Start >= p.end || len(out) == maxBoxes {
				break
			}
			if l.BBox[2] <= l.BBox[0] || l.Start < 0 || l.End > len(text) {
				continue
			}
			b := box{Page: l.Page, BBox: l.BBox, Asked: p.skill == ""}
			from, to := max(l.Start, p.start), min(l.End, p.end)
			if line := text[l.Start:l.End]; slices.ContainsFunc(line, fromTheRight) {
				b.Words = string(line) // where its words stand depends on what surrounds them, so the whole line is marked
			} else {
				b.Before, b.Words, b.After = string(text[l.Start:from]), string(text[from:to]), string(text[to:l.End])
			}
			out = append(out, b)
		}
	}
	return out
}

// fromTheRight tells whether a letter is of a script that is written from right to left.
func fromTheRight(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}

// evidencePlace is the address of a stretch of a resume, on its page or in its text.
func evidencePlace(resumeID string, start, end int) string {
	return fmt.Sprintf("/resumes/%s/text?mark=%d-%d#%s", resumeID, start, end, placeID(start))
}

// quote is a mention with the words around it.
type quote struct {
	Before, Words, After string
	Place                string // address of the words in the text
	Page                 int
	Section              resume.SectionKind // "" where no heading says
}

// quoteReach is how many code points around a mention are quoted, at most: to the end of the line and no further.
const quoteReach = 70

// quoteOf quotes a mention from its text. Where the place is not in the text the mention's own words stand alone.
func quoteOf(text []rune, resumeID string, m skill.Mention) quote {
	q := quote{Words: m.Text, Page: m.Page, Section: m.Section, Place: evidencePlace(resumeID, m.Start, m.End)}
	if q.Section == resume.SectionOther {
		q.Section = ""
	}
	if m.Start < 0 || m.End > len(text) || m.Start >= m.End {
		return q
	}
	from, to := around(text, m.Start, m.End)
	q.Before, q.Words, q.After = string(text[from:m.Start]), string(text[m.Start:m.End]), string(text[m.End:to])
	if from > 0 && text[from-1] != '\n' {
		q.Before = "… " + strings.TrimLeft(q.Before, " ")
	} else {
		q.Before = strings.TrimLeft(q.Before, " \t-–•*·▪◦") // a bullet is the list's, not the words'
	}
	if to < len(text) && text[to] != '\n' {
		q.After = strings.TrimRight(q.After, " ") + " …"
	}
	return q
}

// around widens a range to its line, or, where the line is long, to whole words within quoteReach.
func around(text []rune, start, end int) (from, to int) {
	from, to = start, end
	for from > 0 && text[from-1] != '\n' && start-from < quoteReach {
		from--
	}
	if from > 0 && text[from-1] != '\n' {
		for from < start && !unicode.IsSpace(text[from]) {
			from++
		}
	}
	for to < len(text) && text[to] != '\n' && to-end < quoteReach {
		to++
	}
	if to < len(text) && text[to] != '\n' {
		for to > end && !unicode.IsSpace(text[to-1]) {
			to--
		}
	}
	return from, to
}

// maxQuotes is how many places are quoted for one skill; the text shows them all.
const maxQuotes = 3

func quotesOf(text []rune, resumeID string, mentions []skill.Mention) []quote {
	out := make([]quote, 0, min(len(mentions), maxQuotes))
	for _, m := range mentions[:min(len(mentions), maxQuotes)] {
		out = append(out, quoteOf(text, resumeID, m))
	}
	return out
}
