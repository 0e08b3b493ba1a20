package tutor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

// exchange is one answer in the making.
type exchange struct {
	*Service

	turn    *turn
	person  uuid.UUID
	message uuid.UUID
	askedID uuid.UUID // of the person's message, before the answer's in time
	send    func(Event) error

	answer Answer // as far as it is
	text   strings.Builder
	cited  map[int]bool
	unsent []Notice // until the context is told
	told   bool     // the context
	begun  bool     // something was said
	absent absence
	reason string // of the absence, for whoever reads the usage
	shown  []Shown
	kept   Kept
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
	if t.conv.Milestone != "" {
		if _, t.milestone, err = t.role.Milestone(t.conv.Milestone); err != nil {
			return nil, err
		}
	}
	if t.history, err = s.o.Messages.History(ctx, person, conversation, MaxMessages); err != nil {
		return nil, err
	}
	if t.question == "" {
		if err := t.lastAsked(); err != nil {
			return nil, err
		}
	}
	if len(t.history)+2 > MaxMessages {
		return nil, fault.Newf(fault.Conflict, "conversation-full", "This conversation has its %d messages. Start a new one.", MaxMessages)
	}
	if err := s.aboutPerson(ctx, person, t); err != nil {
		return nil, err
	}
	t.named = s.builtin.names.in(t.question)
	t.language = LanguageOf(t.question, t.conv.Kept.State.Language)
	return t, nil
}

// lastAsked finds the message that is to be answered anew, and takes its answer out of the history.
func (t *turn) lastAsked() error {
	if k := &t.conv.Kept; k.Unanswered != "" {
		t.question = k.Unanswered
		return nil
	}
	n := len(t.history)
	if n < 2 || t.history[n-1].Author != AuthorTutor || t.history[n-2].Author != AuthorPerson {
		return fault.New(fault.Conflict, "nothing-to-retry", "Nothing was said in this conversation that could be answered again.")
	}
	t.again, t.question = true, t.history[n-2].Content
	t.asked, t.instead = &t.history[n-2].ID, &t.history[n-1].ID
	t.history = t.history[:n-2]
	if before := t.conv.Kept.Before; before != nil {
		earlier := t.conv.Kept.Earlier
		t.conv.Kept = before.copied()
		t.conv.Kept.Earlier = earlier
	}
	return nil
}

// aboutPerson reads what is known of the person. A resume that was deleted since leaves the catalogue to answer from.
func (s *Service) aboutPerson(ctx context.Context, person uuid.UUID, t *turn) error {
	var err error
	if t.conv.ResumeID != nil {
		t.report, err = s.o.Reports.Gaps(ctx, person, *t.conv.ResumeID, t.role.ID, gapanalysis.Ask{})
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		if s.o.Resumes != nil && err == nil {
			if t.document, err = s.o.Resumes.ResumeDocument(ctx, person, *t.conv.ResumeID); err != nil && !errors.Is(err, fault.NotFound) {
				return err
			}
			t.spans = spansOf(t.document)
		}
	}
	if s.o.Identities != nil {
		if t.personal, err = s.o.Identities.Personal(ctx, person); err != nil {
			return err
		}
	}
	if s.o.Progress != nil {
		if t.progress, err = s.o.Progress.ProgressOn(ctx, person, t.role.ID); err != nil {
			return err
		}
	}
	if s.o.Memory == nil {
		return nil
	}
	if t.known, err = s.o.Memory.For(ctx, person, t.skills(), maxMastery); err != nil {
		return err
	}
	t.due, err = s.o.Memory.Due(ctx, person, s.o.Now().UTC(), maxMastery)
	return err
}

// skills are those that matter in a turn: the conversation's, else those of its phase, else all of the role.
func (t *turn) skills() []string {
	if t.conv.Skill != "" {
		return []string{t.conv.Skill}
	}
	var out []string
	for _, q := range t.role.Skills {
		if t.phase == nil || q.Phase == t.phase.ID {
			out = append(out, q.Skill)
		}
	}
	return out
}

// make makes the answer: with a model, or without one where none is needed or none answers.
func (e *exchange) make(ctx context.Context) (*Answer, error) {
	e.cited = map[int]bool{}
	e.answer = Answer{MessageID: e.message, Citations: []Citation{}, Details: Details{Used: []Used{}, Masked: []Hidden{}, Notices: []Notice{}}}
	e.begin()
	e.lookForInjections()
	if g := Guard(e.turn.question); g != nil {
		return e.guarded(ctx, g)
	}
	if !e.o.Model.Enabled() {
		e.reason = "model-not-configured"
		return e.withoutModel(ctx)
	}
	a, err := e.withModel(ctx)
	switch {
	case err == nil:
		return a, nil
	case errors.Is(err, errNoNeed):
		e.reason = "catalogue"
	case ctx.Err() != nil:
		return e.ended(ctx)
	case e.begun:
		return nil, err
	default:
		said := e.kept.State.Said
		e.begin() // what the model's step has changed is not so
		e.kept.State.Said = said
		e.modelAbsent(err)
		e.o.Log.WarnContext(ctx, "the built-in tutor goes on", "err", err)
	}
	return e.withoutModel(ctx)
}

// begin starts from what was kept.
func (e *exchange) begin() {
	before := e.turn.conv.Kept.copied()
	before.Before, before.Earlier, before.Unanswered = nil, nil, ""
	e.kept = e.turn.conv.Kept.copied()
	e.kept.Before, e.kept.Unanswered = &before, ""
	e.kept.State.Language = e.turn.language
	e.shown = nil
}

// errNoNeed says that a step of a mode is the catalogue's own, so that no model is asked.
var errNoNeed = errors.New("no model is needed")

// modelAbsent notes why no model answered, for the built-in tutor and for the person.
func (e *exchange) modelAbsent(err error) {
	e.absent.reason, e.reason = absentDown, fault.CodeOf(err)
	if errors.Is(err, fault.BudgetExceeded) {
		e.absent.reason = absentBudget
	}
	n := Notice{Kind: NoticeBuiltIn, Reason: e.reason, Count: 1}
	if r, ok := gateway.RefusalOf(err); ok {
		e.reason, n.Reason = r.Reason, r.Reason
		switch {
		case !r.ResetsAt.IsZero():
			e.absent.until = r.ResetsAt.UTC()
		case r.Retry > 0:
			e.absent.until = e.o.Now().UTC().Add(r.Retry)
		}
	}
	if !e.absent.until.IsZero() {
		n.Until = &e.absent.until
	}
	n.Text = absencePhrase(e.turn.language, e.absent)
	e.notice(n)
}

// ended ends an answer that was not let through to its end: what was said is kept, where something was.
func (e *exchange) ended(ctx context.Context) (*Answer, error) {
	cause := context.Cause(ctx)
	if !e.begun || errors.Is(cause, errDeleted) || errors.Is(cause, errClosing) {
		switch {
		case errors.Is(cause, errDeleted):
			return nil, fault.New(fault.NotFound, "unknown-conversation", "The conversation was deleted.")
		case errors.Is(cause, errClosing):
			return nil, errShutdown
		}
		return nil, fault.New(fault.Conflict, "stopped", "The answer was stopped before it had begun. The message can be sent again with retry.")
	}
	e.answer.Stopped = true
	return e.finish(ctx)
}

// lookForInjections tells the person of text addressed to an AI in their resume, once in a conversation, and in their message.
func (e *exchange) lookForInjections() {
	const once = "injection"
	found := len(Injections(e.turn.question))
	if e.turn.document != nil && !slices.Contains(e.kept.State.Said, once) {
		if n := len(Injections(e.turn.document.Text)); n > 0 {
			e.kept.State.Said = append(slices.Clone(e.kept.State.Said), once)
			e.notice(Notice{Kind: NoticeInjection, Reason: "resume", Count: n, Text: phrase(e.turn.language, "injection-resume")})
		}
	}
	if found > 0 {
		e.notice(Notice{Kind: NoticeInjection, Reason: "message", Count: found, Text: phrase(e.turn.language, "injection-message")})
	}
}

// guarded answers what people should help with.
func (e *exchange) guarded(ctx context.Context, g *Guarded) (*Answer, error) {
	e.reason = g.Kind
	w := newWritten()
	w.note(g.Text)
	e.notice(Notice{Kind: NoticeGuard, Reason: g.Kind, Count: 1, Text: phrase(e.turn.language, "guard")})
	return e.write(ctx, w)
}

// withoutModel has the built-in tutor answer.
func (e *exchange) withoutModel(ctx context.Context) (*Answer, error) {
	r := e.builtin.step(ctx, e.lesson(e.turn.question))
	language := e.kept.State.Language
	e.kept.State, e.shown = r.state, append(e.shown, byRule(r.shown)...)
	if e.kept.State.Language == "" {
		e.kept.State.Language = language
	}
	return e.write(ctx, r.written)
}

// lesson is the turn as the built-in tutor sees it.
func (e *exchange) lesson(question string) *lesson {
	t := e.turn
	l := &lesson{
		conversation: t.conv.ID, mode: t.conv.Mode, role: t.role, phase: t.phase, milestone: t.conv.Milestone, skill: t.conv.Skill, question: question,
		history: t.history, state: e.kept.State, report: t.report, progress: t.progress, known: t.known, due: t.due, spans: t.spans, now: e.o.Now().UTC(), absence: e.absent,
	}
	return l
}

// write keeps an answer that is there as a whole, and then hands it over: a failure to store is still a status.
func (e *exchange) write(ctx context.Context, w *written) (*Answer, error) {
	a := w.answer()
	e.answer.Text, e.answer.Citations, e.answer.Engine = a.Text, a.Citations, EngineBuiltIn
	e.answer.Used = usedOf(a.Citations)
	e.answer.Spending = e.spending(ctx, nil)
	e.answer.Place = e.kept.place(e.turn.conv.Mode)
	if err := e.store(ctx); err != nil {
		return nil, err
	}
	if err := e.tell(&Context{MessageID: e.message, Engine: EngineBuiltIn, Used: e.answer.Used, Masked: []Hidden{}}); err != nil {
		return nil, err
	}
	if err := w.stream(e.send); err != nil {
		return nil, err
	}
	return e.close()
}

// usedOf sums up what an answer without a model was made from.
func usedOf(cited []Citation) []Used {
	out := []Used{}
	for _, c := range cited {
		at := slices.IndexFunc(out, func(u Used) bool { return u.Part == string(c.Kind) })
		if at < 0 {
			at = len(out)
			out = append(out, Used{Part: string(c.Kind), Title: partTitle(string(c.Kind)), Items: []UsedItem{}})
		}
		out[at].Tokens += Tokens(c.Text)
		out[at].Items = append(out[at].Items, UsedItem{Number: c.Index, ID: c.ID, Title: c.Title})
	}
	return out
}

func partTitle(part string) string {
	for _, sh := range shares() {
		if sh.part == part {
			return sh.title
		}
	}
	return part
}

// tell sends the context, and what waited for it.
func (e *exchange) tell(c *Context) error {
	if err := e.send(Event{Kind: EventContext, Context: c}); err != nil {
		return err
	}
	e.told = true
	for _, n := range e.unsent {
		if err := e.send(Event{Kind: EventNotice, Notice: &n}); err != nil {
			return err
		}
	}
	e.unsent = nil
	return nil
}

// notice tells the person something about the answer. Nothing can fail here that does not fail with the next event as well.
func (e *exchange) notice(n Notice) {
	e.answer.Notices = append(e.answer.Notices, n)
	if !e.told {
		e.unsent = append(e.unsent, n)
		return
	}
	_ = e.send(Event{Kind: EventNotice, Notice: &n})
}

// say hands a checked piece of the answer over, after the citations that it uses first.
func (e *exchange) say(text string, from ...Citation) error {
	if text == "" {
		return nil
	}
	for _, c := range from {
		if e.cited[c.Index] {
			continue
		}
		e.cited[c.Index] = true
		e.answer.Citations = append(e.answer.Citations, c)
		if err := e.send(Event{Kind: EventCitation, Citation: &c}); err != nil {
			return err
		}
	}
	e.begun = true
	e.text.WriteString(text)
	return e.send(Event{Kind: EventDelta, Text: text})
}

// finish keeps what a model said and ends the stream.
func (e *exchange) finish(ctx context.Context) (*Answer, error) {
	e.answer.Text = strings.TrimSpace(e.text.String())
	e.answer.Place = e.kept.place(e.turn.conv.Mode)
	if err := e.store(ctx); err != nil {
		return nil, err
	}
	return e.close()
}

// close sends the last events of an answer that is kept.
func (e *exchange) close() (*Answer, error) {
	if err := e.send(Event{Kind: EventUsage, Usage: e.answer.Spending}); err != nil {
		return nil, err
	}
	done := &Done{MessageID: e.message, Engine: e.answer.Engine, Truncated: e.answer.Truncated, Stopped: e.answer.Stopped, Place: e.answer.Place}
	if err := e.send(Event{Kind: EventDone, Done: done}); err != nil {
		return nil, err
	}
	return &e.answer, nil
}

// store keeps a turn, also when the person has gone meanwhile: the answer is there, and a model's is paid for.
func (e *exchange) store(ctx context.Context) error {
	now := e.o.Now().UTC()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	t := Turn{Kept: e.kept, At: now, Instead: e.turn.instead}
	if e.turn.asked == nil {
		asked := Message{ID: e.askedID, Author: AuthorPerson, Content: e.turn.question, Citations: []Citation{}, CreatedAt: now}
		asked.Used, asked.Masked, asked.Notices = []Used{}, []Hidden{}, []Notice{}
		t.Messages = append(t.Messages, asked)
	}
	t.Messages = append(t.Messages, Message{
		ID: e.message, Author: AuthorTutor, Content: e.answer.Text, Citations: e.answer.Citations, Engine: e.answer.Engine, CreatedAt: now, Details: e.answer.Details,
	})
	if err := e.o.Messages.Append(ctx, e.person, e.turn.conv.ID, t); err != nil {
		return err
	}
	return e.note(ctx, now)
}

// note remembers what the message showed of the person. A failure is no reason to lose the answer.
func (e *exchange) note(ctx context.Context, now time.Time) error {
	if e.o.Memory == nil || e.turn.again || len(e.shown) == 0 {
		return nil
	}
	for i := range e.shown {
		e.shown[i].Conversation, e.shown[i].Message, e.shown[i].At = e.turn.conv.ID, e.message, now
	}
	if err := e.o.Memory.Note(ctx, e.person, e.shown); err != nil {
		e.o.Log.WarnContext(ctx, "what a message showed was not remembered", "err", err)
	}
	return nil
}

// spending is what an answer cost and what is left, as far as that can be read.
func (e *exchange) spending(ctx context.Context, resp *gateway.Response) *Spending {
	s := &Spending{Model: e.answer.Engine, Reason: e.reason}
	if resp != nil {
		s.Model, s.PromptTokens, s.CompletionTokens, s.Cost, s.Reason = resp.Model, resp.Usage.PromptTokens, resp.Usage.CompletionTokens, resp.Cost, ""
	}
	if e.o.Budgets == nil || !e.o.Model.Enabled() {
		return s
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	list, err := e.o.Budgets.Budgets(ctx, e.person)
	if err != nil {
		e.o.Log.WarnContext(ctx, "what is left of the budgets was not read", "err", err)
		return s
	}
	for _, b := range list {
		left := max(b.Limit-b.Spent-b.Reserved, 0)
		if s.Budget == nil || left < s.Budget.Remaining {
			s.Budget = &Left{Scope: b.Scope, Limit: b.Limit, Remaining: left, ResetsAt: b.ResetsAt.UTC()}
		}
	}
	return s
}
