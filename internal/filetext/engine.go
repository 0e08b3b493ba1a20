package filetext

import (
	"context"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/markup"
	"github.com/gapwise/gapwise/internal/officetext"
	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/rtftext"
)

// engine reads a PDF. It may hang, take all memory or end the process: it only ever runs in a child.
// What it could read before it failed comes back beside the error.
type engine interface {
	name() string
	read(ctx context.Context, data []byte, limits pagetext.Limits) (pagetext.Document, error)
}

// formatEngine reads a format for which a function of a package of ours is the one engine. It may fail in the same ways.
type formatEngine struct {
	format pagetext.Format
	parse  func(data []byte, limits pagetext.Limits) (pagetext.Document, error)
}

func (e formatEngine) name() string { return string(e.format) }

func (e formatEngine) read(_ context.Context, data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	doc, err := e.parse(data, limits)
	doc.Engine = e.name()
	return doc, err
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
