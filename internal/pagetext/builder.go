package pagetext

import "unicode/utf8"

// Builder puts the lines of a format without layout into pages, within the limits.
type Builder struct {
	doc    Document
	limits Limits
	left   int // code points that may still come
	apart  bool
	full   Reason
}

// NewBuilder begins a document. engine names the reader.
func NewBuilder(engine string, limits Limits) *Builder {
	return &Builder{doc: Document{Engine: engine, Pages: make([]Page, 1)}, limits: limits, left: limits.Runes}
}

// Add adds lines to the page. Lines without text are left out, and part what is around them.
func (b *Builder) Add(lines ...Line) {
	page := &b.doc.Pages[len(b.doc.Pages)-1]
	for _, l := range lines {
		if len(l.Cells) == 0 {
			b.apart = true
			continue
		}
		for _, c := range l.Cells {
			b.left -= utf8.RuneCountInString(c) + 1
		}
		if b.left < 0 {
			b.full = TooLarge
			return
		}
		l.Apart = l.Apart || b.apart || l.Heading > 0
		b.apart = false
		page.Lines = append(page.Lines, l)
	}
}

// Apart says that the next line does not follow on the one before.
func (b *Builder) Apart() { b.apart = true }

// BreakPage begins a new page, unless nothing is on this one.
func (b *Builder) BreakPage() {
	if len(b.doc.Pages[len(b.doc.Pages)-1].Lines) == 0 {
		return
	}
	if len(b.doc.Pages) >= b.limits.Pages {
		b.full = TooManyPages
		return
	}
	b.doc.Pages = append(b.doc.Pages, Page{})
	b.apart = true
}

// Full is the Reason why no more can be added, or nil.
func (b *Builder) Full() error {
	if b.full == "" {
		return nil
	}
	return b.full
}

// Document ends the document: broken words are mended as in every format.
func (b *Builder) Document() (Document, error) {
	if b.full != "" {
		return Document{}, b.full
	}
	if n := len(b.doc.Pages); n > 1 && len(b.doc.Pages[n-1].Lines) == 0 {
		b.doc.Pages = b.doc.Pages[:n-1]
	}
	for i := range b.doc.Pages {
		b.doc.Pages[i].Lines = Carry(b.doc.Pages[i].Lines)
	}
	MendHyphens(&b.doc)
	return b.doc, nil
}
