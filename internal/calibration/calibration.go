// Package calibration holds readiness against seniority: who calls themselves senior should be readier for the roles of their field than who
// calls themselves junior. Tests and measures use it; it is no part of the binary.
package calibration

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/skill"
)

// Person is somebody whose seniority is known.
type Person struct {
	Name      string
	Fields    []string
	Seniority string
	Profile   *skill.Profile
}

// other is the field of what has none of its own; to share it is no kinship.
const other = "other"

// Rank orders words of seniority from 1; 0 is one that is no step on the way, as a manager is.
func Rank(seniority string) int {
	switch strings.ToLower(seniority) {
	case "intern", "graduate", "trainee", "junior", "entry":
		return 1
	case "mid", "middle":
		return 2
	case "senior", "lead", "staff", "principal":
		return 3
	}
	return 0
}

// The steps of Rank.
const (
	Junior = 1
	Mid    = 2
	Senior = 3
)

// Score is how ready a person is for the role that suits them best.
type Score struct {
	Name      string   `json:"name"`
	Fields    []string `json:"fields"`
	Seniority string   `json:"seniority"`
	Role      string   `json:"role"`
	Readiness float64  `json:"readiness"`
}

// Pairs counts pairs of one field of whom one is higher.
type Pairs struct {
	Pairs    int      `json:"pairs"`
	Ordered  int      `json:"ordered"`  // the higher one is readier; equals count as wrong
	Reversed []string `json:"reversed"` // the others, in words
}

// Share is the share of pairs in order, 1 where there is none.
func (p Pairs) Share() float64 {
	if p.Pairs == 0 {
		return 1
	}
	return float64(p.Ordered) / float64(p.Pairs)
}

// Measure says how ready each person is for the role that suits them best, since a field has specialities: a senior who keeps services running
// need not be ready to write web pages. space says which skills are near.
func Measure(c *catalog.Catalog, space *gapanalysis.Space, people []Person) []Score {
	out := make([]Score, 0, len(people))
	for _, p := range people {
		best := Score{Name: p.Name, Fields: p.Fields, Seniority: p.Seniority, Readiness: -1}
		for _, role := range c.Roles() {
			if r := Readiness(c, space, p.Profile, role); r > best.Readiness {
				best.Role, best.Readiness = role.ID, r
			}
		}
		out = append(out, best)
	}
	slices.SortStableFunc(out, func(a, b Score) int {
		return cmp.Or(cmp.Compare(b.Readiness, a.Readiness), strings.Compare(a.Name, b.Name))
	})
	return out
}

// Readiness is that of a profile for a role, by what the space says is near.
func Readiness(c *catalog.Catalog, space *gapanalysis.Space, p *skill.Profile, role *catalog.Role) float64 {
	var held []string
	for _, claim := range p.Claims {
		if claim.ID != nil && claim.Status != skill.StatusRejected && claim.Level > 0 {
			held = append(held, *claim.ID)
		}
	}
	asked := make([]string, len(role.Skills))
	for i, q := range role.Skills {
		asked[i] = q.Skill
	}
	return gapanalysis.Compare(c, p, gapanalysis.RoleTarget(role), space.Nearest(asked, held), gapanalysis.Options{Today: time.Unix(0, 0)}).Readiness
}

// Compare counts the pairs of a step and of a lower one that share a field.
func Compare(scores []Score, higher, lower int) Pairs {
	out := Pairs{Reversed: []string{}}
	for _, a := range scores {
		for _, b := range scores {
			if Rank(a.Seniority) != higher || Rank(b.Seniority) != lower || !share(a.Fields, b.Fields) {
				continue
			}
			out.Pairs++
			if a.Readiness > b.Readiness {
				out.Ordered++
				continue
			}
			out.Reversed = append(out.Reversed, a.Name+" is not above "+b.Name)
		}
	}
	return out
}

// share tells whether two people have a field in common.
func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(f string) bool { return f != other && slices.Contains(b, f) })
}

// Mean is the mean readiness of a step, and how many it is over.
func Mean(scores []Score, rank int) (mean float64, n int) {
	for _, s := range scores {
		if Rank(s.Seniority) == rank {
			mean += s.Readiness
			n++
		}
	}
	return mean / float64(max(n, 1)), n
}
