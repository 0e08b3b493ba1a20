package filetext_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/filetext/pdftest"
	"github.com/gapwise/gapwise/internal/pagetext"
)

// limits are what the resume room asks for.
var limits = pagetext.Limits{Pages: 100, Runes: 1_000_000}

func TestMain(m *testing.M) {
	args := os.Args[1:]
	if filetext.IsChild(args) {
		os.Exit(filetext.ChildMain(args, os.Stdin, os.Stdout))
	}
	if len(args) > 1 && filetext.IsChild(args[1:]) {
		standIn(args[0])
	}
	os.Exit(run(m))
}

// cache is one cache directory for all tests, so that PDFium is compiled once.
var cache string

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "filetext")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	cache = dir
	return m.Run()
}

// standIn is a child that misbehaves.
func standIn(how string) {
	switch how {
	case "never-ready":
		select {}
	case "mute":
		os.Exit(0)
	}
	if how == "hog" || how == "huge" {
		filetext.LimitProcess(300 << 20)
	}
	filetext.WriteHello(os.Stdout)
	switch how {
	case "deaf":
		select {}
	case "untaken":
		os.Exit(0)
	}
	number := filetext.TakeRequest(os.Stdin, os.Stdout)
	if log, ok := strings.CutPrefix(how, "count:"); ok {
		for ; ; number = filetext.TakeRequest(os.Stdin, os.Stdout) {
			f, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
			if err != nil {
				os.Exit(1)
			}
			if _, err := f.WriteString("x"); err != nil {
				os.Exit(1)
			}
			_ = f.Close() // the test reads what is there
			filetext.WriteAnswer(os.Stdout, number, "what it says", false)
		}
	}
	switch how {
	case "slow":
		time.Sleep(500 * time.Millisecond)
		filetext.WriteAnswer(os.Stdout, number, "at last", false)
	case "hang":
		select {}
	case "hog":
		var kept [][]byte
		for range 4096 {
			b := make([]byte, 1<<20)
			for i := range b {
				b[i] = 1
			}
			kept = append(kept, b)
		}
		fmt.Fprintln(os.Stderr, len(kept))
	case "huge":
		b := make([]byte, 90<<30) // what a file can tell a parser to allocate
		fmt.Fprintln(os.Stderr, b[len(b)-1])
	case "long":
		os.Stdout.WriteString("gw\x02A\xff\xff\xff\xff")
		select {}
	case "flood":
		for {
			filetext.WriteAnswer(os.Stdout, number, strings.Repeat("x", 1<<20), true)
		}
	case "garbage":
		os.Stdout.WriteString("gw\x02A\x00\x00\x00\x03not")
		select {}
	case "other":
		filetext.WriteAnswer(os.Stdout, number+1, "of another person", false)
		select {}
	case "talk":
		os.Stdout.WriteString("a library prints a line\n")
		select {}
	case "crash":
		panic("as a parser would")
	case "first-crash":
		filetext.WriteAnswer(os.Stdout, number, "the first text", true)
		panic("as a parser would")
	case "first-hang":
		filetext.WriteAnswer(os.Stdout, number, "the first text", true)
		select {}
	}
	os.Exit(0)
}

func newExtractor(tb testing.TB, opts filetext.Options) *filetext.Extractor {
	tb.Helper()
	opts.CacheDir = cache
	opts.Queue, opts.QueueWait = cmp.Or(opts.Queue, 64), cmp.Or(opts.QueueWait, 10*time.Minute) // all tests are parallel
	if raceOn {
		opts.Start, opts.Limit, opts.Memory = 10*time.Minute, cmp.Or(opts.Limit, time.Minute), 16<<30
	}
	return filetext.New(opts)
}

// textOf is the lines of a document, with cells parted by a bar and pages by a form feed.
func textOf(doc *pagetext.Document) string {
	var b strings.Builder
	for i, p := range doc.Pages {
		if i > 0 {
			b.WriteString("\f")
		}
		for _, l := range p.Lines {
			if l.Apart {
				b.WriteString("\n")
			}
			b.WriteString(strings.Join(l.Cells, "|") + "\n")
		}
	}
	return b.String()
}

func TestExtract(t *testing.T) {
	t.Parallel()
	e := newExtractor(t, filetext.Options{})
	tests := []struct {
		name  string
		pages []pdftest.Page
		want  string
	}{
		{
			name:  "one column",
			pages: []pdftest.Page{{Texts: pdftest.Column(72, 720, "Jane Doe", "Engineer in Berlin", "", "", "EXPERIENCE", "- Built things")}},
			want:  "Jane Doe\nEngineer in Berlin\n\nEXPERIENCE\n- Built things\n",
		},
		{
			name: "two columns stay apart",
			pages: []pdftest.Page{{Texts: append(
				pdftest.Column(40, 700, "EXPERIENCE", "Built a REST API", "for many people"),
				pdftest.Column(330, 700, "SKILLS", "Python, Java", "Redis, Docker")...)}},
			want: "EXPERIENCE\nBuilt a REST API\nfor many people\n\nSKILLS\nPython, Java\nRedis, Docker\n",
		},
		{
			name: "dates at the margin are a cell",
			pages: []pdftest.Page{{Texts: []pdftest.Text{
				{X: 72, Y: 700, S: "Software Engineer"}, {X: 460, Y: 700, S: "Jan 2019 \x96 Present"}, {X: 72, Y: 686, S: "Acme"},
			}}},
			want: "Software Engineer|Jan 2019 – Present\nAcme\n",
		},
		{
			name:  "words broken at the end of a line",
			pages: []pdftest.Page{{Texts: pdftest.Column(72, 700, "A most comfort-", "able life with cloud-", "native systems and CI-", "CD from 2019-", "2020")}},
			want:  "A most comfortable\nlife with cloud-native\nsystems and CI-CD\nfrom 2019-\n2020\n",
		},
		{
			name:  "a letter-spaced heading",
			pages: []pdftest.Page{{Texts: []pdftest.Text{{X: 72, Y: 700, S: "E D U C A T I O N"}, {X: 72, Y: 686, S: "TU Berlin"}}}},
			want:  "EDUCATION\nTU Berlin\n",
		},
		{
			name:  "a page without text",
			pages: []pdftest.Page{{Texts: pdftest.Column(72, 700, "One")}, {}, {Texts: pdftest.Column(72, 700, "Three")}},
			want:  "One\n\f\fThree\n",
		},
		{
			name:  "a space that does not break, a soft hyphen that is drawn",
			pages: []pdftest.Page{{Texts: pdftest.Column(72, 700, "Go\xa0and\xa0PL/SQL, front\xadend")}},
			want:  "Go and PL/SQL, front-end\n",
		},
		{
			name:  "an accent of its own over its letter",
			pages: []pdftest.Page{{Raw: `BT /F 11 Tf 72 700 Td [(M) -111 (\250) 444 (uller)] TJ ET`}},
			want:  "Müller\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := e.Extract(t.Context(), pagetext.PDF, pdftest.Build(tt.pages...), limits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(tt.want, textOf(&doc)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			if doc.Engine != "pdfium" {
				t.Errorf("engine %q", doc.Engine)
			}
		})
	}
}

// TestGeometry pins the one thing that nothing else would notice: that boxes count from the top left of the page as it is shown.
func TestGeometry(t *testing.T) {
	t.Parallel()
	e := newExtractor(t, filetext.Options{})
	for _, tt := range []struct {
		rotate        int
		width, height float64
		x, y          float64 // about where the box begins
	}{
		{0, 612, 792, 72, 792 - 708},
		{90, 792, 612, 700, 72},
		{180, 612, 792, 612 - 72 - 45, 700},
	} {
		t.Run(strconv.Itoa(tt.rotate), func(t *testing.T) {
			t.Parallel()
			doc, err := e.Extract(t.Context(), pagetext.PDF, pdftest.Build(pdftest.Page{Rotate: tt.rotate, Texts: pdftest.Column(72, 700, "HOMELIKE")}), limits)
			if err != nil {
				t.Fatal(err)
			}
			p := doc.Pages[0]
			if p.Width != tt.width || p.Height != tt.height || len(p.Lines) != 1 {
				t.Fatalf("page of %g by %g with %d lines", p.Width, p.Height, len(p.Lines))
			}
			if b := p.Lines[0].Box; !within(b[0], tt.x, 14) || !within(b[1], tt.y, 4) || b[2] <= b[0] || b[3] <= b[1] {
				t.Errorf("box %v, want it to begin near %g, %g", b, tt.x, tt.y)
			}
		})
	}
}

func within(got, want, by float64) bool { return got > want-by && got < want+by }

func TestRefusals(t *testing.T) {
	t.Parallel()
	e := newExtractor(t, filetext.Options{})
	many := make([]pdftest.Page, 101)
	tests := []struct {
		name   string
		data   []byte
		limits pagetext.Limits
		want   pagetext.Reason
	}{
		{"101 pages", pdftest.Build(many...), limits, pagetext.TooManyPages},
		{"not a PDF", []byte("%PDF-1.7\nnothing else"), limits, pagetext.Broken},
		{"empty", nil, limits, pagetext.Broken},
		{"too much text", pdftest.Build(pdftest.Page{Texts: pdftest.Column(72, 700, "one two three")}), pagetext.Limits{Pages: 1, Runes: 5}, pagetext.TooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := e.Extract(t.Context(), pagetext.PDF, tt.data, tt.limits); pagetext.ReasonOf(err) != tt.want {
				t.Errorf("reason %q of %v, want %q", pagetext.ReasonOf(err), err, tt.want)
			}
		})
	}
}

func TestSecondEngine(t *testing.T) {
	t.Parallel()
	doc, err := filetext.ReadSecond(pdftest.Build(pdftest.Page{Texts: pdftest.Column(72, 700, "Jane Doe", "Go and Python")}), limits)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff("Jane Doe\nGo and Python\n", textOf(&doc)); diff != "" || doc.Engine != "ledongthuc" {
		t.Errorf("engine %q (-want +got):\n%s", doc.Engine, diff)
	}
}

// TestBadChildren replaces the child by ones that do what a parser can be made to do, and more. None may take longer than its limit or be felt.
func TestBadChildren(t *testing.T) {
	t.Parallel()
	if raceOn {
		t.Skip("limits of memory and time")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for how, want := range map[string]pagetext.Reason{
		"hang": pagetext.Timeout, "never-ready": pagetext.Unstarted, "hog": pagetext.TooLarge, "huge": pagetext.TooLarge, "long": pagetext.TooLarge,
		"garbage": pagetext.Broken, "crash": pagetext.Broken, "mute": pagetext.Unstarted, "deaf": pagetext.Timeout, "untaken": pagetext.Broken,
		"other": pagetext.Broken, "talk": pagetext.Broken, "first-crash": "", "first-hang": "", "flood": pagetext.Broken,
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			e := newExtractor(t, filetext.Options{Command: []string{self, how}, Limit: 3 * time.Second, Start: 3 * time.Second})
			start := time.Now()
			_, err := e.Extract(t.Context(), pagetext.PDF, bytes.Repeat([]byte("%PDF-1.4"), 1<<20), limits) // more than a pipe holds
			if got := pagetext.ReasonOf(err); got != want {
				t.Errorf("reason %q of %v, want %q", got, err, want)
			}
			if took := time.Since(start); took > 9*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestBusy(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	e := newExtractor(t, filetext.Options{
		Command: []string{self, "hang"}, Children: 1, Queue: 1, QueueWait: 200 * time.Millisecond, Limit: 2 * time.Second,
	})
	var wg sync.WaitGroup
	reasons := make(chan pagetext.Reason, 3)
	for i := range 3 {
		wg.Go(func() {
			_, err := e.Extract(context.Background(), pagetext.PDF, []byte{byte(i)}, limits)
			reasons <- pagetext.ReasonOf(err)
		})
	}
	wg.Wait()
	close(reasons)
	count := map[pagetext.Reason]int{}
	for r := range reasons {
		count[r]++
	}
	if diff := gocmp.Diff(map[pagetext.Reason]int{pagetext.Timeout: 1, pagetext.Busy: 2}, count); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	e := newExtractor(t, filetext.Options{Command: []string{self, "hang"}})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := e.Extract(ctx, pagetext.PDF, nil, limits); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestWithoutCache reads with a cache directory that cannot be made.
func TestWithoutCache(t *testing.T) {
	t.Parallel()
	if testing.Short() || raceOn {
		t.Skip("compiles PDFium")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	e := filetext.New(filetext.Options{CacheDir: filepath.Join(file, "cache")})
	doc, err := e.Extract(t.Context(), pagetext.PDF, pdftest.Build(pdftest.Page{Texts: pdftest.Column(72, 700, "Jane Doe")}), limits)
	if err != nil || doc.Words() != 2 {
		t.Errorf("%d words, %v", doc.Words(), err)
	}
}

func TestWarm(t *testing.T) {
	t.Parallel()
	if err := newExtractor(t, filetext.Options{}).Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// FuzzExtract is for finding new hostile files: it asks only that each ends with text or a reason.
func FuzzExtract(f *testing.F) {
	f.Add(pdftest.Build(pdftest.Page{Texts: pdftest.Column(72, 700, "Jane Doe")}))
	f.Add([]byte("%PDF-1.4\ntrailer<</Root 1 0 R>>"))
	e := newExtractor(f, filetext.Options{})
	if err := e.Warm(f.Context()); err != nil {
		f.Fatal(err) // a worker that compiles first would count as hung
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := e.Extract(t.Context(), pagetext.PDF, data, limits)
		if err != nil && (pagetext.ReasonOf(err) == "" || pagetext.ReasonOf(err) == pagetext.Unstarted) && t.Context().Err() == nil {
			t.Fatalf("no reason: %v", err)
		}
	})
}

// FuzzLayOut asks that lines are clean and never empty, whatever glyphs come from wherever.
func FuzzLayOut(f *testing.F) {
	f.Add("Jane Doe\r\nE D U C A T I O N\r\ncloud\x02native", []byte{3, 0x23})
	f.Add("M¨uller wor-\nk", []byte{0x23})
	f.Fuzz(func(t *testing.T, s string, moves []byte) {
		for _, l := range filetext.LayOut(s, moves) {
			if len(l.Cells) == 0 {
				t.Error("a line without text")
			}
			for _, c := range l.Cells {
				if c == "" || c != strings.TrimSpace(c) || strings.ContainsRune(c, pagetext.Break) || strings.ContainsRune(c, '\n') {
					t.Errorf("cell %q", c)
				}
			}
		}
	})
}
