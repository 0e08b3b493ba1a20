package gapanalysis

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// Signals are what speaks for a posting, each in [0, 1]. Nothing in them is of who the person is: they are made of skills with their levels and
// years, and of titles without the forms that tell a gender. docs/matching.md explains each.
type Signals struct {
	Must  float64 // levelled coverage of what the posting cannot do without
	Nice  float64 // of what it would welcome
	Core  float64 // of the skills that its title names; 0.5 where it names none
	Near  float64 // cosine of the resume's and the posting's vector
	Title float64 // the person's titles, and the roles that they and the posting belong to
	Rung  float64 // distance on the ladder of seniority
	Fresh float64 // how lately it was posted
}

// MatchWeights are what each signal counts; they sum to 1. The cuts are shares of a score that are taken away.
type MatchWeights struct {
	Signals
	RungCut    float64 // where two rungs or more lie between
	ForeignCut float64 // where the posting is written in a language that the resume does not show
}

// DefaultMatchWeights are those in force. They were fitted to the labels of twenty profiles and judged on twenty others; docs/matching.md
// has both figures.
func DefaultMatchWeights() MatchWeights {
	return MatchWeights{Signals{Must: 0.38, Nice: 0.06, Core: 0.11, Near: 0.20, Title: 0.11, Rung: 0.12, Fresh: 0.02}, 0.05, 0.45}
}

// score adds signals up, in [0, 1].
func (w MatchWeights) score(s Signals, foreign bool) float64 {
	sum := w.Must*s.Must + w.Nice*s.Nice + w.Core*s.Core + w.Near*s.Near + w.Title*s.Title + w.Rung*s.Rung + w.Fresh*s.Fresh
	if s.Rung < rungTwoApart+0.01 {
		sum *= 1 - w.RungCut
	}
	if foreign {
		sum *= 1 - w.ForeignCut
	}
	return min(1, max(0, sum))
}

// How much a must or a wish counts by the kind of the skill: tools are what a posting is told apart by, and everybody asks for teamwork.
const (
	weighsTool     = 1.0
	weighsPractice = 0.6
	weighsSoft     = 0.3
)

// priorMust is how many imagined musts, half of them met, stand beside those of a posting: one lone must that happens to fit is weak evidence.
const priorMust = 1.0

// Matcher scores postings for one profile. It is not safe for concurrent use.
type Matcher struct {
	catalog *catalog.Catalog
	held    *held
	near    Nearness
	bridge  *TitleBridge
	titles  *titleSide
	rung    int
	today   time.Time
	weights MatchWeights
	credits map[askedSkill]float64
	spoken  map[string]string // what is said of languages that postings ask for
	none    map[string]bool   // skills of which the person has nothing, and nothing that carries over
}

type askedSkill struct {
	id    string
	level int
}

// NewMatcher makes a matcher. near is the vectors' word on the skills that the postings ask for, and b what titles belong to.
func NewMatcher(c *catalog.Catalog, b *TitleBridge, p *skill.Profile, near Nearness, today time.Time) *Matcher {
	m := &Matcher{catalog: c, bridge: b, held: newHeld(c, p), near: near, today: today, weights: DefaultMatchWeights(), credits: map[askedSkill]float64{}, none: map[string]bool{}, spoken: map[string]string{}, rung: seniorityOf(p)}
	m.titles = b.side(m.held, p)
	return m
}

// Weighted is the matcher with other weights, for fitting them.
func (m *Matcher) Weighted(w MatchWeights) *Matcher {
	m.weights = w
	return m
}

// credit is how far the person is with one skill at a level, in [0, 1].
func (m *Matcher) credit(q posting.Requirement) float64 {
	key := askedSkill{q.Skill, q.Level}
	v, ok := m.credits[key]
	if !ok {
		g, _ := m.held.gap(Requirement{Skill: q.Skill, Level: q.Level, Weight: 1}, m.near)
		v = g.Credit
		m.credits[key] = v
	}
	return v
}

// creditOf is credit for any of the catalogue's skills: most are nothing to the person at the lowest level, and so at none.
func (m *Matcher) creditOf(id string, level int) float64 {
	none, known := m.none[id]
	if !known {
		none = m.credit(posting.Requirement{Skill: id, Level: catalog.LevelAwareness}) == 0
		m.none[id] = none
	}
	if none {
		return 0
	}
	return m.credit(posting.Requirement{Skill: id, Level: level})
}

// weighs is what a skill counts among those of a posting.
func (m *Matcher) weighs(id string) float64 { return weighsIn(m.catalog, id) }

func weighsIn(c *catalog.Catalog, id string) float64 {
	s, err := c.Skill(id)
	if err != nil {
		return weighsPractice
	}
	switch s.Kind {
	case catalog.Language, catalog.Framework, catalog.Library, catalog.Tool, catalog.Database, catalog.Cloud, catalog.Platform:
		return weighsTool
	case catalog.Soft:
		return weighsSoft
	case catalog.Practice, catalog.Concept, catalog.Domain:
	}
	return weighsPractice
}

// Signals are those of one candidate. ok is false for one that asks for no skill at all: there is nothing to reason about.
func (m *Matcher) Signals(c Candidate) (s Signals, ok bool) {
	p := c.Posting
	var must, musts, nice, nices, core, cores float64
	var met bool
	title := newTitleText(p.Title)
	for _, q := range p.Requirements {
		credit, weight := m.credit(q), m.weighs(q.Skill)
		met = met || credit > 0
		if q.Must {
			must, musts = must+weight*credit, musts+weight
		} else {
			nice, nices = nice+weight*credit, nices+weight
		}
		if named := m.bridge.named(title, m.catalog, q.Skill); named {
			core, cores = core+credit, cores+1
		}
	}
	if !met {
		return s, false
	}
	if musts == 0 { // nothing is called a must: what is named at all counts as one
		must, musts = nice, nices
	}
	s.Must = (must + 0.5*priorMust) / (musts + priorMust)
	s.Nice = (nice + 0.5*priorMust) / (nices + priorMust)
	if s.Core = 0.5; cores > 0 {
		s.Core = core / cores
	}
	s.Near = max(0, min(1, c.Similarity))
	s.Title = m.titles.fit(p.Title)
	s.Rung = rungFit(m.rung, postingRung(p))
	s.Fresh = fresh(p.PostedOn, m.today)
	return s, true
}

// freshDays is the age at which a posting has lost two thirds of its freshness.
const freshDays = 60

// fresh falls with age; of unknown age is half fresh.
func fresh(posted, today time.Time) float64 {
	if posted.IsZero() {
		return 0.5
	}
	return math.Exp(-max(0, today.Sub(posted).Hours()/24) / freshDays)
}

// The ladder of seniority; 0 is unknown.
var ladder = map[string]int{"junior": 1, "mid": 2, "senior": 3, "staff": 4, "lead": 4}

// How well rungs fit by their distance. A rung up is a step that people take; a rung down is a job that they have outgrown.
const (
	rungUnknown  = 0.6
	rungUp       = 0.75
	rungDown     = 0.7
	rungTwoApart = 0.2
)

// rungFit falls with the distance on the ladder; unknown is neither good nor bad.
func rungFit(person, asked int) float64 {
	if person == 0 || asked == 0 {
		return rungUnknown
	}
	switch asked - person {
	case 0:
		return 1
	case 1:
		return rungUp
	case -1:
		return rungDown
	case 2, -2:
		return rungTwoApart
	}
	return 0
}

// rungWords are the words of titles that name a rung, in the order in which they decide: an intern of a lead is an intern.
var rungWords = []struct {
	rung  string
	words []string
}{
	{"junior", []string{"intern", "internship", "junior", "trainee", "graduate", "werkstudent", "praktikant", "stagiaire", "apprentice", "apprenti", "becario", "student"}},
	{"staff", []string{"staff", "principal", "lead", "head", "director", "architect", "cto", "vp", "leiter", "directeur", "jefe"}},
	{"senior", []string{"senior", "snr", "sr", "iii"}},
}

// rungOf is the rung that a title names, 0 where it names none.
func rungOf(title string) int {
	words := titleTokens(splitTitle(title))
	for _, step := range rungWords {
		if slices.ContainsFunc(step.words, func(w string) bool { return words[w] }) {
			return ladder[step.rung]
		}
	}
	return 0
}

// postingRung is a posting's rung: as it was read, or by its title.
func postingRung(p *posting.Posting) int {
	if r := ladder[p.Seniority]; r > 0 {
		return r
	}
	return rungOf(p.Title)
}

// Years of one skill up to which somebody whose title does not say is junior, and mid. Nobody is staff by years alone.
const (
	juniorYears = 1.5
	midYears    = 6
)

// Mean levels of the five strongest skills up to which somebody of whom neither titles nor years are known is junior, and mid.
const (
	juniorLevel = 2.6
	midLevel    = 4.2
)

// seniorityOf reads how senior a person is: from the latest title where it says so, else from the longest use of a skill, and at least what an
// earlier title says. A resume without titles and years is judged by its strongest skills.
func seniorityOf(p *skill.Profile) int {
	earlier := 0
	for i, t := range p.Titles {
		r := rungOf(skill.Neutral(t))
		if i == 0 && r > 0 {
			return r
		}
		earlier = max(earlier, r)
	}
	var years float64
	var levels []int
	for _, c := range p.Claims {
		years = max(years, c.Years)
		levels = append(levels, c.Level)
	}
	switch {
	case len(p.Titles) == 0 && years == 0:
		return rungByLevel(levels)
	case years < juniorYears && earlier < ladder["mid"]:
		return ladder["junior"]
	case years < midYears:
		return max(ladder["mid"], earlier)
	}
	return max(ladder["senior"], min(earlier, ladder["senior"]))
}

func rungByLevel(levels []int) int {
	const strongest = 5
	if len(levels) < strongest {
		return 0
	}
	slices.Sort(levels)
	sum := 0
	for _, l := range levels[len(levels)-strongest:] {
		sum += l
	}
	switch mean := float64(sum) / strongest; {
	case mean < juniorLevel:
		return ladder["junior"]
	case mean < midLevel:
		return ladder["mid"]
	}
	return ladder["senior"]
}

// oneLine puts words from a text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
