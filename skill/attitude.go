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
	denials = regexp.MustCompile(`\b(?:no|without|lack(?:s|ed|ing)?(?: of)?|never|not (?:yet )?(?:used|worked|familiar)|haven't|have not|little to no)\b(?: (?:any|prior|previous|real|professional|hands on|production|commercial|direct|experience|knowledge|background|exposure|used|worked|familiar|with|in|of|on|to|or|and|needed|required|\w+,))*$|\b(?:keine?|ohne|sans|sin)(?: (?:erfahrung(?:en)?|kenntnisse|expérience|experiencia|mit|in|avec|con|en|de))*$`)
	wishes  = regexp.MustCompile(`\b(?:interested in|want(?:s|ing)? to|eager to|keen to|hop(?:e|es|ing) to|plan(?:s|ning)? to|would (?:like|love) to|willing(?:ness)? to|looking (?:forward )?to|excited to|curious about|start(?:ed|ing) to)(?: (?:learn|learning|explore|exploring|study|studying|try|trying|pick up|picking up|get into|work with|working with|more|about|with|to|and|the|\w+,))*$|\bcurrently (?:learning|studying)(?: \w+,?)?$|\blearning goals?:?(?: \w+,?)*$`)
	others  = regexp.MustCompile(`\b(?:with|for|alongside|to|from|by|supported|assisted|partnered with|liaised with) the$`)
	team    = regexp.MustCompile(`^ (?:team|teams|group|squad|department|admins?|administrators?|specialists?|experts?)\b`)
)

// attitude reads the clause before a mention and the words after it.
func (t *textView) attitude(start, end int) attitude {
	b := t.folded.bytes
	from := max(0, start-attitudeReach)
	clause := string(b[from:start])
	if i := strings.LastIndexAny(clause, ".;!?\x01•"); i >= 0 {
		clause = clause[i+1:]
	}
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
