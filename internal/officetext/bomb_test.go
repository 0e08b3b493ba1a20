package officetext_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/internal/officetext"
	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/pagetext/pagetexttest"
)

type reader = func([]byte, pagetext.Limits) (pagetext.Document, error)

func readers() map[string]reader {
	return map[string]reader{"docx": officetext.ReadDOCX, "odt": officetext.ReadODT}
}

func testdata(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// main is the name of the part that holds the text.
func main(format string) string {
	if format == "odt" {
		return "content.xml"
	}
	return "word/document.xml"
}

func around(format, body string) string {
	if format == "odt" {
		return content(body)
	}
	return word(body)
}

// huge packs a part of one repeated byte run, which deflates a thousandfold.
func huge(tb testing.TB, name, before, unit, after string, times int) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, err := w.Create(name)
	if err != nil {
		tb.Fatal(err)
	}
	_, _ = f.Write([]byte(before))
	block := []byte(strings.Repeat(unit, 1<<20/len(unit)))
	for range times {
		_, _ = f.Write(block)
	}
	_, _ = f.Write([]byte(after))
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// lie rewrites what the directory and the entry say of the first entry's unpacked size.
func lie(data []byte, size uint32) []byte {
	out := bytes.Clone(data)
	for _, at := range []struct {
		signature string
		offset    int
	}{{"PK\x03\x04", 22}, {"PK\x01\x02", 24}, {"PK\x07\x08", 12}} {
		if i := bytes.LastIndex(out, []byte(at.signature)); i >= 0 {
			binary.LittleEndian.PutUint32(out[i+at.offset:], size)
		}
	}
	return out
}

// overlapping has a directory whose many entries all are the one that is there.
func overlapping(tb testing.TB, name, part string, times int) []byte {
	tb.Helper()
	one := pagetexttest.Archive(tb, name, part)
	end := bytes.LastIndex(one, []byte("PK\x05\x06"))
	start := bytes.Index(one, []byte("PK\x01\x02"))
	entry := one[start:end]
	out := bytes.Clone(one[:start])
	for range times {
		out = append(out, entry...)
	}
	tail := bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(times))
	binary.LittleEndian.PutUint16(tail[10:], uint16(times))
	binary.LittleEndian.PutUint32(tail[12:], uint32(times*len(entry)))
	return append(out, tail...)
}

// TestBombs asserts the reason by which each ends, and that none takes memory beyond what one part may have.
func TestBombs(t *testing.T) {
	entities := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	many := make([]string, 0, 200_010)
	for i := range 100_000 {
		many = append(many, fmt.Sprintf("word/media/%d.png", i), "")
	}
	crowd := pagetexttest.Archive(t, append(many, main("docx"), around("docx", p("x")), main("odt"), around("odt", tp("x")))...)
	for _, format := range []string{"docx", "odt"} {
		name, read := main(format), readers()[format]
		text := func(s string) string {
			if format == "odt" {
				return tp(s)
			}
			return p(s)
		}
		open, close, _ := strings.Cut(around(format, "\x00"), "\x00")
		before, after, _ := strings.Cut(text("\x00"), "\x00")
		deep := "w:sdt"
		if format == "odt" {
			deep = "text:section"
		}
		bombs := []struct {
			name string
			data []byte
			want pagetext.Reason
		}{
			{"a ratio of a thousand", huge(t, name, open, text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), close, 20), pagetext.TooLarge},
			{"a smaller size than it has", lie(huge(t, name, open, text("aaaa"), close, 2), 1000), pagetext.Broken},
			{"four gigabytes by its own word", lie(pagetexttest.Archive(t, name, around(format, text("x"))), 0xFFFFFFFE), pagetext.TooLarge},
			{"a hundred thousand entries", crowd, pagetext.TooLarge},
			{"entries over one another", overlapping(t, name, around(format, text("x")), 60_000), pagetext.TooLarge},
			{"nested archives", pagetexttest.Archive(t, name+".zip", string(pagetexttest.Archive(t, name, around(format, text("x"))))), pagetext.Broken},
			{"entities of entities", pagetexttest.Archive(t, name, entities+strings.TrimPrefix(around(format, text("&c;")), `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`)), pagetext.Broken},
			{"a file of the machine", pagetexttest.Archive(t, name, `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>`+around(format, text("&a;"))), pagetext.Broken},
			{"elements within elements", pagetexttest.Archive(t, name, around(format, strings.Repeat("<"+deep+">", 100_000))), pagetext.TooLarge},
			{"tables within tables", pagetexttest.Archive(t, name, around(format, strings.Repeat("<w:tbl><w:tr><w:tc>", 50_000))), pagetext.TooLarge},
			{"very many elements", huge(t, name, open, "<w:r/>", close, 5), pagetext.TooLarge},
			{"very much text", huge(t, name, open+before, "x", after+close, 2), pagetext.TooLarge},
			{"very many pages", pagetexttest.Archive(t, name, around(format, strings.Repeat(text("x")+`<w:p><w:r><w:br w:type="page"/></w:r></w:p><text:soft-page-break/>`, 101))), pagetext.TooManyPages},
			{"it ends too early", pagetexttest.Archive(t, name, around(format, text("x"))[:len(open)+10]), pagetext.Broken},
			{"no document", pagetexttest.Archive(t, "other.xml", "<x/>"), pagetext.Broken},
			{"no archive", []byte("PK\x03\x04"), pagetext.Broken},
			{"half an archive", pagetexttest.Archive(t, name, around(format, text("x")))[:200], pagetext.Broken},
		}
		for _, b := range bombs {
			t.Run(format+"/"+b.name, func(t *testing.T) {
				var start, end runtime.MemStats
				runtime.ReadMemStats(&start)
				doc, err := read(b.data, limits)
				runtime.ReadMemStats(&end)
				if got := pagetext.ReasonOf(err); got != b.want {
					t.Errorf("%q of %v, want %q", got, err, b.want)
				}
				if len(doc.Pages) > 0 {
					t.Errorf("%d pages beside an error", len(doc.Pages))
				}
				if taken := (end.TotalAlloc - start.TotalAlloc) >> 20; taken > 700 {
					t.Errorf("%d MiB were taken in all", taken)
				}
			})
		}
	}
}

func TestEncrypted(t *testing.T) {
	t.Parallel()
	manifest := func(entry string) string {
		return `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="` + entry +
			`"><manifest:encryption-data manifest:checksum="x"><manifest:algorithm/></manifest:encryption-data></manifest:file-entry></manifest:manifest>`
	}
	for name, tt := range map[string]struct {
		data []byte
		read reader
	}{
		"odt":            {pagetexttest.Archive(t, "META-INF/manifest.xml", manifest("content.xml"), "content.xml", "\x01\x02 rubbish"), officetext.ReadODT},
		"odt as a whole": {pagetexttest.Archive(t, "META-INF/manifest.xml", manifest("encrypted-package"), "encrypted-package", "rubbish"), officetext.ReadODT},
		"of the archive": {encryptEntry(pagetexttest.Archive(t, "word/document.xml", word(p("x")))), officetext.ReadDOCX},
	} {
		if _, err := tt.read(tt.data, limits); pagetext.ReasonOf(err) != pagetext.Password {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// encryptEntry sets the flag of encrypted entries.
func encryptEntry(data []byte) []byte {
	out := bytes.Clone(data)
	out[bytes.Index(out, []byte("PK\x01\x02"))+8] |= 1
	return out
}
