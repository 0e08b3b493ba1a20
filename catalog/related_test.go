package catalog_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/catalog"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestRelatedMatrix holds the shares of all pairs of roles, so that a change of the catalogue shows what it moved.
func TestRelatedMatrix(t *testing.T) {
	t.Parallel()
	c := load(t)
	var b strings.Builder
	b.WriteString("# Share of the second role's weighted, levelled skills that the first one covers. * marks the related ones. `make update` writes this anew.\n")
	for _, from := range c.Roles() {
		related := map[string]bool{}
		for _, r := range c.Related(from.ID) {
			related[r.Role] = true
		}
		fmt.Fprintf(&b, "\n%s\n", from.ID)
		for _, to := range c.Roles() {
			if from == to {
				continue
			}
			mark := " "
			if related[to.ID] {
				mark = "*"
			}
			fmt.Fprintf(&b, "  %s %.3f %s\n", mark, catalog.Share(from, to), to.ID)
		}
	}
	golden(t, "testdata/related.golden", b.String())
}

// golden holds a text to a file, or writes the file with -update.
func golden(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(text, "\n")); diff != "" {
		t.Errorf("%s differs (-want +got); if that is meant, run `make update`:\n%s", file, diff)
	}
}

// TestRelatedOverride takes a related role out and puts another in, each with its reason.
func TestRelatedOverride(t *testing.T) {
	t.Parallel()
	files := goodFiles()
	other := retitled(files[roleName], "cake-engineer")
	files["roles/cake-engineer.yaml"] = other
	lone := retitled(files[roleName], "soup-engineer")
	for i := range 25 {
		lone = strings.Replace(lone, fmt.Sprintf("{skill: skill-%02d, level: 3,", i), fmt.Sprintf("{skill: pot-%02d, level: 3,", i), 1)
		lone = strings.Replace(lone, fmt.Sprintf("skills: [skill-%02d]", i), fmt.Sprintf("skills: [pot-%02d]", i), 1)
		files[skillsName] += fmt.Sprintf("- {id: pot-%02d, name: Pot %02d, kind: tool, description: \"A vessel of number %02d in which soup is made for many.\", effort: S}\n", i, i, i)
	}
	files["roles/soup-engineer.yaml"] = lone
	files[roleName] += "related_overrides:\n  - {role: cake-engineer, related: false, reason: Sugar changes the work more than flour says.}\n" +
		"  - {role: soup-engineer, related: true, reason: Many bakers move there in the winter months.}\n"
	c, err := catalog.LoadFS(mapFS(files))
	if err != nil {
		t.Fatal(err)
	}
	got := c.Related("bread-engineer")
	if len(got) != 1 || got[0].Role != "soup-engineer" || got[0].Shared != 0 || got[0].Reason == "" {
		t.Errorf("related %+v, want the soup engineer with its reason", got)
	}
	if want := c.Hours("pot-00", 0, 3); got[0].Hours.P50 != 25*want.P50 || len(got[0].Missing) != 25 {
		t.Errorf("%+v and %d missing skills between the roles, want 25 times %+v", got[0].Hours, len(got[0].Missing), want)
	}
	if back := c.Related("cake-engineer"); len(back) != 1 || back[0].Role != "bread-engineer" || back[0].Hours != (catalog.Hours{}) {
		t.Errorf("related to the cake engineer: %+v, want the bread engineer at no hours", back)
	}
}
