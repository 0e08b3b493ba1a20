package catalog

import (
	"fmt"
	"strings"
)

// Passage is a piece of the catalogue that can be found by its words or its meaning, and quoted.
type Passage struct {
	ID    string // stable: made of the ids of what it is about
	Kind  string // skill, rubric, question, role, phase, milestone or project
	Skill string // "" where it is about none
	Role  string // "" where it is about none
	Title string
	Body  string
}

// Passages are the whole catalogue in pieces, in order of their ids' parts as they stand in the catalogue.
func (c *Catalog) Passages() []Passage {
	var out []Passage
	for _, s := range c.skills {
		out = append(out, Passage{ID: "skill/" + s.ID, Kind: "skill", Skill: s.ID, Title: s.Name, Body: s.Description})
		l := c.Learning(s.ID)
		if l == nil {
			continue
		}
		if len(l.Rubric) > 0 {
			var b strings.Builder
			for i, line := range l.Rubric {
				fmt.Fprintf(&b, "Level %d, %s: %s\n", i+1, LevelName(i+1), line)
			}
			out = append(out, Passage{ID: "skill/" + s.ID + "/rubric", Kind: "rubric", Skill: s.ID, Title: s.Name + ": what each level does", Body: strings.TrimSpace(b.String())})
		}
		for i, q := range l.Questions {
			out = append(out, Passage{
				ID: fmt.Sprintf("skill/%s/question/%d", s.ID, i+1), Kind: "question", Skill: s.ID, Title: s.Name + ": " + q.Question,
				Body: q.Answer + "\n" + q.Because + "\nOften believed: " + q.Misconception,
			})
		}
	}
	for _, r := range c.roles {
		out = append(out, r.passages()...)
	}
	return out
}

func (r *Role) passages() []Passage {
	out := []Passage{{ID: "role/" + r.ID, Kind: "role", Role: r.ID, Title: r.Name, Body: strings.TrimSpace(r.Summary + "\n" + r.WhyNow)}}
	for _, p := range r.Phases {
		id := "role/" + r.ID + "/phase/" + p.ID
		out = append(out, Passage{ID: id, Kind: "phase", Role: r.ID, Title: r.Name + ", phase: " + p.Name, Body: p.Outcome})
		for _, m := range p.Milestones {
			out = append(out, Passage{
				ID: "role/" + r.ID + "/milestone/" + m.ID, Kind: "milestone", Role: r.ID, Title: r.Name + ", milestone: " + m.Name,
				Body: strings.TrimSpace(m.Evidence + "\n" + strings.Join(m.Checklist, "\n")),
			})
		}
	}
	for _, p := range r.Projects {
		out = append(out, Passage{
			ID: "role/" + r.ID + "/project/" + p.ID, Kind: "project", Role: r.ID, Title: r.Name + ", project: " + p.Name,
			Body: strings.TrimSpace(p.Brief + "\n" + strings.Join(p.Acceptance, "\n")),
		})
	}
	return out
}
