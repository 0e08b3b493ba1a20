package markup

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/gapwise/gapwise/internal/pagetext"
)

func (p *page) startCell() {
	p.endCell()
	if n := len(p.tables); n > 0 {
		p.tables[n-1].inCell = true
	}
}

func (p *page) endCell() {
	if n := len(p.tables); n > 0 && p.tables[n-1].inCell {
		t := p.tables[n-1]
		t.cells = append(t.cells, t.cell)
		t.cell, t.inCell = nil, false
	}
}

func (p *page) endRow() {
	p.endCell()
	if n := len(p.tables); n > 0 && len(p.tables[n-1].cells) > 0 {
		t := p.tables[n-1]
		t.rows = append(t.rows, t.cells)
		t.cells = nil
	}
}

func (p *page) endTable() {
	p.endRow()
	n := len(p.tables)
	if n == 0 {
		return
	}
	lines := pagetext.TableLines(p.tables[n-1].rows)
	p.tables = p.tables[:n-1]
	p.add(lines)
}

// leftOut is true for an element whose text nobody sees.
func (p *page) leftOut(t html.Token) bool {
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Svg, atom.Math, atom.Iframe, atom.Nav, atom.Select, atom.Datalist,
		atom.Title, atom.Object, atom.Audio, atom.Video, atom.Canvas, atom.Rt, atom.Rp, atom.Del:
		return true
	case atom.Footer, atom.Button:
		if p.chrome {
			return true
		}
	case atom.Html, atom.Body:
		return false // the page itself: hidden until a script shows it, where there are scripts
	}
	for _, a := range t.Attr {
		switch a.Key {
		case "hidden":
			return !strings.EqualFold(a.Val, "until-found")
		case "aria-hidden":
			if strings.EqualFold(a.Val, "true") {
				return true
			}
		case "style":
			style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

// startHidden keeps count of elements within one that is not shown, so that its own end is known.
func (p *page) startHidden(t html.Token) {
	last := p.hidden[len(p.hidden)-1]
	switch {
	case last == atom.Head && t.DataAtom == atom.Body, closesBefore(last, t.DataAtom):
		p.hidden, p.names = p.hidden[:len(p.hidden)-1], p.names[:len(p.names)-1]
		p.start(t)
	case t.Data == p.names[len(p.names)-1] && t.Type == html.StartTagToken && !void(t.DataAtom) && len(p.hidden) < maxHidden:
		p.hidden, p.names = append(p.hidden, t.DataAtom), append(p.names, t.Data)
	}
}

func (p *page) endHidden(a atom.Atom, name string) {
	if n := len(p.names); p.names[n-1] == name {
		p.hidden, p.names = p.hidden[:n-1], p.names[:n-1]
		return
	}
	// The end of what holds a hidden paragraph or item, whose own end may be left out, ends it too.
	if last := p.hidden[len(p.hidden)-1]; last == atom.P || last == atom.Li && (a == atom.Ul || a == atom.Ol) {
		if block(a) {
			p.hidden, p.names = p.hidden[:len(p.hidden)-1], p.names[:len(p.names)-1]
			if len(p.hidden) == 0 {
				p.end(a, name)
			}
		}
	}
}

// closesBefore is true where an element ends because another begins.
func closesBefore(open, next atom.Atom) bool {
	switch open {
	case atom.P:
		return block(next) && next != atom.Br
	case atom.Li:
		return next == atom.Li
	case atom.Td, atom.Th:
		return next == atom.Td || next == atom.Th || next == atom.Tr
	case atom.Tr:
		return next == atom.Tr
	}
	return false
}

func block(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.Footer, atom.Aside, atom.Nav, atom.Ul, atom.Ol, atom.Li, atom.Br,
		atom.Hr, atom.Tr, atom.Td, atom.Th, atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Caption, atom.Dl, atom.Dt, atom.Dd, atom.Blockquote,
		atom.Pre, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Address, atom.Figure, atom.Figcaption, atom.Details, atom.Summary,
		atom.Fieldset, atom.Legend, atom.Form, atom.Body, atom.Html, atom.Hgroup, atom.Menu, atom.Center, atom.Option, atom.Textarea:
		return true
	}
	return false
}

func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track,
		atom.Wbr:
		return true
	}
	return false
}

func attribute(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// rightward are class names by which pages push dates and places to the right of a line.
var rightward = map[string]bool{
	"right": true, "float-right": true, "pull-right": true, "text-right": true, "text-end": true, "float-end": true, "ms-auto": true, "ml-auto": true,
	"date": true, "dates": true, "period": true, "duration": true, "daterange": true, "date-range": true,
}

// aside is true for an inline element that stands apart from the words before it.
func aside(t html.Token) bool {
	if t.DataAtom != atom.Span && t.DataAtom != atom.Small && t.DataAtom != atom.Em && t.DataAtom != atom.I && t.DataAtom != atom.B && t.DataAtom != atom.Strong {
		return false
	}
	style := strings.ToLower(strings.Join(strings.Fields(attribute(t, "style")), ""))
	if strings.Contains(style, "float:right") || strings.Contains(style, "margin-left:auto") {
		return true
	}
	return slices.ContainsFunc(strings.Fields(strings.ToLower(attribute(t, "class"))), func(c string) bool { return rightward[c] })
}
