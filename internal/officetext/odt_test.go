package officetext_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/officetext"
	"github.com/gapwise/gapwise/internal/pagetext/pagetexttest"
)

const odfNS = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"` +
	` xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"` +
	` xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"` +
	` xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"`

// content is the part of an OpenDocument text around a body.
func content(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><office:document-content ` + odfNS + `><office:body><office:text>` + body + `</office:text></office:body></office:document-content>`
}

func tp(text string) string { return "<text:p>" + text + "</text:p>" }

func TestODT(t *testing.T) {
	t.Parallel()
	item := func(inside string) string { return "<text:list-item>" + inside + "</text:list-item>" }
	tests := []struct {
		name, body string
		want       []string
	}{
		{"spaces", tp("a  b\n   c<text:s/><text:s text:c=\"2\"/>d"), []string{"a b c|d"}},
		{"many spaces", tp(`a<text:s text:c="999999999"/>b`), []string{"a|b"}},
		{"tabs and breaks", tp("Acme<text:tab/>2019<text:line-break/>Berlin"), []string{"Acme|2019", "Berlin"}},
		{"headings", `<text:h text:outline-level="2">Experience</text:h><text:h text:outline-level="12">Deep</text:h><text:h>No level</text:h>`, []string{"##Experience", "", "######Deep", "", "#No level"}},
		{
			"lists", `<text:list><text:list-header>` + tp("head") + `</text:list-header>` + item(tp("one")+tp("goes on")+`<text:list>`+item(tp("inner"))+`</text:list>`) + item(`<text:h text:outline-level="1">numbered heading</text:h>`) + `</text:list>`,
			[]string{"head", "• one", "goes on", "• inner", "", "#numbered heading"},
		},
		{"deleted text and comments", `<text:tracked-changes><text:changed-region><text:deletion>` + tp("COBOL") + `</text:deletion></text:changed-region></text:tracked-changes>` +
			tp(`Go<office:annotation>`+tp("what?")+`</office:annotation> and Rust`), []string{"Go and Rust"}},
		{"links", tp(`<text:a xlink:href="https://github.com/jane">GitHub</text:a>, <text:a xlink:href="https://example.org/">example.org</text:a> <text:a xlink:href="#x">here</text:a>`), []string{"GitHub (https://github.com/jane), example.org here"}},
		{"notes", tp(`Talk<text:note><text:note-citation>1</text:note-citation><text:note-body>`+tp("at a meetup")+`</text:note-body></text:note>s`) + tp("end"), []string{"Talks", "end", "", "at a meetup"}},
		{"boxes", tp(`<draw:frame><draw:text-box>`+tp("aside")+`</draw:text-box><svg:title>picture</svg:title></draw:frame>text`) + tp(`text<draw:frame><draw:text-box>`+tp("behind")+`</draw:text-box></draw:frame>`), []string{"aside", "", "text", "text", "", "behind"}},
		{"a table", `<table:table><table:table-header-rows><table:table-row><table:table-cell>` + tp("Acme") + `</table:table-cell><table:table-cell>` + tp("2019") + `</table:table-cell></table:table-row></table:table-header-rows>` +
			`<table:table-row><table:table-cell>` + tp("a") + tp("b") + `</table:table-cell><table:covered-table-cell>` + tp("x") + `</table:covered-table-cell><table:table-cell>` + tp("c") + `</table:table-cell></table:table-row></table:table>`, []string{"Acme|2019", "a", "b", "c"}},
		{"pages", tp("one") + "<text:soft-page-break/>" + tp("two<text:soft-page-break/> goes on") + tp("three"), []string{"one", "---", "two goes on", "---", "three"}},
		{"sections and hidden ones", `<text:section>` + tp("in") + `</text:section><text:section text:display="none">` + tp("out") + `</text:section>`, []string{"in"}},
		{"an index", `<text:table-of-content><text:table-of-content-source><text:index-title-template>T</text:index-title-template></text:table-of-content-source><text:index-body>` + tp("1 Work") + `</text:index-body></text:table-of-content>`, []string{"1 Work"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			packed := pagetexttest.Archive(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", content(tt.body))
			for kind, data := range map[string][]byte{"packed": packed, "flat": []byte(content(tt.body))} {
				doc, err := officetext.ReadODT(data, limits)
				if err != nil {
					t.Fatalf("%s: %v", kind, err)
				}
				if diff := cmp.Diff(tt.want, outline(&doc)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", kind, diff)
				}
			}
		})
	}
}

func TestODTHeaders(t *testing.T) {
	t.Parallel()
	styles := `<office:document-styles ` + odfNS + `><office:master-styles><style:master-page><style:header>` + tp("Jane Doe") + `</style:header><style:header-left style:display="false">` + tp("Left") +
		`</style:header-left><style:footer>` + tp("Page <text:page-number>1</text:page-number>") + `</style:footer></style:master-page><style:master-page><style:header>` + tp("Jane Doe") + `</style:header></style:master-page></office:master-styles></office:document-styles>`
	for name, tt := range map[string]struct {
		styles string
		want   []string
	}{
		"there":   {styles, []string{"Jane Doe", "", "text", "", "Page 1"}},
		"damaged": {styles[:len(styles)/2], []string{"text"}},
	} {
		data := pagetexttest.Archive(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", content(tp("text")), "styles.xml", tt.styles)
		doc, err := officetext.ReadODT(data, limits)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, outline(&doc)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestOffice reads one resume as LibreOffice saves it: the same words in every format.
func TestOffice(t *testing.T) {
	t.Parallel()
	want := strings.Split(strings.TrimSpace(string(testdata(t, "lena.txt"))), "\n")
	for name, read := range readers() {
		doc, err := read(testdata(t, "lena."+name), limits)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, outline(&doc)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
