package tutor

import (
	"slices"
	"strings"
)

// RuledOut are the forms of injections that match a folded text and are not tried on it although a word of their gate is there, and how many
// would be tried and not. The same goes for what looks for encodings.
func RuledOut(text string) (missed []string, tried, not int) {
	forms := injectionRules()
	plain := plainSentence(text)
	spotted := forms.words.spot(plain)
	for _, r := range forms.rules {
		if allOf(r.gates, spotted) {
			tried++
			continue
		}
		not++
		if slices.ContainsFunc(r.needs[0], func(w string) bool { return strings.Contains(plain, w) }) && r.form.MatchString(plain) {
			missed = append(missed, r.form.String())
		}
	}
	for form, may := range map[string]bool{"base64": mayBeBase64(text) || !base64Run.MatchString(text), "hex": mayBeHex(text) || !hexRun.MatchString(text), "spaced": mayBeSpaced(plain) || !spacedRun.MatchString(plain)} {
		if !may {
			missed = append(missed, form)
		}
	}
	return missed, tried, not
}
