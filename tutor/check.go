package tutor

import (
	"strconv"
	"strings"
)

// Why a sentence was caught.
const (
	reasonNoSuchSource  = "no-such-source"  // it cites what does not exist
	reasonOtherSource   = "other-source"    // it cites what says nothing of it
	reasonLevel         = "invented-level"  // a level, score, hour or date that is not the report's
	reasonEmployer      = "invented-name"   // an employer, product or person that is in no source
	reasonDate          = "invented-date"   // a year or a time of the person that is in no source
	reasonNumber        = "invented-number" // a figure of the person that is in no source
	reasonAddress       = "invented-address"
	reasonQuote         = "invented-quote"
	reasonSkill         = "invented-skill" // something that the person is said to have done with a skill that nothing shows
	reasonNotFacts      = "not-in-facts"   // a word of a resume line that the person never gave
	reasonNotToldPerson = "unproven"       // a statement about the person without a source, with something in it that nothing shows
	reasonForbidden     = "not-for-an-ai"
	reasonWithheld      = "withheld"
	reasonUnsourced     = "unsourced" // marked, not removed
	reasonRunaway       = "runaway"
)

// reasons are those for which a sentence is removed.
func reasons() []string {
	return []string{
		reasonNoSuchSource, reasonOtherSource, reasonLevel, reasonEmployer, reasonDate, reasonNumber, reasonAddress, reasonQuote, reasonSkill, reasonNotFacts,
		reasonNotToldPerson, reasonForbidden,
	}
}

// verdict is what becomes of a sentence.
type verdict struct {
	text   string // as it may be shown
	cites  []int
	reason string // why it is not shown; "" where it is
	marked bool   // it is about the person and has no source
}

// checker holds sentences of a model against what the answer was made from.
type checker struct {
	m *material
}

func (e *exchange) checkerOf(m *material) *checker { return &checker{m: m} }

func (c *checker) sentence(s utterance) verdict {
	v := verdict{text: s.text}
	for _, mark := range marks.FindAllString(s.text, -1) {
		for n := range strings.SplitSeq(strings.Trim(mark, "[] "), ",") {
			if i, err := strconv.Atoi(strings.TrimSpace(n)); err == nil && i >= 1 && i <= c.m.shown {
				v.cites = append(v.cites, i)
			}
		}
	}
	return v
}
