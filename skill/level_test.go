package skill_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// asOf is the day on which these resumes are read.
var asOf = time.Date(2026, time.June, 15, 0, 0, 0, 0, time.UTC)

// part is a piece of a resume: a section of its own, and a position where it has a start.
type part struct {
	kind       resume.SectionKind
	start, end string
	text       string
}

// write makes a document of parts, each a section and those with a start a position.
func write(parts ...part) *resume.Document {
	doc := &resume.Document{Outcome: resume.OutcomeOK, Pages: 1}
	var text []rune
	for _, p := range parts {
		from := len(text)
		text = append(text, []rune(p.text+"\n\n")...)
		doc.Sections = append(doc.Sections, resume.Section{Kind: p.kind, Start: from, End: len(text)})
		if p.start != "" || p.end != "" {
			doc.Positions = append(doc.Positions, resume.Position{Title: "Engineer", Start: p.start, End: p.end, Span: [2]int{from, len(text)}})
		}
	}
	doc.Text = string(text)
	return doc
}

func job(start, end, text string) part {
	return part{resume.SectionExperience, start, end, text}
}

func section(kind resume.SectionKind, text string) part { return part{kind: kind, text: text} }

// claim is the claim of Kafka, the skill of these tests.
func claim(tb testing.TB, doc *resume.Document) skill.Claim {
	tb.Helper()
	p := newFinder(tb).Extract(doc, asOf)
	c, ok := p.Claim("kafka")
	if !ok {
		tb.Fatalf("no claim of kafka in %q", doc.Text)
	}
	return c
}

// TestLevels has a row for each step of the rubric.
func TestLevels(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		parts []part
		level int
		years float64
		last  int
		why   string
	}{
		{"only a wish", []part{section(resume.SectionSummary, "Eager to learn Kafka.")}, 1, 0, 0, "something to learn"},
		{"only an interest", []part{section(resume.SectionInterests, "Kafka, chess")}, 1, 0, 0, "in passing"},
		{"only somebody else's", []part{job("2020-01", "2024-01", "Worked with the Kafka team.")}, 1, 0, 0, "in passing"},
		{"a wish and a use", []part{section(resume.SectionSummary, "Eager to learn Kafka."), section(resume.SectionSkills, "Kafka")}, 2, 0, 0, "Listed"},
		{"listed", []part{section(resume.SectionSkills, "Kafka, Docker")}, 2, 0, 0, "Listed, without"},
		{"certificate", []part{section(resume.SectionCertifications, "Kafka administrator, 2023")}, 2, 0, 0, "certificate"},
		{"project", []part{section(resume.SectionProjects, "A chat over Kafka.")}, 2, 0, 0, "in a project"},
		{"project of one's own", []part{section(resume.SectionProjects, "Built a chat over Kafka.")}, 2, 0, 0, "in a project"},
		{"listed, and a project of one's own", []part{section(resume.SectionSkills, "Kafka"), section(resume.SectionProjects, "Built a chat over Kafka.")}, 3, 0, 0, "led or built"},
		{"five months", []part{job("2026-01", "2026-05", "Kafka.")}, 2, 0.4, 2026, "1 position over 5 months"},
		{"six months", []part{job("2026-01", "2026-06", "Kafka.")}, 3, 0.5, 2026, "6 months"},
		{"five months, built", []part{job("2026-01", "2026-05", "Built Kafka consumers.")}, 3, 0.4, 2026, "led or built"},
		{"two undated positions", []part{job("", "present", "Kafka."), job("", "present", "Kafka.")}, 3, 0, 0, "2 positions without readable dates"},
		{"two years without ownership", []part{job("2024-01", "2025-12", "Kafka.")}, 3, 2, 2025, "2 years"},
		{"two years with ownership", []part{job("2024-01", "2025-12", "Designed our use of Kafka.")}, 3, 2, 2025, "led or built"},
		{"two years with ownership and an outcome, listed too", []part{job("2024-01", "2025-12", "Designed our use of Kafka for 20 million users."), section(resume.SectionSkills, "Kafka")}, 4, 2, 2025, "measured outcome"},
		{"two years less a month with ownership", []part{job("2024-01", "2025-11", "Designed our use of Kafka.")}, 3, 1.9, 2025, "led or built"},
		{"six years, measured, one position", []part{job("2020-01", "2025-12", "Built Kafka consumers for 20 million users.")}, 4, 6, 2025, "measured outcome"},
		{"six years, measured, two positions", []part{job("2020-01", "2022-12", "Built Kafka consumers for 20 million users."), job("2023-01", "2025-12", "Kafka.")}, 4, 6, 2025, "2 positions over 6 years"},
		{"nine years, measured, two positions", []part{job("2017-01", "2022-12", "Built Kafka consumers for 20 million users."), job("2023-01", "2025-12", "Kafka.")}, 5, 9, 2025, "2 positions over 9 years"},
		{"six years, not measured", []part{job("2020-01", "2022-12", "Built Kafka consumers."), job("2023-01", "2025-12", "Kafka.")}, 4, 6, 2025, "6 years"},
		{"six years less a month, measured", []part{job("2020-02", "2022-12", "Built Kafka consumers for 20 million users."), job("2023-01", "2025-12", "Kafka.")}, 4, 5.9, 2025, "measured"},
		{"still held", []part{job("2024-07", "present", "Led Kafka operations.")}, 3, 2, 2026, "2 years"},
		{"a year without month", []part{job("2024", "2025", "Led Kafka operations.")}, 3, 2, 2025, "2 years"},
		{"a start without end", []part{job("2024-03", "", "Kafka.")}, 2, 0.1, 2024, "1 month"},
		{"overlap counted once", []part{job("2024-01", "2024-12", "Kafka."), job("2024-07", "2025-06", "Kafka.")}, 3, 1.5, 2025, "1.5 years"},
		{"one inside the other", []part{job("2020-01", "2023-12", "Kafka."), job("2021-01", "2021-12", "Kafka.")}, 3, 4, 2023, "4 years"},
		{"a gap is not counted", []part{job("2015-01", "2015-12", "Kafka."), job("2024-01", "2024-12", "Kafka.")}, 3, 2, 2024, "2 years"},
		{"an end before the start", []part{job("2024-05", "2023-01", "Kafka.")}, 3, 0, 0, "without readable dates"},
		{"last used seven years ago", []part{job("2016-07", "2019-06", "Led Kafka operations; Kafka on call.")}, 4, 3, 2019, "3 years"},
		{"last used over seven years ago", []part{job("2016-06", "2019-05", "Led Kafka operations; Kafka on call.")}, 3, 3, 2019, "last used in 2019"},
		{"stale, but not below novice", []part{job("2012-01", "2012-02", "Kafka.")}, 2, 0.2, 2012, "2 months"},
		{"from before it was there", []part{job("2005-01", "2014-12", "Led Kafka operations.")}, 3, 4, 2014, "counted from 2011, when it came into use"},
		{"wholly before it was there", []part{job("2005-01", "2010-12", "Kafka.")}, 2, 0, 0, "when it came into use"},
		{"rated high", []part{section(resume.SectionSkills, "Expert Kafka")}, 4, 0, 0, "rates it high"},
		{"rated high does not make an expert", []part{job("2024-01", "2025-12", "Led advanced Kafka operations.")}, 4, 2, 2025, "2 years"},
		{"rated basic", []part{job("2024-01", "2025-12", "Built services with basic Kafka.")}, 2, 2, 2025, "rates it as basic"},
		{"rated basic in German", []part{section(resume.SectionSkills, "Grundkenntnisse Kafka"), job("2024-01", "2025-12", "Kafka.")}, 2, 2, 2025, "rates it as basic"},
		{"a rating of the skill before", []part{section(resume.SectionSkills, "Expert Docker, Kafka")}, 2, 0, 0, "Listed"},
		{"ownership of another bullet", []part{job("2024-01", "2025-12", "• Led a team of bakers\n• Kafka")}, 3, 2, 2025, "2 years"},
		{"ownership over a line's end", []part{job("2024-01", "2025-12", "• Led the move of our\nqueues to Kafka")}, 3, 2, 2025, "led or built"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := claim(t, write(tt.parts...))
			if c.Level != tt.level || c.Years != tt.years || c.LastUsed != tt.last || !strings.Contains(c.Why, tt.why) {
				t.Errorf("level %d, %.1f years, last %d: %s\nwant level %d, %.1f years, last %d: …%s…", c.Level, c.Years, c.LastUsed, c.Why, tt.level, tt.years, tt.last, tt.why)
			}
			if len(c.Mentions) == 0 {
				t.Error("a claim without a mention")
			}
		})
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	doc := write(
		section(resume.SectionSkills, "Docker, Kafka, Redis, Ansible"),
		job("2020-01", "present", "Led Redis operations. Kafka. Kafka."),
	)
	p := f.Extract(doc, asOf)
	var order []string
	for _, c := range p.Claims {
		order = append(order, fmt.Sprintf("%s %d", *c.ID, c.Level))
	}
	// By level, then by mentions, then by name.
	if diff := cmp.Diff([]string{"kafka 4", "redis 4", "ansible 2", "docker 2"}, order); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if p.ExtractorVersion != skill.ExtractorVersion || p.CatalogVersion != newCatalog(t).Version() {
		t.Errorf("versions %q and %q", p.ExtractorVersion, p.CatalogVersion)
	}
	for _, c := range p.Claims {
		valid(t, doc.Text, c.Mentions)
		if c.Status != skill.StatusRead || c.Name == "" || c.Kind == "" {
			t.Errorf("claim %+v", c)
		}
	}
	if none := f.Extract(&resume.Document{}, asOf); none.Claims == nil || len(none.Claims) != 0 {
		t.Errorf("claims of no text: %v; JSON needs an empty list", none.Claims)
	}

	p.Claims[0].Status = skill.StatusRejected
	if _, ok := p.Claim("kafka"); ok {
		t.Error("a rejected claim still counts")
	}
	if _, ok := p.Claim("redis"); !ok {
		t.Error("rejecting one claim took another away")
	}
	if _, ok := p.Claim("no-such"); ok {
		t.Error("a claim of a skill that is not there")
	}
}

// TestExtractIsDeterministic compares bytes: claims are built from maps.
func TestExtractIsDeterministic(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	doc := write(section(resume.SectionSkills, sampleResume(2000)), job("2019-04", "present", sampleResume(3000)), section(resume.SectionProjects, sampleResume(1000)))
	first, err := json.Marshal(f.Extract(doc, asOf))
	if err != nil {
		t.Fatal(err)
	}
	other := skill.NewFinder(newCatalog(t))
	for i := range 10 {
		from := f
		if i == 0 {
			from = other
		}
		again, err := json.Marshal(from.Extract(doc, asOf))
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(first) {
			t.Fatal("the same document gave two profiles")
		}
	}
}

func TestTitles(t *testing.T) {
	t.Parallel()
	at := func(title, start, end string) resume.Position {
		return resume.Position{Title: title, Start: start, End: end}
	}
	tests := []struct {
		name      string
		positions []resume.Position
		want      []string
	}{
		{"none", nil, nil},
		{"in order of end", []resume.Position{at("old", "2010", "2012"), at("new", "2015-01", "2019-05"), at("middle", "2012", "2015")}, []string{"new", "middle", "old"}},
		{"present first", []resume.Position{at("past", "2010", "2026-05"), at("now", "2001-01", resume.Present)}, []string{"now", "past"}},
		{"later start of two present", []resume.Position{at("long", "2001-01", resume.Present), at("fresh", "2024-01", resume.Present)}, []string{"fresh", "long"}},
		{"as written where equal", []resume.Position{at("a", "2020", "2021"), at("b", "2020", "2021")}, []string{"a", "b"}},
		{"undated last", []resume.Position{at("undated", "", ""), at("dated", "1999", "2000")}, []string{"dated", "undated"}},
		{"without title", []resume.Position{at("", "2020", "2021"), at("b", "2010", "2011")}, []string{"b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := slices.Clone(tt.positions)
			if diff := cmp.Diff(tt.want, skill.Titles(&resume.Document{Positions: tt.positions})); diff != "" {
				t.Errorf("titles (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, tt.positions); diff != "" {
				t.Errorf("the document was changed:\n%s", diff)
			}
		})
	}
}

func BenchmarkExtract(b *testing.B) {
	f := newFinder(b)
	doc := write(section(resume.SectionSkills, sampleResume(1000)), job("2019-04", "present", sampleResume(3000)))
	b.ReportAllocs()
	for b.Loop() {
		f.Extract(doc, asOf)
	}
}
