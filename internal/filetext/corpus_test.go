package filetext_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/pagetext"
)

// BenchmarkExtract reads the resumes beside the repository, or a page of its own where there are none, each anew, with one warm child. It
// reports milliseconds a page and the child's resident memory.
func BenchmarkExtract(b *testing.B) {
	files := corpus(b)
	e := newExtractor(b, filetext.Options{Children: 1, Keep: -1})
	defer e.Close()
	if err := e.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	var perPage, uploads []float64
	var highest float64
	for b.Loop() {
		for _, data := range files {
			start := time.Now()
			doc, _ := e.Extract(b.Context(), pagetext.PDF, data, limits)
			ms := time.Since(start).Seconds() * 1000
			if n := len(doc.Pages); n > 0 {
				perPage = append(perPage, ms/float64(n))
				if n == 2 {
					uploads = append(uploads, ms)
				}
			}
			highest = max(highest, residentOf(e))
		}
	}
	b.ReportMetric(quantile(perPage, 50), "p50-ms/page")
	b.ReportMetric(quantile(perPage, 95), "p95-ms/page")
	b.ReportMetric(quantile(uploads, 95), "p95-ms/2-pages")
	b.ReportMetric(highest, "MiB/child")
}

func corpus(tb testing.TB) [][]byte {
	tb.Helper()
	names, err := filepath.Glob("../../../shared/resumes/*.pdf")
	if err != nil {
		tb.Fatal(err)
	}
	files := [][]byte{simple("Jane Doe")}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		files = append(files, data)
	}
	return files
}

func quantile(v []float64, percent int) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[(len(v)-1)*percent/100]
}

// residentOf is the resident memory of the idle children in MiB, 0 where it cannot be told.
func residentOf(e *filetext.Extractor) float64 {
	highest := 0.0
	for _, pid := range e.Children() {
		statm, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
		if err != nil {
			continue
		}
		fields := strings.Fields(string(statm))
		if len(fields) > 1 {
			pages, _ := strconv.Atoi(fields[1])
			highest = max(highest, float64(pages*os.Getpagesize())/(1<<20))
		}
	}
	return highest
}
