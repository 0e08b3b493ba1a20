package gapanalysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// What a match's score is made of; the weights sum to 1.
const (
	matchFit       = 0.60 // readiness for what the posting asks
	matchNear      = 0.20 // cosine of the resume's and the posting's vector
	matchTitle     = 0.10
	matchSeniority = 0.10
)

// Weights of a posting's requirements before they are made to sum to 1.
const (
	weightMust = 1.0
	weightNice = 0.4
)

const maxReasons = 6

// Candidate is a posting that the database put forward, with the cosine of its vector and the resume's.
type Candidate struct {
	Posting    *posting.Posting
	Similarity float64
}

// PostingTarget is a posting as a target. A posting whose text names no known skill has no requirements.
func PostingTarget(p *posting.Posting) Target {
	t := Target{ID: "posting", Name: p.Title}
	var sum float64
	for _, q := range p.Requirements {
		weight := weightNice
		if q.Must {
			weight = weightMust
		}
		sum += weight
		t.Requirements = append(t.Requirements, Requirement{
			Skill: q.Skill, Level: q.Level, Weight: weight, Must: q.Must, Why: fmt.Sprintf("The posting says: “%s”.", oneLine(q.Excerpt)),
		})
	}
	for i := range t.Requirements {
		t.Requirements[i].Weight /= sum
	}
	return t
}

// Rerank scores candidates for a profile, best first, and says why. nearness gives the vectors' word for one target.
func Rerank(c *catalog.Catalog, p *skill.Profile, candidates []Candidate, nearness func(Target) Nearness, o Options, limit int) []Match {
	out := make([]Match, 0, len(candidates))
	seniority := seniorityOf(p)
	for _, cand := range candidates {
		target := PostingTarget(cand.Posting)
		if len(target.Requirements) == 0 {
			continue // nothing to reason about
		}
		if m := match(c, p, cand, target, nearness(target), seniority, o); len(m.Reasons) > 0 { // a match that nothing speaks for is none
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.PostingID, b.PostingID))
	})
	return out[:min(len(out), limit)]
}

func match(c *catalog.Catalog, p *skill.Profile, cand Candidate, t Target, near Nearness, level int, o Options) Match {
	o.rowsOnly = true
	report := Compare(c, p, t, near, o)
	post := cand.Posting
	title, _ := titleFit(post.Title, nil, p.Titles)
	// One lone requirement that happens to fit is weak evidence; the fit of a posting with few is drawn towards one half.
	n := float64(len(t.Requirements))
	fit := (report.Readiness*n + 0.5*2) / (n + 2)
	score := matchFit*fit + matchNear*max(0, cand.Similarity) + matchTitle*title + matchSeniority*seniorityFit(level, post.Seniority)
	m := Match{
		PostingID: post.ID.String(), Title: post.Title, Company: post.Company, Location: post.Location, Remote: post.Remote,
		Seniority: post.Seniority, URL: post.URL, Sample: post.Sample(), Score: round(score, 3), Band: band(report.Readiness),
		Reasons: []Reason{}, Missing: []string{},
	}
	if !post.PostedOn.IsZero() {
		m.PostedOn = post.PostedOn.Format("2006-01-02")
	}
	gaps := slices.Clone(report.Skills)
	slices.SortStableFunc(gaps, func(a, b SkillGap) int { return cmp.Compare(b.Weight*b.Credit, a.Weight*a.Credit) })
	excerpts := map[string]string{}
	for _, q := range post.Requirements {
		excerpts[q.Skill] = oneLine(q.Excerpt)
	}
	for _, g := range gaps {
		switch {
		case g.Status == Missing && g.Must:
			m.Missing = append(m.Missing, g.ID)
		case g.Status != Missing && len(m.Reasons) < maxReasons:
			m.Reasons = append(m.Reasons, reason(g, excerpts[g.ID]))
		}
	}
	return m
}

func reason(g SkillGap, excerpt string) Reason {
	r := Reason{Skill: g.ID, Posting: excerpt}
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

// The ladder of seniority; 0 is unknown.
var ladder = map[string]int{"junior": 1, "mid": 2, "senior": 3, "staff": 4, "lead": 4}

// rungWords are the words of titles that name a rung, in the order in which they decide: an intern of a lead is an intern.
var rungWords = []struct {
	rung  string
	words []string
}{
	{"junior", []string{"intern", "internship", "junior", "trainee", "graduate", "werkstudent", "praktikant", "stagiaire"}},
	{"staff", []string{"staff", "principal", "lead", "head", "director", "architect", "cto", "vp"}},
	{"senior", []string{"senior"}},
}

// seniorityOf reads how senior a person is: from the latest title that says so, else from the longest use of a skill.
func seniorityOf(p *skill.Profile) int {
	for _, t := range p.Titles {
		words := titleTokens(splitTitle(t))
		for _, step := range rungWords {
			if slices.ContainsFunc(step.words, func(w string) bool { return words[w] }) {
				return ladder[step.rung]
			}
		}
	}
	var years float64
	for _, c := range p.Claims {
		years = max(years, c.Years)
	}
	switch {
	case len(p.Titles) == 0 && years == 0:
		return 0
	case years < 2:
		return ladder["junior"]
	case years < 5:
		return ladder["mid"]
	case years < 9:
		return ladder["senior"]
	}
	return ladder["staff"]
}

// seniorityFit falls with the distance on the ladder; unknown is neither good nor bad.
func seniorityFit(person int, asked string) float64 {
	if person == 0 || ladder[asked] == 0 {
		return 0.5
	}
	return max(0, 1-math.Abs(float64(person-ladder[asked]))/2)
}

// oneLine puts words from a text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
