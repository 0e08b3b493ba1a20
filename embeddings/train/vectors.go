package main

import (
	"math"
	"math/rand/v2"
	"strings"

	"github.com/gapwise/gapwise/embeddings/model"
)

// settings are what the vectors depend on besides their sources.
type settings struct {
	tokens   int     // rows at most
	buckets  int     // of parts of words
	power    float64 // of the eigenvalues
	sif      float64 // the a of a/(a+p), which weighs a token of frequency p
	common   float64 // share of the mean that is taken out
	lexical  float64 // length of the part of a row that knows only how its word is written
	phrase   float64 // share of a phrase's own vector beside that of its words
	unseen   float64 // weight of a word without a row
	alike    float64 // how far names of the same thing are pulled together
	seed     uint64
	workers  int
	maxNext  int // neighbours of an item
	minCount int // lists that an item is in
}

func defaults() settings {
	return settings{
		tokens: 32000, buckets: 8000, power: 0.5, sif: 1e-3, common: 1, lexical: 0.4, phrase: 1, unseen: 0.6, alike: 0.5,
		seed: 1, workers: 2, maxNext: 128, minCount: 4,
	}
}

const dim = model.Dimensions

// embed trains the vectors: it fills the rows of m.
func (p *corpus) embed(m *model.Model, o settings) {
	p.prune(o.tokens)
	matrix, mass := p.ppmi()
	flat := matrix.eigen(dim, o.power, o.seed, o.workers)
	n := len(p.names)
	own := make([][]float32, n)
	for i := range own {
		own[i] = flat[i*dim:][:dim]
		model.Normalise(own[i])
	}
	p.pull(own, o.alike)
	center(own, float32(o.common))
	parts := fitParts(p.names, own, o.buckets)
	random := signs(o.buckets, o.seed)
	weights := frequencyWeights(mass, o.sif)

	rows := make([][]float32, n)
	index := map[string]int{}
	for i, name := range p.names {
		index[name] = i
	}
	for i, name := range p.names {
		if !strings.Contains(name, " ") {
			v := scaled(own[i], float32(weights[i]))
			addLexical(v, name, random, float32(o.lexical*weights[i]))
			rows[i] = v
		}
	}
	for i, name := range p.names {
		words := strings.Split(name, " ")
		if len(words) == 1 {
			continue
		}
		v := scaled(own[i], float32(o.phrase*weights[i]))
		for _, w := range words {
			if j, ok := index[w]; ok {
				axpy(v, 1, rows[j])
				continue
			}
			addParts(v, w, parts, float32(o.unseen))
			addLexical(v, w, random, float32(o.unseen*o.lexical))
		}
		rows[i] = v
	}
	for i := range parts {
		axpy(parts[i], float32(o.lexical), random[i])
	}
	m.Tokens, m.Parts, m.Unseen = model.Quantise(rows), model.Quantise(parts), float32(o.unseen)
	m.Keys = make([]uint64, n)
	for i, name := range p.names {
		m.Keys[i] = model.PhraseHash(strings.Split(name, " "))
	}
}

// pull moves names of the same thing towards each other (after Faruqui et al., "Retrofitting Word Vectors to Semantic Lexicons", 2015).
func (p *corpus) pull(own [][]float32, share float64) {
	around := make([][]int, len(own))
	for _, e := range p.same {
		around[e[0]] = append(around[e[0]], e[1])
		around[e[1]] = append(around[e[1]], e[0])
	}
	for range 3 {
		for i, js := range around {
			if len(js) == 0 {
				continue
			}
			mean, count := make([]float32, dim), 0.0
			for _, j := range js {
				w := math.Log(2 + float64(p.seen[j]))
				axpy(mean, float32(w), own[j])
				count += w
			}
			// a name that is seen often knows its own place
			trust := share * count / (count + math.Log(2+float64(p.seen[i])))
			v := scaled(own[i], float32(1-trust))
			axpy(v, float32(trust/count), mean)
			model.Normalise(v)
			own[i] = v
		}
	}
}

// center takes a share of the mean out of unit vectors, and makes them unit vectors again.
func center(own [][]float32, share float32) {
	mean := make([]float32, dim)
	for _, v := range own {
		axpy(mean, 1/float32(len(own)), v)
	}
	for i := range own {
		v := scaled(own[i], 1)
		axpy(v, -share, mean)
		model.Normalise(v)
		own[i] = v
	}
}

func scaled(v []float32, by float32) []float32 {
	out := make([]float32, len(v))
	axpy(out, by, v)
	return out
}

func frequencyWeights(mass []float64, a float64) []float64 {
	all := 0.0
	for _, x := range mass {
		all += x
	}
	out := make([]float64, len(mass))
	for i, x := range mass {
		out[i] = a / (a + x/all)
	}
	return out
}

// epochs and rate of the fit of the parts of words.
const (
	partEpochs = 8
	partRate   = 0.5
)

// fitParts finds vectors of the parts of words whose sums come near the words' own: one word after another, always in the same order
// (Kaczmarz's method).
func fitParts(names []string, own [][]float32, buckets int) [][]float32 {
	parts := make([][]float32, buckets)
	for i := range parts {
		parts[i] = make([]float32, dim)
	}
	rate := float32(partRate)
	var numbers []uint32
	for range partEpochs {
		for i, name := range names {
			if strings.Contains(name, " ") {
				continue
			}
			numbers = model.Parts(numbers[:0], name, buckets)
			if len(numbers) == 0 {
				continue
			}
			root := float32(1 / math.Sqrt(float64(len(numbers))))
			left := scaled(own[i], 1)
			for _, b := range numbers {
				axpy(left, -root, parts[b])
			}
			for _, b := range numbers {
				axpy(parts[b], rate*root, left)
			}
		}
		rate *= 0.7
	}
	return parts
}

func addParts(v []float32, word string, parts [][]float32, weight float32) {
	numbers := model.Parts(nil, word, len(parts))
	if len(numbers) == 0 {
		return
	}
	weight /= float32(math.Sqrt(float64(len(numbers))))
	for _, b := range numbers {
		axpy(v, weight, parts[b])
	}
}

func addLexical(v []float32, word string, random [][]float32, weight float32) {
	addParts(v, word, random, weight)
}

// signs is a random direction for each bucket: what words that share parts have in common whatever they mean.
func signs(buckets int, seed uint64) [][]float32 {
	rng := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // G404: reproducible, not secret
	out := make([][]float32, buckets)
	for i := range out {
		out[i] = make([]float32, dim)
		bits := uint64(0)
		for j := range out[i] {
			if j%64 == 0 {
				bits = rng.Uint64()
			}
			out[i][j] = 1 / 16.0
			if bits>>(j%64)&1 == 1 {
				out[i][j] = -1 / 16.0
			}
		}
	}
	return out
}
