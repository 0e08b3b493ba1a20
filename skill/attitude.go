package skill

import (
	"regexp"
	"strings"
)

// attitude is what the words around a skill do to it.
type attitude int

const (
	asserted     attitude = iota
	denied                // "no experience with Kafka"
	wished                // "interested in learning Rust"
	someoneElses          // "worked with the Kafka team"
)

// attitudeReach is how far back in its clause an attitude is looked for, in bytes of the folded text.
const attitudeReach = 70

var (
	// The second line is for lists: "no experience with Kafka or Kubernetes" denies both, "no downtime and Kubernetes" neither.
	denials = regexp.MustCompile(`\b(?:no|without|lack(?:s|ed|ing)?(?: of)?|never|not (?:yet )?(?:used|worked|familiar)|haven['’]t|have not|little to no)\b(?: (?:any|prior|previous|real|professional|hands on|production|commercial|direct|experience|knowledge|background|exposure|used|worked|familiar|with|in|of|on|to|or|and|needed|required|\w+,))*$` +
		`|\b(?:no|without|lack(?:s|ed|ing)?(?: of)?|little to no)\b(?: \w+){0,2} (?:experience|knowledge|background|exposure)(?: (?:with|in|of|on|using|to))?(?: [^ ]+,| [^ ]+ (?:or|and|nor))*$` +
		`|\b(?:keine?|ohne|sans|sin)(?: \w+)? (?:erfahrung(?:en)?|kenntnisse|expérience|connaissances?|experiencia|conocimientos?)(?: (?:mit|in|von|avec|en|de|con))?(?: [^ ]+,| [^ ]+ (?:oder|und|ou|et|ni|o|y))*$` +
		`|\b(?:keine?|ohne|sans|sin)(?: (?:mit|in|avec|con|en|de|\w+,|[\w.+#/]+(?: [\w.+#/]+)? (?:oder|ou|ni|o)))*$`)
	wishes = regexp.MustCompile(`\b(?:interested in|want(?:s|ing)? to|eager to|keen to|hop(?:e|es|ing) to|plan(?:s|ning)? to|would (?:like|love) to|willing(?:ness)? to|looking (?:forward )?to|excited to|curious about|start(?:ed|ing) to)(?: (?:learn|learning|explore|exploring|study|studying|try|trying|pick up|picking up|get into|work with|working with|more|about|with|to|and|the|\w+,))*$|\bcurrently (?:learning|studying)(?: \w+,?)?$|\blearning goals?:?(?: \w+,?)*$|\b(?:souhait\w+ apprendre|envie d['’]apprendre|quiero aprender|me gustaría aprender|interesad[oa] en aprender|interessiert an|lerne (?:gerade|derzeit))$`)
	others = regexp.MustCompile(`\b(?:with|for|alongside|to|from|by|supported|assisted|partnered with|liaised with) the$`)
	team   = regexp.MustCompile(`^ (?:team|teams|group|squad|department|admins?|administrators?|specialists?|experts?)\b`)
)

// attitude reads the clause before a mention and the words after it.
func (t *textView) attitude(start, end int) attitude {
	b := t.folded.bytes
	from := max(0, start-attitudeReach)
	clause := string(b[from:start])
	clause = clause[clauseStart(clause):]
	if i := strings.LastIndex(clause, " but "); i >= 0 {
		clause = clause[i+5:]
	}
	clause = strings.TrimRight(clause, " ")
	switch {
	case denials.MatchString(clause):
		return denied
	case wishes.MatchString(clause):
		return wished
	case others.MatchString(clause) && team.MatchString(string(b[end:min(len(b), end+20)])):
		return someoneElses
	}
	return asserted
}

// clauseStart is where the last clause of s begins. A full stop inside a name ("Node.js") ends none.
func clauseStart(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case ';', '!', '?', paragraphBreak:
			return i + 1
		case '.':
			if i+1 == len(s) || s[i+1] == ' ' {
				return i + 1
			}
		}
		if strings.HasPrefix(s[i:], "•") {
			return i + len("•")
		}
	}
	return 0
}
