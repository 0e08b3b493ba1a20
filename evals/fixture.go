package evals

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// generators make the files that are no resumes, by name.
var generators = map[string]func() []byte{
	"empty":      func() []byte { return nil },
	"png-header": func() []byte { return append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), make([]byte, 200)...) },
	"doc-header": func() []byte {
		return []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 504) + "W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00")
	},
	"docx-header": func() []byte { return append([]byte("PK\x03\x04\x14\x00\x06\x00\x08\x00"), make([]byte, 200)...) },
	"html": func() []byte {
		return []byte("<!DOCTYPE html>\n<html><body><h1>Ada Example</h1><p>Go, PostgreSQL</p></body></html>\n")
	},
	"encrypted-header": encryptedPDF,
	"101-pages":        func() []byte { return pagesOf(101) },
	"100-pages":        func() []byte { return pagesOf(100) },
	"11MB":             func() []byte { return bytes.Repeat([]byte("Kubernetes and PostgreSQL in production.\n"), 11<<20/41) },
	"truncated-pdf":    truncatedPDF,
	"pdf-header-only":  func() []byte { return []byte("%PDF-1.7\n") },
	"scan":             func() []byte { return assemble([][]byte{[]byte("0.9 g 50 50 400 700 re f\n")}, "", nil) },
	"binary":           func() []byte { return bytes.Repeat([]byte{0x00, 0xFF, 0x01, 0xFE, 0x7F, 0x80}, 400) },
}

// Generators are the names that a case may give as a file's bytes.
func Generators() []string { return slices.Sorted(maps.Keys(generators)) }

// encryptedPDF claims the standard security handler (revision 2) with check values that no empty password gives.
func encryptedPDF() []byte {
	o := strings.Repeat("5a", 32)
	u := strings.Repeat("a5", 32)
	dict := fmt.Sprintf("<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <%s> /U <%s> >>", o, u)
	return assemble([][]byte{[]byte("BT /F1 10 Tf 1 0 0 1 50 700 Tm (Go and PostgreSQL) Tj ET\n")}, dict, nil)
}

func pagesOf(n int) []byte {
	contents := make([][]byte, n)
	for i := range contents {
		contents[i] = fmt.Appendf(nil, "BT /F1 10 Tf 1 0 0 1 50 700 Tm (Page %d: PostgreSQL) Tj ET\n", i+1)
	}
	return assemble(contents, "", nil)
}

// truncatedPDF breaks off inside the catalogue's object, so that there is not even a page to be rebuilt from.
func truncatedPDF() []byte {
	whole := pagesOf(3)
	return whole[:bytes.Index(whole, []byte("/Pages"))]
}

// content is the bytes of a file and its name.
func (f *File) content() (name string, data []byte, err error) {
	name = f.Name
	switch {
	case f.Bytes != "":
		generate, ok := generators[f.Bytes]
		if !ok {
			return "", nil, fmt.Errorf("there is no generator %q; there are %s", f.Bytes, strings.Join(Generators(), ", "))
		}
		data = generate()
	case f.File != "":
		if data = f.data; name == "" {
			name = path.Base(f.File)
		}
	case f.PDF != nil:
		if data, err = f.PDF.Render(); err != nil {
			return "", nil, err
		}
	default:
		data = []byte(f.Text)
	}
	if name == "" {
		name = "resume.txt"
		if bytes.HasPrefix(data, []byte("%PDF")) {
			name = "resume.pdf"
		}
	}
	return name, data, nil
}
