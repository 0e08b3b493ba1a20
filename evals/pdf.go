package evals

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// PDF is a resume to be drawn as a PDF: one or two columns of text under a header, in Helvetica, on as many A4 pages as it takes.
type PDF struct {
	Header  string   `yaml:"header"` // across the page, above the columns of the first page
	Columns []string `yaml:"columns"`
	// Rows draws two columns line by line across the page, as a table does, so that the order of drawing is not the order of reading.
	Rows bool `yaml:"rows"`
	// White and Tiny are drawn at the end of the last page in white, and a point high. Info is the document's metadata, such as Title.
	White string            `yaml:"white"`
	Tiny  string            `yaml:"tiny"`
	Info  map[string]string `yaml:"info"`
}

// The layout, in points.
const (
	pageWidth   = 595
	pageHeight  = 842
	pageMargin  = 50
	leading     = 14
	fontSize    = 10
	gutter      = 30
	linesOnPage = (pageHeight - 2*pageMargin) / leading
	glyphWidth  = 5.4 // of Helvetica at fontSize, generously, so that no line runs into the next column
)

// placed is one line of text at its place.
type placed struct {
	page, line int
	x          float64
	text       string
}

// Render draws the file. The same PDF gives the same bytes.
func (p *PDF) Render() ([]byte, error) {
	if n := len(p.Columns); n < 1 || n > 2 {
		return nil, fmt.Errorf("a PDF has one or two columns, not %d", n)
	}
	width := float64(pageWidth-2*pageMargin-(len(p.Columns)-1)*gutter) / float64(len(p.Columns))
	header := wrap(p.Header, pageWidth-2*pageMargin)
	if len(header) > 0 {
		header = append(header, "")
	}
	if len(header) >= linesOnPage {
		return nil, fmt.Errorf("a header of %d lines fills the page", len(header))
	}
	var lines []placed
	for i, text := range header {
		lines = append(lines, placed{0, i, pageMargin, text})
	}
	columns := make([][]placed, len(p.Columns))
	for i, text := range p.Columns {
		x := pageMargin + float64(i)*(width+gutter)
		page, line := 0, len(header)
		for _, l := range wrap(text, width) {
			if line == linesOnPage {
				page, line = page+1, 0
			}
			columns[i] = append(columns[i], placed{page, line, x, l})
			line++
		}
	}
	lines = append(lines, p.inOrder(columns)...)
	pages := make([]bytes.Buffer, lastPage(lines)+1)
	for _, l := range lines {
		if l.text == "" {
			continue
		}
		text, err := winANSI(l.text)
		if err != nil {
			return nil, err
		}
		y := pageHeight - pageMargin - l.line*leading
		fmt.Fprintf(&pages[l.page], "BT /F1 %d Tf 1 0 0 1 %.1f %d Tm (%s) Tj ET\n", fontSize, l.x, y, text)
	}
	if err := p.hide(&pages[len(pages)-1]); err != nil {
		return nil, err
	}
	contents := make([][]byte, len(pages))
	for i := range pages {
		contents[i] = pages[i].Bytes()
	}
	info := map[string]string{}
	for k, v := range p.Info {
		text, err := winANSI(v)
		if err != nil {
			return nil, err
		}
		info[k] = text
	}
	return assemble(contents, "", info), nil
}

// hide draws what a reader of the page does not see, at its foot.
func (p *PDF) hide(page *bytes.Buffer) error {
	y := pageMargin - leading
	for _, part := range []struct {
		text, before, after string
		size                int
	}{{p.White, "1 g ", " 0 g", fontSize}, {p.Tiny, "", "", 1}} {
		for _, l := range wrap(part.text, pageWidth-2*pageMargin) {
			text, err := winANSI(l)
			if err != nil {
				return err
			}
			fmt.Fprintf(page, "BT %s/F1 %d Tf 1 0 0 1 %d %d Tm (%s) Tj%s ET\n", part.before, part.size, pageMargin, y, text, part.after)
			y -= part.size + 1
		}
	}
	return nil
}

// inOrder gives the lines of columns in the order in which they are drawn.
func (p *PDF) inOrder(columns [][]placed) []placed {
	var out []placed
	if !p.Rows {
		for _, c := range columns {
			out = append(out, c...)
		}
		return out
	}
	for i := 0; ; i++ {
		more := false
		for _, c := range columns {
			if i < len(c) {
				out = append(out, c[i])
				more = true
			}
		}
		if !more {
			return out
		}
	}
}

func lastPage(lines []placed) int {
	last := 0
	for _, l := range lines {
		last = max(last, l.page)
	}
	return last
}

// wrap breaks text into lines of a width, at blanks. An empty text has no lines.
func wrap(text string, width float64) []string {
	text = strings.TrimRight(text, "\n ")
	if text == "" {
		return nil
	}
	most := int(width / glyphWidth)
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		current := ""
		for word := range strings.FieldsSeq(line) {
			switch {
			case current == "":
				current = word
			case utf8.RuneCountInString(current)+1+utf8.RuneCountInString(word) <= most:
				current += " " + word
			default:
				out = append(out, current)
				current = word
			}
		}
		out = append(out, current)
	}
	return out
}

// beyondLatin1 are the characters that WinAnsiEncoding has where Latin-1 has controls (PDF 32000-1, annex D.2), as far as resumes use them.
var beyondLatin1 = map[rune]byte{'€': 0x80, '…': 0x85, '‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '•': 0x95, '–': 0x96, '—': 0x97, 'œ': 0x9C, 'Œ': 0x8C}

// winANSI writes text as the inside of a PDF string.
func winANSI(text string) (string, error) {
	var b strings.Builder
	for _, r := range text {
		c, known := beyondLatin1[r]
		switch {
		case known:
		case r >= ' ' && r < 0x7F || r >= 0xA0 && r <= 0xFF:
			c = byte(r) //nolint:gosec // G115: the case lets only Latin-1 through
		default:
			return "", fmt.Errorf("%q is not in WinAnsiEncoding", r)
		}
		if c == '(' || c == ')' || c == '\\' {
			b.WriteByte('\\')
		}
		if c < 0x7F {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "\\%03o", c)
		}
	}
	return b.String(), nil
}

// assemble puts content streams, one a page, into a file with a cross-reference table. encrypt, where not empty, is the dictionary of
// the encryption that the trailer claims; info is the document's metadata, as strings of a PDF.
func assemble(contents [][]byte, encrypt string, info map[string]string) []byte {
	var out bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", len(offsets), fmt.Sprintf(format, args...))
	}
	out.WriteString("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids strings.Builder
	for i := range contents {
		fmt.Fprintf(&kids, "%d 0 R ", 4+2*i)
	}
	object("<< /Type /Pages /Kids [ %s] /Count %d >>", kids.String(), len(contents))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	for i, c := range contents {
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", pageWidth, pageHeight, 5+2*i)
		object("<< /Length %d >>\nstream\n%s\nendstream", len(c), c)
	}
	trailer := ""
	if encrypt != "" {
		object("%s", encrypt)
		trailer = fmt.Sprintf(" /Encrypt %d 0 R /ID [<%s> <%s>]", len(offsets), fileID, fileID)
	}
	if len(info) > 0 {
		var entries strings.Builder
		for _, k := range slices.Sorted(maps.Keys(info)) {
			fmt.Fprintf(&entries, "/%s (%s) ", k, info[k])
		}
		object("<< %s>>", entries.String())
		trailer += fmt.Sprintf(" /Info %d 0 R", len(offsets))
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, trailer, xref)
	return out.Bytes()
}

// fileID is what the trailer of an encrypted file must name; any sixteen bytes do.
const fileID = "00112233445566778899aabbccddeeff"
