package gapanalysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/skill"
)

// actions are the few things that move readiness most, by what it would be after each: what carries over from a skill then counts too.
func (h *held) actions(t Target, near Nearness, r *Report) []Action {
	all := make([]Action, 0, len(r.Skills))
	for _, g := range r.Skills {
		if g.Status == Have {
			continue
		}
		a := Action{Kind: ActionLearn, Skill: g.ID, To: g.Required, Hours: g.Hours.P50}
		claim := h.claims[g.ID]
		switch {
		// Listed, and nothing says where it was used: to say so costs an evening, not a course.
		case g.Evidenced == catalog.LevelNovice && claim.Years == 0 && claim.Status == skill.StatusRead:
			a.Kind, a.To, a.Hours = ActionProve, min(g.Required, catalog.LevelIntermediate), 0
			a.Text = fmt.Sprintf("If you have worked with %s, say where and for how long: it is only listed now, and would count at level %d.", g.Name, a.To)
		case g.Evidenced > 0:
			a.Kind = ActionRaise
			a.Text = fmt.Sprintf("Bring %s from level %d to %d, about %d hours.", g.Name, g.Evidenced, g.Required, a.Hours)
		default:
			a.Text = fmt.Sprintf("Learn %s to level %d, about %d hours.", g.Name, g.Required, a.Hours)
		}
		a.Gain = round(h.with(g.ID, a.To).readiness(t, near)-r.Readiness, 3)
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b Action) int {
		return cmp.Or(cmp.Compare(b.Gain, a.Gain), cmp.Compare(a.Hours, b.Hours), strings.Compare(a.Skill, b.Skill))
	})
	return all[:min(len(all), maxActions)]
}

// with is the same person with a skill at a level.
func (h *held) with(id string, level int) *held {
	other := &held{catalog: h.catalog, profile: h.profile, claims: make(map[string]skill.Claim, len(h.claims)+1), parts: make(map[string][]string, len(h.parts)+1)}
	for k, v := range h.claims {
		other.claims[k] = v
	}
	for k, v := range h.parts {
		other.parts[k] = slices.Clip(v) // assume appends to one
	}
	other.assume(id, level)
	return other
}

// readiness is that of a report, without the report.
func (h *held) readiness(t Target, near Nearness) float64 {
	rows := make([]SkillGap, len(t.Requirements))
	for i, q := range t.Requirements {
		rows[i].Weight, rows[i].Credit = q.Weight, h.credit(q, near)
	}
	return apportion(rows)
}

// credit is that of a row, without the row.
func (h *held) credit(q Requirement, near Nearness) float64 {
	own := min(1, float64(h.claims[q.Skill].Level)/float64(q.Level))
	if own >= 1 {
		return 1
	}
	if t := h.transfer(q, near); t != nil && t.Credit > own {
		return t.Credit
	}
	return round(own, 2)
}
