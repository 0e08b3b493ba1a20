// Package linkdev reads the development sets of the linker and holds forms out, for the trainer and for the bench alike. It is no part of the
// binary.
package linkdev

import (
	"bufio"
	"encoding/json"
	"hash/fnv"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/skill"
)

// Case is a text and the concepts that it means.
type Case struct {
	ID   string
	Text string
	Gold []string // ids of concepts
}

// Reported tells whether a case is of the half that figures are reported on; weights are fitted on the other.
func (c Case) Reported() bool { return hash(c.ID)%2 == 0 }

// ESCO reads ESCO's skills from the data directory.
func ESCO(dir string) ([]skill.Concept, error) {
	f, err := os.Open(filepath.Join(dir, "esco_skills_v110.jsonl")) //nolint:gosec // G304: the directory that the developer names
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return skill.ReadTaxonomy(f)
}

// Sentences reads the sentences of dev_esco_link.jsonl of one set.
func Sentences(dir, set string) ([]Case, error) {
	var out []Case
	err := rows(filepath.Join(dir, "dev_esco_link.jsonl"), func(b []byte) error {
		var row struct {
			ID, Set, Text string
			URIs          []string
		}
		if err := json.Unmarshal(b, &row); err != nil {
			return err
		}
		if row.Set == set {
			out = append(out, Case{row.ID, row.Text, row.URIs})
		}
		return nil
	})
	return out, err
}

// Posting is one sentence of a job posting with the spans that name skills.
type Posting struct {
	Text  string
	Spans []string
}

// Postings reads the sentences of dev_skillspan.jsonl.
func Postings(dir string) ([]Posting, error) {
	var out []Posting
	err := rows(filepath.Join(dir, "dev_skillspan.jsonl"), func(b []byte) error {
		var row struct {
			Tokens           []string
			Skill, Knowledge [][2]int
		}
		if err := json.Unmarshal(b, &row); err != nil {
			return err
		}
		p := Posting{Text: strings.Join(row.Tokens, " ")}
		for _, s := range append(row.Skill, row.Knowledge...) {
			p.Spans = append(p.Spans, strings.Join(row.Tokens[s[0]:s[1]], " "))
		}
		out = append(out, p)
		return nil
	})
	return out, err
}

// Alias is another name for something, and its canonical name.
type Alias struct {
	Set, Alias, Canonical, Name string
}

// Aliases reads dev_alias_norm.jsonl, with spaces for hyphens.
func Aliases(dir string) ([]Alias, error) {
	var out []Alias
	err := rows(filepath.Join(dir, "dev_alias_norm.jsonl"), func(b []byte) error {
		var a Alias
		if err := json.Unmarshal(b, &a); err != nil {
			return err
		}
		if a.Name == "" {
			a.Name = strings.ReplaceAll(a.Canonical, "-", " ")
		}
		a.Alias = strings.ReplaceAll(a.Alias, "-", " ")
		out = append(out, a)
		return nil
	})
	return out, err
}

// Split is a taxonomy without some of its forms and descriptions, and the cases that these make.
type Split struct {
	Concepts     []skill.Concept
	Alternatives []Case // an alternative name that was taken from its concept, drawn evenly from the taxonomy
	Named        []Case // a name that postings use and that was taken from its concepts
	Described    []Case // the first sentence of a description that was taken from its concept
}

// HoldOut takes forms and descriptions out of a taxonomy: of a twenty-fourth of the concepts one alternative name, of as many the description,
// and of those that postings name in their words the form that is used most. A form's concept keeps its others.
func HoldOut(dir string, concepts []skill.Concept) (*Split, error) {
	used, err := usedNames(dir)
	if err != nil {
		return nil, err
	}
	s := &Split{Concepts: slices.Clone(concepts)}
	forms := map[string][]int{}
	for i, c := range concepts {
		for _, k := range keysOf(c) {
			forms[k] = append(forms[k], i)
		}
	}
	spent := map[int]bool{}
	for _, name := range used {
		owners := forms[name]
		if len(owners) == 0 || slices.ContainsFunc(owners, func(i int) bool { return spent[i] || len(keysOf(concepts[i])) < 2 }) {
			continue
		}
		c := Case{ID: "named/" + name, Text: name}
		for _, i := range owners {
			spent[i] = true
			s.Concepts[i] = without(concepts[i], name)
			c.Gold = append(c.Gold, concepts[i].ID)
		}
		s.Named = append(s.Named, c)
	}
	for i, c := range concepts {
		keys := keysOf(c)
		switch h := hash(c.ID); {
		case spent[i]:
		case h%24 == 0 && len(keys) >= 3:
			name := keys[1+int(h/24)%(len(keys)-1)]
			if len(forms[name]) == 1 {
				s.Concepts[i] = without(c, name)
				s.Alternatives = append(s.Alternatives, Case{"alt/" + c.ID, name, []string{c.ID}})
			}
		case h%24 == 1 && c.Text != "":
			s.Concepts[i].Text = ""
			first, _, _ := strings.Cut(c.Text, ". ")
			s.Described = append(s.Described, Case{"desc/" + c.ID, first, []string{c.ID}})
		}
	}
	return s, nil
}

// usedNames are what postings call skills: the spans of one data set and the items of the other that come three times, the most frequent
// first.
func usedNames(dir string) ([]string, error) {
	count := map[string]int{}
	postings, err := Postings(dir)
	if err != nil {
		return nil, err
	}
	for _, p := range postings {
		for _, s := range p.Spans {
			count[Key(s)] += 3
		}
	}
	err = rows(filepath.Join(dir, "job_skill_lists.txt"), func(b []byte) error {
		for item := range strings.SplitSeq(string(b), "\t") {
			count[Key(item)]++
		}
		return nil
	})
	var out []string
	for name, n := range count {
		if n >= 3 && name != "" {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	return out, err
}

// Key is a name without what people write differently: case, punctuation.
func Key(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r < 128 && (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '+' && r != '#' && r != '.'
	}), " ")
}

// keysOf are the different keys of a concept's name and forms, the name's first.
func keysOf(c skill.Concept) []string {
	var out []string
	for _, f := range append([]string{c.Name}, c.Forms...) {
		if k := Key(f); k != "" && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// without is a concept without a form; where it was the name, the next form becomes it.
func without(c skill.Concept, key string) skill.Concept {
	all := append([]string{c.Name}, c.Forms...)
	all = slices.DeleteFunc(all, func(f string) bool {
		return Key(f) == key || strings.HasPrefix(Key(f), key+" ") && strings.Contains(f, "(") || strings.TrimSuffix(Key(f), "s") == strings.TrimSuffix(key, "s")
	})
	if len(all) == 0 {
		all = []string{"?"}
	}
	c.Name, c.Forms = all[0], all[1:]
	return c
}

func hash(s string) uint32 {
	h := fnv.New32a()
	_, _ = io.WriteString(h, s)
	x := h.Sum32()
	return x ^ x>>15
}

func rows(file string, each func(b []byte) error) error {
	f, err := os.Open(file) //nolint:gosec // G304: in the directory that the developer names
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		if err := each(in.Bytes()); err != nil {
			return err
		}
	}
	return in.Err()
}

// HoldAliases takes of each concept that has two aliases or more one of them, and gives the cases that these make.
func HoldAliases(concepts []skill.Concept) ([]skill.Concept, []Case) {
	out := slices.Clone(concepts)
	var cases []Case
	for i, c := range concepts {
		keys := keysOf(c)
		if len(keys) < 3 {
			continue
		}
		name := keys[1+int(hash(c.ID)/8)%(len(keys)-1)]
		out[i] = without(c, name)
		cases = append(cases, Case{"own/" + c.ID, name, []string{c.ID}})
	}
	return out, cases
}

// AliasCases are the canonical names of one set of aliases as a taxonomy without any alias, and the aliases of those that the catalogue has
// not.
func AliasCases(aliases []Alias, set string, c *catalog.Catalog) ([]skill.Concept, []Case) {
	known := map[string]bool{}
	for _, s := range c.Skills() {
		for _, form := range append([]string{s.Name, s.ID}, s.Aliases...) {
			known[squeeze(form)] = true
		}
	}
	names := map[string]string{}
	var cases []Case
	for _, a := range aliases {
		if a.Set != set {
			continue
		}
		names[a.Canonical] = a.Name
		if !known[squeeze(a.Name)] {
			cases = append(cases, Case{set + "/" + a.Alias, a.Alias, []string{a.Canonical}})
		}
	}
	var concepts []skill.Concept
	for _, id := range slices.Sorted(maps.Keys(names)) {
		concepts = append(concepts, skill.Concept{ID: id, Name: names[id]})
	}
	return concepts, cases
}

func squeeze(s string) string {
	return strings.ToLower(strings.NewReplacer("-", "", " ", "", ".", "", "_", "").Replace(s))
}

// leastOccupations is from how many occupations on a count is kept.
const leastOccupations = 3

// Occupations is how many occupations ask for each of ESCO's skills, by address.
func Occupations(dir string, concepts []skill.Concept) (map[string]int, error) {
	count := map[string]int{}
	err := rows(filepath.Join(dir, "esco_occupation_skills.jsonl"), func(b []byte) error {
		var row struct{ Essential, Optional []string }
		if err := json.Unmarshal(b, &row); err != nil {
			return err
		}
		for _, label := range append(row.Essential, row.Optional...) {
			count[label]++
		}
		return nil
	})
	out := map[string]int{}
	for _, c := range concepts {
		if n := count[c.Name]; n >= leastOccupations {
			out[c.ID] = n
		}
	}
	return out, err
}
