package officetext

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// Bounds on the XML of a file.
const (
	maxDepth    = 256     // elements within elements: tables in text boxes in tables come to some forty
	maxElements = 800_000 // of all parts together
)

// meter counts what the parts of one file take together.
type meter struct{ elements, runes int }

// scanner reads the XML of one part, within bounds. Entities beyond XML's own five are refused, as encoding/xml does.
type scanner struct {
	d     *xml.Decoder
	m     *meter
	depth int
}

func newScanner(part []byte, m *meter) *scanner {
	d := xml.NewDecoder(bytes.NewReader(utf8Of(part)))
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "utf-16") || strings.HasPrefix(strings.ToLower(label), "ucs-2") {
			return r, nil // it is UTF-8 by now
		}
		return charset.NewReaderLabel(label, r)
	}
	return &scanner{d: d, m: m}
}

// utf8Of decodes UTF-16, with a byte order mark or without one.
func utf8Of(part []byte) []byte {
	var at func(i int) uint16
	switch {
	case bytes.HasPrefix(part, []byte("\xff\xfe")), bytes.HasPrefix(part, []byte("<\x00")):
		at = func(i int) uint16 { return uint16(part[i]) | uint16(part[i+1])<<8 }
	case bytes.HasPrefix(part, []byte("\xfe\xff")), bytes.HasPrefix(part, []byte("\x00<")):
		at = func(i int) uint16 { return uint16(part[i])<<8 | uint16(part[i+1]) }
	default:
		return bytes.TrimPrefix(part, []byte("\ufeff"))
	}
	out := make([]byte, 0, len(part)/2)
	for i := 0; i+1 < len(part); i += 2 {
		r := rune(at(i))
		if utf16.IsSurrogate(r) && i+3 < len(part) {
			r = utf16.DecodeRune(r, rune(at(i+2)))
			i += 2
		}
		if i == 0 && r == '\ufeff' {
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// next is the next token: a start or end of an element, or characters. At the end of the part it gives io.EOF.
func (s *scanner) next() (xml.Token, error) {
	for {
		token, err := s.d.Token()
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", pagetext.Broken, err)
		}
		switch token.(type) {
		case xml.StartElement:
			s.depth++
			s.m.elements--
			if s.depth > maxDepth || s.m.elements < 0 {
				return nil, fmt.Errorf("%w: too many elements, or too deep", pagetext.TooLarge)
			}
		case xml.EndElement:
			s.depth--
		case xml.CharData:
		default:
			continue
		}
		return token, nil
	}
}

// skip reads to the end of the element that has just begun.
func (s *scanner) skip() error {
	for end := s.depth - 1; s.depth > end; {
		if _, err := s.next(); err != nil {
			return unexpected(err)
		}
	}
	return nil
}

// children calls each for every child element of the one that has just begun, and characters for its text where that is not nil. each must
// read the child to its end.
func (s *scanner) children(each func(xml.StartElement) error, characters func(xml.CharData)) error {
	for {
		token, err := s.next()
		if err != nil {
			return unexpected(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := each(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		case xml.CharData:
			if characters != nil {
				characters(t)
			}
		}
	}
}

// root finds the part's outermost element.
func (s *scanner) root() error {
	for {
		token, err := s.next()
		if err != nil {
			return unexpected(err)
		}
		if _, ok := token.(xml.StartElement); ok {
			return nil
		}
	}
}

// each calls visit for every element of the part, however deep, with a place to read on from.
func (s *scanner) each(visit func(xml.StartElement)) error {
	for {
		token, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			visit(start)
		}
	}
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: the part ends within an element", pagetext.Broken)
	}
	return err
}

// attr is the value of an attribute by its local name: parts of both dialects of OOXML use the same ones in other namespaces.
func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// relID is the r:id of an element, which may also have an id of its own.
func relID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && strings.HasSuffix(a.Name.Space, "/relationships") {
			return a.Value
		}
	}
	return ""
}

// on is the value of a switch such as w:vanish, which is on where it has no value.
func on(e xml.StartElement) bool {
	switch attr(e, "val") {
	case "0", "false", "off":
		return false
	}
	return true
}
