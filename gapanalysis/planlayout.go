package gapanalysis

import (
	"cmp"
	"slices"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/skill"
)

// Pace is what a plan depends on besides its report: the days off, and what the person has done.
type Pace struct {
	WeeksOff []DateRange
	Marks    []Mark
	Proofs   *Proofs  // nil where marks count for nothing
	Order    []string // ids of skills as the person wants to take them; what it does not name comes by priority
}

// LayOut is the plan of a report by itself: nothing is off, nothing else is done, and what is held is not counted in hours.
func LayOut(report *Report, r *catalog.Role, o Options) *Plan {
	return Schedule(nil, report, r, o, Pace{})
}

// Schedule gives dates to the phases of a role, one after the other at the person's hours a week. A skill that something in an earlier phase
// needs is pulled forward into that phase, so that nothing is dated before what it needs. c gives the hours that are saved; nil counts none.
func Schedule(c *catalog.Catalog, report *Report, r *catalog.Role, o Options, pace Pace) *Plan {
	if o.HoursPerWeek < 1 {
		o.HoursPerWeek = DefaultHoursPerWeek
	}
	l := &layout{catalog: c, report: report, role: r, dates: newCalendar(o, pace.WeeksOff), pace: pace, marks: map[string]Mark{}}
	l.heed()
	cover := ChooseProjects(r, l.open) // by priority, whatever the order
	l.open = arrange(l.open, pace.Order)
	l.place()
	p := &Plan{
		ResumeID: report.ResumeID, Role: r.ID, CatalogVersion: report.CatalogVersion, HoursPerWeek: o.HoursPerWeek, WeeksOff: append([]DateRange{}, pace.WeeksOff...),
		Start: dateOf(l.dates.start), Phases: make([]PlanPhase, 0, len(r.Phases)), Cover: cover,
	}
	for i := range r.Phases {
		ph := l.phase(i, p.Hours)
		p.Hours = p.Hours.Add(ph.Hours)
		p.HoursSaved += ph.HoursSaved
		p.Phases = append(p.Phases, ph)
	}
	if len(r.Phases) == 0 { // a role that was imported
		for _, g := range l.open {
			p.Hours = p.Hours.Add(g.Hours)
		}
	}
	if mutant.On(mutant.PlanBackwards) {
		slices.Reverse(p.Phases)
	}
	p.ReadyWindow = l.window(p.Hours)
	p.ReadyOn = p.ReadyWindow.P50
	l.hangProjects(p)
	return p
}

// layout is the work on one plan.
type layout struct {
	catalog *catalog.Catalog
	report  *Report
	role    *catalog.Role
	dates   calendar
	pace    Pace
	marks   map[string]Mark  // of this role, by milestone
	word    map[string]shown // what the person says is done, by skill
	open    []SkillGap       // what is to be worked on, in order of priority or in the person's own
	held    []SkillGap
	phaseOf map[string]int // of the open ones
}

// heed takes what the person has done into account.
func (l *layout) heed() {
	if l.pace.Proofs != nil {
		for _, m := range l.pace.Marks {
			r, err := l.pace.Proofs.catalog.Role(m.Role)
			if err != nil || r.ID != l.role.ID {
				continue
			}
			if _, milestone, err := r.Milestone(m.Milestone); err == nil {
				l.marks[milestone.ID] = m
			}
		}
		l.word = l.pace.Proofs.shownBy(l.pace.Marks, func(m Mark) bool { return m.Status == MilestoneDone })
	}
	for _, g := range l.report.Skills {
		if said, ok := l.word[g.ID]; g.Status == Have || ok && said.level >= g.Required && g.Claim != skill.StatusRejected {
			l.held = append(l.held, g)
		} else {
			l.open = append(l.open, g)
		}
	}
	slices.SortStableFunc(l.open, func(a, b SkillGap) int { return cmp.Compare(a.Priority, b.Priority) })
}

// place puts the open skills into phases: into that of the role, or into an earlier one where something there needs them. Either
// order has every skill behind those it needs, so one way through it, from the end, is enough.
func (l *layout) place() {
	number := map[string]int{}
	for i, ph := range l.role.Phases {
		number[ph.ID] = i
	}
	l.phaseOf = map[string]int{}
	for _, g := range l.open {
		l.phaseOf[g.ID] = number[g.Phase]
	}
	for _, g := range slices.Backward(l.open) {
		for _, need := range g.Needs {
			if at, open := l.phaseOf[need.Skill]; open && !need.Met {
				l.phaseOf[need.Skill] = min(at, l.phaseOf[g.ID])
			}
		}
	}
}

// phase lays out one phase. before are the hours of those before it.
func (l *layout) phase(i int, before catalog.Hours) PlanPhase {
	ph := l.role.Phases[i]
	out := PlanPhase{
		ID: ph.ID, Name: ph.Name, Outcome: ph.Outcome, Start: l.dates.after(before.P50), Skills: []PlanSkill{}, Held: []PlanHeld{}, Milestones: []string{},
		MilestoneDetails: []PlanMilestone{}, Projects: []PlanProject{},
	}
	for _, g := range l.open {
		if l.phaseOf[g.ID] != i {
			continue
		}
		k := PlanSkill{
			ID: g.ID, Name: g.Name, From: g.Evidenced, To: g.Required, Hours: g.Hours, Priority: g.Priority, Start: l.dates.after(before.P50 + out.Hours.P50),
			HoursSaved: max(l.hours(g)-g.Hours.P50, 0), Needs: g.Needs,
		}
		if g.Phase != ph.ID {
			k.MovedFrom = g.Phase
		}
		out.Hours = out.Hours.Add(g.Hours)
		out.HoursSaved += k.HoursSaved
		k.End = l.dates.after(before.P50 + out.Hours.P50)
		out.Skills = append(out.Skills, k)
	}
	for _, g := range l.held {
		if g.Phase == ph.ID {
			out.Held = append(out.Held, l.heldSkill(g))
			out.HoursSaved += out.Held[len(out.Held)-1].HoursSaved
		}
	}
	out.EndWindow = l.window(before.Add(out.Hours))
	out.End = out.EndWindow.P50
	l.hangMilestones(&out, ph)
	return out
}

// hours is the median time that a skill takes from nothing to the level that is asked.
func (l *layout) hours(g SkillGap) int {
	if l.catalog == nil {
		return g.Hours.P50
	}
	return l.catalog.Hours(g.ID, 0, g.Required).P50
}

func (l *layout) window(h catalog.Hours) Window {
	return Window{P25: l.dates.after(h.P25), P50: l.dates.after(h.P50), P75: l.dates.after(h.P75)}
}

func (l *layout) heldSkill(g SkillGap) PlanHeld {
	out := PlanHeld{ID: g.ID, Name: g.Name, Level: g.Evidenced, HoursSaved: l.hours(g), By: heldBy(g)}
	said, ok := l.word[g.ID]
	switch {
	case g.Status != Have: // by the person's word
		out.By, out.Level, out.DoneOn = HeldByWord, g.Required, dayOf(said.mark.DoneAt)
	case out.By == HeldByMilestone && ok:
		out.DoneOn = dayOf(said.mark.DoneAt)
	}
	return out
}

// hangMilestones puts the milestones of a phase into it, and says how far the phase is.
func (l *layout) hangMilestones(out *PlanPhase, ph catalog.Phase) {
	done, started, last := 0, len(out.Held) > 0 && len(out.Skills) > 0, ""
	for _, m := range ph.Milestones {
		d := PlanMilestone{ID: m.ID, Name: m.Name, Evidence: m.Evidence, Checklist: append([]string{}, m.Checklist...), Skills: []string{}, Status: MilestoneOpen, Due: out.End}
		if l.pace.Proofs != nil {
			d.Skills = append(d.Skills, l.pace.Proofs.Skills(l.role.ID, m.ID)...)
		}
		if mark, ok := l.marks[m.ID]; ok {
			d.Status, d.EvidenceURL = mark.Status, mark.EvidenceURL
			started = started || mark.Status != MilestoneOpen
			if mark.Status == MilestoneDone {
				done++
				d.Due, d.DoneOn = "", dayOf(mark.DoneAt)
				last = max(last, d.DoneOn)
			}
		}
		out.Milestones = append(out.Milestones, m.Name)
		out.MilestoneDetails = append(out.MilestoneDetails, d)
	}
	switch {
	case len(out.Skills) == 0 && done == len(ph.Milestones):
		out.Status, out.DoneOn = MilestoneDone, last
	case started:
		out.Status = MilestoneStarted
	default:
		out.Status = MilestoneOpen
	}
}

// hangProjects puts the projects that were chosen into the phase in which the last of the skills that each was chosen for is worked on.
func (l *layout) hangProjects(p *Plan) {
	for _, chosen := range p.Cover.Projects {
		at := 0
		for _, id := range chosen.Covers {
			at = max(at, l.phaseOf[id])
		}
		k := slices.IndexFunc(l.role.Projects, func(q catalog.Project) bool { return q.ID == chosen.ID })
		if k < 0 || at >= len(p.Phases) {
			continue
		}
		q := l.role.Projects[k]
		p.Phases[at].Projects = append(p.Phases[at].Projects, PlanProject{
			ID: q.ID, Name: q.Name, Hours: chosen.Hours, Brief: q.Brief, Acceptance: append([]string{}, q.Acceptance...), Covers: chosen.Covers,
		})
	}
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
