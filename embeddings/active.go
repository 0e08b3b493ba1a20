package embeddings

import (
	"context"
	"sync/atomic"
)

// Active is the embedder in force, which can be replaced while others use it. It is safe for concurrent use.
//
// Whoever keeps vectors pins it first: between a call of Embed and one of Model the embedder may be another.
type Active struct{ current atomic.Pointer[Embedder] }

// NewActive makes one that starts with e.
func NewActive(e Embedder) *Active {
	a := &Active{}
	a.Use(e)
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
