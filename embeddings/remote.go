package embeddings

import (
	"context"
	"math"

	"github.com/gapwise/gapwise/internal/fault"
)

// Caller asks a model for the vectors of texts, one for each, in order. The gateway is one: it counts what the call costs.
type Caller interface {
	EmbedTexts(ctx context.Context, model string, texts []string) ([][]float32, error)
}

// remoteBatch is how many texts go in one call. Endpoints take 2,048 inputs and far fewer tokens; 64 skill descriptions or resumes fit all
// that were looked at.
const remoteBatch = 64

// Remote is an embedder behind an OpenAI-compatible endpoint.
type Remote struct {
	call       Caller
	model      string
	dimensions int
}

// NewRemote makes an embedder of one model of an endpoint. It embeds one word to learn the length of the model's vectors.
func NewRemote(ctx context.Context, call Caller, model string) (*Remote, error) {
	r := &Remote{call: call, model: model}
	probe, err := call.EmbedTexts(ctx, model, []string{"skill"})
	if err != nil {
		return nil, err
	}
	if len(probe) != 1 || len(probe[0]) == 0 {
		return nil, errMalformed
	}
	r.dimensions = len(probe[0])
	return r, nil
}

var errMalformed = fault.New(fault.Unavailable, "embeddings-errMalformed",
	"The embeddings endpoint answered with vectors that cannot be used. Check EMBEDDINGS_BASE_URL and EMBEDDINGS_MODEL.")

// Model implements Embedder.
func (r *Remote) Model() string { return r.model }

// Dimensions implements Embedder.
func (r *Remote) Dimensions() int { return r.dimensions }

// Embed implements Embedder. An endpoint that answers with another number of vectors, another length or a figure that is no number is
// Unavailable: a wrong vector would spoil every comparison that it is kept for.
func (r *Remote) Embed(ctx context.Context, texts []string) ([]Vector, error) {
	out := make([]Vector, 0, len(texts))
	for from := 0; from < len(texts); from += remoteBatch {
		batch := texts[from:min(from+remoteBatch, len(texts))]
		vectors, err := r.call.EmbedTexts(ctx, r.model, batch)
		if err != nil {
			return nil, err
		}
		if len(vectors) != len(batch) {
			return nil, errMalformed
		}
		for _, v := range vectors {
			if len(v) != r.dimensions || !finite(v) {
				return nil, errMalformed
			}
			out = append(out, Normalise(v))
		}
	}
	return out, nil
}

func finite(v Vector) bool {
	for _, x := range v {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return false
		}
	}
	return true
}
