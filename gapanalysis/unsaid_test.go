package gapanalysis_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/skill"
)

// TestWhatGoesWithoutSaying compares people who name none of the practices of everyday work with a role that asks for them.
func TestWhatGoesWithoutSaying(t *testing.T) {
	t.Parallel()
	c := load(t)
	claim := func(id string, level int, years float64) skill.Claim {
		return skill.Claim{ID: &id, Name: id, Level: level, Years: years, Status: skill.StatusRead}
	}
	rejected := claim("debugging", 0, 0)
	rejected.Status = skill.StatusRejected
	for _, tc := range []struct {
		name   string
		claims []skill.Claim
		want   float64 // credit of debugging at level 3
		from   string
	}{
		{"eight years of Go", []skill.Claim{claim("go", 4, 8)}, 0.7, "go"},
		{"the stronger language speaks", []skill.Claim{claim("go", 4, 3), claim("python", 3, 9)}, 0.7, "go"},
		{"three years at level 3", []skill.Claim{claim("python", 3, 3)}, 0.47, "python"},
		{"a year is too short", []skill.Claim{claim("go", 4, 1)}, 0, ""},
		{"novice", []skill.Claim{claim("go", 2, 9)}, 0, ""},
		{"a language that only queries", []skill.Claim{claim("sql", 5, 9)}, 0, ""},
		{"the person says no", []skill.Claim{claim("go", 4, 8), rejected}, 0, ""},
		{"nothing", nil, 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			target := gapanalysis.Target{ID: "posting", Requirements: []gapanalysis.Requirement{{Skill: "debugging", Level: 3, Weight: 1}}}
			r := gapanalysis.Compare(c, &skill.Profile{Claims: tc.claims}, target, gapanalysis.Nearness{}, gapanalysis.Options{Today: today})
			g := r.Skills[0]
			if g.Credit != tc.want {
				t.Errorf("credit %v, want %v", g.Credit, tc.want)
			}
			if tc.from != "" && (g.Transfer == nil || g.Transfer.From != tc.from || !strings.Contains(g.Why, "leave out")) {
				t.Errorf("it does not say from what: %+v, %q", g.Transfer, g.Why)
			}
		})
	}
}
