package resume_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/filetext/pdftest"
	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/resume"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMain(m *testing.M) {
	if args := os.Args[1:]; filetext.IsChild(args) {
		os.Exit(filetext.ChildMain(args, os.Stdin, os.Stdout))
	}
	os.Exit(run(m))
}

// cache is one cache directory for all tests, so that PDFium is compiled once.
var cache string

func run(m *testing.M) int {
	flag.Parse()
	dir, err := os.MkdirTemp("", "resume")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	cache = dir
	return m.Run()
}

// newReader has generous limits, because the race detector needs them; the limits themselves are filetext's to test.
func newReader() *resume.Reader {
	return resume.NewReader(filetext.New(filetext.Options{CacheDir: cache, Queue: 64, QueueWait: 10 * time.Minute, Start: 10 * time.Minute, Limit: time.Minute, Memory: 16 << 30}))
}

// stub is an Extractor that gives what a test says.
type stub struct {
	doc pagetext.Document
	err error
}

// Extract implements resume.Extractor.
func (s stub) Extract(context.Context, pagetext.Format, []byte, pagetext.Limits) (pagetext.Document, error) {
	return s.doc, s.err
}

// TestGolden reads plain text resumes and compares all that was found. The texts of sections' and positions' spans are spelled out, so that
// a golden can be read.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := resume.NewReader(stub{}).Read(t.Context(), file, data)
			if err != nil {
				t.Fatal(err)
			}
			checkDocument(t, doc)
			got := outline(doc)
			golden := strings.TrimSuffix(file, ".txt") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// outline is a document in lines that people can check.
func outline(doc *resume.Document) string {
	text := []rune(doc.Text)
	brief := func(start, end int) string {
		r := []rune(strings.ReplaceAll(string(text[start:end]), "\n", "⏎"))
		if len(r) > 60 {
			r = append(append(r[:30:30], []rune(" … ")...), r[len(r)-27:]...)
		}
		return string(r)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "words %d, lines %d\n", doc.Words, len(doc.Lines))
	for _, s := range doc.Sections {
		fmt.Fprintf(&b, "section %s %q %q\n", s.Kind, s.Heading, brief(s.Start, s.End))
	}
	for _, p := range doc.Positions {
		fmt.Fprintf(&b, "position %q at %q %s..%s %q\n", p.Title, p.Org, p.Start, p.End, brief(p.Span[0], p.Span[1]))
	}
	return b.String()
}

// checkDocument checks what holds for every document that was read.
func checkDocument(t *testing.T, doc *resume.Document) {
	t.Helper()
	n := utf8.RuneCountInString(doc.Text)
	at := 0
	for i, s := range doc.Sections {
		if s.Start != at || s.End < s.Start {
			t.Errorf("section %d is %d-%d and should begin at %d", i, s.Start, s.End, at)
		}
		at = s.End
	}
	if len(doc.Sections) > 0 && at != n {
		t.Errorf("the sections end at %d of %d", at, n)
	}
	text := []rune(doc.Text)
	end := -1
	for i, l := range doc.Lines {
		if l.Start <= end || l.End <= l.Start || l.End > n || l.Page < 1 || l.Page > max(doc.Pages, 1) {
			t.Fatalf("line %d is %+v after %d in %d", i, l, end, n)
		}
		if strings.ContainsRune(string(text[l.Start:l.End]), '\n') {
			t.Errorf("line %d has a line break", i)
		}
		if between := string(text[max(end, 0):l.Start]); strings.Trim(between, "\n") != "" {
			t.Errorf("text between lines: %q", between)
		}
		end = l.End
	}
	last := 0
	for i, p := range doc.Positions {
		if p.Span[0] < last || p.Span[1] <= p.Span[0] || p.Span[1] > n {
			t.Errorf("position %d spans %v after %d in %d", i, p.Span, last, n)
		}
		last = p.Span[1]
	}
	if doc.Lines == nil || doc.Sections == nil || doc.Positions == nil || doc.Warnings == nil {
		t.Error("a list is nil, which JSON shows as null")
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	pdf := []byte("%PDF-1.4")
	tests := []struct {
		name string
		data []byte
		pdf  stub
		want resume.Outcome
		kind fault.Kind
	}{
		{"no bytes", nil, stub{}, resume.OutcomeEmpty, fault.Unprocessable},
		{"too many bytes", make([]byte, resume.MaxBytes+1), stub{}, resume.OutcomeTooLarge, fault.TooLarge},
		{"too much text", bytes.Repeat([]byte("ab\n"), 400_000), stub{}, resume.OutcomeTooLarge, fault.TooLarge},
		{"blank text", []byte(" \n\t\n"), stub{}, resume.OutcomeNoText, fault.Unprocessable},
		{"half an archive", []byte("PK\x03\x04 word/document.xml"), stub{}, resume.OutcomeBroken, fault.Unprocessable},
		{"picture", []byte("\x89PNG\r\n\x1a\n\x00"), stub{}, resume.OutcomeUnsupported, fault.Unsupported},
		{"password", pdf, stub{err: fmt.Errorf("x: %w", pagetext.Password)}, resume.OutcomePassword, fault.Unprocessable},
		{"broken", pdf, stub{err: pagetext.Broken}, resume.OutcomeBroken, fault.Unprocessable},
		{"pages", pdf, stub{err: pagetext.TooManyPages}, resume.OutcomeTooManyPages, fault.Unprocessable},
		{"memory", pdf, stub{err: pagetext.TooLarge}, resume.OutcomeTooLarge, fault.TooLarge},
		{"time", pdf, stub{err: pagetext.Timeout}, resume.OutcomeTimeout, fault.Unprocessable},
		{"busy", pdf, stub{err: pagetext.Busy}, resume.OutcomeBusy, fault.Unavailable},
		{"scan", pdf, stub{doc: pagetext.Document{Pages: make([]pagetext.Page, 2)}}, resume.OutcomeNoText, fault.Unprocessable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := resume.NewReader(tt.pdf).Read(t.Context(), "cv.bin", tt.data)
			if err == nil || doc == nil {
				t.Fatalf("document %v, error %v", doc, err)
			}
			if doc.Outcome != tt.want || resume.OutcomeOf(err) != tt.want || fault.KindOf(err) != tt.kind {
				t.Errorf("outcome %q, of the error %q, kind %q", doc.Outcome, resume.OutcomeOf(err), fault.KindOf(err))
			}
			if code := fault.CodeOf(err); strings.Contains(code, "_") || fault.DetailOf(err) == "" {
				t.Errorf("code %q, detail %q", code, fault.DetailOf(err))
			}
			if busy := fault.RetryAfter(err) > 0; busy != (tt.want == resume.OutcomeBusy) {
				t.Errorf("retry after %v", fault.RetryAfter(err))
			}
			checkDocument(t, doc)
		})
	}
	if _, err := resume.NewReader(stub{err: pagetext.Unstarted}).Read(t.Context(), "", pdf); fault.KindOf(err) != fault.Internal || resume.OutcomeOf(err) != "" {
		t.Errorf("a reader that does not start is %v", err)
	}
	if got := resume.OutcomeOf(nil); got != resume.OutcomeOK {
		t.Errorf("no error is outcome %q", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if doc, err := resume.NewReader(stub{err: errors.New("killed")}).Read(ctx, "", pdf); doc != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled reading gives %v, %v", doc, err)
	}
}

func TestSniff(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, data string
		want       resume.Format
	}{
		{"pdf", "%PDF-1.7\n", resume.FormatPDF},
		{"pdf behind rubbish", strings.Repeat("\n", 1000) + "%PDF-1.7\n", resume.FormatPDF},
		{"too far behind", strings.Repeat("a\n", 600) + "%PDF-1.7\n", resume.FormatText},
		{"text", "Jane Doe\nGo", resume.FormatText},
		{"text with a byte order mark", "\xef\xbb\xbfJane", resume.FormatText},
		{"utf-16", "\xff\xfeJ\x00a\x00", resume.FormatText},
		{"utf-16, big end first", "\xfe\xff\x00J\x00a", resume.FormatText},
		{"windows-1252", "Jos\xe9 M\xfcller \x96 Engineer at Acme", resume.FormatText},
		{"zip", "PK\x03\x04\x14\x00", resume.FormatZip},
		{"doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", resume.FormatOLE},
		{"rtf", "{\\rtf1 Jane}", resume.FormatRTF},
		{"png", "\x89PNG\r\n\x1a\n", resume.FormatImage},
		{"jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF", resume.FormatImage},
		{"heic", "\x00\x00\x00\x18ftypheic\x00", resume.FormatImage},
		{"html", "\n<!DOCTYPE html><p>Jane", resume.FormatHTML},
		{"nuls", "Jane\x00Doe", resume.FormatUnknown},
		{"binary", "\x01\x02\x03\x90\x91\x92\xf0\xf1\xf2\xf3", resume.FormatUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := resume.Sniff([]byte(tt.data)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"utf-8": "José\r\nGo", "windows-1252": "Jos\xe9\rGo", "utf-16": "\xff\xfeJ\x00o\x00s\x00\xe9\x00\n\x00G\x00o\x00",
	} {
		doc, err := resume.NewReader(stub{}).Read(t.Context(), "", []byte(data))
		if err != nil || doc.Text != "José\nGo" {
			t.Errorf("%s: %v, %+v", name, err, doc)
		}
	}
}

// TestPDF reads PDFs through the child process.
func TestPDF(t *testing.T) {
	t.Parallel()
	r := newReader()
	jane := pdftest.Column(72, 740, "Jane Doe", "", "EXPERIENCE", "Software Engineer at Acme, Jan 2019 - Present", "- Go and Kafka", "", "EDUCATION", "TU Berlin")
	t.Run("one", func(t *testing.T) {
		t.Parallel()
		doc, err := r.Read(t.Context(), "jane.pdf", pdftest.Build(pdftest.Page{Texts: jane}, pdftest.Page{}))
		if err != nil {
			t.Fatal(err)
		}
		checkDocument(t, doc)
		if diff := cmp.Diff([]resume.Warning{{Code: "page_without_text", Detail: "Page 2 has no text: it is empty, a scan or a picture.", Page: 2}}, doc.Warnings); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
		want := []resume.Position{{Title: "Software Engineer", Org: "Acme", Start: "2019-01", End: "present", Span: [2]int{21, 81}}}
		if diff := cmp.Diff(want, doc.Positions); diff != "" {
			t.Errorf("positions (-want +got):\n%s", diff)
		}
	})
	t.Run("text too small to see", func(t *testing.T) {
		t.Parallel()
		small := pdftest.Text{X: 50, Y: 60, Size: 1, S: "Kafka, Kubernetes, Terraform and whatever else a machine may look for"}
		for _, texts := range [][]pdftest.Text{append(slices.Clone(jane), small), append(slices.Clone(jane), pdftest.Text{X: 50, Y: 60, Size: 7, S: "a footnote in seven points"}, pdftest.Text{X: 50, Y: 40, Size: 2, S: ". . . . . . . . . . . . ."})} {
			doc, err := r.Read(t.Context(), "jane.pdf", pdftest.Build(pdftest.Page{Texts: texts}))
			if err != nil {
				t.Fatal(err)
			}
			if warned := len(doc.Warnings) == 1 && doc.Warnings[0].Code == "tiny_text" && doc.Warnings[0].Page == 1; warned != (texts[len(texts)-1].S == small.S) {
				t.Errorf("warnings %+v for %q", doc.Warnings, texts[len(texts)-1].S)
			}
		}
	})
	t.Run("headings drawn first", func(t *testing.T) {
		t.Parallel()
		texts := append([]pdftest.Text{{X: 72, Y: 700, S: "SUMMARY"}, {X: 72, Y: 600, S: "EXPERIENCE"}, {X: 72, Y: 500, S: "SKILLS"}},
			pdftest.Text{X: 72, Y: 685, S: "I build things."}, pdftest.Text{X: 72, Y: 585, S: "Engineer, Acme, 2019 - 2020"}, pdftest.Text{X: 72, Y: 485, S: "Go"})
		doc, err := r.Read(t.Context(), "", pdftest.Build(pdftest.Page{Texts: texts}))
		if err != nil {
			t.Fatal(err)
		}
		want := "SUMMARY\nI build things.\n\nEXPERIENCE\nEngineer, Acme, 2019 - 2020\n\nSKILLS\nGo"
		if diff := cmp.Diff(want, strings.Join(strings.FieldsFunc(strings.ReplaceAll(doc.Text, "\n\n", "\f"), func(r rune) bool { return r == '\f' }), "\n\n")); diff != "" {
			t.Errorf("text (-want +got):\n%s", diff)
		}
	})
	t.Run("same bytes", func(t *testing.T) {
		t.Parallel()
		var first []byte
		for range 3 {
			doc, err := r.Read(t.Context(), "", pdftest.Build(pdftest.Page{Texts: jane}))
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = got
			}
			if !bytes.Equal(first, got) {
				t.Fatalf("the same file reads differently:\n%s\n%s", first, got)
			}
		}
	})
}

// TestShared reads the sample resumes where they are beside the repository: they are not ours to keep.
func TestShared(t *testing.T) {
	if raceOn {
		t.Skip("run without the race detector")
	}
	t.Parallel()
	files, err := filepath.Glob("../../shared/resumes/*.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no sample resumes beside the repository")
	}
	r := newReader()
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := resume.OutcomeOK
			switch name := filepath.Base(file); {
			case strings.Contains(name, "image_only"), strings.Contains(name, "scanned"):
				want = resume.OutcomeNoText
			case strings.Contains(name, "password"):
				want = resume.OutcomePassword
			}
			doc, err := r.Read(t.Context(), file, data)
			if resume.OutcomeOf(err) != want {
				t.Fatalf("outcome %q of %v, want %q", resume.OutcomeOf(err), err, want)
			}
			checkDocument(t, doc)
		})
	}
}

// TestBounded reads texts on which a loop within a loop would run into the test's time limit: they are read in this process, with no
// child to kill.
func TestBounded(t *testing.T) {
	if raceOn {
		t.Skip("run without the race detector")
	}
	t.Parallel()
	var dated, headed []pagetext.Line
	for i := range 15_000 {
		box := [4]float64{72, float64(i), 300, float64(i) + 8}
		dated = append(dated, pagetext.Line{Cells: []string{"Jan 2019 - Mar 2020"}, Box: box})
		headed = append(headed, pagetext.Line{Cells: []string{"EXPERIENCE"}, Box: box}, pagetext.Line{Cells: []string{"WHATEVER"}, Box: box})
	}
	pages := func(lines []pagetext.Line) stub {
		first := pagetext.Line{Cells: []string{"Experience"}, Box: [4]float64{72, 0, 300, 8}}
		return stub{doc: pagetext.Document{Pages: []pagetext.Page{{Lines: append([]pagetext.Line{first}, lines...)}}}}
	}
	for name, tt := range map[string]struct {
		data string
		pdf  stub
	}{
		"dates":         {data: "Experience\n" + strings.Repeat("2019 - 2020\n", 20_000)},
		"headings":      {data: strings.Repeat("EXPERIENCE\n", 22_000)},
		"broken words":  {data: strings.Repeat("ab-\n", 60_000)},
		"break marks":   {data: strings.Repeat("a"+string(pagetext.Break), 100_000)},
		"contacts":      {data: strings.Repeat("Jane Doe jane@example.org github.com/jane +1 555 867-5309 12 Main Street\n", 6_000)},
		"certificates":  {data: "Certifications\n" + strings.Repeat("AWS Certified Developer (2021), CNCF\n", 10_000)},
		"schools":       {data: "Education\n" + strings.Repeat("- BSc Physics, TU Berlin, 2019\n", 10_000)},
		"marked jobs":   {data: "## Experience\n" + strings.Repeat("### Engineer, Acme\n- x\n", 8_000)},
		"one line":      {data: "Experience\n" + strings.Repeat("2019 - ", 140_000)},
		"one word":      {data: "Experience\n" + strings.Repeat("x", 900_000) + "\n2019 - 2020"},
		"spaced":        {data: strings.Repeat("A ", 450_000)},
		"brackets":      {data: "# x\n" + strings.Repeat("[", 900_000)},
		"links":         {data: "# x\n" + strings.Repeat("[a](b) ", 120_000)},
		"open links":    {data: "# x\n" + strings.Repeat("[a](", 200_000)},
		"backquotes":    {data: "# x\n" + strings.Repeat("`a` ", 200_000)},
		"stars":         {data: "# x\n" + strings.Repeat("*a **b ", 120_000)},
		"tags":          {data: "# x\n" + strings.Repeat("<a href=\"x\">", 70_000)},
		"comments":      {data: "# x\n" + strings.Repeat("<!-- ", 180_000)},
		"table":         {data: "# x\n" + strings.Repeat("|ABCD|EFGH|\n", 70_000)},
		"one long row":  {data: "# x\n" + strings.Repeat("|a", 400_000) + "|\n"},
		"references":    {data: "# x\n" + strings.Repeat("[a][b]", 150_000)},
		"rules":         {data: "# x\n" + strings.Repeat("- ", 400_000)},
		"dates of PDF":  {data: "%PDF-", pdf: pages(dated)},
		"heads of PDF":  {data: "%PDF-", pdf: pages(headed)},
		"bullets of it": {data: "%PDF-", pdf: pages(append([]pagetext.Line{{Cells: []string{"- x"}, Box: [4]float64{60, 0, 80, 8}}}, dated...))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := resume.NewReader(tt.pdf).Read(t.Context(), "", []byte(tt.data))
			if err != nil {
				t.Fatal(err)
			}
			checkDocument(t, doc)
		})
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("Experience\n2019 –\n–\n(2019"))
	f.Add([]byte("\xff\xfeJ\x00"))
	r := resume.NewReader(stub{doc: pagetext.Document{Pages: []pagetext.Page{{Lines: []pagetext.Line{{Cells: []string{"x"}}}}}}})
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := r.Read(t.Context(), "", data)
		if err != nil {
			if resume.OutcomeOf(err) != doc.Outcome {
				t.Fatalf("%v beside %q", err, doc.Outcome)
			}
			return
		}
		checkDocument(t, doc)
		again, _ := r.Read(t.Context(), "", data)
		if diff := cmp.Diff(doc, again); diff != "" {
			t.Fatalf("read twice (-first +second):\n%s", diff)
		}
	})
}

func FuzzSniff(f *testing.F) {
	for _, s := range []string{"", "%PDF-", "PK\x03\x04", "\xff\xfe\x00", "RIFFxxxxWEBPx", "\x00\x00\x00\x18ftyp"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if resume.Sniff(data) == "" {
			t.Error("no format")
		}
	})
}

func BenchmarkRead(b *testing.B) {
	text, err := os.ReadFile("testdata/english.txt")
	if err != nil {
		b.Fatal(err)
	}
	var pages []pdftest.Page
	for range 2 {
		pages = append(pages, pdftest.Page{Texts: pdftest.Column(72, 740, strings.Split(strings.ReplaceAll(string(text), "–", "-"), "\n")...)})
	}
	r := newReader()
	for name, data := range map[string][]byte{"text": text, "pdf": pdftest.Build(pages...)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := r.Read(b.Context(), "", data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
