package filetext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/ledongthuc/pdf"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// ledongthucEngine reads some files that PDFium refuses. It is plain Go, loops for ever on others and allocates what a file tells it to.
type ledongthucEngine struct{}

func (ledongthucEngine) name() string { return "ledongthuc" }

func (e ledongthucEngine) read(ctx context.Context, data []byte, limits pagetext.Limits) *reading {
	r := &reading{Document: pagetext.Document{Engine: e.name()}}
	r.err = e.readPages(ctx, data, limits, r)
	return r
}

func (ledongthucEngine) readPages(ctx context.Context, data []byte, limits pagetext.Limits, r *reading) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", pagetext.Broken, v)
		}
	}()
	reader, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	switch {
	case errors.Is(err, pdf.ErrInvalidPassword):
		return fmt.Errorf("%w: %w", pagetext.Password, err)
	case err != nil:
		return fmt.Errorf("%w: %w", pagetext.Broken, err)
	}
	pages := reader.NumPage()
	switch {
	case pages > limits.Pages:
		return pagetext.TooManyPages
	case pages <= 0:
		return fmt.Errorf("no pages: %w", pagetext.Broken)
	}
	left := budget{limits.Runes}
	for i := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, count := ledongthucPage(reader.Page(i + 1))
		r.Pages, r.tallies = append(r.Pages, page), append(r.tallies, count)
		if err := left.spend(page.Lines); err != nil {
			return err
		}
	}
	return nil
}

func ledongthucPage(p pdf.Page) (page pagetext.Page, count tally) {
	defer func() {
		if r := recover(); r != nil {
			page.Lost = true
		}
	}()
	box := mediaBox(p.V)
	x0, y1 := box.Index(0).Float64(), box.Index(3).Float64()
	page.Width, page.Height = cents(box.Index(2).Float64()-x0), cents(y1-box.Index(1).Float64())
	glyphs := ledongthucGlyphs(p.Content().Text)
	page.Lines = layOut(glyphs, func(x, y float64) (float64, float64) { return x - x0, y1 - y })
	return page, tallyOf(glyphs)
}

// mediaBox looks up the page tree, not for ever: a parent may be its own child.
func mediaBox(v pdf.Value) pdf.Value {
	for range 32 {
		if box := v.Key("MediaBox"); box.Len() == 4 {
			return box
		}
		v = v.Key("Parent")
	}
	return pdf.Value{}
}

// ledongthucGlyphs adds the spaces and line breaks that the library does not give.
func ledongthucGlyphs(texts []pdf.Text) []glyph {
	glyphs := make([]glyph, 0, len(texts))
	for i, t := range texts {
		size := math.Max(math.Abs(t.FontSize), 1)
		if i > 0 {
			prev := &texts[i-1]
			gap := t.X - (prev.X + prev.W)
			switch {
			case math.Abs(t.Y-prev.Y) > 0.5*size || gap < -4*size:
				glyphs = append(glyphs, glyph{text: "\n"})
			case gap > 0.2*size:
				glyphs = append(glyphs, glyph{text: " "})
			}
		}
		if strings.TrimSpace(t.S) == "" {
			glyphs = append(glyphs, glyph{text: " "})
			continue
		}
		glyphs = append(glyphs, glyph{text: t.S, left: t.X, bottom: t.Y - 0.2*size, right: t.X + t.W, top: t.Y + 0.7*size})
	}
	return glyphs
}
