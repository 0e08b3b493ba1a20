package officetext_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/internal/officetext"
	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/pagetext/pagetexttest"
)

// small limits make what is over them cheap to reach.
var small = pagetext.Limits{Pages: 5, Runes: 5000}

// FuzzDOCX takes the body of a document, and the whole file where it is an archive.
func FuzzDOCX(f *testing.F) {
	for _, s := range []string{
		p("Jane") + `<w:tbl>` + row(cell(p("a")), cell(p("b"), p("c"))) + `</w:tbl>`,
		`<w:p><w:pPr><w:outlineLvl w:val="0"/><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "x"</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>y</w:t><w:fldChar w:fldCharType="end"/></w:r></w:p>`,
		`<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>` + p("x") + `</w:txbxContent></mc:Choice></mc:AlternateContent><w:br w:type="page"/></w:r></w:p>`,
		string(testdata(f, "lena.docx")),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		data := []byte(s)
		if !strings.HasPrefix(s, "PK") {
			data = pagetexttest.Archive(t, "word/document.xml", word(s))
		}
		doc, err := officetext.ReadDOCX(data, small)
		pagetexttest.Check(t, &doc, err, small)
	})
}

// FuzzODT takes the body of a text, and the whole file where it is an archive.
func FuzzODT(f *testing.F) {
	for _, s := range []string{
		tp("Jane") + `<table:table><table:table-row><table:table-cell>` + tp("a") + `</table:table-cell></table:table-row></table:table>`,
		`<text:list><text:list-item>` + tp(`a<text:s text:c="3"/><text:tab/><text:line-break/>`) + `</text:list-item></text:list><text:h text:outline-level="3">h</text:h>`,
		tp(`<draw:frame><draw:text-box>` + tp("x") + `</draw:text-box></draw:frame><text:note><text:note-body>` + tp("n") + `</text:note-body></text:note>`),
		string(testdata(f, "lena.odt")),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		data := []byte(s)
		if !strings.HasPrefix(s, "PK") {
			data = []byte(content(s))
		}
		doc, err := officetext.ReadODT(data, small)
		pagetexttest.Check(t, &doc, err, small)
	})
}

func benchmark(b *testing.B, name string, read reader) {
	b.Helper()
	data := testdata(b, name)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := read(data, limits); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDOCX(b *testing.B) { benchmark(b, "lena.docx", officetext.ReadDOCX) }
func BenchmarkODT(b *testing.B)  { benchmark(b, "lena.odt", officetext.ReadODT) }
