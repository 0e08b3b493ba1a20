package skill_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// loaded and finder are the real catalogue and a finder over it, made once for all tests.
var (
	loaded = sync.OnceValues(catalog.Load)
	finder = sync.OnceValue(func() *skill.Finder {
		c, err := loaded()
		if err != nil {
			return nil
		}
		return skill.NewFinder(c)
	})
)

func newCatalog(tb testing.TB) *catalog.Catalog {
	tb.Helper()
	c, err := loaded()
	if err != nil {
		tb.Fatalf("load the catalogue: %v", err)
	}
	return c
}

func newFinder(tb testing.TB) *skill.Finder {
	tb.Helper()
	newCatalog(tb)
	return finder()
}

// labelled is a sentence in which one or more words are marked.
type labelled struct {
	line  int
	skill string // "-" for any
	means bool   // whether the marked words mean the skill
	lang  string
	text  string
	marks []resume.Span
}

func (l labelled) String() string { return fmt.Sprintf("line %d (%s): %s", l.line, l.skill, l.text) }

func readLabelled(tb testing.TB, file string) []labelled {
	tb.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	var out []labelled
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 || f[1] != "yes" && f[1] != "no" {
			tb.Fatalf("%s:%d: want skill, yes or no, language, sentence", file, i+1)
		}
		l := labelled{line: i + 1, skill: f[0], means: f[1] == "yes", lang: f[2]}
		var text []rune
		for _, r := range f[3] {
			switch r {
			case '[':
				l.marks = append(l.marks, resume.Span{Start: len(text)})
			case ']':
				l.marks[len(l.marks)-1].End = len(text)
			default:
				text = append(text, r)
			}
		}
		if l.text = string(text); len(l.marks) == 0 {
			tb.Fatalf("%s:%d: no word is marked", file, i+1)
		}
		out = append(out, l)
	}
	return out
}

// found tells whether a mention of the skill, or of any for "-", covers a marked word.
func (l labelled) found(mentions []skill.Mention) bool {
	for _, m := range mentions {
		for _, at := range l.marks {
			if m.Start <= at.Start && at.End <= m.End && (l.skill == "-" || m.SkillID == l.skill) {
				return true
			}
		}
	}
	return false
}

// Floors a little under what is reached, so that a change which makes the reader worse fails here and one that makes it better does not.
const (
	floorPrecision = 0.965
	floorRecall    = 0.955
)

// TestAmbiguousWords measures how well everyday words are told from skills, on sentences of our own. The log lists what is still wrong.
func TestAmbiguousWords(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	sentences := readLabelled(t, "testdata/ambiguous.tsv")
	if len(sentences) < 120 {
		t.Fatalf("%d sentences, want at least 120", len(sentences))
	}
	type counts struct{ hit, falseHit, miss int }
	byLang := map[string]*counts{}
	var all counts
	both := map[string][2]int{}
	for _, s := range sentences {
		c := byLang[s.lang]
		if c == nil {
			c = &counts{}
			byLang[s.lang] = c
		}
		readings := both[s.skill]
		switch found := s.found(f.Find(s.text)); {
		case s.means && found:
			c.hit++
			all.hit++
		case s.means:
			c.miss++
			all.miss++
			t.Logf("missed: %v", s)
		case found:
			c.falseHit++
			all.falseHit++
			t.Logf("false: %v", s)
		}
		if s.means {
			readings[0]++
		} else {
			readings[1]++
		}
		both[s.skill] = readings
	}
	ratio := func(a, b int) float64 { return float64(a) / float64(max(a+b, 1)) }
	for _, lang := range []string{"en", "de", "fr", "es"} {
		c := byLang[lang]
		if c == nil {
			t.Errorf("no sentence in %s", lang)
			continue
		}
		t.Logf("%s: precision %.3f, recall %.3f over %d uses as a skill", lang, ratio(c.hit, c.falseHit), ratio(c.hit, c.miss), c.hit+c.miss)
	}
	precision, recall := ratio(all.hit, all.falseHit), ratio(all.hit, all.miss)
	t.Logf("%d sentences: precision %.3f, recall %.3f", len(sentences), precision, recall)
	if precision < floorPrecision {
		t.Errorf("precision %.3f fell below %.2f", precision, floorPrecision)
	}
	if recall < floorRecall {
		t.Errorf("recall %.3f fell below %.2f", recall, floorRecall)
	}
	// The words of the list that people hit most have both readings here.
	for _, id := range []string{"go", "r", "c", "spring", "swift", "express", "rust", "apache-spark", "chef", "make", "rest-api", "excel", "dart", "react", "nodejs", "aws-lambda", "unity", "bash", "oracle-database", "phoenix"} {
		if n := both[id]; n[0] == 0 || n[1] == 0 {
			t.Errorf("%s: %d sentences for and %d against; both readings are needed", id, n[0], n[1])
		}
	}
}
