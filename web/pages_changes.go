package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/gapanalysis"
)

// changesView is what changed from the last but one report of a resume and a role to the last. Diff is nil where there are not two.
type changesView struct {
	ID    string
	Role  string
	Title string
	Named bool              // the title is a role's
	Link  string            // to today's report; "" for a job description
	Runs  []gapanalysis.Run // the latest first
	Diff  *gapanalysis.Diff
}

// changesPage compares the latest two reports of the path's resume and role.
func (s *server) changesPage(c *gin.Context) error {
	u, err := s.resume(c)
	if err != nil {
		return err
	}
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	v := changesView{ID: u.ID.String(), Role: c.Param("role")}
	if v.Role != postingTarget {
		r, err := s.Catalog.Role(v.Role)
		if err != nil {
			return err
		}
		v.Role, v.Named, v.Link = r.ID, true, gapsAddress(u.ID.String(), r.ID)
	}
	v.Title = s.targetName(v.Role)
	if v.Runs, err = s.Gaps.Runs(c.Request.Context(), person, id, v.Role, 2); err != nil {
		return err
	}
	if len(v.Runs) == 2 {
		if v.Diff, err = s.Gaps.DiffRuns(c.Request.Context(), person, v.Runs[1].ID, v.Runs[0].ID); err != nil {
			return err
		}
	}
	return s.render(c, http.StatusOK, "changes", frame{Section: "resumes", Page: v})
}
