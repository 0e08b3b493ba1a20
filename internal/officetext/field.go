package officetext

import (
	"encoding/xml"
	"strings"

	"github.com/gapwise/gapwise/internal/pagetext"
)

func (d *docx) hyperlink(s *scanner, e xml.StartElement, p *paragraph) error {
	address := ""
	if r, ok := d.rels[relID(e)]; ok && r.kind == "hyperlink" {
		address = r.target
	}
	return d.linked(s, p, address)
}

// linked reads what a link shows, and keeps its address behind it.
func (d *docx) linked(s *scanner, p *paragraph, address string) error {
	start := p.text.Len()
	if err := d.inline(s, p); err != nil {
		return err
	}
	return d.keepAddress(p, start, address)
}

func (d *docx) keepAddress(p *paragraph, start int, address string) error {
	words := p.text.String()
	if start > len(words) || strings.TrimSpace(words[start:]) == "" {
		return nil // a picture with a link, or a link over two paragraphs
	}
	return d.write(p, pagetext.Address(words[start:], address))
}

// fieldMark begins, parts or ends a complex field.
func (d *docx) fieldMark(kind string, p *paragraph) error {
	switch kind {
	case "begin":
		if len(d.fields) < maxFields {
			d.fields = append(d.fields, field{within: p})
		}
	case "separate":
		if n := len(d.fields); n > 0 {
			d.fields[n-1].shown = true
			d.fields[n-1].start = p.text.Len()
		}
	case "end":
		n := len(d.fields)
		if n == 0 {
			return nil
		}
		f := &d.fields[n-1]
		address, start, here := instructionAddress(f.code.String()), f.start, f.within == p && f.shown
		d.fields = d.fields[:n-1]
		if here && address != "" {
			return d.keepAddress(p, start, address)
		}
	}
	return nil
}

// maxCode bounds the code of a field in bytes.
const maxCode = 2000

func (d *docx) instruction(s *scanner) error {
	return s.children(func(xml.StartElement) error { return s.skip() }, func(c xml.CharData) {
		if n := len(d.fields); n > 0 && d.fields[n-1].code.Len()+len(c) <= maxCode {
			d.fields[n-1].code.Write(c)
		}
	})
}

// instructionAddress is the address in a field's code, such as HYPERLINK "https://example.org" \o "Tip"; "" in any other field.
func instructionAddress(code string) string {
	rest, ok := strings.CutPrefix(strings.TrimSpace(code), "HYPERLINK")
	if !ok {
		return ""
	}
	rest = strings.TrimSpace(rest)
	if quoted, ok := strings.CutPrefix(rest, `"`); ok {
		address, _, _ := strings.Cut(quoted, `"`)
		return address
	}
	address, _, _ := strings.Cut(rest, " ")
	if strings.HasPrefix(address, `\`) {
		return "" // a place within the document
	}
	return address
}

// alternateInline reads the first branch of alternate content that has text: text boxes stand in both, in two dialects.
func (d *docx) alternateInline(s *scanner, p *paragraph) error {
	done := false
	return s.children(func(e xml.StartElement) error {
		if done {
			return s.skip()
		}
		fields, notes := d.fields, d.notes
		branch := &paragraph{hidden: p.hidden}
		if err := d.inline(s, branch); err != nil {
			return err
		}
		if !branch.filled && len(branch.before)+len(branch.boxes) == 0 {
			d.fields, d.notes = fields, notes
			return nil
		}
		done = true
		if p.filled {
			p.boxes = append(p.boxes, branch.before...)
		} else {
			p.before = append(p.before, branch.before...)
		}
		p.boxes = append(p.boxes, branch.boxes...)
		p.page, p.after = p.page || branch.page, p.after || branch.after
		p.filled = p.filled || branch.filled
		p.text.WriteString(branch.text.String())
		return nil
	}, nil)
}

// alternateBlocks does the same where whole paragraphs have alternatives.
func (d *docx) alternateBlocks(s *scanner) ([]line, error) {
	var out []line
	err := s.children(func(xml.StartElement) error {
		if len(out) > 0 {
			return s.skip()
		}
		lines, err := d.blocks(s)
		for i := range lines {
			if len(lines[i].Cells) > 0 {
				out = lines
				break
			}
		}
		return err
	}, nil)
	return out, err
}

// table reads a table by [pagetext.TableLines].
func (d *docx) table(s *scanner) ([]line, error) {
	var rows [][][]pagetext.Line
	if err := d.rows(s, &rows); err != nil {
		return nil, err
	}
	var out []line
	for _, l := range pagetext.TableLines(rows) {
		out = append(out, line{Line: l})
	}
	return out, nil
}

func (d *docx) rows(s *scanner, rows *[][][]pagetext.Line) error {
	return s.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "tr":
			var cells [][]pagetext.Line
			err := d.cells(s, &cells)
			if len(cells) > 0 {
				*rows = append(*rows, cells)
			}
			return err
		case "tblPr", "tblGrid", "del", "moveFrom":
			return s.skip()
		}
		return d.rows(s, rows) // content controls around rows
	}, nil)
}

func (d *docx) cells(s *scanner, cells *[][]pagetext.Line) error {
	return s.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "tc":
			lines, err := d.blocks(s)
			*cells = append(*cells, plainLines(lines))
			return err
		case "trPr", "tblPrEx", "del", "moveFrom", "sdtPr":
			return s.skip()
		}
		return d.cells(s, cells)
	}, nil)
}

// plainLines are lines without their pages: a cell's pages are not those of the cell beside it.
func plainLines(lines []line) []pagetext.Line {
	var out []pagetext.Line
	for i := range lines {
		if len(lines[i].Cells) > 0 {
			out = append(out, lines[i].Line)
		}
	}
	return out
}
