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

// textView is the text of a resume with its mentions marked.
type textView struct {
	ID       string
	FileName string
	Segments []segment
	Marks    int
}

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
		spans = append(spans, asked)
	}
	v.Segments = segments(u.Document.Text, spans)
	return s.render(c, http.StatusOK, "text", frame{Page: v})
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
	q := quote{Words: m.Text, Page: m.Page, Section: m.Section, Place: "/resumes/" + resumeID + "/text#" + placeID(m.Start)}
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
