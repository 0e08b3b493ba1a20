package resume_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/resume"
)

// personal are the pieces of personal data of a document, with the check that each span holds its text.
func personal(t *testing.T, doc *resume.Document, kinds ...resume.PersonalKind) []string {
	t.Helper()
	text := []rune(doc.Text)
	got := []string{}
	for _, p := range doc.Personal {
		if in := strings.ReplaceAll(string(text[p.Span[0]:p.Span[1]]), "\n", ""); in != strings.ReplaceAll(p.Text, "\n", "") {
			t.Errorf("%s %q spans %q", p.Kind, p.Text, in)
		}
		for _, k := range kinds {
			if k == p.Kind {
				got = append(got, p.Text)
			}
		}
	}
	return got
}

// TestPersonal has contact data in the forms in which people write it. What is expected is in the order of the text.
func TestPersonal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind       resume.PersonalKind
		line, want string
	}{
		{resume.PersonalEmail, "jane.doe+cv@mail.example.co.uk", "jane.doe+cv@mail.example.co.uk"},
		{resume.PersonalEmail, "E-Mail: jörg@müller.example,", "jörg@müller.example"},
		{resume.PersonalEmail, "(jane@example.org) <j@example.net>", "jane@example.org|j@example.net"},
		{resume.PersonalEmail, "jane (at) example.org", "jane (at) example.org"},
		{resume.PersonalEmail, "jane [at] example [dot] org", "jane [at] example [dot] org"},
		{resume.PersonalEmail, "jane at example dot org", "jane at example dot org"},
		{resume.PersonalEmail, "jane @ example.org", "jane @ example.org"},
		{resume.PersonalEmail, "jane.long.name@\nexample.org", "jane.long.name@example.org"},
		{resume.PersonalEmail, "邮箱：jane@example.com", "jane@example.com"},
		{resume.PersonalPhone, "+49 (0)30 123456-78", "+49 (0)30 123456-78"},
		{resume.PersonalPhone, "+1-555-867-5309 | Berlin", "+1-555-867-5309"},
		{resume.PersonalPhone, "(555) 867-5309", "(555) 867-5309"},
		{resume.PersonalPhone, "555.867.5309", "555.867.5309"},
		{resume.PersonalPhone, "Pleasantville, CA 94588 (555) 123-4567", "(555) 123-4567"},
		{resume.PersonalPhone, "Tel. 030/1234567", "030/1234567"},
		{resume.PersonalPhone, "06 12 34 56 78", "06 12 34 56 78"},
		{resume.PersonalPhone, "Mobile: 07700 900123", "07700 900123"},
		{resume.PersonalPhone, "029 2018 0344", "029 2018 0344"},
		{resume.PersonalPhone, "0044 20 7946 0958", "0044 20 7946 0958"},
		{resume.PersonalPhone, "+86 138-0013-8000", "+86 138-0013-8000"},
		{resume.PersonalPhone, "手机：13800138000", "13800138000"},
		{resume.PersonalPhone, "+91 98765 43210", "+91 98765 43210"},
		{resume.PersonalPhone, "Telefon 030 23125 014", "030 23125 014"},
		{resume.PersonalPhone, "2019 - 2021", ""},
		{resume.PersonalPhone, "01.02.2019 - 03.04.2021", ""},
		{resume.PersonalBirthDate, "Date of birth: 5 May 1990", "5 May 1990"},
		{resume.PersonalBirthDate, "DOB: 05/12/1990", "05/12/1990"},
		{resume.PersonalBirthDate, "geboren am 14.02.1988 in Ulm", "14.02.1988"},
		{resume.PersonalBirthDate, "Né le 24/07/1994", "24/07/1994"},
		{resume.PersonalBirthDate, "Fecha de nacimiento: 3 de mayo de 1985", "3 de mayo de 1985"},
		{resume.PersonalBirthDate, "Data di nascita: 1 gennaio 1980", "1 gennaio 1980"},
		{resume.PersonalBirthDate, "Geboortedatum 01-02-1980", "01-02-1980"},
		{resume.PersonalBirthDate, "出生日期：1990年5月1日", "1990年5月1日"},
		{resume.PersonalBirthDate, "1990/11/11", "1990/11/11"},
		{resume.PersonalBirthDate, "Last updated on 21 January 2024", ""},
		{resume.PersonalAddress, "12 Main Street, Springfield, IL 62704", "12 Main Street, Springfield, IL 62704"},
		{resume.PersonalAddress, "Lindenhof 7, 70199 Stuttgart | x", "Lindenhof 7, 70199 Stuttgart"},
		{resume.PersonalAddress, "Anschrift: Musterstraße 5a, 10115 Berlin", "Musterstraße 5a, 10115 Berlin"},
		{resume.PersonalAddress, "12 rue des Tanneurs, 35000 Rennes · France", "12 rue des Tanneurs, 35000 Rennes"},
		{resume.PersonalAddress, "Calle Mayor 5, 28013 Madrid", "Calle Mayor 5, 28013 Madrid"},
		{resume.PersonalAddress, "Keizersgracht 100, 1015 AA Amsterdam", "Keizersgracht 100, 1015 AA Amsterdam"},
		{resume.PersonalAddress, "10 Downing Street, London SW1A 2AA", "10 Downing Street, London SW1A 2AA"},
		{resume.PersonalAddress, "地址：北京市海淀区中关村大街1号", "北京市海淀区中关村大街1号"},
		{resume.PersonalAddress, "Software Engineer in Berlin", ""},
		{resume.PersonalLink, "github.com/jane | www.jane.example", "github.com/jane|www.jane.example"},
		{resume.PersonalLink, "https://jane.example.org/cv.", "https://jane.example.org/cv"},
		{resume.PersonalLink, "LinkedIn: jane-doe-123", "jane-doe-123"},
		{resume.PersonalLink, "https://www.linkedin.com/in/\njane-doe-123", "https://www.linkedin.com/in/jane-doe-123"},
		{resume.PersonalLink, "jane.dev", "jane.dev"},
		{resume.PersonalLink, "Node.js, ASP.NET, e.g. Vue.js 3.0 and main.go", ""},
	} {
		t.Run(string(tt.kind)+" "+tt.line, func(t *testing.T) {
			t.Parallel()
			doc := readLines(t, "Jane Doe\n"+tt.line+"\n\n## Experience\nEngineer, Acme, 2019 – 2021\n\n## Education\nTU Berlin")
			if diff := cmp.Diff(tt.want, strings.Join(personal(t, doc, tt.kind), "|")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestNotPersonal reads what looks like contact data and stands where none does.
func TestNotPersonal(t *testing.T) {
	t.Parallel()
	doc := readLines(t, `Jane Doe

## Experience
Engineer @ acme.com, 2019 – 2021
- Moved 2000000 rows in 2019 - 2020, release 10.2019.1234 and ISBN 978-0-201-89683-1
- Worked with Socket.IO, draw.io, Booking.com and ASP.NET

## Education
TU Berlin`)
	if got := personal(t, doc, resume.PersonalEmail, resume.PersonalPhone, resume.PersonalLink, resume.PersonalBirthDate, resume.PersonalAddress); len(got) > 0 {
		t.Errorf("marked %q", got)
	}
	if len(doc.Links) > 0 {
		t.Errorf("links %v", doc.Links)
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ head, want string }{
		{"Jane Doe\njane@example.org", "Jane Doe"},
		{"JANE VAN DER DOE\nBerlin", "JANE VAN DER DOE"},
		{"Curriculum Vitae\nJane Doe\nj.doe@example.org", "Jane Doe"},
		{"Lebenslauf Jörg Weidenbrück\nx", "Jörg Weidenbrück"},
		{"Name: Jane Doe\nx@example.org", "Jane Doe"},
		{"Name ¦ Jörg Weidenbrück\nj.weidenbrueck@example.org", "Jörg Weidenbrück"},
		{"Jane Doe, PhD\nx", "Jane Doe"},
		{"Jane Doe - Software Engineer\nx", "Jane Doe"},
		{"Software Engineer\nJane Doe\njane.doe@example.org", "Jane Doe"},
		{"Hi, I’m Juniper Castellane\nx", "Juniper Castellane"},
		{"张三\nx@example.com", "张三"},
		{"姓名：李小龙\nx@example.com", "李小龙"},
		{"נועה ברקאי\nx", "נועה ברקאי"},
		{"سلمى الدهبي\nx", "سلمى الدهبي"},
		{"Imogen O’Szabados-Falk\nx", "Imogen O’Szabados-Falk"},
		{"software engineer\nberlin", ""},
	} {
		t.Run(tt.head, func(t *testing.T) {
			t.Parallel()
			doc := readLines(t, tt.head+"\n\n## Experience\nEngineer, Acme, 2019 – 2021\n\n## Education\nTU Berlin")
			if diff := cmp.Diff(tt.want, strings.Join(personal(t, doc, resume.PersonalName), "|")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	doc := readLines(t, `Jane Doe
mailto:jane@example.org | https://jane.example.org/(cv) | github.com/jane

## Projects
Quux (https://quux.example.com/a_b). See also gitlab.com/jane/quux, www.quux.example and http://
Uses Node.js, CI/CD, and/or e.g. and i.e. at version 1.2.3; main.go, README.md, jane.example
https://very.example.com/long/path-
goes/on.html

## Skills
Go`)
	var got []string
	for _, l := range doc.Links {
		got = append(got, l.URL)
	}
	want := []string{
		"https://jane.example.org/(cv)", "https://github.com/jane", "https://quux.example.com/a_b", "https://gitlab.com/jane/quux", "https://www.quux.example",
		"https://very.example.com/long/path-goes/on.html",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
