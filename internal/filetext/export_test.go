package filetext

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

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

// Wrongness is the measure for a page of lines.
func Wrongness(text string) float64 {
	page, t := pageOf(text)
	return wrongness(&page, t)
}

func pageOf(text string) (pagetext.Page, tally) {
	if text == "lost" {
		return pagetext.Page{Lost: true}, tally{}
	}
	var glyphs []glyph
	var page pagetext.Page
	for line := range strings.SplitSeq(text, "\n") {
		for _, r := range line {
			glyphs = append(glyphs, glyph{text: string(r)})
		}
		if s := pagetext.Clean(line); s != "" {
			page.Lines = append(page.Lines, pagetext.Line{Cells: []string{s}})
		}
	}
	return page, tallyOf(glyphs)
}

// Better chooses between the pages of two engines, "one" and "two".
func Better(first []string, firstErr error, second []string, secondErr error) (pages []string, engine string, err error) {
	read := func(name string, texts []string, err error) *reading {
		r := &reading{Document: pagetext.Document{Engine: name}, err: err}
		for _, s := range texts {
			page, t := pageOf(s)
			r.Pages, r.tallies = append(r.Pages, page), append(r.tallies, t)
		}
		return r
	}
	r := read("one", first, firstErr)
	if r.doubtful() {
		r = better(r, read("two", second, secondErr))
	}
	r = r.settled()
	for i := range r.Pages {
		var lines []string
		for _, l := range r.Pages[i].Lines {
			lines = append(lines, l.Text())
		}
		if r.Pages[i].Lost {
			lines = []string{"lost"}
		}
		pages = append(pages, strings.Join(lines, "\n"))
	}
	return pages, r.Engine, r.err
}

// NewShelf is a shelf of documents of one line, by a name.
func NewShelf(keep time.Duration) func(ctx context.Context, name string, read func(context.Context) (string, error)) (string, error) {
	s := newShelf(keep)
	return func(ctx context.Context, name string, read func(context.Context) (string, error)) (string, error) {
		doc, err := s.get(ctx, keyOf(pagetext.PDF, []byte(name), pagetext.Limits{}), func(ctx context.Context) (pagetext.Document, error) {
			text, err := read(ctx)
			return pagetext.Document{Pages: []pagetext.Page{{Lines: []pagetext.Line{{Cells: []string{text}}}}}}, err
		})
		if len(doc.Pages) == 0 {
			return "", err
		}
		return doc.Pages[0].Lines[0].Cells[0], err
	}
}

// Died is the error of a child that ended with a reason.
func Died(reason pagetext.Reason) error { return fmt.Errorf("%w: %w", reason, errChild) }

// Turned gives a word as its letters are read, of which lefts are the left edges.
func Turned(s string, lefts []float64) string {
	var glyphs []glyph
	for i, r := range []rune(s) {
		glyphs = append(glyphs, glyph{text: string(r), left: lefts[i]})
	}
	return turned(s, glyphs)
}
