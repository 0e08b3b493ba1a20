package gapanalysis

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// A sketch tells the cosine of two vectors roughly, in 32 bytes: the signs of up to 256 coordinates of the vector after a rotation by chance, and
// one number that makes the estimate true on average (RaBitQ, Gao and Long 2024). The error's deviation is some .04, which is .008 of a
// score; what is shown is scored with the vector itself.
type sketch [sketchWords]uint64

const (
	sketchWords = 4
	sketchBits  = 64 * sketchWords
)

// rotation turns vectors of one length: signs by chance, then a Walsh–Hadamard transform, twice. It is the same in every process.
type rotation struct {
	size  int // of what is transformed, a power of two
	flips [2][]float32
}

func newRotation(dimensions int) *rotation {
	r := &rotation{size: 1 << bits.Len(uint(max(1, dimensions-1)))}
	if dimensions <= 1 {
		r.size = 1
	}
	rng := rand.New(rand.NewPCG(7_402_113, uint64(r.size))) //nolint:gosec // G404: the same in every process, and no secret
	for i := range r.flips {
		r.flips[i] = make([]float32, r.size)
		for j := range r.flips[i] {
			r.flips[i][j] = float32(1 - 2*rng.IntN(2))
		}
	}
	return r
}

// turn gives the first coordinates of a vector that is turned, at most sketchBits of them.
func (r *rotation) turn(v, scratch []float32) []float32 {
	x := append(scratch[:0], v[:min(len(v), r.size)]...)
	for len(x) < r.size {
		x = append(x, 0)
	}
	scale := float32(1 / math.Sqrt(float64(r.size)))
	for _, flips := range r.flips {
		for i := range x {
			x[i] *= flips[i] * scale
		}
		for h := 1; h < len(x); h *= 2 {
			for i := 0; i < len(x); i += 2 * h {
				for j := i; j < i+h; j++ {
					a, b := x[j], x[j+h]
					x[j], x[j+h] = a+b, a-b
				}
			}
		}
	}
	return x[:min(len(x), sketchBits)]
}

// of is the sketch of a vector, and what the sum over its signs is multiplied by.
func (r *rotation) of(v, scratch []float32) (s sketch, factor float32) {
	x := r.turn(v, scratch)
	var size, square float32
	for i, a := range x {
		if a >= 0 {
			s[i/64] |= 1 << (i % 64)
			size += a
		} else {
			size -= a
		}
		square += a * a
	}
	if size == 0 {
		return s, 0
	}
	return s, square / size * float32(r.size) / float32(len(x))
}

// sketchQuery is a vector that sketches are compared with: for each byte of a sketch, what its eight signs add up to.
type sketchQuery struct {
	sums [sketchBits / 8][256]float32
}

func (r *rotation) query(v []float32) *sketchQuery {
	x := r.turn(v, nil)
	q := &sketchQuery{}
	for at := range q.sums {
		for b := range 256 {
			var sum float32
			for k := range 8 {
				i := 8*at + k
				if i >= len(x) {
					break
				}
				if b>>k&1 == 1 {
					sum += x[i]
				} else {
					sum -= x[i]
				}
			}
			q.sums[at][b] = sum
		}
	}
	return q
}

// cosine is the estimate for a sketch.
func (q *sketchQuery) cosine(s *sketch, factor float32) float32 {
	var a, b float32
	for w, word := range s {
		sums := (*[8][256]float32)(q.sums[8*w : 8*w+8])
		a += sums[0][byte(word)] + sums[1][byte(word>>8)] + sums[2][byte(word>>16)] + sums[3][byte(word>>24)]      //nolint:gosec // G115: bytes of word
		b += sums[4][byte(word>>32)] + sums[5][byte(word>>40)] + sums[6][byte(word>>48)] + sums[7][byte(word>>56)] //nolint:gosec // G115: bytes of word
	}
	return (a + b) * factor
}
