package tutor_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/tutor"
)

// checkAnswer is one recorded answer with what is planted in it.
type checkAnswer struct {
	ID       string `yaml:"id"`
	Context  string `yaml:"context"`
	Question string `yaml:"question"`
	Answer   string `yaml:"answer"`
	Planted  []struct {
		Kind string `yaml:"kind"`
		Text string `yaml:"text"`
	} `yaml:"planted"`
}

func readCheck(t *testing.T, name string, v any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "check", name))
	if err != nil {
		t.Fatal(err)
	}
	dec := yaml.NewDecoder(strings.NewReader(string(b)))
	dec.KnownFields(true)
	if err := dec.Decode(v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// tally counts what became of sentences.
type tally struct{ whole, kept, marked, removed int }

func (t tally) String() string {
	return fmt.Sprintf("%d of %d kept (%.1f %%), %d of them marked, %d removed", t.kept, t.whole, 100*float64(t.kept)/float64(max(t.whole, 1)), t.marked, t.removed)
}

// TestCheckRemovesFabrications holds the check against 60 recorded answers with fabrications in them, 30 of which were not looked at while
// it was made.
func TestCheckRemovesFabrications(t *testing.T) {
	c, contexts := checkFixture(t)
	for _, file := range []string{"planted-a", "planted-b"} {
		t.Run(file, func(t *testing.T) {
			var answers []checkAnswer
			readCheck(t, file+".yaml", &answers)
			byKind, caught, rest := map[string]int{}, map[string]int{}, tally{}
			for _, a := range answers {
				found := 0
				for _, s := range c.Check(contexts[a.Context], a.Question, a.Answer) {
					planted := ""
					for _, p := range a.Planted {
						if strings.Contains(s.Text, p.Text) {
							planted = p.Kind
							byKind[p.Kind]++
							found++
							if s.Reason != "" {
								caught[p.Kind]++
							} else {
								t.Errorf("%s: the %s in %q is still there (marked: %v)", a.ID, p.Kind, s.Text, s.Marked)
							}
						}
					}
					if planted == "" {
						rest.add(s)
						if s.Reason != "" || s.Marked {
							t.Logf("%s: %q beside it: %s, marked %v", a.ID, s.Text, s.Reason, s.Marked)
						}
					}
				}
				if found != len(a.Planted) {
					t.Errorf("%s: %d of %d planted sentences were found in the answer; mend the data", a.ID, found, len(a.Planted))
				}
			}
			t.Logf("%d answers; removed of planted: %v of %v; of the sentences beside them %s", len(answers), caught, byKind, rest)
		})
	}
}

func (t *tally) add(s tutor.Checked) {
	t.whole++
	switch {
	case s.Reason != "":
		t.removed++
		return
	case s.Marked:
		t.marked++
	}
	t.kept++
}

// TestCheckKeepsGoodAnswers holds the check against 60 recorded answers that are right, 30 of which were not looked at while it was made.
func TestCheckKeepsGoodAnswers(t *testing.T) {
	c, contexts := checkFixture(t)
	var both tally
	for _, file := range []string{"good-a", "good-b"} {
		t.Run(file, func(t *testing.T) {
			var answers []checkAnswer
			readCheck(t, file+".yaml", &answers)
			var all tally
			for _, a := range answers {
				for _, s := range c.Check(contexts[a.Context], a.Question, a.Answer) {
					all.add(s)
					both.add(s)
					if s.Reason != "" || s.Marked {
						t.Logf("%s: %q: %s, marked %v", a.ID, s.Text, s.Reason, s.Marked)
					}
				}
			}
			t.Logf("%d answers: %s", len(answers), all)
		})
	}
	if share := float64(both.kept) / float64(max(both.whole, 1)); share < 0.98 || both.whole < 150 {
		t.Errorf("%s; at least 98 %% of 150 sentences or more should be kept", both)
	}
}

func checkFixture(t *testing.T) (tutor.Checking, map[string]tutor.CheckContext) {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	contexts := map[string]tutor.CheckContext{}
	readCheck(t, "contexts.yaml", &contexts)
	return tutor.NewChecking(c), contexts
}
