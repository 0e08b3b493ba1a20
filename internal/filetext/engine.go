package filetext

import (
	"context"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// engine reads a PDF. It may hang, take all memory or end the process: it only ever runs in a child.
// What it could read before it failed comes back beside the error.
type engine interface {
	name() string
	read(ctx context.Context, data []byte, limits pagetext.Limits) (pagetext.Document, error)
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
