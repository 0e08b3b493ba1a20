package filetext_test

import (
	"testing"

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/filetext/pdftest"
	"github.com/gapwise/gapwise/internal/pagetext"
)

// TestBombs reads files that are made to hang or exhaust a reader. Each ends within the pool's limit, with text or with a reason that names
// the file and not the reader, and an honest file is read right after it.
func TestBombs(t *testing.T) {
	t.Parallel()
	if testing.Short() || raceOn {
		t.Skip("limits of memory and time")
	}
	e := newExtractor(t, filetext.Options{Keep: -1})
	defer e.Close()
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, bomb := range pdftest.Bombs() {
		t.Run(bomb.Name, func(t *testing.T) {
			doc, err := e.Extract(t.Context(), pagetext.PDF, bomb.Build(), limits)
			switch r := pagetext.ReasonOf(err); {
			case err == nil:
			case r == pagetext.Unstarted, r == pagetext.Busy, r == "":
				t.Errorf("no reason: %v", err)
			}
			t.Logf("%d words, %v", doc.Words(), err)
			after, err := e.Extract(t.Context(), pagetext.PDF, simple("Jane Doe"), limits)
			if err != nil || textOf(&after) != "Jane Doe\n" {
				t.Errorf("the file after it: %q, %v", textOf(&after), err)
			}
		})
	}
}
