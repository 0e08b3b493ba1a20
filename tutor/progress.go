package tutor

import (
	"context"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// MilestoneStatus is how far a person is with a milestone.
type MilestoneStatus string

// The statuses of a milestone.
const (
	MilestoneOpen    MilestoneStatus = "open"
	MilestoneStarted MilestoneStatus = "started"
	MilestoneDone    MilestoneStatus = "done"
)

// MilestoneProgress is a person's word on a milestone, with what proves it.
type MilestoneProgress struct {
	Role        string          `json:"role"`
	Milestone   string          `json:"milestone"`
	Status      MilestoneStatus `json:"status"`
	EvidenceURL string          `json:"evidence_url"`
	Note        string          `json:"note"`
	UpdatedAt   time.Time       `json:"updated_at"`
	DoneAt      *time.Time      `json:"done_at"` // when it was first said to be done; nil while it is not
}

// ProgressBook keeps progress.
type ProgressBook interface {
	SaveProgress(ctx context.Context, person uuid.UUID, p MilestoneProgress) error
	// ProgressOn is what a person has said about the milestones of a role.
	ProgressOn(ctx context.Context, person uuid.UUID, role string) ([]MilestoneProgress, error)
	// SeeShape notes which shape of a role a person has seen; without replace, only where none is noted.
	SeeShape(ctx context.Context, person uuid.UUID, s Seen, replace bool) error
	// SeenShape is what was noted; fault.NotFound where nothing was.
	SeenShape(ctx context.Context, person uuid.UUID, role string) (*Seen, error)
}

// Progress is the record of milestones.
type Progress struct {
	catalog *catalog.Catalog
	book    ProgressBook
	now     func() time.Time
}

// NewProgress makes a record.
func NewProgress(c *catalog.Catalog, b ProgressBook, now func() time.Time) *Progress {
	return &Progress{catalog: c, book: b, now: now}
}

// Bounds on what is noted, in bytes.
const (
	maxEvidenceURL = 500
	maxProgress    = 2000
)

// Record stores how far a person is. Errors are fault.NotFound for the role or the milestone, and fault.Invalid with the field named.
func (p *Progress) Record(ctx context.Context, person uuid.UUID, m MilestoneProgress) (MilestoneProgress, error) {
	role, err := p.catalog.Role(m.Role)
	if err != nil {
		return m, err
	}
	_, milestone, err := role.Milestone(m.Milestone)
	if err != nil {
		return m, err
	}
	m.Role, m.Milestone = role.ID, milestone.ID // it may have been asked for by an id of before
	switch m.Status {
	case MilestoneOpen, MilestoneStarted, MilestoneDone:
	default:
		return m, fault.New(fault.Invalid, "invalid-status", "The status is open, started or done.").In("status")
	}
	if u, err := url.Parse(m.EvidenceURL); m.EvidenceURL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(m.EvidenceURL) > maxEvidenceURL) {
		return m, fault.New(fault.Invalid, "invalid-evidence-url", "Give an address that begins with https:// or http://, of at most 500 bytes.").In("evidence_url")
	}
	if len(m.Note) > maxProgress {
		return m, fault.Newf(fault.Invalid, "note-too-long", "A note has at most %d bytes.", maxProgress).In("note")
	}
	m.UpdatedAt = p.now().UTC()
	kept, err := p.book.ProgressOn(ctx, person, role.ID)
	if err != nil {
		return m, err
	}
	if m.Status == MilestoneDone {
		m.DoneAt = &m.UpdatedAt
		for _, before := range kept {
			if before.Milestone == m.Milestone && before.DoneAt != nil { // more is noted on what was done before
				m.DoneAt = before.DoneAt
			}
		}
	}
	if err := p.book.SaveProgress(ctx, person, m); err != nil {
		return m, err
	}
	return m, p.book.SeeShape(ctx, person, p.today(role), false)
}

// inOrder is every milestone of a role in its order, with what was said of it.
func inOrder(role *catalog.Role, kept []MilestoneProgress) []MilestoneProgress {
	byID := map[string]MilestoneProgress{}
	for _, m := range kept {
		byID[m.Milestone] = m
	}
	out := []MilestoneProgress{}
	for _, ph := range role.Phases {
		for _, m := range ph.Milestones {
			if said, ok := byID[m.ID]; ok {
				out = append(out, said)
			} else {
				out = append(out, MilestoneProgress{Role: role.ID, Milestone: m.ID, Status: MilestoneOpen})
			}
		}
	}
	return out
}
