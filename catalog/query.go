package catalog

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/internal/fault"
)

// Version names the content: the catalogue's own version and a hash over every file, so that any change shows.
func (c *Catalog) Version() string { return c.version }

// Skills are all skills, by id.
func (c *Catalog) Skills() []*Skill { return c.skills }

// Roles are all roles, by id.
func (c *Catalog) Roles() []*Role { return c.roles }

// SamplePostings is the JSON Lines of the sample postings.
func (c *Catalog) SamplePostings() []byte { return c.samples }

// Skill finds a skill by id. The error is a fault.NotFound that says how to find one.
// The id may be one that the skill had before.
func (c *Catalog) Skill(id string) (*Skill, error) {
	if s, ok := c.skillByID[cmp.Or(c.renamed["skill "+id], id)]; ok {
		return s, nil
	}
	return nil, fault.Newf(fault.NotFound, "unknown-skill", "There is no skill %q in the catalogue. GET /api/v1/skills?q= finds one by name.", clip(id)).In("skill")
}

// HasSkill tells whether the catalogue has a skill of this id.
func (c *Catalog) HasSkill(id string) bool { return c.skillByID[id] != nil }

// Role finds a role by id. The error is a fault.NotFound that says how to find one.
// The id may be one that the role had before.
func (c *Catalog) Role(id string) (*Role, error) {
	if r, ok := c.roleByID[cmp.Or(c.renamed["role "+id], id)]; ok {
		return r, nil
	}
	return nil, fault.Newf(fault.NotFound, "unknown-role", "There is no role %q in the catalogue. GET /api/v1/roles, or `gapwise catalog roles`, lists them.", clip(id)).In("role")
}

// Phase finds a phase of a role by id.
func (r *Role) Phase(id string) (*Phase, error) {
	for i := range r.Phases {
		if r.Phases[i].ID == id || slices.Contains(r.Phases[i].FormerIDs, id) {
			return &r.Phases[i], nil
		}
	}
	return nil, fault.Newf(fault.NotFound, "unknown-phase", "The role %s has no phase %q. Its phases are %s.", r.ID, clip(id), strings.Join(r.phaseIDs(), ", ")).In("phase")
}

// Milestone finds a milestone of a role by id, with the phase it belongs to.
func (r *Role) Milestone(id string) (*Phase, *Milestone, error) {
	for i := range r.Phases {
		for j := range r.Phases[i].Milestones {
			if m := &r.Phases[i].Milestones[j]; m.ID == id || slices.Contains(m.FormerIDs, id) {
				return &r.Phases[i], &r.Phases[i].Milestones[j], nil
			}
		}
	}
	return nil, nil, fault.Newf(fault.NotFound, "unknown-milestone", "The role %s has no milestone %q.", r.ID, clip(id)).In("milestone")
}

func (r *Role) phaseIDs() []string {
	ids := make([]string, len(r.Phases))
	for i, p := range r.Phases {
		ids[i] = p.ID
	}
	return ids
}

// clip bounds what a caller sent before it is said back.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// Learning is how a skill is learned, nil where that is not written.
func (c *Catalog) Learning(id string) *Learning { return c.learning()[id] }

// Rubric is what someone at level 1 to 5 of a skill does: five lines, or none where that is not written.
func (c *Catalog) Rubric(id string) []string {
	if l := c.Learning(id); l != nil {
		return l.Rubric
	}
	return nil
}

// Requires are the prerequisites of a skill.
func (c *Catalog) Requires(id string) []Prerequisite { return c.requires[id] }

// RequiredBy lists what a skill is a prerequisite of, by id.
func (c *Catalog) RequiredBy(id string) []Prerequisite { return c.requiredBy[id] }

// TransfersTo are the skills that carry over to a skill, the one with most credit first.
func (c *Catalog) TransfersTo(id string) []Transfer { return c.transferTo[id] }

// Search finds skills whose name, id or alias holds q, best first: whole match, then prefix, then inside. An empty q lists all by id.
func (c *Catalog) Search(q string, limit int) []*Skill {
	q = strings.ToLower(strings.TrimSpace(q))
	type hit struct {
		s    *Skill
		rank int
	}
	var hits []hit
	for _, s := range c.skills {
		best := 9
		if q == "" {
			best = 0
		} else {
			for i, form := range append([]string{s.Name, s.ID}, s.Aliases...) {
				f, alias := strings.ToLower(form), 0
				if i > 1 {
					alias = 1
				}
				switch {
				case f == q:
					best = min(best, alias)
				case strings.HasPrefix(f, q):
					best = min(best, 2+alias)
				case strings.Contains(f, q):
					best = min(best, 4+alias)
				}
			}
		}
		if best < 9 {
			hits = append(hits, hit{s, best})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	limit = min(len(hits), max(limit, 0))
	out := make([]*Skill, 0, limit)
	for _, h := range hits[:limit] {
		out = append(out, h.s)
	}
	return out
}

// effortHours is the median study time, in hours, from level k-1 to level k, by class of effort.
//
// Basis: an editorial estimate for somebody who already works as an engineer, not a measurement. Each level takes about twice the one
// before. The scale is set by the roles: skills of one role are learned side by side on the same projects, so that the hours of all its
// skills from level 0 come to about its time to ready. docs/catalogue.md says how to challenge an entry.
var effortHours = map[Effort][LevelExpert + 1]int{
	EffortS:  {0, 1, 2, 5, 10, 20},
	EffortM:  {0, 3, 6, 12, 24, 48},
	EffortL:  {0, 4, 10, 20, 42, 84},
	EffortXL: {0, 7, 16, 34, 72, 144},
}

// The quartiles of study time around its median: people differ more upwards than downwards.
const (
	hoursLow  = 0.7
	hoursHigh = 1.5
)

// Hours is the study time from one level of a skill to another; zero when to is not above from. What is written for the skill counts, and
// where nothing is, the table of its class of effort.
func (c *Catalog) Hours(id string, from, to int) Hours {
	if steps := c.steps[id]; len(steps) == LevelExpert {
		sum := Hours{}
		for _, h := range steps[min(max(from, 0), LevelExpert):max(min(max(from, 0), LevelExpert), min(to, LevelExpert))] {
			sum = sum.Add(h)
		}
		return sum
	}
	s := c.skillByID[id]
	if s == nil {
		return Hours{}
	}
	return Spread(float64(tableHours(s.Effort, to) - tableHours(s.Effort, min(from, to))))
}

// tableHours is the median study time from nothing to a level, by class of effort.
func tableHours(e Effort, level int) int {
	sum := 0
	for l := 1; l <= min(level, LevelExpert); l++ {
		sum += effortHours[e][l]
	}
	return sum
}

// Spread gives the quartiles around a median of study hours.
func Spread(p50 float64) Hours {
	return Hours{P25: int(math.Round(p50 * hoursLow)), P50: int(math.Round(p50)), P75: int(math.Round(p50 * hoursHigh))}
}

// RelatedThreshold is the share of weighted skills above which a role counts as a related path.
const RelatedThreshold = 0.40

// Related is a role that a person in another role is already part of the way to.
type Related struct {
	Role    string   `json:"role"`
	Name    string   `json:"name"`
	Shared  float64  `json:"shared"` // weighted share of Role's levelled skills that the other role has, 0-1
	Skills  []string `json:"shared_skills"`
	Missing []string `json:"missing_skills"`
	Hours   Hours    `json:"hours"`            // study time between the two roles, from this one's levels to that one's
	Reason  string   `json:"reason,omitempty"` // why it is here although its share is not over the threshold
}

// Stats counts what the catalogue holds.
type Stats struct {
	Version    string `json:"version"`
	Roles      int    `json:"roles"`
	Families   int    `json:"families"`
	Phases     int    `json:"phases"`
	Milestones int    `json:"milestones"`
	Projects   int    `json:"projects"`
	Skills     int    `json:"skills"`
	Aliases    int    `json:"aliases"`
	Relations  int    `json:"relations"`
	Rubrics    int    `json:"rubrics"`
	Questions  int    `json:"questions"`
	Resources  int    `json:"resources"`
	Postings   int    `json:"postings"`
}

// Stats counts the catalogue's entries. Relations are prerequisites, transfers and parents.
func (c *Catalog) Stats() Stats {
	s := Stats{Version: c.version, Roles: len(c.roles), Skills: len(c.skills)}
	families := map[string]bool{}
	for _, r := range c.roles {
		families[r.Family] = true
		s.Phases += len(r.Phases)
		s.Projects += len(r.Projects)
		for _, p := range r.Phases {
			s.Milestones += len(p.Milestones)
		}
	}
	s.Families = len(families)
	for _, k := range c.skills {
		s.Aliases += len(k.Aliases)
		if k.Parent != "" {
			s.Relations++
		}
	}
	for _, l := range c.learning() {
		if len(l.Rubric) > 0 {
			s.Rubrics++
		}
		s.Questions += len(l.Questions)
		s.Resources += len(l.Resources)
	}
	for _, l := range c.requires {
		s.Relations += len(l)
	}
	for _, l := range c.transferTo {
		s.Relations += len(l)
	}
	s.Postings = strings.Count(string(c.samples), "\n")
	return s
}

// RolesAsking are the ids of the roles that ask for a skill, those in which it weighs most first, at most limit of them.
func (c *Catalog) RolesAsking(skill string, limit int) []string {
	list := c.asking[skill]
	return list[:min(len(list), limit):min(len(list), limit)]
}
