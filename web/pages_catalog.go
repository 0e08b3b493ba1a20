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

// rolesView is the list of career paths, or those that a search finds.
type rolesView struct {
	All      int // roles that there are
	Count    int // roles that are shown
	Query    string
	Families []familyView
}

func (s *server) rolesPage(c *gin.Context) error {
	v := rolesView{All: len(s.Catalog.Roles()), Query: strings.TrimSpace(clip(c.Query("q"))), Families: s.families()}
	if v.Query != "" {
		v.Families = matching(v.Families, v.Query)
	}
	for _, f := range v.Families {
		v.Count += len(f.Roles)
	}
	return s.render(c, http.StatusOK, "roles", frame{Section: "roles", Page: v})
}

// searchWords are what a search finds a role by: its name, other names and family, in lower case.
func searchWords(r *catalog.Role) string {
	return strings.ToLower(r.Name + " " + strings.Join(r.Aliases, " ") + " " + r.Family)
}

// matching keeps the roles that have every word of a query.
func matching(families []familyView, query string) []familyView {
	words := strings.Fields(strings.ToLower(query))
	var out []familyView
	for _, f := range families {
		f.Roles = slices.DeleteFunc(slices.Clone(f.Roles), func(r *catalog.Role) bool {
			has := searchWords(r)
			return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(has, w) })
		})
		if len(f.Roles) > 0 {
			out = append(out, f)
		}
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
