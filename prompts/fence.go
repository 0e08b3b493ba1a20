package prompts

import (
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"unicode"

	"github.com/gapwise/gapwise/internal/mutant"
)

// functions are what a template can do with text.
var functions = template.FuncMap{"data": Fence, "inline": Inline, "lines": lines, "numbered": numbered}

// fence matches anything that a model could take for the start or the end of a fence, also with letters that nobody sees in between.
var fence = regexp.MustCompile(`(?i)[<＜]([\s\p{Cf}]*[/／]?[\s\p{Cf}]*d\p{Cf}*a\p{Cf}*t\p{Cf}*a)`)

// Fence puts text that is data between <data> and </data>. A fence inside the text is broken by another bracket, so that the text can
// neither close its block nor open one.
func Fence(name, text string) string {
	if mutant.On(mutant.FenceMissing) {
		return text
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	return `<data name="` + strings.ReplaceAll(Inline(name), `"`, "'") + "\">\n" + strings.TrimSpace(fence.ReplaceAllString(text, "‹$1")) + "\n</data>"
}

// maxInline is the length, in runes, of what may stand in a line of instructions.
const maxInline = 120

// Inline makes a name fit for a line of instructions: one line, no angle brackets, not long. It is for names of the catalogue; what a
// person wrote belongs into a fence.
func Inline(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == '<' || r == '>':
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)), " ")
	if r := []rune(s); len(r) > maxInline {
		return string(r[:maxInline]) + "…"
	}
	return s
}

// lines puts items one below the other.
func lines(items []string) string { return strings.Join(items, "\n") }

// numbered puts items one below the other, counted from 1.
func numbered(items []string) string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = strconv.Itoa(i+1) + ". " + strings.Join(strings.Fields(item), " ")
	}
	return strings.Join(out, "\n")
}
