package gapanalysis

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
)

// OrderBook keeps the order in which a person wants to take the skills of a role.
type OrderBook interface {
	// SaveOrder stores ids of skills in place of those before; none at all takes the order away.
	SaveOrder(ctx context.Context, person uuid.UUID, role string, skills []string) error
	// Order is what was stored, empty where nothing was.
	Order(ctx context.Context, person uuid.UUID, role string) ([]string, error)
}

// Ordering lets people put the skills of a phase into an order of their own.
func (p *Planner) Ordering(b OrderBook) *Planner {
	p.orders = b
	return p
}

// order is the person's own for a role.
func (p *Planner) order(ctx context.Context, person uuid.UUID, role string) ([]string, error) {
	if p.orders == nil {
		return nil, nil
	}
	return p.orders.Order(ctx, person, role)
}

// arrange puts open skills, which come by priority, into the order that a person wants: those that it names first, as they stand in it, and
// each of them right behind what it needs and does not have. So whatever the wish, nothing comes before what it needs.
func arrange(open []SkillGap, wish []string) []SkillGap {
	if len(wish) == 0 {
		return open
	}
	place, at := map[string]int{}, map[string]int{}
	for i, id := range wish {
		place[id] = i - len(wish) // before all that are not named
	}
	for i, g := range open {
		at[g.ID] = i
	}
	wanted := slices.Clone(open)
	slices.SortStableFunc(wanted, func(a, b SkillGap) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	out, taken := make([]SkillGap, 0, len(open)), map[string]bool{}
	var take func(g SkillGap)
	take = func(g SkillGap) {
		if taken[g.ID] {
			return
		}
		taken[g.ID] = true
		for _, need := range g.Needs {
			if i, ok := at[need.Skill]; ok && !need.Met {
				take(open[i])
			}
		}
		out = append(out, g)
	}
	for _, g := range wanted {
		take(g)
	}
	return out
}

// Move puts a skill one place up or down within its phase and keeps the order. What it would pass must not be needed by it, nor need it:
// then the error is fault.Conflict.
func (p *Planner) Move(ctx context.Context, person, resume uuid.UUID, role, skill string, up bool) error {
	if p.orders == nil {
		return fault.New(fault.Unavailable, "no-orders", "This instance keeps no order of a plan.")
	}
	plan, err := p.Plan(ctx, person, resume, role, PlanAsk{})
	if err != nil {
		return err
	}
	var order []string
	from, to := -1, -1
	for n := range plan.Phases {
		ph := &plan.Phases[n]
		for i, k := range ph.Skills {
			if k.ID == skill {
				from = len(order)
				mayUp, mayDown := ph.MayMove(i)
				if up && mayUp {
					to = from - 1
				} else if !up && mayDown {
					to = from + 1
				}
			}
			order = append(order, k.ID)
		}
	}
	if from < 0 {
		return fault.New(fault.NotFound, "unknown-skill", "The plan has no such skill that is open.").In("skill")
	}
	if to < 0 {
		return fault.New(fault.Conflict, "needed-first", "It is at the end of its phase, or next to a skill that has to come first.").In("skill")
	}
	order[from], order[to] = order[to], order[from]
	return p.orders.SaveOrder(ctx, person, plan.Role, order)
}

// mayPass tells whether a skill may come before that at a place in its phase: whether there is one, and it is not needed first.
func (k PlanSkill) mayPass(skills []PlanSkill, at int) bool {
	if at < 0 || at >= len(skills) {
		return false
	}
	return !slices.ContainsFunc(k.Needs, func(n Need) bool { return n.Skill == skills[at].ID && !n.Met })
}

// MayMove tells whether the skill at a place of the phase can go one place up or down.
func (ph *PlanPhase) MayMove(at int) (up, down bool) {
	up = at < len(ph.Skills) && ph.Skills[at].mayPass(ph.Skills, at-1)
	down = at+1 < len(ph.Skills) && ph.Skills[at+1].mayPass(ph.Skills, at)
	return up, down
}

// DropOrder goes back to the order of priority.
func (p *Planner) DropOrder(ctx context.Context, person uuid.UUID, role string) error {
	r, err := p.service.catalog.Role(role)
	if err != nil || p.orders == nil {
		return err
	}
	return p.orders.SaveOrder(ctx, person, r.ID, nil)
}

// Ordered tells whether the person has an order of their own.
func (p *Planner) Ordered(ctx context.Context, person uuid.UUID, role string) (bool, error) {
	list, err := p.order(ctx, person, role)
	return len(list) > 0, err
}
