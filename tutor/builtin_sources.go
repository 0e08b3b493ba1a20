package tutor

import (
	"context"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// Sources finds what an answer can rest on, as the tutor does. It is safe for concurrent use.
type Sources struct{ builtin *builtin }

// NewSources makes one. Without passages, the index in memory answers alone.
func NewSources(c *catalog.Catalog, p Passages) *Sources { return &Sources{newBuiltin(c, p)} }

// Where says where sources are looked for. Only Role is needed.
type Where struct {
	Role    *catalog.Role
	Phase   string
	Mode    Mode
	Skills  []string // ids that the conversation is about
	Report  *gapanalysis.Report
	Spans   []Span
	Earlier string // the person's message before
	Limit   int    // 0 for ten
}

// Find gives the passages that a question is best answered from, the best first.
func (s *Sources) Find(ctx context.Context, question string, w Where) []Citation {
	found := s.builtin.retrieve(ctx, question, scope{
		role: w.Role, phase: w.Phase, mode: w.Mode, skills: w.Skills, report: w.Report, spans: w.Spans, earlier: w.Earlier, limit: w.Limit,
	})
	out := make([]Citation, len(found))
	for i, p := range found {
		out[i] = p.citation(i + 1)
	}
	return out
}
