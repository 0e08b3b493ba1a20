// Package embeddings turns texts into unit vectors: a built-in model that needs no network, and any OpenAI-compatible endpoint.
//
// Vectors of different models never mix: every vector travels with the id of the model that made it.
package embeddings

import "math"

// Vector is a unit-length vector. It is an alias so that a room which may not import this package can still take one.
type Vector = []float32

// Cosine is the cosine of the angle between two unit vectors of one length, in [-1, 1]; 0 when either is the zero vector.
func Cosine(a, b Vector) float64 {
	var s float64
	for i := range min(len(a), len(b)) {
		s += float64(a[i]) * float64(b[i])
	}
	return s
}

// Normalise scales v to unit length in place and returns it. The zero vector stays zero.
func Normalise(v Vector) Vector {
	var s float64
	for _, x := range v {
		s += float64(x) * float64(x)
	}
	if s == 0 {
		return v
	}
	k := float32(1 / math.Sqrt(s))
	for i := range v {
		v[i] *= k
	}
	return v
}
