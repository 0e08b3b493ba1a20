package gapanalysis

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
)

// PlanPhase is one phase of a role with the dates that the person's gaps and hours give it. Dates are half-open: the next phase starts on End.
type PlanPhase struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Outcome    string        `json:"outcome"`
	Start      string        `json:"start"`
	End        string        `json:"end"`
	Hours      catalog.Hours `json:"hours"`
	Skills     []PlanSkill   `json:"skills"` // those with work left, in order of priority
	Milestones []string      `json:"milestones"`
}

// PlanSkill is one skill to work on in a phase.
type PlanSkill struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	From     int           `json:"from"`
	To       int           `json:"to"`
	Hours    catalog.Hours `json:"hours"`
	Priority int           `json:"priority"`
}

// Plan lays a report's hours out over the phases of its role.
type Plan struct {
	ResumeID     string        `json:"resume_id"`
	Role         string        `json:"role"`
	HoursPerWeek int           `json:"hours_per_week"`
	Start        string        `json:"start"`
	ReadyOn      string        `json:"ready_on"`
	Hours        catalog.Hours `json:"hours"`
	Phases       []PlanPhase   `json:"phases"`
}

// Plan is the way from a resume to a role, phase by phase.
func (s *Service) Plan(ctx context.Context, person, resume uuid.UUID, role string, a Ask) (*Plan, error) {
	report, err := s.Gaps(ctx, person, resume, role, a)
	if err != nil {
		return nil, err
	}
	r, err := s.catalog.Role(role)
	if err != nil {
		return nil, err
	}
	o, err := s.options(ctx, a)
	if err != nil {
		return nil, err
	}
	return LayOut(report, r, o), nil
}

// LayOut gives dates to the phases of a role, one after the other at the person's hours a week.
func LayOut(report *Report, r *catalog.Role, o Options) *Plan {
	if o.HoursPerWeek < 1 {
		o.HoursPerWeek = DefaultHoursPerWeek
	}
	start := o.Today.UTC()
	p := &Plan{
		ResumeID: report.ResumeID, Role: r.ID, HoursPerWeek: o.HoursPerWeek, Start: start.Format(time.DateOnly), ReadyOn: report.ReadyOn,
		Hours: report.Hours, Phases: make([]PlanPhase, 0, len(r.Phases)),
	}
	done := 0 // median hours of the phases before; days are counted from the start so that rounding does not add up
	day := func(hours int) string {
		return o.dayAfter(hours)
	}
	for _, ph := range r.Phases {
		out := PlanPhase{ID: ph.ID, Name: ph.Name, Outcome: ph.Outcome, Skills: []PlanSkill{}, Milestones: []string{}, Start: day(done)}
		for _, m := range ph.Milestones {
			out.Milestones = append(out.Milestones, m.Name)
		}
		for rank := 1; rank <= len(report.Skills); rank++ {
			for _, g := range report.Skills {
				if g.Priority == rank && g.Phase == ph.ID {
					out.Skills = append(out.Skills, PlanSkill{ID: g.ID, Name: g.Name, From: g.Evidenced, To: g.Required, Hours: g.Hours, Priority: g.Priority})
					out.Hours = out.Hours.Add(g.Hours)
				}
			}
		}
		done += out.Hours.P50
		out.End = day(done)
		p.Phases = append(p.Phases, out)
	}
	return p
}

// maxICalLine is the length in bytes from which RFC 5545 (3.1) asks a line to be folded.
const maxICalLine = 75

// ICalendar writes a plan as an iCalendar file (RFC 5545), one event a phase. stamp is when it was made.
func (p *Plan) ICalendar(roleName string, stamp time.Time) string {
	var b strings.Builder
	line := func(format string, args ...any) {
		s := fmt.Sprintf(format, args...)
		for most := maxICalLine; len(s) > most; most = maxICalLine - 1 { // the space that begins a folded line counts
			cut := most
			for !utf8.RuneStart(s[cut]) { // not inside a character
				cut--
			}
			b.WriteString(s[:cut] + "\r\n ")
			s = s[cut:]
		}
		b.WriteString(s + "\r\n")
	}
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Gapwise//Plan//EN")
	for _, ph := range p.Phases {
		if ph.Start == ph.End {
			continue // nothing left to do in it
		}
		line("BEGIN:VEVENT")
		line("UID:%s-%s-%s@gapwise", p.ResumeID, p.Role, ph.ID)
		line("DTSTAMP:%s", stamp.UTC().Format("20060102T150405Z"))
		line("DTSTART;VALUE=DATE:%s", strings.ReplaceAll(ph.Start, "-", ""))
		line("DTEND;VALUE=DATE:%s", strings.ReplaceAll(ph.End, "-", ""))
		line("SUMMARY:%s", icalText(roleName+": "+ph.Name))
		line("DESCRIPTION:%s", icalText(fmt.Sprintf("%s About %d hours. Milestones: %s", ph.Outcome, ph.Hours.P50, strings.Join(ph.Milestones, "; "))))
		line("END:VEVENT")
	}
	line("END:VCALENDAR")
	return b.String()
}

func icalText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "").Replace(strings.ToValidUTF8(s, ""))
}
