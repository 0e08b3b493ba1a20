package tutor

import (
	"context"

	"github.com/gapwise/gapwise/prompts"
)

const hintRungs = 4

// withModel has a model take the step of the mode. An error before anything was said leaves the step to the built-in tutor.
func (e *exchange) withModel(ctx context.Context) (*Answer, error) {
	k := task{template: prompts.TutorCoach}
	if e.turn.conv.Mode == Explain {
		k.template = prompts.TutorExplain
	}
	switch e.turn.conv.Mode {
	case Coach, Explain:
		return e.talk(ctx, k)
	case Hint, Quiz, Interview, Review, Line:
	}
	return nil, errNoNeed
}
