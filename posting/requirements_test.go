package posting_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// finder is compiled once, for it takes a second with the race detector.
var finder = sync.OnceValues(func() (*catalog.Catalog, *skill.Finder) {
	c, err := catalog.Load()
	if err != nil {
		return nil, nil
	}
	return c, skill.NewFinder(c)
})

func load(tb testing.TB) (*catalog.Catalog, *skill.Finder) {
	tb.Helper()
	c, f := finder()
	if c == nil {
		tb.Fatal("the catalogue does not load; its own tests say why")
	}
	return c, f
}

func TestRequirements(t *testing.T) {
	_, finder := load(t)
	type q struct {
		Skill   string
		Level   int
		Must    bool
		Excerpt string
	}
	tests := []struct {
		name, text string
		want       []q
	}{
		{"nothing", "", nil},
		{"no skill", "We are a friendly team by the sea.", nil},
		{"no heading is a must", "We use Kafka.", []q{{"kafka", 3, true, "We use Kafka"}}},
		{"must and nice by heading", "Must have\n- Kafka\n\nNice to have\n- Terraform\n- Docker", []q{
			{"kafka", 3, true, "Kafka"}, {"terraform", 3, false, "Terraform"}, {"docker", 3, false, "Docker"},
		}},
		{"a heading after the nice ones is a must again", "Bonus:\n- Terraform\nWhat you bring:\n- Kafka", []q{
			{"terraform", 3, false, "Terraform"}, {"kafka", 3, true, "Kafka"},
		}},
		{"what the firm is and gives asks for nothing", "You have\n- Kafka\n\nAbout us\nEvery colleague gets a Python course.\n\nBenefits:\n- Docker training", []q{{"kafka", 3, true, "Kafka"}}},
		{"another heading ends what the firm is", "About us\nWe sell books with Python.\n\nThe stack\n- Kafka", []q{{"kafka", 3, true, "Kafka"}}},
		{"what is needed after both", "Nice to have\n- Docker\n\nAbout us\nWe sell books with Python.\n\nRequirements\n- Kafka", []q{{"docker", 3, false, "Docker"}, {"kafka", 3, true, "Kafka"}}},
		{"about the job is no such heading", "About the role\nYou run Kafka.", []q{{"kafka", 3, true, "You run Kafka"}}},
		{"a sentence is no heading", "We offer you a place to work on Kafka.\nDocker is used.", []q{{"kafka", 3, true, "We offer you a place to work on Kafka"}, {"docker", 3, true, "Docker is used"}}},
		{"a bullet is no heading", "Requirements\n- Preferred shell: Kafka tools\n- Docker", []q{
			{"kafka", 3, false, "Preferred shell: Kafka tools"}, {"docker", 3, true, "Docker"},
		}},
		{"nice inline", "You know Docker. Kafka is a plus. Terraform would be nice; PostgreSQL is needed.", []q{
			{"docker", 3, true, "You know Docker"}, {"kafka", 3, false, "Kafka is a plus"}, {"terraform", 3, false, "Terraform would be nice"}, {"postgresql", 3, true, "PostgreSQL is needed"},
		}},
		{"levels", "5+ years of PostgreSQL. Familiarity with Kafka. Terraform. Expert in Docker!", []q{
			{"postgresql", 4, true, "5+ years of PostgreSQL"}, {"kafka", 2, true, "Familiarity with Kafka"}, {"terraform", 3, true, "Terraform"}, {"docker", 4, true, "Expert in Docker"},
		}},
		{"few years are not many", "2 years of Kafka", []q{{"kafka", 3, true, "2 years of Kafka"}}},
		{"a clause without a space before it", "Docker;strong Kafka skills", []q{{"docker", 3, true, "Docker"}, {"kafka", 4, true, "strong Kafka skills"}}},
		{"the stronger demand stands", "Nice to have\n- some Kafka\nRequirements\n- Kafka\n- strong Kafka\n- basic Kafka", []q{{"kafka", 4, true, "strong Kafka"}}},
		{"a denied skill is none", "No experience with Kafka needed, but Docker.", []q{{"docker", 3, true, "No experience with Kafka needed, but Docker"}}},
		{"denied in German", "Keine Erfahrung mit Kafka nötig.", nil},
		{"a wish is none", "You want to learn Kafka.", nil},
		{"a full stop inside a name", "Node.js and React", []q{{"nodejs", 3, true, "Node.js and React"}, {"react", 3, true, "Node.js and React"}}},
		{"German", "Das bringst du mit\n- Sehr gute Kenntnisse in PostgreSQL\n- Grundkenntnisse in Terraform\nVon Vorteil\n- Kafka\nDeine Aufgaben\n- Docker betreiben", []q{
			{"postgresql", 4, true, "Sehr gute Kenntnisse in PostgreSQL"},
			{"terraform", 2, true, "Grundkenntnisse in Terraform"},
			{"kafka", 3, false, "Kafka"},
			{"docker", 3, true, "Docker betreiben"},
		}},
		{"French", "Compétences\n- Maîtrise de PostgreSQL\n- Kafka apprécié\n- Une pratique de Terraform appréciée, vraiment\nAtouts\n- Notions de Docker", []q{
			{"postgresql", 4, true, "Maîtrise de PostgreSQL"},
			{"kafka", 3, false, "Kafka apprécié"},
			{"terraform", 3, false, "Une pratique de Terraform appréciée, vraiment"},
			{"docker", 2, false, "Notions de Docker"},
		}},
		{"Spanish", "Requisitos\n- Conocimientos sólidos de PostgreSQL\n- Se valora Terraform\nDeseable\n- Nociones de Docker", []q{
			{"postgresql", 4, true, "Conocimientos sólidos de PostgreSQL"}, {"terraform", 3, false, "Se valora Terraform"}, {"docker", 2, false, "Nociones de Docker"},
		}},
		{"spans behind other scripts", "Опыт 😀 и Kafka\n要件: Docker", []q{{"kafka", 3, true, "Опыт 😀 и Kafka"}, {"docker", 3, true, "要件: Docker"}}},
		{"a long line is cut at words", strings.Repeat("lorem ipsum ", 20) + "strong Kafka " + strings.Repeat("dolor sit ", 20), []q{
			{"kafka", 4, true, strings.Repeat("lorem ipsum ", 5) + "strong Kafka " + strings.TrimSpace(strings.Repeat("dolor sit ", 7))},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			requirements := posting.Requirements(finder, tt.text)
			var got []q
			for _, r := range requirements {
				got = append(got, q{r.Skill, r.Level, r.Must, r.Excerpt})
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("requirements (-want +got):\n%s", diff)
			}
			checkSpans(t, tt.text, requirements)
		})
	}
}

// checkSpans holds every requirement to the words that it points at: in code points, in the text and in the excerpt.
func checkSpans(tb testing.TB, text string, list []posting.Requirement) {
	tb.Helper()
	runes := []rune(text)
	seen := map[string]bool{}
	for _, r := range list {
		if seen[r.Skill] {
			tb.Errorf("%s twice", r.Skill)
		}
		seen[r.Skill] = true
		if r.Start < 0 || r.Start >= r.End || r.End > len(runes) {
			tb.Errorf("%s: span [%d, %d) of %d code points", r.Skill, r.Start, r.End, len(runes))
			continue
		}
		words := string(runes[r.Start:r.End])
		if !strings.Contains(r.Excerpt, strings.TrimSpace(words)) || !strings.Contains(string(runes), r.Excerpt) {
			tb.Errorf("%s: the excerpt %q lacks the words %q, or is not of the text", r.Skill, r.Excerpt, words)
		}
		if n := len([]rune(r.Excerpt)); n > 2*70+r.End-r.Start {
			tb.Errorf("%s: an excerpt of %d code points", r.Skill, n)
		}
		if r.Level < catalog.LevelNovice || r.Level > catalog.LevelAdvanced {
			tb.Errorf("%s: level %d", r.Skill, r.Level)
		}
	}
}

// TestSamplesHaveRequirements reads the postings that ship: every one is taken in, and nearly all ask for enough to match by.
func TestSamplesHaveRequirements(t *testing.T) {
	c, finder := load(t)
	board := &board{}
	summary, err := posting.NewImporter(finder, inForce(embedder{}), board, c.Version()).Import(t.Context(), bytes.NewReader(c.SamplePostings()), nil)
	if err != nil {
		t.Fatal(err)
	}
	const samples = 132
	if summary.Read != samples || summary.Stored != samples || len(summary.Refused) != 0 || len(board.saved) != samples {
		t.Errorf("%+v with %d saved, want all %d stored", summary, len(board.saved), samples)
	}
	enough := 0
	for i := range board.saved {
		p := &board.saved[i]
		if !p.Sample() || p.PostedOn.IsZero() {
			t.Errorf("%s: source %q, posted on %s", p.ExternalID, p.Source, p.PostedOn)
		}
		for _, r := range p.Requirements {
			if !c.HasSkill(r.Skill) {
				t.Errorf("%s: %s is not in the catalogue", p.ExternalID, r.Skill)
			}
		}
		checkSpans(t, p.Description, p.Requirements)
		if len(p.Requirements) >= 3 {
			enough++
		}
	}
	t.Logf("%d of %d sample postings have three requirements or more", enough, samples)
	if enough*100 < samples*95 {
		t.Errorf("%d of %d sample postings have three requirements or more, want 95 %%", enough, samples)
	}
}

func FuzzRequirements(f *testing.F) {
	c, finder := load(f)
	lines := bufio.NewScanner(bytes.NewReader(c.SamplePostings()))
	for n := 0; n < 8 && lines.Scan(); n++ {
		var rec struct{ Description string }
		if err := json.Unmarshal(lines.Bytes(), &rec); err != nil {
			f.Fatal(err)
		}
		f.Add(rec.Description)
	}
	f.Add("Kafka\nKafka;Kafka! é C++ 😀 Node.js.")
	f.Add("\xff\xfe Kafka \x00 Docker")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 10_000 {
			t.Skip()
		}
		first := posting.Requirements(finder, text)
		checkSpans(t, text, first)
		if diff := cmp.Diff(first, posting.Requirements(finder, text)); diff != "" {
			t.Errorf("read again it says something else (-first +second):\n%s", diff)
		}
	})
}

func BenchmarkRequirements(b *testing.B) {
	c, finder := load(b)
	lines := bufio.NewScanner(bytes.NewReader(c.SamplePostings()))
	var texts []string
	for lines.Scan() {
		var rec struct{ Description string }
		if err := json.Unmarshal(lines.Bytes(), &rec); err != nil {
			b.Fatal(err)
		}
		texts = append(texts, rec.Description)
	}
	found, n := 0, 0
	for b.Loop() {
		found += len(posting.Requirements(finder, texts[n%len(texts)]))
		n++
	}
	b.ReportMetric(float64(found)/float64(n), "requirements/op")
}
