package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/skill"
)

// chooseRole leads from the form that chooses a role to the report, whose address holds the role.
func (s *server) chooseRole(c *gin.Context) error {
	_, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	r, err := s.Catalog.Role(c.Query("role"))
	if err != nil {
		return err
	}
	to := "/resumes/" + id.String() + "/gaps/" + url.PathEscape(r.ID)
	if h := c.Query("hours_per_week"); h != "" {
		to += "?hours_per_week=" + url.QueryEscape(h)
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// gapsView is a report with its plan. Report is nil where only the form is shown again.
type gapsView struct {
	given
	ID        string
	Role      *catalog.Role // nil where the catalogue has none: a job description, or a role of before
	Hours     string        // as it was asked for
	Assume    string        // the same
	Plan      *gapanalysis.Plan
	Parts     []gapPart
	Next      []nextView
	Actions   []actionView
	Extra     []extraView
	Downloads []downloadView
}

// gapPart is the skills of one phase, or all where there are no phases; then Number is 0.
type gapPart struct {
	ID, Name string
	Number   int
	Gaps     []gapView
	Have     int
	Points   float64 // the sum of its rows'
	Weight   float64
}

type gapView struct {
	gapanalysis.SkillGap
	From   string // name of the skill that carries over
	Needs  []gapNeed
	Quotes []quote
	WhatIf string // address of the report if the skill were at its level; "" where it is
}

type gapNeed struct {
	gapanalysis.Need
	Name string
}

type nextView struct {
	gapanalysis.Next
	Name string
}

type actionView struct {
	gapanalysis.Action
	Name string
}

type extraView struct {
	gapanalysis.Extra
	Asking []*catalog.Role
}

// downloadView is the report in another form.
type downloadView struct{ Address, Words string }

// gapsPage shows the report of the path's resume and role.
func (s *server) gapsPage(c *gin.Context) error {
	r, err := s.Catalog.Role(c.Param("role"))
	if err != nil {
		return err
	}
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	var report *gapanalysis.Report
	a, err := ask(c)
	if err == nil {
		report, err = s.Gaps.Gaps(c.Request.Context(), person, id, r.ID, a)
	}
	if err != nil {
		p, ok := s.formProblem(c, err)
		if !ok || p.Field != "hours_per_week" && p.Field != "assume" {
			return err
		}
		v := gapsView{given: given{Title: r.Name}, ID: id.String(), Role: r, Hours: c.Query("hours_per_week"), Assume: c.Query("assume")}
		return s.render(c, p.Status, "gaps", frame{Problem: p, Page: v})
	}
	g, err := s.given(c, person, report, a)
	if err != nil {
		return err
	}
	return s.showReport(c, person, g)
}

// runPage shows a report that was given before.
func (s *server) runPage(c *gin.Context) error { return s.giveRun(c, pageForm) }

// showReport shows a report as a page.
func (s *server) showReport(c *gin.Context, person uuid.UUID, g given) error {
	r := g.Report
	id, err := uuid.Parse(r.ResumeID)
	if err != nil {
		return fmt.Errorf("a report of no resume: %w", err)
	}
	u, err := s.Intake.Resume(c.Request.Context(), person, id)
	if err != nil {
		return err
	}
	v := gapsView{given: g, ID: r.ResumeID, Hours: strconv.Itoa(g.Pace), Assume: assumeQuery(r.Assumed)}
	if role, err := s.Catalog.Role(r.Role); err == nil {
		v.Role = role
		v.Plan = gapanalysis.LayOut(r, role, gapanalysis.Options{HoursPerWeek: g.Pace, Today: g.AsOf})
	}
	v.Parts = s.gapParts(&v, []rune(u.Document.Text))
	for _, n := range r.Next {
		v.Next = append(v.Next, nextView{n, s.skillName(n.Skill)})
	}
	for _, a := range r.Actions {
		v.Actions = append(v.Actions, actionView{a, s.skillName(a.Skill)})
	}
	for _, x := range r.Extra {
		row := extraView{Extra: x}
		for _, id := range x.Roles {
			if role, err := s.Catalog.Role(id); err == nil {
				row.Asking = append(row.Asking, role)
			}
		}
		v.Extra = append(v.Extra, row)
	}
	for _, f := range reportForms {
		if at := v.address(f); at != "" && f != pageForm {
			v.Downloads = append(v.Downloads, downloadView{at, f.words})
		}
	}
	return s.render(c, http.StatusOK, "gaps", frame{Page: v})
}

// gapParts are the rows of a report by phase. What belongs to no phase of the role comes last.
func (s *server) gapParts(v *gapsView, text []rune) []gapPart {
	var parts []gapPart
	number := map[string]int{}
	if v.Role != nil {
		for i, ph := range v.Role.Phases {
			parts = append(parts, gapPart{ID: ph.ID, Name: ph.Name, Number: i + 1})
			number[ph.ID] = i
		}
	}
	rest := gapPart{ID: "all", Name: "What is asked for"}
	for _, g := range v.Report.Skills {
		part := &rest
		if i, ok := number[g.Phase]; ok {
			part = &parts[i]
		}
		row := gapView{SkillGap: g, WhatIf: v.whatIf(g)}
		if g.Transfer != nil {
			row.From = s.skillName(g.Transfer.From)
		}
		for _, n := range g.Needs {
			row.Needs = append(row.Needs, gapNeed{n, s.skillName(n.Skill)})
		}
		for _, m := range g.Evidence {
			row.Quotes = append(row.Quotes, evidenceQuote(text, v.ID, m))
		}
		if g.Status == gapanalysis.Have {
			part.Have++
		}
		part.Points += g.Points
		part.Weight += g.Weight
		part.Gaps = append(part.Gaps, row)
	}
	if len(rest.Gaps) > 0 {
		parts = append(parts, rest)
	}
	return parts
}

// evidenceQuote quotes a mention and leads to its very words. A report may be older than the last reading of its resume; then what stands in
// the place today is not quoted for what stood there.
func evidenceQuote(text []rune, resumeID string, m skill.Mention) quote {
	if m.Start < 0 || m.End > len(text) || m.Start >= m.End || string(text[m.Start:m.End]) != m.Text {
		text = nil
	}
	q := quoteOf(text, resumeID, m)
	q.Place = fmt.Sprintf("/resumes/%s/text?mark=%d-%d#%s", resumeID, m.Start, m.End, placeID(m.Start))
	return q
}

// address is where the report is in another form: under its run, which stays as it is, or, for a what-if, by asking again.
func (v *gapsView) address(f reportForm) string {
	if v.Report.Run != "" {
		return "/api/v1/gap-runs/" + v.Report.Run + "?format=" + f.name
	}
	if v.Role == nil {
		return ""
	}
	return "/api/v1/resumes/" + v.ID + "/gaps/" + v.Role.ID + "?" + v.query(v.Assume) + "&format=" + f.name
}

// whatIf is the address of the report if a skill were at its level, beside what is taken for granted already.
func (v *gapsView) whatIf(g gapanalysis.SkillGap) string {
	if v.Role == nil || g.Status == gapanalysis.Have {
		return ""
	}
	assume := v.Assume
	if _, ok := v.Report.Assumed[g.ID]; ok {
		return ""
	}
	if assume != "" {
		assume += ","
	}
	return "/resumes/" + v.ID + "/gaps/" + v.Role.ID + "?" + v.query(assume+g.ID+":"+strconv.Itoa(g.Required))
}

func (v *gapsView) query(assume string) string {
	q := url.Values{"hours_per_week": {v.Hours}}
	if assume != "" {
		q.Set("assume", assume)
	}
	return q.Encode()
}

// assumeQuery writes levels as ask reads them, in order of id.
func assumeQuery(levels map[string]int) string {
	out := make([]string, 0, len(levels))
	for id, level := range levels {
		out = append(out, id+":"+strconv.Itoa(level))
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}
