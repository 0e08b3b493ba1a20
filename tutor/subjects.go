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
		at := slices.IndexFunc(r.role.Skills, func(q catalog.Requirement) bool { return q.Skill == id })
		if at < 0 {
			r.foreign(id)
			continue
		}
		r.skill(r.role.Skills[at])
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
	p := &passage{kind: FromCatalogue, id: "skill/" + id, title: s.Name, text: s.Description}
	r.say(fmt.Sprintf("%s does not ask for %s.", r.role.Name, s.Name), r.get(roleID(r.role, "skills")))
	r.say(s.Name+": "+s.Description, p)
	for _, q := range r.role.Skills {
		if slices.Contains(q.Alternatives, id) {
			r.say(fmt.Sprintf("It is taken in place of %s.", r.nameOf(q.Skill)), r.get(requirementID(r.role, q.Skill)))
		}
		for _, t := range r.catalog.TransfersTo(q.Skill) {
			if t.From == id {
				r.say(fmt.Sprintf("It helps with %s: %s", r.nameOf(q.Skill), sentence(t.Note)), r.get("skill/"+q.Skill+"/from/"+id))
			}
		}
	}
	if own := r.get(gapID(id)); own != nil {
		r.say(own.text, own)
	}
}

// skill answers about a skill of the role: what is asked, where the person is, what is between the two and how to cross it.
func (r *retriever) skill(q catalog.Requirement) {
	name, asked := r.nameOf(q.Skill), r.get(requirementID(r.role, q.Skill))
	r.say(fmt.Sprintf("%s asks for %s at level %d (%s)%s. %s", r.role.Name, name, q.Level, catalog.LevelName(q.Level), must(q.Must), q.Why), asked)
	if r.mode == Explain {
		if p := r.get("skill/" + q.Skill); p != nil {
			r.say(name+" is this: "+p.text, p)
		}
	}
	g := gapOf(r.report, q.Skill)
	have := 0
	if g != nil {
		have = g.Evidenced
		r.standing(g)
	} else {
		r.note("Without a resume I cannot say which level you have.")
	}
	r.rubric(q, have)
	for _, n := range r.catalog.Requires(q.Skill) {
		from := []*passage{r.get("skill/" + q.Skill + "/requires/" + n.Needs)}
		text := fmt.Sprintf("It needs %s at level %d first", r.nameOf(n.Needs), n.Level)
		if own := gapOf(r.report, n.Needs); own != nil {
			shown := "does not show it"
			if own.Evidenced > 0 {
				shown = fmt.Sprintf("shows level %d", own.Evidenced)
			}
			text += "; your resume " + shown
			from = append(from, r.get(gapID(n.Needs)))
		}
		r.say(text+".", from...)
	}
	r.transfers(q.Skill, g)
	if g != nil && g.Status != gapanalysis.Have {
		r.say(fmt.Sprintf("What is left is %s of study.", hours(g.Hours)), r.get(gapID(q.Skill)))
	} else if g == nil {
		r.say(r.get("skill/"+q.Skill+"/hours").text, r.get("skill/"+q.Skill+"/hours"))
	}
	if p := r.projectFor(q.Skill); p != nil {
		r.say(fmt.Sprintf("A project that works on it: %s, about %d hours. %s", p.Name, p.Hours, p.Brief), r.get(projectID(r.role, p.ID)))
	}
}

// standing says which level the resume shows, with the words that prove it.
func (r *retriever) standing(g *gapanalysis.SkillGap) {
	row := r.get(gapID(g.ID))
	switch g.Status {
	case gapanalysis.Have:
		r.say(fmt.Sprintf("Your resume shows level %d (%s), which is enough for this role.", g.Evidenced, catalog.LevelName(g.Evidenced)), row)
	case gapanalysis.Partial:
		r.say(fmt.Sprintf("Your resume shows level %d (%s), so level %d is still to reach.", g.Evidenced, catalog.LevelName(g.Evidenced), g.Required), row)
	case gapanalysis.Transferable:
		r.say(fmt.Sprintf("Your resume does not name it, but %s carries over.", r.nameOf(g.Transfer.From)), row)
	case gapanalysis.Missing:
		r.say("Your resume does not show it.", row)
	}
	var quoted []string
	var from []*passage
	for n, m := range g.Evidence[:min(len(g.Evidence), maxQuoted)] {
		quoted = append(quoted, fmt.Sprintf("“%s” (%s)", strings.Join(strings.Fields(m.Text), " "), place(m)))
		from = append(from, r.get(evidenceID(g.ID, n+1)))
	}
	if len(quoted) > 0 {
		r.say("The words that this rests on: "+strings.Join(quoted, ", ")+".", from...)
	}
}

// rubric says what each level from the person's own to the one asked means.
func (r *retriever) rubric(q catalog.Requirement, have int) {
	if r.get(rubricID(q.Skill, 1)) == nil {
		r.note("The catalogue has no description of the levels of this skill.")
		return
	}
	upTo := q.Level
	if have >= q.Level {
		upTo = min(have+1, catalog.LevelExpert)
	}
	r.note("What the levels mean:")
	for level := max(have, 1); level <= upTo; level++ {
		p := r.get(rubricID(q.Skill, level))
		mark := ""
		switch level {
		case have:
			mark = ", where you are"
		case q.Level:
			mark = ", what is asked"
		}
		r.say(fmt.Sprintf("- Level %d (%s)%s: %s", level, catalog.LevelName(level), mark, p.text), p)
	}
}

// transfers says what carries over: what the person has, else what is known to.
func (r *retriever) transfers(id string, g *gapanalysis.SkillGap) {
	if g != nil {
		if t := g.Transfer; t != nil {
			r.say(fmt.Sprintf("From %s: %s", r.nameOf(t.From), sentence(t.Why)), r.get(gapID(id)))
		}
		return
	}
	for i, t := range r.catalog.TransfersTo(id) {
		if i == maxTransfer {
			return
		}
		r.say(fmt.Sprintf("Whoever knows %s has a part of it already: %s", r.nameOf(t.From), sentence(t.Note)), r.get("skill/"+id+"/from/"+t.From))
	}
}

// projectFor is a project that works on a skill, one of the phase before others, or nil.
func (r *retriever) projectFor(skill string) *catalog.Project {
	var other *catalog.Project
	for i := range r.role.Projects {
		p := &r.role.Projects[i]
		if !slices.Contains(p.Skills, skill) {
			continue
		}
		if r.about != nil && p.Phase == r.about.ID {
			return p
		}
		if other == nil {
			other = p
		}
	}
	return other
}

// projects lists projects of the phase, or those that work on a skill; the one that is named comes with what it is done by.
func (r *retriever) projects() {
	var list []*catalog.Project
	for _, strict := range []bool{true, false} {
		for i := range r.role.Projects {
			p := &r.role.Projects[i]
			onSkill := slices.ContainsFunc(r.named, func(id string) bool { return slices.Contains(p.Skills, id) })
			inPhase := r.about == nil || p.Phase == r.about.ID
			if len(r.named) > 0 && onSkill || len(r.named) == 0 && inPhase || !strict && inPhase {
				list = append(list, p)
			}
		}
		if len(list) > 0 {
			break
		}
	}
	titles := make([]string, len(list))
	for i, p := range list {
		titles[i] = p.Name
	}
	if at := bestNamed(r.question, titles); at >= 0 {
		list = list[at : at+1]
	}
	for _, p := range list[:min(len(list), maxListed)] {
		r.say(fmt.Sprintf("- %s (difficulty %d of 5, about %d hours): %s", p.Name, p.Difficulty, p.Hours, p.Brief), r.get(projectID(r.role, p.ID)))
	}
	if len(list) == 1 {
		r.note("It is done when:")
		for _, a := range list[0].Acceptance {
			r.say("- "+a, r.get(projectID(r.role, list[0].ID)))
		}
	}
}

// phases answers about the phase, or about all; a milestone that is named comes with its checklist.
func (r *retriever) phases() {
	if p, m := r.milestoneNamed(); m != nil {
		r.milestone(p, m)
		return
	}
	for _, p := range r.role.Phases {
		if r.about != nil && r.about.ID != p.ID {
			continue
		}
		r.say(fmt.Sprintf("%s, %d months: %s", p.Name, p.Months, p.Outcome), r.get(phaseID(r.role, p.ID)))
		r.milestones(p)
	}
}

func (r *retriever) milestones(p catalog.Phase) {
	for _, m := range p.Milestones {
		text := "- Milestone: " + sentence(m.Name)
		if r.about != nil {
			text += " Evidence: " + m.Evidence
		}
		r.say(text, r.get(milestoneID(r.role, m.ID)))
	}
}

func (r *retriever) milestone(p *catalog.Phase, m *catalog.Milestone) {
	own := r.get(milestoneID(r.role, m.ID))
	r.say(fmt.Sprintf("Milestone of the phase %s: %s", p.Name, sentence(m.Name)), own)
	r.say("What proves it: "+m.Evidence, own)
	r.note("It holds when:")
	for _, c := range m.Checklist {
		r.say("- "+c, own)
	}
}

// milestoneNamed finds the milestone that the question speaks of, in the phase before others.
func (r *retriever) milestoneNamed() (*catalog.Phase, *catalog.Milestone) {
	for _, within := range []bool{true, false} {
		var ids, titles []string
		for _, p := range r.role.Phases {
			if !within || r.about == nil || r.about.ID == p.ID {
				for _, m := range p.Milestones {
					ids, titles = append(ids, m.ID), append(titles, m.Name)
				}
			}
		}
		if at := bestNamed(r.question, titles); at >= 0 {
			if p, m, err := r.role.Milestone(ids[at]); err == nil {
				return p, m
			}
		}
	}
	return nil, nil
}

// interview lists the themes of interviews, the one that is named alone.
func (r *retriever) interview() {
	themes := r.role.InterviewThemes
	titles := make([]string, len(themes))
	for i, t := range themes {
		titles[i] = t.Name
	}
	if at := bestNamed(r.question, titles); at >= 0 {
		themes = themes[at : at+1]
	} else {
		r.note(fmt.Sprintf("Interviews for %s ask about:", r.role.Name))
	}
	for _, t := range themes {
		r.say(fmt.Sprintf("- %s. What they look for: %s", t.Name, t.LooksFor), r.get(themeID(r.role, t)))
	}
	for _, id := range r.named[:min(len(r.named), 1)] {
		if at := slices.IndexFunc(r.role.Skills, func(q catalog.Requirement) bool { return q.Skill == id }); at >= 0 {
			r.skill(r.role.Skills[at])
		}
	}
}
