package gapanalysis

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// maxExact is the number of projects up to which all choices are tried: 2^16 of them take about a millisecond.
const maxExact = 16

// CoverChoice is a choice of projects.
type CoverChoice struct {
	Projects []string `json:"projects"`
	Hours    int      `json:"hours"`
}

// Cover is a choice of projects that together train every open skill that any project of the role trains, in few hours.
type Cover struct {
	// Projects are those chosen, the one with most missing weight an hour first.
	Projects []CoverProject `json:"projects"`
	Hours    int            `json:"hours"`
	// Weight is how much of what readiness lacks the projects train, and Open all of what it lacks.
	Weight    float64  `json:"weight"`
	Open      float64  `json:"open"`
	Uncovered []string `json:"uncovered"` // open skills that no project trains
	// Greedy is what the greedy rule chooses. Guarantee is how many times the least hours it takes at most, whatever the projects are.
	Greedy    CoverChoice `json:"greedy"`
	Guarantee float64     `json:"guarantee"`
	// Optimum is the choice of the fewest hours, nil where there are too many projects to try all choices; then LowerBound is what no choice
	// can take less than.
	Optimum    *CoverChoice `json:"optimum"`
	LowerBound int          `json:"lower_bound"` // hours; those of the optimum where it is known
	Ratio      float64      `json:"ratio"`       // the greedy choice's hours over LowerBound; 1 where there is nothing to cover
	Why        string       `json:"why"`
}

// CoverProject is one project that was chosen.
type CoverProject struct {
	ID     string   `json:"id"`
	Hours  int      `json:"hours"`
	Covers []string `json:"covers"` // open skills that none of the projects before it trains
	Gain   float64  `json:"gain"`   // their missing weight
}

// coverSet is a project as a set of open skills, by their place.
type coverSet struct {
	id       string
	cost     int
	elements []int
}

// ChooseProjects chooses projects of a role for the skills that a plan leaves to work on.
//
// It is the set cover problem with weights, which is hard to solve in general (Karp 1972). The greedy rule takes the project that trains the most
// missing weight an hour, until all is covered, and then leaves out what has become needless. For it, charge each skill the hours of the
// project that covered it, by its share of the weight then gained: what a project's skills are charged is at most 1 + ln(W/w) times its hours,
// where W is the weight of all its skills and w of its lightest (the argument of Chvátal 1979). So the greedy hours are at most that many
// times the least. What was charged gives a bound for the instance too, and with few projects every choice is tried.
func ChooseProjects(r *catalog.Role, open []SkillGap) *Cover {
	weights := make([]float64, len(open))
	at := map[string]int{}
	c := &Cover{Projects: []CoverProject{}, Uncovered: []string{}, Greedy: CoverChoice{Projects: []string{}}, Guarantee: 1, Ratio: 1}
	for i, g := range open {
		weights[i] = max(g.Weight*(1-g.Credit), 1e-6) // one that is all but there is still to be covered
		at[g.ID] = i
		c.Open += weights[i]
	}
	var sets []coverSet
	trained := make([]bool, len(open))
	for _, p := range r.Projects {
		s := coverSet{id: p.ID, cost: max(p.Hours, 1)}
		for _, id := range p.Skills {
			if i, ok := at[id]; ok && !slices.Contains(s.elements, i) {
				s.elements = append(s.elements, i)
				trained[i] = true
			}
		}
		if len(s.elements) > 0 {
			sets = append(sets, s)
		}
	}
	for i, g := range open {
		if !trained[i] {
			c.Uncovered = append(c.Uncovered, g.ID)
		}
	}
	chosen, bound := greedyCover(sets, weights)
	c.Greedy = choiceOf(sets, chosen)
	c.Guarantee = guarantee(sets, weights)
	c.LowerBound = int(math.Ceil(bound - 1e-9))
	if best, ok := exactCover(sets, len(open)); ok {
		o := choiceOf(sets, best)
		c.Optimum, c.LowerBound = &o, o.Hours
		if o.Hours < c.Greedy.Hours {
			chosen = best
		}
	}
	if c.LowerBound > 0 {
		c.Ratio = round(float64(c.Greedy.Hours)/float64(c.LowerBound), 3)
	}
	c.fill(sets, chosen, weights, open)
	return c
}

// fill lists what was chosen, and says how good it is.
func (c *Cover) fill(sets []coverSet, chosen []int, weights []float64, open []SkillGap) {
	covered := make([]bool, len(open))
	left := slices.Clone(chosen)
	for len(left) > 0 {
		k := mostPerHour(sets, left, weights, covered)
		s := sets[left[k]]
		left = slices.Delete(left, k, k+1)
		p := CoverProject{ID: s.id, Hours: s.cost, Covers: []string{}}
		for _, e := range s.elements {
			if !covered[e] {
				covered[e] = true
				p.Covers = append(p.Covers, open[e].ID)
				p.Gain += weights[e]
			}
		}
		c.Weight += p.Gain
		c.Hours += p.Hours
		p.Gain = round(p.Gain, 3)
		c.Projects = append(c.Projects, p)
	}
	c.Weight, c.Open, c.Guarantee = round(c.Weight, 3), round(c.Open, 3), math.Ceil(c.Guarantee*100)/100
	switch {
	case len(sets) == 0:
		c.Why = "No project of this role trains a skill that is still open."
	case c.Optimum == nil:
		c.Why = fmt.Sprintf("Chosen by the most missing weight an hour: %d hours. No choice that trains as many skills takes less than %d, so this is at most %.2f times the least.",
			c.Greedy.Hours, c.LowerBound, c.Ratio)
	case c.Optimum.Hours == c.Greedy.Hours:
		c.Why = fmt.Sprintf("Chosen by the most missing weight an hour. All choices were tried: none that trains as many skills takes less than these %d hours.", c.Hours)
	default:
		c.Why = fmt.Sprintf("All choices were tried: none that trains as many skills takes less than these %d hours. To take the most missing weight an hour would have taken %d.",
			c.Hours, c.Greedy.Hours)
	}
}

func choiceOf(sets []coverSet, chosen []int) CoverChoice {
	out := CoverChoice{Projects: []string{}}
	for _, i := range chosen {
		out.Projects = append(out.Projects, sets[i].id)
		out.Hours += sets[i].cost
	}
	return out
}

// mostPerHour is the place in left of the set that gains most weight an hour; of equals, the shorter one, then the first by id.
func mostPerHour(sets []coverSet, left []int, weights []float64, covered []bool) int {
	gain := func(i int) (w float64) {
		for _, e := range sets[i].elements {
			if !covered[e] {
				w += weights[e]
			}
		}
		return w / float64(sets[i].cost)
	}
	best := 0
	for k := range left {
		a, b := sets[left[k]], sets[left[best]]
		if cmp.Or(cmp.Compare(gain(left[k]), gain(left[best])), cmp.Compare(b.cost, a.cost), strings.Compare(b.id, a.id)) > 0 {
			best = k
		}
	}
	return best
}

// greedyCover gives the places of the sets that the greedy rule takes, in its order, and a bound below which no cover's cost can be: what
// each element was charged, scaled down until no set is charged more than it costs, is a solution of the dual of the linear relaxation.
func greedyCover(sets []coverSet, weights []float64) (chosen []int, bound float64) {
	covered := make([]bool, len(weights))
	charge := make([]float64, len(weights))
	left := make([]int, len(sets))
	for i := range left {
		left[i] = i
	}
	for len(left) > 0 {
		k := mostPerHour(sets, left, weights, covered)
		i := left[k]
		left = slices.Delete(left, k, k+1)
		gain := 0.0
		for _, e := range sets[i].elements {
			if !covered[e] {
				gain += weights[e]
			}
		}
		if gain == 0 {
			continue
		}
		chosen = append(chosen, i)
		for _, e := range sets[i].elements {
			if !covered[e] {
				covered[e], charge[e] = true, weights[e]/gain*float64(sets[i].cost)
			}
		}
	}
	total, scale := 0.0, 1.0
	for _, x := range charge {
		total += x
	}
	for _, s := range sets {
		sum := 0.0
		for _, e := range s.elements {
			sum += charge[e]
		}
		scale = max(scale, sum/float64(s.cost))
	}
	return prune(sets, chosen, len(weights)), total / scale
}

// prune leaves out, the dearest first, what the others of a cover cover too.
func prune(sets []coverSet, chosen []int, elements int) []int {
	times := make([]int, elements)
	for _, i := range chosen {
		for _, e := range sets[i].elements {
			times[e]++
		}
	}
	order := slices.Clone(chosen)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sets[b].cost, sets[a].cost) })
	for _, i := range order {
		if slices.ContainsFunc(sets[i].elements, func(e int) bool { return times[e] == 1 }) {
			continue
		}
		for _, e := range sets[i].elements {
			times[e]--
		}
		chosen = slices.DeleteFunc(chosen, func(j int) bool { return j == i })
	}
	return chosen
}

// guarantee is 1 + ln(W/w) of the set where that is most.
func guarantee(sets []coverSet, weights []float64) float64 {
	most := 1.0
	for _, s := range sets {
		sum, least := 0.0, math.Inf(1)
		for _, e := range s.elements {
			sum += weights[e]
			least = min(least, weights[e])
		}
		most = max(most, 1+math.Log(sum/least))
	}
	return most
}

// exactCover tries every choice: the least cost, then the fewest sets, then the first. It is false where there are too many.
func exactCover(sets []coverSet, elements int) ([]int, bool) {
	if len(sets) > maxExact || elements > 64 {
		return nil, false
	}
	all := uint64(0)
	masks := make([]uint64, len(sets))
	for i, s := range sets {
		for _, e := range s.elements {
			masks[i] |= 1 << e
		}
		all |= masks[i]
	}
	cover := make([]uint64, 1<<len(sets)) // by choice, a bit a set
	cost := make([]int, 1<<len(sets))
	best := -1
	for choice := range cover {
		if choice > 0 {
			last := bits.TrailingZeros(uint(choice))
			rest := choice & (choice - 1)
			cover[choice], cost[choice] = cover[rest]|masks[last], cost[rest]+sets[last].cost
		}
		if cover[choice] == all && (best < 0 || cmp.Or(cmp.Compare(cost[choice], cost[best]), cmp.Compare(bits.OnesCount(uint(choice)), bits.OnesCount(uint(best)))) < 0) {
			best = choice
		}
	}
	chosen := []int{}
	for i := range sets {
		if best&(1<<i) != 0 {
			chosen = append(chosen, i)
		}
	}
	return chosen, true
}
