package resume_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/resume"
)

// FuzzFindDate asks of a time that was found that its parts are well formed and that its text stands in the string.
func FuzzFindDate(f *testing.F) {
	for _, s := range []string{"", "Jan 2019 – Present", "seit 03/2021", "2020年3月", "03/20 - 04/21", "Q3 2021", "يناير ٢٠١٩", "between 2015 and", "1st of ", "2019 –", "Présent – 2019", "’19"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2000 || !utf8.ValidString(s) {
			t.Skip()
		}
		start, end, text, ok := resume.FindDate(s)
		if !ok {
			return
		}
		if !strings.Contains(s, text) || text == "" {
			t.Errorf("%q is not in %q", text, s)
		}
		for _, d := range []string{start, end} {
			if d == resume.Present && d == end {
				continue
			}
			if len(d) != 4 && len(d) != 7 || d < "1950" || d > "2050" || len(d) == 7 && (d[4] != '-' || d[5:] < "01" || d[5:] > "12") {
				t.Errorf("%q of %q is no date", d, s)
			}
		}
	})
}

// FuzzSections reads arbitrary lines: sections cover the text and every span is within it, in whatever layout the lines stand.
func FuzzSections(f *testing.F) {
	for _, s := range []string{
		"Jane\n\nEXPERIENCE\nEngineer, Acme, 2019 - 2021\n\nSkills: Go", "## Experience\n### Engineer\n2019", "SKILLS ¦ EXPERIENCE\nGo ¦ x", "工作经历\n2019年", "RESEARCH\nEXPERIENCE\n& TEACHING",
		"Summary I am\n\nEducation\n2019 – 2021 TU", "Permis : B\n\nLanguages\nGo",
	} {
		f.Add(s, uint8(3), uint8(40))
	}
	f.Fuzz(func(t *testing.T, s string, step, indent uint8) {
		if len(s) > 20_000 || !utf8.ValidString(s) {
			t.Skip()
		}
		checkStructure(t, readFuzzed(t, s, step, indent, false))
	})
}

// FuzzCompose reads lines with boxes in two columns and on two pages.
func FuzzCompose(f *testing.F) {
	for _, s := range []string{
		"Jane Doe\njane@example.org ¦ +1 555 867-5309\nEXPERIENCE ¦ SKILLS\nEngineer ¦ Go\nAcme ¦ Rust\n2019 - ¦ 2021\n- x ¦ C\n- y ¦ D\nEDUCATION ¦ AWARDS\nTU ¦ 2013",
		"A\nB\nC ¦ D\nhttps://example.org/-\nx/y", "2019 –\npresent\nEngineer, Acme", "Certifications\nCKA\n2020\nCNCF",
	} {
		f.Add(s, uint8(5), uint8(60))
	}
	f.Fuzz(func(t *testing.T, s string, step, indent uint8) {
		if len(s) > 20_000 || !utf8.ValidString(s) {
			t.Skip()
		}
		doc := readFuzzed(t, s, step, indent, true)
		checkStructure(t, doc)
		if diff := cmp.Diff(doc, readFuzzed(t, s, step, indent, true)); diff != "" {
			t.Errorf("read twice (-first +second):\n%s", diff)
		}
	})
}

// readFuzzed reads lines as pages have them: cleaned, with the level of a heading by its marks, and with boxes if boxed.
func readFuzzed(t *testing.T, s string, step, indent uint8, boxed bool) *resume.Document {
	t.Helper()
	pages := []pagetext.Page{{Width: 600, Height: 800}, {Width: 600, Height: 800}}
	apart := true
	for i, l := range strings.Split(s, "\n") {
		heading := min(len(l)-len(strings.TrimLeft(l, "#")), 6)
		var cells []string
		for c := range strings.SplitSeq(l[heading:], "¦") {
			if c = strings.ReplaceAll(pagetext.Clean(c), string(pagetext.Break), ""); c != "" {
				cells = append(cells, c)
			}
		}
		if len(cells) == 0 {
			apart = true
			continue
		}
		line := pagetext.Line{Cells: cells, Apart: apart, Heading: heading}
		if boxed {
			x, y := float64(int(indent)*(i%3)), float64(i*int(step))
			line.Box = [4]float64{x, y, x + 5*float64(len(l)), y + 8 + float64(i%2)}
		}
		apart = false
		p := &pages[min(i/60, 1)]
		p.Lines = append(p.Lines, line)
	}
	if len(pages[0].Lines)+len(pages[1].Lines) == 0 {
		t.Skip()
	}
	doc, err := resume.NewReader(stub{doc: pagetext.Document{Pages: pages}}).Read(t.Context(), "", []byte("%PDF-"))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// checkStructure checks what holds for all that is found in a text.
func checkStructure(t *testing.T, doc *resume.Document) {
	t.Helper()
	checkDocument(t, doc)
	text := []rune(doc.Text)
	within := func(what string, span [2]int) {
		if span[0] < 0 || span[1] <= span[0] || span[1] > len(text) {
			t.Errorf("%s spans %v of %d", what, span, len(text))
		}
	}
	for _, e := range doc.Education {
		within(fmt.Sprintf("%+v", e), e.Span)
	}
	for _, c := range doc.Certifications {
		within(fmt.Sprintf("%+v", c), c.Span)
	}
	for _, l := range doc.Links {
		within(l.URL, l.Span)
	}
	last := 0
	for _, p := range doc.Personal {
		within(p.Text, p.Span)
		if p.Span[0] < last {
			t.Errorf("%+v begins before %d", p, last)
		}
		last = p.Span[1]
		if in := string(text[p.Span[0]:p.Span[1]]); strings.ReplaceAll(in, "\n", "") != strings.ReplaceAll(p.Text, "\n", "") {
			t.Errorf("%s %q spans %q", p.Kind, p.Text, in)
		}
	}
	if len(doc.Language) != 0 && len(doc.Language) != 2 {
		t.Errorf("language %q", doc.Language)
	}
}

// BenchmarkCompose reads a resume of two pages that is lines already.
func BenchmarkCompose(b *testing.B) {
	var pages []pagetext.Page
	for p := range 2 {
		page := pagetext.Page{Width: 600, Height: 800}
		add := func(heading int, cells ...string) {
			y := 40 + 12*float64(len(page.Lines))
			page.Lines = append(page.Lines, pagetext.Line{Cells: cells, Box: [4]float64{50, y, 50 + 5*float64(len(strings.Join(cells, "      "))), y + 8 + float64(heading)}, Apart: heading > 0})
		}
		if p == 0 {
			add(4, "Jane Doe")
			add(0, "jane@example.org | +1 555 867-5309 | github.com/jane")
			add(3, "Summary")
			add(0, "Engineer with ten years of experience in distributed systems and a weakness for plain text.")
		}
		add(3, "Experience")
		for j := range 4 {
			add(1, "Senior Software Engineer", fmt.Sprintf("Jan %d – Dec %d", 2020-4*p-j, 2020-4*p-j))
			add(0, "Acme Corp", "Berlin, Germany")
			for range 5 {
				add(0, "• Built services in Go and moved them to Kubernetes, which cut the cost of running them by 40 % over 2 years.")
			}
		}
		add(3, "Education")
		add(0, "M.Sc. Informatics, TU Berlin", "2008 – 2010")
		add(3, "Skills")
		add(0, "Go, Rust, Python, SQL, Docker, Kubernetes, Terraform, Kafka")
		pages = append(pages, page)
	}
	r := resume.NewReader(stub{doc: pagetext.Document{Pages: pages}})
	for b.Loop() {
		doc, err := r.Read(b.Context(), "", []byte("%PDF-"))
		if err != nil || len(doc.Positions) != 8 {
			b.Fatalf("%v, %d positions", err, len(doc.Positions))
		}
	}
}
