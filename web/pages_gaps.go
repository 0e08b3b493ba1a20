package web

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/web/locale"
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

// gapsView is a report as a page. Report is nil where only the form is shown again.
type gapsView struct {
	given
	listChoice
	ID        string
	Base      string        // address of this page, without its query
	Role      *catalog.Role // nil where the catalogue has none: a job description, or a role of before
	Hours     string        // as it was asked for
	Assume    string        // the same
	Kept      bool          // as it was given on another day; nothing can be said of it or tried
	Stale     bool          // the resume was read by rules or a catalogue of before
	Low, High float64       // readiness less and plus what it may be off
	Tabs      []gapTab
	Rows      []gapView
	Extra     []extraView
	Actions   []actionView
	Sliders   []sliderView
	Downloads []downloadView
	Postings  int // that the demand is counted over
	Samples   int
	Assumed   []string         // what is taken for granted, in words
	Problem   *Problem         // with what was said of one skill
	Sent      skill.Correction // that
	Part      bool             // it answers htmx
	Today     time.Time
}

// Old tells whether it is a report of another day than today.
func (v *gapsView) Old() bool {
	return v.Kept && v.AsOf.Format(time.DateOnly) != v.Today.Format(time.DateOnly)
}

// BandName is the band as a key.
func (v *gapsView) BandName() string { return strings.ReplaceAll(v.Report.Band, " ", "-") }

// Span is how far readiness may reach, from Low on.
func (v *gapsView) Span() float64 { return v.High - v.Low }

// Edges are where a band ends, in per cent.
func (*gapsView) Edges() []int { return []int{25, 50, 70, 85} }

// gapTab is one of the lists of a report.
type gapTab struct {
	Name, Address string
	Count         int
	Current       bool
}

// gapView is one row.
type gapView struct {
	gapanalysis.SkillGap
	PhaseName string
	Number    int     // of its phase, 0 where there is none
	Left      float64 // readiness that it could still bring, times 100
	Order     int     // in the role
	From      string  // name of the skill that carries over
	Carried   int     // level that what carries over is worth
	Needs     []gapNeed
	Quotes    []quote
	Demand    *gapanalysis.MarketSkill // nil where no posting names it
	Opens     int                      // postings that ask for nothing else that is missing
	WhatIf    string                   // address of the report if the skill were at its level; "" where it is
	Address   string                   // that a word on it is sent to; "" where none is taken
	Note      string                   // that was sent and not taken
	Refused   *Problem                 // with the word that a reading is not so
	Options   template.HTML            // levels to choose from, that which is asked for chosen
	Problem   *Problem                 // with the word that it is there
}

// Said tells whether there is a reading that can be rejected.
func (v gapView) Said() bool {
	return v.Evidenced > 0 && v.Claim != skill.StatusRejected && v.Claim != skill.StatusDemonstrated
}

type gapNeed struct {
	gapanalysis.Need
	Name string
}

type actionView struct {
	gapanalysis.Action
	Name   string
	From   int     // level that is there
	Points float64 // Gain times 100
	Opens  int
	Link   string // to its row, in this list or in that of all
}

type extraView struct {
	gapanalysis.Extra
	Asking []*catalog.Role
}

// sliderView is a level that can be tried.
type sliderView struct {
	ID, Name        string
	Level           int // that is assumed, 0 for as the resume shows
	Shown, Required int // Shown is the assumed level where one is assumed
}

// downloadView is the report in another form.
type downloadView struct{ Address, Name string }

// gapsPage shows the report of the path's resume and role.
func (s *server) gapsPage(c *gin.Context) error {
	return s.showGaps(c, http.StatusOK, frame{Notice: s.saidOf(c)}, skill.Correction{})
}

// showGaps compares anew and shows it. sent is what the frame's problem is about.
func (s *server) showGaps(c *gin.Context, status int, f frame, sent skill.Correction) error {
	r, err := s.Catalog.Role(c.Param("role"))
	if err != nil {
		return err
	}
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	var report *gapanalysis.Report
	a, err := whatIf(c)
	if err == nil {
		report, err = s.Gaps.Gaps(c.Request.Context(), person, id, r.ID, a)
	}
	if err != nil {
		p, ok := s.formProblem(c, err)
		if !ok || p.Field != "hours_per_week" && p.Field != "assume" {
			return err
		}
		v := gapsView{given: given{Title: r.Name}, ID: id.String(), Base: gapsAddress(id.String(), r.ID), Role: r, Hours: c.Query("hours_per_week"), Assume: c.Query("assume")}
		return s.render(c, p.Status, "gaps", frame{Section: "resumes", Problem: p, Part: "gaps-part", Page: &v})
	}
	// What was compared just now has today's dates, whether it was kept before or not.
	g := given{Report: report, Title: r.Name, Pace: cmp.Or(a.HoursPerWeek, gapanalysis.DefaultHoursPerWeek), AsOf: s.Now().UTC(), Name: s.skillName, Asks: s.targetName}
	v := &gapsView{given: g, Base: gapsAddress(id.String(), r.ID), Problem: f.Problem, Sent: sent}
	return s.renderReport(c, person, status, f, v)
}

func gapsAddress(resume, role string) string { return "/resumes/" + resume + "/gaps/" + role }

// whatIf reads a comparison's side from the query, as ask does, and the sliders, each of which is a field of its own.
func whatIf(c *gin.Context) (gapanalysis.Ask, error) {
	a, err := ask(c)
	if err != nil {
		return a, err
	}
	for name, list := range c.Request.URL.Query() {
		id, ok := strings.CutPrefix(name, "level-")
		if !ok || list[0] == "" || list[0] == "0" { // as the resume shows
			continue
		}
		level, err := strconv.Atoi(list[0])
		if err != nil {
			return a, fault.Newf(fault.Invalid, "invalid-assume", "A level is a number from 0 to 5; %.20q is none.", list[0]).In("assume")
		}
		if a.Assume == nil {
			a.Assume = map[string]int{}
		}
		a.Assume[id] = level
	}
	return a, nil
}

// runPage shows a report that was given before.
func (s *server) runPage(c *gin.Context) error { return s.giveRun(c, pageForm) }

// showReport shows a report that there is already: one that was kept, or that of a job description.
func (s *server) showReport(c *gin.Context, person uuid.UUID, g given) error {
	v := &gapsView{given: g}
	switch {
	case g.Report.Run != "":
		v.Base, v.Kept = "/gap-runs/"+g.Report.Run, true
	default:
		v.Base = gapsAddress(g.Report.ResumeID, g.Report.Role)
	}
	return s.renderReport(c, person, http.StatusOK, frame{}, v)
}

// renderReport fills in what a page says of its report.
func (s *server) renderReport(c *gin.Context, person uuid.UUID, status int, f frame, v *gapsView) error {
	r := v.Report
	id, err := uuid.Parse(r.ResumeID)
	if err != nil {
		return fmt.Errorf("a report of no resume: %w", err)
	}
	u, err := s.Intake.Resume(c.Request.Context(), person, id)
	if err != nil {
		return err
	}
	v.ID, v.Hours, v.Assume = r.ResumeID, strconv.Itoa(v.Pace), assumeQuery(r.Assumed)
	v.Stale = u.Profile.ExtractorVersion != skill.ExtractorVersion || u.Profile.CatalogVersion != s.Catalog.Version()
	v.Low, v.High = max(0, r.Readiness-r.Uncertainty), min(1, r.Readiness+r.Uncertainty)
	if role, err := s.Catalog.Role(r.Role); err == nil {
		v.Role = role
		m, err := s.demand.of(c.Request.Context(), role.ID)
		if err != nil {
			return err
		}
		v.Postings, v.Samples = m.Postings, m.Samples
		s.fillRows(v, []rune(u.Document.Text), m)
		v.fillOptions(s.say(c))
	} else {
		s.fillRows(v, []rune(u.Document.Text), &gapanalysis.MarketView{})
	}
	for _, id := range slices.Sorted(maps.Keys(r.Assumed)) {
		v.Assumed = append(v.Assumed, s.say(c).Say("gaps.what-if.one", s.skillName(id), r.Assumed[id]))
	}
	v.Today, v.Part, v.listChoice = s.Now().UTC(), wantsPart(c), choiceOf(c)
	s.fillExtra(v)
	v.choose()
	for i := range v.Actions {
		a := &v.Actions[i]
		if a.Link = "#skill-" + a.Skill; !slices.ContainsFunc(v.Rows, func(g gapView) bool { return g.ID == a.Skill }) {
			a.Link = v.All() + a.Link
		}
	}
	for _, form := range reportForms {
		if at := v.address(form); at != "" && form != pageForm {
			v.Downloads = append(v.Downloads, downloadView{at, form.name})
		}
	}
	f.Section, f.Part, f.Page = "resumes", "gaps-part", v
	return s.render(c, status, "gaps", f)
}

// fillRows makes the rows of a report, in the order of the role, what to do first, and what can be tried.
func (s *server) fillRows(v *gapsView, text []rune, m *gapanalysis.MarketView) {
	number, names := map[string]int{}, map[string]string{}
	if v.Role != nil {
		for i, ph := range v.Role.Phases {
			number[ph.ID], names[ph.ID] = i+1, ph.Name
		}
	}
	asked, opens, at := map[string]*gapanalysis.MarketSkill{}, map[string]int{}, map[string]*gapanalysis.SkillGap{}
	for i := range m.Skills {
		if m.Skills[i].Asking > 0 {
			asked[m.Skills[i].ID] = &m.Skills[i]
		}
	}
	for _, n := range v.Report.Next {
		opens[n.Skill] = n.Postings
	}
	for i := range v.Report.Skills {
		g := &v.Report.Skills[i]
		at[g.ID] = g
		row := gapView{
			SkillGap: *g, PhaseName: names[g.Phase], Number: number[g.Phase], Left: 100 * (g.Weight - g.Points), Order: i, Demand: asked[g.ID], Opens: opens[g.ID], WhatIf: v.whatIf(g),
		}
		if g.Transfer != nil {
			row.From = s.skillName(g.Transfer.From)
			row.Carried = min(g.Required, int(g.Transfer.Credit*float64(g.Required)+0.5))
		}
		for _, n := range g.Needs {
			row.Needs = append(row.Needs, gapNeed{n, s.skillName(n.Skill)})
		}
		for _, mention := range g.Evidence {
			row.Quotes = append(row.Quotes, evidenceQuote(text, v.ID, mention))
		}
		if v.Role != nil && !v.Kept {
			row.Address = v.Base + "/skills/" + url.PathEscape(g.ID)
		}
		if v.Problem != nil && g.ID == v.Sent.Skill {
			if row.Note = v.Sent.Note; v.Sent.Status == skill.StatusRejected {
				row.Refused = v.Problem
			} else {
				row.Problem = v.Problem
			}
		}
		v.Rows = append(v.Rows, row)
	}
	for _, a := range v.Report.Actions {
		row := actionView{Action: a, Name: s.skillName(a.Skill), Points: 100 * a.Gain, Opens: opens[a.Skill]}
		if g := at[a.Skill]; g != nil {
			row.From = g.Evidenced
		}
		v.Actions = append(v.Actions, row)
	}
	s.fillSliders(v, at)
}

// fillOptions writes the levels to choose from once for each level that is asked for, and not for each row.
func (v *gapsView) fillOptions(l *locale.Language) {
	written := map[int]template.HTML{}
	for i := range v.Rows {
		asked := v.Rows[i].Required
		if written[asked] == "" {
			var b strings.Builder
			for _, level := range levels() {
				selected := ""
				if level == asked {
					selected = " selected"
				}
				fmt.Fprintf(&b, "<option value=\"%d\"%s>%d: %s</option>\n", level, selected, level, template.HTMLEscapeString(l.Of("level", level)))
			}
			written[asked] = template.HTML(b.String()) //nolint:gosec // G203: it is escaped above
		}
		v.Rows[i].Options = written[asked]
	}
}

// maxSliders bounds how many levels are offered to be tried, beside those that are tried already.
const maxSliders = 4

// fillSliders offers the levels that are tried, and those of what moves most.
func (s *server) fillSliders(v *gapsView, at map[string]*gapanalysis.SkillGap) {
	ids := slices.Sorted(maps.Keys(v.Report.Assumed))
	rows := slices.Clone(v.Rows)
	slices.SortStableFunc(rows, func(a, b gapView) int { return cmp.Compare(b.Left, a.Left) })
	for _, a := range v.Report.Actions {
		if !slices.Contains(ids, a.Skill) {
			ids = append(ids, a.Skill)
		}
	}
	for _, g := range rows {
		if len(ids) < maxSliders && g.Left > 0 && !slices.Contains(ids, g.ID) {
			ids = append(ids, g.ID)
		}
	}
	for _, id := range ids {
		row := sliderView{ID: id, Name: s.skillName(id), Level: v.Report.Assumed[id]}
		if g := at[id]; g != nil {
			row.Shown, row.Required = g.Evidenced, g.Required
		}
		v.Sliders = append(v.Sliders, row)
	}
}

func (s *server) fillExtra(v *gapsView) {
	for _, x := range v.Report.Extra {
		row := extraView{Extra: x}
		for _, id := range x.Roles {
			if role, err := s.Catalog.Role(id); err == nil {
				row.Asking = append(row.Asking, role)
			}
		}
		v.Extra = append(v.Extra, row)
	}
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
	q := url.Values{"hours_per_week": {v.Hours}, "format": {f.name}}
	if v.Assume != "" {
		q.Set("assume", v.Assume)
	}
	return "/api/v1/resumes/" + v.ID + "/gaps/" + v.Role.ID + "?" + q.Encode()
}

// whatIf is the address of the report if a skill were at its level, beside what is taken for granted already.
func (v *gapsView) whatIf(g *gapanalysis.SkillGap) string {
	if v.Role == nil || v.Kept || g.Status == gapanalysis.Have {
		return ""
	}
	assume := v.Assume
	if _, ok := v.Report.Assumed[g.ID]; ok {
		return ""
	}
	if assume != "" {
		assume += ","
	}
	return v.Base + "?" + url.Values{"hours_per_week": {v.Hours}, "assume": {assume + g.ID + ":" + strconv.Itoa(g.Required)}}.Encode()
}

// PlanAddress is that of the plan at the same hours.
func (v *gapsView) PlanAddress() string {
	return "/resumes/" + v.ID + "/plan/" + v.Role.ID + "?hours_per_week=" + v.Hours
}

// Back is the address of the report of what the resume shows.
func (v *gapsView) Back() string { return v.at("assume", "") }

// assumeQuery writes levels as ask reads them, in order of id.
func assumeQuery(levels map[string]int) string {
	out := make([]string, 0, len(levels))
	for id, level := range levels {
		out = append(out, id+":"+strconv.Itoa(level))
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}
