package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// homeView is the start page.
type homeView struct {
	Resumes  []skill.Summary
	Families []familyView
	Count    int // of roles
	MaxMB    int
}

func (s *server) homePage(c *gin.Context) error {
	notice := ""
	switch c.Query("done") {
	case "resume-deleted":
		notice = s.say(c).Say("home.deleted.resume")
	case "all-deleted":
		notice = s.say(c).Say("home.deleted.all")
	}
	return s.home(c, http.StatusOK, frame{Notice: notice})
}

// home shows the start page. Who has no session sees it without resumes.
func (s *server) home(c *gin.Context, status int, f frame) error {
	v := homeView{Families: s.families(), Count: len(s.Catalog.Roles()), MaxMB: resume.MaxBytes >> 20}
	p, err := s.caller(c)
	if err == nil {
		v.Resumes, err = s.Intake.Resumes(c.Request.Context(), p.ID)
	}
	if err != nil && fault.KindOf(err) != fault.Unauthenticated {
		return err
	}
	f.Section, f.Page, f.Scripts = "home", v, []string{"hx-sse.min.js"}
	return s.render(c, status, "home", f)
}
