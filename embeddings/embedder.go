package embeddings

import "context"

// Embedder turns texts into unit vectors of one model.
type Embedder interface {
	// Model names the model and its version: vectors compare only with vectors of the same model.
	Model() string
	// Dimensions is the length of every vector.
	Dimensions() int
	// Embed returns one unit vector for each text, in order. A text without any word gives the zero vector.
	Embed(ctx context.Context, texts []string) ([]Vector, error)
}
