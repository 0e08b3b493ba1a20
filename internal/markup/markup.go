// Package markup reads the text of HTML: a resume with its headings, lists and tables, or what a person reads of a page of the web.
//
// It goes through tokens and builds no tree, so time and memory grow with the length only, whatever elements are left open.
package markup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// Bounds on a page.
const (
	maxToken  = 4 << 20 // bytes of one tag or text
	maxTables = 64      // tables within tables
	maxHidden = 256     // hidden elements within a hidden one
)

// Read reads an HTML file as a document of one page. The encoding is that of the byte order mark, of the page's own word, or UTF-8.
// Errors wrap a [pagetext.Reason].
func Read(data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	decoded, err := charset.NewReader(bytes.NewReader(data), "")
	if err != nil {
		return pagetext.Document{}, fmt.Errorf("%w: %w", pagetext.Broken, err)
	}
	p := &page{out: pagetext.NewBuilder(string(pagetext.HTML), limits), runes: limits.Runes, links: true}
	if err := p.read(decoded); err != nil {
		return pagetext.Document{}, err
	}
	return p.out.Document()
}

// Text is what a person reads of a page of the web: a line for each block, a dash before items, nothing of navigation, buttons and the
// page's foot, and no addresses of links. r gives UTF-8.
func Text(r io.Reader) (string, error) {
	const much = 1 << 30
	p := &page{out: pagetext.NewBuilder(string(pagetext.HTML), pagetext.Limits{Pages: 1, Runes: much}), runes: much, chrome: true}
	if err := p.read(r); err != nil {
		return "", err
	}
	doc, err := p.out.Document()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i := range doc.Pages[0].Lines {
		text := doc.Pages[0].Lines[i].Text()
		if item, ok := strings.CutPrefix(text, pagetext.Bullet); ok {
			text = "- " + item
		}
		b.WriteString(text + "\n")
	}
	return strings.TrimSpace(b.String()), nil
}

// table is a table that has begun and not ended.
type table struct {
	rows   [][][]pagetext.Line
	cells  [][]pagetext.Line
	cell   []pagetext.Line
	inCell bool
}

// link is a link that has begun: where its words begin in the line.
type link struct {
	start int
	href  string
}

// page reads one page.
type page struct {
	out    *pagetext.Builder
	runes  int
	links  bool // addresses of links are kept
	chrome bool // navigation and the like are left out

	text    strings.Builder // of the line that has begun
	filled  bool
	spaced  bool // it ends in a space
	item    bool // the next line is an item
	heading int
	pre     int
	tables  []*table
	link    *link
	hidden  []atom.Atom // open elements that are not shown; empty while text is read
	names   []string    // their names, for elements that have no atom
}

func (p *page) read(r io.Reader) error {
	z := html.NewTokenizer(r)
	z.SetMaxBuf(maxToken)
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		switch kind {
		case html.TextToken:
			if len(p.hidden) == 0 {
				p.characters(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			p.start(z.Token())
		case html.EndTagToken:
			name, _ := z.TagName()
			p.end(atom.Lookup(name), string(name))
		case html.ErrorToken, html.CommentToken, html.DoctypeToken:
		}
		if p.runes < 0 {
			return fmt.Errorf("%w: too much text", pagetext.TooLarge)
		}
		if err := p.out.Full(); err != nil {
			return err
		}
	}
	switch err := z.Err(); {
	case errors.Is(err, html.ErrBufferExceeded):
		return fmt.Errorf("%w: %w", pagetext.TooLarge, err)
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("%w: %w", pagetext.Broken, err)
	}
	p.flush()
	for len(p.tables) > 0 {
		p.endTable()
	}
	return nil
}

// characters adds text: runs of spaces are one, but in pre.
func (p *page) characters(s string) {
	p.runes -= utf8.RuneCountInString(s)
	if p.pre > 0 {
		for i, l := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
			if i > 0 {
				p.flush()
			}
			p.text.WriteString(l)
			p.filled = p.filled || strings.TrimSpace(l) != ""
		}
		return
	}
	for _, r := range s {
		if unicode.IsSpace(r) && r != '\u00a0' {
			p.space()
			continue
		}
		p.text.WriteRune(r)
		p.spaced, p.filled = false, true
	}
}

func (p *page) space() {
	if !p.spaced && p.filled {
		p.text.WriteByte(' ')
		p.spaced = true
	}
}

// gap parts cells within a line.
func (p *page) gap() {
	if p.filled {
		p.text.WriteByte('\t')
		p.spaced = true
	}
}

// flush ends the line.
func (p *page) flush() {
	if p.link != nil {
		p.endLink() // a link over several blocks keeps its address with the first that has words
	}
	if p.filled {
		p.add(pagetext.Paragraph(p.text.String(), p.heading, p.item && p.heading == 0))
		p.item = false
	}
	p.text.Reset()
	p.filled, p.spaced = false, false
}

func (p *page) add(lines []pagetext.Line) {
	if n := len(p.tables); n > 0 && p.tables[n-1].inCell {
		p.tables[n-1].cell = append(p.tables[n-1].cell, lines...)
		return
	}
	p.out.Add(lines...)
}

func (p *page) start(t html.Token) {
	if len(p.hidden) > 0 {
		p.startHidden(t)
		return
	}
	if p.leftOut(t) {
		if block(t.DataAtom) {
			p.flush()
		}
		if !void(t.DataAtom) && t.Type != html.SelfClosingTagToken {
			p.hidden, p.names = append(p.hidden, t.DataAtom), append(p.names, t.Data)
		}
		return
	}
	switch t.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.flush()
		p.heading, p.item = int(t.Data[1]-'0'), false
	case atom.Li:
		p.flush()
		p.item, p.heading = true, 0
	case atom.Br:
		p.flush()
	case atom.Hr:
		p.flush()
		p.out.Apart()
	case atom.Pre, atom.Textarea:
		p.flush()
		p.pre++
	case atom.A:
		p.endLink()
		p.link = &link{p.text.Len(), attribute(t, "href")}
	case atom.Table:
		p.flush()
		if len(p.tables) < maxTables {
			p.tables = append(p.tables, &table{})
		}
	case atom.Tr:
		p.flush()
		p.endRow()
	case atom.Td, atom.Th:
		p.flush()
		p.startCell()
	case atom.Time:
		p.space()
	case atom.Section, atom.Article:
		p.flush()
		p.out.Apart()
	default:
		if block(t.DataAtom) {
			p.flush()
		} else if aside(t) {
			p.gap()
		}
	}
}

func (p *page) end(a atom.Atom, name string) {
	if len(p.hidden) > 0 {
		p.endHidden(a, name)
		return
	}
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.flush()
		p.heading = 0
	case atom.Li:
		p.flush()
		p.item = false
	case atom.Pre, atom.Textarea:
		p.flush()
		p.pre = max(0, p.pre-1)
	case atom.A:
		p.endLink()
	case atom.Td, atom.Th:
		p.flush()
		p.endCell()
	case atom.Tr:
		p.flush()
		p.endRow()
	case atom.Table:
		p.flush()
		p.endTable()
	case atom.Time:
		p.space()
	default:
		if block(a) {
			p.flush()
		}
	}
}

func (p *page) endLink() {
	l := p.link
	p.link = nil
	if l == nil || !p.links || l.start > p.text.Len() {
		return
	}
	words := p.text.String()[l.start:]
	if strings.TrimSpace(words) == "" {
		return
	}
	if address := pagetext.Address(words, l.href); address != "" {
		if p.spaced {
			address = address[1:]
		}
		p.text.WriteString(address)
		p.spaced = false
		p.runes -= utf8.RuneCountInString(address)
	}
}
