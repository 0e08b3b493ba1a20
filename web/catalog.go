package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// roleSummary is a role in a list.
type roleSummary struct {
	ID          string              `json:"id"`
	Name        string              `json:"name"`
	Family      string              `json:"family"`
	Seniority   string              `json:"seniority"`
	Summary     string              `json:"summary"`
	TimeToReady catalog.TimeToReady `json:"time_to_ready"`
}

func (s *server) listRoles(c *gin.Context) error {
	roles := make([]roleSummary, len(s.Catalog.Roles()))
	for i, r := range s.Catalog.Roles() {
		roles[i] = roleSummary{r.ID, r.Name, r.Family, r.Seniority, r.Summary, r.TimeToReady}
	}
	c.JSON(http.StatusOK, gin.H{"catalog_version": s.Catalog.Version(), "roles": roles})
	return nil
}

func (s *server) getRole(c *gin.Context) error {
	r, err := s.Catalog.Role(c.Param("role"))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, r)
	return nil
}

func (s *server) relatedRoles(c *gin.Context) error {
	r, err := s.Catalog.Role(c.Param("role"))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"role": r.ID, "threshold": catalog.RelatedThreshold, "related": s.Catalog.Related(r.ID)})
	return nil
}

// Bounds on a search.
const (
	defaultSkills = 50
	maxSkills     = 1000
	maxQuery      = 100
)

func (s *server) searchSkills(c *gin.Context) error {
	limit, err := queryInt(c, "limit")
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = defaultSkills
	}
	if limit < 1 || limit > maxSkills {
		return fault.Newf(fault.Invalid, "invalid-limit", "limit is a number from 1 to %d.", maxSkills).In("limit")
	}
	if len(c.Query("q")) > maxQuery {
		return fault.Newf(fault.Invalid, "invalid-q", "q has at most %d bytes.", maxQuery).In("q")
	}
	c.JSON(http.StatusOK, gin.H{"skills": s.Catalog.Search(c.Query("q"), limit)})
	return nil
}

// skillDetail is a skill with its relations.
type skillDetail struct {
	*catalog.Skill
	Requires  []catalog.Prerequisite `json:"requires"`
	Transfers []catalog.Transfer     `json:"transfers"`
	Learning  *catalog.Learning      `json:"learning,omitempty"`
}

func (s *server) getSkill(c *gin.Context) error {
	k, err := s.Catalog.Skill(c.Param("skill"))
	if err != nil {
		return err
	}
	d := skillDetail{Skill: k, Requires: s.Catalog.Requires(k.ID), Transfers: s.Catalog.TransfersTo(k.ID), Learning: s.Catalog.Learning(k.ID)}
	if d.Requires == nil {
		d.Requires = []catalog.Prerequisite{}
	}
	if d.Transfers == nil {
		d.Transfers = []catalog.Transfer{}
	}
	c.JSON(http.StatusOK, d)
	return nil
}
