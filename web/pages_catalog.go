package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/catalog"
)

// familyView is the roles of one family.
type familyView struct {
	Name  string
	Roles []*catalog.Role
}

// families are the roles by family, both in the order of the alphabet; what was imported comes last.
func (s *server) families() []familyView {
	var out []familyView
	at := map[string]int{}
	for _, r := range s.Catalog.Roles() {
		i, ok := at[r.Family]
		if !ok {
			i = len(out)
			at[r.Family] = i
			out = append(out, familyView{Name: r.Family})
		}
		out[i].Roles = append(out[i].Roles, r)
	}
	imported := func(f familyView) int {
		if f.Roles[0].Import != nil {
			return 1
		}
		return 0
	}
	slices.SortFunc(out, func(a, b familyView) int { return cmp.Or(imported(a)-imported(b), strings.Compare(a.Name, b.Name)) })
	return out
}

// rolesView is the list of career paths.
type rolesView struct {
	Count    int
	Families []familyView
}

func (s *server) rolesPage(c *gin.Context) error {
	return s.render(c, http.StatusOK, "roles", frame{Section: "roles", Page: rolesView{len(s.Catalog.Roles()), s.families()}})
}

// roleView is a career path, phase by phase.
type roleView struct {
	*catalog.Role
	Parts   []phaseView
	Related []relatedView
	Months  int // of all phases together
}

type phaseView struct {
	catalog.Phase
	Number   int
	Skills   []requirementView
	Projects []projectView
}

type requirementView struct {
	catalog.Requirement
	Name   string
	Others []string // names of what the market accepts in its place
}

type projectView struct {
	catalog.Project
	Names []string // of its skills
}

type relatedView struct {
	catalog.Related
	Both, Lacking []string // names
}

func (s *server) rolePage(c *gin.Context) error {
	r, err := s.Catalog.Role(c.Param("role"))
	if err != nil {
		return err
	}
	if r.ID != c.Param("role") { // an address from before it was renamed
		c.Redirect(http.StatusMovedPermanently, "/career-paths/"+r.ID)
		return nil
	}
	v := roleView{Role: r}
	for i, ph := range r.Phases {
		part := phaseView{Phase: ph, Number: i + 1}
		for _, q := range r.Skills {
			if q.Phase == ph.ID {
				part.Skills = append(part.Skills, requirementView{q, s.skillName(q.Skill), s.skillNames(q.Alternatives)})
			}
		}
		for _, p := range r.Projects {
			if p.Phase == ph.ID {
				part.Projects = append(part.Projects, projectView{p, s.skillNames(p.Skills)})
			}
		}
		v.Months += ph.Months
		v.Parts = append(v.Parts, part)
	}
	for _, rel := range s.Catalog.Related(r.ID) {
		v.Related = append(v.Related, relatedView{rel, s.skillNames(rel.Skills), s.skillNames(rel.Missing)})
	}
	return s.render(c, http.StatusOK, "role", frame{Section: "roles", Page: v})
}

// skillName is a skill's name; an id that is not of the catalogue stays as it is.
func (s *server) skillName(id string) string {
	k, err := s.Catalog.Skill(id)
	if err != nil {
		return id
	}
	return k.Name
}

func (s *server) skillNames(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = s.skillName(id)
	}
	return out
}

// skillView is a skill with everything that the catalogue says of it.
type skillView struct {
	*catalog.Skill
	ParentName string
	Ecosystem  []string // names
	Needs      []needView
	Transfers  []transferView
	Learning   *catalog.Learning
	Steps      []stepView
	Roles      []skillRoleView
}

type needView struct {
	catalog.Prerequisite
	Name string
}

type transferView struct {
	catalog.Transfer
	Name string
}

// stepView is one level of a skill: what shows it, and the study time from the level before.
type stepView struct {
	Level  int
	Rubric string
	Hours  catalog.Hours
}

type skillRoleView struct {
	Role  *catalog.Role
	Level int
}

func (s *server) skillPage(c *gin.Context) error {
	k, err := s.Catalog.Skill(c.Param("skill"))
	if err != nil {
		return err
	}
	if k.ID != c.Param("skill") {
		c.Redirect(http.StatusMovedPermanently, "/skills/"+k.ID)
		return nil
	}
	v := skillView{Skill: k, Ecosystem: s.skillNames(k.Ecosystem), Learning: s.Catalog.Learning(k.ID)}
	if k.Parent != "" {
		v.ParentName = s.skillName(k.Parent)
	}
	for _, p := range s.Catalog.Requires(k.ID) {
		v.Needs = append(v.Needs, needView{p, s.skillName(p.Needs)})
	}
	for _, t := range s.Catalog.TransfersTo(k.ID) {
		v.Transfers = append(v.Transfers, transferView{t, s.skillName(t.From)})
	}
	rubric := s.Catalog.Rubric(k.ID)
	for level := 1; level <= catalog.LevelExpert; level++ {
		step := stepView{Level: level, Hours: s.Catalog.Hours(k.ID, level-1, level)}
		if level <= len(rubric) {
			step.Rubric = rubric[level-1]
		}
		v.Steps = append(v.Steps, step)
	}
	for _, r := range s.Catalog.Roles() {
		for _, q := range r.Skills {
			if q.Skill == k.ID {
				v.Roles = append(v.Roles, skillRoleView{r, q.Level})
			}
		}
	}
	return s.render(c, http.StatusOK, "skill", frame{Section: "roles", Page: v})
}
