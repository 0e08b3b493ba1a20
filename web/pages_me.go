package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
)

// meView is what somebody has here.
type meView struct {
	Person  account.Person
	Resumes []skill.Summary
	Paths   []pathView
	budgetsView
}

// pathView is how far somebody is on a career path.
type pathView struct {
	ID, Name   string
	Done, Of   int // milestones
	Begun      int
	PlanResume uuid.UUID // the latest resume, whose plan for the path is led to; uuid.Nil for none
}

// Share is what is done of the path.
func (v pathView) Share() float64 { return float64(v.Done) / float64(max(1, v.Of)) }

// Operator tells whether the person runs this service.
func (v meView) Operator() bool { return v.Person.Kind == account.Operator }

// budgetsView is how the budgets stand.
type budgetsView struct {
	Budgets []budgetView
	Model   string // "" where none is configured
}

type budgetView struct {
	gateway.Budget
	Used float64 // share of the limit that is spent or reserved, 0-1
}

// Own tells whether a budget is the person's alone.
func (b budgetView) Own() bool {
	return b.Scope == gateway.ScopePersonDay || b.Scope == gateway.ScopePersonMonth
}

// Tone is the colour of a budget that comes to its end.
func (b budgetView) Tone() string {
	const low, out = 0.7, 0.9
	switch {
	case b.Used >= out:
		return "bad"
	case b.Used >= low:
		return "warn"
	}
	return ""
}

// mePage shows what the caller has here, and where to take it away.
func (s *server) mePage(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	v := meView{Person: p}
	if v.Resumes, err = s.Intake.Resumes(ctx, p.ID); err != nil {
		return err
	}
	marks, err := s.Plans.Marks(ctx, p.ID)
	if err != nil {
		return err
	}
	latest := uuid.Nil
	if len(v.Resumes) > 0 {
		latest = slices.MaxFunc(v.Resumes, func(a, b skill.Summary) int { return a.CreatedAt.Compare(b.CreatedAt) }).ID
	}
	v.Paths = s.paths(marks, latest)
	if v.budgetsView, err = s.budgets(ctx, p.ID); err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "me", frame{Section: "me", Page: v})
}

// paths are the career paths of which somebody has begun a milestone, in the catalogue's order.
func (s *server) paths(marks []gapanalysis.Mark, latest uuid.UUID) []pathView {
	var out []pathView
	for _, r := range s.Catalog.Roles() {
		v := pathView{ID: r.ID, Name: r.Name, PlanResume: latest}
		for _, ph := range r.Phases {
			v.Of += len(ph.Milestones)
		}
		for _, m := range marks {
			switch {
			case m.Role != r.ID:
			case m.Status == gapanalysis.MilestoneDone:
				v.Done++
			case m.Status == gapanalysis.MilestoneStarted:
				v.Begun++
			}
		}
		if v.Done+v.Begun > 0 {
			out = append(out, v)
		}
	}
	return out
}

func (s *server) budgets(ctx context.Context, person uuid.UUID) (v budgetsView, err error) {
	budgets, err := s.Gateway.Budgets(ctx, person)
	if err != nil {
		return v, err
	}
	if s.Gateway.Enabled() {
		v.Model = s.Gateway.Model()
	}
	for _, b := range budgets {
		used := 0.0
		if b.Limit > 0 {
			used = min(1, float64(b.Spent+b.Reserved)/float64(b.Limit))
		}
		v.Budgets = append(v.Budgets, budgetView{b, used})
	}
	return v, nil
}

func (s *server) usagePage(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	v, err := s.budgets(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "usage", frame{Section: "usage", Page: v})
}

func (s *server) eraseMePage(c *gin.Context) error {
	if _, err := s.caller(c); err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "erase", frame{Section: "erase"})
}

// eraseMeForm leaves nothing of the caller, once they have said that they mean it.
func (s *server) eraseMeForm(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	values, err := form(c, "confirm")
	if err == nil && values.Get("confirm") != "yes" {
		err = fault.New(fault.Invalid, "not-confirmed", "Tick the box first: this cannot be undone.").In("confirm")
	}
	if err != nil {
		problem, ok := s.formProblem(c, err)
		if !ok {
			return err
		}
		problem.Field = "confirm"
		return s.render(c, problem.Status, "erase", frame{Section: "erase", Problem: problem})
	}
	if err := s.Accounts.Erase(c.Request.Context(), p.ID); err != nil {
		return err
	}
	s.keys.forget(p.ID)
	endSession(c)
	c.Redirect(http.StatusSeeOther, "/?done=all-deleted")
	return nil
}
