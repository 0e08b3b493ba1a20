package gapanalysis

import (
	"cmp"
	"fmt"
	"math"
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
		a.Gain = round(h.readinessWith(g.ID, a.To, t, near)-r.Readiness, 3)
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b Action) int {
		return cmp.Or(cmp.Compare(b.Gain, a.Gain), cmp.Compare(a.Hours, b.Hours), strings.Compare(a.Skill, b.Skill))
	})
	return all[:min(len(all), maxActions)]
}

// readinessWith is what it would be with a skill at a level. What is assumed for it is taken back.
func (h *held) readinessWith(id string, level int, t Target, near Nearness) float64 {
	claim, had := h.claims[id]
	rejected, parent := h.rejected[id], ""
	if s, err := h.catalog.Skill(id); err == nil {
		parent = s.Parent
	}
	parts := slices.Clone(h.parts[parent])
	h.assume(id, level)
	readiness := h.readiness(t, near)
	if h.parts[parent] = parts; had {
		h.claims[id] = claim
	} else {
		delete(h.claims, id)
	}
	if rejected {
		h.rejected[id] = true
	}
	return readiness
}

// readiness is that of a report, without the report: what apportion gives.
func (h *held) readiness(t Target, near Nearness) float64 {
	total := 0.0
	for _, q := range t.Requirements {
		total += q.Weight * h.credit(q, near) * 1000
	}
	return float64(min(int(math.Round(total)), 1000)) / 1000
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
