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
	Coach     Mode = "coach"     // what to do next
	Explain   Mode = "explain"   // what something is and what the next level looks like
	Hint      Mode = "hint"      // a ladder of hints to a problem, whose last rung opens once the person has tried
	Quiz      Mode = "quiz"      // questions to check oneself with
	Interview Mode = "interview" // a mock interview by the role's themes
	Review    Mode = "review"    // what the person did, held against a milestone
	Line      Mode = "line"      // a line of the resume, from facts that the person gave
)

// Modes are all modes, in the order in which they are offered.
func Modes() []Mode { return []Mode{Coach, Explain, Hint, Quiz, Interview, Review, Line} }

// Conversation is a person's talk with the tutor about one role.
type Conversation struct {
	ID        uuid.UUID  `json:"id"`
	Person    uuid.UUID  `json:"-"`
	Role      string     `json:"role"`
	Phase     string     `json:"phase"`     // "" for the role as a whole
	Milestone string     `json:"milestone"` // "" for none
	Skill     string     `json:"skill"`     // "" for none
	ResumeID  *uuid.UUID `json:"resume_id"`
	Mode      Mode       `json:"mode"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"` // when something was said last
	Place     Place      `json:"place"`      // how far the mode is
	Kept      Kept       `json:"-"`
}

// Place is how far a conversation is in what its mode does, for whoever shows it.
type Place struct {
	Number int    `json:"number"` // of the question that waits for an answer, or of the rung that was reached; 0 for none
	Of     int    `json:"of"`     // how many there are; 0 where there is no end
	Theme  string `json:"theme"`  // of an interview's question
	Waits  bool   `json:"waits"`  // a question waits for an answer
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
	Details
}

// Details are what is kept beside a message of the tutor. Those of a person's message are empty.
type Details struct {
	Used      []Used    `json:"used"`      // what was put in: parts of the prompt, or of what the built-in tutor looked at
	Masked    []Hidden  `json:"masked"`    // personal data that a placeholder stood for in what left the process
	Notices   []Notice  `json:"notices"`   // what the person is told about the answer
	Spending  *Spending `json:"spending"`  // nil for a person's message
	Truncated bool      `json:"truncated"` // the model stopped because it may not say more
	Stopped   bool      `json:"stopped"`   // ended before the model was through: by the person, or as nobody was listening
}

// Used is one part of what an answer was made from.
type Used struct {
	Part   string     `json:"part"`   // role, progress, report, mastery, catalogue, resume, summary, conversation, facts, task or question
	Title  string     `json:"title"`  // the part in words
	Tokens int        `json:"tokens"` // that it takes, by an estimate that is never too low
	Share  int        `json:"share"`  // that it may take
	Items  []UsedItem `json:"items"`
}

// UsedItem is one piece of a part.
type UsedItem struct {
	Number int    `json:"number"` // by which it can be cited; 0 where it cannot
	ID     string `json:"id"`     // of a passage; "" for none
	Title  string `json:"title"`
}

// NoticeKind says what a notice is about.
type NoticeKind string

// The kinds of notice.
const (
	NoticeBuiltIn   NoticeKind = "built-in"  // the built-in tutor answered instead of a model
	NoticeInjection NoticeKind = "injection" // text addressed to an AI was found in data
	NoticeRemoved   NoticeKind = "removed"   // sentences that nothing proves, or that state what is not so
	NoticeMarked    NoticeKind = "marked"    // sentences about the person without a source
	NoticeWithheld  NoticeKind = "withheld"  // the solution, before the person has tried
	NoticeCut       NoticeKind = "cut"       // an answer that did not end
	NoticeNoSource  NoticeKind = "no-source" // nothing was found to answer from
	NoticeGuard     NoticeKind = "guard"     // a question that a person should answer
)

// Notice is something that the person is told about an answer.
type Notice struct {
	Kind   NoticeKind `json:"kind"`
	Reason string     `json:"reason"` // a stable word: budget-exceeded, model-unreachable, invented-employer, …
	Text   string     `json:"text"`   // in the language of the answer
	Count  int        `json:"count"`  // how many sentences or places
	Until  *time.Time `json:"until"`  // when the reason ends, where that is known
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
	EventContext  EventKind = "context"
	EventNotice   EventKind = "notice"
	EventDelta    EventKind = "delta"
	EventCitation EventKind = "citation"
	EventUsage    EventKind = "usage"
	EventDone     EventKind = "done"
)

// Event is one piece of a streamed answer. Exactly one of its parts is set, by Kind.
type Event struct {
	ID       int // place in the stream, counted from 1
	Kind     EventKind
	Context  *Context  // the first; where there is another, it takes the place of the one before
	Notice   *Notice   //
	Text     string    // of a delta: a sentence or a line that was checked; all in order make the answer's text, but for white space around it
	Citation *Citation // sent before the delta that uses it first
	Usage    *Spending // after the last delta
	Done     *Done     // the last
}

// Context is what an answer is made from, and the id that it will have.
type Context struct {
	MessageID uuid.UUID `json:"message_id"`
	Engine    string    `json:"engine"` // that is asked
	Tokens    int       `json:"tokens"` // of all parts and the instructions
	Budget    int       `json:"budget"` // that these may take
	Used      []Used    `json:"used"`
	Masked    []Hidden  `json:"masked"`
}

// Done ends an answer that is kept.
type Done struct {
	MessageID uuid.UUID `json:"message_id"`
	Engine    string    `json:"engine"`
	Truncated bool      `json:"truncated"`
	Stopped   bool      `json:"stopped"`
	Place     Place     `json:"place"`
}

// Payload is what an event says, ready for JSON.
func (e Event) Payload() any {
	switch e.Kind {
	case EventContext:
		return e.Context
	case EventNotice:
		return e.Notice
	case EventCitation:
		return e.Citation
	case EventUsage:
		return e.Usage
	case EventDone:
		return e.Done
	case EventDelta:
	}
	return struct {
		Text string `json:"text"`
	}{e.Text}
}

// Spending is what an answer used and cost, and what is left. The counts are zero where no model was asked.
type Spending struct {
	Model            string       `json:"model"` // the answer's engine
	PromptTokens     int          `json:"prompt_tokens"`
	CompletionTokens int          `json:"completion_tokens"`
	Cost             gateway.Nano `json:"cost"`   // dollars, as a decimal string in JSON
	Reason           string       `json:"reason"` // why the built-in tutor answered: model-not-configured, budget-exceeded, model-unreachable, …; "" for a model
	Budget           *Left        `json:"budget"` // the tightest one; nil where no model is configured
}

// Left is what is left of a budget.
type Left struct {
	Scope     gateway.Scope `json:"scope"`
	Limit     gateway.Nano  `json:"limit"`
	Remaining gateway.Nano  `json:"remaining"`
	ResetsAt  time.Time     `json:"resets_at"`
}

// Answer is a whole answer, as it was stored.
type Answer struct {
	MessageID uuid.UUID     `json:"message_id"`
	Text      string        `json:"text"`
	Citations []Citation    `json:"citations"`
	Engine    string        `json:"engine"`
	Usage     gateway.Usage `json:"usage"`
	Cost      gateway.Nano  `json:"cost"`
	Place     Place         `json:"place"`
	Details
}

// Conversations keeps conversations.
type Conversations interface {
	Start(ctx context.Context, person uuid.UUID, c Conversation) error
	// Conversation finds one of the person's conversations. Somebody else's is fault.NotFound.
	Conversation(ctx context.Context, person, id uuid.UUID) (Conversation, error)
	// Conversations lists a person's conversations, the one that was talked in last first.
	Conversations(ctx context.Context, person uuid.UUID, limit int) ([]Conversation, error)
	// DropConversation deletes a conversation with all that was said in it.
	DropConversation(ctx context.Context, person, id uuid.UUID) error
}

// Turn is what one exchange adds to a conversation.
type Turn struct {
	Messages []Message  // to add
	Instead  *uuid.UUID // a message of the tutor that goes, as another takes its place; nil for none
	Kept     Kept       // how far the conversation is from then on
	At       time.Time
}

// Messages keeps what was said.
type Messages interface {
	// Append stores a whole turn, or nothing of it. A conversation that is not the person's is fault.NotFound.
	Append(ctx context.Context, person, conversation uuid.UUID, t Turn) error
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
