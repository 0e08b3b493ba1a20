package catalog_test

import (
	order "cmp"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// loaded is the catalogue in the binary, read once for all tests.
var loaded = sync.OnceValues(catalog.Load)

func load(tb testing.TB) *catalog.Catalog {
	tb.Helper()
	c, err := loaded()
	if err != nil {
		tb.Fatalf("Load: %v", err)
	}
	return c
}

func role(tb testing.TB, c *catalog.Catalog, id string) *catalog.Role {
	tb.Helper()
	r, err := c.Role(id)
	if err != nil {
		tb.Fatalf("Role(%q): %v", id, err)
	}
	return r
}

func TestEmbeddedKeepsEveryRule(t *testing.T) {
	t.Parallel()
	problems, err := catalog.LintEmbedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	if _, err := catalog.Load(); err != nil {
		t.Errorf("Load: %v", err)
	}
}

// learned is how many skills say how they are learned: those that roles use most.
const learned = 250

func TestEmbeddedHolds(t *testing.T) {
	t.Parallel()
	c := load(t)
	s := c.Stats()
	for _, tt := range []struct {
		what      string
		got, want int
	}{
		{"roles", s.Roles, 46},
		{"families", s.Families, 12},
		{"skills", s.Skills, 1100},
		{"postings", s.Postings, 120},
		{"projects", s.Projects, 46 * 9},
		{"milestones", s.Milestones, 46 * 9},
		{"aliases", s.Aliases, 4500},
		{"relations", s.Relations, 700},
		{"rubrics", s.Rubrics, learned},
		{"questions", s.Questions, learned * 6},
		{"resources", s.Resources, learned * 2},
	} {
		if tt.got < tt.want {
			t.Errorf("%d %s, want at least %d", tt.got, tt.what, tt.want)
		}
	}
	for _, k := range c.Skills() {
		if len(k.Aliases) == 0 {
			t.Errorf("skill %s has no alias", k.ID)
		}
	}
	if !slices.IsSortedFunc(c.Skills(), func(a, b *catalog.Skill) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("skills are not sorted by id")
	}
	if !slices.IsSortedFunc(c.Roles(), func(a, b *catalog.Role) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("roles are not sorted by id")
	}
}

func TestSamplePostings(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	n := 0
	for line := range strings.Lines(string(load(t).SamplePostings())) {
		var p struct {
			Source      string `json:"source"`
			ExternalID  string `json:"external_id"`
			Title       string `json:"title"`
			Description string `json:"description"`
		}
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		n++
		if p.Source == "" || p.ExternalID == "" || p.Title == "" || len(strings.Fields(p.Description)) < 30 {
			t.Errorf("line %d: source %q, id %q, title %q, %d words; too little to match against", n, p.Source, p.ExternalID, p.Title, len(strings.Fields(p.Description)))
		}
		if seen[p.ExternalID] {
			t.Errorf("line %d: id %s is used twice", n, p.ExternalID)
		}
		seen[p.ExternalID] = true
	}
	if got := load(t).Stats().Postings; got != n {
		t.Errorf("Stats counts %d postings, there are %d", got, n)
	}
}

// TestSeniorBackendEngineer holds the path that the project was asked for to what was asked.
func TestSeniorBackendEngineer(t *testing.T) {
	t.Parallel()
	r := role(t, load(t), "senior-backend-engineer")

	type money struct {
		Currency string
		Amount   int64
	}
	salaries := map[string]money{}
	for _, s := range r.Salary {
		salaries[s.Country] = money{s.Currency, s.Amount}
		if s.Source != nil {
			t.Errorf("salary %s names a source %q; none was published", s.Country, *s.Source)
		}
		if !strings.Contains(s.Note, "without a published source") {
			t.Errorf("salary %s: the note %q does not say that there is no source", s.Country, s.Note)
		}
	}
	if diff := cmp.Diff(map[string]money{"US": {"USD", 200_000}, "IN": {"INR", 6_500_000}}, salaries); diff != "" {
		t.Errorf("salaries (-want +got):\n%s", diff)
	}
	if r.TimeToReady.Months != 24 || r.TimeToReady.HoursPerWeek != 10 {
		t.Errorf("ready after %d months at %d hours a week, want 24 at 10", r.TimeToReady.Months, r.TimeToReady.HoursPerWeek)
	}

	taught := map[string][]string{}
	all := map[string]bool{}
	for _, q := range r.Skills {
		taught[q.Phase] = append(taught[q.Phase], q.Skill)
		all[q.Skill] = true
	}
	want := []struct {
		phase  string
		skills []string
	}{
		{"system-design-depth", []string{"system-design", "distributed-systems", "postgresql"}},
		{"production-excellence", []string{"kubernetes", "kafka", "aws"}},
		{"leadership", []string{"mentorship", "rest-api", "redis"}},
	}
	if len(r.Phases) != len(want) {
		t.Fatalf("%d phases, want %d", len(r.Phases), len(want))
	}
	months := 0
	for i, w := range want {
		p := r.Phases[i]
		months += p.Months
		if p.ID != w.phase || p.Months != 6 {
			t.Errorf("phase %d is %s over %d months, want %s over 6", i+1, p.ID, p.Months, w.phase)
		}
		for _, s := range w.skills {
			if !slices.Contains(taught[w.phase], s) {
				t.Errorf("phase %s does not teach %s", w.phase, s)
			}
		}
	}
	if r.Consolidation == nil {
		t.Fatal("no consolidation, though three phases of six months leave six of 24")
	}
	if got := months + r.Consolidation.Months; got != r.TimeToReady.Months {
		t.Errorf("phases and consolidation make %d months, want %d", got, r.TimeToReady.Months)
	}
	if len(r.Projects) != 9 {
		t.Errorf("%d projects, want 9", len(r.Projects))
	}
	for _, s := range []string{"prompt-routing", "llm-evaluation", "llm-gateways", "vector-databases"} {
		if !all[s] {
			t.Errorf("%s is not among the skills", s)
		}
	}
}

func TestUnknownIDs(t *testing.T) {
	t.Parallel()
	c := load(t)
	r := role(t, c, "senior-backend-engineer")
	long := strings.Repeat("é", 5000)
	tests := []struct {
		name, field string
		call        func(id string) error
	}{
		{"skill", "skill", func(id string) error { _, err := c.Skill(id); return err }},
		{"role", "role", func(id string) error { _, err := c.Role(id); return err }},
		{"phase", "phase", func(id string) error { _, err := r.Phase(id); return err }},
		{"milestone", "milestone", func(id string) error { _, _, err := r.Milestone(id); return err }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, id := range []string{"", "no-such", "PostgreSQL", long} {
				err := tt.call(id)
				if !errors.Is(err, fault.NotFound) || fault.FieldOf(err) != tt.field {
					t.Errorf("error %v in field %q, want not found in %q", err, fault.FieldOf(err), tt.field)
				}
				if n := len(fault.DetailOf(err)); n > 400 {
					t.Errorf("the detail says back %d bytes of what was sent", n)
				}
			}
			if !strings.Contains(fault.DetailOf(tt.call("no-such")), "no-such") {
				t.Error("the detail does not name what was not found")
			}
		})
	}
	if s, err := c.Skill("kafka"); err != nil || s.ID != "kafka" || !c.HasSkill("kafka") {
		t.Errorf("Skill(kafka) = %v, %v", s, err)
	}
	p, m, err := r.Milestone("two-promotions")
	if err != nil || p.ID != "leadership" || m.ID != "two-promotions" {
		t.Errorf("Milestone(two-promotions) = %v, %v, %v", p, m, err)
	}
}

func TestLevelName(t *testing.T) {
	t.Parallel()
	for level, want := range map[int]string{-1: "unknown", 0: "none", 1: "fundamental awareness", 3: "intermediate", 5: "expert", 6: "unknown"} {
		if got := catalog.LevelName(level); got != want {
			t.Errorf("LevelName(%d) = %q, want %q", level, got, want)
		}
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, s := range c.Skills() {
		for from := range 6 {
			previous := catalog.Hours{}
			for to := from; to <= 5; to++ {
				h := c.Hours(s.ID, from, to)
				if to == from && h != (catalog.Hours{}) {
					t.Errorf("%s %d→%d: %v, want nothing", s.ID, from, to, h)
				}
				if to > from && (h.P50 <= previous.P50 || h.P25 > h.P50 || h.P50 > h.P75) {
					t.Errorf("%s %d→%d: %v after %v; hours grow, and quartiles are in order", s.ID, from, to, h, previous)
				}
				for middle := from; middle <= to; middle++ {
					sum := c.Hours(s.ID, from, middle).Add(c.Hours(s.ID, middle, to))
					if sum.P50 != h.P50 || abs(sum.P25-h.P25) > 1 || abs(sum.P75-h.P75) > 1 { // quartiles are rounded
						t.Errorf("%s: %d→%d→%d takes %v, %d→%d %v", s.ID, from, middle, to, sum, from, to, h)
					}
				}
				previous = h
			}
		}
	}
	for _, tt := range []struct {
		name     string
		id       string
		from, to int
	}{
		{"backwards", "go", 4, 2}, {"unknown skill", "no-such", 0, 5}, {"above expert", "go", 5, 9},
	} {
		if got := c.Hours(tt.id, tt.from, tt.to); got != (catalog.Hours{}) {
			t.Errorf("%s: Hours(%q, %d, %d) = %v, want nothing", tt.name, tt.id, tt.from, tt.to, got)
		}
	}
	if got, want := c.Hours("go", -3, 9), c.Hours("go", 0, 5); got != want {
		t.Errorf("levels outside the scale: %v, want %v", got, want)
	}
}

func abs(n int) int { return max(n, -n) }

// TestRoleHoursFitTimeToReady keeps the two statements about effort, hours a skill and months a role, from contradicting each other.
func TestRoleHoursFitTimeToReady(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, r := range c.Roles() {
		var sum catalog.Hours
		has := map[string]int{} // of the person whom the time is meant for
		if r.TimeToReady.FromRole != "" {
			for _, q := range role(t, c, r.TimeToReady.FromRole).Skills {
				has[q.Skill] = q.Level
			}
		}
		for _, q := range r.Skills {
			sum = sum.Add(c.Hours(q.Skill, has[q.Skill], q.Level))
		}
		stated := float64(r.TimeToReady.Months*r.TimeToReady.HoursPerWeek) * 52 / 12
		ratio := float64(sum.P50) / stated
		t.Logf("%-26s %5d hours of skills, %5.0f stated, ratio %.2f", r.ID, sum.P50, stated, ratio)
		if ratio < 0.6 || ratio > 1.6 {
			t.Errorf("%s: the skills take %d hours from its starting point, the role says %.0f", r.ID, sum.P50, stated)
		}
	}
}

func TestRelated(t *testing.T) {
	t.Parallel()
	c := load(t)
	pairs := 0
	for _, from := range c.Roles() {
		has := map[string]int{}
		for _, q := range from.Skills {
			has[q.Skill] = q.Level
		}
		related := c.Related(from.ID)
		listed := map[string]bool{}
		for i, r := range related {
			pairs++
			listed[r.Role] = true
			if r.Reason == "" && r.Shared <= catalog.RelatedThreshold || r.Shared > 1 {
				t.Errorf("%s → %s: shared %.3f is not above %.2f", from.ID, r.Role, r.Shared, catalog.RelatedThreshold)
			}
			if i > 0 && r.Shared > related[i-1].Shared {
				t.Errorf("%s: %s (%.3f) stands after %s (%.3f)", from.ID, r.Role, r.Shared, related[i-1].Role, related[i-1].Shared)
			}
			to := role(t, c, r.Role)
			if len(r.Skills)+len(r.Missing) != len(to.Skills) || r.Name != to.Name {
				t.Errorf("%s → %s: %d shared and %d missing skills of %d", from.ID, r.Role, len(r.Skills), len(r.Missing), len(to.Skills))
			}
		}
		for _, to := range c.Roles() {
			shared := 0.0
			for _, q := range to.Skills {
				shared += q.Weight * min(1, float64(has[q.Skill])/float64(q.Level))
			}
			override := slices.ContainsFunc(from.RelatedOverrides, func(o catalog.RelatedOverride) bool { return o.Role == to.ID })
			if want := to != from && math.Round(shared*1000)/1000 > 0.40; listed[to.ID] != want && !override {
				t.Errorf("%s → %s shares %.3f; listed: %v", from.ID, to.ID, shared, listed[to.ID])
			}
		}
	}
	if pairs == 0 {
		t.Error("no role is related to another")
	}
	if got := c.Related("no-such"); len(got) != 0 {
		t.Errorf("Related of an unknown role: %v", got)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, tt := range []struct{ q, first string }{
		{"go", "go"},
		{"Go", "go"},
		{" golang ", "go"},
		{"k8s", "kubernetes"},
		{"postgres", "postgresql"},
		{"c", "c"},
		{"c++", "cpp"},
		{"rest-api", "rest-api"},
		{"react", "react"},
		{"JAVA", "java"},
		{"kube", "kubernetes"},
		{"vector-databases", "vector-databases"},
	} {
		t.Run(tt.q, func(t *testing.T) {
			t.Parallel()
			got := c.Search(tt.q, 5)
			if len(got) == 0 || got[0].ID != tt.first {
				t.Errorf("Search(%q) = %v, want %s first", tt.q, ids(got), tt.first)
			}
		})
	}
	for _, tt := range []struct {
		name, q     string
		limit, want int
	}{
		{"nothing has it", "zzzqq", 10, 0},
		{"no query lists all", "", 1 << 30, len(c.Skills())},
		{"limit", "a", 7, 7},
		{"limit of none", "a", 0, 0},
		{"limit below none", "a", -1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := c.Search(tt.q, tt.limit); len(got) != tt.want {
				t.Errorf("Search(%q, %d) gave %d skills, want %d", tt.q, tt.limit, len(got), tt.want)
			}
		})
	}
	if got := c.Search("", 1<<30); !slices.IsSortedFunc(got, func(a, b *catalog.Skill) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("all skills are not listed by id")
	}
}

func ids(skills []*catalog.Skill) []string {
	out := make([]string, len(skills))
	for i, s := range skills {
		out[i] = s.ID
	}
	return out
}

func TestTransfersTo(t *testing.T) {
	t.Parallel()
	c := load(t)
	n := 0
	for _, s := range c.Skills() {
		list := c.TransfersTo(s.ID)
		n += len(list)
		for i, x := range list {
			if x.To != s.ID {
				t.Errorf("TransfersTo(%s) holds one to %s", s.ID, x.To)
			}
			if i > 0 && x.Credit > list[i-1].Credit {
				t.Errorf("TransfersTo(%s): %s (%.2f) stands after %s (%.2f)", s.ID, x.From, x.Credit, list[i-1].From, list[i-1].Credit)
			}
		}
		for _, p := range c.Requires(s.ID) {
			if p.Skill != s.ID {
				t.Errorf("Requires(%s) holds one of %s", s.ID, p.Skill)
			}
		}
	}
	if n == 0 {
		t.Error("nothing transfers to anything")
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := catalog.Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	c := load(b)
	for _, q := range []string{"", "go", "database"} {
		b.Run("q="+q, func(b *testing.B) {
			for b.Loop() {
				c.Search(q, 20)
			}
		})
	}
}

// TestMostUsedSkillsSayHowTheyAreLearned holds the skills that roles use most, by the number of roles and then by weight, to a rubric, hours,
// questions and resources.
func TestMostUsedSkillsSayHowTheyAreLearned(t *testing.T) {
	t.Parallel()
	c := load(t)
	roles, weight := map[string]int{}, map[string]float64{}
	for _, r := range c.Roles() {
		for _, q := range r.Skills {
			roles[q.Skill]++
			weight[q.Skill] += q.Weight
		}
	}
	used := slices.SortedFunc(maps.Keys(roles), func(a, b string) int {
		return order.Or(roles[b]-roles[a], order.Compare(weight[b], weight[a]), strings.Compare(a, b))
	})
	for _, id := range used[:learned] {
		l := c.Learning(id)
		if l == nil || len(l.Rubric) == 0 || l.Hours == nil || len(l.Questions) == 0 || len(l.Resources) == 0 {
			t.Errorf("%s, which %d roles ask for, does not say how it is learned", id, roles[id])
		}
	}
}
