package pdftext

import (
	"context"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// LimitProcess is for the stand-in of a child that takes too much memory.
var LimitProcess = limitProcess

// ReadSecond reads with the second engine alone, which few files get to.
func (e *Extractor) ReadSecond(ctx context.Context, data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	return e.run(ctx, engineLedongthuc, e.opts.Limit, data, limits, func() {})
}
