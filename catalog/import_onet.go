package catalog

import "io/fs"

// ComputerOccupations are the SOC groups that ImportONET is usually asked for.
func ComputerOccupations() []string { return []string{"15-1", "11-3021", "17-2061"} }

// ImportONET reads a release of the O*NET database as text (Occupation Data.txt, Technology Skills.txt and, where it is there, Alternate
// Titles.txt) and gives its occupations as roles whose skills are the technologies that O*NET found in their postings. A technology that
// O*NET calls hot is a must. Errors are faults that name the file and column.
func ImportONET(base *Catalog, release fs.FS, o ImportOptions) (*Imported, error) {
	im := newImporter(base, "onet", Import{From: "O*NET", Attribution: "O*NET database, U.S. Department of Labor, Employment and Training Administration, CC BY 4.0"})
	const soc = "O*NET-SOC Code"
	titles := map[string][]string{}
	if t, err := openTable(release, []string{"Alternate Titles.txt"}, '\t', soc, "Alternate Title"); err == nil {
		if err := t.each(func(get func(string) string) { titles[get(soc)] = append(titles[get(soc)], get("Alternate Title")) }); err != nil {
			return nil, err
		}
	}
	wants := map[string][]asked{}
	t, err := openTable(release, []string{"Technology Skills.txt"}, '\t', soc, "Example", "Commodity Title", "Hot Technology")
	if err != nil {
		return nil, err
	}
	rows := 0
	err = t.each(func(get func(string) string) {
		code := get(soc)
		if rows++; rows%5000 == 0 {
			o.tell("technologies read", rows)
		}
		if !o.takes(code) || get("Example") == "" {
			return
		}
		description := get("Commodity Title")
		id := im.skill("onet:"+get("Example"), get("Example"), description, Tool, nil)
		a := asked{skill: id, must: get("Hot Technology") == "Y"}
		if get("In Demand") == "Y" {
			a.score = 1
		}
		wants[code] = append(wants[code], a)
	})
	if err != nil {
		return nil, err
	}
	t, err = openTable(release, []string{"Occupation Data.txt"}, '\t', soc, "Title")
	if err != nil {
		return nil, err
	}
	err = t.each(func(get func(string) string) {
		if code := get(soc); code != "" && get("Title") != "" && o.takes(code) {
			im.role(code, get("Title"), get("Description"), titles[code], Codes{ONetSOC: code}, wants[code])
			if n := len(im.out.Roles); n%100 == 0 {
				o.tell("occupations made", n)
			}
		}
	})
	return im.out, err
}
