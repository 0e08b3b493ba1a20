package tutor

import (
	"slices"

	"github.com/gapwise/gapwise/catalog"
)

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

// projects lists projects of the phase, or those that work on a skill; the one that is named or that fits alone comes with what it is done by.
func (r *retriever) projects() {
	if p := r.projectNamed(); p != nil {
		r.project(p, true)
		return
	}
	var list []*catalog.Project
	for i := range r.role.Projects {
		p := &r.role.Projects[i]
		onSkill := slices.ContainsFunc(r.named, func(id string) bool { return slices.Contains(p.Skills, id) })
		inPhase := r.about == nil || p.Phase == r.about.ID
		if len(r.named) > 0 && onSkill || len(r.named) == 0 && inPhase {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		r.note(r.tell(sayNoProject))
		return
	}
	for _, p := range list[:min(len(list), maxListed)] {
		r.project(p, len(list) == 1)
	}
}

// projectNamed is the project that the question speaks of, by its name or by what is found, or nil.
func (r *retriever) projectNamed() *catalog.Project {
	titles := make([]string, len(r.role.Projects))
	for i, p := range r.role.Projects {
		titles[i] = p.Name
	}
	if at := bestNamed(r.question, titles); at >= 0 {
		return &r.role.Projects[at]
	}
	found := r.firstFound()
	if len(found) == 0 || found[0].matter != ofProject || !r.subject("project", "build", "practise", "portfolio") || r.covers(found[0]) < least {
		return nil
	}
	for i, p := range r.role.Projects {
		if projectID(r.role, p.ID) == found[0].id {
			return &r.role.Projects[i]
		}
	}
	return nil
}

// subject tells whether the question is about something beside the words that say what kind of answer is wanted.
func (r *retriever) subject(kinds ...string) bool {
	for _, t := range read(r.rest, scope{}, r.corpus.index).terms {
		if !empty[t.token] && len(t.token) >= 3 && !slices.ContainsFunc(kinds, func(k string) bool { return stem(k) == t.token }) {
			return true
		}
	}
	return false
}

// firstFound are the passages that fit the question best.
func (r *retriever) firstFound() []*passage {
	found := r.find(r.rest)
	return found[:min(len(found), maxQuoted)]
}

// project tells of a project, and of what it is done by.
func (r *retriever) project(p *catalog.Project, whole bool) {
	own := r.get(projectID(r.role, p.ID))
	r.say(r.tell(sayProject, p.Name, p.Difficulty, p.Hours, p.Brief), own)
	if !whole {
		return
	}
	r.note(r.tell(sayDoneWhen))
	for _, a := range p.Acceptance {
		r.say("- "+a, own)
	}
}

// phases answers about the phase, or about all; a milestone that is named comes with its checklist.
func (r *retriever) phases() {
	if p, m := r.milestoneNamed(); m != nil {
		r.milestoneOf(p, m)
		return
	}
	if r.subject("phase", "milestone", "stage", "checklist", "outcome", "evidence") {
		for _, p := range r.firstFound() {
			if p.matter == ofMilestone && r.covers(p) >= least && r.foundMilestone(p) {
				return
			}
		}
	}
	for _, p := range r.role.Phases {
		if r.about != nil && r.about.ID != p.ID {
			continue
		}
		r.say(r.tell(sayPhase, p.Name, p.Months, p.Outcome), r.get(phaseID(r.role, p.ID)))
		r.milestones(p)
	}
}

func (r *retriever) milestones(p catalog.Phase) {
	for _, m := range p.Milestones {
		text := r.tell(sayMilestoneIn, sentence(m.Name))
		if r.about != nil {
			text += r.tell(sayEvidence, m.Evidence)
		}
		r.say(text, r.get(milestoneID(r.role, m.ID)))
	}
}

// milestoneOf tells of a milestone: what proves it, when it holds and how the person's own progress has it.
func (r *retriever) milestoneOf(p *catalog.Phase, m *catalog.Milestone) {
	own := r.get(milestoneID(r.role, m.ID))
	r.say(r.tell(sayMilestone, p.Name, sentence(m.Name)), own)
	r.say(r.tell(sayProves, m.Evidence), own)
	r.note(r.tell(sayHolds))
	for _, c := range m.Checklist {
		r.say("- "+c, own)
	}
	for _, said := range r.progress {
		if said.Milestone == m.ID {
			r.note(r.tell(sayProgress, statuses[said.Status].in(r.language)))
		}
	}
	if r.mode != Review {
		r.note(r.tell(sayReviewIt))
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
	at := bestNamed(r.question, titles)
	if at < 0 && r.subject("interview", "interviewer", "look") {
		if found := r.firstFound(); len(found) > 0 && found[0].matter == ofTheme && r.covers(found[0]) >= least {
			at = slices.IndexFunc(themes, func(t catalog.Theme) bool { return themeID(r.role, t) == found[0].id })
		}
	}
	if at >= 0 {
		themes = themes[at : at+1]
	} else {
		r.note(r.tell(sayInterviews, r.role.Name))
	}
	for _, t := range themes {
		r.say(r.tell(sayTheme, t.Name, t.LooksFor), r.get(themeID(r.role, t)))
	}
	if at := slices.IndexFunc(r.named, func(id string) bool { return r.requirement(id) != nil }); at >= 0 {
		r.skillOf(*r.requirement(r.named[at]))
	}
	r.note(r.tell(sayTryOne))
}
