package resume

import (
	"context"
	"fmt"
	"unicode"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/safezip"
)

// maxRunes bounds the text of a document: some three hundred times a resume.
const maxRunes = 1_000_000

// Extractor reads the text of a file with its layout. internal/filetext has the one that runs the parsers in a child process; resume
// does not import it, so that what only works on documents does not link them.
// Where there is no text, pagetext.ReasonOf of the error says why.
type Extractor interface {
	Extract(ctx context.Context, format pagetext.Format, data []byte, limits pagetext.Limits) (pagetext.Document, error)
}

// Reader makes documents of files. It is safe for concurrent use if its Extractor is.
type Reader struct{ files Extractor }

// NewReader makes a Reader that has every format that needs a parser read by files.
func NewReader(files Extractor) *Reader { return &Reader{files: files} }

// Read makes a document of the bytes of a file. What type of file it is the bytes say; name is for the message that refuses it.
//
// An outcome other than OutcomeOK is returned as a fault whose code is the outcome in kebab-case, and as a document that has only the
// outcome. An error that is no outcome, such as the context's, comes with a nil document. The same bytes give the same document.
func (r *Reader) Read(ctx context.Context, name string, data []byte) (*Document, error) {
	switch {
	case len(data) == 0:
		return failed(OutcomeEmpty, nil)
	case len(data) > MaxBytes:
		return failed(OutcomeTooLarge, nil)
	}
	format := Sniff(data)
	switch format {
	case FormatPDF, FormatDOCX, FormatODT, FormatRTF, FormatHTML:
		return r.extract(ctx, format, data)
	case FormatText:
		return atOnce(ctx, readText, data)
	case FormatMarkdown:
		return atOnce(ctx, readMarkdown, data)
	case FormatJSONResume:
		return atOnce(ctx, readJSONResume, data)
	case FormatLinkedIn:
		return atOnce(ctx, readLinkedIn, data)
	case FormatEncrypted:
		return failed(OutcomePassword, nil)
	case FormatZip:
		if _, err := safezip.Open(data); err != nil {
			if o, ok := outcomeOfReason(err); ok {
				return failed(o, err)
			}
		}
	case FormatDOC, FormatOLE, FormatSpreadsheet, FormatSlides, FormatPages, FormatEbook, FormatArchive, FormatImage, FormatWebArchive, FormatJSON,
		FormatXML, FormatUnknown:
	}
	detail := format.instead()
	if name != "" {
		detail = fmt.Sprintf("%s: %s", clip(name), detail)
	}
	return failedWith(OutcomeUnsupported, fault.New(fault.Unsupported, code(OutcomeUnsupported), detail), nil)
}

// clip keeps a file's name to a length and to characters that can stand in a message.
func clip(name string) string { return clipRunes(pagetext.Clean(name), 80) }

// atOnce reads a file that needs no parser, which takes no time that one could watch.
func atOnce(ctx context.Context, read func([]byte) (*Document, error), data []byte) (*Document, error) {
	doc, err := read(data)
	if err == nil {
		done(ctx, StepOpened, StepText, StepSections)
	}
	return doc, err
}

// extract has a parser in the child read the file.
func (r *Reader) extract(ctx context.Context, format Format, data []byte) (*Document, error) {
	pages, err := r.files.Extract(ctx, format.parsed(), data, pagetext.Limits{Pages: MaxPages, Runes: maxRunes})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if o, ok := outcomeOfReason(err); ok {
			return failed(o, err)
		}
		return nil, notRead(err)
	}
	done(ctx, StepOpened)
	if pages.Words() == 0 {
		return failed(OutcomeNoText, nil)
	}
	done(ctx, StepText)
	doc := compose(&pages)
	done(ctx, StepSections)
	doc.Warnings = append(doc.Warnings, pageWarnings(&pages)...)
	return doc, nil
}

// Bounds on a line that nobody can read on paper: ink of letters that is lower than half a millimetre or so, and not just dots and dashes.
const (
	tinyHeight  = 1.8 // points; the ink of letters of three points is lower
	tinyLetters = 12
)

// tiny counts the lines of a page that are too small to be seen. Programs read them all the same, so whoever put them there may have meant
// programs; whoever did not should know.
func tiny(p *pagetext.Page) int {
	n := 0
	for i := range p.Lines {
		if h := p.Lines[i].Height(); h > 0 && h < tinyHeight {
			letters := 0
			for _, r := range p.Lines[i].Text() {
				if unicode.IsLetter(r) {
					letters++
				}
			}
			if letters >= tinyLetters {
				n++
			}
		}
	}
	return n
}

// pageWarnings says which pages could not be read, have no text where others have, or text that nobody sees.
func pageWarnings(doc *pagetext.Document) []Warning {
	var ws []Warning
	for i := range doc.Pages {
		page := i + 1
		switch {
		case doc.Pages[i].Lost:
			ws = append(ws, Warning{Code: "page_unreadable", Detail: fmt.Sprintf("Page %d is damaged and was left out.", page), Page: page})
		case len(doc.Pages[i].Lines) == 0:
			ws = append(ws, Warning{
				Code: "page_without_text", Detail: fmt.Sprintf("Page %d has no text: it is empty, a scan or a picture.", page), Page: page,
			})
		case tiny(&doc.Pages[i]) > 0:
			ws = append(ws, Warning{
				Code: "tiny_text", Detail: fmt.Sprintf("Page %d has text that is too small for people to see. It was read like any other; take it out if it is not yours.", page), Page: page,
			})
		}
	}
	return ws
}
