package rtftext_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/pagetext/pagetexttest"
	"github.com/gapwise/gapwise/internal/rtftext"
)

var limits = pagetext.Limits{Pages: 100, Runes: 1_000_000}

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

const head = `{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset2 Symbol;}{\f3\fcharset128 MS Gothic;}{\f4\fnil\cpg1253 Greek;}}` +
	`{\colortbl;\red0\green0\blue0;}{\stylesheet{\ql Normal;}{\s1\outlinelevel0 heading 1;}{\s2 \b\sbasedon0 \'dcberschrift 2;}{\*\cs10 Char;}}{\info{\title Hidden}{\author Nobody}}`

func TestRTF(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []string
	}{
		{"paragraphs and lines", `a\par b\line c\par\par d`, []string{"a", "b", "c", "", "d"}},
		{"line breaks of the file mean nothing", "Post\r\ngreSQL\\par\nx", []string{"PostgreSQL", "x"}},
		{"a backslash before a line break does", "a\\\nb", []string{"a", "b"}},
		{"tabs", `Acme\tab 2019`, []string{"Acme|2019"}},
		{"code page", `caf\'e9 \'96 M\'fcnchen`, []string{"café – München"}},
		{"raw bytes", "caf\xe9", []string{"café"}},
		{"fonts of another character set", `{\f1 \'cf\'f0\'e8\'e2\'e5\'f2}{\f3 \'93\'fa\'96\'7b} {\f4\'e1}{\f0 \'e9}`, []string{"Привет日本 αé"}},
		{"plain takes the font off", `\f1\'cf\plain\'e9`, []string{"Пé"}},
		{"escapes of Unicode", `\u8211?\u-3913?x \uc0\u233y {\uc2\u20013ab}z`, []string{"– x éy 中z"}},
		{"what stands for an escape", `\uc1\u233\'e9\u233 \u233\u234?|{\u233}x`, []string{"éé\u00e9ê|éx"}},
		{"beyond the basic plane", `\u-10179?\u-8576?`, []string{"🚀"}},
		{"half a pair", `a\u-10179?b`, []string{"ab"}},
		{"escaped signs", `\{a\} C:\\x a\~b\_c s\-oft`, []string{`{a} C:\x a b-c soft`}},
		{"signs by name", `\bullet  a \endash  b \emdash  \ldblquote q\rdblquote  \lquote r\rquote`, []string{"• a – b — “q” ‘r’"}},
		{"what nobody reads", `a{\pict\pngblip 89504e47}{\object{\*\objdata 0105}}{\*\generator Word;}{\*\unknown deep {x}}{\bkmkstart m}b{\xe index}`, []string{"ab"}},
		{"deleted and hidden", `a{\deleted gone}{\v ghost}\v x\v0 b\deleted y\deleted0 c`, []string{"abc"}},
		{
			"links", `{\field{\*\fldinst{HYPERLINK "https://github.com/jane"}}{\fldrslt{\ul GitHub}}} {\field{\*\fldinst HYPERLINK mailto:j@example.org}{\fldrslt j@example.org}} {\field{\*\fldinst PAGE}{\fldrslt 7}}`,
			[]string{"GitHub (https://github.com/jane) j@example.org 7"},
		},
		{"headings", `\pard\s1 Work\par\pard\s2 Acme\par\pard\s0 text\par\pard\outlinelevel2 Deep\par\pard\s1\outlinelevel9 body\par`, []string{"#Work", "", "##Acme", "text", "", "###Deep", "body"}},
		{"items of Word", `{\listtext\pard\plain\f2 \'b7\tab}\pard\plain\ls1 one\par{\listtext\pard\plain\f2 \'b7\tab}two\par\pard none\par`, []string{"• one", "• two", "none"}},
		{"items of WordPad", `\pard{\*\pn\pnlvlblt\pnf2{\pntxtb\'B7}}{\pntext\f2\'B7\tab}one\par{\pntext\f2\'B7\tab}two\par\pard x\par`, []string{"• one", "• two", "x"}},
		{"typed bullets", `{\f2\'b7}\tab item\par`, []string{"• item"}},
		{"a table", `\trowd\cellx1\cellx2\pard\intbl Acme\cell 2019\cell\row\trowd\pard\intbl Beta\par Berlin\cell Tester\par x\cell\row\pard after\par`, []string{"Acme|2019", "Beta", "Berlin", "Tester", "x", "after"}},
		{"headers, notes and footers", `{\header Jane\par}{\headerf Jane\par}text{\footnote note} goes on\par{\footer Page 1\par}`, []string{"Jane", "", "text goes on", "", "note", "", "Page 1"}},
		{"text boxes", `{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt aside\par}}{\shprslt{\*\do aside\par}}}text\par more{\shp{\*\shpinst{\shptxt behind\par}}}\par`, []string{"aside", "", "text", "more", "", "behind"}},
		{"pages", `one\page two\par\pard\pagebb three\par`, []string{"one", "---", "two", "---", "three"}},
		{"binary data", "a{\\*\\blob\\bin5 }{}}{}b", []string{"ab"}},
		{"it breaks off", `a{\b b{\i c`, []string{"abc"}},
		{"braces too many", `a}}} b`, []string{"a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := rtftext.Read([]byte(head+tt.in+"}"), limits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, outline(&doc)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     pagetext.Reason
	}{
		{"groups within groups", `{\rtf1 ` + strings.Repeat("{", 1_000_000), pagetext.TooLarge},
		{"much text", `{\rtf1 ` + strings.Repeat("a", 1_000_001) + "}", pagetext.TooLarge},
		{"much text that is hidden", `{\rtf1 \v ` + strings.Repeat("a", 1_000_001) + "}", pagetext.TooLarge},
		{"many pages", `{\rtf1 ` + strings.Repeat(`x\par\page `, 101) + "x}", pagetext.TooManyPages},
		{"no header", "rtf1 text", pagetext.Broken},
		{"a number without an end", `{\rtf1 \u` + strings.Repeat("9", 1_000_000) + "}", ""},
		{"a word without an end", `{\rtf1 \` + strings.Repeat("a", 900_000) + "}", ""},
		{"more binary data than there is", `{\rtf1 a\bin2147483647 b}`, ""},
		{"less than none", `{\rtf1 a\bin-5 b}`, ""},
		{"many fields", `{\rtf1 ` + strings.Repeat(`{\field{\*\fldinst HYPERLINK "https://a.org"}{\fldrslt x}}`, 20_000) + "}", ""},
		{"many cells", `{\rtf1\trowd\intbl ` + strings.Repeat(`x\cell `, 200_000) + `\row}`, ""},
		{"many rows", `{\rtf1\trowd\intbl ` + strings.Repeat(`ABCD\cell EFGH\cell\row `, 50_000) + `}`, ""},
		{"many fonts", `{\rtf1{\fonttbl` + strings.Repeat(`{\f1\fcharset204 A;}`, 100_000) + `}x}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := rtftext.Read([]byte(tt.in), limits); pagetext.ReasonOf(err) != tt.want || tt.want == "" && err != nil {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

func testdata(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// TestOffice reads a resume as LibreOffice saves it.
func TestOffice(t *testing.T) {
	t.Parallel()
	doc, err := rtftext.Read(testdata(t, "lena.rtf"), limits)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(testdata(t, "lena.txt"))), "\n"), outline(&doc)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzRTF(f *testing.F) {
	small := pagetext.Limits{Pages: 5, Runes: 5000}
	for _, s := range []string{
		`\pard\s1 Work\par\trowd\intbl a\cell b\par c\cell\row\pard x{\footnote n}`, `{\field{\*\fldinst HYPERLINK "x.org"}{\fldrslt y}}\u-10179?\u-8576?\'e9{\f3\'93\'fa}`,
		`{\header h}{\shp{\*\shpinst{\shptxt b\par}}}\page{\listtext\'b7\tab}i\bin3 abc`, string(testdata(f, "lena.rtf")),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := rtftext.Read(append([]byte(head), data...), small)
		pagetexttest.Check(t, &doc, err, small)
	})
}

func BenchmarkRTF(b *testing.B) {
	data := testdata(b, "lena.rtf")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := rtftext.Read(data, limits); err != nil {
			b.Fatal(err)
		}
	}
}
