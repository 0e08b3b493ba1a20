package tutor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// maxNamed is how many of the skills that a question names are answered.
const maxNamed = 2

// aboutSkill answers a question about skills: a point inside one where the catalogue has a case for it, what is asked for in particular, else
// all of it.
func (r *retriever) aboutSkill() {
	q, id := plain(r.rest), r.named[0]
	asked := r.requirement(id)
	one := len(r.named) == 1
	switch {
	case r.conceptAsked():
	case one && askedLevels.MatchString(q) && !askedHow.MatchString(q):
		r.levelsOf(id)
	case one && asksFor(askHours, q) && !askedHow.MatchString(q):
		r.skillTime(id)
	case one && asked != nil && askedWhy.MatchString(q):
		r.whyAsked(*asked)
	default:
		r.skills()
	}
}

// requirement is what the role asks of a skill, or nil.
func (r *retriever) requirement(id string) *catalog.Requirement {
	for i := range r.role.Skills {
		if r.role.Skills[i].Skill == id {
			return &r.role.Skills[i]
		}
	}
	return nil
}

// skills answers about the skills that the question names, in the order of the report where there is one.
func (r *retriever) skills() {
	ids := slices.Clone(r.named[:min(len(r.named), maxNamed)])
	if r.report != nil {
		slices.SortStableFunc(ids, func(a, b string) int { return r.rankOf(a) - r.rankOf(b) })
	}
	for i, id := range ids {
		if i > 0 {
			r.note("")
		}
		if q := r.requirement(id); q != nil {
			r.skillOf(*q)
		} else {
			r.foreign(id)
		}
	}
}

func (r *retriever) rankOf(id string) int {
	if g := gapOf(r.report, id); g != nil && g.Priority > 0 {
		return g.Priority
	}
	return len(r.report.Skills) + 1
}

// foreign answers about a skill that the role does not ask for.
func (r *retriever) foreign(id string) {
	s, err := r.catalog.Skill(id)
	if err != nil {
		return
	}
	r.say(r.tell(sayDoesNotAsk, r.role.Name, s.Name), r.get(roleID(r.role, "skills")))
	r.say(r.tell(sayDescribe, s.Name, s.Description), r.get("skill/"+id))
	for _, q := range r.role.Skills {
		if slices.Contains(q.Alternatives, id) {
			r.say(r.tell(sayInPlaceOf, r.nameOf(q.Skill)), r.get(requirementID(r.role, q.Skill)))
		}
		for _, t := range r.catalog.TransfersTo(q.Skill) {
			if t.From == id && t.Note != "" {
				r.say(r.tell(sayHelpsWith, r.nameOf(q.Skill), sentence(t.Note)), r.get("skill/"+q.Skill+"/from/"+id))
			}
		}
	}
	if r.report == nil {
		return
	}
	for _, x := range r.report.Extra {
		if x.ID != nil && *x.ID == id {
			r.say(r.tell(sayExtra, x.Level, r.levelName(x.Level)), r.get(gapID(id)))
		}
	}
}

// skillOf answers about a skill of the role: what is asked, where the person is, what is between the two and how to cross it.
func (r *retriever) skillOf(q catalog.Requirement) {
	r.whyAsked(q)
	if r.mode == Explain {
		if p := r.get("skill/" + q.Skill); p != nil {
			r.say(r.tell(sayIsThis, r.nameOf(q.Skill), p.text), p)
		}
	}
	g := gapOf(r.report, q.Skill)
	have := 0
	if g != nil {
		have = g.Evidenced
		r.standing(g)
	} else {
		r.note(r.tell(sayNoLevel))
	}
	r.rubric(q.Skill, q.Level, have)
	r.mistakes(q.Skill)
	r.needs(q.Skill)
	r.transfers(q.Skill, g)
	r.left(q.Skill, q.Level, g)
	if p := r.projectFor(q.Skill); p != nil {
		r.say(r.tell(sayProjectFor, r.nameOf(q.Skill), p.Name, p.Hours, p.Brief), r.get(projectID(r.role, p.ID)))
	}
	if p := r.get("skill/" + q.Skill + "/resources"); p != nil && r.mode == Explain {
		r.say(r.tell(sayLearnFrom, p.text), p)
	}
}

// whyAsked says what the role asks of a skill, and what for.
func (r *retriever) whyAsked(q catalog.Requirement) {
	kind := sayPlus
	if q.Must {
		kind = sayMust
	}
	r.say(r.tell(sayRoleAsks, r.role.Name, r.nameOf(q.Skill), q.Level, r.levelName(q.Level), r.tell(kind), q.Why), r.get(requirementID(r.role, q.Skill)))
	if p, err := r.role.Phase(q.Phase); err == nil && r.mode == Explain && (r.about == nil || r.about.ID != p.ID) {
		r.say(r.tell(sayInPhase, p.Name, p.Outcome), r.get(phaseID(r.role, p.ID)))
	}
}

// needs says what should be there before.
func (r *retriever) needs(id string) {
	for _, n := range r.catalog.Requires(id) {
		from := []*passage{r.get("skill/" + id + "/requires/" + n.Needs)}
		own := gapOf(r.report, n.Needs)
		switch {
		case own == nil:
			r.say(r.tell(sayNeedsFirst, r.nameOf(n.Needs), n.Level), from...)
		case own.Evidenced == 0:
			r.say(r.tell(sayNeedsNone, r.nameOf(n.Needs), n.Level), append(from, r.get(gapID(n.Needs)))...)
		default:
			r.say(r.tell(sayNeedsShown, r.nameOf(n.Needs), n.Level, own.Evidenced), append(from, r.get(gapID(n.Needs)))...)
		}
	}
}

// mistakes reminds of what the person took for true in an earlier question and has not set right since.
func (r *retriever) mistakes(id string) {
	for _, it := range r.known {
		if it.Skill == id && it.Mistake != "" && it.Outcome != OutcomeRight && !slices.Contains(r.withheld(), it.Concept) {
			if p := r.get(it.Concept); p != nil {
				r.say(r.tell(sayMistake, sentence(it.Mistake)), p)
				return
			}
		}
	}
}

// left says how much study is left.
func (r *retriever) left(id string, level int, g *gapanalysis.SkillGap) {
	switch {
	case g != nil && g.Status != gapanalysis.Have:
		r.say(r.tell(sayLeftStudy, r.hours(g.Hours)), r.get(gapID(id)))
	case g == nil:
		r.say(r.tell(sayStudyTime, level, r.hours(r.catalog.Hours(id, 0, level))), r.get("skill/"+id+"/hours"))
	}
}

// skillTime says how long a skill takes.
func (r *retriever) skillTime(id string) {
	level := catalog.LevelIntermediate
	if q := r.requirement(id); q != nil {
		level = q.Level
		r.whyAsked(*q)
	}
	g := gapOf(r.report, id)
	if g != nil {
		r.standing(g)
	}
	r.left(id, level, g)
	r.needs(id)
}

// levelsOf says what the levels of a skill mean, from the person's own on.
func (r *retriever) levelsOf(id string) {
	level, have := catalog.LevelExpert, 0
	if q := r.requirement(id); q != nil {
		level = q.Level
		r.whyAsked(*q)
	}
	if g := gapOf(r.report, id); g != nil {
		have = g.Evidenced
		r.standing(g)
	}
	r.rubric(id, level, have)
}

// reading names what to learn a skill from.
func (r *retriever) reading() {
	ids := r.named
	if len(ids) == 0 {
		for _, g := range r.open() {
			ids = append(ids, g.ID)
		}
		for _, q := range r.role.Skills {
			if r.report == nil && (r.about == nil || q.Phase == r.about.ID) {
				ids = append(ids, q.Skill)
			}
		}
		ids = ids[:min(len(ids), maxSteps)]
	}
	for _, id := range ids[:min(len(ids), maxSteps)] {
		p := r.get("skill/" + id + "/resources")
		if p == nil {
			r.note(r.tell(sayNoReading, r.nameOf(id)))
			continue
		}
		r.say(r.tell(saySource, r.nameOf(id), p.text), p)
	}
}

// standing says which level the resume shows, with the words that prove it.
func (r *retriever) standing(g *gapanalysis.SkillGap) {
	row := r.get(gapID(g.ID))
	switch g.Status {
	case gapanalysis.Have:
		r.say(r.tell(sayEnough, g.Evidenced, r.levelName(g.Evidenced)), row)
	case gapanalysis.Partial:
		r.say(r.tell(sayToReach, g.Evidenced, r.levelName(g.Evidenced), g.Required), row)
	case gapanalysis.Transferable:
		r.say(r.tell(sayCarries, r.nameOf(g.Transfer.From)), row)
	case gapanalysis.Missing:
		r.say(r.tell(sayNotShown), row)
	}
	var quoted []string
	var from []*passage
	for n, m := range g.Evidence[:min(len(g.Evidence), maxQuoted)] {
		quoted = append(quoted, fmt.Sprintf("“%s” (%s)", strings.Join(strings.Fields(m.Text), " "), place(m)))
		from = append(from, r.get(evidenceID(g.ID, n+1)))
	}
	if len(quoted) > 0 {
		r.say(r.tell(sayRestsOn, strings.Join(quoted, ", ")), from...)
	}
}

// rubric says what each level from the person's own to the one asked means.
func (r *retriever) rubric(id string, asked, have int) {
	if r.get(rubricID(id, 1)) == nil {
		r.note(r.tell(sayNoRubric))
		return
	}
	upTo := asked
	if have >= asked {
		upTo = min(have+1, catalog.LevelExpert)
	}
	r.note(r.tell(sayLevels))
	for level := max(have, 1); level <= upTo; level++ {
		p, mark := r.get(rubricID(id, level)), ""
		switch {
		case level == have:
			mark = r.tell(sayWhereYou)
		case level == asked:
			mark = r.tell(sayWhatAsked)
		case level == have+1 && r.report != nil:
			mark = r.tell(sayNextUp)
		}
		r.say(r.tell(sayLevel, level, r.levelName(level), mark, p.text), p)
	}
}

// transfers says what carries over: what the person has, else what is known to.
func (r *retriever) transfers(id string, g *gapanalysis.SkillGap) {
	if g != nil {
		if t := g.Transfer; t != nil {
			r.say(r.tell(sayFrom, r.nameOf(t.From), sentence(t.Why)), r.get(gapID(id)))
		}
		return
	}
	n := 0
	for _, t := range r.catalog.TransfersTo(id) {
		if t.Note == "" || n == maxTransfer {
			continue
		}
		n++
		r.say(r.tell(sayPartOf, r.nameOf(t.From), sentence(t.Note)), r.get("skill/"+id+"/from/"+t.From))
	}
}

// conceptAsked answers a question about a point inside a skill, where the catalogue has a case that speaks of it.
func (r *retriever) conceptAsked() bool {
	own := map[string]bool{}
	for _, id := range r.named {
		if s, err := r.catalog.Skill(id); err == nil {
			for _, t := range tokens(s.Name + " " + strings.Join(s.Aliases, " ")) {
				own[t] = true
			}
		}
	}
	found, said := r.find(r.rest), 0.0
	for _, p := range found[:min(len(found), maxQuoted)] {
		if p.matter != ofQuestion || len(r.named) > 0 && !slices.Contains(r.named, p.skill) {
			continue
		}
		shared, counts := 0, p.counts()
		for _, t := range read(r.rest, scope{}, r.corpus.index).terms {
			if counts[t.token] > 0 && !own[t.token] {
				shared++
			}
		}
		covered := r.covers(p)
		if shared < 2 || covered < least || covered < said { // a second case has to fit as well as the first
			continue
		}
		if said > 0 {
			r.gap()
		}
		if r.concept(p) {
			said = covered
		}
	}
	if said > 0 {
		r.note(r.tell(sayMore, r.nameOf(r.state.Skill)))
	}
	return said > 0
}

// concept explains a point by the catalogue's case of it.
func (r *retriever) concept(p *passage) bool {
	q, at := r.questionOf(p.id)
	if q == nil {
		return false
	}
	r.state.Skill = at
	r.say(r.tell(sayConcept, r.nameOf(at), q.Level, r.levelName(q.Level), q.Question), p)
	r.say(r.tell(sayAnswerIs, sentence(q.Answer), sentence(q.Because)), p)
	r.say(r.tell(sayBelieved, sentence(q.Misconception)), p)
	if line := r.get(rubricID(at, q.Level)); line != nil && r.mode == Explain {
		r.say(r.tell(sayLevel, q.Level, r.levelName(q.Level), "", line.text), line)
	}
	return true
}

// questionOf is the check question of an id, with its skill, or nil.
func (r *retriever) questionOf(id string) (*catalog.Question, string) {
	var n int
	parts := strings.Split(id, "/")
	if len(parts) < 4 || parts[0] != "skill" || parts[2] != "question" {
		return nil, ""
	}
	if _, err := fmt.Sscanf(parts[3], "%d", &n); err != nil {
		return nil, ""
	}
	l := r.catalog.Learning(parts[1])
	if l == nil || n < 1 || n > len(l.Questions) {
		return nil, ""
	}
	return &l.Questions[n-1], parts[1]
}
