package tutor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/prompts"
)

// Bounds on a conversation.
const (
	MaxContent   = 4000 // code points of a person's message
	MaxMessages  = 200  // of a conversation, the tutor's included
	storeTimeout = 10 * time.Second
)

// Options are what a service is made of. All are needed.
type Options struct {
	Catalog       *catalog.Catalog
	Prompts       *prompts.Library
	Conversations Conversations
	Messages      Messages
	Reports       Reports
	Model         Model
	Now           func() time.Time
}

// Service is the tutor. It is safe for concurrent use.
type Service struct {
	o     Options
	names *names
	known counter
}

// New makes a service.
func New(o Options) *Service { return &Service{o: o, names: newNames(o.Catalog)} }

// StartRequest opens a conversation.
type StartRequest struct {
	Role     string     `json:"role"`
	Phase    string     `json:"phase"`     // "" for the role as a whole
	ResumeID *uuid.UUID `json:"resume_id"` // nil for a conversation that knows nothing of the person
	Mode     Mode       `json:"mode"`      // "" for Coach
}

// Start opens a conversation. Errors are fault.NotFound for the role, the phase or the resume and fault.Invalid for the mode.
func (s *Service) Start(ctx context.Context, person uuid.UUID, r StartRequest) (Conversation, error) {
	role, err := s.o.Catalog.Role(r.Role)
	if err != nil {
		return Conversation{}, err
	}
	if r.Phase != "" {
		if _, err := role.Phase(r.Phase); err != nil {
			return Conversation{}, err
		}
	}
	if r.Mode == "" {
		r.Mode = Coach
	}
	if !slices.Contains([]Mode{Coach, Explain, Quiz, Review}, r.Mode) {
		return Conversation{}, fault.New(fault.Invalid, "invalid-mode", "The mode is coach, explain, quiz or review.").In("mode")
	}
	if r.ResumeID != nil {
		if _, err := s.o.Reports.Gaps(ctx, person, *r.ResumeID, role.ID, gapanalysis.Ask{}); err != nil {
			return Conversation{}, err
		}
	}
	c := Conversation{
		ID: ident.New(), Person: person, Role: role.ID, Phase: r.Phase, ResumeID: r.ResumeID, Mode: r.Mode, CreatedAt: s.o.Now().UTC(),
	}
	if err := s.o.Conversations.Start(ctx, person, c); err != nil {
		return Conversation{}, err
	}
	return c, nil
}

// Transcript is a conversation with everything that was said in it, the oldest first.
func (s *Service) Transcript(ctx context.Context, person, conversation uuid.UUID) (Conversation, []Message, error) {
	c, err := s.o.Conversations.Conversation(ctx, person, conversation)
	if err != nil {
		return Conversation{}, nil, err
	}
	history, err := s.o.Messages.History(ctx, person, conversation, MaxMessages)
	return c, history, err
}

// turn is everything that one answer is made from.
type turn struct {
	conv     Conversation
	role     *catalog.Role
	phase    *catalog.Phase // nil for the role as a whole
	report   *gapanalysis.Report
	corpus   *corpus
	history  []Message
	question string
	named    []string // ids of the skills that the question names, in order
}

// Say answers a message of the person, piece by piece where emit is not nil.
//
// Errors are fault.Invalid for the content, fault.NotFound for the conversation, fault.Conflict for a full one, and whatever the model's
// way gives, such as fault.BudgetExceeded; until the first piece emit has not been called. A turn is stored whole or not at all: when the
// stream breaks after its first piece, nothing of it is kept, so that no half answer is ever read back as a whole one, and the person can
// send the message again. What it cost is in the gateway's ledger either way.
func (s *Service) Say(ctx context.Context, person, conversation uuid.UUID, content string, emit func(Event) error) (*Answer, error) {
	content = strings.TrimSpace(content)
	if n := utf8.RuneCountInString(content); n < 1 || n > MaxContent || !utf8.ValidString(content) || strings.ContainsRune(content, 0) {
		return nil, fault.Newf(fault.Invalid, "invalid-content", "A message is text of 1 to %d characters.", MaxContent).In("content")
	}
	if emit == nil {
		emit = func(Event) error { return nil }
	}
	t, err := s.prepare(ctx, person, conversation, content)
	if err != nil {
		return nil, err
	}
	asked := Message{ID: ident.New(), Author: AuthorPerson, Content: content, Citations: []Citation{}, CreatedAt: s.o.Now().UTC()}
	var a *Answer
	if s.o.Model.Enabled() {
		if a, err = s.ask(ctx, person, t, emit); err != nil {
			return nil, err
		}
		if err := s.store(ctx, person, t, asked, a); err != nil {
			return nil, err
		}
	} else {
		// The whole answer is there at once, so it is stored first: a failure to store is still a status.
		written := s.retrieve(t)
		a = written.answer()
		if err := s.store(ctx, person, t, asked, a); err != nil {
			return nil, err
		}
		if err := written.stream(emit); err != nil {
			return nil, err
		}
	}
	usage := &Spending{Model: a.Engine, PromptTokens: a.Usage.PromptTokens, CompletionTokens: a.Usage.CompletionTokens, Cost: a.Cost}
	if err := emit(Event{Kind: EventUsage, Usage: usage}); err != nil {
		return nil, err
	}
	return a, nil
}

// prepare reads what an answer is made from.
func (s *Service) prepare(ctx context.Context, person, conversation uuid.UUID, content string) (*turn, error) {
	t := &turn{question: content}
	var err error
	if t.conv, err = s.o.Conversations.Conversation(ctx, person, conversation); err != nil {
		return nil, err
	}
	if t.role, err = s.o.Catalog.Role(t.conv.Role); err != nil {
		return nil, err
	}
	if t.conv.Phase != "" {
		if t.phase, err = t.role.Phase(t.conv.Phase); err != nil {
			return nil, err
		}
	}
	if t.history, err = s.o.Messages.History(ctx, person, conversation, MaxMessages); err != nil {
		return nil, err
	}
	if len(t.history)+2 > MaxMessages {
		return nil, fault.Newf(fault.Conflict, "conversation-full", "This conversation has its %d messages. Start a new one.", MaxMessages)
	}
	if t.conv.ResumeID != nil {
		t.report, err = s.o.Reports.Gaps(ctx, person, *t.conv.ResumeID, t.role.ID, gapanalysis.Ask{})
		if err != nil && !errors.Is(err, fault.NotFound) { // the resume may have been deleted since; the catalogue still answers
			return nil, err
		}
	}
	t.corpus = newCorpus(s.o.Catalog, &s.known, t.role, t.report)
	t.named = s.names.in(content)
	return t, nil
}

// store keeps a turn, also when the person has gone meanwhile: the answer is there, and a model's is paid for.
func (s *Service) store(ctx context.Context, person uuid.UUID, t *turn, asked Message, a *Answer) error {
	a.MessageID = ident.New()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	return s.o.Messages.Append(ctx, person, t.conv.ID, asked, Message{
		ID: a.MessageID, Author: AuthorTutor, Content: a.Text, Citations: a.Citations, Engine: a.Engine, CreatedAt: s.o.Now().UTC(),
	})
}
