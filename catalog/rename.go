package catalog

// Renamed is what an id of an earlier version leads to.
type Renamed struct {
	Kind RenamedKind
	Role string // of a milestone, by its id of today
	From string
	To   string
}

// RenamedKind is what kind of entry was renamed.
type RenamedKind string

// The kinds of entries that people keep something under.
const (
	RenamedSkill     RenamedKind = "skill"
	RenamedRole      RenamedKind = "role"
	RenamedMilestone RenamedKind = "milestone"
)

// Renames are all ids that entries had before, so that what people keep under them can follow: skills, then roles, then milestones.
func (c *Catalog) Renames() []Renamed {
	var out []Renamed
	for _, s := range c.skills {
		for _, old := range s.FormerIDs {
			out = append(out, Renamed{Kind: RenamedSkill, From: old, To: s.ID})
		}
	}
	for _, r := range c.roles {
		for _, old := range r.FormerIDs {
			out = append(out, Renamed{Kind: RenamedRole, From: old, To: r.ID})
		}
	}
	for _, r := range c.roles {
		for _, p := range r.Phases {
			for _, m := range p.Milestones {
				for _, old := range m.FormerIDs {
					out = append(out, Renamed{Kind: RenamedMilestone, Role: r.ID, From: old, To: m.ID})
				}
			}
		}
	}
	return out
}
