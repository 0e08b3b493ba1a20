package gapanalysis_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

func TestMatchWeightsSumToOne(t *testing.T) {
	w := gapanalysis.DefaultMatchWeights()
	if sum := w.Must + w.Nice + w.Core + w.Near + w.Title + w.Rung + w.Fresh; sum < 0.9999 || sum > 1.0001 {
		t.Errorf("the weights sum to %v", sum)
	}
}

// TestMatchSaysWhy is a match of a backend engineer with a posting that lacks one thing.
func TestMatchSaysWhy(t *testing.T) {
	p := profile(claim(t, "go", 4), claim(t, "postgresql", 4), claim(t, "docker", 3), claim(t, "grpc", 3), claim(t, "kubernetes", 1))
	p.Titles = []string{"Senior Backend Engineer"}
	post := job(t, 1, "Senior Backend Engineer (Kafka)", "senior", must("go", 4), must("postgresql", 4), must("docker", 3), must("kafka", 3), must("kubernetes", 4), nice("grpc", 3))
	got := rerank(t, p, 1, gapanalysis.Candidate{Posting: post, Similarity: 0.6})[0]
	if len(got.Reasons) != 3 || len(got.Blockers) != 2 || got.Strength == gapanalysis.StrengthStrong {
		t.Fatalf("%d reasons, %d blockers, %s", len(got.Reasons), len(got.Blockers), got.Strength)
	}
	for _, r := range got.Reasons {
		if r.Resume == "" || r.Posting == "" {
			t.Errorf("the reason %+v lacks the words of a side", r)
		}
	}
	if b := got.Blockers[0]; b.Kind != gapanalysis.BlockerSkill || b.Skill != "kafka" || b.Posting != "we need kafka" {
		t.Errorf("the first blocker is %+v", b)
	}
	if b := got.Blockers[1]; b.Kind != gapanalysis.BlockerLevel || b.Skill != "kubernetes" || !strings.Contains(b.Text, "level 1 is shown") {
		t.Errorf("the second blocker is %+v", b)
	}
	u := got.Unlock
	if u == nil || u.Skill != "kafka" || u.To != 3 || u.Hours == 0 || !strings.HasPrefix(u.Text, "Learn Apache Kafka to level 3 (") || !strings.HasSuffix(u.Text, "and this becomes strong.") {
		t.Fatalf("unlock %+v", u)
	}
	p.Claims = append(p.Claims, claim(t, "kafka", 3))
	if after := rerank(t, p, 1, gapanalysis.Candidate{Posting: post, Similarity: 0.6})[0]; after.Strength != gapanalysis.StrengthStrong || after.Unlock != nil {
		t.Errorf("with what was to be learned it is %s at %v, unlock %v", after.Strength, after.Score, after.Unlock)
	}
}

func TestMatchBlockersOfRungAndLanguage(t *testing.T) {
	p := profile(claim(t, "go", 4))
	p.Titles = []string{"Junior Developer"}
	c := gapanalysis.Candidate{Posting: job(t, 1, "Staff Engineer", "staff", must("go", 4), must("kafka", 4)), Similarity: 0.5}
	before := rerank(t, p, 1, c)[0]
	spoken := c
	asks := *c.Posting
	asks.Speaks = "de/fr nl"
	spoken.Posting = &asks
	if got := rerank(t, p, 1, spoken)[0]; got.Score >= before.Score || got.Blockers[0].Kind != gapanalysis.BlockerLanguage || !strings.Contains(got.Blockers[0].Text, "asks for German or French and Dutch, ") {
		t.Errorf("of languages that it asks for it says %+v, score %v", got.Blockers, got.Score)
	}
	p.Text = "Languages: Deutsch (native), Nederlands"
	if got := rerank(t, p, 1, spoken)[0]; got.Score != before.Score {
		t.Errorf("with the languages shown it scores %v, want %v", got.Score, before.Score)
	}
	c.Foreign = true
	got := rerank(t, p, 1, c)[0]
	var kinds []string
	for _, b := range got.Blockers {
		kinds = append(kinds, b.Kind)
	}
	if diff := cmp.Diff([]string{gapanalysis.BlockerLanguage, gapanalysis.BlockerSeniority}, kinds); diff != "" {
		t.Errorf("blockers (-want +got):\n%s", diff)
	}
	if got.Score >= before.Score {
		t.Errorf("in a foreign language it scores %v, else %v", got.Score, before.Score)
	}
}

// TestMatchTitles has titles that share no word and belong to one role, and such that share a word and do not.
func TestMatchTitles(t *testing.T) {
	for _, tt := range []struct{ own, near, far string }{
		{"DBA", "Database Administrator", "Data Scientist"},
		{"Softwareentwicklerin", "Software Engineer", "Network Engineer"},
		{"Développeuse backend", "Backend Engineer", "Frontend Engineer"},
		{"Ingeniera de datos", "Data Engineer (Snowflake)", "Network Engineer"},
		{"SRE", "Site Reliability Engineer – Kubernetes", "Sales Engineer"},
	} {
		p := profile(claim(t, "sql", 3))
		p.Titles = []string{tt.own}
		score := func(title string) float64 {
			return rerank(t, p, 1, gapanalysis.Candidate{Posting: job(t, 1, title, "", must("sql", 3)), Similarity: 0.5})[0].Score
		}
		if near, far := score(tt.near), score(tt.far); near <= far {
			t.Errorf("%s: %q scores %v and %q %v", tt.own, tt.near, near, tt.far, far)
		}
	}
}

// lists stands for the database behind a service that finds candidates.
type lists struct {
	found []gapanalysis.Candidate
	ids   []uuid.UUID
	limit int
}

func (l *lists) MatchCandidates(_ context.Context, _ string, _, _ uuid.UUID, f gapanalysis.Filter, ids []uuid.UUID) ([]gapanalysis.Candidate, error) {
	l.ids, l.limit = ids, f.Limit
	return l.found, nil
}

func (l *lists) PostingRequirements(_ context.Context, ids []uuid.UUID) (map[uuid.UUID][]posting.Requirement, error) {
	out := map[uuid.UUID][]posting.Requirement{}
	for _, id := range ids {
		out[id] = []posting.Requirement{must("kafka", 3)}
	}
	return out, nil
}

func (l *lists) Saved(_ context.Context, _ uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	return map[uuid.UUID]bool{ids[0]: true}, nil
}

func (l *lists) SkillVectors(context.Context, string) (map[string]embeddings.Vector, float64, error) {
	return map[string]embeddings.Vector{"kafka": {1, 0}, "rabbitmq": {0.9, 0.43589}, "css": {0, 1}}, 0.8, nil
}

func TestServiceFindsByListsAndNearness(t *testing.T) {
	s, sh := newService(t, claim(t, "rabbitmq", 4), claim(t, "git", 4))
	l := &lists{found: []gapanalysis.Candidate{{Posting: job(t, 1, "Engineer", "", posting.Requirement{Skill: "kafka", Level: 3, Must: true}), Similarity: 0.5}}}
	got, err := s.Finding(l, l).Jobs(t.Context(), sh.person, sh.resume, gapanalysis.Filter{})
	if err != nil || len(got) != 1 || !got[0].Saved || got[0].Reasons[0].Posting != "we need kafka" {
		t.Fatalf("%+v, %v; want the one that is near, saved, in the posting's words", got, err)
	}
	if l.ids != nil || l.limit != 600 {
		t.Errorf("without an index %d candidates of %v were asked for, want 600 that vectors find", l.limit, l.ids)
	}
}

func TestNeutralTitlesAndGist(t *testing.T) {
	for from, want := range map[string]string{
		"Frontend-Entwicklerin (E 12)": "Frontend-Entwickler (E 12)", "Chairwoman": "Chairperson", "salesman of the year 2019": "salesperson of the year",
		"DevOps Engineer (m/w/d)": "DevOps Engineer", "Roman historian": "Roman historian",
	} {
		if got := skill.Neutral(from); got != want {
			t.Errorf("%q became %q, want %q", from, got, want)
		}
	}
}

func TestFreshness(t *testing.T) {
	p := profile(claim(t, "go", 4))
	fresh, stale := job(t, 1, "Engineer", "", must("go", 4)), job(t, 2, "Engineer", "", must("go", 4))
	fresh.PostedOn, stale.PostedOn = today.AddDate(0, 0, -1), today.Add(-200*24*time.Hour)
	got := rerank(t, p, 2, gapanalysis.Candidate{Posting: stale, Similarity: 0.5}, gapanalysis.Candidate{Posting: fresh, Similarity: 0.5})
	if got[0].PostingID != fresh.ID.String() || got[0].Score <= got[1].Score {
		t.Errorf("%+v", got)
	}
}
