package gapanalysis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
)

// Feed is a calendar that can be subscribed to.
type Feed struct {
	Person       uuid.UUID
	Resume       uuid.UUID
	Role         string
	HoursPerWeek int
	WeeksOff     []DateRange
	CreatedAt    time.Time

	Body       []byte    // the file as it was last made; empty before
	MadeAt     time.Time // when that was; zero before
	Content    []byte    // SHA-256 of what it says, without its times
	ModifiedAt time.Time // when what it says last changed
}

// FeedBook keeps feeds. Of the token in the address of one only the SHA-256 is kept; it has 256 bits of randomness, so that the hash needs no
// salt and a look-up by it tells nothing by its timing.
type FeedBook interface {
	// SaveFeed stores a feed in place of the person's one of the same resume and role. Somebody else's resume is fault.NotFound.
	SaveFeed(ctx context.Context, person uuid.UUID, hash [sha256.Size]byte, f Feed) error
	// DropFeed revokes a feed; one that is not there is fault.NotFound.
	DropFeed(ctx context.Context, person, resume uuid.UUID, role string) error
	// Feed finds the feed of a token; fault.NotFound where there is none.
	Feed(ctx context.Context, hash [sha256.Size]byte) (Feed, error)
	// KeepFeedBody stores what was made of a feed of the person.
	KeepFeedBody(ctx context.Context, person uuid.UUID, hash [sha256.Size]byte, f Feed) error
}

// feedRest is how long a calendar is given again as it was made, however often it is asked for.
const feedRest = time.Minute

const tokenBytes = 32

// Subscribe opens a plan to whoever has the token that it gives, as a calendar and to read only. An earlier token for the same plan ends.
func (p *Planner) Subscribe(ctx context.Context, person, resume uuid.UUID, role string, a PlanAsk) (token string, err error) {
	r, err := p.service.catalog.Role(role)
	if err != nil {
		return "", err
	}
	o, err := p.service.options(ctx, a.Ask)
	if err != nil {
		return "", err
	}
	if len(a.Assume) > 0 {
		return "", fault.New(fault.Invalid, "invalid-assume", "A calendar takes nothing for granted.").In("assume")
	}
	raw := make([]byte, tokenBytes)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, p.feeds.SaveFeed(ctx, person, sha256.Sum256([]byte(token)), Feed{
		Person: person, Resume: resume, Role: r.ID, HoursPerWeek: o.HoursPerWeek, WeeksOff: a.WeeksOff, CreatedAt: p.service.now().UTC(),
	})
}

// Unsubscribe ends the token of a plan.
func (p *Planner) Unsubscribe(ctx context.Context, person, resume uuid.UUID, role string) error {
	if r, err := p.service.catalog.Role(role); err == nil {
		role = r.ID // else it may be one that the catalogue no longer has
	}
	return p.feeds.DropFeed(ctx, person, resume, role)
}

var errNoFeed = fault.New(fault.NotFound, "unknown-calendar", "There is no such calendar, or its address was revoked.").In("token")

// Calendar is the file of the feed that a token opens, and when what it says last changed. Within a minute the same file is given again.
func (p *Planner) Calendar(ctx context.Context, token string) (body []byte, modified time.Time, err error) {
	if raw, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(raw) != tokenBytes {
		return nil, modified, errNoFeed // without a look at the database
	}
	hash := sha256.Sum256([]byte(token))
	f, err := p.feeds.Feed(ctx, hash)
	if err != nil {
		return nil, modified, err
	}
	now := p.service.now().UTC()
	if age := now.Sub(f.MadeAt); len(f.Body) > 0 && age >= 0 && age < feedRest {
		return f.Body, f.ModifiedAt, nil
	}
	r, err := p.service.catalog.Role(f.Role)
	if err != nil {
		return nil, modified, errNoFeed
	}
	plan, err := p.Plan(ctx, f.Person, f.Resume, f.Role, PlanAsk{Ask: Ask{HoursPerWeek: f.HoursPerWeek}, WeeksOff: f.WeeksOff})
	if err != nil {
		return nil, modified, err
	}
	content := sha256.Sum256([]byte(plan.ICalendar(r.Name, time.Time{})))
	if string(content[:]) != string(f.Content) || f.ModifiedAt.IsZero() {
		f.Content, f.ModifiedAt = content[:], now.Truncate(time.Second)
	}
	f.MadeAt, f.Body = now, []byte(plan.ICalendar(r.Name, f.ModifiedAt))
	return f.Body, f.ModifiedAt, p.feeds.KeepFeedBody(ctx, f.Person, hash, f)
}
