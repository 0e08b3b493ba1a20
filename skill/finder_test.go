package skill_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// spell writes mentions the way tests compare them: the words as they stand and what they mean.
func spell(mentions []skill.Mention) []string {
	out := []string{}
	for _, m := range mentions {
		s := m.Text + "=" + m.SkillID
		if m.Negated {
			s += " (wish)"
		}
		out = append(out, s)
	}
	return out
}

func TestFindBoundaries(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"plain", "PostgreSQL and Kafka", []string{"PostgreSQL=postgresql", "Kafka=kafka"}},
		{"case does not matter", "POSTGRESQL, kafka", []string{"POSTGRESQL=postgresql", "kafka=kafka"}},
		{"C++", "C++, Python", []string{"C++=cpp", "Python=python"}},
		{"C++ with a standard", "Modern C++17 and Python", []string{"C++17=cpp", "Python=python"}},
		{"C#", "C#, Python", []string{"C#=csharp", "Python=python"}},
		{"C# at the end", "Python and C#", []string{"Python=python", "C#=csharp"}},
		{".NET", "Worked with .NET and Docker", []string{".NET=dotnet", "Docker=docker"}},
		{"ASP.NET is one name", "ASP.NET, Docker", []string{"ASP.NET=aspnet-core", "Docker=docker"}},
		{"Node.js", "Node.js, Docker", []string{"Node.js=nodejs", "Docker=docker"}},
		{"Node.js at the end of a sentence", "I know Node.js. I like Docker.", []string{"Node.js=nodejs", "Docker=docker"}},
		{"NodeJS and node js", "NodeJS; node js; Node-JS", []string{"NodeJS=nodejs", "node js=nodejs", "Node-JS=nodejs"}},
		{"version in the word", "Python3, Docker", []string{"Python3=python", "Docker=docker"}},
		{"version with stops", "Python3.12", []string{"Python3.12=python"}},
		{"version beside", "Java 17, Docker", []string{"Java=java", "Docker=docker"}},
		{"JavaScript is not Java", "JavaScript", []string{"JavaScript=javascript"}},
		{"part of a longer word", "Dockeresque, Kafkaesque, Rustic", []string{}},
		{"part of a longer word before", "Megakafka predocker", []string{}},
		{"joined to a number and word", "Kafka2go", []string{}},
		{"plural", "Postgres databases, Kubernetes clusters", []string{"Postgres=postgresql", "Kubernetes clusters=kubernetes"}},
		{"possessive", "Kafka's and Kafka’s offsets", []string{"Kafka=kafka", "Kafka=kafka"}},
		{"quotes", "“Docker” «Kafka» (Redis)", []string{"Docker=docker", "Kafka=kafka", "Redis=redis"}},
		{"dashes", "Kafka–Redis—Docker", []string{"Kafka=kafka", "Redis=redis", "Docker=docker"}},
		{"slashes and pipes", "Kafka/Redis|Docker", []string{"Kafka=kafka", "Redis=redis", "Docker=docker"}},
		{"trade marks", "Docker® and Kubernetes™", []string{"Docker=docker", "Kubernetes=kubernetes"}},
		{"Chinese comma", "熟悉Java、Python和Docker。", []string{"Java=java", "Python=python", "Docker=docker"}},
		{"Japanese", "PythonとDockerの経験", []string{"Python=python", "Docker=docker"}},
		{"Korean particle", "Kafka를 사용", []string{"Kafka=kafka"}},
		{"umlaut goes on a word", "Dockerüberblick", []string{}},
		{"web address", "See https://kubernetes.io/docs and www.redis.com/python", []string{}},
		{"names that look like addresses", "Salesforce.com, Lambda@Edge, torch.compile", []string{"Salesforce.com=salesforce", "Lambda@Edge=aws-lambda", "torch.compile=pytorch"}},
		{"address of such a name", "me@salesforce.com www.salesforce.com salesforce.com/jobs", []string{}},
		{"two hosts of code", "GitHub/GitLab, github/docker", []string{"GitHub=github", "GitLab=gitlab"}},
		{"host and path", "github.com/someone/docker-kafka", []string{}},
		{"mail address", "redis@example.org, python@kafka.dev", []string{}},
		{"net is a host's end", "behance.net/someone", []string{}},
		{"js is a file's end", "netjsongraph.js and cookbook.js", []string{}},
		{"names with a full stop", "Vue.js, Next.js, D3.js", []string{"Vue.js=vue", "Next.js=nextjs", "D3.js=d3"}},
		{"handle and hashtag", "@docker #kafka", []string{}},
		{"broken over lines", "Ruby on\nRails and Apache\n  Kafka", []string{"Ruby on\nRails=rails", "Apache\n  Kafka=kafka"}},
		{"not over paragraphs", "Apache\n\nKafka", []string{"Kafka=kafka"}},
		{"hyphen for a space", "Machine-Learning, machine learning", []string{"Machine-Learning=machine-learning", "machine learning=machine-learning"}},
		{"go-live", "Prepared the go-live with Docker", []string{"Docker=docker"}},
		{"nothing", "", []string{}},
		{"only space", " \n\t ", []string{}},
	}
	f := newFinder(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, spell(f.Find(tt.text))); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestFindOverlaps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"longest wins", "Amazon Web Services Lambda", []string{"Amazon Web Services=aws", "Lambda=aws-lambda"}},
		{"name in a name", "Spring Boot", []string{"Spring Boot=spring-boot"}},
		{"longer than two", "AWS Lambda functions", []string{"AWS Lambda functions=aws-lambda"}},
		{"React Native is not React", "React Native", []string{"React Native=react-native"}},
		{"the form as written before its plural", "Algorithms", []string{"Algorithms=algorithms"}},
		{"the form as written before a version", "Auth0", []string{"Auth0=auth0"}},
		{"same name twice", "Kafka Kafka", []string{"Kafka=kafka", "Kafka=kafka"}},
	}
	f := newFinder(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := f.Find(tt.text)
			if diff := cmp.Diff(tt.want, spell(got)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

// TestSpansAreCodePoints puts what takes more than a byte, or more than a UTF-16 unit, before a name.
func TestSpansAreCodePoints(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	for _, before := range []string{"", "ä", "Größe über Köln: ", "e\u0301", "🚀🚀 ", "👩‍💻 ", "数据库工程师 ", "\u00a0\u2003", "İstanbul KELVIN \u212a ", "\xff\xfe "} {
		t.Run(fmt.Sprintf("%q", before), func(t *testing.T) {
			t.Parallel()
			text := before + "Kubernetes"
			if before == "ä" || before == "e\u0301" {
				text = before + " Kubernetes"
			}
			got := f.Find(text)
			start := utf8.RuneCountInString(text) - len("Kubernetes")
			if len(got) != 1 || got[0].Start != start || got[0].End != start+len("Kubernetes") || got[0].Text != "Kubernetes" {
				t.Errorf("%q: %+v, want one from %d", text, got, start)
			}
		})
	}
}

func TestSectionsAndPages(t *testing.T) {
	t.Parallel()
	text := "Ada Lovelace\n\nSkills\nKafka, Docker\n\nExperience\nBuilt services on Redis."
	at := func(s string) int { return strings.Index(text, s) }
	doc := &resume.Document{
		Text: text,
		Lines: []resume.Line{
			{Page: 1, Start: 0, End: at("\n\nSkills")},
			{Page: 1, Start: at("Skills"), End: at("\nKafka")},
			{Page: 1, Start: at("Kafka"), End: at("\n\nExp")},
			{Page: 2, Start: at("Experience"), End: at("\nBuilt")},
			{Page: 2, Start: at("Built"), End: len(text)},
		},
		Sections: []resume.Section{
			{Kind: resume.SectionHeader, End: at("Skills")},
			{Kind: resume.SectionSkills, Start: at("Skills"), End: at("Experience")},
			{Kind: resume.SectionExperience, Start: at("Experience"), End: len(text)},
		},
	}
	want := []skill.Mention{
		{SkillID: "kafka", Start: at("Kafka"), End: at("Kafka") + 5, Text: "Kafka", Page: 1, Section: resume.SectionSkills, Confidence: 1},
		{SkillID: "docker", Start: at("Docker"), End: at("Docker") + 6, Text: "Docker", Page: 1, Section: resume.SectionSkills, Confidence: 1},
		{SkillID: "redis", Start: at("Redis"), End: at("Redis") + 5, Text: "Redis", Page: 2, Section: resume.SectionExperience, Confidence: 1},
	}
	if diff := cmp.Diff(want, newFinder(t).FindIn(doc)); diff != "" {
		t.Errorf("mentions (-want +got):\n%s", diff)
	}
}

// TestListOfEverydayWords is a list in which no word would count alone.
func TestListOfEverydayWords(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"Languages: C, Rust, R", []string{"C=c", "Rust=rust", "R=r"}},
		{"Programmiersprachen: Go, R", []string{"Go=go", "R=r"}},
		{"Board games: Go, Chess", []string{}},
	} {
		if diff := cmp.Diff(tt.want, spell(f.Find(tt.text))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

// TestEmployers: the name of a position's organisation says little, the same name in its text does.
func TestEmployers(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	text := "MongoDB, Dublin\nEngineer, 2020-2024\nTuned MongoDB for customers."
	doc := &resume.Document{
		Text:      text,
		Sections:  []resume.Section{{Kind: resume.SectionExperience, End: len(text)}},
		Positions: []resume.Position{{Title: "Engineer", Org: "MongoDB", Start: "2020", End: "2024", Span: [2]int{0, 36}}},
	}
	got := f.FindIn(doc)
	if len(got) != 2 || got[0].Confidence >= 0.5 || got[1].Confidence != 1 {
		t.Errorf("%+v; want the first doubted and the second sure", got)
	}
	doc.Positions[0].Org = "Acme"
	if got := f.FindIn(doc); len(got) != 2 || got[0].Confidence != 1 {
		t.Errorf("%+v; want both sure where the employer is another", got)
	}
}

// TestFirmsAndPlaces: names that need no context elsewhere count for nothing where they name a firm, a place, a person or a degree.
func TestFirmsAndPlaces(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	for text, found := range map[string]bool{
		"Prometheus Brewery, Leeds": false, "Waited tables at Café Java": false, "MongoDB Inc., Dublin": false, "Lived in Java Street": false,
		"Prometheus and Grafana": true, "Java technologies": true, "Salesforce consulting": true, "java bakery": true,
		"Software Engineer at Databricks": false, "looked at Databricks": true,
		"helped a colleague named Jenkins": false, "a tool named Jenkins": true,
		"fille de dockers du port": false, "the dockers of Kubernetes": true,
		"MSc Econometrics, Kralingen University": false, "B.Sc. (Hons) Statistics": false, "Bachelor of Science in Machine Learning": false,
		"MSc thesis on machine learning": true, "PhD work on econometrics": true, "MSc Statistics; econometrics at work": true,
	} {
		if got := f.Find(text); (len(got) > 0) != found {
			t.Errorf("%q: %+v; want one: %v", text, got, found)
		}
	}
}

// valid fails tb where a mention does not stand in text as it says, or overlaps the one before.
func valid(tb testing.TB, text string, mentions []skill.Mention) {
	tb.Helper()
	runes := []rune(text)
	last := 0
	for _, m := range mentions {
		if m.Start < last || m.End <= m.Start || m.End > len(runes) {
			tb.Fatalf("%+v is empty, out of the text of %d code points, or overlaps the one that ends at %d", m, len(runes), last)
		}
		if got := string(runes[m.Start:m.End]); got != m.Text {
			tb.Fatalf("%+v: the text there is %q", m, got)
		}
		if m.Confidence <= 0 || m.Confidence > 1 || m.SkillID == "" {
			tb.Fatalf("%+v has no skill or a confidence outside (0, 1]", m)
		}
		last = m.End
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{
		"", "Go", "C++ and C#; .NET", "\xff\xfeKafka\x80", "Ruby on\n\nRails", "No experience with Node.js or Go-live", "e\u0301Java\u0301", "Java、Go語言🚀R", "\x01\x01Go\x01",
		"Kuber-\nnetes", "Ku\u00adber\u00ad\nnetes", "Tensor\ufb02ow", "Ｃ＋＋", "Ge\u0301o\u0301", "\u00ad-\nGo", "https://docker.com Docker.", "Languages: C, R, Go", strings.Repeat("C, ", 400), "İ\u212aKafka",
	} {
		f.Add(s)
	}
	find := newFinder(f)
	f.Fuzz(func(t *testing.T, text string) {
		got := find.Find(text)
		valid(t, text, got)
		if diff := cmp.Diff(got, find.Find(text)); diff != "" {
			t.Errorf("the same text gave two answers:\n%s", diff)
		}
	})
}

// TestEveryNameIsFound writes each name and alias of the catalogue that needs no context in a sentence of its own.
func TestEveryNameIsFound(t *testing.T) {
	t.Parallel()
	c, f := newCatalog(t), newFinder(t)
	names, missed := 0, 0
	for _, s := range c.Skills() {
		ambiguous := map[string]bool{}
		for _, a := range s.Ambiguous {
			ambiguous[strings.ToLower(a)] = true
		}
		for _, form := range append([]string{s.Name}, s.Aliases...) {
			if ambiguous[strings.ToLower(form)] {
				continue
			}
			names++
			text := "(" + form + ")"
			got := f.Find(text)
			valid(t, text, got)
			if len(got) != 1 || got[0].SkillID != s.ID {
				missed++
				t.Logf("%s: %q gave %v", s.ID, form, spell(got))
			}
		}
	}
	t.Logf("%d of %d names are not found as what they are", missed, names)
	if missed*1000 > names {
		t.Errorf("%d of %d names are not found as what they are; want at most one in a thousand", missed, names)
	}
}

func BenchmarkFind(b *testing.B) {
	f := newFinder(b)
	for _, size := range []int{400, 4096, 32768} {
		b.Run(fmt.Sprintf("bytes=%d", size), func(b *testing.B) {
			text := sampleResume(size)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = len(f.Find(text))
			}
			b.ReportMetric(float64(n), "mentions/op")
		})
	}
}

// BenchmarkScan is the automaton alone.
func BenchmarkScan(b *testing.B) {
	f := newFinder(b)
	text := []byte(strings.ToLower(sampleResume(1 << 16)))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		f.Scan(text)
	}
}

func BenchmarkNewFinder(b *testing.B) {
	c := newCatalog(b)
	b.ReportAllocs()
	for b.Loop() {
		skill.NewFinder(c)
	}
}

// sampleResume is running text of a resume of about size bytes.
func sampleResume(size int) string {
	const paragraph = "Senior backend engineer, Nordlicht GmbH, 2019-04 to present\n" +
		"• Led the move of a billing monolith to Go services on Kubernetes and PostgreSQL, which cut incidents by 40 %.\n" +
		"• Designed an event flow with Kafka, and made sure that the rest of the teams could go live without us.\n" +
		"• Mentored four engineers; ran code review and on-call. No experience with Scala.\n\n" +
		"Skills: Python, C, R, Terraform, AWS (S3, Lambda, RDS), React, Node.js, Docker, CI/CD\n\n"
	text := strings.Repeat(paragraph, size/len(paragraph)+1)
	return strings.ToValidUTF8(text[:size], "")
}

// TestSenses: words of two fields mean what their company says, and the catalogue's own skill where it says nothing.
func TestSenses(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	for text, want := range map[string]string{
		"AWS (EC2, S3, Lambda, IAM)":                "IAM=aws-iam",
		"Okta, SSO and IAM for staff":               "IAM=identity-and-access-management",
		"Unity DOTS (ECS, Burst), C#":               "ECS=entity-component-system",
		"AWS: EC2, ECS, Fargate":                    "ECS=amazon-ecs",
		"Maven, Jenkins, Nexus, SonarQube":          "Nexus=artifactory",
		"Kotlin, coroutines, Room, Hilt":            "coroutines=kotlin-coroutines",
		"Python asyncio and coroutines":             "coroutines=asynchronous-programming",
		"Cisco switches, VLANs, ACLs":               "ACLs=network-security",
		"unit tests with Ceedling, Unity and CMock": "Unity=cpp-test-frameworks",
	} {
		if got := spell(f.Find(text)); !slices.Contains(got, want) {
			t.Errorf("%q: %v; want %s", text, got, want)
		}
	}
}

// TestDeeds: a verb of teaching or leading counts with the people whom it was done to.
func TestDeeds(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	for text, want := range map[string]string{
		"I supervised two interns and a student": "mentorship", "Trained six apprentices": "mentorship", "Mentor two analysts": "mentorship",
		"Betreuung von zwei Auszubildenden": "mentorship", "Led five backend engineers": "technical-leadership", "Managed 12 technicians": "people-management",
		"supervised the migration": "", "trained a model": "", "trained two models": "", "was led by engineers": "",
	} {
		got := ""
		if all := f.Find(text); len(all) > 0 {
			got = all[0].SkillID
		}
		if got != want {
			t.Errorf("%q: %q; want %q", text, got, want)
		}
	}
}
