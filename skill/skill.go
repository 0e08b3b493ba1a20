// Package skill finds the skills of a text with the words that prove them, and judges levels from that evidence.
//
// It is deterministic: the same text, catalogue and extractor version give the same bytes. A claim without a mention does not exist.
package skill

import "github.com/gapwise/gapwise/resume"

// ExtractorVersion names the rules of this package. It changes whenever a rule could change a profile.
const ExtractorVersion = "rules-5"

// Mention is one place where a skill is named. Start and End are code points of the document's text, half-open.
type Mention struct {
	SkillID string             `json:"-"`
	Start   int                `json:"start"`
	End     int                `json:"end"`
	Text    string             `json:"text"`
	Page    int                `json:"page"`
	Section resume.SectionKind `json:"section"`
	// Confidence in (0, 1] is how sure the reader is that the words mean this skill.
	Confidence float64 `json:"-"`
	// Negated marks words that deny or only wish for the skill ("no experience with Kafka", "want to learn Rust").
	Negated bool `json:"-"`
}

// Status is what the person said of a claim.
type Status string

// The states of a claim.
const (
	StatusRead      Status = "read"      // found by the reader, nobody has said anything
	StatusConfirmed Status = "confirmed" // the person agrees, perhaps with another level
	StatusRejected  Status = "rejected"  // the person says it is not so; it counts for nothing
)

// Claim is one skill of a person with its level and the evidence for it.
type Claim struct {
	ID       *string   `json:"id"` // nil for a skill that is not in the catalogue
	Name     string    `json:"name"`
	Kind     string    `json:"kind"`
	Level    int       `json:"level"`     // NIH scale, 1-5
	Years    float64   `json:"years"`     // over dated positions, overlap counted once, or by the person's own count where that is more; 0 where neither tells
	LastUsed int       `json:"last_used"` // year; 0 when unknown
	Why      string    `json:"why"`
	Status   Status    `json:"status,omitempty"`
	Note     string    `json:"note,omitempty"`
	Mentions []Mention `json:"mentions"`
	Shown    []Showing `json:"shown,omitempty"` // answers that a demonstrated level rests on, the latest first
}

// Profile is all claims of one document, in order of level, then evidence, then name.
type Profile struct {
	Claims           []Claim `json:"claims"`
	ExtractorVersion string  `json:"extractor_version"`
	CatalogVersion   string  `json:"catalog_version"`
	// Titles are the titles of the person's positions, the latest first, as they stand in the document.
	Titles []string `json:"titles,omitempty"`
	// Text is the document's text, which the mentions point into.
	Text string `json:"-"`
}

// Claim finds the claim of a catalogue skill that the person has not rejected.
func (p *Profile) Claim(id string) (Claim, bool) {
	for _, c := range p.Claims {
		if c.ID != nil && *c.ID == id && c.Status != StatusRejected {
			return c, true
		}
	}
	return Claim{}, false
}
