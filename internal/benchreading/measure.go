package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/proctable"
	"github.com/gapwise/gapwise/resume"
)

// fewWords is under how many words of pdftotext's a file counts as one without text.
const fewWords = 5

// result is what was measured of one file. Times are in milliseconds, shares from 0 to 1.
type result struct {
	File       string         `json:"file"`
	Outcome    resume.Outcome `json:"outcome"`
	Engine     string         `json:"engine,omitempty"`
	Pages      int            `json:"pages"`
	HasText    bool           `json:"has_text"` // by pdftotext
	Words      int            `json:"words"`
	WordsRef   int            `json:"words_pdftotext"`
	F1         float64        `json:"word_f1"`
	F1Fields   float64        `json:"word_f1_by_white_space"`
	Glued      float64        `json:"glued_share"`          // words of 20 letters or more
	Glued8     float64        `json:"glued_share_of_8"`     // words of 8 letters or more
	Missing    []string       `json:"missing,omitempty"`    // words of pdftotext's that we lack, at most 40
	Extra      []string       `json:"extra,omitempty"`      // words that pdftotext lacks, at most 40
	GluedWords []string       `json:"glued_words"`          // of 8 letters or more
	Interleave *interleaved   `json:"interleave,omitempty"` // nil: one column
	Reference  *interleaved   `json:"interleave_pdftotext,omitempty"`
	Sections   int            `json:"sections"`
	Positions  int            `json:"positions"`
	MsPage     float64        `json:"ms_a_page"`         // median of the warm reads
	MsFastest  float64        `json:"ms_a_page_fastest"` // of the warm reads
	cpu        time.Duration  // of the children in all warm reads
	cpuPages   float64        // pages that were read with it
	MsRef      float64        `json:"ms_a_page_pdftotext"` // median
	msPage     []float64      // every warm read
	msUpload   []float64      // every warm read of a file of two pages
}

// measureAll reads every file, one at a time.
//
// The first reading of a file is not timed; the later ones are, from the bytes to the document,
// structure included. No text is kept for the same bytes to come again, or that would be what is timed.
func measureAll(ctx context.Context, o options, files []file, tool pdftotext, reader *resume.Reader, progress io.Writer) (*report, error) {
	rep := &report{Go: runtime.Version(), CPUs: runtime.NumCPU(), Load: proctable.Load(), Reads: o.reads - 1, Uploads: o.uploads}
	for i, f := range files {
		fmt.Fprintf(progress, "%d/%d %s\n", i+1, len(files), f.name)
		r, err := measure(ctx, o, f, tool, reader)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		rep.Files = append(rep.Files, r)
	}
	fmt.Fprintln(progress, "measuring memory")
	var err error
	rep.Memory, err = measureMemory(ctx, files, reader)
	slices.SortFunc(rep.Files, func(a, b result) int { return compareNames(a.File, b.File) })
	return rep, err
}

// open makes the extractor that is measured. PDFium is compiled to a cache of its own first, by a child that is gone when this returns, so
// that what is measured is what a server does from its second start on.
func open(ctx context.Context, progress io.Writer) (extractor *filetext.Extractor, closed func(), err error) {
	cache, err := os.MkdirTemp("", "benchreading")
	if err != nil {
		return nil, nil, err
	}
	fmt.Fprintln(progress, "compiling PDFium to a new cache")
	if err := warm(ctx, cache); err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(cache))
	}
	extractor = newExtractor(cache)
	return extractor, func() {
		extractor.Close()
		_ = os.RemoveAll(cache)
	}, nil
}

func newExtractor(cache string) *filetext.Extractor {
	return filetext.New(filetext.Options{CacheDir: cache, Keep: -1})
}

// warm fills the cache.
func warm(ctx context.Context, cache string) error {
	e := newExtractor(cache)
	defer e.Close()
	return e.Warm(ctx)
}

// measure reads one file again and again.
func measure(ctx context.Context, o options, f file, tool pdftotext, reader *resume.Reader) (result, error) {
	r := result{File: f.name}
	var text string
	var refs []float64
	for range 3 {
		t, took, err := tool.text(ctx, f.path)
		if err != nil {
			return r, err
		}
		text = t
		refs = append(refs, ms(took))
	}
	reference := words(text)
	r.WordsRef, r.HasText = len(reference), len(reference) >= fewWords

	doc, _, err := read(ctx, f, reader)
	if err != nil {
		return r, err
	}
	r.Outcome, r.Engine, r.Pages, r.Sections, r.Positions = doc.Outcome, doc.Engine, doc.Pages, len(doc.Sections), len(doc.Positions)
	pages := float64(max(doc.Pages, 1))
	r.MsRef = median(refs) / pages
	if !r.HasText {
		return r, nil
	}
	r.compare(text, reference, doc)
	if err := r.columns(ctx, f, tool, text, doc); err != nil {
		return r, err
	}
	reads := o.reads
	if doc.Pages == 2 {
		reads = max(reads, o.uploads+1)
	}
	before := cpu()
	for n := 1; n < reads; n++ {
		_, took, err := read(ctx, f, reader)
		if err != nil {
			return r, err
		}
		if n < o.reads {
			r.msPage = append(r.msPage, took/pages)
		}
		if doc.Pages == 2 {
			r.msUpload = append(r.msUpload, took)
		}
	}
	r.MsPage, r.MsFastest = median(r.msPage), slices.Min(r.msPage)
	r.cpu, r.cpuPages = cpu()-before, pages*float64(reads-1)
	return r, nil
}

// cpu is the time that the children have used.
func cpu() time.Duration {
	var all time.Duration
	for _, c := range children() {
		all += c.Own
	}
	return all
}

// children are the readers' children of this process. A process that has just been forked still is this one's copy: only what was started as
// a reader's child counts.
func children() []proctable.Process {
	return slices.DeleteFunc(proctable.Children(os.Getpid()), func(p proctable.Process) bool { return len(p.Args) == 0 || !filetext.IsChild(p.Args[1:]) })
}

// compare compares the words with pdftotext's.
func (r *result) compare(text string, reference []string, doc *resume.Document) {
	ours := words(doc.Text)
	r.Words = len(ours)
	r.F1, r.F1Fields = f1(ours, reference), f1(fields(doc.Text), fields(text))
	r.Missing, r.Extra = beyond(reference, ours, 40), beyond(ours, reference, 40)
	r.GluedWords = glued(ours, reference, 8)
	if len(ours) > 0 {
		r.Glued = float64(len(glued(ours, reference, 20))) / float64(len(ours))
		r.Glued8 = float64(len(r.GluedWords)) / float64(len(ours))
	}
}

// columns measures how two columns are read, by us and by pdftotext.
func (r *result) columns(ctx context.Context, f file, tool pdftotext, text string, doc *resume.Document) error {
	layout, err := tool.layout(ctx, f.path)
	if err != nil {
		return err
	}
	pages := make([]*columns, len(layout))
	for i := range layout {
		pages[i] = findColumns(&layout[i])
	}
	ours := make([][]string, max(len(pages), doc.Pages))
	all := []rune(doc.Text)
	for _, l := range doc.Lines {
		ours[l.Page-1] = append(ours[l.Page-1], string(all[l.Start:l.End]))
	}
	r.Interleave, r.Reference = interleave(pages, ours), interleave(pages, pageLines(text))
	return nil
}

// read reads a file once, and says how long that took. A file that cannot be read is no error.
func read(ctx context.Context, f file, reader *resume.Reader) (doc *resume.Document, took float64, err error) {
	start := time.Now()
	doc, err = reader.Read(ctx, f.name, f.data)
	took = ms(time.Since(start))
	if doc == nil {
		return nil, took, err
	}
	if ctx.Err() != nil {
		return nil, took, ctx.Err()
	}
	return doc, took, nil
}

// memory is the resident memory of the readers' children, in MiB.
type memory struct {
	Measured bool    `json:"measured"`
	Median   float64 `json:"median_mib"` // of all looks, each every 5 ms
	Peak     float64 `json:"peak_mib"`   // the kernel's own mark of the highest, of the child with most
}

// measureMemory reads every file twice more while it watches the children. It is not done while times are taken, because looking costs time.
func measureMemory(ctx context.Context, files []file, reader *resume.Reader) (memory, error) {
	var seen []float64
	var m memory
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		ticker := time.NewTicker(5 * time.Millisecond)
		defer ticker.Stop()
		for {
			for _, c := range children() {
				if c.Resident == 0 {
					continue // it is ending
				}
				m.Measured = true
				seen = append(seen, mib(c.Resident))
				m.Peak = max(m.Peak, mib(c.Peak))
			}
			select {
			case <-ticker.C:
			case <-done:
				return
			}
		}
	})
	var err error
	for range 2 {
		for _, f := range files {
			if _, _, e := read(ctx, f, reader); e != nil {
				err = e
			}
		}
	}
	close(done)
	wg.Wait()
	m.Median = median(seen)
	return m, err
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func mib(b int64) float64 { return float64(b) / (1 << 20) }

// median is the middle value, 0 of none.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	if n := len(v) / 2; len(v)%2 == 0 {
		return (v[n-1] + v[n]) / 2
	}
	return v[len(v)/2]
}

// percentile is the smallest value that a share p of all values do not exceed, 0 of none.
func percentile(v []float64, p float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	at := int(p*float64(len(v)) + 0.999999)
	return v[min(max(at, 1), len(v))-1]
}
