package catalog

import (
	"io/fs"
	"strings"
)

// ICT are the ISCO groups that ImportESCO is usually asked for: managers, professionals and technicians of information and communications
// technology.
func ICT() []string { return []string{"133", "25", "351", "352"} }

// ImportESCO reads a release of ESCO as CSV (occupations_en.csv, skills_en.csv, occupationSkillRelations_en.csv) and gives its occupations as
// roles and their skills, linked to those of the catalogue by ESCO's address or by name. Errors are faults that name the file and column.
func ImportESCO(base *Catalog, release fs.FS, o ImportOptions) (*Imported, error) {
	im := newImporter(base, "esco", Import{From: "ESCO", Attribution: "ESCO, European Commission"})
	type escoSkill struct {
		name, description, kind string
		others                  []string
	}
	skills := map[string]escoSkill{}
	t, err := openTable(release, []string{"skills_en.csv", "skills.csv"}, ',', "conceptUri", "preferredLabel", "altLabels", "skillType")
	if err != nil {
		return nil, err
	}
	err = t.each(func(get func(string) string) {
		skills[get("conceptUri")] = escoSkill{get("preferredLabel"), get("description"), get("skillType"), labels(get("altLabels"))}
		if len(skills)%2000 == 0 {
			o.tell("skills read", len(skills))
		}
	})
	if err != nil {
		return nil, err
	}
	wants := map[string][]asked{} // by occupation
	t, err = openTable(release, []string{"occupationSkillRelations_en.csv", "occupationSkillRelations.csv"}, ',', "occupationUri", "relationType", "skillUri")
	if err != nil {
		return nil, err
	}
	relations := 0
	err = t.each(func(get func(string) string) {
		occupation := get("occupationUri")
		wants[occupation] = append(wants[occupation], asked{skill: get("skillUri"), must: get("relationType") == "essential"})
		if relations++; relations%20000 == 0 {
			o.tell("relations read", relations)
		}
	})
	if err != nil {
		return nil, err
	}
	t, err = openTable(release, []string{"occupations_en.csv", "occupations.csv"}, ',', "conceptUri", "preferredLabel", "altLabels", "iscoGroup")
	if err != nil {
		return nil, err
	}
	err = t.each(func(get func(string) string) {
		uri, isco := get("conceptUri"), get("iscoGroup")
		if uri == "" || get("preferredLabel") == "" || !o.takes(isco) {
			return
		}
		var known []asked
		for _, a := range wants[uri] {
			if s, ok := skills[a.skill]; ok && s.name != "" {
				kind := Practice
				if s.kind == "knowledge" {
					kind = Concept
				}
				a.skill = im.skill(a.skill, s.name, s.description, kind, s.others)
				known = append(known, a)
			}
		}
		im.role(uri, get("preferredLabel"), get("description"), labels(get("altLabels")), Codes{ISCO: isco, ESCO: uri}, known)
		if n := len(im.out.Roles); n%100 == 0 {
			o.tell("occupations made", n)
		}
	})
	return im.out, err
}

// labels are the names in a field of ESCO, one a line.
func labels(s string) []string {
	var out []string
	for l := range strings.SplitSeq(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
