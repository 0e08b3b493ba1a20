package gapanalysis_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
)

var readProofs = sync.OnceValues(func() (*gapanalysis.Proofs, error) {
	c, err := embedded()
	if err != nil {
		return nil, err
	}
	return gapanalysis.NewProofs(c, skill.NewFinder(c)), nil
})

func proofsOf(tb testing.TB) *gapanalysis.Proofs {
	tb.Helper()
	p, err := readProofs()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

const (
	backend = "senior-backend-engineer"
	chaos   = "chaos-exercise-measured"
)

// TestMilestonesDemonstrate holds what is read of some milestones that leave no doubt.
func TestMilestonesDemonstrate(t *testing.T) {
	p := proofsOf(t)
	for _, tt := range []struct{ role, milestone, want string }{
		{backend, chaos, "chaos-engineering"},                                          // named
		{"ai-application-engineer", "tool-loop-bounded", "tool-calling"},               // by its words
		{"ai-application-engineer", "judged-retrieval", "reranking"},                   // named
		{"cloud-engineer", "account-in-an-hour", "cloud-landing-zones"},                // by its words
		{"cloud-engineer", "bill-explained", "cost-optimisation"},                      // by its words
		{"full-stack-engineer", "suite-on-real-services", "integration-testing"},       // named
		{"ai-application-engineer", "cited-answers", "retrieval-augmented-generation"}, // by its words
	} {
		if got := p.Skills(tt.role, tt.milestone); !slices.Contains(got, tt.want) {
			t.Errorf("%s of %s demonstrates %q, want %s among them", tt.milestone, tt.role, got, tt.want)
		}
	}
	c := load(t)
	with, all := 0, 0
	for _, r := range c.Roles() {
		for _, ph := range r.Phases {
			for _, m := range ph.Milestones {
				all++
				skills := p.Skills(r.ID, m.ID)
				if len(skills) > 0 {
					with++
				}
				for _, id := range skills {
					if q := r.Skills[slices.IndexFunc(r.Skills, func(q requirement) bool { return q.Skill == id })]; q.Phase != ph.ID {
						t.Errorf("%s/%s demonstrates %s of another phase", r.ID, m.ID, id)
					}
				}
			}
		}
	}
	t.Logf("%d of %d milestones demonstrate a skill by themselves", with, all)
	if with*3 < all {
		t.Errorf("only %d of %d milestones demonstrate anything by themselves", with, all)
	}
	if got := p.Skills("astronaut", "x"); len(got) > 0 {
		t.Errorf("no role demonstrates %q", got)
	}
}

func done(role, milestone, address, note string) gapanalysis.Mark {
	return gapanalysis.Mark{Role: role, Milestone: milestone, Status: gapanalysis.MilestoneDone, EvidenceURL: address, Note: note, DoneAt: today}
}

func TestMerge(t *testing.T) {
	const address = "https://example.org/report"
	listed := claim(t, "chaos-engineering", 2)
	rejected := claim(t, "chaos-engineering", 0)
	rejected.Status = skill.StatusRejected
	confirmed := claim(t, "chaos-engineering", 1)
	confirmed.Status = skill.StatusConfirmed
	expert := claim(t, "chaos-engineering", 5)
	started := done(backend, chaos, address, "")
	started.Status = gapanalysis.MilestoneStarted
	required := 0
	for _, q := range role(t, backend).Skills {
		if q.Skill == "chaos-engineering" {
			required = q.Level
		}
	}
	tests := []struct {
		name   string
		claims []skill.Claim
		marks  []gapanalysis.Mark
		level  int
		status skill.Status
	}{
		{"nothing claimed", nil, []gapanalysis.Mark{done(backend, chaos, address, "")}, required, skill.StatusDemonstrated},
		{"a note is evidence", nil, []gapanalysis.Mark{done(backend, chaos, "", "Shown to the team.")}, required, skill.StatusDemonstrated},
		{"no evidence", []skill.Claim{listed}, []gapanalysis.Mark{done(backend, chaos, "", "")}, 2, skill.StatusRead},
		{"only started", []skill.Claim{listed}, []gapanalysis.Mark{started}, 2, skill.StatusRead},
		{"stated lower", []skill.Claim{listed}, []gapanalysis.Mark{done(backend, chaos, address, "")}, required, skill.StatusDemonstrated},
		{"confirmed lower", []skill.Claim{confirmed}, []gapanalysis.Mark{done(backend, chaos, address, "")}, required, skill.StatusDemonstrated},
		{"above already", []skill.Claim{expert}, []gapanalysis.Mark{done(backend, chaos, address, "")}, 5, skill.StatusRead},
		{"rejected", []skill.Claim{rejected}, []gapanalysis.Mark{done(backend, chaos, address, "")}, 0, skill.StatusRejected},
		{"a role of nobody", []skill.Claim{listed}, []gapanalysis.Mark{done("astronaut", chaos, address, ""), done(backend, "no-such", address, "")}, 2, skill.StatusRead},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := profile(tt.claims...)
			kept := slices.Clone(before.Claims)
			got := proofsOf(t).Merge(before, tt.marks)
			if diff := cmp.Diff(kept, before.Claims); diff != "" {
				t.Errorf("the profile that was given changed:\n%s", diff)
			}
			i := slices.IndexFunc(got.Claims, func(c skill.Claim) bool { return *c.ID == "chaos-engineering" })
			if i < 0 {
				t.Fatalf("no claim in %+v", got.Claims)
			}
			if c := got.Claims[i]; c.Level != tt.level || c.Status != tt.status || c.Mentions == nil && tt.claims == nil {
				t.Errorf("level %d, %s, want %d, %s", c.Level, c.Status, tt.level, tt.status)
			}
			r := role(t, backend)
			report := gapanalysis.Compare(load(t), got, gapanalysis.RoleTarget(r), nothingNear, gapanalysis.Options{Today: today})
			for _, g := range report.Skills {
				if g.ID != "chaos-engineering" || tt.status != skill.StatusDemonstrated {
					continue
				}
				evidence := address
				if tt.marks[0].EvidenceURL == "" {
					evidence = "“Shown to the team.”"
				}
				want := "Demonstrated by milestone “A chaos-engineering exercise with measured outcomes” on " + todayUTC + ": " + evidence
				if g.Status != gapanalysis.Have || g.Claim != skill.StatusDemonstrated || !strings.HasSuffix(g.Why, want) {
					t.Errorf("%s, %s: %s; want it had, %q", g.Status, g.Claim, g.Why, want)
				}
			}
		})
	}
}

// TestPhaseDemonstratesAllOfIt: all milestones of a phase show all skills of the phase, and all but one do not.
func TestPhaseDemonstratesAllOfIt(t *testing.T) {
	r := role(t, backend)
	ph := r.Phases[0]
	var marks []gapanalysis.Mark
	for _, m := range ph.Milestones {
		marks = append(marks, done(r.ID, m.ID, "https://example.org/"+m.ID, ""))
	}
	missing := func(marks []gapanalysis.Mark) (n int) {
		p := proofsOf(t).Merge(profile(), marks)
		for _, q := range r.Skills {
			if q.Phase == ph.ID {
				if c, ok := p.Claim(q.Skill); !ok || c.Level < q.Level || c.Status != skill.StatusDemonstrated {
					n++
				}
			}
		}
		return n
	}
	if n := missing(marks); n != 0 {
		t.Errorf("%d skills of a phase that is done are not demonstrated", n)
	}
	if n := missing(marks[1:]); n == 0 {
		t.Error("all skills are demonstrated without the first milestone")
	}
	plan := gapanalysis.Schedule(load(t), gapanalysis.Compare(load(t), proofsOf(t).Merge(profile(), marks), gapanalysis.RoleTarget(r), nothingNear, gapanalysis.Options{Today: today}),
		r, gapanalysis.Options{Today: today}, gapanalysis.Pace{Marks: marks, Proofs: proofsOf(t)})
	first := plan.Phases[0]
	if first.Status != gapanalysis.MilestoneDone || first.DoneOn != todayUTC || first.Start > first.End || len(first.Held) == 0 || first.Held[0].By != gapanalysis.HeldByMilestone {
		t.Errorf("the phase is %s since %q, with %+v", first.Status, first.DoneOn, first.Held)
	}
}

// TestDoneByWord: a milestone that is done without evidence gives the plan its time back, and raises nothing in the report.
func TestDoneByWord(t *testing.T) {
	c, r := load(t), role(t, backend)
	o := gapanalysis.Options{Today: today}
	marks := []gapanalysis.Mark{done(backend, chaos, "", "")}
	plan := func(p *skill.Profile) (*gapanalysis.Plan, *gapanalysis.Report) {
		report := gapanalysis.Compare(c, proofsOf(t).Merge(p, marks), gapanalysis.RoleTarget(r), nothingNear, o)
		return gapanalysis.Schedule(c, report, r, o, gapanalysis.Pace{Marks: marks, Proofs: proofsOf(t)}), report
	}
	p, report := plan(profile())
	checkPlan(t, "by word", p, report, r)
	checkHours(t, p, report)
	if p.Hours.P50 >= report.Hours.P50 || p.ReadyOn >= report.ReadyOn {
		t.Errorf("%d hours of %d, ready on %s", p.Hours.P50, report.Hours.P50, p.ReadyOn)
	}
	rejected := claim(t, "chaos-engineering", 0)
	rejected.Status = skill.StatusRejected
	p, report = plan(profile(rejected))
	for _, ph := range p.Phases {
		for _, h := range ph.Held {
			if h.ID == "chaos-engineering" {
				t.Errorf("%+v, which the person rejected (%v)", h, report.Role)
			}
		}
	}
}

// TestOver: who reads a profile reads what is demonstrated in it.
func TestOver(t *testing.T) {
	_, sh := newService(t)
	sh.marks = []gapanalysis.Mark{done(backend, chaos, "https://example.org", "")}
	profiles := proofsOf(t).Over(sh, sh)
	p, err := profiles.Profile(t.Context(), sh.person, sh.resume)
	if err != nil {
		t.Fatal(err)
	}
	read, err := profiles.Read(t.Context(), sh.person, gapanalysis.Query{Resume: sh.resume, Role: backend})
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []*skill.Profile{p, read.Profile} {
		if c, ok := got.Claim("chaos-engineering"); !ok || c.Status != skill.StatusDemonstrated {
			t.Errorf("claims are %+v", got.Claims)
		}
	}
	if err := second(profiles.Profile(t.Context(), sh.resume, sh.resume)); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody else's: %v", err)
	}
}
