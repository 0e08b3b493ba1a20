package gapanalysis_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

func rank(tb testing.TB, p *skill.Profile) []gapanalysis.RoleScore {
	tb.Helper()
	return gapanalysis.Rank(load(tb), p, func(*catalog.Role) gapanalysis.Nearness { return nothingNear }, gapanalysis.Options{Today: today})
}

// TestOwnRoleRanksFirst has for each role somebody at exactly its levels, without a word of title.
func TestOwnRoleRanksFirst(t *testing.T) {
	roles := load(t).Roles()
	for _, r := range roles {
		t.Run(r.ID, func(t *testing.T) {
			got := rank(t, roleProfile(t, r))
			if got[0].ID != r.ID || got[0].Coverage != 1 || got[0].Score < 0.6 { // .45 of coverage and .15 of focus, and what the headings add
				t.Errorf("first is %s with %v, covered %v; want %s with .60 at least, all of it", got[0].ID, got[0].Score, got[0].Coverage, r.ID)
			}
			checkRanking(t, got)
			// Nobody's skills are all of one role: others beside them take nothing away.
			p := roleProfile(t, r)
			own, others := 0, 0 // levels
			for _, q := range r.Skills {
				if q.Level > catalog.LevelAwareness { // which counts on neither side
					own += q.Level
				}
			}
			for _, s := range load(t).Skills() {
				if !slices.ContainsFunc(r.Skills, func(q catalog.Requirement) bool { return q.Skill == s.ID }) && others+2 <= own {
					p.Claims = append(p.Claims, claim(t, s.ID, 2))
					others += 2
				}
			}
			for _, s := range rank(t, p) {
				if s.ID == r.ID && s.Score < 0.6 {
					t.Errorf("with other skills beside it %s has %v, want .60 still", s.ID, s.Score)
				}
			}
		})
	}
}

func checkRanking(tb testing.TB, list []gapanalysis.RoleScore) {
	tb.Helper()
	if len(list) != len(load(tb).Roles()) {
		tb.Errorf("%d roles are ranked", len(list))
	}
	for i, s := range list {
		if s.Score < 0 || s.Score > 1 || s.Coverage < 0 || s.Coverage > 1 || i > 0 && s.Score > list[i-1].Score {
			tb.Errorf("place %d: %s with %v, covered %v", i+1, s.ID, s.Score, s.Coverage)
		}
		if len(s.Reasons) == 0 || slices.Contains(s.Reasons, "") {
			tb.Errorf("%s has reasons %q", s.ID, s.Reasons)
		}
	}
}

func TestRankByTitle(t *testing.T) {
	tests := []struct {
		titles []string
		want   string
	}{
		{[]string{"Senior Back-End Developer"}, "senior-backend-engineer"},
		{[]string{"Data Engineer"}, "data-engineer"},
		{[]string{"Front end engineer"}, "frontend-engineer"},
		{[]string{"ML Engineer"}, "machine-learning-engineer"},
		{[]string{"SRE"}, "site-reliability-engineer"},
		{[]string{"Full Stack Developer"}, "full-stack-engineer"},
		{[]string{"Front end engineer", "Data Engineer"}, "frontend-engineer"}, // the latest title counts most
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.titles, ", "), func(t *testing.T) {
			got := rank(t, &skill.Profile{Titles: tt.titles})
			if got[0].ID != tt.want || got[0].Score != 0.4 {
				t.Errorf("first is %s with %v, want %s with .40", got[0].ID, got[0].Score, tt.want)
			}
			if !slices.ContainsFunc(got[0].Reasons, func(r string) bool { return strings.Contains(r, tt.titles[0]) }) {
				t.Errorf("reasons %q do not name the title", got[0].Reasons)
			}
			checkRanking(t, got)
		})
	}
}

func TestRankOfNobody(t *testing.T) {
	got := rank(t, profile())
	checkRanking(t, got)
	for i, s := range got {
		if s.Score != 0 || i > 0 && s.ID < got[i-1].ID {
			t.Errorf("place %d: %s with %v, want nothing, by id", i+1, s.ID, s.Score)
		}
	}
}

func TestRankIsDeterministic(t *testing.T) {
	p := randomProfile(t, 5)
	p.Titles = []string{"Engineer", "Platform Engineer"}
	first, err := json.Marshal(rank(t, p))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if b, err := json.Marshal(rank(t, p)); err != nil || string(b) != string(first) {
			t.Error("equal inputs gave two rankings")
		}
	}
}

func job(tb testing.TB, id byte, title, seniority string, requirements ...posting.Requirement) *posting.Posting {
	tb.Helper()
	return &posting.Posting{ID: uuid.UUID{15: id}, Source: "test", Title: title, Company: "Acme", Seniority: seniority, Requirements: requirements}
}

func must(id string, level int) posting.Requirement {
	return posting.Requirement{Skill: id, Level: level, Must: true, Excerpt: "we need\n  " + id}
}

func nice(id string, level int) posting.Requirement {
	return posting.Requirement{Skill: id, Level: level, Excerpt: id + " is a plus"}
}

func TestPostingTarget(t *testing.T) {
	tests := []struct {
		name         string
		requirements []posting.Requirement
		want         []float64
	}{
		{"nothing", nil, nil},
		{"one must", []posting.Requirement{must("kafka", 3)}, []float64{1}},
		{"one nice", []posting.Requirement{nice("kafka", 3)}, []float64{1}},
		{"a must weighs two and a half nice ones", []posting.Requirement{must("kafka", 3), nice("docker", 3)}, []float64{1 / 1.4, 0.4 / 1.4}},
		{"several", []posting.Requirement{must("kafka", 3), must("go", 3), nice("docker", 3), nice("redis", 3), nice("terraform", 3)}, []float64{1 / 3.2, 1 / 3.2, 0.4 / 3.2, 0.4 / 3.2, 0.4 / 3.2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := gapanalysis.PostingTarget(job(t, 1, "Engineer", "", tt.requirements...))
			if got.ID != "posting" || got.Name != "Engineer" || len(got.Requirements) != len(tt.want) {
				t.Fatalf("target %+v", got)
			}
			var sum float64
			for i, q := range got.Requirements {
				sum += q.Weight
				if math.Abs(q.Weight-tt.want[i]) > 1e-9 || q.Skill != tt.requirements[i].Skill || q.Level != 3 || q.Must != tt.requirements[i].Must {
					t.Errorf("requirement %d: %+v, want weight %v", i, q, tt.want[i])
				}
			}
			if len(tt.want) > 0 && math.Abs(sum-1) > 1e-9 {
				t.Errorf("the weights sum to %v", sum)
			}
			if len(tt.want) > 0 && strings.Contains(got.Requirements[0].Why, "\n") {
				t.Errorf("why %q, want it on one line", got.Requirements[0].Why)
			}
		})
	}
}

func rerank(tb testing.TB, p *skill.Profile, limit int, candidates ...gapanalysis.Candidate) []gapanalysis.Match {
	tb.Helper()
	return gapanalysis.Rerank(load(tb), p, candidates, nothingNear, gapanalysis.Options{Today: today}, limit)
}

func TestRerank(t *testing.T) {
	p := profile(claim(t, "kafka", 4), claim(t, "go", 4), claim(t, "docker", 2))
	p.Titles = []string{"Senior Backend Engineer"}
	fits := gapanalysis.Candidate{Posting: job(t, 1, "Senior Backend Engineer", "senior", must("kafka", 4), must("go", 3), nice("docker", 3)), Similarity: 0.5}
	lacks := gapanalysis.Candidate{Posting: job(t, 2, "Senior Backend Engineer", "senior", must("kafka", 4), must("cobol", 3), nice("fortran", 3), must("perl", 3)), Similarity: 0.5}
	silent := gapanalysis.Candidate{Posting: job(t, 3, "Senior Backend Engineer", "senior"), Similarity: 1}
	other := gapanalysis.Candidate{Posting: job(t, 4, "Cook", "junior", must("cobol", 3)), Similarity: -0.5}

	got := rerank(t, p, 10, other, silent, lacks, fits)
	var order []string
	for _, m := range got {
		order = append(order, m.PostingID[len(m.PostingID)-1:])
	}
	if strings.Join(order, "") != "12" {
		t.Fatalf("order %v, want the one that fits and the one with gaps; never one that asks for nothing, or for nothing that is there", order)
	}
	first := got[0]
	// Both musts as asked beside the one that is imagined half met; the wish at two thirds of its level; no skill in the title; no date.
	w := gapanalysis.DefaultMatchWeights()
	want := w.Must*(2+0.5)/3 + w.Nice*(0.67+0.5)/2 + w.Core*0.5 + w.Near*0.5 + w.Title + w.Rung + w.Fresh*0.5
	if math.Abs(first.Score-want) > 0.0006 {
		t.Errorf("score %v, want %.3f", first.Score, want)
	}
	if first.Band != "ready" || first.Company != "Acme" || first.Title != "Senior Backend Engineer" || first.Sample || first.PostedOn != "" {
		t.Errorf("match %+v", first)
	}
	if len(first.Missing) != 0 || first.Missing == nil || len(first.Reasons) != 3 {
		t.Fatalf("missing %v, reasons %+v", first.Missing, first.Reasons)
	}
	r := first.Reasons[2]
	if r.Skill != "docker" || !strings.Contains(r.Text, "asked at level 3, shown at level 2") || r.Resume != "Docker" || r.Posting != "docker is a plus" {
		t.Errorf("the last reason is %+v, want Docker with the words of both sides", r)
	}
	if r := first.Reasons[0]; r.Posting != "we need "+r.Skill {
		t.Errorf("the words of the posting are %q, want them on one line", r.Posting)
	}
	if !slices.Equal(got[1].Missing, []string{"cobol", "perl"}) {
		t.Errorf("missing %v, want the musts that are not there", got[1].Missing)
	}
	if n := len(rerank(t, p, 1, other, silent, lacks, fits)); n != 1 {
		t.Errorf("%d matches with a limit of 1", n)
	}
	if got := rerank(t, p, 5); got == nil || len(got) != 0 {
		t.Errorf("no candidates give %#v, want an empty list", got)
	}
}

func TestRerankEqualsById(t *testing.T) {
	p := profile(claim(t, "kafka", 4))
	var candidates []gapanalysis.Candidate
	for _, id := range []byte{7, 3, 9, 1} {
		candidates = append(candidates, gapanalysis.Candidate{Posting: job(t, id, "Engineer", "", must("kafka", 4)), Similarity: 0.5})
	}
	got := rerank(t, p, 10, candidates...)
	if !slices.IsSortedFunc(got, func(a, b gapanalysis.Match) int { return strings.Compare(a.PostingID, b.PostingID) }) {
		t.Errorf("equals are not in the order of their ids: %+v", got)
	}
}

func TestMatchSeniority(t *testing.T) {
	years := func(n float64) *skill.Profile {
		c := claim(t, "kafka", 4)
		c.Years = n
		return profile(c)
	}
	titled := func(titles ...string) *skill.Profile {
		p := profile(claim(t, "kafka", 4))
		p.Titles = titles
		return p
	}
	tests := []struct {
		name   string
		p      *skill.Profile
		suited string // the seniority that scores best; "" where all score alike
	}{
		{"a title", titled("Senior Engineer"), "senior"},
		{"an abbreviated title", titled("Sr. Engineer"), "senior"},
		{"an intern of a lead", titled("Intern to the Lead Engineer"), "junior"},
		{"principal", titled("Principal Engineer"), "staff"},
		{"the latest title that says so", titled("Engineer", "Junior Engineer"), "junior"},
		{"one year", years(1), "junior"},
		{"four years", years(4), "mid"},
		{"eight years", years(8), "senior"},
		{"twenty years, which make nobody staff", years(20), "senior"},
		{"nothing known", profile(claim(t, "kafka", 4)), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			scores := map[string]float64{}
			for _, s := range []string{"junior", "mid", "senior", "staff"} {
				scores[s] = rerank(t, tt.p, 1, gapanalysis.Candidate{Posting: job(t, 1, "", s, must("kafka", 4))})[0].Score
			}
			for s, score := range scores {
				if tt.suited == "" && score != scores["junior"] || tt.suited != "" && s != tt.suited && score >= scores[tt.suited] {
					t.Errorf("scores %v, want %q best", scores, tt.suited)
				}
			}
		})
	}
}

// TestRerankSamples matches people of each role with the postings that ship.
func TestRerankSamples(t *testing.T) {
	c := load(t)
	finder := skill.NewFinder(c)
	var candidates []gapanalysis.Candidate
	for line := range strings.Lines(string(c.SamplePostings())) {
		var rec struct {
			Title, Seniority, Description string
			ExternalID                    string `json:"external_id"`
		}
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			t.Fatal(err)
		}
		candidates = append(candidates, gapanalysis.Candidate{Similarity: 0.3, Posting: &posting.Posting{
			ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(rec.ExternalID)), Source: posting.SampleSource, Title: rec.Title, Seniority: rec.Seniority,
			Description: rec.Description, Requirements: posting.Requirements(finder, rec.Description),
		}})
	}
	for _, r := range c.Roles() {
		p := roleProfile(t, r)
		p.Titles = []string{r.Name}
		got := rerank(t, p, 20, candidates...)
		if len(got) < 3 { // the samples are of few fields, and something is asked for in all of them
			t.Errorf("%s: %d matches", r.ID, len(got))
		}
		for i, m := range got {
			if i > 0 && m.Score > got[i-1].Score || m.Score <= 0 || m.Score > 1 {
				t.Errorf("%s: place %d has %v", r.ID, i+1, m.Score)
			}
			if len(m.Reasons) == 0 || len(m.Reasons) > 6 || !m.Sample || m.Band == "" || m.Missing == nil {
				t.Errorf("%s: %q has reasons %v, missing %v", r.ID, m.Title, m.Reasons, m.Missing)
			}
			for _, why := range m.Reasons {
				if why.Text == "" || why.Posting == "" || why.Resume == "" {
					t.Errorf("%s: %q has the reason %+v, want words of both sides", r.ID, m.Title, why)
				}
			}
		}
	}
}

// TestRankSaysWhatSpeaksAgainst: a role that asks for more than is shown says which musts, and how long they take; one that is covered says nothing.
func TestRankSaysWhatSpeaksAgainst(t *testing.T) {
	c := load(t)
	role, err := c.Role("data-engineer")
	if err != nil {
		t.Fatal(err)
	}
	var whole []skill.Claim
	for _, q := range role.Skills {
		whole = append(whole, claim(t, q.Skill, q.Level))
	}
	for name, tt := range map[string]struct {
		claims  []skill.Claim
		against bool
	}{
		"nothing but a beginning": {[]skill.Claim{claim(t, "sql", 1)}, true},
		"all of it":               {whole, false},
	} {
		for _, r := range gapanalysis.Rank(c, profile(tt.claims...), func(*catalog.Role) gapanalysis.Nearness { return gapanalysis.Nearness{} }, gapanalysis.Options{Today: today}) {
			if r.ID != role.ID {
				continue
			}
			if (len(r.Against) > 0) != tt.against || (r.Hours.P50 > 0) != tt.against || (r.ReadyOn > today.Format("2006-01-02")) != tt.against {
				t.Errorf("%s: against %q, %d hours, ready on %s", name, r.Against, r.Hours.P50, r.ReadyOn)
			}
		}
	}
}
