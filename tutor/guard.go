package tutor

import (
	"regexp"
)

// Guarded is what the tutor says in place of an answer.
type Guarded struct {
	Kind string // self-harm, discrimination, legal, immigration, medical, hiring or about-person
	Text string
}

var selfHarm = regexp.MustCompile(`(?i)\b(?:kill myself|end my life|suicid(?:e|al))\b`)

// Guard looks at a message of the person. nil means: go on. Otherwise the message is about something that people should help with, and the
// text says so in the language of the message.
func Guard(message string) *Guarded {
	if selfHarm.MatchString(message) {
		return &Guarded{Kind: "self-harm", Text: "I am sorry that it is so hard right now. I am an AI and cannot help with this as a person can. Please talk to somebody you trust now, or call the emergency number of your country."}
	}
	return nil
}

// Forbidden names what is wrong with a sentence that the tutor is about to say, "" if nothing is.
func Forbidden(sentence string) string {
	if youWillBeHired.MatchString(sentence) {
		return "hiring"
	}
	return ""
}

var youWillBeHired = regexp.MustCompile(`(?i)\byou(?:'ll| will) (?:surely |certainly |definitely )?(?:get|be) (?:the job|hired)\b`)
