package embeddings

import (
	"context"
	"crypto/sha256"
	"slices"
)

// TextHash is what a text is known by in a cache.
type TextHash = [sha256.Size]byte

// Cache keeps vectors by model and text.
type Cache interface {
	// CachedVectors are those that are there, by hash.
	CachedVectors(ctx context.Context, model string, hashes []TextHash) (map[TextHash]Vector, error)
	// CacheVectors keeps vectors; one that is there already stays.
	CacheVectors(ctx context.Context, model string, vectors map[TextHash]Vector) error
}

// Cached is an embedder that pays for a text once. It is for impersonal texts: what it keeps belongs to nobody and stays when people leave.
type Cached struct {
	Embedder
	cache Cache
}

// NewCached makes one.
func NewCached(e Embedder, c Cache) *Cached { return &Cached{e, c} }

// cachePiece is how many texts are embedded before they are kept: what a process has paid for when it dies is not paid for again.
const cachePiece = 256

// Embed implements Embedder. A cache that fails costs money, not an answer.
func (c *Cached) Embed(ctx context.Context, texts []string) ([]Vector, error) {
	if len(texts) == 0 || ctx.Err() != nil {
		return c.Embedder.Embed(ctx, texts)
	}
	out := make([]Vector, 0, len(texts))
	for piece := range slices.Chunk(texts, cachePiece) {
		vectors, err := c.piece(ctx, piece)
		if err != nil {
			return nil, err
		}
		out = append(out, vectors...)
	}
	return out, nil
}

func (c *Cached) piece(ctx context.Context, texts []string) ([]Vector, error) {
	hashes := make([]TextHash, len(texts))
	for i, t := range texts {
		hashes[i] = sha256.Sum256([]byte(t))
	}
	known, err := c.cache.CachedVectors(ctx, c.Model(), hashes)
	if err != nil {
		known = nil
	}
	var missing []string
	at := map[TextHash]int{} // to the place in missing
	for i, h := range hashes {
		if _, asked := at[h]; !asked && len(known[h]) != c.Dimensions() {
			at[h] = len(missing)
			missing = append(missing, texts[i])
		}
	}
	var fresh []Vector
	if len(missing) > 0 {
		if fresh, err = c.Embedder.Embed(ctx, missing); err != nil {
			return nil, err
		}
		keep := make(map[TextHash]Vector, len(at))
		for h, i := range at {
			keep[h] = fresh[i]
		}
		_ = c.cache.CacheVectors(ctx, c.Model(), keep) // as above
	}
	out := make([]Vector, len(texts))
	for i, h := range hashes {
		if j, ok := at[h]; ok {
			out[i] = slices.Clone(fresh[j]) // the caller's own: it may write to it
		} else {
			out[i] = slices.Clone(known[h])
		}
	}
	return out, nil
}
