package embeddings

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode"

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

var errMalformed = fault.New(fault.Unavailable, "embeddings-malformed",
	"The embeddings endpoint answered with vectors that cannot be used. Check EMBEDDINGS_BASE_URL and EMBEDDINGS_MODEL.")

// Model implements Embedder.
func (r *Remote) Model() string { return r.model }

// Dimensions implements Embedder.
func (r *Remote) Dimensions() int { return r.dimensions }

// Embed implements Embedder. An endpoint that answers with another number of vectors, another length or a figure that is no number is
// Unavailable: a wrong vector would spoil every comparison that it is kept for. A text without any word is not sent: endpoints refuse it,
// and would refuse all of its batch with it.
func (r *Remote) Embed(ctx context.Context, texts []string) ([]Vector, error) {
	out := make([]Vector, len(texts))
	var send []int // indexes of the texts that are sent
	for i, text := range texts {
		if strings.ContainsFunc(text, isWordRune) {
			send = append(send, i)
		} else {
			out[i] = make(Vector, r.dimensions)
		}
	}
	for batch := range slices.Chunk(send, remoteBatch) {
		words := make([]string, len(batch))
		for j, i := range batch {
			words[j] = texts[i]
		}
		vectors, err := r.call.EmbedTexts(ctx, r.model, words)
		if err != nil {
			return nil, err
		}
		if len(vectors) != len(batch) {
			return nil, errMalformed
		}
		for j, v := range vectors {
			if len(v) != r.dimensions || !finite(v) {
				return nil, errMalformed
			}
			out[batch[j]] = Normalise(v)
		}
	}
	return out, nil
}

func isWordRune(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

func finite(v Vector) bool {
	for _, x := range v {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return false
		}
	}
	return true
}
