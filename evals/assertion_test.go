package evals_test

import (
	"strings"
	"testing"
	"time"

	"github.com/gapwise/gapwise/evals"
)

func decode(t *testing.T, text string) any {
	t.Helper()
	v, err := evals.DecodeJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const report = `{"readiness": 0.62, "ready_on": "2026-12-04", "hours": {"p50": 300}, "note": "", "text": "Learn Kafka [1].",
	"skills": [{"id": "go", "level": 4, "weight": 0.6, "tags": ["a"]}, {"id": "kafka", "level": 1, "weight": 0.4, "tags": []}], "cost": "0.0100"}`

func TestAssertion(t *testing.T) {
	scope := evals.Scope{
		Answer: decode(t, report),
		Saved:  map[string]any{"slow": decode(t, `{"ready_on": "2026-12-14", "skills": [1, 2]}`)},
		Today:  time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC),
	}
	tests := []struct {
		check string
		want  string // "" where it holds, else part of the message
	}{
		{"readiness > 0.5", ""},
		{"readiness > 0.7", "came 0.62"},
		{"cost == 0.01", ""},
		{"skills[id=go].level >= 3", ""},
		{"skills[id=rust].level >= 3", "skills has no [id=rust]; its ids are go, kafka"},
		{"skills[id=rust] absent", ""},
		{"skills[id=go] absent", `came {"id":"go"`},
		{"skills[id=go] present", ""},
		{"skills[-1].id == kafka", ""},
		{"skills[2].id == kafka", "skills has 2 elements"},
		{"len(skills) == 2", ""},
		{"len(text) == 16", ""},
		{"sum(skills[*].weight) == 1", ""},
		{"days(ready_on) == 10", ""},
		{"days(ready_on) ~ 0.5*days(@slow.ready_on)", ""},
		{"days(ready_on) ~ 2*days(@slow.ready_on)", "is 40); came 10"},
		{"ready_on < @slow.ready_on", ""},
		{"hours.p50 <= @.readiness", "came 300"},
		{"hours.p90 == 1", "hours has no field p90; it has p50"},
		{"readiness == @quick.readiness", `nothing was saved as "quick"`},
		{"text contains Kafka", ""},
		{`text contains "[1]"`, ""},
		{`text matches "\[\d\]"`, ""},
		{`text not matches "\[\d\]"`, "came"},
		{"text not contains Rust", ""},
		{"note is empty", ""},
		{"note not empty", `came ""`},
		{"all skills[*].weight > 0", ""},
		{"all skills[*].tags not empty", "came []"},
		{"any skills[*].tags not empty", ""},
		{"any skills[*].level == 5", "came [4,1]"},
		{"skills[id=go].tags contains a", ""},
		{"skills[id=go].id in rust|go", ""},
		{"skills == @slow.skills", "came"},
		{"readiness != 0.6", ""},
	}
	for _, test := range tests {
		t.Run(test.check, func(t *testing.T) {
			a, err := evals.ParseAssertion(test.check)
			if err != nil {
				t.Fatal(err)
			}
			got := a.Check(scope)
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("Check() = %q, want it to contain %q", got, test.want)
			}
		})
	}
}

func TestAllOfNothingFails(t *testing.T) {
	a, err := evals.ParseAssertion("all matches[*].remote == yes")
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Check(evals.Scope{Answer: decode(t, `{"matches": []}`)}); !strings.Contains(got, "nothing to look at") {
		t.Errorf("an empty list passed: %q", got)
	}
}

func TestParseAssertionRefuses(t *testing.T) {
	for _, text := range []string{
		"", "readiness", "readiness >", "readiness = 1", "skills[id=go level > 1", "skills[x] == 1", "a..b == 1", "note is empty now",
		`text matches "("`, "log(skills) > 1", "x*y > 1", `text contains "open`,
	} {
		if _, err := evals.ParseAssertion(text); err == nil {
			t.Errorf("ParseAssertion(%q) took it", text)
		}
	}
}

func FuzzParseAssertion(f *testing.F) {
	f.Add("all skills[*].weight >= 0.5*sum(@slow.skills[*].weight)")
	f.Add("text not matches \"[\"")
	f.Add("[0].x[a=b] ~ @")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := evals.ParseAssertion(text)
		if err == nil {
			a.Check(evals.Scope{Answer: decode(t, report), Saved: map[string]any{}})
		}
	})
}
