package labelled_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/labelled"
)

func known(id string) bool {
	return slices.Contains([]string{"postgresql", "kafka", "cpp", "python"}, id)
}

const sample = `---
role: backend, python            # most fitting first
seniority: senior
language: en
as_of: 2026-06-01        # the day
note: a colon: and a # in it
levels:                  # by id
  postgresql: 4
  kafka: 1               # a wish
unlisted:
  Foo Bar: 3
---
Jörg Doe

Skills
• {{Postgres|postgresql}} and   {{Foo  Bar|?}}, {{foo bar|?}}
Would like to learn {{Kafka|kafka}}; {{PostgreSQL 16|postgresql}}.
`

func parse(t *testing.T) *labelled.Resume {
	t.Helper()
	r, err := labelled.Parse("07-sample", sample, known)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestParse(t *testing.T) {
	t.Parallel()
	r := parse(t)
	text := "Jörg Doe\n\nSkills\n• Postgres and   Foo  Bar, foo bar\nWould like to learn Kafka; PostgreSQL 16.\n"
	at := func(key, words string, nth int) labelled.Mention {
		from := 0
		for range nth {
			from += strings.Index(text[from:], words) + len(words)
		}
		start := len([]rune(text[:from+strings.Index(text[from:], words)]))
		return labelled.Mention{Key: key, Start: start, End: start + len([]rune(words))}
	}
	want := &labelled.Resume{
		Name: "07-sample", Roles: []string{"backend", "python"}, Seniority: "senior", Language: "en", AsOf: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC),
		Note: "a colon: and a # in it", Text: text, Levels: map[string]int{"postgresql": 4, "kafka": 1, "?foo bar": 3},
		Mentions: []labelled.Mention{at("postgresql", "Postgres", 0), at("?foo bar", "Foo  Bar", 0), at("?foo bar", "foo bar", 0), at("kafka", "Kafka", 0), at("postgresql", "PostgreSQL 16", 0)},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.HeldOut() {
		t.Error("07 is of the first half")
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, with, want string }{
		{"no head", "---\nrole", "role", "no head"},
		{"unknown id in the levels", "  kafka: 1", "  kafka: 1\n  cobol: 2", `the catalogue has no "cobol"`},
		{"unknown id in the text", "{{Kafka|kafka}}", "{{Kafka|kafak}}", `the catalogue has no "kafak"`},
		{"a mark without a level", "  Foo Bar: 3", "", "?foo bar is marked and has no level"},
		{"a level without a mark", "  kafka: 1", "  kafka: 1\n  cpp: 2", "cpp has a level and is not marked"},
		{"no level of the scale", "postgresql: 4", "postgresql: 6", `"6" is no level`},
		{"two levels", "  kafka: 1", "  kafka: 1\n  kafka: 2", "two levels of kafka"},
		{"no date", "as_of: 2026-06-01", "as_of: soon", "as_of is no date"},
		{"unknown field", "note:", "notes:", `unknown field "notes"`},
		{"a mark without an id", "{{Kafka|kafka}}", "{{Kafka}}", "has no id"},
		{"a mark that is not closed", "{{PostgreSQL 16|postgresql}}", "{{PostgreSQL 16|postgresql", "is not closed"},
		{"a mark that is not opened", "{{Kafka|kafka}}", "{{Kafka|kafka}}}}", "nothing opens"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := labelled.Parse("x", strings.Replace(sample, tt.old, tt.with, 1), known)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestLoadKeepsTheGood(t *testing.T) {
	t.Parallel()
	got, err := labelled.Load(fstest.MapFS{
		"21-b.txt": {Data: []byte(sample)}, "02-a.txt": {Data: []byte(sample)}, "03-bad.txt": {Data: []byte("nothing")}, "notes.md": {Data: []byte("x")},
	}, known)
	if err == nil || !strings.Contains(err.Error(), "03-bad") {
		t.Errorf("error %v, want one that names the file", err)
	}
	if len(got) != 2 || got[0].Name != "02-a" || got[0].HeldOut() || got[1].Name != "21-b" || !got[1].HeldOut() {
		t.Errorf("%d resumes", len(got))
	}
}

func TestDocumentMovesMarks(t *testing.T) {
	t.Parallel()
	r := parse(t)
	doc, mentions, err := r.Document(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text := []rune(doc.Text)
	var words []string
	for _, m := range mentions {
		words = append(words, strings.Join(strings.Fields(string(text[m.Start:m.End])), " "))
	}
	if diff := cmp.Diff([]string{"Postgres", "Foo Bar", "foo bar", "Kafka", "PostgreSQL 16"}, words); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	r := parse(t)
	m := r.Mentions
	found := labelled.Found{
		Levels:   map[string]int{"postgresql": 5, "kafka": 3, "python": 2},
		Mentions: []labelled.Mention{{Key: "postgresql", Start: m[0].Start, End: m[0].End}, {Key: "postgresql", Start: m[3].Start, End: m[3].End}, {Key: "python", Start: 0, End: 4}},
	}
	want := labelled.Score{
		Skills: labelled.Count{Right: 2, False: 1, Missed: 1}, Levelled: labelled.Count{Right: 1, False: 2, Missed: 2}, Mentions: labelled.Count{Right: 1, False: 2, Missed: 4},
		Levels: 2, Exact: 0, WithinOne: 1, Distance: 3, Signed: 3,
	}
	got := r.Compare(m, found)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p, rec, f1 := got.Skills.Precision(), got.Skills.Recall(), got.Skills.F1(); p != 2./3 || rec != 2./3 || f1 != 4./6 {
		t.Errorf("precision %v, recall %v, F1 %v", p, rec, f1)
	}
	if got.ExactShare() != 0 || got.WithinOneShare() != 0.5 || got.MeanDistance() != 1.5 || got.Bias() != 1.5 {
		t.Errorf("levels %+v", got)
	}
}

func TestNaive(t *testing.T) {
	t.Parallel()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	got := labelled.NewNaive(c).Find("PYTHON, Dockeresque; go-live with Ruby on Rails.")
	if diff := cmp.Diff([]string{"go", "python", "rails"}, slices.Sorted(maps.Keys(got.Levels))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
