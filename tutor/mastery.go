package tutor

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fsrs"
)

// ShownKind is how a person came to show something.
type ShownKind string

// The kinds.
const (
	ShownQuiz      ShownKind = gapanalysis.AnsweredQuiz
	ShownInterview ShownKind = gapanalysis.AnsweredInterview
	ShownReview    ShownKind = gapanalysis.AnsweredReview
	ShownExplain   ShownKind = gapanalysis.AnsweredExplain
)

// Outcome is how an answer was.
type Outcome string

// The outcomes.
const (
	OutcomeRight  Outcome = "right"
	OutcomePartly Outcome = "partly"
	OutcomeWrong  Outcome = "wrong"
)

// Shown is one thing that a person showed of a skill. Concept is the id of a check question of the catalogue ("skill/kafka/question/2"), or a
// short name of what was asked about.
type Shown struct {
	ID           uuid.UUID `json:"id"`
	Skill        string    `json:"-"` // of the item
	Concept      string    `json:"-"` // of the item
	Kind         ShownKind `json:"kind"`
	Outcome      Outcome   `json:"outcome"`      // as it was judged
	Level        int       `json:"level"`        // at which was asked, 1 to 5
	Mistake      string    `json:"mistake"`      // the misconception; "" where there was none
	Evidence     string    `json:"evidence"`     // the person's own words; "" for those of long ago
	Conversation uuid.UUID `json:"conversation"` // zero for none
	Message      uuid.UUID `json:"message"`      // zero for none
	At           time.Time `json:"at"`
	Corrected    *Said     `json:"corrected,omitempty"`
}

// Said is what the person said instead. What is empty stays as it was judged.
type Said struct {
	Outcome Outcome   `json:"outcome,omitempty"`
	Level   int       `json:"level,omitempty"`
	At      time.Time `json:"at"`
}

// Item is what the tutor remembers of one concept of a skill.
type Item struct {
	ID      uuid.UUID `json:"id"`
	Skill   string    `json:"skill"`
	Concept string    `json:"concept"`
	Title   string    `json:"title"`   // of the concept: the catalogue's question, where it is one
	Outcome Outcome   `json:"outcome"` // of the latest, as corrected
	Level   int       `json:"level"`   // of the latest, as corrected
	Mistake string    `json:"mistake"` // of the latest
	Note    string    `json:"note"`    // the person's
	Shown   []Shown   `json:"shown"`   // the oldest first; at least one
	// Retrievability is the chance that the person remembers it now, 0 to 1.
	Retrievability float64     `json:"retrievability"`
	ReviewedAt     time.Time   `json:"reviewed_at"`
	DueAt          time.Time   `json:"due_at"`
	Due            bool        `json:"due"`
	Memory         fsrs.Memory `json:"-"`
	Version        int         `json:"-"` // counts changes; 0 for an item that is not kept yet
}

// ItemFilter narrows items. The zero value is all of them.
type ItemFilter struct {
	Skills  []string
	Concept string
	DueBy   time.Time // zero for any
	Limit   int
}

// MasteryBook keeps items. Somebody else's is fault.NotFound.
type MasteryBook interface {
	// Items gives a person's items, those that are due first the first.
	Items(ctx context.Context, person uuid.UUID, f ItemFilter) ([]Item, error)
	Item(ctx context.Context, person, id uuid.UUID) (Item, error)
	// SaveItem stores an item that was read at its Version, or a new one where that is 0; fault.Conflict with the code CodeItemChanged where it
	// was changed meanwhile, and with another code where the person keeps most already.
	SaveItem(ctx context.Context, person uuid.UUID, it Item, most int) error
	DropItem(ctx context.Context, person, id uuid.UUID) error
}

// CodeItemChanged is the code of a failure to store an item that was changed meanwhile.
const CodeItemChanged = "item-changed"

// Mastery remembers what people showed. It is safe for concurrent use.
type Mastery struct {
	catalog *catalog.Catalog
	book    MasteryBook
	now     func() time.Time
}

// NewMastery makes one.
func NewMastery(c *catalog.Catalog, b MasteryBook, now func() time.Time) *Mastery {
	return &Mastery{catalog: c, book: b, now: now}
}
