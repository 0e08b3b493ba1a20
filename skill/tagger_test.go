package skill_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// TestTaggerFile fails where the features were changed and the tagger was not trained anew.
func TestTaggerFile(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("model/tagger.bin")
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 4<<20 {
		t.Errorf("the tagger's file has %d bytes, more than 4 MB", len(data))
	}
	tagger, err := skill.DecodeTagger(data)
	if err != nil {
		t.Fatal(err)
	}
	if tagger.Inputs() == [32]byte{} {
		t.Error("the file does not say what it was trained from")
	}
	for _, cut := range []int{0, 10, 40, 1000, len(data) / 2} {
		if _, err := skill.DecodeTagger(data[:cut]); err == nil {
			t.Errorf("the first %d bytes pass for a tagger", cut)
		}
	}
}

// unlisted are the names of the claims that the catalogue lacks, with whether each mention's text is what stands in text.
func unlisted(tb testing.TB, doc *resume.Document) []string {
	tb.Helper()
	runes := []rune(doc.Text)
	var out []string
	for _, c := range newFinder(tb).Extract(doc, asOf).Claims {
		for _, m := range c.Mentions {
			if got := string(runes[m.Start:m.End]); got != m.Text {
				tb.Errorf("%s: %q stands at [%d, %d), the mention says %q", c.Name, got, m.Start, m.End, m.Text)
			}
		}
		if c.ID == nil {
			if c.Kind != "concept" || c.Why == "" || c.Level < 1 {
				tb.Errorf("claim of a skill that the catalogue lacks: %+v", c)
			}
			out = append(out, c.Name)
		}
	}
	return out
}

func TestSkillsBeyondTheCatalogue(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	for _, text := range []string{
		"Naïve 😀 — experience with Docker Zorblex.js and Kubernetes is required", // code points are not bytes
		"Experience with Docker Zorblex.js and Kubernetes is required",
	} {
		if got := unlisted(t, &resume.Document{Text: text}); !strings.Contains(strings.Join(got, " "), "Zorblex.js") {
			t.Errorf("%q: skills that the catalogue lacks: %q", text, got)
		}
	}
	denied := f.Extract(&resume.Document{Text: "No experience with Zorblex.js or Kubernetes"}, asOf)
	if len(denied.Claims) != 0 {
		t.Errorf("what is denied is claimed: %+v", denied.Claims)
	}
	if got := unlisted(t, &resume.Document{Text: "We are a friendly team in a beautiful office and offer free fruit ."}); len(got) != 0 {
		t.Errorf("skills in a sentence that has none: %q", got)
	}
}

func TestTaggerIsDeterministic(t *testing.T) {
	t.Parallel()
	doc := &resume.Document{Text: "Solid knowledge of event sourcing , Spring Boot and Zorblex.js in a GitOps environment . Degree in computer science ."}
	want := newFinder(t).Extract(doc, asOf)
	for range 5 {
		if diff := cmp.Diff(want, newFinder(t).Extract(doc, asOf)); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestItemsOfAResume takes unknown items of a list of skills, and neither names of people and schools nor spoken languages.
func TestItemsOfAResume(t *testing.T) {
	t.Parallel()
	lines := []string{
		"Ann Zorblex",
		"Skills", "PostgreSQL, Redis, Docker, Kubernetes, Gitea, Terraform", "Languages: English, German, Dutch",
		"Education", "University of Quxborough, Java, SQL, Fooville",
	}
	text := strings.Join(lines, "\n")
	at := func(s string) int { return strings.Index(text, s) }
	doc := &resume.Document{Text: text, Sections: []resume.Section{
		{Kind: resume.SectionHeader, Start: 0, End: at("Skills")},
		{Kind: resume.SectionSkills, Start: at("Skills"), End: at("Education")},
		{Kind: resume.SectionEducation, Start: at("Education"), End: len(text)},
	}}
	if diff := cmp.Diff([]string{"Gitea"}, unlisted(t, doc)); diff != "" {
		t.Error(diff)
	}
	without := newFinder(t).WithTagger(nil).Extract(doc, asOf)
	if with := newFinder(t).Extract(doc, asOf); len(with.Claims) != len(without.Claims)+1 {
		t.Errorf("%d claims, %d without the tagger", len(with.Claims), len(without.Claims))
	}
}

// TestFindStaysTheCatalogues keeps what reads postings by id apart from what the tagger adds.
func TestFindStaysTheCatalogues(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	text := "Experience with Docker Zorblex.js and Kubernetes is required"
	if diff := cmp.Diff(f.WithTagger(nil).Find(text), f.Find(text)); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkExtractLine(b *testing.B) {
	text := strings.Repeat("You have solid experience with Docker Kubernetes and event driven systems in Java or Kotlin . ", 10)
	for _, c := range []struct {
		name   string
		finder *skill.Finder
	}{{"catalogue", newFinder(b).WithTagger(nil)}, {"tagger", newFinder(b)}} {
		b.Run(c.name, func(b *testing.B) {
			doc := &resume.Document{Text: text}
			c.finder.Extract(doc, asOf)
			for b.Loop() {
				c.finder.Extract(doc, asOf)
			}
			b.ReportMetric(float64(len(strings.Fields(text))), "words")
		})
	}
}
