package gapanalysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/skill"
)

// What a role's score is made of; the weights sum to 1.
const (
	rankCoverage = 0.45 // readiness for the role
	rankTitle    = 0.4  // the person's titles, the latest most, and the headings that the resume is filed under
	rankFocus    = 0.15 // share of the person's own evidence that the role uses
)

// How much a heading of Occupations says of a role that it names, beside a title that is the role's own.
const (
	headingByTitle   = 0.9
	headingByContent = 0.35
)

// Rank orders all roles of the catalogue by how well they suit a profile. nearness gives the vectors' word for one role.
func Rank(c *catalog.Catalog, p *skill.Profile, nearness func(*catalog.Role) Nearness, o Options) []RoleScore {
	out := make([]RoleScore, 0, len(c.Roles()))
	titles := readTitles(p)
	headings := newFiling(p)
	o.rowsOnly = true
	for _, role := range c.Roles() {
		report := Compare(c, p, RoleTarget(role), nearness(role), o)
		title, titleWords := titles.fit(role.Name, role.Aliases)
		title = max(title, headings.fit(role.ID))
		focus := focus(p, report)
		out = append(out, RoleScore{
			ID: role.ID, Name: role.Name, Coverage: report.Readiness,
			Score:   round(rankCoverage*report.Readiness+rankTitle*title+rankFocus*focus, 3),
			Reasons: rankReasons(report, role, titleWords), Against: rankAgainst(report), Hours: report.Hours, ReadyOn: report.ReadyOn,
		})
	}
	slices.SortStableFunc(out, func(a, b RoleScore) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID)) })
	if mutant.On(mutant.RolesUpsideDown) {
		slices.Reverse(out)
	}
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

// maxAgainst bounds how many skills a ground against a role names.
const maxAgainst = 4

// rankAgainst is what speaks against a role: its musts that are not shown, and those that are below their level, the heaviest first.
func rankAgainst(r *Report) []string {
	var missing, below []string
	rows := slices.Clone(r.Skills)
	slices.SortStableFunc(rows, func(a, b SkillGap) int { return cmp.Compare(b.Weight, a.Weight) })
	for _, g := range rows {
		switch {
		case !g.Must:
		case g.Status == Missing:
			missing = append(missing, g.Name)
		case g.Status == Partial:
			below = append(below, fmt.Sprintf("%s (%d of %d)", g.Name, g.Evidenced, g.Required))
		}
	}
	out := []string{}
	if len(missing) > 0 {
		out = append(out, fmt.Sprintf("%d musts are not shown, such as %s.", len(missing), strings.Join(missing[:min(len(missing), maxAgainst)], ", ")))
	}
	if len(below) > 0 {
		out = append(out, fmt.Sprintf("%d musts are below the level asked: %s.", len(below), strings.Join(below[:min(len(below), maxAgainst)], ", ")))
	}
	return out
}

func nameIn(r *Report, id string) string {
	for _, g := range r.Skills {
		if g.ID == id {
			return g.Name
		}
	}
	return id
}
