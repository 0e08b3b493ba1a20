package tutor

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/prompts"
	"github.com/gapwise/gapwise/resume"
)

// Bounds on a conversation.
const (
	MaxContent   = 4000 // code points of a person's message
	MaxMessages  = 200  // of a conversation, the tutor's included
	storeTimeout = 10 * time.Second
)

// Options are what a service is made of.
type Options struct {
	Catalog       *catalog.Catalog
	Prompts       *prompts.Library
	Conversations Conversations
	Messages      Messages
	Reports       Reports
	Model         Model
	Budgets       Budgets    // nil where what is left is not told
	Resumes       Resumes    // nil where only the report's words are known
	Identities    Identities // nil where nobody is known to be hidden; patterns are
	Progress      ProgressBook
	Memory        Memory        // nil for none
	Passages      Passages      // nil where only the index in memory is asked
	Grace         time.Duration // how long an answer goes on that nobody reads; 0 for DefaultGrace
	PerMinute     int           // messages of one person; 0 for DefaultPerMinute, below 0 for any number
	Now           func() time.Time
	NewID         func() uuid.UUID // of a conversation, which seeds what is shuffled in it; nil for ident.New
	Log           *slog.Logger     // nil for none
}

// Budgets tells how the budgets of a person stand. *gateway.Gateway is one.
type Budgets interface {
	Budgets(ctx context.Context, person uuid.UUID) ([]gateway.Budget, error)
}

// Resumes gives the text of resumes. Somebody else's is fault.NotFound.
type Resumes interface {
	ResumeDocument(ctx context.Context, person, resume uuid.UUID) (*resume.Document, error)
}

// Memory is what is remembered of what a person showed. *Mastery is one.
type Memory interface {
	Note(ctx context.Context, person uuid.UUID, shown []Shown) error
	For(ctx context.Context, person uuid.UUID, skills []string, limit int) ([]Item, error)
	Due(ctx context.Context, person uuid.UUID, at time.Time, limit int) ([]Item, error)
}

// Service is the tutor. It is safe for concurrent use.
type Service struct {
	o       Options
	builtin *builtin
	streams *streams
	talking *talking
	rate    *rate
	metrics metrics
	names   *names
	masker  *Masker
}

// New makes a service.
func New(o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.NewID == nil {
		o.NewID = ident.New
	}
	b := newBuiltin(o.Catalog, o.Passages)
	return &Service{o: o, builtin: b, names: b.names, masker: NewMasker(o.Catalog), streams: newStreams(o.Grace), talking: newTalking(), rate: newRate(o.PerMinute)}
}

// Say answers a message of the person, sentence by sentence where emit is not nil.
//
// Errors are fault.Invalid for the content, fault.NotFound for the conversation, fault.Conflict for a full one and fault.RateLimited; until
// the first event emit has not been called. Where no model answers, or the budget is used up, the built-in tutor does, and says so. A turn is
// stored whole or not at all: when a model breaks off after its first sentence, nothing of it is kept but the person's message, which Retry
// sends again. What it cost is in the gateway's ledger either way.
//
// An answer does not end with ctx: whoever was reading can come back with Follow. A nil emit waits for the whole, and ends it with ctx.
func (s *Service) Say(ctx context.Context, person, conversation uuid.UUID, content string, emit func(Event) error) (*Answer, error) {
	content = strings.TrimSpace(content)
	if n := utf8.RuneCountInString(content); n < 1 || n > MaxContent || !utf8.ValidString(content) || strings.ContainsRune(content, 0) {
		return nil, fault.Newf(fault.Invalid, "invalid-content", "A message is text of 1 to %d characters.", MaxContent).In("content")
	}
	return s.begin(ctx, person, conversation, content, emit)
}

// Retry answers the last message of the person anew: that of an answer that broke off, or the last one that was answered, whose answer it
// takes the place of. What the first answer noted of the person stays as it is. Errors are those of Say, and fault.Conflict where nothing was said.
func (s *Service) Retry(ctx context.Context, person, conversation uuid.UUID, emit func(Event) error) (*Answer, error) {
	return s.begin(ctx, person, conversation, "", emit)
}

// begin starts an answer and follows it; without a content it is another answer to the last message.
func (s *Service) begin(ctx context.Context, person, conversation uuid.UUID, content string, emit func(Event) error) (*Answer, error) {
	if _, err := s.o.Conversations.Conversation(ctx, person, conversation); err != nil {
		return nil, err
	}
	if err := s.rate.take(person, s.o.Now()); err != nil {
		return nil, err
	}
	st := &stream{conversation: conversation, person: person}
	err := s.streams.start(ctx, st, func(ctx context.Context, emit func(Event) error) (*Answer, error) {
		leave, err := s.talking.enter(ctx, conversation) // a conversation has one answer at a time
		if err != nil {
			return nil, err
		}
		defer leave()
		asked := ident.New() // ids are in order of time, so they are made when it is this message's turn
		s.streams.name(st, ident.New())
		a, err := s.answer(ctx, st, asked, content, emit)
		if err == nil {
			s.streams.behind(func() { s.sumUpLater(context.WithoutCancel(ctx), person, conversation) })
		}
		return a, err
	})
	if err != nil {
		return nil, err
	}
	return st.follow(ctx, 0, emit)
}

// sumUpLater sums up once the conversation is quiet; a message that comes meanwhile waits for it.
func (s *Service) sumUpLater(ctx context.Context, person, conversation uuid.UUID) {
	leave, err := s.talking.enter(ctx, conversation)
	if err != nil {
		return
	}
	defer leave()
	s.sumUp(ctx, person, conversation)
}

// turn is everything that one answer is made from.
type turn struct {
	conv      Conversation
	role      *catalog.Role
	phase     *catalog.Phase     // nil for the role as a whole
	milestone *catalog.Milestone // nil for none
	report    *gapanalysis.Report
	document  *resume.Document // nil where there is none
	personal  []resume.Personal
	spans     []Span
	progress  []MilestoneProgress
	known     []Item
	due       []Item
	history   []Message // without what is answered anew
	question  string
	language  string     // code of the answer's language; "" for not known
	named     []string   // ids of the skills that the question names, in order
	again     bool       // another answer to a message that has one
	instead   *uuid.UUID // that answer
	asked     *uuid.UUID // the message that is answered, where it is stored already
}

// answer makes one answer.
func (s *Service) answer(ctx context.Context, st *stream, asked uuid.UUID, content string, emit func(Event) error) (*Answer, error) {
	t, err := s.prepare(ctx, st.person, st.conversation, content)
	if err != nil {
		return nil, err
	}
	e := &exchange{Service: s, turn: t, person: st.person, message: st.message, askedID: asked, send: emit}
	a, err := e.make(ctx)
	if err != nil && !errors.Is(context.Cause(ctx), errDeleted) {
		e.keepUnanswered(ctx)
	}
	return a, err
}

// keepUnanswered keeps a message whose answer broke off, for Retry. It is a service, not a promise: an error is only logged.
func (e *exchange) keepUnanswered(ctx context.Context) {
	if e.turn.again || e.turn.conv.Kept.Unanswered == e.turn.question {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	kept := e.turn.conv.Kept
	kept.Unanswered = e.turn.question
	if err := e.o.Messages.Append(ctx, e.person, e.turn.conv.ID, Turn{Kept: kept, At: e.o.Now().UTC()}); err != nil {
		e.o.Log.WarnContext(ctx, "a message without an answer was not kept", "err", err)
	}
}
