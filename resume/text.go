package resume

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/gapwise/gapwise/internal/pagetext"
)

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

// oneLineBreak makes every kind of line break the same.
func oneLineBreak(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n\n", "\v", "\n", "\u2028", "\n", "\u2029", "\n\n",
		string(pagetext.Break), "").Replace(text)
}

// readText makes a document of a plain text file.
func readText(data []byte) (*Document, error) {
	text, ok := decode(data)
	if !ok {
		return failed(OutcomeUnsupported, nil)
	}
	out := pagetext.NewBuilder("text", textLimits())
	for raw := range strings.SplitSeq(oneLineBreak(text), "\n") {
		out.Add(pagetext.Line{Cells: pagetext.Cells(raw)})
		if out.Full() != nil {
			return failed(OutcomeTooLarge, nil)
		}
	}
	return composeText(out)
}

// textLimits bound what is read in this process.
func textLimits() pagetext.Limits { return pagetext.Limits{Pages: 1, Runes: maxRunes} }

func composeText(out *pagetext.Builder) (*Document, error) {
	pages, err := out.Document()
	if err != nil {
		return failed(OutcomeTooLarge, err)
	}
	if pages.Words() == 0 {
		return failed(OutcomeNoText, nil)
	}
	return compose(&pages), nil
}

// linkAddress matches the address that a reader puts behind the words of a link.
var linkAddress = regexp.MustCompile(`[^\s(] \((?:https?://|www\.)[^\s()]*(?:\([^\s()]*\)[^\s()]*)?\)`)

// withoutAddresses are rows without the addresses of links, which are no part of a title or a name. The rows stand where they stood.
func withoutAddresses(rows []row) []row {
	cut := func(s string) string {
		return linkAddress.ReplaceAllStringFunc(s, func(l string) string {
			_, size := utf8.DecodeRuneInString(l)
			return l[:size]
		})
	}
	var out []row
	for i := range rows {
		if !strings.Contains(rows[i].text, " (") || !linkAddress.MatchString(rows[i].text) {
			continue
		}
		if out == nil {
			out = slices.Clone(rows)
		}
		out[i].text = cut(rows[i].text)
		out[i].cells = slices.Clone(rows[i].cells)
		for c := range out[i].cells {
			out[i].cells[c] = cut(out[i].cells[c])
		}
	}
	if out == nil {
		return rows
	}
	return out
}
