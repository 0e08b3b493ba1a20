package officetext

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// paragraph gathers one paragraph.
type paragraph struct {
	text   strings.Builder
	style  string
	level  int // said by the paragraph itself, 0 where it says nothing
	list   int // 1 an item, -1 said to be none, 0 nothing said
	page   bool
	after  bool // a page ends within it
	filled bool // it has words
	hidden bool // what is read now is hidden
	before []line
	boxes  []line // of text boxes
}

// field is a complex field that has begun and not ended. Word writes its code, a separator, and what it shows.
type field struct {
	code   strings.Builder
	shown  bool // past the separator
	start  int  // where in the paragraph the shown part begins
	within *paragraph
}

// maxFields bounds fields within fields.
const maxFields = 32

// blocks reads the children of the element that has just begun as paragraphs and tables.
func (d *docx) blocks(s *scanner) ([]line, error) {
	var f flow
	err := s.children(func(e xml.StartElement) error {
		var lines []line
		var err error
		switch e.Name.Local {
		case "p":
			if e.Name.Space == drawingML {
				return s.skip()
			}
			lines, err = d.paragraph(s)
			if err == nil && len(lines) == 0 {
				f.blank = true
			}
		case "tbl":
			lines, err = d.table(s)
		case "AlternateContent":
			lines, err = d.alternateBlocks(s)
		case "sectPr":
			return d.section(s)
		case "del", "moveFrom", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "pPr", "rPr", "altChunk", "background", "docPartPr":
			return s.skip()
		default:
			lines, err = d.blocks(s)
		}
		if err != nil {
			return err
		}
		f.add(lines)
		return nil
	}, nil)
	return f.lines, err
}

// drawingML is the namespace of pictures and diagrams, which have p and t of their own.
const drawingML = "http://schemas.openxmlformats.org/drawingml/2006/main"

func (d *docx) paragraph(s *scanner) ([]line, error) {
	p := &paragraph{}
	if err := d.inline(s, p); err != nil {
		return nil, err
	}
	for i := range d.fields {
		if d.fields[i].within == p {
			d.fields[i].within = nil
		}
	}
	st := d.of(p.style)
	level := st.level
	if p.level != 0 {
		level = p.level
	}
	item := st.list || listStyle(p.style)
	if p.list != 0 {
		item = p.list > 0
	}
	level = max(level, 0)
	var own []line
	if !st.hidden {
		for i, l := range pagetext.Paragraph(p.text.String(), level, item && level == 0) {
			l.Apart = i == 0 && len(p.before) > 0
			own = append(own, line{Line: l})
		}
	}
	out := append(p.before, own...)
	if len(p.boxes) > 0 {
		p.boxes[0].Apart = true
		out = append(out, p.boxes...)
	}
	if p.page && len(out) > 0 {
		out[0].page = true
	}
	if p.after || p.page && len(out) == 0 {
		out = append(out, line{page: true})
	}
	return out, nil
}

// write adds characters to the paragraph, within the bound of the whole file.
func (d *docx) write(p *paragraph, text string) error {
	d.m.runes -= utf8.RuneCountInString(text)
	if d.m.runes < 0 {
		return fmt.Errorf("%w: too much text", pagetext.TooLarge)
	}
	if !p.hidden && !d.inCode(p) {
		p.text.WriteString(text)
		p.filled = p.filled || strings.TrimSpace(text) != ""
	}
	return nil
}

// inCode is true before the separator of a field that began in this paragraph.
func (d *docx) inCode(p *paragraph) bool {
	for i := range d.fields {
		if d.fields[i].within == p && !d.fields[i].shown {
			return true
		}
	}
	return false
}

// inline reads the children of the element that has just begun as parts of a paragraph.
func (d *docx) inline(s *scanner, p *paragraph) error {
	return s.children(func(e xml.StartElement) error { return d.inlineElement(s, e, p) }, nil)
}

func (d *docx) inlineElement(s *scanner, e xml.StartElement, p *paragraph) error {
	text := ""
	switch e.Name.Local {
	case "t":
		if e.Name.Space == drawingML {
			return s.skip()
		}
		return d.characters(s, p)
	case "tab", "ptab":
		text = "\t"
	case "br":
		text = "\n"
		if attr(e, "type") == "page" {
			p.pageBreak()
		}
	case "cr":
		text = "\n"
	case "lastRenderedPageBreak":
		p.pageBreak()
	case "noBreakHyphen":
		text = "-"
	case "sym":
		text = symbol(attr(e, "char"))
	case "pPr":
		return d.properties(s, p)
	case "r":
		was := p.hidden
		err := d.inline(s, p)
		p.hidden = was
		return err
	case "rPr":
		return d.runProperties(s, p)
	case "hyperlink":
		return d.hyperlink(s, e, p)
	case "fldSimple":
		return d.linked(s, p, instructionAddress(attr(e, "instr")))
	case "fldChar":
		if err := d.fieldMark(attr(e, "fldCharType"), p); err != nil {
			return err
		}
	case "instrText":
		return d.instruction(s)
	case "footnoteReference", "endnoteReference":
		d.notes = append(d.notes, note{strings.TrimSuffix(e.Name.Local, "Reference"), attr(e, "id")})
	case "AlternateContent":
		return d.alternateInline(s, p)
	case "txbxContent":
		return d.textBox(s, p)
	case "del", "moveFrom", "delText", "delInstrText", "rt", "sdtPr", "sdtEndPr", "annotationRef", "tcPr", "blip", "imagedata", "binData", "ctrlPr":
		return s.skip()
	default:
		return d.inline(s, p)
	}
	if text != "" {
		if err := d.write(p, text); err != nil {
			return err
		}
	}
	return s.skip()
}

func (d *docx) characters(s *scanner, p *paragraph) error {
	var failed error
	err := s.children(func(xml.StartElement) error { return s.skip() }, func(c xml.CharData) {
		if failed == nil {
			// A line break within w:t is a space; tabs and breaks have elements of their own.
			failed = d.write(p, strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(string(c)))
		}
	})
	if failed != nil {
		return failed
	}
	return err
}

// pageBreak begins a page before the paragraph, or after it where it has text already: a sentence is not broken.
func (p *paragraph) pageBreak() {
	if p.filled {
		p.after = true
	} else {
		p.page = true
	}
}

// symbol is a character of a symbol font. Those that such fonts keep at private-use code points have no meaning as text, but the bullets
// among them are told apart later.
func symbol(char string) string {
	n, err := strconv.ParseUint(char, 16, 32)
	if err != nil || n < 0x20 || n > 0x10FFFF {
		return ""
	}
	return string(rune(n))
}

func (d *docx) properties(s *scanner, p *paragraph) error {
	return s.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "pStyle":
			p.style = attr(e, "val")
		case "outlineLvl":
			p.level = outline(attr(e, "val"), 1)
		case "pageBreakBefore":
			p.page = on(e)
		case "sectPr":
			return d.section(s)
		case "numPr":
			return s.children(func(e xml.StartElement) error {
				if e.Name.Local == "numId" {
					if p.list = 1; attr(e, "val") == "0" {
						p.list = -1
					}
				}
				return s.skip()
			}, nil)
		}
		return s.skip()
	}, nil)
}

func (d *docx) runProperties(s *scanner, p *paragraph) error {
	return s.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "vanish":
			p.hidden = on(e)
		case "rStyle":
			if st, ok := d.styles["character/"+attr(e, "val")]; ok && st.hidden {
				p.hidden = true
			}
		}
		return s.skip()
	}, nil)
}

func (d *docx) section(s *scanner) error {
	var sec section
	err := s.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "headerReference", "footerReference":
			page := attr(e, "type")
			if page == "" {
				page = "default"
			}
			sec.refs = append(sec.refs, headerRef{strings.TrimSuffix(e.Name.Local, "Reference"), page, relID(e)})
		case "titlePg":
			sec.title = on(e)
		}
		return s.skip()
	}, nil)
	d.sections = append(d.sections, sec)
	return err
}

// textBox reads a text box that hangs on the paragraph. It stands before the paragraph's words or after them, as in the file.
func (d *docx) textBox(s *scanner, p *paragraph) error {
	fields := d.fields
	d.fields = nil
	lines, err := d.blocks(s)
	d.fields = fields
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
