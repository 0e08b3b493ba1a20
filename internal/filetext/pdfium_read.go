package filetext

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/tetratelabs/wazero/api"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// pdfiumEngine reads PDFs, each with an instance of its own. It is not safe for concurrent use.
type pdfiumEngine struct {
	host     *pdfiumHost
	instance *pdfiumInstance
	used     bool // instance has read a document
}

func (*pdfiumEngine) name() string { return "pdfium" }

// prepare makes the instance that the next document will have, in the place of one that has read a document. It is called after an
// answer so that no document waits for it.
func (e *pdfiumEngine) prepare() (err error) {
	if e.instance != nil && !e.used {
		return nil
	}
	if e.instance != nil {
		e.instance.close()
	}
	e.instance, err = e.host.start()
	e.used = false
	return err
}

// FPDF_GetLastError of a document that needs a password.
const pdfiumPassword = 4

func (e *pdfiumEngine) read(ctx context.Context, data []byte, limits pagetext.Limits) *reading {
	r := &reading{Document: pagetext.Document{Engine: e.name()}}
	if err := e.prepare(); err != nil {
		r.err = fmt.Errorf("%w: %w", pagetext.Unstarted, err)
		return r
	}
	i := e.instance
	e.used = true
	r.err = i.read(ctx, data, limits, r)
	if r.err != nil && pagetext.ReasonOf(r.err) == "" && ctx.Err() == nil {
		reason := pagetext.Broken
		if i.memory.nearlyFull() {
			reason = pagetext.TooLarge // it trapped with most of its memory taken: that is why
		}
		r.err = fmt.Errorf("%w: %w: %w", errTrap, reason, r.err)
	}
	return r
}

// openPages is how many pages stay open behind the one that is read: PDFium drops a font with the last open page that has it, and fonts take
// most of its time.
const openPages = 4

func (i *pdfiumInstance) read(ctx context.Context, data []byte, limits pagetext.Limits, r *reading) error {
	file, err := i.open(data)
	if err != nil {
		return err
	}
	count, err := i.call("FPDF_GetPageCount", file)
	if err != nil {
		return fmt.Errorf("count pages: %w", err)
	}
	pages := int(api.DecodeI32(count))
	switch {
	case pages > limits.Pages:
		return pagetext.TooManyPages
	case pages <= 0:
		return fmt.Errorf("no pages: %w", pagetext.Broken)
	}
	left := budget{limits.Runes}
	var open []uint64
	for n := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(open) > openPages {
			if _, err := i.call("FPDF_ClosePage", open[0]); err != nil {
				return fmt.Errorf("close a page: %w", err)
			}
			open = open[1:]
		}
		page, count, handle, err := i.page(file, n)
		if err != nil {
			return fmt.Errorf("read page %d: %w", n+1, err)
		}
		if handle != 0 {
			open = append(open, handle)
		}
		r.Pages, r.tallies = append(r.Pages, page), append(r.tallies, count)
		if err := left.spend(page.Lines); err != nil {
			return err
		}
	}
	return nil
}

// open copies the file into the module and gives PDFium's handle of it.
func (i *pdfiumInstance) open(data []byte) (uint64, error) {
	at, err := i.allocate(max(len(data), 1))
	if err != nil {
		return 0, err
	}
	copy(i.memory.at(at, len(data)), data)
	file, err := i.call("FPDF_LoadMemDocument", uint64(at), uint64(len(data)), 0)
	if err != nil {
		return 0, fmt.Errorf("open: %w", err)
	}
	if file != 0 {
		return file, nil
	}
	code, err := i.call("FPDF_GetLastError")
	switch {
	case err != nil:
		return 0, fmt.Errorf("open: %w", err)
	case code == pdfiumPassword:
		return 0, fmt.Errorf("open: %w", pagetext.Password)
	}
	return 0, fmt.Errorf("open: %w: pdfium's error %d", pagetext.Broken, code)
}

// page reads one page and leaves it open. One that PDFium refuses is lost and no error: the others can still be read.
func (i *pdfiumInstance) page(file uint64, index int) (page pagetext.Page, count tally, handle uint64, err error) {
	handle, err = i.call("FPDF_LoadPage", file, uint64(index)) //nolint:gosec // G115: below Limits.Pages
	if err != nil || handle == 0 {
		return pagetext.Page{Lost: true}, count, 0, err
	}
	width, err := i.call("FPDF_GetPageWidth", handle)
	if err != nil {
		return page, count, 0, err
	}
	height, err := i.call("FPDF_GetPageHeight", handle)
	if err != nil {
		return page, count, 0, err
	}
	page.Width, page.Height = cents(api.DecodeF64(width)), cents(api.DecodeF64(height))
	text, err := i.call("FPDFText_LoadPage", handle)
	if err != nil || text == 0 {
		page.Lost = true
		return page, count, handle, err
	}
	glyphs, err := i.glyphs(text)
	if err != nil {
		return page, count, 0, err
	}
	if _, err := i.call("FPDFText_ClosePage", text); err != nil || len(glyphs) == 0 {
		return page, count, handle, err
	}
	toPage, err := i.transform(handle, page)
	if err != nil {
		return page, count, 0, err
	}
	page.Lines = layOut(glyphs, toPage)
	return page, tallyOf(glyphs), handle, nil
}

// glyphs are the characters of a text page with their boxes.
func (i *pdfiumInstance) glyphs(text uint64) ([]glyph, error) {
	count, err := i.call("FPDFText_CountChars", text)
	if err != nil || api.DecodeI32(count) <= 0 {
		return nil, err
	}
	unicode, box, angle := i.lookup("FPDFText_GetUnicode"), i.lookup("FPDFText_GetCharBox"), i.lookup("FPDFText_GetCharAngle")
	left, right, bottom, top := uint64(i.scratch), uint64(i.scratch)+8, uint64(i.scratch)+16, uint64(i.scratch)+24
	glyphs := make([]glyph, api.DecodeI32(count))
	for n := range glyphs {
		index := uint64(n)
		r, err := i.callFunction(unicode, text, index)
		if err != nil {
			return nil, err
		}
		g := &glyphs[n]
		g.text = textOfRune(api.DecodeI32(r))
		if _, err := i.callFunction(box, text, index, left, right, bottom, top); err != nil {
			return nil, err
		}
		out := i.memory.at(i.scratch, scratchBytes)
		g.left, g.right, g.bottom, g.top = float64At(out, 0), float64At(out, 8), float64At(out, 16), float64At(out, 24)
		a, err := i.callFunction(angle, text, index)
		if err != nil {
			return nil, err
		}
		g.angle = upright(float64(api.DecodeF32(a)))
	}
	return glyphs, nil
}

func float64At(b []byte, at int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(b[at:]))
}

// ascii is what textOfRune takes the text of most characters from, without allocating.
const ascii = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f" +
	" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f"

func textOfRune(r rune) string {
	switch {
	case r == 0:
		return ""
	case r > 0 && int(r) < len(ascii):
		return ascii[r : r+1]
	default:
		return string(r)
	}
}

// upright makes an angle just below a full turn one just below zero, so that two near ones are near.
func upright(a float64) float64 {
	const turn = 6.283185307179586
	if a > turn/2 {
		return a - turn
	}
	return a
}

// transform maps the page's own space, which may be turned, cropped or start anywhere, to points from the top left as it is shown.
// PDFium gives whole device pixels, so three points are asked for at a hundred pixels a point, fewer on a giant page, and the map is
// derived from them.
func (i *pdfiumInstance) transform(page uint64, size pagetext.Page) (func(x, y float64) (float64, float64), error) {
	const far = 1000
	fine := math.Min(100, (1<<28)/math.Max(1, math.Max(size.Width, size.Height)))
	at := func(x, y float64) (float64, float64, error) {
		_, err := i.call("FPDF_PageToDevice", page, 0, 0, pixels(size.Width*fine), pixels(size.Height*fine), 0,
			api.EncodeF64(x), api.EncodeF64(y), uint64(i.scratch), uint64(i.scratch)+4)
		if err != nil {
			return 0, 0, err
		}
		out := i.memory.at(i.scratch, scratchBytes)
		return int32At(out, 0) / fine, int32At(out, 4) / fine, nil
	}
	ox, oy, err := at(0, 0)
	if err != nil {
		return nil, err
	}
	ax, ay, err := at(far, 0)
	if err != nil {
		return nil, err
	}
	bx, by, err := at(0, far)
	if err != nil {
		return nil, err
	}
	return func(x, y float64) (float64, float64) {
		return ox + (ax-ox)*x/far + (bx-ox)*y/far, oy + (ay-oy)*x/far + (by-oy)*y/far
	}, nil
}

func pixels(v float64) uint64 { return api.EncodeI32(int32(v)) }

func int32At(b []byte, at int) float64 {
	return float64(int32(binary.LittleEndian.Uint32(b[at:]))) //nolint:gosec // G115: the same bits
}

// errTrap is a reading that ended where a parser fell over.
var errTrap = errors.New("the parser fell over")
