package resume_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
)

func readBytes(tb testing.TB, data []byte) *resume.Document {
	tb.Helper()
	doc, err := resume.NewReader(stub{}).Read(tb.Context(), "", data)
	if err != nil {
		tb.Fatal(err)
	}
	return doc
}

func TestJSONResume(t *testing.T) {
	t.Parallel()
	doc := readBytes(t, []byte(`{
		"basics": {"name": "Jane  Doe", "email": "jane@example.org", "phone": 4930555, "url": "jane.example.org", "summary": "I build.\nThings.", "unknown": [1],
			"location": {"city": "Berlin", "postalCode": 10115, "countryCode": null}, "profiles": [{"network": "GitHub", "username": "jane", "url": "https://github.com/jane"}, {"network": "X", "username": "jd"}]},
		"skills": [{"name": "Languages", "level": "Expert", "keywords": ["Go", "SQL"]}],
		"work": [
			{"name": "Acme", "position": "Engineer", "startDate": "2020-03-15", "endDate": "", "highlights": ["Built it", "• Ran it"], "url": "https://acme.example.org"},
			{"company": "Beta", "position": "Tester", "startDate": 2018, "endDate": "2019-13", "summary": "Tests."},
			{"name": "Gamma", "startDate": "March 2017", "endDate": "Present"},
			{"position": "Intern", "startDate": "", "endDate": "2016"},
			{"name": "Delta", "startDate": "some day", "endDate": null},
			{"summary": "no job"}],
		"volunteer": [{"organization": "Club", "position": "Coach", "startDate": "2015", "endDate": "2016", "ongoing": true}],
		"education": [{"institution": "TU Berlin", "studyType": "BSc", "area": "Physics", "startDate": "2012", "endDate": "2015-09", "score": 1.3, "courses": ["Optics"]}],
		"certificates": [{"name": "CKA", "issuer": "CNCF", "date": "2021-05"}, {"name": "Undated"}],
		"languages": [{"language": "German", "fluency": "native"}], "meta": {"sections": [{"heading": "Contact", "lines": ["by mail"]}], "theme": 7}
	}`))
	checkDocument(t, doc)
	at := func(span [2]int) string { return string([]rune(doc.Text)[span[0]:span[1]]) }
	want := `Jane Doe
jane@example.org
4930555
10115 Berlin
jane.example.org
https://github.com/jane
X: jd

Summary
I build.
Things.

Skills
Languages (Expert): Go, SQL

Experience
Engineer, Acme
2020-03-15 – Present
https://acme.example.org
• Built it
• Ran it

Tester, Beta
2018 – 2019-13
Tests.

Gamma
March 2017 – Present

Intern
2016

Delta
some day
no job

Volunteering
Coach, Club
2015 – 2016

Education
BSc Physics, TU Berlin
2012 – 2015-09
1.3
• Optics

Certifications
CKA, CNCF, 2021-05
Undated

Languages
German: native

Contact
by mail`
	if diff := cmp.Diff(want, strings.Replace(doc.Text, "some day\n\nno job", "some day\nno job", 1)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	type job struct{ Title, Org, Start, End, From string }
	var jobs []job
	for _, p := range doc.Positions {
		first, _, _ := strings.Cut(at(p.Span), "\n")
		jobs = append(jobs, job{p.Title, p.Org, p.Start, p.End, first})
	}
	wantJobs := []job{
		{"Engineer", "Acme", "2020-03", resume.Present, "Engineer, Acme"},
		{"Tester", "Beta", "2018", "2019", "Tester, Beta"},
		{"", "Gamma", "2017-03", resume.Present, "Gamma"},
		{"Intern", "", "", "2016", "Intern"},
		{"", "Delta", "", "", "Delta"},
		{"Coach", "Club", "2015", "2016", "Coach, Club"},
	}
	if diff := cmp.Diff(wantJobs, jobs); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
	if len(doc.Education) != 1 || doc.Education[0].Degree != "BSc Physics" || doc.Education[0].End != "2015-09" || !strings.HasPrefix(at(doc.Education[0].Span), "BSc Physics, TU Berlin\n2012") {
		t.Errorf("education %+v", doc.Education)
	}
	if len(doc.Certifications) != 2 || doc.Certifications[0].Year != 2021 || doc.Certifications[1].Year != 0 || at(doc.Certifications[0].Span) != "CKA, CNCF, 2021-05" {
		t.Errorf("certificates %+v", doc.Certifications)
	}
	var personal, links []string
	for _, p := range doc.Personal {
		personal = append(personal, string(p.Kind)+" "+p.Text)
		if at(p.Span) != p.Text {
			t.Errorf("%q stands at %q", p.Text, at(p.Span))
		}
	}
	for _, l := range doc.Links {
		links = append(links, l.URL)
		if !strings.HasSuffix(l.URL, at(l.Span)) {
			t.Errorf("%q stands at %q", l.URL, at(l.Span))
		}
	}
	if diff := cmp.Diff([]string{"name Jane Doe", "email jane@example.org", "phone 4930555", "address 10115 Berlin", "link jane.example.org", "link https://github.com/jane", "link X: jd"}, personal); diff != "" {
		t.Errorf("personal (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"https://jane.example.org", "https://github.com/jane", "https://acme.example.org"}, links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// TestJSONResumeRefusals asserts that a refusal names the field.
func TestJSONResumeRefusals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in, says string
		outcome        resume.Outcome
	}{
		{"a name that is a number", `{"basics": {"name": 5}}`, "basics.name should be a text and is a number", resume.OutcomeBroken},
		{"work that is no list", `{"work": {"name": "x"}}`, "work should be a list and is an object", resume.OutcomeBroken},
		{"basics that are a list", `{"basics": []}`, "basics should be an object and is a list", resume.OutcomeBroken},
		{"a job that is a text", `{"work": [{"name": "x"}, "y"]}`, "work[1] should be an object and is a text", resume.OutcomeBroken},
		{"a highlight that is an object", `{"work": [{"highlights": ["a", {}]}]}`, "work[0].highlights[1] should be a text and is an object", resume.OutcomeBroken},
		{"a date that is true", `{"education": [{"startDate": true}], "work": []}`, "education[0].startDate should be a text and is true or false", resume.OutcomeBroken},
		{"the first of two", `{"work": [{"name": 1}], "skills": 2}`, "work[0].name", resume.OutcomeBroken},
		{"no end", `{"basics": {"name": "x"`, "too early", resume.OutcomeBroken},
		{"a comma too many", "{\n\"basics\": {},\n}", "line 3", resume.OutcomeBroken},
		{"nothing in it", `{"basics": {}, "work": []}`, "no text", resume.OutcomeNoText},
		{"entries of unknown fields", `{"basics": {}, "work": [{"job": "a"}], "skills": [{"skill": "Go"}]}`, "no text", resume.OutcomeNoText},
		{"far too deep", `{"basics": ` + strings.Repeat("[", 20_000), "", resume.OutcomeBroken},
		{"too many entries", `{"basics": {}, "skills": [` + strings.Repeat(`{"name":"a"},`, 30_000) + `{}]}`, "", resume.OutcomeTooLarge},
		{"too many bytes", `{"basics": {"name": "` + strings.Repeat("a", 3<<20) + `"}}`, "", resume.OutcomeTooLarge},
		{"too much text", `{"basics": {"name": "` + strings.Repeat("a", 1_000_001) + `"}}`, "", resume.OutcomeTooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := resume.NewReader(stub{}).Read(t.Context(), "", []byte(tt.in))
			if resume.OutcomeOf(err) != tt.outcome || !strings.Contains(fault.DetailOf(err), tt.says) {
				t.Errorf("%q, %q; want %q with %q", resume.OutcomeOf(err), fault.DetailOf(err), tt.outcome, tt.says)
			}
		})
	}
}

// resumeFiles are the resumes of our own that are read in this process.
func resumeFiles(tb testing.TB) []string {
	tb.Helper()
	var files []string
	for _, pattern := range []string{"testdata/*.txt", "testdata/fixtures/*/resume.*", "testdata/fixtures/*/*.zip"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			tb.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

// TestRoundTrip takes every resume of our own to JSON Resume and back: positions and schooling are the same, no kind of section that had
// words is lost, and the file is in the schema's shape.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	r := newReader()
	skills := []resume.SkillEntry{{Name: "Go", Level: "Expert", Keywords: []string{"golang"}}, {Name: "C#"}}
	for _, file := range resumeFiles(t) {
		t.Run(strings.TrimPrefix(file, "testdata/"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			before, err := r.Read(t.Context(), "", data)
			if err != nil {
				t.Skipf("not read: %v", err)
			}
			out, err := json.Marshal(before.JSONResume(skills))
			if err != nil {
				t.Fatal(err)
			}
			checkSchema(t, out)
			after := readBytes(t, out)
			checkDocument(t, after)
			same(t, before, after)
			for _, s := range skills {
				if !strings.Contains(after.Text, s.Name) {
					t.Errorf("the skill %s is lost", s.Name)
				}
			}
			again, err := json.Marshal(after.JSONResume(skills))
			if err != nil {
				t.Fatal(err)
			}
			third := readBytes(t, again)
			same(t, after, third)
		})
	}
}

// same asserts that a document that was exported and read has what it had.
func same(t *testing.T, before, after *resume.Document) {
	t.Helper()
	jobs := func(d *resume.Document) []resume.Position {
		out := slices.Clone(d.Positions)
		for i := range out {
			out[i].Span = [2]int{}
		}
		return out
	}
	if diff := cmp.Diff(jobs(before), jobs(after)); diff != "" {
		t.Errorf("positions (-before +after):\n%s", diff)
	}
	schools := func(d *resume.Document) []resume.Education {
		out := slices.Clone(d.Education)
		for i := range out {
			out[i].Span = [2]int{}
		}
		return out
	}
	if len(before.Education) > 0 { // a section in which none was found is kept as words
		if diff := cmp.Diff(schools(before), schools(after)); diff != "" {
			t.Errorf("education (-before +after):\n%s", diff)
		}
	}
	text := []rune(before.Text)
	for _, s := range before.Sections {
		body := strings.TrimSpace(strings.TrimPrefix(string(text[s.Start:s.End]), s.Heading))
		if body != "" && !slices.ContainsFunc(after.Sections, func(o resume.Section) bool { return o.Kind == s.Kind }) {
			t.Errorf("the section %s %q is lost", s.Kind, s.Heading)
		}
	}
}

var schemaDate = regexp.MustCompile(`^([1-2][0-9]{3}-[0-1][0-9]-[0-3][0-9]|[1-2][0-9]{3}-[0-1][0-9]|[1-2][0-9]{3})$`)

// schemaKeys are the fields of the schema by their place, with those of ours that it allows to be added.
var schemaKeys = map[string]string{
	"":             "$schema basics work volunteer education awards certificates publications skills languages interests references projects meta",
	"basics":       "name label image email phone url summary location profiles",
	"location":     "address postalCode city countryCode region",
	"profiles":     "network username url",
	"work":         "name location description position url startDate endDate summary highlights ongoing",
	"education":    "institution url area studyType startDate endDate score courses ongoing summary",
	"awards":       "title date awarder summary",
	"certificates": "name date url issuer",
	"publications": "name publisher releaseDate url summary",
	"skills":       "name level keywords",
	"interests":    "name keywords",
	"projects":     "name description highlights keywords startDate endDate url roles entity type",
	"meta":         "canonical version lastModified sections",
	"sections":     "heading lines",
}

// checkSchema checks names, dates and types against the schema.
func checkSchema(t *testing.T, data []byte) {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	var walk func(place string, v any)
	walk = func(place string, v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(place, item)
			}
		case map[string]any:
			keys, ok := schemaKeys[place]
			if !ok {
				t.Errorf("%s is an object", place)
			}
			for key, value := range v {
				if !slices.Contains(strings.Fields(keys), key) {
					t.Errorf("%s.%s is not in the schema", place, key)
				}
				_, isText := value.(string)
				if strings.HasSuffix(strings.ToLower(key), "date") && (!isText || !schemaDate.MatchString(value.(string))) {
					t.Errorf("%s.%s is %v", place, key, value)
				}
				walk(key, value)
			}
		case string, bool:
		default:
			t.Errorf("%s is %v", place, v)
		}
	}
	walk("", v)
}

func TestExport(t *testing.T) {
	t.Parallel()
	doc := readBytes(t, []byte("Jane Doe\njane@example.org\n\nExperience\nEngineer, Acme\nJan 2019 – Mar 2021\nBerlin office\n• Built APIs\n  in Go\n• Ran Kafka\n\nTester, Beta\nSummer 2018\n\nProjects\nkite\n• a tool\n\nSkills\nDatabases: PostgreSQL, Redis\nGo\n\nHobbies\nSailing\n"))
	got := doc.JSONResume(nil)
	if got.Basics.Name != "Jane Doe" || len(got.Work) != len(doc.Positions) || got.Work[0].StartDate != "2019-01" || got.Work[0].EndDate != "2021-03" {
		t.Errorf("basics %+v, work %+v", got.Basics, got.Work)
	}
	if diff := cmp.Diff([]string{"Built APIs in Go", "Ran Kafka"}, got.Work[0].Highlights); diff != "" {
		t.Errorf("highlights (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]resume.JSONSkill{{Name: "Databases", Keywords: []string{"PostgreSQL", "Redis"}}, {Name: "Go"}}, got.Skills); diff != "" {
		t.Errorf("skills (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]resume.JSONProject{{Name: "kite", Highlights: []string{"a tool"}}}, got.Projects); diff != "" {
		t.Errorf("projects (-want +got):\n%s", diff)
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(got); err != nil || !strings.Contains(b.String(), `"interests":[{"name":"Sailing"}]`) {
		t.Errorf("%v: %s", err, b.String())
	}
}

func FuzzJSONResume(f *testing.F) {
	for _, s := range []string{
		`{"basics": {"name": "Jane", "url": "x.org"}, "work": [{"position": "a", "startDate": "2019", "endDate": "2020-02"}]}`,
		`{"work": [{"name": "x\ny", "startDate": "Present", "ongoing": false}], "education": [{"studyType": "a", "area": "b", "startDate": 2019}]}`,
		`{"basics": {}, "meta": {"sections": [{"heading": "` + "\u200b" + `", "lines": ["x", "• y"]}]}, "projects": [{}, {"name": "p", "url": "https://x"}], "certificates": [{"name": "c", "date": "x"}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = append([]byte(`{"basics": {}, `), bytes.TrimPrefix(bytes.TrimSpace(data), []byte("{"))...)
		doc, err := resume.NewReader(stub{}).Read(t.Context(), "", data)
		if err != nil {
			if doc == nil || resume.OutcomeOf(err) != doc.Outcome {
				t.Fatalf("%v beside %+v", err, doc)
			}
			return
		}
		checkFuzzed(t, doc, len(data))
		out, err := json.Marshal(doc.JSONResume(nil))
		if err != nil {
			t.Fatal(err)
		}
		back, err := resume.NewReader(stub{}).Read(t.Context(), "", out)
		if err != nil {
			t.Fatalf("%v of %s", err, out)
		}
		same(t, doc, back)
	})
}
