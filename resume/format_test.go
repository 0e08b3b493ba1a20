package resume_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/pagetext/pagetexttest"
	"github.com/gapwise/gapwise/resume"
)

func wide(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func TestSniffFiles(t *testing.T) {
	t.Parallel()
	const ole = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	for _, tt := range []struct {
		name string
		data []byte
		want resume.Format
	}{
		{"docx", pagetexttest.Archive(t, "[Content_Types].xml", "", "word/document.xml", ""), resume.FormatDOCX},
		{"docm and dotx are the same inside", pagetexttest.Archive(t, "word/document.xml", "", "word/vbaProject.bin", ""), resume.FormatDOCX},
		{"docx of another name", pagetexttest.Archive(t, "[Content_Types].xml", `<Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>`, "part.xml", ""), resume.FormatDOCX},
		{"docx behind rubbish", append([]byte("\r\n\x00junk"), pagetexttest.Archive(t, "word/document.xml", "")...), resume.FormatDOCX},
		{"odt", pagetexttest.Archive(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", ""), resume.FormatODT},
		{"odt template", pagetexttest.Archive(t, "mimetype", "application/vnd.oasis.opendocument.text-template"), resume.FormatODT},
		{"odt that does not say so", pagetexttest.Archive(t, "content.xml", "", "META-INF/manifest.xml", ""), resume.FormatODT},
		{"flat odt", []byte(`<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="application/vnd.oasis.opendocument.text"/>`), resume.FormatODT},
		{"ods", pagetexttest.Archive(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), resume.FormatSpreadsheet},
		{"odp", pagetexttest.Archive(t, "mimetype", "application/vnd.oasis.opendocument.presentation"), resume.FormatSlides},
		{"epub", pagetexttest.Archive(t, "mimetype", "application/epub+zip"), resume.FormatEbook},
		{"xlsx", pagetexttest.Archive(t, "[Content_Types].xml", "", "xl/workbook.xml", ""), resume.FormatSpreadsheet},
		{"pptx", pagetexttest.Archive(t, "ppt/presentation.xml", ""), resume.FormatSlides},
		{"pages", pagetexttest.Archive(t, "Index/Document.iwa", "", "Metadata/Properties.plist", ""), resume.FormatPages},
		{"an export", pagetexttest.Archive(t, "Positions.csv", "", "Profile.csv", ""), resume.FormatLinkedIn},
		{"an export in a folder", pagetexttest.Archive(t, "Basic_LinkedInDataExport/Profile.csv", ""), resume.FormatLinkedIn},
		{"tables deeper down are not an export", pagetexttest.Archive(t, "a/b/Profile.csv", ""), resume.FormatZip},
		{"an archive of a resume", pagetexttest.Archive(t, "cv.pdf", "%PDF-1.7"), resume.FormatZip},
		{"an empty archive", pagetexttest.Archive(t), resume.FormatZip},
		{"doc", []byte(ole + strings.Repeat("\x00", 600) + wide("WordDocument")), resume.FormatDOC},
		{"xls", []byte(ole + strings.Repeat("\x00", 600) + wide("Workbook")), resume.FormatSpreadsheet},
		{"ppt", []byte(ole + wide("PowerPoint Document")), resume.FormatSlides},
		{"encrypted docx", []byte(ole + wide("EncryptionInfo") + wide("EncryptedPackage")), resume.FormatEncrypted},
		{"msi or the like", []byte(ole + "\x00\x01"), resume.FormatOLE},
		{"rtf behind a mark", []byte("\xef\xbb\xbf{\\rtf1 x}"), resume.FormatRTF},
		{"html with a declaration", []byte("<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\"><html><p>x"), resume.FormatHTML},
		{"html behind a comment", []byte("<!-- saved -->\n<html><p>x"), resume.FormatHTML},
		{"a fragment", []byte("<div class=cv><h1>Jane</h1></div>"), resume.FormatHTML},
		{"html in utf-16", []byte("\xff\xfe" + wide("<html><p>x</p>")), resume.FormatHTML},
		{"html in shift_jis", []byte("<html><meta charset=shift_jis><p>\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x97\x9a\x97\xf0\x8f\x91"), resume.FormatHTML},
		{"markdown with html at its head", []byte("<h1 align=center>Jane</h1>\n\n## Work\n"), resume.FormatMarkdown},
		{"markdown", []byte("# Jane Doe\n\nGo"), resume.FormatMarkdown},
		{"markdown underlined", []byte("Jane Doe\n========\n\nWork\n----\n"), resume.FormatMarkdown},
		{"text with a hash", []byte("We are #1 in C# and F#\n#hashtag"), resume.FormatText},
		{"text with stars", []byte("Grades: 2 * 3 * 4\n* Go\n* Rust\n- a_b_c"), resume.FormatText},
		{"text in capitals over a rule", []byte("Jane | Berlin\n-------------\njane@example.org\n----------------\n"), resume.FormatText},
		{"json resume", []byte(" {\"basics\": {}}"), resume.FormatJSONResume},
		{"json resume without basics", []byte(`{"education": [], "skills": []}`), resume.FormatJSONResume},
		{"other json", []byte(`{"name": "package", "version": "1.0"}`), resume.FormatJSON},
		{"text in braces", []byte("{Jane} knows Go"), resume.FormatText},
		{"other xml", []byte("<?xml version=\"1.0\"?><resume><name>Jane</name></resume>"), resume.FormatXML},
		{"a saved page", []byte("From: <Saved by Blink>\r\nSubject: CV\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n"), resume.FormatWebArchive},
		{"rar", []byte("Rar!\x1a\x07\x01\x00"), resume.FormatArchive},
		{"gzip", []byte("\x1f\x8b\x08\x00\x00"), resume.FormatArchive},
		{"bitmap", []byte("BM\x00\x01\x00\x00"), resume.FormatImage},
		{"a text that begins as a bitmap", []byte("BMW Group, Engineer"), resume.FormatText},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := resume.Sniff(tt.data); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if tt.want.MediaType() == "" {
				t.Error("no media type")
			}
		})
	}
}

// TestRefusals asserts that each kind of file that is not read is refused with what to upload instead.
func TestRefusals(t *testing.T) {
	t.Parallel()
	const ole = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	many := make([]string, 0, 10_000)
	for range 5000 {
		many = append(many, "x/"+string(rune('a'+len(many)%26))+strings.Repeat("y", len(many)/26), "")
	}
	for _, tt := range []struct {
		name string
		data []byte
		want resume.Outcome
		says string
	}{
		{"doc", []byte(ole + wide("WordDocument")), resume.OutcomeUnsupported, ".docx"},
		{"xlsx", pagetexttest.Archive(t, "xl/workbook.xml", ""), resume.OutcomeUnsupported, "Spreadsheets"},
		{"pptx", pagetexttest.Archive(t, "ppt/presentation.xml", ""), resume.OutcomeUnsupported, "Presentations"},
		{"pages", pagetexttest.Archive(t, "Index/Document.iwa", ""), resume.OutcomeUnsupported, "Export To"},
		{"epub", pagetexttest.Archive(t, "mimetype", "application/epub+zip"), resume.OutcomeUnsupported, "E-books"},
		{"zip", pagetexttest.Archive(t, "cv.pdf", ""), resume.OutcomeUnsupported, "Unpack"},
		{"rar", []byte("Rar!\x1a\x07\x01\x00"), resume.OutcomeUnsupported, "Unpack"},
		{"json", []byte(`{"a": 1}`), resume.OutcomeUnsupported, "JSON Resume"},
		{"xml", []byte(`<?xml version="1.0"?><a/>`), resume.OutcomeUnsupported, "XML"},
		{"mail", []byte("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\nhi"), resume.OutcomeUnsupported, "PDF"},
		{"jpeg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF"), resume.OutcomeUnsupported, "Pictures"},
		{"bytes", []byte("\x00\x01\x02"), resume.OutcomeUnsupported, ".odt"},
		{"encrypted", []byte(ole + wide("EncryptedPackage")), resume.OutcomePassword, "password"},
		{"half an archive", pagetexttest.Archive(t, "word/document.xml", strings.Repeat("x", 500))[:60], resume.OutcomeBroken, "damaged"},
		{"very many entries", pagetexttest.Archive(t, many...), resume.OutcomeTooLarge, "large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := resume.NewReader(stub{err: pagetext.Broken}).Read(t.Context(), "cv.bin", tt.data)
			if doc == nil || doc.Outcome != tt.want || resume.OutcomeOf(err) != tt.want || !strings.Contains(fault.DetailOf(err), tt.says) {
				t.Errorf("%q, %q; want %q with %q", resume.OutcomeOf(err), fault.DetailOf(err), tt.want, tt.says)
			}
		})
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"headings", "# Jane Doe #\n## Work\nGo\nSchool\n------\nTU", "Jane Doe\n\nWork\nGo\n\nSchool\nTU"},
		{"emphasis", "# x\n**Go**, *Rust*, __no__, _C_ and ~~COBOL~~, ***all***", "x\nGo, Rust, no, C and COBOL, all"},
		{"what is no emphasis", "# x\n2 * 3 * 4, a_b_c, snake_case_, C#, f(*p), 5*6*7", "x\n2 * 3 * 4, a_b_c, snake_case_, C#, f(*p), 5*6*7"},
		{"links", "# x\n[site](https://example.org/a_b), [example.org](https://example.org/), <https://x.org>, <jane@example.org>, [no](#here)", "x\nsite (https://example.org/a_b), example.org, https://x.org, jane@example.org, no"},
		{"references", "# x\n[the site][s] and [s]\n\n[s]: https://example.org/jane \"title\"", "x\nthe site (https://example.org/jane) and [s]"},
		{"pictures", "# x\n![Go](https://img.example.org/go.svg) [![CI](https://a.example.org/b.svg)](https://ci.example.org/x)", "x\nGo CI (https://ci.example.org/x)"},
		{"code", "# x\n`a*b*c` and ``x`` \\*kept\\*", "x\na*b*c and x *kept*"},
		{"a fence", "# x\n```go\n# no heading\n**raw**\n```\n~~~\ny\n~~~", "x\n# no heading\n**raw**\ny"},
		{"lists", "# x\n* a\n+ b\n- [x] c\n  - d\n1. e\n2020. f", "x\n• a\n• b\n• c\n• d\n1. e\n2020. f"},
		{"quotes and rules", "# x\n> said\n\n---\n***\n> > twice", "x\nsaid\n\ntwice"},
		{"tables", "# x\n| Acme | 2019 |\n|------|:----:|\n| Beta | `a|b` 2018 |\n\na | b\n--|--\nc | d", "x\n\nAcme 2019\nBeta `a b` 2018\n\na b\nc d"},
		{"front matter", "---\ntitle: \"CV\"\nname: Jane Doe\nskills:\n  - x\n---\n# Work\nGo", "Jane Doe\nCV\n\nWork\nGo"},
		{"a rule and no front matter", "---\nJane Doe\n---\n# Work", "Jane Doe\n\nWork"},
		{"comments and tags", "# x\n<!-- a\nb -->go<br>rust <b>c</b> List<String> &amp; <a href=\"https://example.org/q\">q</a>", "x\ngo\nrust c List<String> & q (https://example.org/q)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := resume.NewReader(stub{}).Read(t.Context(), "", []byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			checkDocument(t, doc)
			if diff := cmp.Diff(tt.want, doc.Text); diff != "" || doc.Engine != "markdown" {
				t.Errorf("engine %s (-want +got):\n%s", doc.Engine, diff)
			}
		})
	}
}

// TestLinkedNames asserts that the address behind the words of a link is kept, and is no part of a name.
func TestLinkedNames(t *testing.T) {
	t.Parallel()
	doc := readBytes(t, []byte("# Jane Doe\n\n## Experience\n\n### Engineer, [Acme GmbH](https://acme.example.com)\nJan 2020 – Present\n- Go\n\n## Education\n\nBSc Physics, [TU Berlin](https://tu.example.org/x), 2012 – 2015\n"))
	if len(doc.Positions) != 1 || doc.Positions[0].Org != "Acme GmbH" || !strings.Contains(doc.Text, "Acme GmbH (https://acme.example.com)") {
		t.Errorf("positions %+v in %q", doc.Positions, doc.Text)
	}
	if len(doc.Education) != 1 || doc.Education[0].Institution != "TU Berlin" {
		t.Errorf("education %+v", doc.Education)
	}
	if len(doc.Links) != 2 {
		t.Errorf("links %+v", doc.Links)
	}
}
