package filetext

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

// LayOut lays out the characters of s, each a box of its own that moves by what the next byte of moves says.
func LayOut(s string, moves []byte) []pagetext.Line {
	var glyphs []glyph
	x, y := 72.0, 700.0
	for i, r := range []rune(s) {
		if len(moves) > 0 {
			m := moves[i%len(moves)]
			x += float64(m&15) - 3
			y -= float64(m>>4) - 2
		}
		glyphs = append(glyphs, glyph{text: string(r), left: x, bottom: y, right: x + 5, top: y + 8})
		x += 5
	}
	doc := pagetext.Document{Pages: []pagetext.Page{{Lines: layOut(glyphs, func(x, y float64) (float64, float64) { return x, 792 - y })}}}
	pagetext.MendHyphens(&doc)
	return doc.Pages[0].Lines
}
