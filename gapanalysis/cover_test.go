package gapanalysis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/skill"
)

func gapOf(id string, weight float64) gapanalysis.SkillGap {
	return gapanalysis.SkillGap{ID: id, Weight: weight, Status: gapanalysis.Missing}
}

func project(id string, hours int, skills ...string) catalog.Project {
	return catalog.Project{ID: id, Hours: hours, Skills: skills}
}

func TestChooseProjects(t *testing.T) {
	abc := []gapanalysis.SkillGap{gapOf("a", 0.2), gapOf("b", 0.2), gapOf("c", 0.1)}
	tests := []struct {
		name      string
		open      []gapanalysis.SkillGap
		projects  []catalog.Project
		want      []string
		hours     int
		greedy    int
		ratio     float64
		uncovered []string
	}{
		{"nothing open", nil, []catalog.Project{project("p", 10, "a")}, nil, 0, 0, 1, nil},
		{"no projects", abc, nil, nil, 0, 0, 1, []string{"a", "b", "c"}},
		{"one for all", abc, []catalog.Project{project("p", 10, "a"), project("q", 10, "a", "b", "c", "x")}, []string{"q"}, 10, 10, 1, nil},
		{"one that nobody trains", abc, []catalog.Project{project("p", 10, "a", "b")}, []string{"p"}, 10, 10, 1, []string{"c"}},
		// The first takes .4 in 10 hours, then c needs 30 more; the second alone does all in 20.
		{"greed is dearer", abc, []catalog.Project{project("p", 10, "a", "b"), project("q", 20, "a", "b", "c"), project("r", 30, "c")}, []string{"q"}, 20, 20, 1, nil},
		{
			"greed pays twice",
			[]gapanalysis.SkillGap{gapOf("a", 1), gapOf("b", 1), gapOf("c", 1), gapOf("d", 1)},
			[]catalog.Project{project("both", 11, "b", "c"), project("left", 12, "a", "b"), project("right", 12, "c", "d")},
			[]string{"left", "right"},
			24, 24, 1, nil,
		},
		{
			"the optimum is taken",
			[]gapanalysis.SkillGap{gapOf("a", 1), gapOf("b", 1), gapOf("c", 1), gapOf("d", 1), gapOf("e", 1), gapOf("f", 1)},
			[]catalog.Project{project("mid", 10, "b", "c", "d", "e"), project("left", 11, "a", "b", "c"), project("right", 11, "d", "e", "f"), project("a", 8, "a"), project("f", 8, "f")},
			[]string{"left", "right"},
			22, 26, 1.182, nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := gapanalysis.ChooseProjects(&catalog.Role{Projects: tt.projects}, tt.open)
			var ids []string
			for _, p := range got.Projects {
				ids = append(ids, p.ID)
			}
			slices.Sort(ids)
			if !slices.Equal(ids, tt.want) || got.Hours != tt.hours || got.Greedy.Hours != tt.greedy || got.Ratio != tt.ratio || !slices.Equal(got.Uncovered, tt.uncovered) {
				t.Errorf("got %q, %d hours, greedy %d, ratio %g, uncovered %q\nwant %q, %d, %d, %g, %q", ids, got.Hours, got.Greedy.Hours, got.Ratio, got.Uncovered,
					tt.want, tt.hours, tt.greedy, tt.ratio, tt.uncovered)
			}
			checkCover(t, tt.name, got, &catalog.Role{Projects: tt.projects}, tt.open)
		})
	}
}

// checkCover holds a cover to train all that can be trained, each skill once, within what it says of itself.
func checkCover(tb testing.TB, name string, c *gapanalysis.Cover, r *catalog.Role, open []gapanalysis.SkillGap) {
	tb.Helper()
	isOpen, can, does := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, g := range open {
		isOpen[g.ID] = true
	}
	for _, p := range r.Projects {
		for _, id := range p.Skills {
			can[id] = can[id] || isOpen[id]
		}
	}
	hours := 0
	for _, p := range c.Projects {
		hours += p.Hours
		q := r.Projects[slices.IndexFunc(r.Projects, func(q catalog.Project) bool { return q.ID == p.ID })]
		for _, id := range p.Covers {
			does[id]++
			if !slices.Contains(q.Skills, id) {
				tb.Errorf("%s: %s does not train %s", name, p.ID, id)
			}
		}
		if len(p.Covers) == 0 {
			tb.Errorf("%s: %s covers nothing", name, p.ID)
		}
	}
	for id, yes := range can {
		if yes != (does[id] == 1) || yes == slices.Contains(c.Uncovered, id) && isOpen[id] {
			tb.Errorf("%s: %s can be covered: %t, and is %d times", name, id, yes, does[id])
		}
	}
	if hours != c.Hours || c.Hours > c.Greedy.Hours || c.LowerBound > c.Hours || c.Ratio < 1 || c.Guarantee < 1 || c.Ratio > c.Guarantee+0.01 || c.Weight > c.Open+0.001 || c.Why == "" {
		tb.Errorf("%s: %+v", name, c)
	}
}

// FuzzChooseProjects: everything that can be covered is, the greedy choice keeps its guarantee, and the bound without the optimum is below it.
func FuzzChooseProjects(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed, uint8(seed%24))
	}
	f.Fuzz(func(t *testing.T, seed uint64, count uint8) {
		rng := rand.New(rand.NewPCG(seed, 3))
		var open []gapanalysis.SkillGap
		for i := range 1 + rng.IntN(20) {
			open = append(open, gapOf(fmt.Sprint("s", i), 0.01+rng.Float64()/10))
		}
		r := &catalog.Role{}
		for i := range count % 24 {
			p := project(fmt.Sprint("p", i), rng.IntN(60))
			for range 1 + rng.IntN(6) {
				p.Skills = append(p.Skills, fmt.Sprint("s", rng.IntN(24)))
			}
			r.Projects = append(r.Projects, p)
		}
		c := gapanalysis.ChooseProjects(r, open)
		checkCover(t, "fuzz", c, r, open)
		if again := gapanalysis.ChooseProjects(r, open); !cmp.Equal(c, again) {
			t.Errorf("twice is not the same:\n%s", cmp.Diff(c, again))
		}
		if c.Optimum == nil {
			return
		}
		// Projects of no use that are too many for trying all choices: the answer is the greedy one with a bound, which is not above the optimum.
		for i := range 20 {
			r.Projects = append(r.Projects, project(fmt.Sprint("z", i), 10_000, open[0].ID))
		}
		if len(c.Projects) == 0 {
			return
		}
		bound := gapanalysis.ChooseProjects(r, open)
		if bound.Optimum != nil || slices.Equal(c.Uncovered, bound.Uncovered) && bound.LowerBound > c.Optimum.Hours {
			t.Errorf("a bound of %d, the optimum is %d", bound.LowerBound, c.Optimum.Hours)
		}
	})
}

// TestCoverOfTheCatalogue tells how good the greedy rule is on the roles, for nobody's profile and for some who have much.
func TestCoverOfTheCatalogue(t *testing.T) {
	c := load(t)
	worst, better, plans := 1.0, 0, 0
	for i := range 5 * len(c.Roles()) {
		r, p := c.Roles()[i/5], profile()
		if i%5 > 0 {
			rng := rand.New(rand.NewPCG(uint64(i), 1))
			p = roleProfile(t, r)
			p.Claims = slices.DeleteFunc(p.Claims, func(skill.Claim) bool { return rng.IntN(4) < i%5 })
		}
		plans++
		report := gapanalysis.Compare(c, p, gapanalysis.RoleTarget(r), nothingNear, gapanalysis.Options{Today: today})
		plan := gapanalysis.LayOut(report, r, gapanalysis.Options{Today: today})
		open := slices.DeleteFunc(slices.Clone(report.Skills), func(g gapanalysis.SkillGap) bool { return g.Status == gapanalysis.Have })
		checkCover(t, r.ID, plan.Cover, r, open)
		if plan.Cover.Optimum == nil {
			t.Errorf("%s: the optimum is not known", r.ID)
			continue
		}
		if plan.Cover.Ratio > 1 {
			better++
		}
		worst = max(worst, plan.Cover.Ratio)
		in := 0
		for _, ph := range plan.Phases {
			in += len(ph.Projects)
		}
		if in != len(plan.Cover.Projects) {
			t.Errorf("%s: %d of %d projects stand in a phase", r.ID, in, len(plan.Cover.Projects))
		}
		if !strings.Contains(plan.Cover.Why, "All choices were tried") && len(plan.Cover.Projects) > 0 {
			t.Errorf("%s: %s", r.ID, plan.Cover.Why)
		}
	}
	t.Logf("greedy is dearer than the optimum in %d of %d plans, at most %.3f times", better, plans, worst)
}
