package gapanalysis

import (
	"strings"

	"github.com/gapwise/gapwise/posting"
)

// foreign tells whether a language stands in the way of a candidate.
func (m *Matcher) foreign(c Candidate) bool { return c.Foreign || m.unspoken(c.Posting.Speaks) != "" }

// unspoken are the languages that a posting cannot do without and the resume does not show, in words: it is neither written in them nor names
// them. "" is none.
func (m *Matcher) unspoken(speaks string) string {
	if speaks == "" {
		return ""
	}
	if out, ok := m.spoken[speaks]; ok {
		return out
	}
	var lacks []string
	for group := range strings.FieldsSeq(speaks) {
		var names []string
		shown := false
		for code := range strings.SplitSeq(group, "/") {
			shown = shown || m.shows(code)
			names = append(names, posting.LanguageName(code))
		}
		if !shown {
			lacks = append(lacks, strings.Join(names, " or "))
		}
	}
	out := strings.Join(lacks, " and ")
	m.spoken[speaks] = out
	return out
}

func (m *Matcher) shows(code string) bool {
	text := m.held.profile.Text
	return posting.Names(text, code) || posting.Language(text) == code
}
