// Package tutor answers a person who is on the way to a role, from the catalogue and from the person's gap report, with citations.
//
// Where a language model is configured, the passages that fit a question best become the numbered sources of a prompt, and what the model
// says is shown with those of its citations that exist. Where none is, the built-in retrieval puts the answer together from the same
// passages and says that it does: it is deterministic, and every line that states something carries the number of its source. Neither
// ever sets a level, a score, an hour or a date: those are read from the report.
package tutor

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
)

// Mode is what a conversation is for.
type Mode string

// The modes.
const (
	Coach   Mode = "coach"   // what to do next
	Explain Mode = "explain" // what something is and what the next level looks like
	Quiz    Mode = "quiz"    // questions to check oneself with
	Review  Mode = "review"  // what the person did, held against a milestone
)

// Conversation is a person's talk with the tutor about one role.
type Conversation struct {
	ID        uuid.UUID  `json:"id"`
	Person    uuid.UUID  `json:"-"`
	Role      string     `json:"role"`
	Phase     string     `json:"phase"` // "" for the role as a whole
	ResumeID  *uuid.UUID `json:"resume_id"`
	Mode      Mode       `json:"mode"`
	CreatedAt time.Time  `json:"created_at"`
}

// Author is who wrote a message.
type Author string

// The authors.
const (
	AuthorPerson Author = "person"
	AuthorTutor  Author = "tutor"
)

// EngineBuiltIn is the engine of an answer that no language model had a part in.
const EngineBuiltIn = "built-in retrieval"

// Message is one turn of a conversation.
type Message struct {
	ID        uuid.UUID  `json:"id"`
	Author    Author     `json:"author"`
	Content   string     `json:"content"`
	Citations []Citation `json:"citations"` // of a tutor's message, in order of first use
	Engine    string     `json:"engine"`    // a model's name or EngineBuiltIn; "" for a person's message
	CreatedAt time.Time  `json:"created_at"`
}

// CitationKind says where a cited passage is from.
type CitationKind string

// The kinds of citation.
const (
	FromCatalogue CitationKind = "catalogue"
	FromReport    CitationKind = "report"
	FromResume    CitationKind = "resume"
)

// Citation is a passage that an answer rests on. The answer's text refers to it as [Index].
type Citation struct {
	Index int          `json:"index"`
	Kind  CitationKind `json:"kind"`
	ID    string       `json:"id"` // such as "senior-backend-engineer/phase/system-design-depth" or "report/skill/kafka"
	Title string       `json:"title"`
	Text  string       `json:"text"` // the passage
	// Start and End are code points of the resume's text, half-open; only where Kind is FromResume.
	Start *int `json:"start,omitempty"`
	End   *int `json:"end,omitempty"`
}

// EventKind is what a piece of a streamed answer is.
type EventKind string

// The kinds of event.
const (
	EventDelta    EventKind = "delta"
	EventCitation EventKind = "citation"
	EventUsage    EventKind = "usage"
)

// Event is one piece of a streamed answer. Exactly one of its parts is set, by Kind.
type Event struct {
	Kind     EventKind
	Text     string    // of a delta; all deltas in order make the answer's text, but for white space around it
	Citation *Citation // sent before the delta that uses it first
	Usage    *Spending // sent last
}

// Payload is what an event says, ready for JSON: {"text"}, a Citation or a Spending.
func (e Event) Payload() any {
	switch e.Kind {
	case EventCitation:
		return e.Citation
	case EventUsage:
		return e.Usage
	case EventDelta:
	}
	return struct {
		Text string `json:"text"`
	}{e.Text}
}

// Spending is what an answer used and cost. All is zero for the built-in retrieval.
type Spending struct {
	Model            string       `json:"model"` // the answer's engine
	PromptTokens     int          `json:"prompt_tokens"`
	CompletionTokens int          `json:"completion_tokens"`
	Cost             gateway.Nano `json:"cost"` // dollars, as a decimal string in JSON
}

// Answer is a whole answer, as it was stored.
type Answer struct {
	MessageID uuid.UUID     `json:"message_id"`
	Text      string        `json:"text"`
	Citations []Citation    `json:"citations"`
	Engine    string        `json:"engine"`
	Usage     gateway.Usage `json:"usage"`
	Cost      gateway.Nano  `json:"cost"`
	Truncated bool          `json:"truncated"` // the model stopped because it may not say more
}

// Conversations keeps conversations.
type Conversations interface {
	Start(ctx context.Context, person uuid.UUID, c Conversation) error
	// Conversation finds one of the person's conversations. Somebody else's is fault.NotFound.
	Conversation(ctx context.Context, person, id uuid.UUID) (Conversation, error)
}

// Messages keeps what was said.
type Messages interface {
	// Append stores all messages of one turn, or none. A conversation that is not the person's is fault.NotFound.
	Append(ctx context.Context, person, conversation uuid.UUID, messages ...Message) error
	// History gives the latest messages of a conversation, at most limit of them, the oldest first.
	History(ctx context.Context, person, conversation uuid.UUID, limit int) ([]Message, error)
}

// Reports makes gap reports. Somebody else's resume is fault.NotFound. *gapanalysis.Service is one.
type Reports interface {
	Gaps(ctx context.Context, person, resume uuid.UUID, role string, a gapanalysis.Ask) (*gapanalysis.Report, error)
}

// Model is the way to a language model. *gateway.Gateway is one.
type Model interface {
	Enabled() bool
	Model() string
	// Stream calls emit with each piece of the answer. An error before the first piece leaves emit uncalled.
	Stream(ctx context.Context, r gateway.Request, emit func(text string) error) (*gateway.Response, error)
}
