package officetext

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/safezip"
)

// odt reads one OpenDocument text.
type odt struct {
	m     *meter
	out   *pagetext.Builder
	notes []line
}

// odtParagraph gathers one paragraph.
type odtParagraph struct {
	text   strings.Builder
	filled bool
	spaced bool // it ends in a space that more spaces fall together with, as in HTML
	page   bool
	after  bool
	before []line
	boxes  []line
}

// ReadODT reads an OpenDocument text, in its archive or as one flat file of XML: headers first, then the text with its text boxes, then
// notes, then footers. Errors wrap a [pagetext.Reason].
func ReadODT(data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	o := &odt{m: &meter{elements: maxElements, runes: limits.Runes}, out: pagetext.NewBuilder(string(pagetext.ODT), limits)}
	content, styles := data, []byte(nil)
	if safezip.Is(data) {
		archive, err := safezip.Open(data)
		if err != nil {
			return pagetext.Document{}, err
		}
		if err := o.encrypted(archive); err != nil {
			return pagetext.Document{}, err
		}
		if content, err = archive.Read("content.xml"); err != nil {
			return pagetext.Document{}, err
		}
		if archive.Has("styles.xml") {
			if styles, err = archive.Read("styles.xml"); err != nil && !errors.Is(err, pagetext.Broken) {
				return pagetext.Document{}, err
			}
		}
	}
	body, headers, footers, err := o.document(content)
	if err != nil {
		return pagetext.Document{}, err
	}
	if len(styles) > 0 {
		notes := o.notes
		_, h, f, err := o.document(styles)
		if err != nil && !errors.Is(err, pagetext.Broken) { // the text can be read without its headers
			return pagetext.Document{}, err
		}
		headers, footers, o.notes = append(headers, h...), append(footers, f...), notes
	}
	o.running(headers)
	o.out.Apart()
	emit(o.out, body)
	o.out.Apart()
	emit(o.out, withoutPages(o.notes))
	o.running(footers)
	return o.out.Document()
}

// encrypted is [pagetext.Password] where the manifest says so of the text.
func (o *odt) encrypted(archive *safezip.Archive) error {
	const manifest = "META-INF/manifest.xml"
	if !archive.Has(manifest) {
		return nil
	}
	data, err := archive.Read(manifest)
	if err != nil {
		return err
	}
	found, entry := false, ""
	err = newScanner(data, o.m).each(func(e xml.StartElement) {
		switch e.Name.Local {
		case "file-entry":
			entry = attr(e, "full-path")
		case "encryption-data":
			found = found || entry == "content.xml" || strings.HasPrefix(entry, "encrypted-package")
		}
	})
	switch {
	case found:
		return fmt.Errorf("%w: the manifest has encryption data", pagetext.Password)
	case err != nil && !errors.Is(err, pagetext.Broken):
		return err
	}
	return nil
}

// running adds headers or footers, the same words once.
func (o *odt) running(parts [][]line) {
	seen := map[string]bool{}
	for _, lines := range parts {
		var words strings.Builder
		for i := range lines {
			words.WriteString(lines[i].Text() + "\n")
		}
		if !seen[words.String()] {
			seen[words.String()] = true
			o.out.Apart()
			emit(o.out, withoutPages(lines))
		}
	}
}

// document reads the text, the headers and the footers of a part.
func (o *odt) document(part []byte) (body []line, headers, footers [][]line, err error) {
	s := newScanner(bytes.TrimSpace(part), o.m)
	if err := s.root(); err != nil {
		return nil, nil, nil, err
	}
	var walk func() error
	walk = func() error {
		return s.children(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "body":
				lines, err := o.blocks(s, false)
				body = append(body, lines...)
				return err
			case "header", "header-first", "footer", "footer-first":
				if attr(e, "display") == "false" {
					return s.skip()
				}
				lines, err := o.blocks(s, false)
				if strings.HasPrefix(e.Name.Local, "header") {
					headers = append(headers, lines)
				} else {
					footers = append(footers, lines)
				}
				return err
			case "master-styles", "master-page":
				return walk()
			}
			return s.skip()
		}, nil)
	}
	err = walk()
	return body, headers, footers, err
}

// skippedODT are elements whose text is not on the page.
func skippedODT(e xml.StartElement) bool {
	switch e.Name.Local {
	case "title", "desc":
		return strings.Contains(e.Name.Space, "svg") // text:title is a field that shows the document's title
	case "tracked-changes", "annotation", "annotation-end", "forms", "sequence-decls", "variable-decls", "user-field-decls", "dde-connection-decls",
		"note-citation", "ruby-text", "hidden-text", "script", "scripts", "event-listeners", "alphabetical-index-auto-mark-file",
		"table-of-content-source", "illustration-index-source", "table-index-source", "object-index-source", "user-index-source",
		"alphabetical-index-source", "bibliography-source", "object", "object-ole", "image", "image-map", "number", "math", "deletion", "page-sequence":
		return true
	}
	return false
}

// blocks reads the children of the element that has just begun as paragraphs, lists and tables.
func (o *odt) blocks(s *scanner, item bool) ([]line, error) {
	var f flow
	first := true
	err := s.children(func(e xml.StartElement) error {
		var lines []line
		var err error
		switch name := e.Name.Local; {
		case skippedODT(e), attr(e, "display") == "none":
			return s.skip()
		case name == "p" || name == "h":
			level := 0
			if name == "h" {
				level = max(1, min(maxLevel, number(attr(e, "outline-level"), 1)))
			}
			if lines, err = o.paragraph(s, level, item && first && level == 0); err == nil && len(lines) == 0 {
				f.blank = true
			}
			first = first && len(lines) == 0
		case name == "list-item":
			lines, err = o.blocks(s, true)
		case name == "list", name == "list-header":
			lines, err = o.blocks(s, false)
		case name == "table":
			lines, err = o.table(s)
		case name == "soft-page-break":
			lines, err = []line{{page: true}}, s.skip()
		default:
			lines, err = o.blocks(s, false) // sections, indexes, frames that hang on a page
		}
		if err != nil {
			return err
		}
		f.add(lines)
		return nil
	}, nil)
	return f.lines, err
}

func (o *odt) paragraph(s *scanner, level int, item bool) ([]line, error) {
	p := &odtParagraph{spaced: true}
	if err := o.inline(s, p); err != nil {
		return nil, err
	}
	out := p.before
	for i, l := range pagetext.Paragraph(p.text.String(), level, item) {
		l.Apart = i == 0 && len(p.before) > 0
		out = append(out, line{Line: l})
	}
	if len(p.boxes) > 0 {
		p.boxes[0].Apart = true
		out = append(out, p.boxes...)
	}
	if p.page && len(out) > 0 {
		out[0].page = true
	}
	if p.after {
		out = append(out, line{page: true})
	}
	return out, nil
}

func (o *odt) write(p *odtParagraph, text string) error {
	o.m.runes -= utf8.RuneCountInString(text)
	if o.m.runes < 0 {
		return fmt.Errorf("%w: too much text", pagetext.TooLarge)
	}
	p.text.WriteString(text)
	p.spaced = false
	p.filled = p.filled || strings.TrimSpace(text) != ""
	return nil
}

// characters adds text as OpenDocument has it: runs of spaces are one.
func (o *odt) characters(p *odtParagraph, c xml.CharData) error {
	var b strings.Builder
	spaced := p.spaced
	for _, r := range string(c) {
		if unicode.IsSpace(r) && r != '\u00a0' {
			if spaced {
				continue
			}
			r = ' '
		}
		spaced = r == ' '
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return nil
	}
	err := o.write(p, b.String())
	p.spaced = spaced
	return err
}

// maxSpaces bounds what one text:s says.
const maxSpaces = 8

func (o *odt) inline(s *scanner, p *odtParagraph) error {
	var failed error
	err := s.children(func(e xml.StartElement) error {
		if failed != nil {
			return failed
		}
		return o.inlineElement(s, e, p)
	}, func(c xml.CharData) {
		if failed == nil {
			failed = o.characters(p, c)
		}
	})
	if failed != nil {
		return failed
	}
	return err
}

func (o *odt) inlineElement(s *scanner, e xml.StartElement, p *odtParagraph) error {
	text := ""
	switch name := e.Name.Local; {
	case skippedODT(e):
		return s.skip()
	case name == "s":
		text = strings.Repeat(" ", max(1, min(maxSpaces, number(attr(e, "c"), 1))))
	case name == "tab":
		text = "\t"
	case name == "line-break":
		text = "\n"
	case name == "soft-page-break":
		p.page, p.after = p.page || !p.filled, p.after || p.filled
	case name == "a":
		start := p.text.Len()
		if err := o.inline(s, p); err != nil {
			return err
		}
		words := p.text.String()[start:]
		if address := pagetext.Address(words, attr(e, "href")); address != "" && strings.TrimSpace(words) != "" {
			return o.write(p, address)
		}
		return nil
	case name == "note-body":
		lines, err := o.blocks(s, false)
		if len(lines) > 0 {
			lines[0].Apart = true
		}
		o.notes = append(o.notes, lines...)
		return err
	case name == "text-box":
		return o.textBox(s, p)
	case name == "table": // in a frame
		lines, err := o.table(s)
		p.boxes = append(p.boxes, lines...)
		return err
	default:
		return o.inline(s, p)
	}
	if text != "" {
		if err := o.write(p, text); err != nil {
			return err
		}
		p.spaced = text == "\n"
	}
	return s.skip()
}

func (o *odt) textBox(s *scanner, p *odtParagraph) error {
	lines, err := o.blocks(s, false)
	if len(lines) > 0 {
		lines[0].Apart = true
	}
	lines = withoutPages(lines)
	if p.filled {
		p.boxes = append(p.boxes, lines...)
	} else {
		p.before = append(p.before, lines...)
	}
	return err
}

func (o *odt) table(s *scanner) ([]line, error) {
	var rows [][][]pagetext.Line
	var walk func(cells *[][]pagetext.Line) error
	walk = func(cells *[][]pagetext.Line) error {
		return s.children(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "table-row":
				var own [][]pagetext.Line
				err := walk(&own)
				if len(own) > 0 {
					rows = append(rows, own)
				}
				return err
			case "table-cell":
				lines, err := o.blocks(s, false)
				if cells != nil {
					*cells = append(*cells, plainLines(lines))
				}
				return err
			case "covered-table-cell":
				return s.skip()
			case "title", "desc", "table-source", "shapes":
				return s.skip()
			}
			return walk(cells) // groups of rows
		}, nil)
	}
	if err := walk(nil); err != nil {
		return nil, err
	}
	var out []line
	for _, l := range pagetext.TableLines(rows) {
		out = append(out, line{Line: l})
	}
	return out, nil
}

func number(value string, otherwise int) int {
	n, err := strconv.Atoi(value)
	if err != nil {
		return otherwise
	}
	return n
}
