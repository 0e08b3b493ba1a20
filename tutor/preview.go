package tutor

import (
	"context"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/prompts"
)

// Preview is what an answer to a message would be made from, if a model were asked now. It asks none and keeps nothing. People are hidden as
// they would be, so that it fails where no call would be made.
func (s *Service) Preview(ctx context.Context, person, conversation uuid.UUID, content string) (*Context, error) {
	t, err := s.prepare(ctx, person, conversation, content)
	if err != nil {
		return nil, err
	}
	e := &exchange{Service: s, turn: t, person: person}
	e.begin()
	e.lookForInjections()
	template := prompts.TutorCoach
	if t.conv.Mode == Explain {
		template = prompts.TutorExplain
	}
	a, err := e.asking(ctx, e.aboutTask(template))
	if err != nil {
		return nil, err
	}
	used, tokens := a.parts()
	return &Context{Engine: s.o.Model.Model(), Tokens: tokens, Budget: max(Budget, Tokens(t.question)+leastRest), Used: used, Masked: masked(a.mask)}, nil
}
