package tutor

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/prompts"
)

// asking is a prompt with nothing personal in it, ready to leave.
type asking struct {
	*material

	prompt   prompts.Prompt
	messages []gateway.Message
	mask     *Mask
	told     int // sources that the person was told of
}

// asking hides the people in a prompt; where that fails there is none, and no call.
func (e *exchange) asking(ctx context.Context, k task) (*asking, error) {
	m, err := e.gather(ctx, e.turn, k)
	if err != nil {
		return nil, err
	}
	a := &asking{material: m}
	if a.prompt, a.messages, err = m.whole(); err != nil {
		return nil, err
	}
	if a.mask, err = e.masker.Mask(e.turn.personal, append(contents(a.messages), e.turn.read()...)...); err != nil {
		return nil, err
	}
	a.messages, err = hidden(a.mask, a.messages)
	return a, err
}

// read is what was read of the person before. What patterns find there is hidden in a prompt too, also where an older answer quotes it without
// the words that it was known by.
func (t *turn) read() []string {
	var out []string
	if t.document != nil {
		out = append(out, t.document.Text)
	}
	for _, m := range t.history {
		out = append(out, m.Content)
	}
	return out
}

// call asks the model. emit gets the pieces as they come, still with placeholders.
func (e *exchange) call(ctx context.Context, a *asking, emit func(string) error) (*gateway.Response, error) {
	resp, err := e.o.Model.Stream(ctx, gateway.Request{
		Person: e.person, Purpose: a.prompt.Purpose, PromptVersion: a.prompt.Version, Messages: a.messages, MaxTokens: a.prompt.MaxTokens,
		Temperature: a.prompt.Temperature, JSON: a.prompt.Schema != nil, Schema: a.prompt.Schema, NoCache: e.turn.again,
		Shrink:  func(most int) []gateway.Message { return shrunk(a.material, a.mask, most) },
		Started: func(s gateway.Start) { _ = e.tellOf(a, s.Model) }, // what cannot be told now cannot be told later either
	}, emit)
	return resp, err
}

// tellOf tells what a prompt was made from, and tells it again where the prompt has become smaller.
func (e *exchange) tellOf(a *asking, model string) error {
	if e.told && a.told == a.shown+1 {
		return nil
	}
	a.told = a.shown + 1
	used, tokens := a.parts()
	e.answer.Used, e.answer.Masked = used, masked(a.mask)
	return e.tell(&Context{
		MessageID: e.message, Engine: model, Tokens: tokens, Budget: max(Budget, Tokens(e.turn.question)+leastRest), Used: used, Masked: e.answer.Masked,
	})
}

func masked(m *Mask) []Hidden {
	if list := m.Hidden(); list != nil {
		return slices.Clone(list)
	}
	return []Hidden{}
}

func contents(messages []gateway.Message) []string {
	out := make([]string, len(messages))
	for i, m := range messages {
		out[i] = m.Content
	}
	return out
}

// hidden are messages with nothing personal in them.
func hidden(mask *Mask, messages []gateway.Message) ([]gateway.Message, error) {
	out := slices.Clone(messages)
	for i := range out {
		var err error
		if out[i].Content, err = mask.Hide(out[i].Content); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// shrunk is a smaller prompt, hidden. A placeholder can be longer than what it stands for, so it is made smaller until it fits.
func shrunk(m *material, mask *Mask, most int) []gateway.Message {
	for ask := most; ask > 0; {
		messages := m.shrink(ask)
		if messages == nil {
			return nil
		}
		messages, err := hidden(mask, messages)
		if err != nil {
			return nil
		}
		over := -most
		for _, one := range messages {
			over += len(one.Content)
		}
		if over <= 0 {
			return messages
		}
		ask -= over
	}
	return nil
}

// Bounds on what a model may say.
const (
	maxAnswer  = 12_000 // bytes
	maxRepeats = 3      // of one sentence
)

var errRunaway = errors.New("the answer does not end")

// leastRepeated is the length of a sentence that must not come again and again, in bytes.
const leastRepeated = 25

// runaway tells when an answer has to be cut: it is too long, or says the same again and again.
type runaway struct {
	bytes int
	said  map[string]int
	tail  string
}

func (r *runaway) add(piece string) error {
	if r.bytes += len(piece); r.bytes > maxAnswer {
		return errRunaway
	}
	// Without ends of sentences: the last words, again and again.
	r.tail += piece
	if n := len(r.tail); n > 1200 {
		r.tail = r.tail[n-1200:]
	}
	if n := len(r.tail); n > 400 {
		if last := r.tail[n-40:]; strings.TrimSpace(last) != "" && strings.Count(r.tail, last) > 6 {
			return errRunaway
		}
	}
	return nil
}

// sentence looks at a whole one.
func (r *runaway) sentence(text string) error {
	key := strings.ToLower(strings.Join(strings.Fields(marks.ReplaceAllString(bullets.ReplaceAllString(text, ""), "")), " "))
	if len(key) < leastRepeated {
		return nil
	}
	if r.said == nil {
		r.said = map[string]int{}
	}
	if r.said[key]++; r.said[key] >= maxRepeats {
		return errRunaway
	}
	return nil
}

// talk has the model answer in text, which is handed over sentence by sentence as it comes.
func (e *exchange) talk(ctx context.Context, k task) (*Answer, error) {
	return e.talkThen(ctx, k, func() {})
}

// talkThen is talk; then is called once all is said and before it is kept.
func (e *exchange) talkThen(ctx context.Context, k task, then func()) (*Answer, error) {
	a, err := e.asking(ctx, k)
	if err != nil {
		return nil, err
	}
	w := e.newWriter(a)
	w.before = k.before
	var split splitter
	resp, err := e.call(ctx, a, func(piece string) error {
		piece = strings.ReplaceAll(strings.ToValidUTF8(piece, ""), "\x00", "") // what the database would refuse
		if err := w.run.add(piece); err != nil {
			return err
		}
		return w.sentences(split.add(piece))
	})
	if err == nil {
		err = w.sentences(split.rest())
	}
	switch {
	case errors.Is(err, errRunaway):
		w.cut()
	case err != nil && ctx.Err() != nil && e.begun:
		e.answer.Stopped = true
	case err != nil:
		return nil, err
	}
	if e.begun {
		then()
	}
	return e.spoken(ctx, w, resp)
}

// document has the model answer in JSON, which is read into v. Nothing of it has been shown when this returns.
func (e *exchange) document(ctx context.Context, k task, v any) (*writer, *gateway.Response, error) {
	a, err := e.asking(ctx, k)
	if err != nil {
		return nil, nil, err
	}
	resp, err := e.call(ctx, a, nil)
	if err != nil {
		return nil, nil, err
	}
	text := a.mask.RestoreJSON(resp.Text)
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return nil, nil, fault.New(fault.Unavailable, "answer-unreadable", "The language model gave no answer that can be used.").Because(err)
	}
	return e.newWriter(a), resp, e.tellOf(a, resp.Model)
}

// spoken ends an answer of a model.
func (e *exchange) spoken(ctx context.Context, w *writer, resp *gateway.Response) (*Answer, error) {
	if !e.begun && w.heard == 0 {
		return nil, fault.New(fault.Unavailable, "empty-answer", "The language model gave no answer. Send the message again.")
	}
	if err := w.close(); err != nil {
		return nil, err
	}
	if resp != nil {
		e.answer.Engine, e.answer.Usage, e.answer.Cost = resp.Model, resp.Usage, resp.Cost
		e.answer.Truncated = e.answer.Truncated || resp.FinishReason == "length"
	} else {
		e.answer.Engine = e.o.Model.Model()
	}
	e.answer.Spending = e.spending(ctx, resp)
	return e.finish(ctx)
}
