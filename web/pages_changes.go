package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/gapanalysis"
)

// changesView is what changed from the last but one report of a resume and a role to the last. Diff is nil where there are not two.
type changesView struct {
	ID     string
	Role   string
	Title  string
	Runs   []gapanalysis.Run // the latest first
	Diff   *gapanalysis.Diff
	Causes []string
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
		v.Role = r.ID
	}
	v.Title = s.targetName(v.Role)
	if v.Runs, err = s.Gaps.Runs(c.Request.Context(), person, id, v.Role, 2); err != nil {
		return err
	}
	if len(v.Runs) == 2 {
		if v.Diff, err = s.Gaps.DiffRuns(c.Request.Context(), person, v.Runs[1].ID, v.Runs[0].ID); err != nil {
			return err
		}
		for _, cause := range v.Diff.Causes {
			v.Causes = append(v.Causes, causeWords(cause))
		}
	}
	return s.render(c, http.StatusOK, "changes", frame{Page: v})
}

// causeWords says what a cause of a difference means.
func causeWords(cause string) string {
	switch cause {
	case gapanalysis.CauseResume:
		return "Your skills: the resume was read anew, or you corrected something."
	case gapanalysis.CauseTarget:
		return "What is asked for: it is another job description."
	case gapanalysis.CauseCatalogue:
		return "The catalogue: what the role asks for, or how skills carry over."
	case gapanalysis.CauseReader:
		return "The reader: the rules that find skills and judge their levels."
	case gapanalysis.CauseModel:
		return "The vectors, by which skills are near to each other."
	case gapanalysis.CauseMarket:
		return "The postings that gaps are counted over."
	case gapanalysis.CausePace:
		return "The hours a week."
	case gapanalysis.CauseDay:
		return "The day that dates count from."
	}
	return cause
}
