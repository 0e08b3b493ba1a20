package tutor

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Guarded is what the tutor says in place of an answer.
type Guarded struct {
	Kind string // one of the kinds of guardWords
	Text string
}

// The kinds of message that people and not the tutor should answer, and what the tutor never says.
const (
	guardSelfHarm       = "self-harm"
	guardDiscrimination = "discrimination"
	guardLegal          = "legal"
	guardImmigration    = "immigration"
	guardMedical        = "medical"
	guardScore          = "score"        // praises in place of the report
	guardHiring         = "hiring"       // predicts whether somebody is hired
	guardPerson         = "about-person" // age, gender, origin, health or emotion of the person
)

// guardRule finds one kind of message in one language.
type guardRule struct {
	kind, lang string
	form       *regexp.Regexp
	unless     *regexp.Regexp // nil for a form that is never meant otherwise
}

// Guard looks at a message of the person. nil means: go on. Otherwise the message is about something that people should help with, and the
// text says so in the language of the message.
//
// It reads words and understands nothing, so its forms ask for a person and a matter together: "kill myself" and not "kill", "my visa" and
// not "Visa". The first rule that fits is taken; they stand in the order of what matters most.
func Guard(message string) *Guarded {
	text := guardText(message)
	for _, r := range guardRules() {
		if r.form.MatchString(text) && (r.unless == nil || !r.unless.MatchString(text)) {
			return &Guarded{Kind: r.kind, Text: guardWords(r.kind, r.lang)}
		}
	}
	return nil
}

// Forbidden names what is wrong with a sentence that the tutor is about to say, "" if nothing is: it predicts hiring, calls the person an
// expert in everything, or says something of their age, gender, origin, health or emotion.
func Forbidden(sentence string) string {
	text := guardText(strings.NewReplacer("*", "", "_", "").Replace(sentence))
	for _, r := range forbiddenRules() {
		if r.form.MatchString(text) && (r.unless == nil || !r.unless.MatchString(text)) {
			return r.kind
		}
	}
	return ""
}

// guardText is a text as the rules read it: in one line, without accents and invisible characters.
func guardText(s string) string {
	return unaccented(strings.Join(strings.Fields(strings.NewReplacer("’", "'", "´", "'", "`", "'").Replace(Clean(s))), " "))
}

// unaccented is a text without accents, in the same case.
func unaccented(s string) string {
	return strings.ReplaceAll(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)), "ß", "ss")
}
