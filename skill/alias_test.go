package skill_test

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/skill"
)

// aliasCase is another name for something, and its canonical name.
type aliasCase struct {
	Set, Alias, Canonical, Name string
}

// TestAliasAccuracy measures how often another name leads to the canonical one, over the public pairs in the directory that $ALIASES names.
// For what the catalogue has, it must lead to that very skill; for what it has not, the canonical names of the pairs themselves are the
// taxonomy, and no alias is known.
func TestAliasAccuracy(t *testing.T) {
	dir := os.Getenv("ALIASES")
	if dir == "" {
		t.Skip("ALIASES=DIR names a directory with dev_alias_norm.jsonl; `make bench-aliases` runs this")
	}
	f, err := os.Open(filepath.Join(dir, "dev_alias_norm.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	var cases []aliasCase
	concepts := map[string]skill.Concept{}
	for in := bufio.NewScanner(f); in.Scan(); {
		var c aliasCase
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.Name == "" {
			c.Name = strings.ReplaceAll(c.Canonical, "-", " ")
		}
		cases = append(cases, c)
		concepts[c.Set+"/"+c.Canonical] = skill.Concept{ID: c.Set + "/" + c.Canonical, Name: c.Name}
	}
	catalogue := skill.CatalogConcepts(newCatalog(t))
	known := map[string]string{} // folded form to id
	for _, s := range newCatalog(t).Skills() {
		for _, form := range append([]string{s.Name, s.ID}, s.Aliases...) {
			known[foldAlias(form)] = s.ID
		}
	}
	ours, theirs := skill.NewLinker(catalogue), map[string]*skill.Linker{}
	type score struct{ right, all int }
	shipped, unshipped, exact := map[string]*score{}, map[string]*score{}, map[string]*score{}
	at := func(m map[string]*score, set string) *score {
		if m[set] == nil {
			m[set] = &score{}
		}
		return m[set]
	}
	for _, c := range cases {
		alias := strings.ReplaceAll(c.Alias, "-", " ")
		if id, ok := known[foldAlias(c.Name)]; ok {
			s := at(shipped, c.Set)
			s.all++
			if got := ours.Link(alias, 1); len(got) > 0 && got[0].ID == id {
				s.right++
			}
			if known[foldAlias(alias)] == id {
				at(exact, c.Set).right++
			}
			continue
		}
		if theirs[c.Set] == nil {
			var set []skill.Concept
			for _, id := range slices.Sorted(maps.Keys(concepts)) {
				if strings.HasPrefix(id, c.Set+"/") {
					set = append(set, concepts[id])
				}
			}
			theirs[c.Set] = skill.NewLinker(set)
		}
		s := at(unshipped, c.Set)
		s.all++
		if got := theirs[c.Set].Link(alias, 1); len(got) > 0 && got[0].ID == c.Set+"/"+c.Canonical {
			s.right++
		}
	}
	for _, set := range slices.Sorted(maps.Keys(shipped)) {
		s := shipped[set]
		t.Logf("%-14s canonicals of the catalogue: accuracy@1 %.3f of %d (by an alias that is written: %.3f)", set, float64(s.right)/float64(s.all), s.all, float64(at(exact, set).right)/float64(s.all))
	}
	for _, set := range slices.Sorted(maps.Keys(unshipped)) {
		s := unshipped[set]
		t.Logf("%-14s canonicals that it lacks:    accuracy@1 %.3f of %d, with no alias known", set, float64(s.right)/float64(s.all), s.all)
	}
	if len(shipped) == 0 || len(unshipped) == 0 {
		t.Error("the pairs are all on one side")
	}
}

func foldAlias(s string) string {
	return strings.ToLower(strings.NewReplacer("-", "", " ", "", ".", "", "_", "").Replace(s))
}
