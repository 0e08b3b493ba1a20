package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

// budgetsView is how the budgets stand.
type budgetsView struct {
	Budgets []budgetView
	Model   string // "" where none is configured
}

type budgetView struct {
	gateway.Budget
	Used float64 // share of the limit that is spent or reserved, 0-1
}

func (s *server) usagePage(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	budgets, err := s.Gateway.Budgets(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	v := budgetsView{}
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
