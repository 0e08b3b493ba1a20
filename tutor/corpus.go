package tutor

import (
	"fmt"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// passage is a piece of the catalogue, of a report or of a resume that an answer can rest on.
type passage struct {
	kind   CitationKind
	matter matter
	id     string
	title  string
	text   string
	keys   string // more words to find it by, which are not shown
	phase  string // "" where it belongs to none
	skill  string // "" where it is about none
	// hidden passages are only cited by name: the ranking would be full of them.
	hidden     bool
	start, end *int
}

// matter is what a passage tells of.
type matter string

const (
	ofSummary     matter = "summary"
	ofMarket      matter = "market"
	ofDay         matter = "day"
	ofTime        matter = "time"
	ofSalary      matter = "salary"
	ofPhase       matter = "phase"
	ofMilestone   matter = "milestone"
	ofProject     matter = "project"
	ofTheme       matter = "theme"
	ofRequirement matter = "requirement"
	ofSkill       matter = "skill"
	ofRubric      matter = "rubric"
	ofQuestion    matter = "question"
	ofResources   matter = "resources"
	ofNeeds       matter = "needs"
	ofTransfer    matter = "transfer"
	ofHours       matter = "hours"
	ofOverview    matter = "overview"
	ofNext        matter = "next"
	ofOpen        matter = "open"
	ofGap         matter = "gap"
	ofEvidence    matter = "evidence" // words that a level rests on
	ofSpan        matter = "span"     // any other words of a resume
)

// corpus is every passage of one role, and over it those of a person.
type corpus struct {
	base  *corpus // of the role; nil for the role's own
	list  []*passage
	byID  map[string]*passage
	index *index
}

// ofRole makes the passages of a role, once.
func (b *builtin) ofRole(role *catalog.Role) *corpus {
	if kept, ok := b.roles.Load(role.ID); ok {
		return kept.(*corpus)
	}
	k := &corpus{byID: map[string]*passage{}}
	w := builder{corpus: k, catalog: b.catalog, role: role}
	w.overview()
	for i := range role.Phases {
		w.ofPhase(i)
	}
	for _, q := range role.Skills {
		w.requirement(q)
		w.skill(q.Skill, q.Phase, q.Level)
	}
	for _, p := range role.Projects {
		w.project(p)
	}
	for _, t := range role.InterviewThemes {
		w.add(&passage{
			id: themeID(role, t), matter: ofTheme, title: "Interview theme: " + t.Name, keys: "interview question ask",
			text: "Interviews for this role ask about " + t.Name + ". What they look for: " + t.LooksFor,
		})
	}
	k.index = newIndex(nil, k.list)
	kept, _ := b.roles.LoadOrStore(role.ID, k)
	return kept.(*corpus)
}

// corpusOf is what can be said to a person about a role: the role's passages, those of skills that are named beside it, of the report and of
// the resume.
func (b *builtin) corpusOf(role *catalog.Role, report *gapanalysis.Report, spans []Span, named []string) *corpus {
	k := &corpus{base: b.ofRole(role), byID: map[string]*passage{}}
	w := builder{corpus: k, catalog: b.catalog, role: role, report: report}
	for _, id := range named {
		if k.get("skill/"+id) == nil {
			w.skill(id, "", catalog.LevelIntermediate)
		}
	}
	if report != nil {
		w.ofReport()
	}
	for _, s := range spans {
		w.span(s)
	}
	k.index = newIndex(k.base.index, k.list)
	return k
}

// get finds a passage by id, or nil.
func (k *corpus) get(id string) *passage {
	if p := k.byID[id]; p != nil || k.base == nil {
		return p
	}
	return k.base.get(id)
}

// The ids of passages, which are also those of citations.
func roleID(r *catalog.Role, part string) string         { return r.ID + "/" + part }
func phaseID(r *catalog.Role, phase string) string       { return r.ID + "/phase/" + phase }
func milestoneID(r *catalog.Role, m string) string       { return r.ID + "/milestone/" + m }
func requirementID(r *catalog.Role, skill string) string { return r.ID + "/skill/" + skill }
func projectID(r *catalog.Role, p string) string         { return r.ID + "/project/" + p }
func rubricID(skill string, level int) string            { return fmt.Sprintf("skill/%s/rubric/%d", skill, level) }

func questionID(skill string, n int) string { return fmt.Sprintf("skill/%s/question/%d", skill, n) }
func gapID(skill string) string             { return "report/skill/" + skill }
func evidenceID(skill string, n int) string { return fmt.Sprintf("resume/%s/%d", skill, n) }

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
	if b.corpus.get(p.id) != nil {
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
	b.add(&passage{id: roleID(r, "summary"), matter: ofSummary, title: "Role: " + r.Name, text: r.Summary, keys: "role job"})
	b.add(&passage{id: roleID(r, "why-now"), matter: ofMarket, title: "Why now: " + r.Name, text: r.WhyNow, keys: "role market demand future now important"})
	b.add(&passage{id: roleID(r, "typical-day"), matter: ofDay, title: "A typical day: " + r.Name, text: strings.Join(r.TypicalDay, " "), keys: "day daily work routine all"})
	text := fmt.Sprintf("The way to this role is laid out for %d months at %d hours a week, starting as: %s", r.TimeToReady.Months, r.TimeToReady.HoursPerWeek, r.TimeToReady.From)
	if c := r.Consolidation; c != nil {
		text += fmt.Sprintf(" %d of these months are consolidation: %s", c.Months, c.Purpose)
	}
	b.add(&passage{id: roleID(r, "time-to-ready"), matter: ofTime, title: "Time to ready: " + r.Name, text: text, keys: "long time hours months duration start beginner reach ready"})
	ids := make([]string, len(r.Skills))
	for i, q := range r.Skills {
		ids[i] = fmt.Sprintf("%s %d", b.name(q.Skill), q.Level)
	}
	b.add(&passage{id: roleID(r, "skills"), matter: ofRequirement, title: "Skills of the role, with levels: " + r.Name, text: strings.Join(ids, ", ") + ".", keys: "skill require", hidden: true})
	b.add(&passage{id: roleID(r, "salary"), matter: ofSalary, title: "Salary: " + r.Name, text: salary(r), keys: "salary pay earn money compensation"})
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
		id: phaseID(b.role, p.ID), matter: ofPhase, title: "Phase: " + p.Name, phase: p.ID, keys: "phase stage outcome milestone",
		text: fmt.Sprintf("Phase %d of %d, %d months. %s Milestones: %s. Skills: %s.", i+1, len(b.role.Phases), p.Months, p.Outcome, strings.Join(milestones, "; "), b.nameAll(skills)),
	})
	for _, m := range p.Milestones {
		b.add(&passage{
			id: milestoneID(b.role, m.ID), matter: ofMilestone, title: "Milestone: " + m.Name, phase: p.ID, keys: "milestone evidence proof done " + slugWords(m.ID),
			text: "Evidence: " + m.Evidence + " Checklist: " + strings.Join(m.Checklist, " "),
		})
		// A question of the quiz must not carry its own answer.
		b.add(&passage{id: milestoneID(b.role, m.ID) + "/name", matter: ofMilestone, title: "Milestone: " + m.Name, phase: p.ID, text: "A milestone of the phase " + p.Name + ".", hidden: true})
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
	b.add(&passage{id: requirementID(b.role, q.Skill), matter: ofRequirement, title: b.name(q.Skill) + " in this role", text: text, keys: keys, phase: q.Phase, skill: q.Skill})
}

func must(m bool) string {
	if m {
		return ", as a must"
	}
	return ", as a plus"
}

// skill adds what the catalogue says of a skill itself. level is the one that is asked for.
func (b *builder) skill(id, phase string, level int) {
	s, err := b.catalog.Skill(id)
	if err != nil {
		return
	}
	b.describe(s, phase)
	b.learning(s, phase)
	for _, n := range b.catalog.Requires(s.ID) {
		b.add(&passage{
			id: "skill/" + s.ID + "/requires/" + n.Needs, matter: ofNeeds, title: "What " + s.Name + " needs", phase: phase, skill: s.ID, keys: "before first prerequisite",
			text: fmt.Sprintf("%s needs %s at level %d (%s).", s.Name, b.name(n.Needs), n.Level, catalog.LevelName(n.Level)),
		})
	}
	for _, t := range b.catalog.TransfersTo(s.ID) {
		b.add(&passage{
			id: "skill/" + s.ID + "/from/" + t.From, matter: ofTransfer, title: "From " + b.name(t.From) + " to " + s.Name, phase: phase, skill: s.ID, keys: "transfer carry over similar",
			text: fmt.Sprintf("Of %s, %d %% carries over to %s: %s", b.name(t.From), int(t.Credit*100+0.5), s.Name, sentence(t.Note)), hidden: len(t.Note) == 0,
		})
	}
	b.add(&passage{
		id: "skill/" + s.ID + "/hours", matter: ofHours, title: "Study time: " + s.Name, phase: phase, skill: s.ID, keys: "long time hours",
		text: fmt.Sprintf("From nothing to level %d, %s takes %s of study by the catalogue's estimate.", level, s.Name, hours(b.catalog.Hours(s.ID, 0, level))),
	})
}

// learning adds the levels of a skill, its check questions and what to learn it from.
func (b *builder) learning(s *catalog.Skill, phase string) {
	l := b.catalog.Learning(s.ID)
	if l == nil {
		return
	}
	lines := make([]string, len(l.Rubric))
	for i, line := range l.Rubric {
		level := i + 1
		lines[i] = fmt.Sprintf("Level %d (%s): %s", level, catalog.LevelName(level), line)
		b.add(&passage{
			id: rubricID(s.ID, level), matter: ofRubric, title: fmt.Sprintf("%s at level %d (%s)", s.Name, level, catalog.LevelName(level)), text: line,
			phase: phase, skill: s.ID, hidden: true,
		})
	}
	if len(lines) > 0 {
		b.add(&passage{
			id: "skill/" + s.ID + "/rubric", matter: ofRubric, title: s.Name + ": what each level does", text: strings.Join(lines, " "),
			keys: "level good enough next " + strings.Join(s.Aliases, " "), phase: phase, skill: s.ID,
		})
	}
	for i, q := range l.Questions {
		id := questionID(s.ID, i+1)
		b.add(&passage{
			id: id, matter: ofQuestion, title: s.Name + ": " + q.Question, phase: phase, skill: s.ID,
			text: sentence(q.Answer) + " " + sentence(q.Because) + " Often believed: " + sentence(q.Misconception),
		})
		// A question that is put must not carry its own answer.
		b.add(&passage{
			id: id + "/asked", matter: ofQuestion, title: fmt.Sprintf("%s, question %d of level %d (%s)", s.Name, i+1, q.Level, catalog.LevelName(q.Level)),
			text: q.Question, phase: phase, skill: s.ID, hidden: true,
		})
		b.add(&passage{
			id: id + "/believed", matter: ofQuestion, title: s.Name + ", what is often believed", text: firstSentence(q.Misconception), phase: phase, skill: s.ID, hidden: true,
		})
	}
	if len(l.Resources) > 0 {
		list := make([]string, len(l.Resources))
		for i, r := range l.Resources {
			list[i] = resource(r)
		}
		b.add(&passage{
			id: "skill/" + s.ID + "/resources", matter: ofResources, title: "What to learn " + s.Name + " from", text: strings.Join(list, " "), phase: phase, skill: s.ID,
			keys: "read book course documentation resource",
		})
	}
}

// slugWords are the words of an id, which often name a thing more plainly than its title.
func slugWords(id string) string { return strings.ReplaceAll(id, "-", " ") }

// resource is one thing to learn from, in words.
func resource(r catalog.Resource) string {
	text := fmt.Sprintf("“%s”", r.Title)
	if r.By != "" {
		text += " by " + r.By
	}
	if r.Year > 0 {
		text += fmt.Sprintf(", %d", r.Year)
	}
	return fmt.Sprintf("%s (%s).", text, r.Kind)
}

func (b *builder) describe(s *catalog.Skill, phase string) {
	b.add(&passage{id: "skill/" + s.ID, matter: ofSkill, title: s.Name, text: s.Description, keys: strings.Join(s.Aliases, " "), phase: phase, skill: s.ID})
}

func (b *builder) project(p catalog.Project) {
	b.add(&passage{
		id: projectID(b.role, p.ID), matter: ofProject, title: "Project: " + p.Name, phase: p.Phase, keys: "project practise build " + slugWords(p.ID),
		text: fmt.Sprintf("Difficulty %d of 5, about %d hours. Works on %s. %s Done when: %s", p.Difficulty, p.Hours, b.nameAll(p.Skills), p.Brief, strings.Join(p.Acceptance, " ")),
	})
}
