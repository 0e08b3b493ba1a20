package gapanalysis

import (
	"cmp"
	"fmt"
	"slices"
)

// Bounds on what a match says.
const (
	maxReasons  = 3
	maxBlockers = 2
)

// The strengths of a match, from the strongest.
const (
	StrengthStrong   = "strong"   // apply today
	StrengthGood     = "good"     // worth an application
	StrengthPossible = "possible" // a stretch
	StrengthWeak     = "weak"
)

// Scores from which a match is of a strength. They were set on the labels of the twenty profiles that the weights were fitted to: of what
// is called strong most is labelled as something to apply for today.
const (
	strongFrom   = 0.70
	goodFrom     = 0.60
	possibleFrom = 0.48
)

func strengthOf(score float64) string {
	switch {
	case score >= strongFrom:
		return StrengthStrong
	case score >= goodFrom:
		return StrengthGood
	case score >= possibleFrom:
		return StrengthPossible
	}
	return StrengthWeak
}

// The kinds of blocker.
const (
	BlockerSkill     = "skill"     // a must that is not there
	BlockerLevel     = "level"     // a must that is there far below its level
	BlockerSeniority = "seniority" // two rungs or more apart
	BlockerLanguage  = "language"  // written in a language that the resume does not show, or one that must be spoken
)

// Blocker is something that stands in the way of a match.
type Blocker struct {
	Kind    string `json:"kind"`
	Skill   string `json:"skill,omitempty"`
	Text    string `json:"text"`
	Posting string `json:"posting,omitempty"` // words of the posting
	Facts   `json:"-"`
}

// The cases of blockers that their kinds say too little of.
const (
	caseForeign = "foreign" // written in a language that the resume does not show
	caseSpoken  = "spoken"  // asks for one
	caseSenior  = "senior"
	caseJunior  = "junior"
)

// Unlock is the one skill that would make a match strong.
type Unlock struct {
	Skill string `json:"skill"`
	To    int    `json:"to"`    // the level that the posting asks for
	Hours int    `json:"hours"` // median
	Text  string `json:"text"`
	Name  string `json:"-"` // of the skill
}

// Explain says why a candidate stands where it does.
func (m *Matcher) Explain(s Scored) Match {
	p := s.Posting
	var report Report // of what is shown alone; a whole one has more to count
	for _, q := range PostingTarget(p).Requirements {
		g, _ := m.held.gap(q, m.near)
		report.Skills = append(report.Skills, g)
	}
	report.Band = band(apportion(report.Skills))
	out := Match{
		PostingID: p.ID.String(), Title: p.Title, Company: p.Company, Location: p.Location, Remote: p.Remote, Seniority: p.Seniority, URL: p.URL,
		Sample: p.Sample(), Score: s.Score, Band: report.Band, Strength: strengthOf(s.Score),
		Reasons: []Reason{}, Missing: []string{}, Blockers: []Blocker{}, Pay: p.Pay, Source: p.Source,
	}
	if !p.PostedOn.IsZero() {
		out.PostedOn = p.PostedOn.Format("2006-01-02")
	}
	excerpts := map[string]string{}
	for _, q := range p.Requirements {
		excerpts[q.Skill] = oneLine(q.Excerpt)
	}
	rows := slices.Clone(report.Skills)
	worth := func(g SkillGap) float64 { return g.Weight * m.weighs(g.ID) * g.Credit }
	slices.SortStableFunc(rows, func(a, b SkillGap) int { return cmp.Compare(worth(b), worth(a)) })
	for _, g := range rows {
		switch {
		case g.Status == Missing && g.Must:
			out.Missing = append(out.Missing, g.ID)
		case g.Status != Missing && len(out.Reasons) < maxReasons:
			out.Reasons = append(out.Reasons, reason(g, excerpts[g.ID]))
		}
	}
	out.Blockers = m.blockers(s.Candidate, report.Skills, excerpts)
	if out.Strength != StrengthStrong {
		out.Unlock = m.unlock(s, report.Skills)
	}
	return out
}

func reason(g SkillGap, excerpt string) Reason {
	r := Reason{Skill: g.ID, Posting: excerpt, Facts: Facts{string(g.Status), g.Name, g.Required, g.Evidenced}}
	if len(g.Evidence) > 0 {
		r.Resume = oneLine(g.Evidence[0].Text)
	}
	switch g.Status {
	case Have:
		r.Text = fmt.Sprintf("%s: asked at level %d, shown at level %d.", g.Name, g.Required, g.Evidenced)
	case Partial:
		r.Text = fmt.Sprintf("%s: asked at level %d, shown at level %d so far.", g.Name, g.Required, g.Evidenced)
	case Transferable:
		r.Text = fmt.Sprintf("%s: not shown, but %s carries over.", g.Name, r.Resume)
	case Missing:
	}
	return r
}

// blocks is the credit below which a must that is there stands in the way all the same.
const blocks = 0.5

// blockers are the two things that stand most in the way: rungs far apart, and the musts that lack most.
func (m *Matcher) blockers(c Candidate, rows []SkillGap, excerpts map[string]string) []Blocker {
	out := []Blocker{}
	switch needs := m.unspoken(c.Posting.Speaks); {
	case c.Foreign:
		out = append(out, Blocker{Kind: BlockerLanguage, Facts: Facts{Case: caseForeign}, Text: "The posting is written in a language that your resume does not show."})
	case needs != "":
		out = append(out, Blocker{Kind: BlockerLanguage, Facts: Facts{Case: caseSpoken}, Text: "The posting asks for " + needs + ", which your resume does not show."})
	}
	if asked := postingRung(c.Posting); m.rung > 0 && asked > 0 && rungFit(m.rung, asked) <= rungTwoApart {
		facts, text := Facts{Case: caseJunior}, "The posting is for somebody less senior by two rungs or more."
		if asked > m.rung {
			facts, text = Facts{Case: caseSenior}, "The posting is for somebody more senior by two rungs or more."
		}
		out = append(out, Blocker{Kind: BlockerSeniority, Text: text, Facts: facts})
	}
	lack := func(g SkillGap) float64 { return g.Weight * m.weighs(g.ID) * (1 - g.Credit) }
	rows = slices.DeleteFunc(slices.Clone(rows), func(g SkillGap) bool { return !g.Must || g.Credit >= blocks })
	slices.SortStableFunc(rows, func(a, b SkillGap) int { return cmp.Compare(lack(b), lack(a)) })
	for _, g := range rows[:min(len(rows), maxBlockers-len(out))] {
		b := Blocker{Kind: BlockerSkill, Skill: g.ID, Posting: excerpts[g.ID], Facts: Facts{BlockerSkill, g.Name, g.Required, g.Evidenced}, Text: fmt.Sprintf("%s is a must at level %d and not shown.", g.Name, g.Required)}
		if g.Evidenced > 0 {
			b.Kind, b.Case, b.Text = BlockerLevel, BlockerLevel, fmt.Sprintf("%s is a must at level %d; level %d is shown.", g.Name, g.Required, g.Evidenced)
		}
		out = append(out, b)
	}
	return out
}

// unlock is the skill of fewest hours that alone would make a match strong, nil where none would.
func (m *Matcher) unlock(s Scored, rows []SkillGap) *Unlock {
	var best *Unlock
	for _, g := range rows {
		if g.Credit >= 1 || g.Hours.P50 == 0 || best != nil && g.Hours.P50 >= best.Hours {
			continue
		}
		if strengthOf(m.scoreWith(s, g.ID)) == StrengthStrong {
			best = &Unlock{
				Skill: g.ID, To: g.Required, Hours: g.Hours.P50, Name: g.Name,
				Text: fmt.Sprintf("Learn %s to level %d (%d h) and this becomes strong.", g.Name, g.Required, g.Hours.P50),
			}
		}
	}
	return best
}

// scoreWith is the score if one skill that is asked for were at its level. What would carry over from it is not counted.
func (m *Matcher) scoreWith(s Scored, id string) float64 {
	var was []askedSkill
	var before []float64
	for _, q := range s.Posting.Requirements {
		if q.Skill == id {
			key := askedSkill{q.Skill, q.Level}
			was, before = append(was, key), append(before, m.credit(q))
			m.credits[key] = 1
		}
	}
	signals, ok := m.Signals(s.Candidate)
	for i, key := range was {
		m.credits[key] = before[i]
	}
	if !ok {
		return 0
	}
	return round(m.weights.score(signals, m.foreign(s.Candidate)), 3)
}
