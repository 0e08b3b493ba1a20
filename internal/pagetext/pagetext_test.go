package pagetext_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/pagetext"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"nothing to do", "Go, C++ and C#", "Go, C++ and C#"},
		{"ligatures", "workﬂow of a scientiﬁc oﬃce", "workflow of a scientific office"},
		{"full width", "Ｇｏ（１）", "Go(1)"},
		{"spaces", "  a\u00a0b\u2003c\td  ", "a b c d"},
		{"invisible", "So\u00adft\u200bware\ufeff \u202aGo\u202c", "Software Go"},
		{"icons", "\uf095+49\uf111Go", "+49 Go"},
		{"replacement and control", "a\ufffdb\x07c", "a bc"},
		{"a mark is no letter", "Java™ and Go®", "Java and Go®"},
		{"a decomposed letter", "Mu\u0308ller", "Müller"},
		{"hyphens", "front\u2011end e\u2010mail", "front-end e-mail"},
		{"only rubbish", "\x00\u200b", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, pagetext.Clean(tt.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHyphens(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"a broken word", []string{"an imag-", "ination of it"}, []string{"an imagination", "of it"}},
		{"a compound", []string{"an event-", "driven system"}, []string{"an event-driven", "system"}},
		{"closed compounds", []string{"a frame-", "work of data-", "bases"}, []string{"a framework", "of databases"}},
		{"as it stands elsewhere", []string{"low-code and low-", "code"}, []string{"low-code and low-code"}},
		{"as it stands elsewhere, joined", []string{"realtime, real-", "time"}, []string{"realtime, realtime"}},
		{"a date", []string{"2019-", "2020"}, []string{"2019-", "2020"}},
		{"a name", []string{"Jean-", "Luc"}, []string{"Jean-", "Luc"}},
		{"a list mark", []string{"end of it -", "next"}, []string{"end of it -", "next"}},
		{"a syllable that is a word", []string{"re-", "source and multi-", "ple"}, []string{"resource", "and multiple"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := pagetext.Document{Pages: make([]pagetext.Page, 1)}
			for _, l := range tt.lines {
				doc.Pages[0].Lines = append(doc.Pages[0].Lines, pagetext.Line{Cells: []string{l}})
			}
			doc.Pages[0].Lines = pagetext.Carry(doc.Pages[0].Lines)
			pagetext.MendHyphens(&doc)
			var got []string
			for _, l := range doc.Pages[0].Lines {
				got = append(got, l.Text())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReasonOf(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("read: %w: %w", pagetext.Timeout, errors.New("killed"))
	if got := pagetext.ReasonOf(err); got != pagetext.Timeout {
		t.Errorf("got %q", got)
	}
	if got := pagetext.ReasonOf(nil); got != "" {
		t.Errorf("got %q of nil", got)
	}
}

// FuzzClean asks that cleaned text is clean: cleaning again changes nothing, and no control character is left.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "Go", "a\u00a0b", "ﬁ\u0308", "\uf095 x", "ﷺ", "\u0344"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := pagetext.Clean(s)
		if again := pagetext.Clean(got); again != got {
			t.Errorf("%q cleans to %q and that to %q", s, got, again)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return r != pagetext.Break && unicode.IsControl(r) }) {
			t.Errorf("%q has a control character", got)
		}
	})
}
