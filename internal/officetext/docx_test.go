package officetext_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/officetext"
	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/pagetext/pagetexttest"
)

// limits are those of a resume.
var limits = pagetext.Limits{Pages: 100, Runes: 1_000_000}

const (
	wordNS   = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	strictNS = "http://purl.oclc.org/ooxml/wordprocessingml/main"
	relNS    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

// word is a document part around a body.
func word(body string) string {
	return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="` + wordNS + `" xmlns:r="` + relNS +
		`" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"` +
		` xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><w:body>` +
		body + `</w:body></w:document>`
}

// p is a paragraph of one run of text.
func p(text string) string {
	return `<w:p><w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:p>`
}

func cell(paragraphs ...string) string { return "<w:tc>" + strings.Join(paragraphs, "") + "</w:tc>" }
func row(cells ...string) string       { return "<w:tr>" + strings.Join(cells, "") + "</w:tr>" }

// rels is a part of relationships: id, kind, target.
func rels(entries ...string) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := 0; i+2 < len(entries); i += 3 {
		mode := ""
		if entries[i+1] == "hyperlink" {
			mode = ` TargetMode="External"`
		}
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s/%s" Target="%s"%s/>`, entries[i], relNS, entries[i+1], entries[i+2], mode)
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}

// outline is a document as lines that can be compared: the level of headings, cells parted by a bar, an empty line where a line stands
// apart, and a rule between pages.
func outline(doc *pagetext.Document) []string {
	var out []string
	for i := range doc.Pages {
		if i > 0 {
			out = append(out, "---")
		}
		for j, l := range doc.Pages[i].Lines {
			if l.Apart && j > 0 {
				out = append(out, "")
			}
			out = append(out, strings.Repeat("#", l.Heading)+strings.Join(l.Cells, "|"))
		}
	}
	return out
}

func TestDOCX(t *testing.T) {
	t.Parallel()
	styles := `<w:styles xmlns:w="` + wordNS + `">` +
		`<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="Überschrift 1"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Deep"><w:name w:val="Mine"/><w:basedOn w:val="H1"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Lvl"><w:name w:val="Other"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Ring"><w:name w:val="Ring"/><w:basedOn w:val="Ring"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="LB"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>` +
		`<w:style w:type="character" w:styleId="Ghost"><w:name w:val="Ghost"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>`
	styled := func(style, text string) string {
		return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	box := func(text string) string { return `<w:txbxContent>` + p(text) + `</w:txbxContent>` }
	field := func(kind string) string { return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>` }
	tests := []struct {
		name, body string
		want       []string
	}{
		{"runs join", `<w:p><w:r><w:t>Post</w:t></w:r><w:r><w:t>greSQL</w:t></w:r></w:p>`, []string{"PostgreSQL"}},
		{"tabs part cells", `<w:p><w:r><w:t>Acme</w:t><w:tab/><w:tab/><w:t>2019 – 2021</w:t></w:r></w:p>`, []string{"Acme|2019 – 2021"}},
		{"breaks", `<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:cr/><w:t>c</w:t></w:r></w:p>`, []string{"a", "b", "c"}},
		{"blank paragraphs part", p("a") + p("") + p("b"), []string{"a", "", "b"}},
		{"hyphens", `<w:p><w:r><w:t>front</w:t><w:noBreakHyphen/><w:t>end soft</w:t><w:softHyphen/><w:t>ware</w:t></w:r></w:p>`, []string{"front-end software"}},
		{"deleted, moved, inserted", `<w:p><w:del><w:r><w:delText>COBOL</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>Perl</w:t></w:r></w:moveFrom>` +
			`<w:ins><w:r><w:t>Go</w:t></w:r></w:ins><w:moveTo><w:r><w:t> Rust</w:t></w:r></w:moveTo></w:p>`, []string{"Go Rust"}},
		{"hidden", `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown</w:t></w:r>` +
			`<w:r><w:rPr><w:rStyle w:val="Ghost"/></w:rPr><w:t>ghost</w:t></w:r></w:p>`, []string{"shown"}},
		{"a field's code", `<w:p>` + field("begin") + `<w:r><w:instrText> PAGE \* MERGEFORMAT </w:instrText></w:r>` + field("separate") + `<w:r><w:t>7</w:t></w:r>` + field("end") + `</w:p>`, []string{"7"}},
		{"a field that is a link", `<w:p>` + field("begin") + `<w:r><w:instrText> HYPERLINK "https://exa</w:instrText></w:r><w:r><w:instrText>mple.org/jane" \o "x"</w:instrText></w:r>` + field("separate") +
			`<w:r><w:t>My site</w:t></w:r>` + field("end") + `</w:p>`, []string{"My site (https://example.org/jane)"}},
		{"a field that never ends", `<w:p>` + field("begin") + `<w:r><w:t>lost?</w:t></w:r></w:p>` + p("kept"), []string{"kept"}},
		{"links", `<w:p><w:hyperlink r:id="rId9"><w:r><w:t>GitHub</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve">, </w:t></w:r><w:hyperlink r:id="rId8"><w:r><w:t>jane@example.org</w:t></w:r></w:hyperlink>` +
			`<w:hyperlink w:anchor="x"><w:r><w:t>, here</w:t></w:r></w:hyperlink></w:p>`, []string{"GitHub (https://github.com/jane), jane@example.org, here"}},
		{"one branch of two", `<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>` + box("in a box") + `</wps:txbx></w:drawing></mc:Choice>` +
			`<mc:Fallback><w:pict><v:textbox>` + box("in a box") + `</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>beside</w:t></w:r></w:p>`, []string{"in a box", "", "beside"}},
		{"the branch that has text", `<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing/></mc:Choice><mc:Fallback><w:pict><v:textbox>` + box("fallback") +
			`</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`, []string{"fallback"}},
		{"a box behind words", `<w:p><w:r><w:t>Jane</w:t></w:r><w:r><w:pict><v:textbox>` + box("Berlin") + `</v:textbox></w:pict></w:r></w:p>`, []string{"Jane", "", "Berlin"}},
		{"text of drawings", `<w:p><w:r><w:drawing><a:p><a:r><a:t>chart</a:t></a:r></a:p></w:drawing><w:t>text</w:t></w:r></w:p>`, []string{"text"}},
		{
			"headings", styled("H1", "Erfahrung") + styled("Deep", "Bildung") + styled("Lvl", "Acme") + styled("Ring", "plain") + styled("Heading1", "no such style"),
			[]string{"#Erfahrung", "", "#Bildung", "", "##Acme", "plain", "no such style"},
		},
		{"a level of its own", `<w:p><w:pPr><w:pStyle w:val="H1"/><w:outlineLvl w:val="9"/></w:pPr><w:r><w:t>text</w:t></w:r></w:p>` +
			`<w:p><w:pPr><w:outlineLvl w:val="8"/></w:pPr><w:r><w:t>deep</w:t></w:r></w:p>`, []string{"text", "", "######deep"}},
		{"lists", `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>one</w:t></w:r></w:p>` + styled("LB", "two") +
			`<w:p><w:pPr><w:pStyle w:val="LB"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr><w:r><w:t>none</w:t></w:r></w:p>` + p("•&#9;typed"), []string{"• one", "• two", "none", "• typed"}},
		{
			"symbols", `<w:p><w:r><w:sym w:font="Symbol" w:char="F0B7"/><w:tab/><w:t>item</w:t></w:r></w:p><w:p><w:r><w:sym w:font="Wingdings" w:char="F028"/><w:t>+49 30</w:t></w:r></w:p>`,
			[]string{"• item", "+49 30"},
		},
		{
			"pages", p("one") + `<w:p><w:r><w:br w:type="page"/></w:r><w:r><w:lastRenderedPageBreak/><w:t>two</w:t></w:r></w:p><w:p><w:r><w:t>a sentence </w:t><w:lastRenderedPageBreak/><w:t>over pages</w:t></w:r></w:p>` + p("three"),
			[]string{"one", "---", "two", "a sentence over pages", "---", "three"},
		},
		{"a table of data", `<w:tbl>` + row(cell(p("Acme")), cell(p("2019 – 2021"))) + row(cell(p("Beta")), cell(p("2015 – 2019"))) + `</w:tbl>`, []string{"Acme|2019 – 2021", "Beta|2015 – 2019"}},
		{"a table of columns", `<w:tbl>` + row(cell(p("SKILLS"), p("Go")), cell(p("EXPERIENCE"), p("Engineer"), p("Acme"))) + `</w:tbl>`, []string{"SKILLS", "Go", "", "EXPERIENCE", "Engineer", "Acme"}},
		{
			"headings side by side", `<w:tbl>` + row(cell(p("SKILLS")), cell(p("EXPERIENCE"))) + row(cell(p("Go"), p("Rust")), cell(p("Engineer"), p("Acme"))) + `</w:tbl>`,
			[]string{"SKILLS", "", "Go", "Rust", "", "EXPERIENCE", "", "Engineer", "Acme"},
		},
		{
			"dates beside an entry", `<w:tbl>` + row(cell(p("2019 – 2021")), cell(p("Engineer"), p("Acme"))) + row(cell(p("Tester"), p("Beta")), cell(p("2017 – 2019"))) + `</w:tbl>`,
			[]string{"2019 – 2021|Engineer", "Acme", "Tester|2017 – 2019", "Beta"},
		},
		{"a table in a table", `<w:tbl>` + row(cell(`<w:tbl>`+row(cell(p("a")), cell(p("b")))+`</w:tbl>`, p("c")), cell(p("d"))) + `</w:tbl>`, []string{"a|b", "c", "d"}},
		{"content controls", `<w:sdt><w:sdtPr><w:alias w:val="Name"/></w:sdtPr><w:sdtContent>` + p("Jane") + `<w:sdt><w:sdtContent>` + p("Doe") + `</w:sdtContent></w:sdt></w:sdtContent></w:sdt>`, []string{"Jane", "Doe"}},
		{"entities", p("R&amp;D &lt;x&gt; &#x41;"), []string{"R&D <x> A"}},
		{"line breaks of the file", "<w:p>\n<w:r>\n<w:t>a\nb</w:t>\n</w:r>\n</w:p>", []string{"a b"}},
		{"a broken word", p("an imag-") + p("ination of it"), []string{"an imagination", "of it"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data := pagetexttest.Archive(t, "[Content_Types].xml", "<Types/>", "word/document.xml", word(tt.body), "word/styles.xml", styles,
				"word/_rels/document.xml.rels", rels("rId1", "styles", "styles.xml", "rId9", "hyperlink", "https://github.com/jane", "rId8", "hyperlink", "mailto:jane@example.org"))
			doc, err := officetext.ReadDOCX(data, limits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, outline(&doc)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDOCXParts reads what stands in other parts than the document's own.
func TestDOCXParts(t *testing.T) {
	t.Parallel()
	header := func(text string) string { return `<w:hdr xmlns:w="` + wordNS + `">` + p(text) + `</w:hdr>` }
	refs := `<w:sectPr><w:headerReference w:type="default" r:id="h1"/><w:headerReference w:type="first" r:id="h2"/><w:headerReference w:type="even" r:id="h3"/>` +
		`<w:footerReference w:type="default" r:id="f1"/></w:sectPr>`
	body := `<w:p><w:r><w:t>Talk</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="1"/></w:r></w:p>`
	notes := func(kind, text string) string {
		return `<w:` + kind + `s xmlns:w="` + wordNS + `"><w:` + kind + ` w:type="separator" w:id="-1">` + p("sep") + `</w:` + kind + `><w:` + kind + ` w:id="2">` + p(text+" two") +
			`</w:` + kind + `><w:` + kind + ` w:id="1">` + p(text+" one") + `</w:` + kind + `></w:` + kind + `s>`
	}
	relations := rels("h1", "header", "header1.xml", "h2", "header", "/word/header2.xml", "h3", "header", "header3.xml", "f1", "footer", "footer1.xml",
		"n1", "footnotes", "footnotes.xml", "n2", "endnotes", "endnotes.xml", "s", "settings", "settings.xml")
	parts := func(body, settings string) []byte {
		return pagetexttest.Archive(t, "word/document.xml", word(body), "word/_rels/document.xml.rels", relations, "word/header1.xml", header("Jane Doe"), "word/header2.xml", header("First page"),
			"word/header3.xml", header("Even page"), "word/footer1.xml", header("Page 1"), "word/footnotes.xml", notes("footnote", "foot"), "word/endnotes.xml", notes("endnote", "end"),
			"word/settings.xml", `<w:settings xmlns:w="`+wordNS+`">`+settings+`</w:settings>`, "word/comments.xml", header("a comment"))
	}
	for _, tt := range []struct {
		name string
		data []byte
		want []string
	}{
		{"those that are shown", parts(body+refs, ""), []string{"Jane Doe", "", "Talk", "", "foot two", "", "end one", "", "Page 1"}},
		{"a first page of its own", parts(body+strings.Replace(refs, "</w:sectPr>", "<w:titlePg/></w:sectPr>", 1), ""), []string{"First page", "", "Jane Doe", "", "Talk", "", "foot two", "", "end one", "", "Page 1"}},
		{"even pages", parts(p("x")+refs, "<w:evenAndOddHeaders/>"), []string{"Jane Doe", "", "Even page", "", "x", "", "Page 1"}},
		{"a part of another name", pagetexttest.Archive(t, "_rels/.rels", rels("r", "officeDocument", "word/main7.xml"), "word/main7.xml", word(p("main"))), []string{"main"}},
		{"names with backslashes", pagetexttest.Archive(t, `word\document.xml`, word(p("windows"))), []string{"windows"}},
		{"behind rubbish", append([]byte("rubbish\r\n"), pagetexttest.Archive(t, "word/document.xml", word(p("x")))...), []string{"x"}},
		{"the strict dialect", pagetexttest.Archive(t, "word/document.xml", strings.ReplaceAll(word(p("strict")), wordNS, strictNS)), []string{"strict"}},
		{"utf-16", pagetexttest.Archive(t, "word/document.xml", utf16XML(word(p("Übung 🚀")))), []string{"Übung 🚀"}},
		{"a damaged header", pagetexttest.Archive(t, "word/document.xml", word(p("text")+refs), "word/_rels/document.xml.rels", rels("h1", "header", "header1.xml", "f1", "footer", "none.xml"), "word/header1.xml", "<w:hdr"), []string{"text"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := officetext.ReadDOCX(tt.data, limits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, outline(&doc)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func utf16XML(s string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(strings.Replace(s, "UTF-8", "UTF-16", 1))) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}
