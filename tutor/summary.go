package tutor

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/prompts"
)

// Bounds on summing up.
const (
	leastOlder     = 8 // messages beyond the recent ones that a summary is asked for
	mostOlder      = 24
	summaryTimeout = time.Minute
)

// sumUp has a model shorten the older turns of a conversation, once enough have come since the last time. It runs behind the answer; where
// no model does it, the turns are shortened without one for each prompt, so a failure is only logged.
func (s *Service) sumUp(ctx context.Context, person, conversation uuid.UUID) {
	if !s.o.Model.Enabled() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, summaryTimeout)
	defer cancel()
	c, err := s.o.Conversations.Conversation(ctx, person, conversation)
	if err != nil {
		return
	}
	history, err := s.o.Messages.History(ctx, person, conversation, MaxMessages)
	if err != nil {
		return
	}
	t := &turn{conv: c, history: history}
	old := t.older()
	if len(old) < leastOlder {
		return
	}
	old = old[:min(len(old), mostOlder)]
	text, engine, err := s.summarise(ctx, person, t, old)
	if err != nil {
		s.o.Log.InfoContext(ctx, "the older turns were not summed up by a model", "err", err)
		return
	}
	c.Kept.Earlier = &Earlier{UpTo: old[len(old)-1].ID, Text: text, Engine: engine}
	if err := s.o.Messages.Append(ctx, person, conversation, Turn{Kept: c.Kept, At: c.UpdatedAt}); err != nil {
		s.o.Log.WarnContext(ctx, "a summary was not kept", "err", err)
	}
}

// summarise asks for it, with nobody named.
func (s *Service) summarise(ctx context.Context, person uuid.UUID, t *turn, old []Message) (text, engine string, err error) {
	in := prompts.Summary{}
	if e := t.conv.Kept.Earlier; e != nil {
		in.Earlier = e.Text
	}
	for _, m := range old {
		in.Turns = append(in.Turns, prompts.Turn{By: string(m.Author), Text: clipTokens(Clean(marks.ReplaceAllString(m.Content, "")), maxOfEarlier)})
	}
	p, err := s.o.Prompts.Render(prompts.SummaryID, in)
	if err != nil {
		return "", "", err
	}
	messages := join(p, nil)
	if s.o.Identities != nil {
		if t.personal, err = s.o.Identities.Personal(ctx, person); err != nil {
			return "", "", err
		}
	}
	mask, err := s.masker.Mask(t.personal, append(contents(messages), t.read()...)...)
	if err != nil {
		return "", "", err
	}
	if messages, err = hidden(mask, messages); err != nil {
		return "", "", err
	}
	resp, err := s.o.Model.Stream(ctx, gateway.Request{
		Person: person, Purpose: p.Purpose, PromptVersion: p.Version, Messages: messages, MaxTokens: p.MaxTokens, Temperature: p.Temperature,
	}, nil)
	if err != nil {
		return "", "", err
	}
	return kept(mask.Restore(resp.Text)), resp.Model, nil
}

// kept is a summary without what no summary may carry on: addresses, levels and text addressed to an AI.
func kept(text string) string {
	text, _ = Defuse(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", ""))
	lines := sentencesOf(text)
	lines = slices.DeleteFunc(lines, func(s utterance) bool {
		return linkPattern.MatchString(s.text) || mailPattern.MatchString(s.text) || levelPattern.MatchString(strings.ToLower(s.text))
	})
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.text
	}
	return clipTokens(strings.Join(out, " "), 180)
}
