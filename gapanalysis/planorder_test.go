package gapanalysis_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
)

// orders keeps the order of one person and role.
type orders struct{ list []string }

func (o *orders) SaveOrder(_ context.Context, _ uuid.UUID, _ string, skills []string) error {
	o.list = skills
	return nil
}

func (o *orders) Order(context.Context, uuid.UUID, string) ([]string, error) { return o.list, nil }

// phasesOf are the skills of a plan, phase by phase.
func phasesOf(p *gapanalysis.Plan) [][]string {
	out := make([][]string, len(p.Phases))
	for i, ph := range p.Phases {
		for _, k := range ph.Skills {
			out[i] = append(out[i], k.ID)
		}
	}
	return out
}

// TestMove: a move exchanges two neighbours of a phase and changes nothing else, unless one needs the other, and going back takes it all away.
func TestMove(t *testing.T) {
	s, sh := newService(t, claim(t, "kafka", 4))
	book := &orders{}
	planner := gapanalysis.NewPlanner(s, proofsOf(t), sh, nil).Ordering(book)
	const of = "senior-backend-engineer"
	plan := func() *gapanalysis.Plan {
		t.Helper()
		p, err := planner.Plan(t.Context(), sh.person, sh.resume, of, gapanalysis.PlanAsk{})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := plan()
	moved, kept := 0, 0
	for i, ph := range first.Phases {
		for j, k := range ph.Skills {
			mayUp, mayDown := ph.MayMove(j)
			for _, up := range []bool{true, false} {
				err := planner.Move(t.Context(), sh.person, sh.resume, of, k.ID, up)
				want := phasesOf(first)
				if up && mayUp || !up && mayDown {
					moved++
					other := j + 1
					if up {
						other = j - 1
					}
					want[i][j], want[i][other] = want[i][other], want[i][j]
				} else if kept++; fault.KindOf(err) != fault.Conflict {
					t.Errorf("%s, up %t: %v, want a conflict", k.ID, up, err)
				}
				now := plan()
				if diff := cmp.Diff(want, phasesOf(now)); diff != "" {
					t.Errorf("%s, up %t (-want +got):\n%s", k.ID, up, diff)
				}
				if now.ReadyWindow != first.ReadyWindow || now.Hours != first.Hours || !cmp.Equal(now.Cover, first.Cover) {
					t.Errorf("%s, up %t: it changes more than the order", k.ID, up)
				}
				if err := planner.DropOrder(t.Context(), sh.person, of); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if moved < 10 || kept < 2*len(first.Phases)+1 {
		t.Errorf("%d moves, %d refused: the test sees too little", moved, kept)
	}
	if !cmp.Equal(first, plan()) {
		t.Error("going back leaves something")
	}
	book.list = []string{"sleep", "kafka", first.Phases[0].Skills[len(first.Phases[0].Skills)-1].ID} // no skill, one that is held, the last
	if got := phasesOf(plan())[0]; !slices.Contains(got[:len(got)-1], book.list[2]) {
		t.Errorf("the last of the first phase stays where it is: %v", got)
	}
	for name, err := range map[string]error{
		"no skill":        planner.Move(t.Context(), sh.person, sh.resume, of, "sleep", true),
		"somebody else's": planner.Move(t.Context(), uuid.New(), sh.resume, of, "system-design", true),
		"unknown role":    planner.DropOrder(t.Context(), sh.person, "astronaut"),
	} {
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}
