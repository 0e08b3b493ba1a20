package resume

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// sheet writes the document of a resume whose fields are known: the text to be read and quoted, with every field's place in it.
type sheet struct {
	doc  *Document
	text strings.Builder
	at   int
	gap  bool     // a blank line comes before the next line
	size int      // entries that are still taken
	said []string // lines that the person wrote
}

// maxEntries bounds the entries of a resume of fields.
const maxEntries = 20_000

// line writes one line and gives its span. Text without words writes nothing and has an empty span.
func (s *sheet) line(text string) (span [2]int) {
	text = pagetext.Clean(strings.ReplaceAll(text, string(pagetext.Break), ""))
	if text == "" {
		return [2]int{s.at, s.at}
	}
	if len(s.doc.Lines) > 0 {
		s.text.WriteByte('\n')
		s.at++
		if s.gap {
			s.text.WriteByte('\n')
			s.at++
		}
	}
	s.gap = false
	span = [2]int{s.at, s.at + utf8.RuneCountInString(text)}
	s.text.WriteString(text)
	s.at = span[1]
	s.doc.Lines = append(s.doc.Lines, Line{Page: 1, Start: span[0], End: span[1]})
	s.said = append(s.said, text)
	return span
}

// lines writes a text of several lines.
func (s *sheet) lines(text string) {
	for l := range strings.SplitSeq(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		s.line(l)
	}
}

func (s *sheet) bullets(items []string) {
	for _, item := range items {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		if !bulleted(item) {
			item = pagetext.Bullet + item
		}
		s.lines(item)
	}
}

// section begins a section. Its heading is ours: the fields have none.
func (s *sheet) section(kind SectionKind, heading string) {
	if n := len(s.doc.Sections); n > 0 && s.doc.Sections[n-1].Kind == SectionHeader && s.at == 0 {
		s.doc.Sections = s.doc.Sections[:n-1] // nothing is in it
	}
	s.gap = true
	if tidy(heading) == "" {
		heading = "Other"
	}
	span := s.line(heading)
	s.said = s.said[:len(s.said)-1] // these words are not the person's
	s.doc.Sections = append(s.doc.Sections, Section{Kind: kind, Heading: pagetext.Clean(heading), Start: span[0]})
	s.gap = false
}

// entry begins an entry of a section: a line of what is there of parts.
func (s *sheet) entry(parts ...string) (span [2]int) {
	s.size--
	return s.line(joinParts(", ", parts...))
}

func joinParts(by string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, by)
}

// address writes an address on a line of its own, and keeps it as a link.
func (s *sheet) address(url string) { s.link(s.line(url)) }

// link keeps the words of a span as a link, if they are an address of the web.
func (s *sheet) link(span [2]int) {
	words := s.words(span)
	lower := strings.ToLower(words)
	switch {
	case words == "" || strings.ContainsAny(words, " \t"):
		return
	case strings.HasPrefix(lower, "https://"), strings.HasPrefix(lower, "http://"):
	case strings.Contains(words, "://") || strings.Contains(words, "@") || !hostLike.MatchString(words):
		return
	default:
		words = "https://" + words
	}
	s.doc.Links = append(s.doc.Links, Link{URL: words, Span: span})
}

// hostLike matches an address whose scheme was left out.
var hostLike = regexp.MustCompile(`^[\pL\pN-]+(?:\.[\pL\pN-]+)*\.\pL{2,}(?:[:/].*)?$`)

// words is the text of a span of the last line.
func (s *sheet) words(span [2]int) string {
	text := s.text.String()
	n := span[1] - span[0]
	i := len(text)
	for range n {
		_, size := utf8.DecodeLastRuneInString(text[:i])
		i -= size
	}
	return text[i:]
}

func (s *sheet) personal(kind PersonalKind, text string) {
	span := s.line(text)
	if span[0] == span[1] {
		return
	}
	s.doc.Personal = append(s.doc.Personal, Personal{Kind: kind, Text: s.words(span), Span: span})
	if kind == PersonalLink {
		s.link(span)
	}
}

// schemaDate matches the dates of the schema, and those that carry a time.
var schemaDate = regexp.MustCompile(`^([12]\d{3})(?:[-/.](\d{1,2})(?:[-/.]\d{1,2})?)?(?:T.*)?$`)

// namedDate matches "Jan 2020", "1 January 2020" and "01/2020".
var (
	namedDate = regexp.MustCompile(`(?i)^(?:\d{1,2}\.? )?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? (?:\d{1,2}, )?([12]\d{3})$`)
	slashDate = regexp.MustCompile(`^(?:\d{1,2}[/.])?(\d{1,2})[/.]([12]\d{3})$`)
)

// presentWords are what stands for the end of what still goes on.
var presentWords = foldedSet("present current currently now today ongoing heute aktuell laufend actuel aujourd'hui actualidad actual presente attuale oggi heden 至今 现在")

// partialDate is a date as positions have it: "YYYY-MM", "YYYY", Present, or "" for what is no date.
func partialDate(s string) string {
	s = strings.TrimSpace(pagetext.Clean(s))
	month := func(year, month string) string {
		n, err := strconv.Atoi(month)
		if err != nil || n < 1 || n > 12 {
			return year
		}
		return year + "-" + twoDigits(n)
	}
	if presentWords[fold(s)] {
		return Present
	}
	if m := schemaDate.FindStringSubmatch(s); m != nil {
		return month(m[1], m[2])
	}
	if m := namedDate.FindStringSubmatch(s); m != nil {
		const months = "janfebmaraprmayjunjulaugsepoctnovdec"
		return m[2] + "-" + twoDigits(1+strings.Index(months, strings.ToLower(m[1]))/3)
	}
	if m := slashDate.FindStringSubmatch(s); m != nil {
		return month(m[2], m[1])
	}
	return ""
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// period is the start and end of an entry. One that has a start and no end still goes on, unless it says otherwise.
func period(start, end string, ongoing *bool) (from, to string) {
	from, to = partialDate(start), partialDate(end)
	if from == Present {
		from = ""
	}
	if to == "" && (from != "" && ongoing == nil && strings.TrimSpace(end) == "" || ongoing != nil && *ongoing) {
		to = Present
	}
	return from, to
}

// periodLine shows a period as it was written, or "" where there is none.
func periodLine(start, end, to string) string {
	if end = strings.TrimSpace(end); to == Present {
		end = "Present"
	}
	return joinParts(" – ", start, end)
}

// tidy is a field as it stands in the text.
func tidy(s string) string {
	return pagetext.Clean(strings.ReplaceAll(s, string(pagetext.Break), ""))
}
