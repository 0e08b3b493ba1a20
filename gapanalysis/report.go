package gapanalysis

import (
	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// Status says how far a person is with one required skill.
type Status string

// The statuses of a required skill.
const (
	Have         Status = "have"         // at or above the required level
	Partial      Status = "partial"      // there, below the required level
	Transferable Status = "transferable" // not there, but a near skill carries over
	Missing      Status = "missing"
)

// Requirement is one skill that a target asks for.
type Requirement struct {
	Skill        string
	Level        int     // 1-5
	Weight       float64 // the weights of a target sum to 1
	Must         bool
	Phase        string // "" for a posting
	Why          string
	Alternatives []string
}

// Target is what a profile is compared with: a role of the catalogue or a job posting.
type Target struct {
	ID           string // a role's id, or "posting"
	Name         string
	Requirements []Requirement
}

// Transfer is credit for a skill that the person lacks, from one that they have.
type Transfer struct {
	From       string  `json:"from"`
	Similarity float64 `json:"similarity"` // cosine of the two skills' vectors; 0 where only the catalogue says so
	Credit     float64 `json:"credit"`
	Why        string  `json:"why"`
}

// SkillGap is one row of a report.
type SkillGap struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Phase     string          `json:"phase"`
	Required  int             `json:"required"`
	Evidenced int             `json:"evidenced"`
	Status    Status          `json:"status"`
	Weight    float64         `json:"weight"`
	Credit    float64         `json:"credit"` // 0-1
	Points    float64         `json:"points"` // Weight × Credit in thousandths; readiness is the sum of these to the last digit
	Must      bool            `json:"must"`
	Transfer  *Transfer       `json:"transfer,omitempty"`
	Hours     catalog.Hours   `json:"hours"`
	Priority  int             `json:"priority"` // 1 is the gap to close first; 0 when there is none
	Why       string          `json:"why"`
	Claim     skill.Status    `json:"claim,omitempty"` // what the person's level rests on, or that they rejected it; "" where nothing is claimed
	Evidence  []skill.Mention `json:"evidence"`
	Shown     []skill.Showing `json:"shown,omitempty"` // right answers that a demonstrated level rests on
	Needs     []Need          `json:"prerequisites"`
}

// Need is what should be there before a skill is worked on.
type Need struct {
	Skill string `json:"skill"`
	Level int    `json:"level"`
	Met   bool   `json:"met"`
}

// Extra is a skill of the person that the target does not ask for.
type Extra struct {
	ID    *string `json:"id"`
	Name  string  `json:"name"`
	Level int     `json:"level"`
	// Roles are ids of roles that ask for it, those in which it weighs most first.
	Roles []string `json:"roles"`
}

// The kinds of action.
const (
	ActionProve = "prove" // listed already: say where it was used
	ActionRaise = "raise" // there below the level
	ActionLearn = "learn"
)

// Action is one thing to do that moves readiness.
type Action struct {
	Kind  string  `json:"kind"`
	Skill string  `json:"skill"`
	To    int     `json:"to"`    // level that it brings
	Gain  float64 `json:"gain"`  // readiness gained, with what then carries over to other skills
	Hours int     `json:"hours"` // median; 0 where nothing is to be learned
	Text  string  `json:"text"`
}

// Next is one step worth taking first.
type Next struct {
	Skill string  `json:"skill"`
	Gain  float64 `json:"gain"` // readiness gained
	Hours int     `json:"hours"`
	// Postings is how many postings of this instance ask for nothing else, of what they must have, that the person lacks.
	Postings int    `json:"postings"`
	Why      string `json:"why"`
}

// Report compares one profile with one target. Equal inputs of equal versions give equal bytes.
type Report struct {
	ResumeID         string        `json:"resume_id"`
	Role             string        `json:"role"`
	CatalogVersion   string        `json:"catalog_version"`
	ExtractorVersion string        `json:"extractor_version"`
	Embedder         string        `json:"embedder"`
	Readiness        float64       `json:"readiness"`
	Band             string        `json:"band"`
	Uncertainty      float64       `json:"uncertainty"`
	Hours            catalog.Hours `json:"hours"`
	ReadyOn          string        `json:"ready_on"`
	Skills           []SkillGap    `json:"skills"`
	Extra            []Extra       `json:"extra"`
	Next             []Next        `json:"next"`
	Actions          []Action      `json:"actions"` // the three that move readiness most
	// Assumed are the levels that a what-if took for granted; such a report is not kept.
	Assumed map[string]int `json:"assumed,omitempty"`
	// Run is the id under which the report is kept; "" where it is not.
	Run string `json:"run,omitempty"`
}

// RoleScore is how near a profile is to one role.
type RoleScore struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Score    float64  `json:"score"`    // what the list is ordered by, 0-1
	Coverage float64  `json:"coverage"` // readiness for the role, 0-1
	Reasons  []string `json:"reasons"`
	// Against says what speaks against it: musts that are not shown, and those below their level.
	Against []string      `json:"against"`
	Hours   catalog.Hours `json:"hours"` // of study until ready
	ReadyOn string        `json:"ready_on"`
}

// Reason is one ground for a match, with what both sides say.
type Reason struct {
	Skill   string `json:"skill"`
	Text    string `json:"text"`
	Resume  string `json:"resume,omitempty"`  // words of the resume
	Posting string `json:"posting,omitempty"` // words of the posting
	Facts   `json:"-"`
}

// Facts are what a sentence of a match says, for who says it in another language.
type Facts struct {
	Case  string // the status of a reason, or of a blocker its kind, and more closely where that says too little
	Name  string // of the skill
	Asked int    // level
	Shown int    // level
}

// Match is a posting that suits a profile.
type Match struct {
	PostingID string   `json:"posting_id"`
	Title     string   `json:"title"`
	Company   string   `json:"company"`
	Location  string   `json:"location"`
	Remote    string   `json:"remote"`
	Seniority string   `json:"seniority"`
	PostedOn  string   `json:"posted_on"`
	URL       string   `json:"url"`
	Sample    bool     `json:"sample"` // a posting that ships with Gapwise; the company does not exist
	Score     float64  `json:"score"`
	Band      string   `json:"band"`
	Reasons   []Reason `json:"reasons"`
	Missing   []string `json:"missing"` // ids of must-haves that the profile lacks
	// Strength is how well it suits as a whole, where Band is of the skills alone: strong, good, possible or weak.
	Strength string    `json:"strength"`
	Blockers []Blocker `json:"blockers"` // the two things, at most, that stand most in the way
	Unlock   *Unlock   `json:"unlock,omitempty"`
	Saved    bool      `json:"saved"` // the person has marked it
	// Pay is what the posting itself names; zero where it names none.
	Pay    posting.Pay `json:"pay,omitzero"`
	Source string      `json:"source"` // where the posting came in from
}
