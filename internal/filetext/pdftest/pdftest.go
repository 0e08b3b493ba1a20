// Package pdftest writes small PDFs for tests, so that no file of anybody's has to be kept.
package pdftest

import (
	"bytes"
	"fmt"
	"strings"
)

// Text is one line of text at a place, in points from the bottom left as PDF has it.
type Text struct {
	X, Y float64
	Size float64 // 11 if 0
	S    string  // ASCII, or bytes of WinAnsiEncoding
}

// Page is the texts of a page, in the order of the content stream.
type Page struct {
	Texts  []Text
	Raw    string // operators that follow the texts, as they are; the font is /F
	Rotate int    // degrees
}

// Column is lines one below the other, from the top.
func Column(x, top float64, lines ...string) []Text {
	texts := make([]Text, 0, len(lines))
	for i, s := range lines {
		if s != "" {
			texts = append(texts, Text{X: x, Y: top - 14*float64(i), S: s})
		}
	}
	return texts
}

// Build writes a PDF 1.4 with Helvetica text on pages of 612 by 792 points.
func Build(pages ...Page) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(body string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), body)
	}
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	kids := make([]string, len(pages))
	for i := range pages {
		kids[i] = fmt.Sprintf("%d 0 R", 4+2*i)
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(pages), strings.Join(kids, " ")))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	for i, p := range pages {
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Rotate %d /Resources << /Font << /F 3 0 R >> >> /Contents %d 0 R >>",
			p.Rotate, 5+2*i))
		content := contentOf(p)
		object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, xref)
	return b.Bytes()
}

func contentOf(p Page) string {
	var b strings.Builder
	for _, t := range p.Texts {
		size := t.Size
		if size == 0 {
			size = 11
		}
		s := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(t.S)
		fmt.Fprintf(&b, "BT /F %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n", size, t.X, t.Y, s)
	}
	return b.String() + p.Raw
}
