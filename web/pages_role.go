package web

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

// roleView is a career path, phase by phase.
type roleView struct {
	*catalog.Role
	Pace    paceView
	Parts   []phaseView
	Plain   []requirementView // the skills of a role without phases, which was imported
	Related []relatedView
	Months  int            // of all phases together
	Resume  *skill.Summary // whose skills are marked, nil where none is known
	Held    int            // requirements that the resume meets
	Demand  *gapanalysis.MarketView
	Data    occupation
}

type phaseView struct {
	catalog.Phase
	Number     int
	Start, End string // at the person's hours a week
	Skills     []requirementView
	Milestones []milestoneView
	Projects   []projectView
	Held       int
}

type requirementView struct {
	catalog.Requirement
	Name   string
	Others []string // names of what the market accepts in its place
	Has    int      // the level that the resume shows, 0 for none
}

// Held tells whether the resume shows all that is asked.
func (v requirementView) Held() bool { return v.Has >= v.Level }

type milestoneView struct {
	catalog.Milestone
	Status tutor.MilestoneStatus // what the person said of it, "" for nothing
}

// Done tells whether the person said that it is done.
func (v milestoneView) Done() bool { return v.Status == tutor.MilestoneDone }

// Begun tells whether there is anything to say of it.
func (v milestoneView) Begun() bool { return v.Done() || v.Status == tutor.MilestoneStarted }

type projectView struct {
	catalog.Project
	Names []string // of its skills
}

type relatedView struct {
	catalog.Related
	Both, Lacking []string // names
}

// paceView is how long the way takes at some hours a week. The catalogue's months are of a stated pace, and go with the hours in inverse
// proportion.
type paceView struct {
	Role    string
	Name    string
	Hours   int
	Months  int // of the whole way at these hours
	ReadyOn string
	Stretch []stretch
	Problem *Problem // with the hours that were asked for
	Part    bool     // it answers htmx, which puts the dates of the phases into the page too
}

// stretch is a phase, or the consolidation, with its dates.
type stretch struct {
	ID         string
	Number     int // 0 for the consolidation
	Name       string
	Start, End string
}

const (
	daysAMonth = 365.25 / 12
	maxHours   = 168
)

// paceOf lays the stretches of a role out from today, one after the other.
func paceOf(r *catalog.Role, hours int, today time.Time) paceView {
	v := paceView{Role: r.ID, Name: r.Name, Hours: hours}
	ratio := float64(r.TimeToReady.HoursPerWeek) / float64(hours)
	months := 0
	date := func() string {
		return today.AddDate(0, 0, int(math.Round(float64(months)*daysAMonth*ratio))).Format(time.DateOnly)
	}
	add := func(id string, number int, name string, m int) {
		s := stretch{ID: id, Number: number, Name: name, Start: date()}
		months += m
		s.End = date()
		v.Stretch = append(v.Stretch, s)
	}
	for i, ph := range r.Phases {
		add("phase-"+ph.ID, i+1, ph.Name, ph.Months)
	}
	if r.Consolidation != nil {
		add("consolidation", 0, "", r.Consolidation.Months)
	}
	months = cmp.Or(months, r.TimeToReady.Months) // a role that was imported has no phases
	v.ReadyOn, v.Months = date(), max(1, int(math.Round(float64(months)*ratio)))
	return v
}

func (s *server) rolePage(c *gin.Context) error {
	r, err := s.Catalog.Role(c.Param("role"))
	if err != nil {
		return err
	}
	if r.ID != c.Param("role") { // an address from before it was renamed
		c.Redirect(http.StatusMovedPermanently, "/career-paths/"+r.ID)
		return nil
	}
	f, status := frame{Section: "roles", Part: "role-pace-part"}, http.StatusOK
	hours, err := queryInt(c, "hours_per_week")
	if err == nil && (hours < 0 || hours > maxHours) {
		err = fault.Newf(fault.Invalid, "invalid-hours-per-week", "A week has from 1 to %d hours.", maxHours).In("hours_per_week")
	}
	if err != nil {
		p, ok := s.formProblem(c, err)
		if !ok {
			return err
		}
		f.Problem, status, hours = p, p.Status, 0
	}
	v := roleView{Role: r, Pace: paceOf(r, max(1, cmp.Or(hours, r.TimeToReady.HoursPerWeek, gapanalysis.DefaultHoursPerWeek)), s.Now().UTC())}
	v.Pace.Problem, v.Pace.Part = f.Problem, wantsPart(c)
	f.Page = &v
	if v.Pace.Part { // the dates are all that changes
		return s.render(c, status, "role", f)
	}
	if err := s.aboutCaller(c, &v); err != nil {
		return err
	}
	for _, rel := range s.Catalog.Related(r.ID) {
		v.Related = append(v.Related, relatedView{rel, s.skillNames(rel.Skills), s.skillNames(rel.Missing)})
	}
	if v.Demand, err = s.demand.of(c.Request.Context(), r.ID); err != nil {
		return err
	}
	v.Data = s.occupationOf(r)
	return s.render(c, status, "role", f)
}

// aboutCaller fills in the phases, with what the caller's latest resume and own word say where there is a caller.
func (s *server) aboutCaller(c *gin.Context, v *roleView) error {
	levels, said := map[string]int{}, map[string]tutor.MilestoneStatus{}
	p, err := s.caller(c)
	switch {
	case err == nil:
		if err := s.known(c.Request.Context(), p, v, levels, said); err != nil {
			return err
		}
	case fault.KindOf(err) != fault.Unauthenticated:
		return err
	}
	requirement := func(q catalog.Requirement) requirementView {
		return requirementView{q, s.skillName(q.Skill), s.skillNames(q.Alternatives), levels[q.Skill]}
	}
	for _, q := range v.Skills {
		row := requirement(q)
		if row.Held() {
			v.Held++
		}
		if len(v.Phases) == 0 {
			v.Plain = append(v.Plain, row)
		}
	}
	for i, ph := range v.Phases {
		part := phaseView{Phase: ph, Number: i + 1, Start: v.Pace.Stretch[i].Start, End: v.Pace.Stretch[i].End}
		for _, q := range v.Skills {
			if q.Phase != ph.ID {
				continue
			}
			row := requirement(q)
			if row.Held() {
				part.Held++
			}
			part.Skills = append(part.Skills, row)
		}
		for _, m := range ph.Milestones {
			part.Milestones = append(part.Milestones, milestoneView{m, said[m.ID]})
		}
		for _, pr := range v.Projects {
			if pr.Phase == ph.ID {
				part.Projects = append(part.Projects, projectView{pr, s.skillNames(pr.Skills)})
			}
		}
		v.Months += ph.Months
		v.Parts = append(v.Parts, part)
	}
	return nil
}

// known reads what is known of a person: the levels of the latest resume, and what they said of the milestones.
func (s *server) known(ctx context.Context, p account.Person, v *roleView, levels map[string]int, said map[string]tutor.MilestoneStatus) error {
	resumes, err := s.Intake.Resumes(ctx, p.ID)
	if err != nil || len(resumes) == 0 {
		return err
	}
	v.Resume = &resumes[0] // the latest first
	u, err := s.Intake.Resume(ctx, p.ID, v.Resume.ID)
	if err != nil {
		return err
	}
	for i := range u.Profile.Claims {
		if claim := &u.Profile.Claims[i]; claim.ID != nil && claim.Status != skill.StatusRejected {
			levels[*claim.ID] = claim.Level
		}
	}
	standing, err := s.Progress.Standing(ctx, p.ID, v.ID)
	if err != nil {
		return err
	}
	for _, m := range standing.Milestones {
		said[m.Milestone] = m.Status
	}
	return nil
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

// occupation is a role for programs that read pages, as schema.org has it.
type occupation struct {
	Context     string   `json:"@context"`
	Type        string   `json:"@type"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Category    string   `json:"occupationalCategory,omitempty"` // O*NET-SOC, or ISCO
	Skills      string   `json:"skills,omitempty"`
	Duties      string   `json:"responsibilities,omitempty"`
	Pay         []salary `json:"estimatedSalary,omitempty"` // what has a source, and nothing else
}

type salary struct {
	Type     string `json:"@type"`
	Name     string `json:"name"`
	Currency string `json:"currency"`
	Duration string `json:"duration"`
	Median   int64  `json:"median"`
}

func (s *server) occupationOf(r *catalog.Role) occupation {
	o := occupation{
		Context: "https://schema.org", Type: "Occupation", Name: r.Name, Description: r.Summary,
		Category: cmp.Or(r.Codes.ONetSOC, r.Codes.ISCO), Duties: strings.Join(r.TypicalDay, " "),
	}
	names := make([]string, len(r.Skills))
	for i, q := range r.Skills {
		names[i] = s.skillName(q.Skill)
	}
	o.Skills = strings.Join(names, ", ")
	for _, p := range r.Salary {
		if p.Source != nil && p.Period == "year" && p.Percentile == 50 {
			o.Pay = append(o.Pay, salary{"MonetaryAmountDistribution", "base", p.Currency, "P1Y", p.Amount})
		}
	}
	return o
}
