package tutor

import (
	"fmt"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/skill"
)

// The passages of a report that are not about one skill.
const (
	overviewID = "report/overview"
	nextID     = "report/next"
)

func openID(phase string) string { return "report/phase/" + phase }

// ofReport adds what is known of the person.
func (b *builder) ofReport() {
	r := b.report
	b.add(&passage{
		kind: FromReport, id: overviewID, matter: ofOverview, title: "Your report", keys: "ready readiness long time hours date gap score far",
		text: fmt.Sprintf("Readiness for %s is %.2f of 1 (%s), give or take %.2f. What is left is %s of study; at %d hours a week you would be ready on %s.",
			b.role.Name, r.Readiness, r.Band, r.Uncertainty, hours(r.Hours), gapanalysis.DefaultHoursPerWeek, r.ReadyOn),
	})
	if len(r.Next) > 0 {
		steps := make([]string, len(r.Next))
		for i, n := range r.Next {
			steps[i] = fmt.Sprintf("%d. %s (about %d hours, readiness +%.2f): %s", i+1, b.name(n.Skill), n.Hours, n.Gain, n.Why)
		}
		b.add(&passage{kind: FromReport, id: nextID, matter: ofNext, title: "Your next steps", text: strings.Join(steps, " "), keys: "next start first step begin focus plan"})
	}
	for _, p := range b.role.Phases {
		b.open(p)
	}
	for i := range r.Skills {
		b.gap(&r.Skills[i])
	}
	for _, x := range r.Extra {
		if x.ID != nil {
			b.add(&passage{
				kind: FromReport, id: gapID(*x.ID), matter: ofGap, title: "Your level: " + b.name(*x.ID), skill: *x.ID, hidden: true,
				text: fmt.Sprintf("Your resume shows %s at level %d (%s). The role does not ask for it.", b.name(*x.ID), x.Level, catalog.LevelName(x.Level)),
			})
		}
	}
}

// open sums up what is left of a phase.
func (b *builder) open(p catalog.Phase) {
	var sum catalog.Hours
	var left []string
	for _, g := range b.report.Skills {
		if g.Phase == p.ID && g.Status != gapanalysis.Have {
			sum = sum.Add(g.Hours)
			left = append(left, g.Name)
		}
	}
	text := "In the phase " + p.Name + " the report finds no open gap."
	if len(left) > 0 {
		text = fmt.Sprintf("In the phase %s, %s of study are left, over %s.", p.Name, hours(sum), strings.Join(left, ", "))
	}
	b.add(&passage{kind: FromReport, id: openID(p.ID), matter: ofOpen, title: "Your gaps in " + p.Name, text: text, phase: p.ID, keys: "gap missing open left hours long"})
}

func (b *builder) gap(g *gapanalysis.SkillGap) {
	text := sentence(g.Why)
	if !strings.HasPrefix(text, "Level ") {
		text = fmt.Sprintf("Level %d of %d asked. %s", g.Evidenced, g.Required, text)
	}
	if g.Transfer != nil && g.Status != gapanalysis.Transferable {
		text += fmt.Sprintf(" %s carries over: %s", b.name(g.Transfer.From), sentence(g.Transfer.Why))
	}
	if g.Status != gapanalysis.Have {
		text += fmt.Sprintf(" Left to study: %s. Number %d in the order of your gaps.", hours(g.Hours), g.Priority)
	}
	b.add(&passage{kind: FromReport, id: gapID(g.ID), matter: ofGap, title: "Your level: " + g.Name, text: text, phase: g.Phase, skill: g.ID, keys: "good enough level"})
	of := g.ID
	if g.Status == gapanalysis.Transferable && g.Transfer != nil {
		of = g.Transfer.From // the words prove the skill that carries over
	}
	for n, m := range g.Evidence {
		b.add(&passage{
			kind: FromResume, id: evidenceID(g.ID, n+1), matter: ofEvidence, title: fmt.Sprintf("Resume, %s: %s", place(m), b.name(of)), text: m.Text, keys: "resume",
			phase: g.Phase, skill: g.ID, start: new(m.Start), end: new(m.End),
		})
	}
}

// span adds words of the resume.
func (b *builder) span(s Span) {
	b.add(&passage{
		kind: FromResume, id: fmt.Sprintf("resume/line/%d", s.Start), matter: ofSpan, title: "Resume, " + placeIn(s.Section, s.Page), text: s.Text,
		keys: "resume", start: new(s.Start), end: new(s.End),
	})
}

func place(m skill.Mention) string { return placeIn(string(m.Section), m.Page) }

func placeIn(section string, page int) string {
	if section == "" {
		section = "text"
	}
	if page > 0 {
		return fmt.Sprintf("%s, page %d", section, page)
	}
	return section
}

// gapOf finds the row of a skill in a report, or nil.
func gapOf(r *gapanalysis.Report, id string) *gapanalysis.SkillGap {
	if r == nil {
		return nil
	}
	for i := range r.Skills {
		if r.Skills[i].ID == id {
			return &r.Skills[i]
		}
	}
	return nil
}

func hours(h catalog.Hours) string {
	return fmt.Sprintf("about %d hours (%d to %d)", h.P50, h.P25, h.P75)
}

// sentence makes a text end like a sentence.
func sentence(s string) string {
	if s = strings.TrimSpace(s); s != "" && !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}
