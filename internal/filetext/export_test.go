package filetext

import (
	"io"
	"os"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// LimitProcess is for the stand-in of a child that takes too much memory.
var LimitProcess = limitProcess

// ReadSecond reads with the second engine alone, which few files get to.
func ReadSecond(data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	r, _ := attempt(ledongthucEngine{}, &request{data: data, limits: limits})
	return r.Document, r.err
}

// The frames of a stand-in of a child.
func WriteHello(w io.Writer) { _ = writeFrame(w, kindHello) }

// TakeRequest reads a request, says that it is taken, and gives its number.
func TakeRequest(r io.Reader, w io.Writer) uint64 {
	q, err := nextRequest(r)
	if err != nil {
		os.Exit(0)
	}
	_ = writeFrame(w, kindTaken, numberOf(q))
	return q.number
}

// WriteAnswer answers with one line of text, first or for good.
func WriteAnswer(w io.Writer, number uint64, text string, first bool) {
	kind := byte(kindAnswer)
	if first {
		kind = kindFirst
	}
	_ = writeAnswer(w, kind, number, &answer{Document: pagetext.Document{Engine: "stand-in", Pages: []pagetext.Page{{Lines: []pagetext.Line{{Cells: []string{text}}}}}}})
}

// Children are the process ids of the idle children.
func (e *Extractor) Children() []int {
	e.pool.mu.Lock()
	defer e.pool.mu.Unlock()
	var ids []int
	for _, c := range e.pool.idle {
		if !c.gone() {
			ids = append(ids, c.pid)
		}
	}
	return ids
}

// Reading is the process id of a child that reads a file, 0 where none does.
func (e *Extractor) Reading() int {
	e.pool.mu.Lock()
	defer e.pool.mu.Unlock()
	for c := range e.pool.taken {
		return c.pid
	}
	return 0
}

// Waiting counts those that wait for a reading.
func (e *Extractor) Waiting() int {
	e.shelf.mu.Lock()
	defer e.shelf.mu.Unlock()
	n := 0
	for _, f := range e.shelf.flights {
		n += f.waiters
	}
	return n
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
