// Package posting reads job postings: formats in, cleaning, and what each one asks for.
package posting

import (
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/skill"
)

// Requirement is a skill that a posting asks for, with the words that say so.
type Requirement struct {
	Skill   string `json:"skill"`
	Level   int    `json:"level"` // NIH scale, from the words near it
	Must    bool   `json:"must"`
	Start   int    `json:"start"` // code points of Description, half-open
	End     int    `json:"end"`
	Excerpt string `json:"excerpt"`
}

// Posting is one job advert.
type Posting struct {
	ID           uuid.UUID     `json:"id"`
	Source       string        `json:"source"`
	ExternalID   string        `json:"external_id"` // unique within Source
	Title        string        `json:"title"`
	Company      string        `json:"company"`
	Location     string        `json:"location"`
	Remote       string        `json:"remote"`    // no, hybrid, yes or "" for unknown
	Seniority    string        `json:"seniority"` // junior, mid, senior, staff, lead or "" for unknown
	PostedOn     time.Time     `json:"posted_on"` // a UTC date; zero when unknown
	URL          string        `json:"url"`
	Description  string        `json:"description"`
	Requirements []Requirement `json:"requirements"`
	Language     string        `json:"language,omitempty"` // ISO 639-1; "" where it is not told
	Speaks       string        `json:"speaks,omitempty"`   // languages but English that it cannot do without, as codes: "de/fr es" is either of two, and Spanish
	Pay          Pay           `json:"pay,omitzero"`
	ValidThrough time.Time     `json:"valid_through,omitzero"` // a UTC date, the last on which one can apply; zero when unknown
}

// Pay is what a posting offers.
type Pay struct {
	Currency string `json:"currency"` // ISO 4217
	Min      int64  `json:"min"`      // hundredths of the currency
	Max      int64  `json:"max"`      // the same as Min where one figure is named
	Period   string `json:"period"`   // hour, day, week, month or year
}

// Yearly is the pay as of a year's full work: 2,080 hours, 260 days, 52 weeks or 12 months. It is zero where there is none.
func (p Pay) Yearly() (least, most int64) {
	times := map[string]int64{"hour": 2080, "day": 260, "week": 52, "month": 12, "year": 1}[p.Period]
	return p.Min * times, p.Max * times
}

// Text is the text of which the posting's vector is made.
func (p *Posting) Text() string { return p.Title + ". " + p.Description }

// Sample tells whether the posting ships with Gapwise; its company does not exist.
func (p *Posting) Sample() bool { return p.Source == SampleSource }

// SampleSource is the source of the postings that ship with Gapwise.
const SampleSource = "sample"

// Finder finds the skills of a text.
type Finder interface {
	Find(text string) []skill.Mention
}
