package gapanalysis_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

var updateMarket = flag.Bool("update", false, "write the golden files of the market view anew")

// samplesMarket are the sample postings as the market view reads them.
func samplesMarket(t *testing.T) []gapanalysis.MarketPosting {
	t.Helper()
	c := load(t)
	finder := skill.NewFinder(c)
	var out []gapanalysis.MarketPosting
	for line := range strings.Lines(string(c.SamplePostings())) {
		var rec struct {
			Title, Description string
			PostedOn           string `json:"posted_on"`
		}
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			t.Fatal(err)
		}
		day, err := time.Parse(time.DateOnly, rec.PostedOn)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, gapanalysis.MarketPosting{Title: rec.Title, PostedOn: day, Sample: true, Asks: posting.Requirements(finder, rec.Description)})
	}
	return out
}

// fullProfile is somebody who can do much and lacks something for nearly everything.
func fullProfile(t *testing.T) *skill.Profile {
	t.Helper()
	var claims []skill.Claim
	for _, id := range []string{
		"python", "sql", "linux", "docker", "kubernetes", "terraform", "aws", "postgresql", "git", "apache-airflow", "apache-spark", "dbt", "react", "typescript",
		"javascript", "html", "css", "prometheus", "grafana", "helm", "java", "pytorch", "data-modelling", "continuous-integration", "rest-api", "code-review", "bash",
	} {
		claims = append(claims, claim(t, id, 4))
	}
	return profile(claims...)
}

func TestMarketGolden(t *testing.T) {
	c := load(t)
	samples := samplesMarket(t)
	bridge := gapanalysis.NewTitleBridge(c)
	for _, role := range []string{"", "data-engineer", "site-reliability-engineer", "frontend-engineer"} {
		t.Run(role, func(t *testing.T) {
			var r *catalog.Role
			if role != "" {
				var err error
				if r, err = c.Role(role); err != nil {
					t.Fatal(err)
				}
			}
			v := gapanalysis.ViewMarket(c, bridge, samples, r, fullProfile(t))
			got, err := json.MarshalIndent(v, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "market", "samples-"+role+".json")
			if role == "" {
				path = filepath.Join("testdata", "market", "samples.json")
			}
			if *updateMarket {
				if err := os.WriteFile(path, append(got, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(bytes.TrimSpace(want)), string(got)); diff != "" {
				t.Errorf("the view has changed; look at it and run with -update (-want +got):\n%.3000s", diff)
			}
		})
	}
}

// TestMarketCounts counts by hand.
func TestMarketCounts(t *testing.T) {
	c := load(t)
	month := func(m, day int) time.Time { return time.Date(2026, time.Month(m), day, 0, 0, 0, 0, time.UTC) }
	asks := func(ids ...string) (out []posting.Requirement) {
		for _, id := range ids {
			id, nice := strings.CutSuffix(id, "?")
			out = append(out, posting.Requirement{Skill: id, Level: 3, Must: !nice})
		}
		return out
	}
	var list []gapanalysis.MarketPosting
	for i := range 5 { // Kafka in one of five in March, and in three of five in May; April has too few to be compared
		list = append(list, gapanalysis.MarketPosting{Title: "Data Engineer", PostedOn: month(3, i+1), Asks: asks("sql")},
			gapanalysis.MarketPosting{Title: "Data Engineer", PostedOn: month(5, i+1), Asks: asks("sql")})
	}
	list[0].Asks, list[1].Asks, list[3].Asks, list[5].Asks = asks("sql", "kafka"), asks("sql", "kafka"), asks("sql", "kafka?"), asks("sql", "kafka", "go")
	list = append(list, gapanalysis.MarketPosting{Title: "Data Engineer", PostedOn: month(4, 1), Asks: asks("sql")}, gapanalysis.MarketPosting{Title: "Cook", Asks: asks("cobol")})
	r, err := c.Role("data-engineer")
	if err != nil {
		t.Fatal(err)
	}
	v := gapanalysis.ViewMarket(c, gapanalysis.NewTitleBridge(c), list, r, profile(claim(t, "sql", 4)))
	if v.Postings != 11 || len(v.Months) != 3 || v.Months[1].Postings != 1 {
		t.Errorf("%d postings, months %+v", v.Postings, v.Months)
	}
	for _, s := range v.Skills {
		switch s.ID {
		case "kafka":
			if s.Asking != 4 || s.Share != 0.364 || s.Must != 0.273 || s.Since != "2026-03" || s.Change != 40 || !strings.Contains(s.Text, "postings 36 %, up 40 since March") || s.Catalogue == 0 {
				t.Errorf("Kafka: %+v", s)
			}
		case "cobol":
			t.Error("a posting of another trade is counted")
		}
	}
	if v.Qualified != 8 || len(v.Opens) != 1 || v.Opens[0].Skill != "kafka" || v.Opens[0].Postings != 2 || v.Opens[0].To != 3 || v.Opens[0].Hours == 0 {
		t.Errorf("qualified for %d, opens %+v", v.Qualified, v.Opens)
	}
	if all := gapanalysis.ViewMarket(c, gapanalysis.NewTitleBridge(c), list, nil, nil); all.Postings != 12 || len(all.Opens) != 0 {
		t.Errorf("all: %d postings, opens %v", all.Postings, all.Opens)
	}
}
