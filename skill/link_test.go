package skill_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
)

// kitchen is a small taxonomy in the manner of ESCO: labels as phrases, alternatives, a sentence of what it is.
var kitchen = []skill.Concept{
	{ID: "s/bake", Name: "bake bread", Forms: []string{"bread baking", "baking of bread"}, Text: "Make dough and heat it in an oven until it is bread."},
	{ID: "s/oven", Name: "operate ovens", Forms: []string{"oven operation"}, Text: "Set the temperature and time of industrial ovens."},
	{ID: "s/sql", Name: "query databases", Forms: []string{"SQL", "write SQL queries"}, Text: "Retrieve rows from relational databases with a query language."},
	{ID: "s/lead", Name: "lead a team", Forms: []string{"team leadership", "team leading"}, Text: "Guide a group of people towards a goal."},
	{ID: "s/plan2", Name: "plan menus", Text: "Choose dishes."},
	{ID: "s/plan1", Name: "plan menus", Text: "Choose dishes."},
}

func TestLink(t *testing.T) {
	t.Parallel()
	l := skill.NewLinker(kitchen)
	tests := []struct {
		name, phrase string
		k            int
		first        string
		exact        bool
	}{
		{"name", "bake bread", 3, "s/bake", true},
		{"case and space", "  Bake   BREAD ", 3, "s/bake", true},
		{"hyphen", "bread-baking", 3, "s/bake", true},
		{"alternative", "sql", 3, "s/sql", true},
		{"other ending", "baking breads", 3, "s/bake", false},
		{"in a longer phrase", "experience with leading a team of engineers", 3, "s/lead", false},
		{"from the description", "relational query language", 3, "s/sql", false},
		{"misspelt", "database querries", 3, "s/sql", false},
		{"two of one name, by id", "plan menus", 3, "s/plan1", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := l.Link(tt.phrase, tt.k)
			if len(got) == 0 || got[0].ID != tt.first || (got[0].Score == 1) != tt.exact {
				t.Fatalf("Link(%q) = %+v, want %s first, exact: %v", tt.phrase, got, tt.first, tt.exact)
			}
			if len(got) > tt.k {
				t.Errorf("%d links, asked for %d", len(got), tt.k)
			}
			for i, x := range got {
				if x.Score <= 0 || x.Score > 1 || x.Name == "" {
					t.Errorf("link %+v", x)
				}
				if i > 0 && (x.Score > got[i-1].Score || x.Score == got[i-1].Score && x.ID < got[i-1].ID) {
					t.Errorf("%+v stands after %+v", x, got[i-1])
				}
			}
		})
	}
}

// TestLinkExactStandsAlone: nothing that is no form itself may tie with a form.
func TestLinkExactStandsAlone(t *testing.T) {
	t.Parallel()
	c := newCatalog(t)
	l := skill.NewLinker(skill.CatalogConcepts(c))
	for _, s := range c.Skills() {
		for _, form := range []string{s.Name, s.ID} {
			if form == s.ID && strings.ReplaceAll(s.ID, "-", " ") != strings.ToLower(s.Name) {
				continue
			}
			got := l.Link(form, 2)
			if len(got) == 0 || got[0].ID != s.ID || got[0].Score != 1 {
				t.Errorf("Link(%q) = %+v, want %s with 1", form, got, s.ID)
				continue
			}
			if len(got) > 1 && got[1].Score >= 1 {
				t.Errorf("Link(%q): %s ties with the form itself", form, got[1].ID)
			}
		}
	}
}

func TestLinkOfNothing(t *testing.T) {
	t.Parallel()
	l := skill.NewLinker(kitchen)
	for _, tt := range []struct {
		name, phrase string
		k            int
	}{
		{"empty", "", 5},
		{"space", " \n", 5},
		{"only stop words", "of the and", 5},
		{"nothing shared", "zzz", 5},
		{"none asked for", "bake bread", 0},
		{"fewer than none", "bake bread", -1},
		{"punctuation", "!!! ---", 5},
		{"not UTF-8", "\xff", 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := l.Link(tt.phrase, tt.k)
			if len(got) != 0 {
				t.Errorf("Link(%q, %d) = %+v, want nothing", tt.phrase, tt.k, got)
			}
			if got == nil {
				t.Error("nil; JSON needs an empty list")
			}
		})
	}
	if got := skill.NewLinker(nil).Link("bake bread", 3); len(got) != 0 {
		t.Errorf("links into no taxonomy: %+v", got)
	}
	if got := skill.NewLinker([]skill.Concept{{ID: "empty"}}).Link("", 3); len(got) != 0 {
		t.Errorf("an empty phrase is the concept without a name: %+v", got)
	}
}

func TestLinkIsDeterministic(t *testing.T) {
	t.Parallel()
	concepts := skill.CatalogConcepts(newCatalog(t))
	l, m := skill.NewLinker(concepts), skill.NewLinker(concepts)
	for _, phrase := range []string{"design of distributed data systems and services", "testing", "développement d'applications web", strings.Repeat("cloud database security ", 60)} {
		want := l.Link(phrase, 50)
		for range 5 {
			if diff := cmp.Diff(want, l.Link(phrase, 50)); diff != "" {
				t.Fatalf("%q gave two answers:\n%s", phrase, diff)
			}
		}
		if diff := cmp.Diff(want, m.Link(phrase, 50)); diff != "" {
			t.Fatalf("%q gave another answer from another linker:\n%s", phrase, diff)
		}
	}
}

func TestReadTaxonomy(t *testing.T) {
	t.Parallel()
	got, err := skill.ReadTaxonomy(strings.NewReader(`{"uri":"u/1","label":"bake","alts":["baking"],"desc":"Bread."}` + "\n\n  \n" + `{"uri":"u/2","label":"öffnen"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []skill.Concept{{ID: "u/1", Name: "bake", Forms: []string{"baking"}, Text: "Bread."}, {ID: "u/2", Name: "öffnen"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("concepts (-want +got):\n%s", diff)
	}

	row := `{"uri":"u","label":"l"}` + "\n"
	tests := []struct {
		name, in string
		kind     fault.Kind
		detail   string
	}{
		{"not JSON", row + "hello", fault.Usage, "Line 2"},
		{"no uri", row + row + `{"label":"l"}`, fault.Usage, "Line 3"},
		{"no label", `{"uri":"u"}`, fault.Usage, "Line 1"},
		{"line counted over empty ones", row + "\n\n[", fault.Usage, "Line 4"},
		{"too long a line", row + `{"uri":"u","label":"` + strings.Repeat("x", 2<<20) + `"}`, fault.Usage, "too long"},
		{"too many", strings.Repeat(row, 200_001), fault.TooLarge, "200000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := skill.ReadTaxonomy(strings.NewReader(tt.in))
			if !errors.Is(err, tt.kind) || got != nil || !strings.Contains(fault.DetailOf(err), tt.detail) {
				t.Errorf("%d concepts and %v, want %v with …%s…", len(got), err, tt.kind, tt.detail)
			}
		})
	}
	if got, err := skill.ReadTaxonomy(strings.NewReader("")); err != nil || len(got) != 0 {
		t.Errorf("an empty taxonomy: %v, %v", got, err)
	}
}

func FuzzReadTaxonomy(f *testing.F) {
	f.Add(`{"uri":"u","label":"l","alts":["a",""],"desc":"d"}`, "l")
	f.Add("\n\n{", "")
	f.Add(`{"uri":"u","label":" "}`, " ")
	f.Fuzz(func(t *testing.T, rows, phrase string) {
		concepts, err := skill.ReadTaxonomy(strings.NewReader(rows))
		if err != nil {
			return
		}
		for _, x := range skill.NewLinker(concepts).Link(phrase, 5) {
			if !(x.Score > 0 && x.Score <= 1) || !slices.ContainsFunc(concepts, func(c skill.Concept) bool { return c.ID == x.ID }) {
				t.Errorf("link %+v of %q", x, phrase)
			}
		}
	})
}

func BenchmarkLink(b *testing.B) {
	b.Run("catalogue", func(b *testing.B) {
		c := newCatalog(b)
		l := skill.NewLinker(skill.CatalogConcepts(c))
		b.ReportAllocs()
		for b.Loop() {
			l.Link("running container workloads in the cloud", 10)
		}
		// Aliases as if they were not known: how often the name and the description are enough.
		bare := skill.CatalogConcepts(c)
		for i := range bare {
			bare[i].Forms = nil
		}
		l = skill.NewLinker(bare)
		right, all := 0, 0
		for _, s := range c.Skills() {
			alias := s.Aliases[0]
			all++
			if got := l.Link(alias, 1); len(got) > 0 && got[0].ID == s.ID {
				right++
			}
		}
		b.ReportMetric(float64(right)/float64(all), "unseen-alias-accuracy@1")
	})
	b.Run("esco", func(b *testing.B) {
		concepts := readConcepts(b, "../../shared/data/esco_skills_v110.jsonl")
		cases := readCases(b, "../../shared/data/dev_esco_link.jsonl", 300)
		l := skill.NewLinker(concepts)
		b.ReportAllocs()
		for b.Loop() {
			l.Link("running container workloads in the cloud", 10)
		}
		mrr := 0.0
		for _, c := range cases {
			for i, x := range l.Link(c.text, len(concepts)) {
				if slices.Contains(c.gold, x.ID) {
					mrr += 1 / float64(i+1)
					break
				}
			}
		}
		b.ReportMetric(mrr/float64(len(cases)), "MRR") // for information: our own ties are broken by id
	})
}

func BenchmarkNewLinker(b *testing.B) {
	b.Run("catalogue", func(b *testing.B) {
		concepts := skill.CatalogConcepts(newCatalog(b))
		skill.NewLinker(concepts)
		b.ReportAllocs()
		for b.Loop() {
			skill.NewLinker(concepts)
		}
	})
	b.Run("esco", func(b *testing.B) {
		concepts := readConcepts(b, "../../shared/data/esco_skills_v110.jsonl")
		b.ReportAllocs()
		for b.Loop() {
			skill.NewLinker(concepts)
		}
	})
}

// open opens a file of public data that is not part of the project, or skips.
func open(tb testing.TB, file string) *os.File {
	tb.Helper()
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		tb.Skipf("%s is not here; it is public data that the project does not carry", file)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { f.Close() })
	return f
}

func readConcepts(tb testing.TB, file string) []skill.Concept {
	tb.Helper()
	concepts, err := skill.ReadTaxonomy(open(tb, file))
	if err != nil {
		tb.Fatal(err)
	}
	return concepts
}

// linkCase is a text and the concepts that people linked it to.
type linkCase struct {
	text string
	gold []string // ids
}

// readCases reads a spread of n cases.
func readCases(tb testing.TB, file string, n int) []linkCase {
	tb.Helper()
	var all []linkCase
	in := bufio.NewScanner(open(tb, file))
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var row struct {
			Text string   `json:"text"`
			URIs []string `json:"uris"`
		}
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			tb.Fatal(err)
		}
		if row.Text != "" && len(row.URIs) > 0 {
			all = append(all, linkCase{row.Text, row.URIs})
		}
	}
	if err := in.Err(); err != nil {
		tb.Fatal(err)
	}
	if len(all) == 0 {
		tb.Fatalf("%s holds no case", file)
	}
	var out []linkCase
	for i := 0; i < len(all); i += max(1, len(all)/n) {
		out = append(out, all[i])
	}
	return out
}
