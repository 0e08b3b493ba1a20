// Package resume turns the bytes of a resume into text with positions, sections and dated jobs.
//
// Every offset in this package counts Unicode code points of Document.Text and every range is half-open, so that
// []rune(doc.Text)[s.Start:s.End] is exactly what a claim was read from.
package resume

// Bounds on what is read. A file over one of them is refused with a code that names it.
const (
	MaxBytes = 10 << 20 // bytes of an upload
	MaxPages = 100      // pages of a document
)

// Outcome says how reading ended. OutcomeOK is the only one that comes with text.
type Outcome string

// The outcomes, which are also the codes of the problems that the API answers with and the reasons that the command line prints.
const (
	OutcomeOK           Outcome = "ok"
	OutcomeEmpty        Outcome = "empty"          // no bytes
	OutcomePassword     Outcome = "password"       // encrypted, and the empty password does not open it
	OutcomeNoText       Outcome = "no_text"        // pages, but no text on any: scanned or drawn
	OutcomeBroken       Outcome = "broken"         // no engine can open it
	OutcomeTooLarge     Outcome = "too_large"      // over MaxBytes, or it needs more memory than a reader may have
	OutcomeTooManyPages Outcome = "too_many_pages" // over MaxPages
	OutcomeTimeout      Outcome = "timeout"        // not read within the limit
	OutcomeUnsupported  Outcome = "unsupported"    // not a type we read
	OutcomeBusy         Outcome = "busy"           // every reader is taken and the queue is full
)

// Span is a half-open range of code points of Document.Text.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Line is one line of text as it stands on its page.
type Line struct {
	Page  int        `json:"page"` // from 1
	BBox  [4]float64 `json:"bbox"` // x0, y0, x1, y1 in points from the page's top left; all zero where a format has no layout
	Start int        `json:"start"`
	End   int        `json:"end"` // excludes the line break
}

// SectionKind is what a part of a resume is about.
type SectionKind string

// The kinds of section.
const (
	SectionHeader         SectionKind = "header" // name and contact, before the first heading
	SectionSummary        SectionKind = "summary"
	SectionExperience     SectionKind = "experience"
	SectionEducation      SectionKind = "education"
	SectionSkills         SectionKind = "skills"
	SectionProjects       SectionKind = "projects"
	SectionCertifications SectionKind = "certifications"
	SectionPublications   SectionKind = "publications"
	SectionAwards         SectionKind = "awards"
	SectionInterests      SectionKind = "interests"
	SectionOther          SectionKind = "other"
)

// Section is a part of the text under one heading. Start includes the heading.
type Section struct {
	Kind    SectionKind `json:"kind"`
	Heading string      `json:"heading"`
	Start   int         `json:"start"`
	End     int         `json:"end"`
}

// Present is the End of a position that is still held.
const Present = "present"

// Position is one dated job or role. Start and End are "YYYY-MM", "YYYY" where no month is given, or for End Present;
// either may be "" when it could not be read. Span covers the position's heading and its body.
type Position struct {
	Title string `json:"title"`
	Org   string `json:"org"`
	Start string `json:"start"`
	End   string `json:"end"`
	Span  [2]int `json:"span"`
}

// Education is one entry of schooling. Start and End are as in Position. Any field but Span may be "".
type Education struct {
	Institution string `json:"institution"`
	Degree      string `json:"degree"` // degree and field of study as written
	Start       string `json:"start"`
	End         string `json:"end"`
	Span        [2]int `json:"span"`
}

// Certification is one certificate. Year is 0 where none is given.
type Certification struct {
	Name   string `json:"name"`
	Issuer string `json:"issuer"`
	Year   int    `json:"year"`
	Span   [2]int `json:"span"`
}

// Link is an address on the web as it stands in the text, with a scheme added where the writer left it out.
type Link struct {
	URL  string `json:"url"`
	Span [2]int `json:"span"`
}

// PersonalKind is what a piece of personal data is.
type PersonalKind string

// The kinds of personal data.
const (
	PersonalName      PersonalKind = "name"
	PersonalEmail     PersonalKind = "email"
	PersonalPhone     PersonalKind = "phone"
	PersonalAddress   PersonalKind = "address"
	PersonalLink      PersonalKind = "link" // a profile or site of the person
	PersonalBirthDate PersonalKind = "birth_date"
)

// Personal marks words that say who the person is or how to reach them, so that later rooms can leave them out.
type Personal struct {
	Kind PersonalKind `json:"kind"`
	Text string       `json:"text"`
	Span [2]int       `json:"span"`
}

// Warning is something about the reading that the person should know, such as a page without text.
type Warning struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Page   int    `json:"page,omitempty"`
}

// Document is what was read. With an outcome other than OutcomeOK all else is empty.
type Document struct {
	Outcome   Outcome    `json:"outcome"`
	Engine    string     `json:"engine,omitempty"` // which engine's text it is
	Pages     int        `json:"pages"`
	Words     int        `json:"words"`
	Text      string     `json:"text"`
	Lines     []Line     `json:"lines"`
	Sections  []Section  `json:"sections"`
	Positions []Position `json:"positions"`
	Warnings  []Warning  `json:"warnings"`

	Language       string          `json:"language"` // ISO 639-1 code of the language it is written in, "" where that is unclear
	Education      []Education     `json:"education"`
	Certifications []Certification `json:"certifications"`
	Links          []Link          `json:"links"`
	Personal       []Personal      `json:"personal"`
}

// newDocument is a document with nothing in it: every list is empty rather than null, as JSON tells it.
func newDocument(o Outcome) *Document {
	return &Document{
		Outcome: o, Lines: []Line{}, Sections: []Section{}, Positions: []Position{}, Warnings: []Warning{},
		Education: []Education{}, Certifications: []Certification{}, Links: []Link{}, Personal: []Personal{},
	}
}

// SectionAt is the kind of the section that holds the code point at offset, SectionOther where none does.
func (d *Document) SectionAt(offset int) SectionKind {
	for _, s := range d.Sections {
		if offset >= s.Start && offset < s.End {
			return s.Kind
		}
	}
	return SectionOther
}

// PageAt is the page of the line that holds the code point at offset, 1 where none does.
func (d *Document) PageAt(offset int) int {
	page := 1
	for _, l := range d.Lines {
		if l.Start > offset {
			break
		}
		page = l.Page
	}
	return page
}
