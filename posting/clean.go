package posting

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/internal/markup"
)

var (
	tags    = regexp.MustCompile(`(?i)</?(p|br|div|ul|ol|li|h[1-6]|strong|span|b|i|em|a|table|section|script|style)(\s[^<>]*)?/?>`)
	escaped = regexp.MustCompile(`(?i)&lt;/?(p|br|div|ul|ol|li|h[1-6]|strong|span|b|i|em|a|table|section)\b`)
	entity  = regexp.MustCompile(`&(#\d{2,6}|#x[0-9a-fA-F]{2,6}|amp|lt|gt|quot|apos|nbsp|rsquo|lsquo|ndash|mdash|bull|hellip|eacute|auml|ouml|uuml|szlig);`)
)

// Clean is the text of a description: that of its HTML, also where that is escaped once more, without characters that nobody sees. Text that is
// no HTML stays as it is.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	isHTML := strings.Contains(s, "<") && tags.MatchString(s)
	if !isHTML && strings.Contains(s, "&lt;") && escaped.MatchString(s) {
		s = html.UnescapeString(s)
		isHTML = tags.MatchString(s)
	}
	switch {
	case isHTML:
		if text, err := markup.Text(strings.NewReader(s)); err == nil {
			s = text
		}
	case strings.Contains(s, "&") && entity.MatchString(s):
		s = html.UnescapeString(s)
	}
	return visible(s)
}

// visible takes out control characters but tabs and line ends, marks of width nought and soft hyphens.
func visible(s string) string {
	hidden := func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' && r != 0 || r >= '\u200B' && r <= '\u200D' || r == '\uFEFF' || r == '\u00AD'
	}
	if strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, s)
}

// oneLine is a short text such as a title: cleaned, with runs of spaces as one.
func oneLine(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = Clean(s)
	}
	if !strings.ContainsAny(s, "\n\t\r\u00a0") && !strings.Contains(s, "  ") {
		return strings.TrimSpace(visible(s))
	}
	return strings.Join(strings.Fields(visible(s)), " ")
}
