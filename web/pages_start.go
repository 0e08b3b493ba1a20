package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// homeView is the start page.
type homeView struct {
	Resumes []skill.Summary
	Roles   []*catalog.Role
	MaxMB   int
}

func (s *server) homePage(c *gin.Context) error {
	notice := ""
	switch c.Query("done") {
	case "resume-deleted":
		notice = "The resume and everything computed from it is deleted."
	case "all-deleted":
		notice = "Everything of yours is deleted, and the session is over."
	}
	return s.home(c, http.StatusOK, frame{Notice: notice})
}

// home shows the start page. Who has no session sees it without resumes.
func (s *server) home(c *gin.Context, status int, f frame) error {
	v := homeView{Roles: s.Catalog.Roles(), MaxMB: resume.MaxBytes >> 20}
	p, err := s.caller(c)
	if err == nil {
		v.Resumes, err = s.Intake.Resumes(c.Request.Context(), p.ID)
	}
	if err != nil && fault.KindOf(err) != fault.Unauthenticated {
		return err
	}
	f.Section, f.Page = "home", v
	return s.render(c, status, "home", f)
}

func (s *server) rolesPage(c *gin.Context) error {
	return s.render(c, http.StatusOK, "roles", frame{Section: "roles", Page: s.Catalog.Roles()})
}

// roleView is a career path, phase by phase.
type roleView struct {
	*catalog.Role
	Parts   []phaseView
	Related []relatedView
	Months  int // of all phases together
}

type phaseView struct {
	catalog.Phase
	Number   int
	Skills   []requirementView
	Projects []projectView
}

type requirementView struct {
	catalog.Requirement
	Name   string
	Others []string // names of what the market accepts in its place
}

type projectView struct {
	catalog.Project
	Names []string // of its skills
}

type relatedView struct {
	catalog.Related
	Both, Lacking []string // names
}

func (s *server) rolePage(c *gin.Context) error {
	r, err := s.Catalog.Role(c.Param("role"))
	if err != nil {
		return err
	}
	v := roleView{Role: r}
	for i, ph := range r.Phases {
		part := phaseView{Phase: ph, Number: i + 1}
		for _, q := range r.Skills {
			if q.Phase == ph.ID {
				part.Skills = append(part.Skills, requirementView{q, s.skillName(q.Skill), s.skillNames(q.Alternatives)})
			}
		}
		for _, p := range r.Projects {
			if p.Phase == ph.ID {
				part.Projects = append(part.Projects, projectView{p, s.skillNames(p.Skills)})
			}
		}
		v.Months += ph.Months
		v.Parts = append(v.Parts, part)
	}
	for _, rel := range s.Catalog.Related(r.ID) {
		v.Related = append(v.Related, relatedView{rel, s.skillNames(rel.Skills), s.skillNames(rel.Missing)})
	}
	return s.render(c, http.StatusOK, "role", frame{Section: "roles", Page: v})
}

// skillName is a skill's name; an id that is not of the catalogue stays as it is.
func (s *server) skillName(id string) string {
	k, err := s.Catalog.Skill(id)
	if err != nil {
		return id
	}
	return k.Name
}

func (s *server) skillNames(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = s.skillName(id)
	}
	return out
}
