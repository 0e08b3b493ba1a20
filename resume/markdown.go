package resume

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// Markdown is read line by line, so that a plain text that only looks like it loses nothing: marks are taken off where CommonMark and GitHub
// give them a meaning and people who write plain text do not.
var (
	atxHeading  = regexp.MustCompile(`(?m)^ {0,3}(#{1,6})[ \t]+([^\s#].*?)[ \t]*#*[ \t]*$`)
	setextLine  = regexp.MustCompile(`^ {0,3}(=+|-+)[ \t]*$`)
	fenceLine   = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})[^`]*$")
	ruleLine    = regexp.MustCompile(`^ {0,3}(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$`)
	listMark    = regexp.MustCompile(`^[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?`)
	quoteMark   = regexp.MustCompile(`^ {0,3}(?:> ?)+`)
	tableRule   = regexp.MustCompile(`^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)
	inlineLink  = regexp.MustCompile(`!?\[((?:[^\[\]\n]|\[[^\[\]\n]*\])*)\]\(\s*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)?)>?(?:\s+["'(][^\n"')]*["')])?\s*\)`)
	refLink     = regexp.MustCompile(`\[([^\[\]\n]+)\]\[([^\[\]\n]*)\]`)
	refLine     = regexp.MustCompile(`^ {0,3}\[([^\[\]^]+)\]:[ \t]+<?(\S+?)>?(?:[ \t]+["'(].*)?[ \t]*$`)
	autoLink    = regexp.MustCompile(`<((?:https?://|mailto:)[^\s<>]+|[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)>`)
	strongMark  = regexp.MustCompile(`\*\*(\S(?:[^\n]*?\S)?)\*\*|~~(\S(?:[^\n]*?\S)?)~~`)
	codeMark    = regexp.MustCompile("(`+)([^`]+?)(`+)")
	commentMark = regexp.MustCompile(`(?s)<!--.*?-->`)
	htmlTag     = regexp.MustCompile(`(?i)</?(?:a|b|i|u|s|em|strong|small|span|div|p|center|sub|sup|kbd|code|img|h[1-6]|ul|ol|li|table|tr|td|th|tbody|thead|details|summary|font|section|header|br|hr|br ?/)(?:\s[^<>]*)?/?>`)
	htmlHref    = regexp.MustCompile(`(?is)<a\s[^<>]*?href\s*=\s*["']([^"'<>]*)["'][^<>]*>(.*?)</a>`)
	htmlBreak   = regexp.MustCompile(`(?i)<(?:br|hr) ?/?>`)
	literal     = regexp.MustCompile("\\\\[\\\\`*_{}\\[\\]()#+.!|<>~-]|`+[^`]+?`+") // an escaped mark, or code
	frontKey    = regexp.MustCompile(`^[A-Za-z_][\w -]{0,40}:(?:\s|$)`)
)

// Bounds on what the marks of Markdown are looked for in.
const (
	maxHead      = 120       // code points of a line that an underline can make a heading
	maxFrontLine = 200       // lines of front matter
	maxSniffed   = 256 << 10 // bytes of a text that is asked whether it is Markdown
)

// isMarkdown is true for a text with a heading of Markdown, or with two other marks that plain text does not have.
func isMarkdown(text string) bool {
	text = text[:min(len(text), maxSniffed)]
	if atxHeading.MatchString(text) {
		return true
	}
	marks := 0
	for _, re := range []*regexp.Regexp{strongMark, inlineLink, codeMark} {
		marks += len(re.FindAllStringIndex(text, 2))
	}
	prev := ""
	for line := range strings.Lines(oneLineBreak(text)) {
		line = strings.TrimRight(line, "\n")
		switch {
		case marks >= 2:
			return true
		case strings.HasPrefix(line, "```"), strings.Count(line, "|") > 1 && tableRule.MatchString(line):
			marks += 2
		case underlined(prev, line) > 0:
			marks += 2
		}
		prev = line
	}
	return marks >= 2
}

// underlined is the level of the heading that a line makes of the one before it, 0 where it makes none.
func underlined(text, line string) int {
	m := setextLine.FindStringSubmatch(line)
	text = strings.TrimSpace(text)
	if m == nil || len(m[1]) < 3 || text == "" || utf8.RuneCountInString(text) > maxHead || listMark.MatchString(text) ||
		strings.ContainsAny(text, "@|") || strings.HasSuffix(text, ".") || setextLine.MatchString(text) || len(pagetext.Cells(text)) != 1 {
		return 0
	}
	if m[1][0] == '=' {
		return 1
	}
	return 2
}

// markdown reads one text.
type markdown struct {
	out  *pagetext.Builder
	refs map[string]string // addresses by the name of a reference, in lower case
	rows [][][]pagetext.Line
}

// readMarkdown makes a document of a text in Markdown.
func readMarkdown(data []byte) (*Document, error) {
	text, ok := decode(data)
	if !ok {
		return failed(OutcomeUnsupported, nil)
	}
	if utf8.RuneCountInString(text) > maxRunes {
		return failed(OutcomeTooLarge, nil)
	}
	m := &markdown{out: pagetext.NewBuilder("markdown", textLimits()), refs: map[string]string{}}
	lines := strings.Split(commentMark.ReplaceAllString(oneLineBreak(text), ""), "\n")
	lines = m.frontMatter(lines)
	for _, l := range lines {
		if ref := refLine.FindStringSubmatch(l); ref != nil {
			m.refs[strings.ToLower(ref[1])] = ref[2]
		}
	}
	fence := ""
	for i, l := range lines {
		if mark := fenceLine.FindStringSubmatch(l); mark != nil && (fence == "" || strings.HasPrefix(mark[1], fence)) {
			if fence == "" {
				fence = mark[1]
			} else {
				fence = ""
			}
			continue
		}
		if fence != "" {
			m.out.Add(pagetext.Line{Cells: pagetext.Cells(l)})
			continue
		}
		next := ""
		if i+1 < len(lines) {
			next = lines[i+1]
		}
		prev := ""
		if i > 0 {
			prev = lines[i-1]
		}
		m.line(prev, l, next)
		if m.out.Full() != nil {
			return failed(OutcomeTooLarge, nil)
		}
	}
	m.endTable()
	return composeText(m.out)
}

// frontMatter takes the block of YAML at the top off. A name and a title in it stay as lines.
func (m *markdown) frontMatter(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	if len(lines) < 2 || strings.TrimRight(lines[0], " ") != "---" {
		return lines
	}
	kept := map[string]string{}
	for i, l := range lines[1:min(len(lines), maxFrontLine)] {
		trimmed := strings.TrimSpace(l)
		switch {
		case trimmed == "---" || trimmed == "...":
			for _, key := range []string{"name", "author", "title"} {
				if v := kept[key]; v != "" {
					m.out.Add(pagetext.Paragraph(v, 0, false)...)
				}
			}
			return lines[i+2:]
		case trimmed == "", strings.HasPrefix(l, " "), strings.HasPrefix(l, "\t"), strings.HasPrefix(trimmed, "-"), strings.HasPrefix(trimmed, "#"):
		case frontKey.MatchString(l):
			key, value, _ := strings.Cut(l, ":")
			kept[strings.ToLower(strings.TrimSpace(key))] = strings.Trim(strings.TrimSpace(value), `"'`)
		default:
			return lines // a rule above a text
		}
	}
	return lines
}

// line reads one line. prev and next are those around it.
func (m *markdown) line(prev, l, next string) {
	l = quoteMark.ReplaceAllString(l, "")
	if cells := tableCells(l, prev, next); cells != nil {
		m.rows = append(m.rows, m.row(cells))
		return
	}
	if tableRule.MatchString(l) && strings.Contains(l, "|") {
		return
	}
	m.endTable()
	switch h := atxHeading.FindStringSubmatch(l); {
	case h != nil:
		m.out.Add(pagetext.Paragraph(m.inline(h[2]), len(h[1]), false)...)
	case refLine.MatchString(l):
	case underlined(prev, l) > 0:
	case ruleLine.MatchString(l), setextLine.MatchString(l) && len(strings.TrimSpace(l)) > 2:
		m.out.Apart()
	case underlined(l, next) > 0:
		m.out.Add(pagetext.Paragraph(m.inline(l), underlined(l, next), false)...)
	case listMark.MatchString(l):
		m.add(pagetext.Paragraph(m.inline(listMark.ReplaceAllString(l, "")), 0, true))
	default:
		m.add(pagetext.Paragraph(m.inline(l), 0, false))
	}
}

func (m *markdown) add(lines []pagetext.Line) {
	if len(lines) == 0 {
		m.out.Apart()
	}
	m.out.Add(lines...)
}

// tableCells are the cells of a row of a table, nil for any other line: it has bars at both ends, or stands beside the table's rule.
func tableCells(l, prev, next string) []string {
	t := strings.TrimSpace(l)
	isRule := func(s string) bool { return strings.Contains(s, "|") && tableRule.MatchString(s) }
	if !strings.Contains(t, "|") || isRule(t) {
		return nil
	}
	if (len(t) < 3 || t[0] != '|' || t[len(t)-1] != '|') && !isRule(prev) && !isRule(next) {
		return nil
	}
	t = strings.ReplaceAll(strings.Trim(t, "|"), `\|`, "\x00")
	cells := strings.Split(t, "|")
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "\x00", "|")
	}
	return cells
}

func (m *markdown) row(cells []string) [][]pagetext.Line {
	out := make([][]pagetext.Line, len(cells))
	for i, c := range cells {
		out[i] = pagetext.Paragraph(m.inline(strings.TrimSpace(c)), 0, false)
	}
	return out
}

func (m *markdown) endTable() {
	if len(m.rows) > 0 {
		m.out.Add(pagetext.TableLines(m.rows)...)
		m.rows = nil
	}
}

// inline takes the marks within a line off. What stands in backquotes stays as it is.
func (m *markdown) inline(s string) string {
	if !strings.ContainsAny(s, "*_`[<\\&~") {
		return s
	}
	var codes []string
	s = literal.ReplaceAllStringFunc(strings.ReplaceAll(s, codeStands, ""), func(l string) string {
		if l[0] == '\\' {
			codes = append(codes, l[1:])
			return codeStands
		}
		parts := codeMark.FindStringSubmatch(l)
		if parts[1] != parts[3] {
			return l
		}
		codes = append(codes, strings.TrimSpace(parts[2]))
		return codeStands
	})
	s = m.links(s)
	s = htmlHref.ReplaceAllStringFunc(s, func(a string) string {
		parts := htmlHref.FindStringSubmatch(a)
		return parts[2] + pagetext.Address(parts[2], parts[1])
	})
	s = htmlBreak.ReplaceAllString(s, "\n")
	s = htmlTag.ReplaceAllString(s, "")
	s = html.UnescapeString(s)
	s = strongMark.ReplaceAllString(s, "$1$2")
	s = emphasis(emphasis(emphasis(s, '*'), '_'), '_') // "__so__" is two pairs
	return putBack(s, codes)
}

// putBack puts what was not to be looked at where it stood.
func putBack(s string, codes []string) string {
	if len(codes) == 0 {
		return s
	}
	var b strings.Builder
	for i, part := range strings.Split(s, codeStands) {
		if i > 0 && i <= len(codes) {
			b.WriteString(codes[i-1])
		}
		b.WriteString(part)
	}
	return b.String()
}

// codeStands stands for what is not to be looked at. It is a noncharacter, so no text has it of its own but one that is rubbish.
const codeStands = "\uFDD1"

func (m *markdown) links(s string) string {
	s = inlineLink.ReplaceAllStringFunc(s, func(l string) string {
		parts := inlineLink.FindStringSubmatch(l)
		if strings.HasPrefix(l, "!") {
			return parts[1] // a picture: its words
		}
		words := inlineLink.ReplaceAllString(parts[1], "$1") // a picture that is a link
		return words + pagetext.Address(words, parts[2])
	})
	s = refLink.ReplaceAllStringFunc(s, func(l string) string {
		parts := refLink.FindStringSubmatch(l)
		name := parts[2]
		if name == "" {
			name = parts[1]
		}
		address, ok := m.refs[strings.ToLower(name)]
		if !ok {
			return l
		}
		return parts[1] + pagetext.Address(parts[1], address)
	})
	return autoLink.ReplaceAllStringFunc(s, func(l string) string { return strings.TrimPrefix(l[1:len(l)-1], "mailto:") })
}

// emphasis takes pairs of a mark off that stand around words: "*so*" and "_so_", but neither "2 * 3" nor "a_b".
func emphasis(s string, mark rune) string {
	runes := []rune(s)
	wordy := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]) || runes[i] == mark)
	}
	spaced := func(i int) bool { return i < 0 || i >= len(runes) || unicode.IsSpace(runes[i]) }
	drop := map[int]bool{}
	open := -1
	for i, r := range runes {
		switch {
		case r != mark:
		case open >= 0 && !spaced(i-1) && !wordy(i+1) && i > open+1:
			drop[open], drop[i] = true, true
			open = -1
		case !wordy(i-1) && !spaced(i+1):
			open = i
		}
	}
	if len(drop) == 0 {
		return s
	}
	var b strings.Builder
	for i, r := range runes {
		if !drop[i] {
			b.WriteRune(r)
		}
	}
	return b.String()
}
