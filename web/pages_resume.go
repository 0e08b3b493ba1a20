package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// resumePageView is what was read of a resume.
type resumePageView struct {
	*skill.Upload
	Sections []placed[resume.Section]
	Jobs     []placed[resume.Position]
	Months   int // of all positions
	Claims   []claimView
	Tabs     []claimTab
	Show     string // which claims: a status, or "" for all
	Ranked   []gapanalysis.RoleScore
	Roles    []*catalog.Role
	Hours    int
	Stale    bool // read by rules or a catalogue of before
	Text     string
	URL      string
}

// Years are those of all positions.
func (v resumePageView) Years() float64 { return float64(v.Months) / 12 }

// placed is something that was read, and the address of where.
type placed[T any] struct {
	What  T
	Page  int
	Place string
}

// claimTab chooses claims by their status.
type claimTab struct {
	Address, Words string
	Count          int
	Current        bool
}

// claimView is one card of the skills.
type claimView struct {
	skill.Claim
	Row     string // anchor
	Quotes  []quote
	More    int    // places that are not quoted
	Since   string // address of the first position that its years were counted over
	Address string
	Show    string
	Problem *Problem // with the correction of just this skill
}

// Rejected tells whether the person said that it is not so.
func (v claimView) Rejected() bool { return v.Status == skill.StatusRejected }

// Confirmed tells whether the person said that it is so.
func (v claimView) Confirmed() bool { return v.Status == skill.StatusConfirmed }

// Demonstrated tells whether something that the person showed stands behind it.
func (v claimView) Demonstrated() bool { return v.Status == skill.StatusDemonstrated }

func (s *server) resumePage(c *gin.Context) error {
	return s.showResume(c, http.StatusOK, frame{}, sentForm{})
}

// sentForm is what was sent and not taken: the correction of a skill, or a job description.
type sentForm struct{ skill, text, url string }

// showResume shows the path's resume. sent is what the frame's problem is about.
func (s *server) showResume(c *gin.Context, status int, f frame, sent sentForm) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	u, err := s.Intake.Resume(c.Request.Context(), person, id)
	if err != nil {
		return err
	}
	v := resumePageView{Upload: u, Roles: s.Catalog.Roles(), Hours: gapanalysis.DefaultHoursPerWeek, Months: resume.Months(u.Document.Positions, u.CreatedAt)}
	v.Stale = u.Profile.ExtractorVersion != skill.ExtractorVersion || u.Profile.CatalogVersion != s.Catalog.Version()
	if v.Ranked, err = s.Gaps.Roles(c.Request.Context(), person, id); err != nil {
		return err
	}
	places := newPlaces(u)
	v.Sections, v.Jobs = places.sections(), places.positions()
	v.Show = shownStatus(c)
	v.Tabs = s.claimTabs(c, u, v.Show)
	for i := range u.Profile.Claims {
		claim := &u.Profile.Claims[i]
		wrongHere := claim.ID != nil && *claim.ID == sent.skill
		if v.Show != "" && string(claim.Status) != v.Show && !wrongHere {
			continue
		}
		card := places.card(claim, i)
		card.Show = v.Show
		if wrongHere {
			card.Problem = f.Problem
		}
		v.Claims = append(v.Claims, card)
	}
	v.Text, v.URL = sent.text, sent.url
	f.Section, f.Page, f.Part = "resumes", v, "resume-skills"
	return s.render(c, status, "resume", f)
}

// claimStatuses are those that claims can be chosen by, in order.
func claimStatuses() []skill.Status {
	return []skill.Status{skill.StatusRead, skill.StatusConfirmed, skill.StatusDemonstrated, skill.StatusRejected}
}

// shownStatus is the status that the address asks for, "" for all. What is no status asks for all.
func shownStatus(c *gin.Context) string {
	if show := skill.Status(c.Query("show")); slices.Contains(claimStatuses(), show) {
		return string(show)
	}
	return ""
}

// claimTabs are all claims, and each status that some have or that is shown.
func (s *server) claimTabs(c *gin.Context, u *skill.Upload, show string) []claimTab {
	own := "/resumes/" + u.ID.String()
	tabs := []claimTab{{Address: own + "#skills", Words: s.say(c).Say("resume.show.all"), Count: len(u.Profile.Claims), Current: show == ""}}
	count := map[skill.Status]int{}
	for i := range u.Profile.Claims {
		count[u.Profile.Claims[i].Status]++
	}
	for _, status := range claimStatuses() {
		if n, current := count[status], string(status) == show; n > 0 || current {
			tabs = append(tabs, claimTab{own + "?show=" + string(status) + "#skills", s.say(c).Of("resume.show", status), n, current})
		}
	}
	return tabs
}

// places says where in a resume something stands.
type places struct {
	u    *skill.Upload
	text []rune
	own  string
}

func newPlaces(u *skill.Upload) *places {
	return &places{u, []rune(u.Document.Text), u.ID.String()}
}

// heading is the address and the page of the line that a range begins with, which says enough of what is long.
func (p *places) heading(start, end int) (place string, page int) {
	for _, l := range p.u.Document.Lines {
		if l.End > start {
			if start < end {
				end = min(end, max(l.End, start+1))
			}
			return evidencePlace(p.own, start, end), l.Page
		}
	}
	return evidencePlace(p.own, start, end), 1
}

func (p *places) sections() []placed[resume.Section] {
	var out []placed[resume.Section]
	for _, s := range p.u.Document.Sections {
		at, page := p.heading(s.Start, s.End)
		out = append(out, placed[resume.Section]{s, page, at})
	}
	return out
}

func (p *places) positions() []placed[resume.Position] {
	var out []placed[resume.Position]
	for _, job := range p.u.Document.Positions {
		at, page := p.heading(job.Span[0], job.Span[1])
		out = append(out, placed[resume.Position]{job, page, at})
	}
	return out
}

// card is what a claim's card says. number is the claim's place in the profile.
func (p *places) card(claim *skill.Claim, number int) claimView {
	v := claimView{
		Claim: *claim, Row: rowID(claim, number), Quotes: quotesOf(p.text, p.own, claim.Mentions), More: max(0, len(claim.Mentions)-maxQuotes), Since: p.since(claim),
	}
	if claim.ID != nil {
		v.Address = "/resumes/" + p.own + "/skills/" + url.PathEscape(*claim.ID)
	}
	return v
}

// since is the address of the first position whose text names the skill, "" where none does.
func (p *places) since(claim *skill.Claim) string {
	for _, job := range p.u.Document.Positions {
		for _, m := range claim.Mentions {
			if m.Start >= job.Span[0] && m.End <= job.Span[1] {
				at, _ := p.heading(job.Span[0], job.Span[1])
				return at
			}
		}
	}
	return ""
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
		query := ""
		if show := shownStatus(c); show != "" {
			query = "?show=" + show
		}
		c.Redirect(http.StatusSeeOther, "/resumes/"+id.String()+query+"#skill-"+url.PathEscape(name))
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
	return s.showResume(c, p.Status, frame{Problem: p}, sentForm{skill: name})
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

// compareForm compares the resume with a job description: a text, or the address of one.
func (s *server) compareForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	values, err := form(c, "text", "url")
	if err != nil {
		return err
	}
	text, address := strings.TrimSpace(values.Get("text")), strings.TrimSpace(values.Get("url"))
	switch {
	case address != "" && text != "":
		err = fault.New(fault.Invalid, "text-and-url", "Send the text of the job description or its address, not both.").In("url")
	case address != "":
		text, err = s.advert(c.Request.Context(), address)
	}
	if err == nil {
		var report *gapanalysis.Report
		if report, err = s.Gaps.CompareText(c.Request.Context(), person, id, text, gapanalysis.Ask{}); err == nil {
			if report.Run != "" { // an address that can be opened again
				c.Redirect(http.StatusSeeOther, "/gap-runs/"+report.Run)
				return nil
			}
			return s.giveReport(c, pageForm, report, person, report, gapanalysis.Ask{})
		}
	}
	p, ok := s.formProblem(c, err)
	if !ok {
		return err
	}
	if p.Field != "url" {
		p.Field = "text"
	}
	return s.showResume(c, p.Status, frame{Problem: p}, sentForm{text: values.Get("text"), url: values.Get("url")})
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
