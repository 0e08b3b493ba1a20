package pagetext_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/pagetext"
)

func TestCells(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{" \t ", nil},
		{"Acme\t2019", []string{"Acme", "2019"}},
		{"Acme   2019", []string{"Acme", "2019"}},
		{"Acme  2019", []string{"Acme 2019"}},
		{"•\tGo", []string{"• Go"}},
		{"•\tGo\t2019", []string{"• Go", "2019"}},
		{"\uf0b7 Go", []string{"• Go"}},
		{"\uf0b7", []string{"•"}},
		{"\uf095+49 30", []string{"+49 30"}},
		{"2019\t–\t2020", []string{"2019", "–", "2020"}},
		{"W O R K  H I S T O R Y", []string{"WORK HISTORY"}},
	} {
		if diff := cmp.Diff(tt.want, pagetext.Cells(tt.in)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestParagraph(t *testing.T) {
	t.Parallel()
	want := []pagetext.Line{{Cells: []string{"• a"}}, {Cells: []string{"b"}}}
	if diff := cmp.Diff(want, pagetext.Paragraph("a\n\nb", 0, true)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := pagetext.Paragraph("– a", 0, true)[0].Cells[0]; got != "– a" {
		t.Errorf("an item has two marks: %q", got)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ words, href, want string }{
		{"GitHub", "https://github.com/jane", " (https://github.com/jane)"},
		{"github.com/jane", "https://www.github.com/jane/", ""},
		{"https://bit.ly/x", "https://example.org/long", ""},
		{"jane@example.org", "mailto:jane@example.org", ""},
		{"Mail", "mailto:jane@example.org?subject=x", " (jane@example.org)"},
		{"+49 30 555", "tel:+4930555", ""},
		{"Site", "www.example.org", " (www.example.org)"},
		{"here", "#top", ""},
		{"x", "javascript:alert(1)", ""},
		{"x", "file:///etc/passwd", ""},
		{"x", "https://example.org/" + strings.Repeat("a", 400), ""},
		{"x", "https://exa\nmple.org/\uFDD0", " (https://example.org/)"},
	} {
		if got := pagetext.Address(tt.words, tt.href); got != tt.want {
			t.Errorf("%q, %q: %q, want %q", tt.words, tt.href, got, tt.want)
		}
	}
}

func TestBuilder(t *testing.T) {
	t.Parallel()
	line := func(s string) pagetext.Line { return pagetext.Line{Cells: []string{s}} }
	b := pagetext.NewBuilder("x", pagetext.Limits{Pages: 2, Runes: 10})
	b.BreakPage() // before anything: no page
	b.Add(line("a"), pagetext.Line{}, line("b"))
	b.BreakPage()
	b.BreakPage()
	b.Add(line("c"))
	b.BreakPage() // at the end: over the limit
	if _, err := b.Document(); pagetext.ReasonOf(err) != pagetext.TooManyPages {
		t.Errorf("three pages: %v", err)
	}
	b = pagetext.NewBuilder("x", pagetext.Limits{Pages: 2, Runes: 10})
	b.Add(line("12345"), line("6789"))
	if b.Full() == nil {
		t.Error("eleven code points fit into ten")
	}
	b = pagetext.NewBuilder("x", pagetext.Limits{Pages: 2, Runes: 10})
	b.Add(line("a"), pagetext.Line{}, line("b"))
	b.BreakPage()
	doc, err := b.Document()
	want := pagetext.Document{Engine: "x", Pages: []pagetext.Page{{Lines: []pagetext.Line{{Cells: []string{"a"}}, {Cells: []string{"b"}, Apart: true}}}}}
	if diff := cmp.Diff(want, doc); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
