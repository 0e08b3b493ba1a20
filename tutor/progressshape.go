package tutor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// Shape is what a role is made of, as far as progress depends on it: short enough to be kept for each person.
type Shape struct {
	Phases []ShapePhase `json:"phases"`
	Skills []ShapeSkill `json:"skills"`
}

// ShapePhase is a phase with its milestones.
type ShapePhase struct {
	ID         string           `json:"id"`
	Name       string           `json:"name"`
	Milestones []ShapeMilestone `json:"milestones"`
}

// ShapeMilestone is a milestone.
type ShapeMilestone struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ShapeSkill is a skill that is asked for.
type ShapeSkill struct {
	ID    string `json:"id"`
	Level int    `json:"level"`
	Must  bool   `json:"must"`
	Phase string `json:"phase"`
}

// Seen is the shape of a role that a person last agreed to.
type Seen struct {
	Role           string
	CatalogVersion string
	Shape          Shape
	SeenAt         time.Time
}

// ShapeOf is the shape of a role today.
func ShapeOf(r *catalog.Role) Shape {
	s := Shape{Phases: []ShapePhase{}, Skills: []ShapeSkill{}}
	for _, ph := range r.Phases {
		p := ShapePhase{ID: ph.ID, Name: ph.Name, Milestones: []ShapeMilestone{}}
		for _, m := range ph.Milestones {
			p.Milestones = append(p.Milestones, ShapeMilestone{m.ID, m.Name})
		}
		s.Phases = append(s.Phases, p)
	}
	for _, q := range r.Skills {
		s.Skills = append(s.Skills, ShapeSkill{q.Skill, q.Level, q.Must, q.Phase})
	}
	return s
}

// The kinds of change between two shapes.
const (
	ChangeAdded   = "added"
	ChangeRemoved = "removed"
	ChangeRenamed = "renamed"
	ChangeMoved   = "moved"   // into another phase
	ChangeChanged = "changed" // another level, or must where it was nice to have, or the other way round
)

// ShapeChange is one difference between two shapes of a role.
type ShapeChange struct {
	What   string `json:"what"` // phase, milestone or skill
	Change string `json:"change"`
	ID     string `json:"id"`     // today's, or the one before where it is gone
	Former string `json:"former"` // id before, where it was another
	Status string `json:"status"` // of a milestone: how far the person is with it
	Text   string `json:"text"`   // the change in words
}

// Upgrade is what has changed in a role since a person last agreed to its shape.
type Upgrade struct {
	From    string        `json:"from"` // versions of the catalogue
	To      string        `json:"to"`
	Changes []ShapeChange `json:"changes"`
}

// Standing is how far a person is with a role, and under which catalogue.
type Standing struct {
	Role           string              `json:"role"`
	CatalogVersion string              `json:"catalog_version"` // in force
	SeenVersion    string              `json:"seen_version"`    // that the person last agreed to; "" where nothing has been noted
	Milestones     []MilestoneProgress `json:"milestones"`
	Upgrade        *Upgrade            `json:"upgrade"` // nil where nothing that progress depends on has changed
}

// Standing is how far a person is with a role, and what has changed in it since they last agreed.
func (p *Progress) Standing(ctx context.Context, person uuid.UUID, roleID string) (*Standing, error) {
	role, err := p.catalog.Role(roleID)
	if err != nil {
		return nil, err
	}
	kept, err := p.book.ProgressOn(ctx, person, role.ID)
	if err != nil {
		return nil, err
	}
	out := &Standing{Role: role.ID, CatalogVersion: p.catalog.Version(), Milestones: inOrder(role, kept)}
	seen, err := p.book.SeenShape(ctx, person, role.ID)
	if fault.KindOf(err) == fault.NotFound {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.SeenVersion = seen.CatalogVersion
	if seen.CatalogVersion == out.CatalogVersion {
		return out, nil
	}
	if changes := p.changes(role, seen.Shape, kept); len(changes) > 0 {
		out.Upgrade = &Upgrade{From: seen.CatalogVersion, To: out.CatalogVersion, Changes: changes}
	}
	return out, nil
}

// Accept agrees to the shape that a role has today. version is the catalogue's as it was offered; where it is another by now, the error is
// fault.Conflict, as the person has not seen what they would agree to.
func (p *Progress) Accept(ctx context.Context, person uuid.UUID, roleID, version string) (*Standing, error) {
	role, err := p.catalog.Role(roleID)
	if err != nil {
		return nil, err
	}
	if version != p.catalog.Version() {
		return nil, fault.Newf(fault.Conflict, "other-catalog", "The catalogue in force is %s. Look at what it changes first: GET /api/v1/progress/%s.", p.catalog.Version(), role.ID).In("catalog_version")
	}
	if err := p.book.SeeShape(ctx, person, p.today(role), true); err != nil {
		return nil, err
	}
	return p.Standing(ctx, person, role.ID)
}

func (p *Progress) today(role *catalog.Role) Seen {
	return Seen{Role: role.ID, CatalogVersion: p.catalog.Version(), Shape: ShapeOf(role), SeenAt: p.now().UTC()}
}

// changes are the differences between a shape of before and the role of today, entry by entry under the ids of today. kept says what was done
// of milestones that are gone.
func (p *Progress) changes(role *catalog.Role, before Shape, kept []MilestoneProgress) []ShapeChange {
	d := &shapeDiff{status: map[string]string{}, out: []ShapeChange{}}
	for _, m := range kept {
		d.status[m.Milestone] = string(m.Status)
	}
	now := ShapeOf(role)
	d.phases(role, before, now)
	d.milestones(role, before, now)
	d.skills(p.catalog, role, before, now)
	return d.out
}

// shapeDiff collects changes.
type shapeDiff struct {
	status map[string]string
	out    []ShapeChange
}

func (d *shapeDiff) add(c ShapeChange) {
	if c.Former == c.ID {
		c.Former = ""
	}
	if c.What == "milestone" {
		c.Status = cmp.Or(d.status[c.ID], d.status[c.Former], string(MilestoneOpen))
	}
	d.out = append(d.out, c)
}

func (d *shapeDiff) phases(role *catalog.Role, before, now Shape) {
	old := map[string]ShapePhase{}
	for _, ph := range before.Phases {
		id := ph.ID
		if today, err := role.Phase(ph.ID); err == nil {
			id = today.ID
		} else {
			d.add(ShapeChange{What: "phase", Change: ChangeRemoved, ID: id, Text: fmt.Sprintf("The phase “%s” is gone.", ph.Name)})
		}
		old[id] = ph
	}
	for _, ph := range now.Phases {
		was, ok := old[ph.ID]
		switch {
		case !ok:
			d.add(ShapeChange{What: "phase", Change: ChangeAdded, ID: ph.ID, Text: fmt.Sprintf("There is a new phase, “%s”.", ph.Name)})
		case was.Name != ph.Name || was.ID != ph.ID:
			d.add(ShapeChange{What: "phase", Change: ChangeRenamed, ID: ph.ID, Former: was.ID, Text: fmt.Sprintf("The phase “%s” is now “%s”.", was.Name, ph.Name)})
		}
	}
}

// placed is a milestone with its phase.
type placed struct {
	ShapeMilestone

	phase ShapePhase
}

func (d *shapeDiff) milestones(role *catalog.Role, before, now Shape) {
	old := map[string]placed{}
	for _, ph := range before.Phases {
		for _, m := range ph.Milestones {
			id := m.ID
			if _, today, err := role.Milestone(m.ID); err == nil {
				id = today.ID
			} else {
				d.add(ShapeChange{What: "milestone", Change: ChangeRemoved, ID: id, Text: fmt.Sprintf("The milestone “%s” is gone; what you noted on it is kept.", m.Name)})
			}
			old[id] = placed{m, ph}
		}
	}
	for _, ph := range now.Phases {
		for _, m := range ph.Milestones {
			was, ok := old[m.ID]
			if !ok {
				d.add(ShapeChange{What: "milestone", Change: ChangeAdded, ID: m.ID, Text: fmt.Sprintf("The phase “%s” has a new milestone, “%s”.", ph.Name, m.Name)})
				continue
			}
			if was.Name != m.Name || was.ID != m.ID {
				d.add(ShapeChange{What: "milestone", Change: ChangeRenamed, ID: m.ID, Former: was.ID, Text: fmt.Sprintf("The milestone “%s” is now “%s”.", was.Name, m.Name)})
			}
			if from, err := role.Phase(was.phase.ID); err != nil || from.ID != ph.ID {
				d.add(ShapeChange{What: "milestone", Change: ChangeMoved, ID: m.ID, Former: was.ID, Text: fmt.Sprintf("The milestone “%s” is in the phase “%s” now.", m.Name, ph.Name)})
			}
		}
	}
}

func (d *shapeDiff) skills(c *catalog.Catalog, role *catalog.Role, before, now Shape) {
	name := func(id string) string {
		if s, err := c.Skill(id); err == nil {
			return s.Name
		}
		return id
	}
	old := map[string]ShapeSkill{}
	for _, k := range before.Skills {
		id := k.ID
		if s, err := c.Skill(k.ID); err == nil {
			id = s.ID
		}
		if !slices.ContainsFunc(now.Skills, func(q ShapeSkill) bool { return q.ID == id }) {
			d.add(ShapeChange{What: "skill", Change: ChangeRemoved, ID: id, Former: k.ID, Text: name(id) + " is no longer asked for."})
		}
		old[id] = k
	}
	for _, k := range now.Skills {
		was, ok := old[k.ID]
		if !ok {
			d.add(ShapeChange{What: "skill", Change: ChangeAdded, ID: k.ID, Text: fmt.Sprintf("%s is asked for now, at level %d.", name(k.ID), k.Level)})
			continue
		}
		if was.Level != k.Level || was.Must != k.Must {
			d.add(ShapeChange{What: "skill", Change: ChangeChanged, ID: k.ID, Former: was.ID, Text: fmt.Sprintf("%s: level %d%s, before %d%s.", name(k.ID), k.Level, mustWord(k.Must), was.Level, mustWord(was.Must))})
		}
		if from, err := role.Phase(was.Phase); err != nil || from.ID != k.Phase {
			d.add(ShapeChange{What: "skill", Change: ChangeMoved, ID: k.ID, Former: was.ID, Text: name(k.ID) + " is in another phase now."})
		}
	}
}

func mustWord(must bool) string {
	if must {
		return " and a must"
	}
	return " and nice to have"
}
