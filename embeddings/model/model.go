// Package model holds the trained skill embedding that is built in: its file, how it is read and written, and how the vector of a text is
// composed. The trainer writes it, package embeddings serves it. CARD.md beside the file says what it was trained on.
//
// A text's vector is the sum of the rows of its words and known phrases, scaled to unit length. Everything that could be done ahead is in
// the rows: the weights by frequency (Arora, Liang and Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", 2017), the common
// direction that is taken out, and for phrases the rows of their words. A word without a row is the sum of the rows of its parts.
package model

import (
	_ "embed" // the file
	"encoding/binary"
	"math"
	"slices"
	"sync"
)

// Dimensions is the length of a vector.
const Dimensions = 256

// maxPhrase is how many words a known phrase has at most.
const maxPhrase = 4

// Model is a trained model. It is immutable and safe for concurrent use.
type Model struct {
	// ID names the model and its version.
	ID string
	// Tokens are the rows of words and phrases.
	Tokens Rows
	// Parts are the rows of the buckets of parts of words.
	Parts Rows
	// Keys are the hashes of the words and phrases, in the order of their rows.
	Keys []uint64
	// Unseen is the weight of a word without a row.
	Unseen float32
	// Next says what stands beside what in lists of skills.
	Next Pairs
	// Occupations are what occupations ask for.
	Occupations Occupations

	table []uint32 // open addressing over Keys: row+1, 0 for free
	mask  uint64
}

// Rows are quantised vectors. A row is unit * factor * (byte - 128), where the factor is a small whole number: rows can be summed as whole
// numbers, four of a machine word at once.
type Rows struct {
	Unit    float32
	Factors []byte // one a row, at least 1
	Bytes   []byte // Dimensions a row
}

// Len is the number of rows.
func (r *Rows) Len() int { return len(r.Factors) }

const rowMiddle = 128

// Quantise makes rows of vectors. The unit is chosen so that the largest value fits with the largest factor.
func Quantise(vectors [][]float32) Rows {
	const maxFactor = 32
	largest := float32(0)
	for _, v := range vectors {
		largest = max(largest, peak(v))
	}
	r := Rows{Unit: max(largest/(127*maxFactor), 1e-12), Factors: make([]byte, len(vectors)), Bytes: make([]byte, len(vectors)*Dimensions)}
	for i, v := range vectors {
		f := float32(math.Max(1, math.Ceil(float64(peak(v)/(127*r.Unit))-1e-4)))
		r.Factors[i] = byte(f)
		for j, x := range v {
			q := math.Round(float64(x / (r.Unit * f)))
			r.Bytes[i*Dimensions+j] = byte(int(max(-127, min(127, q))) + rowMiddle) //nolint:gosec // G115: 1 to 255
		}
	}
	return r
}

func peak(v []float32) float32 {
	m := float32(0)
	for _, x := range v {
		m = max(m, x, -x)
	}
	return m
}

// add adds a row, times weight, to v.
func (r *Rows) add(v []float32, row int, weight float32) {
	w := weight * r.Unit * float32(r.Factors[row])
	for j, b := range r.Bytes[row*Dimensions:][:Dimensions] {
		v[j] += w * float32(int(b)-rowMiddle)
	}
}

// maxFactors is how much the factors of rows may sum up to before a 16-bit lane of the sum could run over.
const maxFactors = 65535 / 255

// lanes is a sum of rows in whole numbers: even[i] holds bytes 0, 2, 4, 6 of the i-th eight bytes of the rows, odd[i] the others.
type lanes struct {
	even, odd [Dimensions / 8]uint64
	factors   int
}

// add adds a row. The caller flushes in time.
func (l *lanes) add(r *Rows, row int) {
	const evens = 0x00ff00ff00ff00ff
	f := uint64(r.Factors[row])
	bytes := r.Bytes[row*Dimensions:][:Dimensions]
	for i := range l.even {
		x := binary.LittleEndian.Uint64(bytes[i*8:])
		l.even[i] += x & evens * f
		l.odd[i] += x >> 8 & evens * f
	}
	l.factors += int(r.Factors[row])
}

// flush adds the sum to v and starts anew.
func (l *lanes) flush(v []float32, unit float32) {
	if l.factors == 0 {
		return
	}
	middle := float32(l.factors * rowMiddle)
	for i := range l.even {
		e, o := l.even[i], l.odd[i]
		w := v[i*8:][:8]
		w[0] += unit * (float32(e&0xffff) - middle)
		w[1] += unit * (float32(o&0xffff) - middle)
		w[2] += unit * (float32(e>>16&0xffff) - middle)
		w[3] += unit * (float32(o>>16&0xffff) - middle)
		w[4] += unit * (float32(e>>32&0xffff) - middle)
		w[5] += unit * (float32(o>>32&0xffff) - middle)
		w[6] += unit * (float32(e>>48) - middle)
		w[7] += unit * (float32(o>>48) - middle)
	}
	*l = lanes{}
}

// index makes the table of keys.
func (m *Model) index() {
	size := uint64(4)
	for size < uint64(len(m.Keys))*2 {
		size *= 2
	}
	m.table, m.mask = make([]uint32, size), size-1
	for row, k := range m.Keys {
		at := k & m.mask
		for m.table[at] != 0 {
			at = (at + 1) & m.mask
		}
		m.table[at] = uint32(row) + 1
	}
}

// row is the row of a key, -1 where there is none.
func (m *Model) row(key uint64) int {
	for at := key & m.mask; ; at = (at + 1) & m.mask {
		switch r := m.table[at]; {
		case r == 0:
			return -1
		case m.Keys[r-1] == key:
			return int(r) - 1
		}
	}
}

// Has tells whether the model has a row for a word or a phrase.
func (m *Model) Has(words ...string) bool { return m.row(PhraseHash(words)) >= 0 }

// scratch is what composing a vector needs for a while.
type scratch struct {
	words  []string
	rows   []int32
	unseen []string
	parts  []uint32
	sum    lanes
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// Compose writes the unit vector of a text to v, which has Dimensions places and is zero. It stays zero for a text without words. What
// comes often in a text counts by the logarithm of how often, so that a long advert is not its most frequent word.
func (m *Model) Compose(v []float32, text string) {
	s := scratches.Get().(*scratch) //nolint:forcetypeassert // the pool holds nothing else
	defer scratches.Put(s)
	s.words = Words(s.words[:0], text)
	m.lookUp(s)
	slices.Sort(s.rows) // one order, whatever the order of the words: sums of floats depend on it
	for i := 0; i < len(s.rows); {
		end := i + 1
		for end < len(s.rows) && s.rows[end] == s.rows[i] {
			end++
		}
		row := int(s.rows[i])
		if end-i > 1 {
			m.Tokens.add(v, row, float32(1+math.Log(float64(end-i))))
		} else {
			if s.sum.factors+int(m.Tokens.Factors[row]) > maxFactors {
				s.sum.flush(v, m.Tokens.Unit)
			}
			s.sum.add(&m.Tokens, row)
		}
		i = end
	}
	s.sum.flush(v, m.Tokens.Unit)
	slices.Sort(s.unseen)
	for i := 0; i < len(s.unseen); {
		end := i + 1
		for end < len(s.unseen) && s.unseen[end] == s.unseen[i] {
			end++
		}
		m.addUnseen(v, s, s.unseen[i], float32(1+math.Log(float64(end-i))))
		i = end
	}
	Normalise(v)
}

// lookUp finds the rows of the words of s: the longest phrases that are known first.
func (m *Model) lookUp(s *scratch) {
	s.rows, s.unseen = s.rows[:0], s.unseen[:0]
	for i := 0; i < len(s.words); {
		best, length := -1, 1
		h := Hash(s.words[i])
		if r := m.row(h); r >= 0 {
			best = r
		}
		for n := 2; n <= maxPhrase && i+n <= len(s.words); n++ {
			h = then(h, Hash(s.words[i+n-1]))
			if r := m.row(h); r >= 0 {
				best, length = r, n
			}
		}
		if best >= 0 {
			s.rows = append(s.rows, int32(best))
		} else {
			s.unseen = append(s.unseen, s.words[i])
		}
		i += length
	}
}

// addUnseen adds the rows of the parts of a word that has no row.
func (m *Model) addUnseen(v []float32, s *scratch, word string, weight float32) {
	s.parts = Parts(s.parts[:0], word, m.Parts.Len())
	if len(s.parts) == 0 {
		return
	}
	weight *= m.Unseen / float32(math.Sqrt(float64(len(s.parts))))
	for _, p := range s.parts {
		if s.sum.factors+int(m.Parts.Factors[p]) > maxFactors {
			s.sum.flush(v, m.Parts.Unit*weight)
		}
		s.sum.add(&m.Parts, int(p))
	}
	s.sum.flush(v, m.Parts.Unit*weight)
}

// Normalise scales v to unit length in place. The zero vector stays zero.
func Normalise(v []float32) {
	var s float64
	for _, x := range v {
		s += float64(x) * float64(x)
	}
	if s == 0 {
		return
	}
	k := float32(1 / math.Sqrt(s))
	for i := range v {
		v[i] *= k
	}
}

//go:embed skills.bin
var file []byte

// shared is the built-in model, read when it is first asked for.
type lazy struct {
	once  sync.Once
	model *Model
}

var shared lazy

// Builtin is the model that is built in. It panics where the embedded file is damaged, which a test would have told.
func Builtin() *Model {
	shared.once.Do(func() {
		m, err := Decode(file)
		if err != nil {
			panic("the built-in model: " + err.Error())
		}
		shared.model = m
	})
	return shared.model
}
