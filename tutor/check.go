package tutor

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gapwise/gapwise/internal/mutant"
)

// Why a sentence was caught.
const (
	reasonNoSuchSource = "no-such-source"   // it cites what does not exist
	reasonOtherSource  = "other-source"     // it cites what says nothing of it
	reasonLevel        = "invented-level"   // a level, score, hour or date that is not the report's
	reasonName         = "invented-name"    // an employer, product or person that is in no source
	reasonDate         = "invented-date"    // a year of the person that is in no source
	reasonNumber       = "invented-number"  // a figure of the person that is in no source
	reasonAddress      = "invented-address" // a link, an e-mail, a telephone number or a street that is in no source
	reasonQuote        = "invented-quote"   // words that nobody wrote
	reasonSkill        = "invented-skill"   // something that the person is said to have done with a skill that nothing shows
	reasonNotFacts     = "not-in-facts"     // a word of a resume line that the person never gave
	reasonForbidden    = "not-for-an-ai"    // whether somebody will be hired, and what they are like
	reasonRecital      = "instructions"     // it recites how the tutor is told to answer
	reasonWithheld     = "withheld"         // the solution, before the person has tried
	reasonUnsourced    = "unsourced"        // marked, not removed
	reasonRunaway      = "runaway"
)

// reasons are those for which a sentence is removed.
func reasons() []string {
	return []string{
		reasonNoSuchSource, reasonOtherSource, reasonLevel, reasonName, reasonDate, reasonNumber, reasonAddress, reasonQuote, reasonSkill, reasonNotFacts,
		reasonForbidden, reasonRecital,
	}
}

// verdict is what becomes of a sentence.
type verdict struct {
	text   string // as it may be shown
	cites  []int
	reason string // why it is not shown; "" where it is
	marked bool   // it is about the person and has no source
}

// checker holds the sentences of one answer against what the answer was made from. It is deterministic: the same sentences and the same
// grounds give the same verdicts.
type checker struct {
	*grounds

	language string
	withhold []map[string]bool // the words of what must not be given away
	asked    map[string]bool   // the words of the question, which give nothing away
	skill    string            // that the last sentences are about
}

// claim is a sentence as it is checked.
type claim struct {
	text     string // without marks and the bullet
	lower    string
	cites    []int    // that exist
	false    []string // marks of sources that do not
	skills   []string // ids of skills that are named
	personal bool     // it speaks of the person
	factual  bool     // it states something of them, beside giving advice
	question bool
	denies   bool
	commands bool // it begins with what the person should do
}

func (e *exchange) checkerOf(m *material) *checker {
	t := e.turn
	said := []string{t.question}
	for _, h := range t.history {
		if h.Author == AuthorPerson {
			said = append(said, h.Content)
		}
	}
	said = append(append(said, m.task.facts...), m.task.said...)
	text := ""
	if t.document != nil {
		text = t.document.Text
	}
	g := newGrounds(e.builtin, t.role, t.report, m.sources[:m.shown], text, said)
	c := &checker{grounds: g, language: t.language}
	if len(t.named) > 0 {
		c.skill = t.named[0]
	}
	for _, w := range m.task.withhold {
		c.withhold = append(c.withhold, tellingWords(w))
	}
	if len(m.task.withhold) > 0 {
		c.asked = tellingWords(m.task.asked)
	}
	return c
}

// sentence gives the verdict on one.
func (c *checker) sentence(s utterance) verdict {
	if mutant.On(mutant.CitesUnchecked) {
		return verdict{text: s.text}
	}
	v := verdict{text: s.text}
	if s.code {
		if c.address(s.text) {
			v.reason = reasonAddress
		} else if len(c.withhold) > 0 {
			v.reason = reasonWithheld
		}
		return v
	}
	k := c.read(s.text)
	v.cites = k.cites
	for _, rule := range []func(*claim) string{c.ofCites, c.ofAddresses, c.ofLevels, c.ofReadiness, c.ofFigures, c.ofQuotes, c.ofNames, c.ofSkills, c.ofSolution, c.ofPeople} {
		if v.reason = rule(k); v.reason != "" {
			return v
		}
	}
	for _, mark := range k.false {
		v.text = strings.TrimSpace(strings.Replace(v.text, mark, "", 1))
	}
	if len(k.false) > 0 {
		v.text = closeHoles.Replace(strings.Join(strings.Fields(v.text), " "))
	}
	if len(k.skills) > 0 {
		c.skill = k.skills[0]
	}
	if k.factual && !k.question && !k.denies && !k.commands && len(k.cites) == 0 && !c.known(k) {
		v.marked = true
		v.text += " " + phrase(c.language, "unsourced")
	}
	return v
}

// closeHoles closes the holes that a mark leaves.
var closeHoles = strings.NewReplacer(" .", ".", " ,", ",", " ;", ";")

// read looks at a sentence.
func (c *checker) read(text string) *claim {
	k := &claim{}
	for _, mark := range marks.FindAllString(text, -1) {
		ok := false
		for n := range strings.SplitSeq(strings.Trim(mark, "[] "), ",") {
			if i, err := strconv.Atoi(strings.TrimSpace(n)); err == nil && i >= 1 && i <= len(c.sources) {
				ok = true
				if !slices.Contains(k.cites, i) {
					k.cites = append(k.cites, i)
				}
			}
		}
		if !ok {
			k.false = append(k.false, mark)
		}
	}
	k.text = strings.Join(strings.Fields(bullets.ReplaceAllString(marks.ReplaceAllString(text, ""), "")), " ")
	k.lower = strings.ToLower(k.text)
	k.skills = c.builtin.names.in(k.text)
	k.question = strings.HasSuffix(strings.TrimRight(k.text, ` "”»)`), "?")
	w := wordsOf(c.language)
	k.personal = w.personal.MatchString(k.lower)
	k.factual = w.factual.MatchString(k.lower) || w.begins.MatchString(k.lower) && !w.advice.MatchString(k.lower) && !w.ofReport.MatchString(k.lower)
	first, _, _ := strings.Cut(strings.TrimLeft(k.lower, `"“„«¡¿(`), " ")
	k.commands = w.advice.MatchString(first)
	k.denies = w.denies.MatchString(k.lower)
	return k
}

// leastShared is how many telling words make a source one for a sentence that names another skill.
const leastShared = 2

// ofCites catches a sentence whose sources do not exist, and one whose sources speak of something else.
func (c *checker) ofCites(k *claim) string {
	if len(k.false) > 0 && len(k.cites) == 0 {
		return reasonNoSuchSource
	}
	if len(k.cites) == 0 || len(k.skills) == 0 || k.question {
		return ""
	}
	own := tellingWords(k.text)
	for _, n := range k.cites {
		shared := 0
		for w := range tellingWords(c.sources[n-1].folded) {
			if own[w] {
				shared++
			}
		}
		if shared >= leastShared || slices.ContainsFunc(k.skills, func(id string) bool { return c.sources[n-1].speaksOf(c.builtin, id) }) {
			return ""
		}
	}
	return reasonOtherSource
}

// ofPeople catches what no AI should say of anybody.
func (c *checker) ofPeople(k *claim) string {
	if Forbidden(k.text) != "" {
		return reasonForbidden
	}
	return ""
}

// mostGiven is the share of a solution's telling words that a sentence may hold before the person has tried.
const mostGiven = 0.6

// ofSolution catches a sentence that gives away what the person is to find.
func (c *checker) ofSolution(k *claim) string {
	if len(c.withhold) == 0 {
		return ""
	}
	own := tellingWords(k.text)
	for _, solution := range c.withhold {
		shared, whole := 0, 0
		for w := range solution {
			if c.asked[w] {
				continue
			}
			whole++
			if own[w] {
				shared++
			}
		}
		if whole > 1 && float64(shared) >= mostGiven*float64(whole) {
			return reasonWithheld
		}
	}
	return ""
}

// known tells whether a statement about the person without a source can be found in what is known of them all the same.
func (c *checker) known(k *claim) bool {
	shared, own := 0, tellingWords(k.text)
	for w := range own {
		if c.person[w] {
			shared++
		}
	}
	return shared >= 2 || shared > 0 && 2*shared >= len(own)
}
