package resume_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/pagetext/pagetexttest"
	"github.com/gapwise/gapwise/resume"
)

func TestLinkedIn(t *testing.T) {
	t.Parallel()
	doc := readBytes(t, pagetexttest.Archive(t,
		"Export/", "", "__MACOSX/Export/Profile.csv", "rubbish",
		"Export/Profile.csv", "\ufeffFirst Name,Last Name,Address,Birth Date,Headline,Summary,Geo Location,Websites\n"+
			"Jane,Doe,,,Engineer,\"I build.\nI \"\"ship\"\".\",\"Berlin, Germany\",\"[PERSONAL:https://jane.example.org,OTHER:https://b.example.org]\"\n",
		"Export/Email Addresses.csv", "Email Address,Confirmed,Primary,Updated On\nold@example.org,Yes,No,x\njane@example.org,Yes,Yes,x\n",
		"Export/PhoneNumbers.csv", "Extension,Number,Type\n,+49 30 555,Mobile\n",
		"Export/Positions.csv", "Company Name,Title,Description,Location,Started On,Finished On\nAcme,Engineer,\"Go,\nKafka\",Berlin,Jan 2020,\n\nBeta,Tester,,,2018,Dec 2019,extra,fields\nGamma,Intern\n",
		"Export/Skills.csv", "Name\nGo\n\nPostgreSQL\n",
		"Export/Education.csv", "School Name,Start Date,End Date,Notes,Degree Name,Activities\nTU Berlin,2012,2015,,BSc Physics,Chess\n",
		"Export/Certifications.csv", "Name,Url,Authority,Started On,Finished On,License Number\nCKA,https://cka.example.org,CNCF,May 2021,,1\n",
		"Export/Projects.csv", "Title,Description,Url,Started On,Finished On\nkite,A tool,,Feb 2019,\n",
		"Export/Languages.csv", "Name,Proficiency\nGerman,Native\n",
		"Export/Courses.csv", "Notes:\n\"About. These are courses\"\n\nName,Number\nOptics,\n",
		"Export/Connections.csv", "First Name\nSomebody Else\n", "Export/messages.csv", "secret",
	))
	checkDocument(t, doc)
	want := `Jane Doe
Engineer
jane@example.org
+49 30 555
Berlin, Germany
https://jane.example.org
https://b.example.org

Summary
I build.
I "ship".

Experience
Engineer, Acme
Jan 2020 – Present, Berlin
Go,
Kafka

Tester, Beta
2018 – Dec 2019

Intern, Gamma

Education
BSc Physics, TU Berlin
2012 – 2015
Chess

Skills
Go
PostgreSQL

Certifications
CKA, CNCF, May 2021
https://cka.example.org

Projects
kite
Feb 2019 – Present
A tool

Languages
German: Native

Courses
Optics`
	if diff := cmp.Diff(want, doc.Text); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	var jobs []string
	for _, p := range doc.Positions {
		jobs = append(jobs, fmt.Sprintf("%s|%s|%s|%s", p.Title, p.Org, p.Start, p.End))
	}
	if diff := cmp.Diff([]string{"Engineer|Acme|2020-01|present", "Tester|Beta|2018|2019-12", "Intern|Gamma||"}, jobs); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
	if len(doc.Certifications) != 1 || doc.Certifications[0].Year != 2021 || len(doc.Education) != 1 || doc.Education[0].Degree != "BSc Physics" || len(doc.Links) != 3 {
		t.Errorf("certificates %+v, education %+v, links %+v", doc.Certifications, doc.Education, doc.Links)
	}
}

func TestLinkedInBounds(t *testing.T) {
	t.Parallel()
	const head = "Company Name,Title\n"
	for _, tt := range []struct {
		name string
		data []byte
		want resume.Outcome
	}{
		{"very many rows", pagetexttest.Archive(t, "Positions.csv", head+strings.Repeat("a,b\n", 5000)), resume.OutcomeTooLarge},
		{"a table unpacked a thousandfold", pagetexttest.Archive(t, "Positions.csv", head+strings.Repeat(strings.Repeat("a", 1000)+"\n", 20_000)), resume.OutcomeTooLarge},
		{"very many fields", pagetexttest.Archive(t, "Positions.csv", head+strings.Repeat("a,", 5000)), resume.OutcomeTooLarge},
		{"a table that is none", pagetexttest.Archive(t, "Positions.csv", "\x00\x01\x02\xff"), resume.OutcomeBroken},
		{"a quote without an end", pagetexttest.Archive(t, "Positions.csv", head+"\"a,b"), resume.OutcomeOK},
		{"nothing in it", pagetexttest.Archive(t, "Positions.csv", head), resume.OutcomeNoText},
		{"nothing at all", pagetexttest.Archive(t, "Positions.csv", ""), resume.OutcomeNoText},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := resume.NewReader(stub{}).Read(t.Context(), "", tt.data); resume.OutcomeOf(err) != tt.want {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// checkFuzzed checks a document of made-up bytes.
func checkFuzzed(t *testing.T, doc *resume.Document, size int) {
	t.Helper()
	checkDocument(t, doc)
	n := utf8.RuneCountInString(doc.Text)
	if !utf8.ValidString(doc.Text) || n > 20*size+1000 {
		t.Fatalf("%d code points of %d bytes", n, size)
	}
	inside := func(span [2]int) {
		if span[0] < 0 || span[1] <= span[0] || span[1] > n {
			t.Fatalf("span %v in %d", span, n)
		}
	}
	for _, e := range doc.Education {
		inside(e.Span)
	}
	for _, e := range doc.Certifications {
		inside(e.Span)
	}
	for _, e := range doc.Links {
		inside(e.Span)
	}
	for _, e := range doc.Personal {
		inside(e.Span)
	}
}

func FuzzLinkedIn(f *testing.F) {
	f.Add("First Name,Last Name,Websites\nJane,Doe,[X:https://a.org]\n", "Company Name,Title,Started On,Finished On\nAcme,\"a\nb\",Jan 2020,\n", "Name\nGo\n")
	f.Add("\ufeff", "Title\n\"", "Notes:\n\nName\nx")
	f.Fuzz(func(t *testing.T, profile, positions, other string) {
		data := pagetexttest.Archive(t, "Profile.csv", profile, "Positions.csv", positions, "Skills.csv", other, "Education.csv", other, "Certifications.csv", other)
		doc, err := resume.NewReader(stub{}).Read(t.Context(), "", data)
		if err != nil {
			if doc == nil || resume.OutcomeOf(err) != doc.Outcome {
				t.Fatalf("%v beside %+v", err, doc)
			}
			return
		}
		checkFuzzed(t, doc, len(profile)+len(positions)+3*len(other))
	})
}
