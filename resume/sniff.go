package resume

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/safezip"
)

// Format is what the bytes of a file are.
type Format string

// The formats that are read.
const (
	FormatPDF        Format = "pdf"
	FormatDOCX       Format = "docx" // with or without macros, and templates
	FormatODT        Format = "odt"
	FormatRTF        Format = "rtf"
	FormatHTML       Format = "html"
	FormatText       Format = "text"
	FormatMarkdown   Format = "markdown"
	FormatJSONResume Format = "jsonresume"
	FormatLinkedIn   Format = "linkedin" // the archive of a data export
)

// The formats that are not read. They are known so that the person can be told what to do.
const (
	FormatZip         Format = "zip" // an archive of something else, or a damaged one
	FormatDOC         Format = "doc" // of Word before 2007
	FormatOLE         Format = "ole" // of the same container, but no text
	FormatEncrypted   Format = "encrypted"
	FormatSpreadsheet Format = "spreadsheet"
	FormatSlides      Format = "slides"
	FormatPages       Format = "pages" // and its siblings Numbers and Keynote
	FormatEbook       Format = "ebook"
	FormatArchive     Format = "archive" // other archives than ZIP
	FormatImage       Format = "image"
	FormatWebArchive  Format = "webarchive"
	FormatJSON        Format = "json"
	FormatXML         Format = "xml"
	FormatUnknown     Format = "unknown"
)

// pdfHeader may stand anywhere in the first 1024 bytes: Adobe's implementation note 13 to PDF 1.7, and files have it so.
const (
	pdfHeader   = "%PDF-"
	headerReach = 1024
)

// magic are the first bytes of files, none of which begins another.
var magic = []struct {
	bytes  string
	format Format
}{
	{"\x89PNG\r\n\x1a\n", FormatImage},
	{"\xff\xd8\xff", FormatImage},
	{"GIF8", FormatImage},
	{"II*\x00", FormatImage},
	{"MM\x00*", FormatImage},
	{"BM", FormatImage}, // asked last: it is a word, too
	{"8BPS", FormatImage},
	{"Rar!\x1a\x07", FormatArchive},
	{"7z\xbc\xaf\x27\x1c", FormatArchive},
	{"\x1f\x8b\x08", FormatArchive},
	{"BZh", FormatArchive},
	{"\xfd7zXZ\x00", FormatArchive},
	{"bplist00", FormatWebArchive},
	{"%!PS-Adobe", FormatUnknown},
	{"\xdb\xa5", FormatDOC}, // Word 2
	{"\xfe7\x00\x23", FormatDOC},
}

// oleMagic begins a compound file: Office before 2007, and encrypted Office after it.
const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// Sniff tells the format from the bytes alone: names and declared types are often wrong.
func Sniff(data []byte) Format {
	head := data[:min(len(data), headerReach+len(pdfHeader))]
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return sniffZip(data)
	case bytes.HasPrefix(data, []byte(oleMagic)):
		return sniffOLE(data)
	case bytes.Contains(head, []byte(pdfHeader)):
		return FormatPDF
	case bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n\x00"), []byte(`{\rtf`)):
		return FormatRTF
	}
	for _, m := range magic {
		if bytes.HasPrefix(data, []byte(m.bytes)) && (m.bytes != "BM" || bytes.IndexByte(head, 0) >= 0) {
			return m.format
		}
	}
	if len(data) > 12 && (string(data[8:12]) == "WEBP" && string(data[:4]) == "RIFF" || string(data[4:8]) == "ftyp") {
		return FormatImage // WebP; HEIC and AVIF
	}
	return sniffText(data, head)
}

// sniffText tells the formats that are text apart.
func sniffText(data, head []byte) Format {
	lower := strings.ToLower(string(head))
	if strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(lower, "\ufeff")), "<") && (strings.Contains(lower, "<!doctype html") || strings.Contains(lower, "<html")) {
		return FormatHTML // whatever its encoding
	}
	text, ok := decode(data)
	if !ok {
		if safezip.Is(data) {
			return sniffZip(data) // behind rubbish
		}
		return FormatUnknown
	}
	text = strings.TrimSpace(text)
	start := strings.ToLower(text[:min(len(text), headerReach)])
	switch {
	case strings.HasPrefix(start, "<?xml"), strings.HasPrefix(start, "<office:document"):
		return sniffXML(text[:min(len(text), 4*headerReach)])
	case strings.HasPrefix(start, "<") && (strings.Contains(start, "<!doctype html") || strings.Contains(start, "<html")):
		return FormatHTML
	case htmlFragment.MatchString(start) && !atxHeading.MatchString(text):
		return FormatHTML
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		return sniffJSON(text)
	case mimeHead.MatchString(start):
		return FormatWebArchive
	case isMarkdown(text):
		return FormatMarkdown
	}
	return FormatText
}

var (
	// htmlFragment matches the beginning of a page that lacks what stands around it.
	htmlFragment = regexp.MustCompile(`^(?:<!--[^>]*-->\s*)*<(?:head|body|div|section|article|main|header|h[1-6]|p|ul|ol|table|center|style|meta|title)[\s>]`)
	// mimeHead matches a web page that was saved as one file, or a mail.
	mimeHead = regexp.MustCompile(`(?s)^(?:from|mime-version|subject|date|snapshot-content-location|content-type|received|return-path): .*content-type: ?multipart/`)
	// jsonKeys match fields that only a resume has.
	jsonKeys = regexp.MustCompile(`"(?:basics|jsonresume|work)"\s*:|jsonresume/resume-schema|jsonresume\.org`)
)

func sniffXML(text string) Format {
	switch {
	case strings.Contains(strings.ToLower(text), "<html"):
		return FormatHTML
	case strings.Contains(text, "urn:oasis:names:tc:opendocument") && strings.Contains(text, "opendocument.text"):
		return FormatODT
	case strings.Contains(text, "schemas.microsoft.com/office/word/2003"):
		return FormatDOC
	}
	return FormatXML
}

func sniffJSON(text string) Format {
	object := strings.HasPrefix(text, "{")
	switch {
	case object && jsonKeys.MatchString(text):
		return FormatJSONResume
	case len(text) <= maxJSON && json.Valid([]byte(text)):
		if object && strings.Contains(text, `"education"`) && strings.Contains(text, `"skills"`) {
			return FormatJSONResume
		}
		return FormatJSON
	case isMarkdown(text):
		return FormatMarkdown
	}
	return FormatText
}

// sniffZip looks into the directory of an archive. One that cannot be opened is FormatZip.
func sniffZip(data []byte) Format {
	a, err := safezip.Open(data)
	if err != nil {
		return FormatZip
	}
	for _, m := range []struct {
		names  []string // any of which says so
		format Format
	}{
		{[]string{"word/document.xml", "word/document2.xml"}, FormatDOCX},
		{[]string{"xl/workbook.xml", "xl/workbook.bin"}, FormatSpreadsheet},
		{[]string{"ppt/presentation.xml"}, FormatSlides},
		{[]string{"Index/Document.iwa", "Index.zip", "index.apxl", "buildVersionHistory.plist"}, FormatPages},
		{[]string{"META-INF/container.xml"}, FormatEbook},
	} {
		if slices.ContainsFunc(m.names, a.Has) {
			return m.format
		}
	}
	if a.Has("mimetype") || a.Has("content.xml") && a.Has("META-INF/manifest.xml") {
		return sniffODF(a)
	}
	if a.Has("[Content_Types].xml") {
		if types, err := a.Read("[Content_Types].xml"); err == nil && bytes.Contains(types, []byte("wordprocessingml")) {
			return FormatDOCX
		}
	}
	if isLinkedIn(a) {
		return FormatLinkedIn
	}
	return FormatZip
}

func sniffODF(a *safezip.Archive) Format {
	kind, err := a.Read("mimetype")
	if err != nil {
		return FormatODT
	}
	mime := strings.TrimSpace(string(kind[:min(len(kind), headerReach)]))
	switch {
	case strings.HasPrefix(mime, "application/vnd.oasis.opendocument.text"), strings.HasPrefix(mime, "application/vnd.sun.xml.writer"):
		return FormatODT
	case strings.HasPrefix(mime, "application/vnd.oasis.opendocument.spreadsheet"):
		return FormatSpreadsheet
	case strings.HasPrefix(mime, "application/vnd.oasis.opendocument.presentation"):
		return FormatSlides
	case strings.HasPrefix(mime, "application/epub"):
		return FormatEbook
	}
	return FormatZip
}

// sniffOLE looks for the names of streams, which the directory has in UTF-16.
func sniffOLE(data []byte) Format {
	has := func(name string) bool {
		var wide []byte
		for _, c := range []byte(name) {
			wide = append(wide, c, 0)
		}
		return bytes.Contains(data, wide)
	}
	switch {
	case has("EncryptedPackage"):
		return FormatEncrypted
	case has("WordDocument"):
		return FormatDOC
	case has("Workbook"), has("Book\x00"):
		return FormatSpreadsheet
	case has("PowerPoint Document"):
		return FormatSlides
	}
	return FormatOLE
}

// parsed is the format as a parser in the child knows it, "" for one that is read in this process or not at all.
func (f Format) parsed() pagetext.Format {
	switch f {
	case FormatPDF:
		return pagetext.PDF
	case FormatDOCX:
		return pagetext.DOCX
	case FormatODT:
		return pagetext.ODT
	case FormatRTF:
		return pagetext.RTF
	case FormatHTML:
		return pagetext.HTML
	}
	return ""
}

// MediaType is the media type of files of the format (RFC 6838).
func (f Format) MediaType() string {
	switch f {
	case FormatPDF:
		return "application/pdf"
	case FormatDOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case FormatODT:
		return "application/vnd.oasis.opendocument.text"
	case FormatRTF:
		return "application/rtf"
	case FormatHTML:
		return "text/html"
	case FormatText:
		return "text/plain; charset=utf-8"
	case FormatMarkdown:
		return "text/markdown; charset=utf-8"
	case FormatJSONResume:
		return "application/json"
	case FormatLinkedIn:
		return "application/zip"
	}
	return "application/octet-stream"
}

// baseName is the name of an entry without its folders, in lower case.
func baseName(name string) string { return strings.ToLower(path.Base(name)) }

// clipRunes shortens a text to a number of code points.
func clipRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
