package skill_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/skill"
)

// TestLinkNames: names of technologies that share no word with what people write.
func TestLinkNames(t *testing.T) {
	t.Parallel()
	l := skill.NewLinker([]skill.Concept{
		{ID: "vsc", Name: "Visual Studio Code"},
		{ID: "irc", Name: "IRC"},
		{ID: "node", Name: "Node.js"},
		{ID: "teams", Name: "work in teams"},
		{ID: "k8s", Name: "container orchestration", Also: []string{"k8s"}},
		{ID: "paint", Name: "paint walls"},
	})
	for text, want := range map[string]string{
		"vsc": "vsc", "VSCode": "vsc", "internet relay chat": "irc", "node": "node", "nodejs": "node", "teamwork": "teams", "K8s": "k8s",
	} {
		got := l.Link(text, 1)
		if len(got) == 0 || got[0].ID != want {
			t.Errorf("Link(%q) = %+v, want %s", text, got, want)
		} else if got[0].Score == 1 {
			t.Errorf("Link(%q) has the score of a form", text)
		}
	}
}

func TestAddCatalogForms(t *testing.T) {
	t.Parallel()
	c := newCatalog(t)
	var withESCO string
	for _, s := range c.Skills() {
		if s.ESCO != "" && len(s.Aliases) > 0 {
			withESCO = s.ID
			break
		}
	}
	s, err := c.Skill(withESCO)
	if err != nil {
		t.Fatal(err)
	}
	concepts := []skill.Concept{{ID: s.ESCO, Name: "something"}, {ID: "x", Name: "Kubernetes"}, {ID: "y", Name: "paint walls"}}
	skill.AddCatalogForms(concepts, c)
	if !slices.Contains(concepts[0].Also, s.Name) || !slices.Contains(concepts[1].Also, "k8s") || concepts[2].Also != nil {
		t.Errorf("names of others: %q, %q, %q", concepts[0].Also, concepts[1].Also, concepts[2].Also)
	}
}

func TestReadLinkModel(t *testing.T) {
	t.Parallel()
	zip := func(s string) *bytes.Buffer {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return &b
	}
	weights := skill.LinkWeights{Slope: [2]float64{1, 2}, Offset: [2]float64{3, 4}}
	weights.Phrase[1], weights.Sentence[2] = 0.5, -0.25
	b, err := json.Marshal(weights)
	if err != nil {
		t.Fatal(err)
	}
	got, err := skill.ReadLinkModel(zip("7\nw\tclient\t5\tcustom:250\nw\tteam\t6\nm\tu/1\toven:21\no\tu/1\t9\n"), b)
	if err != nil {
		t.Fatal(err)
	}
	want := &skill.LinkModel{
		Postings:    7,
		Words:       map[string]skill.LinkWord{"client": {Postings: 5, Stands: []skill.Stand{{Stem: "custom", Weight: 0.25}}}, "team": {Postings: 6, Stands: []skill.Stand{}}},
		Memory:      map[string][]skill.Stand{"u/1": {{Stem: "oven", Weight: 2.1}}},
		Occupations: map[string]int{"u/1": 9},
		Weights:     weights,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("model (-want +got):\n%s", diff)
	}
	for _, bad := range []string{"x\n", "1\nz\t\n", "1\nw\ta\tb\n", "1\nw\ta\t1\tb\n", "1\nw\ta\t1\tb:c\n", "1\no\ta\tb\n", "1\nw\ta\n"} {
		if _, err := skill.ReadLinkModel(zip(bad), b); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	if _, err := skill.ReadLinkModel(strings.NewReader("plain"), b); err == nil {
		t.Error("words that are not zipped were read")
	}
	if _, err := skill.ReadLinkModel(zip("1\n"), []byte("{")); err == nil {
		t.Error("weights that are not JSON were read")
	}
}

// TestLinkFeatureNames: every feature has a name, since weights are kept by name.
func TestLinkFeatureNames(t *testing.T) {
	t.Parallel()
	names := skill.LinkFeatureNames()
	slices.Sort(names)
	if len(slices.Compact(names)) != skill.NumLinkFeatures {
		t.Errorf("%d names for %d features", len(names), skill.NumLinkFeatures)
	}
}
