package gapanalysis_test

import (
	"context"
	"encoding/json"
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
	"github.com/gapwise/gapwise/internal/fsrs"
	"github.com/gapwise/gapwise/skill"
)

// answer is one answer to a question about a skill, so many days before today.
type answer struct {
	skill   string
	concept string
	kind    string
	level   int
	grade   fsrs.Grade
	ago     int
}

// recallsOf is what is remembered after answers, which stand in the order in which they were given.
func recallsOf(answers []answer) []gapanalysis.Recall {
	var out []gapanalysis.Recall
	memories := map[string]fsrs.Memory{}
	for _, a := range answers {
		key := a.skill + " " + a.concept
		at := today.AddDate(0, 0, -a.ago)
		i := slices.IndexFunc(out, func(r gapanalysis.Recall) bool { return r.Skill == a.skill && r.Concept == a.concept })
		if i < 0 {
			i = len(out)
			out = append(out, gapanalysis.Recall{Item: uuid.NewSHA1(uuid.NameSpaceOID, []byte(key)), Skill: a.skill, Concept: a.concept})
		}
		memories[key] = memories[key].Review(a.grade, at)
		out[i].Stability, out[i].Reviewed = memories[key].Stability, memories[key].Reviewed
		switch a.grade {
		case fsrs.Again:
			out[i].Right = nil
		case fsrs.Good, fsrs.Easy:
			out[i].Right = append(out[i].Right, gapanalysis.RightAnswer{Kind: a.kind, Level: a.level, At: at})
		case fsrs.Hard:
		}
	}
	return out
}

const asked = "kafka"

// right are right answers at a level, about two things in turn, so many days before today each.
func right(kind string, level int, ago ...int) []answer {
	out := make([]answer, len(ago))
	for i, d := range ago {
		out[i] = answer{asked, []string{"offsets", "partitions"}[i%2], kind, level, fsrs.Good, d}
	}
	return out
}

func TestAnswersDemonstrate(t *testing.T) {
	wrong := func(concept string, ago int) answer { return answer{asked, concept, "quiz", 3, fsrs.Again, ago} }
	one := func(list []answer) []answer {
		for i := range list {
			list[i].concept = "offsets"
		}
		return list
	}
	withStatus := func(level int, s skill.Status, years float64) []skill.Claim {
		c := claim(t, asked, level)
		c.Status, c.Years = s, years
		return []skill.Claim{c}
	}
	tests := []struct {
		name    string
		claims  []skill.Claim
		answers []answer
		level   int // 0 for no claim
		status  skill.Status
		shown   int
	}{
		{"three over a week", nil, right("quiz", 3, 8, 4, 1), 3, skill.StatusDemonstrated, 3},
		{"six days", nil, right("quiz", 3, 7, 4, 1), 0, "", 0},
		{"two", nil, right("quiz", 3, 20, 1), 0, "", 0},
		{"three on two days", nil, right("quiz", 3, 8, 8, 1), 0, "", 0},
		{"all about one thing", nil, one(right("quiz", 3, 12, 8, 4, 1)), 0, "", 0},
		{"no higher than was asked", nil, right("quiz", 2, 30, 20, 8, 4, 1), 2, skill.StatusDemonstrated, 5},
		{"at the lowest of the three", nil, slices.Concat(right("quiz", 3, 20, 10), right("quiz", 1, 1)), 1, skill.StatusDemonstrated, 3},
		{"knowing goes to three", nil, right("quiz", 5, 8, 4, 1), 3, skill.StatusDemonstrated, 3},
		{"so does telling of it", nil, right("interview", 5, 8, 4, 1), 3, skill.StatusDemonstrated, 3},
		{"partly is not right", nil, []answer{{asked, "a", "quiz", 3, fsrs.Hard, 9}, {asked, "b", "quiz", 3, fsrs.Hard, 5}, {asked, "a", "quiz", 3, fsrs.Hard, 1}}, 0, "", 0},
		{"a wrong one takes back what was right about it before", nil, append(right("quiz", 3, 9, 4, 2), wrong("offsets", 1)), 0, "", 0},
		{"a wrong one before", nil, append([]answer{wrong("offsets", 10)}, right("quiz", 3, 9, 4, 2)...), 3, skill.StatusDemonstrated, 3},
		{"two weeks later still", nil, right("quiz", 3, 22, 18, 15), 3, skill.StatusDemonstrated, 3},
		{"ten months later a level less", nil, right("quiz", 3, 320, 319, 310, 309), 2, skill.StatusDemonstrated, 4},
		{"three years later two less", nil, right("quiz", 3, 1020, 1019, 1010, 1009), 1, skill.StatusDemonstrated, 4},
		{"eleven years later nothing", nil, right("quiz", 3, 4020, 4019, 4010, 4009), 0, "", 0},
		{"listed lower", withStatus(2, skill.StatusRead, 0), right("quiz", 3, 8, 4, 1), 3, skill.StatusDemonstrated, 3},
		{"listed as high", withStatus(3, skill.StatusRead, 0), right("quiz", 3, 8, 4, 1), 3, skill.StatusDemonstrated, 3},
		{"dated as high", withStatus(3, skill.StatusRead, 2), right("quiz", 3, 8, 4, 1), 3, skill.StatusRead, 0},
		{"a resume that says more", withStatus(4, skill.StatusRead, 0), right("quiz", 3, 8, 4, 1), 4, skill.StatusRead, 0},
		{"confirmed as high", withStatus(3, skill.StatusConfirmed, 0), right("quiz", 3, 8, 4, 1), 3, skill.StatusConfirmed, 0},
		{"a milestone as high", withStatus(3, skill.StatusDemonstrated, 0), right("quiz", 3, 8, 4, 1), 3, skill.StatusDemonstrated, 0},
		{"rejected", withStatus(0, skill.StatusRejected, 0), right("quiz", 3, 8, 4, 1), 0, skill.StatusRejected, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			given := profile(tt.claims...)
			kept := slices.Clone(given.Claims)
			got := gapanalysis.Recalled(load(t), given, recallsOf(tt.answers), today)
			if diff := cmp.Diff(kept, given.Claims); diff != "" {
				t.Errorf("the profile that was given changed:\n%s", diff)
			}
			if tt.status == "" {
				if len(got.Claims) != 0 {
					t.Errorf("claims are %+v", got.Claims)
				}
				return
			}
			c := got.Claims[0]
			if len(got.Claims) != 1 || *c.ID != asked || c.Level != tt.level || c.Status != tt.status || len(c.Shown) != tt.shown || c.Mentions == nil {
				t.Errorf("%d claims, the first %+v, want level %d, %s, with %d answers", len(got.Claims), c, tt.level, tt.status, tt.shown)
			}
		})
	}
}

// TestAnswersInReport: a row says what it rests on, weighs it in the uncertainty, and a plan says it too.
func TestAnswersInReport(t *testing.T) {
	c := load(t)
	r := role(t, backend)
	i := slices.IndexFunc(r.Skills, func(q catalog.Requirement) bool { return q.Level <= 3 })
	q := r.Skills[i]
	answers := right("quiz", q.Level, 8, 4, 1)
	for i := range answers {
		answers[i].skill = q.Skill
	}
	before := gapanalysis.Compare(c, profile(), gapanalysis.RoleTarget(r), nothingNear, gapanalysis.Options{Today: today})
	report := gapanalysis.Compare(c, gapanalysis.Recalled(c, profile(), recallsOf(answers), today), gapanalysis.RoleTarget(r), nothingNear, gapanalysis.Options{Today: today})
	g := report.Skills[i]
	day := func(ago int) string { return today.UTC().AddDate(0, 0, -ago).Format(time.DateOnly) }
	why := fmt.Sprintf("Demonstrated at level %d by 3 right answers about 2 things on 3 days, from %s to %s.", q.Level, day(8), day(1))
	if g.Status != gapanalysis.Have || g.Claim != skill.StatusDemonstrated || !strings.HasSuffix(g.Why, why) || len(g.Evidence) != 0 || report.Readiness <= before.Readiness {
		t.Errorf("%s, %s: %s; want %q", g.Status, g.Claim, g.Why, why)
	}
	want := []skill.Showing{{Kind: "answer", Concept: "offsets", Level: q.Level, On: day(1)}, {Kind: "answer", Concept: "partitions", Level: q.Level, On: day(4)}, {Kind: "answer", Concept: "offsets", Level: q.Level, On: day(8)}}
	for i, s := range g.Shown {
		if s.Recall < .8 || s.Recall > 1 || s.Item == "" {
			t.Errorf("%+v", s)
		}
		g.Shown[i].Recall, g.Shown[i].Item = 0, ""
	}
	if diff := cmp.Diff(want, g.Shown); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
	// Absent is .05 off, answers .12, and what now carries over from it is more: the row by itself is told by a profile of nothing else.
	only := gapanalysis.Target{ID: "posting", Requirements: []gapanalysis.Requirement{{Skill: q.Skill, Level: q.Level, Weight: 1}}}
	alone := gapanalysis.Compare(c, gapanalysis.Recalled(c, profile(), recallsOf(answers), today), only, nothingNear, gapanalysis.Options{Today: today})
	if alone.Uncertainty != .12 {
		t.Errorf("uncertainty %v, want .12", alone.Uncertainty)
	}
	if what := gapanalysis.Compare(c, gapanalysis.Recalled(c, profile(), recallsOf(answers), today), only, nothingNear, gapanalysis.Options{Today: today, Assume: map[string]int{q.Skill: 1}}); what.Uncertainty != .08 || what.Skills[0].Shown != nil {
		t.Errorf("a what-if still rests on answers: %+v", what.Skills[0])
	}
	plan := gapanalysis.Schedule(c, report, r, gapanalysis.Options{Today: today}, gapanalysis.Pace{Proofs: proofsOf(t)})
	held := false
	for _, ph := range plan.Phases {
		for _, h := range ph.Held {
			held = held || h.ID == q.Skill && h.By == gapanalysis.HeldByAnswers
		}
	}
	if !held {
		t.Errorf("the plan does not say that %s is held by answers", q.Skill)
	}
}

// randomAnswers are somebody's answers over up to two years, in order, mostly about the skills of the person's role.
func randomAnswers(p *person) []answer {
	skills := p.catalog.Skills()
	out := make([]answer, p.rng.IntN(60))
	few := 1 + p.rng.IntN(3)
	for i := range out {
		out[i] = answer{
			skill: p.role.Skills[p.rng.IntN(min(few, len(p.role.Skills)))].Skill, concept: fmt.Sprint("concept ", p.rng.IntN(4)),
			kind: []string{"quiz", "interview", "review", "explain"}[p.rng.IntN(4)], level: 1 + p.rng.IntN(5),
			grade: []fsrs.Grade{fsrs.Again, fsrs.Hard, fsrs.Good, fsrs.Good, fsrs.Good}[p.rng.IntN(5)], ago: p.rng.IntN(700),
		}
		if p.rng.IntN(8) == 0 {
			out[i].skill = skills[p.rng.IntN(len(skills))].ID
		}
	}
	slices.SortStableFunc(out, func(a, b answer) int { return b.ago - a.ago })
	return out
}

// TestAnswerProperties: over random people with random answers, one more right answer or the same at a higher level never lowers readiness,
// time without review never raises it, answers never lower what a profile has, never show more than was asked, and the same input gives the same bytes.
func TestAnswerProperties(t *testing.T) {
	t.Parallel()
	people, raised := triedPeople, 0
	if testing.Short() || raceEnabled {
		people = triedPeopleBrief
	}
	for seed := range uint64(people) {
		p := newPerson(t, seed)
		answers := randomAnswers(p)
		recalled := func(answers []answer, now time.Time) *skill.Profile {
			return gapanalysis.Recalled(p.catalog, p.profile, recallsOf(answers), now)
		}
		base := recalled(answers, today)
		readiness := func(of *skill.Profile) float64 { return p.compare(of, p.target).Readiness }
		before := readiness(base)
		if before < readiness(p.profile) {
			t.Fatalf("seed %d: answers lowered readiness", seed)
		}
		if before > readiness(p.profile) {
			raised++
		}
		checkBounds(t, seed, p, base, answers)
		more := append(slices.Clone(answers), answer{p.role.Skills[0].Skill, fmt.Sprint("concept ", p.rng.IntN(5)), "quiz", 1 + p.rng.IntN(5), fsrs.Good, 0})
		if after := readiness(recalled(more, today)); after < before {
			t.Fatalf("seed %d: one more right answer lowered readiness from %v to %v", seed, before, after)
		}
		if len(answers) > 0 {
			higher := slices.Clone(answers)
			a := &higher[p.rng.IntN(len(higher))]
			a.level = min(a.level+1, catalog.LevelExpert)
			if after := readiness(recalled(higher, today)); after < before {
				t.Fatalf("seed %d: a harder question lowered readiness from %v to %v", seed, before, after)
			}
		}
		if later := readiness(recalled(answers, today.AddDate(0, 0, 1+p.rng.IntN(800)))); later > before {
			t.Fatalf("seed %d: time raised readiness from %v to %v", seed, before, later)
		}
		shuffled := recallsOf(answers)
		rand.New(rand.NewPCG(seed, 5)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again := gapanalysis.Recalled(p.catalog, p.profile, shuffled, today.Add(5*time.Hour)) // the same day by UTC
		a, errA := json.Marshal(base)
		b, errB := json.Marshal(again)
		if errA != nil || errB != nil || string(a) != string(b) {
			t.Fatalf("seed %d: the same answers on the same day give other bytes", seed)
		}
	}
	if raised < people/10 {
		t.Errorf("answers raise the readiness of %d of %d people: too few to tell", raised, people)
	}
}

// checkBounds: no claim falls, none rises above what was asked, and what is rejected stays.
func checkBounds(t *testing.T, seed uint64, p *person, got *skill.Profile, answers []answer) {
	t.Helper()
	most := map[string]int{}
	for _, a := range answers {
		if a.grade == fsrs.Good {
			most[a.skill] = max(most[a.skill], a.level)
		}
	}
	was := map[string]skill.Claim{}
	for _, c := range p.profile.Claims {
		was[*c.ID] = c
	}
	for _, c := range got.Claims {
		old := was[*c.ID]
		delete(was, *c.ID)
		if c.Level < old.Level || c.Level > max(old.Level, most[*c.ID]) || (old.Status == skill.StatusRejected) != (c.Status == skill.StatusRejected) {
			t.Fatalf("seed %d: %s went from level %d (%s) to %d (%s), asked at %d", seed, *c.ID, old.Level, old.Status, c.Level, c.Status, most[*c.ID])
		}
	}
	if len(was) > 0 {
		t.Fatalf("seed %d: claims are gone: %v", seed, was)
	}
}

func (s *shelf) Recalls(context.Context, uuid.UUID) ([]gapanalysis.Recall, error) {
	return s.recalls, s.fail
}

// TestRemembering: who reads a profile reads what was answered about it.
func TestRemembering(t *testing.T) {
	_, sh := newService(t)
	sh.recalls = recallsOf(right("quiz", 3, 8, 4, 1))
	profiles := gapanalysis.Remembering(load(t), proofsOf(t).Over(sh, sh), sh, func() time.Time { return today })
	p, err := profiles.Profile(t.Context(), sh.person, sh.resume)
	if err != nil {
		t.Fatal(err)
	}
	read, err := profiles.Read(t.Context(), sh.person, gapanalysis.Query{Resume: sh.resume, Role: backend})
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []*skill.Profile{p, read.Profile} {
		if c, ok := got.Claim(asked); !ok || c.Level != 3 || len(c.Shown) != 3 {
			t.Errorf("claims are %+v", got.Claims)
		}
	}
	if err := second(profiles.Profile(t.Context(), sh.resume, sh.resume)); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody else's: %v", err)
	}
	sh.fail = fault.New(fault.Unavailable, "down", "Down.")
	if err := second(profiles.Profile(t.Context(), sh.person, sh.resume)); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a book that fails: %v", err)
	}
}
