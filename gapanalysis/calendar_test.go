package gapanalysis_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
)

// requirement is a short name for what tests look through.
type requirement = catalog.Requirement

func TestParseWeeksOff(t *testing.T) {
	span := func(from, to string) gapanalysis.DateRange { return gapanalysis.DateRange{From: from, To: to} }
	tests := []struct {
		in   string
		want []gapanalysis.DateRange
		code string
	}{
		{"", []gapanalysis.DateRange{}, ""},
		{"2026-12-21", []gapanalysis.DateRange{span("2026-12-21", "2026-12-27")}, ""},
		{"2026-12-27", []gapanalysis.DateRange{span("2026-12-21", "2026-12-27")}, ""}, // a Sunday, of the week before the next Monday
		{"2027-01-04..2027-01-11, 2026-12-21", []gapanalysis.DateRange{span("2026-12-21", "2026-12-27"), span("2027-01-04", "2027-01-11")}, ""},
		{"2026-12-21,2026-12-28", []gapanalysis.DateRange{span("2026-12-21", "2027-01-03")}, ""}, // they touch
		{"2027-02-01..2027-02-01", []gapanalysis.DateRange{span("2027-02-01", "2027-02-01")}, ""},
		{"2027-02-02..2027-02-01", nil, "invalid-weeks-off"},
		{"christmas", nil, "invalid-weeks-off"},
		{"2026-12-21..", nil, "invalid-weeks-off"},
		{"2026-02-30", nil, "invalid-weeks-off"},
		{"0001-01-01", nil, "invalid-weeks-off"},
		{"2027-01-01..2037-01-01", nil, "too-many-weeks-off"},
		{strings.Repeat("2026-12-21,", 61), nil, "too-many-weeks-off"},
	}
	for _, tt := range tests {
		got, err := gapanalysis.ParseWeeksOff(tt.in)
		code := ""
		if err != nil {
			code = fault.CodeOf(err)
		}
		if code != tt.code || !cmp.Equal(got, tt.want) || err != nil && fault.FieldOf(err) != "weeks_off" {
			t.Errorf("%.40q: %v, %v; want %v, %q", tt.in, got, err, tt.want, tt.code)
		}
	}
}

// TestWeeksOffMoveDates counts days one by one, and compares.
func TestWeeksOffMoveDates(t *testing.T) {
	c, r := load(t), role(t, "data-engineer")
	off, err := gapanalysis.ParseWeeksOff("2026-11-23,2026-12-21,2027-01-04..2027-01-11,2027-06-01..2027-07-15")
	if err != nil {
		t.Fatal(err)
	}
	free := map[string]bool{}
	for _, x := range off {
		for d := date(t, x.From); !d.After(date(t, x.To)); d = d.AddDate(0, 0, 1) {
			free[d.Format(time.DateOnly)] = true
		}
	}
	for _, hours := range []int{1, 5, 10, 40, 168} {
		o := gapanalysis.Options{Today: today, HoursPerWeek: hours}
		plan := gapanalysis.Schedule(c, gapanalysis.Compare(c, profile(), gapanalysis.RoleTarget(r), nothingNear, o), r, o, gapanalysis.Pace{WeeksOff: off})
		study := (plan.Hours.P50*7 + hours - 1) / hours // days
		d := date(t, plan.Start)
		for ; study > 0; d = d.AddDate(0, 0, 1) {
			if !free[d.Format(time.DateOnly)] {
				study--
			}
		}
		if want := d.Format(time.DateOnly); plan.ReadyOn != want {
			t.Errorf("%d hours a week: ready on %s, want %s", hours, plan.ReadyOn, want)
		}
	}
}

func date(tb testing.TB, s string) time.Time {
	tb.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

var stamp = time.Date(2026, 11, 24, 23, 30, 5, 0, time.FixedZone("west", -3600))

func TestICalendar(t *testing.T) {
	open := func(name string) gapanalysis.PlanMilestone {
		return gapanalysis.PlanMilestone{Name: name, Status: gapanalysis.MilestoneOpen}
	}
	plan := &gapanalysis.Plan{ResumeID: "0193", Role: "data-engineer", Phases: []gapanalysis.PlanPhase{
		{
			ID: "one", Name: `SQL, a "bit"; and \more`, Outcome: "Two\nlines.", Start: "2026-11-24", End: "2026-12-01", Hours: catalog.Hours{P50: 10},
			EndWindow:        gapanalysis.Window{P25: "2026-11-29", P50: "2026-12-01", P75: "2026-12-05"},
			MilestoneDetails: []gapanalysis.PlanMilestone{open("A"), {Name: "Done", Status: gapanalysis.MilestoneDone}, open("B, C")},
		},
		{ID: "done", Name: "Done", Start: "2026-12-01", End: "2026-12-01"},
		{ID: "two", Name: "Straße", Outcome: strings.Repeat("Größe 😀 ", 40), Start: "2026-12-01", End: "2027-01-01"},
	}}
	got := plan.ICalendar("Data Engineer", stamp)
	head := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gapwise//Plan//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", "NAME:Data Engineer", "X-WR-CALNAME:Data Engineer",
		"REFRESH-INTERVAL;VALUE=DURATION:PT12H",
	}
	event := func(id, from, to, summary, description string) []string {
		return []string{
			"BEGIN:VEVENT", "UID:0193-data-engineer-" + id + "@gapwise", "DTSTAMP:20261125T003005Z", "LAST-MODIFIED:20261125T003005Z", "SEQUENCE:3628830",
			"DTSTART;VALUE=DATE:" + from, "DTEND;VALUE=DATE:" + to, "SUMMARY:" + summary, "DESCRIPTION:" + description, "TRANSP:TRANSPARENT", "END:VEVENT",
		}
	}
	want := append(head, event("one", "20261124", "20261201", `Data Engineer: SQL\, a "bit"\; and \\more`,
		`Two\nlines. About 10 hours\, done between 2026-11-29 and 2026-12-05. Milestones: A\; B\, C`)...)
	want = append(want, event("two", "20261201", "20270101", "Data Engineer: Straße", strings.Repeat("Größe 😀 ", 40)+" About 0 hours")...)
	want = append(want, "END:VCALENDAR")
	if diff := cmp.Diff(want, unfold(t, got)); diff != "" {
		t.Errorf("unfolded (-want +got):\n%s", diff)
	}
}

// unfold reads the content lines of an iCalendar file, and holds its lines to RFC 5545, 3.1.
func unfold(tb testing.TB, file string) []string {
	tb.Helper()
	if !strings.HasSuffix(file, "\r\n") {
		tb.Errorf("the file does not end with a line break")
	}
	var out []string
	for line := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
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

// parse reads a calendar with a library of somebody else's, and holds its events to what RFC 5545 asks of them.
func parse(tb testing.TB, file string) map[string]*ics.VEvent {
	tb.Helper()
	unfold(tb, file)
	cal, err := ics.ParseCalendar(strings.NewReader(file))
	if err != nil {
		tb.Fatalf("%v in\n%s", err, file)
	}
	events := map[string]*ics.VEvent{}
	for _, e := range cal.Events() {
		if events[e.Id()] != nil {
			tb.Errorf("the UID %s is there twice", e.Id())
		}
		events[e.Id()] = e
		for _, p := range []ics.ComponentProperty{ics.ComponentPropertyDtstamp, ics.ComponentPropertyLastModified, ics.ComponentPropertySequence, ics.ComponentPropertySummary} {
			if e.GetProperty(p) == nil {
				tb.Errorf("the event %s has no %s", e.Id(), p)
			}
		}
		start, errStart := e.GetAllDayStartAt()
		end, errEnd := e.GetAllDayEndAt()
		if errStart != nil || errEnd != nil || !start.Before(end) {
			tb.Errorf("the event %s runs from %v to %v: %v, %v", e.Id(), start, end, errStart, errEnd)
		}
	}
	return events
}

// TestICalendarOfTheCatalogue: one event for each phase, whose UIDs are the same at another pace.
func TestICalendarOfTheCatalogue(t *testing.T) {
	c := load(t)
	for _, r := range c.Roles() {
		uids := func(hours int) map[string]*ics.VEvent {
			o := gapanalysis.Options{Today: today, HoursPerWeek: hours}
			plan := gapanalysis.LayOut(gapanalysis.Compare(c, profile(), gapanalysis.RoleTarget(r), nothingNear, o), r, o)
			return parse(t, plan.ICalendar(r.Name, stamp))
		}
		slow, fast := uids(5), uids(20)
		if len(slow) != len(r.Phases) || len(fast) != len(slow) {
			t.Errorf("%s: %d and %d events of %d phases", r.ID, len(slow), len(fast), len(r.Phases))
		}
		for uid, e := range slow {
			if fast[uid] == nil || e.GetProperty(ics.ComponentPropertyDtEnd).Value <= fast[uid].GetProperty(ics.ComponentPropertyDtEnd).Value {
				t.Errorf("%s: the event %s is not there at another pace, or as long", r.ID, uid)
			}
		}
	}
}

func FuzzICalendar(f *testing.F) {
	f.Add("a\r\nEND:VCALENDAR", "é\x80\xff", "\\n;,")
	f.Add(strings.Repeat("ß", 200), strings.Repeat("😀", 90), "\r")
	f.Add("\x00\x1b[2J", "tab\tand \x7f", "x")
	f.Fuzz(func(t *testing.T, name, outcome, role string) {
		plan := &gapanalysis.Plan{Phases: []gapanalysis.PlanPhase{{
			ID: "p", Name: name, Outcome: outcome, Start: "2026-11-24", End: "2026-12-01", MilestoneDetails: []gapanalysis.PlanMilestone{{Name: role}},
		}}}
		file := plan.ICalendar(role, stamp)
		if n := len(unfold(t, file)); n != 20 {
			t.Errorf("%d lines, want 20: a text broke out of its property", n)
		}
		if len(parse(t, file)) != 1 {
			t.Error("not one event")
		}
	})
}

// feeds keeps calendars in memory.
type feeds struct {
	byHash map[[sha256.Size]byte]gapanalysis.Feed
	made   int
}

func (f *feeds) SaveFeed(_ context.Context, person uuid.UUID, hash [sha256.Size]byte, x gapanalysis.Feed) error {
	_ = f.DropFeed(context.Background(), person, x.Resume, x.Role)
	f.byHash[hash] = x
	return nil
}

func (f *feeds) DropFeed(_ context.Context, person, resume uuid.UUID, role string) error {
	for hash, x := range f.byHash {
		if x.Person == person && x.Resume == resume && x.Role == role {
			delete(f.byHash, hash)
			return nil
		}
	}
	return fault.New(fault.NotFound, "unknown-calendar", "None.")
}

func (f *feeds) Feed(_ context.Context, hash [sha256.Size]byte) (gapanalysis.Feed, error) {
	x, ok := f.byHash[hash]
	if !ok {
		return x, fault.New(fault.NotFound, "unknown-calendar", "None.")
	}
	return x, nil
}

func (f *feeds) KeepFeedBody(_ context.Context, _ uuid.UUID, hash [sha256.Size]byte, x gapanalysis.Feed) error {
	f.byHash[hash] = x
	f.made++
	return nil
}

// TestFeed subscribes to a plan, and follows it through a minute, a milestone and the end of its token.
func TestFeed(t *testing.T) {
	c := load(t)
	sh := &shelf{person: uuid.New(), resume: uuid.New(), profile: profile(), near: nothingNear}
	now := today
	proofs := proofsOf(t)
	s := gapanalysis.NewService(c, proofs.Over(sh, sh), sh, skill.NewFinder(c), func() string { return "test" }, func() time.Time { return now })
	book := &feeds{byHash: map[[sha256.Size]byte]gapanalysis.Feed{}}
	p := gapanalysis.NewPlanner(s, proofs, sh, book)
	ctx := t.Context()
	token, err := p.Subscribe(ctx, sh.person, sh.resume, backend, gapanalysis.PlanAsk{})
	if err != nil || len(token) != 43 {
		t.Fatalf("token %q, %v", token, err)
	}
	if kept := fmt.Sprint(book.byHash); strings.Contains(kept, token) {
		t.Error("the token itself is kept")
	}
	get := func(token string) (string, time.Time) {
		t.Helper()
		body, modified, err := p.Calendar(ctx, token)
		if err != nil {
			t.Fatal(err)
		}
		return string(body), modified
	}
	first, since := get(token)
	before := parse(t, first)
	sh.marks = []gapanalysis.Mark{done(backend, chaos, "https://example.org/secret-proof", "a secret note")}
	now = now.Add(30 * time.Second)
	if again, at := get(token); again != first || !at.Equal(since) || book.made != 1 {
		t.Error("within a minute the file is made anew")
	}
	now = now.Add(31 * time.Second)
	moved, at := get(token)
	after := parse(t, moved)
	if moved == first || !at.After(since) || len(after) != len(before) {
		t.Errorf("a milestone does not move the plan, or since %v, %v", since, at)
	}
	for uid, e := range before {
		if after[uid] == nil || e.GetProperty(ics.ComponentPropertySequence).Value >= after[uid].GetProperty(ics.ComponentPropertySequence).Value {
			t.Errorf("%s is not there any more, or as the same revision", uid)
		}
	}
	if strings.Contains(moved, "secret") || strings.Contains(moved, sh.person.String()) {
		t.Error("the calendar tells more than the plan")
	}
	now = now.Add(time.Hour)
	if still, at2 := get(token); still != moved || !at2.Equal(at) {
		t.Error("nothing changed, and the file did")
	}
	other, err := p.Subscribe(ctx, sh.person, sh.resume, backend, gapanalysis.PlanAsk{Ask: gapanalysis.Ask{HoursPerWeek: 20}})
	if err != nil || other == token {
		t.Fatal(err)
	}
	get(other)
	for _, bad := range []string{token, "", "x", token + "A", strings.Repeat("é", 43)} {
		if _, _, err := p.Calendar(ctx, bad); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q opens: %v", bad, err)
		}
	}
	if err := p.Unsubscribe(ctx, sh.resume, sh.resume, backend); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody else's revoked: %v", err)
	}
	if err := p.Unsubscribe(ctx, sh.person, sh.resume, backend); err != nil {
		t.Error(err)
	}
	if _, _, err := p.Calendar(ctx, other); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a revoked token opens: %v", err)
	}
}
