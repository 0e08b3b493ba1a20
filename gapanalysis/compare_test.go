package gapanalysis_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/skill"
)

// row is what is checked of one row of a report.
type row struct {
	Status    gapanalysis.Status
	Evidenced int
	Credit    float64
	From      string // of the transfer
	Near      float64
	P50       int
}

func rowOf(g gapanalysis.SkillGap) row {
	r := row{Status: g.Status, Evidenced: g.Evidenced, Credit: g.Credit, P50: g.Hours.P50}
	if g.Transfer != nil {
		r.From, r.Near = g.Transfer.From, g.Transfer.Similarity
	}
	return r
}

// TestCompare asks for Kafka at level 4, which takes 76 hours from nothing. RabbitMQ carries over .4 by the catalogue; Terraform, by
// nothing but its vector.
func TestCompare(t *testing.T) {
	c := load(t)
	kafka := gapanalysis.Requirement{Skill: "kafka", Level: 4, Why: "Because."}
	aws := gapanalysis.Requirement{Skill: "aws", Level: 3}
	alternative := kafka
	alternative.Alternatives = []string{"rabbitmq"}
	with := func(c skill.Claim, change func(*skill.Claim)) skill.Claim { change(&c); return c }
	nearBy := func(from string, similarity float64) gapanalysis.Nearness {
		return gapanalysis.Nearness{Model: "test", Threshold: 0.5, BySkill: map[string][]gapanalysis.Near{"kafka": {{From: from, Similarity: similarity}}}}
	}
	awsHours := c.Hours("aws", 0, 3).P50
	share := func(hours int, of float64) int { return int(math.Round(float64(hours) * of)) }
	left := func(credit float64) int { return share(c.Hours("kafka", 0, 4).P50, 1-credit) } // of the way to Kafka at level 4
	tests := []struct {
		name        string
		ask         gapanalysis.Requirement
		claims      []skill.Claim
		near        gapanalysis.Nearness
		want        row
		uncertainty float64
	}{
		{name: "nothing", ask: kafka, want: row{Status: gapanalysis.Missing, P50: left(0)}, uncertainty: 0.05},
		{name: "at its level", ask: kafka, claims: []skill.Claim{claim(t, "kafka", 4)}, want: row{Status: gapanalysis.Have, Evidenced: 4, Credit: 1}, uncertainty: 0.20},
		{name: "above it", ask: kafka, claims: []skill.Claim{claim(t, "kafka", 5)}, want: row{Status: gapanalysis.Have, Evidenced: 5, Credit: 1}, uncertainty: 0.20},
		{
			name: "dated", ask: kafka, claims: []skill.Claim{with(claim(t, "kafka", 4), func(c *skill.Claim) { c.Years = 2 })},
			want: row{Status: gapanalysis.Have, Evidenced: 4, Credit: 1}, uncertainty: 0.08,
		},
		{
			name: "confirmed", ask: kafka, claims: []skill.Claim{with(claim(t, "kafka", 4), func(c *skill.Claim) { c.Status = skill.StatusConfirmed })},
			want: row{Status: gapanalysis.Have, Evidenced: 4, Credit: 1}, uncertainty: 0.08,
		},
		{name: "below it", ask: kafka, claims: []skill.Claim{claim(t, "kafka", 2)}, want: row{Status: gapanalysis.Partial, Evidenced: 2, Credit: 0.5, P50: c.Hours("kafka", 2, 4).P50}, uncertainty: 0.20},
		{
			name: "rejected counts for nothing", ask: kafka, claims: []skill.Claim{with(claim(t, "kafka", 5), func(c *skill.Claim) { c.Status = skill.StatusRejected })},
			want: row{Status: gapanalysis.Missing, P50: left(0)}, uncertainty: 0.05,
		},
		{name: "level nothing is nothing", ask: kafka, claims: []skill.Claim{claim(t, "kafka", 0)}, want: row{Status: gapanalysis.Missing, P50: left(0)}, uncertainty: 0.05},
		{name: "not of the catalogue", ask: kafka, claims: []skill.Claim{{Name: "Kafka", Level: 5}}, want: row{Status: gapanalysis.Missing, P50: left(0)}, uncertainty: 0.05},
		{
			name: "an alternative", ask: alternative, claims: []skill.Claim{claim(t, "rabbitmq", 4)},
			want: row{Status: gapanalysis.Transferable, Credit: 0.85, From: "rabbitmq", P50: left(0.85)}, uncertainty: 0.20,
		},
		{
			name: "an alternative at half the level", ask: alternative, claims: []skill.Claim{claim(t, "rabbitmq", 2)},
			want: row{Status: gapanalysis.Transferable, Credit: 0.43, From: "rabbitmq", P50: left(0.43)}, uncertainty: 0.20,
		},
		{
			name: "an alternative above the level is worth no more", ask: alternative, claims: []skill.Claim{claim(t, "rabbitmq", 5)},
			want: row{Status: gapanalysis.Transferable, Credit: 0.85, From: "rabbitmq", P50: left(0.85)}, uncertainty: 0.20,
		},
		{
			name: "by the catalogue", ask: kafka, claims: []skill.Claim{claim(t, "rabbitmq", 4)},
			want: row{Status: gapanalysis.Transferable, Credit: 0.4, From: "rabbitmq", P50: left(0.4)}, uncertainty: 0.20,
		},
		{
			name: "the best of several", ask: kafka, claims: []skill.Claim{claim(t, "rabbitmq", 4), claim(t, "apache-pulsar", 4), claim(t, "nats", 5)},
			want: row{Status: gapanalysis.Transferable, Credit: 0.7, From: "apache-pulsar", P50: left(0.7)}, uncertainty: 0.20,
		},
		{
			name: "of equals the first", ask: gapanalysis.Requirement{Skill: "kafka", Level: 4, Alternatives: []string{"rabbitmq", "apache-pulsar"}}, claims: []skill.Claim{claim(t, "apache-pulsar", 4), claim(t, "rabbitmq", 4)},
			want: row{Status: gapanalysis.Transferable, Credit: 0.85, From: "rabbitmq", P50: left(0.85)}, uncertainty: 0.20,
		},
		{name: "too little to carry over", ask: kafka, claims: []skill.Claim{claim(t, "rabbitmq", 1)}, want: row{Status: gapanalysis.Missing, P50: left(0)}, uncertainty: 0.05},
		{
			name: "a rejected one carries nothing over", ask: alternative, claims: []skill.Claim{with(claim(t, "rabbitmq", 5), func(c *skill.Claim) { c.Status = skill.StatusRejected })},
			want: row{Status: gapanalysis.Missing, P50: left(0)}, uncertainty: 0.05,
		},
		{
			name: "a little of its own and more from another", ask: alternative, claims: []skill.Claim{claim(t, "kafka", 1), claim(t, "rabbitmq", 4)},
			want: row{Status: gapanalysis.Partial, Evidenced: 1, Credit: 0.85, From: "rabbitmq", P50: left(0.85)}, uncertainty: 0.20,
		},
		{
			name: "more of its own than from another", ask: kafka, claims: []skill.Claim{claim(t, "kafka", 3), claim(t, "rabbitmq", 5)},
			want: row{Status: gapanalysis.Partial, Evidenced: 3, Credit: 0.75, P50: c.Hours("kafka", 3, 4).P50}, uncertainty: 0.20,
		},
		{
			name: "a part of it", ask: aws, claims: []skill.Claim{claim(t, "amazon-s3", 3)},
			want: row{Status: gapanalysis.Transferable, Credit: 0.5, From: "amazon-s3", P50: awsHours / 2}, uncertainty: 0.20,
		},
		{
			name: "the whole is no part of its part", ask: gapanalysis.Requirement{Skill: "amazon-s3", Level: 5}, claims: []skill.Claim{claim(t, "cobol", 5)},
			want: row{Status: gapanalysis.Missing, P50: c.Hours("amazon-s3", 0, 5).P50}, uncertainty: 0.05,
		},
		{
			name: "near by its vector", ask: kafka, claims: []skill.Claim{claim(t, "terraform", 4)}, near: nearBy("terraform", 0.75),
			want: row{Status: gapanalysis.Transferable, Credit: 0.45, From: "terraform", Near: 0.75, P50: left(0.45)}, uncertainty: 0.20,
		},
		{
			name: "just near enough", ask: kafka, claims: []skill.Claim{claim(t, "terraform", 4)}, near: nearBy("terraform", 0.5),
			want: row{Status: gapanalysis.Transferable, Credit: 0.3, From: "terraform", Near: 0.5, P50: left(0.3)}, uncertainty: 0.20,
		},
		{
			name: "the same vector", ask: kafka, claims: []skill.Claim{claim(t, "terraform", 4)}, near: nearBy("terraform", 1),
			want: row{Status: gapanalysis.Transferable, Credit: 0.6, From: "terraform", Near: 1, P50: left(0.6)}, uncertainty: 0.20,
		},
		{
			name: "not near enough", ask: kafka, claims: []skill.Claim{claim(t, "terraform", 4)}, near: nearBy("terraform", 0.49),
			want: row{Status: gapanalysis.Missing, P50: left(0)}, uncertainty: 0.05,
		},
		{
			name: "near, but of another kind", ask: kafka, claims: []skill.Claim{claim(t, "code-review", 4)}, near: nearBy("code-review", 0.9),
			want: row{Status: gapanalysis.Missing, P50: left(0)}, uncertainty: 0.05,
		},
		{name: "near, but not held", ask: kafka, near: nearBy("terraform", 0.9), want: row{Status: gapanalysis.Missing, P50: left(0)}, uncertainty: 0.05},
		{
			name: "of all that is held, what gives most", ask: kafka, claims: []skill.Claim{claim(t, "rabbitmq", 4), claim(t, "terraform", 4)}, near: nearBy("terraform", 1),
			want: row{Status: gapanalysis.Transferable, Credit: 0.6, From: "terraform", Near: 1, P50: left(0.6)}, uncertainty: 0.20,
		},
		{
			name: "both the catalogue and the vectors say so", ask: kafka, claims: []skill.Claim{claim(t, "rabbitmq", 4)}, near: nearBy("rabbitmq", 0.81),
			want: row{Status: gapanalysis.Transferable, Credit: 0.4, From: "rabbitmq", Near: 0.81, P50: left(0.4)}, uncertainty: 0.20,
		},
		{
			name: "a model whose skills are all alike", ask: kafka, claims: []skill.Claim{claim(t, "terraform", 4)},
			near: gapanalysis.Nearness{Threshold: 1, BySkill: map[string][]gapanalysis.Near{"kafka": {{From: "terraform", Similarity: 1}}}},
			want: row{Status: gapanalysis.Missing, P50: left(0)}, uncertainty: 0.05,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := gapanalysis.Compare(c, profile(tt.claims...), target(tt.ask), tt.near, gapanalysis.Options{Today: today, HoursPerWeek: 10})
			g := r.Skills[0]
			if diff := cmp.Diff(tt.want, rowOf(g)); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
			if r.Readiness != tt.want.Credit || r.Uncertainty != tt.uncertainty || r.Hours != g.Hours {
				t.Errorf("readiness %v ± %v, hours %v; want %v ± %v and %v", r.Readiness, r.Uncertainty, r.Hours, tt.want.Credit, tt.uncertainty, g.Hours)
			}
			if g.Transfer != nil && g.Transfer.Credit != g.Credit {
				t.Errorf("credit %v, of the transfer %v", g.Credit, g.Transfer.Credit)
			}
			if (g.Status == gapanalysis.Missing) != (len(g.Evidence) == 0) || g.Evidence == nil || g.Why == "" {
				t.Errorf("status %s with evidence %v, why %q", g.Status, g.Evidence, g.Why)
			}
			if g.Status == gapanalysis.Transferable && g.Evidence[0].SkillID != tt.want.From {
				t.Errorf("the evidence is of %s, want %s", g.Evidence[0].SkillID, tt.want.From)
			}
		})
	}
}

func TestCompareSaysWhy(t *testing.T) {
	c := load(t)
	kafka := gapanalysis.Requirement{Skill: "kafka", Level: 4, Why: "The backbone."}
	tests := []struct {
		claims []skill.Claim
		want   string
	}{
		{nil, "Not found in the resume. The backbone."},
		{[]skill.Claim{claim(t, "kafka", 2)}, "Level 2 of 4 asked. Listed."},
		{[]skill.Claim{claim(t, "rabbitmq", 4)}, "Not named in the resume, but RabbitMQ carries over: Producers, consumers and retries carry over; logs, partitions, offsets and replay do not."},
	}
	for _, tt := range tests {
		if got := gapanalysis.Compare(c, profile(tt.claims...), target(kafka), nothingNear, gapanalysis.Options{Today: today}).Skills[0].Why; got != tt.want {
			t.Errorf("why %q, want %q", got, tt.want)
		}
	}
}

// TestReadinessIsTheSumOfCredits holds reports of all roles and of random people to what docs/readiness.md says.
func TestReadinessIsTheSumOfCredits(t *testing.T) {
	c := load(t)
	for seed := range uint64(12) {
		p := randomProfile(t, seed)
		for i, ro := range c.Roles() {
			// One pace for each pair: over the seeds every role meets all of them.
			hours := []int{0, 1, 10, 168}[(int(seed)+i)%4]
			r := gapanalysis.Compare(c, p, gapanalysis.RoleTarget(ro), nothingNear, gapanalysis.Options{Today: today, HoursPerWeek: hours})
			name := fmt.Sprintf("seed %d, %s, %d hours", seed, ro.ID, hours)
			var readiness, weights float64
			var sum catalog.Hours
			for _, g := range r.Skills {
				readiness += g.Weight * g.Credit
				weights += g.Weight
				sum = sum.Add(g.Hours)
				if g.Credit < 0 || g.Credit > 1 || (g.Status == gapanalysis.Have) != (g.Credit == 1 && g.Evidenced >= g.Required) {
					t.Errorf("%s: %s is %s with credit %v", name, g.ID, g.Status, g.Credit)
				}
				if g.Hours.P25 > g.Hours.P50 || g.Hours.P50 > g.Hours.P75 || g.Status == gapanalysis.Have && g.Hours.P75 != 0 {
					t.Errorf("%s: %s is %s and takes %v", name, g.ID, g.Status, g.Hours)
				}
				if full := c.Hours(g.ID, g.Evidenced, g.Required).P50; g.Hours.P50 > full {
					t.Errorf("%s: %s takes %d hours, and without what carries over %d", name, g.ID, g.Hours.P50, full)
				}
			}
			if math.Abs(weights-1) > 1e-6 || math.Abs(r.Readiness-readiness) > 0.0005+1e-9 || r.Hours != sum {
				t.Errorf("%s: weights %v, readiness %v of %v, hours %v of %v", name, weights, r.Readiness, readiness, r.Hours, sum)
			}
			if r.Uncertainty < 0.05-1e-9 || r.Uncertainty > 0.2+1e-9 {
				t.Errorf("%s: uncertainty %v", name, r.Uncertainty)
			}
			if hours == 0 {
				hours = gapanalysis.DefaultHoursPerWeek
			}
			days := int(math.Ceil(float64(sum.P50) * 7 / float64(hours)))
			if want := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Format(time.DateOnly); r.ReadyOn != want {
				t.Errorf("%s: ready on %s, want %s", name, r.ReadyOn, want)
			}
			checkOrder(t, name, c, r)
		}
	}
}

// checkOrder holds the priorities to a permutation of the gaps in which nothing stands before what it needs.
func checkOrder(tb testing.TB, name string, c *catalog.Catalog, r *gapanalysis.Report) {
	tb.Helper()
	gaps := map[string]gapanalysis.SkillGap{}
	taken := map[int]string{}
	for _, g := range r.Skills {
		if g.Status == gapanalysis.Have {
			if g.Priority != 0 {
				tb.Errorf("%s: %s is there and has priority %d", name, g.ID, g.Priority)
			}
			continue
		}
		if gaps[g.ID] = g; taken[g.Priority] != "" {
			tb.Errorf("%s: %s and %s share priority %d", name, g.ID, taken[g.Priority], g.Priority)
		}
		taken[g.Priority] = g.ID
	}
	for n := 1; n <= len(gaps); n++ {
		if taken[n] == "" {
			tb.Errorf("%s: nobody has priority %d of %d", name, n, len(gaps))
		}
	}
	for id, g := range gaps {
		for _, need := range c.Requires(id) {
			if before, open := gaps[need.Needs]; open && before.Evidenced < need.Level && before.Priority > g.Priority {
				tb.Errorf("%s: %s (%d) stands before %s (%d), which it needs at %d", name, id, g.Priority, need.Needs, before.Priority, need.Level)
			}
		}
	}
	if len(r.Next) != min(5, len(gaps)) {
		tb.Errorf("%s: %d next steps of %d gaps", name, len(r.Next), len(gaps))
	}
	for i, n := range r.Next {
		g := gaps[n.Skill]
		if g.Priority != i+1 || n.Hours != g.Hours.P50 || math.Abs(n.Gain-g.Weight*(1-g.Credit)) > 0.0005+1e-9 || n.Why == "" {
			tb.Errorf("%s: step %d is %+v, of %+v", name, i+1, n, g)
		}
	}
}

func TestOrder(t *testing.T) {
	c := load(t)
	ask := func(id string, level int, weight float64) gapanalysis.Requirement {
		return gapanalysis.Requirement{Skill: id, Level: level, Weight: weight}
	}
	tests := []struct {
		name   string
		ask    []gapanalysis.Requirement
		must   []bool
		claims []skill.Claim
		want   []string
	}{
		{"by readiness for an hour", []gapanalysis.Requirement{ask("kafka", 4, 0.5), ask("docker", 4, 0.5)}, []bool{true, true}, nil, []string{"docker", "kafka"}},
		{"a must-have sooner", []gapanalysis.Requirement{ask("mysql", 3, 0.5), ask("postgresql", 3, 0.5)}, []bool{false, true}, nil, []string{"postgresql", "mysql"}},
		{"equals by id", []gapanalysis.Requirement{ask("fortran", 3, 0.5), ask("cobol", 3, 0.5)}, []bool{true, true}, nil, []string{"cobol", "fortran"}},
		{"not before what it needs", []gapanalysis.Requirement{ask("react", 2, 0.98), ask("javascript", 5, 0.02)}, []bool{true, true}, nil, []string{"javascript", "react"}},
		{
			"what it needs is there already",
			[]gapanalysis.Requirement{ask("react", 2, 0.98), ask("javascript", 5, 0.02)},
			[]bool{true, true},
			[]skill.Claim{claim(t, "javascript", 3)},
			[]string{"react", "javascript"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for i := range tt.ask {
				tt.ask[i].Must = tt.must[i]
			}
			r := gapanalysis.Compare(c, profile(tt.claims...), gapanalysis.Target{Requirements: tt.ask}, nothingNear, gapanalysis.Options{Today: today})
			var got []string
			for _, n := range r.Next {
				got = append(got, n.Skill)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
			checkOrder(t, tt.name, c, r)
		})
	}
}

func TestBands(t *testing.T) {
	tests := []struct {
		readiness float64
		want      string
	}{
		{0, "starting out"},
		{0.249, "starting out"},
		{0.25, "building"},
		{0.499, "building"},
		{0.5, "getting close"},
		{0.699, "getting close"},
		{0.7, "nearly ready"},
		{0.849, "nearly ready"},
		{0.85, "ready"},
		{1, "ready"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.readiness), func(t *testing.T) {
			r := gapanalysis.Compare(load(t), profile(claim(t, "kafka", 4)), gapanalysis.Target{Requirements: []gapanalysis.Requirement{
				{Skill: "kafka", Level: 4, Weight: tt.readiness}, {Skill: "cobol", Level: 4, Weight: 1 - tt.readiness},
			}}, nothingNear, gapanalysis.Options{Today: today})
			if r.Readiness != tt.readiness || r.Band != tt.want {
				t.Errorf("readiness %v is %q, want %q", r.Readiness, r.Band, tt.want)
			}
		})
	}
}

func TestExtra(t *testing.T) {
	rejected := claim(t, "cobol", 5)
	rejected.Status = skill.StatusRejected
	p := profile(claim(t, "kafka", 5), claim(t, "docker", 3), claim(t, "terraform", 4), claim(t, "ansible", 3), claim(t, "redis", 1), rejected,
		skill.Claim{Name: "Zebra", Level: 3})
	r := gapanalysis.Compare(load(t), p, target(gapanalysis.Requirement{Skill: "kafka", Level: 3}), nothingNear, gapanalysis.Options{Today: today})
	var got []string
	for _, e := range r.Extra {
		id := "-"
		if e.ID != nil {
			id = *e.ID
		}
		got = append(got, fmt.Sprintf("%s %s %d", id, e.Name, e.Level))
	}
	if diff := cmp.Diff([]string{"terraform Terraform 4", "ansible Ansible 3", "docker Docker 3", "- Zebra 3"}, got); diff != "" {
		t.Errorf("extra (-want +got):\n%s", diff)
	}
	var many []skill.Claim
	for range 60 {
		many = append(many, skill.Claim{Name: "Thing", Level: 3})
	}
	if n := len(gapanalysis.Compare(load(t), profile(many...), target(gapanalysis.Requirement{Skill: "kafka", Level: 3}), nothingNear, gapanalysis.Options{Today: today}).Extra); n != 50 {
		t.Errorf("%d extras, want 50 at most", n)
	}
}

func TestEvidenceIsBounded(t *testing.T) {
	c := claim(t, "kafka", 2)
	for range 9 {
		c.Mentions = append(c.Mentions, c.Mentions[0])
	}
	for _, ask := range []gapanalysis.Requirement{{Skill: "kafka", Level: 4}, {Skill: "rabbitmq", Level: 2}} {
		g := gapanalysis.Compare(load(t), profile(c), target(ask), nothingNear, gapanalysis.Options{Today: today}).Skills[0]
		if len(g.Evidence) != 5 {
			t.Errorf("%s: %d pieces of evidence, want the first 5", ask.Skill, len(g.Evidence))
		}
	}
}

func TestReportIsDeterministic(t *testing.T) {
	c := load(t)
	for _, ro := range c.Roles() {
		p := randomProfile(t, 99)
		before, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var first []byte
		for range 5 {
			b, err := json.Marshal(gapanalysis.Compare(c, p, gapanalysis.RoleTarget(ro), nothingNear, gapanalysis.Options{Today: today}))
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = b
			}
			if string(b) != string(first) {
				t.Errorf("%s: equal inputs gave two reports", ro.ID)
			}
		}
		if strings.Contains(string(first), ":null,\"hours\"") || strings.Contains(string(first), `"evidence":null`) || strings.Contains(string(first), "NaN") {
			t.Errorf("%s: the report has a null for a list", ro.ID)
		}
		if after, err := json.Marshal(p); err != nil || string(after) != string(before) {
			t.Errorf("%s: Compare changed the profile", ro.ID)
		}
	}
}

func TestReportNamesItsVersions(t *testing.T) {
	c := load(t)
	r := gapanalysis.Compare(c, profile(), gapanalysis.RoleTarget(role(t, "data-engineer")), nothingNear, gapanalysis.Options{Today: today})
	if r.Role != "data-engineer" || r.CatalogVersion != c.Version() || r.ExtractorVersion != "rules-test" || r.Embedder != "test" {
		t.Errorf("role %q, versions %q, %q, %q", r.Role, r.CatalogVersion, r.ExtractorVersion, r.Embedder)
	}
	if r.Readiness != 0 || r.Band != "starting out" || r.Extra == nil || r.Next == nil || len(r.Next) != 5 {
		t.Errorf("readiness %v, band %q, %d next, extra %v", r.Readiness, r.Band, len(r.Next), r.Extra)
	}
}

func BenchmarkCompare(b *testing.B) {
	c := load(b)
	p := randomProfile(b, 7)
	for _, ro := range c.Roles() {
		b.Run(ro.ID, func(b *testing.B) {
			t := gapanalysis.RoleTarget(ro)
			for b.Loop() {
				gapanalysis.Compare(c, p, t, nothingNear, gapanalysis.Options{Today: today})
			}
		})
	}
}
