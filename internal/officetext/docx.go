// Package officetext reads the text of Word (DOCX) and OpenDocument (ODT) files.
//
// Both are ZIP archives of XML, and both come from strangers: entries, bytes, elements, depth and text are bounded, entities are not
// expanded, and nothing outside the file is asked for. What a person sees on the page is read, in the order of the file: deleted text,
// comments, the codes of fields and hidden text are not.
package officetext

import (
	"encoding/xml"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/safezip"
)

// relation is one line of a part's relationships.
type relation struct {
	kind   string // the last part of the type's address, which both dialects share
	target string // a part's name, or an address
}

// docx reads one Word file.
type docx struct {
	zip    *safezip.Archive
	m      *meter
	styles map[string]*style
	out    *pagetext.Builder

	rels     map[string]relation // of the part that is being read
	fields   []field
	notes    []note // in the order in which the text refers to them
	sections []section
}

// note is a reference to a footnote or an endnote.
type note struct{ kind, id string }

// section is what the end of a section says of its headers and footers.
type section struct {
	refs  []headerRef
	title bool // the first page has its own
}

type headerRef struct {
	kind string // header or footer
	page string // default, first or even
	id   string
}

// ReadDOCX reads a Word document: headers first, then the text with its text boxes, then notes, then footers. Errors wrap a
// [pagetext.Reason].
func ReadDOCX(data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	archive, err := safezip.Open(data)
	if err != nil {
		return pagetext.Document{}, err
	}
	d := &docx{
		zip: archive, m: &meter{elements: maxElements, runes: limits.Runes}, styles: map[string]*style{},
		out: pagetext.NewBuilder(string(pagetext.DOCX), limits),
	}
	main := d.mainPart()
	all, err := d.relations(main)
	if err != nil {
		return pagetext.Document{}, err
	}
	if err := d.readStyles(all); err != nil {
		return pagetext.Document{}, err
	}
	body, err := d.part(main, all)
	if err != nil {
		return pagetext.Document{}, err
	}
	notes := slices.Clone(d.notes)
	refs := d.shownHeaders(main, all)
	if err := d.runningText(refs, "header"); err != nil {
		return pagetext.Document{}, err
	}
	d.out.Apart()
	d.emit(body)
	if err := d.readNotes(all, notes); err != nil {
		return pagetext.Document{}, err
	}
	if err := d.runningText(refs, "footer"); err != nil {
		return pagetext.Document{}, err
	}
	return d.out.Document()
}

// mainPart is the name of the document's own part. Office 365 also writes word/document2.xml.
func (d *docx) mainPart() string {
	if rels, err := d.relations(""); err == nil {
		for _, r := range rels {
			if r.kind == "officeDocument" && d.zip.Has(r.target) {
				return r.target
			}
		}
	}
	return "word/document.xml"
}

// relations reads the relationships of a part, "" for those of the whole file. None is no error.
func (d *docx) relations(part string) (map[string]relation, error) {
	name := path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
	if part == "" {
		name = "_rels/.rels"
	}
	rels := map[string]relation{}
	if !d.zip.Has(name) {
		return rels, nil
	}
	data, err := d.zip.Read(name)
	if err != nil {
		return nil, err
	}
	err = newScanner(data, d.m).each(func(e xml.StartElement) {
		if e.Name.Local != "Relationship" {
			return
		}
		r := relation{kind: path.Base(attr(e, "Type")), target: attr(e, "Target")}
		if !strings.EqualFold(attr(e, "TargetMode"), "External") {
			if r.target = strings.ReplaceAll(r.target, `\`, "/"); strings.HasPrefix(r.target, "/") {
				r.target = strings.TrimLeft(r.target, "/")
			} else {
				r.target = path.Join(path.Dir(part), r.target)
			}
		}
		rels[attr(e, "Id")] = r
	})
	return rels, err
}

// part reads the blocks of a part.
func (d *docx) part(name string, rels map[string]relation) ([]line, error) {
	data, err := d.zip.Read(name)
	if err != nil {
		return nil, err
	}
	d.rels, d.fields = rels, nil
	s := newScanner(data, d.m)
	if err := s.root(); err != nil {
		return nil, err
	}
	return d.blocks(s)
}

// shownHeaders are the header and footer parts that a printed page would show, by kind.
func (d *docx) shownHeaders(main string, rels map[string]relation) map[string][]string {
	even := d.evenHeaders(rels)
	shown := map[string][]string{}
	for _, s := range d.sections {
		for _, page := range []string{"first", "default", "even"} {
			for _, ref := range s.refs {
				r, ok := rels[ref.id]
				if !ok || ref.page != page || page == "first" && !s.title || page == "even" && !even {
					continue
				}
				if !slices.Contains(shown[ref.kind], r.target) && r.target != main {
					shown[ref.kind] = append(shown[ref.kind], r.target)
				}
			}
		}
	}
	return shown
}

func (d *docx) evenHeaders(rels map[string]relation) bool {
	even := false
	for _, r := range rels {
		if r.kind != "settings" {
			continue
		}
		if data, err := d.zip.Read(r.target); err == nil {
			_ = newScanner(data, d.m).each(func(e xml.StartElement) { // a setting that cannot be read is not set
				even = even || e.Name.Local == "evenAndOddHeaders" && on(e)
			})
		}
	}
	return even
}

// runningText adds headers or footers, the same words once. One that is damaged is left out: the document can be read without it.
func (d *docx) runningText(shown map[string][]string, kind string) error {
	seen := map[string]bool{}
	for _, name := range shown[kind] {
		own, err := d.relations(name)
		if err == nil {
			var lines []line
			if lines, err = d.part(name, own); err == nil {
				var words strings.Builder
				for i := range lines {
					words.WriteString(lines[i].Text() + "\n")
				}
				if !seen[words.String()] {
					seen[words.String()] = true
					d.out.Apart()
					d.emit(withoutPages(lines))
				}
			}
		}
		if err != nil && !errors.Is(err, pagetext.Broken) {
			return err
		}
	}
	return nil
}

// readNotes adds the notes that the text refers to.
func (d *docx) readNotes(rels map[string]relation, refs []note) error {
	for _, kind := range []string{"footnote", "endnote"} {
		if !slices.ContainsFunc(refs, func(n note) bool { return n.kind == kind }) {
			continue
		}
		for _, r := range rels {
			if r.kind != kind+"s" || !d.zip.Has(r.target) {
				continue
			}
			if err := d.notesPart(r.target, kind, refs); err != nil && !errors.Is(err, pagetext.Broken) {
				return err
			}
		}
	}
	return nil
}

func (d *docx) notesPart(name, kind string, refs []note) error {
	data, err := d.zip.Read(name)
	if err != nil {
		return err
	}
	if d.rels, err = d.relations(name); err != nil {
		return err
	}
	d.fields = nil
	s := newScanner(data, d.m)
	if err := s.root(); err != nil {
		return err
	}
	texts := map[string][]line{}
	err = s.children(func(e xml.StartElement) error {
		if e.Name.Local != kind || attr(e, "type") != "" && attr(e, "type") != "normal" {
			return s.skip()
		}
		lines, err := d.blocks(s)
		texts[attr(e, "id")] = lines
		return err
	}, nil)
	if err != nil {
		return err
	}
	for _, n := range refs {
		if n.kind == kind {
			d.out.Apart()
			d.emit(withoutPages(texts[n.id]))
			delete(texts, n.id)
		}
	}
	return nil
}

// line is a line that may begin a page.
type line struct {
	pagetext.Line
	page bool
}

// flow collects the lines of blocks. What follows an empty paragraph stands apart from what is before it.
type flow struct {
	lines []line
	blank bool // an empty paragraph was the last
}

func (f *flow) add(lines []line) {
	if len(lines) > 0 {
		lines[0].Apart = lines[0].Apart || f.blank
		f.blank = false
	}
	f.lines = append(f.lines, lines...)
}

func withoutPages(lines []line) []line {
	for i := range lines {
		lines[i].page = false
	}
	return lines
}

func (d *docx) emit(lines []line) { emit(d.out, lines) }

func emit(out *pagetext.Builder, lines []line) {
	for i := range lines {
		if lines[i].page {
			out.BreakPage()
		}
		out.Add(lines[i].Line)
	}
}
