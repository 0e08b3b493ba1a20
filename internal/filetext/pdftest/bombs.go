package pdftest

import (
	"bytes"
	"compress/lzw"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Bomb is a file made to bring a reader down. It is small here and built when it is needed.
type Bomb struct {
	Name  string
	Build func() []byte
}

// Bombs are files of many kinds that hang a reader, recurse in it or make it take all memory. Each is wrong in its own way, and most
// hold text that a careful reader finds.
func Bombs() []Bomb {
	return []Bomb{
		{"cross-references that loop", xrefLoop},
		{"cross-references before themselves", func() []byte { return file(page("")).end("/Prev STARTXREF") }},
		{"cross-references of 2e9 entries", hugeXrefStream},
		{"an object stream within itself", func() []byte { return objectStreams(10, 10) }},
		{"object streams in a circle", func() []byte { return objectStreams(10, 11) }},
		{"an object stream that extends itself", func() []byte {
			return file(page(""), "<< /Type /ObjStm /N 1 /First 4 /Extends 6 0 R /Length 8 >>\nstream\n9 0 null\nendstream").end("")
		}},
		{"a gigabyte of spaces", func() []byte { return file(withContent(flated(1<<30, ' '), "/FlateDecode")).end("") }},
		{"a gigabyte packed twice", func() []byte {
			return file(withContent(deflate(flated(1<<30, ' ')), "[/FlateDecode /FlateDecode]")).end("")
		}},
		{"half a gigabyte of saved states", func() []byte { return file(withContent(repeated("q ", 256<<20), "/FlateDecode")).end("") }},
		{"two million words", func() []byte {
			return file(withContent(repeated("BT /F 9 Tf (word) Tj ET ", 48<<20), "/FlateDecode")).end("")
		}},
		{"a tree of pages that is 60,000 deep", deepPages},
		{"a tree of pages in a circle", func() []byte { return pageTree("[2 0 R 2 0 R]", 1<<30) }},
		{"100,000 times the same page", func() []byte { return pageTree(strings.Repeat("4 0 R ", 100_000), 100_000) }},
		{"100 times a tree of itself", func() []byte { return pageTree(strings.Repeat("2 0 R ", 100), 50) }},
		{"a map to Unicode of 64 MB", func() []byte { return cmap(cmapRanges(64 << 20)) }},
		{"a map to Unicode with huge ranges", func() []byte {
			return cmap(strings.Repeat("1 beginbfrange <0000> <FFFFFFFF> <0041> endbfrange\n", 200))
		}},
		{"a map to Unicode that uses itself", func() []byte { return file(page(""), "<< /UseCMap 6 0 R /Length 0 >>\nstream\n\nendstream").end("") }},
		{"forms within themselves", func() []byte { return forms("/X Do /X Do ", "6 0 R") }},
		{"forms that double 30 times", doublingForms},
		{"arrays 200,000 deep", func() []byte { return file(page(strings.Repeat("[", 200_000))).end("") }},
		{"dictionaries 100,000 deep", func() []byte { return file(page(""), strings.Repeat("<< /A ", 100_000)).end("") }},
		{"an image of 2e9 by 2e9", func() []byte {
			return file(page("q 1 0 0 1 0 0 cm BI /W 2000000000 /H 2000000000 /BPC 8 /CS /RGB ID x EI Q")).end("")
		}},
		{"a stream that says it is 2 GB long", func() []byte {
			return file("<< /Length 2147483647 >>\nstream\nBT /F 9 Tf 72 700 Td (Jane) Tj ET\nendstream").end("")
		}},
		{"a stream whose length is itself", func() []byte {
			return file("<< /Length 5 0 R >>\nstream\nBT /F 9 Tf 72 700 Td (Jane) Tj ET\nendstream").end("")
		}},
		{"a font whose letters are drawn with it", typeThree},
		{"a font that descends from itself", func() []byte {
			return withFont("<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [3 0 R] /ToUnicode 3 0 R >>")
		}},
		{"widths for two billion codes", func() []byte {
			return withFont("<< /Type /Font /Subtype /TrueType /BaseFont /A /FirstChar -2147483648 /LastChar 2147483647 /Widths [1] >>")
		}},
		{"LZW of half a gigabyte", func() []byte { return file(withContent(lzwed(512<<20), "/LZWDecode")).end("") }},
		{"run lengths, packed ten times over", runLengths},
		{"a hundred filters", func() []byte {
			return file(withContent([]byte("42>"), "["+strings.Repeat("/ASCIIHexDecode ", 100)+"]")).end("")
		}},
		{"bilevel data that is cut off", func() []byte {
			return file(withContent([]byte("\x97JB2\r\n\x1a\n\x01\xff\xff\xff\xff"), "/JBIG2Decode")).end("")
		}},
		{"a predictor of two billion columns", func() []byte {
			return file(withContentAnd(flated(1<<20, 'x'), "/FlateDecode", "/DecodeParms << /Predictor 12 /Columns 2147483647 /Colors 32 /BitsPerComponent 16 >>")).end("")
		}},
		{"a name of a megabyte", func() []byte { return file(page("/" + strings.Repeat("n", 1<<20) + " gs")).end("") }},
		{"a page of 1e30 points", func() []byte { return sized("[-1e30 -1e30 1e30 1e30]") }},
		{"a page that is no number", func() []byte { return sized("[nan inf -inf 1e999]") }},
		{"10,000 updates", updates},
		{"a cipher of wrong lengths", func() []byte {
			return file(page("")).end("/Encrypt << /Filter /Standard /V 5 /R 6 /O (a) /U (b) /OE (c) /UE (d) /P -1 /Length 2147483647 >> /ID [(a) (b)]")
		}},
		{"a cipher that is the catalog", func() []byte { return file(page("")).end("/Encrypt 1 0 R") }},
		{"functions within themselves", func() []byte {
			return file(page("/C cs 0.5 scn /S sh"), "<< /FunctionType 3 /Domain [0 1] /Functions [6 0 R 6 0 R] /Bounds [0.5] /Encode [0 1 0 1] >>").end("")
		}},
	}
}

// objects are the bodies of the objects of a file, from number 5 on; 1 to 4 are the catalog, the tree, the font and the page.
type objects struct {
	bodies []string
	before []string // in place of 1 to 4, where set
}

const (
	catalogBody = "<< /Type /Catalog /Pages 2 0 R >>"
	pagesBody   = "<< /Type /Pages /Count 1 /Kids [4 0 R] >>"
	fontBody    = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
	pageBody    = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F 3 0 R >> /XObject << /X 6 0 R >>" +
		" /ColorSpace << /C [/Separation /All /DeviceRGB 6 0 R] >> /Shading << /S << /ShadingType 1 /ColorSpace /DeviceRGB /Function 6 0 R >> >> >>" +
		" /Contents 5 0 R >>"
)

// file has its content stream first and what else there is after it.
func file(bodies ...string) *objects {
	return &objects{bodies: bodies, before: []string{catalogBody, pagesBody, fontBody, pageBody}}
}

// end writes the file with more in its trailer, in which STARTXREF stands for the place of the cross-references.
func (o *objects) end(trailer string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var offsets []int
	for _, body := range append(append([]string{}, o.before...), o.bodies...) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), body)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	trailer = strings.ReplaceAll(trailer, "STARTXREF", strconv.Itoa(xref))
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, trailer, xref)
	return b.Bytes()
}

const someText = "BT /F 11 Tf 72 700 Td (Jane Doe) Tj ET\n"

// page is a content stream with some text, then operators.
func page(operators string) string {
	content := someText + operators
	return fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)
}

func withContent(data []byte, filter string) string { return withContentAnd(data, filter, "") }

func withContentAnd(data []byte, filter, more string) string {
	return fmt.Sprintf("<< /Length %d /Filter %s %s >>\nstream\n%s\nendstream", len(data), filter, more, data)
}

func withFont(font string) []byte {
	o := file(page(""))
	o.before[2] = font
	return o.end("")
}

func sized(box string) []byte {
	o := file(page(""))
	o.before[3] = strings.Replace(pageBody, "[0 0 612 792]", box, 1)
	return o.end("")
}

func pageTree(kids string, count int) []byte {
	o := file(page(""))
	o.before[1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", count, strings.Trim(kids, "[]"))
	return o.end("")
}

func deepPages() []byte {
	const depth = 60_000
	o := file(page(""))
	o.before[1] = "<< /Type /Pages /Count 1 /Kids [6 0 R] >>"
	for n := range depth {
		next := 7 + n
		if n == depth-1 {
			next = 4
		}
		o.bodies = append(o.bodies, fmt.Sprintf("<< /Type /Pages /Parent %d 0 R /Count 1 /Kids [%d 0 R] >>", max(2, 5+n), next))
	}
	return o.end("")
}

// xrefLoop has two tables of cross-references, each of which is before the other.
func xrefLoop() []byte {
	b := file(page("")).end("/Prev 99999")
	second := len(b)
	first := bytes.LastIndex(b, []byte("xref\n0 "))
	b = bytes.Replace(b, []byte("/Prev 99999"), fmt.Appendf(nil, "/Prev %5d", second), 1)
	return fmt.Appendf(b, "xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", first, second)
}

func hugeXrefStream() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := b.Len()
	data := deflate([]byte{1, 0, 9, 0})
	fmt.Fprintf(&b, "7 0 obj\n<< /Type /XRef /Size 2000000000 /Index [0 2000000000] /W [1 2 1] /Root 1 0 R /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		len(data), data, at)
	return b.Bytes()
}

// objectStreams has the catalog in an object stream, which is itself in one: first, which is in second, which is in first.
func objectStreams(first, second int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	body := "1 0 << /Type /Catalog /Pages 2 0 R >>"
	at := b.Len()
	fmt.Fprintf(&b, "%d 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length %d >>\nstream\n%s\nendstream\nendobj\n", first, len(body), body)
	var entries []byte
	entry := func(kind byte, value int) {
		entries = append(binary.BigEndian.AppendUint16(append(entries, kind), uint16(value)), 0) //nolint:gosec // G115: small numbers
	}
	for n := range 13 {
		switch n {
		case first:
			entry(2, second)
		case 1, second:
			entry(2, first)
		case 12:
			entry(1, b.Len())
		default:
			entry(0, at)
		}
	}
	xref := b.Len()
	fmt.Fprintf(&b, "12 0 obj\n<< /Type /XRef /Size 13 /W [1 2 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		len(entries), entries, xref)
	return b.Bytes()
}

func cmapRanges(size int) string {
	var b strings.Builder
	for n := range 1 << 16 {
		fmt.Fprintf(&b, "1 beginbfrange <%04X> <%04X> <%04X> endbfrange\n", n, n, (n*7)&0xFFFF)
	}
	return strings.Repeat(b.String(), size/b.Len())
}

// cmap has a font with a map to Unicode, packed.
func cmap(mapping string) []byte {
	o := file(page(""), withContent(deflate([]byte("/CIDInit /ProcSet findresource begin begincmap\n"+mapping+"endcmap")), "/FlateDecode"))
	o.before[2] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
	return o.end("")
}

func forms(content, inner string) []byte {
	form := fmt.Sprintf("<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F 3 0 R >> /XObject << /X %s >> >> /Length %d >>\nstream\n%s\nendstream",
		inner, len(content), content)
	return file(page("/X Do"), form).end("")
}

// doublingForms has each form draw the next one twice.
func doublingForms() []byte {
	o := file(page("/X Do"))
	for n := range 30 {
		o.bodies = append(o.bodies, fmt.Sprintf("<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F 3 0 R >> /XObject << /X %d 0 R >> >> /Length %d >>\nstream\n%s/X Do /X Do \nendstream",
			7+n, len(someText)+13, someText))
	}
	return o.end("")
}

func typeThree() []byte {
	o := file(page(""), fmt.Sprintf("<< /Length %d >>\nstream\n1000 0 0 0 750 750 d1 BT /F 9 Tf (JJJJ) Tj ET\nendstream", 44))
	o.before[2] = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 74 /LastChar 74 /Widths [1000]" +
		" /CharProcs << /J 6 0 R >> /Encoding << /Type /Encoding /Differences [74 /J] >> /Resources << /Font << /F 3 0 R >> >> >>"
	return o.end("")
}

// updates appends many times a new page, each with its cross-references.
func updates() []byte {
	var b bytes.Buffer
	b.Write(file(page("")).end(""))
	prev := bytes.LastIndex(b.Bytes(), []byte("xref\n0 "))
	for range 10_000 {
		at := b.Len()
		fmt.Fprintf(&b, "4 0 obj\n%s\nendobj\n", pageBody)
		xref := b.Len()
		fmt.Fprintf(&b, "xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", at, prev, xref)
		prev = xref
	}
	return b.Bytes()
}

// runLengths has a content of one byte over and over, packed by the run-length filter ten times.
func runLengths() []byte {
	data := bytes.Repeat([]byte{129, ' '}, 4<<20) // each pair is 128 spaces
	filters := "[" + strings.Repeat("/FlateDecode ", 9) + "/RunLengthDecode]"
	for range 9 {
		data = deflate(data)
	}
	return file(withContent(data, filters)).end("")
}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// flated is size times c, packed.
func flated(size int, c byte) []byte { return repeated(string(c), size) }

// repeated is s until size is reached, packed.
func repeated(s string, size int) []byte {
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestSpeed)
	if err != nil {
		panic(err)
	}
	_, _ = io.CopyN(w, &endless{block: bytes.Repeat([]byte(s), 1<<16/len(s))}, int64(size))
	_ = w.Close()
	return b.Bytes()
}

func lzwed(size int) []byte {
	var b bytes.Buffer
	w := lzw.NewWriter(&b, lzw.MSB, 8)
	_, _ = io.CopyN(w, &endless{block: bytes.Repeat([]byte{' '}, 1<<16)}, int64(size))
	_ = w.Close()
	return b.Bytes()
}

// endless reads as its block over and over.
type endless struct {
	block []byte
	at    int
}

// Read implements io.Reader.
func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.block[e.at:])
	e.at = (e.at + n) % len(e.block)
	return n, nil
}
