// Package pagetexttest holds what the tests of all readers share.
package pagetexttest

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// Check asks what holds of everything that a reader gives: a reason for an error, text that is valid and within the limits, lines with words.
func Check(tb testing.TB, doc *pagetext.Document, err error, limits pagetext.Limits) {
	tb.Helper()
	if err != nil {
		if pagetext.ReasonOf(err) == "" {
			tb.Fatalf("no reason: %v", err)
		}
		return
	}
	runes := 0
	for i := range doc.Pages {
		for _, l := range doc.Pages[i].Lines {
			if len(l.Cells) == 0 || l.Heading < 0 || l.Heading > 6 {
				tb.Fatalf("line %+v", l)
			}
			for _, c := range l.Cells {
				runes += utf8.RuneCountInString(c)
				if c == "" || !utf8.ValidString(c) || strings.ContainsAny(c, "\n\t") || strings.ContainsRune(c, pagetext.Break) {
					tb.Fatalf("cell %q", c)
				}
			}
		}
	}
	if runes > limits.Runes || len(doc.Pages) > limits.Pages {
		tb.Fatalf("%d runes on %d pages", runes, len(doc.Pages))
	}
}

// Archive packs parts, given as pairs of name and content, in their order.
func Archive(tb testing.TB, parts ...string) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i+1 < len(parts); i += 2 {
		method := zip.Deflate
		if parts[i+1] == "" {
			method = zip.Store // a compressor for nothing costs more than all the rest
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: parts[i], Method: method})
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}
