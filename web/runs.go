package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
)

// diffRuns says what changed from one report to another, and why.
func (s *server) diffRuns(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	other, err := uuid.Parse(c.Param("other"))
	if err != nil {
		return fault.New(fault.NotFound, "unknown-run", "There is no such report of yours.").In("other")
	}
	d, err := s.Gaps.DiffRuns(c.Request.Context(), person, id, other)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, d)
	return nil
}
