// Package rtftext reads the text of Rich Text Format files.
//
// It knows as much of the format as its text needs: groups, code pages, Unicode escapes, paragraphs, tables, headings, lists, fields,
// headers and footers. Groups within groups and the text are bounded; time and memory grow with the file's length only.
package rtftext

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// maxGroups bounds groups within groups. Word nests some thirty.
const maxGroups = 500

// destination is where the text of a group goes.
type destination int

const (
	toText destination = iota
	toNothing
	toFonts
	toStyles
	toCode // of a field
	toList // the mark of an item
)

// group is the state that a brace opens and closes.
type group struct {
	dest    destination
	sink    *sink
	own     bool // it has begun its sink and ends it
	field   *field
	isField bool // it has begun its field and ends it
	skip    int  // characters after a Unicode escape that stand for it in old readers
	page    encoding.Encoding
	symbol  bool // of a font of drawings
	hidden  bool
	deleted bool
	fresh   bool // nothing has come yet: a control word may say what the group is
	starred bool // it may be left out by a reader that does not know it
}

// field is a field with its code and what it shows.
type field struct {
	code  strings.Builder
	sink  *sink
	start int // where in the paragraph the shown part begins, -1 before it does
}

type font struct {
	page   encoding.Encoding
	symbol bool
}

// reader reads one file.
type reader struct {
	data   []byte
	at     int
	limits pagetext.Limits
	runes  int

	stack   []group
	g       *group // the innermost
	ansi    encoding.Encoding
	fonts   map[int]font
	styles  map[int]int // style → level of heading
	name    strings.Builder
	number  int // of the style or font that is being defined
	level   int
	pending []byte // in the code page, not decoded yet
	high    rune   // the first half of a surrogate pair
	eat     int    // characters that are still to be left out

	body, notes      *sink
	headers, footers []*sink
}

// Read reads an RTF file: headers, text, footnotes, footers. Errors wrap a [pagetext.Reason].
func Read(data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	start := bytes.Index(data[:min(len(data), 4096)], []byte(`{\rtf`))
	if start < 0 {
		return pagetext.Document{}, fmt.Errorf("%w: no RTF header", pagetext.Broken)
	}
	r := &reader{
		data: data, at: start, limits: limits, runes: limits.Runes, ansi: codepage(1252), fonts: map[int]font{}, styles: map[int]int{},
		body: &sink{}, notes: &sink{},
	}
	r.stack = []group{{sink: r.body, skip: 1, page: r.ansi}}
	r.g = &r.stack[0]
	if err := r.read(); err != nil {
		return pagetext.Document{}, err
	}
	for len(r.stack) > 1 { // the file broke off: what there is counts
		r.close()
	}
	return r.document()
}

func (r *reader) document() (pagetext.Document, error) {
	out := pagetext.NewBuilder(string(pagetext.RTF), r.limits)
	running := func(sinks []*sink) {
		seen := map[string]bool{}
		for _, s := range sinks {
			if words := s.words(); words != "" && !seen[words] {
				seen[words] = true
				out.Apart()
				s.emit(out, false)
			}
		}
	}
	r.body.end(r.styles)
	r.notes.end(r.styles)
	running(r.headers)
	out.Apart()
	r.body.emit(out, true)
	out.Apart()
	r.notes.emit(out, false)
	running(r.footers)
	return out.Document()
}

// read goes through the file. It ends with the group that \rtf opened.
func (r *reader) read() error {
	for r.at < len(r.data) {
		switch c := r.data[r.at]; c {
		case '{':
			r.flush()
			r.at++
			r.eat = 0
			if len(r.stack) > maxGroups {
				return fmt.Errorf("%w: groups within groups", pagetext.TooLarge)
			}
			next := *r.g
			next.own, next.isField, next.starred, next.fresh = false, false, false, true
			r.stack = append(r.stack, next)
			r.g = &r.stack[len(r.stack)-1]
		case '}':
			r.flush()
			r.at++
			r.eat = 0
			r.close()
			if len(r.stack) == 1 {
				return r.full()
			}
		case '\\':
			r.at++
			r.control()
		case '\r', '\n', 0:
			r.at++
		default:
			r.at++
			r.byte(c)
		}
		if r.runes < 0 {
			return r.full()
		}
	}
	r.flush()
	return r.full()
}

func (r *reader) full() error {
	if r.runes < 0 {
		return fmt.Errorf("%w: too much text", pagetext.TooLarge)
	}
	return nil
}

// close ends the innermost group.
func (r *reader) close() {
	if len(r.stack) <= 1 {
		return
	}
	g := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	r.g = &r.stack[len(r.stack)-1]
	if g.isField && g.field.start >= 0 && g.field.sink == r.g.sink {
		r.keepAddress(g.field)
	}
	if g.own {
		g.sink.end(r.styles)
		if g.sink.box {
			r.g.sink.hang(g.sink)
		}
	}
	if g.dest == toStyles && r.g.dest == toStyles {
		r.endStyle()
	}
}

// headingName matches the names that programs give to heading styles.
var headingName = regexp.MustCompile(`(?i)^\s*(?:heading|überschrift|titre|título|titulo|titolo|kop|标题|標題|заголовок)\s*([1-9])\s*;?`)

func (r *reader) endStyle() {
	if m := headingName.FindStringSubmatch(r.name.String()); m != nil && r.level == 0 {
		r.level, _ = strconv.Atoi(m[1])
	}
	if r.level > 0 {
		r.styles[r.number] = min(r.level, maxLevel)
	}
	r.name.Reset()
	r.number, r.level = 0, 0
}

// byte takes a byte of text in the code page.
func (r *reader) byte(c byte) {
	r.g.fresh = false
	if r.eat > 0 {
		r.eat--
		return
	}
	switch r.g.dest {
	case toNothing, toList, toFonts:
		return
	case toText, toStyles, toCode:
	}
	r.pending = append(r.pending, c)
}

// flush decodes the bytes that have come.
func (r *reader) flush() {
	if len(r.pending) == 0 {
		return
	}
	pending := r.pending
	r.pending = r.pending[:0]
	if r.g.symbol {
		var b strings.Builder
		for _, c := range pending {
			if c < ' ' {
				continue
			}
			b.WriteRune(0xF000 + rune(c)) // where word processors keep them
		}
		r.text(b.String())
		return
	}
	out, err := r.g.page.NewDecoder().Bytes(pending)
	if err != nil {
		out = bytes.ToValidUTF8(pending, nil)
	}
	r.text(strings.ToValidUTF8(string(out), ""))
}

// text adds decoded text to where the group's text goes.
func (r *reader) text(s string) {
	r.runes -= utf8.RuneCountInString(s)
	switch r.g.dest {
	case toText:
		if !r.g.hidden && !r.g.deleted {
			r.g.sink.text.WriteString(s)
		}
	case toStyles:
		if r.name.Len() < maxName {
			r.name.WriteString(s)
		}
	case toCode:
		if f := r.g.field; f != nil && f.code.Len() < maxCode {
			f.code.WriteString(s)
		}
	case toNothing, toList, toFonts:
	}
}

// Bounds in bytes on what is not text.
const (
	maxName = 200
	maxCode = 2000
)

// unicode takes a Unicode escape: a signed number of 16 bits, half a surrogate pair for what lies beyond.
func (r *reader) unicode(n int) {
	r.flush()
	c := rune(n & 0xFFFF)
	r.eat = r.g.skip
	switch {
	case c >= 0xD800 && c < 0xDC00:
		r.high = c
		return
	case c >= 0xDC00 && c < 0xE000:
		c = utf16.DecodeRune(r.high, c)
	}
	r.high = 0
	if c > 0 && c != utf8.RuneError && utf8.ValidRune(c) {
		r.text(string(c))
	}
}

func (r *reader) keepAddress(f *field) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(f.code.String()), "HYPERLINK")
	words := f.sink.text.String()
	if !ok || f.start > len(words) || strings.TrimSpace(words[f.start:]) == "" {
		return
	}
	rest = strings.TrimSpace(rest)
	address, _, _ := strings.Cut(rest, " ")
	if quoted, ok := strings.CutPrefix(rest, `"`); ok {
		address, _, _ = strings.Cut(quoted, `"`)
	}
	address = pagetext.Address(words[f.start:], address)
	r.runes -= utf8.RuneCountInString(address)
	f.sink.text.WriteString(address)
}
