package gapanalysis_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/labelled"
	"github.com/gapwise/gapwise/skill"
)

// gapCase is a person before a role, and what a good adviser would say. The head of testdata/cases/gaps.yaml explains each.
type gapCase struct {
	Name         string            `yaml:"name"`
	Role         string            `yaml:"role"`
	Why          string            `yaml:"why"`
	Labelled     string            `yaml:"labelled"`
	Skills       map[string]int    `yaml:"skills"`
	IdealBut     map[string]int    `yaml:"ideal_but"`
	Have         []string          `yaml:"have"`
	Partial      []string          `yaml:"partial"`
	Missing      []string          `yaml:"missing"`
	Transferable map[string]string `yaml:"transferable"`
	Raised       map[string]string `yaml:"raised"`
	Actions      []string          `yaml:"actions"`
	Readiness    []float64         `yaml:"readiness"`
	Hours        []int             `yaml:"hours"`
	FallsShort   string            `yaml:"falls_short"`
}

// The least that there are, so that none gets lost.
const (
	minCases     = 60
	minCaseRoles = 12
)

// maxShort is how many cases may disagree with the adviser.
const maxShort = 3

func TestCases(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/cases/gaps.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cases []gapCase
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	dec.KnownFields(true)
	if err := dec.Decode(&cases); err != nil {
		t.Fatal(err)
	}
	resumes := map[string]*labelled.Resume{}
	for _, r := range labelledResumes(t) {
		resumes[r.Name] = r
	}
	roles, short := map[string]bool{}, 0
	for _, c := range cases {
		roles[c.Role] = true
		if c.FallsShort != "" {
			short++
		}
		t.Run(c.Role+"/"+c.Name, func(t *testing.T) {
			p := newPerson(t, 1)
			p.role = role(t, c.Role)
			r := p.compare(c.profile(t, p, resumes), gapanalysis.RoleTarget(p.role))
			wrong := c.check(r)
			switch {
			case c.FallsShort == "" && len(wrong) > 0:
				t.Errorf("%s\n%s", c.Why, strings.Join(wrong, "\n"))
			case c.FallsShort != "" && len(wrong) == 0:
				t.Errorf("the report agrees now; take falls_short away: %s", c.FallsShort)
			case c.FallsShort != "":
				t.Logf("falls short: %s\n%s", c.FallsShort, strings.Join(wrong, "\n"))
			}
		})
	}
	if len(cases) < minCases || len(roles) < minCaseRoles || short > maxShort {
		t.Errorf("%d cases of %d roles, %d of which fall short; want %d of %d, and at most %d", len(cases), len(roles), short, minCases, minCaseRoles, maxShort)
	}
}

// profile is the person of a case.
func (c *gapCase) profile(tb testing.TB, p *person, resumes map[string]*labelled.Resume) *skill.Profile {
	tb.Helper()
	if c.Labelled != "" {
		r, ok := resumes[c.Labelled]
		if !ok {
			tb.Fatalf("there is no labelled resume %q", c.Labelled)
		}
		return goldProfile(p.catalog, r)
	}
	levels := c.Skills
	if c.IdealBut != nil {
		levels = map[string]int{}
		for _, q := range p.role.Skills {
			levels[q.Skill] = q.Level
		}
		for id, level := range c.IdealBut {
			if _, asked := levels[id]; !asked {
				tb.Fatalf("%s does not ask for %s", c.Role, id)
			}
			levels[id] = level
		}
	}
	out := profile()
	for _, s := range p.catalog.Skills() { // in the order of ids
		if level, ok := levels[s.ID]; ok {
			held := claim(tb, s.ID, level)
			held.Years = 1 // used somewhere, so that proving it is no action
			out.Claims = append(out.Claims, held)
			delete(levels, s.ID)
		}
	}
	if len(levels) > 0 {
		tb.Fatalf("the catalogue lacks %v", levels)
	}
	return out
}

// check says what of a report is not as it should be.
func (c *gapCase) check(r *gapanalysis.Report) (wrong []string) {
	say := func(form string, args ...any) { wrong = append(wrong, fmt.Sprintf(form, args...)) }
	rows := map[string]gapanalysis.SkillGap{}
	for _, g := range r.Skills {
		rows[g.ID] = g
	}
	status := func(id string, want gapanalysis.Status) gapanalysis.SkillGap {
		g, asked := rows[id]
		if !asked {
			say("%s is not asked for", id)
		} else if g.Status != want {
			say("%s is %s (%d of %d, %s), want %s", id, g.Status, g.Evidenced, g.Required, g.Why, want)
		}
		return g
	}
	for want, ids := range map[gapanalysis.Status][]string{gapanalysis.Have: c.Have, gapanalysis.Partial: c.Partial, gapanalysis.Missing: c.Missing} {
		for _, id := range ids {
			status(id, want)
		}
	}
	for want, pairs := range map[gapanalysis.Status]map[string]string{gapanalysis.Transferable: c.Transferable, gapanalysis.Partial: c.Raised} {
		for id, from := range pairs {
			if g := status(id, want); g.Transfer == nil || from != "" && g.Transfer.From != from {
				say("to %s carries over %+v, want %s", id, g.Transfer, from)
			}
		}
	}
	var actions []string
	for _, a := range r.Actions {
		actions = append(actions, a.Skill)
	}
	if len(c.Actions) > 0 && !slices.Equal(actions, c.Actions) {
		say("the actions are %v, want %v", r.Actions, c.Actions)
	}
	readiness := math.Round(r.Readiness*100) / 100 // as exactly as it is expected
	if len(c.Readiness) == 2 && (readiness < c.Readiness[0] || readiness > c.Readiness[1]) {
		say("readiness %v, want %v", r.Readiness, c.Readiness)
	}
	if len(c.Hours) == 2 && (r.Hours.P50 < c.Hours[0] || r.Hours.P50 > c.Hours[1]) {
		say("%d hours, want %v", r.Hours.P50, c.Hours)
	}
	slices.Sort(wrong)
	return wrong
}
