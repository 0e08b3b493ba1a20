package tutor

import (
	"fmt"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// passage is a piece of the catalogue or of a report that an answer can rest on.
type passage struct {
	kind  CitationKind
	id    string
	title string
	text  string
	keys  string // more words to find it by, which are not shown
	phase string // "" where it belongs to none
	skill string // "" where it is about none
	// hidden passages are only cited by name: the ranking would be full of them.
	hidden     bool
	start, end *int
}

// corpus is every passage of one role and, where there is one, of one report.
type corpus struct {
	list  []*passage
	byID  map[string]*passage
	index *index
}

func newCorpus(c *catalog.Catalog, known *counter, role *catalog.Role, report *gapanalysis.Report) *corpus {
	k := &corpus{byID: map[string]*passage{}}
	b := builder{corpus: k, catalog: c, role: role, report: report}
	b.overview()
	for i := range role.Phases {
		b.ofPhase(i)
	}
	for _, q := range role.Skills {
		b.requirement(q)
		b.skill(q)
	}
	for _, p := range role.Projects {
		b.project(p)
	}
	for _, t := range role.InterviewThemes {
		b.add(&passage{id: themeID(role, t), title: "Interview theme: " + t.Name, text: "Interviews for this role ask about " + t.Name + ". What they look for: " + t.LooksFor, keys: "interview question"})
	}
	if report != nil {
		b.ofReport()
	}
	k.index = newIndex(k.list, known)
	return k
}

// get finds a passage by id, or nil.
func (k *corpus) get(id string) *passage { return k.byID[id] }

// The ids of passages, which are also those of citations.
func roleID(r *catalog.Role, part string) string         { return r.ID + "/" + part }
func phaseID(r *catalog.Role, phase string) string       { return r.ID + "/phase/" + phase }
func milestoneID(r *catalog.Role, m string) string       { return r.ID + "/milestone/" + m }
func requirementID(r *catalog.Role, skill string) string { return r.ID + "/skill/" + skill }
func projectID(r *catalog.Role, p string) string         { return r.ID + "/project/" + p }
func rubricID(skill string, level int) string            { return fmt.Sprintf("skill/%s/rubric/%d", skill, level) }
func gapID(skill string) string                          { return "report/skill/" + skill }
func evidenceID(skill string, n int) string              { return fmt.Sprintf("resume/%s/%d", skill, n) }

func themeID(r *catalog.Role, t catalog.Theme) string {
	return r.ID + "/interview/" + strings.ReplaceAll(strings.ToLower(strings.Join(words(t.Name), "-")), ".", "-")
}

// builder fills a corpus.
type builder struct {
	corpus  *corpus
	catalog *catalog.Catalog
	role    *catalog.Role
	report  *gapanalysis.Report
}

func (b *builder) add(p *passage) {
	if p.kind == "" {
		p.kind = FromCatalogue
	}
	if b.corpus.byID[p.id] != nil {
		return
	}
	b.corpus.byID[p.id] = p
	b.corpus.list = append(b.corpus.list, p)
}

func (b *builder) name(skill string) string {
	if s, err := b.catalog.Skill(skill); err == nil {
		return s.Name
	}
	return skill
}

func (b *builder) nameAll(ids []string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = b.name(id)
	}
	return strings.Join(out, ", ")
}

func (b *builder) overview() {
	r := b.role
	b.add(&passage{id: roleID(r, "summary"), title: "Role: " + r.Name, text: r.Summary, keys: "role job what does about"})
	b.add(&passage{id: roleID(r, "why-now"), title: "Why now: " + r.Name, text: r.WhyNow, keys: "role market demand future"})
	b.add(&passage{id: roleID(r, "typical-day"), title: "A typical day: " + r.Name, text: strings.Join(r.TypicalDay, " "), keys: "day work daily routine"})
	text := fmt.Sprintf("The way to this role is laid out for %d months at %d hours a week, starting as: %s", r.TimeToReady.Months, r.TimeToReady.HoursPerWeek, r.TimeToReady.From)
	if c := r.Consolidation; c != nil {
		text += fmt.Sprintf(" %d of these months are consolidation: %s", c.Months, c.Purpose)
	}
	b.add(&passage{id: roleID(r, "time-to-ready"), title: "Time to ready: " + r.Name, text: text, keys: "long time hours months duration"})
	ids := make([]string, len(r.Skills))
	for i, q := range r.Skills {
		ids[i] = fmt.Sprintf("%s %d", b.name(q.Skill), q.Level)
	}
	b.add(&passage{id: roleID(r, "skills"), title: "Skills of the role, with levels: " + r.Name, text: strings.Join(ids, ", ") + ".", keys: "skill require", hidden: true})
	b.add(&passage{id: roleID(r, "salary"), title: "Salary: " + r.Name, text: salary(r), keys: "salary pay earn money compensation"})
}

func salary(r *catalog.Role) string {
	if len(r.Salary) == 0 {
		return "The catalogue has no salary for this role."
	}
	lines := make([]string, len(r.Salary))
	for i, s := range r.Salary {
		lines[i] = fmt.Sprintf("%s: %d %s a %s at percentile %d", s.Country, s.Amount, s.Currency, s.Period, s.Percentile)
		switch {
		case s.Source == nil:
			lines[i] += ", a figure without a published source."
		case s.AsOf != nil:
			lines[i] += fmt.Sprintf(", by %s as of %s.", *s.Source, *s.AsOf)
		default:
			lines[i] += fmt.Sprintf(", by %s.", *s.Source)
		}
	}
	return strings.Join(lines, " ")
}

func (b *builder) ofPhase(i int) {
	p := b.role.Phases[i]
	milestones := make([]string, len(p.Milestones))
	for j, m := range p.Milestones {
		milestones[j] = m.Name
	}
	var skills []string
	for _, q := range b.role.Skills {
		if q.Phase == p.ID {
			skills = append(skills, q.Skill)
		}
	}
	b.add(&passage{
		id: phaseID(b.role, p.ID), title: "Phase: " + p.Name, phase: p.ID, keys: "phase stage outcome milestone",
		text: fmt.Sprintf("Phase %d of %d, %d months. %s Milestones: %s. Skills: %s.", i+1, len(b.role.Phases), p.Months, p.Outcome, strings.Join(milestones, "; "), b.nameAll(skills)),
	})
	for _, m := range p.Milestones {
		b.add(&passage{
			id: milestoneID(b.role, m.ID), title: "Milestone: " + m.Name, phase: p.ID, keys: "milestone evidence proof done",
			text: "Evidence: " + m.Evidence + " Checklist: " + strings.Join(m.Checklist, " "),
		})
		// A question of the quiz must not carry its own answer.
		b.add(&passage{id: milestoneID(b.role, m.ID) + "/name", title: "Milestone: " + m.Name, phase: p.ID, text: "A milestone of the phase " + p.Name + ".", hidden: true})
	}
}

func (b *builder) requirement(q catalog.Requirement) {
	text := fmt.Sprintf("%s asks for %s at level %d (%s)%s. %s", b.role.Name, b.name(q.Skill), q.Level, catalog.LevelName(q.Level), must(q.Must), q.Why)
	if len(q.Alternatives) > 0 {
		text += " Taken in its place: " + b.nameAll(q.Alternatives) + "."
	}
	keys := ""
	if s, err := b.catalog.Skill(q.Skill); err == nil {
		keys = strings.Join(s.Aliases, " ")
	}
	b.add(&passage{id: requirementID(b.role, q.Skill), title: b.name(q.Skill) + " in this role", text: text, keys: keys, phase: q.Phase, skill: q.Skill})
}

func must(m bool) string {
	if m {
		return ", as a must"
	}
	return ", as a plus"
}

// skill adds what the catalogue says of a required skill itself.
func (b *builder) skill(q catalog.Requirement) {
	s, err := b.catalog.Skill(q.Skill)
	if err != nil {
		return
	}
	b.describe(s, q.Phase)
	have := 0
	if g := gapOf(b.report, q.Skill); g != nil {
		have = g.Evidenced
	}
	for i, line := range b.catalog.Rubric(s.ID) {
		level := i + 1
		b.add(&passage{
			id: rubricID(s.ID, level), title: fmt.Sprintf("%s at level %d (%s)", s.Name, level, catalog.LevelName(level)), text: line,
			keys: "level good enough", phase: q.Phase, skill: s.ID, hidden: level != q.Level && level != have && level != have+1,
		})
	}
	for _, n := range b.catalog.Requires(s.ID) {
		b.add(&passage{
			id: "skill/" + s.ID + "/requires/" + n.Needs, title: "What " + s.Name + " needs", phase: q.Phase, skill: s.ID, keys: "before first prerequisite",
			text: fmt.Sprintf("%s needs %s at level %d (%s).", s.Name, b.name(n.Needs), n.Level, catalog.LevelName(n.Level)),
		})
	}
	for _, t := range b.catalog.TransfersTo(s.ID) {
		b.add(&passage{
			id: "skill/" + s.ID + "/from/" + t.From, title: "From " + b.name(t.From) + " to " + s.Name, phase: q.Phase, skill: s.ID, keys: "transfer carry over similar",
			text: fmt.Sprintf("Of %s, %d %% carries over to %s: %s", b.name(t.From), int(t.Credit*100+0.5), s.Name, sentence(t.Note)), hidden: len(t.Note) == 0,
		})
	}
	b.add(&passage{
		id: "skill/" + s.ID + "/hours", title: "Study time: " + s.Name, phase: q.Phase, skill: s.ID, keys: "long time",
		text: fmt.Sprintf("From nothing to level %d, %s takes %s of study by the catalogue's estimate.", q.Level, s.Name, hours(b.catalog.Hours(s.ID, 0, q.Level))),
	})
}

func (b *builder) describe(s *catalog.Skill, phase string) {
	b.add(&passage{id: "skill/" + s.ID, title: s.Name, text: s.Description, keys: strings.Join(s.Aliases, " "), phase: phase, skill: s.ID})
}

func (b *builder) project(p catalog.Project) {
	b.add(&passage{
		id: projectID(b.role, p.ID), title: "Project: " + p.Name, phase: p.Phase, keys: "project practise build",
		text: fmt.Sprintf("Difficulty %d of 5, about %d hours. Works on %s. %s Done when: %s", p.Difficulty, p.Hours, b.nameAll(p.Skills), p.Brief, strings.Join(p.Acceptance, " ")),
	})
}
