package filetext

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// wasmPages bounds the memory of PDFium: 4096 pages of 64 KiB are 256 MiB.
const wasmPages = 4096

// pdfiumEngine is PDFium compiled to WebAssembly: a sandbox within the child, so that a hole in the parser is not a hole in the host.
type pdfiumEngine struct {
	instance pdfium.Pdfium
	memory   *peak
}

// newPDFium compiles PDFium, or loads what was compiled before from cacheDir. A cache that cannot be used is not an error: it is slow.
func newPDFium(ctx context.Context, cacheDir string) (*pdfiumEngine, error) {
	config := wazero.NewRuntimeConfigCompiler().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(wasmPages)
	if cacheDir != "" {
		if cache, err := wazero.NewCompilationCacheWithDir(cacheDir); err == nil {
			config = config.WithCompilationCache(cache)
			defer compileAlone(cacheDir)()
		}
	}
	memory := &peak{}
	ctx = memory.watch(experimental.WithCompilationWorkers(ctx, 2))
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MinIdle: 1, MaxIdle: 1, MaxTotal: 1,
		RuntimeConfig: config,
		FSConfig:      wazero.NewFSConfig(), // the default would mount the whole file system
		Stdout:        io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, fmt.Errorf("compile pdfium: %w", err)
	}
	instance, err := pool.GetInstance(time.Minute)
	if err != nil {
		return nil, fmt.Errorf("start pdfium: %w", err)
	}
	return &pdfiumEngine{instance: instance, memory: memory}, nil
}

// compileAlone waits until no other process compiles to an empty cache, and gives what lets the next one go on. Side by side, each would
// take all processors for the same result. wazero itself writes entries whole, so a filled cache needs no lock.
func compileAlone(cacheDir string) (done func()) {
	if entries, err := filepath.Glob(filepath.Join(cacheDir, "wazero-*", "*")); err == nil && slices.ContainsFunc(entries, func(e string) bool {
		return !strings.HasSuffix(e, ".tmp")
	}) {
		return func() {}
	}
	return lockFile(filepath.Join(cacheDir, "compiling"))
}

func (*pdfiumEngine) name() string { return "pdfium" }

func (e *pdfiumEngine) read(ctx context.Context, data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	doc := pagetext.Document{Engine: e.name()}
	opened, err := e.instance.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return doc, e.reason("open", err)
	}
	count, err := e.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: opened.Document})
	if err != nil {
		return doc, e.reason("count pages", err)
	}
	switch {
	case count.PageCount > limits.Pages:
		return doc, pagetext.TooManyPages
	case count.PageCount <= 0:
		return doc, fmt.Errorf("no pages: %w", pagetext.Broken)
	}
	left := budget{limits.Runes}
	for i := range count.PageCount {
		if err := ctx.Err(); err != nil {
			return doc, err
		}
		page, err := e.page(opened.Document, i)
		switch {
		case err != nil && isPDFiumError(err):
			page.Lost = true // only this page: the others can still be read
		case err != nil:
			return doc, e.reason("read a page", err)
		}
		doc.Pages = append(doc.Pages, page)
		if err := left.spend(page.Lines); err != nil {
			return doc, err
		}
	}
	return doc, nil
}

func (e *pdfiumEngine) page(doc references.FPDF_DOCUMENT, index int) (pagetext.Page, error) {
	ref := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}}
	size, err := e.instance.GetPageSize(&requests.GetPageSize{Page: ref})
	if err != nil {
		return pagetext.Page{}, err
	}
	page := pagetext.Page{Width: cents(size.Width), Height: cents(size.Height)}
	// One call for a page. The library still crosses into WebAssembly three times a character; a dense page takes about 15 ms.
	text, err := e.instance.GetPageTextStructured(&requests.GetPageTextStructured{Page: ref, Mode: requests.GetPageTextStructuredModeChars})
	if err != nil {
		return page, err
	}
	if len(text.Chars) == 0 {
		return page, nil
	}
	toPage, err := e.transform(ref, page)
	if err != nil {
		return page, err
	}
	glyphs := make([]glyph, len(text.Chars))
	for i, c := range text.Chars {
		p := c.PointPosition
		glyphs[i] = glyph{text: c.Text, left: p.Left, bottom: p.Bottom, right: p.Right, top: p.Top, angle: upright(c.Angle)}
	}
	page.Lines = layOut(glyphs, toPage)
	return page, nil
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
// PDFium gives whole device pixels, so three points are asked for at a hundred pixels a point and the map is derived from them.
func (e *pdfiumEngine) transform(ref requests.Page, page pagetext.Page) (func(x, y float64) (float64, float64), error) {
	const fine, far = 100, 1000
	at := func(x, y float64) (float64, float64, error) {
		r, err := e.instance.FPDF_PageToDevice(&requests.FPDF_PageToDevice{
			Page: ref, SizeX: int(page.Width * fine), SizeY: int(page.Height * fine), PageX: x, PageY: y,
		})
		if err != nil {
			return 0, 0, err
		}
		return float64(r.DeviceX) / fine, float64(r.DeviceY) / fine, nil
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

// isPDFiumError tells PDFium's own refusals from a trap, after which the instance is not to be used again.
func isPDFiumError(err error) bool {
	for _, own := range []error{
		pdfiumerrors.ErrUnknown, pdfiumerrors.ErrFile, pdfiumerrors.ErrFormat, pdfiumerrors.ErrPassword,
		pdfiumerrors.ErrSecurity, pdfiumerrors.ErrPage, pdfiumerrors.ErrUnexpected,
	} {
		if errors.Is(err, own) {
			return true
		}
	}
	return false
}

func (e *pdfiumEngine) reason(doing string, err error) error {
	reason := pagetext.Broken
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword):
		reason = pagetext.Password
	case !isPDFiumError(err) && e.memory.high():
		reason = pagetext.TooLarge // it trapped with most of its memory taken: that is why
	}
	return fmt.Errorf("%s: %w: %w", doing, reason, err)
}
