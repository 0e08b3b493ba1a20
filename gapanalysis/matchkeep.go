package gapanalysis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
)

// SavedMatch is a posting that a person marked, as it was then.
type SavedMatch struct {
	PostingID uuid.UUID `json:"posting_id"`
	ResumeID  uuid.UUID `json:"resume_id"`
	Title     string    `json:"title"`
	Company   string    `json:"company"`
	URL       string    `json:"url"`
	SavedAt   time.Time `json:"saved_at"`
	Live      bool      `json:"live"` // still there, and neither expired nor a duplicate
}

// SavedBook keeps what a person marked. Every method names the owner.
type SavedBook interface {
	// SaveMatch marks a posting; one that is marked stays as it was. Somebody else's resume is fault.NotFound, and so is a posting that is gone.
	SaveMatch(ctx context.Context, person, resume, posting uuid.UUID, at time.Time) error
	// DropMatch takes the mark away; one that is not there is fault.NotFound.
	DropMatch(ctx context.Context, person, posting uuid.UUID) error
	// SavedMatches lists what is marked, the latest first.
	SavedMatches(ctx context.Context, person uuid.UUID) ([]SavedMatch, error)
}

// HiddenBook keeps the companies that a person wants no postings of.
type HiddenBook interface {
	// HideCompany hides one; one that is hidden stays so. A person keeps so many at most; more are fault.Conflict.
	HideCompany(ctx context.Context, person uuid.UUID, company string, most int, at time.Time) error
	// ShowCompany shows one again; one that is not hidden is fault.NotFound.
	ShowCompany(ctx context.Context, person uuid.UUID, company string) error
	// HiddenCompanies lists them by name, in small letters.
	HiddenCompanies(ctx context.Context, person uuid.UUID) ([]string, error)
}

// MatchFeed is a feed of new matches that can be subscribed to.
type MatchFeed struct {
	Person    uuid.UUID
	Resume    uuid.UUID
	Filter    Filter
	CreatedAt time.Time
}

// MatchFeedBook keeps feeds. Of the token in the address of one only the SHA-256 is kept, as of a FeedBook's.
type MatchFeedBook interface {
	// SaveMatchFeed stores a feed in place of the person's one of the same resume. Somebody else's resume is fault.NotFound.
	SaveMatchFeed(ctx context.Context, person uuid.UUID, hash [sha256.Size]byte, f MatchFeed) error
	// DropMatchFeed revokes a feed; one that is not there is fault.NotFound.
	DropMatchFeed(ctx context.Context, person, resume uuid.UUID) error
	// MatchFeed finds the feed of a token; fault.NotFound where there is none.
	MatchFeed(ctx context.Context, hash [sha256.Size]byte) (MatchFeed, error)
}

// JobBook is what a person keeps about jobs. It is safe for concurrent use.
type JobBook struct {
	service *Service
	saved   SavedBook
	hidden  HiddenBook
	feeds   MatchFeedBook
}

// NewJobBook makes one over the service that matches.
func NewJobBook(s *Service, saved SavedBook, hidden HiddenBook, feeds MatchFeedBook) *JobBook {
	return &JobBook{service: s, saved: saved, hidden: hidden, feeds: feeds}
}

// Save marks a posting.
func (b *JobBook) Save(ctx context.Context, person, resume, posting uuid.UUID) error {
	return b.saved.SaveMatch(ctx, person, resume, posting, b.service.now().UTC())
}

// Unsave takes the mark away.
func (b *JobBook) Unsave(ctx context.Context, person, posting uuid.UUID) error {
	return b.saved.DropMatch(ctx, person, posting)
}

// Saved lists what is marked, the latest first.
func (b *JobBook) Saved(ctx context.Context, person uuid.UUID) ([]SavedMatch, error) {
	return b.saved.SavedMatches(ctx, person)
}

// maxHidden bounds the companies that a person hides.
const maxHidden = 200

// Hide leaves a company's postings out of the person's matches.
func (b *JobBook) Hide(ctx context.Context, person uuid.UUID, company string) error {
	company, err := companyOf(company)
	if err != nil {
		return err
	}
	return b.hidden.HideCompany(ctx, person, company, maxHidden, b.service.now().UTC())
}

// Show lets a company's postings in again.
func (b *JobBook) Show(ctx context.Context, person uuid.UUID, company string) error {
	company, err := companyOf(company)
	if err != nil {
		return err
	}
	return b.hidden.ShowCompany(ctx, person, company)
}

// Hidden lists the companies that are left out.
func (b *JobBook) Hidden(ctx context.Context, person uuid.UUID) ([]string, error) {
	return b.hidden.HiddenCompanies(ctx, person)
}

func companyOf(s string) (string, error) {
	if s = strings.ToLower(strings.TrimSpace(s)); s == "" || !short(s, maxCompany) {
		return "", fault.Newf(fault.Invalid, "invalid-company", "A company is text of 1 to %d bytes.", maxCompany).In("company")
	}
	return s, nil
}

// Subscribe opens the matches of a resume under a filter to whoever has the token that it gives, to read only. An earlier token ends.
func (b *JobBook) Subscribe(ctx context.Context, person, resume uuid.UUID, f Filter) (token string, err error) {
	if err := f.check(); err != nil {
		return "", err
	}
	raw := make([]byte, tokenBytes)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, b.feeds.SaveMatchFeed(ctx, person, sha256.Sum256([]byte(token)), MatchFeed{Person: person, Resume: resume, Filter: f, CreatedAt: b.service.now().UTC()})
}

// Unsubscribe ends the token of a resume's matches.
func (b *JobBook) Unsubscribe(ctx context.Context, person, resume uuid.UUID) error {
	return b.feeds.DropMatchFeed(ctx, person, resume)
}
