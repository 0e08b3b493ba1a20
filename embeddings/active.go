package embeddings

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/gapwise/gapwise/internal/fault"
)

// Active is the embedder in force, which can be replaced while others use it. It is safe for concurrent use.
//
// Whoever keeps vectors pins it first: between a call of Embed and one of Model the embedder may be another.
type Active struct {
	current  atomic.Pointer[Embedder]
	fallback Embedder // nil unless the operator chose one
}

// NewActive makes one that starts with e.
func NewActive(e Embedder) *Active {
	a := &Active{}
	a.Use(e)
	return a
}

// WithFallback lets Named use another model while the one in force does not answer. It is called before anybody else has a.
func (a *Active) WithFallback(e Embedder) *Active {
	a.fallback = e
	return a
}

// Use puts another embedder in force. Calls under way end with the one that they began with.
func (a *Active) Use(e Embedder) { a.current.Store(&e) }

// Current is the embedder in force now. It stays the same model.
func (a *Active) Current() Embedder { return *a.current.Load() }

// Model implements Embedder.
func (a *Active) Model() string { return a.Current().Model() }

// Dimensions implements Embedder.
func (a *Active) Dimensions() int { return a.Current().Dimensions() }

// Embed implements Embedder.
func (a *Active) Embed(ctx context.Context, texts []string) ([]Vector, error) {
	return a.Current().Embed(ctx, texts)
}

// Pin is the embedder that e stands for now: vectors and the name of their model come from one and the same.
func Pin(e Embedder) Embedder {
	if a, ok := e.(*Active); ok {
		return a.Current()
	}
	return e
}

// Named embeds texts and names the model that did it: the one in force, or the fallback that the operator chose where that does not answer.
// Without one the error is the model's own.
func Named(ctx context.Context, e Embedder, texts []string) (model string, vectors []Vector, err error) {
	pinned := Pin(e)
	vectors, err = pinned.Embed(ctx, texts)
	a, ok := e.(*Active)
	if ok && a.fallback != nil && (errors.Is(err, fault.Unavailable) || errors.Is(err, fault.Timeout)) {
		vectors, err = a.fallback.Embed(ctx, texts)
		return a.fallback.Model(), vectors, err
	}
	return pinned.Model(), vectors, err
}
