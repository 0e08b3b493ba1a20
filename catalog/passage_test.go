package catalog_test

import (
	"testing"

	"github.com/gapwise/gapwise/catalog"
)

// TestPassages: every piece has an id of its own and something to read, every skill and role is among them, and two loads give the same.
func TestPassages(t *testing.T) {
	t.Parallel()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	seen, kinds, about := map[string]bool{}, map[string]int{}, map[string]bool{}
	for _, p := range c.Passages() {
		if seen[p.ID] {
			t.Errorf("two passages are called %s", p.ID)
		}
		seen[p.ID] = true
		kinds[p.Kind]++
		about[p.Skill], about[p.Role] = true, true
		if p.Title == "" || p.Body == "" || (p.Skill == "") == (p.Role == "") {
			t.Errorf("%s: %+v", p.ID, p)
		}
	}
	for _, s := range c.Skills() {
		if !about[s.ID] {
			t.Errorf("no passage is about %s", s.ID)
		}
	}
	for _, r := range c.Roles() {
		if !about[r.ID] {
			t.Errorf("no passage is about %s", r.ID)
		}
	}
	for _, kind := range []string{"skill", "rubric", "question", "role", "phase", "milestone", "project"} {
		if kinds[kind] < 40 {
			t.Errorf("%d passages of kind %s", kinds[kind], kind)
		}
	}
}
