package embeddings

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/fault"
)

// Caller asks a model for the vectors of texts, one for each, in order. The gateway is one: it counts what the call costs, and counts a
// second try as a call of its own. An error that says when to try again (fault.RetryAfter) is one that may pass.
type Caller interface {
	EmbedTexts(ctx context.Context, model string, texts []string) ([][]float32, error)
}

// Bounds on what one call holds. Endpoints differ: OpenAI takes 2,048 texts and 300,000 tokens, Text Embeddings Inference 32 texts, a
// llama.cpp server what fits its batch of tokens. 32 texts and 64 KiB, at most some 20,000 tokens of prose, fit all that were looked at.
const (
	remoteTexts = 32
	remoteBytes = 64 << 10
	// remoteText bounds one text in bytes: the widest models read 8,192 tokens, and a token is three bytes of prose or more. What is
	// beyond would be refused by some endpoints and dropped by the others.
	remoteText = 24 << 10
)

// How calls are made and tried again.
const (
	remoteCalls    = 4 // at once, of all users together
	remoteTries    = 4 // of one call
	remoteBackoff  = 500 * time.Millisecond
	remoteMaxPause = 30 * time.Second // an endpoint that asks for a longer one is down for whoever waits
)

// Remote is an embedder behind an OpenAI-compatible endpoint. It is safe for concurrent use.
type Remote struct {
	call       Caller
	model      string
	dimensions int
	slots      chan struct{}
}

// NewRemote makes an embedder of one model of an endpoint. It embeds one word to learn the length of the model's vectors.
func NewRemote(ctx context.Context, call Caller, model string) (*Remote, error) {
	r := &Remote{call: call, model: model, slots: make(chan struct{}, remoteCalls)}
	probe, err := r.try(ctx, []string{"skill"})
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
// and would refuse all of its batch with it. The first batch that fails ends the others.
func (r *Remote) Embed(ctx context.Context, texts []string) ([]Vector, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]Vector, len(texts))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var calls sync.WaitGroup
	for _, batch := range r.batches(texts, out) {
		select {
		case r.slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		calls.Go(func() {
			defer func() { <-r.slots }()
			if err := r.embed(ctx, texts, batch, out); err != nil {
				cancel(err)
			}
		})
	}
	calls.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return out, nil
}

// batches are the indexes of the texts that one call each takes. Texts without a word get their zero vector in out.
func (r *Remote) batches(texts []string, out []Vector) [][]int {
	var all [][]int
	var batch []int
	size := 0
	for i, text := range texts {
		if !strings.ContainsFunc(text, isWordRune) {
			out[i] = make(Vector, r.dimensions)
			continue
		}
		n := min(len(text), remoteText)
		if len(batch) == remoteTexts || len(batch) > 0 && size+n > remoteBytes {
			all, batch, size = append(all, batch), nil, 0
		}
		batch, size = append(batch, i), size+n
	}
	if len(batch) > 0 {
		all = append(all, batch)
	}
	return all
}

// embed fills out with the vectors of one batch.
func (r *Remote) embed(ctx context.Context, texts []string, batch []int, out []Vector) error {
	words := make([]string, len(batch))
	for j, i := range batch {
		words[j] = clip(texts[i])
	}
	vectors, err := r.try(ctx, words)
	if err != nil {
		return err
	}
	if len(vectors) != len(batch) {
		return errMalformed
	}
	for j, v := range vectors {
		if len(v) != r.dimensions || !finite(v) {
			return errMalformed
		}
		out[batch[j]] = Normalise(v)
	}
	return nil
}

// try makes a call, and makes it again after a pause where the error says that it may pass. Pauses double, are drawn at random from their
// whole range so that callers who failed together do not come back together, and are never shorter than the endpoint asks.
func (r *Remote) try(ctx context.Context, texts []string) ([][]float32, error) {
	pause := remoteBackoff
	for tries := 1; ; tries++ {
		vectors, err := r.call.EmbedTexts(ctx, r.model, texts)
		asked := fault.RetryAfter(err)
		transient := errors.Is(err, fault.Unavailable) || errors.Is(err, fault.Timeout)
		if err == nil || !transient || asked == 0 || asked > remoteMaxPause || tries == remoteTries {
			return vectors, err
		}
		timer := time.NewTimer(asked + rand.N(pause)) //nolint:gosec // G404: jitter needs no secrecy
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
		pause *= 2
	}
}

// clip cuts a text to what an endpoint reads, between two runes.
func clip(text string) string {
	if len(text) <= remoteText {
		return text
	}
	end := remoteText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
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
