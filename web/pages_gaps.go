package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
)

// chooseRole leads from the form that chooses a role to the report, whose address holds the role.
func (s *server) chooseRole(c *gin.Context) error {
	_, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	r, err := s.Catalog.Role(c.Query("role"))
	if err != nil {
		return err
	}
	to := "/resumes/" + id.String() + "/gaps/" + url.PathEscape(r.ID)
	if h := c.Query("hours_per_week"); h != "" {
		to += "?hours_per_week=" + url.QueryEscape(h)
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// gapsView is a report with its plan. Report is nil where only the form is shown again.
type gapsView struct {
	ID     string
	Role   *catalog.Role
	Hours  string // as it was asked for
	Report *gapanalysis.Report
	Plan   *gapanalysis.Plan
	Parts  []gapPart
	Next   []nextView
	Extra  []gapanalysis.Extra
}

// gapPart is the skills of one phase.
type gapPart struct {
	catalog.Phase
	Number int
	Gaps   []gapView
	Have   int
}

type gapView struct {
	gapanalysis.SkillGap
	From   string // name of the skill that carries over
	Quotes []quote
}

type nextView struct {
	gapanalysis.Next
	Name string
}

func (s *server) gapsPage(c *gin.Context) error {
	r, err := s.Catalog.Role(c.Param("role"))
	if err != nil {
		return err
	}
	v := gapsView{ID: c.Param("id"), Role: r, Hours: c.Query("hours_per_week")}
	if v.Report, err = s.gaps(c); err != nil {
		p, ok := s.formProblem(c, err)
		if !ok || p.Field != "hours_per_week" {
			return err
		}
		return s.render(c, p.Status, "gaps", frame{Problem: p, Page: v})
	}
	u, err := s.resume(c)
	if err != nil {
		return err
	}
	hours, err := queryInt(c, "hours_per_week")
	if err != nil {
		return err
	}
	if hours == 0 {
		hours = gapanalysis.DefaultHoursPerWeek
		v.Hours = "10"
	}
	v.Plan = gapanalysis.LayOut(v.Report, r, gapanalysis.Options{HoursPerWeek: hours, Today: s.Now()})
	text := []rune(u.Document.Text)
	for i, ph := range r.Phases {
		part := gapPart{Phase: ph, Number: i + 1}
		for _, g := range v.Report.Skills {
			if g.Phase != ph.ID {
				continue
			}
			row := gapView{SkillGap: g, Quotes: quotesOf(text, v.Report.ResumeID, g.Evidence)}
			if g.Transfer != nil {
				row.From = s.skillName(g.Transfer.From)
			}
			if g.Status == gapanalysis.Have {
				part.Have++
			}
			part.Gaps = append(part.Gaps, row)
		}
		v.Parts = append(v.Parts, part)
	}
	for _, n := range v.Report.Next {
		v.Next = append(v.Next, nextView{n, s.skillName(n.Skill)})
	}
	return s.render(c, http.StatusOK, "gaps", frame{Page: v})
}

// jobsView is the postings that suit a resume, with the filter that they passed.
type jobsView struct {
	ID       string
	Remote   string
	Location string
	Words    string
	Matches  []matchView
	Samples  bool // any of them ships with the service
}

type matchView struct {
	gapanalysis.Match
	Lacking []string // names of the must-haves that are missing
}

func (s *server) jobsPage(c *gin.Context) error {
	v := jobsView{ID: c.Param("id"), Remote: c.Query("remote"), Location: c.Query("location"), Words: c.Query("q")}
	matches, err := s.jobs(c)
	if err != nil {
		p, ok := s.formProblem(c, err)
		if !ok || fault.KindOf(err) != fault.Invalid {
			return err
		}
		return s.render(c, p.Status, "jobs", frame{Problem: p, Page: v})
	}
	for _, m := range matches {
		v.Samples = v.Samples || m.Sample
		v.Matches = append(v.Matches, matchView{m, s.skillNames(m.Missing)})
	}
	return s.render(c, http.StatusOK, "jobs", frame{Page: v})
}
