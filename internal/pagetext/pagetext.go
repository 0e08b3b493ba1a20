// Package pagetext is text as it stands on pages: what a reader of a file format hands to the package that makes a document of it.
//
// It holds only the shapes and the cleaning that every format shares, so that a package that wants the text does not link the parsers
// that can be brought down by it.
package pagetext

import (
	"errors"
	"strings"
)

// Line is one line in reading order.
type Line struct {
	// Cells are the parts of the line that a wide gap parts, such as an employer and the dates at the right margin. Most lines have one.
	Cells []string `json:"c"`
	// Box is x0, y0, x1, y1 in points from the page's top left, zero where a format has no layout.
	Box [4]float64 `json:"b"`
	// Apart is true where the line does not follow on the one before: a new page or column, or a clear vertical gap.
	Apart bool `json:"a,omitempty"`
	// Heading is the level, 1 to 6, at which the format itself marks the line as a heading; 0 for any other line, and in formats that
	// mark none, such as PDF.
	Heading int `json:"h,omitempty"`
}

// Text is the line with its cells joined by a space.
func (l *Line) Text() string { return strings.Join(l.Cells, " ") }

// Height is the height of the ink of the line, in points.
func (l *Line) Height() float64 { return l.Box[3] - l.Box[1] }

// Page is one page, with its lines in the order in which the file gives them.
type Page struct {
	Width  float64 `json:"w"` // in points
	Height float64 `json:"h"`
	Lines  []Line  `json:"l"`
	Lost   bool    `json:"x,omitempty"` // the page is there and could not be read
}

// Document is what was read of a file.
type Document struct {
	Engine string `json:"engine"` // which reader's text it is
	Pages  []Page `json:"pages"`
}

// Words counts the words on all pages.
func (d *Document) Words() int {
	n := 0
	for i := range d.Pages {
		for j := range d.Pages[i].Lines {
			for _, c := range d.Pages[i].Lines[j].Cells {
				n += len(strings.Fields(c))
			}
		}
	}
	return n
}

// Format is a file format that needs a parser of its own. Plain text and Markdown need none.
type Format string

// The formats.
const (
	PDF  Format = "pdf"
	DOCX Format = "docx"
	ODT  Format = "odt"
	RTF  Format = "rtf"
	HTML Format = "html"
)

// Limits bound what is read of one file.
type Limits struct {
	Pages int // a document with more is refused before any page is read
	Runes int // code points of text
}

// Reason says why there is no text. It implements error so that errors.Is works on it.
type Reason string

// Error makes a Reason usable as the target of errors.Is.
func (r Reason) Error() string { return string(r) }

// The reasons.
const (
	Password     Reason = "password"       // encrypted, and the empty password does not open it
	Broken       Reason = "broken"         // no engine can read it
	TooManyPages Reason = "too many pages" // over Limits.Pages
	TooLarge     Reason = "too large"      // over Limits.Runes, or more memory than a reader may have
	Timeout      Reason = "timeout"        // not read in time
	Busy         Reason = "busy"           // every reader is taken
	Unstarted    Reason = "unstarted"      // the reader itself did not start: our fault and not the file's
)

// ReasonOf is the Reason in err's chain, or "" where there is none.
func ReasonOf(err error) Reason {
	if r, ok := errors.AsType[Reason](err); ok {
		return r
	}
	return ""
}
