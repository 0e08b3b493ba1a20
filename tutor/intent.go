package tutor

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// intent is what a question asks for, as far as the built-in retrieval can tell.
type intent string

const (
	askGreeting  intent = "greeting"
	askCorrect   intent = "correct" // to change a level or a score
	askInterview intent = "interview"
	askProject   intent = "project"
	askPhase     intent = "phase"
	askSkill     intent = "skill"
	askNext      intent = "next"
	askGaps      intent = "gaps"
	askHours     intent = "hours"
	askSalary    intent = "salary"
	askRole      intent = "role"
	askOther     intent = "other"
)

// The rules, the first that fits wins. The order is from what is unmistakable to what is common.
var intents = []struct {
	is   intent
	when *regexp.Regexp
}{
	{askGreeting, regexp.MustCompile(`^(hi|hello|hey|hallo|hola|bonjour|good (morning|afternoon|evening)|thanks?|thank you|danke|merci|help)( there| you| a lot| so much)?[\s.!?]*$`)},
	{askCorrect, regexp.MustCompile(`\b(set|change|raise|increase|correct|fix|lower|update|adjust|give me|wrong)\b.*\b(levels?|scores?|readiness|hours)\b|\b(levels?|scores?|readiness)\b.*\bwrong\b`)},
	{askInterview, regexp.MustCompile(`\binterviews?\b`)},
	{askProject, regexp.MustCompile(`\b(projects?|portfolio|hands-on|what (can|could|should) i build)\b`)},
	{askPhase, regexp.MustCompile(`\b(phases?|milestones?|stages?|checklists?|outcomes?)\b`)},
	{askSkill, nil}, // the question names a skill
	{askSalary, regexp.MustCompile(`\b(salary|salaries|pay|paid|earn|earnings|compensation|wages?)\b`)},
	{askGaps, regexp.MustCompile(`\b(gaps?|missing|lack|lacking|weak|weakness(es)?|strengths?|strong|readiness|how far|good enough|am i ready|how ready|qualified|my level|score)\b`)},
	{askHours, regexp.MustCompile(`\b(how (long|many (hours|weeks|months)|much time|fast|soon)|when (will|can|could|am|do|would) i|(time|hours|weeks|months) (do|does|will|would|it|are|is|left)|deadline|by what date)\b|^when\b`)},
	{askNext, regexp.MustCompile(`\b(next|start|starting|first|begin|focus|priorit(y|ies|ise|ize)|what (should|shall|do|can|must) i (do|learn|study|work)|where (do|should|shall) i|this week|plan)\b`)},
	{askRole, regexp.MustCompile(`\b(role|job|typical|day|daily|career|why now|market|future|what (does|do) an?|about it)\b`)},
}

// What of a role is asked for.
var (
	askedDay    = regexp.MustCompile(`(?i)\b(day|days|daily|typical)\b`)
	askedMarket = regexp.MustCompile(`(?i)\b(why now|market|future|demand)\b`)
)

// intentOf reads a question. A phase that is named without anything else being asked is a question about the phase.
func intentOf(question string, named []string, phase *catalog.Phase) intent {
	q := strings.ToLower(strings.Join(strings.Fields(question), " "))
	for _, rule := range intents {
		if rule.is == askSkill {
			if len(named) > 0 {
				return askSkill
			}
			continue
		}
		if rule.when.MatchString(q) {
			return rule.is
		}
	}
	if phase != nil {
		return askPhase
	}
	return askOther
}

// phaseNamed finds the phase whose name a text holds, and the text without it, or nil and the text.
func phaseNamed(role *catalog.Role, text string) (*catalog.Phase, string) {
	for i := range role.Phases {
		p := &role.Phases[i]
		for _, name := range []string{p.Name, p.ID} {
			if at := strings.Index(strings.ToLower(text), strings.ToLower(name)); at >= 0 && len(strings.ToLower(text)) == len(text) {
				return p, text[:at] + " " + text[at+len(name):]
			}
		}
	}
	return nil, text
}

// bestNamed finds the one of several names that shares most words with a text, at least half of its own; -1 where none does.
func bestNamed(text string, names []string) int {
	said := tokens(text)
	best, most := -1, 0.0
	for i, name := range names {
		own := tokens(name)
		slices.Sort(own)
		own = slices.Compact(own)
		shared := 0
		for _, t := range own {
			if slices.Contains(said, t) {
				shared++
			}
		}
		if share := float64(shared) / float64(max(len(own), 1)); share >= 0.5 && share > most {
			best, most = i, share
		}
	}
	return best
}
