package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
)

// uploadForm keeps an uploaded resume and shows it; a problem shows the form again.
func (s *server) uploadForm(c *gin.Context) error {
	u, err := s.receive(c)
	if err == nil {
		c.Redirect(http.StatusSeeOther, "/resumes/"+u.ID.String())
		return nil
	}
	p, ok := s.formProblem(c, err)
	if !ok {
		return err
	}
	p.Field = "file" // the only one that there is
	return s.home(c, p.Status, frame{Problem: p})
}

// resumePageView is what was read of a resume.
type resumePageView struct {
	*skill.Upload
	Claims []claimView
	Ranked []gapanalysis.RoleScore
	Roles  []*catalog.Role
	Hours  int
	Stale  bool // read by rules or a catalogue of before
}

// claimView is one row of the skills.
type claimView struct {
	skill.Claim
	Row     string // anchor
	Quotes  []quote
	More    int // places that are not quoted
	Address string
	Problem *Problem // with the correction of just this skill
}

// Rejected tells whether the person said that it is not so.
func (v claimView) Rejected() bool { return v.Status == skill.StatusRejected }

// Confirmed tells whether the person said that it is so.
func (v claimView) Confirmed() bool { return v.Status == skill.StatusConfirmed }

func (s *server) resumePage(c *gin.Context) error {
	return s.showResume(c, http.StatusOK, frame{}, "")
}

// showResume shows the path's resume. wrong is the skill whose correction the frame's problem is about.
func (s *server) showResume(c *gin.Context, status int, f frame, wrong string) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	u, err := s.Intake.Resume(c.Request.Context(), person, id)
	if err != nil {
		return err
	}
	v := resumePageView{Upload: u, Roles: s.Catalog.Roles(), Hours: gapanalysis.DefaultHoursPerWeek}
	v.Stale = u.Profile.ExtractorVersion != skill.ExtractorVersion || u.Profile.CatalogVersion != s.Catalog.Version()
	if v.Ranked, err = s.Gaps.Roles(c.Request.Context(), person, id); err != nil {
		return err
	}
	text := []rune(u.Document.Text)
	for i := range u.Profile.Claims {
		claim := u.Profile.Claims[i]
		row := claimView{
			Claim: claim, Row: rowID(&claim, i), Quotes: quotesOf(text, id.String(), claim.Mentions),
			More: max(0, len(claim.Mentions)-maxQuotes),
		}
		if claim.ID != nil {
			row.Address = "/resumes/" + id.String() + "/skills/" + url.PathEscape(*claim.ID)
			if *claim.ID == wrong {
				row.Problem = f.Problem
			}
		}
		v.Claims = append(v.Claims, row)
	}
	f.Page = v
	return s.render(c, status, "resume", f)
}

// correctForm takes a person's word on one skill.
func (s *server) correctForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	name := c.Param("skill")
	correction, err := correctionOf(c, name)
	if err == nil {
		_, err = s.Intake.Correct(c.Request.Context(), person, id, correction)
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, "/resumes/"+id.String()+"#skill-"+url.PathEscape(name))
		return nil
	}
	p, ok := s.formProblem(c, err)
	if !ok {
		return err
	}
	if p.Field == "note" {
		p.Field = "note-" + name
	} else {
		p.Field = "level-" + name
	}
	return s.showResume(c, p.Status, frame{Problem: p}, name)
}

func correctionOf(c *gin.Context, name string) (skill.Correction, error) {
	out := skill.Correction{Skill: name}
	values, err := form(c, "level", "status", "note")
	if err != nil {
		return out, err
	}
	out.Status, out.Note = skill.Status(values.Get("status")), values.Get("note")
	// The level of what is not so means nothing, though the form always sends one.
	if raw := values.Get("level"); raw != "" && out.Status != skill.StatusRejected {
		level, err := strconv.Atoi(raw)
		if err != nil {
			return out, fault.New(fault.Invalid, "invalid-level", "A level is a number from 0 to 5.").In("level")
		}
		out.Level = &level
	}
	return out, nil
}

// rereadForm reads the file again, which today's rules may read better than those of the day of the upload.
func (s *server) rereadForm(c *gin.Context) error {
	u, err := s.reread(c)
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/resumes/"+u.ID.String())
	return nil
}

func (s *server) deleteForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	if err := s.Intake.Discard(c.Request.Context(), person, id); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/?done=resume-deleted")
	return nil
}
