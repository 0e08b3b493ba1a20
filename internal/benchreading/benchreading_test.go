package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/resume"
)

// pages stands in for the reader's children: it knows two files.
type pages map[string]pagetext.Document

// Extract implements resume.Extractor.
func (p pages) Extract(_ context.Context, _ pagetext.Format, data []byte, _ pagetext.Limits) (pagetext.Document, error) {
	return p[string(data)], nil
}

func TestWords(t *testing.T) {
	t.Parallel()
	got := words("E\u00adMail: o\ufb03ce_2, C++ d\u2019accord\n2020年3月")
	if diff := cmp.Diff([]string{"email", "office_2", "c", "d", "accord", "2020年3月"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestF1(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, ours, reference string
		want                  float64
	}{
		{"same", "a b c", "c b a", 1},
		{"half missing", "a b", "a b c d", 2 * 2.0 / 6},
		{"counted as often as they are there", "a a a", "a", 2 * 1.0 / 4},
		{"nothing common", "a", "b", 0},
		{"nothing", "", "", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := f1(words(tt.ours), words(tt.reference)); got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

func TestGlued(t *testing.T) {
	t.Parallel()
	reference := words("responsible for the reading of files internationalisation 使用 开发 服务")
	for _, tt := range []struct {
		name, ours string
		shortest   int
		want       []string
	}{
		{"two words", "thereading", 8, []string{"thereading"}},
		{"too short to count", "thereading", 20, nil},
		{"five words", "responsibleforthereadingoffiles", 20, []string{"responsibleforthereadingoffiles"}},
		{"one long word", "internationalisation", 8, nil},
		{"not all of it known", "thewritingoffiles", 8, nil},
		{"a script without spaces", "使用开发服务使用开发服务", 8, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, glued(words(tt.ours), reference, tt.shortest)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// page makes a page of columns of lines at the given places.
func page(lines map[float64][]string) *boxPage {
	p := &boxPage{Width: 600, Height: 800}
	for x, column := range lines {
		for i, s := range column {
			l := boxLine{box: box{XMin: x, XMax: x + 6*float64(len(s)), YMin: 50 + 14*float64(i), YMax: 60 + 14*float64(i)}}
			for w := range strings.FieldsSeq(s) {
				l.Words = append(l.Words, struct {
					box
					Text string `xml:",chardata"`
				}{Text: w})
			}
			p.Lines = append(p.Lines, l)
		}
	}
	return p
}

// column makes lines of words that are nobody else's.
func column(name string, lines int) []string {
	out := make([]string, lines)
	for i := range out {
		out[i] = strings.Repeat(name+string(rune('a'+i))+" ", 3)
	}
	return out
}

func TestInterleave(t *testing.T) {
	t.Parallel()
	left, right := column("left", 12), column("right", 12)
	var rows, mixed []string
	for i := range left {
		rows = append(rows, left[i], right[i])
		mixed = append(mixed, left[i]+" "+right[i])
	}
	columns := []*columns{findColumns(page(map[float64][]string{50: left, 350: right}))}
	if columns[0] == nil {
		t.Fatal("two columns are not seen")
	}
	for _, tt := range []struct {
		name         string
		lines        []string
		share, worst float64
	}{
		{"column by column", append(append([]string{}, left...), right...), 0, 0},
		{"the right one first", append(append([]string{}, right...), left...), 0, 0},
		{"row by row", rows, 1, 22.0 / 23},
		{"both in one line", mixed, 1, 22.0 / 23},
		{"one line astray", append(append([]string{right[0]}, left...), right[1:]...), 1.0 / 22, 1.0 / 23},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := interleave(columns, [][]string{tt.lines})
			if diff := cmp.Diff(&interleaved{Pages: 1, Share: tt.share, Worst: tt.worst}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFindColumns(t *testing.T) {
	t.Parallel()
	wide := column("onecolumnwithmanylettersineachline", 14)
	for _, tt := range []struct {
		name  string
		lines map[float64][]string
		want  bool
	}{
		{"one column", map[float64][]string{50: wide}, false},
		{"dates at the margin", map[float64][]string{50: column("description", 14), 500: column("d", 12)}, false},
		{"a short box", map[float64][]string{50: column("left", 30), 350: column("right", 4)}, false},
		{"two columns", map[float64][]string{50: column("left", 14), 350: column("right", 10)}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := findColumns(page(tt.lines)); (got != nil) != tt.want {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	v := []float64{5, 1, 4, 2, 3, 10, 9, 8, 7, 6}
	if p50, p95, m := percentile(v, 0.5), percentile(v, 0.95), median(v); p50 != 5 || p95 != 10 || m != 5.5 {
		t.Errorf("p50 %v, p95 %v, median %v", p50, p95, m)
	}
	if percentile(nil, 0.5) != 0 || median(nil) != 0 {
		t.Error("something of nothing")
	}
}

// TestRun measures two PDFs with stand-ins for the reader's children and for pdftotext, so that it needs neither.
func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var lines []pagetext.Line
	for i, s := range []string{"Jane Doe", "EXPERIENCE", "Engineer at Acme, Jan 2019 - Present", "- Go and Kafka"} {
		y := 50 + 14*float64(i)
		lines = append(lines, pagetext.Line{Cells: []string{s}, Box: [4]float64{72, y, 300, y + 9}})
	}
	known := pages{"%PDF-a": {Engine: "stub", Pages: []pagetext.Page{{Width: 612, Height: 792, Lines: lines}}}, "%PDF-b": {Pages: []pagetext.Page{{}}}}
	for name, content := range map[string]string{"a.pdf": "%PDF-a", "b.pdf": "%PDF-b", "README.md": "no PDF"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, skipped, err := list(dir)
	if err != nil || len(files) != 2 || skipped != 1 {
		t.Fatalf("%d files, %d skipped: %v", len(files), skipped, err)
	}
	tool := filepath.Join(t.TempDir(), "pdftotext")
	script := "#!/bin/sh\ncase $1 in\n-bbox-layout) echo '<doc><page width=\"612\" height=\"792\"></page></doc>';;\n*a.pdf) echo 'Jane Doe EXPERIENCE Engineer at Acme, Jan 2019 - Present - Go and Kafka too';;\nesac\n"
	if err := os.WriteFile(tool, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	var progress strings.Builder
	rep, err := measureAll(t.Context(), options{reads: 2, uploads: 1}, files, pdftotext(tool), resume.NewReader(known), &progress)
	if err != nil {
		t.Fatal(err)
	}
	rep.summarise()
	a, b := rep.Files[0], rep.Files[1]
	if a.Outcome != "ok" || a.F1 < 0.9 || a.F1 == 1 || a.Positions != 1 || a.MsPage <= 0 || len(a.Missing) != 1 {
		t.Errorf("the first file: %+v", a)
	}
	if b.Outcome != "no_text" || b.HasText || rep.Overall.WithoutText["b.pdf"] != "no_text" || rep.Overall.WithText != 1 {
		t.Errorf("the second file: %+v, %+v", b, rep.Overall)
	}
	if missed := rep.missed(); !strings.Contains(strings.Join(missed, ","), "mean word F1") {
		t.Errorf("missed: %v", missed)
	}
	var out strings.Builder
	rep.write(&out, true)
	if !strings.Contains(out.String(), "a.pdf lacks: too") || !strings.Contains(out.String(), "without text: b.pdf is no_text") {
		t.Errorf("printed:\n%s", out.String())
	}
	if _, err := json.Marshal(rep); err != nil {
		t.Error(err)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-reads", "1"}, {"file"}, {"-what"}} {
		if _, err := parse(args, &strings.Builder{}); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
	if err := run(t.Context(), []string{"-dir", filepath.Join(t.TempDir(), "none")}, &strings.Builder{}, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "-dir") {
		t.Errorf("no directory: %v", err)
	}
}
