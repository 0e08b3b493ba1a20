package gapanalysis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

func TestLayOut(t *testing.T) {
	c := load(t)
	for seed := range uint64(6) {
		p := randomProfile(t, seed)
		for _, r := range c.Roles() {
			for _, hours := range []int{0, 1, 7, 10, 40, 168} {
				o := gapanalysis.Options{Today: today, HoursPerWeek: hours}
				report := gapanalysis.Compare(c, p, gapanalysis.RoleTarget(r), nothingNear, o)
				report.ResumeID = "resume"
				plan := gapanalysis.LayOut(report, r, o)
				name := fmt.Sprintf("seed %d, %s, %d hours a week", seed, r.ID, hours)
				if hours == 0 {
					hours = gapanalysis.DefaultHoursPerWeek
				}
				if plan.ResumeID != "resume" || plan.Role != r.ID || plan.Start != todayUTC || plan.HoursPerWeek != hours || plan.Hours != report.Hours {
					t.Errorf("%s: %+v", name, plan)
				}
				checkPlan(t, name, plan, report, r)
			}
		}
	}
}

// checkPlan holds the phases to follow each other without a gap, from today to the day of the report, with every gap in its phase once.
func checkPlan(tb testing.TB, name string, plan *gapanalysis.Plan, report *gapanalysis.Report, r *catalog.Role) {
	tb.Helper()
	if len(plan.Phases) != len(r.Phases) {
		tb.Fatalf("%s: %d phases of %d", name, len(plan.Phases), len(r.Phases))
	}
	at := plan.Start
	planned := map[string]string{}
	for i, ph := range plan.Phases {
		if ph.Start != at || ph.End < ph.Start || ph.ID != r.Phases[i].ID || len(ph.Milestones) != len(r.Phases[i].Milestones) {
			tb.Errorf("%s: phase %s runs from %s to %s, the one before to %s", name, ph.ID, ph.Start, ph.End, at)
		}
		at = ph.End
		var hours catalog.Hours
		for j, s := range ph.Skills {
			planned[s.ID] = ph.ID
			hours = hours.Add(s.Hours)
			if s.From >= s.To || j > 0 && s.Priority < ph.Skills[j-1].Priority {
				tb.Errorf("%s: %+v in phase %s", name, s, ph.ID)
			}
		}
		if hours != ph.Hours || (ph.Start == ph.End) != (ph.Hours.P50 == 0) {
			tb.Errorf("%s: phase %s takes %v and its skills %v, from %s to %s", name, ph.ID, ph.Hours, hours, ph.Start, ph.End)
		}
	}
	if at != report.ReadyOn || plan.ReadyOn != report.ReadyOn {
		tb.Errorf("%s: the last phase ends on %s, ready on %s and %s", name, at, plan.ReadyOn, report.ReadyOn)
	}
	for _, g := range report.Skills {
		if want := map[bool]string{true: "", false: g.Phase}[g.Status == gapanalysis.Have]; planned[g.ID] != want {
			tb.Errorf("%s: %s is planned in %q, want %q", name, g.ID, planned[g.ID], want)
		}
	}
}

var stamp = time.Date(2026, 11, 24, 23, 30, 5, 0, time.FixedZone("west", -3600))

func TestICalendar(t *testing.T) {
	plan := &gapanalysis.Plan{ResumeID: "0193", Role: "data-engineer", Phases: []gapanalysis.PlanPhase{
		{ID: "one", Name: `SQL, a "bit"; and \more`, Outcome: "Two\nlines.", Start: "2026-11-24", End: "2026-12-01", Hours: catalog.Hours{P50: 10}, Milestones: []string{"A", "B, C"}},
		{ID: "done", Name: "Done", Start: "2026-12-01", End: "2026-12-01"},
		{ID: "two", Name: "Straße", Outcome: strings.Repeat("Größe 😀 ", 40), Start: "2026-12-01", End: "2027-01-01"},
	}}
	got := plan.ICalendar("Data Engineer", stamp)
	want := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gapwise//Plan//EN",
		"BEGIN:VEVENT", "UID:0193-data-engineer-one@gapwise", "DTSTAMP:20261125T003005Z", "DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261201",
		`SUMMARY:Data Engineer: SQL\, a "bit"\; and \\more`, `DESCRIPTION:Two\nlines. About 10 hours. Milestones: A\; B\, C`, "END:VEVENT",
		"BEGIN:VEVENT", "UID:0193-data-engineer-two@gapwise", "DTSTAMP:20261125T003005Z", "DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20270101",
		"SUMMARY:Data Engineer: Straße", "DESCRIPTION:" + strings.Repeat("Größe 😀 ", 40) + " About 0 hours. Milestones: ", "END:VEVENT",
		"END:VCALENDAR",
	}
	if diff := cmp.Diff(want, unfold(t, got)); diff != "" {
		t.Errorf("unfolded (-want +got):\n%s", diff)
	}
}

// unfold reads the content lines of an iCalendar file, and holds its lines to RFC 5545, 3.1.
func unfold(tb testing.TB, ics string) []string {
	tb.Helper()
	if !strings.HasSuffix(ics, "\r\n") {
		tb.Errorf("the file does not end with a line break")
	}
	var out []string
	for line := range strings.SplitSeq(strings.TrimSuffix(ics, "\r\n"), "\r\n") {
		if len(line) > 75 {
			tb.Errorf("a line of %d octets: %q", len(line), line)
		}
		if strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
			tb.Errorf("a line with a bare line break or half a character: %q", line)
		}
		if rest, folded := strings.CutPrefix(line, " "); folded && len(out) > 0 {
			out[len(out)-1] += rest
		} else {
			out = append(out, line)
		}
	}
	return out
}

func TestICalendarOfTheCatalogue(t *testing.T) {
	c := load(t)
	for _, r := range c.Roles() {
		o := gapanalysis.Options{Today: today, HoursPerWeek: 10}
		plan := gapanalysis.LayOut(gapanalysis.Compare(c, profile(), gapanalysis.RoleTarget(r), nothingNear, o), r, o)
		events := 0
		for _, l := range unfold(t, plan.ICalendar(r.Name, stamp)) {
			if l == "BEGIN:VEVENT" {
				events++
			}
		}
		if events != len(r.Phases) {
			t.Errorf("%s: %d events of %d phases", r.ID, events, len(r.Phases))
		}
	}
}

func FuzzICalendar(f *testing.F) {
	f.Add("a\r\nEND:VCALENDAR", "é\x80\xff", "\\n;,")
	f.Add(strings.Repeat("ß", 200), strings.Repeat("😀", 90), "\r")
	f.Fuzz(func(t *testing.T, name, outcome, role string) {
		plan := &gapanalysis.Plan{Phases: []gapanalysis.PlanPhase{{Name: name, Outcome: outcome, Start: "2026-11-24", End: "2026-12-01", Milestones: []string{role}}}}
		if n := len(unfold(t, plan.ICalendar(role, stamp))); n != 12 {
			t.Errorf("%d lines, want 12: a text broke out of its property", n)
		}
	})
}
