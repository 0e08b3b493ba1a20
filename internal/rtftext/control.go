package rtftext

import (
	"strconv"
	"strings"

	"golang.org/x/text/encoding"
)

// maxWord bounds a control word: the longest that the specification has is shorter.
const maxWord = 32

// control reads what follows a backslash.
func (r *reader) control() {
	if r.at >= len(r.data) {
		return
	}
	c := r.data[r.at]
	if !isLetter(c) {
		r.at++
		r.symbolOf(c)
		return
	}
	start := r.at
	for r.at < len(r.data) && isLetter(r.data[r.at]) && r.at-start < maxWord {
		r.at++
	}
	word := string(r.data[start:r.at])
	start = r.at
	if r.at < len(r.data) && r.data[r.at] == '-' {
		r.at++
	}
	for r.at < len(r.data) && r.data[r.at] >= '0' && r.data[r.at] <= '9' && r.at-start < 11 {
		r.at++
	}
	n, err := strconv.Atoi(string(r.data[start:r.at]))
	has := err == nil
	if r.at < len(r.data) && r.data[r.at] == ' ' {
		r.at++
	}
	if word == "bin" {
		r.at = min(len(r.data), r.at+max(0, n))
		return
	}
	if r.eat > 0 && word != "u" { // a control word counts as one character
		r.eat--
		return
	}
	r.word(word, n, has)
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// symbolOf takes a control symbol: a backslash and one character that is no letter.
func (r *reader) symbolOf(c byte) {
	switch c {
	case '\'':
		if r.at+2 <= len(r.data) {
			n, err := strconv.ParseUint(string(r.data[r.at:r.at+2]), 16, 8)
			if err == nil {
				r.at += 2
				r.byte(byte(n))
			}
		}
	case '*':
		r.g.starred = r.g.fresh
	case '\\', '{', '}':
		r.byte(c)
	case '~':
		r.put(" ")
	case '_':
		r.put("-")
	case '\n', '\r':
		r.word("par", 0, false)
	}
}

func (r *reader) put(s string) {
	if r.eat > 0 {
		r.eat--
		return
	}
	r.flush()
	r.g.fresh = false
	r.text(s)
}

// word takes a control word. n is its number where has is true.
func (r *reader) word(word string, n int, has bool) {
	fresh, starred := r.g.fresh, r.g.starred
	r.g.fresh, r.g.starred = false, false
	if word != "u" {
		r.flush()
	}
	if fresh && r.begin(word) {
		return
	}
	if starred {
		r.g.dest = toNothing
		return
	}
	switch r.g.dest {
	case toNothing, toCode:
		return
	case toFonts:
		r.fontWord(word, n)
		return
	case toStyles:
		switch word {
		case "s":
			r.number = n
		case "outlinelevel":
			r.level = n + 1
		case "u":
			r.unicode(n)
		}
		return
	case toText, toList:
	}
	if s, ok := special(word); ok && r.g.dest == toText {
		r.put(s)
		return
	}
	if !r.characterWord(word, n, has) && r.g.dest == toText {
		r.paragraphWord(word, n, has)
	}
}

// begin is true where the word says what the group that it begins is for.
func (r *reader) begin(word string) bool {
	g := r.g
	if g.dest == toNothing {
		return true
	}
	switch word {
	case "fonttbl":
		g.dest = toFonts
	case "stylesheet":
		g.dest = toStyles
	case "colortbl", "info", "pict", "nonshppict", "object", "filetbl", "revtbl", "xe", "tc", "rxe", "txe", "sp", "shprslt", "nonesttables", "private", "sn", "sv", "comment",
		"annotation", "atnid", "atnauthor", "bkmkstart", "bkmkend", "listtable", "listoverridetable", "rsidtbl", "themedata", "datastore", "nesttableprops":
		g.dest = toNothing
	case "listtext", "pntext":
		g.dest = toList
		g.sink.mark = true
	case "shpinst", "shp", "shpgrp", "shptxt", "dptxbxtext", "ud":
		if word == "shptxt" || word == "dptxbxtext" {
			g.sink, g.own = &sink{box: true}, true
		}
	case "field":
		g.field, g.isField = &field{start: -1, sink: g.sink}, true
	case "fldinst":
		g.dest = toCode
	case "fldrslt":
		if g.field != nil {
			g.field.start, g.field.sink = g.sink.text.Len(), g.sink
		}
	case "footnote":
		g.sink = r.notes
		r.notes.end(r.styles)
	case "header", "headerl", "headerr", "headerf":
		g.sink, g.own = &sink{}, true
		r.headers = append(r.headers, g.sink)
	case "footer", "footerl", "footerr", "footerf":
		g.sink, g.own = &sink{}, true
		r.footers = append(r.footers, g.sink)
	default:
		return false
	}
	return true
}

// fontWord reads the table of fonts for the encodings of their text.
func (r *reader) fontWord(word string, n int) {
	switch word {
	case "f":
		r.number = n
	case "fcharset":
		f := r.fonts[r.number]
		if f.symbol = n == symbolCharset; f.page == nil {
			f.page = codepage(charsetPage(n))
		}
		r.fonts[r.number] = f
	case "cpg":
		f := r.fonts[r.number]
		if page := codepage(n); page != nil {
			f.page = page
		}
		r.fonts[r.number] = f
	}
}

// special is the text of a control word that stands for a character.
func special(word string) (string, bool) {
	switch word {
	case "tab":
		return "\t", true
	case "line", "lbr":
		return "\n", true
	case "emdash":
		return "—", true
	case "endash":
		return "–", true
	case "bullet":
		return "•", true
	case "lquote":
		return "‘", true
	case "rquote":
		return "’", true
	case "ldblquote":
		return "“", true
	case "rdblquote":
		return "”", true
	case "emspace", "enspace", "qmspace":
		return " ", true
	}
	return "", false
}

// characterWord takes the words that are about characters.
func (r *reader) characterWord(word string, n int, has bool) bool {
	off := has && n == 0
	switch word {
	case "u":
		r.unicode(n)
	case "uc":
		r.g.skip = max(0, min(n, 16))
	case "plain":
		r.g.hidden, r.g.deleted, r.g.symbol, r.g.page = false, false, false, r.ansi
	case "v":
		r.g.hidden = !off
	case "deleted":
		r.g.deleted = !off
	case "f":
		f := r.fonts[n]
		r.g.symbol, r.g.page = f.symbol, f.page
		if f.page == nil {
			r.g.page = r.ansi
		}
	case "ansicpg":
		r.setPage(codepage(n))
	case "mac":
		r.setPage(codepage(10000))
	case "pc":
		r.setPage(codepage(437))
	case "pca":
		r.setPage(codepage(850))
	default:
		return false
	}
	return true
}

// paragraphWord takes the words that are about paragraphs, tables and pages.
func (r *reader) paragraphWord(word string, n int, has bool) {
	s := r.g.sink
	switch word {
	case "par", "sect", "column":
		s.endParagraph(r.styles)
	case "pard":
		s.reset()
	case "s":
		s.style = n
	case "outlinelevel":
		if s.level = n + 1; n >= 9 || n < 0 {
			s.level = -1 // body text
		}
		s.level = min(s.level, maxLevel)
	case "ls":
		s.item = has && n > 0
	case "page":
		if strings.TrimSpace(s.text.String()) != "" {
			s.endParagraph(r.styles)
		}
		s.page = true
	case "pagebb":
		s.page = !has || n != 0
	case "intbl":
		s.inTable = true
	case "cell":
		s.endCell(r.styles)
	case "nestcell":
		s.inTable = true
		s.endParagraph(r.styles)
	case "row":
		s.endRow(r.styles)
	}
}

// setPage sets the document's own code page, where it is known.
func (r *reader) setPage(page encoding.Encoding) {
	if page == nil {
		return
	}
	r.ansi = page
	for i := range r.stack {
		r.stack[i].page = page
	}
}
