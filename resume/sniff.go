package resume

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// Format is what the bytes of a file are.
type Format string

// The formats that are told apart. Only FormatPDF and FormatText are read; the others are known so that the person can be told what to do.
const (
	FormatPDF     Format = "pdf"
	FormatText    Format = "text"
	FormatZip     Format = "zip" // and so .docx, .odt and .pages
	FormatOLE     Format = "ole" // .doc
	FormatRTF     Format = "rtf"
	FormatImage   Format = "image"
	FormatHTML    Format = "html"
	FormatUnknown Format = "unknown"
)

// pdfHeader may stand anywhere in the first 1024 bytes: Adobe's implementation note 13 to PDF 1.7, and files have it so.
const (
	pdfHeader      = "%PDF-"
	pdfHeaderReach = 1024
)

// Sniff tells the format from the bytes alone: names and declared types are often wrong.
func Sniff(data []byte) Format {
	if bytes.Contains(data[:min(len(data), pdfHeaderReach+len(pdfHeader))], []byte(pdfHeader)) {
		return FormatPDF
	}
	for _, m := range []struct {
		magic  string
		format Format
	}{
		{"PK\x03\x04", FormatZip},
		{"PK\x05\x06", FormatZip},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FormatOLE},
		{"{\\rtf", FormatRTF},
		{"\x89PNG\r\n\x1a\n", FormatImage},
		{"\xff\xd8\xff", FormatImage},
		{"GIF8", FormatImage},
		{"II*\x00", FormatImage},
		{"MM\x00*", FormatImage},
	} {
		if bytes.HasPrefix(data, []byte(m.magic)) {
			return m.format
		}
	}
	if len(data) > 12 && (string(data[8:12]) == "WEBP" && string(data[:4]) == "RIFF" || string(data[4:8]) == "ftyp") {
		return FormatImage // WebP; HEIC and AVIF
	}
	text, ok := decode(data)
	if !ok {
		return FormatUnknown
	}
	start := strings.ToLower(text[:min(len(text), 256)])
	if start = strings.TrimSpace(start); strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html") {
		return FormatHTML
	}
	return FormatText
}

// instead says what to upload in place of a format that is not read.
func (f Format) instead() string {
	switch f {
	case FormatZip, FormatOLE, FormatRTF:
		return "Word and OpenDocument files are not read. Save the document as a PDF (File, Export or Save as) and upload that."
	case FormatImage:
		return "Pictures are not read. Export the resume as a PDF from the program it was written in, or paste it as plain text."
	case FormatHTML:
		return "Web pages are not read. Print the page to a PDF and upload that, or paste its text."
	case FormatPDF, FormatText, FormatUnknown:
	}
	return outcomeFaults(OutcomeUnsupported).detail
}

// decode gives the text of a file without a format: UTF-8, UTF-16 with a byte order mark, or Windows-1252, which old editors write
// without saying so. ok is false for bytes that are no text.
func decode(data []byte) (text string, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decodeUTF16(data[2:], func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 })
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decodeUTF16(data[2:], func(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 })
	case bytes.IndexByte(data, 0) >= 0:
		return "", false
	case utf8.Valid(data):
		text = strings.TrimPrefix(string(data), "\ufeff")
		return text, printable(text)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return "", false
	}
	text = string(out)
	return text, printable(text) && mostlyLetters(text)
}

func decodeUTF16(data []byte, unit func([]byte) uint16) (string, bool) {
	if len(data)%2 != 0 {
		data = data[:len(data)-1]
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i < len(data); i += 2 {
		units = append(units, unit(data[i:]))
	}
	text := string(utf16.Decode(units))
	return text, !strings.ContainsRune(text, 0) && printable(text)
}

// printable is true where at most one character in fifty is a control or a replacement character.
func printable(text string) bool {
	bad, all := 0, 0
	for _, r := range text {
		all++
		if r == unicode.ReplacementChar || unicode.IsControl(r) && !strings.ContainsRune("\t\n\v\f\r", r) {
			bad++
		}
	}
	return bad*50 <= all
}

// mostlyLetters keeps binary data from passing as Windows-1252, in which nearly every byte is some character.
func mostlyLetters(text string) bool {
	plain, all := 0, 0
	for _, r := range text {
		all++
		if r < utf8.RuneSelf {
			plain++
		}
	}
	return plain*10 >= all*7
}

// tabWide is how many spaces between words part cells, as people do who line up dates in plain text.
const tabWide = "   "

// readText makes a document of a plain text file.
func readText(data []byte) (*Document, error) {
	text, ok := decode(data)
	if !ok {
		return failed(OutcomeUnsupported, nil)
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n\n", "\v", "\n", "\u2028", "\n", "\u2029", "\n\n",
		string(pagetext.Break), "").Replace(text)
	if utf8.RuneCountInString(text) > maxRunes {
		return failed(OutcomeTooLarge, nil)
	}
	pages := pagetext.Document{Engine: "text", Pages: make([]pagetext.Page, 1)}
	page := &pages.Pages[0]
	blank := false
	for raw := range strings.SplitSeq(text, "\n") {
		cells := splitCells(raw)
		if len(cells) == 0 {
			blank = true
			continue
		}
		page.Lines = append(page.Lines, pagetext.Line{Cells: cells, Apart: blank})
		blank = false
	}
	page.Lines = pagetext.Carry(page.Lines)
	pagetext.MendHyphens(&pages)
	if pages.Words() == 0 {
		return failed(OutcomeNoText, nil)
	}
	return compose(&pages), nil
}

func splitCells(raw string) []string {
	var cells []string
	for cell := range strings.SplitSeq(strings.ReplaceAll(strings.TrimSpace(raw), "\t", tabWide), tabWide) {
		if s := pagetext.Clean(unspaceText(strings.TrimSpace(cell))); s != "" {
			cells = append(cells, s)
		}
	}
	return cells
}

// unspaceText joins the letters of a letter-spaced heading: "W O R K  H I S T O R Y". Two spaces part its words.
func unspaceText(s string) string {
	words := strings.Split(s, "  ")
	for i, w := range words {
		letters := strings.Split(strings.TrimSpace(w), " ")
		if len(letters) < 2 || i == 0 && len(words) == 1 && len(letters) < 4 {
			return s
		}
		for _, l := range letters {
			if r, size := utf8.DecodeRuneInString(l); size != len(l) || !unicode.IsUpper(r) {
				return s
			}
		}
		words[i] = strings.Join(letters, "")
	}
	return strings.Join(words, " ")
}
