package gapanalysis

import (
	"fmt"
	"strings"
)

// Markdown writes a plan as a document in Markdown (CommonMark, with the tables and task lists of GitHub).
func (p *Plan) Markdown(roleName string) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Plan: %s\n", mdText(roleName))
	say("From %s at %d hours a week: ready on **%s**, between %s and %s. About %d hours are left (%d to %d); what you have saves %d.",
		p.Start, p.HoursPerWeek, p.ReadyOn, p.ReadyWindow.P25, p.ReadyWindow.P75, p.Hours.P50, p.Hours.P25, p.Hours.P75, p.HoursSaved)
	if len(p.WeeksOff) > 0 {
		off := make([]string, len(p.WeeksOff))
		for i, r := range p.WeeksOff {
			off[i] = r.From + " to " + r.To
		}
		say("\nOff: %s.", strings.Join(off, ", "))
	}
	if len(p.Cover.Projects) > 0 {
		say("\n%s", mdText(p.Cover.Why))
	}
	for i := range p.Phases {
		p.Phases[i].markdown(i+1, say)
	}
	say("\nDates are half-open and counted from the median of each estimate; the windows are its quartiles. Catalogue %s.", mdText(p.CatalogVersion))
	return b.String()
}

func (ph *PlanPhase) markdown(number int, say func(string, ...any)) {
	say("\n## %d. %s\n", number, mdText(ph.Name))
	switch {
	case ph.Status == MilestoneDone && ph.DoneOn != "":
		say("Done on %s.", ph.DoneOn)
	case len(ph.Skills) == 0:
		say("Nothing is left to learn in it.")
	default:
		say("%s to %s (end between %s and %s), about %d hours.", ph.Start, ph.End, ph.EndWindow.P25, ph.EndWindow.P75, ph.Hours.P50)
	}
	say("\n%s", mdText(ph.Outcome))
	if len(ph.Skills) > 0 {
		say("\n| Skill | Level | Hours | From | To |\n|---|---|---|---|---|")
		for _, k := range ph.Skills {
			name := mdText(k.Name)
			if k.MovedFrom != "" {
				name += " (pulled forward)"
			}
			say("| %s | %d to %d | %d | %s | %s |", name, k.From, k.To, k.Hours.P50, k.Start, k.End)
		}
	}
	if len(ph.Held) > 0 {
		names := make([]string, len(ph.Held))
		for i, k := range ph.Held {
			names[i] = mdText(k.Name)
			if k.DoneOn != "" {
				names[i] += " (since " + k.DoneOn + ")"
			}
		}
		say("\nYou have: %s. It saves %d hours here.", strings.Join(names, ", "), ph.HoursSaved)
	}
	for _, q := range ph.Projects {
		say("\n**Project: %s** (%d of these hours). %s\n", mdText(q.Name), q.Hours, mdText(q.Brief))
		for _, line := range q.Acceptance {
			say("- %s", mdText(line))
		}
	}
	for _, m := range ph.MilestoneDetails {
		if m.Status == MilestoneDone {
			say("\n- [x] **%s**, done on %s", mdText(m.Name), m.DoneOn)
			continue
		}
		say("\n- [ ] **%s**, by %s. Evidence: %s", mdText(m.Name), m.Due, mdText(m.Evidence))
		for _, line := range m.Checklist {
			say("  - [ ] %s", mdText(line))
		}
	}
}

// mdText is a text on one line that means nothing to Markdown.
func mdText(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "#", `\#`).Replace(s)
}
