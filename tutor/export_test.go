package tutor

import (
	"context"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// Names gives tests the skills that a question names.
func Names(c *catalog.Catalog, text string) []string { return newNames(c).in(text) }

// Intent gives tests what a question about a role is taken for.
func Intent(c *catalog.Catalog, r *catalog.Role, question string) string {
	phase, rest := phaseNamed(r, question)
	return string(intentOf(rest, newNames(c).in(rest), phase))
}

// BuiltinLanguageOf gives tests the language that a message is taken for.
func BuiltinLanguageOf(text, before string) string { return languageOf(text, before) }

// Finder gives tests the passages that fit a question.
type Finder struct{ b *builtin }

// NewFinder makes one.
func NewFinder(c *catalog.Catalog, p Passages) *Finder { return &Finder{newBuiltin(c, p)} }

// Find gives the ids of the passages that fit a question best, the best first.
func (f *Finder) Find(ctx context.Context, r *catalog.Role, report *gapanalysis.Report, spans []Span, phase string, mode Mode, skills []string, earlier, question string, limit int) []string {
	var out []string
	for _, p := range f.b.retrieve(ctx, question, scope{role: r, phase: phase, mode: mode, skills: skills, report: report, spans: spans, earlier: earlier, limit: limit}) {
		out = append(out, p.id)
	}
	return out
}

// Picked gives tests what a message is taken for as an answer to a question with choices.
func Picked(message string, choices []string) int { return int(picked(message, choices)) }

// Steps gives tests the steps of the built-in tutor.
type Steps struct{ b *builtin }

// NewSteps makes them.
func NewSteps(c *catalog.Catalog) *Steps { return &Steps{newBuiltin(c, nil)} }

// Step answers one message.
func (s *Steps) Step(ctx context.Context, role string, m Mode, state State, question string) (string, State, []Shown) {
	r, err := s.b.catalog.Role(role)
	if err != nil {
		return err.Error(), state, nil
	}
	reply := s.b.step(ctx, &lesson{mode: m, role: r, question: question, state: state})
	return reply.text(), reply.state, reply.shown
}
