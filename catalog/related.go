package catalog

import (
	"cmp"
	"math"
	"slices"
)

// Share is the weighted containment of one role's requirements in another's: the sum of to's weights, each times the part of its level that
// from's own requirement of the same skill reaches. It is 0 to 1, and not symmetric.
func Share(from, to *Role) float64 {
	has := levels(from)
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

// relateAll finds the related roles of every role: those of which it covers more than RelatedThreshold, less and more what is written by hand.
func relateAll(c *Catalog) map[string][]Related {
	out := make(map[string][]Related, len(c.roles))
	for _, from := range c.roles {
		override := map[string]RelatedOverride{}
		for _, o := range from.RelatedOverrides {
			override[o.Role] = o
		}
		list := []Related{}
		for _, to := range c.roles {
			if to == from {
				continue
			}
			share := Share(from, to)
			o, written := override[to.ID]
			if related := share > RelatedThreshold; written && !o.Related || !written && !related {
				continue
			}
			list = append(list, c.relate(from, to, share, o.Reason))
		}
		slices.SortStableFunc(list, func(a, b Related) int { return cmp.Compare(b.Shared, a.Shared) })
		out[from.ID] = list
	}
	return out
}

func (c *Catalog) relate(from, to *Role, share float64, reason string) Related {
	r := Related{Role: to.ID, Name: to.Name, Shared: share, Skills: []string{}, Missing: []string{}, Reason: reason}
	has := levels(from)
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
