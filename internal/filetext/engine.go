package filetext

import (
	"context"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/markup"
	"github.com/gapwise/gapwise/internal/officetext"
	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/rtftext"
)

// engine reads files. It may hang, take all memory or end the process: it only ever runs in a child.
type engine interface {
	name() string
	read(ctx context.Context, data []byte, limits pagetext.Limits) *reading
}

// reading is what an engine made of a file. What it could read before it failed is there beside the error.
type reading struct {
	pagetext.Document
	tallies []tally // of each page, where the engine knows glyphs
	err     error
}

// answer is the reading as it goes to the pool. fell means that something fell over on the way.
func (r *reading) answer(fell bool) *answer {
	a := &answer{Document: r.Document, Retire: fell}
	if r.err == nil {
		return a
	}
	a.Cause = firstLine(r.err.Error()) // a trap brings its whole stack
	if a.Reason = pagetext.ReasonOf(r.err); a.Reason == "" {
		a.Reason = pagetext.Broken
	}
	return a
}

// engines are those that read a format, in the order in which they are tried: the next one has its turn where the text of the one
// before is doubtful.
func (s *server) engines(format pagetext.Format) []engine {
	if format == pagetext.PDF {
		if s.pdf == nil {
			return nil
		}
		return []engine{s.pdf, ledongthucEngine{}}
	}
	if e := engineOf(format); e != nil {
		return []engine{e}
	}
	return nil
}

// formatEngine reads a format for which a function of a package of ours is the one engine. It may fail in the same ways.
type formatEngine struct {
	format pagetext.Format
	parse  func(data []byte, limits pagetext.Limits) (pagetext.Document, error)
}

func (e formatEngine) name() string { return string(e.format) }

func (e formatEngine) read(_ context.Context, data []byte, limits pagetext.Limits) *reading {
	doc, err := e.parse(data, limits)
	doc.Engine = e.name()
	return &reading{Document: doc, err: err}
}

// formatEngines are the readers of everything but PDF. To read another format, add its line here: it then runs in a child, on the
// clock and under the memory limit like the others. A parse that fails wraps the [pagetext.Reason] why.
func formatEngines() []formatEngine {
	return []formatEngine{
		{pagetext.DOCX, officetext.ReadDOCX},
		{pagetext.ODT, officetext.ReadODT},
		{pagetext.RTF, rtftext.Read},
		{pagetext.HTML, markup.Read},
	}
}

// engineOf is the engine for a format other than PDF, nil where there is none.
func engineOf(format pagetext.Format) engine {
	for _, e := range formatEngines() {
		if e.format == format {
			return e
		}
	}
	return nil
}

// budget counts down the code points that a document may still have.
type budget struct{ left int }

func (b *budget) spend(lines []pagetext.Line) error {
	for i := range lines {
		for _, c := range lines[i].Cells {
			b.left -= utf8.RuneCountInString(c) + 1
		}
	}
	if b.left < 0 {
		return pagetext.TooLarge
	}
	return nil
}
