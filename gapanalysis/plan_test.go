package gapanalysis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
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
				if plan.ResumeID != "resume" || plan.Role != r.ID || plan.Start != todayUTC || plan.HoursPerWeek != hours || plan.Hours != report.Hours || plan.ReadyOn != report.ReadyOn {
					t.Errorf("%s: %+v", name, plan)
				}
				checkPlan(t, name, plan, report, r)
			}
		}
	}
}

// checkPlan holds the phases to follow each other without a gap, from today to the day on which all is done, with every gap once and none before
// what it needs.
func checkPlan(tb testing.TB, name string, plan *gapanalysis.Plan, report *gapanalysis.Report, r *catalog.Role) {
	tb.Helper()
	if len(plan.Phases) != len(r.Phases) {
		tb.Fatalf("%s: %d phases of %d", name, len(plan.Phases), len(r.Phases))
	}
	number := map[string]int{}
	for i, ph := range r.Phases {
		number[ph.ID] = i
	}
	at := plan.Start
	planned, held := map[string]gapanalysis.PlanSkill{}, map[string]bool{}
	var total catalog.Hours
	for i, ph := range plan.Phases {
		if ph.Start != at || ph.End < ph.Start || ph.ID != r.Phases[i].ID || len(ph.Milestones) != len(r.Phases[i].Milestones) || len(ph.MilestoneDetails) != len(ph.Milestones) {
			tb.Errorf("%s: phase %s runs from %s to %s, the one before to %s", name, ph.ID, ph.Start, ph.End, at)
		}
		checkWindow(tb, name+", "+ph.ID, ph.EndWindow, ph.End)
		next := ph.Start
		at = ph.End
		var hours catalog.Hours
		for j, s := range ph.Skills {
			if _, twice := planned[s.ID]; twice {
				tb.Errorf("%s: %s is planned twice", name, s.ID)
			}
			planned[s.ID] = s
			hours = hours.Add(s.Hours)
			if s.From >= s.To || j > 0 && s.Priority < ph.Skills[j-1].Priority || s.Start != next || s.End < s.Start {
				tb.Errorf("%s: %+v in phase %s", name, s, ph.ID)
			}
			if moved := s.MovedFrom; moved != "" && number[moved] <= i {
				tb.Errorf("%s: %s was moved from %s to %s", name, s.ID, moved, ph.ID)
			}
			next = s.End
		}
		for _, s := range ph.Held {
			held[s.ID] = true
		}
		total = total.Add(hours)
		if hours != ph.Hours || next != ph.End || ph.Hours.P50 == 0 && ph.Start != ph.End {
			tb.Errorf("%s: phase %s takes %v and its skills %v, from %s to %s", name, ph.ID, ph.Hours, hours, ph.Start, ph.End)
		}
	}
	checkWindow(tb, name, plan.ReadyWindow, plan.ReadyOn)
	if at != plan.ReadyOn || total != plan.Hours {
		tb.Errorf("%s: the last phase ends on %s, ready on %s; %v hours in phases of %v", name, at, plan.ReadyOn, total, plan.Hours)
	}
	for _, g := range report.Skills {
		s, open := planned[g.ID]
		if open == held[g.ID] || g.Status == gapanalysis.Have && open {
			tb.Errorf("%s: %s (%s) is planned: %t, held: %t", name, g.ID, g.Status, open, held[g.ID])
		}
		for _, need := range g.Needs {
			if before, ok := planned[need.Skill]; open && ok && !need.Met && (before.End > s.Start || before.Priority > s.Priority) {
				tb.Errorf("%s: %s starts on %s and needs %s, which ends on %s", name, g.ID, s.Start, need.Skill, before.End)
			}
		}
	}
}

func checkWindow(tb testing.TB, name string, w gapanalysis.Window, p50 string) {
	tb.Helper()
	if w.P25 > w.P50 || w.P50 > w.P75 || w.P50 != p50 {
		tb.Errorf("%s: window %+v around %s", name, w, p50)
	}
}

// randomOff is some weeks and ranges off within some two years of today.
func randomOff(tb testing.TB, rng *rand.Rand) []gapanalysis.DateRange {
	tb.Helper()
	var items []string
	for range rng.IntN(8) {
		from := today.AddDate(0, 0, rng.IntN(700)-20)
		item := from.Format(time.DateOnly)
		if rng.IntN(2) == 0 {
			item += ".." + from.AddDate(0, 0, rng.IntN(40)).Format(time.DateOnly)
		}
		items = append(items, item)
	}
	off, err := gapanalysis.ParseWeeksOff(strings.Join(items, ","))
	if err != nil {
		tb.Fatal(err)
	}
	return off
}

// randomMarks are milestones of a role, and of another one, in any state.
func randomMarks(rng *rand.Rand, roles ...*catalog.Role) []gapanalysis.Mark {
	var out []gapanalysis.Mark
	for _, r := range roles {
		for _, ph := range r.Phases {
			all := rng.IntN(3) == 0
			for _, m := range ph.Milestones {
				if !all && rng.IntN(3) > 0 {
					continue
				}
				mark := gapanalysis.Mark{Role: r.ID, Milestone: m.ID, Status: gapanalysis.MilestoneStarted}
				if all || rng.IntN(2) == 0 {
					mark.Status, mark.DoneAt = gapanalysis.MilestoneDone, today.AddDate(0, 0, -rng.IntN(300))
					mark.EvidenceURL = []string{"", "https://example.org/proof"}[rng.IntN(2)]
				}
				out = append(out, mark)
			}
		}
	}
	return out
}

// FuzzSchedule holds every plan to its properties: those of checkPlan, more hours a week never end later, and days off never end it sooner.
func FuzzSchedule(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed, uint8(10), uint8(3))
	}
	c, proofs := load(f), proofsOf(f)
	f.Fuzz(func(t *testing.T, seed uint64, hours, more uint8) {
		rng := rand.New(rand.NewPCG(seed, 7))
		r, other := c.Roles()[rng.IntN(len(c.Roles()))], c.Roles()[rng.IntN(len(c.Roles()))]
		pace := gapanalysis.Pace{WeeksOff: randomOff(t, rng), Marks: randomMarks(rng, r, other), Proofs: proofs}
		p := proofs.Merge(randomProfile(t, seed), pace.Marks)
		plan := func(hoursPerWeek int, pace gapanalysis.Pace) (*gapanalysis.Plan, *gapanalysis.Report) {
			o := gapanalysis.Options{Today: today, HoursPerWeek: hoursPerWeek}
			report := gapanalysis.Compare(c, p, gapanalysis.RoleTarget(r), nothingNear, o)
			return gapanalysis.Schedule(c, report, r, o, pace), report
		}
		slow := 1 + int(hours)%168
		a, report := plan(slow, pace)
		checkPlan(t, r.ID, a, report, r)
		checkHours(t, a, report)
		own := pace
		for _, i := range rng.Perm(len(r.Skills))[:rng.IntN(len(r.Skills)+1)] {
			own.Order = append(own.Order, r.Skills[i].Skill)
		}
		ordered, _ := plan(slow, own)
		checkOrdered(t, ordered, a)
		fast, _ := plan(min(slow+int(more), 168), pace)
		free, _ := plan(slow, gapanalysis.Pace{Marks: pace.Marks, Proofs: proofs})
		nothingDone, _ := plan(slow, gapanalysis.Pace{WeeksOff: pace.WeeksOff, Proofs: proofs})
		for i := range a.Phases {
			if fast.Phases[i].EndWindow.P75 > a.Phases[i].EndWindow.P75 || free.Phases[i].End > a.Phases[i].End {
				t.Errorf("%s, %s: ends on %s, with more hours a week on %s, without days off on %s", r.ID, a.Phases[i].ID, a.Phases[i].End, fast.Phases[i].End, free.Phases[i].End)
			}
		}
		if nothingDone.ReadyOn < a.ReadyOn || nothingDone.Hours != report.Hours {
			t.Errorf("%s: ready on %s with what is done, on %s without", r.ID, a.ReadyOn, nothingDone.ReadyOn)
		}
		for _, off := range pace.WeeksOff {
			for _, ph := range a.Phases {
				// The end is the day after the last day of study, which may be the first one off and no later one.
				if ph.End > ph.Start && ph.End > off.From && ph.End <= off.To {
					t.Errorf("%s: %s ends on %s, within %+v", r.ID, ph.ID, ph.End, off)
				}
			}
		}
	})
}

// checkOrdered holds a plan in the person's own order to the same plan in that of priority: it only moves skills within their phases, and none
// before one that it needs.
func checkOrdered(tb testing.TB, ordered, plan *gapanalysis.Plan) {
	tb.Helper()
	ends := map[string]string{}
	for i, ph := range ordered.Phases {
		was := plan.Phases[i]
		if ph.Start != was.Start || ph.EndWindow != was.EndWindow || ph.Hours != was.Hours || len(ph.Skills) != len(was.Skills) {
			tb.Errorf("%s: in order %+v, by priority %+v", plan.Role, ph, was)
		}
		for _, k := range ph.Skills {
			if !slices.ContainsFunc(was.Skills, func(s gapanalysis.PlanSkill) bool {
				return s.ID == k.ID && s.Hours == k.Hours && s.MovedFrom == k.MovedFrom
			}) {
				tb.Errorf("%s: %s is in another phase", plan.Role, k.ID)
			}
			ends[k.ID] = k.End
		}
	}
	for _, ph := range ordered.Phases {
		for _, k := range ph.Skills {
			for _, need := range k.Needs {
				if end, open := ends[need.Skill]; open && !need.Met && end > k.Start {
					tb.Errorf("%s: %s starts on %s and needs %s, which ends on %s", plan.Role, k.ID, k.Start, need.Skill, end)
				}
			}
		}
	}
}

// checkHours holds the hours of a plan to those of its report, but for what is done by the person's word alone.
func checkHours(tb testing.TB, plan *gapanalysis.Plan, report *gapanalysis.Report) {
	tb.Helper()
	sum := plan.Hours
	gap := map[string]gapanalysis.SkillGap{}
	for _, g := range report.Skills {
		gap[g.ID] = g
	}
	for _, ph := range plan.Phases {
		for _, h := range ph.Held {
			if h.By == gapanalysis.HeldByWord {
				sum = sum.Add(gap[h.ID].Hours)
				if h.DoneOn == "" || gap[h.ID].Status == gapanalysis.Have {
					tb.Errorf("%+v is held by word alone, and %s", h, gap[h.ID].Status)
				}
			}
		}
	}
	if sum != report.Hours {
		tb.Errorf("%s: %v hours with what is done by word, the report has %v", plan.Role, sum, report.Hours)
	}
}

// TestScheduleDatesNothingBeforeItsNeed is over all roles, with nobody's and random profiles.
func TestScheduleDatesNothingBeforeItsNeed(t *testing.T) {
	c := load(t)
	moved := 0
	for _, r := range c.Roles() {
		for seed := range uint64(4) {
			p := randomProfile(t, seed)
			if seed == 0 {
				p = profile()
			}
			o := gapanalysis.Options{Today: today, HoursPerWeek: 7}
			report := gapanalysis.Compare(c, p, gapanalysis.RoleTarget(r), nothingNear, o)
			plan := gapanalysis.Schedule(c, report, r, o, gapanalysis.Pace{})
			checkPlan(t, r.ID, plan, report, r)
			for _, ph := range plan.Phases {
				for _, s := range ph.Skills {
					if s.MovedFrom != "" {
						moved++
					}
				}
			}
		}
	}
	if moved == 0 {
		t.Error("no skill of any role was pulled forward: the property was not put to a test")
	}
}

func TestSchedulePullsForward(t *testing.T) {
	c, r := load(t), role(t, "senior-backend-engineer")
	o := gapanalysis.Options{Today: today}
	plan := gapanalysis.Schedule(c, gapanalysis.Compare(c, profile(), gapanalysis.RoleTarget(r), nothingNear, o), r, o, gapanalysis.Pace{})
	var ids []string
	for _, s := range plan.Phases[0].Skills {
		if s.MovedFrom == "production-excellence" {
			ids = append(ids, s.ID)
		}
	}
	slices.Sort(ids)
	if want := []string{"observability", "resilience-patterns"}; !cmp.Equal(want, ids) {
		t.Errorf("pulled forward are %q, want %q, which chaos engineering needs", ids, want)
	}
}

func TestScheduleSaves(t *testing.T) {
	c, r := load(t), role(t, "senior-backend-engineer")
	o := gapanalysis.Options{Today: today}
	p := profile(claim(t, "go", 5), claim(t, "postgresql", 2))
	plan := gapanalysis.Schedule(c, gapanalysis.Compare(c, p, gapanalysis.RoleTarget(r), nothingNear, o), r, o, gapanalysis.Pace{})
	full, saved := 0, 0
	for _, q := range r.Skills {
		full += c.Hours(q.Skill, 0, q.Level).P50
	}
	for _, ph := range plan.Phases {
		saved += ph.HoursSaved
		for _, h := range ph.Held {
			if h.ID != "go" || h.By != gapanalysis.HeldByResume || h.HoursSaved <= 0 || h.DoneOn != "" {
				t.Errorf("held is %+v", h)
			}
		}
	}
	if saved != plan.HoursSaved || full-plan.Hours.P50 != saved {
		t.Errorf("%d hours from nothing, %d left, %d saved, %d by phase", full, plan.Hours.P50, plan.HoursSaved, saved)
	}
}

// TestPlanner holds the planner to what it is made of, and to who may ask.
func TestPlanner(t *testing.T) {
	s, sh := newService(t, claim(t, "kafka", 4))
	planner := gapanalysis.NewPlanner(s, proofsOf(t), sh, nil)
	off, err := gapanalysis.ParseWeeksOff("2026-12-21")
	if err != nil {
		t.Fatal(err)
	}
	a := gapanalysis.PlanAsk{WeeksOff: off}
	plan, err := planner.Plan(t.Context(), sh.person, sh.resume, "data-engineer", a)
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Gaps(t.Context(), sh.person, sh.resume, "data-engineer", gapanalysis.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.ResumeID != sh.resume.String() || plan.HoursPerWeek != 10 {
		t.Errorf("plan of %s with %d hours a week", plan.ResumeID, plan.HoursPerWeek)
	}
	checkPlan(t, "plan", plan, report, role(t, "data-engineer"))
	of, err := planner.Of(t.Context(), sh.person, report, a)
	if diff := cmp.Diff(plan, of); err != nil || diff != "" {
		t.Errorf("of the report: %v (-plan +of):\n%s", err, diff)
	}
	ask := func(hours int) gapanalysis.PlanAsk {
		return gapanalysis.PlanAsk{Ask: gapanalysis.Ask{HoursPerWeek: hours}}
	}
	for name, tt := range map[string]struct {
		err  error
		kind fault.Kind
	}{
		"somebody else's": {second(planner.Plan(t.Context(), uuid.New(), sh.resume, "data-engineer", ask(0))), fault.NotFound},
		"unknown role":    {second(planner.Plan(t.Context(), sh.person, sh.resume, "astronaut", ask(0))), fault.NotFound},
		"hours":           {second(planner.Plan(t.Context(), sh.person, sh.resume, "data-engineer", ask(169))), fault.Invalid},
		"of a posting":    {second(planner.Of(t.Context(), sh.person, &gapanalysis.Report{Role: "posting"}, ask(0))), fault.NotFound},
	} {
		if fault.KindOf(tt.err) != tt.kind {
			t.Errorf("%s: %v, want %s", name, tt.err, tt.kind)
		}
	}
}

func TestPlanMarkdown(t *testing.T) {
	c, r := load(t), role(t, "senior-backend-engineer")
	o := gapanalysis.Options{Today: today}
	marks := []gapanalysis.Mark{{Role: r.ID, Milestone: "p0-retrospective", Status: gapanalysis.MilestoneDone, EvidenceURL: "https://example.org/r", DoneAt: today}}
	p := proofsOf(t).Merge(profile(claim(t, "go", 5)), marks)
	off, err := gapanalysis.ParseWeeksOff("2026-12-21")
	if err != nil {
		t.Fatal(err)
	}
	plan := gapanalysis.Schedule(c, gapanalysis.Compare(c, p, gapanalysis.RoleTarget(r), nothingNear, o), r, o, gapanalysis.Pace{WeeksOff: off, Marks: marks, Proofs: proofsOf(t)})
	md := plan.Markdown("Senior | Backend *Engineer*")
	for _, want := range []string{
		`# Plan: Senior \| Backend \*Engineer\*`, "ready on **" + plan.ReadyOn + "**", "Off: 2026-12-21 to 2026-12-27.", "## 1. System design depth",
		"| Observability (pulled forward) |", "- [x] **One P0 retrospective run end to end**, done on " + todayUTC, "- [ ] **", "You have: ", "**Project: ",
	} {
		if !strings.Contains(md, want) {
			t.Errorf("the document lacks %q:\n%s", want, md)
		}
	}
}

// TestScheduleWithoutPhases: a role that was imported has skills and no phases; the hours still lead to a day.
func TestScheduleWithoutPhases(t *testing.T) {
	c, r := load(t), *role(t, "data-engineer")
	r.Phases, r.Projects = nil, nil
	o := gapanalysis.Options{Today: today}
	report := gapanalysis.Compare(c, profile(), gapanalysis.RoleTarget(&r), nothingNear, o)
	plan := gapanalysis.Schedule(c, report, &r, o, gapanalysis.Pace{})
	if len(plan.Phases) != 0 || plan.Hours != report.Hours || plan.ReadyOn != report.ReadyOn || len(plan.Cover.Projects) != 0 {
		t.Errorf("%v hours, ready on %s, the report %v and %s", plan.Hours, plan.ReadyOn, report.Hours, report.ReadyOn)
	}
}
