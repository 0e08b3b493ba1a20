package embeddings

import (
	"context"

	"github.com/gapwise/gapwise/embeddings/model"
)

// Builtin is the embedder that needs neither a network nor a key: a static skill embedding, trained on public lists of skills and
// classifications of occupations. See package model for how vectors are composed and what they were trained on. The zero value is ready to
// use; it is deterministic. The model is read when it is first used.
type Builtin struct{}

// Model implements Embedder.
func (Builtin) Model() string { return model.Builtin().ID }

// Dimensions implements Embedder.
func (Builtin) Dimensions() int { return model.Dimensions }

// Embed implements Embedder. It stops between texts when ctx ends.
func (Builtin) Embed(ctx context.Context, texts []string) ([]Vector, error) {
	m := model.Builtin()
	out := make([]Vector, len(texts))
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = make(Vector, model.Dimensions)
		m.Compose(out[i], text)
	}
	return out, nil
}
