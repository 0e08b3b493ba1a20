package gapanalysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/skill"
)

// What a role's score is made of; the weights sum to 1.
const (
	rankCoverage = 0.6  // readiness for the role
	rankTitle    = 0.25 // the person's titles, the latest most
	rankFocus    = 0.15 // share of the person's own evidence that the role uses
)

// Rank orders all roles of the catalogue by how well they suit a profile. nearness gives the vectors' word for one role.
func Rank(c *catalog.Catalog, p *skill.Profile, nearness func(*catalog.Role) Nearness, o Options) []RoleScore {
	out := make([]RoleScore, 0, len(c.Roles()))
	for _, role := range c.Roles() {
		report := Compare(c, p, RoleTarget(role), nearness(role), o)
		title, titleWords := titleFit(role.Name, role.Aliases, p.Titles)
		focus := focus(p, report)
		out = append(out, RoleScore{
			ID: role.ID, Name: role.Name, Coverage: report.Readiness,
			Score:   round(rankCoverage*report.Readiness+rankTitle*title+rankFocus*focus, 3),
			Reasons: rankReasons(report, role, titleWords),
		})
	}
	slices.SortStableFunc(out, func(a, b RoleScore) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID)) })
	return out
}

// focus is the share of a person's evidenced levels that a report's target asks for.
func focus(p *skill.Profile, r *Report) float64 {
	asked := map[string]bool{}
	for _, g := range r.Skills {
		asked[g.ID] = true
	}
	var in, all float64
	for _, c := range p.Claims {
		if c.ID == nil || c.Status == skill.StatusRejected || c.Level <= catalog.LevelAwareness {
			continue
		}
		all += float64(c.Level)
		if asked[*c.ID] {
			in += float64(c.Level)
		}
	}
	if all == 0 {
		return 0
	}
	return min(1, 2*in/all) // nobody's skills are all of one role; half is full focus
}

// titleDecay is how much less each earlier title counts.
const titleDecay = 0.7

// titleFit is how well any of a person's titles, later ones more, names a role, in [0, 1], and which title does.
func titleFit(name string, aliases, titles []string) (best float64, words string) {
	weight := 1.0
	for _, t := range titles {
		for _, form := range append([]string{name}, aliases...) {
			if f := weight * overlap(titleTokens(t), titleTokens(form)); f > best {
				best, words = f, t
			}
		}
		weight *= titleDecay
	}
	return best, words
}

// overlap is the F1 of two sets of words.
func overlap(a, b map[string]bool) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	common := 0
	for w := range a {
		if b[w] {
			common++
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b))
}

// titleTokens are the words of a title that say what the work is. Everybody here is an engineer, so the word says nothing.
func titleTokens(s string) map[string]bool {
	s = strings.NewReplacer("back-end", "backend", "back end", "backend", "front-end", "frontend", "front end", "frontend",
		"full-stack", "fullstack", "full stack", "fullstack", "sr.", "senior", "ml ", "machine learning ").Replace(strings.ToLower(s))
	out := map[string]bool{}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' && r != '#' }) {
		switch w {
		case "engineer", "developer", "engineering", "software", "of", "the", "and", "at", "in", "ii", "iii", "i", "a":
		case "sr", "snr":
			out["senior"] = true
		default:
			out[w] = true
		}
	}
	return out
}

func rankReasons(r *Report, role *catalog.Role, title string) []string {
	var have, missing []string
	covered := 0
	byWeight := slices.Clone(r.Skills)
	slices.SortStableFunc(byWeight, func(a, b SkillGap) int { return cmp.Compare(b.Weight*b.Credit, a.Weight*a.Credit) })
	for _, g := range byWeight {
		if g.Status == Have || g.Status == Partial {
			covered++
			if len(have) < 4 {
				have = append(have, g.Name)
			}
		}
	}
	for _, n := range r.Next {
		if len(missing) < 3 {
			missing = append(missing, nameIn(r, n.Skill))
		}
	}
	reasons := []string{fmt.Sprintf("Evidence for %d of %d skills of a %s.", covered, len(r.Skills), role.Name)}
	if len(have) > 0 {
		reasons = append(reasons, "What counts most: "+strings.Join(have, ", ")+".")
	}
	if title != "" {
		reasons = append(reasons, fmt.Sprintf("The title %q is near to it.", title))
	}
	if len(missing) > 0 {
		reasons = append(reasons, "To close first: "+strings.Join(missing, ", ")+".")
	}
	return reasons
}

func nameIn(r *Report, id string) string {
	for _, g := range r.Skills {
		if g.ID == id {
			return g.Name
		}
	}
	return id
}
