package catalog

import (
	"cmp"
	"math"
	"slices"
)

// Share is the weighted containment of one role's requirements in another's: the sum of to's weights, each times the part of its level that
// from's own requirement of the same skill reaches. It is 0 to 1, and not symmetric.
func Share(from, to *Role) float64 { return contained(levels(from), to) }

func contained(has map[string]int, to *Role) float64 {
	share := 0.0
	for _, q := range to.Skills {
		share += q.Weight * reached(has[q.Skill], q.Level)
	}
	return math.Round(share*1000) / 1000
}

func levels(r *Role) map[string]int {
	has := make(map[string]int, len(r.Skills))
	for _, q := range r.Skills {
		has[q.Skill] = q.Level
	}
	return has
}

// reached is the part of a level that another reaches.
func reached(have, want int) float64 {
	if have <= 0 || want <= 0 {
		return 0
	}
	return min(1, float64(have)/float64(want))
}

// Related are the roles of which role's own skills cover more than RelatedThreshold, most first, less and more what is written by hand. They
// are computed when asked for: an operator who imports a whole classification has thousands of roles and millions of pairs.
func (c *Catalog) Related(role string) []Related {
	list := []Related{}
	from, err := c.Role(role)
	if err != nil {
		return list
	}
	override := map[string]RelatedOverride{}
	for _, o := range from.RelatedOverrides {
		override[o.Role] = o
	}
	has := levels(from)
	for _, to := range c.roles {
		if to == from {
			continue
		}
		share := contained(has, to)
		o, written := override[to.ID]
		if related := share > RelatedThreshold; written && !o.Related || !written && !related {
			continue
		}
		list = append(list, c.relate(has, to, share, o.Reason))
	}
	slices.SortStableFunc(list, func(a, b Related) int { return cmp.Compare(b.Shared, a.Shared) })
	return list
}

func (c *Catalog) relate(has map[string]int, to *Role, share float64, reason string) Related {
	r := Related{Role: to.ID, Name: to.Name, Shared: share, Skills: []string{}, Missing: []string{}, Reason: reason}
	for _, q := range to.Skills {
		if has[q.Skill] > 0 {
			r.Skills = append(r.Skills, q.Skill)
		} else {
			r.Missing = append(r.Missing, q.Skill)
		}
		r.Hours = r.Hours.Add(c.Hours(q.Skill, has[q.Skill], q.Level))
	}
	return r
}
