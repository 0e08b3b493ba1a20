package tutor

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/prompts"
)

// Bounds on a prompt. A question is never cut, so one of MaxContent long words in another script can pass maxPrompt on its own.
const (
	maxPrompt    = 12_000 // bytes
	maxSources   = 6      // passages by rank, besides the report's overview
	leastSources = 3      // that a long question leaves
	maxSource    = 700    // bytes of one passage
	maxEarlier   = 6      // messages of the history
	maxOfEarlier = 600    // bytes of one of them
	maxOfResume  = 2      // passages that are only words of the resume
	temperature  = 0.3
)

// purposeTutor is what the ledger and the routes call the tutor's questions, those of a mode with a purpose of its own apart.
const purposeTutor = "tutor"

// purpose is what a mode's questions are for. A quiz and a review ask other things of a model than a talk does, so each can have a route.
func (m Mode) purpose() string {
	switch m {
	case Quiz, Review:
		return string(m)
	case Coach, Explain:
	}
	return purposeTutor
}

// ask puts the question to the model and hands the answer over as it comes.
func (s *Service) ask(ctx context.Context, person uuid.UUID, t *turn, emit func(Event) error) (*Answer, error) {
	q := &asking{library: s.o.Prompts, turn: t, sources: t.sources()}
	messages, version, err := q.whole()
	if err != nil {
		return nil, err
	}
	c := &citer{sources: q, emit: emit}
	resp, err := s.o.Model.Stream(ctx, gateway.Request{
		Person: person, Purpose: t.conv.Mode.purpose(), Within: purposeTutor, PromptVersion: version, Messages: messages, Temperature: temperature, Shrink: q.shrink,
	}, c.delta)
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(c.text.String(), "\x00", ""), "")) // what the database would refuse
	if text == "" {
		return nil, fault.New(fault.Unavailable, "empty-answer", "The language model gave no answer. Send the message again.")
	}
	a := &Answer{Text: text, Citations: c.cited, Engine: resp.Model, Usage: resp.Usage, Cost: resp.Cost, Truncated: resp.FinishReason == "length"}
	if a.Citations == nil {
		a.Citations = []Citation{}
	}
	return a, nil
}

// sources are the passages for a prompt: what is known of the person as a whole, then what fits the question best, then what a question
// without a subject is about.
func (t *turn) sources() []*passage {
	var out []*passage
	taken, ofResume := map[*passage]bool{}, 0
	take := func(p *passage) {
		if p == nil || taken[p] || p.kind == FromResume && ofResume == maxOfResume {
			return
		}
		if p.kind == FromResume {
			ofResume++
		}
		taken[p] = true
		out = append(out, p)
	}
	most := maxSources
	if p := t.corpus.get(overviewID); p != nil {
		take(p)
		most++
	}
	ranked := t.corpus.index.rank(t.question, t.conv.Phase, t.named)
	if t.conv.Mode == Quiz && len(t.named) == 0 {
		ranked = nil // an answer to a question has no subject of its own; the history says what it was
	}
	fill := []*passage{t.corpus.get(nextID), t.corpus.get(roleID(t.role, "summary"))}
	if t.phase != nil {
		fill = append([]*passage{t.corpus.get(phaseID(t.role, t.phase.ID))}, fill...)
		for _, m := range t.phase.Milestones {
			fill = append(fill, t.corpus.get(milestoneID(t.role, m.ID)))
		}
	}
	for _, p := range append(ranked, fill...) {
		if len(out) == most {
			break
		}
		take(p)
	}
	return out
}

// asking makes prompts of one question: the whole one, and smaller ones for a smaller budget.
type asking struct {
	library *prompts.Library
	turn    *turn
	sources []*passage
	shown   int // how many of sources the latest prompt holds; a model can only cite these
}

// whole is the prompt with all that is worth its price. One over maxPrompt loses its history first, then sources, but never the last few.
func (q *asking) whole() ([]gateway.Message, string, error) {
	earlier, n := q.earlier(), len(q.sources)
	for {
		p, err := q.render(n, false)
		if err != nil {
			return nil, "", err
		}
		messages := join(p, earlier)
		switch {
		case size(messages) <= maxPrompt || len(earlier) == 0 && n <= leastSources:
			return messages, p.Version, nil
		case len(earlier) > 0:
			earlier = earlier[min(2, len(earlier)):] // a question and its answer
		default:
			n--
		}
	}
}

// shrink is the largest prompt of at most so many bytes: without the history, then with fewer sources, then with the least instructions.
// It is nil where even the question alone is too long.
func (q *asking) shrink(maxBytes int) []gateway.Message {
	for _, brief := range []bool{false, true} {
		for n := len(q.sources); n >= 0; n-- {
			if n == 0 && !brief && len(q.sources) > 0 {
				continue // fewer instructions are better than no source
			}
			p, err := q.render(n, brief)
			if err != nil {
				return nil
			}
			if p.Bytes() <= maxBytes {
				return join(p, nil)
			}
		}
	}
	return nil
}

func (q *asking) render(n int, brief bool) (prompts.Prompt, error) {
	data := prompts.Tutor{Role: q.turn.role.Name, Mode: string(q.turn.conv.Mode), HasReport: q.turn.report != nil, Brief: brief, Question: q.turn.question}
	if q.turn.phase != nil {
		data.Phase = q.turn.phase.Name
	}
	for i, p := range q.sources[:n] {
		data.Sources = append(data.Sources, prompts.Source{Number: i + 1, Kind: string(p.kind), Title: p.title, Text: clip(p.text, maxSource)})
	}
	q.shown = n
	return q.library.Render(prompts.TutorID, data)
}

// marks are the citations in a text: [1], [1, 2].
var marks = regexp.MustCompile(`\[\s*\d{1,3}(?:\s*,\s*\d{1,3})*\s*\]`)

// earlier is the end of the history, from a message of the person on. Old numbers are taken out: they meant other sources.
func (q *asking) earlier() []gateway.Message {
	h := q.turn.history
	h = h[max(0, len(h)-maxEarlier):]
	for len(h) > 0 && h[0].Author != AuthorPerson {
		h = h[1:]
	}
	out := make([]gateway.Message, len(h))
	for i, m := range h {
		text := clip(m.Content, maxOfEarlier)
		if m.Author == AuthorPerson {
			out[i] = gateway.Message{Role: "user", Content: prompts.Fence("earlier message of the person", text)}
		} else {
			out[i] = gateway.Message{Role: "assistant", Content: strings.TrimSpace(marks.ReplaceAllString(text, ""))}
		}
	}
	return out
}

// join puts the history between the instructions and the question.
func join(p prompts.Prompt, earlier []gateway.Message) []gateway.Message {
	out := make([]gateway.Message, 0, len(p.Messages)+len(earlier))
	for i, m := range p.Messages {
		if i == len(p.Messages)-1 {
			out = append(out, earlier...)
		}
		out = append(out, gateway.Message{Role: m.Role, Content: m.Content})
	}
	return out
}

func size(messages []gateway.Message) int {
	n := 0
	for _, m := range messages {
		n += len(m.Content)
	}
	return n
}

// clip cuts a text to so many bytes, at a character.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return strings.TrimSpace(s[:most]) + "…"
}

// citer finds the citations in an answer as it comes. A number that no source has is left in the text and is no citation.
type citer struct {
	sources *asking
	emit    func(Event) error
	text    strings.Builder
	scanned int // bytes of text that were looked through
	seen    [maxSources + 2]bool
	cited   []Citation
}

// longestMark is the most bytes that a citation may take to be found across two pieces.
const longestMark = 40

// delta passes one piece on, after the citations that it completes.
func (c *citer) delta(piece string) error {
	if piece == "" {
		return nil
	}
	c.text.WriteString(piece)
	text := c.text.String()
	from := c.scanned
	for _, m := range marks.FindAllStringIndex(text[from:], -1) {
		c.scanned = from + m[1]
		for n := range strings.SplitSeq(strings.Trim(text[from+m[0]:from+m[1]], "[] "), ",") {
			if err := c.cite(strings.TrimSpace(n)); err != nil {
				return err
			}
		}
	}
	c.scanned = max(c.scanned, len(text)-longestMark)
	return c.emit(Event{Kind: EventDelta, Text: piece})
}

func (c *citer) cite(number string) error {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > c.sources.shown || c.seen[n] {
		return nil //nolint:nilerr // a number that is no source's is text, not a failure
	}
	c.seen[n] = true
	cited := c.sources.sources[n-1].citation(n)
	c.cited = append(c.cited, cited)
	return c.emit(Event{Kind: EventCitation, Citation: &cited})
}
