package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
)

func (s *server) getGaps(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	a, err := ask(c)
	if err != nil {
		return err
	}
	report, err := s.Gaps.Gaps(c.Request.Context(), person, id, c.Param("role"), a)
	if err != nil {
		return err
	}
	return s.giveReport(c, f, report, person, report, a)
}

// ask reads the person's side of a comparison from the query.
func ask(c *gin.Context) (a gapanalysis.Ask, err error) {
	if a.HoursPerWeek, err = queryInt(c, "hours_per_week"); err != nil {
		return a, err
	}
	for _, item := range strings.FieldsFunc(c.Query("assume"), func(r rune) bool { return r == ',' }) {
		id, level, _ := strings.Cut(strings.TrimSpace(item), ":")
		n, err := strconv.Atoi(level)
		if err != nil {
			return a, fault.Newf(fault.Invalid, "invalid-assume", "assume is a list like kafka:4,aws:3; %.60q is no skill and level.", item).In("assume")
		}
		if a.Assume == nil {
			a.Assume = map[string]int{}
		}
		a.Assume[id] = n
	}
	return a, nil
}

func (s *server) compareText(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	a, err := ask(c)
	if err != nil {
		return err
	}
	var body struct {
		Text string `json:"text"`
		URL  string `json:"url"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	if body.URL != "" {
		if body.Text != "" {
			return fault.New(fault.Invalid, "text-and-url", "Send the text of the job description or its address, not both.").In("url")
		}
		if body.Text, err = s.advert(c.Request.Context(), body.URL); err != nil {
			return err
		}
	}
	report, err := s.Gaps.CompareText(c.Request.Context(), person, id, body.Text, a)
	if err != nil {
		return err
	}
	return s.giveReport(c, f, report, person, report, a)
}

// advert is the text of the job description at an address.
func (s *server) advert(ctx context.Context, address string) (string, error) {
	page, err := s.Pages.Page(ctx, address)
	if err != nil || !page.HTML {
		return page.Body, err
	}
	a, err := posting.FromPage(page.Body)
	return a.Text, err
}

func (s *server) rankRoles(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	roles, err := s.Gaps.Roles(c.Request.Context(), person, id)
	if err != nil {
		return err
	}
	occupations, err := s.Gaps.Occupations(c.Request.Context(), person, id)
	if err != nil {
		return err
	}
	lateral := []catalog.Related{} // from the role that suits best
	if len(roles) > 0 {
		lateral = s.Catalog.Related(roles[0].ID)
	}
	c.JSON(http.StatusOK, gin.H{"resume_id": id, "roles": roles, "occupations": occupations, "lateral": lateral})
	return nil
}
