package tutor

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// builtin is the tutor without a language model. It is deterministic: the same lesson gives the same bytes. It is safe for concurrent use.
type builtin struct {
	catalog  *catalog.Catalog
	passages Passages // nil where only the index in memory is asked
	names    *names
	roles    sync.Map // *corpus by the id of a role
}

// Passages finds passages of the catalogue by meaning and by words. *postgres.PassageFinder is one.
type Passages interface {
	// FindPassages gives the best passages for a question, the best first, about any of the skills or about the role; about all where both are empty.
	FindPassages(ctx context.Context, question string, skills []string, role string, limit int) ([]catalog.Passage, error)
}

func newBuiltin(c *catalog.Catalog, p Passages) *builtin {
	return &builtin{catalog: c, passages: p, names: newNames(c)}
}

// lesson is everything that one step of the built-in tutor is made from.
type lesson struct {
	conversation uuid.UUID // its id seeds what is shuffled
	mode         Mode
	role         *catalog.Role
	phase        *catalog.Phase // nil for the role as a whole
	milestone    string         // id; "" for none
	skill        string         // id of the skill that the conversation is about; "" for none
	question     string         // the person's message
	history      []Message
	state        State
	report       *gapanalysis.Report // nil where nothing is known of the person
	progress     []MilestoneProgress
	known        []Item // what the memory holds of the skills that matter here
	due          []Item // of those and others what is due for review, the most urgent first
	spans        []Span // lines of the resume that may be found and quoted
	now          time.Time
	absence      absence
}

// Span is a piece of a resume's text. Start and End are code points, half-open.
type Span struct {
	Start, End int
	Page       int
	Section    string
	Text       string
}

// absence is why no language model has a part in an answer.
type absence struct {
	reason string    // absentNone, absentBudget or absentDown
	until  time.Time // when the budget is there again; zero where nobody knows
}

// The reasons for an absence.
const (
	absentNone   = ""       // none is configured
	absentBudget = "budget" // the budget is used up
	absentDown   = "down"   // it does not answer
)

// reply is a step's outcome.
type reply struct {
	*written
	state State   // to keep with the conversation
	shown []Shown // what the message showed of the person; the ids of conversation and message are the caller's to fill in
}

// step answers one message. It calls nothing but the passages, and an error of theirs is no failure: the index in memory answers alone.
func (b *builtin) step(ctx context.Context, l *lesson) *reply {
	r := &retriever{lesson: l, written: newWritten(), builtin: b, about: l.phase, state: l.state}
	r.ctx = ctx
	r.respond()
	return &reply{written: r.written, state: r.state, shown: r.shown}
}
