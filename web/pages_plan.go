package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/tutor"
)

// planView is a plan as a page. Plan is nil where only the form is shown again.
type planView struct {
	*gapanalysis.Plan
	ID       string
	Role     *catalog.Role
	Base     string // address of this page, without its query
	Hours    string // as it was asked for
	Off      string // the same
	OffRows  []offView
	Parts    []planPart
	Upgrade  *tutor.Upgrade
	Calendar string // address to subscribe to, shown once
	Problem  *Problem
	Wrong    string // what the problem is about: a milestone, or ""
	Part     bool   // it answers htmx
	Said     string // what was done, for who hears the page
	Ordered  bool   // the skills are in the person's own order
}

// offView is some days off, and the address of the plan without them.
type offView struct {
	gapanalysis.DateRange
	Without string
}

// planPart is one phase.
type planPart struct {
	gapanalysis.PlanPhase
	Number     int
	Rows       []planSkillView
	Milestones []planMilestoneView
	Done       int // milestones
	Projects   []planProjectView
}

type planSkillView struct {
	gapanalysis.PlanSkill
	From      int
	Up, Down  bool   // it can go one place so
	MovedName string // name of the phase that the role has it in, where that is another
	Needs     []gapNeed
}

type planMilestoneView struct {
	gapanalysis.PlanMilestone
	Note    string
	Names   []string // of the skills that it demonstrates
	Address string
	Problem *Problem
}

// Proven tells whether something stands for it, so that it counts in reports.
func (v planMilestoneView) Proven() bool {
	return v.Status == gapanalysis.MilestoneDone && (v.EvidenceURL != "" || v.Note != "")
}

type planProjectView struct {
	gapanalysis.PlanProject
	Names []string // of the skills that it covers
}

// planPage shows the plan of the path's resume and role.
func (s *server) planPage(c *gin.Context) error {
	done := s.plannedOf(c)
	return s.showPlan(c, http.StatusOK, &planView{Said: done}, frame{Notice: done})
}

// plannedOf is what to say where the address tells that something was just done.
func (s *server) plannedOf(c *gin.Context) string {
	if done := c.Query("done"); done != "" && s.say(c).Has("plan.done."+done) {
		return s.say(c).Of("plan.done", done)
	}
	return ""
}

// planQuery reads what a plan is asked with, and joins days off that the form adds to those that there are.
func planQuery(c *gin.Context) (gapanalysis.PlanAsk, error) {
	var a gapanalysis.PlanAsk
	hours, err := queryInt(c, "hours_per_week")
	if err != nil {
		return a, err
	}
	a.HoursPerWeek = hours
	list := c.Query("weeks_off")
	if from := c.Query("off_from"); from != "" {
		if to := c.Query("off_to"); to != "" {
			from += ".." + to
		}
		list = strings.TrimPrefix(list+","+from, ",")
	} else if c.Query("off_to") != "" {
		return a, fault.New(fault.Invalid, "invalid-weeks-off", "Say the first day that is off, too.").In("weeks_off")
	}
	a.WeeksOff, err = gapanalysis.ParseWeeksOff(list)
	return a, err
}

// weeksOff writes days off as ParseWeeksOff reads them.
func weeksOff(list []gapanalysis.DateRange) string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = r.From + ".." + r.To
	}
	return strings.Join(out, ",")
}

// showPlan lays out the plan and shows it.
func (s *server) showPlan(c *gin.Context, status int, v *planView, f frame) error {
	r, err := s.Catalog.Role(c.Param("role"))
	if err != nil {
		return err
	}
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	v.ID, v.Role, v.Base, v.Part = id.String(), r, "/resumes/"+id.String()+"/plan/"+r.ID, wantsPart(c)
	f.Section, f.Part, f.Page = "resumes", "plan-part", v
	a, err := planQuery(c)
	if err == nil {
		v.Plan, err = s.Plans.Plan(c.Request.Context(), person, id, r.ID, a)
	}
	if err != nil {
		p, ok := s.formProblem(c, err)
		if !ok || p.Field != "hours_per_week" && p.Field != "weeks_off" {
			return err
		}
		f.Problem, v.Plan, v.Hours, v.Off = p, nil, c.Query("hours_per_week"), c.Query("weeks_off")
		return s.render(c, p.Status, "plan", f)
	}
	standing, err := s.Progress.Standing(c.Request.Context(), person, r.ID)
	if err != nil {
		return err
	}
	if v.Ordered, err = s.Plans.Ordered(c.Request.Context(), person, r.ID); err != nil {
		return err
	}
	v.Hours, v.Off, v.Upgrade = strconv.Itoa(v.HoursPerWeek), weeksOff(v.WeeksOff), standing.Upgrade
	for i, off := range v.WeeksOff {
		v.OffRows = append(v.OffRows, offView{off, v.at("weeks_off", weeksOff(slices.Delete(slices.Clone(v.WeeksOff), i, i+1)))})
	}
	s.fillPlan(v, standing)
	return s.render(c, status, "plan", f)
}

// fillPlan makes the phases of a page.
func (s *server) fillPlan(v *planView, standing *tutor.Standing) {
	notes, phases := map[string]string{}, map[string]string{}
	for _, m := range standing.Milestones {
		notes[m.Milestone] = m.Note
	}
	for _, ph := range v.Phases {
		phases[ph.ID] = ph.Name
	}
	for i, ph := range v.Phases {
		part := planPart{PlanPhase: ph, Number: i + 1}
		for j, k := range ph.Skills {
			row := planSkillView{PlanSkill: k, From: k.From, MovedName: phases[k.MovedFrom]}
			row.Up, row.Down = ph.MayMove(j)
			for _, n := range k.Needs {
				row.Needs = append(row.Needs, gapNeed{n, s.skillName(n.Skill)})
			}
			part.Rows = append(part.Rows, row)
		}
		for _, m := range ph.MilestoneDetails {
			row := planMilestoneView{PlanMilestone: m, Note: notes[m.ID], Names: s.skillNames(m.Skills), Address: v.Base + "/milestones/" + url.PathEscape(m.ID) + v.Query()}
			if m.Status == gapanalysis.MilestoneDone {
				part.Done++
			}
			if m.ID == v.Wrong {
				row.Problem = v.Problem
			}
			part.Milestones = append(part.Milestones, row)
		}
		for _, p := range ph.Projects {
			part.Projects = append(part.Projects, planProjectView{p, s.skillNames(p.Covers)})
		}
		v.Parts = append(v.Parts, part)
	}
}

// at is the address of the page as it is, but for pairs of names and values.
func (v *planView) at(pairs ...string) string {
	q := url.Values{}
	q.Set("hours_per_week", v.Hours)
	q.Set("weeks_off", v.Off)
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	for name := range q {
		if q.Get(name) == "" {
			q.Del(name)
		}
	}
	return v.Base + "?" + q.Encode()
}

// Query is that of the page, as what follows an address.
func (v *planView) Query() string { return strings.TrimPrefix(v.at(), v.Base) }

// File is the address of the plan as a calendar's file.
func (v *planView) File() string {
	return "/api/v1/resumes/" + v.ID + "/plan/" + v.Role.ID + calendarEnding + v.Query()
}

// Report is the address of the gap report at the same hours.
func (v *planView) Report() string {
	return gapsAddress(v.ID, v.Role.ID) + "?hours_per_week=" + v.Hours
}

// planned is the plan that a form was sent from, to go back to.
func (s *server) planned(c *gin.Context) (person, resume uuid.UUID, r *catalog.Role, back string, err error) {
	if r, err = s.Catalog.Role(c.Param("role")); err != nil {
		return person, resume, r, "", err
	}
	if person, resume, err = s.callerAnd(c); err != nil {
		return person, resume, r, "", err
	}
	q := url.Values{}
	for _, name := range []string{"hours_per_week", "weeks_off"} {
		if v := c.Query(name); v != "" {
			q.Set(name, v)
		}
	}
	back = "/resumes/" + resume.String() + "/plan/" + r.ID + "?"
	if len(q) > 0 {
		back += q.Encode() + "&"
	}
	return person, resume, r, back, nil
}

// milestoneForm takes a person's word on a milestone, with what proves it.
func (s *server) milestoneForm(c *gin.Context) error {
	person, _, r, back, err := s.planned(c)
	if err != nil {
		return err
	}
	values, err := form(c, "status", "evidence_url", "note")
	if err == nil {
		_, err = s.Progress.Record(c.Request.Context(), person, tutor.MilestoneProgress{
			Role: r.ID, Milestone: c.Param("milestone"), Status: tutor.MilestoneStatus(values.Get("status")),
			EvidenceURL: strings.TrimSpace(values.Get("evidence_url")), Note: strings.TrimSpace(values.Get("note")),
		})
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, back+"done=milestone#milestone-"+url.PathEscape(c.Param("milestone")))
		return nil
	}
	p, ok := s.formProblem(c, err)
	if !ok {
		return err
	}
	p.Field += "-" + c.Param("milestone")
	return s.showPlan(c, p.Status, &planView{Problem: p, Wrong: c.Param("milestone")}, frame{Problem: p})
}

// orderForm puts a skill one place up or down within its phase, or goes back to the order of priority.
func (s *server) orderForm(c *gin.Context) error {
	person, id, r, back, err := s.planned(c)
	if err != nil {
		return err
	}
	values, err := form(c, "skill", "move")
	if err != nil {
		return err
	}
	name, done := values.Get("skill"), "moved"
	switch move := values.Get("move"); move {
	case "up", "down":
		err = s.Plans.Move(c.Request.Context(), person, id, r.ID, name, move == "up")
	case "reset":
		done, name = "order-reset", ""
		err = s.Plans.DropOrder(c.Request.Context(), person, r.ID)
	default:
		err = fault.New(fault.Invalid, "invalid-move", "A skill moves up or down.").In("skill")
	}
	if err == nil {
		if name != "" {
			name = "#skill-" + url.PathEscape(name)
		}
		c.Redirect(http.StatusSeeOther, back+"done="+done+name)
		return nil
	}
	p, ok := s.formProblem(c, err)
	if !ok {
		return err
	}
	p.Field = "skill-" + name
	return s.showPlan(c, p.Status, &planView{}, frame{Problem: p})
}

// calendarForm opens a plan to calendar programs and shows the address, which nobody can look up again.
func (s *server) calendarForm(c *gin.Context) error {
	person, id, r, _, err := s.planned(c)
	if err != nil {
		return err
	}
	a, err := planQuery(c)
	if err != nil {
		return err
	}
	token, err := s.Plans.Subscribe(c.Request.Context(), person, id, r.ID, a)
	if err != nil {
		return err
	}
	return s.showPlan(c, http.StatusOK, &planView{Calendar: calendarAddress(c, token)}, frame{Notice: s.say(c).Say("plan.done.calendar")})
}

// calendarAddress is where programs find the plan of a token.
func calendarAddress(c *gin.Context, token string) string {
	scheme := "http"
	if c.Request.TLS != nil || c.GetHeader("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + c.Request.Host + "/calendars/" + token + calendarEnding
}

// endCalendarForm ends the address of a plan.
func (s *server) endCalendarForm(c *gin.Context) error {
	person, id, r, back, err := s.planned(c)
	if err != nil {
		return err
	}
	done := "calendar-ended"
	if err := s.Plans.Unsubscribe(c.Request.Context(), person, id, r.ID); err != nil {
		if fault.KindOf(err) != fault.NotFound {
			return err
		}
		done = "no-calendar"
	}
	c.Redirect(http.StatusSeeOther, back+"done="+done+"#calendar")
	return nil
}

// upgradeForm agrees to what an upgrade of the catalogue has changed in a role.
func (s *server) upgradeForm(c *gin.Context) error {
	person, _, r, back, err := s.planned(c)
	if err != nil {
		return err
	}
	values, err := form(c, "catalog_version")
	if err != nil {
		return err
	}
	if _, err := s.Progress.Accept(c.Request.Context(), person, r.ID, values.Get("catalog_version")); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, back+"done=upgrade")
	return nil
}
