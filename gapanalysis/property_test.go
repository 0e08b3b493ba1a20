package gapanalysis_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/labelled"
	"github.com/gapwise/gapwise/skill"
)

// How many random people the properties are tried on; the race detector and the fuzzer go on from there.
const (
	triedPeople      = 2000
	triedPeopleBrief = 100
)

var builtinSpace = sync.OnceValues(func() (*gapanalysis.Space, error) {
	c, err := embedded()
	if err != nil {
		return nil, err
	}
	return gapanalysis.NewSpace(context.Background(), c, embeddings.Builtin{})
})

// person is somebody random before a role, and what vectors say of them.
type person struct {
	catalog *catalog.Catalog
	space   *gapanalysis.Space
	rng     *rand.Rand
	role    *catalog.Role
	target  gapanalysis.Target
	profile *skill.Profile
}

// newPerson draws somebody of whose skills about half are those of one role, or near to them: of a wholly random person almost every row
// would be missing.
func newPerson(tb testing.TB, seed uint64) *person {
	tb.Helper()
	space, err := builtinSpace()
	if err != nil {
		tb.Fatal(err)
	}
	c := load(tb)
	p := &person{catalog: c, space: space, rng: rand.New(rand.NewPCG(seed, 11)), profile: profile()}
	p.role = c.Roles()[p.rng.IntN(len(c.Roles()))]
	p.target = gapanalysis.RoleTarget(p.role)
	near := map[string]bool{}
	for _, q := range p.role.Skills {
		near[q.Skill] = true
		for _, id := range q.Alternatives {
			near[id] = true
		}
		for _, t := range c.TransfersTo(q.Skill) {
			near[t.From] = true
		}
	}
	share := p.rng.Float64()
	for _, s := range c.Skills() {
		if near[s.ID] && p.rng.Float64() < share || p.rng.IntN(60) == 0 || near[s.Parent] && p.rng.IntN(4) == 0 {
			p.profile.Claims = append(p.profile.Claims, p.claim(tb, s.ID))
		}
	}
	p.rng.Shuffle(len(p.profile.Claims), p.swap(p.profile))
	return p
}

func (p *person) swap(of *skill.Profile) func(i, j int) {
	return func(i, j int) { of.Claims[i], of.Claims[j] = of.Claims[j], of.Claims[i] }
}

// claim is a claim of a random level, age and standing.
func (p *person) claim(tb testing.TB, id string) skill.Claim {
	tb.Helper()
	c := claim(tb, id, p.rng.IntN(6))
	c.Years = float64(p.rng.IntN(3))
	c.Status = []skill.Status{skill.StatusRead, skill.StatusRead, skill.StatusConfirmed, skill.StatusRejected}[p.rng.IntN(4)]
	return c
}

// compare is the report of a profile, with what the vectors say of the skills that it holds.
func (p *person) compare(of *skill.Profile, t gapanalysis.Target) *gapanalysis.Report {
	return gapanalysis.Compare(p.catalog, of, t, p.near(of, t), gapanalysis.Options{Today: today})
}

func (p *person) near(of *skill.Profile, t gapanalysis.Target) gapanalysis.Nearness {
	var asked, held []string
	for _, q := range t.Requirements {
		asked = append(asked, q.Skill)
	}
	for _, c := range of.Claims {
		if c.Status != skill.StatusRejected && c.Level > 0 {
			held = append(held, *c.ID)
		}
	}
	return nearAmong(p.space, asked, held)
}

// pairs are all pairs of near skills, once for all people: cosines are most of what a comparison here costs.
var pairs = sync.OnceValue(func() map[string][]gapanalysis.Near {
	space, err := builtinSpace()
	if err != nil {
		panic(err)
	}
	all := slices.Sorted(maps.Keys(space.Vectors))
	near := space.Nearest(all, all).BySkill
	for id, list := range near {
		near[id] = slices.DeleteFunc(list, func(n gapanalysis.Near) bool { return n.Similarity < space.Threshold })
	}
	return near
})

// nearAmong is what Space.Nearest says, without the nearest of those that are not near.
func nearAmong(space *gapanalysis.Space, asked, held []string) gapanalysis.Nearness {
	n := gapanalysis.Nearness{Model: space.Model, Threshold: space.Threshold, BySkill: map[string][]gapanalysis.Near{}}
	for _, id := range asked {
		for _, near := range pairs()[id] {
			if slices.Contains(held, near.From) {
				n.BySkill[id] = append(n.BySkill[id], near)
			}
		}
	}
	return n
}

// changed is the profile with other claims; the one that is given stays.
func changed(of *skill.Profile, change func([]skill.Claim) []skill.Claim) *skill.Profile {
	other := *of
	other.Claims = change(slices.Clone(of.Claims))
	return &other
}

// properties are what holds of every person and role.
var properties = []struct {
	name  string
	check func(testing.TB, *person)
}{
	{"adding evidence never lowers readiness", addingEvidence},
	{"raising a requirement never raises it", raisingRequirement},
	{"the parts add up to the total to the last digit", partsAddUp},
	{"the order of claims does not matter", orderOfClaims},
	{"a what-if is a claim at that level", whatIf},
	{"equal inputs give equal bytes", equalBytes},
}

func TestProperties(t *testing.T) {
	t.Parallel()
	people := triedPeople
	if testing.Short() || raceEnabled {
		people = triedPeopleBrief
	}
	for _, property := range properties {
		t.Run(property.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(people) {
				if property.check(t, newPerson(t, seed)); t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

func FuzzProperties(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed * 1_000_003)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		for _, property := range properties {
			if property.check(t, newPerson(t, seed)); t.Failed() {
				t.Fatalf("%s: seed %d", property.name, seed)
			}
		}
	})
}

func addingEvidence(tb testing.TB, p *person) {
	tb.Helper()
	before := p.compare(p.profile, p.target)
	skills := p.catalog.Skills()
	more := changed(p.profile, func(claims []skill.Claim) []skill.Claim {
		for range 1 + p.rng.IntN(4) {
			asked := p.role.Skills[p.rng.IntN(len(p.role.Skills))].Skill
			id := []string{asked, skills[p.rng.IntN(len(skills))].ID}[p.rng.IntN(2)]
			i := slices.IndexFunc(claims, func(c skill.Claim) bool { return *c.ID == id })
			switch {
			case i < 0:
				claims = append(claims, p.claim(tb, id))
			case claims[i].Status == skill.StatusRejected:
				claims[i].Status = skill.StatusRead // taken back
			default:
				claims[i].Level = min(claims[i].Level+1, catalog.LevelExpert)
				claims[i].Years += 0.5
			}
		}
		return claims
	})
	after := p.compare(more, p.target)
	if after.Readiness < before.Readiness {
		tb.Errorf("%s: readiness fell from %v to %v", p.role.ID, before.Readiness, after.Readiness)
	}
	for i, g := range after.Skills {
		if was := before.Skills[i]; g.Credit < was.Credit || g.Hours.P50 > was.Hours.P50 {
			tb.Errorf("%s: with more evidence the credit of %s went from %v to %v, its hours from %d to %d", p.role.ID, g.ID, was.Credit, g.Credit, was.Hours.P50, g.Hours.P50)
		}
	}
}

func raisingRequirement(tb testing.TB, p *person) {
	tb.Helper()
	before := p.compare(p.profile, p.target)
	harder := p.target
	harder.Requirements = slices.Clone(p.target.Requirements)
	for range 1 + p.rng.IntN(5) {
		q := &harder.Requirements[p.rng.IntN(len(harder.Requirements))]
		q.Level = min(q.Level+1, catalog.LevelExpert)
	}
	after := p.compare(p.profile, harder)
	if after.Readiness > before.Readiness || after.Hours.P50 < before.Hours.P50 {
		tb.Errorf("%s: asked for more, readiness went from %v to %v and the hours from %d to %d", p.role.ID, before.Readiness, after.Readiness, before.Hours.P50, after.Hours.P50)
	}
}

func partsAddUp(tb testing.TB, p *person) {
	tb.Helper()
	r := p.compare(p.profile, p.target)
	// In whole thousandths, and in what a reader of the JSON would add: nothing may depend on how floats are rounded.
	sum := 0
	for _, g := range r.Skills {
		points := g.Points * 1000
		if math.Abs(points-math.Round(points)) > 1e-9 || math.Abs(points-g.Weight*g.Credit*1000) > 1 {
			tb.Errorf("%s: %s has %v points of weight %v times credit %v", p.role.ID, g.ID, g.Points, g.Weight, g.Credit)
		}
		sum += int(math.Round(points))
	}
	if got := fmt.Sprintf("%d.%03d", sum/1000, sum%1000); got != fmt.Sprintf("%.3f", r.Readiness) {
		tb.Errorf("%s: the parts add up to %s, the total is %v", p.role.ID, got, r.Readiness)
	}
}

// orderOfClaims is the order of the sections too: claims come in the order in which the text names them.
func orderOfClaims(tb testing.TB, p *person) {
	tb.Helper()
	shuffled := changed(p.profile, func(claims []skill.Claim) []skill.Claim { return claims })
	p.rng.Shuffle(len(shuffled.Claims), p.swap(shuffled))
	if diff := cmp.Diff(p.compare(p.profile, p.target), p.compare(shuffled, p.target)); diff != "" {
		tb.Errorf("%s: the same claims in another order (-before +after):\n%s", p.role.ID, diff)
	}
}

func whatIf(tb testing.TB, p *person) {
	tb.Helper()
	assume := map[string]int{}
	for range 1 + p.rng.IntN(3) {
		assume[p.role.Skills[p.rng.IntN(len(p.role.Skills))].Skill] = p.rng.IntN(6)
	}
	actual := changed(p.profile, func(claims []skill.Claim) []skill.Claim {
		claims = slices.DeleteFunc(claims, func(c skill.Claim) bool { _, ok := assume[*c.ID]; return ok })
		for id, level := range assume {
			c := claim(tb, id, level)
			c.Status = skill.StatusConfirmed
			claims = append(claims, c)
		}
		return claims
	})
	want := p.compare(actual, p.target)
	got := gapanalysis.Compare(p.catalog, p.profile, p.target, p.near(actual, p.target), gapanalysis.Options{Today: today, Assume: assume})
	// What differs is why, and the words that stand for it: there are none of what is only assumed.
	ignore := cmp.Options{
		cmpopts.IgnoreFields(gapanalysis.Report{}, "Assumed", "Extra"), cmpopts.IgnoreFields(gapanalysis.SkillGap{}, "Why", "Evidence"),
		cmpopts.IgnoreFields(gapanalysis.Transfer{}, "Why"),
	}
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		tb.Errorf("%s: a what-if of %v (-actual +what-if):\n%s", p.role.ID, assume, diff)
	}
}

func equalBytes(tb testing.TB, p *person) {
	tb.Helper()
	a, errA := json.Marshal(p.compare(p.profile, p.target))
	b, errB := json.Marshal(p.compare(changed(p.profile, func(c []skill.Claim) []skill.Claim { return c }), gapanalysis.RoleTarget(p.role)))
	if errA != nil || errB != nil || string(a) != string(b) {
		tb.Errorf("%s: equal inputs gave other bytes, %v, %v", p.role.ID, errA, errB)
	}
}

// TestIdealAndEmpty: who is exactly what a role asks for is ready, and who shows nothing has everything before them.
func TestIdealAndEmpty(t *testing.T) {
	t.Parallel()
	for _, ro := range load(t).Roles() {
		p := newPerson(t, 1)
		ideal := p.compare(roleProfile(t, ro), gapanalysis.RoleTarget(ro))
		if ideal.Readiness != 1 || ideal.Band != "ready" || ideal.Hours.P75 != 0 || len(ideal.Next)+len(ideal.Actions) != 0 || ideal.ReadyOn != todayUTC {
			t.Errorf("%s: its own profile has readiness %v (%s), %d hours, %v", ro.ID, ideal.Readiness, ideal.Band, ideal.Hours.P75, ideal.Actions)
		}
		empty := p.compare(profile(), gapanalysis.RoleTarget(ro))
		full := 0
		for _, g := range empty.Skills {
			full += p.catalog.Hours(g.ID, 0, g.Required).P50
			if g.Status != gapanalysis.Missing {
				t.Errorf("%s: %s is %s of an empty profile", ro.ID, g.ID, g.Status)
			}
		}
		if empty.Readiness != 0 || empty.Hours.P50 != full || len(empty.Actions) != 3 {
			t.Errorf("%s: an empty profile has readiness %v and %d hours of %d", ro.ID, empty.Readiness, empty.Hours.P50, full)
		}
	}
}

// TestOrderOfSections goes the product's way from a text: whatever order its sections stand in, the report says the same.
func TestOrderOfSections(t *testing.T) {
	t.Parallel()
	const head = "Ines Duarte\nBackend Engineer\nines@example.org\n\n"
	sections := []string{
		"EXPERIENCE\nBackend Engineer, Arcadia Freight, 2019 - 2025\n- Built services in Go on PostgreSQL and Kafka for 4,000 trucks; ran them on Kubernetes.\n- Led the move to AWS with Terraform.\n\n",
		"PROJECTS\nA scheduler of jobs, written in Rust, with Redis behind it.\n\n",
		"EDUCATION\nB.Sc. Computer Science, University of Coimbra, 2015 - 2019\n\n",
		"SKILLS\nGo, PostgreSQL, Kafka, Docker, Kubernetes, Redis, gRPC, GitHub Actions\n\n",
	}
	p := newPerson(t, 1)
	p.role = role(t, "backend-engineer")
	type said struct {
		Status    gapanalysis.Status
		Evidenced int
		Points    float64
		Hours     catalog.Hours
	}
	var want map[string]said
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}, {3, 0, 1, 2}, {0, 3, 2, 1}} {
		text := []string{head}
		for _, i := range order {
			text = append(text, sections[i])
		}
		r := &labelled.Resume{Name: "ordered", Text: strings.Join(text, ""), AsOf: today}
		got := map[string]said{}
		for _, g := range p.compare(readProfile(t, r), gapanalysis.RoleTarget(p.role)).Skills {
			got[g.ID] = said{g.Status, g.Evidenced, g.Points, g.Hours}
		}
		if want == nil {
			if want = got; want["go"].Status != gapanalysis.Have || want["docker"].Evidenced == 0 {
				t.Fatalf("read %+v", got)
			}
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("sections in order %v (-want +got):\n%s", order, diff)
		}
	}
}
