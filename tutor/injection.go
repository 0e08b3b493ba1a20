package tutor

import (
	"regexp"
	"strings"
	"unicode"
)

// Injection is text inside data that is addressed to an AI. Start and End are bytes of the text that was looked through.
type Injection struct {
	Start, End int
	Text       string
	Kind       string // override, exfiltration, score, link, others-data, role-play, hidden or encoded
}

var overrides = regexp.MustCompile(`(?i)\b(?:ignore|disregard|forget) (?:all |any )?(?:previous|prior|above|earlier) (?:instructions|prompts|rules)\b`)

// Injections finds text that is addressed to an AI in data such as a resume, a job description or a note.
func Injections(text string) []Injection {
	var out []Injection
	for _, m := range overrides.FindAllStringIndex(text, -1) {
		out = append(out, Injection{Start: m[0], End: m[1], Text: text[m[0]:m[1]], Kind: "override"})
	}
	return out
}

// Clean takes out of data what nobody sees: control characters but for line breaks and tabs, zero-width and direction marks, and tags.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.Is(unicode.C, r) {
			return -1
		}
		return r
	}, text)
}
