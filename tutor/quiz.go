package tutor

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// questionMark starts every question of the quiz, and is how the next turn knows that one is open.
const questionMark = "Question: "

var skipped = regexp.MustCompile(`(?i)^(next|skip|pass|another( one| question)?|next question|go on|continue|more|weiter|start|yes|ok)[\s.!?]*$`)

// item is one question of the quiz.
type item struct {
	asks  *passage // what the question cites; it does not hold the answer
	text  string
	check func()
	skill string
}

// quiz asks, or gives what the answer to an open question is to be compared with. It gives no mark: the person compares.
func (r *retriever) quiz() {
	items := r.items()
	var asked []string
	open := -1
	for _, m := range r.history {
		if m.Author != AuthorTutor {
			continue
		}
		open = -1
		if m.Engine != EngineBuiltIn || !strings.HasPrefix(m.Content, questionMark) || len(m.Citations) == 0 {
			continue
		}
		id := m.Citations[0].ID
		asked = append(asked, id)
		open = slices.IndexFunc(items, func(i item) bool { return i.asks.id == id })
	}
	if open >= 0 && !skipped.MatchString(r.question) {
		r.note("Compare your answer with this, line by line:")
		items[open].check()
		r.note("I give no mark, and nothing here changes a level. Say “next” for another question.")
		return
	}
	chosen := r.choose(items, asked)
	r.say(questionMark+chosen.text, chosen.asks)
	r.note("Answer in your own words, with an example of your own work. Then I show what to compare it with. Say “skip” for another question.")
}

// choose takes the first question that was not asked yet, one about a skill that the person names before others; when all were asked, the
// one asked longest ago.
func (r *retriever) choose(items []item, asked []string) item {
	age := func(i item) int { // 0 for never asked
		for n, id := range slices.Backward(asked) {
			if id == i.asks.id {
				return n + 1
			}
		}
		return 0
	}
	foreign := func(i item) int {
		if slices.Contains(r.named, i.skill) {
			return 0
		}
		return 1
	}
	return slices.MinFunc(items, func(a, b item) int { return cmp.Or(cmp.Compare(foreign(a), foreign(b)), cmp.Compare(age(a), age(b))) })
}

// items are the questions of the phase, or of the role: skills with described levels, the widest gaps first, and after every two a milestone.
func (r *retriever) items() []item {
	var skills, milestones, out []item
	for _, q := range r.ordered() {
		if it, ok := r.ofSkill(q); ok {
			skills = append(skills, it)
		}
	}
	for _, p := range r.role.Phases {
		if r.about != nil && r.about.ID != p.ID {
			continue
		}
		for _, m := range p.Milestones {
			milestones = append(milestones, item{
				asks:  r.get(milestoneID(r.role, m.ID) + "/name"),
				text:  fmt.Sprintf("for the milestone “%s”, what would you show as evidence, and what must hold for it to count?", strings.TrimSuffix(m.Name, ".")),
				check: func() { r.milestone(&p, &m) },
			})
		}
	}
	for len(skills)+len(milestones) > 0 {
		n := min(2, len(skills))
		out = append(out, skills[:n]...)
		skills = skills[n:]
		if len(milestones) > 0 {
			out = append(out, milestones[0])
			milestones = milestones[1:]
		}
	}
	return out
}

// ordered are the requirements of the phase, or of the role: by the report's priority, or as the catalogue has them.
func (r *retriever) ordered() []catalog.Requirement {
	list := slices.Clone(r.role.Skills)
	list = slices.DeleteFunc(list, func(q catalog.Requirement) bool {
		return r.about != nil && q.Phase != r.about.ID && !slices.Contains(r.named, q.Skill)
	})
	priority := func(q catalog.Requirement) int {
		if g := gapOf(r.report, q.Skill); g != nil && g.Priority > 0 {
			return g.Priority
		}
		return math.MaxInt
	}
	slices.SortStableFunc(list, func(a, b catalog.Requirement) int { return cmp.Compare(priority(a), priority(b)) })
	return list
}

func (r *retriever) ofSkill(q catalog.Requirement) (item, bool) {
	at, below := r.get(rubricID(q.Skill, q.Level)), r.get(rubricID(q.Skill, q.Level-1))
	if at == nil {
		return item{}, false
	}
	text := fmt.Sprintf("what does somebody at level %d (%s) in %s do", q.Level, catalog.LevelName(q.Level), r.nameOf(q.Skill))
	if below != nil {
		text += fmt.Sprintf(" that somebody at level %d does not", q.Level-1)
	}
	return item{
		asks: r.get(requirementID(r.role, q.Skill)), text: text + "?", skill: q.Skill,
		check: func() {
			for level := max(1, q.Level-1); level <= min(q.Level+1, catalog.LevelExpert); level++ {
				p := r.get(rubricID(q.Skill, level))
				r.say(fmt.Sprintf("- Level %d (%s) in %s: %s", level, catalog.LevelName(level), r.nameOf(q.Skill), p.text), p)
			}
		},
	}, true
}

// review holds what the person tells against a milestone, as far as that goes without a language model: it shows the list to go through.
func (r *retriever) review() {
	p, m := r.milestoneNamed()
	if m == nil {
		m, p = r.likeliest()
	}
	if m == nil {
		r.note("Which milestone is this about? These are the ones of the phase:")
		phases := r.role.Phases
		if r.about != nil {
			phases = []catalog.Phase{*r.about}
		}
		for _, p := range phases {
			for _, m := range p.Milestones {
				r.say("- "+sentence(m.Name), r.get(milestoneID(r.role, m.ID)))
			}
		}
		return
	}
	r.note("I cannot judge without a language model. Go through this list and mark what your evidence shows:")
	r.milestone(p, m)
	r.note("Whether the milestone is done is for you to say, in your progress.")
}

// likeliest is the milestone whose own text shares most with what the person tells, or nil.
func (r *retriever) likeliest() (*catalog.Milestone, *catalog.Phase) {
	phase := ""
	if r.about != nil {
		phase = r.about.ID
	}
	for _, hit := range r.search(r.ctx, r.corpus, r.question, nil, scope{role: r.role, phase: phase, mode: Review}) {
		id, ok := strings.CutPrefix(hit.id, r.role.ID+"/milestone/")
		if !ok || phase != "" && hit.phase != phase {
			continue
		}
		if p, m, err := r.role.Milestone(id); err == nil {
			return m, p
		}
	}
	return nil, nil
}
