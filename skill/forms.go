package skill

import (
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// form is one way of writing a skill.
type form struct {
	skill     *catalog.Skill
	text      string // as the catalogue writes it
	ambiguous bool   // needs context
}

// formsOf lists every way in which the matcher knows a skill, with its folded bytes: the name, the aliases, and of each the variants
// with its inner separators left out ("nodejs", "node js") that people write.
func formsOf(s *catalog.Skill) ([]form, [][]byte) {
	var forms []form
	var patterns [][]byte
	seen := make(map[string]bool, 2*len(s.Aliases)+2)
	add := func(text string, ambiguous bool) {
		b := foldName(text)
		if b == "" || seen[b] {
			return
		}
		seen[b] = true
		forms = append(forms, form{skill: s, text: text, ambiguous: ambiguous})
		patterns = append(patterns, []byte(b))
	}
	ambiguous := func(text string) bool {
		return slices.ContainsFunc(s.Ambiguous, func(a string) bool { return strings.EqualFold(a, text) })
	}
	written := append([]string{s.Name}, s.Aliases...)
	for _, text := range written { // before all variants: what the catalogue says of a form stands above what follows from another
		add(text, ambiguous(text))
	}
	for _, text := range written {
		if joined := joinedVariant(text); joined != "" {
			add(joined, ambiguous(text))
		}
		if spaced := spacedVariant(text); spaced != "" {
			add(spaced, ambiguous(text))
		}
	}
	return forms, patterns
}

// Both are made once, because that takes longer than they do.
var (
	joining = strings.NewReplacer(" ", "", "-", "", ".", "")
	spacing = strings.NewReplacer(".", " ", "/", " ")
)

// joinedVariant leaves out the separators of a name that has them, where what stays is long enough not to be another word.
func joinedVariant(text string) string {
	if !strings.ContainsAny(text, " -.") || strings.HasPrefix(text, ".") || strings.Count(text, " ") > 1 {
		return ""
	}
	joined := joining.Replace(text)
	if len(joined) < 5 {
		return ""
	}
	return joined
}

// spacedVariant puts a space for an inner full stop or slash: "Node js", "CI CD".
func spacedVariant(text string) string {
	if strings.HasPrefix(text, ".") || !strings.ContainsAny(text, "./") {
		return ""
	}
	return spacing.Replace(text)
}
